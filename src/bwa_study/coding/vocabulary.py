"""Distinct words and their numbers: a hash table that looks up millions of words in one call.

A word of up to 16 Latin-1 characters is looked up by its bytes, 8 of them as one number; every other word by its
text. Two words never share a number: what the table finds is compared with all bytes of the word.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
NOTHING = -1


class KeyTable:
    """Numbers of 64-bit keys, found in bulk; a key has one slot, and keys that lost it stand in a sorted list."""

    def __init__(self, bits: int = 16) -> None:
        self._clear(bits)
        self.keys: list[int] = []
        self.values: list[int] = []

    def _clear(self, bits: int) -> None:
        self.bits = bits
        self.shift = np.uint64(64 - bits)
        self.slot_keys = np.zeros(1 << bits, dtype=np.uint64)
        self.slot_values = np.full(1 << bits, NOTHING, dtype=np.int32)
        self.more_keys: Keys = np.zeros(0, dtype=np.uint64)
        self.more_values: Numbers = np.zeros(0, dtype=np.int32)

    def find(self, keys: Keys) -> Numbers:
        """The number of every key, -1 where it has none."""
        slots = ((keys * _SPREAD) >> self.shift).view(np.int64)
        out = self.slot_values.take(slots)
        missed = np.flatnonzero(self.slot_keys.take(slots) != keys)
        out[missed] = NOTHING
        if len(missed) and len(self.more_keys):
            wanted = keys[missed]
            near = np.minimum(np.searchsorted(self.more_keys, wanted), len(self.more_keys) - 1)
            out[missed] = np.where(self.more_keys[near] == wanted, self.more_values[near], NOTHING)
        return out

    def add(self, keys: Keys, values: Numbers) -> None:
        """Give distinct new keys their numbers."""
        self.keys += keys.tolist()
        self.values += values.tolist()
        if len(self.keys) > 1 << (self.bits - 2):
            self._clear(self.bits + 2)
            keys, values = np.array(self.keys, dtype=np.uint64), np.array(self.values, dtype=np.int32)
        slots = ((keys * _SPREAD) >> self.shift).view(np.int64)
        first = np.zeros(len(keys), dtype=bool)
        first[np.unique(slots, return_index=True)[1]] = True
        settled = first & (self.slot_values[slots] == NOTHING)
        self.slot_keys[slots[settled]] = keys[settled]
        self.slot_values[slots[settled]] = values[settled]
        more = np.concatenate([self.more_keys, keys[~settled]])
        order = np.argsort(more)
        self.more_keys = more[order]
        self.more_values = np.concatenate([self.more_values, values[~settled]])[order]


class Vocabulary:
    """Distinct folded words, numbered from 0 in the order they were met."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._by_text: dict[str, int] = {}
        self._short, self._long = KeyTable(), KeyTable(12)
        self._second: Keys = np.zeros(1, dtype=np.uint64)

    def __len__(self) -> int:
        return len(self.words)

    def numbers(
        self, letters: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
    ) -> Numbers:
        """Numbers of words of at most 16 characters, given by their places in `letters`, which has 16 more at its end.

        Words that were never met get the next numbers.
        """
        eights: Keys = np.ndarray(
            shape=(len(letters) - 7,), dtype="<u8", buffer=np.ascontiguousarray(letters).data, strides=(1,)
        )
        lengths = ends - starts
        first = eights.take(starts) & _MASKS.take(np.minimum(lengths, 8))
        out = self._short.find(first)
        long = np.flatnonzero(lengths > 8)
        second = eights[starts[long] + 8] & _MASKS[lengths[long] - 8]
        mixed = first[long] + second * _SECOND
        found = self._long.find(mixed)
        found[self._second[found] != second] = NOTHING
        out[long] = found
        missed = out == NOTHING
        if missed.any():
            self._meet(out, missed, long, first, second, mixed, lambda at: _text(letters, starts[at], ends[at]))
        return out

    def number(self, word: str) -> int:
        """The number of one word that the table of bytes cannot hold."""
        if word not in self._by_text:
            self._by_text[word] = len(self.words)
            self.words.append(word)
        return self._by_text[word]

    def _meet(
        self,
        out: Numbers,
        missed: npt.NDArray[np.bool_],
        long: npt.NDArray[np.int64],
        first: Keys,
        second: Keys,
        mixed: Keys,
        text: Callable[[int], str],
    ) -> None:
        unknown = missed[long]
        missed[long] = False
        short = np.flatnonzero(missed)
        self._add(self._short, out, short, first[short], first[short], text)
        places, keys, seconds = long[unknown], mixed[unknown], second[unknown]
        _, begin, which = np.unique(keys, return_index=True, return_inverse=True)
        clear = (seconds[begin][which] == seconds) & (self._long.find(keys) == NOTHING)
        self._add(self._long, out, places[clear], keys[clear], seconds[clear], text)
        for at in places[~clear].tolist():
            out[at] = self.number(text(at))

    def _add(
        self,
        table: KeyTable,
        out: Numbers,
        places: npt.NDArray[np.int64],
        keys: Keys,
        second: Keys,
        text: Callable[[int], str],
    ) -> None:
        if not len(places):
            return
        distinct, begin, which = np.unique(keys, return_index=True, return_inverse=True)
        values = np.arange(len(self.words), len(self.words) + len(distinct), dtype=np.int32)
        self.words += [text(at) for at in places[begin].tolist()]
        table.add(distinct, values)
        grown = np.zeros(len(self.words) + 1, dtype=np.uint64)
        grown[: len(self._second)] = self._second
        grown[values] = second[begin]
        self._second = grown
        out[places] = values[which]


def _text(letters: npt.NDArray[np.uint8], start: int, end: int) -> str:
    return letters[start:end].tobytes().decode("latin-1")
