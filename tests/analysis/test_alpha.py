from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bwa_study.analysis.alpha import krippendorff_alpha
from bwa_study.analysis.ratings import read_ratings
from bwa_study.analysis.weights import agreement_weights

SETS = [frozenset(s) for s in ((), "a", "b", "ab", "ac", "abc")]


@st.composite
def ratings(draw, values=(0, 1, 2, 5)):
    r = draw(st.integers(2, 4))
    one = st.sampled_from([*values, None])
    return draw(st.lists(st.lists(one, min_size=r, max_size=r), min_size=1, max_size=10))


def slow_alpha(rows, distance):
    """Alpha pair by pair, as its definition reads."""
    units = [u for u in ([v for v in row if v is not None] for row in rows) if len(u) > 1]
    values = [v for unit in units for v in unit]
    n = len(values)
    within = sum(distance(a, b) / (len(u) - 1) for u in units for a, b in itertools.permutations(u, 2))
    between = sum(distance(a, b) for a, b in itertools.permutations(values, 2))
    return 1 - (within / n) / (between / (n * (n - 1))) if between else math.nan


def ordinal(rows):
    values = [v for row in rows if sum(v is not None for v in row) > 1 for v in row if v is not None]

    def distance(c, k):
        low, high = min(c, k), max(c, k)
        return (sum(low <= v <= high for v in values) - (values.count(c) + values.count(k)) / 2) ** 2

    return distance


def jaccard(c, k):
    return 1 - len(c & k) / len(c | k) if c | k else 0.0


def masi(c, k):
    m = 1 if c == k else 2 / 3 if c <= k or k <= c else 1 / 3 if c & k else 0
    return 1 - m * (1 - jaccard(c, k))


@settings(max_examples=60)
@given(rows=ratings())
def test_alpha_is_that_of_all_pairs(rows):
    by_level = {
        "nominal": lambda c, k: float(c != k),
        "ordinal": ordinal(rows),
        "interval": lambda c, k: (c - k) ** 2,
        "ratio": lambda c, k: ((c - k) / (c + k)) ** 2 if c + k else 0,
    }
    for level, distance in by_level.items():
        got = krippendorff_alpha(rows, level=level)
        assert got.value == pytest.approx(slow_alpha(rows, distance), abs=1e-9, nan_ok=True)
        assert math.isnan(got.value) == bool(got.reason)


@settings(max_examples=60)
@given(rows=ratings(values=SETS))
def test_alpha_of_sets_is_that_of_all_pairs(rows):
    for level, distance in (("jaccard", jaccard), ("masi", masi)):
        assert krippendorff_alpha(rows, level=level).value == pytest.approx(
            slow_alpha(rows, distance), abs=1e-9, nan_ok=True
        )


def test_the_published_example_of_alpha_with_masi():
    # crowd-kit (Apache-2.0), tests of alpha_krippendorff: .5454… nominal; .66733 with the weight .67 for 2/3.
    rows = [[{"dog"}, {"dog"}], [{"cat"}, {"cat"}], [{"cat"}, {"cat", "mouse"}]]
    assert krippendorff_alpha(rows, level="nominal").value == pytest.approx(0.5454545454545454, abs=1e-12)
    assert krippendorff_alpha(rows, level="masi").value == pytest.approx(0.66733, abs=1e-3)


@given(rows=ratings(values=(0, 1)))
def test_all_levels_are_one_for_two_values(rows):
    nominal = krippendorff_alpha(rows, level="nominal")
    for level in ("ordinal", "interval", "ratio"):
        assert krippendorff_alpha(rows, level=level).value == pytest.approx(nominal.value, abs=1e-9, nan_ok=True)


@given(rows=ratings(), scale=st.floats(0.01, 100), shift=st.integers(-50, 50))
def test_the_unit_of_an_interval_and_any_growing_scale_of_ranks_change_nothing(rows, scale, shift):
    one = krippendorff_alpha(rows, level="interval")
    two = krippendorff_alpha(
        [[None if v is None else scale * v + shift for v in row] for row in rows], level="interval"
    )
    assert one.value == pytest.approx(two.value, abs=1e-6, nan_ok=True)
    assert one.standard_error == pytest.approx(two.standard_error, abs=1e-6, nan_ok=True)
    ranks = krippendorff_alpha([[None if v is None else v**3 for v in row] for row in rows], level="ordinal")
    assert ranks.value == pytest.approx(krippendorff_alpha(rows, level="ordinal").value, abs=1e-12, nan_ok=True)


@given(rows=ratings())
def test_a_table_of_distances_gives_what_its_name_gives(rows):
    read = read_ratings(rows, categories=(0, 1, 2, 5))
    table = 1 - agreement_weights(read, "quadratic")
    got = krippendorff_alpha(rows, level=table, categories=(0, 1, 2, 5))
    assert got.value == pytest.approx(krippendorff_alpha(rows, level="interval").value, abs=1e-9, nan_ok=True)


@given(rows=ratings())
def test_units_with_one_rating_and_none_change_nothing(rows):
    r = len(rows[0])
    more = [*rows, [None] * r, [5] + [None] * (r - 1)]
    one, two = krippendorff_alpha(rows, level="nominal"), krippendorff_alpha(more, level="nominal")
    assume(not one.reason)
    assert one.value == pytest.approx(two.value, abs=1e-12)
    assert one.standard_error == pytest.approx(two.standard_error, abs=1e-12, nan_ok=True)
    assert one.n_pairable == two.n_pairable


def test_the_order_of_texts_is_stated_for_ranks():
    rows = [["low", "low"], ["middle", "high"], ["high", "high"]]
    order = ("low", "middle", "high")
    numbers = [[order.index(v) for v in row] for row in rows]
    got = krippendorff_alpha(rows, level="ordinal", categories=order)
    assert got.value == krippendorff_alpha(numbers, level="ordinal").value
    assert got.name == "Krippendorff's alpha, ordinal"


def test_ranks_of_a_resample_are_its_own():
    rng = np.random.default_rng(2)
    table = np.clip(rng.integers(0, 5, size=(60, 1)) + rng.integers(-1, 2, size=(60, 3)), 0, 4)
    counts = rng.multinomial(60, np.full(60, 1 / 60))
    alpha = krippendorff_alpha(table, level="ordinal")
    read = alpha._estimator.ratings
    drawn = np.repeat(table, counts, axis=0)
    patterns = [[read.values[i] for i in p] for p in read.patterns]
    weight = np.array([[sum((row == p).all() for row in drawn) for p in patterns]], dtype=float)
    got = alpha._estimator.parts(weight).value[0]
    assert got == pytest.approx(krippendorff_alpha(drawn, level="ordinal").value, abs=1e-12)
