"""Excel workbooks: typed numbers, frozen heads, notes that say how the numbers were made."""

from __future__ import annotations

import datetime
import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bwa_study.analysis.frequency import Frequency
from bwa_study.analysis.quotable import Quotes
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.analysis.reliability import Reliability
from bwa_study.model.codebook import Codebook
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.present.behind import behind
from bwa_study.present.read_sheet import fit_row, write_read_sheet
from bwa_study.present.reliability_sheet import write_reliability_sheet
from bwa_study.present.tables import is_missing, is_share, labelled, records
from bwa_study.present.translated import Translation
from bwa_study.present.wide_layout import CHANGE, wide_layout
from bwa_study.present.wording import words
from bwa_study.protect.consent import may_print

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_FIXED_DATE = datetime.datetime(2000, 1, 1)
_SHEETS = {"present": "Present", "absent": "Absent", "mentioned": "Mentioned"}


def workbook_bytes(
    result: Result, language: str = "", *, beside: Mapping[str, Result] | None = None, sheet: str = "Cells"
) -> bytes:
    """A workbook of a result in `language` (the study's by default); the same result, the same bytes.

    In Chinese are heads, values, titles and notes whose words are known; the sheet of cells, which programs read, is
    the same in every language, and what people said stays as it is. Where the result keeps its codings, there is a
    sheet of the sentences behind it that may be printed, and one of the codebook.

    `beside` are further results, each a sheet of its long table under the name given; `sheet` is the name of the
    result's own.
    """
    import xlsxwriter

    from bwa_study.present.speaking_sheet import speaking_sheet

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        comment = "SYNTHETIC DATA" if result.synthetic else ""
        book.set_properties({"title": result.title, "comments": comment, "created": _FIXED_DATE})
        formats = _formats(book)
        matrix, codes = behind(result)
        study = matrix.study if matrix is not None else result.study if isinstance(result, Quotes) else None
        tongue = language or (study.language if study is not None else "en")
        say = _say(study, tongue)
        people: dict[str, Any] = {"worksheet_class": speaking_sheet(say)} if tongue == "zh" else {}
        if isinstance(result, Frequency) and result.matrix is not None:
            for polarity in dict.fromkeys(result.table["polarity"]):
                _write_wide(book.add_worksheet(_SHEETS[polarity], **people), result, polarity, language, formats)
        elif isinstance(result, Reliability):
            write_reliability_sheet(book, book.add_worksheet("T13", **people), result)
        elif sheet == "Cells":
            write_read_sheet(book.add_worksheet("Table", **people), result, formats, language)
        _write_long(book.add_worksheet(sheet), labelled(result), formats, shares=not isinstance(result, Reliability))
        for name, other in (beside or {}).items():
            _write_long(book.add_worksheet(name), labelled(other), formats, shares=False)
        _write_notes(book.add_worksheet("Notes", **people), result, formats, beside or {})
        if matrix is not None:
            _write_quotes(book.add_worksheet("Quotes"), matrix, codes, tongue, formats, say)
        if study is not None:
            _write_codebook(book.add_worksheet("Codebook"), study.codebook, tongue, formats, say)
    return out.getvalue()


def _say(study: Study | None, language: str) -> Callable[[str], str]:
    """Puts a text into the language, as a whole or sentence by sentence; what is not known stays as it is."""
    if language != "zh":
        return str
    known = Translation.of(study, language)

    def say(text: str) -> str:
        whole = known(text)
        return whole if whole != text else known.sentences(text)

    return say


def _formats(book: Workbook) -> dict[str, Format]:
    grey = {"font_color": "#666666", "italic": True, "align": "center"}
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "number head": book.add_format({"bold": True, "bottom": 1, "align": "right"}),
        "group": book.add_format({"bold": True, "align": "center", "bottom": 1}),
        "share": book.add_format({"num_format": "0%"}),
        "theme share": book.add_format({"num_format": "0%", "bold": True, "bg_color": "#eeeeee"}),
        "theme": book.add_format({"bold": True, "bg_color": "#eeeeee"}),
        "reason": book.add_format(grey),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "top": book.add_format({"valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 13}),
        "warning": book.add_format({"bold": True, "font_color": "#b00020"}),
    }


def _write_wide(sheet: Worksheet, result: Frequency, polarity: str, language: str, formats: dict[str, Format]) -> None:
    assert result.matrix is not None
    language = language or result.matrix.study.language
    columns, rows = wide_layout(result, polarity, language)
    said = words(language)
    sheet.write_string(0, 0, f"{result.title}: {polarity}", formats["title"])
    if result.synthetic:
        sheet.write_string(1, 0, "SYNTHETIC DATA, made for demonstration", formats["warning"])
    top, depth = 2, max(1, len(result.by))
    for level in range(depth):
        for prefix, run in itertools.groupby(enumerate(columns), key=lambda one: one[1].head[: level + 1]):
            at = [n for n, _ in run]
            first, last = 2 + 3 * at[0], 4 + 3 * at[-1]
            sheet.merge_range(top + level, first, top + level, last, "", formats["group"])
            sheet.write_string(top + level, first, prefix[level] if prefix else "All", formats["group"])
    line = top + depth
    sheet.write_string(line, 0, "Code", formats["head"])
    sheet.write_string(line, 1, said["reliability"], formats["head"])
    for n, column in enumerate(columns):
        for k, name in enumerate(column.holds):
            sheet.write_string(line, 2 + 3 * n + k, name, formats["number head"])
    for y, row in enumerate(rows, start=line + 1):
        sheet.write_string(
            y, 0, row.name if row.is_theme else f"   {row.name}", formats["theme"] if row.is_theme else None
        )
        sheet.write_string(y, 1, said[row.reliability], formats["theme"] if row.is_theme else None)
        for n, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            for k, value in enumerate(cell):
                _write_share(sheet, y, 2 + 3 * n + k, value, k == 0 or column.holds == CHANGE, row.is_theme, formats)
    sheet.freeze_panes(line + 1, 2)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 1 + 3 * len(columns), 8)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top, line)


def _write_share(
    sheet: Worksheet, y: int, x: int, value: Any, is_share_cell: bool, is_theme: bool, formats: dict[str, Format]
) -> None:
    if value is None:
        sheet.write_blank(y, x, None, formats["theme"] if is_theme else None)
    elif isinstance(value, str):
        sheet.write_string(y, x, value, formats["reason"])
    elif is_share_cell:
        sheet.write_number(y, x, float(value), formats["theme share" if is_theme else "share"])
    else:
        sheet.write_number(y, x, int(value), formats["theme"] if is_theme else None)


def _write_long(sheet: Worksheet, table: pd.DataFrame, formats: dict[str, Format], *, shares: bool = True) -> None:
    for x, name in enumerate(table.columns):
        sheet.write_string(0, x, str(name), formats["head"])
    for y, row in enumerate(records(table), start=1):
        for x, (name, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_typed(sheet, y, x, value, formats["share"] if shares and is_share(str(name)) else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(table)), max(0, len(table.columns) - 1))
    sheet.set_column(0, len(table.columns) - 1, 13)


def _write_typed(sheet: Worksheet, y: int, x: int, value: Any, format: Format | None) -> None:
    if is_missing(value):
        sheet.write_blank(y, x, None)
    elif isinstance(value, bool):
        sheet.write_boolean(y, x, value)
    elif isinstance(value, str):
        sheet.write_string(y, x, value)
    else:
        sheet.write_number(y, x, float(value), format)


def _write_notes(sheet: Worksheet, result: Result, formats: dict[str, Format], beside: Mapping[str, Result]) -> None:
    lines = [("Title", result.title)]
    if result.synthetic:
        lines.append(("Synthetic", "yes: made for demonstration; not findings of any study"))
    lines += [("Method and denominator", result.method), ("Source", result.source)]
    lines += [(name.capitalize(), value) for name, value in result.provenance.items()]
    for name, other in beside.items():
        lines += [(name, other.title), (f"{name}: method", other.method)]
        lines += [(f"{name}: {key}", value) for key, value in other.provenance.items() if key.startswith("transcripts")]
    if isinstance(result, Frequency):
        lines += [
            ("Reliability", result.reliability_note.removeprefix("Reliability: ")),
            ("Numbers", "Shares are stored unrounded; the cells show whole per cent."),
            (
                "Empty cells",
                "'not visited': no interview; 'not asked': the guide did not ask; 'not examined': nobody has coded it.",
            ),
        ]
    else:
        lines.append(("Numbers", "Numbers are stored unrounded; an empty cell has no value."))
    for y, (name, text) in enumerate(line for line in lines if line[1]):
        sheet.write_string(y, 0, name, formats["head"])
        sheet.write_string(y, 1, text, formats["wrap"])
        fit_row(sheet, y, [(text, 110)])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)


def _write_quotes(
    sheet: Worksheet,
    matrix: CodingMatrix,
    codes: Sequence[str],
    language: str,
    formats: dict[str, Format],
    say: Callable[[str], str],
) -> None:
    """The sentences that may be printed, without any id of a person, an interview or a site; each once."""
    study = matrix.study
    heads = ("code", "polarity", "group", "round", "language", "quote")
    for x, head in enumerate(heads):
        sheet.write_string(0, x, say(head), formats["head"])
    quotes = coded_quotes(matrix.codings, study.corpus)
    quotes = quotes[quotes["consent_quotes"].map(may_print).astype(bool) & quotes["code"].isin(list(codes))]
    if len(matrix.coders) > 1:  # what several of them gave the same code stands once
        quotes = quotes.drop_duplicates(["transcript", "turn", "code", "polarity", "quote"])
    order = {code: n for n, code in enumerate(study.codebook.ids)}
    quotes = quotes.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
    if translated := bool(len(quotes)) and bool((quotes["translation"] != "").any()):
        sheet.write_string(0, len(heads), say("translation"), formats["head"])
        sheet.set_column(len(heads), len(heads), 100)
    rows = quotes[list(heads)].itertuples(index=False, name=None)
    for y, (code, polarity, group, round, tongue, quote) in enumerate(rows, start=1):
        names = (study.label("code", code, language), say(polarity), study.label("group", group, language))
        for x, text in enumerate((*names, study.label("round", round, language), tongue, quote)):
            sheet.write_string(y, x, text, formats["wrap"] if x == len(heads) - 1 else None)
    for y, other in enumerate(quotes["translation"] if translated else (), start=1):
        sheet.write_string(y, len(heads), other, formats["wrap"])
    for y, both in enumerate(zip(quotes["quote"], quotes["translation"], strict=True), start=1):
        fit_row(sheet, y, [(text, 100) for text in both])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(quotes)), len(heads) - 1)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 4, 14)
    sheet.set_column(5, 5, 100)


def _write_codebook(
    sheet: Worksheet, codebook: Codebook, language: str, formats: dict[str, Format], say: Callable[[str], str]
) -> None:
    heads = ("theme", "code", "label", "definition", "present", "absent", "valence", "block", "since", "changed")
    for x, head in enumerate(heads):
        sheet.write_string(0, x, say(head), formats["head"])
    for y, c in enumerate(codebook, start=1):
        words = c.words(language)
        texts = (c.theme, c.id, c.label.text(language), words.definition, words.present, words.absent)
        for x, text in enumerate(texts):
            sheet.write_string(y, x, text, formats["wrap"])
        fit_row(sheet, y, [(text, 22 if x < 3 else 48) for x, text in enumerate(texts)])
        sheet.write_number(y, 6, c.valence)
        for x, text in enumerate((c.block, c.since, c.changed), start=7):
            sheet.write_string(y, x, text)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 2, 22)
    sheet.set_column(3, 5, 48)
