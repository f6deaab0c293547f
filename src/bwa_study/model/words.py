"""Words of mixed English and Chinese text, and where its sentences end.

One rule for the whole toolkit: a run of letters or digits with inner apostrophes or hyphens is a word (an accent
written as a character of its own belongs to its letter), and each Han character is a word of its own. Counting Han
characters needs no trained model and depends on no dictionary.
"""

from __future__ import annotations

import re

from bwa_study.model.spans import Span

HAN = "\u2e80-\u2eff\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_LETTER = f"(?:(?![{HAN}_])\\w[\u0300-\u036f]*)"
_COUNTED = re.compile(f"[{HAN}]|{_LETTER}+(?:['’‘ʼ＇\\-‐‑]{_LETTER}+)*")
_HAN_CHAR = re.compile(f"[{HAN}]")

# Possessive, and tried once a run of marks, so that a line of ten thousand dots takes no longer than other text.
_CLOSING = "[\"'”’»」』）)\\]]*+"
SENTENCE_END = re.compile(
    rf"(?<![.!?…])[.!?…]++{_CLOSING}(?=\s|$)"
    rf"|[。！？…][。！？!?…]*+{_CLOSING}"
    rf"|(?<=[{HAN}])[!?]++{_CLOSING}|(?<![!?])[!?]++{_CLOSING}(?=[{HAN}])"
    r"|[\r\n\u2028\u2029\u0085]+"
)
ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e|approx|dept|(?-i:[A-HJ-Z]))\.\Z", re.IGNORECASE
)


def word_spans(text: str) -> list[Span]:
    """Places of the words of `text`, Han characters one by one.

    Examples
    --------
    >>> [(s.start, s.end) for s in word_spans("we don't 跟进")]
    [(0, 2), (3, 8), (9, 10), (10, 11)]
    """
    return [Span(m.start(), m.end()) for m in _COUNTED.finditer(text)]


def count_words(text: str) -> int:
    """Number of words of `text`, Han characters counted one by one.

    Examples
    --------
    >>> count_words("They follow up. 他们跟进。")
    7
    """
    return sum(1 for _ in _COUNTED.finditer(text))


def has_han(text: str) -> bool:
    """Whether `text` holds a Han character."""
    return _HAN_CHAR.search(text) is not None


def count_han(text: str) -> int:
    """Number of Han characters."""
    return sum(1 for _ in _HAN_CHAR.finditer(text))


def sentences(text: str, *, start: int = 0, end: int | None = None) -> list[Span]:
    """Places of the sentences in ``text[start:end]``, in code points of `text`.

    A sentence ends after ``. ! ?`` that are followed by white space or the end, after ``。！？…``, after ``! ?``
    beside a Han character, and at a line end. Common abbreviations (``Mr.``, ``e.g.``, single initials) do not end
    one. White space around a sentence is not part of it, so text between sentences is white space only.

    Parameters
    ----------
    text
        Any text.
    start, end
        The piece to look at; the whole text by default.

    Examples
    --------
    >>> text = "They came once. 没有人跟进！Dr. Li left"
    >>> [text[s.start:s.end] for s in sentences(text)]
    ['They came once.', '没有人跟进！', 'Dr. Li left']
    """
    piece = text[start:end]
    out: list[Span] = []
    begin = 0
    for stop in (*(m.end() for m in SENTENCE_END.finditer(piece)), len(piece)):
        if stop < len(piece) and ABBREVIATION.search(piece[max(begin, stop - 10) : stop]):
            continue
        words = piece[begin:stop]
        if kept := words.strip():
            first = start + begin + len(words) - len(words.lstrip())
            out.append(Span(first, first + len(kept)))
        begin = stop
    return out
