"""How a program counts positions in a text: the standard says Unicode code points, and not every program does it."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LONG_ENOUGH = 8
"""Letters a selection's name must have to say where the selection stands."""


@dataclass(frozen=True, slots=True)
class Counting:
    """A way to count: `ends` has, for each place of a text in code points, its position in the program's count."""

    name: str
    ends: Sequence[int]

    def offset(self, position: int) -> int:
        """The place in code points of a position; after the text where it has no such position."""
        return bisect.bisect_left(self.ends, position)

    def position(self, offset: int) -> int:
        """The position of a place in code points."""
        return self.ends[offset]


def standard(text: str) -> Counting:
    """Unicode code points, as the standard says."""
    return Counting("code points", range(len(text) + 1))


def breaks_as_one(text: str) -> Counting:
    """Code points, where carriage return and line feed together are one.

    Examples
    --------
    >>> counting = breaks_as_one("a\\r\\nb")
    >>> [counting.position(offset) for offset in range(5)], counting.offset(2)
    ([0, 1, 1, 2, 3], 3)
    """
    return _counted("line breaks as one character", text, lambda before, c, after: c != "\r" or after != "\n")


def _breaks_as_two(text: str) -> Counting:
    return _counted("line breaks as two characters", text, lambda before, c, after: 1 + (c == "\n" and before != "\r"))


def _halves(text: str) -> Counting:
    return _counted("UTF-16 units", text, lambda before, c, after: 1 + (ord(c) > 0xFFFF))


def _halves_and_breaks(text: str) -> Counting:
    name = "UTF-16 units, and line breaks as one"
    return _counted(name, text, lambda before, c, after: (c != "\r" or after != "\n") * (1 + (ord(c) > 0xFFFF)))


def _counted(name: str, text: str, width: Callable[[str, str, str], int]) -> Counting:
    befores, afters = itertools.chain([""], text), itertools.chain(text[1:], [""])
    widths = itertools.starmap(width, zip(befores, text, afters, strict=False))
    return Counting(name, list(itertools.accumulate(widths, initial=0)))


def counting_of(text: str, named: Sequence[tuple[int, int, str]], *, origin: str) -> Counting:
    """The way in which a program counted the positions of a text.

    Parameters
    ----------
    text
        The text.
    named
        Start, end and name of selections. Programs name a selection by its first words, and that tells.
    origin
        The program. ATLAS.ti is known to count a line break of two characters as one where nothing tells.

    Returns
    -------
    Counting
        That under which most names are the words at their place; the standard's where no other has more.
    """
    ways = [standard]
    two, wide = "\r\n" in text, any(ord(c) > 0xFFFF for c in text)
    if two:
        ways.append(breaks_as_one)
    elif "\n" in text:
        ways.append(_breaks_as_two)
    ways += [_halves] * wide + [_halves_and_breaks] * (wide and two)
    if two and origin.startswith("ATLAS.ti"):
        ways.sort(key=lambda way: way is not breaks_as_one)
    telling = [(start, end, " ".join(name.rstrip("….").split())) for start, end, name in named]
    telling = [one for one in telling if len(one[2]) >= _LONG_ENOUGH]
    if len(ways) == 1:
        return standard(text)
    return max((way(text) for way in ways), key=lambda counting: _matches(text, telling, counting))


def _matches(text: str, named: Sequence[tuple[int, int, str]], counting: Counting) -> int:
    words = (" ".join(text[counting.offset(start) : counting.offset(end)].split()) for start, end, _ in named)
    return sum(said.startswith(name) for said, (_, _, name) in zip(words, named, strict=True))
