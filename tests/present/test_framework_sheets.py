"""The framework matrix out as a workbook, filled in as a person does, and back."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.load.framework_files import framework_csv, load_framework, read_framework
from bwa_study.model.errors import TableError, UnknownName
from bwa_study.present.export import take_framework, write_framework
from bwa_study.present.framework_sheets import framework_bytes
from bwa_study.present.run import coded_matrix
from small_study import write_study


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    return coded_matrix(bwa.load_study(write_study(tmp_path_factory.mktemp("sheets") / "study")))


def filled(path, sheet, row, column, text):
    book = openpyxl.load_workbook(path)
    book[sheet].cell(row, column, text)
    book.save(path)


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=40)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts.filter(lambda t: t.strip()))
def test_what_is_written_comes_back_exactly(matrix, tmp_path, text):
    summaries = {("F01", "start", "fear"): text, ("F02", "end", "visits"): f"={text}\nsecond line"}
    path = tmp_path / "f.xlsx"
    path.write_bytes(framework_bytes(bwa.framework_matrix(matrix, rows="site", summaries=summaries)))
    assert read_framework(path) == ("site", summaries)


def test_no_cell_is_a_formula_and_evidence_links_to_the_sentences(matrix):
    data = framework_bytes(bwa.framework_matrix(matrix, rows="site", summaries={("F01", "end", "fear"): "=1+1"}))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {c.data_type for sheet in book for row in sheet.iter_rows() for c in row} <= {"s", "n"}
    evidence = book["end"]["D6"]
    assert evidence.value == "+2 of 2  [3, 4]"
    assert evidence.hyperlink.location == "'Segments'!A4"


def test_sentences_of_people_who_did_not_agree_are_not_shown(matrix):
    book = openpyxl.load_workbook(io.BytesIO(framework_bytes(bwa.framework_matrix(matrix, rows="site"))))
    shown = " ".join(str(c.value) for row in book["Segments"].iter_rows() for c in row)
    assert "violet" not in shown
    assert "amber" in shown
    assert "(the participant did not agree to being quoted)" in shown


def test_a_person_fills_in_and_the_study_takes_it(tmp_path):
    study = write_study(tmp_path / "study")
    line = write_framework(study, tmp_path / "f.xlsx", rows="site")
    assert line.endswith("0 summaries so far; fill in the yellow cells, then 'framework in'")
    filled(tmp_path / "f.xlsx", "start", 5, 4, "They feel ignored.")
    assert take_framework(study, tmp_path / "f.xlsx").endswith("1 summaries; 1 new, 0 changed, 0 taken out")
    assert load_framework(study) == {"site": {("F01", "start", "listening"): "They feel ignored."}}
    write_framework(study, tmp_path / "g.xlsx", rows="site")
    assert read_framework(tmp_path / "g.xlsx") == ("site", {("F01", "start", "listening"): "They feel ignored."})


def test_summaries_of_the_other_kind_of_row_are_kept(tmp_path):
    study = write_study(tmp_path / "study")
    before = {"participant": {("P1", "end", "fear"): "Less afraid."}}
    (study / "framework.csv").write_bytes(framework_csv(before))
    write_framework(study, tmp_path / "f.xlsx", rows="site")
    filled(tmp_path / "f.xlsx", "end", 5, 4, "They listen.")
    take_framework(study, tmp_path / "f.xlsx")
    assert load_framework(study) == {**before, "site": {("F01", "end", "listening"): "They listen."}}


def test_a_text_beside_the_codes_is_named_with_its_place(matrix, tmp_path):
    path = tmp_path / "f.xlsx"
    path.write_bytes(framework_bytes(bwa.framework_matrix(matrix, rows="site")))
    filled(path, "end", 5, 7, "lost?")
    with pytest.raises(TableError) as fault:
        read_framework(path)
    assert str(fault.value) == (
        f"{path}, sheet 'end':5:7: 'lost?' stands in a column without a code — move it under a code"
    )


def test_another_workbook_is_refused(tmp_path):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(TableError, match="no sheet of it is a framework matrix — give a workbook written by"):
        read_framework(tmp_path / "other.xlsx")


def test_a_changed_key_is_an_error_and_nothing_is_taken(tmp_path):
    study = write_study(tmp_path / "study")
    write_framework(study, tmp_path / "f.xlsx", rows="site")
    filled(tmp_path / "f.xlsx", "end", 5, 4, "They listen.")
    filled(tmp_path / "f.xlsx", "end", 5, 2, "F99")
    with pytest.raises(UnknownName, match="unknown cell of the framework matrix 'F99, end, listening'"):
        take_framework(study, tmp_path / "f.xlsx")
    assert not (study / "framework.csv").exists()


def test_a_bad_row_of_the_csv_is_named(tmp_path):
    (tmp_path / "framework.csv").write_text("rows,row,round,code,summary\nbrand,B1,R1,fear,x\n")
    with pytest.raises(TableError, match=r"framework.csv:2: column 'rows', value 'brand': 'brand' is not one of"):
        load_framework(tmp_path)
