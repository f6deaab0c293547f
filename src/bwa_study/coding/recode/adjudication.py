"""Adjudication: where coders disagree, somebody decides with a reason; the decision is a coder of its own."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from pydantic import Field, ValidationError

from bwa_study.coding.log.log import CodingLog
from bwa_study.coding.recode.desk import Answer
from bwa_study.coding.recode.forms import StrictForm, Uuid
from bwa_study.coding.recode.wire import codebook_values, study_values, transcript_label
from bwa_study.model.codings import ADJUDICATED
from bwa_study.model.errors import TooFewCoders, UnknownName, shown
from bwa_study.model.events import Event
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript, Turn

COPIED = (
    "start", "end", "quote", "code", "polarity", "evidence", "time_ref", "about", "certainty", "memo", "other_quote",
)  # fmt: skip
_NAMESPACE = uuid.UUID("3c1f4c2a-1c0b-5b53-9a53-6f1b2f6c9d10")


class DecisionForm(StrictForm):
    """A decision as the page sends it: ``take`` is the coder whose codings stand, or empty for none."""

    id: Uuid
    transcript: str = Field(min_length=1, max_length=400)
    turn: int = Field(ge=1)
    code: str = Field(min_length=1, max_length=200)
    take: str = Field(max_length=200)
    reason: str = Field(min_length=1, max_length=4_000, pattern=r"\S")


Sides = Mapping[str, Sequence[Mapping[str, Any]]]
"""By coder, her codings of one code in one turn, as plain values."""


@dataclass(frozen=True, slots=True)
class Case:
    """A code in a turn that coders who both read it saw differently.

    Parameters
    ----------
    transcript, turn, code
        Where, and which.
    sides
        By coder, her codings of that code in that turn, as plain values; an empty list where she gave it none.
    """

    transcript: str
    turn: int
    code: str
    sides: Sides

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells cases apart."""
        return self.transcript, self.turn, self.code


def open_cases(study: Study, coders: Sequence[str]) -> tuple[Case, ...]:
    """Turns and codes on which coders disagree, in the order of the study and the codebook.

    Parameters
    ----------
    study
        With the codings of the coders and the record of what each has read.
    coders
        Two names or more. A turn counts where two of them have read it.

    Raises
    ------
    TooFewCoders
        If fewer than two are named.
    UnknownName
        If one has neither codings nor a record of reading.

    Notes
    -----
    Two coders disagree on a code in a turn if the polarities they gave it there differ: one present and the other
    nothing, one present and the other absent. Where the words begin and end is not compared.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> cases = open_cases(study, ["simulated-human-A", "simulated-human-B"])
    >>> pairs = [[{one["polarity"] for one in side} for side in case.sides.values()] for case in cases]
    >>> all(a != b for a, b in pairs)
    True
    """
    if len(set(coders)) < 2:
        raise TooFewCoders("adjudication", coders)
    known = tuple(dict.fromkeys([*study.examined.coders, *study.codings.coders]))
    for coder in coders:
        if coder not in known:
            raise UnknownName("coder", coder, known)
    return tuple(
        Case(transcript.id, turn.number, code, sides)
        for transcript, turn, of_code in read_turns(study, coders)
        for code, sides in of_code.items()
        if not agreed(sides)
    )


def read_turns(study: Study, coders: Sequence[str]) -> Iterator[tuple[Transcript, Turn, dict[str, Sides]]]:
    """Turns that one of the coders has read, with what every reader gave: by code that one of them gave, by reader.

    A turn to which no reader gave a code has an empty mapping, and is read all the same.
    """
    given = _given(study, coders)
    for transcript in study.corpus:
        for turn in transcript.respondent_turns:
            here = given.get((transcript.id, turn.number), {})
            readers = [c for c in coders if c in here or study.examined.read(c, transcript.id, turn.number)]
            codes = [code for code in study.codebook.ids if any(code in of_coder for of_coder in here.values())]
            if readers:
                yield transcript, turn, {code: {c: here.get(c, {}).get(code, []) for c in readers} for code in codes}


def agreed(sides: Sides) -> bool:
    """Whether all who read a turn gave the code the same polarities there."""
    return len({frozenset(one["polarity"] for one in side) for side in sides.values()}) == 1


_Given = dict[tuple[str, int], dict[str, dict[str, list[dict[str, Any]]]]]


def _given(study: Study, coders: Sequence[str]) -> _Given:
    """Codings by turn, coder and code; rejected ones are not given."""
    out: _Given = {}
    table = study.codings.table
    table = table[table["coder"].isin(list(coders)) & (table["status"] != "rejected")]
    starts = {t.id: [turn.span.start for turn in t.turns] for t in study.corpus}
    for row in table[["transcript", "coder", *COPIED]].astype(object).to_dict("records"):
        transcript = study.corpus[row["transcript"]]
        at = max(0, bisect_right(starts[transcript.id], row["start"]) - 1)
        turn = next((t for t in transcript.turns[at:] if t.span.start < row["end"] and row["start"] < t.span.end), None)
        if turn is not None:
            values = {name: _plain(row[name]) for name in COPIED}
            by_coder = out.setdefault((transcript.id, turn.number), {}).setdefault(row["coder"], {})
            by_coder.setdefault(row["code"], []).append(values)
    return out


def _plain(value: Any) -> Any:
    """A cell as JSON has it; a missing number is None."""
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else int(value)


class Adjudication:
    """The adjudicator's desk: every case with its sides, and the decisions, kept in the log.

    Parameters
    ----------
    study
        With the codings of those who disagree.
    log
        The coding log; originals in it are never touched.
    coders
        Whose codings are compared.
    author
        Who decides.
    """

    def __init__(self, study: Study, log: CodingLog, coders: Sequence[str], *, author: str = "") -> None:
        self.study, self.log, self.author = study, log, author
        self.cases = {case.key: case for case in open_cases(study, coders)}

    def page(self) -> Answer:
        """All cases, decided or not."""
        decided = decisions_of(self.log.events(coder=ADJUDICATED))
        rows = [self._case(case, decided.get(case.key)) for case in self.cases.values()]
        body = {"study": study_values(self.study), "codebook": codebook_values(self.study.codebook), "cases": rows}
        return Answer(200, body)

    def _case(self, case: Case, decision: Event | None) -> dict[str, Any]:
        transcript = self.study.corpus[case.transcript]
        turn = next(t for t in transcript.turns if t.number == case.turn)
        return {
            "transcript": case.transcript,
            "label": transcript_label(self.study, transcript),
            "turn": case.turn,
            "code": case.code,
            "context": _context(transcript, turn),
            "sides": {coder: [dict(one) for one in side] for coder, side in case.sides.items()},
            "decided": None if decision is None else {"take": decision.memo, "reason": decision.reason},
        }

    def record(self, body: Any) -> Answer:
        """Keep a decision: 400 malformed, 404 no such case, 422 no such coder in it."""
        try:
            form = DecisionForm.model_validate(body)
        except ValidationError as fault:
            found = [f"field '{shown('.'.join(map(str, e['loc'])))}': {shown(e['msg'])}" for e in fault.errors()]
            return Answer(400, {"what": "; ".join(found[:5]), "kind": "form"})
        case = self.cases.get((form.transcript, form.turn, form.code))
        if case is None:
            return Answer(404, {"what": "there is no such case"})
        if form.take and form.take not in case.sides:
            return Answer(422, {"what": f"'{shown(form.take)}' did not read this turn", "kind": "unknown"})
        own = self.log.events(coder=ADJUDICATED, transcript=form.transcript)
        if any(event.id == form.id for event in own):
            return Answer(200, {"id": form.id})
        removed, versions = self._before(case)
        added = [self._added(form, one, n) for n, one in enumerate(case.sides.get(form.take, ()))]
        events = [*removed, *added, self._decision(form)]
        self.log.extend(events, expects=[*versions, *(None for _ in added), None])
        return Answer(200, {"id": form.id})

    def _before(self, case: Case) -> tuple[list[Event], list[int]]:
        """What takes back an earlier decision of the same case."""
        transcript = self.study.corpus[case.transcript]
        span = next(t.span for t in transcript.turns if t.number == case.turn)
        standing = self.log.standing(coder=ADJUDICATED, transcript=case.transcript).codings
        events, versions = [], []
        for id, kept in standing.items():
            if kept.code == case.code and kept.start is not None and span.start <= kept.start < span.end:
                new = str(uuid.uuid4())
                removal = Event(id=new, coder=ADJUDICATED, operation="remove", transcript=case.transcript, coding=id)
                events.append(replace(removal, reason="decided again", author=self.author))
                versions.append(kept.sequence)
        return events, versions

    def _added(self, form: DecisionForm, values: Mapping[str, Any], number: int) -> Event:
        return Event(
            id=str(uuid.uuid5(_NAMESPACE, f"{form.id} event {number}")),
            coder=ADJUDICATED,
            operation="add",
            transcript=form.transcript,
            text_digest=self.study.corpus[form.transcript].digest,
            coding=str(uuid.uuid5(_NAMESPACE, f"{form.id} coding {number}")),
            status="adjudicated",
            reason=form.reason,
            codebook_version=self.study.codebook.version,
            codebook_digest=self.study.codebook.digest,
            author=self.author,
            **values,
        )

    def _decision(self, form: DecisionForm) -> Event:
        """The decision itself, also when nothing is coded: the turn was read for this code; `memo` is whose stands."""
        return Event(
            id=form.id,
            coder=ADJUDICATED,
            operation="examine",
            transcript=form.transcript,
            text_digest=self.study.corpus[form.transcript].digest,
            turns=(form.turn,),
            code=form.code,
            memo=form.take,
            reason=form.reason,
            codebook_version=self.study.codebook.version,
            codebook_digest=self.study.codebook.digest,
            author=self.author,
        )


def decisions_of(events: Iterable[Event]) -> dict[tuple[str, int, str], Event]:
    """The last decision of every case among events in order, by transcript, turn and code; ``memo`` is whose stands."""
    decided = (e for e in events if e.coder == ADJUDICATED and e.operation == "examine" and e.code)
    return {(e.transcript, e.turns[0], e.code): e for e in decided}


def _context(transcript: Transcript, turn: Turn) -> list[dict[str, Any]]:
    """The turn and the one before it."""
    at = transcript.turns.index(turn)
    return [
        {"number": t.number, "speaker": t.speaker, "text": transcript.quote(t.span), "start": t.span.start}
        for t in transcript.turns[max(0, at - 1) : at + 1]
    ]
