"""alpha_U: the older coefficient of agreement on spans, which the u-alpha family replaced.

It looks at each code by itself, so a coder may give several codes to the same words, and it weighs how far the ends of
two overlapping units lie apart by the square. Krippendorff et al. (2016) gave it up because it does not behave as
expected with more than two coders; it is here to compare with older reports.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.unitized import Unit, Unitized
from bwa_study.analysis.unitizing import SpanAgreement

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def alpha_u(spans: Unitized) -> SpanAgreement:
    r"""Agreement on the units of all codes, :math:`{}_U\alpha = 1 - \sum_c D_{oc} / \sum_c D_{ec}`.

    Parameters
    ----------
    spans
        Two or more coders on the same texts.

    Returns
    -------
    SpanAgreement
        NaN with fewer than two coders, and where no disagreement is expected by chance: where nothing is marked, or
        only units of length 1 that leave no gap.

    Notes
    -----
    Among :math:`m` coders, :math:`b` and :math:`e` being where a unit begins and ends and :math:`l` its length,

    .. math:: D_{oc} = \frac{1}{m(m-1)L^2} \sum_i \sum_{j \ne i} \sum_g \sum_h \delta^2_{cigjh}

    where :math:`\delta^2` is :math:`(b_{ig}-b_{jh})^2 + (e_{ig}-e_{jh})^2` for two units that overlap,
    :math:`l_{ig}^2` for a unit that lies wholly in a gap, and 0 else; and with the :math:`N_c` units of all coders
    and their gaps of length :math:`l_{jh}`

    .. math:: D_{ec} = \frac{\frac{2}{L} \sum_{ig} \left[ \frac{N_c - 1}{3} (2 l_{ig}^3 - 3 l_{ig}^2 + l_{ig})
              + l_{ig}^2 \sum_{jh: l_{jh} \ge l_{ig}} (l_{jh} - l_{ig} + 1) \right]}
              {mL(mL - 1) - \sum_{ig} l_{ig} (l_{ig} - 1)}

    The literature defines it for one text. Several are laid end to end, and a gap ends where its text ends.

    References
    ----------
    Krippendorff, K. (2004). *Content Analysis: An Introduction to Its Methodology*, 2nd edition. Sage, pages 251-256.
    Krippendorff, K. (1995). On the reliability of unitizing continuous data. *Sociological Methodology* 25, 47-76.

    Examples
    --------
    >>> from bwa_study.model.spans import Span
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "bo", "x", Span(10, 30))]
    >>> round(alpha_u(Unitized(marked, lengths={"t": 50}, coders=("ann", "bo"))).value, 4)
    0.0616
    """
    reason = _incomparable(spans)
    if reason:
        return _agreement(spans, None, math.nan, math.nan, reason)
    each = [_disagreements(spans, code) for code in spans.codes]
    return _agreement(spans, None, sum(observed for observed, _ in each), sum(expected for _, expected in each), "")


def alpha_u_by_code(spans: Unitized) -> dict[str, SpanAgreement]:
    """alpha_U of each code by itself. Parameters and references as in `alpha_u`.

    Returns
    -------
    dict of SpanAgreement
        By code; NaN with fewer than two coders, and where no disagreement is expected by chance.

    Examples
    --------
    >>> from bwa_study.model.spans import Span
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "ann", "y", Span(20, 30))]
    >>> marked += [Unit("t", "bo", "x", Span(5, 15)), Unit("t", "bo", "y", Span(15, 30))]
    >>> spans = Unitized(marked, lengths={"t": 50}, coders=("ann", "bo"))
    >>> {code: round(one.value, 4) for code, one in alpha_u_by_code(spans).items()}
    {'x': 0.7756, 'y': 0.7773}
    """
    reason = _incomparable(spans)
    if reason:
        return {code: _agreement(spans.only(code), code, math.nan, math.nan, reason) for code in spans.codes}
    return {code: _agreement(spans.only(code), code, *_disagreements(spans, code), "") for code in spans.codes}


def _disagreements(spans: Unitized, code: str) -> tuple[float, float]:
    """Observed and expected disagreement on one code."""
    units = [unit for unit in spans.units if unit.code == code]
    first_of = dict(zip(spans.lengths, np.cumsum([0, *spans.lengths.values()])[:-1].tolist(), strict=True))
    of_coders = [_placed([unit for unit in units if unit.coder == coder], first_of) for coder in spans.coders]
    m, whole = len(spans.coders), float(spans.length)
    squared = sum(_squared_differences(one, other) for one, other in combinations(of_coders, 2))
    observed = 2 * squared / (m * (m - 1) * whole**2)

    unit = np.array([len(u.span) for u in units], dtype=float)
    gap = np.concatenate([_gaps(placed, spans) for placed in of_coders])
    among_units = (len(unit) - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit)
    among_gaps = unit**2 * _places_in(gap, unit)
    self_pairs = (unit * (unit - 1)).sum()
    expected = 2 / whole * (among_units + among_gaps).sum() / (m * whole * (m * whole - 1) - self_pairs)
    return float(observed), float(expected)


def _placed(units: Sequence[Unit], first_of: dict[str, int]) -> Ints:
    """Begin and end of units on the texts laid end to end, in order; two columns."""
    places = [(first_of[u.continuum] + u.span.start, first_of[u.continuum] + u.span.end) for u in units]
    return np.array(sorted(places), dtype=np.int64).reshape(-1, 2)


def _squared_differences(one: Ints, other: Ints) -> float:
    """What two coders differ: their ends where units overlap, their length where a unit meets nothing."""
    first = np.searchsorted(other[:, 1], one[:, 0], side="right")
    meets = np.searchsorted(other[:, 0], one[:, 1], side="left") - first
    mine = np.repeat(np.arange(len(one)), meets)
    theirs = np.arange(len(mine)) - np.repeat(np.cumsum(meets) - meets - first, meets)
    ends_apart = (one[mine] - other[theirs]).astype(float)
    alone_here = one[meets == 0]
    alone_there = np.delete(other, theirs, axis=0)
    alone = np.concatenate([alone_here, alone_there])
    return float((ends_apart**2).sum() + (np.diff(alone, axis=1).astype(float) ** 2).sum())


def _gaps(placed: Ints, spans: Unitized) -> Floats:
    """Lengths of what one coder left unmarked, cut where a text ends."""
    ends_of_texts = np.cumsum([0, *spans.lengths.values()])
    begins = np.concatenate([ends_of_texts[:-1], placed[:, 1]])
    ends = np.concatenate([placed[:, 0], ends_of_texts[1:]])
    lengths = (np.sort(ends) - np.sort(begins)).astype(float)
    gaps: Floats = lengths[lengths > 0]
    return gaps


def _places_in(gap: Floats, unit: Floats) -> Floats:
    """In how many places each unit would fit into the gaps: the sum of gap - unit + 1 over gaps not shorter."""
    longest_first = np.sort(gap)[::-1]
    sums = np.concatenate([[0.0], np.cumsum(longest_first)])
    fitting = np.searchsorted(-longest_first, -unit, side="right")
    places: Floats = sums[fitting] - fitting * (unit - 1)
    return places


def _incomparable(spans: Unitized) -> str:
    if len(spans.coders) < 2:
        return f"{len(spans.coders) or 'no'} coder; agreement needs two"
    return "" if spans.length else "there is no text to agree on"


def _agreement(spans: Unitized, code: str | None, observed: float, expected: float, reason: str) -> SpanAgreement:
    if not reason and not expected:
        reason = "no coder marked anything" if not spans.units else "chance leaves no room for disagreement"
    value = math.nan if reason else 1 - observed / expected
    if reason:
        observed = expected = math.nan
    counts = (len(spans.coders), len(spans.units), spans.length)
    return SpanAgreement("alpha_U", value, reason, code, None, observed, expected, *counts)
