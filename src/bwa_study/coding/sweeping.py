"""The exact match of a pattern in many sentences at once.

It is `bwa_study.coding.matching.ends` on arrays: the pattern is walked once, from its last item to its first, keeping
for every position of every sentence how far the rest of the pattern reaches from there. The time grows with the
sentences' words times the items of the pattern, whatever the pattern is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.coding.occurrences import Ints, Occurrences
from bwa_study.coding.plans import Node, Plan, Step
from bwa_study.model.patterns import Gap

_AT_ONCE = 1 << 18
_NO_MATCH = np.int32(-1)


@dataclass(frozen=True, slots=True)
class Matches:
    """For every start of a match its longest end, in tokens of the stream; ascending."""

    starts: Ints
    ends: Ints


NO_MATCHES = Matches(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))


def matches(plan: Plan, found: Occurrences) -> Matches:
    """All matches of a pattern in a stream."""
    if plan.run:
        starts = found.of_run(plan.run)
        return Matches(starts, starts + np.int32(len(plan.run)))
    parts = [_swept(plan.nodes, found, some) for some in _portions(found, found.candidates(plan.needs))]
    if not parts:
        return NO_MATCHES
    return Matches(np.concatenate([p.starts for p in parts]), np.concatenate([p.ends for p in parts]))


def _portions(found: Occurrences, sentences: Ints) -> Iterator[Ints]:
    if not len(sentences):
        return
    lengths = found.stream.first[sentences + 1] - found.stream.first[sentences]
    portion = (np.cumsum(lengths, dtype=np.int64) - lengths) // _AT_ONCE
    bounds = np.flatnonzero(np.diff(portion)) + 1
    yield from np.split(sentences, bounds)


def _swept(nodes: Sequence[Node], found: Occurrences, sentences: Ints) -> Matches:
    """Matches in some sentences, each laid out with one more position after its last token."""
    first = found.stream.first
    lengths = first[sentences + 1] - first[sentences]
    stops = np.cumsum(lengths + 1, dtype=np.int32) - np.int32(1)
    begins = stops - lengths
    stop = np.repeat(stops, lengths + 1)
    position = np.arange(len(stop), dtype=np.int32)
    origin = position + np.repeat(first[sentences] - begins, lengths + 1)
    inside = position < stop
    origin[~inside] = 0
    symbols = np.where(inside, found.symbols[origin], 0)
    ends = _Sweep(found, symbols, stop, position).back(nodes, position)
    starts = np.flatnonzero(ends >= 0)
    reached = ends[starts]
    return Matches(origin[starts], origin[starts] + (reached - starts.astype(np.int32)))


@dataclass(frozen=True, slots=True)
class _Sweep:
    found: Occurrences
    symbols: npt.NDArray[np.integer]
    stop: Ints
    position: Ints

    def back(self, nodes: Sequence[Node], after: Ints) -> Ints:
        """Where matches of `nodes` and then of what `after` stands for end, by the position they begin at."""
        for node in reversed(nodes):
            if isinstance(node, Step):
                after = self._step(node.token, after)
            elif isinstance(node, Gap):
                after = self._gap(node.most, after)
            else:
                ways = [self.back(option, after) for option in node.options] + ([after] if node.optional else [])
                after = np.maximum.reduce(ways)
        return after

    def _step(self, token: int, after: Ints) -> Ints:
        out = np.full(len(after), _NO_MATCH)
        np.copyto(out[:-1], after[1:], where=self.found.accepts(token)[self.symbols[:-1]])
        return out

    def _gap(self, most: int, after: Ints) -> Ints:
        """The furthest end from each of the next `most` positions of the sentence, by doubling the window."""
        width = 1
        while width <= most:
            step = min(width, most + 1 - width)
            further = np.where(self.position[:-step] + np.int32(step) <= self.stop[:-step], after[step:], _NO_MATCH)
            after = after.copy()
            np.maximum(after[:-step], further, out=after[:-step])
            width += step
        return after
