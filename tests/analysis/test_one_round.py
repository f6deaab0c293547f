"""What one round, and no sites, still allow: the real example with the indicators' proposals."""

from __future__ import annotations

from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.model.errors import WrongCall

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-work"


@pytest.fixture(scope="module")
def matrix():
    study = bwa.load_study(EXAMPLE)
    coded = study.with_codings(bwa.apply_codebook(study.corpus, study.codebook), examined_whole="indicators")
    return bwa.matrix(coded, coders=["indicators"])


def test_groups_are_compared_person_by_person(matrix):
    found = bwa.compare(matrix, between="group", codes=["makes_errors"])
    row = found.cell("makes_errors", **{"from": "creatives", "to": "scientists"})
    assert (row["clusters"], row["people"], row["status"]) == (20, 40, "ok")


def test_a_change_needs_two_rounds(matrix):
    with pytest.raises(WrongCall, match=r"compare needs 2 rounds or more, found 1 \(R1\)"):
        bwa.compare(matrix, between="round", within=["group"])


def test_what_lasts_cannot_be_said_and_the_reason_is_given(matrix):
    table = bwa.durability(matrix).frame
    assert set(table["verdict"]) == {"cannot say"}
    assert set(table["reason"]) == {"asked in one round only; whether it lasts needs two"}


def test_gaps_of_groups_are_tested_over_everybody(matrix):
    row = bwa.divergence(matrix, round="R1").frame.set_index("code").loc["makes_errors"]
    assert (row["higher"], row["lower"], row["sites"]) == ("scientists", "creatives", 1)
    assert row["p_adjusted"] < 0.05


def test_nobody_came_back(matrix):
    with pytest.raises(WrongCall, match="people interviewed in 2 rounds or more, found none"):
        bwa.trajectories(matrix)


def test_without_a_survey_there_is_no_joint_display(matrix):
    with pytest.raises(WrongCall, match="needs a survey"):
        bwa.joint_display(matrix)
