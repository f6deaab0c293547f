from __future__ import annotations

from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.load.gate import Source
from bwa_study.load.survey_guess import proposed_survey_file, recognise_survey

DATA = Path(__file__).parents[1] / "data" / "surveys"
ROWS = "respondent_id,factory_id,group,q1,q2,why,mood\n" + "".join(
    f"r{n},F01,worker,{1 + n % 4},{1 + n % 5},Because of the heat in the hall no. {n},{('good', 'bad')[n % 2]}\n"
    for n in range(8)
)


def guess(text, name="s.csv"):
    return recognise_survey(Source(name, text.encode(), "", "utf-8"))


def test_keys_scales_choices_and_words_are_told_apart():
    found = guess(ROWS)

    assert found.rows == 8
    assert found.keys == (("respondent", "respondent_id"), ("site", "factory_id"), ("group", "group"))
    assert [(one.header, one.kind, one.values) for one in found.items] == [
        ("q1", "scale", ("1", "2", "3", "4")),
        ("q2", "scale", ("1", "2", "3", "4", "5")),
        ("why", "open", ()),
        ("mood", "choice", ("good", "bad")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "transcript_id,text\n1,a\n2,b\n3,c\n",
        "interview_id,group,round,transcript_file\na,b,c,d\na,b,c,d\na,b,c,d\n",
        "factory_id,brand_ids\nF1,B\nF2,B\nF3,B\n",
        "id,q1\n1,2\n",
        "",
    ],
)
def test_other_tables_are_no_survey(text):
    assert guess(text) is None


def test_other_files_are_no_survey():
    assert recognise_survey(Source("w1.txt", b"I: Well?\nR: Fine.\n", "", "utf-8")) is None
    assert recognise_survey(Source("s.xlsx", b"no workbook", "")) is None


@pytest.mark.parametrize("name", ["masculinity.csv", "wages.csv", "developers.tsv"])
def test_real_surveys_are_recognised(name):
    found = recognise_survey(Source(name, (DATA / name).read_bytes(), "", "utf-8"))

    assert found is not None
    assert len(found.items) >= 2


def test_a_respondent_s_id_must_be_distinct():
    found = recognise_survey(Source("wages.csv", (DATA / "wages.csv").read_bytes(), "", "utf-8"))

    assert "respondent" not in dict(found.keys)


def test_the_draft_loads(survey_study):
    yaml = proposed_survey_file([("survey.csv", guess(ROWS))], groups=["worker"], rounds=["R1"])
    (wave,) = bwa.load_study(survey_study(ROWS, yaml=yaml)).surveys

    assert [(item.id, item.kind) for item in wave.items] == [
        ("q1", "scale"), ("q2", "scale"), ("why", "open"), ("mood", "choice"),
    ]  # fmt: skip
    assert wave.values["q2"].tolist() == [1, 2, 3, 4, 5, 1, 2, 3]


def test_what_nobody_can_see_is_left_to_fill_in_and_check_says_so(survey_study):
    text = ROWS.replace("group", "kind_of_person")
    yaml = proposed_survey_file([("survey.csv", guess(text))], groups=["a", "b"], rounds=["R1", "R2"])

    said = [str(p) for p in bwa.check_study(survey_study(text, yaml=yaml))]
    assert [line.split("survey.yaml:")[1].split(" ", 1)[1] for line in said] == [
        "'FILL_IN' is no round of this study — use R1, R2",
        "'FILL_IN' is no group of this study — use brand_staff, manager, worker",
    ]


def test_headers_that_are_sentences_get_ids_of_their_number(survey_study):
    text = ROWS.replace("why", '"What has changed, and why: no: yes?"').replace("q1", "no")
    yaml = proposed_survey_file([("survey.csv", guess(text))], groups=["worker"], rounds=["R1"])
    (wave,) = bwa.load_study(survey_study(text, yaml=yaml)).surveys

    assert [item.id for item in wave.items] == ["item_4", "q2", "item_6", "mood"]
