from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.analysis.frequency import COUNTS, POLARITIES, STATE_COLUMNS, shown_cell
from bwa_study.model.codebook import Code
from bwa_study.model.errors import SeveralCoders, UnknownName, WrongUnit
from bwa_study.model.labels import Label

A_HUMAN = "simulated-human-A"


@pytest.fixture(scope="module")
def turns(tiny):
    return bwa.matrix(tiny)


def numbers(table, code="a", polarity="present"):
    """Cell to n / denominator / status, in the order of the table."""
    rows = table.frame
    rows = rows[(rows["code"] == code) & (rows["polarity"] == polarity)]
    return {
        tuple(r[name] for name in table.by): (r["n"], r["denominator"], r["status"]) for r in rows.to_dict("records")
    }


# Each kind of count by hand


def test_interviews_by_group_and_round(turns):
    table = bwa.frequency(turns)
    assert numbers(table) == {
        ("worker", "before"): (1, 2, "ok"),
        ("worker", "after"): (1, 1, "ok"),
        ("manager", "before"): (1, 1, "ok"),
        ("manager", "after"): (0, 0, "not visited"),
    }
    assert numbers(table, "b", "absent")[("worker", "before")] == (1, 2, "ok")


def test_turns_by_group(turns):
    assert numbers(bwa.frequency(turns, by=("group",), count="turns")) == {
        ("worker",): (2, 5, "ok"),
        ("manager",): (1, 3, "ok"),
    }


def test_segments_by_round(turns):
    assert numbers(bwa.frequency(turns, by=("round",), count="segments")) == {
        ("before",): (2, 4, "ok"),
        ("after",): (2, 3, "ok"),
    }


def test_words_by_group_and_round(turns):
    assert numbers(bwa.frequency(turns, count="words")) == {
        ("worker", "before"): (4, 14, "ok"),
        ("worker", "after"): (5, 8, "ok"),
        ("manager", "before"): (3, 10, "ok"),
        ("manager", "after"): (0, 0, "not visited"),
    }


def test_interviews_by_site(turns):
    assert numbers(bwa.frequency(turns, by=("site",))) == {("S2",): (0, 2, "ok"), ("S1",): (3, 3, "ok")}


def test_turns_by_site_leave_out_turns_about_no_site(turns):
    assert numbers(bwa.frequency(turns, by=("site",), count="turns")) == {("S2",): (0, 2, "ok"), ("S1",): (3, 5, "ok")}


def test_interviews_by_language(turns):
    assert numbers(bwa.frequency(turns, by=("language",))) == {("en",): (3, 3, "ok"), ("zh",): (0, 1, "ok")}


def test_interviews_by_another_field_of_the_manifest_with_those_without_a_value_last(turns):
    assert numbers(bwa.frequency(turns, by=("shift",))) == {
        ("day",): (0, 1, "ok"),
        ("night",): (2, 2, "ok"),
        ("",): (1, 1, "ok"),
    }


def test_the_whole_study_is_one_cell(turns):
    assert numbers(bwa.frequency(turns, by=())) == {(): (3, 4, "ok")}


def test_mentioned_counts_either_polarity_once(turns):
    table = bwa.frequency(turns, by=(), polarity=POLARITIES)
    assert [numbers(table, "a", p)[()][0] for p in POLARITIES] == [3, 2, 4]


def test_share_and_interval_are_of_n_and_denominator_and_not_rounded(turns):
    cell = bwa.frequency(turns, by=()).cell("b", polarity="absent")
    assert (cell["n"], cell["denominator"], cell["share"]) == (1, 4, 0.25)
    assert (cell["low"], cell["high"]) == bwa.wilson(1, 4)


@pytest.mark.parametrize("count", ["turns", "segments", "words"])
def test_counts_that_are_not_independent_get_no_interval_and_say_why(turns, count):
    table = bwa.frequency(turns, count=count)
    assert table.frame[["low", "high"]].isna().all(axis=None)
    assert f"No interval is given: {count} of one interview are not independent." in table.method


# States


def test_the_states_add_up_to_the_interviews_of_a_cell(turns):
    table = bwa.frequency(turns).frame
    total = table[list(STATE_COLUMNS)].sum(axis=1)
    visited = {("worker", "before"): 2, ("worker", "after"): 2, ("manager", "before"): 1, ("manager", "after"): 0}
    assert total.tolist() == [visited[cell] for cell in zip(table["group"], table["round"], strict=True)]


def test_an_unasked_code_has_no_denominator_and_an_unread_interview_neither(turns):
    table = bwa.frequency(turns)
    cell = table.cell("c", group="worker", round="after")
    assert (cell["denominator"], cell["not_asked"], cell["not_examined"], cell["status"]) == (0, 1, 1, "not asked")
    assert math.isnan(cell["share"])
    assert math.isnan(cell["low"])
    assert table.cell("c", group="manager", round="before")["status"] == "not asked"


def test_a_cell_that_nobody_read_is_not_examined(make_study, make_interview):
    study = make_study(
        [make_interview(id, "worker", r, "S1", ["Fine."]) for id, r in (("w1", "before"), ("w2", "after"))],
        [("w1", "Fine.", "a", "present", "x")],
        examined={"x": {"w1": None}},
    )
    cell = bwa.frequency(bwa.matrix(study)).cell("a", group="worker", round="after")
    assert (cell["denominator"], cell["not_examined"], cell["status"]) == (0, 1, "not examined")


def test_segments_and_words_have_no_states(turns):
    for count in ("segments", "words"):
        assert bwa.frequency(turns, count=count).frame[list(STATE_COLUMNS)].isna().all(axis=None)


# Order and rows


def test_cells_keep_the_declared_order_and_empty_ones(turns):
    rows = bwa.frequency(turns).select(polarity="present", level="code")
    assert list(zip(rows["code"], rows["group"], rows["round"], strict=True)) == [
        (code, group, round)
        for code in ("a", "b", "c")
        for group in ("worker", "manager")
        for round in ("before", "after")
    ]


def test_theme_rows_stand_before_their_codes_and_count_a_unit_once(turns):
    table = bwa.frequency(turns, by=("group",))
    heads = list(dict.fromkeys(zip(table.frame["theme"], table.frame["code"], strict=True)))
    assert heads == [("t", ""), ("t", "a"), ("t", "b"), ("u", ""), ("u", "c")]
    themes = table.select(polarity="present", level="theme")
    of_t = themes[themes["theme"] == "t"]
    assert list(zip(of_t["group"], of_t["n"], of_t["denominator"], strict=True)) == [
        ("worker", 2, 3),
        ("manager", 1, 1),
    ]
    assert of_t["both"].tolist() == [2, 0]


def test_theme_rows_can_be_left_out(turns):
    table = bwa.frequency(turns, themes=False)
    assert set(table.frame["code"]) == {"a", "b", "c"}
    assert table.select(level="theme").empty


def test_a_code_without_a_theme_has_a_row_and_no_theme_row(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["Fine."])],
        examined={"x": {"w1": None}},
        codes=(Code("lone", "", Label(())),),
    )
    assert bwa.frequency(bwa.matrix(study), by=()).frame[["theme", "code"]].drop_duplicates().values.tolist() == [
        ["", "lone"]
    ]


def test_workers_of_f06_in_the_first_round_are_not_visited_and_keep_their_place(full_study):
    table = bwa.frequency(bwa.matrix(full_study, coders=[A_HUMAN]), by=("site", "group", "round"), themes=False)
    rows = table.select(polarity="present")
    one = rows[(rows["code"] == "follow_up") & (rows["site"] == "F06") & (rows["group"] == "worker")]
    assert one["round"].tolist() == ["R1", "R2", "R3"]
    assert one["status"].tolist() == ["not visited", "ok", "ok"]
    assert one["denominator"].tolist() == [0, 6, 6]
    never = rows[rows["status"] == "not visited"]
    assert set(zip(never["site"], never["group"], never["round"], strict=True)) == {("F06", "worker", "R1")}
    assert len(rows) == len(full_study.codebook) * 12 * 3 * 3


# Refusals


def test_two_coders_are_refused_with_the_ways_out_named(lite_study):
    with pytest.raises(SeveralCoders) as error:
        bwa.frequency(bwa.matrix(lite_study, coders=[A_HUMAN, "simulated-human-B"]))
    assert str(error.value) == (
        "frequency needs one coder, this matrix has 2 (simulated-human-A, simulated-human-B) — choose one with "
        'matrix.select(coder="simulated-human-A") or merge them with consensus(matrix, rule="majority")'
    )


def test_turns_are_refused_on_a_matrix_of_interviews(tiny):
    with pytest.raises(WrongUnit, match=r'turns cannot be counted .* make it with matrix\(study, unit="turn"\)'):
        bwa.frequency(bwa.matrix(tiny, unit="interview"), count="turns")


@pytest.mark.parametrize("count", ["segments", "words"])
def test_segments_and_words_of_a_consensus_are_refused(tiny, count):
    agreed = bwa.consensus(bwa.matrix(tiny), rule="any")
    with pytest.raises(WrongUnit, match=f"{count} of a consensus are not defined — count interviews or turns"):
        bwa.frequency(agreed, count=count)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ("groop",)}, "unknown field to count by 'groop', did you mean 'group'"),
        ({"count": "interview"}, "unknown count 'interview', did you mean 'interviews'"),
        ({"polarity": ("presnt",)}, "unknown polarity 'presnt', did you mean 'present'"),
    ],
)
def test_unknown_options_are_named_with_the_nearest_known_one(turns, options, message):
    with pytest.raises(UnknownName, match=message):
        bwa.frequency(turns, **options)


# Reading a result


def test_a_cell_must_be_named_by_every_field_of_the_table(turns):
    with pytest.raises(ValueError, match="named by group, round, not by group"):
        bwa.frequency(turns).cell("a", group="worker")


@pytest.mark.parametrize(
    ("code", "where", "message"),
    [
        ("aa", {"group": "worker", "round": "after"}, "unknown code or polarity 'aa, present'"),
        ("a", {"group": "workers", "round": "after"}, "unknown group 'workers', did you mean 'worker'"),
        ("a", {"group": "worker", "round": "R9"}, "unknown round 'R9' — known: before, after"),
    ],
)
def test_a_cell_that_does_not_exist_is_an_error(turns, code, where, message):
    with pytest.raises(UnknownName, match=message):
        bwa.frequency(turns).cell(code, **where)


def test_select_refuses_an_unknown_polarity(turns):
    with pytest.raises(UnknownName, match="unknown polarity 'both' — known: present, absent, mentioned"):
        bwa.frequency(turns).select(polarity="both")


def test_the_compact_table_shows_share_n_and_denominator_or_why_there_is_none(turns):
    compact = bwa.frequency(turns).compact()
    assert compact.index.tolist() == [(code, "not double-coded") for code in "abc"]
    assert compact.columns.tolist() == [
        ("worker", "before"),
        ("worker", "after"),
        ("manager", "before"),
        ("manager", "after"),
    ]
    assert compact.loc["a"].iloc[0].tolist() == ["50% (1/2)", "100% (1/1)", "100% (1/1)", "not visited"]
    assert compact.loc["c"].iloc[0].tolist() == ["0% (0/2)", "not asked", "not asked", "not visited"]
    assert bwa.frequency(turns, by=()).compact()["cell"].tolist() == ["75% (3/4)", "25% (1/4)", "0% (0/2)"]


def test_a_shown_cell_of_nobody_is_its_status():
    assert shown_cell({"status": "not visited", "share": math.nan, "n": 0, "denominator": 0}) == "not visited"


def test_a_result_says_method_source_coder_and_codebook(turns):
    table = bwa.frequency(turns)
    assert table.title == "Share of interviews with a code, by group and round"
    assert table.method.startswith("Denominator: interviews in which the code was asked about, and which the coder")
    assert table.source == "Wilson (1927)"
    assert (table.provenance["coder"], table.provenance["codebook"]) == ("x", "tiny 1")
    assert (table.provenance["counted"], table.provenance["interviews"]) == ("interviews", "5")


def test_the_frame_is_a_copy(turns):
    table = bwa.frequency(turns)
    taken = table.frame
    taken["n"] = 99
    assert table.frame["n"].max() == 2


# Properties

_SAID = st.lists(
    st.tuples(
        st.sampled_from(["w1", "w2", "w3", "m1"]),
        st.sampled_from(["One two.", "two", "Three", "Three four five."]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["present", "absent"]),
        st.just("x"),
        st.sampled_from([{}, {"about": "S2"}, {"time_ref": "before"}, {"status": "rejected"}]),
    ),
    min_size=1,
    max_size=8,
)
_READ = st.lists(st.sampled_from([None, [1], [1, 2], [2]]), min_size=4, max_size=4)


@settings(max_examples=60)
@given(
    said=_SAID,
    read=_READ,
    by=st.sampled_from([(), ("group", "round"), ("site",), ("site", "language")]),
    count=st.sampled_from(COUNTS),
)
def test_n_is_never_above_the_denominator_and_the_share_lies_in_its_interval(
    said, read, by, count, make_study, make_interview
):
    places = {"w1": ("worker", "before", "S1"), "w2": ("worker", "after", "S2"), "w3": ("worker", "after", "S1")}
    places["m1"] = ("manager", "before", "S1;S2")
    words = ["One two.", "Three four five."]
    study = make_study(
        [make_interview(id, *facts, words, blocks=["pay"] if id == "w1" else ["x"]) for id, facts in places.items()],
        said,
        examined={"x": dict(zip(places, read, strict=True))},
    )
    m = bwa.matrix(study)
    table = bwa.frequency(m, by=by, count=count, polarity=POLARITIES).frame
    assert (table["n"] <= table["denominator"]).all()
    some = table[table["denominator"] > 0]
    assert (some["share"] == some["n"] / some["denominator"]).all()
    assert some["share"].between(0, 1).all()
    assert table.loc[table["denominator"] == 0, "share"].isna().all()
    assert ((table["status"] == "ok") == (table["denominator"] > 0)).all()
    if count == "interviews":
        assert ((some["low"] <= some["share"]) & (some["share"] <= some["high"])).all()


def test_mentioned_lies_between_the_larger_polarity_and_their_sum_in_the_demo(lite_study):
    m = bwa.matrix(lite_study, coders=[A_HUMAN])
    table = bwa.frequency(m, polarity=POLARITIES).frame
    present, absent, mentioned = (table[table["polarity"] == p]["n"].to_numpy() for p in POLARITIES)
    assert (mentioned >= present).all()
    assert (mentioned >= absent).all()
    assert (mentioned <= present + absent).all()
    assert mentioned.sum() > 0


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"by": ("group", "group")}, "by names one thing twice (group, group) — name each once"),
        ({"polarity": ("present", "present")}, "polarity names one thing twice"),
        ({"polarity": ()}, "polarity is empty — ask for one or more of present, absent, mentioned"),
    ],
)
def test_options_that_say_a_thing_twice_or_nothing_are_refused(lite_study, options, text):
    with pytest.raises(bwa.BwaError, match=re.escape(text)):
        bwa.frequency(bwa.matrix(lite_study, coders=["simulated-human-A"]), **options)
