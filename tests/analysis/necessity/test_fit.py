from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bwa_study.analysis.necessity.fit import necessity_fit, sufficiency_fit, unique_coverage

MEMBERSHIPS = arrays(float, 6, elements=st.floats(0, 1, width=16))


def test_perfect_relation_is_one():
    y = np.array([1.0, 1, 0, 0])
    fit = necessity_fit(y, y)
    assert (fit.consistency, fit.coverage, fit.relevance) == (1.0, 1.0, 1.0)
    assert sufficiency_fit(y, y).pri == 1.0


def test_a_condition_that_is_always_there_has_no_relevance():
    fit = necessity_fit(np.ones(4), np.array([1.0, 1, 0, 0]))
    assert (fit.consistency, fit.coverage, fit.relevance) == (1.0, 0.5, 0.0)


def test_what_has_no_denominator_is_undefined():
    none, some = np.zeros(3), np.array([1.0, 0, 0])
    assert math.isnan(necessity_fit(some, none).consistency)
    assert math.isnan(necessity_fit(none, some).coverage)
    assert math.isnan(necessity_fit(np.ones(3), np.ones(3)).relevance)
    assert math.isnan(sufficiency_fit(none, some).consistency)


@given(MEMBERSHIPS, MEMBERSHIPS)
def test_necessity_of_x_for_y_is_sufficiency_of_y_for_x(x, y):
    one, other = necessity_fit(x, y), sufficiency_fit(y, x)
    assert one.consistency == pytest.approx(other.consistency, nan_ok=True)
    assert one.coverage == pytest.approx(other.coverage, nan_ok=True)


@given(MEMBERSHIPS, MEMBERSHIPS)
def test_relevance_is_the_coverage_of_the_absent_condition_by_what_is_not_both(x, y):
    """1 - x is a subset of 1 - min(x, y), so relevance lies between 0 and 1."""
    value = necessity_fit(x, y).relevance
    assert math.isnan(value) or -1e-12 <= value <= 1 + 1e-12


@given(MEMBERSHIPS, MEMBERSHIPS, MEMBERSHIPS)
def test_unique_coverage_is_what_is_lost_without_the_term(a, b, y):
    if not y.sum():
        return
    whole = sufficiency_fit(np.maximum(a, b), y).coverage
    assert unique_coverage([a, b], y) == pytest.approx(
        [whole - sufficiency_fit(b, y).coverage, whole - sufficiency_fit(a, y).coverage], abs=1e-12
    )


def test_a_term_alone_covers_all_by_itself():
    assert unique_coverage([np.array([1.0, 0])], np.array([1.0, 1])) == [0.5]
