"""Quantiles of Student's t, so that intervals from few transcripts are as wide as they must be."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

_LARGE = 1000


@lru_cache(maxsize=1024)
def t_quantile(confidence: float, df: int) -> float:
    r"""Value that Student's t stays below in absolute size with probability `confidence`.

    Parameters
    ----------
    confidence
        Between 0 and 1; 0.95 gives the factor of a 95% interval.
    df
        Degrees of freedom, a whole number of at least 1.

    Returns
    -------
    float
        Greater than 0.

    Raises
    ------
    ValueError
        If `confidence` is not between 0 and 1, or `df` below 1.

    Notes
    -----
    :math:`A(t \mid \nu) = confidence` is solved for t by bisection of the angle :math:`\theta = \arctan(t/\sqrt\nu)`;
    A is a finite sum for whole degrees of freedom. Above 1,000 of them the asymptotic expansion around the normal
    quantile is used; there it is exact to the last digits.

    References
    ----------
    Abramowitz, M. & Stegun, I. A. (1964). *Handbook of Mathematical Functions*, 26.7.3, 26.7.4 (the sum) and 26.7.5
    (the expansion).

    Examples
    --------
    >>> round(t_quantile(0.95, 10), 4)
    2.2281
    """
    if not 0 < confidence < 1:
        raise ValueError(f"t_quantile: confidence {confidence} is not between 0 and 1")
    if df < 1:
        raise ValueError(f"t_quantile: {df} degrees of freedom; at least 1 is needed")
    if df > _LARGE:
        return _expansion(NormalDist().inv_cdf((1 + confidence) / 2), df)
    low, high = 0.0, math.pi / 2
    while low < (angle := (low + high) / 2) < high:
        if t_probability(angle, df) < confidence:
            low = angle
        else:
            high = angle
    return math.sqrt(df) * math.tan(low)


def t_probability(angle: float, df: int) -> float:
    """Probability that t with `df` degrees of freedom lies within ± sqrt(df)·tan(angle); 26.7.3 and 26.7.4.

    Examples
    --------
    >>> round(t_probability(math.atan(1.0), 1), 12)
    0.5
    """
    sin, cos = math.sin(angle), math.cos(angle)
    if df == 1:
        return 2 / math.pi * angle
    upper = np.arange(2 if df % 2 else 1, df - 2, 2, dtype=np.float64)
    series = 1 + float(np.cumprod(upper / (upper + 1) * cos * cos).sum())
    return 2 / math.pi * (angle + sin * cos * series) if df % 2 else sin * series


def _expansion(x: float, df: int) -> float:
    g1 = (x**3 + x) / 4
    g2 = (5 * x**5 + 16 * x**3 + 3 * x) / 96
    g3 = (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384
    g4 = (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160
    return x + g1 / df + g2 / df**2 + g3 / df**3 + g4 / df**4
