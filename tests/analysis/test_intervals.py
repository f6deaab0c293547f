from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study import newcombe_difference, wilson

GOLD = json.loads((Path(__file__).parents[1] / "data" / "wilson_newcombe1998.json").read_text(encoding="utf-8"))


@st.composite
def shares(draw):
    n = draw(st.integers(1, 2000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(("count", "n", "low", "high"), GOLD["published"])
def test_wilson_gives_the_intervals_published_by_newcombe(count, n, low, high):
    assert [round(end, 4) for end in wilson(count, n)] == [low, high]


@pytest.mark.parametrize(("count", "n", "low", "high"), GOLD["computed"])
def test_wilson_gives_the_intervals_another_program_computes(count, n, low, high):
    assert wilson(count, n) == pytest.approx((low, high), abs=1e-10)


@given(shares())
def test_wilson_of_those_without_mirrors_wilson_of_those_with(share):
    count, n = share
    low, high = wilson(count, n)
    assert wilson(n - count, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(shares())
def test_wilson_ends_are_where_the_score_test_is_just_significant(share):
    count, n = share
    for end in wilson(count, n):
        if 0 < end < 1:
            z = (count / n - end) / math.sqrt(end * (1 - end) / n)
            assert abs(z) == pytest.approx(1.959963984540054, rel=1e-6)


@given(shares())
def test_wilson_lies_within_zero_and_one_and_holds_the_share(share):
    count, n = share
    low, high = wilson(count, n)
    assert 0 <= low <= count / n <= high <= 1
    assert low < high


@given(shares(), st.floats(0.5, 0.94))
def test_wilson_is_wider_at_higher_confidence(share, confidence):
    narrow, wide = wilson(*share, confidence=confidence), wilson(*share, confidence=0.95)
    assert wide[0] <= narrow[0]
    assert narrow[1] <= wide[1]
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def test_wilson_of_none_begins_at_zero_and_of_all_ends_at_one():
    z2 = 1.959963984540054**2
    assert wilson(0, 10) == (0.0, pytest.approx(z2 / (10 + z2)))
    assert wilson(10, 10) == (pytest.approx(10 / (10 + z2)), 1.0)


def test_wilson_of_nothing_is_undefined():
    assert all(map(math.isnan, wilson(0, 0)))


@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_wilson_refuses_a_count_outside_its_denominator(count, n):
    with pytest.raises(ValueError, match=f"count {count} is not between 0 and n = {n}"):
        wilson(count, n)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan])
def test_wilson_refuses_a_confidence_that_is_no_share(confidence):
    with pytest.raises(ValueError, match="is not between 0 and 1"):
        wilson(1, 2, confidence=confidence)


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10: first minus second share.
@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(first, second, low, high):
    difference, *ends = newcombe_difference(*second, *first)
    assert difference == pytest.approx(first[0] / first[1] - second[0] / second[1])
    assert [round(end, 4) for end in ends] == [low, high]


@given(shares(), shares())
def test_newcombe_of_swapped_groups_is_negated(one, two):
    difference, low, high = newcombe_difference(*one, *two)
    assert newcombe_difference(*two, *one) == pytest.approx((-difference, -high, -low), abs=1e-12)


@given(shares(), shares())
def test_newcombe_of_those_without_is_negated(one, two):
    difference, low, high = newcombe_difference(*one, *two)
    without = newcombe_difference(one[1] - one[0], one[1], two[1] - two[0], two[1])
    assert without == pytest.approx((-difference, -high, -low), abs=1e-12)


@given(shares(), shares())
def test_newcombe_lies_within_minus_one_and_one_and_holds_the_difference(one, two):
    difference, low, high = newcombe_difference(*one, *two)
    assert -1 - 1e-12 <= low <= difference <= high <= 1 + 1e-12


@given(shares())
def test_newcombe_of_equal_groups_is_no_difference_with_an_even_interval(share):
    difference, low, high = newcombe_difference(*share, *share)
    assert difference == 0
    assert low == pytest.approx(-high)


@pytest.mark.parametrize("counts", [(0, 0, 1, 2), (1, 2, 0, 0), (0, 0, 0, 0)])
def test_newcombe_with_an_empty_group_is_undefined(counts):
    assert all(map(math.isnan, newcombe_difference(*counts)))


@pytest.mark.parametrize("counts", [(3, 2, 1, 2), (1, 2, -1, 2), (3, 0, 1, 2)])
def test_newcombe_refuses_a_count_outside_its_denominator(counts):
    with pytest.raises(ValueError, match="is not between 0 and n"):
        newcombe_difference(*counts)


def test_newcombe_refuses_a_confidence_that_is_no_share_even_for_an_empty_group():
    with pytest.raises(ValueError, match="confidence 95 is not between 0 and 1"):
        newcombe_difference(0, 0, 1, 2, confidence=95)
