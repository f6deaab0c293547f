"""Ceilings over a cloud of points, with the empty space above them: the geometry of necessary condition analysis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

Floats = npt.NDArray[np.float64]
Kind = Literal["ce_fdh", "cr_fdh", "ce_vrs", "cr_vrs", "c_lp", "qr", "cols", "ols"]

CEILINGS: dict[Kind, str] = {
    "ce_fdh": "ceiling envelopment, free disposal hull (steps)",
    "cr_fdh": "ceiling regression through the peers of the free disposal hull (line)",
    "ce_vrs": "ceiling envelopment, varying returns to scale (concave hull)",
    "cr_vrs": "ceiling regression through the peers of the concave hull (line)",
    "c_lp": "ceiling by linear programming (the line above all cases that is nearest to them)",
    "qr": "quantile regression at .95 (line)",
    "cols": "least squares line moved up until no case lies above",
    "ols": "least squares line; no ceiling, for comparison",
}
QUANTILE = 0.95


@dataclass(frozen=True, slots=True)
class Scope:
    """The smallest and largest scores: the rectangle in which cases can lie."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def area(self) -> float:
        """Its size."""
        return (self.x_high - self.x_low) * (self.y_high - self.y_low)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A ceiling: corners of a step or hull (`points`), or a line; ``reason`` says why there is none."""

    kind: Kind
    points: tuple[tuple[float, float], ...] = ()
    slope: float = math.nan
    intercept: float = math.nan
    reason: str = ""

    def height(self, x: Floats) -> Floats:
        """The largest outcome the ceiling allows at each x."""
        if not self.points:
            return self.intercept + self.slope * x
        at, heights = np.array(self.points).T
        if self.kind == "ce_fdh":
            return np.asarray(heights[np.clip(np.searchsorted(at, x, side="right") - 1, 0, None)])
        return np.asarray(np.interp(x, at, heights))

    def needed(self, y: float) -> float:
        """The smallest x at which the ceiling allows the outcome `y`; infinite where none does."""
        if not self.points:
            return (y - self.intercept) / self.slope
        at, heights = np.array(self.points).T
        reached = np.flatnonzero(heights >= y)
        if not len(reached):
            return math.inf
        n = int(reached[0])
        if self.kind == "ce_fdh" or n == 0:
            return float(at[n])
        return float(at[n - 1] + (y - heights[n - 1]) / (heights[n] - heights[n - 1]) * (at[n] - at[n - 1]))

    def zone(self, scope: Scope) -> float:
        """Area of the scope above the ceiling; NaN where there is no ceiling."""
        if self.reason:
            return math.nan
        if self.points:
            at = np.append(np.array(self.points)[:, 0], scope.x_high)
            gaps = scope.y_high - np.append(np.array(self.points)[:, 1], self.points[-1][1])
            if self.kind == "ce_fdh":
                return float((np.diff(at) * gaps[:-1]).sum())
            return float((np.diff(at) * (gaps[:-1] + gaps[1:]) / 2).sum())
        return float(line_zones(np.array([self.slope]), np.array([self.intercept]), scope)[0])


def line_zones(slopes: Floats, intercepts: Floats, scope: Scope) -> Floats:
    """Area of the scope above each line; NaN for a line that does not rise."""
    with np.errstate(invalid="ignore", divide="ignore"):
        foot = np.clip((scope.y_low - intercepts) / slopes, scope.x_low, scope.x_high)
        top = np.clip((scope.y_high - intercepts) / slopes, scope.x_low, scope.x_high)
        below = (foot - scope.x_low) * (scope.y_high - scope.y_low)
        rising = (scope.y_high - intercepts) * (top - foot) - slopes * (top**2 - foot**2) / 2
        return np.where(slopes > 0, below + rising, np.nan)


def scope_of(x: Floats, y: Floats) -> Scope:
    """The scope that the cases themselves span."""
    return Scope(float(x.min()), float(x.max()), float(y.min()), float(y.max()))


def peers(x: Floats, y: Floats) -> npt.NDArray[np.int64]:
    """Places of the cases on the corners of the free disposal hull, from left to right.

    Examples
    --------
    >>> peers(np.array([1.0, 2, 3, 4]), np.array([2.0, 1, 5, 4])).tolist()
    [0, 2]
    """
    order = np.lexsort((-y, x))
    highest = np.maximum.accumulate(y[order])
    return np.asarray(order[np.concatenate([[True], highest[1:] > highest[:-1]])])


def hull(x: Floats, y: Floats) -> npt.NDArray[np.int64]:
    """Places of the peers that span the concave hull, from left to right."""
    kept: list[int] = []
    for n in peers(x, y):
        while len(kept) > 1:
            (x0, y0), (x1, y1) = ((x[k], y[k]) for k in kept[-2:])
            if (y1 - y0) * (x[n] - x0) > (y[n] - y0) * (x1 - x0):
                break
            kept.pop()
        kept.append(int(n))
    return np.array(kept, dtype=np.int64)


def ceiling(kind: Kind, x: Floats, y: Floats) -> Ceiling:
    """A ceiling over the cases in the upper left corner.

    Parameters
    ----------
    kind
        One of `CEILINGS`.
    x, y
        Condition and outcome, without missing values, each with two values or more.

    References
    ----------
    Dul (2016), Organizational Research Methods 19, 10-52, pp. 24-27 (CE-FDH, CR-FDH); Dul (2023), Advancing Necessary
    Condition Analysis, chapter 3.

    Examples
    --------
    >>> ceiling("ce_fdh", np.array([1.0, 2, 3]), np.array([1.0, 3, 2])).points
    ((1.0, 1.0), (2.0, 3.0))
    """
    corners = hull(x, y) if kind in ("ce_vrs", "cr_vrs") else peers(x, y)
    if kind in ("ce_fdh", "ce_vrs"):
        return Ceiling(kind, tuple((float(x[n]), float(y[n])) for n in corners))
    if kind in ("cr_fdh", "cr_vrs"):
        if len(corners) < 2:
            return Ceiling(kind, reason="only one case lies on the hull, no line goes through it")
        slope, intercept = _least_squares(x[corners], y[corners])
    elif kind == "c_lp":
        slope, intercept = _nearest_above(x, y)
    elif kind == "qr":
        slope, intercept = _quantile_line(x, y, QUANTILE)
    else:
        slope, intercept = _least_squares(x, y)
        if kind == "cols":
            intercept += float((y - intercept - slope * x).max())
    if not slope > 0:
        return Ceiling(kind, reason="the line does not rise, so it says nothing about a necessary condition")
    return Ceiling(kind, slope=slope, intercept=intercept)


def _least_squares(x: Floats, y: Floats) -> tuple[float, float]:
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return slope, float(y.mean() - slope * x.mean())


def _nearest_above(x: Floats, y: Floats) -> tuple[float, float]:
    """The line with no case above it and the smallest sum of vertical distances, by linear programming."""
    middle, spread = float(x.mean()), float(x.std())
    z = (x - middle) / spread
    found = linprog([float(len(x)), float(z.sum())], A_ub=np.column_stack([-np.ones_like(z), -z]), b_ub=-y,
                    bounds=[(None, None)] * 2)  # fmt: skip
    slope = float(found.x[1]) / spread
    return slope, float(found.x[0]) - slope * middle


def _quantile_line(x: Floats, y: Floats, quantile: float) -> tuple[float, float]:
    """Koenker & Bassett (1978), Econometrica 46, 33-50, as a linear programme."""
    n = len(x)
    cost = np.concatenate([[0.0, 0.0], np.full(n, quantile), np.full(n, 1 - quantile)])
    equal = np.column_stack([np.ones(n), x, np.eye(n), -np.eye(n)])
    found = linprog(cost, A_eq=equal, b_eq=y, bounds=[(None, None)] * 2 + [(0, None)] * (2 * n))
    return float(found.x[1]), float(found.x[0])
