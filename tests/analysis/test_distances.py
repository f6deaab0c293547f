from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.distances import distances
from bwa_study.analysis.ratings import read_ratings
from bwa_study.model.errors import UnknownName

some_sets = st.frozensets(st.sampled_from("abcde"), max_size=5)


def between(one, two, level):
    read = read_ratings([[one, two]], categories=[one, two] if one != two else None)
    return distances(read, level)[0, -1]


# Passonneau, R. (2006). Measuring agreement on set-valued items (MASI), LREC 2006: Jaccard, and M of 1, 2/3, 1/3, 0.
@pytest.mark.parametrize(
    ("one", "two", "jaccard", "masi"),
    [
        ({"a", "b"}, {"a", "b"}, 0, 0),
        ({"a"}, {"a", "b"}, 1 / 2, 1 - 2 / 3 * 1 / 2),
        ({"a", "b"}, {"b", "c"}, 2 / 3, 1 - 1 / 3 * 1 / 3),
        ({"a"}, {"b"}, 1, 1),
        (set(), {"a"}, 1, 1),
        (set(), set(), 0, 0),
    ],
)
def test_distances_between_sets(one, two, jaccard, masi):
    assert between(one, two, "jaccard") == pytest.approx(jaccard)
    assert between(one, two, "masi") == pytest.approx(masi)


@given(some_sets, some_sets)
def test_masi_is_never_below_jaccard_and_both_are_symmetric_and_0_only_for_equal_sets(one, two):
    jaccard, masi = between(one, two, "jaccard"), between(one, two, "masi")
    assert 0 <= jaccard <= masi <= 1
    assert (masi == 0) == (jaccard == 0) == (one == two)
    assert between(two, one, "masi") == masi


def test_interval_and_ratio_distances():
    read = read_ratings([[0, 1], [3, 3]])
    assert distances(read, "interval").tolist() == [[0, 1, 9], [1, 0, 4], [9, 4, 0]]
    assert distances(read, "ratio").tolist() == [[0, 1, 1], [1, 0, 0.25], [1, 0.25, 0]]


@pytest.mark.parametrize(
    ("table", "level", "message"),
    [
        ([["a", "b"]], "interval", "interval values are finite numbers"),
        ([["a", "b"]], "ordinal", "ranks need an order"),
        ([[math.inf, 1.0]], "interval", "finite"),
        ([[-1, 1]], "ratio", "from 0 up"),
        ([["a", "b"]], "masi", "a is none — use frozenset"),
        ([[1, 2]], np.zeros((2, 2)), "needs the categories"),
    ],
)
def test_values_without_the_level_are_refused(table, level, message):
    with pytest.raises(ValueError, match=message):
        distances(read_ratings(table), level)


@pytest.mark.parametrize("table", [np.eye(2), np.zeros((3, 3)), [[0, -1], [-1, 0]]])
def test_a_table_that_is_no_distance_is_refused(table):
    with pytest.raises(ValueError, match="table of 2 × 2"):
        distances(read_ratings([[1, 2]], categories="observed"), table)


def test_a_level_must_exist():
    with pytest.raises(UnknownName, match="nominal"):
        distances(read_ratings([[1, 2]]), "nominel")
