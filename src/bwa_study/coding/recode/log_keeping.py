"""The coding log as the page needs it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bwa_study.coding.log.log import CodingLog, EventClash, StaleCoding
from bwa_study.coding.recode.forms import ChangeForm, CodingForm
from bwa_study.coding.recode.keeping import Held, Kept, RefusedChange, StaleChange
from bwa_study.model.errors import WrongCall
from bwa_study.model.events import Event, Standing


class LogKeeping:
    """Changes kept as events of a coding log; every call asks for the events of one coder only.

    Changes that come while another is being written are written together after it: the disk is waited for once, not
    once a coder. Each is acknowledged only when it lies there.

    Parameters
    ----------
    log
        An open log.
    codebook_digest
        Of the codebook that the page shows.
    """

    def __init__(self, log: CodingLog, codebook_digest: str) -> None:
        self.log, self.codebook_digest = log, codebook_digest
        self._door, self._turn = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting] = []

    def held(self, coder: str, transcript: str) -> Held:
        """What `coder` has done in `transcript`."""
        standing = self.log.standing(coder=coder, transcript=transcript)
        return _by_transcript(standing, coder).get(transcript, Held())

    def all_held(self, coder: str) -> Mapping[str, Held]:
        """What `coder` has done, by transcript."""
        return _by_transcript(self.log.standing(coder=coder), coder)

    def keep(self, coder: str, change: ChangeForm) -> int:
        """Keep a change; see `Keeping.keep`."""
        try:
            return self._appended(self.event(coder, change), change.expects)
        except StaleCoding as fault:
            gone = fault.stored is None or fault.stored.operation == "remove"
            raise StaleChange(None if gone or fault.stored is None else _kept(fault.stored)) from None
        except (EventClash, WrongCall):
            # said without the reason of the log, which may name another coder
            raise RefusedChange("the id of this change or coding is taken by another") from None

    def _appended(self, event: Event, expects: int | None) -> int:
        mine = _Waiting(event, expects)
        with self._door:
            self._waiting.append(mine)
        with self._turn:  # who comes first writes for all who wait by then
            if not mine.done:
                with self._door:
                    together, self._waiting = self._waiting, []
                self._write(together)
        if mine.fault is not None:
            raise mine.fault
        return mine.sequence

    def _write(self, together: Sequence[_Waiting]) -> None:
        try:
            kept = self.log.extend([one.event for one in together], expects=[one.expects for one in together])
        except Exception as fault:
            if len(together) > 1 and isinstance(fault, StaleCoding | EventClash | WrongCall):
                for one in together:  # one refused change must not take the others with it
                    self._write([one])
                return
            for one in together:
                one.fault, one.done = fault, True
            return
        for one, event in zip(together, kept, strict=True):
            one.sequence, one.done = event.sequence, True

    def event(self, coder: str, change: ChangeForm) -> Event:
        """A change as an event of the log."""
        coding = change.coding
        values: dict[str, Any] = coding.model_dump() if coding and change.operation != "remove" else {}
        if coding is not None:
            values |= {"coding": coding.id, "status": "accepted" if values else ""}
            values.pop("id", None)
        return Event(
            id=change.id,
            coder=coder,
            operation=change.operation,
            transcript=change.transcript,
            text_digest=change.digest,
            turns=tuple(sorted(set(change.turns or ()))),
            undo=change.undo,
            codebook_version=change.codebook,
            codebook_digest=self.codebook_digest,
            **values,
        )


@dataclass(slots=True)
class _Waiting:
    """A change on its way to the disk."""

    event: Event
    expects: int | None
    sequence: int = 0
    fault: Exception | None = None
    done: bool = False


def _by_transcript(standing: Standing, coder: str) -> dict[str, Held]:
    codings: dict[str, dict[str, Kept]] = {}
    for id, event in standing.codings.items():
        codings.setdefault(event.transcript, {})[id] = _kept(event)
    examined = standing.examined.get(coder, {})
    both = dict.fromkeys([*codings, *examined])
    return {id: Held(codings.get(id, {}), examined.get(id, frozenset())) for id in both}


def _kept(event: Event) -> Kept:
    """The coding of an event; what an import left open is not checked again."""
    values = {name: getattr(event, name) for name in CodingForm.model_fields if name != "id"}
    return Kept(CodingForm.model_construct(id=event.coding, **values), event.sequence)
