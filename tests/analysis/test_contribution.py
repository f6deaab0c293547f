from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.analysis.contribution import strength_of
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.labels import Label
from bwa_study.model.theory import Link, LinkTest, Rivals, TheoryOfChange

NO_LABEL = Label(())


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def result(matrix):
    return bwa.contribution(matrix)


@pytest.mark.parametrize(
    ("tests", "strength", "with_rival"),
    [
        ([("hoop", "fails"), ("doubly decisive", "passes")], "not supported", "not supported"),
        ([("doubly decisive", "passes")], "strong", "moderate"),
        ([("hoop", "passes"), ("smoking gun", "passes")], "strong", "moderate"),
        ([("hoop", "open"), ("smoking gun", "passes")], "weak", "weak"),
        ([("hoop", "passes"), ("smoking gun", "fails")], "moderate", "weak"),
        ([("smoking gun", "passes")], "moderate", "weak"),
        ([("straw in the wind", "passes")], "weak", "weak"),
        ([("straw in the wind", "fails")], "open", "open"),
        ([("hoop", "open")], "open", "open"),
    ],
)
def test_strength_follows_the_written_rule(tests, strength, with_rival):
    assert strength_of(tests, widespread_rival=False) == strength
    assert strength_of(tests, widespread_rival=True) == with_rival


def test_the_other_client_of_f02_is_found_in_what_its_managers_say(result):
    rows = result.rivals.query("code == 'other_drivers' and site == 'F02'").set_index("group")
    assert rows["stands"].to_dict() == {"brand_staff": False, "manager": True, "worker": False}
    assert rows.loc["manager", "share"] > rows.loc["manager", "elsewhere"]
    assert all("F02" in text for text in result.frame["rivals"])


def test_a_rival_that_stands_nearly_everywhere_is_told_by_number_and_lowers_the_strength(result):
    assert "Covid-19: 11 of 12 sites" in result.frame["rivals"].iloc[0]
    coaching = result.frame.set_index("link").loc["coaching"]
    assert coaching["tests"].startswith("hoop passes (")
    assert coaching["strength"] == "moderate"


def test_every_interview_counts_once_on_a_side_and_its_places_lead_back_to_the_words(result, matrix):
    row = result.frame.set_index("link").loc["endurance"]
    quotes = result.quotes("endurance", side="against")
    assert quotes["transcript"].nunique() == row["against"]
    assert set(quotes["polarity"]) == {"absent"}
    first = row["refs_for"].split(",")[0]
    transcript, turn = first.split(":")
    assert matrix.study.corpus[transcript].turns[int(turn) - 1].number == int(turn)


def test_fear_counts_against_openness_where_it_is_there(result):
    own = result.evidence.query("link == 'openness' and code == 'fear_retaliation'")
    assert set(own.loc[own["polarity"] == "present", "side"]) == {"against"}
    assert set(own.loc[own["polarity"] == "absent", "side"]) == {"for"}


def test_each_link_says_how_reliable_its_codes_are(result, matrix):
    gate = bwa.reliability_gate(matrix.study)
    statuses = [gate.status(code) for code in ("follow_up", "sustained_attention", "client_influence")]
    told = result.frame.set_index("link").loc["oversight", "reliability"]
    assert told == "; ".join(f"{s} {statuses.count(s)}" for s in ("use", "tentative", "qualitative") if s in statuses)
    assert "Reliability: by the lower end of alpha's 95% interval" in result.method


def test_too_few_interviews_leave_a_test_open(matrix):
    test = LinkTest("hoop", (("follow_up", 1.0),), ("worker",), ("R2",), fewest=1000)
    found = bwa.contribution(matrix, theory=TheoryOfChange((Link("one", NO_LABEL, (test,)),)))
    assert found.tests["verdict"].tolist() == ["open"]
    assert found.frame["strength"].tolist() == ["open"]
    assert found.frame["rivals"].tolist() == ["none stands"]
    assert found.rivals.empty


def test_what_does_not_exist_or_is_not_declared_is_said(matrix, result):
    with pytest.raises(WrongCall, match="declares no theory of change — add the block 'contribution'"):
        bwa.contribution(replace(matrix, study=replace(matrix.study, theory=None)))
    with pytest.raises(UnknownName, match="unknown link 'x'"):
        result.quotes("x")
    bad = TheoryOfChange((Link("one", NO_LABEL, (LinkTest("hoop", (("follow_up", 1.0),), ("boss",), ("R2",)),)),))
    with pytest.raises(UnknownName, match="unknown group 'boss'"):
        bwa.contribution(matrix, theory=bad)
    with pytest.raises(UnknownName, match="unknown code 'covit'"):
        bwa.contribution(matrix, theory=TheoryOfChange((), Rivals(("covit",), ("R2",))))
