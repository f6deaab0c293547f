"""Summaries of the framework matrix: out of the workbook that people filled in, and in the study folder as csv."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from bwa_study.load.confined import confined
from bwa_study.load.csv_tables import read_csv_table
from bwa_study.load.gate import Rejected, Source, read_source
from bwa_study.model.errors import Problem, TableError, shown
from bwa_study.model.schema import Column, Schema

FRAMEWORK_FILE = "framework.csv"
_SUMMARY, _HEAD_ROW, _FIRST_CODE = "summary", 2, 3
_KINDS = ("site", "participant")

FRAMEWORK = Schema(
    "framework table",
    (
        Column("rows", required=True, filled=True, levels=_KINDS),
        Column("row", required=True, filled=True),
        Column("round", required=True, filled=True),
        Column("code", required=True, filled=True),
        Column("summary", "verbatim", required=True, filled=True),
    ),
)
"""Columns of ``framework.csv``: kind of row (site or participant), its id, round, code, and what an evaluator wrote."""

Cells = dict[tuple[str, str, str], str]


def load_framework(folder: str | Path) -> dict[str, Cells]:
    """What ``framework.csv`` of a study folder holds: by kind of row, texts by row, round and code; empty without it.

    Raises
    ------
    TableError
        With every problem of the file.
    """
    path = Path(folder) / FRAMEWORK_FILE
    if not path.exists():
        return {}
    try:
        source = read_source(path, name=str(path), folder=Path(folder))
        table = FRAMEWORK.conform(read_csv_table(source), file=source.name)
    except Rejected as fault:
        raise TableError([fault.problem]) from None
    out: dict[str, Cells] = {}
    for kind, row, round, code, summary in table.itertuples(index=False):
        out.setdefault(kind, {})[row, round, code] = summary
    return out


def framework_csv(cells: Mapping[str, Mapping[tuple[str, str, str], str]]) -> bytes:
    """The bytes of ``framework.csv``; `load_framework` reads the same texts back."""
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([column.name for column in FRAMEWORK.columns])
    for kind, texts in cells.items():
        for key, text in texts.items():
            writer.writerow([kind, *key, text.replace("\r\n", "\n").replace("\r", "\n")])
    return out.getvalue().encode("utf-8")


def read_framework(path: str | Path) -> tuple[str, Cells]:
    """The summaries of a workbook that `bwa_study.present.framework_sheets.framework_bytes` made and people filled in.

    Returns
    -------
    tuple
        ``site`` or ``participant``, and the texts that are not empty by row, round and code.

    Raises
    ------
    TableError
        If it is no such workbook, its hidden keys were changed, or a cell is given twice; with sheet, row and column.
    """
    try:
        source = read_source(Path(path))
        sheets = confined(read_sheets, source)
    except Rejected as fault:
        raise TableError([fault.problem]) from None
    kinds: dict[str, None] = {}
    cells: Cells = {}
    problems: list[Problem] = []
    for name, grid in sheets.items():
        head = grid[_HEAD_ROW] if len(grid) > _HEAD_ROW else []
        if len(head) <= _FIRST_CODE or head[0] not in _KINDS:
            continue
        kinds[head[0]] = None
        _read_sheet(f"{source.name}, sheet '{shown(name)}'", head, grid, cells, problems)
    if not kinds:
        what = "no sheet of it is a framework matrix"
        mend = "give a workbook written by 'bwa-study framework out', with its hidden row and columns as they were"
        problems.append(Problem(source.name, 0, 0, what, mend))
    if problems:
        raise TableError(problems)
    return next(iter(kinds)), cells


def _read_sheet(place: str, head: list[str], grid: list[list[str]], cells: Cells, problems: list[Problem]) -> None:
    round, codes = head[1], head[_FIRST_CODE:]
    for y, line in enumerate(grid[_HEAD_ROW + 1 :], start=_HEAD_ROW + 2):
        if not line or line[0] != _SUMMARY:
            continue
        for x, (code, text) in enumerate(zip(codes, line[_FIRST_CODE:], strict=False), start=_FIRST_CODE + 1):
            if not text.strip():
                continue
            key = (line[1], round, code)
            if not code:
                what, mend = f"'{shown(text)}' stands in a column without a code", "move it under a code"
                problems.append(Problem(place, y, x, what, mend))
            elif key in cells:
                what = f"the cell {', '.join(map(shown, key))} is given twice"
                problems.append(Problem(place, y, x, what, "leave one of the two rows"))
            else:
                cells[key] = text.replace("\r\n", "\n").replace("\r", "\n")


def read_sheets(source: Source) -> dict[str, list[list[str]]]:
    """Every sheet of a workbook as rows of text, from its first cell on; called through `confined`."""
    from python_calamine import CalamineError, CalamineWorkbook

    from bwa_study.load.archives import check_archive

    check_archive(source, kind=".xlsx")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        return {
            name: [
                [str(value) for value in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in book.sheet_names
        }
    except CalamineError as fault:
        what, mend = f"the workbook cannot be read ({shown(fault)})", "save it again as .xlsx"
        raise Rejected(Problem(source.name, 0, 0, what, mend)) from None
