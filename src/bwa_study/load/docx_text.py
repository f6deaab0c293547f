"""Word documents as text: paragraphs and tables in order, without what is hidden, deleted or commented."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bwa_study.load.gate import MAX_INFLATED, MAX_MEMBERS, Rejected, Source
from bwa_study.model.errors import Problem, shown

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class DocxText:
    """The text (a line a paragraph), where bold text begins a line, and what was left out.

    ``bold`` maps the start of a line to the end of its bold beginning.
    """

    text: str
    bold: dict[int, int]
    left_out: tuple[str, ...]


def read_docx(source: Source) -> DocxText:
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
    except (OpcError, XMLSyntaxError, KeyError, ValueError, zipfile.BadZipFile) as fault:
        raise _no(
            source, f"not a complete .docx ({shown(fault)})", "open it in Word and save it as .docx again"
        ) from None
    return _text_of(document)


def check_archive(source: Source) -> None:
    """Refuse an archive that is broken, too large when inflated, or that carries a DTD.

    The declared sizes are not trusted: every member is inflated and counted, in pieces.

    Raises
    ------
    Rejected
        With the reason.
    """
    if source.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _no(
            source,
            "this is a Word 97-2003 or an encrypted file",
            "open it in Word and save it as .docx without password",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
            declared = sum(m.file_size for m in members)
            if len(members) > MAX_MEMBERS or declared > MAX_INFLATED:
                raise _too_large(source)
            total = 0
            for member in members:
                with archive.open(member) as stream:
                    head = stream.read(_CHUNK)
                    if b"<!DOCTYPE" in head:
                        raise _no(
                            source, f"'{shown(member.filename)}' declares a DTD", "save the document anew in Word"
                        )
                    chunk = head
                    while chunk:
                        total += len(chunk)
                        if total > MAX_INFLATED:
                            raise _too_large(source)
                        chunk = stream.read(_CHUNK)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error) as fault:
        raise _no(source, f"not a complete .docx ({shown(fault)})", "copy or save the file again") from None


def _no(source: Source, what: str, mend: str) -> Rejected:
    return Rejected(Problem(source.name, 0, 0, what, mend))


def _too_large(source: Source) -> Rejected:
    return _no(source, f"it expands beyond the limit of {MAX_INFLATED:,} bytes", "save the document anew, or split it")


def _text_of(document: DocxDocument) -> DocxText:
    lines: list[str] = []
    bold: dict[int, int] = {}
    at = 0
    for paragraph in _paragraphs(document.element.body):
        text, bold_length = _paragraph_text(paragraph)
        if 0 < bold_length < len(text):
            bold[at] = at + bold_length
        lines.append(text)
        at += len(text) + 1
    body = document.element.body
    counted = {
        "hidden text": len(body.findall(f".//{_W}vanish")),
        "tracked deletions": len(body.findall(f".//{_W}del")),
        "comments": len(body.findall(f".//{_W}commentReference")),
    }
    left_out = tuple(f"{name} left out ({n})" for name, n in counted.items() if n)
    return DocxText("\n".join(lines), bold, left_out)


def _paragraphs(element: Any) -> Iterator[Any]:
    for child in element.iterchildren():
        if child.tag == f"{_W}p":
            yield child
        elif child.tag in {f"{_W}tbl", f"{_W}tr", f"{_W}tc", f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"}:
            yield from _paragraphs(child)


def _paragraph_text(paragraph: Any) -> tuple[str, int]:
    pieces: list[tuple[str, bool]] = []
    for run in paragraph.iter(f"{_W}r"):
        properties = run.find(f"{_W}rPr")
        if any(parent.tag in {f"{_W}del", f"{_W}moveFrom"} for parent in run.iterancestors()):
            continue
        if properties is not None and _is_on(properties.find(f"{_W}vanish")):
            continue
        text = "".join(_piece(node) for node in run)
        if text:
            pieces.append((text, properties is not None and _is_on(properties.find(f"{_W}b"))))
    bold_length = 0
    for text, is_bold in pieces:
        if not is_bold:
            break
        bold_length += len(text)
    return "".join(text for text, _ in pieces), bold_length


def _piece(node: Any) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    return {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}.get(node.tag, "")


def _is_on(flag: Any) -> bool:
    return flag is not None and flag.get(f"{_W}val") not in {"0", "false", "none"}
