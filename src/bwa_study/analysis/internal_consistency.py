"""Whether the items of a scale hang together: Cronbach's alpha, Guttman's lambda 6 and McDonald's omega."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_ROUNDS, _CLOSE = 20_000, 1e-13


@dataclass(frozen=True, slots=True)
class Consistency:
    """Coefficients of a scale; each is NaN where it is not defined, and `reason` says why.

    Parameters
    ----------
    alpha, low, high
        Cronbach's alpha with Feldt's interval.
    standardised
        Alpha of the items brought to one variance.
    mean_correlation
        Mean of the correlations between items.
    lambda6
        Guttman's lambda 6.
    omega
        McDonald's omega total of one factor, of the sum of the items as they are (as alpha is).
    loadings
        Of the items on that factor, standardised.
    if_dropped
        Alpha of the scale without each item.
    item_rest
        Correlation of each item with the sum of the others.
    n, items
        Respondents who answered every item, and number of items.
    """

    alpha: float
    low: float
    high: float
    standardised: float
    mean_correlation: float
    lambda6: float
    omega: float
    loadings: tuple[float, ...]
    if_dropped: tuple[float, ...]
    item_rest: tuple[float, ...]
    n: int
    items: int
    reason: str = ""


def internal_consistency(answers: Any, *, confidence: float = 0.95) -> Consistency:
    r"""Alpha with Feldt's interval, alpha if an item is dropped, lambda 6 and omega.

    Parameters
    ----------
    answers
        Respondents × items, reversed items turned round already. Rows with a missing value (NaN) are left out.
    confidence
        Of the interval.

    Returns
    -------
    Consistency
        Alpha needs two items and three respondents, omega three items.

    Notes
    -----
    .. math:: \alpha = \frac{k}{k-1} \Big(1 - \frac{\sum_i s_i^2}{s_X^2}\Big), \quad
              \omega = \frac{(\sum s_i \lambda_i)^2}{(\sum s_i \lambda_i)^2 + \sum s_i^2 (1 - \lambda_i^2)}

    with :math:`s_i` the items' standard deviations and :math:`\lambda_i` the loadings of one factor that leaves the
    smallest squared residual correlations (least squares, as minres). Both are about the sum of the items as they are;
    omega of items brought to one variance, which R's psych prints, is `omega_total` of the loadings alone. Programs
    that fit by maximum likelihood find the same where three items settle the loadings or one factor fits exactly, and
    else may differ a little: .802 here and .803 in Reuterberg and Gustafsson (1992), .817 here and .83 in Graham (2006,
    Table 3).
    Feldt's ends are :math:`1 - (1 - \alpha) F_{1 - a/2}` and :math:`1 - (1 - \alpha) F_{a/2}`, with n - 1 and
    (n - 1)(k - 1) degrees of freedom; it takes the answers as normal and respondents as independent.

    References
    ----------
    Cronbach, L. J. (1951). *Psychometrika* 16, 297-334. Feldt, L. S. (1965). *Psychometrika* 30, 357-370. Guttman, L.
    (1945). *Psychometrika* 10, 255-282 (lambda 6). McDonald, R. P. (1999). *Test Theory*, chapter 6. Harman, H. H. &
    Jones, W. H. (1966). *Psychometrika* 31, 351-368 (minres). Graham, J. M. (2006). *Educational and Psychological
    Measurement* 66, 930-944. Reuterberg, S.-E. & Gustafsson, J.-E. (1992). *Educational and Psychological Measurement*
    52, 795-811.

    Examples
    --------
    >>> found = internal_consistency([[4, 5, 5], [2, 1, 1], [3, 3, 3], [2, 3, 2], [3, 2, 2], [4, 3, 2]])
    >>> round(found.alpha, 3), round(found.omega, 3), found.n
    (0.895, 0.938, 6)
    """
    x = np.asarray(answers, dtype=np.float64)
    x = x[~np.isnan(x).any(axis=1)] if x.ndim == 2 else np.zeros((0, 0))
    n, k = x.shape
    reason = _reason(x)
    if k < 2 or n < 3 or float(np.ptp(x.sum(axis=1))) == 0:
        nan = math.nan
        blank = (nan,) * k
        return Consistency(nan, nan, nan, nan, nan, nan, nan, blank, blank, blank, n, k, reason)
    alpha = cronbach_alpha(x)
    low, high = feldt_interval(alpha, n=n, items=k, confidence=confidence)
    rest = tuple(_correlation(x[:, i], np.delete(x, i, axis=1).sum(axis=1)) for i in range(k))
    dropped = tuple(cronbach_alpha(np.delete(x, i, axis=1)) if k > 2 else math.nan for i in range(k))
    if (np.ptp(x, axis=0) == 0).any():
        blank = (math.nan,) * k
        return Consistency(alpha, low, high, math.nan, math.nan, math.nan, math.nan, blank, dropped, rest, n, k, reason)
    r = np.atleast_2d(np.corrcoef(x, rowvar=False))
    mean = float((r.sum() - k) / (k * (k - 1)))
    standardised = k * mean / (1 + (k - 1) * mean) if 1 + (k - 1) * mean > 0 else math.nan
    loadings, fault = one_factor(r)
    return Consistency(
        alpha, low, high, standardised, mean, _lambda6(r), omega_total(loadings, deviations=x.std(axis=0, ddof=1)),
        loadings, dropped, rest, n, k, reason or fault,
    )  # fmt: skip


def _reason(x: Floats) -> str:
    n, k = x.shape
    if k < 2:
        return "a scale needs two items or more"
    if n < 3:
        return f"{n} respondents answered every item; three are needed"
    if float(np.ptp(x.sum(axis=1))) == 0:
        return "all respondents have the same total"
    if (np.ptp(x, axis=0) == 0).any():
        return "one item has the same answer from everybody: no correlations, no omega"
    return ""


def cronbach_alpha(answers: Floats) -> float:
    """Cronbach's alpha of complete answers; NaN where all totals are the same."""
    k = answers.shape[1]
    total = float(answers.sum(axis=1).var(ddof=1))
    return float(k / (k - 1) * (1 - answers.var(axis=0, ddof=1).sum() / total)) if total > 0 else math.nan


def feldt_interval(alpha: float, *, n: int, items: int, confidence: float = 0.95) -> tuple[float, float]:
    """Feldt's (1965) interval of alpha, from n respondents.

    Examples
    --------
    >>> low, high = feldt_interval(0.84314276956, n=30, items=7)
    >>> round(low, 6), round(high, 6)
    (0.739376, 0.915773)
    """
    from scipy.stats import f

    tail = (1 - confidence) / 2
    first, second = n - 1, (n - 1) * (items - 1)
    return (
        float(1 - (1 - alpha) * f.ppf(1 - tail, first, second)),
        float(1 - (1 - alpha) * f.ppf(tail, first, second)),
    )


def one_factor(correlations: Any) -> tuple[tuple[float, ...], str]:
    """Loadings of one factor by least squares on the correlations, and why there are none.

    Three items or more are needed. A loading beyond 1 (a Heywood case) leaves omega undefined.

    Notes
    -----
    Principal axes, iterated until no communality moves by more than 1e-13; their fixed point is the least-squares one.
    """
    r = np.asarray(correlations, dtype=np.float64)
    k = len(r)
    nothing = (math.nan,) * k
    if k < 3:
        return nothing, "one factor needs three items or more"
    communality = np.abs(r - np.eye(k)).max(axis=1)
    for _ in range(_ROUNDS):
        reduced = r.copy()
        np.fill_diagonal(reduced, communality)
        values, vectors = np.linalg.eigh(reduced)
        if values[-1] <= 0:
            return nothing, "the items share no factor"
        loadings = vectors[:, -1] * math.sqrt(values[-1])
        moved = float(np.abs(loadings**2 - communality).max())
        communality = loadings**2
        if (communality > 1).any():
            return nothing, "a loading on the factor is beyond 1 (a Heywood case), so omega is undefined"
        if moved < _CLOSE:
            break
    else:
        return nothing, "the loadings do not settle, so omega is undefined"
    loadings = loadings * (1.0 if loadings.sum() >= 0 else -1.0)
    return tuple(map(float, loadings)), ""


def omega_total(loadings: Any, *, deviations: Any = None) -> float:
    """McDonald's omega of standardised loadings on one factor; NaN where there are none.

    Parameters
    ----------
    loadings
        Standardised, one an item.
    deviations
        Standard deviations of the items whose sum is meant; all the same where left out.

    Examples
    --------
    >>> round(omega_total([0.8, 0.7, 0.6]), 4)
    0.7449
    """
    found = np.asarray(loadings, dtype=np.float64)
    spread = np.ones(len(found)) if deviations is None else np.asarray(deviations, dtype=np.float64)
    shared = float((spread * found).sum() ** 2)
    return shared / (shared + float((spread**2 * (1 - found**2)).sum()))


def _lambda6(r: Floats) -> float:
    """Guttman's lambda 6; NaN where an item is a sum of others."""
    if np.linalg.cond(r) > 1e12:
        return math.nan
    unexplained = 1 / np.diag(np.linalg.inv(r))
    return float(1 - unexplained.sum() / r.sum())


def _correlation(a: Floats, b: Floats) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if np.ptp(a) > 0 and np.ptp(b) > 0 else math.nan
