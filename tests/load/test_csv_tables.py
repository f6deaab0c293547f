from __future__ import annotations

import csv
import datetime
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import bwa_study.load.csv_tables as csv_tables
from bwa_study.load.csv_tables import read_csv_table
from bwa_study.load.gate import Rejected, Source, read_source
from bwa_study.model.errors import TableError


def source(text: str | bytes) -> Source:
    return Source("t.csv", text.encode() if isinstance(text, str) else text, "")


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(TableError) as caught:
        read_csv_table(source(text))
    return [str(p) for p in caught.value.problems]


def test_values_are_text_as_they_stand_and_the_index_is_the_line():
    table = read_csv_table(source("id, n \na, 01\nb,NA\n"))
    assert table.columns.tolist() == ["id", "n"]
    assert table.to_dict("index") == {2: {"id": "a", "n": " 01"}, 3: {"id": "b", "n": "NA"}}


def test_quoted_values_may_hold_commas_quotes_and_line_ends_and_lines_are_still_right():
    table = read_csv_table(source('id,text\na,"one, ""two""\r\nthree"\nb,x\n'))
    assert table["text"].tolist() == ['one, "two"\r\nthree', "x"]
    assert table.index.tolist() == [2, 4]


def test_blank_lines_and_rows_of_empty_values_are_no_rows():
    assert read_csv_table(source("a,b\n\n1,2\n,\n3,4\n")).index.tolist() == [3, 5]


def test_a_header_alone_is_an_empty_table():
    assert read_csv_table(source("a,b\n")).shape == (0, 2)


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff"])
def test_an_empty_file_is_refused(text):
    assert problems(text) == ["t.csv:1: the table is empty — write the column names into the first line"]


def test_ragged_rows_and_an_open_quote_are_all_named_by_line(bad_inputs):
    with pytest.raises(TableError) as caught:
        read_csv_table(read_source(bad_inputs / "csv/ragged.csv", name="ragged.csv"))
    assert [str(p).split(" — ")[0] for p in caught.value.problems] == [
        "ragged.csv:2: the row has 2 values, the first line has 3 columns",
        "ragged.csv:3: the row has 4 values, the first line has 3 columns",
        "ragged.csv:4: the row cannot be read (unexpected end of data)",
    ]


def test_a_column_given_twice_is_refused_with_its_places(bad_inputs):
    with pytest.raises(TableError) as caught:
        read_csv_table(read_source(bad_inputs / "csv/duplicate_header.csv", name="d.csv"))
    assert str(caught.value) == (
        "d.csv:1: column 'group' is given twice, as columns 2 and 3 — give each column its own name"
    )


def test_a_semicolon_table_is_not_read_as_one_column(bad_inputs):
    with pytest.raises(TableError) as caught:
        read_csv_table(read_source(bad_inputs / "csv/semicolon.csv", name="s.csv"))
    assert str(caught.value) == (
        "s.csv:1: one column found, 'participant;group;round' — is the separator ';'? — save it as CSV with commas"
    )


def test_a_tab_table_names_the_tab_visibly():
    assert problems("a\tb\n1\t2\n") == [
        "t.csv:1: one column found, 'a\\u0009b' — is the separator '\\u0009'? — save it as CSV with commas"
    ]


def test_a_table_in_gb18030_is_refused_with_a_reading_and_read_when_that_is_stated(bad_inputs):
    file = read_source(bad_inputs / "csv/gb18030.csv", name="g.csv")
    with pytest.raises(Rejected) as caught:
        read_csv_table(file)
    assert str(caught.value) == (
        "g.csv:1: not valid UTF-8 at byte 0 (0xB2) — save it as UTF-8, or state its encoding, "
        "for example gb18030, which would read '参与者,组别,轮次'"
    )
    assert read_csv_table(file, encoding="gb18030").to_dict("records") == [
        {"参与者": "工01", "组别": "工人", "轮次": "1"}
    ]


def test_text_after_a_closing_quote_is_refused():
    assert problems('a,b\n"x"y,2\n')[0].startswith("t.csv:2: the row cannot be read")


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(csv_tables, "MAX_ROWS", 2)
    assert problems("a\n1\n2\n3\n") == ["t.csv:4: more than 2 rows — split the table"]


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2), max_size=6
    )
)
def test_what_the_csv_module_writes_is_read_back(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], *rows])
    table = read_csv_table(source(out.getvalue()))
    assert table.values.tolist() == [row for row in rows if any(value.strip() for value in row)]


def workbook(*rows: tuple[object, ...]) -> Source:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "d/m/yy"}) as book:
        sheet = book.add_worksheet("Interviews")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return Source("t.xlsx", out.getvalue(), "")


def test_a_workbook_is_a_table_too_with_its_rows_and_dates():
    found = read_csv_table(
        workbook(("id", "date", "n"), ("w1", datetime.date(2021, 9, 14), 3), ("", "", ""), ("w2", "", ""))
    )
    assert found.to_dict("index") == {
        2: {"id": "w1", "date": "2021-09-14", "n": "3"},
        4: {"id": "w2", "date": "", "n": ""},
    }


def test_a_workbook_with_a_column_twice_or_without_any_is_refused():
    with pytest.raises(TableError, match=r"t.xlsx:1: column 'id' is given twice, as columns 1 and 2"):
        read_csv_table(workbook(("id", "id"), ("a", "b")))
    with pytest.raises(TableError, match=r"t.xlsx:1: sheet 'Interviews' is empty"):
        read_csv_table(workbook())
