from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.present.spread import spread


def test_labels_that_are_apart_stay_where_they_are():
    assert spread([0.9, 0.1, 0.5], gap=0.1) == pytest.approx([0.9, 0.1, 0.5])


def test_nothing_to_place_is_nothing():
    assert spread([]) == []


def test_a_crowd_at_the_top_stays_in_the_picture():
    assert spread([1.0, 1.0, 1.0], gap=0.1) == pytest.approx([0.8, 0.9, 1.0])


@given(st.lists(st.floats(0, 1), max_size=15))
def test_labels_keep_their_order_their_distance_and_the_picture(values):
    out = spread(values, gap=0.05)
    pairs = sorted(zip(values, out, strict=True), key=lambda p: p[1])
    assert [v for v, _ in pairs] == sorted(values)
    assert all(b[1] - a[1] >= 0.05 - 1e-9 for a, b in itertools.pairwise(pairs))
    assert all(-1e-9 <= y <= 1 + 1e-9 for y in out)
