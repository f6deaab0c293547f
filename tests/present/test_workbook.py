from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.model.results import Result
from bwa_study.present.run import coded_matrix
from bwa_study.present.workbook import workbook_bytes
from small_study import CODEBOOK, STUDY, SYNTHETIC_STUDY, write_study

HOSTILE = ("=1+1", "+1", "-1", "@SUM(1)", "{=1+1}", "https://example.org", "'quoted")


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    study = bwa.load_study(write_study(tmp_path_factory.mktemp("workbook") / "study"))
    return bwa.frequency(coded_matrix(study))


@pytest.fixture(scope="module")
def book(result):
    return opened(workbook_bytes(result))


@pytest.fixture(scope="module")
def hostile_bytes(tmp_path_factory):
    codebook, study = CODEBOOK, STUDY
    for old, new in zip(("Talk", "Listening", "Fear", "Visits"), HOSTILE[:3] + HOSTILE[5:6], strict=True):
        codebook = codebook.replace(f"en: {old},", f'en: "{new}",')
    codebook = codebook.replace("definition: Managers listen.", 'definition: "@SUM(1)"')
    for old, new in (("Workers", "{=1+1}"), ("Managers", "=2+2"), ("Start", "'quoted"), ("End", "@SUM(1)")):
        study = study.replace(f"en: {old},", f'en: "{new}",')
    folder = write_study(tmp_path_factory.mktemp("hostile") / "study", codebook=codebook, study=study)
    return workbook_bytes(bwa.frequency(coded_matrix(bwa.load_study(folder))))


def test_sheets_come_in_reading_order(book):
    assert book.sheetnames == ["Present", "Absent", "Cells", "Notes", "Quotes", "Codebook"]


def test_numbers_are_typed_and_unrounded_and_shown_as_per_cent(book):
    sheet = book["Present"]
    row = next(r for r in sheet.iter_rows() if r[0].value == "   Visits")
    assert [c.value for c in row[5:8]] == [1 / 3, 1, 3]
    assert [type(c.value) for c in row[5:8]] == [float, int, int]
    assert row[5].number_format == "0%"


def test_cells_without_a_number_say_why(book):
    sheet = book["Present"]
    by_name = {r[0].value: [c.value for c in r[2:]] for r in sheet.iter_rows(min_row=6)}
    assert by_name["   Visits"][0] == "not asked"
    assert by_name["   Visits"][6] == "not visited"
    assert by_name["Talk"] == [0.5, 1, 2, 1, 3, 3, "not visited", None, None, 0, 0, 1]


def test_groups_and_rounds_stand_over_their_columns_in_declared_order(book):
    sheet = book["Present"]
    assert [sheet.cell(3, c).value for c in (3, 6, 9, 12)] == ["Workers", None, "Managers", None]
    assert [sheet.cell(4, c).value for c in (3, 6, 9, 12)] == ["Start", "End", "Start", "End"]
    assert [c.value for c in sheet[5]][:5] == ["Code", "Reliability", "share", "n", "of"]
    assert {sheet.cell(row, 2).value for row in range(6, sheet.max_row + 1)} == {"not double-coded"}


def test_heads_stay_in_sight(book):
    assert {s.title: s.freeze_panes for s in book} == {
        "Present": "C6",
        "Absent": "C6",
        "Cells": "A2",
        "Quotes": "A2",
        "Notes": None,
        "Codebook": "A2",
    }


def test_the_long_sheet_has_every_row_of_the_result(book, result):
    sheet = book["Cells"]
    assert [c.value for c in sheet[1]] == [*result.table.columns, "coder", "codebook", "synthetic"]
    assert sheet.max_row == 1 + len(result.table)
    shares = [sheet.cell(r, 6 + 2).value for r in range(2, sheet.max_row + 1)]
    expected = [None if s != s else s for s in result.table["share"]]
    assert shares == expected
    assert {type(sheet.cell(r, sheet.max_column).value) for r in range(2, sheet.max_row + 1)} == {bool}


def test_notes_hold_method_denominator_provenance_and_codebook_version(book):
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows()}
    assert notes["Title"] == "Share of interviews with a code, by group and round"
    assert notes["Method and denominator"].startswith("Denominator: interviews in which the code was asked about")
    assert notes["Source"] == "Wilson (1927)"
    assert notes["Codebook"] == "small-book 2.1.0"
    assert notes["Coder"] == "indicators"
    assert notes["Interviews"] == "6"
    assert notes["Reliability"] == (
        "not double-coded. Agreement of coders was not measured: no person has coded; agreement needs two."
    )
    assert "unrounded" in notes["Numbers"]
    assert "'not visited': no interview" in notes["Empty cells"]
    assert "Synthetic" not in notes


def test_a_synthetic_result_says_so_on_its_sheets_and_in_its_properties(tmp_path):
    study = bwa.load_study(write_study(tmp_path / "study", study=SYNTHETIC_STUDY))
    book = opened(workbook_bytes(bwa.frequency(coded_matrix(study), by=("group",))))
    assert book["Present"]["A2"].value == "SYNTHETIC DATA, made for demonstration"
    assert book["Absent"]["A2"].value == "SYNTHETIC DATA, made for demonstration"
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows()}
    assert notes["Synthetic"] == "yes: made for demonstration; not findings of any study"
    assert book.properties.description == "SYNTHETIC DATA"
    last = book["Cells"].max_column
    assert {book["Cells"].cell(r, last).value for r in range(2, book["Cells"].max_row + 1)} == {True}


def test_the_codebook_sheet_has_every_code(book):
    sheet = book["Codebook"]
    assert [c.value for c in sheet["B"]] == ["code", "listening", "fear", "visits"]
    assert sheet["D2"].value == "Managers listen."
    assert sheet["G2"].value == 1


def test_no_text_becomes_a_formula_a_link_or_a_number(hostile_bytes):
    book = opened(hostile_bytes)
    assert [c.coordinate for c in cells(book) if c.data_type == "f"] == []
    assert [c.coordinate for c in cells(book) if c.hyperlink] == []
    texts = {str(c.value).strip(): c.data_type for c in cells(book)}
    assert {text: texts[text] for text in (*HOSTILE, "=2+2")} == dict.fromkeys((*HOSTILE, "=2+2"), "s")


def test_the_file_itself_holds_no_formula_and_no_external_reference(hostile_bytes):
    with zipfile.ZipFile(io.BytesIO(hostile_bytes)) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")]
        assert len(sheets) == 6
        assert [n for n in archive.namelist() if "externalLink" in n or n.startswith("xl/worksheets/_rels")] == []
    assert all(b"<f>" not in s and b"<f " not in s for s in sheets)


def test_the_same_result_gives_the_same_bytes(result):
    assert workbook_bytes(result) == workbook_bytes(result)


def test_a_result_that_is_no_frequency_is_written_with_its_notes():
    table = pd.DataFrame({"pair": ["=a"], "found": [3], "recall": [0.25], "empty": [None]})
    result = bwa.Result(table=table, title="What one finds", method="By hand.", provenance={"coder": "B"})
    book = opened(workbook_bytes(result))
    assert book.sheetnames == ["Table", "Cells", "Notes"]
    assert [c.value for c in book["Table"][3]] == ["pair", "found", "recall", "empty"]
    assert [c.data_type for c in book["Table"][4]] == ["s", "n", "n", "n"]
    assert [c.value for c in book["Cells"][1]] == ["pair", "found", "recall", "empty", "coder", "codebook", "synthetic"]
    assert [c.value for c in book["Cells"][2]][:4] == ["=a", 3, 0.25, None]
    assert book["Cells"]["A2"].data_type == "s"
    assert book["Notes"]["B1"].value == "What one finds"


def test_write_table_writes_the_workbook(result, tmp_path):
    bwa.write_table(result, tmp_path / "t.xlsx")
    assert (tmp_path / "t.xlsx").read_bytes() == workbook_bytes(result)


def test_labels_come_in_the_language_asked_for(result):
    book = opened(workbook_bytes(result, "zh"))
    assert [book["Present"].cell(3, c).value for c in (3, 9)] == ["工人", "管理人员"]
    assert [c.value for c in book["Codebook"]["C"]] == ["名称", "倾听", "害怕", "来访"]


def test_quotes_are_those_that_may_be_printed_and_name_nobody(book):
    rows = [[cell.value for cell in row] for row in book["Quotes"].iter_rows()]
    assert rows == [
        ["code", "polarity", "group", "round", "language", "quote"],
        ["Listening", "absent", "Workers", "Start", "en", "They ignore us, and I am afraid."],
        ["Listening", "present", "Workers", "End", "en", "They listen when the client visits."],
        ["Listening", "present", "Workers", "End", "en", "Somebody may listen to the amber one."],
        ["Listening", "absent", "Managers", "End", "en", "We ignore nobody."],
        ["Fear", "present", "Workers", "Start", "en", "They ignore us, and I am afraid."],
        ["Visits", "present", "Workers", "End", "en", "They listen when the client visits."],
    ]


@pytest.fixture(scope="module")
def interaction(lite_study):
    return bwa.interaction_modes(bwa.matrix(lite_study, coders=["simulated-human-A"]), group="brand_staff")


def test_a_table_is_read_with_heads_over_its_columns_and_all_its_sheets(interaction):
    book = opened(workbook_bytes(interaction))
    assert book.sheetnames == ["Table", "Cells", "Notes", "Quotes", "Codebook"]
    sheet = book["Table"]
    assert [sheet.cell(3, x).value for x in (2, 5, 8)] == ["Coaching mode", "Audit mode", "net"]
    assert [c.value for c in sheet[4]] == ["brand", *["R1", "R2", "R3"] * 3]
    assert [sheet.cell(y, 1).value for y in range(5, 10)] == ["B1", "B2", "B3", "B4", "All"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B5", "A4:J9")


def test_the_sheet_of_quotes_has_the_codes_of_the_table_only(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    book = opened(workbook_bytes(bwa.divergence(m, round="R2", codes=["covid"])))
    codes = {row[0].value for row in book["Quotes"].iter_rows(min_row=2)}
    assert codes == {"Covid-19"}


def test_a_row_is_as_high_as_its_longest_wrapped_text_whatever_the_script():
    frame = pd.DataFrame({"code": ["a", "b", "c"], "quote": ["short", "w " * 80, "厂" * 100]})
    result = Result(table=frame, title="t", method="m")
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(result)))
    heights = [book["Table"].row_dimensions[y].height for y in (4, 5, 6)]
    assert heights[0] in (None, 15)
    assert heights[1:] == [45, 60]


def test_the_codebook_sheet_is_in_the_language_of_the_workbook(tmp_path):
    book = CODEBOOK.replace("definition: Managers listen.", "definition: {en: Managers listen., zh: 管理人员会听。}")
    result = bwa.frequency(coded_matrix(bwa.load_study(write_study(tmp_path / "s", codebook=book))))
    shown = {tag: opened(workbook_bytes(result, tag))["Codebook"]["D2"].value for tag in ("en", "zh")}
    assert shown == {"en": "Managers listen.", "zh": "管理人员会听。"}


def texts_of(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_a_workbook_in_chinese_is_so_but_for_cells_names_and_words_of_people(lite_study):
    two = bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])
    one = bwa.matrix(lite_study, coders=["simulated-human-A"])
    for result in (bwa.frequency(one), bwa.reliability(two), bwa.cooccurrence(one, within="interview")):
        book = opened(workbook_bytes(result, "zh"))
        people = [sheet for sheet in book if sheet.title not in ("Cells", "Quotes")]
        heads = [[cell.value for cell in sheet[1]] for sheet in book if sheet.title == "Quotes"]
        found = [text for sheet in people for text in texts_of(sheet)] + [text for head in heads for text in head]
        assert [text for text in found if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text)] == []
        notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows()}
        assert notes["合成数据"] == "是：为演示而编写，不是任何研究结果"
        english = opened(workbook_bytes(result, "en"))["Cells"]
        assert [c.value for c in book["Cells"][1]] == [c.value for c in english[1]]


def test_agreement_comes_with_the_sentences_behind_it_each_once_and_with_the_codebook(lite_study):
    two = bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])
    book = opened(workbook_bytes(bwa.reliability(two)))
    assert book.sheetnames == ["T13", "Cells", "Notes", "Quotes", "Codebook"]
    both = two.codings.frame
    said = both[both["coder"] == "simulated-human-B"].merge(
        both[both["coder"] == "simulated-human-A"], on=["transcript", "start", "end", "code", "polarity"]
    )
    assert len(said) > 100
    assert book["Quotes"].max_row - 1 <= len(both) - len(said)


def test_a_table_of_quotes_comes_with_the_codebook(lite_study):
    book = opened(workbook_bytes(bwa.quotes(lite_study, code="follow_up", n=3)))
    assert book.sheetnames == ["Table", "Cells", "Notes", "Codebook"]
    assert "follow_up" in texts_of(book["Codebook"])
