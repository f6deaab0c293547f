from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.necessity.dealing import chance_of_necessity, exact_p


@pytest.mark.parametrize(
    ("in_condition", "p"), [(8, 70 / 495), (7, 35 / 495), (5, 5 / 495), (10, 210 / 495), (12, 1.0)]
)
def test_four_outcomes_of_twelve_cases_all_in_the_condition(in_condition, p):
    assert exact_p(12, in_condition, 4, 4) == pytest.approx(p, abs=1e-15)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=7))
def test_it_is_the_share_of_all_ways_to_deal_the_outcomes(cases):
    x, y = ([float(pair[n]) for pair in cases] for n in (0, 1))
    if not sum(y):
        return
    both = sum(a * b for a, b in cases)
    deals = list(itertools.combinations(range(len(cases)), int(sum(y))))
    share = sum(sum(x[n] for n in deal) >= both for deal in deals) / len(deals)
    assert chance_of_necessity(np.array(x), np.array(y)).p == pytest.approx(share)


def test_fuzzy_scores_of_few_cases_go_through_every_order():
    x, y = np.array([0.9, 0.8, 0.1]), np.array([0.7, 0.6, 0.2])
    overlaps = [sum(map(min, x, order)) for order in itertools.permutations(y)]
    observed = sum(map(min, x, y))
    found = chance_of_necessity(x, y)
    assert found.how == "all permutations"
    assert found.error == 0
    assert found.p == sum(o >= observed - 1e-12 for o in overlaps) / 6


def test_drawn_orders_agree_with_the_exact_value_within_their_error():
    x, y = np.repeat([1.0, 0.0], [5, 7]), np.repeat([1.0, 0.0], [4, 8])
    nearly = np.where(x == 1, 1.0, 1e-9)
    found = chance_of_necessity(nearly, y, permutations=20_000, seed=3)
    assert found.how == "permutation"
    assert found.error == pytest.approx(math.sqrt(found.p * (1 - found.p) / 20_000))
    assert abs(found.p - exact_p(12, 5, 4, 4)) < 4 * math.sqrt(0.0101 / 20_000)


def test_without_any_outcome_there_is_no_chance():
    assert math.isnan(chance_of_necessity(np.ones(3), np.zeros(3)).p)
