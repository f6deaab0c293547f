from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.analysis.divergence import within_sites_p
from bwa_study.model.errors import UnknownName, WrongCall


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def found(matrix):
    return bwa.divergence(matrix, round="R2", groups=["manager", "worker"])


def test_one_site_is_fisher_s_exact_test():
    # Fisher (1935), the lady tasting tea: 3 of 4 right; two-sided 34/70.
    assert within_sites_p(*(np.array([x]) for x in (3.0, 4.0, 1.0, 4.0))) == pytest.approx(34 / 70)


two_groups = st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3))


@given(st.lists(two_groups, min_size=1, max_size=2))
def test_it_is_the_count_over_all_exchanges_within_sites(sites):
    sites = [(min(a, n), n, min(b, m), m) for a, n, b, m in sites]
    ways = []
    for a, n, b, m in sites:
        said = [1] * (a + b) + [0] * (n + m - a - b)
        ways.append([sum(said[i] for i in chosen) for chosen in itertools.combinations(range(n + m), n)])
    totals = np.array([sum(way) for way in itertools.product(*ways)])
    true = sum(a for a, *_ in sites)
    expected = (np.abs(totals - totals.mean()) >= abs(true - totals.mean()) - 1e-9).mean()
    p = within_sites_p(*np.array(sites, dtype=float).T)
    assert (math.isnan(p) and expected == 1) or p == pytest.approx(expected)


def test_sites_in_which_all_or_nobody_said_it_say_nothing():
    one = within_sites_p(*(np.array([x]) for x in (3.0, 4.0, 1.0, 4.0)))
    more = within_sites_p(np.array([3.0, 0, 2]), np.array([4.0, 3, 2]), np.array([1.0, 0, 2]), np.array([4.0, 5, 2]))
    assert more == one
    assert math.isnan(within_sites_p(np.array([0.0]), np.array([3.0]), np.array([0.0]), np.array([5.0])))


def test_shares_are_those_of_the_frequency_table(matrix, found):
    shares = bwa.frequency(matrix, by=("group", "round"), themes=False)
    for row in found.frame.to_dict("records"):
        for group in found.groups:
            cell = shares.cell(row["code"], group=group, round="R2")
            assert (row[f"{group}_n"], row[f"{group}_of"]) == (cell["n"], cell["denominator"])
            assert found.quotes(row["code"], group)["transcript"].nunique() == row[f"{group}_n"]


def test_the_order_of_the_groups_changes_nothing(matrix, found):
    turned = bwa.divergence(matrix, round="R2", groups=["worker", "manager"]).frame
    for name in ("higher", "gap", "sites_wider"):
        assert turned[name].fillna(0).tolist() == found.frame[name].fillna(0).tolist()
    assert turned["p"].to_numpy() == pytest.approx(found.frame["p"].to_numpy(), nan_ok=True)


def test_managers_tell_a_brighter_story_of_openness(found):
    row = found.frame.set_index("code").loc["problem_solved"]
    assert (row["higher"], row["lower"]) == ("manager", "worker")
    assert row["p_adjusted"] < 0.05
    assert found.sentence("problem_solved") == "manager 81%, worker 38%: 43 points (wider in 10 of 12 sites)"


def test_a_code_nobody_was_asked_about_has_a_reason(found):
    row = found.frame.set_index("code").loc["change_endures"]
    assert row["reason"] == "no two groups were asked"
    assert math.isnan(row["gap"])


def test_three_groups_pay_for_the_choice_of_the_pair(matrix):
    everybody = bwa.divergence(matrix, round="R2", codes=["problem_solved"]).frame.iloc[0]
    two = bwa.divergence(matrix, round="R2", groups=["manager", "worker"], codes=["problem_solved"]).frame.iloc[0]
    assert everybody["higher"] == two["higher"]
    assert everybody["p"] == pytest.approx(3 * two["p"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"round": "R9"}, UnknownName, "unknown round 'R9'"),
        ({"round": "R1", "groups": ["manager", "boss"]}, UnknownName, "unknown group 'boss'"),
        ({"round": "R1", "groups": ["manager"]}, WrongCall, r"needs 2 groups or more in R1, found 1 \(manager\)"),
    ],
)
def test_what_cannot_be_compared_is_said(matrix, options, error, message):
    with pytest.raises(error, match=message):
        bwa.divergence(matrix, **options)
