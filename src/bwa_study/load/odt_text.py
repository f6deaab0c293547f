"""OpenDocument texts (.odt): paragraphs and tables in order, without notes, comments and deletions."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bwa_study.load.archives import check_archive
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.hidden_styles import hidden_styles
from bwa_study.load.plain_text import Line, PlainText, joined
from bwa_study.load.speaker_tables import Cell, beside, table_lines
from bwa_study.model.errors import Problem, shown

_PARAGRAPHS = frozenset({"text:p", "text:h"})
_LEFT_OUT = {
    "office:annotation": "comments", "text:tracked-changes": "tracked deletions", "text:note": "footnotes",
    "text:hidden-text": "hidden text", "text:hidden-paragraph": "hidden text",
}  # fmt: skip
_NO_TEXT = frozenset(
    {"text:sequence-decls", "draw:frame", "office:forms", "text:table-of-content", "office:annotation-end"}
)
_MAX_COLUMNS = 100
_BREAKS = {"text:tab": "\t", "text:line-break": "\n"}


def read_odt(source: Source) -> PlainText:
    """The text of an .odt file; call it with `confined`.

    Raises
    ------
    Rejected
        If it is not a complete .odt.
    """
    check_archive(source, kind=".odt")
    import odfdo

    try:
        document = odfdo.Document(io.BytesIO(source.data))
        reader = _Reader(_hidden_styles(document))
        lines = list(reader.lines(document.body))
    except (LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as fault:
        what = f"not a complete .odt ({shown(fault)})"
        raise Rejected(Problem(source.name, 0, 0, what, "open it in its program and save it as .odt again")) from None
    left = tuple(f"{name} left out ({n})" for name, n in sorted(reader.count.items()))
    return joined(lines, left_out=left)


_OUTER_BOXES = "descendant::draw:text-box[count(ancestor::draw:text-box) = {}]"


def _boxes_around(element: Any) -> int:
    return len(element.get_elements("ancestor::draw:text-box"))


def _hidden_styles(document: Any) -> frozenset[str]:
    """Names of the styles whose words are not shown, by themselves or by the style they are based on."""
    parents: dict[str, str] = {}
    own: dict[str, bool] = {}
    for style in document.get_styles():
        name = style.get_attribute_string("style:name") or ""
        parents[name] = style.get_attribute_string("style:parent-style-name") or ""
        for properties in style.get_elements("style:text-properties"):
            if display := properties.get_attribute_string("text:display"):
                own[name] = display == "none"
    return hidden_styles(own, parents)


class _Reader:
    """Reads what is shown; `count` holds what is left out."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        self.count: Counter[str] = Counter()

    def is_hidden(self, element: Any) -> bool:
        named = element.get_attribute_string("text:style-name") in self.hidden
        return named or element.get_attribute_string("text:display") == "none"

    def lines(self, element: Any) -> Iterator[Line]:
        for child in element.children:
            tag = child.tag
            if tag in _LEFT_OUT:
                self.count[_LEFT_OUT[tag]] += len(child.children) if tag == "text:tracked-changes" else 1
            elif self.is_hidden(child):
                self.count["hidden text"] += 1
            elif tag in _PARAGRAPHS:
                words = self.words(child)
                yield Line(words, aside=tag == "text:h" and bool(words.strip()) and "\n" not in words)
                for box in child.get_elements(_OUTER_BOXES.format(_boxes_around(child))):
                    yield from beside(list(self.lines(box)))
            elif tag == "draw:frame":
                for box in child.get_elements("draw:text-box"):
                    yield from beside(list(self.lines(box)))
            elif tag == "table:table":
                yield from table_lines(self.grid(child), self.count)
            elif tag not in _NO_TEXT:
                yield from self.lines(child)

    def grid(self, table: Any) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        for child in table.children:
            if child.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
                rows += self.grid(child)
            elif child.tag == "table:table-row":
                rows.append(self.row(child))
        return rows

    def row(self, row: Any) -> list[Cell]:
        cells: list[Cell] = []
        reaches_to = 0
        for cell in row.children:
            if cell.tag == "table:table-cell":
                reaches_to = len(cells) + _number(cell, "table:number-columns-spanned")
                lines = list(self.lines(cell))
                cells += [lines] * (_number(cell, "table:number-columns-repeated") if not lines else 1)
            elif cell.tag == "table:covered-table-cell":
                for _ in range(_number(cell, "table:number-columns-repeated")):
                    cells.append(None if len(cells) < reaches_to else [])
        return cells

    def words(self, element: Any) -> str:
        parts = [element.text or ""]
        for child in element.children:
            tag = child.tag
            if tag in _LEFT_OUT:
                self.count[_LEFT_OUT[tag]] += 1
            elif self.is_hidden(child):
                self.count["hidden text"] += 1
            elif tag == "text:s":
                parts.append(" " * min(int(child.get_attribute_string("text:c") or 1), 1000))
            elif tag in _BREAKS:
                parts.append(_BREAKS[tag])
            elif tag not in _NO_TEXT:
                parts.append(self.words(child))
            parts.append(child.tail or "")
        return "".join(parts)


def _number(cell: Any, attribute: str) -> int:
    text = cell.get_attribute_string(attribute) or ""
    return min(int(text), _MAX_COLUMNS) if text.isdecimal() else 1
