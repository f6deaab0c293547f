"""All smallest choices of prime implicants that cover every row: every model, ties included."""

from __future__ import annotations

import functools
import itertools
import operator
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MOST_MODELS = 10_000
MOST_SECONDS = 8.0
_TOO_MANY = "the search was ended after {} tied models; there may be more"
_TOO_LARGE = "too large to be solved in the time allowed; a short model is shown, there may be shorter and tied ones"


@dataclass(frozen=True, slots=True)
class Covers:
    """The smallest covers, each a tuple of places of the sets; ``stopped`` says why some may be missing, else empty."""

    found: tuple[tuple[int, ...], ...]
    stopped: str = ""


class _Stop(Exception):
    pass


def smallest_covers(
    sets: Sequence[frozenset[int]],
    size: int,
    *,
    most: int = MOST_MODELS,
    seconds: float = MOST_SECONDS,
) -> Covers:
    """Every cover of 0 … size-1 by the fewest of `sets`, each found once.

    Parameters
    ----------
    sets
        What each covers.
    size
        Number of elements to cover.
    most, seconds
        Where the search ends at the latest; ``stopped`` then says so, and at least one cover is given.

    Notes
    -----
    Integer programming finds how few sets are needed; then a depth-first search finds all such covers: the element that
    the fewest sets cover is covered by each of them in turn, and a set that was tried is not used again further on, so
    that no cover comes twice. A branch ends when more elements without a common set are left than sets may be taken.

    References
    ----------
    Petrick (1956) asks for the same by multiplying out; Knuth (2011), The Art of Computer Programming 4A, 7.2.2.1, for
    the choice of the element.

    Examples
    --------
    >>> smallest_covers([frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 2})], 3).found
    ((0, 1), (0, 2), (1, 2))
    """
    groups: dict[int, list[int]] = {}
    for n, one in enumerate(sets):
        groups.setdefault(sum(1 << element for element in one), []).append(n)
    masks = list(groups)
    if functools.reduce(operator.or_, masks, 0) != (1 << size) - 1:
        return Covers((), "some rows are covered by no prime implicant")
    one_cover, proven = _one_smallest(masks, size, seconds)
    if not proven:
        return Covers(tuple(_expanded([one_cover], groups, most)), _TOO_LARGE)
    search = _Search(masks, size, most, time.monotonic() + seconds)
    stopped = ""
    try:
        search.go((1 << size) - 1, len(one_cover), (1 << len(masks)) - 1, ())
    except _Stop as why:
        stopped = str(why)
    covers = _expanded(search.found or [one_cover], groups, most + 1)
    if len(covers) > most:
        covers, stopped = covers[:most], stopped or _TOO_MANY.format(most)
    return Covers(tuple(sorted(covers)), stopped)


def _one_smallest(masks: list[int], size: int, seconds: float) -> tuple[tuple[int, ...], bool]:
    """A smallest cover, and whether it is proven to be one."""
    rows = np.array([[mask >> e & 1 for mask in masks] for e in range(size)], dtype=float)
    solved = milp(
        np.ones(len(masks)), constraints=LinearConstraint(rows, lb=1), integrality=np.ones(len(masks)),
        bounds=Bounds(0, 1), options={"time_limit": seconds},
    )  # fmt: skip
    if solved.x is not None:
        return tuple(n for n, used in enumerate(solved.x) if used > 0.5), solved.status == 0
    left, chosen = (1 << size) - 1, []
    while left:
        chosen.append(max(range(len(masks)), key=lambda n: (masks[n] & left).bit_count()))
        left &= ~masks[chosen[-1]]
    return tuple(chosen), False


def _expanded(found: Iterable[tuple[int, ...]], groups: dict[int, list[int]], most: int) -> list[tuple[int, ...]]:
    """Each cover with every choice among sets that cover the same, at most so many."""
    members = list(groups.values())
    choices = (itertools.product(*(members[n] for n in cover)) for cover in found)
    every = itertools.chain.from_iterable(choices)
    return [tuple(sorted(cover)) for cover in itertools.islice(every, most)]


class _Search:
    def __init__(self, masks: list[int], size: int, most: int, until: float) -> None:
        self.masks, self.most, self.until = masks, most, until
        self.of_element = [sum(1 << n for n, mask in enumerate(masks) if mask >> e & 1) for e in range(size)]
        self.found: list[tuple[int, ...]] = []
        self.steps = 0

    def go(self, left: int, depth: int, usable: int, chosen: tuple[int, ...]) -> None:
        self.steps += 1
        if not self.steps & 255 and time.monotonic() > self.until:
            raise _Stop("the search for tied models was ended by its time limit; there may be more")
        options = self.options(left, depth, usable)
        while options:
            lowest = options & -options
            options ^= lowest
            usable ^= lowest
            n = lowest.bit_length() - 1
            rest = left & ~self.masks[n]
            if not rest:
                self.found.append(tuple(sorted((*chosen, n))))
                if len(self.found) >= self.most:
                    raise _Stop(_TOO_MANY.format(self.most))
            elif depth > 1:
                self.go(rest, depth - 1, usable, (*chosen, n))

    def options(self, left: int, depth: int, usable: int) -> int:
        """The usable sets that cover the most constrained element, or none if depth does not suffice."""
        best, fewest, need, blocked = 0, 1 << 30, 0, 0
        rest = left
        while rest:
            element = (rest & -rest).bit_length() - 1
            rest &= rest - 1
            of = self.of_element[element] & usable
            count = of.bit_count()
            if count < fewest:
                best, fewest = of, count
                if not count:
                    return 0
            if not of & blocked:  # elements that share no set need a set each: a lower bound
                need += 1
                blocked |= of
                if need > depth:
                    return 0
        if depth == 1:  # the last set must cover all that is left
            return sum(bit for bit in _bits(best) if not left & ~self.masks[bit.bit_length() - 1])
        return best


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield mask & -mask
        mask &= mask - 1
