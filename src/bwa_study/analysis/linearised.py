"""Weighted means and shares of survey answers, with standard errors that respect weights and clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.student import t_quantile

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its linearised standard error and interval.

    `value`, `se`, `low` and `high` are NaN where they are not defined; `reason` says why. `n` is the number of answers,
    `clusters` how many clusters they come from.
    """

    value: float
    se: float
    low: float
    high: float
    n: int
    clusters: int
    reason: str = ""


def weighted_mean(
    values: Any, *, weights: Any = None, clusters: Any = None, n_clusters: int = 0, confidence: float = 0.95
) -> Estimate:
    r"""Mean of answers, with a standard error by Taylor linearisation, clusters drawn with replacement.

    Parameters
    ----------
    values
        One number an answer, none missing.
    weights
        Above 0, one an answer; 1 each by default.
    clusters
        Name of the cluster of each answer, such as its site; each answer its own by default.
    n_clusters
        Clusters of the whole sample, for a part of it that not all clusters have; those present by default.
    confidence
        Of the interval, by Student's t with one degree of freedom less than there are clusters.

    Returns
    -------
    Estimate
        The standard error is NaN where all answers are of one cluster: nothing then says how clusters differ.

    Raises
    ------
    ValueError
        If a weight is not above 0.

    Notes
    -----
    .. math:: \bar y = \frac{\sum w_i y_i}{\sum w_i}, \quad
              \widehat{var} = \frac{G}{G-1} \sum_g \Big(\sum_{i \in g} \frac{w_i (y_i - \bar y)}{\sum w}\Big)^2

    References
    ----------
    Lumley, T. (2010). *Complex Surveys*, Wiley, section 2.2 and appendix A. Binder, D. A. (1983). On the variances of
    asymptotically normal estimators from complex surveys. *International Statistical Review* 51, 279-292.

    Examples
    --------
    >>> mean = weighted_mean([4, 5, 2, 3], weights=[1, 1, 2, 2], clusters=["a", "a", "b", "b"])
    >>> round(mean.value, 4), round(mean.se, 4), mean.clusters
    (3.1667, 0.8889, 2)
    """
    y, w, of = _prepared(values, weights, clusters)
    if not len(y):
        return Estimate(math.nan, math.nan, math.nan, math.nan, 0, 0, "no answers")
    mean = float(w @ y / w.sum())
    return _interval(mean, w * (y - mean) / w.sum(), of, n_clusters, confidence)


def weighted_share(
    values: Any, *, weights: Any = None, clusters: Any = None, n_clusters: int = 0, confidence: float = 0.95
) -> Estimate:
    r"""Share of answers with a property (1) among all (0 and 1), as `weighted_mean`, with an interval on the logit.

    Returns
    -------
    Estimate
        Within 0 and 1. A share of 0 or 1 has no interval: no answer differs, so the spread is not known.

    Notes
    -----
    .. math:: logit^{-1}\big(logit(p) \pm t \cdot se / (p (1 - p))\big)

    References
    ----------
    Lumley, T. (2010), section 2.2, as in ``svyciprop(method = "logit")`` of the R package survey.

    Examples
    --------
    >>> share = weighted_share([1, 0, 1, 1, 0, 1])
    >>> round(share.value, 4), round(share.low, 4), round(share.high, 4)
    (0.6667, 0.1486, 0.9582)
    """
    found = weighted_mean(values, weights=weights, clusters=clusters, n_clusters=n_clusters, confidence=confidence)
    p = found.value
    if found.reason or not 0 < p < 1:
        reason = found.reason or "every answer is the same"
        return Estimate(p, found.se, math.nan, math.nan, found.n, found.clusters, reason)
    half = (found.high - p) / (p * (1 - p))
    centre = math.log(p / (1 - p))
    low, high = (1 / (1 + math.exp(-(centre + side * half))) for side in (-1, 1))
    return Estimate(p, found.se, low, high, found.n, found.clusters)


def mean_difference(
    before: Any, after: Any, *, weights: Any = None, clusters: Any = None, confidence: float = 0.95
) -> Estimate:
    r"""Mean of `after` less mean of `before`; clusters that are in both rounds are taken as the same.

    Parameters
    ----------
    before, after
        Answers of the two rounds.
    weights, clusters
        A pair each: those of `before` and those of `after`. A person or site that comes back has the same name in both.

    Notes
    -----
    The variance is that of `weighted_mean` for the sum of the linearised values of both rounds, those of `before` taken
    as negative; what a cluster's two rounds share takes itself away.

    References
    ----------
    Lumley, T. (2010), section 2.2 (``svycontrast``).

    Examples
    --------
    >>> change = mean_difference([1, 2, 3], [2, 3, 4], clusters=(["a", "b", "c"], ["a", "b", "c"]))
    >>> change.value, change.se
    (1.0, 0.0)
    """
    sides = []
    for which, values in enumerate((before, after)):
        y, w, of = _prepared(
            values, None if weights is None else weights[which], None if clusters is None else clusters[which]
        )
        names = of if clusters is not None else np.array([f"{which}-{n}" for n in range(len(y))], dtype=object)
        sides.append((y, w, names))
    if not all(len(y) for y, _, _ in sides):
        return Estimate(math.nan, math.nan, math.nan, math.nan, 0, 0, "no answers in one of the rounds")
    means = [float(w @ y / w.sum()) for y, w, _ in sides]
    parts = [sign * w * (y - mean) / w.sum() for sign, mean, (y, w, _) in zip((-1, 1), means, sides, strict=True)]
    return _interval(
        means[1] - means[0], np.concatenate(parts), np.concatenate([of for _, _, of in sides]), 0, confidence
    )


def _prepared(values: Any, weights: Any, clusters: Any) -> tuple[Floats, Floats, npt.NDArray[np.object_]]:
    y = np.asarray(values, dtype=np.float64)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
    if (~(w > 0)).any():
        raise ValueError("a weight is not above 0")
    of = np.arange(len(y)).astype(object) if clusters is None else np.asarray(clusters, dtype=object)
    return y, w, of


def _interval(value: float, parts: Floats, of: npt.NDArray[np.object_], n_clusters: int, confidence: float) -> Estimate:
    """The estimate whose linearised values are `parts`."""
    names, at = np.unique(of.astype(str), return_inverse=True)
    total = np.bincount(at, weights=parts, minlength=len(names))
    groups = max(len(names), n_clusters)
    n = len(parts)
    if len(names) < 2:
        reason = "one answer" if n == 1 else "all answers are of one cluster"
        return Estimate(value, math.nan, math.nan, math.nan, n, len(names), reason)
    se = math.sqrt(groups / (groups - 1) * float(total @ total))
    half = t_quantile(confidence, groups - 1) * se
    return Estimate(value, se, value - half, value + half, n, len(names))
