from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.errors import NoCodings, UnknownName, WrongCall

EARLY, LATE = {"date": "2022-01-10"}, {"date": "2022-03-01"}


@pytest.fixture
def study(make_interview, make_study):
    interviews = [
        make_interview("w1", "worker", "before", "S1", ["One.", "Two.", "Three.", "Four."]),
        make_interview("w2", "manager", "after", "S2", ["Five.", "Six."]),
        make_interview("w3", "worker", "after", "S2", ["Seven."]),
    ]
    codings = [
        ("w1", "One.", "a", "present", "x", EARLY),
        ("w1", "Two.", "a", "present", "x", EARLY),
        ("w1", "One.", "a", "absent", "x", LATE),
        ("w2", "Five.", "a", "present", "x", EARLY),
        ("w2", "Five.", "a", "present", "x", LATE),
        ("w3", "Seven.", "a", "present", "x", EARLY),
        ("w1", "Three.", "b", "present", "other", EARLY),
    ]
    return make_study(interviews, codings, examined={"x": {"w1": None, "w2": [1], "w3": None}, "other": {"w1": None}})


def row(result, code="a"):
    return result.frame.set_index("code").loc[code]


def test_what_was_coded_twice_is_compared_turn_by_turn(study):
    found = row(bwa.self_agreement(study, coder="x", since="2022-02-01"))

    assert found["n_units"] == 5
    assert found["agreement"] == pytest.approx(4 / 5)
    assert (found["prevalence_a"], found["prevalence_b"]) == (3 / 5, 2 / 5)
    assert (found["polarity_agreement"], found["polarity_pairs"]) == (0.5, 2)


def test_the_result_says_who_and_when(study):
    result = bwa.self_agreement(study, coder="x", since="2022-02-01")

    assert result.title == "x before and since 2022-02-01, turn by turn"
    assert result.coders == ("x before 2022-02-01", "x since 2022-02-01")


def test_a_transcript_that_got_no_code_the_second_time_counts_when_named(study):
    named = bwa.self_agreement(study, coder="x", since="2022-02-01", transcripts=["w1", "w2", "w3"])

    assert row(named)["n_units"] == 6
    assert row(named)["agreement"] == pytest.approx(4 / 6)


def test_it_can_be_told_by_group(study):
    frame = bwa.self_agreement(study, coder="x", since="2022-02-01", by=["group"]).frame

    assert frame.loc[frame["code"] == "a", ["group", "n_units"]].values.tolist() == [["worker", 4], ["manager", 1]]


def test_wrong_calls_say_what_to_do(study):
    with pytest.raises(WrongCall, match="since is 'February', not a date — write it as YYYY-MM-DD"):
        bwa.self_agreement(study, coder="x", since="February")
    with pytest.raises(UnknownName, match="unknown coder 'y'"):
        bwa.self_agreement(study, coder="y", since="2022-02-01")
    with pytest.raises(UnknownName, match="unknown transcript 'w9'"):
        bwa.self_agreement(study, coder="x", since="2022-02-01", transcripts=["w9"])
    with pytest.raises(NoCodings, match="x coded no transcript both before and since 2023-01-01"):
        bwa.self_agreement(study, coder="x", since="2023-01-01")
    study.codings.table.loc[0, "date"] = ""
    with pytest.raises(WrongCall, match="1 of 6 codings of x have no date"):
        bwa.self_agreement(study, coder="x", since="2022-02-01")
