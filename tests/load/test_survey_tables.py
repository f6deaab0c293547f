from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from bwa_study.load.confined import confined
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.sheets import read_sheet
from bwa_study.load.survey_tables import read_survey_table
from bwa_study.model.errors import TableError

ROWS = [["id", "q", "day"], ["a", 1, "x"], ["b", 2.5, "y"]]
TEXT = (("a", "1", "x"), ("b", "2.5", "y"))


def source(name: str, data: str | bytes) -> Source:
    return Source(name, data.encode() if isinstance(data, str) else data, "", "utf-8")


def xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                sheet.write_row(y, 0, row)
    return out.getvalue()


def ods(rows: list[list[object]]) -> bytes:
    import odfdo

    document = odfdo.Document("spreadsheet")
    document.body.clear()
    table = odfdo.Table("Answers")
    table.set_values(rows)
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_of_a_text_file_is_seen_in_its_first_line(mark):
    text = "\n".join(mark.join(map(str, row)) for row in ROWS) + "\n"
    table = read_survey_table(source("s.csv", text))

    assert (table.header, table.rows, table.places) == (("id", "q", "day"), TEXT, (2, 3))


def test_a_tsv_has_tabs_even_where_its_questions_have_commas():
    assert read_survey_table(source("s.tsv", "a, b, c, d\te\n1\t2\n")).header == ("a, b, c, d", "e")


def test_lines_are_counted_through_texts_that_hold_line_ends():
    table = read_survey_table(source("s.csv", 'id,o\na,"one\ntwo"\nb,x\n'))

    assert table.places == (2, 4)


def test_every_ragged_row_is_named():
    with pytest.raises(TableError) as caught:
        read_survey_table(source("s.csv", "a,b\n1\n1,2\n1,2,3\n"))

    assert [(p.line, p.what) for p in caught.value.problems] == [
        (2, "the row has 1 values, the first line has 2 columns"),
        (4, "the row has 3 values, the first line has 2 columns"),
    ]


def test_a_workbook_s_first_sheet_is_read_unless_one_is_named():
    data = xlsx({"One": ROWS, "Two": [["z"], [7]]})

    first = read_survey_table(source("s.xlsx", data))
    second = read_survey_table(source("s.xlsx", data), sheet="Two")
    assert (first.name, first.rows, first.places) == ("s.xlsx[One]", TEXT, (2, 3))
    assert (second.header, second.rows) == (("z",), (("7",),))


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Rejected, match=r"there is no sheet 'Tow', did you mean 'Two'\? — use one of One, Two"):
        read_survey_table(source("s.xlsx", xlsx({"One": ROWS, "Two": ROWS})), sheet="Tow")


def test_rows_keep_their_numbers_where_a_sheet_begins_lower_and_has_gaps():
    table = read_survey_table(source("s.xlsx", xlsx({"S": [[], ["id"], [], ["a"], ["b"]]})))

    assert (table.header, table.places) == (("id",), (4, 5))


def test_an_open_document_spreadsheet_reads_the_same():
    table = read_survey_table(source("s.ods", ods(ROWS)))

    assert (table.name, table.header, table.rows) == ("s.ods[Answers]", ("id", "q", "day"), TEXT)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("formula_no_cache", "A2 is a formula without a stored value — open it in its program, let it calculate"),
        ("far_cell", r"far_cell.xlsx\[s\]:1048576: the cell in column XFD, row 1,048,576, value '1', makes the sheet"),
        ("bomb_rows", "has more than 1,048,576 rows"),
    ],
)
def test_a_bad_workbook_is_refused(name, says):
    data = (Path(__file__).parents[1] / "badinputs" / "xlsx" / f"{name}.xlsx").read_bytes()
    with pytest.raises(Rejected, match=says):
        read_survey_table(source(f"{name}.xlsx", data))


def test_a_damaged_sheet_is_one_line(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx({"S": ROWS}))) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            new.writestr(member, b"<worksheet" if "sheet1" in member else old.read(member))
    with pytest.raises(Rejected, match="it cannot be read"):
        confined(read_sheet, source("s.xlsx", out.getvalue()))


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_spss_and_stata_files_keep_codes_questions_and_labels(tmp_path, kind):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "q": [1.0, 9.0, None], "w": [1.25, 2, 3]})
    path = tmp_path / f"s.{kind}"
    write = pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta
    more = {"missing_ranges": {"q": [9]}} if kind == "sav" else {}
    labels = {"q": {1: "low", 2: "high", 9: "refused"}}
    write(frame, str(path), column_labels={"q": "How is it?"}, variable_value_labels=labels, **more)
    table = read_survey_table(source(path.name, path.read_bytes()))

    assert table.rows == (("a", "1", "1.25"), ("b", "9", "2"), ("c", "", "3"))
    assert table.questions == {"q": "How is it?"}
    assert table.labels == {"q": (("1", "low"), ("2", "high"), ("9", "refused"))}


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_a_file_that_only_says_it_is_one_of_spss_or_stata_is_refused(kind):
    with pytest.raises(Rejected, match=r"it cannot be read \(.*\) — save it anew in its program, or as csv"):
        read_survey_table(source(f"s.{kind}", b"no such thing" * 50))


def test_qualtrics_three_header_rows_are_names_questions_and_import_ids():
    text = 'Q1,Q2\n"How, then?",Why?\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n1,2\n'
    table = read_survey_table(source("s.csv", text))

    assert (table.origin, table.header) == ("qualtrics", ("Q1", "Q2"))
    assert table.questions == {"Q1": "How, then?", "Q2": "Why?"}
    assert (table.rows, table.places) == ((("1", "2"),), (4,))


def test_an_empty_table_and_an_unknown_kind_are_refused():
    with pytest.raises(Rejected, match="the table is empty"):
        read_survey_table(source("s.csv", "\n\n"))
    with pytest.raises(Rejected, match=r"'.numbers' files are not read as surveys — save the survey as .csv, .tsv"):
        read_survey_table(source("s.numbers", "x"))
