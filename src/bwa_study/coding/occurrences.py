"""Where token sets and runs of them stand in a stream: an index made once a block, asked by every pattern."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bwa_study.coding.plans import Need, Run
from bwa_study.coding.reading import Stream

Ints = npt.NDArray[np.int32]
_WORTH = 8
_MARKING = 16
"""Marking numbers in a table of all is faster than sorting them where they are more than one in so many."""


class Occurrences:
    """The tokens of a stream that some pattern asks for, found by token.

    Parameters
    ----------
    stream
        Tokens in a row.
    symbols
        The symbol of every token: 0 for those that no pattern asks for, else a small number.
    members
        By token set: the symbols in it.
    """

    def __init__(self, stream: Stream, symbols: npt.NDArray[np.integer], members: Sequence[Ints]) -> None:
        self.stream, self.symbols, self.members = stream, symbols, members
        self.sentence = stream.sentences
        asked = np.flatnonzero(symbols != 0).astype(np.int32)
        of_asked = symbols[asked]
        self._order = asked[np.argsort(of_asked, kind="stable")]
        self._sentence_of = self.sentence[self._order]
        self._most = int(max((m.max() for m in members if len(m)), default=0))
        by_symbol = np.bincount(of_asked, minlength=self._most + 1)
        self._bounds: list[int] = [0, *np.cumsum(by_symbol).tolist()]
        lengths = np.array([len(m) for m in members], dtype=np.int64)
        owner = np.repeat(np.arange(len(members)), lengths)
        every = np.concatenate([_NOWHERE, *members])
        self.counts = np.bincount(owner, weights=by_symbol[every], minlength=len(members)).astype(np.int64)
        self._counts: list[int] = self.counts.tolist()
        self._sets: dict[int, Ints] = {}
        self._accepts: dict[int, npt.NDArray[np.bool_]] = {}
        self._runs: dict[Run, Ints] = {}
        self._sentences: dict[Need, Ints] = {}

    def of_set(self, number: int) -> Ints:
        """Where a token of the set stands, ascending."""
        if number not in self._sets:
            self._sets[number] = united(self._of_members(number, self._order), len(self.symbols))
        return self._sets[number]

    def _of_members(self, number: int, ordered: Ints) -> list[Ints]:
        """By symbol of a set: what `ordered` has for it, for those that are anywhere."""
        bounds = self._bounds
        return [ordered[bounds[s] : bounds[s + 1]] for s in self.members[number].tolist() if bounds[s] < bounds[s + 1]]

    def accepts(self, number: int) -> npt.NDArray[np.bool_]:
        """By symbol: whether it is in the set."""
        if number not in self._accepts:
            out = np.zeros(self._most + 1, dtype=bool)
            out[self.members[number]] = True
            self._accepts[number] = out
        return self._accepts[number]

    def of_run(self, run: Run) -> Ints:
        """Where a run begins, ascending; it stands in one sentence."""
        if len(run) == 1:
            return self.of_set(run[0])
        if run not in self._runs:
            by_count = sorted(range(len(run)), key=lambda n: self._counts[run[n]])
            begins = self.of_set(run[by_count[0]]) - np.int32(by_count[0])
            begins = begins[(begins >= 0) & (begins + len(run) <= len(self.symbols))]
            for n in by_count[1:]:
                begins = begins[self.accepts(run[n])[self.symbols[begins + np.int32(n)]]]
            last = begins + np.int32(len(run) - 1)
            self._runs[run] = begins[self.sentence[begins] == self.sentence[last]]
        return self._runs[run]

    def sentences(self, need: Need) -> Ints:
        """Sentences with one of these runs, ascending, each once."""
        if need not in self._sentences:
            found: list[Ints] = []
            for run in need:
                if len(run) == 1:
                    found += self._of_members(run[0], self._sentence_of)
                else:
                    found.append(self.sentence[self.of_run(run)])
            self._sentences[need] = united(found, len(self.stream.first))
        return self._sentences[need]

    def most(self, need: Need) -> int:
        """How often a need can be met at most."""
        return sum(min(self._counts[number] for number in run) for run in need)

    def candidates(self, needs: tuple[Need, ...]) -> Ints:
        """Sentences that may meet every need, ascending, each once.

        The rarest need decides; of one that is met far more often, only the candidates are looked through.
        """
        listed = sorted((self.most(need), n) for n, need in enumerate(needs))
        if not listed[0][0]:
            return _NOWHERE
        found = self.sentences(needs[listed[0][1]])
        frequent: list[Need] = []
        for most, n in listed[1:]:
            if needs[n] in self._sentences or most <= _WORTH * len(found):
                found = found[among(found, self.sentences(needs[n]))]
            elif most < len(self.stream.first):
                frequent.append(needs[n])
        return found[self._may_have(frequent, found)] if frequent and len(found) else found

    def _may_have(self, needs: list[Need], sentences: Ints) -> npt.NDArray[np.bool_]:
        """Whether each of some sentences has, for every need, the rarest token of one of its runs."""
        first = self.stream.first
        begins = first[sentences].astype(np.int64)
        lengths = first[sentences + 1] - begins
        stops = np.cumsum(lengths)
        at = stops - lengths
        symbols = self.symbols[np.arange(stops[-1]) + np.repeat(begins - at, lengths)]
        out = np.ones(len(sentences), dtype=bool)
        for need in needs:
            accepted = self.accepts(min(need[0], key=self._counts.__getitem__))
            for run in need[1:]:
                accepted = accepted | self.accepts(min(run, key=self._counts.__getitem__))
            out &= np.logical_or.reduceat(accepted[symbols], at)
        return out


def among(some: Ints, those: Ints) -> npt.NDArray[np.bool_]:
    """Whether each of `some` is one of `those`, which are ascending."""
    if not len(those):
        return np.zeros(len(some), dtype=bool)
    at = np.searchsorted(those, some)
    at[at == len(those)] = 0
    return np.asarray(those[at] == some)


def united(parts: list[Ints], bound: int) -> Ints:
    """The numbers of several ascending lists, ascending, each once; all are below `bound`."""
    if len(parts) < 2:
        return distinct(parts[0]) if parts else _NOWHERE
    if sum(map(len, parts)) * _MARKING < bound:
        return distinct(np.sort(np.concatenate(parts)))
    there = np.zeros(bound, dtype=bool)
    for part in parts:
        there[part] = True
    return np.flatnonzero(there).astype(np.int32)


def distinct(ascending: Ints) -> Ints:
    """Each of the ascending numbers once."""
    if not len(ascending):
        return ascending
    new = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return ascending[new]


_NOWHERE = np.zeros(0, dtype=np.int32)
