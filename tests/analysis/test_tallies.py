from __future__ import annotations

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.analysis.tallies import Counted, place_tally, read_whole, unit_tally

A, B, C = 0, 1, 2


@pytest.fixture(scope="module")
def turns(tiny):
    return bwa.matrix(tiny)


def test_the_six_states_of_a_cell_are_kept_apart(turns):
    tally = unit_tally(turns, ("group", "round"), by_turn=False)
    # present only, absent only, both, not mentioned, not asked, not examined
    assert tally.counted(("worker", "before"), [A], "present") == Counted(1, 2, "ok", (1, 1, 0, 0, 0, 0))
    assert tally.counted(("worker", "before"), [B], "present") == Counted(0, 2, "ok", (0, 1, 0, 1, 0, 0))
    assert tally.counted(("worker", "after"), [A], "present") == Counted(1, 1, "ok", (0, 0, 1, 0, 0, 1))
    assert tally.counted(("worker", "after"), [C], "present") == Counted(0, 0, "not asked", (0, 0, 0, 0, 1, 1))


def test_a_cell_without_interviews_is_not_visited(turns):
    tally = unit_tally(turns, ("group", "round"), by_turn=False)
    assert tally.counted(("manager", "after"), [A], "present") == Counted(0, 0, "not visited", (0,) * 6)
    places = place_tally(turns, ("group", "round"), in_words=True)
    assert places.counted(("manager", "after"), [A], "present") == Counted(0, 0, "not visited")


def test_a_unit_with_both_polarities_counts_as_present_as_absent_and_once_as_mentioned(turns):
    tally = unit_tally(turns, ("group", "round"), by_turn=False)
    assert [tally.counted(("worker", "after"), [A], p).n for p in ("present", "absent", "mentioned")] == [1, 1, 1]


def test_codes_taken_together_count_a_unit_once(turns):
    tally = unit_tally(turns, (), by_turn=False)
    assert tally.counted((), [A, B], "mentioned") == Counted(4, 4, "ok", (1, 1, 2, 0, 0, 1))


def test_a_code_that_was_spoken_of_without_being_asked_is_kept_apart_and_in_no_share(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["Pay rose."], blocks=["time"])],
        [("w1", "Pay rose.", "c", "present", "x")],
        examined={"x": {"w1": None}},
    )
    tally = unit_tally(bwa.matrix(study), (), by_turn=False)
    assert tally.counted((), [C], "present") == Counted(0, 0, "not asked", (0, 0, 0, 0, 1, 0), unasked=1)


def test_turns_count_each_turn_of_a_respondent_once(turns):
    tally = unit_tally(turns, ("group", "round"), by_turn=True)
    assert tally.counted(("worker", "before"), [A], "present") == Counted(1, 3, "ok", (1, 1, 0, 1, 0, 0))
    assert tally.counted(("worker", "after"), [A], "mentioned") == Counted(2, 2, "ok", (1, 1, 0, 0, 0, 1))


def test_segments_are_distinct_places(turns):
    tally = place_tally(turns, ("group",), in_words=False)
    assert tally.counted(("manager",), [A, B], "present") == Counted(1, 1, "ok")
    assert tally.counted(("worker",), [A], "present") == Counted(3, 6, "ok")
    assert tally.counted(("worker",), [A], "mentioned") == Counted(5, 6, "ok")


def test_a_visited_cell_without_any_coded_segment_says_so(make_study, make_interview):
    study = make_study([make_interview("w1", "worker", "before", "S1", ["Fine."])], examined={"x": {"w1": None}})
    tally = place_tally(bwa.matrix(study), ("round",), in_words=False)
    assert tally.counted(("before",), [A], "present") == Counted(0, 0, "nothing coded")


def test_words_of_overlapping_segments_count_once(turns):
    tally = place_tally(turns, ("round",), in_words=True)
    assert tally.counted(("after",), [A], "present") == Counted(5, 8, "ok")
    assert tally.counted(("after",), [A], "mentioned") == Counted(8, 8, "ok")


def test_han_characters_are_words_and_interviewers_words_are_not_counted(turns):
    tally = place_tally(turns, ("group", "round"), in_words=True)
    assert tally.counted(("worker", "before"), [A], "present") == Counted(4, 14, "ok")
    assert tally.counted(("worker", "before"), [A], "absent") == Counted(6, 14, "ok")


def test_words_in_turns_that_were_not_examined_are_in_neither_number(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["One two three.", "Four five."])],
        [("w1", "One two", "a", "present", "x"), ("w1", "Four", "a", "present", "x")],
        examined={"x": {"w1": [2]}},
    )
    tally = place_tally(bwa.matrix(study), (), in_words=True)
    assert tally.counted((), [A], "present") == Counted(1, 2, "ok")


def test_words_of_an_interviewer_within_a_coded_place_are_not_counted(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["One two.", "I: And you?", "Three."])],
        [("w1", "One two.\nAnd you?\nThree.", "a", "present", "x")],
        examined={"x": {"w1": None}},
    )
    assert place_tally(bwa.matrix(study), (), in_words=True).counted((), [A], "present") == Counted(3, 3, "ok")


def test_a_coder_without_a_record_of_reading_has_read_the_interviews_she_coded(make_study, make_interview):
    said = ["One two three."]
    study = make_study(
        [make_interview(id, "worker", "before", "S1", said) for id in ("w1", "w2")],
        [("w1", "One", "a", "present", "x")],
    )
    m = bwa.matrix(study)
    assert unit_tally(m, (), by_turn=False).counted((), [A], "present") == Counted(1, 1, "ok", (1, 0, 0, 0, 0, 1))
    assert place_tally(m, (), in_words=True).counted((), [A], "present") == Counted(1, 3, "ok")


@pytest.mark.parametrize("unit", ["turn", "interview"])
def test_an_interview_about_several_sites_counts_at_each_with_what_it_says_of_that_one(tiny, unit):
    tally = unit_tally(bwa.matrix(tiny, unit=unit), ("site",), by_turn=False)
    assert tally.counted(("S1",), [A], "present") == Counted(3, 3, "ok", (2, 0, 1, 0, 0, 1))
    assert tally.counted(("S2",), [A], "present") == Counted(0, 2, "ok", (0, 1, 0, 1, 0, 0))


@pytest.mark.parametrize("unit", ["turn", "interview"])
def test_a_site_that_an_interview_is_silent_about_has_that_interview_in_its_denominator(
    make_study, make_interview, unit
):
    study = make_study(
        [make_interview("m1", "manager", "before", "S1;S2", ["[S1] We met.", "In general, fine."])],
        [("m1", "We met.", "a", "present", "x")],
        examined={"x": {"m1": None}},
    )
    tally = unit_tally(bwa.matrix(study, unit=unit), ("site",), by_turn=False)
    assert tally.counted(("S1",), [A], "present") == Counted(1, 1, "ok", (1, 0, 0, 0, 0, 0))
    assert tally.counted(("S2",), [A], "present") == Counted(0, 1, "ok", (0, 0, 0, 1, 0, 0))


def test_words_count_at_the_site_a_coding_says_they_are_about(make_study, make_interview):
    study = make_study(
        [make_interview("m1", "manager", "before", "S1;S2", ["We met in one of them."])],
        [("m1", "We met", "a", "present", "x", {"about": "S2"})],
        examined={"x": {"m1": None}},
    )
    tally = place_tally(bwa.matrix(study), ("site",), in_words=True)
    assert tally.counted(("S2",), [A], "present") == Counted(2, 6, "ok")
    assert tally.counted(("S1",), [A], "present") == Counted(0, 0, "not examined")


@pytest.mark.parametrize("by", [("site",), ()])
def test_an_interview_read_in_part_is_not_an_examined_interview(make_study, make_interview, by):
    study = make_study(
        [make_interview("m1", "manager", "before", "S1;S2", ["[S1] We met.", "[S2] They did not."])],
        [("m1", "We met.", "a", "present", "x")],
        examined={"x": {"m1": [1]}},
    )
    cell = ("S1",) if by else ()
    m = bwa.matrix(study)
    assert unit_tally(m, by, by_turn=False).counted(cell, [A], "present").status == "not examined"
    assert unit_tally(m, by, by_turn=True).counted(cell, [A], "present").n == 1
    assert not read_whole(m).any()


def test_turns_collapse_to_the_same_interviews_as_a_matrix_of_interviews(lite_study):
    for coder in lite_study.examined.coders:
        by_turn, by_interview = (bwa.matrix(lite_study, unit=u, coders=[coder]) for u in ("turn", "interview"))
        for by in (("group", "round"), ("site",)):
            one, other = (unit_tally(m, by, by_turn=False) for m in (by_turn, by_interview))
            assert one.rows_of.keys() == other.rows_of.keys()
            for cell in one.rows_of:
                for code in range(0, len(by_turn.codes), 5):
                    assert one.counted(cell, [code], "mentioned") == other.counted(cell, [code], "mentioned")


def test_a_tally_leaves_the_matrix_as_it_was(tiny):
    m = bwa.matrix(tiny)
    before = (m.units.copy(), m.present.copy(), m.examined.copy())
    unit_tally(m, ("site",), by_turn=False)
    place_tally(m, ("site",), in_words=True)
    assert m.units.equals(before[0])
    assert np.array_equal(m.present, before[1])
    assert np.array_equal(m.examined, before[2])
