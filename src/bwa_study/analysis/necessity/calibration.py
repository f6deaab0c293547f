"""Raw scores become memberships between 0 and 1, by anchors the researcher states."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bwa_study.model.errors import WrongCall

Floats = npt.NDArray[np.float64]


def _numbers(raw: npt.ArrayLike) -> Floats:
    return np.asarray(raw, dtype=np.float64)


def _check_rising(anchors: Sequence[float], what: str) -> None:
    if any(not math.isfinite(a) for a in anchors) or any(a >= b for a, b in itertools.pairwise(anchors)):
        given = ", ".join(f"{a:g}" for a in anchors)
        raise WrongCall(f"{what} must rise, these are {given} — write them from the lowest to the highest")


ROUND_OFF = 1e-12
"""Scores no further than this from an anchor are on it: means of sevenths and thirds miss a tie by their last bits."""


def settled(raw: npt.ArrayLike, anchors: Sequence[float]) -> Floats:
    """Scores as they are, those on an anchor but for round-off moved onto it; NaN stays NaN.

    Examples
    --------
    >>> settled([0.1 + 0.2 - 0.3, 0.2], [0]).tolist()
    [0.0, 0.2]
    """
    x = _numbers(raw).copy()
    for anchor in anchors:
        x[np.abs(x - anchor) <= ROUND_OFF * max(1.0, abs(anchor))] = anchor
    return x


def crisp(raw: npt.ArrayLike, *, threshold: float, strict: bool = False) -> Floats:
    """1 from the threshold on (with `strict`: above it), else 0; NaN stays NaN.

    A score that misses the threshold by round-off (1e-12) is on it.

    Examples
    --------
    >>> crisp([0.2, 0.0, -0.1, np.nan], threshold=0, strict=True).tolist()
    [1.0, 0.0, 0.0, nan]
    """
    x = settled(raw, [threshold])
    inside = x > threshold if strict else x >= threshold
    return np.where(np.isnan(x), np.nan, inside.astype(float))


def multi_value(raw: npt.ArrayLike, *, thresholds: Sequence[float]) -> Floats:
    """Levels 0, 1, 2 … : how many of the rising thresholds are reached; NaN stays NaN.

    Examples
    --------
    >>> multi_value([100, 550, 900], thresholds=[550, 850]).tolist()
    [0.0, 1.0, 2.0]
    """
    _check_rising(thresholds, "thresholds")
    x = settled(raw, thresholds)
    return np.where(np.isnan(x), np.nan, np.searchsorted(np.asarray(thresholds), x, side="right").astype(float))


def direct(
    raw: npt.ArrayLike,
    *,
    out: float,
    crossover: float,
    full: float,
    shape: str = "logistic",
    degree: float = 0.95,
) -> Floats:
    r"""The direct method: full non-membership, the point of most ambiguity, and full membership are stated.

    Parameters
    ----------
    raw
        Raw scores; NaN stays NaN.
    out, crossover, full
        The three anchors; ``out`` above ``full`` gives a set that decreases with the score.
    shape
        ``logistic``: memberships at the anchors are 1 - degree, .5 and degree; ``linear``: 0, .5 and 1.
    degree
        Membership at ``full`` for the logistic shape, above .5 and below 1.

    Raises
    ------
    WrongCall
        If the anchors do not rise or fall, or the shape or degree is none.

    Notes
    -----
    .. math::

        m(x) = \frac{1}{1 + e^{-s (x - c)}}, \qquad s = \frac{\ln(d / (1 - d))}{|a - c|}

    where *a* is the anchor on the side of *x*.

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, pp. 89-94; Dusa (2019), QCA with R, chapter 4.

    Examples
    --------
    >>> direct([400, 550, 900], out=400, crossover=550, full=900).round(2).tolist()
    [0.05, 0.5, 0.95]
    >>> direct([400, 550, 900], out=900, crossover=550, full=400, shape="linear").tolist()
    [1.0, 0.5, 0.0]
    """
    if out > full:
        return 1 - direct(raw, out=full, crossover=crossover, full=out, shape=shape, degree=degree)
    _check_rising([out, crossover, full], "anchors (out, crossover, full)")
    if shape not in ("logistic", "linear"):
        raise WrongCall(f"unknown shape '{shape}' of a calibration — use logistic or linear")
    if not 0.5 < degree < 1:
        raise WrongCall(f"degree is {degree:g}, but membership at full must lie above .5 and below 1")
    x = settled(raw, [out, crossover, full])
    side = np.where(x < crossover, crossover - out, full - crossover)
    if shape == "linear":
        return np.clip(0.5 + 0.5 * (x - crossover) / side, 0.0, 1.0)
    return np.asarray(1 / (1 + np.exp(-math.log(degree / (1 - degree)) * (x - crossover) / side)))


def bell(raw: npt.ArrayLike, *, anchors: Sequence[float], shape: str = "logistic", degree: float = 0.95) -> Floats:
    """A set of middling scores: in between the two middle anchors, out at both ends.

    Parameters
    ----------
    raw
        Raw scores; NaN stays NaN.
    anchors
        Six that rise: out, crossover, full, then full, crossover, out.
    shape, degree
        See `direct`.

    Examples
    --------
    >>> bell([0, 1, 2, 3, 4, 5, 6], anchors=[0, 1, 2, 4, 5, 6], shape="linear").tolist()
    [0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0]
    """
    if len(anchors) != 6:
        raise WrongCall(f"a bell needs six anchors, not {len(anchors)}: out, crossover, full, full, crossover, out")
    _check_rising([anchors[0], anchors[1], anchors[2]], "anchors of the rising side")
    _check_rising([anchors[3], anchors[4], anchors[5]], "anchors of the falling side")
    if anchors[2] > anchors[3]:
        raise WrongCall(f"the rising side ends at {anchors[2]:g}, after the falling side begins at {anchors[3]:g}")
    up = direct(raw, out=anchors[0], crossover=anchors[1], full=anchors[2], shape=shape, degree=degree)
    down = direct(raw, out=anchors[5], crossover=anchors[4], full=anchors[3], shape=shape, degree=degree)
    return np.minimum(up, down)


def ecdf(raw: npt.ArrayLike, *, out: float, crossover: float, full: float) -> Floats:
    r"""The direct method with the scores' own distribution between the anchors in place of a curve.

    Notes
    -----
    With *F* the share of the scores at or below a value, on each side of the crossover:

    .. math:: m(x) = 0.5 \frac{F(x) - F(out)}{F(c) - F(out)} \text{ or } 0.5 + 0.5 \frac{F(x) - F(c)}{F(full) - F(c)}

    References
    ----------
    Dusa (2019), QCA with R, section 4.2.3 (the idea; this form is monotone and meets .5 at the crossover).

    Examples
    --------
    >>> ecdf([0, 1, 2, 3, 4, 10], out=0, crossover=2, full=4).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    _check_rising([out, crossover, full], "anchors (out, crossover, full)")
    x = _numbers(raw)
    known = np.sort(x[~np.isnan(x)])

    def below(value: npt.ArrayLike) -> Floats:
        return np.searchsorted(known, value, side="right").astype(float)

    low, middle, high = below(out), below(crossover), below(full)
    with np.errstate(invalid="ignore", divide="ignore"):
        left = np.where(middle > low, 0.5 * (below(x) - low) / (middle - low), 0.5)
        right = np.where(high > middle, 0.5 + 0.5 * (below(x) - middle) / (high - middle), 0.5)
    inside = np.where(x < crossover, left, right)
    inside = np.where(x == crossover, 0.5, inside)
    m = np.where(x <= out, 0.0, np.where(x >= full, 1.0, inside))
    return np.where(np.isnan(x), np.nan, np.clip(m, 0.0, 1.0))


def indirect(raw: npt.ArrayLike, *, thresholds: Sequence[float]) -> Floats:
    r"""The indirect method: cases are sorted into rough grades, and a curve through them gives the memberships.

    Parameters
    ----------
    raw
        Raw scores; NaN stays NaN.
    thresholds
        Rising bounds between the grades, at least two. With *k* bounds the grades stand for 0, 1/k, … 1.

    Notes
    -----
    The grades are regressed on the scores and their squares with a logit link (fractional logit, by iteratively
    reweighted least squares); the fitted values are the memberships.

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, pp. 94-97; Papke & Wooldridge (1996), J. Applied Econometrics 11, 619-632.

    Examples
    --------
    >>> m = indirect([1, 2, 3, 4, 5, 6, 7, 8], thresholds=[2.5, 4.5, 6.5])
    >>> bool((np.diff(m) > 0).all()), round(float(m[3] + m[4]), 3)
    (True, 1.0)
    """
    _check_rising(thresholds, "thresholds")
    if len(thresholds) < 2:
        raise WrongCall("the indirect method needs two thresholds or more; for one, use crisp")
    x = settled(raw, thresholds)
    known = ~np.isnan(x)
    grade = np.searchsorted(np.asarray(thresholds), x[known], side="right") / len(thresholds)
    spread = float(x[known].std()) or 1.0
    z = (x[known] - float(x[known].mean())) / spread
    design = np.column_stack([np.ones_like(z), z, z**2])
    beta = np.zeros(3)
    for _ in range(200):
        m = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        weight = np.maximum(m * (1 - m), 1e-10)
        step = np.linalg.lstsq(design.T @ (weight[:, None] * design), design.T @ (grade - m), rcond=None)[0]
        beta = beta + step
        if float(np.abs(step).max()) < 1e-12:
            break
    out = np.full_like(x, np.nan)
    out[known] = 1 / (1 + np.exp(-(design @ beta)))
    return out
