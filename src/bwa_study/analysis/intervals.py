"""Intervals for shares."""

from __future__ import annotations

import math
from statistics import NormalDist

UNDEFINED = (math.nan, math.nan)


def wilson(count: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    r"""Wilson's score interval for a share.

    Parameters
    ----------
    count
        How many of the `n` have the property; 0 to `n`.
    n
        Denominator; with 0 the interval is undefined and both ends are NaN.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper end, within [0, 1].

    Raises
    ------
    ValueError
        If `count` is not between 0 and `n`, or `confidence` not between 0 and 1.

    Notes
    -----
    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    It treats the `n` units as independent draws.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *JASA* 22, 209-212.
    Newcombe, R. G. (1998). Two-sided confidence intervals for the single proportion. *Statistics in Medicine* 17,
    857-872, method 3.

    Examples
    --------
    >>> low, high = wilson(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= count <= n:
        raise ValueError(f"wilson: count {count} is not between 0 and n = {n}")
    if not 0 < confidence < 1:
        raise ValueError(f"wilson: confidence {confidence} is not between 0 and 1")
    if n == 0:
        return UNDEFINED
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = count / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)
    return (0.0 if count == 0 else low, 1.0 if count == n else high)


def newcombe_difference(
    count1: int, n1: int, count2: int, n2: int, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    r"""Difference of two independent shares, ``count2/n2 - count1/n1``, with Newcombe's hybrid score interval.

    Parameters
    ----------
    count1, n1, count2, n2
        Counts and denominators; with a denominator of 0 everything is NaN.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Difference, lower end, upper end, within [-1, 1].

    Raises
    ------
    ValueError
        If a count is not between 0 and its denominator, or `confidence` not between 0 and 1.

    Notes
    -----
    With Wilson intervals :math:`(l_i, u_i)` of both shares and :math:`d = p_2 - p_1`, the ends are
    :math:`d - \sqrt{(p_2-l_2)^2 + (u_1-p_1)^2}` and :math:`d + \sqrt{(u_2-p_2)^2 + (p_1-l_1)^2}`. It treats all units
    as independent: the same people asked twice, or several people of one factory, are not.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. *Statistics in
    Medicine* 17, 873-890, method 10.

    Examples
    --------
    >>> d, low, high = newcombe_difference(48, 80, 56, 70)
    >>> round(d, 4), round(low, 4), round(high, 4)
    (0.2, 0.0524, 0.3339)
    """
    (l1, u1), (l2, u2) = wilson(count1, n1, confidence=confidence), wilson(count2, n2, confidence=confidence)
    if n1 == 0 or n2 == 0:
        return (math.nan, *UNDEFINED)
    p1, p2 = count1 / n1, count2 / n2
    d = p2 - p1
    return d, d - math.hypot(p2 - l2, u1 - p1), d + math.hypot(u2 - p2, p1 - l1)
