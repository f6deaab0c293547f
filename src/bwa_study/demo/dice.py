"""Random draws that stay the same on every Python version: everything comes from `Random.random` alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_NORMAL = NormalDist()


class Dice:
    """A stream of draws named by a seed and a purpose; two purposes do not disturb each other."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = random.Random(f"{seed}/{purpose}")

    def chance(self, p: float) -> bool:
        """True with probability `p`."""
        return self._random.random() < p

    def normal(self, mean: float, sd: float) -> float:
        """A draw from a normal distribution."""
        return mean + sd * _NORMAL.inv_cdf(min(max(self._random.random(), 1e-12), 1 - 1e-12))

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self._random.random() * n)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out
