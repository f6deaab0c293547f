"""Word documents: real tables with repeated heads, a font for Chinese, the same bytes every time."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO

from bwa_study.model.words import count_han
from bwa_study.present.printed import Printed, PrintedRow

_FIXED_DATE = datetime.datetime(2000, 1, 1)
_WESTERN, _CHINESE = "Calibri", "Microsoft YaHei"
_WIDE = 6
_LETTERS, _PADDING = 150.0, 4.5
"""Letters of 8 points that stand side by side on a landscape page, and how many the margins of a cell take."""
_CONTROLS = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF))
_STYLES = (("Normal", 9.0), ("Caption", 10.0), ("Title", 18.0), ("Heading 1", 13.0), ("List Bullet", 9.0))


def word_bytes(tables: Sequence[Printed], *, title: str = "", synthetic: bool = False) -> bytes:
    """A docx of the tables, each on a page of its own; landscape where one has many columns.

    Parameters
    ----------
    tables
        In the order of the document.
    title
        Of the document's properties; the first caption by default.
    synthetic
        Whether the properties call the data synthetic.
    """
    title = title or (tables[0].title if tables else "")
    document = WordDocument(landscape=any(t.columns > _WIDE for t in tables), title=title, synthetic=synthetic)
    for n, table in enumerate(tables):
        if n:
            document.new_page()
        document.table(table)
    return document.data()


class WordDocument:
    """A document that is written part by part; `data` gives its bytes.

    Characters that XML cannot hold are left out. The East Asian font is named beside the western one, so that Word
    shows Chinese in a font that has it; heads of tables repeat on every page and no row is cut in two.

    Parameters
    ----------
    landscape
        Whether the pages lie.
    title
        Of the document's properties.
    synthetic
        Whether the properties call the data synthetic.
    """

    def __init__(self, *, landscape: bool, title: str, synthetic: bool = False) -> None:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        self._document: Any = Document()
        section: Any = self._document.sections[0]
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Cm(1.8))
        self._room = int(section.page_width - section.left_margin - section.right_margin)
        self._height = int(section.page_height - section.top_margin - section.bottom_margin)
        self._set_fonts()
        properties = self._document.core_properties
        properties.title = _clean(title)
        properties.author = properties.last_modified_by = ""
        properties.comments = "SYNTHETIC DATA" if synthetic else ""
        properties.created = properties.modified = _FIXED_DATE

    def _set_fonts(self) -> None:
        from docx.oxml.ns import qn
        from docx.shared import RGBColor

        for name, size in _STYLES:
            style = self._document.styles[name]
            style.font.name, style.font.size = _WESTERN, _points(size)
            style.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{kind}"), None)
            fonts.set(qn("w:eastAsia"), _CHINESE)
            style.paragraph_format.space_after = _points(2 if name in ("Normal", "Caption") else 4)

    def heading(self, text: str, *, level: int) -> None:
        """A heading; level 0 is the title of the document."""
        self._document.add_heading(_clean(text), level=level)

    def text(self, text: str, *, bold: bool = False) -> None:
        """A paragraph."""
        self._document.add_paragraph().add_run(_clean(text)).bold = bold

    def bullet(self, text: str) -> None:
        """A line of a list."""
        self._document.add_paragraph(_clean(text), style="List Bullet")

    def new_page(self) -> None:
        """What follows begins on a new page."""
        self._document.add_page_break()

    def picture(self, png: BinaryIO, caption: str) -> None:
        """A picture as wide as the page (or as high, if it is tall); its caption stands below and describes it."""
        shape = self._document.add_picture(png)
        scale = min(self._room / shape.width, 0.86 * self._height / shape.height, 1.0)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape._inline.docPr.set("descr", _clean(caption))
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._document.add_paragraph(_clean(caption), style="Caption")

    def table(self, table: Printed) -> None:
        """A table with its caption above and its notes below."""
        caption = self._document.add_paragraph(_clean(table.title), style="Caption")
        caption.paragraph_format.keep_with_next = True
        grid = self._document.add_table(rows=len(table.heads) + len(table.rows), cols=table.columns)
        grid.style, grid.autofit = self._document.styles["Table Grid"], False
        shares, size = _shares(table)
        widths = [int(self._room * share) for share in shares]
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        cells = [list(row.cells) for row in grid.rows]
        for line in cells:
            for cell, width in zip(line, widths, strict=True):
                cell.width = width
        for y, head in enumerate(table.heads):
            at = 0
            for text, wide in head:
                cell = cells[y][at].merge(cells[y][at + wide - 1]) if wide > 1 else cells[y][at]
                numeric = table.numeric[at] and wide == 1
                _fill(cell, text, bold=True, right=numeric, middle=wide > 1, shade="E8E8E8", size=size)
                at += wide
            _row_rule(grid.rows[y], "tblHeader")
        for y, row in enumerate(table.rows, start=len(table.heads)):
            _fill_row(cells[y], row, table.numeric, size)
            _row_rule(grid.rows[y], "cantSplit")
        for note in table.notes:
            run = self._document.add_paragraph().add_run(_clean(note))
            run.font.size, run.italic = _points(7.5), True

    def data(self) -> bytes:
        """The bytes of the docx."""
        out = io.BytesIO()
        self._document.save(out)
        return same_bytes(out.getvalue())


def same_bytes(archive: bytes) -> bytes:
    """The zip archive with every member dated alike, so that equal content gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


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
