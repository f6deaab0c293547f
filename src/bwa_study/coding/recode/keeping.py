"""Where changes are kept: what the page needs of a log, and one in memory for a notebook without a study folder."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bwa_study.coding.recode.forms import ChangeForm, CodingForm


@dataclass(frozen=True, slots=True)
class Kept:
    """A coding as it stands, and the number of the change that made it so."""

    coding: CodingForm
    version: int


@dataclass(frozen=True, slots=True)
class Held:
    """What one coder has done in one transcript.

    Parameters
    ----------
    codings
        By id.
    examined
        Numbers of the turns that were marked as read; None for the whole transcript.
    """

    codings: Mapping[str, Kept] = field(default_factory=dict)
    examined: frozenset[int] | None = frozenset()


class StaleChange(Exception):
    """A change to a coding that was changed in the meantime; `stored` is how it stands (None: it was removed)."""

    def __init__(self, stored: Kept | None) -> None:
        super().__init__("the coding was changed in the meantime")
        self.stored = stored


class RefusedChange(Exception):
    """A change that can never be kept, with the reason."""


class Keeping(Protocol):
    """What the page asks of a log. One coder's calls never show another's codings."""

    def held(self, coder: str, transcript: str) -> Held:
        """What `coder` has done in `transcript`."""

    def all_held(self, coder: str) -> Mapping[str, Held]:
        """What `coder` has done, by transcript; those without any change may be missing."""

    def keep(self, coder: str, change: ChangeForm) -> int:
        """Keep a change durably and return its number.

        A change whose id was kept before is not kept again; its number is returned. An add of an id that stands, a
        change or a removal that expects another version than the one that stands, raises `StaleChange`; an id that is
        another's raises `RefusedChange`.
        """


class MemoryKeeping:
    """Changes kept in this process only.

    Examples
    --------
    >>> MemoryKeeping().held("c1", "t-1")
    Held(codings={}, examined=frozenset())
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._held: dict[tuple[str, str], Held] = {}

    def held(self, coder: str, transcript: str) -> Held:
        """What `coder` has done in `transcript`."""
        return self._held.get((coder, transcript), Held())

    def all_held(self, coder: str) -> Mapping[str, Held]:
        """What `coder` has done, by transcript."""
        return {transcript: held for (name, transcript), held in self._held.items() if name == coder}

    def keep(self, coder: str, change: ChangeForm) -> int:
        """Keep a change; see `Keeping.keep`."""
        with self._lock:
            if change.id in self._numbers:
                return self._numbers[change.id]
            number = len(self._numbers) + 1
            before = self.held(coder, change.transcript)
            self._held[coder, change.transcript] = after_change(before, change, number)
            self._numbers[change.id] = number
            return number


def after_change(held: Held, change: ChangeForm, number: int) -> Held:
    """What stands after a change.

    Raises
    ------
    StaleChange
        If the change expects another version of the coding than the one that stands.
    """
    if change.turns is not None:
        examined = held.examined
        if examined is not None:
            turns = frozenset(change.turns)
            examined = examined | turns if change.operation == "examine" else examined - turns
        return Held(held.codings, examined)
    assert change.coding is not None
    standing = held.codings.get(change.coding.id)
    if change.operation == "add":
        stale = standing is not None
    else:
        stale = standing is None or standing.version != change.expects
    if stale:
        raise StaleChange(standing)
    codings = {id: kept for id, kept in held.codings.items() if id != change.coding.id}
    if change.operation != "remove":
        codings[change.coding.id] = Kept(change.coding, number)
    return Held(codings, held.examined)
