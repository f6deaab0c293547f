"""Where token sets and runs of them stand in a stream: an index made once a block, asked by every pattern."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bwa_study.coding.plans import Need, Run
from bwa_study.coding.reading import Stream

Ints = npt.NDArray[np.int32]
_WORTH = 100


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
        asked = np.flatnonzero(symbols).astype(np.int32)
        of_asked = symbols[asked]
        self._order = asked[np.argsort(of_asked, kind="stable")]
        self._most = int(max((m.max() for m in members if len(m)), default=0))
        self._bounds = np.concatenate([[0], np.cumsum(np.bincount(of_asked, minlength=self._most + 1))])
        by_symbol = np.diff(self._bounds)
        lengths = np.array([len(m) for m in members], dtype=np.int64)
        owner = np.repeat(np.arange(len(members)), lengths)
        every = np.concatenate([_NOWHERE, *members])
        self.counts = np.bincount(owner, weights=by_symbol[every], minlength=len(members)).astype(np.int64)
        self._counts: list[int] = self.counts.tolist()
        self._sets: dict[int, Ints] = {}
        self._runs: dict[Run, Ints] = {}
        self._sentences: dict[Need, Ints] = {}

    def of_set(self, number: int) -> Ints:
        """Where a token of the set stands, ascending."""
        if number not in self._sets:
            bounds = self._bounds
            found = [self._order[bounds[s] : bounds[s + 1]] for s in self.members[number].tolist()]
            kept = [one for one in found if len(one)]
            if len(kept) == 1:
                self._sets[number] = kept[0]
            else:
                self._sets[number] = np.sort(np.concatenate(kept)) if kept else _NOWHERE
        return self._sets[number]

    def accepts(self, number: int) -> npt.NDArray[np.bool_]:
        """By symbol: whether it is in the set."""
        out = np.zeros(self._most + 1, dtype=bool)
        out[self.members[number]] = True
        return out

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
            found = [self.sentence[self.of_run(run)] for run in need]
            self._sentences[need] = distinct(found[0] if len(found) == 1 else np.sort(np.concatenate(found)))
        return self._sentences[need]

    def most(self, need: Need) -> int:
        """How often a need can be met at most."""
        return sum(min(self._counts[number] for number in run) for run in need)

    def candidates(self, needs: tuple[Need, ...]) -> Ints:
        """Sentences that may meet every need, ascending, each once.

        The rarest need decides; one that is met so often that looking it up costs more than it saves is left out.
        """
        listed = sorted(needs, key=self.most)
        if not self.most(listed[0]):
            return _NOWHERE
        found = self.sentences(listed[0])
        for other in listed[1:]:
            if other in self._sentences or self.most(other) <= _WORTH * len(found):
                found = found[among(found, self.sentences(other))]
        return found


def among(some: Ints, those: Ints) -> npt.NDArray[np.bool_]:
    """Whether each of `some` is one of `those`, which are ascending."""
    if not len(those):
        return np.zeros(len(some), dtype=bool)
    at = np.searchsorted(those, some)
    at[at == len(those)] = 0
    return np.asarray(those[at] == some)


def distinct(ascending: Ints) -> Ints:
    """Each of the ascending numbers once."""
    if not len(ascending):
        return ascending
    new = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return ascending[new]


_NOWHERE = np.zeros(0, dtype=np.int32)
