from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.internal_consistency import feldt_interval, internal_consistency, omega_total, one_factor

GOLD = Path(__file__).parents[1] / "data" / "gold" / "srv01_cronbach_attitude"
ATTITUDE = pd.read_csv(GOLD / "data.csv").to_numpy(float)
EXPECTED = json.loads((GOLD / "expected.json").read_text(encoding="utf-8"))["R_psych_alpha"]


def test_the_attitude_data_give_what_r_psych_gives():
    found = internal_consistency(ATTITUDE)

    assert found.alpha == pytest.approx(EXPECTED["raw_alpha"], abs=1e-9)
    assert found.standardised == pytest.approx(EXPECTED["std_alpha"], abs=1e-9)
    assert found.lambda6 == pytest.approx(EXPECTED["guttman6"], abs=1e-9)
    assert found.mean_correlation == pytest.approx(EXPECTED["average_r"], abs=1e-9)
    assert (found.low, found.alpha, found.high) == pytest.approx(EXPECTED["feldt"], abs=1e-9)


def test_alpha_if_dropped_and_item_rest_are_those_printed_in_the_help_of_psych_alpha():
    found = internal_consistency(ATTITUDE)

    assert [round(a, 2) for a in found.if_dropped] == [0.81, 0.80, 0.83, 0.80, 0.80, 0.86, 0.84]
    assert [round(r, 2) for r in found.item_rest] == [0.67, 0.74, 0.56, 0.71, 0.79, 0.27, 0.46]


def test_omega_is_that_of_the_loadings_another_program_finds():
    from statsmodels.multivariate.factor import Factor

    r = np.corrcoef(ATTITUDE, rowvar=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = Factor(corr=r, n_factor=1, method="pa", nobs=30).fit(maxiter=5000, tol=1e-10)
    other = np.abs(np.asarray(fitted.loadings)[:, 0])

    found = internal_consistency(ATTITUDE)
    assert found.loadings == pytest.approx(other, abs=1e-4)
    assert found.omega == pytest.approx(omega_total(other, deviations=ATTITUDE.std(axis=0, ddof=1)), abs=1e-4)


# Graham, J. M. (2006). Congeneric and (essentially) tau-equivalent estimates of score reliability. Educational and
# Psychological Measurement 66, 930-944, Table 2, second data set: covariances that one factor leaves exactly. Their
# reliability is printed there as .97. Numbers as in the data of the R package reliacoef ("Graham1").
GRAHAM = [
    [4.98, 4.60, 4.45, 3.84, 23.85],
    [4.60, 5.59, 4.42, 3.81, 23.68],
    [4.45, 4.42, 6.30, 3.66, 22.92],
    [3.84, 3.81, 3.66, 6.44, 19.87],
    [23.85, 23.68, 22.92, 19.87, 127.65],
]
# Reuterberg, S.-E. & Gustafsson, J.-E. (1992). Confirmatory factor analysis and reliability. Educational and
# Psychological Measurement 52, 795-811: five parts of a verbal test, reliability .803 (maximum likelihood). As above.
REUTERBERG = [
    [1.921, 1.013, 1.104, 0.652, 0.783],
    [1.013, 3.226, 1.833, 1.023, 1.113],
    [1.104, 1.833, 3.173, 1.029, 1.207],
    [0.652, 1.023, 1.029, 1.626, 0.682],
    [0.783, 1.113, 1.207, 0.682, 2.193],
]
# Kristof, W. (1971). On the theory of a set of tests which differ only in length. Psychometrika 36, 207-225: three
# parts of the Scholastic Aptitude Test. As above.
KRISTOF = [[54.85, 60.21, 48.42], [60.21, 99.24, 67.00], [48.42, 67.00, 63.81]]


def answers_with(covariances):
    """Answers of as many people as are needed whose covariances are exactly these."""
    k = len(covariances)
    made = np.random.default_rng(3).normal(size=(k + 5, k))
    made -= made.mean(axis=0)
    white = made @ np.linalg.inv(np.linalg.cholesky(np.cov(made, rowvar=False)).T)
    return white @ np.linalg.cholesky(np.array(covariances)).T


def test_omega_is_the_reliability_that_graham_prints_where_one_factor_fits_exactly():
    assert round(internal_consistency(answers_with(GRAHAM)).omega, 2) == 0.97


def test_omega_by_least_squares_is_within_a_thousandth_of_the_one_that_reuterberg_and_gustafsson_print():
    assert internal_consistency(answers_with(REUTERBERG)).omega == pytest.approx(0.803, abs=0.001)


def test_omega_of_three_items_has_a_closed_form():
    (_, ab, ac), (_, _, bc), _ = KRISTOF
    shared = (math.sqrt(ab * ac / bc) + math.sqrt(ab * bc / ac) + math.sqrt(ac * bc / ab)) ** 2

    assert internal_consistency(answers_with(KRISTOF)).omega == pytest.approx(shared / np.sum(KRISTOF), abs=1e-9)


@given(st.lists(st.floats(0.3, 3), min_size=3, max_size=8), st.floats(0.2, 2))
def test_equal_loadings_of_the_items_as_they_are_make_omega_alpha(errors, loading):
    covariances = loading**2 + np.diag(errors)
    found = internal_consistency(answers_with(covariances))

    assert found.omega == pytest.approx(found.alpha, abs=1e-4)


@given(st.lists(st.floats(0.3, 0.9), min_size=3, max_size=8))
def test_correlations_made_of_one_factor_give_its_loadings_back(loadings):
    made = np.outer(loadings, loadings)
    np.fill_diagonal(made, 1)
    found, fault = one_factor(made)

    assert fault == ""
    assert found == pytest.approx(loadings, abs=1e-4)


def test_equal_loadings_make_omega_the_standardised_alpha():
    loading, k = 0.7, 5
    r = np.full((k, k), loading**2)
    np.fill_diagonal(r, 1)
    standardised = k * loading**2 / (1 + (k - 1) * loading**2)

    assert omega_total(one_factor(r)[0]) == pytest.approx(standardised)


def test_the_least_squares_fit_leaves_no_smaller_residual():
    r = np.corrcoef(ATTITUDE, rowvar=False)
    best = np.array(one_factor(r)[0])

    def residual(x):
        left = r - np.outer(x, x)
        return float((left[np.triu_indices(len(r), 1)] ** 2).sum())

    rng = np.random.default_rng(1)
    assert all(residual(best) <= residual(best + rng.normal(0, 0.01, len(best))) for _ in range(200))


def test_the_order_and_the_unit_of_all_items_change_nothing():
    found, other = internal_consistency(ATTITUDE), internal_consistency(ATTITUDE[::-1, ::-1] * 3 + 2)

    assert (found.alpha, found.omega) == pytest.approx((other.alpha, other.omega))


def test_identical_items_have_an_alpha_of_1():
    assert internal_consistency([[1, 1], [2, 2], [5, 5], [3, 3]]).alpha == pytest.approx(1)


def test_rows_with_a_missing_answer_are_left_out():
    found = internal_consistency([*ATTITUDE.tolist(), [math.nan, 1, 1, 1, 1, 1, 1]])

    assert (found.n, found.alpha) == (30, pytest.approx(EXPECTED["raw_alpha"]))


def test_the_interval_holds_alpha_as_often_as_it_says():
    rng = np.random.default_rng(7)
    k, n, rho = 4, 25, 0.4
    true = k * rho / (1 + (k - 1) * rho)
    covered = 0
    for _ in range(400):
        x = math.sqrt(rho) * rng.normal(size=(n, 1)) + math.sqrt(1 - rho) * rng.normal(size=(n, k))
        found = internal_consistency(x)
        covered += found.low <= true <= found.high
    assert covered / 400 == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([[1], [2], [3]], "a scale needs two items or more"),
        ([[1, 2], [2, 2]], "2 respondents answered every item; three are needed"),
        ([[1, 2], [2, 1], [1, 2]], "all respondents have the same total"),
        ([], "a scale needs two items or more"),
    ],
)
def test_what_has_no_alpha_has_a_reason(answers, reason):
    found = internal_consistency(answers)

    assert math.isnan(found.alpha)
    assert math.isnan(found.omega)
    assert found.reason == reason


def test_two_items_have_alpha_and_no_omega():
    found = internal_consistency([[1, 2], [2, 2], [3, 4], [4, 3]])

    assert found.alpha > 0
    assert math.isnan(found.omega)
    assert found.reason == "one factor needs three items or more"
    assert all(math.isnan(a) for a in found.if_dropped)


def test_an_item_that_never_varies_leaves_alpha_and_takes_omega():
    found = internal_consistency([[1, 2, 3], [2, 2, 3], [3, 4, 3], [4, 3, 3]])

    assert found.alpha > 0
    assert math.isnan(found.omega)
    assert found.reason == "one item has the same answer from everybody: no correlations, no omega"


def test_a_heywood_case_is_undefined_with_its_reason():
    r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    loadings, fault = one_factor(r)

    assert all(math.isnan(x) for x in loadings)
    assert "Heywood case" in fault


def test_more_respondents_narrow_feldt_s_interval():
    few, many = feldt_interval(0.8, n=20, items=5), feldt_interval(0.8, n=200, items=5)

    assert few[0] < many[0] < 0.8 < many[1] < few[1]
