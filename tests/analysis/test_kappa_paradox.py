from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.coefficients import brennan_prediger, cohen_kappa
from bwa_study.analysis.kappa_paradox import TwoByTwo, kappa_given, paradox

# Feinstein, A. R. & Cicchetti, D. V. (1990). High agreement but low kappa: I. The problems of two paradoxes. Journal of
# Clinical Epidemiology 43, 543-549: both yes, only A, only B, both no; agreement and kappa as printed.
PUBLISHED = [
    ((40, 9, 6, 45), 0.85, 0.70),
    ((80, 10, 5, 5), 0.85, 0.32),
    ((45, 15, 25, 15), 0.60, 0.13),
    ((25, 35, 5, 35), 0.60, 0.26),
]


def ratings(both, first, second, neither):
    return [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither


@pytest.mark.parametrize(("counts", "agreement", "kappa"), PUBLISHED)
def test_feinstein_and_cicchetti_s_tables_are_reproduced(counts, agreement, kappa):
    table = TwoByTwo(*counts)
    found = kappa_given(table.agreement, table.prevalence_index, table.bias_index)

    assert table.agreement == pytest.approx(agreement)
    assert round(found, 2) == kappa
    assert found == pytest.approx(cohen_kappa(ratings(*counts), weights="identity").value, abs=1e-12)


@given(st.tuples(*[st.integers(0, 60)] * 4))
def test_kappa_is_its_three_parts_whatever_the_table(counts):
    table = TwoByTwo(*counts)
    kappa = cohen_kappa(ratings(*counts), weights="identity").value if table.n else math.nan
    parts = kappa_given(table.agreement, table.prevalence_index, table.bias_index)

    assert parts == pytest.approx(kappa, abs=1e-9, nan_ok=True)
    if table.n:
        pabak = brennan_prediger(ratings(*counts), weights="identity", categories=(0, 1)).value
        assert kappa_given(table.agreement, 0.0, 0.0) == pytest.approx(pabak, abs=1e-12)


def test_a_rare_code_explains_a_low_kappa_beside_a_high_agreement():
    assert paradox(TwoByTwo(5, 5, 10, 80), limit=0.667) == (
        "kappa is 0.32 although coders agree on 85% of units, because the code is rare; with the code in half of the "
        "units the same agreement would give 0.70. Of what either coded, they agree on 40%."
    )


def test_bias_can_lift_a_kappa_over_the_limit():
    said = paradox(TwoByTwo(25, 35, 5, 35), limit=0.25)

    assert said.startswith("kappa is 0.26 only because the first coder gives the code more often; ")


def test_nothing_is_said_where_nothing_needs_explaining():
    assert paradox(TwoByTwo(40, 9, 6, 45), limit=0.667) == ""
    assert paradox(TwoByTwo(20, 30, 30, 20), limit=0.667) == ""
    assert paradox(TwoByTwo(0, 0, 0, 90), limit=0.667) == ""
    assert paradox(TwoByTwo(0, 0, 0, 0), limit=0.667) == ""
