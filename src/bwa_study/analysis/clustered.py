"""Linear models of people in sites: cluster-robust errors for few clusters, and the wild cluster bootstrap."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bwa_study.model.errors import UnknownName, WrongCall

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Kind = Literal["CR0", "CR1", "CR1S", "CR2"]
KINDS: tuple[Kind, ...] = ("CR0", "CR1", "CR1S", "CR2")
MOST_ENUMERATED = 12
"""Up to so many clusters all sign patterns of the wild bootstrap are enumerated, and p is exact."""
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """One contrast of coefficients.

    Parameters
    ----------
    value
        The contrast, in the units of y.
    error
        Cluster-robust standard error; 0 where the clusters do not differ.
    df
        Satterthwaite degrees of freedom; NaN where they are not defined.
    p
        Two-sided, from Student's t; NaN where the error is 0 or not defined.
    low, high
        Ends of the interval.
    """

    value: float
    error: float
    df: float
    p: float
    low: float
    high: float


def cluster_robust(
    y: Sequence[float] | Floats,
    design: Floats,
    clusters: Sequence[object] | npt.NDArray[np.generic],
    *,
    contrast: Sequence[float] | Floats,
    kind: Kind = "CR2",
    confidence: float = 0.95,
) -> Estimate:
    r"""Ordinary least squares with an error that lets people of one cluster be alike.

    Parameters
    ----------
    y
        One number a person; of 0 and 1 it makes this the linear probability model.
    design
        Array person x coefficient, of full column rank.
    clusters
        The cluster of each person.
    contrast
        Weights of the coefficients; ``[0, 1]`` is the second one.
    kind
        ``CR2`` is unbiased where people are independent, and the one to use with few clusters; ``CR0`` is the plain
        sandwich, ``CR1`` it times G/(G-1), ``CR1S`` times G(n-1)/((G-1)(n-k)), as Stata prints.
    confidence
        Of the interval.

    Returns
    -------
    Estimate

    Raises
    ------
    WrongCall
        If lengths differ, there are fewer than two clusters, or the design has not full rank.
    UnknownName
        If there is no such kind.

    Notes
    -----
    With :math:`M = (X'X)^{-1}`, residuals :math:`e_g` and :math:`A_g = (I - X_g M X_g')^{-1/2}` (symmetric; Moore and
    Penrose's inverse where a cluster alone holds a coefficient),

    .. math:: V^{CR2} = \sum_g (c'M X_g' A_g e_g)^2, \qquad
              \nu = \frac{(\sum_g p_g'p_g)^2}{\sum_{g,h} (p_g'p_h)^2}, \quad p_g = (I - H)_g' A_g X_g M c

    The degrees of freedom take independent people of one variance as the working model.

    References
    ----------
    Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
    samples. *Survey Methodology* 28, 169-181. Pustejovsky, J. E. & Tipton, E. (2018). Small-sample methods for
    cluster-robust variance estimation and hypothesis testing in fixed effects models. *JBES* 36, 672-683.

    Examples
    --------
    >>> y = np.array([0.0, 1, 0, 0, 1, 1, 0, 1])
    >>> x = np.column_stack([np.ones(8), [0, 0, 0, 0, 1, 1, 1, 1]])
    >>> found = cluster_robust(y, x, list("aabbccdd"), contrast=[0, 1])
    >>> round(found.value, 2), round(found.df, 1)
    (0.5, 2.0)
    """
    fit = _fitted(y, design, clusters, kind)
    c = np.asarray(contrast, dtype=np.float64)
    weights = fit.design @ (fit.inverse @ c)
    pulls, lever = [], []
    for rows in fit.members:
        a = _adjustment(fit, rows, kind) @ weights[rows]
        pulls.append(float(a @ fit.residuals[rows]))
        p = -fit.design @ (fit.inverse @ (fit.design[rows].T @ a))
        p[rows] += a
        lever.append(p)
    variance = fit.factor * float(np.square(pulls).sum())
    return student_estimate(float(c @ fit.beta), variance, degrees(np.array(lever)), confidence)


def degrees(lever: Floats) -> float:
    """Satterthwaite's degrees of freedom of vectors, a row a cluster; see `cluster_robust`."""
    products = lever @ lever.T
    square = float(np.square(products).sum())
    return float(np.trace(products)) ** 2 / square if square > _TIE**2 else math.nan


def student_estimate(value: float, variance: float, df: float, confidence: float) -> Estimate:
    """An estimate with its interval and p by Student's t; both NaN where the variance is 0 or df not defined."""
    from scipy import stats

    if math.isnan(value) or not variance > _TIE**2 or math.isnan(df):
        error = math.nan if math.isnan(value) or math.isnan(variance) else math.sqrt(max(variance, 0.0))
        return Estimate(value, error, df, math.nan, math.nan, math.nan)
    error = math.sqrt(variance)
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * error
    p = float(2 * stats.t.sf(abs(value) / error, df))
    return Estimate(value, error, df, p, value - half, value + half)


def wild_cluster_p(
    y: Sequence[float] | Floats,
    design: Floats,
    clusters: Sequence[object] | npt.NDArray[np.generic],
    *,
    contrast: Sequence[float] | Floats,
    draws: int = 9999,
    seed: int = 1,
) -> float:
    r"""Two-sided p of "the contrast is 0", by the wild cluster bootstrap with the null imposed.

    Parameters
    ----------
    y, design, clusters, contrast
        As in `cluster_robust`.
    draws, seed
        Random sign patterns where there are more than 12 clusters; with fewer all are enumerated.

    Returns
    -------
    float
        0 to 1. With G clusters it cannot be below :math:`2^{1-G}`: with five or fewer it never says anything at 5%.

    Raises
    ------
    WrongCall
        As in `cluster_robust`.

    Notes
    -----
    Residuals of the fit under the null are multiplied by +1 or -1, one sign a cluster (Rademacher), and the CR1
    t-value is taken anew; p is the share of sign patterns with one at least as large, ties counted.

    References
    ----------
    Cameron, A. C., Gelbach, J. B. & Miller, D. L. (2008). Bootstrap-based improvements for inference with clustered
    errors. *Review of Economics and Statistics* 90, 414-427.

    Examples
    --------
    >>> y = np.array([0.0, 1, 0, 0, 1, 1, 0, 1])
    >>> x = np.column_stack([np.ones(8), [0, 0, 0, 0, 1, 1, 1, 1]])
    >>> wild_cluster_p(y, x, list("aabbccdd"), contrast=[0, 1])
    0.5
    """
    fit = _fitted(y, design, clusters, "CR1")
    c = np.asarray(contrast, dtype=np.float64)
    pull = fit.inverse @ c
    restricted = fit.beta - pull * (c @ fit.beta) / (c @ pull)
    left = np.asarray(y, dtype=np.float64) - fit.design @ restricted
    scores = np.array([fit.design[rows].T @ left[rows] for rows in fit.members])
    shares = np.array([fit.design[rows].T @ (fit.design[rows] @ pull) for rows in fit.members])
    signs = sign_patterns(len(fit.members), draws, seed)
    moved = signs @ scores @ fit.inverse
    own = signs * (scores @ pull)
    error = np.sqrt(np.square(own - moved @ shares.T).sum(axis=1))
    size = np.abs(moved @ c)
    t = np.where(error > _TIE, size / np.maximum(error, _TIE), np.where(size > _TIE, np.inf, 0.0))
    return share_as_large(t, enumerated=len(fit.members) <= MOST_ENUMERATED)


def sign_patterns(clusters: int, draws: int, seed: int) -> Floats:
    """Rows of +1 and -1, one a cluster, the row without any change first; all of them, or so many random ones."""
    if clusters <= MOST_ENUMERATED:
        return np.array(list(itertools.product((1.0, -1.0), repeat=clusters)))
    random = np.random.default_rng(seed).choice((1.0, -1.0), size=(draws, clusters))
    return np.concatenate([np.ones((1, clusters)), random])


def share_as_large(sizes: Floats, *, enumerated: bool) -> float:
    """Share of sizes that are at least the first one, which is the true one; of random draws it counts as one more.

    References
    ----------
    Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. *SAGMB* 9, 39.
    """
    as_large = sizes >= sizes[0] * (1 - _TIE) - _TIE
    return float(as_large.mean()) if enumerated else float((1 + as_large[1:].sum()) / len(sizes))


@dataclass(frozen=True, slots=True)
class _Fit:
    design: Floats
    inverse: Floats
    beta: Floats
    residuals: Floats
    members: tuple[Ints, ...]
    factor: float


def _fitted(
    y: Sequence[float] | Floats, design: Floats, clusters: Sequence[object] | npt.NDArray[np.generic], kind: str
) -> _Fit:
    if kind not in KINDS:
        raise UnknownName("kind of error", kind, KINDS)
    x = np.asarray(design, dtype=np.float64)
    out = np.asarray(y, dtype=np.float64)
    labels = np.asarray(clusters)
    if x.ndim != 2 or not len(x) == len(out) == len(labels):
        raise WrongCall(f"y, design and clusters have {len(out)}, {len(x)} and {len(labels)} rows — give one a person")
    _, at = np.unique(labels, return_inverse=True)
    n, k, groups = len(x), x.shape[1], int(at.max()) + 1 if len(at) else 0
    if groups < 2:
        raise WrongCall(f"a cluster-robust error needs 2 clusters or more, found {groups}")
    if np.linalg.matrix_rank(x) < k:
        raise WrongCall(f"the design has {k} columns and rank {np.linalg.matrix_rank(x)} — leave out what repeats")
    inverse = np.asarray(np.linalg.inv(x.T @ x), dtype=np.float64)
    beta = inverse @ (x.T @ out)
    factor = {
        "CR1": groups / (groups - 1),
        "CR1S": groups * (n - 1) / ((groups - 1) * (n - k)) if n > k else math.nan,
    }.get(kind, 1.0)
    return _Fit(
        x,
        inverse,
        beta,
        np.asarray(out - x @ beta, dtype=np.float64),
        tuple(np.flatnonzero(at == g) for g in range(groups)),
        factor,
    )


def _adjustment(fit: _Fit, rows: Ints, kind: str) -> Floats:
    """The matrix A of a cluster; see `cluster_robust`."""
    if kind != "CR2":
        return np.eye(len(rows))
    x = fit.design[rows]
    values, vectors = np.linalg.eigh(np.eye(len(rows)) - x @ fit.inverse @ x.T)
    root = np.where(values > _TIE, 1 / np.sqrt(np.maximum(values, _TIE)), 0.0)
    return np.asarray((vectors * root) @ vectors.T)
