"""Many tests at once: p-values adjusted over a named family, by Holm or by Benjamini and Hochberg."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from bwa_study.model.errors import UnknownName

Floats = npt.NDArray[np.float64]
Correction = Literal["holm", "benjamini-hochberg", "none"]
CORRECTIONS: tuple[Correction, ...] = ("holm", "benjamini-hochberg", "none")
CORRECTION_SOURCES = {
    "holm": "Holm (1979)",
    "benjamini-hochberg": "Benjamini & Hochberg (1995)",
    "none": "",
}


def adjusted(p: Sequence[float] | Floats, *, correction: Correction) -> Floats:
    """P-values adjusted over one family of tests.

    Parameters
    ----------
    p
        One number a test, 0 to 1; NaN where there was no test.
    correction
        ``holm`` bounds the chance of any false finding in the family, ``benjamini-hochberg`` the share of false ones
        among the findings, ``none`` leaves p as it is.

    Returns
    -------
    numpy.ndarray
        In the order of `p`, 0 to 1. NaN stays NaN and does not count as a test.

    Raises
    ------
    UnknownName
        If there is no such correction.
    ValueError
        If a p is not between 0 and 1.

    Examples
    --------
    >>> adjusted([0.01, 0.04, 0.03, float("nan")], correction="holm").round(3).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    if correction not in CORRECTIONS:
        raise UnknownName("correction", correction, CORRECTIONS)
    numbers = np.asarray(p, dtype=np.float64)
    wrong = numbers[(numbers < 0) | (numbers > 1)]
    if len(wrong):
        raise ValueError(f"a p-value of {wrong[0]:g} is not between 0 and 1")
    if correction == "none":
        return numbers.copy()
    return holm(numbers) if correction == "holm" else benjamini_hochberg(numbers)


def holm(p: Floats) -> Floats:
    r"""Holm's adjusted p-values; those that are NaN stay so and do not count as tests.

    Notes
    -----
    With :math:`p_{(1)} \le \dots \le p_{(m)}`,

    .. math:: \tilde p_{(i)} = \min\bigl(1, \max_{j \le i} (m - j + 1)\, p_{(j)}\bigr)

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian Journal of Statistics* 6,
    65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03, np.nan])).round(3).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    out = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    out[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return out


def benjamini_hochberg(p: Floats) -> Floats:
    r"""Benjamini and Hochberg's adjusted p-values; those that are NaN stay so and do not count as tests.

    Notes
    -----
    With :math:`p_{(1)} \le \dots \le p_{(m)}`,

    .. math:: \tilde p_{(i)} = \min\bigl(1, \min_{j \ge i} \tfrac{m}{j}\, p_{(j)}\bigr)

    It holds the false discovery rate for tests that are independent or positively dependent.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. *JRSS B* 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, np.nan])).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    out = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")[::-1]]
    m = len(order)
    out[order] = np.minimum(1, np.minimum.accumulate(p[order] * m / np.arange(m, 0, -1)))
    return out
