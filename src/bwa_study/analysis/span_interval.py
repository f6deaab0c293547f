"""How far a coefficient of agreement on spans could move, had other texts been coded."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from bwa_study.analysis.agreement import Interval, jackknife_interval
from bwa_study.analysis.unitized import Unitized


class Measured(Protocol):
    """A coefficient: its value, and why it has none."""

    @property
    def value(self) -> float:
        """NaN where undefined."""

    @property
    def reason(self) -> str:
        """Why; empty where the value is a number."""


def span_interval(
    spans: Unitized, coefficient: Callable[[Unitized], Measured], *, confidence: float = 0.95
) -> Interval:
    """Interval of a coefficient on spans by leaving out one text at a time.

    Parameters
    ----------
    spans
        Several texts; parts of one text are left out together.
    coefficient
        A function of the spans such as `u_alpha`, `cu_alpha`, `alpha_u` or, slowly, `gamma`.
    confidence
        Between 0 and 1.

    Returns
    -------
    Interval
        Undefined where the coefficient is, with fewer than two texts, or where one text decides whether it is defined.

    Notes
    -----
    The formula is that of `bwa_study.analysis.agreement.Agreement.jackknife`: t with one degree of freedom less than
    texts, of log(1 - value). No interval is published for these coefficients; how often this one holds the truth was
    measured for Krippendorff's alpha of units, not for spans.

    References
    ----------
    Efron, B. & Tibshirani, R. (1993). *An Introduction to the Bootstrap*, chapter 11.

    Examples
    --------
    >>> from bwa_study.analysis.unitized import Unit
    >>> from bwa_study.analysis.unitizing import u_alpha
    >>> from bwa_study.model.spans import Span
    >>> marked = [Unit(t, c, "x", Span(2 * n * k, 20 + n)) for n, t in enumerate("rstu") for k, c in enumerate("ab")]
    >>> found = span_interval(Unitized(marked, lengths=dict.fromkeys("rstu", 50), coders=("a", "b")), u_alpha)
    >>> found.low < found.high < 1
    True
    """
    texts = tuple(dict.fromkeys(spans.part_of.get(id, id) for id in spans.lengths))
    whole = coefficient(spans)
    reason = whole.reason or ("there is only one text" if len(texts) < 2 else "")
    if reason:
        return Interval(math.nan, math.nan, confidence, f"jackknife by text, {len(texts)} texts", reason=reason)
    without = np.array([coefficient(spans.within(t for t in texts if t != out)).value for out in texts])
    ones = np.ones(len(texts))
    return jackknife_interval(whole.value, without, ones, n=len(texts), what="text", confidence=confidence)
