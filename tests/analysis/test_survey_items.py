from __future__ import annotations

import math

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.analysis.survey_cells import NoSurvey
from bwa_study.model.errors import UnknownName, WrongCall
from small_surveys import SURVEY

ROWS = """\
id,site,group,w,q1,q2,num,o
a,F01,worker,1,4,1,10,x
b,F01,worker,3,2,9,20,
c,F02,worker,1,8,4,30,
d,F02,worker,1,,4,,
e,F02,manager,2,1,2,,
"""


@pytest.fixture
def study(survey_study):
    return bwa.load_study(survey_study(ROWS))


def test_the_four_answers_of_those_asked_add_up_to_them(study):
    row = bwa.survey_items(study).cell("q1", group="worker", round="R1")

    assert row[["asked", "answered", "dont_know", "refused", "missing", "not_asked"]].tolist() == [4, 2, 1, 0, 1, 0]
    assert bwa.survey_items(study).cell("num", group="manager", round="R1")["not_asked"] == 1


def test_don_t_know_is_a_weighted_share_of_all_who_were_asked(study):
    row = bwa.survey_items(study).cell("q1", group="worker", round="R1")

    assert row["dont_know_share"] == pytest.approx(1 / 6)


def test_mean_and_top_2_box_are_weighted_and_of_those_who_answered(study):
    row = bwa.survey_items(study).cell("q1", group="worker", round="R1")

    assert row["mean"] == pytest.approx((1 * 4 + 3 * 2) / 4)
    assert row["top2"] == pytest.approx(1 / 4)  # 3 and 4 are the two best levels of four
    assert math.isnan(row["se"])  # both answered at one site
    assert row["clusters"] == 1


def test_a_reversed_item_counts_turned_round(study):
    row = bwa.survey_items(study).cell("q2", group="worker", round="R1")

    assert row["mean"] == pytest.approx((4 + 1 + 1) / 3)  # 1, 4 and 4 in the file
    assert row["top2"] == pytest.approx(1 / 3)


def test_standard_errors_are_clustered_by_site_unless_respondents_are_asked_for(study):
    by_site = bwa.survey_items(study, by=()).cell("q2")
    by_person = bwa.survey_items(study, by=(), cluster="respondent").cell("q2")

    y, w = np.array([4, 1, 1, 3.0]), np.array([1, 1, 1, 2.0])
    parts = w * (y - w @ y / w.sum()) / w.sum()
    assert by_site["se"] == pytest.approx(math.sqrt(2 / 1 * (parts[0] ** 2 + parts[1:].sum() ** 2)))
    assert by_person["se"] == pytest.approx(math.sqrt(4 / 3 * (parts**2).sum()))
    assert (by_site["clusters"], by_person["clusters"]) == (2, 4)


def test_cells_without_people_are_kept_and_say_why(study):
    table = bwa.survey_items(study)

    assert table.cell("q1", group="brand_staff", round="R1")["status"] == "nobody surveyed"
    assert table.cell("q1", group="worker", round="R2")["status"] == "nobody surveyed"
    assert table.cell("num", group="manager", round="R1")["status"] == "not asked"
    assert table.cell("num", group="worker", round="R1")["status"] == "ok"


def test_nobody_answered_is_not_nobody_asked(survey_study):
    study = bwa.load_study(survey_study("id,site,group,w,q1,q2,num,o\na,F01,worker,1,8,9,,\n"))
    row = bwa.survey_items(study).cell("q1", group="worker", round="R1")

    assert (row["status"], row["asked"], row["dont_know_share"]) == ("nobody answered", 1, 1.0)
    assert math.isnan(row["mean"])


def test_open_answers_have_counts_and_no_mean(study):
    row = bwa.survey_items(study).cell("o", group="worker", round="R1")

    assert (row["answered"], row["missing"]) == (1, 3)
    assert math.isnan(row["mean"])
    assert math.isnan(row["top2"])


def test_the_levels_of_an_item_share_out_its_answers(study):
    spread = bwa.survey_items(study).spread
    part = spread[(spread["item"] == "q1") & (spread["group"] == "worker") & (spread["round"] == "R1")]

    assert part["n"].tolist() == [0, 1, 0, 1]
    assert part["share"].tolist() == pytest.approx([0, 0.75, 0, 0.25])


def test_any_column_of_the_survey_can_be_counted_by(survey_study):
    head, *lines = ROWS.splitlines()
    rows = "\n".join([f"{head},sex", *(f"{line},{'f' if line[0] == 'a' else 'm'}" for line in lines)])
    table = bwa.survey_items(bwa.load_study(survey_study(rows + "\n")), by=("sex",))

    assert table.cell("q1", sex="f")["asked"] == 1
    assert table.cell("q1", sex="m")["asked"] == 4


def test_a_wave_alone_can_be_counted(study):
    table = bwa.survey_items(study.surveys[0], by=("group",))

    assert table.frame["group"].drop_duplicates().tolist() == ["worker", "manager"]


def test_an_item_without_order_has_shares_and_no_mean(survey_study):
    yaml = SURVEY.replace("{id: q1, construct: talk,", "{id: q1, kind: choice,")
    table = bwa.survey_items(bwa.load_study(survey_study(ROWS, yaml=yaml)), by=())

    assert math.isnan(table.cell("q1")["mean"])
    assert table.spread.query("item == 'q1'")["share"].sum() == pytest.approx(1)


def test_names_that_do_not_exist_are_refused(study):
    with pytest.raises(UnknownName, match="unknown field to count by 'grup', did you mean 'group'"):
        bwa.survey_items(study, by=("grup",))
    with pytest.raises(UnknownName, match="unknown cluster 'siet', did you mean 'site'"):
        bwa.survey_items(study, cluster="siet")
    with pytest.raises(WrongCall, match="by names one thing twice"):
        bwa.survey_items(study, by=("group", "group"))
    with pytest.raises(UnknownName, match="unknown item 'q9'"):
        bwa.survey_items(study).cell("q9", group="worker", round="R1")
    with pytest.raises(UnknownName, match="unknown group 'wroker', did you mean 'worker'"):
        bwa.survey_items(study).cell("q1", group="wroker", round="R1")


def test_a_study_without_a_survey_says_how_to_name_one(survey_study):
    folder = survey_study(ROWS)
    (folder / "study.yaml").write_text(
        (folder / "study.yaml").read_text(encoding="utf-8").replace("surveys: raw/survey.yaml\n", ""), encoding="utf-8"
    )
    with pytest.raises(NoSurvey, match=r"this study has no survey — name its survey.yaml under 'surveys' in"):
        bwa.survey_items(bwa.load_study(folder))


def test_the_result_says_how_it_was_made_and_reads_well(study):
    table = bwa.survey_items(study)

    assert "clustered by site" in table.method
    assert table.provenance == {"respondents": "5", "weighted": "yes", "clusters": "site"}
    assert table.compact().loc["q1", ("worker", "R1")] == "2.50 (n 2)"
