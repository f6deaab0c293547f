"""Coefficients of agreement on units: plain, and corrected for chance.

All take units × coders, None or NaN where a coder did not rate a unit, and give an `Agreement`: data that leave the
coefficient undefined give NaN with a reason and raise nothing. `weights` have no default: they change the value.

Standard errors are Gwet's linearised ones, units being independent; with two coders the variance is divided by n, as
in the formulas published for two, with more by n - 1. Where `clusters` are named, `interval` is by cluster.

As published, a unit that only one coder rated counts in the standard error of all but Cohen's kappa, Scott's pi and
Krippendorff's alpha, and makes it larger: where most units are coded once, leave those out or read the jackknife.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bwa_study.analysis.agreement import Agreement, measured
from bwa_study.analysis.chance import ByCoder, Chance, HardUnits, Pairwise, Pooled, Uniform, ratio
from bwa_study.analysis.ratings import Categories, Ratings, read_ratings
from bwa_study.analysis.weights import Weights, agreement_weights


def percent_agreement(
    ratings: Any, *, weights: Weights, categories: Categories = None, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Share of pairs of ratings of the same unit that agree, 0 to 1; units weigh the same.

    Parameters
    ----------
    ratings
        Units × coders, see `bwa_study.analysis.ratings.read_ratings`.
    weights
        ``identity``, ``linear``, ``quadratic``, ``ordinal`` or a table, see `agreement_weights`.
    categories
        All that could have been chosen, in order; needed for weights that hang on their order.
    clusters
        The cluster of each unit, such as its transcript.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    Agreement
        ``expected`` is 0: nothing is taken off for chance.

    Raises
    ------
    UnknownName, ValueError
        If the weights do not exist or do not fit the values.

    Notes
    -----
    .. math:: p_a = \frac{1}{n'} \sum_{i: r_i \ge 2} \sum_k \frac{r_{ik} (r^*_{ik} - 1)}{r_i (r_i - 1)}, \quad
              r^*_{ik} = \sum_l w_{kl} r_{il}

    References
    ----------
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., chapters 3 and 5.

    Examples
    --------
    >>> percent_agreement([[1, 1], [0, 0], [1, 0], [0, 0]], weights="identity").value
    0.75
    """
    read = read_ratings(ratings, categories=categories, clusters=clusters)
    estimator = Chance(read, agreement_weights(read, weights), _divisor(read))
    return measured(f"percent agreement, {_named(weights)}", estimator, linearised=True, confidence=confidence)


def holsti(ratings: Any, *, clusters: Any = None, confidence: float = 0.95) -> Agreement:
    r"""Holsti's coefficient: twice the decisions two coders agree on, by all decisions of both; mean of all pairs.

    Where both rated the same units it is percent agreement; a unit only one of them rated counts against them. No
    standard error is published; the interval is a jackknife. Parameters and errors as in `percent_agreement`.

    Notes
    -----
    .. math:: C.R. = \frac{2M}{N_1 + N_2}

    References
    ----------
    Holsti, O. R. (1969). *Content Analysis for the Social Sciences and Humanities*, page 140.

    Examples
    --------
    >>> holsti([["a", "a"], ["b", "b"], ["b", None]]).value
    0.8
    """
    read = read_ratings(ratings, clusters=clusters)
    return measured("Holsti", Pairwise(read, light=False), linearised=False, confidence=confidence)


def cohen_kappa(
    ratings: Any, *, weights: Weights, categories: Categories = None, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Cohen's kappa of two coders, plain (``identity``) or weighted; units rated by both.

    Parameters, result and errors as in `percent_agreement`; more than two coders raise ValueError.

    Notes
    -----
    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}, \quad p_e = \sum_{k,l} w_{kl}\, p_{k+}\, p_{+l}

    References
    ----------
    Cohen, J. (1960). *Educational and Psychological Measurement* 20, 37-46. Cohen, J. (1968). *Psychological Bulletin*
    70, 213-220 (weights). Fleiss, J. L., Cohen, J. & Everitt, B. S. (1969). *Psychological Bulletin* 72, 323-327
    (standard error).

    Examples
    --------
    >>> kappa = cohen_kappa([[1, 1], [0, 0], [1, 0], [0, 0]], weights="identity")
    >>> kappa.value, kappa.expected
    (0.5, 0.5)
    >>> cohen_kappa([[0, 0], [0, 0]], weights="identity").reason
    'all 4 ratings are the same value (0), so nothing could have disagreed'
    """
    read = _two_coders(read_ratings(ratings, categories=categories, clusters=clusters), "cohen_kappa")
    estimator = ByCoder(read.only(read.shared), agreement_weights(read, weights), 0)
    name = f"Cohen's kappa, {_named(weights)}"
    return measured(name, estimator, linearised=True, confidence=confidence, lacking=read.lacking())


def scott_pi(
    ratings: Any, *, weights: Weights, categories: Categories = None, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Scott's pi of two coders; units rated by both. Parameters, result and errors as in `cohen_kappa`.

    Notes
    -----
    .. math:: \pi = \frac{p_o - p_e}{1 - p_e}, \quad p_e = \sum_{k,l} w_{kl}\, \pi_k \pi_l, \quad
              \pi_k = (p_{k+} + p_{+k})/2

    References
    ----------
    Scott, W. A. (1955). Reliability of content analysis. *Public Opinion Quarterly* 19, 321-325.
    Gwet, K. L. (2008). *British Journal of Mathematical and Statistical Psychology* 61, 29-48 (standard error).

    Examples
    --------
    >>> round(scott_pi([[1, 1], [0, 0], [1, 0], [0, 0]], weights="identity").value, 4)
    0.4667
    """
    read = _two_coders(read_ratings(ratings, categories=categories, clusters=clusters), "scott_pi")
    estimator = Pooled(read.only(read.shared), agreement_weights(read, weights), 0)
    name = f"Scott's pi, {_named(weights)}"
    return measured(name, estimator, linearised=True, confidence=confidence, lacking=read.lacking())


def fleiss_kappa(
    ratings: Any, *, weights: Weights, categories: Categories = None, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Fleiss' kappa: chance out of the distribution of all ratings. Parameters and errors as in `percent_agreement`.

    A unit with one rating counts for the distribution of categories.

    Notes
    -----
    .. math:: \kappa = \frac{p_a - p_e}{1 - p_e}, \quad p_e = \sum_{k,l} w_{kl}\, \pi_k \pi_l, \quad
              \pi_k = \frac1n \sum_i r_{ik} / r_i

    References
    ----------
    Fleiss, J. L. (1971). *Psychological Bulletin* 76, 378-382. Gwet, K. L. (2014). *Handbook of Inter-Rater
    Reliability*, 4th ed., chapters 2, 3 (weights, missing ratings) and 5 (standard error).

    Examples
    --------
    >>> round(fleiss_kappa([[1, 1, 1], [0, 0, 1], [0, 0, 0]], weights="identity").value, 4)
    0.55
    """
    return _several(Pooled, "Fleiss' kappa", ratings, weights, categories, clusters, confidence)


def conger_kappa(
    ratings: Any, *, weights: Weights, categories: Categories = None, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Conger's kappa: chance out of each coder's own distribution. Parameters and errors as in `percent_agreement`.

    With two coders who rated the same units it is Cohen's kappa.

    Notes
    -----
    .. math:: \kappa = \frac{p_a - p_e}{1 - p_e}, \quad
              p_e = \frac{1}{r(r-1)} \sum_{g \ne h} \sum_{k,l} w_{kl}\, p_{gk}\, p_{hl}

    References
    ----------
    Conger, A. J. (1980). *Psychological Bulletin* 88, 322-328. Gwet, K. L. (2014). *Handbook of Inter-Rater
    Reliability*, 4th ed., chapters 2, 3 (weights, missing ratings) and 5 (standard error).

    Examples
    --------
    >>> round(conger_kappa([[1, 1, 1], [0, 0, 1], [0, 0, 0]], weights="identity").value, 4)
    0.5714
    """
    return _several(ByCoder, "Conger's kappa", ratings, weights, categories, clusters, confidence)


def light_kappa(ratings: Any, *, clusters: Any = None, confidence: float = 0.95) -> Agreement:
    """Light's kappa: mean of Cohen's kappas of all pairs of coders. Parameters as in `holsti`.

    Undefined if the kappa of any pair is. No standard error is published; the interval is a jackknife.

    References
    ----------
    Light, R. J. (1971). Measures of response agreement for qualitative data. *Psychological Bulletin* 76, 365-377.

    Examples
    --------
    >>> round(light_kappa([[1, 1, 1], [0, 0, 1], [0, 0, 0]]).value, 4)
    0.6
    """
    read = read_ratings(ratings, clusters=clusters)
    return measured("Light's kappa", Pairwise(read, light=True), linearised=False, confidence=confidence)


def brennan_prediger(
    ratings: Any, *, weights: Weights, categories: Categories, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Brennan and Prediger's coefficient: chance is 1/q. Parameters and errors as in `percent_agreement`.

    `categories` have no default, for their number changes the value. With two it is PABAK.

    Notes
    -----
    .. math:: \frac{p_a - p_e}{1 - p_e}, \quad p_e = \frac{1}{q^2} \sum_{k,l} w_{kl}

    References
    ----------
    Brennan, R. L. & Prediger, D. J. (1981). *Educational and Psychological Measurement* 41, 687-699.

    Examples
    --------
    >>> brennan_prediger([[1, 1], [0, 0], [1, 0], [0, 0]], weights="identity", categories=(0, 1)).value
    0.5
    """
    return _several(Uniform, "Brennan-Prediger", ratings, weights, _chosen(categories), clusters, confidence)


def gwet_ac1(ratings: Any, *, categories: Categories, clusters: Any = None, confidence: float = 0.95) -> Agreement:
    r"""Gwet's AC1: `gwet_ac2` with identity weights. `categories` have no default, for their number changes the value.

    Parameters, errors and references as in `gwet_ac2`.

    Examples
    --------
    >>> round(gwet_ac1([[1, 1], [0, 0], [1, 0], [0, 0]], categories=(0, 1)).value, 4)
    0.5294
    """
    return _several(HardUnits, "Gwet's AC1", ratings, "identity", _chosen(categories), clusters, confidence)


def gwet_ac2(
    ratings: Any, *, weights: Weights, categories: Categories, clusters: Any = None, confidence: float = 0.95
) -> Agreement:
    r"""Gwet's AC2: chance only where units are hard to code. Parameters and errors as in `percent_agreement`.

    Notes
    -----
    .. math:: \gamma = \frac{p_a - p_e}{1 - p_e}, \quad
              p_e = \frac{\sum_{k,l} w_{kl}}{q(q-1)} \sum_k \pi_k (1 - \pi_k)

    References
    ----------
    Gwet, K. L. (2008). *British Journal of Mathematical and Statistical Psychology* 61, 29-48.
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., chapters 3 and 5.

    Examples
    --------
    >>> round(gwet_ac2([[1, 1], [2, 2], [1, 3], [3, 2]], weights="quadratic", categories=(1, 2, 3)).value, 4)
    0.0909
    """
    return _several(HardUnits, "Gwet's AC2", ratings, weights, _chosen(categories), clusters, confidence)


def fleiss_by_category(ratings: Any) -> pd.DataFrame:
    r"""Fleiss' kappa of each category against all others, for units that all coders rated.

    Parameters
    ----------
    ratings
        Units × coders, as of `percent_agreement`.

    Returns
    -------
    DataFrame
        ``category``, ``kappa``, ``chance_error`` (its standard error if coders agree by chance only) and ``z``; NaN
        for a category that is never or always chosen. Rows that some coder did not rate are left out.

    Notes
    -----
    .. math:: \kappa_j = 1 - \frac{\sum_i x_{ij} (r - x_{ij})}{n r (r-1) \bar p_j \bar q_j}, \quad
              SE_0 = \sqrt{\frac{2}{n r (r-1)}}

    References
    ----------
    Fleiss, J. L. (1971). *Psychological Bulletin* 76, 378-382. Fleiss, J. L., Nee, J. C. M. & Landis, J. R. (1979).
    *Psychological Bulletin* 86, 974-977.

    Examples
    --------
    >>> fleiss_by_category([["a", "a", "a"], ["b", "b", "a"], ["b", "b", "b"]])["kappa"].round(2).tolist()
    [0.55, 0.55]
    """
    read = _complete(read_ratings(ratings))
    r, n, x, count = read.patterns.shape[1], read.n_rated, read.votes, read.totals
    p = ratio(count @ x, n * r)
    kappa = 1 - ratio(count @ (x * (r - x)), n * r * (r - 1) * p * (1 - p))
    error = np.where(np.isnan(kappa), np.nan, np.sqrt(ratio(2.0, n * r * (r - 1))))
    return pd.DataFrame({"category": list(read.values), "kappa": kappa, "chance_error": error, "z": kappa / error})


def fleiss_chance_error(ratings: Any) -> float:
    r"""Standard error that Fleiss' kappa has if coders agree by chance only, for units that all coders rated.

    It tests whether there is any agreement; for an interval take the linearised error of `fleiss_kappa`. The variance
    printed in Fleiss (1971) was corrected in 1979; this is the corrected one. NaN where kappa is undefined.

    Notes
    -----
    .. math:: \frac{\sqrt2}{\sum_j p_j q_j \sqrt{n r (r-1)}}
              \sqrt{\Big(\sum_j p_j q_j\Big)^2 - \sum_j p_j q_j (q_j - p_j)}

    References
    ----------
    Fleiss, J. L., Nee, J. C. M. & Landis, J. R. (1979). *Psychological Bulletin* 86, 974-977.

    Examples
    --------
    >>> round(fleiss_chance_error([["a", "a", "a"], ["b", "b", "a"], ["b", "b", "b"]]), 4)
    0.3333
    """
    read = _complete(read_ratings(ratings))
    r, n = read.patterns.shape[1], read.n_rated
    p = ratio(read.totals @ read.votes, n * r)
    pq = p * (1 - p)
    inner = pq.sum() ** 2 - (pq * (1 - 2 * p)).sum()
    return float(ratio(np.sqrt(2 * max(inner, 0.0)), pq.sum() * np.sqrt(n * r * (r - 1))))


def _several(
    kind: type[Chance],
    name: str,
    ratings: Any,
    weights: Weights,
    categories: Categories,
    clusters: Any,
    confidence: float,
) -> Agreement:
    read = read_ratings(ratings, categories=categories, clusters=clusters)
    estimator = kind(read, agreement_weights(read, weights), _divisor(read))
    named = name if name == "Gwet's AC1" else f"{name}, {_named(weights)}"
    return measured(named, estimator, linearised=True, confidence=confidence)


def _divisor(ratings: Ratings) -> int:
    return 0 if ratings.n_coders == 2 else 1


def _named(weights: Weights) -> str:
    return f"{weights} weights" if isinstance(weights, str) else "given weights"


def _chosen(categories: Categories) -> Categories:
    if categories is None:
        raise ValueError("the number of categories changes this coefficient — name them, or say 'observed'")
    return categories


def _two_coders(ratings: Ratings, name: str) -> Ratings:
    coders = ratings.patterns.shape[1]
    if coders > 2:
        raise ValueError(f"{name} compares two coders, not {coders} — use conger_kappa, fleiss_kappa or light_kappa")
    return ratings


def _complete(ratings: Ratings) -> Ratings:
    return ratings.only(ratings.sizes == ratings.patterns.shape[1])
