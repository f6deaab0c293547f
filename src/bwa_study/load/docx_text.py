"""Word documents as text: paragraphs and tables in order, without what is hidden, deleted or commented."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from bwa_study.load.archives import check_archive
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.hidden_styles import hidden_styles
from bwa_study.load.plain_text import Line, PlainText, joined
from bwa_study.load.speaker_tables import Cell, beside, table_lines
from bwa_study.model.errors import Problem, shown

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HOLDERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_BOX = f"{_W}txbxContent"
_NOT_READ = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}rt", _BOX, _FALLBACK})
"""What stands inside of a paragraph and is no part of its words: ``rt`` tells how a character is pronounced."""
_MAX_COLUMNS = 100
_SIGNS = {
    "WINGDINGS F0FE": "☑", "WINGDINGS F0FD": "☒", "WINGDINGS F0A8": "☐", "WINGDINGS F06F": "☐", "WINGDINGS F0FC": "✓",
    "WINGDINGS F0FB": "✗", "WINGDINGS F071": "☐", "WINGDINGS F072": "☐", "WINGDINGS F0A1": "○", "WINGDINGS F0A4": "◉",
    "WINGDINGS F0E0": "→", "WINGDINGS F04A": "☺", "WINGDINGS F04C": "☹",
    "WINGDINGS 2 F052": "☑", "WINGDINGS 2 F053": "☒", "WINGDINGS 2 F054": "☒", "WINGDINGS 2 F0A3": "☐",
    "WINGDINGS 2 F050": "✓", "WINGDINGS 2 F04F": "✗", "SYMBOL F0B7": "•", "SYMBOL F0B3": "≥", "SYMBOL F0A3": "≤",
    "SYMBOL F0AE": "→",
}  # fmt: skip
"""Signs that Word writes as places in a picture font: boxes and ticks of questionnaires, above all."""
_HEADING = re.compile(r"heading \d\Z|title\Z|subtitle\Z", re.IGNORECASE)
_COMMENT = re.compile(rb"<(?:\w+:)?comment\b")


@dataclass(frozen=True, slots=True)
class _Styles:
    """Ids of the styles whose text is hidden, and of those of headings."""

    hidden: frozenset[str]
    headings: frozenset[str]

    def is_heading(self, paragraph: Any) -> bool:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return style is not None and style.get(f"{_W}val") in self.headings


def read_docx(source: Source) -> PlainText:
    """Read the text of a .docx file.

    Raises
    ------
    Rejected
        If it is not a complete .docx, expands beyond 100 MB, or declares a DTD.
    """
    check_archive(source)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(source.data))
        return _text_of(document, _comments(source))
    except (
        OpcError, XMLSyntaxError, LookupError, ValueError, TypeError, AttributeError, zipfile.BadZipFile
    ) as fault:  # fmt: skip
        raise _no(
            source, f"not a complete .docx ({shown(fault)})", "open it in Word and save it as .docx again"
        ) from None


def _comments(source: Source) -> int:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        parts = [name for name in archive.namelist() if name.rsplit("/", 1)[-1] == "comments.xml"]
        return sum(len(_COMMENT.findall(archive.read(name))) for name in parts)


def _no(source: Source, what: str, mend: str) -> Rejected:
    return Rejected(Problem(source.name, 0, 0, what, mend))


def _text_of(document: DocxDocument, comments: int) -> PlainText:
    styles = _Styles(_hidden_styles(document), _heading_styles(document))
    count: Counter[str] = Counter()
    lines = list(_lines(document.element.body, styles, count))
    counted = {
        "hidden text": count["hidden"],
        "tracked deletions": len(document.element.body.findall(f".//{_W}del")),
        "comments": comments,
        "symbols of a picture font": count["symbols"],
        "footnotes": sum(1 for _ in document.element.body.iter(f"{_W}footnoteReference", f"{_W}endnoteReference")),
    }
    counted |= {name: n for name, n in sorted(count.items()) if name not in ("hidden", "symbols")}
    left_out = tuple(f"{name} left out ({n})" for name, n in counted.items() if n)
    return joined(lines, left_out=left_out)


def _lines(element: Any, styles: _Styles, count: Counter[str]) -> Iterator[Line]:
    for child in element.iterchildren():
        if child.tag == f"{_W}p":
            text, bold = _paragraph_text(child, styles, count)
            yield Line(text, bold=bold, aside=bool(text.strip()) and "\n" not in text and styles.is_heading(child))
            yield from _boxes(child, styles, count)
        elif child.tag == f"{_W}tbl":
            yield from table_lines(_grid(child, styles, count), count)
        elif child.tag in _HOLDERS:
            yield from _lines(child, styles, count)


def _boxes(paragraph: Any, styles: _Styles, count: Counter[str]) -> Iterator[Line]:
    """The lines of the text boxes that hang on a paragraph."""
    for box in paragraph.iter(_BOX):
        if not any(parent.tag in (_FALLBACK, _BOX) for parent in _up_to(paragraph, box)):
            yield from beside(list(_lines(box, styles, count)))


def _up_to(top: Any, element: Any) -> Iterator[Any]:
    """What an element stands in, from the inside, up to `top`."""
    return takewhile(lambda parent: parent is not top, element.iterancestors())


def _grid(table: Any, styles: _Styles, count: Counter[str]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in _inside(table, f"{_W}tr"):
        cells: list[Cell] = [[] for _ in range(_number(row.find(f"{_W}trPr/{_W}gridBefore")))]
        for cell in _inside(row, f"{_W}tc"):
            span = _number(cell.find(f"{_W}tcPr/{_W}gridSpan")) or 1
            cells += [list(_lines(cell, styles, count)), *[None] * (span - 1)]
        rows.append(cells)
    return rows


def _number(element: Any) -> int:
    text = "" if element is None else str(element.get(f"{_W}val"))
    return min(int(text), _MAX_COLUMNS) if text.isdecimal() else 0


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also where a content control or an insertion holds them."""
    for child in element.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _HOLDERS:
            yield from _inside(child, tag)


def _heading_styles(document: DocxDocument) -> frozenset[str]:
    """Ids of Word's own styles for headings; their names are English in the file, whatever Word's language."""
    found = set()
    for style in document.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None and _HEADING.match(str(name.get(f"{_W}val"))):
            found.add(style.get(f"{_W}styleId"))
    return frozenset(found)


def _hidden_styles(document: DocxDocument) -> frozenset[str]:
    """Ids of the styles whose text is hidden, by themselves or by the style they are based on."""
    based: dict[str, str] = {}
    hidden: dict[str, bool] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        id, parent, flag = style.get(f"{_W}styleId"), style.find(f"{_W}basedOn"), style.find(f"{_W}rPr/{_W}vanish")
        based[id] = parent.get(f"{_W}val") if parent is not None else ""
        if flag is not None:
            hidden[id] = _is_on(flag)
    return hidden_styles(hidden, based)


def _is_hidden(run: Any, paragraph: Any, styles: _Styles) -> bool:
    flag = run.find(f"{_W}rPr/{_W}vanish")
    if flag is not None:
        return _is_on(flag)
    named = (run.find(f"{_W}rPr/{_W}rStyle"), paragraph.find(f"{_W}pPr/{_W}pStyle"))
    return any(style is not None and style.get(f"{_W}val") in styles.hidden for style in named)


def _paragraph_text(paragraph: Any, styles: _Styles, count: Counter[str]) -> tuple[str, int]:
    pieces: list[tuple[str, bool]] = []
    for run in paragraph.iter(f"{_W}r"):
        properties = run.find(f"{_W}rPr")
        if any(parent.tag in _NOT_READ for parent in _up_to(paragraph, run)):
            continue
        if _is_hidden(run, paragraph, styles):
            count["hidden"] += 1
            continue
        text = "".join(_piece(node, count) for node in run)
        if text:
            pieces.append((text, properties is not None and _is_on(properties.find(f"{_W}b"))))
    bold_length = 0
    for text, is_bold in pieces:
        if not is_bold:
            break
        bold_length += len(text)
    return "".join(text for text, _ in pieces), bold_length


def _piece(node: Any, count: Counter[str]) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    if node.tag == f"{_W}sym":
        sign = _SIGNS.get(f"{node.get(f'{_W}font')} {node.get(f'{_W}char')}".upper(), "")
        count["symbols"] += not sign
        return sign
    if node.tag == f"{_W}fldChar":
        return _form_field(node)
    return {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}.get(node.tag, "")


def _form_field(begin: Any) -> str:
    """What a field of a form shows that holds no text: whether a box is ticked, which entry of a list is chosen."""
    box, choices = begin.find(f"{_W}ffData/{_W}checkBox"), begin.find(f"{_W}ffData/{_W}ddList")
    if box is not None:
        flag = box.find(f"{_W}checked")
        return "☑" if _is_on(flag if flag is not None else box.find(f"{_W}default")) else "☐"
    if choices is not None:
        entries = [str(one.get(f"{_W}val")) for one in choices.findall(f"{_W}listEntry")]
        chosen = next((_number(choices.find(f"{_W}{name}")) for name in ("result", "default")
                       if choices.find(f"{_W}{name}") is not None), 0)  # fmt: skip
        return entries[chosen] if chosen < len(entries) else ""
    return ""


def _is_on(flag: Any) -> bool:
    return flag is not None and flag.get(f"{_W}val") not in {"0", "false", "none"}
