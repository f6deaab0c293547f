"""A measured agreement with what is needed to trust it: its numbers, its intervals, or why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from bwa_study.analysis.chance import Estimator
from bwa_study.analysis.ratings import Floats, Ratings
from bwa_study.analysis.student import t_quantile
from bwa_study.model.errors import UnknownName

By = Literal["unit", "cluster"]
_CELLS = 4_000_000
_NOTHING_VARIES = "the coefficient is the same whatever is left out, so nothing tells how far it could move"


@dataclass(frozen=True)
class Interval:
    """Lower and upper end; both NaN, with `reason`, where the data allow none.

    Parameters
    ----------
    low, high
        Ends, unrounded.
    confidence
        Between 0 and 1.
    method
        How it was made, in words.
    draws, undefined_draws
        Of a bootstrap: how many resamples were drawn, and in how many of them the coefficient was undefined; those are
        left out of the percentiles.
    reason
        Why there is none; empty if there is one.
    """

    low: float
    high: float
    confidence: float
    method: str
    draws: int = 0
    undefined_draws: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Agreement:
    """A coefficient of agreement.

    Parameters
    ----------
    name
        What was measured, with its weights or level.
    value
        At most 1; NaN, with `reason`, where undefined.
    observed, expected
        Agreement found and expected by chance; of Krippendorff's alpha the *disagreements*. NaN where undefined.
    standard_error
        By the published formula, units being independent; NaN where none is published or the value is undefined.
    n_units
        Units with at least two ratings; `n_rated` counts those with at least one.
    n_coders
        Coders with at least one rating.
    n_pairable
        Ratings of units with at least two.
    n_clusters
        Clusters with at least one unit of two ratings; 0 where no clusters were named.
    prevalence_index, bias_index
        Of two categories only, else NaN. Prevalence: share of the second category less share of the first, -1 to 1
        (0: both equally frequent). Bias: how far apart the coders' shares of the second category are at most, 0 to 1.
        Byrt, Bishop & Carlin (1993), *Journal of Clinical Epidemiology* 46, 423-429.
    reason
        Why the value is undefined; empty if it is not.
    interval
        By cluster (`jackknife`) where clusters were named, and always so for Krippendorff's alpha; else `linearised`.
    """

    name: str
    value: float
    observed: float
    expected: float
    standard_error: float
    n_units: int
    n_rated: int
    n_coders: int
    n_pairable: int
    n_clusters: int
    prevalence_index: float
    bias_index: float
    reason: str
    interval: Interval = field(compare=False)
    _estimator: Estimator = field(repr=False, compare=False)

    @property
    def shares(self) -> dict[Any, float]:
        """Prevalence: the share of each category among all ratings, in the order of the categories; NaN without any."""
        ratings = self._estimator.ratings
        votes = ratings.totals @ ratings.votes
        total = float(votes.sum()) or math.nan
        return {value: float(n) / total for value, n in zip(ratings.values, votes, strict=True)}

    def linearised(self, *, confidence: float = 0.95) -> Interval:
        """Value ± t · standard error, cut at 1; t has one degree of freedom less than there are rated units.

        Units count as independent: for turns of the same transcripts it is too narrow.

        References
        ----------
        Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., chapter 5.
        """
        return _linearised(self._estimator, self.value, self.standard_error, self.reason, confidence)

    def jackknife(self, *, by: By | None = None, confidence: float = 0.95) -> Interval:
        r"""Interval by leaving out one cluster (or unit) at a time.

        Parameters
        ----------
        by
            ``cluster`` or ``unit``; None: by cluster where clusters were named.
        confidence
            Between 0 and 1.

        Returns
        -------
        Interval
            Undefined with fewer than two clusters, if nothing varies, or if leaving one out leaves nothing defined.

        Raises
        ------
        UnknownName
            If `by` is something else, or is ``cluster`` and no clusters were named.

        Notes
        -----
        .. math:: g = \log(1 - \hat\alpha), \quad v = \frac{T-1}{T} \sum_t (g_{(t)} - \bar g)^2, \quad
                  1 - \exp(g \pm t_{T-1} \sqrt v)

        Where leaving out one cluster leaves no disagreement, the logarithm does not exist; the same is then done with
        the value itself, and `method` says so.

        References
        ----------
        Efron, B. & Tibshirani, R. (1993). *An Introduction to the Bootstrap*, chapter 11 (the jackknife).
        """
        clusters = self._by(by)
        return _jackknife(self._estimator, self.value, self.reason, clusters, confidence)

    def bootstrap(
        self, *, by: By | None = None, draws: int = 1000, seed: int = 1, confidence: float = 0.95
    ) -> Interval:
        """Percentile interval of resampled clusters (or units).

        Parameters
        ----------
        by
            ``cluster`` or ``unit``; None: by cluster where clusters were named. By unit it takes turns of one
            transcript for independent and is too narrow for them.
        draws
            How many resamples.
        seed
            The same seed gives the same interval.
        confidence
            Between 0 and 1.

        Returns
        -------
        Interval
            Undefined where the value is, with fewer than two clusters, or if most resamples are undefined.

        Raises
        ------
        UnknownName
            If `by` is something else, or is ``cluster`` and no clusters were named.
        ValueError
            If `draws` is below 1.

        References
        ----------
        Efron, B. & Tibshirani, R. (1993). *An Introduction to the Bootstrap*, chapter 13.
        """
        if draws < 1:
            raise ValueError(f"a bootstrap of {draws} draws; at least 1 is needed")
        return _bootstrap(self._estimator, self.reason, self._by(by), draws, seed, confidence)

    def _by(self, by: By | None) -> bool:
        clustered = self._estimator.ratings.clustered
        known = ("unit", "cluster") if clustered else ("unit",)
        if by is not None and by not in known:
            raise UnknownName("way to resample", by, known)
        return clustered if by is None else by == "cluster"


def measured(name: str, estimator: Estimator, *, linearised: bool, confidence: float, lacking: str = "") -> Agreement:
    """Run an estimator; `lacking` is why nothing can be measured, where the caller knows better than the ratings."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    ratings = estimator.ratings
    value = observed = expected = error = math.nan
    reason = lacking or ratings.lacking()
    if not reason:
        value, observed, expected = (float(one[0]) for one in estimator.parts(ratings.totals[None]))
        reason = estimator.undefined() if math.isnan(value) else ""
    if not reason:
        error = _standard_error(estimator)
    prevalence, bias = _prevalence_and_bias(ratings)
    if linearised and not ratings.clustered:
        interval = _linearised(estimator, value, error, reason, confidence)
    else:
        interval = _jackknife(estimator, value, reason, ratings.clustered, confidence)
    return Agreement(
        name=name,
        value=value,
        observed=observed,
        expected=expected,
        standard_error=error,
        n_units=ratings.n_units,
        n_rated=ratings.n_rated,
        n_coders=ratings.n_coders,
        n_pairable=ratings.n_pairable,
        n_clusters=ratings.n_clusters,
        prevalence_index=prevalence,
        bias_index=bias,
        reason=reason,
        interval=interval,
        _estimator=estimator,
    )


def _standard_error(estimator: Estimator) -> float:
    pull, n = estimator.influence(), estimator.ratings.n_rated
    if pull is None or n < 2:
        return math.nan
    return math.sqrt(float(estimator.ratings.totals @ pull**2) / (n * (n - estimator.divisor)))


def _prevalence_and_bias(ratings: Ratings) -> tuple[float, float]:
    if len(ratings.values) != 2 or ratings.lacking():
        return math.nan, math.nan
    votes = ratings.totals @ ratings.votes
    shares = []
    for of_coder in ratings.patterns.T:
        n = float(ratings.totals @ (of_coder >= 0))
        if n:
            shares.append(float(ratings.totals @ (of_coder == 1)) / n)
    return float((votes[1] - votes[0]) / votes.sum()), max(shares) - min(shares)


def _linearised(estimator: Estimator, value: float, error: float, reason: str, confidence: float) -> Interval:
    method = "value ± t · linearised standard error, units as if independent"
    n = estimator.ratings.n_rated
    if not reason and math.isnan(error):
        reason = "no standard error is published for it" if n > 1 else "there is only one unit"
    if not reason and n < 2:
        reason = "there is only one unit"
    if not reason and error <= 1e-12:
        reason = _NOTHING_VARIES
    if reason:
        return Interval(math.nan, math.nan, confidence, method, reason=reason)
    half = t_quantile(confidence, n - 1) * error
    return Interval(value - half, min(value + half, 1.0), confidence, method)


def _left_out(ratings: Ratings, clusters: bool) -> Iterator[Floats]:
    """Counts without one cluster, or without one unit of each pattern, in blocks of rows."""
    if clusters:
        yield from (ratings.totals - block for block in _blocks(ratings.counts))
        return
    n = len(ratings.totals)
    step = max(1, _CELLS // max(1, n))
    for at in range(0, n, step):
        yield ratings.totals - np.eye(min(step, n - at), n, at)


def _jackknife(estimator: Estimator, value: float, reason: str, clusters: bool, confidence: float) -> Interval:
    ratings, what = estimator.ratings, "cluster" if clusters else "unit"
    n = ratings.n_clusters if clusters else ratings.n_units
    if not reason and n < 2:
        reason = f"there is only one {what}"
    if reason:
        return Interval(math.nan, math.nan, confidence, _jackknifed(what, n), reason=reason)
    values = np.concatenate([estimator.parts(counts).value for counts in _left_out(ratings, clusters)])
    weight = np.ones(len(values)) if clusters else ratings.totals
    return jackknife_interval(value, values, weight, n=n, what=what, confidence=confidence)


def _jackknifed(what: str, n: int) -> str:
    return f"jackknife by {what}, t with {n - 1} degrees of freedom, of log(1 - value)"


def jackknife_interval(
    value: float, left_out: Floats, weight: Floats, *, n: int, what: str, confidence: float
) -> Interval:
    """Interval out of the values without one `what` each, `weight` being how many of them a value stands for.

    See `Agreement.jackknife` for the formula; `n` less one are the degrees of freedom.
    """
    method = _jackknifed(what, n)
    if np.isnan(left_out).any():
        reason = f"without one of the {what}s the coefficient is undefined, so all hangs on that {what}"
        return Interval(math.nan, math.nan, confidence, method, reason=reason)
    on_log = bool((left_out < 1).all()) and value < 1
    g = np.log(1 - left_out) if on_log else left_out
    total = weight.sum()
    centre = float(weight @ g) / total
    error = math.sqrt((total - 1) / total * float(weight @ (g - centre) ** 2))
    if error <= 1e-12:
        return Interval(math.nan, math.nan, confidence, method, reason=_NOTHING_VARIES)
    half = t_quantile(confidence, n - 1) * error
    if on_log:
        at = math.log(1 - value)
        return Interval(1 - math.exp(at + half), 1 - math.exp(at - half), confidence, method)
    method = f"jackknife by {what}, t with {n - 1} degrees of freedom, of the value (one {what} holds all disagreement)"
    return Interval(value - half, min(value + half, 1.0), confidence, method)


def _bootstrap(estimator: Estimator, reason: str, clusters: bool, draws: int, seed: int, confidence: float) -> Interval:
    ratings, what = estimator.ratings, "cluster" if clusters else "unit"
    method = f"percentiles of {draws} resamples by {what}"
    n = ratings.n_clusters if clusters else ratings.n_units
    if not reason and n < 2:
        reason = f"there is only one {what}"
    if reason:
        return Interval(math.nan, math.nan, confidence, method, draws=draws, reason=reason)
    rng = np.random.default_rng(seed)
    if clusters:
        t = len(ratings.counts)
        drawn = rng.multinomial(t, np.full(t, 1 / t), size=draws).astype(np.float64)
        blocks = (block @ ratings.counts for block in _blocks(drawn, width=len(ratings.totals)))
    else:
        total = int(ratings.totals.sum())
        rows = max(1, _CELLS // max(1, len(ratings.totals)))
        sizes = [min(rows, draws - at) for at in range(0, draws, rows)]
        blocks = (rng.multinomial(total, ratings.totals / total, size=k).astype(np.float64) for k in sizes)
    values = np.concatenate([estimator.parts(block).value for block in blocks])
    good = values[~np.isnan(values)]
    lost = draws - len(good)
    if lost * 2 > draws:
        reason = f"the coefficient is undefined in {lost} of {draws} resamples"
        return Interval(math.nan, math.nan, confidence, method, draws, lost, reason)
    low, high = np.quantile(good, [(1 - confidence) / 2, (1 + confidence) / 2])
    if high - low <= 1e-12:
        return Interval(math.nan, math.nan, confidence, method, draws, lost, _NOTHING_VARIES)
    return Interval(float(low), float(high), confidence, method, draws, lost)


def _blocks(rows: Floats, *, width: int = 0) -> Iterator[Floats]:
    """The rows in blocks that stay small in memory."""
    step = max(1, _CELLS // max(1, rows.shape[1], width))
    for at in range(0, max(1, len(rows)), step):
        yield rows[at : at + step]
