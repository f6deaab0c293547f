from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.model.spans import Span, merged

spans = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda p: Span(p[0], p[0] + p[1]))


def points(span: Span | None) -> set[int]:
    return set() if span is None else set(range(span.start, span.end))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 4), (-2, -1)])
def test_a_span_before_the_text_or_backwards_is_refused_with_its_numbers(start, end):
    with pytest.raises(ValueError, match=rf"^Span\({start}, {end}\): needs 0 <= start <= end$"):
        Span(start, end)


def test_a_span_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Span(0, 1).start = 5


def test_spans_are_ordered_by_start_then_end():
    assert sorted([Span(2, 3), Span(0, 9), Span(0, 1)]) == [Span(0, 1), Span(0, 9), Span(2, 3)]


def test_an_empty_span_is_falsy_and_has_no_length():
    assert not Span(4, 4)
    assert len(Span(4, 4)) == 0


def test_touching_spans_have_nothing_in_common():
    assert Span(0, 3) & Span(3, 6) is None


def test_the_span_of_two_spans_holds_what_lies_between_them():
    assert Span(0, 2) | Span(6, 8) == Span(0, 8)


def test_an_empty_span_adds_nothing_to_another():
    assert Span(9, 9) | Span(2, 4) == Span(2, 4)
    assert Span(2, 4) | Span(9, 9) == Span(2, 4)


def test_the_end_of_a_span_is_not_inside():
    assert 2 in Span(2, 4)
    assert 3 in Span(2, 4)
    assert 4 not in Span(2, 4)


def test_an_empty_span_is_in_nothing():
    assert Span(3, 3) not in Span(2, 4)
    assert Span(3, 3) not in Span(3, 3)


@given(spans, spans)
def test_the_common_part_holds_the_common_points(a, b):
    assert points(a & b) == points(a) & points(b)


@given(spans, spans)
def test_the_common_part_is_never_an_empty_span(a, b):
    both = a & b
    assert both is None or both


@given(spans, spans)
def test_common_part_and_hull_do_not_depend_on_the_order(a, b):
    assert a & b == b & a
    assert points(a | b) == points(b | a)


@given(spans, spans, spans)
def test_the_hull_does_not_depend_on_the_grouping(a, b, c):
    assert points((a | b) | c) == points(a | (b | c))


@given(spans)
def test_a_span_with_itself_is_itself(a):
    assert a | a == a
    assert (a & a) == (a if a else None)


@given(spans, spans)
def test_the_hull_is_the_smallest_span_over_both(a, b):
    both = points(a) | points(b)
    expected = set(range(min(both), max(both) + 1)) if both else set()
    assert points(a | b) == expected


@given(spans, spans)
def test_a_non_empty_span_is_inside_where_all_its_points_are(a, b):
    assert (a in b) == (bool(a) and points(a) <= points(b))


@given(spans, st.integers(-5, 50))
def test_a_point_is_inside_where_the_slice_would_hold_it(a, point):
    assert (point in a) == (point in points(a))


def test_merged_joins_what_overlaps_or_touches_and_keeps_gaps():
    found = merged([Span(10, 12), Span(0, 3), Span(3, 5), Span(4, 6), Span(8, 8)])
    assert found == [Span(0, 6), Span(10, 12)]


def test_merged_of_nothing_is_nothing():
    assert merged([]) == []
    assert merged([Span(3, 3)]) == []


@given(st.lists(spans, max_size=8))
def test_merged_covers_the_same_points_in_sorted_spans_with_gaps_between(some):
    out = merged(some)
    assert set().union(*map(points, out)) == set().union(*map(points, some))
    assert all(out)
    assert all(left.end < right.start for left, right in pairwise(out))


@given(st.lists(spans, max_size=8))
def test_merging_twice_changes_nothing(some):
    assert merged(merged(some)) == merged(some)


@given(st.permutations([Span(0, 3), Span(2, 5), Span(7, 9), Span(9, 11)]))
def test_merged_does_not_depend_on_the_order(some):
    assert merged(some) == [Span(0, 5), Span(7, 11)]
