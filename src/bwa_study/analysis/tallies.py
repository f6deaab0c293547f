"""Counting the cells of a coding matrix, before any share is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.model.codings import Placed
from bwa_study.model.matrix import STATES, CodingMatrix, Flags, cell_states
from bwa_study.model.spans import Span, merged
from bwa_study.model.transcripts import Transcript, Turn
from bwa_study.model.words import word_spans

Ints = npt.NDArray[np.intp]
Cell = tuple[str, ...]

_STATE_ORDER = [STATES.index(s) for s in ("present", "absent", "both", "not mentioned", "not asked", "not examined")]


@dataclass(frozen=True, slots=True)
class Counted:
    """One cell: numerator, denominator, why there is no number (or ``ok``), and units by state where they have one.

    The states are, in order: present only, absent only, both, not mentioned, not asked, not examined. ``unasked`` of
    the units that were not asked spoke of it all the same; they count in no share, or people who were not asked would
    count only when they say something.
    """

    n: int
    denominator: int
    status: str
    states: tuple[int, ...] | None = None
    unasked: int = 0


class Tally(Protocol):
    """Counts of every cell that was visited."""

    def counted(self, cell: Cell, codes: Sequence[int], polarity: str) -> Counted:
        """What `codes` (column numbers), taken together, count in a cell."""


@dataclass(frozen=True, eq=False)
class UnitTally:
    """Interviews or turns, each once in a cell, with what was said of every code."""

    rows_of: dict[Cell, Ints]
    present: Flags
    absent: Flags
    asked: Flags
    examined: Flags

    def counted(self, cell: Cell, codes: Sequence[int], polarity: str) -> Counted:
        """See `Tally`."""
        if cell not in self.rows_of:
            return Counted(0, 0, "not visited", (0,) * len(_STATE_ORDER))
        rows, columns = self.rows_of[cell], np.array(codes, dtype=np.intp)
        present, absent, asked = (
            np.asarray(flags[rows][:, columns].any(axis=1)) for flags in (self.present, self.absent, self.asked)
        )
        read = self.examined[rows]
        unasked = int(((present | absent) & ~asked & read).sum())
        states = cell_states(present & asked, absent & asked, asked, read)
        found = np.bincount(states, minlength=len(STATES))
        only_present, only_absent, both, silent, not_asked, unread = (int(found[i]) for i in _STATE_ORDER)
        n = both + {"present": only_present, "absent": only_absent, "mentioned": only_present + only_absent}[polarity]
        denominator = only_present + only_absent + both + silent
        status = "ok" if denominator else "not asked" if not_asked else "not examined"
        return Counted(n, denominator, status, (only_present, only_absent, both, silent, not_asked, unread), unasked)


def unit_tally(matrix: CodingMatrix, by: Sequence[str], *, by_turn: bool) -> UnitTally:
    """Collapse the rows of a one-coder matrix to interviews or turns, within each site if `by` has it."""
    units = matrix.units
    keep = (units["site"] != "").to_numpy() if "site" in by else np.ones(len(units), dtype=bool)
    names = ["transcript", *(["turn"] if by_turn else []), *(["site"] if "site" in by else [])]
    rows = np.flatnonzero(keep)
    spoken = np.ones(len(rows), dtype=bool)
    chosen = units.iloc[rows]
    if "site" in by and not by_turn:
        again, sites = _rows_of_silent_sites(matrix)
        rows, spoken = np.append(rows, again), np.append(spoken, np.zeros(len(again), dtype=bool))
        chosen = pd.concat([chosen, units.iloc[again].assign(site=sites)])
    chosen = chosen.reset_index(drop=True)
    which = chosen.groupby(names, sort=False).ngroup().to_numpy()
    n = int(which.max()) + 1 if len(which) else 0
    first = chosen.loc[~chosen.duplicated(names)].reset_index(drop=True)

    def any_of(flags: Flags) -> Flags:
        out = np.zeros((n, *flags.shape[1:]), dtype=bool)
        np.logical_or.at(out, which, flags)
        return out

    read = matrix.examined[0] if by_turn else read_whole(matrix)
    cells = cells_of(matrix, first, by)
    rows_of: dict[Cell, list[int]] = {}
    for row, cell in enumerate(cells):
        rows_of.setdefault(cell, []).append(row)
    return UnitTally(
        {cell: np.array(found, dtype=np.intp) for cell, found in rows_of.items()},
        any_of(matrix.present[0][rows] & spoken[:, None]),
        any_of(matrix.absent[0][rows] & spoken[:, None]),
        any_of(matrix.asked[rows]),
        any_of(read[rows]),
    )


def read_whole(matrix: CodingMatrix) -> Flags:
    """Which rows of a one-coder matrix are of an interview that the coder examined in full."""
    transcripts = matrix.units["transcript"]
    return np.asarray(~transcripts.isin(transcripts[~matrix.examined[0]]), dtype=bool)


def _rows_of_silent_sites(matrix: CodingMatrix) -> tuple[Ints, list[str]]:
    """The rows of each interview once more for every site it is about without a row that speaks of it."""
    units = matrix.units
    spoken_of = set(zip(units["transcript"], units["site"], strict=True))
    rows_of = units.groupby("transcript", sort=False).indices
    again = [
        (row, site)
        for t in matrix.study.corpus
        for site in t.sites
        if (t.id, site) not in spoken_of
        for row in rows_of.get(t.id, ())
    ]
    return np.array([row for row, _ in again], dtype=np.intp), [site for _, site in again]


def cells_of(matrix: CodingMatrix, units: pd.DataFrame, by: Sequence[str]) -> list[Cell]:
    """The cell each row of `units` (columns transcript, site, group, …) belongs to."""
    columns = [
        units[name].tolist()
        if name in units.columns
        else [matrix.study.corpus[t].attribute(name) for t in units["transcript"]]
        for name in by
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * len(units)


@dataclass(frozen=True, eq=False)
class PlaceTally:
    """Coded places by cell, counted as distinct segments or as the words they cover."""

    places: dict[Cell, list[tuple[str, Span, int, str]]]
    denominators: dict[Cell, int]
    words: dict[str, Ints] | None

    def counted(self, cell: Cell, codes: Sequence[int], polarity: str) -> Counted:
        """See `Tally`."""
        if cell not in self.denominators:
            return Counted(0, 0, "not visited")
        denominator = self.denominators[cell]
        if not denominator:
            return Counted(0, 0, "nothing coded" if self.words is None else "not examined")
        here = [
            (transcript, span)
            for transcript, span, code, said in self.places.get(cell, [])
            if code in codes and polarity in (said, "mentioned")
        ]
        return Counted(len(set(here)) if self.words is None else self._words(here), denominator, "ok")

    def _words(self, places: list[tuple[str, Span]]) -> int:
        assert self.words is not None
        total = 0
        for transcript in {t for t, _ in places}:
            for span in merged([s for t, s in places if t == transcript]):
                total += _words_in(self.words[transcript], span)
        return total


def place_tally(matrix: CodingMatrix, by: Sequence[str], *, in_words: bool) -> PlaceTally:
    """Coded places (or their words) of a one-coder matrix, by cell.

    The denominator is the number of distinct coded places, or the number of respondents' words in examined turns.
    A turn's words count at every site that the turn, or a coding in it, is about.
    """
    study = matrix.study
    code_at = {code: i for i, code in enumerate(matrix.codes)}
    places: dict[Cell, list[tuple[str, Span, int, str]]] = {}
    spoken_of: dict[tuple[str, int], dict[str, None]] = {}
    for coding in matrix.codings:
        if coding.code not in code_at:
            continue
        t = study.corpus[coding.transcript]
        turn = turn_of(t, coding)
        sites = sites_of(t, turn, coding) or ("",)
        spoken_of.setdefault((t.id, turn.number), {}).update(dict.fromkeys(sites))
        place = (t.id, Span(coding.start, coding.end), code_at[coding.code], coding.polarity)
        for cell in _cells_at(matrix, t.id, sites, by):
            places.setdefault(cell, []).append(place)
    denominators: dict[Cell, int] = {}
    for t in study.corpus:
        for cell in _cells_at(matrix, t.id, t.sites or ("",), by):
            denominators.setdefault(cell, 0)
    if not in_words:
        for cell, found in places.items():
            denominators[cell] = len({(t, s) for t, s, _, _ in found})
        return PlaceTally(places, denominators, None)
    table = study.codings.table
    coded = set(table.loc[table["coder"] == matrix.coders[0], "transcript"])
    words = {t.id: _read_words(matrix, t, coded) for t in study.corpus}
    for t in study.corpus:
        for turn in t.respondent_turns:
            about = dict.fromkeys([*(t.about(turn) or ("",)), *spoken_of.get((t.id, turn.number), ())])
            for cell in _cells_at(matrix, t.id, tuple(about), by):
                denominators[cell] = denominators.get(cell, 0) + _words_in(words[t.id], turn.span)
    return PlaceTally(places, denominators, words)


def _read_words(matrix: CodingMatrix, transcript: Transcript, coded: set[str]) -> Ints:
    """Where the words begin that a respondent said in a turn the coder examined.

    A coder without a record of reading has read the transcripts she `coded`, as in the matrix.
    """
    coder, examined = matrix.coders[0], matrix.study.examined
    turns = transcript.respondent_turns
    if coder in examined.turns:
        turns = tuple(turn for turn in turns if examined.read(coder, transcript.id, turn.number))
    elif transcript.id not in coded:
        turns = ()
    starts = np.array([span.start for span in word_spans(transcript.text)], dtype=np.intp)
    parts = [starts[(starts >= turn.span.start) & (starts < turn.span.end)] for turn in turns]
    return np.concatenate(parts) if parts else starts[:0]


def _words_in(starts: Ints, span: Span) -> int:
    return int(np.searchsorted(starts, span.end) - np.searchsorted(starts, span.start))


def turn_of(transcript: Transcript, coding: Placed) -> Turn:
    """The first of the respondent's turns that a coding's words touch, else the turn they begin in."""
    answers = (t for t in transcript.respondent_turns if coding.start < t.span.end and t.span.start < coding.end)
    begun = (t for t in reversed(transcript.turns) if t.span.start <= coding.start)
    return next(answers, None) or next(begun, transcript.turns[0])


def sites_of(transcript: Transcript, turn: Turn, coding: Placed) -> tuple[str, ...]:
    """Sites a coding is evidence for: those it names, else those of its turn."""
    return tuple(s.strip() for s in coding.about.split(";") if s.strip()) or transcript.about(turn)


def _cells_at(matrix: CodingMatrix, transcript: str, sites: Sequence[str], by: Sequence[str]) -> list[Cell]:
    t = matrix.study.corpus[transcript]
    known = {"group": t.group, "round": t.round, "language": t.language}
    return [
        tuple(site if name == "site" else known[name] if name in known else t.attribute(name) for name in by)
        for site in (sites if "site" in by else ("",))
    ]
