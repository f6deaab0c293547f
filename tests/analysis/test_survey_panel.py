from __future__ import annotations

import math

import pytest

import bwa_study as bwa
from bwa_study.model.errors import UnknownName

YAML = """\
keys: {respondent: id, person: p, site: site, group: group, round: t, interview: talk, link_consent: may}
waves: [{file: survey.csv}]
scale: {levels: [1, 2, 3, 4]}
items: [{id: q1}]
"""
ROWS = """\
id,p,site,group,t,q1,sex,talk,may
1,A,F01,worker,R1,1,f,R1-F01-W-01,yes
2,B,F01,worker,R1,2,m,,
3,C,F01,worker,R1,4,m,,
4,,F01,worker,R1,4,m,,
5,D,F02,manager,R1,3,f,,
1,A,F01,worker,R2,3,f,,
2,D,F02,manager,R2,2,f,,
3,E,F02,manager,R2,2,f,,
"""


@pytest.fixture
def study(survey_study):
    return bwa.load_study(survey_study(ROWS, yaml=YAML))


def test_who_stayed_left_and_joined_is_counted_by_group(study):
    table = bwa.panel(study).frame.set_index("group")[["before", "after", "stayed", "left", "joined"]]

    assert table.loc["worker"].tolist() == [3, 1, 1, 2, 0]
    assert table.loc["manager"].tolist() == [1, 2, 1, 0, 1]
    assert table.loc[""].tolist() == [4, 3, 2, 2, 1]


def test_who_has_no_id_is_not_linked_and_has_not_left(study):
    row = bwa.panel(study).frame.set_index("group").loc["worker"]

    assert (row["unlinked_before"], row["unlinked_after"]) == (1, 0)
    assert row["stayed_share"] == pytest.approx(1 / 3)
    assert math.isnan(bwa.panel(study).frame.set_index("group").loc["brand_staff", "stayed_share"])


def test_each_person_has_a_row_with_the_rounds_she_was_met_in(study):
    found = bwa.panel(study)

    assert found.people[["person", "group", "rounds", "R1", "R2"]].values.tolist() == [
        ["A", "worker", 2, True, True],
        ["B", "worker", 1, True, False],
        ["C", "worker", 1, True, False],
        ["D", "manager", 2, True, True],
        ["E", "manager", 1, False, True],
    ]
    assert found.linked == 2
    assert found.title == "Panel: 2 of 5 persons met in two rounds or more"


def test_who_left_is_compared_with_who_stayed_as_they_were_before(study):
    rows = bwa.panel(study, compare=("sex",)).balance.query("group == ''")

    q1 = rows.query("variable == 'q1'").iloc[0]
    assert (q1["stayed"], q1["left"], q1["n_stayed"], q1["n_left"]) == (2.0, 3.0, 2, 2)
    assert q1["difference"] == pytest.approx((2 - 3) / math.sqrt((2 + 2) / 2))
    men = rows.query("variable == 'sex' and level == 'm'").iloc[0]
    assert (men["stayed"], men["left"]) == (0.0, 1.0)
    assert math.isnan(men["difference"])  # nothing varies on either side


def test_a_person_twice_in_a_round_is_an_error(survey_study):
    (problem,) = bwa.check_study(survey_study(ROWS.replace("3,C,", "3,B,"), yaml=YAML))

    assert str(problem).endswith(
        "survey.csv:4: column 'p', value 'B': this person answered round R1 in line 3 already — "
        "keep one of the two answers, or correct the id"
    )


def test_a_field_to_compare_must_exist(study):
    with pytest.raises(UnknownName, match="unknown field to compare 'sxe', did you mean 'sex'"):
        bwa.panel(study, compare=("sxe",))


def test_survey_and_interviews_meet_by_site_round_and_group(study):
    table = bwa.survey_interviews(study).frame.set_index(["site", "round", "group"])

    assert table.loc[("F01", "R1", "worker")].tolist() == [4, 1, 1, "both"]
    assert table.loc[("F02", "R2", "manager")].tolist() == [2, 0, 0, "survey only"]
    assert table.loc[("F02", "R1", "worker")].tolist() == [0, 0, 0, "neither"]


def test_a_link_that_was_not_agreed_to_is_not_counted(survey_study):
    study = bwa.load_study(survey_study(ROWS.replace("W-01,yes", "W-01,no"), yaml=YAML))
    table = bwa.survey_interviews(study).frame.set_index(["site", "round", "group"])

    assert table.loc[("F01", "R1", "worker"), "linked"] == 0


def test_the_demo_s_managers_are_a_panel_and_its_workers_are_not(lite_study):
    table = bwa.panel(lite_study).frame

    assert table.query("group == 'worker'")["before"].tolist() == [0, 0]
    managers = table.query("group == 'manager'")
    assert (managers["stayed"] + managers["left"] == managers["before"]).all()
    assert managers["stayed_share"].between(0.5, 1).all()


def test_sites_that_nobody_answered_in_are_gaps_of_the_sample(study):
    gaps = bwa.sample_table(study).gaps.query("kind == 'not surveyed'")

    assert gaps[["site", "group", "round"]].values.tolist() == [
        ["", "brand_staff", "R1"], ["", "brand_staff", "R2"], ["F01", "manager", "R1"], ["F01", "manager", "R2"],
        ["F02", "worker", "R1"], ["F02", "worker", "R2"],
    ]  # fmt: skip
