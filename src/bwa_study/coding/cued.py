"""Cues in a block: which matches a negator may reach, which proposals are wishes, and what time sentences speak of.

Candidates are found in bulk; the rules of `bwa_study.coding.scope` are then asked of these few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
import numpy.typing as npt

from bwa_study.coding.occurrences import Ints, Occurrences
from bwa_study.coding.plans import Plan
from bwa_study.coding.scope import TIMES, Place, ScopeRules, negates, time_of
from bwa_study.coding.sweeping import NO_MATCHES, Matches, matches

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scope:
    """Rules of one way to read, and its cues by kind, ready for matching."""

    rules: ScopeRules
    plans: dict[str, list[Plan]]


@dataclass(slots=True)
class Cued:
    """The cues of a stream, found when they are asked for.

    Parameters
    ----------
    found
        Index of the stream.
    texts, owner
        Texts of the transcripts, and which of them each sentence stands in.
    """

    scope: Scope
    found: Occurrences
    texts: Sequence[str]
    owner: Ints
    _known: dict[str, Matches] = field(default_factory=dict)

    def cues(self, kind: str) -> Matches:
        """Matches of the cues of a kind, by their start."""
        if kind not in self._known:
            listed = [matches(plan, self.found) for plan in self.scope.plans[kind]]
            if not listed:
                self._known[kind] = NO_MATCHES
            else:
                starts = np.concatenate([m.starts for m in listed])
                ends = np.concatenate([m.ends for m in listed])
                order = np.lexsort((ends, starts))
                self._known[kind] = Matches(starts[order], ends[order])
        return self._known[kind]

    def negated(self, sentences: Ints, starts: Ints) -> Flags:
        """Whether negators turn the matches that begin at `starts`."""
        negators = self.cues("negate")
        out = np.zeros(len(starts), dtype=bool)
        if not len(negators.starts) or not len(starts):
            return out
        begins = self.found.stream.first[sentences]
        ends = np.sort(negators.ends)
        low = np.searchsorted(ends, np.maximum(begins, starts - np.int32(self.scope.rules.window)), side="right")
        near = np.flatnonzero(np.searchsorted(ends, starts, side="right") > low)
        where = sentences[near]
        listed = zip(
            where.tolist(), starts[near].tolist(), self._in("negate", where), self._in("no_cue", where), strict=True
        )
        known: dict[tuple[int, int], bool] = {}
        answers: list[bool] = []
        for sentence, start, cues, spared in listed:
            if (sentence, start) not in known:
                reaching = self.scope.rules.negators(cues, spared, start, self._between(sentence))
                known[sentence, start] = negates(reaching)
            answers.append(known[sentence, start])
        out[near] = answers
        return out

    def wished(self, sentences: Ints, starts: Ints) -> Flags:
        """Whether the matches that begin at `starts` are said of a wish or a plan."""
        out = np.zeros(len(starts), dtype=bool)
        having = np.flatnonzero(np.isin(sentences, self.sentences("wish")))
        where = sentences[having]
        listed = zip(having.tolist(), where.tolist(), starts[having].tolist(), self._in("wish", where), strict=True)
        for at, sentence, start, cues in listed:
            out[at] = bool(self.scope.rules.wishes(cues, start, self._between(sentence)))
        return out

    def sentences(self, kind: str) -> Ints:
        """Sentences with a cue of a kind."""
        return self.found.sentence[self.cues(kind).starts]

    def _in(self, kind: str, sentences: Ints) -> Iterator[list[Place]]:
        """The cues of a kind in each of some sentences."""
        cues, first = self.cues(kind), self.found.stream.first
        if not len(cues.starts):
            return repeat([], len(sentences))
        low, high = np.searchsorted(cues.starts, first[sentences]), np.searchsorted(cues.starts, first[sentences + 1])
        starts, ends = cues.starts.tolist(), cues.ends.tolist()
        return ([(starts[n], ends[n]) for n in range(a, b)] for a, b in zip(low.tolist(), high.tolist(), strict=True))

    def _between(self, sentence: int) -> _Between:
        stream = self.found.stream
        return _Between(self.texts[self.owner[sentence]], stream.starts, stream.ends, int(stream.first[sentence + 1]))


@dataclass(slots=True)
class _Between:
    text: str
    starts: Ints
    ends: Ints
    stop: int

    def __call__(self, before: int, after: int) -> str:
        return self.text[self.ends[before - 1] : self.starts[after] if after < self.stop else self.ends[self.stop - 1]]


def times_of(cued: Sequence[Cued], sentences: Ints, wish: Flags) -> npt.NDArray[np.object_]:
    """The time the sentence of every proposal speaks of; ``future`` for a wish, empty where it is not said."""
    out = np.full(len(sentences), "", dtype=object)
    said: dict[int, set[str]] = {}
    for one in cued:
        for time in TIMES:
            for sentence in one.sentences(time).tolist():
                said.setdefault(sentence, set()).add(time)
    if said:
        for at, sentence in enumerate(sentences.tolist()):
            if sentence in said:
                out[at] = time_of(said[sentence])
    out[wish] = "future"
    return out
