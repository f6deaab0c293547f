from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bwa_study.analysis.clustered import cluster_robust
from bwa_study.analysis.contrasts import (
    METHODS,
    Cells,
    bootstrap_shares,
    cr2,
    permutation_p,
    ratio,
    wild_p,
)

TWO, FOUR = np.array([-1.0, 1.0]), np.array([1.0, -1.0, -1.0, 1.0])


def people(counts, weights=TWO):
    """Cells of a list with, for each cluster, pairs (said it, asked) a cell."""
    y, cell, cluster = [], [], []
    for g, of_cluster in enumerate(counts):
        for k, (said, asked) in enumerate(of_cluster):
            y += [1.0] * said + [0.0] * (asked - said)
            cell += [k] * asked
            cluster += [g] * asked
    return Cells(np.array(y), np.array(cell, dtype=np.intp), np.array(cluster, dtype=np.intp), weights)


FIVE = people([[(1, 6), (4, 6)], [(2, 5), (3, 6)], [(0, 6), (3, 4)], [(2, 6), (5, 6)], [(3, 6), (3, 6)]])
counted = st.tuples(st.integers(0, 4), st.integers(1, 4)).map(lambda pair: (min(pair), pair[1]))


@given(st.lists(st.tuples(counted, counted), min_size=3, max_size=7))
def test_the_closed_form_is_the_regression_on_the_cells(counts):
    cells = people(counts)
    assume(0 < cells.y.mean() < 1)
    design = np.eye(2)[cells.cell]
    expected, found = cluster_robust(cells.y, design, cells.cluster, contrast=TWO), cr2(cells)
    assert found.value == pytest.approx(expected.value)
    assert found.error == pytest.approx(expected.error, abs=1e-7)
    assert found.df == pytest.approx(expected.df, rel=1e-6)


def test_the_closed_form_of_a_difference_of_differences():
    arms = [[(1, 4), (3, 4), (0, 0), (0, 0)]] * 2 + [[(2, 5), (2, 4), (0, 0), (0, 0)], [(0, 0), (0, 0), (0, 3), (3, 4)]]
    cells = people([*arms, [(0, 0), (0, 0), (1, 4), (4, 4)], [(0, 0), (0, 0), (2, 4), (2, 4)]], FOUR)
    expected = cluster_robust(cells.y, np.eye(4)[cells.cell], cells.cluster, contrast=FOUR)
    found = cr2(cells)
    assert (found.value, found.error, found.df) == pytest.approx((expected.value, expected.error, expected.df))


def test_ratios_are_those_of_the_shares_and_hold_them():
    share = FIVE.shares
    for odds in (False, True):
        value, low, high = ratio(FIVE, odds=odds)
        of = share / (1 - share) if odds else share
        assert value == pytest.approx(of[1] / of[0])
        assert low < value < high


def test_a_ratio_to_nothing_is_not_defined():
    nobody = people([[(0, 6), (1, 6)], [(0, 6), (3, 6)], [(0, 6), (2, 6)]])
    assert all(math.isnan(x) for x in ratio(nobody, odds=False))


def test_swaps_of_labels_by_hand():
    # Two clusters of one size with differences 3/6 and 1/6: 2 of 4 sign patterns are as large.
    assert permutation_p(people([[(1, 6), (4, 6)], [(2, 6), (3, 6)]])) == 0.5


def test_five_clusters_in_one_direction_give_one_in_sixteen():
    counts = [[(1, 6), (4 + g % 2, 6)] for g in range(5)]
    assert permutation_p(people(counts)) == 2 / 2**5


def test_dealing_arms_is_the_count_over_all_deals():
    arm_counts = [
        [(1, 6), (0, 0)],
        [(2, 6), (0, 0)],
        [(2, 6), (0, 0)],
        [(0, 0), (5, 6)],
        [(0, 0), (3, 6)],
        [(0, 0), (4, 6)],
    ]
    said = [1, 2, 2, 5, 3, 4]
    true = abs(sum(said[3:]) - sum(said[:3]))
    as_large = sum(
        abs(2 * sum(said[i] for i in deal) - sum(said)) >= true for deal in itertools.combinations(range(6), 3)
    )
    assert permutation_p(people(arm_counts)) == as_large / 20


def test_dealing_arms_of_changes():
    stays, rises = [(2, 6), (2, 6), (0, 0), (0, 0)], [(0, 0), (0, 0), (1, 6), (5, 6)]
    assert permutation_p(people([stays] * 4 + [rises] * 4, FOUR)) == 2 / 70


def test_no_difference_anywhere_is_p_1():
    assert permutation_p(people([[(2, 6), (2, 6)]] * 4)) == 1.0


@pytest.mark.parametrize("method", list(METHODS))
def test_every_method_gives_the_same_difference_and_the_sign(method):
    found = METHODS[method](FIVE)
    assert found.value == pytest.approx(float(TWO @ FIVE.shares), abs=0.02 if method == "GEE" else 1e-12)
    assert found.low < found.value < found.high
    assert 0 < found.p < 0.2


def test_the_wild_bootstrap_of_cells_has_no_p_below_its_patterns():
    assert wild_p(FIVE) * 2**5 == pytest.approx(round(wild_p(FIVE) * 2**5))


def test_bootstrap_shares_are_those_of_a_loop():
    draws, seed = 50, 3
    found = bootstrap_shares(FIVE.sizes, FIVE.sums, draws=draws, seed=seed)
    counts = np.random.default_rng(seed).multinomial(5, np.full(5, 0.2), size=draws)
    for row, times in zip(found, counts, strict=True):
        picked = np.repeat(np.arange(5), times)
        assert row == pytest.approx(FIVE.sums[picked].sum(axis=0) / FIVE.sizes[picked].sum(axis=0))


def test_a_bootstrap_sample_without_people_is_undefined():
    found = bootstrap_shares(np.array([[4.0], [0.0]]), np.array([[2.0], [0.0]]), draws=40, seed=1)
    assert set(np.isnan(found[:, 0])) == {True, False}


def test_gee_without_variation_in_a_cell_is_not_defined():
    found = METHODS["GEE"](people([[(0, 6), (4, 6)], [(0, 6), (3, 6)], [(0, 4), (2, 6)]]))
    assert math.isnan(found.p)
    assert found.value == pytest.approx(9 / 18)
