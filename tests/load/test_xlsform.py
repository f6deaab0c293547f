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
