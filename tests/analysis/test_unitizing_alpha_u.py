from __future__ import annotations

import csv
import json
import math
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.unitized import Unit, Unitized
from bwa_study.analysis.unitizing_alpha_u import alpha_u, alpha_u_by_code
from bwa_study.model.spans import Span

GOLD = Path(__file__).parents[1] / "data" / "gold" / "krippendorff2004_unitizing"


def read():
    with (GOLD / "data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    units = [Unit("t", row["coder"], row["code"], Span(int(row["start"]), int(row["end"]))) for row in rows]
    return Unitized(units, lengths={"t": int(rows[0]["continuum_length"])}, coders=("i", "j"))


@st.composite
def unitizations(draw, max_texts=3):
    """Two to four coders; a coder's units of different codes may overlap, those of one code may touch."""
    texts = "rst"[: draw(st.integers(1, max_texts))]
    lengths = {text: draw(st.integers(1, 25)) for text in texts}
    coders = tuple("abcd")[: draw(st.integers(2, 4))]
    units = []
    for text, length in lengths.items():
        for coder in coders:
            for code in "xy":
                at = 0
                for gap, size in draw(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 8)), max_size=4)):
                    if at + gap + size <= length:
                        units.append(Unit(text, coder, code, Span(at + gap, at + gap + size)))
                        at += gap + size
    return Unitized(units, lengths=lengths, coders=coders)


def segments(spans, text, coder, code):
    """Begin, end and whether it is a unit, of all that one coder's units and gaps are."""
    out, at = [], 0
    for u in spans.units:
        if (u.continuum, u.coder, u.code) == (text, coder, code):
            out += [(at, u.span.start, False)] * (u.span.start > at) + [(u.span.start, u.span.end, True)]
            at = u.span.end
    return out + [(at, spans.lengths[text], False)] * (at < spans.lengths[text])


def squared_difference(one, other):
    (b, e, unit), (b2, e2, unit2) = one, other
    if unit and unit2 and b < e2 and b2 < e:
        return (b - b2) ** 2 + (e - e2) ** 2
    if unit and not unit2 and b2 <= b and e <= e2:
        return (e - b) ** 2
    if unit2 and not unit and b <= b2 and e2 <= e:
        return (e2 - b2) ** 2
    return 0


def segment_by_segment(spans, code):
    """Observed and expected disagreement from their definition."""
    m, whole = len(spans.coders), spans.length
    of = {(t, c): segments(spans, t, c, code) for t in spans.lengths for c in spans.coders}
    observed = sum(
        squared_difference(g, h)
        for text in spans.lengths
        for i, j in combinations(spans.coders, 2)
        for g in of[text, i]
        for h in of[text, j]
    )
    units = [e - b for of_coder in of.values() for b, e, unit in of_coder if unit]
    gaps = [e - b for of_coder in of.values() for b, e, unit in of_coder if not unit]
    expected = 0.0
    for n in units:
        expected += (len(units) - 1) / 3 * (2 * n**3 - 3 * n**2 + n)
        expected += n**2 * sum(gap - n + 1 for gap in gaps if gap >= n)
    expected *= 2 / whole / (m * whole * (m * whole - 1) - sum(n * (n - 1) for n in units))
    return 2 * observed / (m * (m - 1) * whole**2), expected


def numbers(spans):
    return [alpha_u(spans).value, *(r.value for r in alpha_u_by_code(spans).values())]


def close(expected):
    return pytest.approx(expected, rel=1e-10, abs=1e-11, nan_ok=True)


def test_alpha_u_gives_the_values_published_by_krippendorff_in_2004():
    expected, results = json.loads((GOLD / "expected.json").read_text(encoding="utf-8")), alpha_u_by_code(read())
    assert {k: round(r.observed, 4) for k, r in results.items()} == expected["observed"]
    assert {k: round(r.expected, 4) for k, r in results.items()} == expected["expected"]
    assert {k: round(r.value, 4) for k, r in results.items()} == expected["alpha_by_code"]
    whole = alpha_u(read())
    assert round(whole.value, 4) == 0.8587
    assert round(1 - round(whole.observed, 4) / round(whole.expected, 4), 4) == expected["alpha"]


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ([(2, 8), (14, 6)], [(4, 4), (15, 2)], 0.553),
        ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)], 0.066),
    ],
)
def test_alpha_u_on_a_fine_grain_gives_the_values_published_in_1995(one, other, value):
    grain = 50_000
    units = [
        Unit("t", coder, "x", Span(start * grain, (start + length) * grain))
        for coder, marked in (("one", one), ("other", other))
        for start, length in marked
    ]
    spans = Unitized(units, lengths={"t": 24 * grain}, coders=("one", "other"))
    assert round(alpha_u(spans).value, 3) == value


@given(unitizations())
def test_alpha_u_is_its_definition_counted_segment_by_segment(spans):
    each = {code: segment_by_segment(spans, code) for code in spans.codes}
    results = alpha_u_by_code(spans)
    for code, (observed, expected) in each.items():
        if expected:
            assert (results[code].observed, results[code].expected) == close((observed, expected))
            assert results[code].value == close(1 - observed / expected)
    if sum(expected for _, expected in each.values()):
        whole = 1 - sum(observed for observed, _ in each.values()) / sum(expected for _, expected in each.values())
        assert alpha_u(spans).value == close(whole)


@given(unitizations())
def test_coders_who_mark_the_same_agree_perfectly(spans):
    first = [u for u in spans.units if u.coder == "a"]
    same = Unitized([u._replace(coder=c) for u in first for c in "ab"], lengths=spans.lengths, coders=("a", "b"))
    for result in (alpha_u(same), *alpha_u_by_code(same).values()):
        assert result.value == 1 or result.reason


@given(unitizations(), st.randoms(use_true_random=False))
def test_the_order_of_coders_texts_and_units_and_the_names_of_codes_change_nothing(spans, rng):
    units, coders, texts = list(spans.units), list(spans.coders), list(spans.lengths.items())
    for things in (units, coders, texts):
        rng.shuffle(things)
    assert numbers(Unitized(units, lengths=dict(texts), coders=tuple(coders))) == close(numbers(spans))
    renamed = [u._replace(code={"x": "", "y": "gap"}[u.code]) for u in units]
    assert numbers(Unitized(renamed, lengths=dict(texts), coders=tuple(coders))) == close(numbers(spans))


@given(unitizations())
def test_a_value_is_missing_exactly_where_a_reason_is_given(spans):
    for result in (alpha_u(spans), *alpha_u_by_code(spans).values()):
        assert math.isnan(result.value) == bool(result.reason)
        assert result.value <= 1 or result.reason


@pytest.mark.parametrize(
    ("coders", "length", "units", "reason"),
    [
        (("a",), 20, [(0, 5)], "1 coder; agreement needs two"),
        (("a", "b"), 20, [], "no coder marked anything"),
        (("a", "b"), 0, [], "there is no text to agree on"),
        (("a", "b"), 2, [(0, 1), (1, 2)], "chance leaves no room for disagreement"),
    ],
)
def test_what_is_undefined_says_why(coders, length, units, reason):
    marked = [Unit("t", coder, "x", Span(s, e)) for coder in coders for s, e in units]
    result = alpha_u(Unitized(marked, lengths={"t": length}, coders=coders))
    assert (math.isnan(result.value), result.reason) == (True, reason)


def test_two_codes_on_the_same_words_are_no_hindrance():
    units = [Unit("t", coder, code, span) for coder in "ab" for code, span in (("x", Span(0, 6)), ("y", Span(4, 9)))]
    assert alpha_u(Unitized(units, lengths={"t": 20}, coders=("a", "b"))).value == 1
