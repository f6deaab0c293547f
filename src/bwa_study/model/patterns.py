r"""The pattern notation of indicators: one small grammar for English words and Chinese characters.

==============  ==========================================================================
``follow up``   English: words separated by spaces, case ignored
``follow*``     ``*`` stands for any letters inside one word (English only)
``~complain``  any form of that word (English, extra ``lemmas``): complains, complained
``跟进``         Chinese: characters, one after the other, no word segmentation
``(a|b)``       one of the alternatives; each may be several words
``(a|b)?``      one of them or nothing
``_4_``         a gap of at most 4 words (English) or characters (Chinese)
==============  ==========================================================================

Nothing ever matches across the end of a sentence. A pattern has no loops, so matching takes time in proportion to the
text; regular expressions are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bwa_study.model.words import has_han

MAX_GAP = 30
MAX_LENGTH = 400
_EN_WORD = re.compile(r"(?:[^\W_]|[*'\-])+\Z")
_WRITTEN = re.compile(r"[^\s()|_]+")
_GAP = re.compile(r"_(\d+)_")
ANY_FORM = "~"
"""Stands before a word whose forms all count; the coder puts them in its place."""

_FULL_WIDTH = "（）｜＿＊？"
_NO_CHARACTERS = "*?+^$[]{}\\.。！？!"
_CHARACTERS = re.compile(rf"[^\s()|_{re.escape(_FULL_WIDTH + _NO_CHARACTERS)}]+")


class PatternError(ValueError):
    """A pattern that the notation does not know. `what`, `mend` and `at` (code point in the pattern, from 0)."""

    def __init__(self, pattern: str, what: str, mend: str, at: int = 0) -> None:
        self.pattern, self.what, self.mend, self.at = pattern, what, mend, at
        super().__init__(f"pattern '{pattern}': {what} — {mend}")


@dataclass(frozen=True, slots=True)
class Token:
    """One word (or character); `pieces` are the parts between the stars, already folded."""

    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """From 0 to `most` tokens of any kind."""

    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `options`; nothing at all is possible too if `optional`."""

    options: tuple[Sequence, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items one after the other."""

    items: tuple[Token | Gap | Choice, ...]


Item = Token | Gap | Choice


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern. `by_character` is true for Chinese."""

    text: str
    by_character: bool
    sequence: Sequence


def fold(text: str) -> str:
    """Case, full-width forms and apostrophes made alike, code point by code point, so that places stay the same.

    Examples
    --------
    >>> fold("Ｗｅ Don’t")
    "we don't"
    """
    return "".join(_fold_char(c) for c in text) if not text.isascii() else text.lower()


def plain_width(text: str) -> str:
    """As `fold`, and case stays as it is.

    Examples
    --------
    >>> plain_width("Ｗｅ Don’t")
    "We Don't"
    """
    return "".join(map(_plain_char, text)) if not text.isascii() else text


def _plain_char(char: str) -> str:
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    if char in "’‘ʼ":
        return "'"
    return "-" if char in "‐‑" else char


def _fold_char(char: str) -> str:
    char = _plain_char(char)
    low = char.lower()
    return low if len(low) == 1 else char


def is_by_character(language: str) -> bool:
    """Whether patterns of that language are matched character by character (Chinese) and not by words."""
    return language.split("-")[0].lower() in {"zh", "yue", "wuu", "nan", "cmn"}


@lru_cache(maxsize=20_000)
def parse_pattern(text: str, language: str) -> Pattern:
    """Read one pattern.

    Raises
    ------
    PatternError
        If the notation does not know it, or it would match nothing in particular: the empty text, any word.

    Examples
    --------
    >>> parse_pattern("follow* _2_ up", "en").sequence.items[1]
    Gap(most=2)
    """
    if len(text) > MAX_LENGTH:
        raise PatternError(text[:40] + "…", f"it is {len(text)} characters long", f"keep it under {MAX_LENGTH}")
    parser = _Parser(text, is_by_character(language))
    sequence = parser.sequence(depth=0)
    if parser.at < len(text):
        what, mend = f"')' at position {parser.at + 1} closes nothing", "remove it or add a '('"
        if text[parser.at] == "|":
            what, mend = f"'|' at position {parser.at + 1} is outside of parentheses", "write alternatives as (a|b)"
        raise PatternError(text, what, mend, parser.at)
    if _can_be_empty(sequence):
        raise PatternError(text, "the pattern matches the empty string", "give at least one word that must be there")
    if _gap_at_edge(sequence.items) or _gap_at_edge(sequence.items, backwards=True):
        raise PatternError(text, "it begins or ends with a gap", "remove the gap at the edge: it adds nothing")
    return Pattern(text, parser.by_character, sequence)


class _Parser:
    def __init__(self, text: str, by_character: bool) -> None:
        self.text, self.by_character, self.at = text, by_character, 0

    def sequence(self, depth: int) -> Sequence:
        if depth > 5:
            raise PatternError(
                self.text, "parentheses are nested deeper than 5", "write it as several patterns", self.at
            )
        text, stop = self.text, len(self.text)
        items: list[Item] = []
        while self.at < stop and (char := text[self.at]) not in "|)":
            if char == "(":
                items.append(self.choice(depth))
            elif char == "_":
                items.append(self.gap())
            elif char.isspace():
                self.at += 1
            elif self.by_character:
                items += self.characters()
            else:
                items.append(self.word())
        return Sequence(tuple(items))

    def choice(self, depth: int) -> Choice:
        opened = self.at
        self._needs_space_before(opened)
        options = []
        while True:
            self.at += 1
            options.append(self.sequence(depth + 1))
            if not options[-1].items:
                raise PatternError(
                    self.text, "an alternative is empty", "write '(a|b)?' for 'a, b or nothing'", self.at
                )
            if self.at >= len(self.text):
                raise PatternError(self.text, f"'(' at position {opened + 1} is never closed", "add a ')'", opened)
            if self.text[self.at] == ")":
                break
        self.at += 1
        optional = self.at < len(self.text) and self.text[self.at] == "?"
        self.at += optional
        if not self.by_character and self.at < len(self.text) and not self._is_edge(self.at, "|)"):
            what = f"'{self.text[self.at]}' follows a ')' without a space"
            raise PatternError(self.text, what, "put spaces around '( )'; for word endings use '*'", self.at)
        return Choice(tuple(options), optional)

    def gap(self) -> Gap:
        found = _GAP.match(self.text, self.at)
        if not found:
            raise PatternError(self.text, "'_' does not begin a gap", "write a gap as _3_", self.at)
        most = int(found.group(1)[:4])
        if not 1 <= most <= MAX_GAP:
            raise PatternError(self.text, f"a gap of {found.group(1)}", f"use 1 to {MAX_GAP}", self.at)
        self.at = found.end()
        return Gap(most)

    def characters(self) -> list[Token]:
        found = _CHARACTERS.match(self.text, self.at)
        if not found:
            raise self.character_fault()
        self.at = found.end()
        return [_character(char) for char in found.group()]

    def character_fault(self) -> PatternError:
        """What is wrong with the next character."""
        char = self.text[self.at]
        if char in _FULL_WIDTH:
            what, mend = f"'{char}' is a full-width sign", f"write it as '{fold(char)}'"
            return PatternError(self.text, what, mend, self.at)
        mend = "for 'anything in between' write a gap such as _5_" if char == "*" else "leave it out"
        return PatternError(self.text, f"'{char}' has no meaning in a Chinese pattern", mend, self.at)

    def word(self) -> Token:
        begin = self.at
        found = _WRITTEN.match(self.text, begin)
        written = found.group() if found else ""
        self.at = begin + len(written)
        token = _word(written)
        if token is None:
            raise self.word_fault(written, begin)
        if self.at < len(self.text) and self.text[self.at] == "(":
            self._needs_space_before(self.at)
        return token

    def word_fault(self, written: str, begin: int) -> PatternError:
        """What is wrong with a word."""
        word = fold(written)
        if not _EN_WORD.match(word):
            bad = next(
                (c for c, low in zip(written, word, strict=True) if not (low.isalnum() or low in "*'-")), word[-1]
            )
            what = f"'{bad}' in '{written}' is not part of the notation"
            return PatternError(self.text, what, "use words, *, (a|b), (a)? and _3_; no regular expressions", begin)
        if not word.strip("*'-"):
            mend = "for 'any word' use a gap such as _1_"
            return PatternError(self.text, f"'{word}' matches every word", mend, begin)
        what = f"'{written}' holds Chinese characters, which are never part of a word"
        return PatternError(self.text, what, "put the pattern under 'zh'", begin)

    def _needs_space_before(self, at: int) -> None:
        if not self.by_character and at > 0 and not self._is_edge(at - 1, "(|"):
            what = f"'(' at position {at + 1} is glued to a word"
            raise PatternError(self.text, what, "put spaces around '( )'; for word endings use '*'", at)

    def _is_edge(self, at: int, marks: str) -> bool:
        return self.text[at].isspace() or self.text[at] in marks


@lru_cache(maxsize=20_000)
def _character(char: str) -> Token:
    return Token((fold(char),))


@lru_cache(maxsize=20_000)
def _word(written: str) -> Token | None:
    """The token of a word; None if the notation does not know it."""
    word = fold(written)
    if word.startswith(ANY_FORM) and word[1:].isalpha():
        return Token((word,))
    if not _EN_WORD.match(word) or not word.strip("*'-") or has_han(word):
        return None
    return Token(tuple(word.split("*")))


def _can_be_empty(sequence: Sequence) -> bool:
    for item in sequence.items:
        if isinstance(item, Token):
            return False
        if isinstance(item, Choice) and not item.optional and not any(map(_can_be_empty, item.options)):
            return False
    return True


def _gap_at_edge(items: tuple[Item, ...], *, backwards: bool = False) -> bool:
    """Whether a match can begin (or, backwards, end) with a gap, also inside parentheses."""
    for item in reversed(items) if backwards else items:
        if isinstance(item, Gap):
            return True
        if isinstance(item, Token):
            return False
        for option in item.options:
            if _gap_at_edge(option.items, backwards=backwards):
                return True
        if not item.optional and not any(map(_can_be_empty, item.options)):
            return False
    return False
