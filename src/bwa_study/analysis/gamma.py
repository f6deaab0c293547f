"""Gamma: agreement on spans by their best alignment, against the same coders' spans shifted at random."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

import numpy as np

from bwa_study.analysis.alignment import NOBODY, Dissimilarity, Floats, Marks, best_alignment
from bwa_study.analysis.unitized import Unit, Unitized

_FIRST_SAMPLES = 30
_TRIES = 200


@dataclass(frozen=True, eq=False)
class Gamma:
    """Agreement on spans by alignment.

    Parameters
    ----------
    value
        1 is perfect agreement, 0 what chance gives, below 0 worse than chance; NaN where undefined.
    reason
        Why `value` is NaN; empty where it is a number.
    observed, expected
        Disorder of the best alignment found, and its mean over random samples; the cost of a unit nobody else has is 1.
    low, high
        95% interval of the value for the randomness of the samples alone; it says nothing of other texts or coders.
    samples
        How many random samples were drawn.
    n_coders, n_units, length
        Coders, their units, and code points of all texts together.
    alignment
        The best alignment in the order of the texts: a tuple of units a row, one place a coder, None where a coder has
        nothing.
    """

    value: float
    reason: str
    observed: float
    expected: float
    low: float
    high: float
    samples: int
    n_coders: int
    n_units: int
    length: int
    alignment: tuple[tuple[Unit | None, ...], ...] = field(repr=False, default=())


def gamma(
    spans: Unitized, *, position: float = 1.0, category: float = 1.0, precision: float = 0.02, seed: int = 1
) -> Gamma:
    r"""Agreement of several coders on where spans are and what they are called, by the alignment that fits best.

    It needs no unit to overlap another: two spans beside each other may be taken for one finding. A coder may give
    several codes to the same words.

    Parameters
    ----------
    spans
        Two or more coders on the same texts.
    position, category
        What a difference of place and of code weighs, the paper's alpha and beta. They change the value.
    precision
        How near, as a share, the expected disorder shall come to its true mean, with 95% confidence.
    seed
        The same seed gives the same value.

    Returns
    -------
    Gamma
        NaN with fewer than two coders, and where nobody marked anything or nothing could disagree.

    Raises
    ------
    ValueError
        If a weight is negative, both are 0, or the precision is not between 0 and 1.

    Notes
    -----
    .. math:: \gamma = 1 - \frac{\delta_{observed}}{\delta_{expected}}

    A random sample has as many coders; each takes the units of a coder drawn at random, shifted along the continuum by
    a random distance, what leaves the end coming in at the beginning; two shifts are never nearer than the mean length
    of a unit (where the texts are long enough for that). 30 samples are drawn, then as many as the coefficient of
    variation :math:`C_v` of their disorders demands, :math:`(1.96\, C_v / precision)^2`.

    The paper defines gamma for one text. Several are laid end to end, as for `u_alpha`: units of different texts are
    never aligned, but a random shift carries them from one text to another.

    Solving the alignment exactly takes seconds for thousands of spans or many coders; compare text by text then
    (``spans.within``).

    References
    ----------
    Mathet, Y., Widlöcher, A. & Métivier, J.-P. (2015). The unified and holistic method gamma for inter-annotator
    agreement measure and alignment. *Computational Linguistics* 41, 437-479: section 4 (disorder), 5.1 (alignment),
    5.2 (expected disorder).

    Examples
    --------
    >>> from bwa_study.model.spans import Span
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "bo", "x", Span(10, 30))]
    >>> found = gamma(Unitized(marked, lengths={"t": 200}, coders=("ann", "bo")))
    >>> found.observed, len(found.alignment)
    (0.25, 1)
    """
    if min(position, category) < 0 or not (position or category):
        raise ValueError(f"weights of gamma are not negative and not both 0; got {position} and {category}")
    if not 0 < precision < 1:
        raise ValueError(f"precision {precision} is not between 0 and 1")
    counts = (len(spans.coders), len(spans.units), spans.length)
    reason = ""
    if counts[0] < 2:
        reason = f"{counts[0] or 'no'} coder; agreement needs two"
    elif not spans.units:
        reason = "no coder marked anything"
    nan = math.nan
    if reason:
        return Gamma(nan, reason, nan, nan, nan, nan, 0, *counts)
    measure = Dissimilarity(position, category)
    units, coders = _placed(spans)
    observed, rows = best_alignment(coders, measure)
    disorders = _expected(coders, spans.length, measure, precision, seed)
    starts = np.array([_first_place(coders, row) for row in rows.tolist()])
    alignment = tuple(
        tuple(None if at == NOBODY else of_coder[at] for of_coder, at in zip(units, row, strict=True))
        for row in rows[np.argsort(starts, kind="stable")].tolist()
    )
    expected = float(disorders.mean())
    if not expected:
        reason = "chance leaves no room for disagreement: shifted at random, the units still align without disorder"
        return Gamma(nan, reason, observed, expected, nan, nan, len(disorders), *counts, alignment)
    error = float(disorders.std(ddof=1)) / math.sqrt(len(disorders))
    low, high = (
        1 - observed / (expected + side * 1.96 * error) if expected + side * 1.96 * error > 0 else nan
        for side in (-1, 1)
    )
    return Gamma(1 - observed / expected, "", observed, expected, low, high, len(disorders), *counts, alignment)


def _placed(spans: Unitized) -> tuple[list[list[Unit]], list[Marks]]:
    """Each coder's units, and their places on the texts laid end to end."""
    first_of = dict(zip(spans.lengths, accumulate(spans.lengths.values(), initial=0), strict=False))
    text_at = {id: n for n, id in enumerate(spans.lengths)}
    code_at = {code: n for n, code in enumerate(spans.codes)}
    units = [[u for u in spans.units if u.coder == coder] for coder in spans.coders]
    coders = [
        Marks(
            start=np.array([first_of[u.continuum] + u.span.start for u in of_coder], dtype=np.float64),
            end=np.array([first_of[u.continuum] + u.span.end for u in of_coder], dtype=np.float64),
            code=np.array([code_at[u.code] for u in of_coder], dtype=np.int64),
            text=np.array([text_at[u.continuum] for u in of_coder], dtype=np.int64),
        )
        for of_coder in units
    ]
    return units, coders


def _first_place(coders: list[Marks], row: list[int]) -> float:
    return min(float(marks.start[at]) for marks, at in zip(coders, row, strict=True) if at != NOBODY)


def _expected(coders: list[Marks], length: int, measure: Dissimilarity, precision: float, seed: int) -> Floats:
    """Disorders of random samples, as many as `precision` demands."""
    drawn = (best_alignment(sample, measure)[0] for sample in _samples(coders, length, seed))
    disorders = np.array(list(islice(drawn, _FIRST_SAMPLES)))
    if disorders.mean() > 0:
        variation = disorders.std(ddof=1) / disorders.mean()
        needed = math.ceil((1.96 * variation / precision) ** 2)
        disorders = np.append(disorders, list(islice(drawn, max(0, needed - _FIRST_SAMPLES))))
    return disorders


def _samples(coders: list[Marks], length: int, seed: int) -> Iterator[list[Marks]]:
    """Random continua without end: each coder a randomly drawn one, shifted."""
    rng = np.random.default_rng(seed)
    n = len(coders)
    apart = float(np.mean(np.concatenate([c.end - c.start for c in coders])))
    while True:
        sources = [coders[at] for at in rng.integers(n, size=n)]
        if not sum(map(len, sources)):
            continue
        shifts: list[int] = []
        for _ in range(n):
            shifts.append(_shift(rng, shifts, length, apart))
        yield [_shifted(source, shift, length) for source, shift in zip(sources, shifts, strict=True)]


def _shift(rng: np.random.Generator, before: list[int], length: int, apart: float) -> int:
    """A random place to cut, at least `apart` from the others unless so many draws find none; the text is a ring."""
    for _ in range(_TRIES):
        place = int(rng.integers(length))
        gaps = [abs(place - other) for other in before]
        if all(min(gap, length - gap) >= apart for gap in gaps):
            return place
    return place


def _shifted(source: Marks, shift: int, length: int) -> Marks:
    start = (source.start + shift) % length
    return Marks(start, start + (source.end - source.start), source.code, np.zeros(len(source), dtype=np.int64))
