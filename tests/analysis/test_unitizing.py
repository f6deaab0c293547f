from __future__ import annotations

import csv
import json
import math
import random
import time
from collections import Counter
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.unitized import Unit, Unitized
from bwa_study.analysis.unitizing import binary_u_alpha, cu_alpha, ku_alpha, u_alpha, u_alpha_by_code
from bwa_study.model.spans import Span

GOLD = Path(__file__).parents[1] / "data" / "gold"
REL12 = json.loads((GOLD / "rel12_unitizing_u_alpha_family" / "expected.json").read_text(encoding="utf-8"))
FAMILY = (u_alpha, binary_u_alpha, cu_alpha)


def read(folder, case=None):
    with (GOLD / folder / "data.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("case") == case]
    units = [Unit("t", row["coder"], row["code"], Span(int(row["start"]), int(row["end"]))) for row in rows]
    coders = tuple(dict.fromkeys(row["coder"] for row in rows))
    return Unitized(units, lengths={"t": int(rows[0]["continuum_length"])}, coders=coders)


def two(ann, bo, *, length=20):
    """Spans of ann and bo as (start, end, code)."""
    units = [Unit("t", coder, code, Span(s, e)) for coder, of in (("ann", ann), ("bo", bo)) for s, e, code in of]
    return Unitized(units, lengths={"t": length}, coders=("ann", "bo"))


@st.composite
def unitizations(draw, codes="xyz"):
    """Two to four coders on one to three texts; a coder's units do not overlap."""
    lengths = draw(st.dictionaries(st.sampled_from("rst"), st.integers(1, 25), min_size=1))
    coders = draw(st.permutations("abcd"))[: draw(st.integers(2, 4))]
    units = []
    for text, length in lengths.items():
        for coder in coders:
            at = 0
            for gap, size, code in draw(
                st.lists(st.tuples(st.integers(0, 6), st.integers(1, 8), st.sampled_from(codes)), max_size=5)
            ):
                if at + gap + size <= length:
                    units.append(Unit(text, coder, code, Span(at + gap, at + gap + size)))
                    at += gap + size
    return Unitized(units, lengths=lengths, coders=tuple(coders))


def values(spans):
    return [*(f(spans).value for f in FAMILY), *(r.value for _, r in sorted(ku_alpha(spans).items()))]


def close(numbers):
    return pytest.approx(numbers, abs=1e-11, nan_ok=True)


def place_by_place(spans):
    """The family from its definition, one code point at a time and in exact fractions."""
    m = len(spans.coders)
    at = {(u.coder, u.continuum, p): (u, u.code) for u in spans.units for p in range(u.span.start, u.span.end)}
    places = [(text, p) for text, length in spans.lengths.items() for p in range(length)]
    observed, meets = Counter(), Counter()
    for place in places:
        for i, j in permutations(spans.coders, 2):
            (mine, c), (theirs, k) = at.get((i, *place), (None, "")), at.get((j, *place), (None, ""))
            observed[c, k] += Fraction(1, m - 1)
            if mine and theirs:
                meets[mine] += Fraction(1, m - 1)
    gaps = sum((coder, *place) not in at for coder in spans.coders for place in places)
    self_pairs = Counter({"": gaps})
    self_pairs_marked = Counter()
    for u in spans.units:
        self_pairs[u.code] += len(u.span) ** 2
        self_pairs_marked[u.code] += meets[u] ** 2
    marked = Counter({pair: n for pair, n in observed.items() if "" not in pair})
    return observed, by_chance(observed, self_pairs), marked, by_chance(marked, self_pairs_marked)


def by_chance(observed, self_pairs):
    margin = Counter()
    for (c, _), n in observed.items():
        margin[c] += n
    total = sum(margin.values())
    return Counter(
        {
            (c, k): total * (margin[c] * margin[k] - (self_pairs[c] if c == k else 0))
            / (total**2 - sum(self_pairs.values()))
            for c in margin for k in margin
        }
    )  # fmt: skip


def disagreement(matrix, which):
    return sum(n for (c, k), n in matrix.items() if c != k and which(c, k))


def ratio(observed, expected):
    return float(1 - Fraction(observed) / Fraction(expected)) if expected else math.nan


def k_alpha(k, observed, expected):
    row = sum(n for (c, _), n in observed.items() if c == k)
    chance_row = sum(n for (c, _), n in expected.items() if c == k)
    by_chance = chance_row - expected[k, k]
    return float(1 - chance_row / row * ((row - observed[k, k]) / by_chance)) if row and by_chance else math.nan


@pytest.mark.parametrize("case", REL12)
def test_the_family_gives_the_values_computed_from_the_equations(case):
    spans, expected = read("rel12_unitizing_u_alpha_family", case), REL12[case]
    nan = {None: math.nan}
    assert u_alpha(spans).value == pytest.approx(expected["u_alpha"], abs=1e-9)
    assert binary_u_alpha(spans).value == pytest.approx(expected["binary_u_alpha"], abs=1e-9)
    cu, cu_expected = cu_alpha(spans), expected["cu_alpha"]
    assert cu.value == pytest.approx(nan.get(cu_expected, cu_expected), abs=1e-9, nan_ok=True)
    assert cu.coverage == pytest.approx(expected["cu_coverage"], abs=1e-9)
    results = ku_alpha(spans)
    assert set(results) == set(expected["ku_alpha"])
    for code, ku in expected["ku_alpha"].items():
        assert results[code].value == pytest.approx(nan.get(ku["alpha"], ku["alpha"]), abs=1e-9, nan_ok=True)
        assert results[code].coverage == pytest.approx(ku["coverage"], abs=1e-9)


def test_the_family_gives_the_values_published_for_three_observers():
    spans = read("krippendorff2019_unitizing")
    expected = json.loads((GOLD / "krippendorff2019_unitizing" / "expected.json").read_text(encoding="utf-8"))
    assert round(u_alpha(spans).value, 3) == expected["u_alpha"]
    assert round(cu_alpha(spans).value, 3) == expected["cu_alpha"]
    binary = binary_u_alpha(spans)
    assert round(binary.value, 4) == 0.4136
    assert round(1 - binary.observed / round(binary.expected, 1), 3) == expected["binary_u_alpha"]
    results = ku_alpha(spans)
    assert {k: None if math.isnan(r.value) else r.value for k, r in results.items()} == close(expected["ku_alpha"])
    assert {k: round(results[k].coverage, 4) for k in ("5", "7")} == expected["ku_coverage"]
    assert results["7"].reason == "no unit with 7 meets a unit of another coder"


@given(unitizations())
def test_the_family_is_its_definition_counted_place_by_place(spans):
    observed, expected, marked, marked_expected = place_by_place(spans)
    gap = lambda c, k: not c or not k  # noqa: E731
    anything = lambda c, k: True  # noqa: E731
    assert values(spans) == close(
        [
            ratio(disagreement(observed, anything), disagreement(expected, anything)),
            ratio(disagreement(observed, gap), disagreement(expected, gap)),
            ratio(disagreement(marked, anything), disagreement(marked_expected, anything)),
            *(k_alpha(k, marked, marked_expected) for k in spans.codes),
        ]
    )
    assert cu_alpha(spans).coverage == close(float(sum(marked.values()) / sum(observed.values())))
    for k, result in ku_alpha(spans).items():
        row = sum(n for (c, _), n in observed.items() if c == k)
        assert result.coverage == close(float(sum(n for (c, _), n in marked.items() if c == k) / row))


@given(unitizations(), st.integers(2, 4))
def test_coders_who_mark_the_same_agree_perfectly(spans, m):
    coders = tuple("abcd")[:m]
    first = [unit for unit in spans.units if unit.coder == spans.coders[0]]
    same = Unitized([u._replace(coder=c) for u in first for c in coders], lengths=spans.lengths, coders=coders)
    for value in values(same):
        assert value == 1 or math.isnan(value)
    if first and sum(len(u.span) for u in first) < spans.length:
        assert u_alpha(same).value == binary_u_alpha(same).value == 1
    if len(same.codes) > 1:
        assert cu_alpha(same).value == 1


@given(unitizations(), st.randoms(use_true_random=False))
def test_the_order_of_coders_texts_and_units_changes_nothing(spans, rng):
    units, coders, texts = list(spans.units), list(spans.coders), list(spans.lengths.items())
    for things in (units, coders, texts):
        rng.shuffle(things)
    assert values(Unitized(units, lengths=dict(texts), coders=tuple(coders))) == close(values(spans))


@given(unitizations())
def test_the_names_of_codes_and_coders_change_nothing(spans):
    code, coder = dict(zip("xyz", ("", "gap", "∅"), strict=True)), dict(zip("abcd", ("d", "", "a", "0"), strict=True))
    units = [u._replace(code=code[u.code], coder=coder[u.coder]) for u in spans.units]
    renamed = Unitized(units, lengths=spans.lengths, coders=tuple(coder[c] for c in spans.coders))
    assert [f(renamed).value for f in FAMILY] == close([f(spans).value for f in FAMILY])
    assert {k: r.value for k, r in ku_alpha(renamed).items()} == close(
        {code[k]: r.value for k, r in ku_alpha(spans).items()}
    )


@given(unitizations(), st.integers(2, 9))
def test_finer_offsets_leave_coding_agreement_alone_and_move_the_others_by_the_places_in_gaps(spans, by):
    units = [u._replace(span=Span(u.span.start * by, u.span.end * by)) for u in spans.units]
    finer = Unitized(units, lengths={t: n * by for t, n in spans.lengths.items()}, coders=spans.coders)
    assert cu_alpha(finer).value == close(cu_alpha(spans).value)
    assert {k: r.value for k, r in ku_alpha(finer).items()} == close({k: r.value for k, r in ku_alpha(spans).items()})
    all_pairs = (len(spans.coders) * spans.length) ** 2 - sum(len(u.span) ** 2 for u in spans.units)
    gaps = len(spans.coders) * spans.length - sum(len(u.span) for u in spans.units)
    share = (all_pairs - gaps / by) / (all_pairs - gaps)
    for f in (u_alpha, binary_u_alpha):
        assert 1 - f(finer).value == close((1 - f(spans).value) * share)
        if len(spans.coders) * spans.length > 10:
            assert share - 1 < 2.6 / (len(spans.coders) * spans.length)


@given(unitizations())
def test_marked_or_not_is_u_alpha_of_all_codes_as_one(spans):
    assert binary_u_alpha(spans).value == close(u_alpha(spans.as_one()).value)


@given(unitizations(codes="x"))
def test_with_one_code_u_alpha_is_binary(spans):
    assert u_alpha(spans).value == close(binary_u_alpha(spans).value)
    assert {k: r.value for k, r in u_alpha_by_code(spans).items()} == close(
        {k: u_alpha(spans).value for k in spans.codes}
    )


@given(unitizations())
def test_where_the_code_follows_from_the_text_only_where_units_lie_can_be_disagreed_on(spans):
    named = Unitized([u._replace(code=u.continuum) for u in spans.units], lengths=spans.lengths, coders=spans.coders)
    assert cu_alpha(named).value == 1 or math.isnan(cu_alpha(named).value)


@given(unitizations())
def test_a_value_is_missing_exactly_where_a_reason_is_given(spans):
    for result in (*(f(spans) for f in FAMILY), *ku_alpha(spans).values(), *u_alpha_by_code(spans).values()):
        assert math.isnan(result.value) == bool(result.reason)
        assert math.isnan(result.value) == math.isnan(result.observed) == math.isnan(result.expected)
        assert result.value <= 1 or result.reason
        assert result.coverage is None or 0 <= result.coverage <= 1 + 1e-12
        assert result.length == spans.length


def test_units_are_counted_after_overlaps_are_made_one_and_by_code():
    spans = two([(0, 4, "x"), (2, 6, "x"), (8, 9, "y")], [(0, 6, "x")])
    assert (u_alpha(spans).n_units, u_alpha(spans).n_coders, u_alpha(spans).length) == (3, 2, 20)
    assert ku_alpha(spans)["x"].n_units == u_alpha_by_code(spans)["x"].n_units == 2


@pytest.mark.parametrize("coefficient", FAMILY)
@pytest.mark.parametrize(
    ("coders", "reason"), [(("ann",), "1 coder; agreement needs two"), ((), "no coder; agreement needs two")]
)
def test_one_coder_agrees_with_nobody(coefficient, coders, reason):
    units = [Unit("t", coder, "x", Span(0, 5)) for coder in coders]
    result = coefficient(Unitized(units, lengths={"t": 20}, coders=coders))
    assert (math.isnan(result.value), result.reason) == (True, reason)


@pytest.mark.parametrize(
    ("ann", "bo", "reasons"),
    [
        ([], [], ["no coder marked anything"] * 2 + ["no unit of one coder meets a unit of another"]),
        (
            [(0, 20, "x")],
            [(0, 9, "x"), (9, 20, "x")],
            [
                "every coder marked everything with x, so there is nothing to confuse it with",
                "every coder marked everything, there is no gap",
                "only one code is found where units of several coders meet; there is nothing to confuse it with",
            ],
        ),
        (
            [(0, 20, "x")],
            [(0, 9, "x"), (9, 20, "y")],
            ["", "every coder marked everything, there is no gap", ""],
        ),
        ([(0, 5, "x")], [(5, 9, "y")], ["", "", "no unit of one coder meets a unit of another"]),
    ],
)
def test_what_is_undefined_says_why(ann, bo, reasons):
    assert [f(two(ann, bo)).reason for f in FAMILY] == reasons


def test_a_coder_who_marked_nothing_disagrees_with_one_who_did():
    assert u_alpha(two([(0, 10, "x")], [])).value < 0


def test_no_text_is_no_agreement():
    result = u_alpha(Unitized([], lengths={}, coders=("ann", "bo")))
    assert (math.isnan(result.value), result.reason) == (True, "there is no text to agree on")


def test_two_codes_on_the_same_words_leave_the_family_undefined_but_not_each_code_by_itself():
    spans = two([(0, 6, "x"), (4, 9, "y")], [(0, 6, "x"), (4, 9, "y")])
    reason = (
        "a coder gave two codes to the same words in 2 places (first: ann gave x and y in t, 4-6), "
        "but each place may have one; compare code by code, or all codes as one"
    )
    results = [*(f(spans) for f in FAMILY), *ku_alpha(spans).values()]
    assert {result.reason for result in results} == {reason}
    assert [(k, r.code, r.value) for k, r in u_alpha_by_code(spans).items()] == [("x", "x", 1.0), ("y", "y", 1.0)]
    assert binary_u_alpha(spans.as_one()).value == 1


def at_random(n_texts, seed=1, length=20_000):
    rng = random.Random(seed)
    units = []
    for text in range(n_texts):
        for coder in "abc":
            cuts = sorted(rng.sample(range(length), 40))
            for start, end in zip(cuts[::2], cuts[1::2], strict=True):
                units.append(Unit(f"t{text}", coder, f"c{rng.randrange(5)}", Span(start, end)))
    return units, {f"t{text}": length for text in range(n_texts)}


def test_coders_who_mark_at_random_agree_as_chance_does():
    units, lengths = at_random(100)
    spans = Unitized(units, lengths=lengths, coders=tuple("abc"))
    assert [abs(f(spans).value) < 0.03 for f in FAMILY] == [True] * 3


def test_u_alpha_of_6000_spans_takes_well_under_two_seconds():
    units, lengths = at_random(100)
    before = time.perf_counter()
    u_alpha(Unitized(units, lengths=lengths, coders=tuple("abc")))
    assert time.perf_counter() - before < 2
