"""A coding sheet: what a person coded in Excel or Word, before it becomes events of the log."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

NAMES = ("code", "polarity", "certainty", "evidence", "time_ref", "about", "memo")
"""What a sheet holds of a coding, beside its place."""


@dataclass(frozen=True, slots=True)
class SheetCoding:
    """One coding of a sheet.

    Parameters
    ----------
    place
        Where it stands in the file, for messages: line (or 0) and column.
    turn
        Number of the turn.
    start, end
        Half-open, in code points of the transcript; None where only `quote` says where it is.
    quote
        The words; empty for the whole turn.
    nth
        Which of several equal quotes in the turn, from 1; 0 where the sheet does not say.
    values
        The text of each of `NAMES`, empty where it has none.
    """

    place: tuple[int, int]
    transcript: str
    turn: int
    quote: str
    values: Mapping[str, str]
    start: int | None = None
    end: int | None = None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class CodingSheet:
    """All of a sheet: who coded, which moment of the log it was made from, and what stands in it.

    Parameters
    ----------
    file
        How messages call it.
    coder
        Who coded.
    seen
        Number of the log's last event when the sheet was made.
    digests
        SHA-256 of the text of each transcript in it, by id.
    codings
        In the order of the file.
    examined
        Numbers of the turns marked as read, by transcript.
    texts
        The text of each turn as the file has it, by transcript and number, where places are counted in it.
    """

    file: str
    coder: str
    seen: int
    digests: Mapping[str, str]
    codings: tuple[SheetCoding, ...] = ()
    examined: Mapping[str, frozenset[int]] = field(default_factory=dict)
    texts: Mapping[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as office programs can hold it, and where each of its characters came from.

    Line ends become a line feed, characters that files of Office cannot hold become U+FFFD; `starts` has the place of
    each character in the original, and one more for the end.

    Examples
    --------
    >>> made = ShownText.of("a\\r\\nb\\x00")
    >>> made.text, made.starts, made.original(1, 3), made.shown(3, 4)
    ('a\\nb�', (0, 1, 3, 4, 5), (1, 4), (2, 3))
    """

    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> ShownText:
        """The text to show of an original."""
        out, starts, at = [], [], 0
        while at < len(original):
            starts.append(at)
            both = original.startswith("\r\n", at)
            out.append("\n" if original[at] in "\r\n\v\f\x85\u2028\u2029" else _held(original[at]))
            at += 2 if both else 1
        return cls("".join(out), (*starts, len(original)))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a place in the text."""
        return self.starts[start], self.starts[end]

    def shown(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text of a place in the original."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)


def _held(char: str) -> str:
    bad = (unicodedata.category(char) in ("Cc", "Cs") and char != "\t") or char in "\ufffe\uffff"
    return "\ufffd" if bad else char
