"""Exact matching of indicator patterns on the tokens of one sentence.

This is the plain version: a pattern is walked item by item, keeping the set of positions it can have reached. There
is no backtracking, so the time grows with the text times the pattern, whatever the pattern is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bwa_study.model.patterns import Choice, Gap, Item, Pattern, Token, fold
from bwa_study.model.patterns import Sequence as PatternSequence
from bwa_study.model.words import has_han, word_spans


@dataclass(frozen=True, slots=True)
class Tokens:
    """Folded words (or characters) of a sentence, and where each stands in the whole text."""

    folded: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


def word_tokens(text: str, start: int, end: int) -> Tokens:
    """The words of ``text[start:end]`` without its Han characters."""
    piece = text[start:end]
    spans = [s for s in word_spans(piece) if not has_han(piece[s.start])]
    return Tokens(
        tuple(fold(piece[s.start : s.end]) for s in spans), tuple((start + s.start, start + s.end) for s in spans)
    )


def character_tokens(text: str, start: int, end: int) -> Tokens:
    """The characters of ``text[start:end]`` without white space."""
    places = tuple((i, i + 1) for i in range(start, end) if not text[i].isspace())
    return Tokens(tuple(fold(text[i]) for i, _ in places), places)


def token_matches(token: Token, word: str) -> bool:
    """Whether a folded word is what a token of a pattern asks for.

    Examples
    --------
    >>> token_matches(Token(("follow", "")), "follows"), token_matches(Token(("", "n't")), "don't")
    (True, True)
    """
    pieces = token.pieces
    if len(pieces) == 1:
        return word == pieces[0]
    first, last = pieces[0], pieces[-1]
    if len(word) < len(first) + len(last) or not word.startswith(first) or not word.endswith(last):
        return False
    at, stop = len(first), len(word) - len(last)
    for piece in pieces[1:-1]:
        found = word.find(piece, at, stop)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def ends(sequence: PatternSequence, words: Sequence[str], start: int) -> set[int]:
    """Positions at which a match that begins at `start` can end; empty if there is none.

    Examples
    --------
    >>> from bwa_study.model.patterns import parse_pattern
    >>> ends(parse_pattern("came _2_ back", "en").sequence, ["they", "came", "back"], 1)
    {3}
    """
    reached = {start}
    for item in sequence.items:
        reached = {end for at in reached for end in _item_ends(item, words, at)}
        if not reached:
            break
    return reached


def _item_ends(item: Item, words: Sequence[str], at: int) -> Iterator[int]:
    if isinstance(item, Token):
        if at < len(words) and token_matches(item, words[at]):
            yield at + 1
    elif isinstance(item, Gap):
        yield from range(at, min(len(words), at + item.most) + 1)
    else:
        if item.optional:
            yield at
        for option in item.options:
            yield from ends(option, words, at)


def first_tokens(sequence: PatternSequence) -> list[Token]:
    """The tokens a match can begin with."""
    out: list[Token] = []
    for item in sequence.items:
        if isinstance(item, Token):
            return [*out, item]
        if isinstance(item, Choice):
            for option in item.options:
                out += first_tokens(option)
            if not item.optional:
                return out
    return out


@dataclass(frozen=True, slots=True)
class Match:
    """Pattern number `pattern` matches the tokens from `start` to before `end`."""

    pattern: int
    start: int
    end: int


@dataclass(slots=True)
class Matcher:
    """Many patterns at once; which of them can begin with a word is looked up once per distinct word."""

    patterns: tuple[Pattern, ...]
    _exact: dict[str, list[int]] = field(default_factory=dict)
    _open: list[tuple[Token, int]] = field(default_factory=list)
    _starters: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, pattern in enumerate(self.patterns):
            for token in first_tokens(pattern.sequence):
                if len(token.pieces) == 1:
                    self._exact.setdefault(token.pieces[0], []).append(number)
                else:
                    self._open.append((token, number))

    def starters(self, word: str) -> tuple[int, ...]:
        """Numbers of the patterns whose match can begin with `word`."""
        if word not in self._starters:
            found = {*self._exact.get(word, ()), *(n for token, n in self._open if token_matches(token, word))}
            self._starters[word] = tuple(sorted(found))
        return self._starters[word]

    def matches(self, words: Sequence[str]) -> list[Match]:
        """For every pattern and start, its longest match, ordered by start, then by pattern."""
        out = []
        for start, word in enumerate(words):
            for number in self.starters(word):
                reached = ends(self.patterns[number].sequence, words, start)
                if reached:
                    out.append(Match(number, start, max(reached)))
        return out
