"""Classes and folds of characters as tables that numpy can look up: what the fast coder knows of Unicode.

The rules are those of `bwa_study.model.words` and `bwa_study.model.patterns`; the tables are made from them once a
process. Characters outside the Basic Multilingual Plane are rare and looked up one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bwa_study.model.patterns import fold
from bwa_study.model.words import HAN, has_han

LETTER, HAN_CHAR, JOINER, MARK, SPACE, STOP, LINE_END, CLOSING = (1 << n for n in range(8))
_JOINERS = frozenset("'’‘ʼ＇-‐‑")
_STOPS = frozenset(".!?…。！？")
_LINE_ENDS = frozenset("\r\n\u2028\u2029\u0085")
_CLOSINGS = frozenset("\"'”’»」』）)]")
_BMP = 0x10000

Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text as numbers: code points, their classes (bits), and the folded code points."""

    codes: Codes
    flags: Bytes
    folded: Codes


def classes_of(char: str) -> int:
    """The classes of one character, as bits.

    Examples
    --------
    >>> classes_of("a") == LETTER, classes_of("跟") == HAN_CHAR, classes_of("’") == JOINER | CLOSING
    (True, True, True)
    """
    han = has_han(char)
    return (
        (LETTER if char.isalnum() and not han else 0)
        | (HAN_CHAR if han else 0)
        | (JOINER if char in _JOINERS else 0)
        | (MARK if "\u0300" <= char <= "\u036f" else 0)
        | (SPACE if char.isspace() else 0)
        | (STOP if char in _STOPS else 0)
        | (LINE_END if char in _LINE_ENDS else 0)
        | (CLOSING if char in _CLOSINGS else 0)
    )


@cache
def _tables() -> tuple[Bytes, npt.NDArray[np.uint16], bytes, bytes]:
    """Classes and folds of the plane, and both for Latin-1 as tables of bytes."""
    flags, folds = np.zeros(_BMP, dtype=np.uint8), np.arange(_BMP, dtype=np.uint16)
    every = "".join(map(chr, range(_BMP)))
    for n, char in enumerate(every):
        if char.isalnum():
            flags[n] = LETTER
            if char != char.lower() or char >= "\uff00":
                folds[n] = ord(fold(char))
    for found in re.finditer(f"[{HAN}]", every):
        flags[found.start()] = HAN_CHAR
    for n in (m.start() for m in re.finditer(r"[^\w]", every)):
        flags[n] = classes_of(every[n])
        folds[n] = ord(fold(every[n]))
    return flags, folds, flags[:256].tobytes(), folds[:256].astype(np.uint8).tobytes()


def coded_text(text: str) -> CodedText:
    """A text as numbers; one byte a character where Latin-1 has all of them, else two, else four."""
    flags, folds, narrow_flags, narrow_folds = _tables()
    if (raw := _latin(text)) is not None:
        codes = np.frombuffer(raw, np.uint8)
        return CodedText(
            codes,
            np.frombuffer(raw.translate(narrow_flags), np.uint8),
            np.frombuffer(raw.translate(narrow_folds), np.uint8),
        )
    raw = text.encode("utf-16-le", "surrogatepass")
    if len(raw) == 2 * len(text):
        plane = np.frombuffer(raw, np.uint16)
        return CodedText(plane, flags[plane], folds[plane])
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    known = np.minimum(wide, _BMP - 1)
    wide_flags, wide_folds = flags[known], folds[known].astype(np.uint32)
    above = np.flatnonzero(wide >= _BMP)
    distinct, which = np.unique(wide[above], return_inverse=True)
    chars = [chr(code) for code in distinct]
    wide_flags[above] = np.array([classes_of(c) for c in chars], dtype=np.uint8)[which]
    wide_folds[above] = np.array([ord(fold(c)) for c in chars], dtype=np.uint32)[which]
    return CodedText(wide, wide_flags, wide_folds)


def _latin(text: str) -> bytes | None:
    try:
        return text.encode("ascii" if text.isascii() else "latin-1")
    except UnicodeEncodeError:
        return None
