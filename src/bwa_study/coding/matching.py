"""Exact matching of indicator patterns on the tokens of one sentence.

This is the plain version: a pattern is walked once, from its last item to its first, keeping for every position how
far the rest of the pattern reaches from there. There is no backtracking, so the time grows with the text times the
pattern, whatever the pattern is.
"""

from __future__ import annotations

from collections.abc import Sequence
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


NO_MATCH = -1


def ends(sequence: PatternSequence, words: Sequence[str]) -> list[int]:
    """For every position, where the longest match that begins there ends; -1 where none begins.

    Examples
    --------
    >>> from bwa_study.model.patterns import parse_pattern
    >>> ends(parse_pattern("came _2_ back", "en").sequence, ["they", "came", "back"])
    [-1, 3, -1, -1]
    """
    return _before(sequence, words, list(range(len(words) + 1)))


def _before(sequence: PatternSequence, words: Sequence[str], after: list[int]) -> list[int]:
    """Where matches of `sequence` and then of what `after` stands for end, by the position they begin at."""
    for item in reversed(sequence.items):
        if max(after) == NO_MATCH:
            break
        after = _before_item(item, words, after)
    return after


def _before_item(item: Item, words: Sequence[str], after: list[int]) -> list[int]:
    if isinstance(item, Token):
        found = [end if token_matches(item, w) else NO_MATCH for w, end in zip(words, after[1:], strict=True)]
        return [*found, NO_MATCH]
    if isinstance(item, Gap):
        return [max(after[at : at + item.most + 1]) for at in range(len(after))]
    ways = [_before(option, words, after) for option in item.options] + ([after] if item.optional else [])
    return [max(of_way) for of_way in zip(*ways, strict=True)]


def first_tokens(sequence: PatternSequence) -> list[Token]:
    """The tokens a match can begin with."""
    out: list[Token] = []
    for item in sequence.items:
        if isinstance(item, Token):
            return [*out, item]
        if isinstance(item, Choice):
            for option in item.options:
                out += first_tokens(option)
            if _needs_word(item):
                return out
    return out


def _needs_word(item: Item) -> bool:
    if isinstance(item, Choice):
        return not item.optional and all(any(map(_needs_word, option.items)) for option in item.options)
    return isinstance(item, Token)


@dataclass(frozen=True, slots=True)
class Match:
    """Pattern number `pattern` matches the tokens from `start` to before `end`."""

    pattern: int
    start: int
    end: int


@dataclass(slots=True)
class Matcher:
    """Many patterns at once.

    A pattern is walked only in a sentence that has a word it can begin with and all the words that some way through it
    asks for, in whatever order. Which tokens of all patterns a word satisfies is found once per distinct word, and kept
    as the bits of a number.
    """

    patterns: tuple[Pattern, ...]
    _tokens: dict[Token, int] = field(default_factory=dict)
    _by_beginning: dict[str, list[tuple[Token, int]]] = field(default_factory=dict)
    _starting: dict[int, list[int]] = field(default_factory=dict)
    _shapes: list[_Shape] = field(default_factory=list)
    _known: dict[str, tuple[int, frozenset[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, pattern in enumerate(self.patterns):
            self._shapes.append(self._shape(pattern.sequence))
            for token in first_tokens(pattern.sequence):
                self._starting.setdefault(self._number(token), []).append(number)

    def _number(self, token: Token) -> int:
        if token not in self._tokens:
            self._tokens[token] = len(self._tokens)
            self._by_beginning.setdefault(token.pieces[0][:2], []).append((token, self._tokens[token]))
        return self._tokens[token]

    def _shape(self, sequence: PatternSequence) -> _Shape:
        plain = {self._number(item) for item in sequence.items if isinstance(item, Token)}
        choices = [item for item in sequence.items if isinstance(item, Choice)]
        needed = tuple(tuple(map(self._shape, c.options)) for c in choices if not c.optional)
        return _Shape(sum(1 << number for number in plain), needed)

    def _of_word(self, word: str) -> tuple[int, frozenset[int]]:
        """The tokens a word satisfies, as bits, and the patterns it can begin."""
        if word not in self._known:
            near = (pair for n in range(3) if n <= len(word) for pair in self._by_beginning.get(word[:n], ()))
            found = {number for token, number in near if token_matches(token, word)}
            begun = frozenset(pattern for number in found for pattern in self._starting.get(number, ()))
            self._known[word] = sum(1 << number for number in found), begun
        return self._known[word]

    def possible(self, words: Sequence[str]) -> list[int]:
        """Numbers of the patterns that may match, in order; a pattern that is not among them does not."""
        provided, begun = 0, set[int]()
        for word in set(words):
            bits, patterns = self._of_word(word)
            provided |= bits
            begun |= patterns
        return sorted(number for number in begun if _may_match(self._shapes[number], provided))

    def matches(self, words: Sequence[str]) -> list[Match]:
        """For every pattern and start, its longest match, ordered by start, then by pattern."""
        found = [
            Match(number, start, end)
            for number in self.possible(words)
            for start, end in enumerate(ends(self.patterns[number].sequence, words))
            if end != NO_MATCH
        ]
        return sorted(found, key=lambda match: (match.start, match.pattern))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a sequence cannot do without: tokens (as bits), and choices that one option must meet."""

    tokens: int
    choices: tuple[tuple[_Shape, ...], ...]


def _may_match(shape: _Shape, provided: int) -> bool:
    return shape.tokens & provided == shape.tokens and all(
        any(_may_match(option, provided) for option in options) for options in shape.choices
    )
