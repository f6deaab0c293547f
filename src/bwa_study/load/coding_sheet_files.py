"""Coding sheets come back: a workbook with a row a coding, or a Word document with codes as comments."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from bwa_study.load.archives import check_archive
from bwa_study.load.confined import confined
from bwa_study.load.framework_files import read_sheets
from bwa_study.load.gate import Rejected, Source, read_source
from bwa_study.model.coding_sheet import NAMES, CodingSheet, SheetCoding
from bwa_study.model.errors import Problem, TableError, shown

KINDS = (".xlsx", ".docx")
CODING_SHEET, ABOUT_SHEET, CODES_SHEET = "Coding", "About", "Codes"
COLUMNS = ("transcript", "turn", "speaker", "text", "words", "which", *NAMES, "read")
"""Columns of the sheet "Coding"."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TURN_MARK = "turn_"
"""How the bookmark of a turn begins; its number follows."""

READ_WORDS = ("read", "已读")
"""Comments that mark a turn as read, with nothing to code."""

_PIECES = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_HEAD = re.compile(r"^bwa-study coding sheet; coder (.+); event (\d+); text ([0-9a-f]{64})$")


def read_coding_sheet(path: str | Path) -> CodingSheet:
    """Read a coding sheet that `bwa_study.present.coding_sheets` made and a person filled in.

    Raises
    ------
    TableError
        If it is no such file, or its fixed parts were changed.
    """
    try:
        source = read_source(Path(path))
        if source.name.lower().endswith(".xlsx"):
            return _of_workbook(source.name, confined(read_sheets, source))
        return confined(read_commented, source)
    except Rejected as fault:
        raise TableError([fault.problem]) from None


def _of_workbook(file: str, sheets: dict[str, list[list[str]]]) -> CodingSheet:
    about = {row[0]: row[1] for row in sheets.get(ABOUT_SHEET, []) if len(row) > 1}
    grid = sheets.get(CODING_SHEET, [])
    if not grid or "coder" not in about or tuple(grid[0][: len(COLUMNS)]) != COLUMNS:
        what = f"it has no sheet '{CODING_SHEET}' with the columns {', '.join(COLUMNS)}, or no sheet '{ABOUT_SHEET}'"
        raise TableError(
            [Problem(file, 0, 0, what, "give a sheet made by 'bwa-study sheets out', its heads as they were")]
        )
    digests = {name.removeprefix("text "): value for name, value in about.items() if name.startswith("text ")}
    place = f"{file}, sheet '{CODING_SHEET}'"
    codings, problems = [], []
    examined: dict[str, set[int]] = {id: set() for id in digests}
    for line, cells in enumerate(grid[1:], start=2):
        row = dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))
        if not any(row.values()):
            continue
        turn, nth = _number(row["turn"]), _number(row["which"] or "0")
        if turn is None or nth is None or row["transcript"] not in digests:
            what = (
                f"transcript '{shown(row['transcript'])}', turn '{shown(row['turn'])}', which '{shown(row['which'])}'"
            )
            problems.append(
                Problem(place, line, 0, f"{what}: no place in this sheet", "leave these cells as they were")
            )
            continue
        if row["read"].strip():
            examined[row["transcript"]].add(turn)
        values = {name: _plain(name, row[name]) for name in NAMES}
        if values["code"]:
            values["polarity"] = values["polarity"] or "present"
            codings.append(SheetCoding((line, 0), row["transcript"], turn, row["words"], values, nth=nth))
        elif any(values.values()) or row["words"]:
            problems.append(
                Problem(place, line, 0, "the row has no code", "choose one, or empty the row's other cells")
            )
    if problems:
        raise TableError(problems)
    marks = {id: frozenset(turns) for id, turns in examined.items()}
    return CodingSheet(place, about["coder"], _number(about.get("event", "")) or 0, digests, tuple(codings), marks)


def _number(text: str) -> int | None:
    return int(float(text)) if re.fullmatch(r"\d{1,9}(\.0)?", text.strip()) else None


def _plain(name: str, text: str) -> str:
    if name == "certainty":
        number = _number(text)
        return text.strip() if number is None else str(number)
    return text if name == "memo" else text.strip()


def read_commented(source: Source) -> CodingSheet:
    """The codes that stand as comments in a Word document; called through `confined`.

    Raises
    ------
    Rejected
        If it is no such document.
    """
    check_archive(source)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(source.data))
        head = _HEAD.match(document.core_properties.comments or "")
        transcript = document.core_properties.identifier
        notes = {str(c.comment_id): c.text for c in document.comments}
        paragraphs = list(document.element.body.iter(f"{_W}p"))
    except (OpcError, XMLSyntaxError, LookupError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as fault:
        what, mend = f"not a complete .docx ({shown(fault)})", "open it in Word and save it as .docx again"
        raise Rejected(Problem(source.name, 0, 0, what, mend)) from None
    if head is None or not transcript:
        what = "its properties do not say that it is a coding sheet"
        raise Rejected(Problem(source.name, 0, 0, what, "give a document made by 'bwa-study sheets out'"))
    walk = _Walk(transcript, notes)
    for paragraph in paragraphs:
        number = _turn_of(paragraph)
        if number is not None:
            walk.through(paragraph, number)
    if walk.open_at:
        what = f"{len(walk.open_at)} comments begin in one turn and end in another"
        raise Rejected(Problem(source.name, 0, 0, what, "code each turn with a comment of its own"))
    texts = {(transcript, number): text for number, text in walk.texts.items()}
    marks = {transcript: frozenset(walk.read)}
    return CodingSheet(source.name, head[1], int(head[2]), {transcript: head[3]}, tuple(walk.codings), marks, texts)


def _turn_of(paragraph: Any) -> int | None:
    for mark in paragraph.iter(f"{_W}bookmarkStart"):
        name = mark.get(f"{_W}name", "")
        if name.startswith(TURN_MARK) and name.removeprefix(TURN_MARK).isdigit():
            return int(name.removeprefix(TURN_MARK))
    return None


class _Walk:
    """The paragraphs of turns, read piece by piece, and the codes of the comments that end in them."""

    def __init__(self, transcript: str, notes: dict[str, str]) -> None:
        self.transcript, self.notes = transcript, notes
        self.open_at: dict[str, int] = {}
        self.texts: dict[int, str] = {}
        self.codings: list[SheetCoding] = []
        self.read: set[int] = set()

    def through(self, paragraph: Any, number: int) -> None:
        """Read a turn's paragraph."""
        text = ""
        for element in paragraph.iter():
            tag = str(element.tag).removeprefix(_W)
            if tag == "t":
                text += element.text or ""
            elif tag in _PIECES:
                text += _PIECES[tag]
            elif tag == "commentRangeStart":
                self.open_at[element.get(f"{_W}id", "")] = len(text)
            elif tag == "commentRangeEnd":
                id = element.get(f"{_W}id", "")
                if id in self.open_at:
                    self.note(number, self.open_at.pop(id), text, self.notes.get(id, ""))
        self.texts[number] = text

    def note(self, number: int, start: int, text: str, said: str) -> None:
        """Keep what a comment says of the words before it."""
        codes, own = _said(said)
        for code in codes:
            if code.lower() in READ_WORDS:
                self.read.add(number)
                continue
            name, _, polarity = (part.strip() for part in code.partition(":"))
            values = {**dict.fromkeys(NAMES, ""), **own, "code": name, "polarity": polarity or "present"}
            place = (0, 0)
            words = text[start:]
            self.codings.append(SheetCoding(place, self.transcript, number, words, values, start, len(text)))


def _said(comment: str) -> tuple[list[str], dict[str, str]]:
    """The codes of a comment, and what it says of them.

    Examples
    --------
    >>> _said("follow_up: absent; fear\\ncertainty: 2\\nmemo: at the\\ngate")
    (['follow_up: absent', 'fear'], {'certainty': '2', 'memo': 'at the\\ngate'})
    """
    codes: list[str] = []
    own: dict[str, str] = {}
    for line in comment.split("\n"):
        name, colon, value = line.partition(": ")
        if "memo" in own:
            own["memo"] += f"\n{line}"
        elif colon and name in NAMES[2:]:
            own[name] = value
        else:
            codes += [part.strip() for part in line.split(";") if part.strip()]
    return codes, own
