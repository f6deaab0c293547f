"""Krippendorff's alpha: any number of coders, any level of measurement, missing ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bwa_study.analysis.agreement import Agreement, measured
from bwa_study.analysis.chance import Estimator, Parts, ratio
from bwa_study.analysis.distances import Level, distances
from bwa_study.analysis.ratings import Categories, Floats, Ratings, read_ratings


@dataclass(frozen=True, eq=False)
class Alpha(Estimator):
    """Alpha out of counts of patterns; `delta` are squared distances, None for ordinal ones."""

    ratings: Ratings
    delta: Floats | None
    divisor: int

    def parts(self, counts: Floats) -> Parts:
        """See `Estimator`; observed and expected are disagreements."""
        of_value = counts @ self.ratings.votes
        n = of_value.sum(axis=1)
        if self.delta is None:
            within, between = self._ordinal(counts, of_value)
        else:
            within = counts @ self._disagreement(self.delta)
            between = ((of_value @ self.delta) * of_value).sum(axis=1)
        observed, expected = ratio(within, n), ratio(between, n * (n - 1))
        return Parts(1 - ratio(observed, expected), observed, expected)

    def influence(self) -> Floats:
        """See `Estimator`; Gwet (2014), chapter 5, with ordinal distances as if they were known beforehand."""
        counts, size, votes = self.ratings.totals, self.ratings.sizes, self.ratings.votes
        delta = self.delta
        if delta is None:
            rank = midranks((counts @ votes)[None])[0]
            delta = (rank[:, None] - rank) ** 2
        n = float(counts @ size)
        mean = n / counts.sum()
        pi = counts @ votes / n
        unequal = (size - mean) / mean
        do, de = float(counts @ self._disagreement(delta)) / n, float(pi @ delta @ pi)
        # As Gwet does, the correction for small samples enters by the units of unequal size.
        do_unit = self._disagreement(delta) / mean - do * (1 - 1 / n) * unequal
        de_unit = votes @ delta @ pi / mean - de * unequal
        return np.asarray((do - do_unit) / de + 2 * do / de * (de_unit - de) / de)

    def _disagreement(self, delta: Floats) -> Floats:
        """Distances within a unit, each pair counted twice, by its ratings less one; by pattern."""
        votes = self.ratings.votes
        return np.asarray(((votes @ delta) * votes).sum(axis=1) / (self.ratings.sizes - 1))

    def _ordinal(self, counts: Floats, of_value: Floats) -> tuple[Floats, Floats]:
        """Sums of squared differences of midranks, within units and between all ratings.

        The ranks are those of each row of counts: a resample has its own.
        """
        rank, votes, m = midranks(of_value), self.ratings.votes, self.ratings.sizes
        spread = 2 * (m * (rank**2 @ votes.T) - (rank @ votes.T) ** 2) / (m - 1)
        n = of_value.sum(axis=1)
        mean = ratio((of_value * rank).sum(axis=1), n)
        between = 2 * n * (of_value * (rank - mean[:, None]) ** 2).sum(axis=1)
        return np.asarray((counts * spread).sum(axis=1)), np.asarray(between)


def midranks(of_value: Floats) -> Floats:
    r"""Ratings up to each value, those of the value itself counted half; rows × categories.

    Krippendorff's ordinal distance :math:`(\sum_{g=c}^{k} n_g - (n_c + n_k)/2)^2` is their squared difference.

    Examples
    --------
    >>> midranks(np.array([[2.0, 4.0, 1.0]]))
    array([[1. , 4. , 6.5]])
    """
    return np.asarray(np.cumsum(of_value, axis=1) - of_value / 2)


def krippendorff_alpha(
    ratings: Any,
    *,
    level: Level,
    categories: Categories = None,
    clusters: Any = None,
    confidence: float = 0.95,
) -> Agreement:
    r"""Krippendorff's alpha.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where a coder did not rate a unit. See `bwa_study.analysis.ratings.read_ratings`.
    level
        ``nominal``, ``ordinal``, ``interval``, ``ratio``; ``jaccard`` or ``masi`` for sets of codes; or a table of
        distances in the order of `categories`. There is no default: the level changes the value.
    categories
        In order; needed for ranks that are not numbers and for a table of distances.
    clusters
        The cluster of each unit, such as its transcript, for the interval.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    Agreement
        ``observed`` and ``expected`` are disagreements. ``interval`` is the jackknife by cluster, or by unit where no
        clusters are named; ``bootstrap`` and ``linearised`` are beside it. Units with fewer than two ratings do not
        count.

    Raises
    ------
    UnknownName, ValueError
        If the level does not exist or the values do not have it. Data that leave alpha undefined raise nothing.

    Notes
    -----
    .. math:: \alpha = 1 - \frac{D_o}{D_e}, \quad
              D_o = \frac1n \sum_u \frac{1}{m_u - 1} \sum_{c,k} n_{uc} n_{uk} \delta^2_{ck}, \quad
              D_e = \frac{1}{n(n-1)} \sum_{c,k} n_c n_k \delta^2_{ck}

    The standard error is Gwet's linearised one, units being independent; its variance is divided by n for two coders
    and by n - 1 for more, as published.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania, section E.
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., chapter 5 (standard error).

    Examples
    --------
    >>> alpha = krippendorff_alpha([[1, 1], [1, 2], [3, 3], [2, None], [2, 2]], level="ordinal")
    >>> round(alpha.value, 4), alpha.n_units, alpha.n_pairable
    (0.79, 4, 8)
    >>> krippendorff_alpha([[1, 1], [1, 1]], level="nominal").reason
    'all 4 ratings are the same value (1), so nothing could have disagreed'
    """
    read = read_ratings(ratings, categories=categories, clusters=clusters)
    delta = distances(read, level)
    shared = read.only(read.shared)
    estimator = Alpha(shared, delta, 0 if shared.n_coders == 2 else 1)
    name = f"Krippendorff's alpha, {level if isinstance(level, str) else 'given distances'}"
    return measured(name, estimator, linearised=False, confidence=confidence, lacking=read.lacking())
