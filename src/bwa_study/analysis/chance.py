"""Agreement observed and expected by chance, for many weightings of the same rating patterns at once.

An estimator reads `counts`, how often each pattern occurs: one row for the sample itself, one for each resample. So
the value, the jackknife and the bootstrap are one formula.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.ratings import MISSING, Floats, Ratings
from bwa_study.model.errors import shown


class Parts(NamedTuple):
    """Value, and what was observed and expected, one number a row of counts."""

    value: Floats
    observed: Floats
    expected: Floats


def ratio(over: npt.ArrayLike, under: npt.ArrayLike) -> Floats:
    """Quotient that is NaN where nothing is divided by.

    Examples
    --------
    >>> ratio([1.0, 1.0], [2.0, 0.0])
    array([0.5, nan])
    """
    below = np.asarray(under, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.asarray(over, dtype=np.float64) / np.where(below == 0, np.nan, below))


class Estimator(ABC):
    """A coefficient as a function of the counts of rating patterns."""

    ratings: Ratings
    divisor: int
    """What is taken from n in the linearised variance: 0 or 1."""

    @abstractmethod
    def parts(self, counts: Floats) -> Parts:
        """Value, observed and expected for each row of `counts` (rows × patterns); NaN where undefined."""

    @abstractmethod
    def influence(self) -> Floats | None:
        """How far a unit of each pattern pulls the value, mean 0 over units; None if no standard error is published."""

    def undefined(self) -> str:
        """Why the value is undefined although units were rated by two coders."""
        used = self.ratings.used()
        if len(used) == 1:
            n = int(self.ratings.totals @ self.ratings.sizes)
            return f"all {n} ratings are the same value ({shown(used[0])}), so nothing could have disagreed"
        return "agreement expected by chance is already 1"


@dataclass(frozen=True, eq=False)
class Chance(Estimator):
    """Coefficients (observed - expected) / (1 - expected); subclasses say what is expected."""

    ratings: Ratings
    weights: Floats
    divisor: int

    def agreement(self) -> Floats:
        """Weighted share of a unit's pairs of ratings that agree, by pattern; 0 where there is no pair."""
        r, m = self.ratings.votes, self.ratings.sizes
        agreeing = (r * (r @ self.weights.T - 1)).sum(axis=1)
        return np.where(m >= 2, agreeing / np.maximum(m * (m - 1), 1), 0.0)

    def shares(self) -> Floats:
        """Share of a unit's ratings in each category, patterns × categories."""
        return self.ratings.votes / self.ratings.sizes[:, None]

    def expected(self, counts: Floats) -> Floats:
        """Agreement expected by chance, for each row of counts."""
        return np.zeros(len(counts))

    def slopes(self, n: Floats) -> Floats:
        """How far a unit of each pattern pulls the expected agreement, mean 0 over units."""
        return np.zeros(len(n))

    def parts(self, counts: Floats) -> Parts:
        """See `Estimator`."""
        pa = ratio(counts @ self.agreement(), counts @ self.ratings.shared)
        pe = self.expected(counts)
        pe = np.where(pe > 1 - 1e-12, 1.0, pe)
        return Parts(ratio(pa - pe, 1 - pe), pa, pe)

    def influence(self) -> Floats:
        """See `Estimator`; Gwet (2014), chapter 5, written as pulls on the value."""
        n = self.ratings.totals
        (value,), _, (pe,) = self.parts(n[None])
        shared = self.ratings.shared
        seen = n.sum() / n[shared].sum() * np.where(shared, self.agreement() - pe, 0.0) / (1 - pe)
        return np.asarray(seen - value - (1 - value) * self.slopes(n) / (1 - pe))


class Pooled(Chance):
    """Chance out of the distribution of all coders together: Scott's pi, Fleiss' kappa."""

    def distribution(self, counts: Floats) -> Floats:
        """Share of each category, each unit weighing the same; rows × categories."""
        return ratio(counts @ self.shares(), counts.sum(axis=1, keepdims=True))

    def expected(self, counts: Floats) -> Floats:
        """Sum over k, l of w_kl pi_k pi_l."""
        pi = self.distribution(counts)
        return np.asarray(((pi @ self.weights) * pi).sum(axis=1))

    def slopes(self, n: Floats) -> Floats:
        """See `Chance`."""
        pi = self.distribution(n[None])[0]
        pe_unit = self.shares() @ (self.weights + self.weights.T) @ pi / 2
        return np.asarray(2 * (pe_unit - pi @ self.weights @ pi))


class ByCoder(Chance):
    """Chance out of each coder's own distribution, averaged over pairs of coders: Cohen's and Conger's kappa."""

    def picks(self, coder: int) -> Floats:
        """Whether the coder chose each category, patterns × categories."""
        return np.asarray(
            self.ratings.patterns[:, coder, None] == np.arange(len(self.ratings.values)), dtype=np.float64
        )

    def distributions(self, counts: Floats) -> list[Floats]:
        """Each coder's shares (rows × categories); zeros where a coder rated nothing."""
        out = []
        for coder in range(self.ratings.patterns.shape[1]):
            rated = counts @ (self.ratings.patterns[:, coder] != MISSING)
            out.append(np.nan_to_num(ratio(counts @ self.picks(coder), rated[:, None])))
        return out

    def expected(self, counts: Floats) -> Floats:
        """Mean over ordered pairs of coders g, h of the sum over k, l of w_kl p_gk p_hl."""
        p = self.distributions(counts)
        r = sum(((one.sum(axis=1) > 0).astype(np.float64) for one in p), np.zeros(len(counts)))
        total = sum(p, np.zeros((len(counts), len(self.weights))))
        own = sum((((one @ self.weights) * one).sum(axis=1) for one in p), np.zeros(len(counts)))
        return ratio(((total @ self.weights) * total).sum(axis=1) - own, r * (r - 1))

    def slopes(self, n: Floats) -> Floats:
        """See `Chance`."""
        p = [one[0] for one in self.distributions(n[None])]
        r = self.ratings.n_coders
        both = self.weights + self.weights.T
        out = np.zeros(len(n))
        for coder, own in enumerate(p):
            rated = self.ratings.patterns[:, coder] != MISSING
            if not (n @ rated):
                continue
            pull = (self.picks(coder) - rated[:, None] * own) * n.sum() / (n @ rated)
            out += pull @ both @ (sum(p, np.zeros(len(own))) - own) / (r * (r - 1))
        return out


class Uniform(Chance):
    """Chance as if all categories were equally likely: Brennan and Prediger."""

    def expected(self, counts: Floats) -> Floats:
        """Sum of all weights / q²."""
        q = len(self.weights)
        return np.full(len(counts), self.weights.sum() / q**2)

    def undefined(self) -> str:
        """See `Estimator`."""
        return _too_few(self.ratings)


class HardUnits(Pooled):
    """Chance only where a unit is hard to code: Gwet's AC1 and AC2."""

    def expected(self, counts: Floats) -> Floats:
        """Sum of all weights / (q(q-1)) times the sum over k of pi_k (1 - pi_k)."""
        pi = self.distribution(counts)
        return np.asarray(self._scale() * (pi * (1 - pi)).sum(axis=1))

    def slopes(self, n: Floats) -> Floats:
        """See `Chance`."""
        pi = self.distribution(n[None])[0]
        return np.asarray(self._scale() * (self.shares() - pi) @ (1 - 2 * pi))

    def _scale(self) -> float:
        q = len(self.weights)
        return float(self.weights.sum() / (q * (q - 1))) if q > 1 else np.nan

    def undefined(self) -> str:
        """See `Estimator`."""
        return _too_few(self.ratings)


def _too_few(ratings: Ratings) -> str:
    if len(ratings.values) < 2:
        return f"there is only one category ({shown(ratings.values[0])}); name all that could have been chosen"
    return "agreement expected by chance is already 1"


@dataclass(frozen=True, eq=False)
class Pairwise(Estimator):
    """Mean over pairs of coders of Cohen's kappa (Light), or of Holsti's share of agreements."""

    ratings: Ratings
    light: bool
    divisor: int = 0

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of coders who rated anything."""
        rated = np.flatnonzero((self.ratings.patterns != MISSING).any(axis=0))
        return itertools.combinations(rated.tolist(), 2)

    def parts(self, counts: Floats) -> Parts:
        """See `Estimator`."""
        of_pair = [self._kappa(counts, g, h) if self.light else self._holsti(counts, g, h) for g, h in self.pairs()]
        if not of_pair:
            nothing = np.full(len(counts), np.nan)
            return Parts(nothing, nothing, nothing)
        value, observed, expected = (np.mean(one, axis=0) for one in zip(*of_pair, strict=True))
        return Parts(value, observed, expected)

    def influence(self) -> None:
        """None: no standard error is published."""

    def undefined(self) -> str:
        """See `Estimator`."""
        if not self.light or len(self.ratings.used()) == 1:
            return super().undefined()
        return "the kappa of a pair of coders is undefined: they share no unit, or both only ever used one same value"

    def _kappa(self, counts: Floats, g: int, h: int) -> Parts:
        of_pair = self.ratings.patterns[:, [g, h]]
        both = (of_pair != MISSING).all(axis=1)
        n = counts @ both
        p_g, p_h = (
            ratio(counts @ (both[:, None] * (of_pair[:, [c]] == np.arange(len(self.ratings.values)))), n[:, None])
            for c in (0, 1)
        )
        pa = ratio(counts @ (both & (of_pair[:, 0] == of_pair[:, 1])), n)
        pe = (p_g * p_h).sum(axis=1)
        return Parts(ratio(pa - pe, np.where(pe > 1 - 1e-12, 0.0, 1 - pe)), pa, pe)

    def _holsti(self, counts: Floats, g: int, h: int) -> Parts:
        one, two = self.ratings.patterns[:, g], self.ratings.patterns[:, h]
        agreed = counts @ ((one == two) & (one != MISSING))
        share = ratio(2 * agreed, counts @ (one != MISSING) + counts @ (two != MISSING))
        return Parts(share, share, np.zeros(len(counts)))
