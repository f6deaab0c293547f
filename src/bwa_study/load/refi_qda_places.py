"""How a program counts positions in a text: the standard says Unicode code points, and not every program does it."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_LONG_ENOUGH = 8
"""Letters a selection's name must have to say where the selection stands."""


@dataclass(frozen=True, slots=True)
class Counting:
    """A way to count: `ends` has, for each place of a text in code points, its position in the program's count."""

    name: str
    ends: Any

    def offset(self, position: int) -> int:
        """The place in code points of a position; after the text where it has no such position."""
        return bisect.bisect_left(self.ends, position)

    def position(self, offset: int) -> int:
        """The position of a place in code points."""
        return int(self.ends[offset])


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
    return _counted("line breaks as one character", 1 - _Kinds(text).half_breaks)


def _breaks_as_two(text: str) -> Counting:
    return _counted("line breaks as two characters", 1 + _Kinds(text).lone_feeds)


def _halves(text: str) -> Counting:
    return _counted("UTF-16 units", 1 + _Kinds(text).wide)


def _halves_and_breaks(text: str) -> Counting:
    kinds = _Kinds(text)
    return _counted("UTF-16 units, and line breaks as one", 1 + kinds.wide - kinds.half_breaks)


class _Kinds:
    """For each character of a text (1 or 0): the first of a line break of two, a line feed alone, one beyond U+FFFF."""

    def __init__(self, text: str) -> None:
        chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        returns, feeds = chars == ord("\r"), chars == ord("\n")
        self.half_breaks = np.zeros(len(chars), dtype=np.int64)
        self.half_breaks[:-1] = returns[:-1] & feeds[1:]
        self.lone_feeds = feeds.astype(np.int64)
        self.lone_feeds[1:] -= self.half_breaks[:-1]
        self.wide = (chars > 0xFFFF).astype(np.int64)


def _counted(name: str, widths: npt.NDArray[np.int64]) -> Counting:
    return Counting(name, np.concatenate([[0], np.cumsum(widths)]))


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
    if len(ways) == 1 or not telling:
        return ways[0](text)
    return max((way(text) for way in ways), key=lambda counting: _matches(text, telling, counting))


def _matches(text: str, named: Sequence[tuple[int, int, str]], counting: Counting) -> int:
    words = (" ".join(text[counting.offset(start) : counting.offset(end)].split()) for start, end, _ in named)
    return sum(said.startswith(name) for said, (_, _, name) in zip(words, named, strict=True))
