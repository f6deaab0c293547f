from __future__ import annotations

import io

import pytest
import xlsxwriter

import bwa_study as bwa
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.xlsform import read_xlsform

SURVEY = [
    ["type", "name", "label::English (en)", "label::中文 (zh)", "required", "relevant"],
    ["begin_group", "page", "", "", "", ""],
    ["select_one agree", "q1", "They ask us.", "他们问我们。", "true", ""],
    ["select_one agree", "q2", "They came back.", "他们回来过。", "true", "${q1} > 1"],
    ["end_group", "", "", "", "", ""],
    ["text", "o", "What changed?", "有什么变化？", "", ""],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::中文 (zh)"],
    ["agree", "1", "No", "不同意"],
    ["agree", "2", "Partly", "一般"],
    ["agree", "3", "Yes", "同意"],
    ["agree", "8", "Do not know", "不知道"],
]
YAML = """\
keys: {respondent: _uuid, site: factory, group: who}
waves: [{file: kobo.csv, form: form.xlsx, round: R1}]
scale: {dont_know: 8}
items: [{id: q1}, {id: q2}, {id: o, kind: open}]
"""
EXPORT = (
    "start;factory;who;page/q1;page/q2;o;_uuid\n"
    "2021-01-01;F01;worker;1;;Fans;1f-a\n2021-01-01;F01;worker;3;8;;1f-b\n2021-01-01;F01;worker;2;3;;1f-c\n"
)


def workbook(**sheets):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                sheet.write_row(y, 0, row)
    return out.getvalue()


@pytest.fixture
def kobo(survey_study):
    def load(export=EXPORT):
        form = workbook(survey=SURVEY, choices=CHOICES)
        more = {"raw/kobo.csv": export, "raw/form.xlsx": form}
        return bwa.load_study(survey_study("", yaml=YAML, more=more)).surveys[0]

    return load


def test_levels_and_wording_come_from_the_form_in_its_order(kobo):
    item = kobo()["q1"]

    assert [(level.value, level.label.text("zh"), level.score) for level in item.levels] == [
        ("1", "不同意", 1), ("2", "一般", 2), ("3", "同意", 3),
    ]  # fmt: skip
    assert (item.wording.text("en"), item.wording.text("zh")) == ("They ask us.", "他们问我们。")


def test_an_empty_answer_to_a_required_question_that_is_not_shown_to_all_was_not_asked(kobo):
    wave = kobo()

    assert wave.states["q2"].tolist() == ["not asked", "don't know", "answered"]
    assert wave.states["o"].tolist() == ["answered", "missing", "missing"]


def test_an_export_with_labels_as_headers_is_understood(kobo):
    wave = kobo(EXPORT.replace("page/q1;page/q2;o", "They ask us.;They came back.;What changed?"))

    assert wave.values["q1"].tolist() == [1.0, 3.0, 2.0]


def test_a_workbook_that_is_no_form_is_refused():
    data = workbook(survey=[["kind", "name"], ["text", "o"]])
    with pytest.raises(Rejected, match="sheet 'survey' has no column 'type', so this is no XLSForm"):
        read_xlsform(Source("form.xlsx", data, ""))


@pytest.fixture
def problems(survey_study):
    def check(survey, choices, export, items):
        yaml = f"keys: {{group: who}}\nwaves: [{{file: e.csv, form: f.xlsx, round: R1}}]\nitems: {items}\n"
        more = {"raw/e.csv": export, "raw/f.xlsx": workbook(survey=survey, choices=choices)}
        folder = survey_study("", yaml=yaml, more=more)
        return folder, [str(p).split("raw/")[-1] for p in bwa.check_study(folder) if p.severity == "error"]

    return check


HEAD = ["type", "name", "label::English", "label::中文", "required", "relevant"]
SEVERAL = [HEAD, ["select_multiple topic", "topics", "Of what?", "", "", ""]]
TOPICS = [["list name", "name", "label::English"], ["topic", "safety", "Safety"], ["topic", "pay", "Pay"]]


def test_a_question_inside_of_a_group_that_is_not_shown_to_all_was_not_asked_where_it_is_empty(problems):
    survey = [HEAD, ["begin_group", "g", "", "", "", "${who} = 'worker'"], ["select_one a", "q", "Q", "", "true", ""],
              ["end_group", "", "", "", "", ""], ["select_one a", "all", "All", "", "true", ""]]  # fmt: skip
    choices = [["list_name", "name", "label::English"], ["a", "1", "No"], ["a", "2", "Yes"]]
    folder, _ = problems(survey, choices, "who,g/q,all\nworker,2,1\nmanager,,\n", "[{id: q}, {id: all}]")
    (wave,) = bwa.load_study(folder).surveys
    assert wave.states["q"].tolist() == ["answered", "not asked"]
    assert wave.states["all"].tolist() == ["answered", "missing"]


def test_several_answers_in_one_cell_are_told_once_with_the_columns_to_read_instead(problems):
    _, found = problems(
        SEVERAL,
        TOPICS,
        "who,topics,topics/safety,topics/pay\nworker,safety pay,1,1\nworker,pay,0,1\n",
        "[{id: topics}]",
    )
    assert found == [
        (
            "e.csv:1: column 'topics' of item 'topics' holds several answers at once (select_multiple) "
            "— read each choice as an item of its own: topics/safety, topics/pay"
        )
    ]


def test_a_choice_of_several_is_a_yes_or_no_with_its_wording(problems):
    export = "who,g/topics,g/topics/safety,g/topics/pay\nworker,safety,1,0\nmanager,,,\n"
    folder, _ = problems(SEVERAL, TOPICS, export, "[{id: safe, column: topics/safety}, {id: pay, column: topics/pay}]")
    (wave,) = bwa.load_study(folder).surveys
    assert wave["safe"].wording.text("en") == "Of what? — Safety"
    assert [(level.value, level.label.text("en")) for level in wave["safe"].levels] == [("0", "no"), ("1", "yes")]
    assert wave.values["safe"].tolist()[:1] == [1.0]
    assert wave.states["pay"].tolist() == ["answered", "missing"]


def test_a_choice_that_is_no_level_is_asked_about_and_not_averaged(problems):
    survey = [HEAD, ["select_one a", "q", "Q", "问", "", ""]]
    choices = [["list_name", "name", "label::English", "label::中文"], ["a", "1", "No", "不"], ["a", "2", "Yes", "是"],
               ["a", "98", "Don't know", "不知道"]]  # fmt: skip
    _, found = problems(survey, choices, "who,q\nworker,98\nworker,2\n", "[{id: q}]")
    assert found == [
        (
            "e.csv: column 'q' of item 'q': 98 ('Don't know 不知道') would be averaged with the other answers "
            "— say in survey.yaml what it is: under dont_know, refused or missing of the item's scale"
        )
    ]


def test_answers_exported_as_the_labels_of_their_choices_are_those_choices(problems):
    survey = [HEAD, ["select_one a", "q", "How is it?", "怎么样？", "", ""]]
    choices = [
        ["list_name", "name", "label::English", "label::中文"],
        ["a", "1", "Bad", "差"],
        ["a", "2", "Good", "好"],
    ]
    folder, _ = problems(survey, choices, "who,How is it?\nworker,Good\nworker,差\nworker,2\n", "[{id: q}]")
    (wave,) = bwa.load_study(folder).surveys
    assert wave.values["q"].tolist() == [2.0, 1.0, 2.0]
    assert wave["q"].wording.text("zh") == "怎么样？"


def test_names_of_groups_in_odk_stand_before_a_hyphen(problems):
    survey = [HEAD, ["select_one a", "q", "Q", "", "", ""]]
    choices = [["list_name", "name", "label::English"], ["a", "1", "Bad"], ["a", "2", "Good"]]
    folder, _ = problems(survey, choices, "who,page-q\nworker,2\n", "[{id: q}]")
    assert bwa.load_study(folder).surveys[0].values["q"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("written", "kind", "values"),
    [
        ("select_one a", "select_one", ["1"]),
        ("select_one a or_other", "select_one", ["1", "other"]),
        ("select one a", "select_one", ["1"]),
        ("select1 a", "select_one", ["1"]),
        ("select_multiple a", "select_multiple", ["1"]),
        ("select all that apply a", "select_multiple", ["1"]),
        ("text", "text", []),
    ],
)
def test_types_are_known_in_their_older_spellings_too(written, kind, values):
    data = workbook(
        survey=[["type", "name"], [written, "q"]], choices=[["list_name", "name", "label"], ["a", "1", "A"]]
    )
    question = read_xlsform(Source("f.xlsx", data, ""))["q"]
    assert (question.kind, [value for value, _ in question.choices]) == (kind, values)
