"""The gate for zip-based files (docx, xlsx, odt, ods, qdpx): nothing is unpacked unmeasured."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections import Counter

from bwa_study.load.gate import MAX_INFLATED, MAX_MEMBERS, Rejected, Source
from bwa_study.model.errors import Problem, shown

MAX_SHEET_ROWS = 1_048_576
"""Rows a worksheet can have in the programs that write it; more are made to fill the memory."""

_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"
_XML_NAMES = (".xml", ".rels", ".qde", ".rdf", ".vml")
_DTD = tuple("<!DOCTYPE".encode(e) for e in ("ascii", "utf-16-le", "utf-16-be")) + tuple(
    "<!ENTITY".encode(e) for e in ("ascii", "utf-16-le", "utf-16-be")
)
_OVERLAP = 64
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"<\x00\x00\x00", b"\x00\x00\x00<")
_HIDING = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"'](?:utf-?7|utf-?32|ucs|cp0|cp1[01]|ibm|ebcdic)", re.I)
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL_END = re.compile(rb"</(?:\w+:)?c>")
_CELL_NAME = re.compile(rb"\br=\"([A-Z]{1,3}[0-9]{1,7})\"")
_LEADS_OUT = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[A-Za-z]:")
_PROGRAMS = {".docx": "Word", ".xlsx": "Excel"}


def check_archive(source: Source, *, kind: str = ".docx", strict: bool = False) -> None:
    """Refuse an archive that is broken, too large when inflated, or that carries a DTD.

    The declared sizes are not trusted: every member is inflated and counted, in pieces. Nothing is written to disk.

    Parameters
    ----------
    source
        The bytes, from `read_source`.
    kind
        What messages call it, such as ``.xlsx``; a worksheet of more than 1,048,576 rows is refused.
    strict
        Also refuse members whose names lead out of the archive, links, and archives inside of it: for formats whose
        members are found by their names. A document's readers take known members only and leave these alone.

    Raises
    ------
    Rejected
        With the reason.
    """
    if source.data.startswith(_OLE):
        program = f"{_PROGRAMS[kind]} 97-2003" if kind in _PROGRAMS else "an old Office"
        article = {"Excel": "an "}.get(_PROGRAMS.get(kind, ""), "a " if kind in _PROGRAMS else "")
        what = f"this is {article}{program} or an encrypted file"
        with_program = _PROGRAMS.get(kind, "its program")
        raise _no(source, what, f"open it in {with_program} and save it as {kind} without password")
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
            _check_members(source, members, kind, strict)
            left = MAX_INFLATED
            for member in members:
                left -= _inflated(source, archive, member, left, kind)
    except (
        zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError, zlib.error
    ) as fault:  # fmt: skip
        raise _no(source, f"not a complete {kind} ({shown(fault)})", "copy or save the file again") from None


def check_workbook(source: Source) -> None:
    """As `check_archive`, for xlsx; and refuse cells whose formula was never calculated, which would read as empty.

    Raises
    ------
    Rejected
        With the sheet's file and the first such cells.
    """
    check_archive(source, kind=".xlsx")
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and (cells := _uncalculated(archive.read(name))):
                more = f" and {len(cells) - 3:,} more" if len(cells) > 3 else ""
                verb = "is a formula" if len(cells) == 1 else "are formulas"
                what = f"'{shown(name)}': {', '.join(cells[:3])}{more} {verb} with no value"
                mend = "open the workbook in its program, which calculates them, and save it; or paste them as values"
                raise _no(source, what, mend)


def _uncalculated(sheet: bytes) -> list[str]:
    out = []
    for part in _CELL_END.split(sheet):
        formula = part.rfind(b"<f")
        if formula >= 0 and b"<v" not in part[formula:] and (cell := _CELL_NAME.findall(part, max(0, formula - 500))):
            out.append(cell[-1].decode("ascii"))
    return out


def _check_members(source: Source, members: list[zipfile.ZipInfo], kind: str, strict: bool) -> None:
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_INFLATED:
        raise _too_large(source)
    if any(m.flag_bits & 0x1 for m in members):
        raise _no(source, "it is encrypted", f"save it as {kind} without password")
    twice = [name for name, n in Counter(m.filename for m in members).items() if n > 1]
    if twice:
        what = f"duplicate member '{shown(twice[0])}': two programs would read two different files"
        raise _no(source, what, "save it anew in the program it comes from")
    for member in members if strict else ():
        name = f"member '{shown(member.filename)}'"
        if _LEADS_OUT.search(member.filename):
            raise _no(source, f"{name} leads out of the archive", "do not use this file; ask where it comes from")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _no(source, f"{name} is a link", "put the file itself into the archive")
        if member.filename.lower().endswith((".zip", ".qdpx", ".7z", ".rar", ".gz", ".tar")):
            raise _no(source, f"{name} is an archive in the archive", "unpack it, and give its files")


def _inflated(source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, kind: str) -> int:
    """The number of bytes a member really has, counted while its content is looked through."""
    is_xml = member.filename.lower().endswith(_XML_NAMES)
    is_sheet = member.filename.startswith("xl/worksheets/")
    total = rows = 0
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(min(_CHUNK, most - total + 1)):
            if is_xml and not total:
                _check_xml_head(source, member.filename, chunk, kind)
            total += len(chunk)
            if total > most:
                raise _too_large(source)
            if is_xml and any(mark in tail + chunk for mark in _DTD):
                what = f"'{shown(member.filename)}' declares a DTD"
                raise _no(source, what, f"save the document anew in {_PROGRAMS.get(kind, 'its program')}")
            if is_sheet:
                rows += len(_ROW.findall(tail + chunk)) - len(_ROW.findall(tail))
                if rows > MAX_SHEET_ROWS:
                    what = f"'{shown(member.filename)}' has more than {MAX_SHEET_ROWS:,} rows"
                    raise _no(source, what, "save the table anew, without empty rows")
            tail = (tail + chunk)[-_OVERLAP:]
    return total


def _check_xml_head(source: Source, name: str, head: bytes, kind: str) -> None:
    """Only encodings in which a DTD can be seen for what it is."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if head.startswith(_UTF32) or _HIDING.match(start) or not (start.startswith(b"<") or head.startswith(_UTF16)):
        what = f"not a complete {kind} ('{shown(name)}' is not XML in UTF-8)"
        raise _no(source, what, "save the document anew in the program it comes from")


def _no(source: Source, what: str, mend: str) -> Rejected:
    return Rejected(Problem(source.name, 0, 0, what, mend))


def _too_large(source: Source) -> Rejected:
    return _no(source, f"it expands beyond the limit of {MAX_INFLATED:,} bytes", "save the document anew, or split it")
