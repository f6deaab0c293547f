"""The gate every file passes: size, place and encoding, before any reader sees a byte."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from bwa_study.model.errors import Problem, shown

MAX_BYTES = 50_000_000
MAX_INFLATED = 100_000_000
MAX_MEMBERS = 5_000

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "big5hkscs", "cp1252")
"""Encodings that can be stated in the manifest or on the command line."""


@dataclass(frozen=True, slots=True)
class Rejected(Exception):
    """A file that does not pass; `problem` says why."""

    problem: Problem

    def __str__(self) -> str:
        return str(self.problem)


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file, its name for messages, and their SHA-256."""

    name: str
    data: bytes
    digest: str


def read_source(path: Path, *, name: str = "", folder: Path | None = None) -> Source:
    """Read a whole file.

    Parameters
    ----------
    path
        The file.
    name
        What messages call it; the path by default.
    folder
        If given, the file must lie in it; links that lead out are refused.

    Raises
    ------
    Rejected
        If the file is missing, not a file, outside of `folder`, unreadable, or larger than 50 MB.
    """
    name = name or str(path)
    try:
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            what = "it lies outside of the study folder"
            raise _no(name, what, "copy the file into the folder; links out are not followed")
        if not path.exists():
            raise _no(name, "there is no such file", "check the name, or put the file there")
        if not path.is_file():
            raise _no(name, "it is not a file", "give the path of a file")
        if path.stat().st_size > MAX_BYTES:
            raise _no(name, f"it has {path.stat().st_size:,} bytes", f"split it into files under {MAX_BYTES:,} bytes")
        data = path.read_bytes()
    except PermissionError:
        raise _no(name, "permission to read it is missing", "give yourself the right to read it") from None
    except (OSError, ValueError, RuntimeError) as fault:
        raise _no(name, f"it cannot be read ({shown(fault)})", "check the path and the disk") from None
    return Source(name, data, hashlib.sha256(data).hexdigest())


def _no(name: str, what: str, mend: str) -> Rejected:
    return Rejected(Problem(name, 0, 0, what, mend))


def decode(source: Source, *, encoding: str = "") -> str:
    """The text of a file, verbatim but for a byte-order mark.

    UTF-8 (with or without mark) and UTF-16 with a mark are known by themselves; any other encoding must be stated.

    Raises
    ------
    Rejected
        If the bytes are not of that encoding; the message names the byte, counted from 0, and the line.
    """
    data = source.data
    marked = "utf-8" if data.startswith(codecs.BOM_UTF8) else ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        marked = "utf-16"
    if encoding.lower() not in ("", *ENCODINGS):
        raise _no(source.name, f"unknown encoding '{shown(encoding)}'", f"use one of {', '.join(ENCODINGS)}")
    if marked and encoding.lower() not in ("", marked):
        what = f"'{encoding}' is stated but the file begins with a mark that says {marked}"
        raise _no(source.name, what, f"state {marked}, or leave the encoding out")
    if marked == "utf-8":
        data, encoding = data[3:], ""
    elif marked:
        encoding = marked
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as fault:
        offset = fault.start + len(source.data) - len(data)
        line = data.count(b"\n", 0, fault.start) + 1
        if encoding:
            what = f"not {encoding} at byte {offset} (0x{source.data[offset]:02X})"
            raise Rejected(Problem(source.name, line, 0, what, "state the encoding the file really has")) from None
        what = f"not valid UTF-8 at byte {offset} (0x{source.data[offset]:02X})"
        mend = "save it as UTF-8, or state its encoding" + _encoding_hint(data)
        raise Rejected(Problem(source.name, line, 0, what, mend)) from None


def _encoding_hint(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return f" (one of {', '.join(ENCODINGS)})"
    preview = next((line for line in text.splitlines() if not line.isascii()), "").strip()
    return f", for example gb18030, which would read '{shown(preview, limit=40)}'"
