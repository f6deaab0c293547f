"""Effect sizes of many reorderings of the outcome at once, for the permutation test of a ceiling."""

from __future__ import annotations

import math

import numpy as np

from bwa_study.analysis.necessity.ceilings import Floats, Kind, Scope, ceiling, line_zones, scope_of

TESTED: tuple[Kind, ...] = ("ce_fdh", "cr_fdh", "c_lp", "cols", "ols")
"""Ceilings with a permutation test."""


def permutation_p(
    x: Floats, y: Floats, kinds: tuple[Kind, ...], *, permutations: int, seed: int
) -> dict[Kind, tuple[float, float]]:
    """By ceiling the share of random orders of the outcome with an effect size as large, and its Monte Carlo error.

    The observed order counts as one of the draws. A line that does not rise has no empty space and counts as 0.

    References
    ----------
    Dul, van der Laan & Kuik (2020), Organizational Research Methods 23, 385-395.
    """
    wanted = [kind for kind in kinds if kind in TESTED]
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    drawn = np.random.default_rng(seed).permuted(np.tile(y, (permutations, 1)), axis=1)
    out = {}
    for kind in wanted:
        observed = np.nan_to_num(ceiling(kind, x, y).zone(scope_of(x, y)))
        hits = int((np.nan_to_num(zones(kind, x, drawn)) >= observed - 1e-9 * scope_of(x, y).area).sum())
        p = (hits + 1) / (permutations + 1)
        out[kind] = p, math.sqrt(p * (1 - p) / permutations)
    return out


def zones(kind: Kind, x: Floats, drawn: Floats) -> Floats:
    """Area above the ceiling for each row of outcomes; `x` rises.

    Examples
    --------
    >>> x, y = np.array([1.0, 2, 3]), np.array([[1.0, 3, 2], [3.0, 1, 2]])
    >>> zones("ce_fdh", x, y).tolist()
    [2.0, 0.0]
    """
    scope = Scope(float(x[0]), float(x[-1]), float(drawn[0].min()), float(drawn[0].max()))
    if kind in ("ols", "cols"):
        slopes = ((drawn - drawn.mean(axis=1, keepdims=True)) @ (x - x.mean())) / ((x - x.mean()) ** 2).sum()
        intercepts = drawn.mean(axis=1) - slopes * x.mean()
        if kind == "cols":
            intercepts += (drawn - intercepts[:, None] - slopes[:, None] * x).max(axis=1)
        return line_zones(slopes, intercepts, scope)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(x) > 0]))
    at, tops = x[starts], np.maximum.reduceat(drawn, starts, axis=1)
    if kind == "c_lp":
        return line_zones(*_hull_edges(at, tops, float(x.mean())), scope)
    highest = np.maximum.accumulate(tops, axis=1)
    if kind == "ce_fdh":
        return np.asarray((scope.y_high - highest[:, :-1]) @ np.diff(at))
    new = np.column_stack([np.ones(len(tops), dtype=bool), highest[:, 1:] > highest[:, :-1]]).astype(float)
    count = new.sum(axis=1)
    x_mean = (new @ at) / count
    y_mean = (new * tops).sum(axis=1) / count
    away = new * (at - x_mean[:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = (away * (tops - y_mean[:, None])).sum(axis=1) / (away**2).sum(axis=1)
    return line_zones(slopes, y_mean - slopes * x_mean, scope)


def _hull_edges(at: Floats, tops: Floats, middle: float) -> tuple[Floats, Floats]:
    """Slope and intercept of the upper hull's edge over the mean of x: the line of the linear programme."""
    left, right = np.flatnonzero(at <= middle), np.flatnonzero(at > middle)
    pairs = np.array([(i, j) for i in left for j in right])
    slopes = (tops[:, pairs[:, 1]] - tops[:, pairs[:, 0]]) / (at[pairs[:, 1]] - at[pairs[:, 0]])
    heights = tops[:, pairs[:, 0]] + slopes * (middle - at[pairs[:, 0]])
    best = heights.argmax(axis=1)
    rows = np.arange(len(tops))
    return slopes[rows, best], heights[rows, best] - slopes[rows, best] * middle
