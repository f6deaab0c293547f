"""Coding sheets for people who stay in Excel or Word: out, and what they filled in back into the log."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bwa_study.coding.log.log import open_log
from bwa_study.coding.sheets import take_sheet, turn_of
from bwa_study.load.coding_sheet_files import (
    ABOUT_SHEET,
    CODES_SHEET,
    CODING_SHEET,
    COLUMNS,
    KINDS,
    TURN_MARK,
    read_coding_sheet,
)  # fmt: skip
from bwa_study.load.leftovers import at_work
from bwa_study.load.study import Progress, load_study
from bwa_study.model.coding_sheet import ShownText
from bwa_study.model.codings import POLARITIES, TIME_REFS
from bwa_study.model.errors import NoCodebook, UnknownName, WrongCall
from bwa_study.model.events import Event, Standing
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript, Turn
from bwa_study.present.tables import write_files

_LONGEST_CELL = 32_000
_NEVER = datetime.datetime(2000, 1, 1)
_WIDTHS = {"transcript": 14, "speaker": 10, "text": 70, "words": 40, "code": 24, "memo": 30}


def write_sheets(
    path: str | Path, out: str | Path, *, coder: str, transcripts: Sequence[str] = (), progress: Progress | None = None
) -> str:
    """Write a coding sheet for a coder: a workbook of all transcripts, or a folder with a Word document each.

    Parameters
    ----------
    out
        A file that ends in ``.xlsx``, or in ``.docx`` for one transcript.
    coder
        Who will code; her own codings are in it, nobody else's.
    transcripts
        Ids; all by default.

    Raises
    ------
    UnknownName
        If the ending or a transcript is unknown.
    WrongCall
        If a Word document is asked of several transcripts.
    """
    out = Path(out)
    if out.suffix not in KINDS:
        raise UnknownName("kind of sheet", out.suffix, KINDS)
    study = load_study(path, progress=progress)
    if not len(study.codebook):
        raise NoCodebook(study.id)
    chosen = [study.corpus[id] for id in transcripts] if transcripts else list(study.corpus)
    if out.suffix == ".docx" and len(chosen) != 1:
        raise WrongCall("a Word document holds one transcript — name it with --transcripts")
    with open_log(path) as log:
        events = log.events()
        standing, seen = log.standing(coder=coder), max((e.sequence for e in events), default=0)
    made = {".xlsx": workbook_sheet, ".docx": word_sheet}[out.suffix](study, chosen, coder, standing, seen)
    write_files({out: made})
    return f"{out}: {len(chosen)} transcripts, {sum(len(t.respondent_turns) for t in chosen)} answers, for {coder}"


def take_sheets(path: str | Path, files: Sequence[str | Path], *, progress: Progress | None = None) -> list[str]:
    """Take filled-in sheets into the study's log; a line a sheet.

    Raises
    ------
    TableError
        If something in a sheet does not fit; nothing of that sheet is taken then.
    FolderHeld
        If the codebook is being changed, or another machine works on the folder.
    """
    with at_work(path, "sheets in") as found:
        study, lines = load_study(path, progress=progress), [*found]
        with open_log(path) as log:
            lines += log.notes
            for file in files:
                sheet = read_coding_sheet(file)
                lines.append(f"{file}: coder {sheet.coder}, {take_sheet(log, study, sheet)}")
    return lines


def _coded(standing: Standing, transcript: Transcript, turn: Turn) -> list[Event]:
    """The coder's codings within a turn, in order; the same code on the same words (of the translation) stands once."""
    here = [e for e in standing.codings.values() if e.transcript == transcript.id]
    found = {(e.start, e.end, e.code, e.polarity): e for e in here if turn_of(transcript, e) == turn}
    return sorted(found.values(), key=lambda e: (e.start or 0, e.end or 0, e.code))


def _read(standing: Standing, coder: str, transcript: Transcript) -> frozenset[int]:
    return standing.examined.get(coder, {}).get(transcript.id, frozenset())


def workbook_sheet(study: Study, chosen: Sequence[Transcript], coder: str, standing: Standing, seen: int) -> bytes:
    """An Excel workbook: a row a coding (or an answer without), lists to choose from, the codes with definitions."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": _NEVER})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    sheet = book.add_worksheet(CODING_SHEET)
    rows = [row for transcript in chosen for row in _rows(transcript, coder, standing)]
    for x, name in enumerate(COLUMNS):
        sheet.set_column(x, x, _WIDTHS.get(name, 9), wrap)
        sheet.write_string(0, x, name, head)
    for y, row in enumerate(rows, start=1):
        for x, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(y, x, value)
            elif value:
                sheet.write_string(y, x, value)
    sheet.freeze_panes(1, 0)
    codes = book.add_worksheet(CODES_SHEET)
    codes.set_column(0, 1, 26, wrap)
    codes.set_column(2, 2, 80, wrap)
    for y, line in enumerate([("code", "label", "definition"), *_codes(study)]):
        for x, text in enumerate(line):
            codes.write_string(y, x, text, head if y == 0 else wrap)
    last = len(rows) + 2000
    lists: dict[str, Any] = {
        "code": f"={CODES_SHEET}!$A$2:$A${len(study.codebook) + 1}",
        "polarity": list(POLARITIES),
        "certainty": ["1", "2", "3"],
        "evidence": ["own", "hearsay"],
        "time_ref": list(TIME_REFS),
        "read": ["yes"],
    }
    if study.sites and len(",".join(site.id for site in study.sites)) < 250:
        lists["about"] = [site.id for site in study.sites]
    for name, source in lists.items():
        x = COLUMNS.index(name)
        sheet.data_validation(1, x, last, x, {"validate": "list", "source": source})
    about = book.add_worksheet(ABOUT_SHEET)
    about.hide()
    facts = [("study", study.id), ("coder", coder), ("event", str(seen)), ("codebook", study.codebook.version)]
    for y, (name, value) in enumerate([*facts, *((f"text {t.id}", t.digest) for t in chosen)]):
        about.write_string(y, 0, name)
        about.write_string(y, 1, value)
    book.close()
    return stream.getvalue()


def _codes(study: Study) -> list[tuple[str, str, str]]:
    language = study.language
    return [(code.id, code.label.text(language), code.words(language).definition) for code in study.codebook]


def _rows(transcript: Transcript, coder: str, standing: Standing) -> list[list[Any]]:
    read = _read(standing, coder, transcript)
    out: list[list[Any]] = []
    for turn in transcript.respondent_turns:
        text = ShownText.of(transcript.quote(turn.span))
        shown = text.text if len(text.text) <= _LONGEST_CELL else text.text[: _LONGEST_CELL - 1] + "…"
        fixed = [transcript.id, turn.number, turn.speaker, shown]
        mark = "yes" if turn.number in read else ""
        found = _coded(standing, transcript, turn)
        for event in found:
            out.append([*fixed, *_words(text, turn, event), *_values(event), mark])
        if not found:
            out.append([*fixed, "", "", *[""] * 7, mark])
    return out


def _words(text: ShownText, turn: Turn, event: Event) -> tuple[str, Any]:
    """The words of a coding as the sheet has them, and which of several equal ones they are."""
    start, end = text.shown((event.start or 0) - turn.span.start, (event.end or 0) - turn.span.start)
    words = text.text[start:end]
    places = [at for at in range(len(text.text)) if text.text.startswith(words, at)]
    return words, places.index(start) + 1 if len(places) > 1 else ""


def _values(event: Event) -> list[Any]:
    certainty = event.certainty or ""
    memo = ShownText.of(event.memo).text
    return [event.code, event.polarity, certainty, event.evidence, event.time_ref, event.about, memo]


def word_sheet(study: Study, chosen: Sequence[Transcript], coder: str, standing: Standing, seen: int) -> bytes:
    """A Word document of one transcript: an answer a paragraph, codes as comments on the words."""
    import docx

    (transcript,) = chosen
    document = docx.Document()
    properties = document.core_properties
    properties.identifier, properties.title, properties.author = transcript.id, transcript.id, coder
    properties.comments = f"bwa-study coding sheet; coder {coder}; event {seen}; text {transcript.digest}"
    properties.created = properties.modified = _NEVER
    document.add_heading(transcript.id, 1)
    document.add_paragraph(
        "Select words, insert a comment, write a code; 'code: absent' for the other polarity; further lines such as "
        "'certainty: 2' or 'memo: …'. The comment 'read' says: looked at, nothing to code. Leave the text as it is. "
        "选中文字，插入批注，写上编码；“编码: absent”表示另一极；“已读”表示看过、无需编码。请勿改动正文。"
    )
    for turn in transcript.turns:
        label = document.add_paragraph().add_run(turn.speaker)
        label.bold = True
        _turn(document, transcript, turn, coder, standing)
    document.add_heading("Codes", 2)
    for id, name, definition in _codes(study):
        document.add_paragraph(f"{id} — {name}: {definition}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _turn(document: Any, transcript: Transcript, turn: Turn, coder: str, standing: Standing) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    text = ShownText.of(transcript.quote(turn.span))
    paragraph = document.add_paragraph()
    if turn not in transcript.respondent_turns:
        paragraph.add_run(text.text).italic = True
        return
    for kind in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{kind}")
        mark.set(qn("w:id"), str(turn.number))
        if kind == "bookmarkStart":
            mark.set(qn("w:name"), f"{TURN_MARK}{turn.number}")
        paragraph._p.append(mark)
    begin = turn.span.start
    found = _coded(standing, transcript, turn)
    spans = [text.shown((e.start or 0) - begin, (e.end or 0) - begin) for e in found]
    cuts = sorted({0, len(text.text), *(at for span in spans for at in span)})
    runs = {a: paragraph.add_run(text.text[a:b]) for a, b in pairwise(cuts)}
    ends = {b: a for a, b in pairwise(cuts)}
    for event, (start, end) in zip(found, spans, strict=True):
        document.add_comment([runs[start], runs[ends[end]]], text=_comment(event), author=coder, initials=coder[:3])
    if not found and turn.number in _read(standing, coder, transcript) and runs:
        document.add_comment([runs[0], runs[ends[len(text.text)]]], text="read", author=coder, initials=coder[:3])


def _comment(event: Event) -> str:
    code, polarity, certainty, evidence, time_ref, about, memo = _values(event)
    first = code if polarity == "present" else f"{code}: {polarity}"
    rest = {"certainty": certainty, "evidence": evidence, "time_ref": time_ref, "about": about, "memo": memo}
    return "\n".join([first, *(f"{name}: {value}" for name, value in rest.items() if value)])
