from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bwa_study.analysis.alignment import NOBODY, Dissimilarity, Marks, best_alignment

REL13 = json.loads(
    (Path(__file__).parents[1] / "data" / "gold" / "rel13_gamma_pygamma_fixtures" / "expected.json").read_text("utf-8")
)
FLOAT32 = 1e-5


def marks(rows, codes="abc"):
    """Coders of (coder, start, end, code), in the order of their names."""
    coders = sorted({row[0] for row in rows})
    return [
        Marks(
            np.array([s for c, s, _, _ in rows if c == coder], dtype=float),
            np.array([e for c, _, e, _ in rows if c == coder], dtype=float),
            np.array([codes.index(k) for c, _, _, k in rows if c == coder], dtype=np.int64),
            np.zeros(sum(c == coder for c, *_ in rows), dtype=np.int64),
        )
        for coder in coders
    ]


def cheapest(coders, dissimilarity):
    """The least disorder by trying every partition."""
    n = len(coders)
    units = [(i, k) for i, c in enumerate(coders) for k in range(len(c))]
    pairs = list(itertools.combinations(range(n), 2))
    between = {(i, j): dissimilarity.between(coders[i], coders[j]) for i, j in pairs}

    def cost(row):
        at = dict(row)
        return sum(between[i, j][at[i], at[j]] if i in at and j in at else 1.0 for i, j in pairs) / len(pairs)

    def best(left):
        if not left:
            return 0.0
        first, rest = left[0], left[1:]
        found = math.inf
        for r in range(n):
            for others in itertools.combinations(rest, r):
                row = (first, *others)
                if len({coder for coder, _ in row}) == len(row):
                    found = min(found, cost(row) + best([u for u in rest if u not in others]))
        return found

    return best(units) / (len(units) / n)


@st.composite
def continua(draw):
    """Two to four coders with up to three units each (two with four coders), on two texts."""
    n = draw(st.integers(2, 4))
    out = []
    for _ in range(n):
        rows = draw(
            st.lists(
                st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(0, 1), st.integers(0, 1)),
                max_size=3 if n < 4 else 2,
            )
        )
        start, length, code, text = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        out.append(Marks(start.astype(float), (start + length).astype(float), code, text))
    return out


@pytest.mark.parametrize("fixture", list(REL13))
def test_the_dissimilarities_of_pairs_are_those_of_rel13(fixture):
    one, other = marks(REL13[fixture]["continuum"])
    found = Dissimilarity().between(one, other)
    for _, i, _, j, combined in REL13[fixture]["pairs"]:
        assert found[i, j] == pytest.approx(combined, rel=FLOAT32)


@pytest.mark.parametrize("fixture", list(REL13))
def test_the_best_alignments_of_the_continuum_and_of_every_sample_are_those_of_rel13(fixture):
    case = REL13[fixture]
    want = case["expected"]

    observed, _ = best_alignment(marks(case["continuum"]), Dissimilarity())
    sampled = [best_alignment(marks(s["units"]), Dissimilarity())[0] for s in case["samples"]]

    assert observed == pytest.approx(want["best_alignment_disorder"], rel=FLOAT32)
    assert sampled == pytest.approx([s["disorder"] for s in case["samples"]], rel=FLOAT32)
    assert np.mean(sampled) == pytest.approx(want["expected_disorder_replayed"], rel=FLOAT32)
    assert 1 - observed / np.mean(sampled) == pytest.approx(want["gamma_replayed"], rel=FLOAT32)


@given(continua(), st.sampled_from([0.5, 1.0, 2.0]), st.sampled_from([0.0, 1.0, 2.0]))
@settings(max_examples=40)
def test_no_partition_costs_less(coders, position, category):
    dissimilarity = Dissimilarity(position, category)
    disorder, rows = best_alignment(coders, dissimilarity)
    if not sum(map(len, coders)):
        assert math.isnan(disorder)
        return
    assert disorder == pytest.approx(cheapest(coders, dissimilarity), abs=1e-9)
    for at, coder in enumerate(coders):
        used = rows[rows[:, at] != NOBODY, at]
        assert sorted(used.tolist()) == list(range(len(coder)))


def test_three_units_of_three_coders_far_apart_stand_alone_and_cost_one_each():
    disorder, rows = best_alignment(
        marks([("1", 0, 10, "a"), ("2", 200, 210, "b"), ("3", 400, 410, "c")]), Dissimilarity()
    )
    assert disorder == 3
    assert len(rows) == 3


def test_units_beside_each_other_may_be_one_finding():
    _, rows = best_alignment(marks([("1", 0, 10, "a"), ("2", 11, 21, "a")]), Dissimilarity())
    assert rows.tolist() == [[0, 0]]


def test_units_of_different_texts_are_never_aligned():
    one, other = marks([("1", 0, 10, "a"), ("2", 0, 10, "a")])
    elsewhere = Marks(other.start, other.end, other.code, other.text + 1)
    assert best_alignment([one, elsewhere], Dissimilarity())[0] == 2
    assert best_alignment([one, elsewhere, one], Dissimilarity())[1].tolist() != [[0, 0, 0]]
