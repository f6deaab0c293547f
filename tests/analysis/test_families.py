from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.families import adjusted
from bwa_study.model.errors import UnknownName

# Benjamini & Hochberg (1995), JRSS-B 57, 289-300, their example; adjusted values from R 4 stats::p.adjust.
P = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
BH = [
    0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857142857, 0.063857142857, 0.0645, 0.0765, 0.486, 0.58118181818,
    0.714875, 0.75323076923, 0.81321428571, 1,
]  # fmt: skip
HOLM = [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(("correction", "expected"), [("benjamini-hochberg", BH), ("holm", HOLM), ("none", P)])
def test_the_published_example(correction, expected):
    assert adjusted(P, correction=correction) == pytest.approx(expected, abs=1e-9)


def test_the_published_number_of_findings():
    assert int((adjusted(P, correction="benjamini-hochberg") <= 0.05).sum()) == 4
    assert int((adjusted(P, correction="holm") <= 0.05).sum()) == 3


@pytest.mark.parametrize("correction", ["holm", "benjamini-hochberg"])
def test_a_test_that_was_not_made_does_not_count(correction):
    with_gap = adjusted([0.01, math.nan, 0.03], correction=correction)
    assert math.isnan(with_gap[1])
    assert with_gap[[0, 2]].tolist() == adjusted([0.01, 0.03], correction=correction).tolist()


@pytest.mark.parametrize("correction", ["holm", "benjamini-hochberg"])
def test_an_empty_family_is_empty(correction):
    assert adjusted([], correction=correction).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_never_below_p_in_any_order_and_holm_is_the_stricter(p, random):
    order = list(range(len(p)))
    random.shuffle(order)
    for correction in ("holm", "benjamini-hochberg"):
        found = adjusted(p, correction=correction)
        assert (found >= np.array(p) - 1e-12).all()
        assert (found <= 1).all()
        assert adjusted([p[i] for i in order], correction=correction) == pytest.approx(found[order])
    assert (adjusted(p, correction="holm") >= adjusted(p, correction="benjamini-hochberg") - 1e-12).all()


def test_an_unknown_correction_is_named():
    with pytest.raises(UnknownName, match="unknown correction 'hulm', did you mean 'holm'"):
        adjusted([0.1], correction="hulm")


def test_a_number_that_is_no_p_value_is_refused():
    with pytest.raises(ValueError, match=r"a p-value of 1\.2 is not between 0 and 1"):
        adjusted([0.1, 1.2], correction="holm")
