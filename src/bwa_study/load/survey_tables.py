"""A file of survey answers as a plain table: text cells, the row of each, and what the file says of its columns."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field, replace

from bwa_study.load.confined import confined
from bwa_study.load.gate import TEXT_KINDS, Rejected, Source, decode, refuse_kind
from bwa_study.load.sheets import SHEET_KINDS, read_sheet
from bwa_study.load.statistics_tables import STATISTICS_KINDS, read_statistics
from bwa_study.model.errors import Problem, TableError, shown

TABLE_KINDS = (".csv", ".tsv", ".tab", *SHEET_KINDS, *STATISTICS_KINDS)
MAX_ROWS = 500_000
_SEPARATORS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """Rows of text.

    Parameters
    ----------
    name
        What messages call it: the file, and the sheet of a workbook.
    header
        Names of the columns, which may be empty or stand twice.
    rows, places
        The cells, and the line (csv) or row (workbook, SPSS, Stata: the case) each row stands in.
    questions, labels
        By column name, where the file has them: the question, and pairs of value and label.
    missing
        By column name, the values that the file declares as missing.
    origin
        ``plain``, ``qualtrics``, ``spss`` or ``stata``.
    other_sheets
        Names of the sheets of a workbook that are not read and hold something.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]
    questions: dict[str, str] = field(default_factory=dict)
    labels: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origin: str = "plain"
    other_sheets: tuple[str, ...] = ()


def read_survey_table(source: Source, *, sheet: str = "", separator: str = "") -> SurveyTable:
    """The table in a csv, tsv, xlsx, ods, SPSS or Stata file; Qualtrics' three header rows are taken as such.

    Parameters
    ----------
    source
        The bytes, with the encoding settled where it is text.
    sheet
        Of a workbook; the first by default.
    separator
        Of a text file; by default the one that stands most often in its first line.

    Raises
    ------
    Rejected
        If the kind of file is not read, or the file is damaged.
    TableError
        With every bad row.
    """
    ending = "." + source.name.rsplit(".", 1)[-1].lower()
    instead = f"save the survey as {', '.join(TABLE_KINDS)}"
    refuse_kind(source.name, instead=instead)
    if ending not in TABLE_KINDS:
        raise Rejected(Problem(source.name, 0, 0, f"'{shown(ending)}' files are not read as surveys", instead))
    if ending in TEXT_KINDS:
        return _of_grid(source.name, *_text_grid(source, separator or _separator(source, ending)))
    if ending in SHEET_KINDS:
        found = confined(read_sheet, source, sheet=sheet)
        grid = _of_grid(f"{source.name}[{found.name}]", found.rows, found.places)
        return replace(grid, other_sheets=found.others)
    read = confined(read_statistics, source)
    return SurveyTable(
        source.name,
        read.header,
        read.rows,
        tuple(range(1, len(read.rows) + 1)),
        read.questions,
        read.labels,
        read.missing,
        "spss" if ending in (".sav", ".zsav") else "stata",
    )


def _separator(source: Source, ending: str) -> str:
    if ending in (".tsv", ".tab"):
        return "\t"
    first = decode(source).split("\n", 1)[0]
    return max(_SEPARATORS, key=lambda mark: (first.count(mark), mark == ","))


def _text_grid(source: Source, separator: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    text = decode(source)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[str, ...]] = []
    places: list[int] = []
    problems: list[Problem] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if rows and len(row) != len(rows[0]):
                    what = f"the row has {len(row)} values, the first line has {len(rows[0])} columns"
                    mend = f"add or remove separators ('{shown(separator)}'); put texts that hold them in quotes"
                    problems.append(Problem(source.name, line, 0, what, mend))
                else:
                    rows.append(tuple(row))
                    places.append(line)
            if len(rows) > MAX_ROWS:
                raise Rejected(Problem(source.name, line, 0, f"more than {MAX_ROWS:,} rows", "split the file"))
            line = reader.line_num + 1
    except csv.Error as fault:
        what, mend = f"the row cannot be read ({shown(fault)})", "close every quote, and double quotes inside of one"
        problems.append(Problem(source.name, line, 0, what, mend))
    if problems:
        raise TableError(problems)
    return tuple(rows), tuple(places)


def _of_grid(name: str, rows: tuple[tuple[str, ...], ...], places: tuple[int, ...]) -> SurveyTable:
    if not rows:
        raise Rejected(Problem(name, 1, 0, "the table is empty", "write the column names into the first line"))
    header = tuple(cell.strip() for cell in rows[0])
    if len(rows) > 2 and _is_import_ids(rows[2]):
        questions = {column: text.strip() for column, text in zip(header, rows[1], strict=True) if text.strip()}
        return SurveyTable(name, header, rows[3:], places[3:], questions, origin="qualtrics")
    return SurveyTable(name, header, rows[1:], places[1:])


def _is_import_ids(row: tuple[str, ...]) -> bool:
    """Whether a row is the third header row of a Qualtrics export: ``{"ImportId":"QID1"}`` in every cell."""
    try:
        return bool(row) and all("ImportId" in json.loads(cell) for cell in row if cell.strip())
    except (ValueError, TypeError, RecursionError):
        return False
