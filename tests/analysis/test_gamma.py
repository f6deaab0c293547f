from __future__ import annotations

import math

import pytest

from bwa_study.analysis.gamma import gamma
from bwa_study.analysis.unitized import Unit, Unitized
from bwa_study.model.spans import Span


def spans(*rows, length=400, coders=("ann", "bo")):
    """Rows of coder, start, end, code."""
    return Unitized([Unit("t", c, k, Span(s, e)) for c, s, e, k in rows], lengths={"t": length}, coders=coders)


def both(*units):
    return spans(*[(c, *u) for c in ("ann", "bo") for u in units])


UNITS = ((0, 20, "x"), (60, 90, "y"), (150, 170, "x"), (300, 340, "z"))
NEAR = spans(*[("ann", *u) for u in UNITS], *[("bo", s + 3, e + 2, k) for s, e, k in UNITS])


def test_the_same_spans_have_gamma_1():
    found = gamma(both(*UNITS))
    assert found.value == 1
    assert found.observed == 0
    assert [[u.code for u in row] for row in found.alignment] == [["x", "x"], ["y", "y"], ["x", "x"], ["z", "z"]]


def test_spans_nearby_come_near_1_and_other_codes_cost():
    other = spans(*[("ann", *u) for u in UNITS], *[("bo", s + 3, e + 2, "w") for s, e, _ in UNITS])
    assert 0.9 < gamma(NEAR).value < 1
    assert gamma(other).value < 0.5


def test_gamma_is_one_less_the_ratio_of_disorders():
    found = gamma(NEAR)
    assert found.value == 1 - found.observed / found.expected
    assert found.low <= found.value <= found.high
    assert found.n_units == 8


def test_spans_of_chance_are_near_0():
    import random

    dice = random.Random(3)
    rows = [
        (c, s := dice.randrange(9900), s + dice.randrange(20, 90), dice.choice("xyz"))
        for c in ("ann", "bo")
        for _ in range(60)
    ]
    assert gamma(spans(*rows, length=10_000)).value == pytest.approx(0, abs=0.12)


def test_the_order_of_coders_changes_only_the_dice():
    turned = Unitized(NEAR.units, lengths=NEAR.lengths, coders=("bo", "ann"))
    assert gamma(turned).observed == gamma(NEAR).observed
    assert gamma(turned).value == pytest.approx(gamma(NEAR).value, abs=0.01)


def test_the_same_seed_gives_the_same_value_and_precision_asks_for_samples():
    assert gamma(NEAR, seed=4).value == gamma(NEAR, seed=4).value
    assert gamma(NEAR, seed=4).value != gamma(NEAR, seed=5).value
    assert gamma(NEAR, precision=0.02).samples > gamma(NEAR, precision=0.1).samples >= 30


def test_a_weight_of_nothing_looks_at_the_other_only():
    relabelled = spans(("ann", 0, 20, "x"), ("ann", 100, 120, "y"), ("bo", 0, 20, "y"), ("bo", 100, 120, "x"))
    assert gamma(relabelled, category=0).value == 1
    assert gamma(relabelled).value < 0.5


def test_three_coders_one_of_whom_marked_nothing():
    found = gamma(spans(("ann", 0, 20, "x"), ("bo", 0, 20, "x"), coders=("ann", "bo", "cy")))
    assert found.alignment[0][2] is None
    assert found.observed == pytest.approx((0 + 1 + 1) / 3 / (2 / 3))


def test_where_there_is_nothing_to_compare_it_says_why():
    for nothing, reason in (
        (spans(coders=("ann",)), "1 coder; agreement needs two"),
        (spans(), "no coder marked anything"),
    ):
        found = gamma(nothing)
        assert math.isnan(found.value)
        assert found.reason == reason


def test_wrong_options_are_refused():
    with pytest.raises(ValueError, match="not both 0; got 0 and 0"):
        gamma(NEAR, position=0, category=0)
    with pytest.raises(ValueError, match="precision 2 is not between 0 and 1"):
        gamma(NEAR, precision=2)
