from __future__ import annotations

import math

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.analysis.internal_consistency import cronbach_alpha
from bwa_study.model.errors import UnknownName, WrongCall

HEAD = "id,site,group,w,q1,q2,num,o,t\n"
BOTH = """\
keys: {respondent: id, site: site, group: group, weight: w, round: t}
waves: [{file: survey.csv}]
scale: {levels: [1, 2, 3, 4], dont_know: 8}
items:
  - {id: q1, construct: talk}
  - {id: q2, construct: talk, reversed: true}
  - {id: num, kind: number, construct: load}
"""
ROWS = (
    HEAD
    + """\
a,F01,worker,1,4,1,10,,R1
b,F01,worker,3,2,8,20,,R1
c,F02,worker,1,8,8,30,,R1
d,F02,worker,1,3,3,,,R1
e,F02,worker,1,1,4,,,R1
a,F01,worker,1,4,2,11,,R2
b,F01,worker,2,3,1,21,,R2
c,F02,worker,1,3,2,31,,R2
"""
)


@pytest.fixture
def study(survey_study):
    return bwa.load_study(survey_study(ROWS, yaml=BOTH))


def test_a_score_is_the_mean_of_the_items_answered_if_enough_were(study):
    scores = bwa.scale_scores(study).query("scale == 'talk' and round == 'R1'")

    assert scores["score"].tolist()[:2] == [4.0, 2.0]  # 4 and 5 - 1; 2 alone is half
    assert math.isnan(scores["score"].tolist()[2])
    assert scores["answered"].tolist() == [2, 1, 0, 2, 2]
    strict = bwa.scale_scores(study, answered_at_least=1).query("scale == 'talk' and round == 'R1'")
    assert strict["score"].isna().tolist() == [False, True, True, False, False]


@pytest.mark.parametrize("share", [0, -1, 1.01])
def test_the_share_of_answers_must_make_sense(study, share):
    with pytest.raises(WrongCall, match="give a share above 0 and up to 1"):
        bwa.scale_scores(study, answered_at_least=share)


def test_the_mean_of_a_scale_is_weighted(study):
    row = bwa.survey_scales(study).frame.query("scale == 'talk' and group == 'worker' and round == 'R1'").iloc[0]

    assert row["mean"] == pytest.approx((4 + 3 * 2 + 2.5 + 1) / 6)
    assert (row["items"], row["asked"], row["scored"], row["complete"], row["clusters"]) == (2, 5, 4, 3, 2)


def test_alpha_is_of_those_who_answered_every_item_and_omega_needs_three(study):
    row = bwa.survey_scales(study).frame.query("scale == 'talk' and group == 'worker' and round == 'R1'").iloc[0]

    assert row["alpha"] == pytest.approx(cronbach_alpha(np.array([[4, 4], [3, 2], [1, 1.0]])))
    assert row["reason"] == "one factor needs three items or more"


def test_a_scale_of_one_item_has_a_mean_and_no_alpha(study):
    row = bwa.survey_scales(study).frame.query("scale == 'load' and group == 'worker' and round == 'R2'").iloc[0]

    assert row["mean"] == pytest.approx((11 + 2 * 21 + 31) / 4)
    assert math.isnan(row["alpha"])
    assert row["reason"] == "a scale needs two items or more"


def test_cells_that_nobody_is_in_stay_and_say_so(study):
    table = bwa.survey_scales(study).frame

    assert table.query("group == 'manager'")["reason"].tolist() == ["nobody surveyed"] * 4


def test_the_change_between_rounds_knows_that_sites_come_back(study):
    table = bwa.survey_change(study, between=("R1", "R2")).frame
    row = table.query("measure == 'item' and id == 'num' and group == 'worker'").iloc[0]

    assert row["before"] == pytest.approx((10 + 60 + 30) / 5)
    assert row["change"] == pytest.approx(21 - 20)
    assert (row["n_before"], row["n_after"], row["clusters"]) == (3, 3, 2)


def test_a_change_compares_only_items_asked_in_both_rounds(survey_study):
    yaml = BOTH.replace("reversed: true", "reversed: true, rounds: [R2]")
    rows = ROWS.replace("4,1,10", "4,,10").replace("3,3,", "3,,").replace("1,4,", "1,,")
    study = bwa.load_study(survey_study(rows, yaml=yaml))
    table = bwa.survey_change(study, between=("R1", "R2")).frame

    assert set(table["id"]) == {"talk", "load", "q1", "num"}
    talk, q1 = (table.query(f"id == '{id}' and group == 'worker'").iloc[0] for id in ("talk", "q1"))
    assert talk["change"] == pytest.approx(q1["change"])


def test_a_change_cannot_be_by_round_or_to_a_round_that_is_not_there(study):
    with pytest.raises(WrongCall, match="cannot be by round"):
        bwa.survey_change(study, between=("R1", "R2"), by=("round",))
    with pytest.raises(UnknownName, match="unknown round 'R3'"):
        bwa.survey_change(study, between=("R1", "R3"))


def test_what_was_planted_in_the_demo_is_found_again(lite_study):
    table = bwa.survey_change(lite_study, between=("R1", "R3")).frame.query("measure == 'item' and group == 'worker'")
    rows = table.set_index("id")

    assert rows.loc["pr1", "low"] < 0.8 < rows.loc["pr1", "high"]
    assert rows.loc["tu1", "low"] < 0 < rows.loc["tu1", "high"]
