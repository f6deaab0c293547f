"""The framework matrix as a workbook that people fill in: a sheet a round, and the sentences behind every cell."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING

import pandas as pd

from bwa_study.analysis.framework import FrameworkMatrix, shown_evidence
from bwa_study.present.read_sheet import fit_row
from bwa_study.protect.consent import may_print

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SUMMARY = "summary"
"""In the hidden first column: the row that people fill in; in the next one: the row's name."""
SEGMENTS = "Segments"
HEAD_ROW = 2
"""Row of the sheet, from 0, that holds the kind of rows, the round, and from the fourth column the ids of the codes;
it is hidden, and reading relies on it."""
_NOT_TO_PRINT = "(the participant did not agree to being quoted)"
_FIXED_DATE = datetime.datetime(2000, 1, 1)


def framework_bytes(result: FrameworkMatrix) -> bytes:
    """A workbook: for each round a sheet with two lines a row, the summary to fill in and the evidence under it.

    The evidence links to the sheet of segments. Sentences of people who did not agree to be quoted are named, not
    shown. `bwa_study.load.framework_files.read_framework` reads it back.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        comment = "SYNTHETIC DATA" if result.synthetic else ""
        book.set_properties({"title": result.title, "comments": comment, "created": _FIXED_DATE})
        formats = _formats(book)
        for round in dict.fromkeys(result.table["round"]):
            _write_round(book.add_worksheet(str(round)[:31]), result, str(round), formats)
        _write_segments(book.add_worksheet(SEGMENTS), result, formats)
        notes = book.add_worksheet("Notes")
        for y, line in enumerate([result.title, *result.notes()]):
            notes.write_string(y, 0, line, formats["wrap"])
        notes.set_column(0, 0, 120)
    return out.getvalue()


def _formats(book: Workbook) -> dict[str, Format]:
    return {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "name": book.add_format({"bold": True, "valign": "top"}),
        "summary": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#fffbe6", "border": 1,
                                    "border_color": "#dddddd", "num_format": "@"}),
        "evidence": book.add_format({"font_color": "#555555", "font_size": 8, "valign": "top"}),
        "link": book.add_format({"font_color": "#0b5394", "font_size": 8, "underline": 1, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip


def _write_round(sheet: Worksheet, result: FrameworkMatrix, round: str, formats: dict[str, Format]) -> None:
    table = result.table[result.table["round"] == round]
    names, codes = dict(result.labels), list(dict.fromkeys(table["code"]))
    sheet.write_string(0, 2, f"{result.title} · {round}", formats["title"])
    more = "SYNTHETIC DATA. " if result.synthetic else ""
    sheet.write_string(1, 2, f"{more}Write into the yellow cells; leave the hidden row and columns as they are.")
    sheet.write_string(HEAD_ROW + 1, 2, result.rows, formats["head"])
    sheet.write_string(HEAD_ROW, 0, result.rows)
    sheet.write_string(HEAD_ROW, 1, round)
    for x, code in enumerate(codes, start=3):
        sheet.write_string(HEAD_ROW, x, code)
        sheet.write_string(HEAD_ROW + 1, x, names.get(code, code), formats["head"])
    y = HEAD_ROW + 2
    for name, cells in table.groupby("row", sort=False):
        sheet.write_string(y, 0, SUMMARY)
        sheet.write_string(y, 1, str(name))
        sheet.write_string(y, 2, str(name), formats["name"])
        for x, row in enumerate(cells.to_dict("records"), start=3):
            sheet.write_string(y, x, row["summary"], formats["summary"])
            _write_evidence(sheet, y + 1, x, row, formats)
        sheet.set_row(y, 45)
        y += 2
    sheet.set_row(HEAD_ROW, None, None, {"hidden": True})
    sheet.set_column(0, 1, None, None, {"hidden": True})
    sheet.set_column(2, 2, 12)
    sheet.set_column(3, 2 + len(codes), 28)
    sheet.freeze_panes(HEAD_ROW + 2, 3)
    sheet.set_landscape()
    sheet.repeat_rows(HEAD_ROW + 1)
    sheet.repeat_columns(2)


def _write_evidence(sheet: Worksheet, y: int, x: int, row: dict[object, object], formats: dict[str, Format]) -> None:
    numbers = [n for n in str(row["segments"]).split(";") if n]
    text = shown_evidence(row)
    if not numbers:
        sheet.write_string(y, x, text, formats["evidence"])
        return
    shown = ", ".join(numbers[:6]) + (" …" if len(numbers) > 6 else "")
    sheet.write_url(y, x, f"internal:'{SEGMENTS}'!A{int(numbers[0]) + 1}", formats["link"], f"{text}  [{shown}]")


def _write_segments(sheet: Worksheet, result: FrameworkMatrix, formats: dict[str, Format]) -> None:
    segments = result.segments if result.segments is not None else pd.DataFrame()
    columns = ["number", "sites", "group", "round", "code", "polarity", "transcript", "turn", "language", "quote"]
    for x, name in enumerate(columns):
        sheet.write_string(0, x, name, formats["head"])
    for y, row in enumerate(segments.to_dict("records"), start=1):
        for x, name in enumerate(columns):
            value = row[name] if name != "quote" or may_print(row["consent_quotes"]) else _NOT_TO_PRINT
            if isinstance(value, str):
                sheet.write_string(y, x, value, formats["wrap"] if name == "quote" else None)
            else:
                sheet.write_number(y, x, value)
        fit_row(sheet, y, [(str(row["quote"]), 90)])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(segments)), len(columns) - 1)
    sheet.set_column(0, 8, 11)
    sheet.set_column(9, 9, 90)
