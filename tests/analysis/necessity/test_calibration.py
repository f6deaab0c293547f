from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.necessity.calibration import bell, crisp, direct, ecdf, indirect, multi_value
from bwa_study.model.errors import WrongCall

RAW = st.lists(st.floats(-100, 100), min_size=1, max_size=8)
HELD = {"out": -10, "crossover": 5, "full": 20}


@pytest.mark.parametrize("shape", ["logistic", "linear"])
@given(raw=RAW)
def test_memberships_rise_with_the_score_and_stay_between_0_and_1(shape, raw):
    m = direct(sorted(raw), **HELD, shape=shape)
    assert ((m >= 0) & (m <= 1)).all()
    assert (np.diff(m) >= 0).all()


@given(raw=RAW)
def test_anchors_the_other_way_round_give_the_complement(raw):
    down = direct(raw, out=20, crossover=5, full=-10)
    assert down == pytest.approx(1 - direct(raw, **HELD))


@pytest.mark.parametrize(
    "calibrate",
    [
        lambda x: crisp(x, threshold=1),
        lambda x: multi_value(x, thresholds=[1, 2]),
        lambda x: direct(x, out=0, crossover=1, full=2),
        lambda x: ecdf(x, out=0, crossover=1, full=2),
        lambda x: bell(x, anchors=[0, 1, 2, 3, 4, 5]),
        lambda x: indirect(x, thresholds=[1, 2]),
    ],
)
def test_what_is_missing_stays_missing(calibrate):
    found = calibrate([0.5, math.nan, 1.5, 2.5])
    assert np.isnan(found).tolist() == [False, True, False, False]


def test_the_own_distribution_is_half_at_the_crossover_and_rises():
    raw = [1, 2, 3, 5, 6, 9, 12, 20]
    m = ecdf(raw, out=1, crossover=5, full=12)
    assert m[3] == 0.5
    assert m[0] == 0
    assert m[-1] == 1
    assert (np.diff(m) >= 0).all()


def test_grades_are_met_on_average_by_the_indirect_method():
    raw = np.arange(1.0, 21.0)
    m = indirect(raw, thresholds=[5.5, 10.5, 15.5])
    assert m.mean() == pytest.approx(0.5, abs=1e-9)
    assert ((m > 0) & (m < 1)).all()


def test_the_threshold_itself_is_in_unless_it_is_strict():
    assert crisp([0.0], threshold=0).tolist() == [1.0]
    assert crisp([0.0], threshold=0, strict=True).tolist() == [0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: direct([1], out=1, crossover=3, full=2), "anchors .* must rise, these are 1, 3, 2"),
        (lambda: direct([1], out=0, crossover=1, full=2, shape="round"), "unknown shape 'round'"),
        (lambda: direct([1], out=0, crossover=1, full=2, degree=0.5), "must lie above .5 and below 1"),
        (lambda: multi_value([1], thresholds=[2, 2]), "thresholds must rise, these are 2, 2"),
        (lambda: indirect([1], thresholds=[2]), "two thresholds or more; for one, use crisp"),
        (lambda: bell([1], anchors=[1, 2, 3]), "six anchors, not 3"),
        (lambda: bell([1], anchors=[0, 1, 5, 4, 6, 7]), "ends at 5, after the falling side begins at 4"),
    ],
)
def test_anchors_that_make_no_sense_are_refused(call, message):
    with pytest.raises(WrongCall, match=message):
        call()


def test_a_tie_that_is_missed_by_round_off_is_on_the_threshold() -> None:
    """Means of a third, a sixth and a half of sevenths: 3/7 - 2/7 - 1/7 is not 0 in floating point in every order."""
    above, below = 0.1 + 0.2 - 0.3, 0.3 - 0.2 - 0.1
    assert above > 0 > below
    assert crisp([above, below], threshold=0, strict=True).tolist() == [0.0, 0.0]
    assert crisp([above, below], threshold=0).tolist() == [1.0, 1.0]
    assert multi_value([above, below], thresholds=[0, 1]).tolist() == [1.0, 1.0]
    assert direct([above, below], out=-1, crossover=0, full=1).tolist() == [0.5, 0.5]


def test_a_score_off_the_threshold_by_more_than_round_off_is_not_on_it() -> None:
    assert crisp([1e-9, -1e-9], threshold=0, strict=True).tolist() == [1.0, 0.0]
