"""Table T13 as a sheet: for each code how far coders agree, what it is confused with, and whether it may be used."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from bwa_study.analysis.reliability import Reliability
from bwa_study.present.read_sheet import fit_row
from bwa_study.present.tables import is_missing

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_HEADS = (
    ("n_units", "Units", 8, "count"),
    ("n_coded", "Coded by any", 8, "count"),
    ("prevalence_a", "Prevalence A", 10, "percent"),
    ("prevalence_b", "Prevalence B", 10, "percent"),
    ("bias", "Bias (points apart)", 10, "percent"),
    ("agreement", "Agreement", 10, "percent"),
    ("alpha", "Alpha", 8, "value"),
    ("low", "95% from", 8, "value"),
    ("high", "95% to", 8, "value"),
    ("kappa", "Kappa", 8, "value"),
    ("polarity_agreement", "Polarity agreement", 10, "percent"),
    ("polarity_pairs", "of both coded", 8, "count"),
    ("confused_with", "Most confused with", 24, "text"),
    ("confused", "times", 6, "count"),
    ("told_apart_by", "Rule that tells them apart", 44, "text"),
    ("status", "Status", 12, "status"),
    ("note", "Why kappa is low (or high)", 44, "text"),
    ("reason", "Why a number is missing", 36, "text"),
)
_A3 = 8
_COLOURS = {"use": "#d9f2e6", "tentative": "#fdf0d0", "qualitative": "#fbdcc8", "cannot say": "#e8e8e8"}


def write_reliability_sheet(book: Workbook, sheet: Worksheet, result: Reliability) -> None:
    """Write the table, themes in bold over their codes; the cells hold unrounded numbers."""
    formats = _formats(book)
    sheet.write_string(0, 0, result.title, formats["title"])
    if result.synthetic:
        sheet.write_string(1, 0, "SYNTHETIC DATA, made for demonstration", formats["warning"])
    if len(result.coders) == 2:
        sheet.write_string(2, 0, f"A is {result.coders[0]}, B is {result.coders[1]}.")
    elif "pair" in result.by:
        sheet.write_string(2, 0, "A is the first and B the second coder of the pair.")
    names, top, wide = dict(result.labels), 4, len(result.by)
    columns = [one for one in _HEADS if one[0] not in ("note", "reason") or (result.table[one[0]] != "").any()]
    for x, field in enumerate((*result.by, "code")):
        sheet.write_string(top, x, field.capitalize(), formats["head"])
        sheet.set_column(x, x, 34 if field in ("code", "pair") else 14)
    sheet.set_row(top, 45)
    for x, (_, head, width, kind) in enumerate(columns, start=wide + 1):
        sheet.write_string(top, x, head, formats["head" if kind in ("text", "status") else "number head"])
        sheet.set_column(x, x, width)
    for y, row in enumerate(result.table.to_dict("records"), start=top + 1):
        bold = "theme " if not row["code"] else ""
        for x, field in enumerate(result.by):
            sheet.write_string(y, x, names.get(f"{field}:{row[field]}", str(row[field])), formats[f"{bold}text"])
        name = names.get(row["code"] or row["theme"], row["code"] or row["theme"])
        sheet.write_string(y, wide, name if bold else f"   {name}", formats[f"{bold}text"])
        texts = []
        for x, (column, _, width, kind) in enumerate(columns, start=wide + 1):
            value = names.get(row[column], row[column]) if column == "confused_with" else row[column]
            _write(sheet, y, x, value, formats[row["status"] if kind == "status" else f"{bold}{kind}"])
            texts += [(str(value), width)] if kind == "text" else []
        fit_row(sheet, y, texts)
    sheet.freeze_panes(top + 1, wide + 1)
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _write(sheet: Worksheet, y: int, x: int, value: Any, look: Format) -> None:
    if is_missing(value) or value == "":
        sheet.write_blank(y, x, None, look)
    elif isinstance(value, str):
        sheet.write_string(y, x, value, look)
    else:
        sheet.write_number(y, x, float(value), look)


def _formats(book: Workbook) -> dict[str, Format]:
    numbers = {"count": "0", "percent": "0.0%", "value": "0.000", "text": "@"}
    out = {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "warning": book.add_format({"bold": True, "font_color": "#b00020"}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "number head": book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "vcenter"}
        ),
    }
    for (kind, shown), bold in itertools.product(numbers.items(), (False, True)):
        look: dict[str, Any] = {"num_format": shown, "valign": "top"}
        if kind == "text":
            look |= {"text_wrap": True, "align": "left", "indent": 1}
        if bold:
            look |= {"bold": True, "bg_color": "#eeeeee"}
        out[f"theme {kind}" if bold else kind] = book.add_format(look)
    for status, colour in _COLOURS.items():
        out[status] = book.add_format({"bg_color": colour, "valign": "top"})
    return out
