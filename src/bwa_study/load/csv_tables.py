"""CSV files as tables of text, with the line of every row."""

from __future__ import annotations

import csv
import io

import pandas as pd

from bwa_study.load.confined import confined
from bwa_study.load.gate import Source, decode
from bwa_study.load.sheets import SHEET_KINDS, read_sheet
from bwa_study.model.errors import Problem, TableError, shown

MAX_ROWS = 2_000_000


def read_csv_table(source: Source, *, encoding: str = "") -> pd.DataFrame:
    """A comma-separated file, or the first sheet of a workbook, as text columns.

    The index is the line each row begins in.

    Parameters
    ----------
    source
        The bytes, from `read_source`.
    encoding
        Only needed where the file is not UTF-8.

    Raises
    ------
    Rejected
        If the bytes are not of that encoding, or the workbook cannot be read.
    TableError
        If the file is empty, has a column twice, rows of another length, or a quote that is never closed.
    """
    if source.name.lower().endswith(SHEET_KINDS):
        return _first_sheet(source)
    text = decode(source, encoding=encoding)
    if not text.strip():
        raise TableError(
            [Problem(source.name, 1, 0, "the table is empty", "write the column names into the first line")]
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if not header:
                header = [name.strip() for name in row]
                problems += _header_problems(header, source.name)
            elif row:
                if len(row) != len(header):
                    what = f"the row has {len(row)} values, the first line has {len(header)} columns"
                    problems.append(
                        Problem(source.name, line, 0, what, "add or remove commas; put texts with commas in quotes")
                    )
                elif any(value.strip() for value in row):
                    rows.append(row)
                    lines.append(line)
            if len(rows) > MAX_ROWS:
                problems.append(Problem(source.name, line, 0, f"more than {MAX_ROWS:,} rows", "split the table"))
                break
            line = reader.line_num + 1
    except csv.Error as fault:
        what = f"the row cannot be read ({shown(fault)})"
        problems.append(
            Problem(source.name, line, 0, what, "close every quote, and double quotes inside a quoted text")
        )
    if problems:
        raise TableError(problems)
    return pd.DataFrame(rows, columns=header, index=lines, dtype=object)


def _first_sheet(source: Source) -> pd.DataFrame:
    sheet = confined(read_sheet, source)
    header = [name.strip() for name in sheet.rows[0]] if sheet.rows else []
    if not header:
        mend = "write the column names into the first row"
        raise TableError([Problem(source.name, 1, 0, f"sheet '{shown(sheet.name)}' is empty", mend)])
    if problems := _header_problems(header, source.name):
        raise TableError(problems)
    return pd.DataFrame([list(row) for row in sheet.rows[1:]], columns=header, index=sheet.places[1:], dtype=object)


def _header_problems(header: list[str], file: str) -> list[Problem]:
    if len(header) == 1 and (mark := next((m for m in ";\t|" if m in header[0]), "")):
        what = f"one column found, '{shown(header[0])}' — is the separator '{shown(mark)}'?"
        return [Problem(file, 1, 0, what, "save it as CSV with commas")]
    out = []
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            at = [str(i + 1) for i, other in enumerate(header) if other == name]
            what = f"column '{shown(name)}' is given twice, as columns {' and '.join(at)}"
            out.append(Problem(file, 1, 0, what, "give each column its own name"))
    return out
