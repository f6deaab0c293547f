"""The log as files: one JSONL a coder, made to live in git, and tables of codings taken over from csv."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from bwa_study.coding.log.log import CodingLog
from bwa_study.load.gate import Rejected, Source, decode, read_source
from bwa_study.load.json_strict import read_json
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, TableError, WrongCall, did_you_mean, shown
from bwa_study.model.events import FIELDS, Event
from bwa_study.model.other_language import on_the_transcript

_SPACE = uuid.UUID("5f0c2d7e-6f0e-5c39-9a54-1f7a3a1b9c11")
"""Name space of the uuids of events that stand for rows of a table: the same row gives the same event."""

_TABLE = "taken over from a table"
_NUMBERS = ("sequence", "start", "end", "certainty", "match_start", "match_end")


def jsonl_files(events: Iterable[Event]) -> dict[str, bytes]:
    """Events as one JSON Lines file a coder, by file name: an event a line, in order, without empty fields.

    A coder's file changes only when the coder has coded, and then lines are added: two people's files in git do not
    conflict. Equal events give equal bytes.
    """
    lines: dict[str, list[str]] = {}
    for event in sorted(events, key=lambda e: (e.sequence, e.id)):
        kept = {name: value for name, value in event.values.items() if value is not None and value not in ("", [])}
        kept = {name: value for name, value in kept.items() if value is not False}
        line = json.dumps(kept, ensure_ascii=False)
        lines.setdefault(event.coder, []).append(line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
    return {f"{file_name(coder)}.jsonl": ("\n".join(part) + "\n").encode() for coder, part in lines.items()}


def file_name(coder: str) -> str:
    """A name that every system takes; a coder's name of letters and digits is itself."""
    return quote(coder, safe=" ").replace(".", "%2E")


def read_jsonl(path: str | Path) -> tuple[Event, ...]:
    """The events of a JSON Lines file.

    Raises
    ------
    TableError
        With every line that is no event.
    """
    try:
        source = read_source(Path(path))
        text = decode(source, state=None)
    except Rejected as fault:
        raise TableError([fault.problem]) from None
    events, problems = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                events.append(_as_event(line, source))
            except WrongCall as fault:
                problems.append(Problem(source.name, number, 0, str(fault), "restore the line from its export"))
            except Rejected as fault:
                what = fault.problem.what
                problems.append(Problem(source.name, number, 0, what, "restore the line from its export"))
    if problems:
        raise TableError(problems)
    return tuple(events)


def _as_event(line: str, source: Source) -> Event:
    values = read_json(line, file=source.name)
    if not isinstance(values, dict):
        raise WrongCall("an event is an object: {…}")
    for name, value in values.items():
        if name not in FIELDS:
            raise WrongCall(f"unknown field '{shown(name)}'{did_you_mean(name, FIELDS)}")
        if not _fits(name, value):
            raise WrongCall(f"field '{name}', value '{shown(value)}': not of the kind that belongs there")
    missing = [name for name in ("id", "coder", "operation", "transcript", "sequence", "time") if not values.get(name)]
    if missing:
        raise WrongCall(f"field '{missing[0]}' is missing")
    return Event(**{**values, "turns": tuple(values.get("turns", ()))})


def _fits(name: str, value: Any) -> bool:
    if name == "turns":
        return isinstance(value, list) and all(type(n) is int for n in value)
    if name == "undo":
        return isinstance(value, bool)
    return type(value) is int if name in _NUMBERS else isinstance(value, str)


def import_jsonl(log: CodingLog, paths: Sequence[str | Path]) -> int:
    """Merge files of events into a log, all or none, and return how many events were new.

    Doing it again changes nothing, and the order of the files does not matter.

    Raises
    ------
    TableError
        With every bad line of every file.
    EventClash
        If two different events have one id.
    """
    events: list[Event] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            events += read_jsonl(path)
        except TableError as fault:
            problems += fault.problems
    if problems:
        raise TableError(problems)
    return log.merge(events)


def import_codings(log: CodingLog, codings: Codings, *, examined: Examined | None = None, corpus: Corpus) -> int:
    """Take the codings of tables into a log, all or none, and return how many were new.

    Codings whose id the log knows are left as the log has them, so that doing it again changes nothing, and what was
    removed stays removed.

    Parameters
    ----------
    codings
        Of this study, such as `load_codings` gives.
    examined
        What was read; turns that the log has as read already are left.
    corpus
        The study's transcripts.

    Raises
    ------
    WrongCall
        If a coding does not stand on its text; nothing is taken over then.
    """
    attached, detached = Codings(on_the_transcript(codings.table, corpus)).attached(corpus)
    if len(detached):
        first = next(iter(detached))
        raise WrongCall(
            f"{len(detached)} codings do not stand on their text; the first is of transcript "
            f"'{shown(first.transcript)}' at {first.start}–{first.end}, '{shown(first.quote)}' — restore the text, or "
            "take these rows out"
        )
    standing = log.standing()
    rows = [
        row for row in attached.frame.astype(object).to_dict("records") if coding_uuid(row["id"]) not in standing.known
    ]
    events = [event_of_row({str(k): v for k, v in row.items()}, reason=_TABLE) for row in rows]
    for coder, read in (examined or Examined()).turns.items():
        before = standing.examined.get(coder, {})
        for transcript, numbers in read.items():
            turns = {t.number for t in corpus[transcript].turns} if numbers is None else numbers
            new = tuple(sorted(turns - before.get(transcript, frozenset())))
            if new:
                events.append(_examined(coder, transcript, new, corpus))
    log.extend(events)
    return len(rows)


def event_of_row(row: Mapping[str, Any], *, reason: str) -> Event:
    """The event that adds the coding of a row of a codings table (`CODINGS`); the same row gives the same event."""
    own: dict[str, Any] = {name: value for name, value in row.items() if name in FIELDS and name != "id"}
    for name in set(_NUMBERS) & set(own):
        own[name] = None if pd.isna(own[name]) else int(own[name])
    coding = coding_uuid(str(row["id"]))
    id = str(uuid.uuid5(_SPACE, f"add {coding}"))
    return Event(**own, id=id, coding=coding, operation="add", reason=reason)


def coding_uuid(id: str) -> str:
    """The id itself where it is a uuid, else one made from it."""
    try:
        return str(uuid.UUID(id))
    except ValueError:
        return str(uuid.uuid5(_SPACE, f"coding {id}"))


def _examined(coder: str, transcript: str, turns: tuple[int, ...], corpus: Corpus) -> Event:
    return Event(
        id=str(uuid.uuid5(_SPACE, f"examine {coder} {transcript} {turns}")),
        coder=coder,
        operation="examine",
        transcript=transcript,
        turns=turns,
        text_digest=corpus[transcript].digest,
        reason=_TABLE,
    )
