"""What was decided between coders: the table of decisions with their reasons, and one coder out of all that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bwa_study.coding.log.log import CodingLog, new_id
from bwa_study.coding.recode.adjudication import COPIED, Case, Sides, agreed, decisions_of, open_cases, read_turns
from bwa_study.model.codings import ADJUDICATED
from bwa_study.model.errors import BwaError, shown
from bwa_study.model.events import Event, Standing, fold
from bwa_study.model.results import Result
from bwa_study.model.study import Study

STATES = ("open", "decided", "no longer disputed")
_Key = tuple[str, int, str]


class StillOpen(BwaError):
    """Coders disagree on something that nobody has decided."""


@dataclass(frozen=True, eq=False, repr=False)
class Decisions(Result):
    """A row a disagreement or decision, in the order of the study and the codebook.

    ``table`` has the columns ``transcript``, ``turn``, ``group``, ``round``, ``code``, ``state`` (``open``,
    ``decided``, or ``no longer disputed`` where the coders have changed their codings since), for every coder
    ``<coder>: polarity`` (empty where she gave nothing, ``not read`` where she has not read the turn) and ``<coder>:
    words``, then ``decision`` (the coder whose codings stand, or ``neither``), ``polarity`` and ``words`` that stand,
    ``reason``, ``decided_by``, ``time`` (UTC), ``codebook_version``, ``said`` (the whole turn) and ``consent_quotes``.
    Text that is missing is empty.
    """

    coders: tuple[str, ...] = ()

    def compact(self) -> pd.DataFrame:
        """Where, which code, what was decided and why."""
        shown = ["transcript", "turn", "code", "state", "decision", "polarity", "reason"]
        return self.table[shown].set_index("transcript")


def decisions(study: Study, events: Iterable[Event], *, coders: Sequence[str]) -> Decisions:
    """List what coders disagree on and what was decided about it.

    Parameters
    ----------
    study
        With the codings of the coders, and what each has read.
    events
        Of the coding log: ``log.events()``.
    coders
        Two or more, whose codings are compared turn by turn and code by code, as on the page of `recode`.

    Returns
    -------
    Decisions
        A row a case.

    Raises
    ------
    TooFewCoders
        If fewer than two are named.
    UnknownName
        If one has neither codings nor a record of reading.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> found = decisions(study, [], coders=["simulated-human-A", "simulated-human-B"])
    >>> set(found.table["state"])
    {'open'}
    """
    every = list(events)
    decided, standing = decisions_of(every), fold(e for e in every if e.coder == ADJUDICATED)
    cases = {case.key: case for case in open_cases(study, coders)}
    over = [Case(*key, {}) for key in decided if key not in cases and _is_turn(study, key)]
    rows = [_row(study, case, coders, decided.get(key), standing) for key, case in cases.items()]
    for case in over:
        rows.append({**_row(study, case, coders, decided[case.key], standing), "state": "no longer disputed"})
    names = [f"{c}: {what}" for c in coders for what in ("polarity", "words")]
    columns = ["transcript", "turn", "group", "round", "code", "state", *names, "decision", "polarity", "words",
               "reason", "decided_by", "time", "codebook_version", "said", "consent_quotes"]  # fmt: skip
    return Decisions(
        table=pd.DataFrame(rows, columns=columns),
        title=f"Decisions between {', '.join(coders)}",
        method="A row a code in a turn to which coders who had both read it gave different polarities, or which one "
        "gave and another did not. A working paper of the coding team, not for publication: it holds words of people "
        "who did not agree to be quoted.",
        provenance={"study": study.id, "coder": ", ".join(coders), "codebook": study.codebook.version},
        synthetic=study.synthetic,
        coders=tuple(coders),
    )


def _is_turn(study: Study, key: _Key) -> bool:
    return key[0] in study.corpus and any(turn.number == key[1] for turn in study.corpus[key[0]].turns)


def _row(
    study: Study, case: Case, coders: Sequence[str], decision: Event | None, standing: Standing
) -> dict[str, object]:
    transcript = study.corpus[case.transcript]
    turn = next(t for t in transcript.turns if t.number == case.turn)
    row: dict[str, object] = {
        "transcript": case.transcript,
        "turn": case.turn,
        "group": transcript.group,
        "round": transcript.round,
        "code": case.code,
        "state": "open" if decision is None else "decided",
        "said": transcript.quote(turn.span),
        "consent_quotes": transcript.consent_quotes,
    }
    for coder in coders:
        side = case.sides.get(coder)
        row[f"{coder}: polarity"] = "not read" if side is None and case.sides else _polarities(side or ())
        row[f"{coder}: words"] = _words(side or ())
    stands = [
        {"polarity": e.polarity, "quote": e.quote, "start": e.start}
        for e in standing.codings.values()
        if (e.transcript, e.code) == (case.transcript, case.code)
        and e.start is not None
        and turn.span.start <= e.start < turn.span.end
    ]
    return {
        **row,
        "decision": "" if decision is None else decision.memo or "neither",
        "polarity": _polarities(stands),
        "words": _words(stands),
        "reason": decision.reason if decision else "",
        "decided_by": decision.author if decision else "",
        "time": decision.time if decision else "",
        "codebook_version": decision.codebook_version if decision else "",
    }


def _polarities(side: Sequence[Mapping[str, Any]]) -> str:
    return ";".join(sorted({one["polarity"] for one in side}, reverse=True))


def _words(side: Sequence[Mapping[str, Any]]) -> str:
    return " … ".join(one["quote"] for one in sorted(side, key=lambda one: one["start"]))


@dataclass(frozen=True, slots=True)
class Carried:
    """What stands under the coder ``adjudicated``, and what had to be changed for that.

    Parameters
    ----------
    agreed, decided
        Codings that stand: agreed on (status ``accepted``), and decided (status ``adjudicated``).
    turns
        Turns that count as read.
    added, removed
        Codings that were written and taken out now.
    """

    agreed: int
    decided: int
    turns: int
    added: int
    removed: int


def carry_agreed(study: Study, log: CodingLog, *, coders: Sequence[str], with_single: bool = False) -> Carried:
    """Give the coder ``adjudicated`` what the coders agreed on, beside what was decided: one coder to analyse.

    Where all who read a turn gave a code the same polarity, the codings of the first of them in `coders` are carried,
    with status ``accepted``; decided ones have status ``adjudicated``. Doing it again brings it up to date, and changes
    nothing where nothing has changed. The coders' own codings stay as they are.

    Parameters
    ----------
    study
        Loaded from the folder of the log.
    log
        The study's open coding log.
    coders
        Two or more, in order of precedence.
    with_single
        Also carry turns that only one of them has read, as she coded them; else ``adjudicated`` has read those turns
        only that two have read.

    Raises
    ------
    StillOpen
        If something is not decided yet; nothing is changed.
    TooFewCoders, UnknownName
        As `decisions`.

    Examples
    --------
    >>> import bwa_study as bwa, tempfile
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> with tempfile.TemporaryDirectory() as folder, bwa.open_log(f"{folder}/log.sqlite") as log:
    ...     try:
    ...         carry_agreed(study, log, coders=["simulated-human-A", "simulated-human-B"])
    ...     except bwa.BwaError as fault:
    ...         print(str(fault)[:40])
    164 disagreements are not decided yet, s
    """
    cases = {case.key for case in open_cases(study, coders)}
    standing, decided = log.standing(coder=ADJUDICATED), decisions_of(log.events(coder=ADJUDICATED))
    left = [key for key in cases if key not in decided]
    if left:
        transcript, turn, code = min(left)
        count = f"{len(left)} disagreements are" if len(left) > 1 else "1 disagreement is"
        raise StillOpen(
            f"{count} not decided yet, such as code {shown(code)} in turn {turn} of {shown(transcript)} — decide them "
            f"with: bwa-study recode STUDY --coder NAME --adjudicate {','.join(coders)}"
        )
    wanted: dict[tuple[Any, ...], Event] = {}
    read: dict[str, set[int]] = {}
    for transcript, turn, of_code in _shared(study, coders, with_single):
        read.setdefault(transcript, set()).add(turn)
        for sides in (sides for sides in of_code.values() if agreed(sides)):
            for event in _agreed_events(study, transcript, sides):
                wanted[_content(event)] = event
    there = {_content(e): e for e in standing.codings.values() if e.status != ADJUDICATED}
    stale = [e for key, e in there.items() if key not in wanted]
    stale += [e for e in standing.codings.values() if e.status == ADJUDICATED and _case_of(study, e) not in cases]
    removals = [
        Event(id=new_id(), coder=ADJUDICATED, operation="remove", transcript=e.transcript, coding=e.coding,
              reason="the coders' codings have changed")
        for e in stale
    ]  # fmt: skip
    added = [event for key, event in wanted.items() if key not in there]
    marks = _marks(study, read, standing)
    expects = [*(e.sequence for e in stale), *(None for _ in (*added, *marks))]
    log.extend([*removals, *added, *marks], expects=expects)
    holds = log.standing(coder=ADJUDICATED).codings.values()
    return Carried(
        agreed=sum(e.status != ADJUDICATED for e in holds),
        decided=sum(e.status == ADJUDICATED for e in holds),
        turns=sum(map(len, read.values())),
        added=len(added),
        removed=len(removals),
    )


def _shared(study: Study, coders: Sequence[str], with_single: bool) -> Iterable[tuple[str, int, dict[str, Sides]]]:
    for transcript, turn, of_code in read_turns(study, coders):
        readers = sum(study.examined.read(c, transcript.id, turn.number) or _gave(of_code, c) for c in coders)
        if readers > 1 or with_single:
            yield transcript.id, turn.number, of_code


def _gave(of_code: Mapping[str, Sides], coder: str) -> bool:
    return any(sides.get(coder) for sides in of_code.values())


def _agreed_events(study: Study, transcript: str, sides: Sides) -> list[Event]:
    """The codings of the first reader, as the agreed ones."""
    readers = list(sides)
    reason = f"agreed by {', '.join(readers)}" if len(readers) > 1 else f"read by {readers[0]} alone"
    return [
        Event(
            id=new_id(),
            coder=ADJUDICATED,
            operation="add",
            transcript=transcript,
            text_digest=study.corpus[transcript].digest,
            coding=new_id(),
            status="accepted",
            reason=reason,
            codebook_version=study.codebook.version,
            codebook_digest=study.codebook.digest,
            **one,
        )
        for one in sides[readers[0]]
    ]


def _content(event: Event) -> tuple[Any, ...]:
    return event.transcript, *(getattr(event, name) for name in COPIED)


def _case_of(study: Study, event: Event) -> _Key:
    """Transcript, turn and code of a coding; turn 0 where it stands in none."""
    turns = study.corpus[event.transcript].turns if event.transcript in study.corpus else ()
    start = -1 if event.start is None else event.start
    number = next((t.number for t in turns if t.span.start <= start < t.span.end), 0)
    return event.transcript, number, event.code


def _marks(study: Study, read: Mapping[str, set[int]], standing: Standing) -> list[Event]:
    """Events that make the turns read exactly those."""
    before = standing.examined.get(ADJUDICATED, {})
    out = []
    for transcript in dict.fromkeys([*read, *before]):
        now, then = read.get(transcript, set()), before.get(transcript, frozenset())
        digest = study.corpus[transcript].digest if transcript in study.corpus else ""
        for operation, turns in (("examine", now - then), ("unexamine", then - now)):
            if turns:
                mark = Event(id=new_id(), coder=ADJUDICATED, operation=operation, transcript=transcript,
                             turns=tuple(sorted(turns)), text_digest=digest, reason="read by the coders")  # fmt: skip
                out.append(mark)
    return out
