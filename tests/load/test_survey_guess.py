from __future__ import annotations

from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.load.answer_words import silence
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


ANSWERS = "id,a,b,c,d\n" + "".join(
    f"{n},{('Often', 'Never', 'Rarely', 'No answer')[n % 4]},{('Never', 'No answer', 'Often', 'Rarely')[n % 4]},"
    f"{(1, 2, 8, 99)[n % 4]},{('Very safe', 'Not safe', 'Somewhat safe')[n % 3]}\n"
    for n in range(12)
)


def test_usual_levels_are_in_order_and_what_is_no_answer_is_set_apart():
    yaml = proposed_survey_file([("s.csv", guess(ANSWERS))], groups=["worker"], rounds=["R1"])
    assert [line.strip() for line in yaml.split("\n") if "scale_" in line] == [
        'scale_1: {levels: [Never, Rarely, Often], missing: ["No answer"]}',
        "scale_2: {levels: [1, 2]}   # 8, 99: say under dont_know, refused or missing what it is, or make it a level",
        'scale_3: {levels: ["Not safe", "Somewhat safe", "Very safe"]}',
        "- {id: a, kind: scale, scale: scale_1}",
        "- {id: b, kind: scale, scale: scale_1}",
        "- {id: c, kind: scale, scale: scale_2}",
        "- {id: d, kind: scale, scale: scale_3}",
    ]


def test_numbers_up_to_ten_that_follow_one_another_are_all_levels():
    text = "id,a,b\n" + "".join(f"{n},{n % 11},{1 + n % 7}\n" for n in range(22))
    assert [one.values[-1] for one in guess(text).items] == ["10", "7"]


def test_keys_that_only_some_files_have_are_told_and_left_out():
    other = guess(ROWS.replace("factory_id", "plant"), "endline.csv")
    yaml = proposed_survey_file(
        [("baseline.csv", guess(ROWS)), ("endline.csv", other)], groups=["worker"], rounds=["R1", "R3"]
    )
    assert yaml.split("\n")[1:6] == [
        "keys: {respondent: respondent_id, group: group}",
        "# not in every file, in baseline.csv: site: factory_id",
        "waves:",
        "  - {file: baseline.csv, round: R1}",
        "  - {file: endline.csv, round: R3}",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "Don't know",
        "I don’t know",
        "Cannot say",
        "不知道",
        "Prefer not to say",
        "Refused",
        "Don't know or no opinion",
        "Don't know/unsure",
        "拒答",
        "N/A",
        "NA",
    ],
)
def test_answers_that_say_nothing_are_known(answer):
    assert silence(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "No",
        "Never",
        "Refugee",
        "Nana",
        "I know",
        "知道",
        "0",
        "Do not know them",
        "Refused to work",
        "Prefer not to work late",
    ],
)
def test_other_answers_are_answers(answer):
    assert silence(answer) is None


def test_an_id_that_comes_once_a_round_is_the_respondent_s_and_ids_of_keys_are_told():
    rows = "".join(
        f"p{n},{round},F0{1 + n % 2},worker,{1 + n % 4},{1 + n % 5}\n" for round in ("R1", "R2") for n in range(6)
    )
    found = guess("id,round,site,group,q1,q2\n" + rows)
    assert found.keys[0] == ("respondent", "id")
    assert found.ids == (("site", ("F01", "F02")), ("group", ("worker",)), ("round", ("R1", "R2")))


def test_dates_are_no_levels():
    text = ROWS.replace(",mood", ",day").replace("good", "2021-09-14").replace("bad", "2021-09-15")
    assert [one.header for one in guess(text).items] == ["q1", "q2", "why"]
