from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bwa_study.analysis.ratings import read_ratings


def rows(read):
    """The units again, in no order."""
    named = [tuple(None if i < 0 else read.values[i] for i in p) for p in read.patterns.tolist()]
    return sorted(((row, int(n)) for row, n in zip(named, read.totals, strict=True)), key=str)


def test_units_with_the_same_ratings_become_one_pattern():
    read = read_ratings([[1, 1], [2, 1], [1, 1], [None, None]])
    assert rows(read) == [((1, 1), 2), ((2, 1), 1)]
    assert (read.n_rated, read.n_units, read.n_pairable, read.n_coders) == (3, 3, 6, 2)


@pytest.mark.parametrize(
    "table",
    [
        [["a", None], ["b", "a"]],
        [["a", float("nan")], ["b", "a"]],
        np.array([["a", None], ["b", "a"]], dtype=object),
        pd.DataFrame({"x": ["a", "b"], "y": [None, "a"]}),
        pd.DataFrame({"x": pd.array(["a", "b"], dtype="string"), "y": pd.array([pd.NA, "a"], dtype="string")}),
    ],
)
def test_missing_ratings_are_none_nan_or_na_in_lists_arrays_and_frames(table):
    assert rows(read_ratings(table)) == [(("a", None), 1), (("b", "a"), 1)]


def test_sets_of_codes_are_values_and_the_empty_set_is_not_missing():
    read = read_ratings([[{"a", "b"}, frozenset()], [frozenset(["b", "a"]), None]])
    assert set(read.values) == {frozenset(), frozenset({"a", "b"})}
    assert (read.n_rated, read.n_units) == (2, 1)


def test_many_coders_and_values_that_do_not_fit_a_number_are_told_apart():
    table = np.random.default_rng(0).integers(0, 50, size=(40, 30))
    read = read_ratings(np.vstack([table, table]))
    assert len(read.patterns) == 40
    assert read.totals.tolist() == [2] * 40


def test_clusters_keep_the_counts_apart():
    read = read_ratings([[1, 1], [1, 1], [2, 2], [1, None]], clusters=["x", "y", "y", "z"])
    assert read.counts.sum(axis=1).tolist() == [1, 2, 1]
    assert read.n_clusters == 2
    assert read_ratings([[1, 1]]).n_clusters == 0


def test_categories_can_be_stated_with_their_order():
    assert read_ratings([["low", "high"]], categories=["low", "middle", "high"]).values == ("low", "middle", "high")
    assert read_ratings([["low", "high"]]).values == ("high", "low")
    assert read_ratings([[1, "a"]]).values == (1, "a")


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ([1, 2, 3], {}, "units × coders, not an array of 1 dimensions"),
        ([[["a"], ["b"]]], {}, "3 dimensions — several codes of one unit are written as a frozenset"),
        ([[1, 3]], {"categories": (1, 2)}, "value 3 is not among the categories"),
        ([[1, 1]], {"categories": (1, 1)}, "category 1 is named twice"),
        ([[1, 1]], {"categories": "all"}, "'observed'; not 'all'"),
        ([[1, 1]], {"clusters": ["x", "y"]}, "1 units, 2 clusters named"),
        ([[1, 1], [1, 2]], {"clusters": ["x", None]}, "unit 2 has no cluster"),
    ],
)
def test_what_cannot_be_read_says_why(table, options, message):
    with pytest.raises(ValueError, match=message):
        read_ratings(table, **options)
