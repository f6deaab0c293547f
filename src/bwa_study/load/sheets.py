"""Worksheets of xlsx and ods files as rows of text."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import dataclass

from bwa_study.load.archives import check_archive
from bwa_study.load.gate import Rejected, Source
from bwa_study.model.errors import Problem, did_you_mean, shown

SHEET_KINDS = (".xlsx", ".ods")
MAX_CELLS = 10_000_000
_EMPTY_FORMULA = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, the names of all sheets, rows of text of one length, and the row number of each."""

    name: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]


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
    _refuse_formulas(source)
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
    except python_calamine.CalamineError as fault:
        what = f"it cannot be read ({shown(fault)})"
        raise Rejected(Problem(source.name, 0, 0, what, "save it anew in its program")) from None
    kept = [(n, row) for n, row in enumerate(grid, start=first + 1) if any(cell.strip() for cell in row)]
    return Sheet(found.name, names, tuple(row for _, row in kept), tuple(n for n, _ in kept))


def _refuse_formulas(source: Source) -> None:
    """Refuse cells that hold a formula and no value: they would read as empty."""
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        for member in archive.namelist():
            if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                cells = [found[1].decode() for found in _EMPTY_FORMULA.finditer(archive.read(member))]
                if cells:
                    more = f" and {len(cells) - 1} more cells are formulas" if len(cells) > 1 else " is a formula"
                    what = f"{cells[0]}{more} without a stored value"
                    mend = "open it in its program, let it calculate, and save it"
                    raise Rejected(Problem(source.name, 0, 0, what, mend))


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
