from __future__ import annotations

import math
import random
import time

import pytest

from bwa_study.analysis.span_interval import span_interval
from bwa_study.analysis.unitized import Unit, Unitized
from bwa_study.analysis.unitizing import binary_u_alpha, u_alpha
from bwa_study.analysis.unitizing_alpha_u import alpha_u
from bwa_study.model.spans import Span


def texts(n, *, spans=6, length=600, seed=1):
    """Two coders whose ends differ by a few code points, on `n` texts."""
    dice = random.Random(seed)
    units = []
    for text in range(n):
        for at in range(0, length - 60, length // spans):
            size, slip = dice.randrange(20, 50), dice.randrange(0, 9)
            units.append(Unit(f"t{text}", "ann", "x", Span(at, at + size)))
            units.append(Unit(f"t{text}", "bo", "x", Span(at + slip, at + size)))
    return Unitized(units, lengths={f"t{text}": length for text in range(n)}, coders=("ann", "bo"))


@pytest.mark.parametrize("coefficient", [u_alpha, alpha_u, binary_u_alpha])
def test_the_interval_holds_the_value_and_is_narrower_with_more_texts(coefficient):
    few, more = texts(5), texts(20)
    wide, narrow = span_interval(few, coefficient), span_interval(more, coefficient)

    assert wide.low < coefficient(few).value < wide.high < 1
    assert narrow.high - narrow.low < wide.high - wide.low
    assert wide.method == "jackknife by text, t with 4 degrees of freedom, of log(1 - value)"


def test_the_order_of_texts_changes_nothing():
    some = texts(6)
    turned = Unitized(some.units, lengths=dict(reversed(some.lengths.items())), coders=some.coders)

    assert span_interval(turned, u_alpha).low == pytest.approx(span_interval(some, u_alpha).low, abs=1e-12)


def test_parts_of_one_text_are_left_out_together():
    some = texts(6)
    parts = Unitized(
        some.units, lengths=some.lengths, coders=some.coders, part_of={"t1": "long", "t2": "long", "t3": "long"}
    )

    assert "t with 3 degrees of freedom" in span_interval(parts, u_alpha).method


def test_one_text_and_no_value_have_no_interval_and_say_why():
    one, nothing = span_interval(texts(1), u_alpha), span_interval(texts(3).only("y"), u_alpha)

    assert math.isnan(one.low)
    assert one.reason == "there is only one text"
    assert nothing.reason == "no coder marked anything"


def test_same_spans_in_every_text_leave_nothing_to_vary():
    units = [Unit(t, c, "x", Span(0, 20)) for t in "rst" for c in ("ann", "bo")]
    same = Unitized(units, lengths=dict.fromkeys("rst", 90), coders=("ann", "bo"))

    assert span_interval(same, u_alpha).reason.startswith("the coefficient is the same whatever is left out")


@pytest.mark.slow
def test_a_hundred_texts_take_seconds():
    start = time.perf_counter()
    span_interval(texts(100, spans=20, length=4000), u_alpha)
    assert time.perf_counter() - start < 30
