"""Printed tables as a Word document: real tables, repeated heads, a font for Chinese, the same bytes every time."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bwa_study.model.words import count_han
from bwa_study.present.printed import Printed, PrintedRow

if TYPE_CHECKING:
    from docx.document import Document

_FIXED_DATE = datetime.datetime(2000, 1, 1)
_WESTERN, _CHINESE = "Calibri", "Microsoft YaHei"
_WIDE = 6
_LETTERS, _PADDING = 150.0, 4.5
"""Letters of 8 points that stand side by side on a landscape page, and how many the margins of a cell take."""
_CONTROLS = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF))


def word_bytes(tables: Sequence[Printed], *, title: str = "", synthetic: bool = False) -> bytes:
    """A docx of the tables, each with its caption above and its notes below; landscape where one has many columns.

    Parameters
    ----------
    tables
        In the order of the document.
    title
        Of the document's properties; the first caption by default.
    synthetic
        Whether the properties call the data synthetic.

    Notes
    -----
    Characters that XML cannot hold are left out. The East Asian font is named beside the western one, so that Word
    shows Chinese in a font that has it; heads repeat on every page and no row is cut in two.
    """
    from docx import Document
    from docx.enum.section import WD_ORIENT

    document = Document()
    section = document.sections[0]
    if any(t.columns > _WIDE for t in tables):
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, _cm(1.8))
    _set_fonts(document)
    properties = document.core_properties
    properties.title = _clean(title or (tables[0].title if tables else ""))
    properties.author = properties.last_modified_by = ""
    properties.comments = "SYNTHETIC DATA" if synthetic else ""
    properties.created = properties.modified = _FIXED_DATE
    for n, table in enumerate(tables):
        if n:
            document.add_page_break()  # type: ignore[no-untyped-call]
        _add_table(document, table)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def same_bytes(archive: bytes) -> bytes:
    """The zip archive with every member dated alike, so that equal content gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cm(value: float) -> Any:
    from docx.shared import Cm

    return Cm(value)


def _set_fonts(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 9), ("Caption", 10)):
        style: Any = document.styles[name]
        style.font.name, style.font.size = _WESTERN, Pt(size)
        style.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _CHINESE)
        style.paragraph_format.space_after = Pt(2)


def _add_table(document: Document, table: Printed) -> None:
    document.add_paragraph(_clean(table.title), style="Caption").paragraph_format.keep_with_next = True
    grid = document.add_table(rows=len(table.heads) + len(table.rows), cols=table.columns)
    grid.style = document.styles["Table Grid"]
    grid.autofit = False
    shares, size = _shares(table)
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = int(_room(document) * share)
    cells = [list(row.cells) for row in grid.rows]
    widths = [column.width for column in grid.columns]
    for line in cells:
        for cell, width in zip(line, widths, strict=True):
            cell.width = width
    for y, head in enumerate(table.heads):
        at = 0
        for text, width in head:
            cell = cells[y][at].merge(cells[y][at + width - 1]) if width > 1 else cells[y][at]
            _fill(
                cell,
                text,
                bold=True,
                right=table.numeric[at] and width == 1,
                middle=width > 1,
                shade="E8E8E8",
                size=size,
            )
            at += width
        _row_rule(grid.rows[y], "tblHeader")
    for y, row in enumerate(table.rows, start=len(table.heads)):
        _fill_row(cells[y], row, table.numeric, size)
        _row_rule(grid.rows[y], "cantSplit")
    for note in table.notes:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(_clean(note))
        run.font.size = _points(7.5)
        run.italic = True


def _room(document: Document) -> int:
    section: Any = document.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def _shares(table: Printed) -> tuple[list[float], float]:
    """Share of the page's width for each column, and the size of the letters in points.

    A column is at least as wide as its longest word (a number with all that stands beside it); what is left of the page
    goes to the columns with long texts, and where nothing is left the letters get smaller.
    """
    words, texts = [2.0] * table.columns, [2.0] * table.columns
    heads = [tuple(text for text, _ in head) for head in table.heads if all(width == 1 for _, width in head)]
    for cells, is_head in [*((row.cells, False) for row in table.rows), *((head, True) for head in heads)]:
        for n, text in enumerate(cells):
            long = _width(text)
            whole = table.numeric[n] and not is_head
            word = min(long if whole else max(map(_width, text.split() or [""])), 26.0)
            words[n], texts[n] = max(words[n], word), max(texts[n], min(long, 70.0))
    need = [word + _PADDING for word in words]
    left = max(0.0, _LETTERS - sum(need))
    beyond = [max(0.0, text - word) for text, word in zip(texts, words, strict=True)]
    if sum(beyond):
        need = [n + min(more, left * more / sum(beyond)) for n, more in zip(need, beyond, strict=True)]
    size = max(5.0, min(8.0, 8.0 * _LETTERS / sum(need)))
    return [n / sum(need) for n in need], size


def _width(text: str) -> float:
    """Letters a text is wide; those of Chinese count twice."""
    return len(text) + count_han(text)


def _fill_row(cells: list[Any], row: PrintedRow, numeric: tuple[bool, ...], size: float) -> None:
    for cell, text, right in zip(cells, row.cells, numeric, strict=True):
        _fill(cell, text, bold=row.strong, right=right, shade="F3F3F3" if row.strong else "", size=size)


def _fill(cell: Any, text: str, *, bold: bool, right: bool, size: float, middle: bool = False, shade: str = "") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = _points(0)
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = bold, _points(size)
    if right or middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if middle else WD_ALIGN_PARAGRAPH.RIGHT
    if shade:
        fill = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
            fill.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(fill)


def _row_rule(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _points(value: float) -> Any:
    from docx.shared import Pt

    return Pt(value)


def _clean(text: str) -> str:
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")
