"""The gate every file passes: size, place and encoding, before any reader sees a byte.

For readers: `read_source` gives the bytes; `settle_encoding` finds how a text file is to be read, and says so; `decode`
gives its text. Zip-based files go through `archives.check_archive`; readers of docx, odt, rtf, pdf, xlsx, ods, sav
and dta are called with `confined.confined`; JSON is read with `json_strict.read_json`.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from bwa_study.load.encodings import BROKEN, MARGIN, Reading, reading_of, readings, settled, utf8_rival
from bwa_study.load.encodings import ENCODINGS as ENCODINGS
from bwa_study.model.errors import Problem, shown

MAX_BYTES = 50_000_000
MAX_INFLATED = 100_000_000
MAX_MEMBERS = 5_000

TEXT_KINDS = (".txt", ".md", ".csv", ".tsv", ".tab", ".json", ".srt", ".vtt", ".yaml", ".yml")
"""Endings of files that are text in some encoding; all others say by themselves how they are to be read."""
STATE = "in the manifest's column 'encoding', or for all files as 'encoding: {0}' in study.yaml"
GUESSED = "read as "
"""How the warning of a guessed encoding begins."""


_NEVER_READ = {
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), "a pickle can run commands and is never opened"),
    **dict.fromkeys(
        (".qdpx", ".qdc", ".qde"),
        "a project of another program (REFI-QDA) becomes a study with 'bwa-study init FOLDER --from FILE'",
    ),
    **dict.fromkeys((".zip", ".7z", ".rar", ".gz", ".tar"), "archives are not unpacked"),
    **dict.fromkeys((".docm", ".xlsm", ".xlsb"), "they can hold macros"),
}


@dataclass(frozen=True, slots=True)
class Rejected(Exception):
    """A file that does not pass; `problem` says why."""

    problem: Problem

    def __str__(self) -> str:
        return str(self.problem)


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file, its name for messages, their SHA-256, and the encoding they are in where that is settled."""

    name: str
    data: bytes
    digest: str
    encoding: str = ""


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
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _no(name, f"it has more than {MAX_BYTES:,} bytes", f"split it into files under {MAX_BYTES:,} bytes")
    except PermissionError:
        raise _no(name, "permission to read it is missing", "give yourself the right to read it") from None
    except (OSError, ValueError, RuntimeError) as fault:
        raise _no(name, f"it cannot be read ({shown(fault)})", "check the path and the disk") from None
    return Source(name, data, hashlib.sha256(data).hexdigest())


def _no(name: str, what: str, mend: str) -> Rejected:
    return Rejected(Problem(name, 0, 0, what, mend))


def settle_encoding(
    source: Source, *, stated: str = "", otherwise: str = "", state: str = STATE
) -> tuple[Source, list[Problem]]:
    """The same file with its encoding settled, and a warning with a preview line where that was a guess.

    Parameters
    ----------
    source
        Bytes of a text file.
    stated
        The encoding stated for this very file.
    otherwise
        The encoding stated for the files of the study that are not UTF-8.
    state
        Where the user can state it, for the message; ``{0}`` stands for the encoding.

    Returns
    -------
    tuple
        The source, whose `encoding` is one of `ENCODINGS`, and warnings: a guess, or a statement that reads as nonsense
        where another encoding gives text.

    Raises
    ------
    Rejected
        If the bytes are not of the stated encoding, or none is stated and two cannot be told apart: the message then
        shows what each would read.
    """
    marked = _mark(source.data)
    stated = stated.lower()
    if stated or marked:
        decode(source, encoding=stated)
        return replace(source, encoding=stated or marked), [] if marked else _doubts(source, stated, state)
    try:
        text = source.data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        _refuse_zeros(source, text)
        rival = utf8_rival(source.data)
        if rival is None or otherwise == "utf-8":
            return replace(source, encoding="utf-8"), []
        if otherwise.lower() not in _same("gb18030"):
            raise _ask(source, [_as_utf8(text, rival.line), rival], state)
    if otherwise and otherwise != "utf-8":
        decode(source, encoding=otherwise)
        return replace(source, encoding=otherwise.lower()), _doubts(source, otherwise.lower(), state)
    found = readings(source.data)
    best = settled(found)
    if best is None:
        raise _ask(source, [r for r in found if r.encoding != BROKEN and (r.plausible or _is_close(r, found))], state)
    what = f"{GUESSED}{best.encoding}, a guess: this line is '{shown(best.preview, limit=60)}'"
    mend = f"if that is right, state it {state.format(best.encoding)}; if not, state the right one"
    return replace(source, encoding=best.encoding), [Problem(source.name, best.line, 0, what, mend, "warning")]


def is_guess(problem: Problem) -> bool:
    """Whether a warning tells of a guessed encoding."""
    return problem.severity == "warning" and problem.what.startswith(GUESSED)


def refuse_kind(name: str, *, instead: str) -> None:
    """Refuse a kind of file that no reader opens, with the reason.

    Raises
    ------
    Rejected
        For pickles, projects of other programs, archives and files with macros; ``instead`` says what to give.
    """
    ending = "." + name.rsplit(".", 1)[-1].lower()
    if ending in _NEVER_READ:
        raise _no(name, f"'{ending}' files are not read: {_NEVER_READ[ending]}", instead)


def _mark(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def _refuse_zeros(source: Source, text: str) -> None:
    at = text.find("\0")
    if at >= 0:
        what = (
            f"a zero byte at byte {len(text[:at].encode('utf-8'))}: this is no plain text, or UTF-16 without its mark"
        )
        line = text.count("\n", 0, at) + 1
        raise Rejected(Problem(source.name, line, 0, what, "save it as UTF-8, or state utf-16 if it is that"))


def _same(encoding: str) -> tuple[str, ...]:
    family = ("big5", "cp950", "big5hkscs")
    return family if encoding in family else (encoding,)


def _is_close(reading: Reading, found: tuple[Reading, ...]) -> bool:
    return reading.bits - min(r.bits for r in found) < MARGIN


def _as_utf8(text: str, line: int) -> Reading:
    preview = next((one for one in text.split("\n") if not one.isascii()), "").strip()
    return Reading("utf-8", 0.0, 0.0, preview, line)


def _ask(source: Source, found: list[Reading], state: str) -> Rejected:
    """The error that asks, with what the two likeliest encodings would read."""
    if [r.encoding for r in found][:1] == ["utf-8"]:
        line, what = found[0].line, "too little text to tell its encoding"
    else:
        line, what = _not_utf8(source.data)
    seen = " or ".join(f"{r.encoding}, which reads '{shown(r.preview, limit=40)}'" for r in found[:2])
    either = f": perhaps {seen}" if seen else f" ({', '.join(ENCODINGS)})"
    mend = f"save it as UTF-8, or state its encoding {state.format('…')}{either}"
    return Rejected(Problem(source.name, line, 0, what, mend))


def _doubts(source: Source, stated: str, state: str) -> list[Problem]:
    """A warning where the stated encoding reads nonsense and another one reads text."""
    if stated in ("utf-8", "utf-16"):
        return []
    own = reading_of(source.data, stated)
    if own is None or own.plausible or source.data.isascii():
        return []
    try:
        better: Reading | None = _as_utf8(source.data.decode("utf-8"), own.line)
    except UnicodeDecodeError:
        better = settled(readings(source.data))
    if better is None or better.encoding in _same(stated):
        return []
    what = f"'{stated}' is stated, which reads '{shown(own.preview, limit=40)}'"
    mend = f"{better.encoding} would read '{shown(better.preview, limit=40)}'; state it {state.format(better.encoding)}"
    return [Problem(source.name, own.line, 0, what, mend, "warning")]


def decode(source: Source, *, encoding: str = "", state: str | None = "") -> str:
    """The text of a file, verbatim but for a byte-order mark. It never guesses: see `settle_encoding`.

    Parameters
    ----------
    source
        Its own settled encoding counts if `encoding` is not given; if neither is, the text must be UTF-8 (with or
        without mark) or UTF-16 with a mark.
    encoding
        One of `ENCODINGS`. UTF-16 without a mark is read with the low byte first.
    state
        Where the user can state it, for the message; None where it must be UTF-8.

    Raises
    ------
    Rejected
        If the bytes are not of that encoding; the message names the byte, counted from 0, and the line.
    """
    data = source.data
    encoding = (encoding or source.encoding).lower()
    marked = _mark(data)
    if encoding not in ("", *ENCODINGS):
        raise _no(source.name, f"unknown encoding '{shown(encoding)}'", f"use one of {', '.join(ENCODINGS)}")
    if marked and encoding not in ("", marked):
        what = f"'{encoding}' is stated but the file begins with a mark that says {marked}"
        raise _no(source.name, what, f"state {marked}, or leave the encoding out")
    if marked == "utf-8":
        data, encoding = data[3:], ""
    elif marked:
        encoding = marked
    try:
        text = data.decode("utf-16-le" if encoding == "utf-16" and not marked else encoding or "utf-8")
    except UnicodeDecodeError as fault:
        offset = fault.start + len(source.data) - len(data)
        line = data.count(b"\n", 0, fault.start) + 1
        if encoding and encoding != "utf-8":
            what = f"not {encoding} at byte {offset} (0x{source.data[offset]:02X})"
            raise Rejected(Problem(source.name, line, 0, what, "state the encoding the file really has")) from None
        line, what = _not_utf8(source.data)
        mend = "save it as UTF-8" + _encoding_hint(source.data, state)
        raise Rejected(Problem(source.name, line, 0, what, mend)) from None
    _refuse_zeros(source, text)
    return text


def _not_utf8(data: bytes) -> tuple[int, str]:
    """The line and the byte at which bytes are not UTF-8."""
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        data[start:].decode("utf-8")
    except UnicodeDecodeError as fault:
        at = fault.start + start
        return data.count(b"\n", 0, at) + 1, f"not valid UTF-8 at byte {at} (0x{data[at]:02X})"
    return 0, "valid UTF-8"


def _encoding_hint(data: bytes, state: str | None) -> str:
    best = settled(readings(data))
    would = f"{best.encoding}, which would read '{shown(best.preview, limit=40)}'" if best else ""
    if state is None:
        return f"; it seems to be {would}" if would else ""
    hint = f", for example {would}" if would else f" (one of {', '.join(ENCODINGS)})"
    return f", or state its encoding{' ' if state else ''}{state}{hint}"
