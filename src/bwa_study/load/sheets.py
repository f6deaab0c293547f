"""Worksheets of xlsx and ods files as rows of text."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from bwa_study.load.archives import check_archive
from bwa_study.load.gate import Rejected, Source
from bwa_study.model.errors import Problem, did_you_mean, shown

if TYPE_CHECKING:
    import python_calamine

SHEET_KINDS = (".xlsx", ".ods")
MAX_CELLS = 10_000_000
_EMPTY_FORMULA = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_CELL = re.compile(rb"<c\b[^>]*\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*>")
_VALUE = re.compile(rb"<(?:v|t)>([^<]{0,200})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, the names of all sheets, rows of text of one length, the row number of each, and the names
    of the other sheets that hold anything."""

    name: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]
    others: tuple[str, ...] = ()


def read_sheet(source: Source, *, sheet: str = "") -> Sheet:
    """A worksheet as text; call it with `confined`.

    Whole numbers come without decimals, other numbers in full, dates as YYYY-MM-DD, true and false as such. Rows and
    columns that are empty at the edges are left out.

    Parameters
    ----------
    source
        The bytes of an xlsx or ods file.
    sheet
        Name of the sheet; the first one by default.

    Raises
    ------
    Rejected
        If the file is damaged or too large, has no such sheet, or holds formulas whose values are not stored.
    """
    import python_calamine

    kind = "." + source.name.rsplit(".", 1)[-1].lower()
    check_archive(source, kind=kind)
    _refuse_cells(source)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        names = tuple(book.sheet_names)
        if not names or (sheet and sheet not in names):
            what = f"there is no sheet '{shown(sheet)}'{did_you_mean(sheet, names)}"
            raise Rejected(Problem(source.name, 0, 0, what, f"use one of {', '.join(map(shown, names)) or '(none)'}"))
        found = book.get_sheet_by_name(sheet or names[0])
        if found.total_height * found.total_width > MAX_CELLS:
            what = f"sheet '{shown(found.name)}' spans {found.total_height:,} rows and {found.total_width:,} columns"
            raise Rejected(Problem(source.name, 0, 0, what, "delete the cells that stand far off"))
        first = (found.start or (0, 0))[0]
        grid = [tuple(map(_text, row)) for row in found.to_python(skip_empty_area=True)]
        others = tuple(name for name in names if name != found.name and _holds_something(book, name))
    except python_calamine.CalamineError as fault:
        what = f"it cannot be read ({shown(fault)})"
        raise Rejected(Problem(source.name, 0, 0, what, "save it anew in its program")) from None
    kept = [(n, row) for n, row in enumerate(grid, start=first + 1) if any(cell.strip() for cell in row)]
    return Sheet(found.name, names, tuple(row for _, row in kept), tuple(n for n, _ in kept), others)


def _holds_something(book: python_calamine.CalamineWorkbook, name: str) -> bool:
    import python_calamine

    try:
        return book.get_sheet_by_name(name).total_height > 0
    except python_calamine.CalamineError:  # a sheet of charts
        return False


def _refuse_cells(source: Source) -> None:
    """Refuse cells that hold a formula and no value (they would read as empty), and a cell that stands far off."""
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        for member in archive.namelist():
            if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                content = archive.read(member)
                cells = [found[1].decode() for found in _EMPTY_FORMULA.finditer(content)]
                name = f"{source.name}[{_sheet_name(archive, member)}]"
                if cells:
                    more = f" and {len(cells) - 1} more cells are formulas" if len(cells) > 1 else " is a formula"
                    what = f"{cells[0]}{more} without a stored value"
                    mend = "open it in its program, let it calculate, and save it"
                    raise Rejected(Problem(name, 0, 0, what, mend))
                _refuse_far_cell(name, content)


def _refuse_far_cell(name: str, content: bytes) -> None:
    """Refuse a worksheet that one cell stretches over more cells than are read, and name that cell."""
    height = width = furthest = 0
    far = None
    for found in _CELL.finditer(content):
        row, column = int(found[2]), _number(found[1])
        height, width = max(height, row), max(width, column)
        if row * column > furthest:
            furthest, far = row * column, found
    if far is None or height * width <= MAX_CELLS:
        return
    column_name, row = far[1].decode(), int(far[2])
    value = _VALUE.search(content, far.end(), far.end() + 2000)
    said = f", value '{shown(value[1].decode('utf-8', 'replace'))}'," if value else ""
    what = f"the cell in column {column_name}, row {row:,}{said} makes the sheet {height:,} rows by {width:,} columns"
    raise Rejected(Problem(name, row, 0, what, f"delete what stands far off; at most {MAX_CELLS:,} cells are read"))


def _number(letters: bytes) -> int:
    """Number of a column from its letters.

    Examples
    --------
    >>> _number(b"A"), _number(b"XFD")
    (1, 16384)
    """
    return reduce(lambda so_far, letter: 26 * so_far + letter - 64, letters, 0)


def _sheet_name(archive: zipfile.ZipFile, member: str) -> str:
    """The name on the tab of a worksheet; the member's own where the workbook does not tell."""
    from defusedxml.ElementTree import fromstring

    try:
        book = fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
        links = fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    except (KeyError, ValueError, SyntaxError):
        return member
    targets = {one.get("Id"): str(one.get("Target")).removeprefix("/").removeprefix("xl/") for one in links}
    for sheet in book.iter():
        id = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        if id in targets and f"xl/{targets[id]}" == member:
            return str(sheet.get("name") or member)
    return member


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else str(value)
