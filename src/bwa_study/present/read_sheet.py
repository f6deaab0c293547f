"""A result as people read it, on a sheet of a workbook: heads over columns, numbers as numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bwa_study.model.results import Result
from bwa_study.present.read_frame import read_frame
from bwa_study.present.style import wrapped
from bwa_study.present.tables import is_missing

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_TOP, _NARROW, _WIDE = 2, 12, 60
_LINE, _HIGHEST = 15, 409
"""Points of a line, and of the highest row there may be."""
_LETTERS = 30
"""A column whose texts are longer is made wide and its texts are wrapped."""


def write_read_sheet(sheet: Worksheet, result: Result, formats: dict[str, Format], language: str = "") -> None:
    """Write the compact form of a result; the heads stay in sight, and every column can be filtered.

    Every text is written as text, so none of them becomes a formula.
    """
    frame = read_frame(result, language)
    sheet.write_string(0, 0, result.title, formats["title"])
    if result.synthetic:
        sheet.write_string(1, 0, "SYNTHETIC DATA, made for demonstration", formats["warning"])
    indexed = frame.index.nlevels > 1 or frame.index.name is not None or not isinstance(frame.index, pd.RangeIndex)
    names = [str(name or "") for name in frame.index.names] if indexed else []
    columns = [tuple(map(str, c)) if isinstance(c, tuple) else (str(c),) for c in frame.columns]
    line = _write_heads(sheet, names, columns, formats)
    rows = [
        (*_as_tuple(key, indexed), *values) for key, values in zip(frame.index, frame.to_numpy(object), strict=True)
    ]
    for x in range(len(names) + len(columns)):
        longest = max((len(str(row[x])) for row in rows if isinstance(row[x], str)), default=0)
        is_long = longest > _LETTERS
        sheet.set_column(x, x, _WIDE if is_long else max(_NARROW, min(longest + 2, _LETTERS)))
        for y, row in enumerate(rows, start=line + 1):
            _write(sheet, y, x, row[x], formats["wrap" if is_long else "top"])
    for y, row in enumerate(rows, start=line + 1):
        fit_row(sheet, y, [(text, _WIDE) for text in row if isinstance(text, str) and len(text) > _LETTERS])
    sheet.freeze_panes(line + 1, len(names))
    sheet.autofilter(line, 0, line + max(1, len(rows)), max(0, len(names) + len(columns) - 1))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP, line)


def fit_row(sheet: Worksheet, y: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make a row as high as its texts need, each wrapped to so many characters: not every program does so by itself."""
    lines = max((sum(len(wrapped(part, width)) for part in text.splitlines()) for text, width in texts), default=1)
    if lines > 1:
        sheet.set_row(y, min(_LINE * lines, _HIGHEST))


def _write_heads(
    sheet: Worksheet, names: list[str], columns: Sequence[tuple[str, ...]], formats: dict[str, Format]
) -> int:
    """Heads from the top down; returns the line of the last, which every column has."""
    depth = max((len(c) for c in columns), default=1)
    line = _TOP + depth - 1
    for level in range(depth - 1):
        for prefix, run in itertools.groupby(enumerate(columns, len(names)), key=lambda one: one[1][: level + 1]):
            at = [x for x, _ in run]
            if len(at) > 1:
                sheet.merge_range(_TOP + level, at[0], _TOP + level, at[-1], "", formats["group"])
            sheet.write_string(_TOP + level, at[0], _said(prefix[level]), formats["group"])
    for x, name in enumerate([*names, *(c[-1] for c in columns)]):
        sheet.write_string(line, x, _said(name), formats["head"])
    return line


def _said(name: str) -> str:
    return name.replace("_", " ")


def _as_tuple(key: Any, indexed: bool) -> tuple[Any, ...]:
    if not indexed:
        return ()
    return key if isinstance(key, tuple) else (key,)


def _write(sheet: Worksheet, y: int, x: int, value: Any, format: Format | None) -> None:
    if is_missing(value) or value == "":
        sheet.write_blank(y, x, None, format)
    elif isinstance(value, bool):
        sheet.write_boolean(y, x, value, format)
    elif isinstance(value, str):
        sheet.write_string(y, x, value, format)
    else:
        sheet.write_number(y, x, float(value), format)
