"""How well a set relation fits the cases: consistency, coverage, relevance, PRI."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NecessityFit:
    """Consistency, coverage and relevance of a necessary condition, 0 to 1; NaN where undefined."""

    consistency: float
    coverage: float
    relevance: float


@dataclass(frozen=True, slots=True)
class SufficiencyFit:
    """Consistency, proportional reduction in inconsistency and coverage of a sufficient condition, 0 to 1."""

    consistency: float
    pri: float
    coverage: float


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan


def necessity_fit(x: Floats, y: Floats) -> NecessityFit:
    r"""Fit of "x is necessary for y".

    Parameters
    ----------
    x, y
        Memberships of the cases in condition and outcome, 0 to 1, without missing values.

    Returns
    -------
    NecessityFit
        Consistency is NaN where no case has any of the outcome, coverage where none has any of the condition,
        relevance where every case is fully in both.

    Notes
    -----
    .. math::

        consistency = \frac{\sum \min(x, y)}{\sum y} \qquad coverage = \frac{\sum \min(x, y)}{\sum x} \qquad
        RoN = \frac{\sum (1 - x)}{\sum (1 - \min(x, y))}

    A relevance near 0 says that nearly all cases are in the condition: it is trivially necessary.

    References
    ----------
    Ragin (2006), Political Analysis 14, 291-310; Schneider & Wagemann (2012), Set-Theoretic Methods, p. 236 (RoN).

    Examples
    --------
    >>> x = np.array([1, 1, 1, 1, 1, 0, 0, 0]); y = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    >>> fit = necessity_fit(x, y)
    >>> fit.consistency, fit.coverage, fit.relevance
    (1.0, 0.8, 0.75)
    """
    both = np.minimum(x, y)
    return NecessityFit(
        _ratio(float(both.sum()), float(y.sum())),
        _ratio(float(both.sum()), float(x.sum())),
        _ratio(float((1 - x).sum()), float((1 - both).sum())),
    )


def sufficiency_fit(x: Floats, y: Floats) -> SufficiencyFit:
    r"""Fit of "x is sufficient for y".

    Parameters
    ----------
    x, y
        Memberships of the cases in condition and outcome, 0 to 1, without missing values.

    Returns
    -------
    SufficiencyFit
        Consistency and PRI are NaN where no case has any of the condition.

    Notes
    -----
    .. math::

        consistency = \frac{\sum \min(x, y)}{\sum x} \qquad
        PRI = \frac{\sum \min(x, y) - \sum \min(x, y, 1 - y)}{\sum x - \sum \min(x, y, 1 - y)}

    References
    ----------
    Ragin (2006), Political Analysis 14, 291-310; Schneider & Wagemann (2012), p. 242 (PRI).

    Examples
    --------
    >>> sufficiency_fit(np.array([1.0, 1.0, 0.0]), np.array([1.0, 0.0, 1.0]))
    SufficiencyFit(consistency=0.5, pri=0.5, coverage=0.5)
    """
    both = np.minimum(x, y)
    of_both_outcomes = float(np.minimum(both, 1 - y).sum())
    return SufficiencyFit(
        _ratio(float(both.sum()), float(x.sum())),
        _ratio(float(both.sum()) - of_both_outcomes, float(x.sum()) - of_both_outcomes),
        _ratio(float(both.sum()), float(y.sum())),
    )


def unique_coverage(terms: list[Floats], y: Floats) -> list[float]:
    r"""What each term covers of the outcome that no other term does.

    Notes
    -----
    .. math:: \frac{\sum \min(y, \max_t x_t) - \sum \min(y, \max_{t \ne s} x_t)}{\sum y}

    References
    ----------
    Ragin (2006), Political Analysis 14, 291-310, p. 304.

    Examples
    --------
    >>> y = np.array([1.0, 1.0, 0.0, 0.0])
    >>> unique_coverage([np.array([1.0, 0, 0, 0]), np.array([1.0, 1.0, 0, 0])], y)
    [0.0, 0.5]
    """
    stacked = np.minimum(np.stack(terms), y)
    order = np.sort(stacked, axis=0)
    highest, second = order[-1], order[-2] if len(terms) > 1 else np.zeros_like(y)
    without = np.where(stacked < highest, highest, second)
    return [_ratio(float((highest - one).sum()), float(y.sum())) for one in without]
