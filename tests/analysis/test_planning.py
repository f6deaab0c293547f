from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.analysis.planning import alpha_variance, lower_end, units_needed
from bwa_study.model.errors import TooFewCoders, WrongCall

A, B = "simulated-human-A", "simulated-human-B"


def two_coders(rng, units, alpha, prevalence):
    """The common correlation model: with probability alpha the second repeats the first, else she draws anew."""
    first = rng.random(units) < prevalence
    second = np.where(rng.random(units) < alpha, first, rng.random(units) < prevalence)
    return np.column_stack([first, second]).astype(float)


def test_without_agreement_the_variance_is_one_over_n_and_with_full_agreement_none():
    for prevalence in (0.01, 0.3, 0.5):
        assert alpha_variance(alpha=0, prevalence=prevalence) == 1
        assert alpha_variance(alpha=1, prevalence=prevalence) == 0


def test_at_half_prevalence_the_variance_is_that_of_a_correlation_of_two_signs():
    for alpha in (0.1, 0.4, 0.9):
        assert alpha_variance(alpha=alpha, prevalence=0.5) == pytest.approx(1 - alpha**2)


def test_the_variance_is_that_of_simulated_coders():
    rng = np.random.default_rng(1)
    found = [bwa.krippendorff_alpha(two_coders(rng, 500, 0.7, 0.2), level="nominal").value for _ in range(800)]

    assert np.var(found) * 500 == pytest.approx(alpha_variance(alpha=0.7, prevalence=0.2), rel=0.12)


@pytest.mark.parametrize(("alpha", "prevalence", "lower"), [(0.85, 0.1, 0.667), (0.9, 0.05, 0.8)])
def test_with_the_units_planned_the_lower_end_is_reached_at_least_as_often_as_asked_for(alpha, prevalence, lower):
    rng = np.random.default_rng(5)
    n = units_needed(alpha=alpha, prevalence=prevalence, design_effect=1.0, lower=lower, assurance=0.8)
    lows = [
        bwa.krippendorff_alpha(two_coders(rng, n, alpha, prevalence), level="nominal").interval.low for _ in range(400)
    ]

    assert 0.8 <= np.mean(np.array(lows) >= lower) <= 0.92
    expected = lower_end(alpha=alpha, prevalence=prevalence, design_effect=1.0, units=n)
    assert np.nanmedian(lows) == pytest.approx(expected, abs=0.01)


@given(st.floats(0.05, 0.95), st.floats(0.01, 0.99), st.floats(0.5, 5), st.floats(0.02, 0.9))
def test_the_planned_width_is_the_width_of_the_interval(alpha, prevalence, design_effect, width):
    n = units_needed(alpha=alpha, prevalence=prevalence, design_effect=design_effect, width=width)
    error = math.sqrt(alpha_variance(alpha=alpha, prevalence=prevalence) * design_effect / n) / (1 - alpha)

    found = 2 * (1 - alpha) * math.sinh(1.959963984540054 * error)
    assert found <= width * (1 + 1e-9)


@given(st.floats(0.5, 0.95), st.floats(0.01, 0.5), st.floats(0.5, 5), st.floats(0.05, 0.9))
def test_half_of_the_studies_planned_at_assurance_one_half_reach_the_lower_end(alpha, prevalence, effect, share):
    lower = alpha * share
    n = units_needed(alpha=alpha, prevalence=prevalence, design_effect=effect, lower=lower, assurance=0.5)

    assert lower_end(alpha=alpha, prevalence=prevalence, design_effect=effect, units=n) >= lower - 1e-9
    if n > 2:
        assert lower_end(alpha=alpha, prevalence=prevalence, design_effect=effect, units=n - 1) < lower


def test_rarer_codes_more_clustering_and_more_assurance_need_more_units():
    usual = {"alpha": 0.85, "prevalence": 0.1, "design_effect": 1.0, "lower": 0.667}
    n = units_needed(**usual)

    assert units_needed(**{**usual, "prevalence": 0.05}) > 1.8 * n
    assert units_needed(**{**usual, "design_effect": 2.0}) == pytest.approx(2 * n, abs=1)
    assert units_needed(**{**usual, "assurance": 0.95}) > n


def test_what_cannot_be_planned_is_refused_with_the_way_out():
    usual = {"alpha": 0.7, "prevalence": 0.1, "design_effect": 1.0}
    with pytest.raises(WrongCall, match=r"a lower end of 0.8 is never reached where alpha is 0.7 — train"):
        units_needed(**usual, lower=0.8)
    with pytest.raises(WrongCall, match="give either the lower end or the width"):
        units_needed(**usual)
    with pytest.raises(WrongCall, match="prevalence between 0 and 1, not 0.7 and 10"):
        units_needed(**{**usual, "prevalence": 10}, lower=0.5)
    with pytest.raises(WrongCall, match="a width of 0 cannot be"):
        units_needed(**usual, width=0)


@pytest.fixture(scope="module")
def plan(full_study):
    return bwa.plan_double_coding(bwa.matrix(full_study, coders=[A, B]))


def test_coders_who_err_at_random_have_a_design_effect_near_one(plan):
    effects = plan.frame.loc[plan.frame["code"] != "", "design_effect"].dropna()

    assert 0.9 < effects.median() < 1.3


def test_a_code_whose_lower_end_has_passed_the_limit_needs_fewer_units_than_there_are_at_assurance_one_half(full_study):
    found = bwa.plan_double_coding(bwa.matrix(full_study, coders=[A, B]), assurance=0.5).frame.dropna(subset="low")

    for limit, column in ((0.667, "needed_tentative"), (0.8, "needed_use")):
        reached = found["low"] >= limit
        assert (found.loc[reached, column] <= found.loc[reached, "n_units"]).all()
        assert not (found.loc[~reached, column] < found.loc[~reached, "n_units"]).any()


def test_a_code_below_the_limit_is_told_that_more_coding_does_not_help(plan):
    row = plan.frame.set_index("code").loc["commercial_incentive"]

    assert np.isnan(row["needed_use"])
    assert np.isnan(row["needed_tentative"])
    assert row["reason"] == "alpha is not above 0.8: more coding does not reach it, a sharper codebook may"


def test_one_coder_and_an_impossible_assurance_are_refused(tiny, full_study):
    with pytest.raises(TooFewCoders, match="plan_double_coding needs two coders or more"):
        bwa.plan_double_coding(bwa.matrix(tiny))
    with pytest.raises(WrongCall, match="assurance must be between 0 and 1, not 80"):
        bwa.plan_double_coding(bwa.matrix(full_study, coders=[A, B]), assurance=80)
