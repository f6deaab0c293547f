"""What people did to codings, one event after another; the codings of any moment are a fold of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import pandas as pd

from bwa_study.model.codings import CODER_KINDS, CODINGS, POLARITIES, STATUSES, TIME_REFS, Codings, Examined
from bwa_study.model.errors import WrongCall, shown

OPERATIONS = ("add", "change", "remove", "examine", "unexamine")
"""What an event does: to a coding the first three, to turns the last two."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_LEVELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("operation", OPERATIONS),
    ("coder_kind", CODER_KINDS),
    ("polarity", ("", *POLARITIES)),
    ("evidence", ("", "own", "hearsay")),
    ("time_ref", ("", *TIME_REFS)),
    ("status", ("", *STATUSES)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act of one coder. It is written once and never changed; to undo it is an event too.

    Parameters
    ----------
    id
        A uuid in small letters. An event of an id that the log has is the same event.
    sequence
        Its number in the log, from 1; 0 before it is kept. It, not the time, is the order.
    time
        UTC as ``2026-01-31T08:15:30.123Z``; empty before it is kept.
    coder, coder_kind
        Who, and what that is (`CODER_KINDS`).
    operation
        One of `OPERATIONS`.
    undo
        Whether it takes an earlier event back (or does it again).
    transcript, text_digest
        Where, and the SHA-256 of the text that was read.
    coding
        Id (uuid) of the coding that is added, changed or removed.
    start, end, quote
        Half-open, in code points of the text, and the words there.
    code, polarity, evidence, time_ref, about, certainty, status, indicator, match_start, match_end, memo, other_quote
        As in `CODINGS`; ``about`` is a site, ``certainty`` 1 to 3 or None.
    turns
        Numbers of the turns that were examined, for the two operations on turns.
    reason
        Why, where that must be said: of an adjudication or a migration.
    codebook_version, codebook_digest, tool_version
        What was used.
    author
        Who did it, where that is not the coder: who adjudicated.

    Raises
    ------
    WrongCall
        If a value is none of those, or a field that the operation needs is missing.
    """

    id: str
    coder: str
    operation: str
    transcript: str
    coder_kind: str = "human"
    sequence: int = 0
    time: str = ""
    undo: bool = False
    text_digest: str = ""
    coding: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""
    code: str = ""
    polarity: str = ""
    evidence: str = ""
    time_ref: str = ""
    about: str = ""
    certainty: int | None = None
    status: str = ""
    indicator: str = ""
    match_start: int | None = None
    match_end: int | None = None
    memo: str = ""
    turns: tuple[int, ...] = ()
    reason: str = ""
    codebook_version: str = ""
    codebook_digest: str = ""
    tool_version: str = ""
    other_quote: str = ""
    author: str = ""

    def __post_init__(self) -> None:
        wrong = _fault(self)
        if wrong:
            raise WrongCall(f"event {shown(self.id) or 'without id'}: {wrong}")

    @property
    def about_turns(self) -> bool:
        """Whether it marks turns rather than words."""
        return self.operation in ("examine", "unexamine")

    def same_as(self, other: Event) -> bool:
        """Whether both say the same; number and time, which the log gives, do not count."""
        return replace(self, sequence=0, time="", tool_version="") == replace(
            other, sequence=0, time="", tool_version=""
        )

    @property
    def values(self) -> dict[str, Any]:
        """The fields in declared order, as plain values that JSON can hold."""
        return {**asdict(self), "turns": list(self.turns)}


FIELDS = tuple(f.name for f in fields(Event))
"""Names of the fields of an event."""


def _fault(event: Event) -> str:
    """What is wrong with an event, or nothing."""
    if not _UUID.match(event.id):
        return f"id '{shown(event.id)}' is no uuid in small letters"
    for name, levels in _LEVELS:
        value = getattr(event, name)
        if value not in levels:
            return f"{name} '{shown(value)}' is not one of {', '.join(filter(None, levels))}"
    for name in ("coder", "transcript"):
        if not getattr(event, name).strip():
            return f"{name} is empty"
    if event.about_turns:
        if event.coding or not event.turns or min(event.turns) < 1:
            return f"to {event.operation} takes numbers of turns from 1, and no coding"
        return ""
    if event.turns or not _UUID.match(event.coding):
        return f"to {event.operation} takes the uuid of a coding, and no turns"
    return "" if event.operation == "remove" else _coding_fault(event)


def _coding_fault(event: Event) -> str:
    if event.start is None or event.end is None or not 0 <= event.start < event.end:
        return f"start {event.start} and end {event.end} are no place in a text"
    if len(event.quote) != event.end - event.start:
        return f"the quote has {len(event.quote)} characters, its place {event.end - event.start}"
    for name in ("code", "polarity", "status"):
        if not getattr(event, name):
            return f"{name} is empty"
    if event.certainty not in (None, 1, 2, 3):
        return f"certainty {event.certainty} is not 1, 2 or 3"
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds after some events.

    Parameters
    ----------
    codings
        The last event of every coding that stands, by the coding's id, in the order they were added. The event's
        `sequence` is the coding's version.
    examined
        Numbers of the turns that were marked as read, by coder and transcript.
    known
        Ids of all codings there ever were, removed ones too.
    read_on
        The first day on which the coder marked turns of the transcript as read, by coder and transcript.
    """

    codings: Mapping[str, Event] = field(default_factory=dict)
    examined: Mapping[str, Mapping[str, frozenset[int]]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    read_on: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        """The codings as a table with the columns of `CODINGS`; ``date`` is the day of the last change."""
        return pd.DataFrame([_row(e) for e in self.codings.values()], columns=[c.name for c in CODINGS.columns])

    def tables(self) -> tuple[Codings, Examined]:
        """The codings and what was examined, as the nouns of a study."""
        codings = Codings(self.frame()) if self.codings else Codings.empty()
        return codings, Examined({coder: dict(read) for coder, read in self.examined.items()}, self.read_on)


def _row(event: Event) -> dict[str, Any]:
    own = {name: getattr(event, name) for name in (c.name for c in CODINGS.columns) if name in FIELDS}
    return {**own, "id": event.coding, "date": event.time[:10]}


def fold(events: Iterable[Event]) -> Standing:
    """What stands after `events`, whatever order they come in: they are taken by sequence number, then by id.

    A change of a coding that was removed brings it back, so that no order of two people's logs loses work. A turn that
    was examined for one code only (`Event.code`: it was adjudicated) does not count as read.

    Examples
    --------
    >>> id = "00000000-0000-0000-0000-00000000000{}".format
    >>> read = Event(id=id(1), sequence=1, coder="c1", operation="examine", transcript="t", turns=(2, 4))
    >>> undone = Event(id=id(2), sequence=2, coder="c1", operation="unexamine", transcript="t", turns=(4,), undo=True)
    >>> fold([undone, read]).examined
    {'c1': {'t': frozenset({2})}}
    """
    codings: dict[str, Event] = {}
    examined: dict[str, dict[str, frozenset[int]]] = {}
    read_on: dict[str, dict[str, str]] = {}
    known = set()
    for event in sorted(events, key=lambda e: (e.sequence, e.id)):
        if event.about_turns:
            if event.code:
                continue
            of_coder = examined.setdefault(event.coder, {})
            before, turns = of_coder.get(event.transcript, frozenset()), frozenset(event.turns)
            of_coder[event.transcript] = before | turns if event.operation == "examine" else before - turns
            if event.operation == "examine" and event.time:
                read_on.setdefault(event.coder, {}).setdefault(event.transcript, event.time[:10])
            continue
        known.add(event.coding)
        if event.operation == "remove":
            codings.pop(event.coding, None)
        else:
            codings[event.coding] = event
    return Standing(codings, _without_empty(examined), frozenset(known), read_on)


def _without_empty(examined: dict[str, dict[str, frozenset[int]]]) -> dict[str, dict[str, frozenset[int]]]:
    kept = {coder: {t: turns for t, turns in read.items() if turns} for coder, read in examined.items()}
    return {coder: read for coder, read in kept.items() if read}


def events_digest(events: Iterable[Event]) -> str:
    """SHA-256 over events in their order: two logs of the same events have the same."""
    whole = hashlib.sha256()
    for event in sorted(events, key=lambda e: (e.sequence, e.id)):
        whole.update(json.dumps(event.values, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
        whole.update(b"\n")
    return whole.hexdigest()
