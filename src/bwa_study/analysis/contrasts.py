"""Differences of shares between a few cells whose people stand in clusters, by five methods."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.clustered import (
    MOST_ENUMERATED,
    Estimate,
    share_as_large,
    sign_patterns,
    student_estimate,
    wild_cluster_p,
)
from bwa_study.analysis.gee import gee_fit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_TIE = 1e-12
MOST_RELABELLINGS = 20_000


@dataclass(frozen=True, eq=False)
class Cells:
    """People of the cells compared, for one code.

    Parameters
    ----------
    y
        1 where a person said it, else 0.
    cell
        Number of the cell of each person.
    cluster
        Number of the cluster of each person.
    weights
        Weights of the cells' shares in the difference: ``(-1, 1)``, or ``(1, -1, -1, 1)`` for a difference of
        differences (first of the reference, second of it, first of the other, second of the other).
    """

    y: Floats
    cell: Ints
    cluster: Ints
    weights: Floats

    @property
    def sizes(self) -> Floats:
        """Array cluster x cell: how many people."""
        return self._summed(np.ones(len(self.y)))

    @property
    def sums(self) -> Floats:
        """Array cluster x cell: how many of them said it."""
        return self._summed(self.y)

    @property
    def shares(self) -> Floats:
        """Share of each cell; NaN where nobody is."""
        n = self.sizes.sum(axis=0)
        return np.where(n > 0, self.sums.sum(axis=0) / np.maximum(n, 1), np.nan)

    @property
    def fewest_clusters(self) -> int:
        """Number of clusters in the cell that has the fewest."""
        return int((self.sizes > 0).sum(axis=0).min()) if len(self.y) else 0

    def _summed(self, values: Floats) -> Floats:
        k = len(self.weights)
        groups = int(self.cluster.max()) + 1 if len(self.cluster) else 0
        flat = np.bincount(self.cluster * k + self.cell, weights=values, minlength=groups * k)
        return np.asarray(flat.reshape(groups, k), dtype=np.float64)


def cr2(cells: Cells, *, confidence: float = 0.95, scale: Floats | None = None, value: float | None = None) -> Estimate:
    r"""The difference with CR2 error and Satterthwaite degrees of freedom, in closed form for shares of cells.

    Parameters
    ----------
    cells
        Every cell with at least one person.
    confidence
        Of the interval.
    scale, value
        For a function of the shares: its slope in each (weights included), and what it is; by the delta method.

    Notes
    -----
    It is `bwa_study.analysis.clustered.cluster_robust` for one indicator a cell. With :math:`n_{gk}` people of cluster
    g in cell k, :math:`N_k` in all and :math:`r_{gk}` the sum of their residuals,

    .. math:: V = \sum_g \Bigl(\sum_k \frac{c_k}{N_k} \frac{r_{gk}}{\sqrt{1 - n_{gk}/N_k}}\Bigr)^2

    A cell that one cluster holds alone adds nothing to V; callers must refuse it.

    References
    ----------
    Bell & McCaffrey (2002); Pustejovsky & Tipton (2018); see `bwa_study.analysis.clustered`.
    """
    n, s = cells.sizes, cells.sums
    of = n.sum(axis=0)
    share = s.sum(axis=0) / of
    slopes = cells.weights if scale is None else scale
    spread = 1 - n / of
    with np.errstate(divide="ignore"):
        a = np.where(spread > _TIE, slopes / of / np.sqrt(np.maximum(spread, _TIE)), 0.0)
    variance = float(np.square((a * (s - n * share)).sum(axis=1)).sum())
    cross = n * a / np.sqrt(of)
    products = np.diag((n * a * a).sum(axis=1)) - cross @ cross.T
    square = float(np.square(products).sum())
    df = float(np.trace(products)) ** 2 / square if square > _TIE**2 else math.nan
    return student_estimate(float(cells.weights @ share) if value is None else value, variance, df, confidence)


def ratio(cells: Cells, *, odds: bool, confidence: float = 0.95) -> tuple[float, float, float]:
    """Ratio of the shares (or of their odds) with its interval; of a difference of differences, ratio of the ratios.

    The interval is CR2's for the logarithm, by the delta method. All are NaN where a share is 0 (or, for odds, 1).
    """
    share = cells.shares
    if not ((share > 0) & ((share < 1) | (not odds))).all():
        return math.nan, math.nan, math.nan
    logs = np.log(share / (1 - share)) if odds else np.log(share)
    slopes = cells.weights / (share * (1 - share) if odds else share)
    found = cr2(cells, confidence=confidence, scale=slopes, value=float(cells.weights @ logs))
    return math.exp(found.value), math.exp(found.low), math.exp(found.high)


def bootstrap_shares(sizes: Floats, sums: Floats, *, draws: int, seed: int) -> Floats:
    """Shares of so many bootstrap samples of whole clusters: array draw x cell, NaN where a sample has nobody.

    Each sample draws as many clusters as there are, with replacement; how often each is drawn is one row of counts, so
    all samples of all cells are two products of matrices.

    Parameters
    ----------
    sizes, sums
        Arrays cluster x cell: people, and how many of them said it. Cells may be of many codes at once.
    """
    groups = len(sizes)
    counts = np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=draws).astype(np.float64)
    drawn, said = counts @ sizes, counts @ sums
    return np.divide(said, drawn, out=np.full_like(drawn, np.nan), where=drawn > 0)


def bootstrap(cells: Cells, *, draws: int = 9999, seed: int = 1, confidence: float = 0.95) -> Estimate:
    """The difference with a percentile interval by bootstrap of clusters; p is where the interval would reach 0.

    References
    ----------
    Field, C. A. & Welsh, A. H. (2007). Bootstrapping clustered data. *JRSS B* 69, 369-390.
    """
    found = bootstrap_shares(cells.sizes, cells.sums, draws=draws, seed=seed) @ cells.weights
    found = found[~np.isnan(found)]
    value = float(cells.weights @ cells.shares)
    if len(found) < draws / 2 or np.ptp(found) < _TIE:
        return Estimate(value, math.nan, math.nan, math.nan, math.nan, math.nan)
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    below, above = (1 + (found <= 0).sum()) / (1 + len(found)), (1 + (found >= 0).sum()) / (1 + len(found))
    p = float(min(1.0, 2 * min(below, above)))
    return Estimate(value, float(found.std(ddof=1)), math.nan, p, float(low), float(high))


def permutation_p(cells: Cells, *, draws: int = 9999, seed: int = 1) -> float:
    r"""Two-sided p by exchanging labels of whole clusters; NaN where no exchange is defined.

    Where each cluster has people in both cells (rounds, groups), the two labels are swapped or not, cluster by cluster;
    where each cluster is in one of two arms, the arms are dealt anew. A difference of differences deals the arms of
    the clusters' own differences. All exchanges are enumerated where they are few, else drawn.

    Notes
    -----
    Swaps compare :math:`|\sum_g w_g (\bar y_{g2} - \bar y_{g1})|` with :math:`w_g = n_{g1} n_{g2} / (n_{g1} + n_{g2})`,
    deals the difference of the arms' means. It is valid and cautious: ties count as at least as large.
    """
    n, s = cells.sizes, cells.sums
    here = np.asarray(n > 0)
    if n.shape[1] == 2 and not (here.all(axis=1)).any():
        arm = here[:, 1]
        return _dealt(s.sum(axis=1), n.sum(axis=1), arm, draws, seed)
    if n.shape[1] == 2:
        return _swapped(n, s, draws, seed)
    first, second = np.asarray(here[:, :2].any(axis=1)), np.asarray(here[:, 2:].any(axis=1))
    if (first & second).any():
        return _swapped_differences(n, s, draws, seed)
    own = np.where(second[:, None], n[:, 2:], n[:, :2])
    said = np.where(second[:, None], s[:, 2:], s[:, :2])
    whole = np.asarray((own > 0).all(axis=1))
    if whole[first].sum() < 1 or whole[second].sum() < 1:
        return math.nan
    own, said, arm = own[whole], said[whole], second[whole]
    weight = own.prod(axis=1) / own.sum(axis=1)
    change = said[:, 1] / own[:, 1] - said[:, 0] / own[:, 0]
    return _dealt(weight * change, weight, arm, draws, seed)


def _swapped(n: Floats, s: Floats, draws: int, seed: int) -> float:
    both = (n > 0).all(axis=1)
    n, s = n[both], s[both]
    pulls = (s[:, 1] * n[:, 0] - s[:, 0] * n[:, 1]) / n.sum(axis=1)
    return _sign_p(pulls, draws, seed)


def _swapped_differences(n: Floats, s: Floats, draws: int, seed: int) -> float:
    """Every cluster has all four cells, such as a gap of groups that changed: its own difference of differences."""
    whole = (n > 0).all(axis=1)
    if whole.sum() < 2:
        return math.nan
    means = s[whole] / n[whole]
    own = means @ np.array([1.0, -1.0, -1.0, 1.0])
    return _sign_p(own / (1 / n[whole]).sum(axis=1), draws, seed)


def _sign_p(pulls: Floats, draws: int, seed: int) -> float:
    moving = pulls[np.abs(pulls) > _TIE]
    if not len(pulls):
        return math.nan
    if not len(moving):
        return 1.0
    sizes = np.abs(sign_patterns(len(moving), draws, seed) @ moving)
    return share_as_large(sizes, enumerated=len(moving) <= MOST_ENUMERATED)


def _dealt(sums: Floats, sizes: Floats, arm: npt.NDArray[np.bool_], draws: int, seed: int) -> float:
    """p of the difference of two arms' means when the arms are dealt anew to the clusters."""
    of = int(arm.sum())
    ways = math.comb(len(arm), of)
    if not 0 < of < len(arm):
        return math.nan
    labels = _deals(arm, of, ways, draws, seed)
    said, people = labels @ sums, labels @ sizes
    differences = said / people - (sums.sum() - said) / (sizes.sum() - people)
    if np.ptp(differences) < _TIE:
        return 1.0
    return share_as_large(np.abs(differences), enumerated=ways <= MOST_RELABELLINGS)


def _deals(arm: npt.NDArray[np.bool_], of: int, ways: int, draws: int, seed: int) -> Floats:
    """Rows of 1 (second arm) and 0, the true one first; all of them or so many random ones."""
    from itertools import combinations

    if ways <= MOST_RELABELLINGS:
        true = tuple(np.flatnonzero(arm))
        chosen = [true, *(c for c in combinations(range(len(arm)), of) if c != true)]
        out = np.zeros((len(chosen), len(arm)))
        out[np.arange(len(chosen))[:, None], np.array(chosen)] = 1.0
        return out
    random = np.random.default_rng(seed).permuted(np.tile(arm.astype(np.float64), (draws, 1)), axis=1)
    return np.concatenate([arm.astype(np.float64)[None], random])


def wild_p(cells: Cells, *, draws: int = 9999, seed: int = 1) -> float:
    """p by the wild cluster bootstrap; see `bwa_study.analysis.clustered.wild_cluster_p`."""
    design = np.eye(len(cells.weights))[cells.cell]
    return wild_cluster_p(cells.y, design, cells.cluster, contrast=cells.weights, draws=draws, seed=seed)


def gee(cells: Cells, *, confidence: float = 0.95) -> Estimate:
    """The difference by a logistic GEE with exchangeable people in a cluster, Mancl and DeRouen's error, normal p.

    The model has one coefficient a cell; the difference of the shares it fits gets its error by the delta method. All
    are NaN where a share is 0 or 1, or the fit does not settle.

    References
    ----------
    Liang, K.-Y. & Zeger, S. L. (1986). *Biometrika* 73, 13-22. Mancl, L. A. & DeRouen, T. A. (2001). *Biometrics* 57,
    126-134.
    """
    from scipy import stats

    nothing = Estimate(float(cells.weights @ cells.shares), math.nan, math.nan, math.nan, math.nan, math.nan)
    share = cells.shares
    if not ((share > 0) & (share < 1)).all():
        return nothing
    fitted = gee_fit(cells.y, np.eye(len(share))[cells.cell], cells.cluster)
    if fitted is None:
        return nothing
    beta, covariance = fitted
    fitted_share = 1 / (1 + np.exp(-beta))
    slopes = cells.weights * fitted_share * (1 - fitted_share)
    value, variance = float(cells.weights @ fitted_share), float(slopes @ covariance @ slopes)
    if not variance > _TIE:
        return nothing
    error = math.sqrt(variance)
    half = float(stats.norm.ppf((1 + confidence) / 2)) * error
    return Estimate(value, error, math.inf, float(2 * stats.norm.sf(abs(value) / error)), value - half, value + half)


METHODS: dict[str, Callable[[Cells], Estimate]] = {
    "CR2": cr2,
    "GEE": gee,
    "bootstrap": bootstrap,
    "permutation": lambda cells: _with_p(cells, permutation_p(cells)),
    "wild bootstrap": lambda cells: _with_p(cells, wild_p(cells)),
}
"""By name; permutation and the wild bootstrap give p, the interval beside it is CR2's."""


def _with_p(cells: Cells, p: float) -> Estimate:
    found = cr2(cells)
    return Estimate(found.value, found.error, found.df, p, found.low, found.high)
