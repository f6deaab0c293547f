"""Which words and characters the patterns ask for, as small numbers: worked out once for every distinct word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bwa_study.coding.matching import token_matches
from bwa_study.coding.plans import Pieces, TokenSets
from bwa_study.model.patterns import Token

Ints = npt.NDArray[np.int32]
_LAST = chr(0x10FFFF)


class Symbols:
    """Symbols of the words (or characters) that some token set of the patterns accepts; 0 is any other.

    A symbol stands for all words that the same sets accept, so their number grows with the patterns and not with the
    text.
    """

    def __init__(self, sets: TokenSets, *, by_character: bool) -> None:
        self.sets, self.by_character = sets, by_character
        self._known = 0
        self._by_sets: dict[tuple[int, ...], int] = {}
        self._of_token: dict[Pieces, list[int]] = {}
        for number, members in enumerate(sets.members):
            for token in members:
                self._of_token.setdefault(token, []).append(number)
        self._table: Ints = np.zeros(0x110000 if by_character else 0, dtype=np.int32)
        if by_character:
            for token, numbers in self._of_token.items():
                if len(token) == 1 and len(token[0]) == 1:
                    self._table[ord(token[0])] = self._symbol(tuple(numbers))

    def of(self, tokens: npt.NDArray[np.integer], words: Sequence[str]) -> npt.NDArray[np.integer]:
        """The symbol of every token; `words` is the vocabulary that numbers them, unused for characters."""
        if not self.by_character and self._known < len(words):
            self._meet(words[self._known :])
        small = len(self._by_sets) < 1 << 16
        table: npt.NDArray[np.integer] = self._table.astype(np.uint16) if small else self._table
        return np.asarray(table[tokens])

    @property
    def members(self) -> list[Ints]:
        """By token set: its symbols."""
        listed: list[list[int]] = [[] for _ in self.sets.members]
        for sets, symbol in self._by_sets.items():
            for number in sets:
                listed[number].append(symbol)
        return [np.array(of_set, dtype=np.int32) for of_set in listed]

    def _symbol(self, sets: tuple[int, ...]) -> int:
        return self._by_sets.setdefault(sets, len(self._by_sets) + 1)

    def _meet(self, words: Sequence[str]) -> None:
        accepted: dict[int, list[int]] = {}
        looked_up = _LookedUp(words)
        for token, numbers in self._of_token.items():
            for at in looked_up.places(token):
                accepted.setdefault(at, []).extend(numbers)
        table = np.zeros(self._known + len(words), dtype=np.int32)
        table[: self._known] = self._table
        for at, numbers in accepted.items():
            table[self._known + at] = self._symbol(tuple(sorted(set(numbers))))
        self._table = table
        self._known += len(words)


class _LookedUp:
    """Words sorted both ways, so that those with a beginning or an ending are found at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.place = {word: n for n, word in enumerate(words)}
        self.order = sorted(range(len(words)), key=words.__getitem__)
        self.sorted = [words[n] for n in self.order]
        backwards = [word[::-1] for word in words]
        self.back_order = sorted(range(len(words)), key=backwards.__getitem__)
        self.back_sorted = [backwards[n] for n in self.back_order]

    def places(self, pieces: Pieces) -> list[int]:
        """Places of the words that a token of a pattern accepts."""
        if len(pieces) == 1:
            return [self.place[pieces[0]]] if pieces[0] in self.place else []
        first, last = pieces[0], pieces[-1][::-1]
        if first or not last:
            near = _range(self.order, self.sorted, first)
        else:
            near = _range(self.back_order, self.back_sorted, last)
        if len(pieces) == 2 and not (first and last):
            return near
        return [n for n in near if token_matches(Token(pieces), self.words[n])]


def _range(order: Sequence[int], ascending: Sequence[str], beginning: str) -> list[int]:
    low = bisect_left(ascending, beginning)
    return list(order[low : bisect_left(ascending, beginning + _LAST, low)])
