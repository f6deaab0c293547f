"""The u-alpha family: agreement of several coders on where spans are and what they are called.

u-alpha compares everything, gaps included; \\|u-alpha only what is marked against what is not; cu-alpha only the codes
where marked meets marked; (k)u-alpha the same for one code. All are nominal. The equations are those of Krippendorff,
Mathet, Bouvry and Widlöcher (2016), whose numbers the functions name.

Each place of a text may have one code a coder. Where a coder gave two, these coefficients are undefined and say so;
`u_alpha_by_code` compares each code by itself and has no such limit, `Unitized.as_one` takes all codes together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.unitized import Unitized
from bwa_study.model.errors import shown

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SpanAgreement:
    """One coefficient of agreement on spans.

    Parameters
    ----------
    coefficient
        Its name in the literature: ``u-alpha``, ``|u-alpha``, ``cu-alpha``, ``(k)u-alpha`` or ``alpha_U``.
    value
        1 is perfect agreement, 0 what chance gives, below 0 worse than chance; NaN where undefined.
    reason
        Why `value` is NaN, in plain words; empty where it is a number.
    code
        The code it is about; None when all codes count.
    coverage
        cu-alpha: the share of the continuum (times coders) where marked meets marked. (k)u-alpha: the share of what
        was marked with the code that meets anything marked. 0 to 1; None for the other coefficients, which look at
        everything; NaN where the coders cannot be compared at all (one coder, two codes on the same words).
    observed, expected
        Disagreement, in the unit of the coefficient's own equation; NaN where undefined.
    n_coders, n_units, length
        Coders, their units (of the code, if it is about one), and code points of all texts together.
    """

    coefficient: str
    value: float
    reason: str
    code: str | None
    coverage: float | None
    observed: float
    expected: float
    n_coders: int
    n_units: int
    length: int


def u_alpha(spans: Unitized) -> SpanAgreement:
    r"""Agreement on everything: where the units are and which code each has, gaps included (equation 5a).

    Parameters
    ----------
    spans
        Two or more coders on the same texts.

    Returns
    -------
    SpanAgreement
        NaN with fewer than two coders, where a coder gave two codes to the same words, and where only one value
        (one code and no gap, or nothing but gap) is there.

    Notes
    -----
    .. math:: {}_u\alpha = 1 - \frac{\ell_{..} - \sum_c \ell_{cc}}{e_{..} - \sum_c e_{cc}}

    with the gap as one of the values :math:`c`; :math:`\ell` and :math:`e` see `_coincidences`. A gap is paired
    place by place, a unit as a whole, so u-alpha depends a little on the grain of the offsets: counting the
    same spans in finer steps moves 1 - u-alpha by a share of at most about 2 / (coders x length).

    References
    ----------
    Krippendorff, K., Mathet, Y., Bouvry, S. and Widlöcher, A. (2016). On the reliability of unitizing textual
    continua: Further developments. *Quality & Quantity* 50, 2347-2364, section 5.1.

    Examples
    --------
    >>> from bwa_study.analysis.unitized import Unit, Unitized
    >>> from bwa_study.model.spans import Span
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "bo", "x", Span(10, 30))]
    >>> round(u_alpha(Unitized(marked, lengths={"t": 50}, coders=("ann", "bo"))).value, 4)
    0.2383
    """
    reason = _incomparable(spans)
    if reason:
        return _agreement("u-alpha", spans, reason=reason)
    pairs = _coincidences(spans)
    observed = _off_diagonal(pairs.observed)
    expected = _off_diagonal(pairs.expected)
    if not expected:
        return _agreement("u-alpha", spans, reason=_one_value(spans))
    return _agreement("u-alpha", spans, value=1 - observed / expected, observed=observed, expected=expected)


def binary_u_alpha(spans: Unitized) -> SpanAgreement:
    r"""Agreement on what is marked, whatever the code (\|u-alpha, equation 6). Parameters as in `u_alpha`.

    Returns
    -------
    SpanAgreement
        NaN with fewer than two coders, where a coder gave two codes to the same words (``spans.as_one()`` is the
        way out), where nothing is marked, and where everything is.

    Notes
    -----
    .. math:: {}_{|u}\alpha = 1 - \frac{\ell_{\phi.} - \ell_{\phi\phi}}{e_{\phi.} - e_{\phi\phi}}

    where :math:`\phi` is the gap. It depends a little on the grain of the offsets, as `u_alpha` does.

    References
    ----------
    Krippendorff et al. (2016), section 5.2; see `u_alpha`.

    Examples
    --------
    >>> from bwa_study.analysis.unitized import Span, Unit
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "bo", "y", Span(10, 30))]
    >>> round(binary_u_alpha(Unitized(marked, lengths={"t": 50}, coders=("ann", "bo"))).value, 4)
    0.2383
    """
    reason = _incomparable(spans)
    if reason:
        return _agreement("|u-alpha", spans, reason=reason)
    pairs = _coincidences(spans)
    observed = float(pairs.observed[0, 1:].sum())
    expected = float(pairs.expected[0, 1:].sum())
    if not expected:
        what = "every coder marked everything, there is no gap" if spans.units else "no coder marked anything"
        return _agreement("|u-alpha", spans, reason=what)
    return _agreement("|u-alpha", spans, value=1 - observed / expected, observed=observed, expected=expected)


def cu_alpha(spans: Unitized) -> SpanAgreement:
    r"""Agreement on the codes where marked meets marked, wherever units end (equation 11). Parameters as in `u_alpha`.

    Returns
    -------
    SpanAgreement
        With its coverage. NaN with fewer than two coders, where a coder gave two codes to the same words, where no
        unit of one coder meets a unit of another, and where all that meet have one code.

    Notes
    -----
    .. math:: {}_{cu}\alpha = 1 - \frac{\ell^*_{..} - \sum_{c \ne \phi} \ell^*_{cc}}
              {e^*_{..} - \sum_{c \ne \phi} e^*_{cc}}

    with the starred coincidences of `_coincidences`. A high value with a low coverage says little.

    References
    ----------
    Krippendorff et al. (2016), section 5.3; see `u_alpha`.

    Examples
    --------
    >>> from bwa_study.analysis.unitized import Span, Unit
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "ann", "y", Span(20, 30))]
    >>> marked += [Unit("t", "bo", "x", Span(5, 15)), Unit("t", "bo", "y", Span(15, 30))]
    >>> round(cu_alpha(Unitized(marked, lengths={"t": 50}, coders=("ann", "bo"))).value, 4)
    0.704
    """
    reason = _incomparable(spans)
    if reason:
        return _agreement("cu-alpha", spans, reason=reason, coverage=math.nan)
    pairs = _coincidences(spans)
    coverage = float(pairs.observed_marked.sum() / pairs.observed.sum())
    observed = _off_diagonal(pairs.observed_marked)
    expected = _off_diagonal(pairs.expected_marked)
    if not expected:
        return _agreement("cu-alpha", spans, reason=_one_code_meets(pairs), coverage=coverage)
    value = 1 - observed / expected
    return _agreement("cu-alpha", spans, value=value, coverage=coverage, observed=observed, expected=expected)


def ku_alpha(spans: Unitized) -> dict[str, SpanAgreement]:
    r"""Agreement on each code where marked meets marked: (k)u-alpha (equation 13b). Parameters as in `u_alpha`.

    Returns
    -------
    dict of SpanAgreement
        By code, with its coverage. NaN as for `cu_alpha`, and for a code that never meets anything marked.

    Notes
    -----
    .. math:: {}_{(k)u}\alpha = 1 - \frac{e^*_{k.}}{\ell^*_{k.}}
              \frac{\ell^*_{k.} - \ell^*_{kk}}{e^*_{k.} - e^*_{kk}}

    ``observed`` is the share of the pairs of the code that are with another code, ``expected`` the same by chance.

    References as in `u_alpha`.

    Examples
    --------
    >>> from bwa_study.analysis.unitized import Span, Unit
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "ann", "y", Span(20, 30))]
    >>> marked += [Unit("t", "bo", "x", Span(5, 15)), Unit("t", "bo", "y", Span(15, 30))]
    >>> round(ku_alpha(Unitized(marked, lengths={"t": 50}, coders=("ann", "bo")))["x"].coverage, 4)
    0.8333
    """
    reason = _incomparable(spans)
    if reason:
        return {k: _agreement("(k)u-alpha", spans, reason=reason, code=k, coverage=math.nan) for k in spans.codes}
    pairs = _coincidences(spans)
    return {code: _ku_alpha(spans, pairs, at, code) for at, code in enumerate(spans.codes)}


def u_alpha_by_code(spans: Unitized) -> dict[str, SpanAgreement]:
    """u-alpha of each code by itself: the code against everything else, which is then all gap.

    With one code u-alpha and \\|u-alpha are the same. It is defined also where a coder gave several codes to the same
    words, because each code is looked at as if the others were not there; so it does not see that codes are confused.
    Parameters and references as in `u_alpha`.

    Returns
    -------
    dict of SpanAgreement
        By code; NaN with fewer than two coders, and where every coder marked everything with the code.

    Examples
    --------
    >>> from bwa_study.analysis.unitized import Span, Unit
    >>> marked = [Unit("t", "ann", "x", Span(0, 20)), Unit("t", "bo", "x", Span(10, 30))]
    >>> round(u_alpha_by_code(Unitized(marked, lengths={"t": 50}, coders=("ann", "bo")))["x"].value, 4)
    0.2383
    """
    return {code: replace(u_alpha(spans.only(code)), code=code) for code in spans.codes}


@dataclass(frozen=True, eq=False)
class _Coincidences:
    """Lengths in which values meet, over all ordered pairs of coders; see `_coincidences`.

    `observed` and `expected` have a row and a column for the gap, first, and each code; the marked ones only codes.
    """

    observed: Floats
    expected: Floats
    observed_marked: Floats
    expected_marked: Floats = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """The texts cut wherever any unit begins or ends.

    `length` of each piece; `marked`, coder x piece, the number of the unit there or -1 in a gap; `code_of` and
    `length_of` by number of the unit.
    """

    length: Ints
    marked: Ints
    code_of: Ints
    length_of: Ints


def _coincidences(spans: Unitized) -> _Coincidences:
    r"""Observed and expected coincidences (equations 1 and 4), and the starred ones of marked with marked (10).

    With :math:`m` coders and segments :math:`S_{ig}` (units, and the gaps between them, :math:`\phi`):

    .. math:: \ell_{ck} = \frac{1}{m-1} \sum_i \sum_{j \ne i} \sum_g \sum_h L(S_{ig} = c \cap S_{jh} = k)

    .. math:: e_{ck} = \ell_{..} \frac{\ell_{c.} \ell_{.k} - [c = k]\, s_c}{\ell_{..}^2 - \sum_c s_c}, \quad
              s_c = \sum_i \sum_g L(S_{ig} = c)^2, \quad s_\phi = \sum_i \sum_g L(S_{ig} = \phi)

    because a unit cannot meet itself; gaps are not units but places. The starred ones leave the gap out and take of
    each unit the length in which it meets units of others, :math:`w_{ig} = \frac{1}{m-1} \sum_{j \ne i} \sum_h
    L(S_{ig} \ne \phi \cap S_{jh} \ne \phi)`, so that :math:`\ell^*_{c.} = \sum w_{ig}` and
    :math:`s^*_c = \sum w_{ig}^2` over the units with code c. (With three coders this reading, and no other one tried,
    gives the cu-alpha of .724 published in Krippendorff 2019, section 12.6; with two coders all readings are the same.)
    """
    m, n_codes = len(spans.coders), len(spans.codes)
    pieces = _pieces(spans)
    value = np.append(pieces.code_of, -1)[pieces.marked] + 1
    coders_with = np.zeros((n_codes + 1, len(pieces.length)))
    for of_coder in value:
        coders_with[of_coder, np.arange(len(of_coder))] += 1
    own = np.diag(coders_with @ pieces.length)
    observed = ((coders_with * pieces.length) @ coders_with.T - own) / (m - 1)
    squares = _summed(pieces.code_of, pieces.length_of.astype(float) ** 2, n_codes)
    expected = _expected(observed, np.concatenate(([own[0, 0]], squares)))

    meets = pieces.length * (coders_with[1:].sum(axis=0) - 1) / (m - 1)
    at_unit = pieces.marked >= 0
    w = _summed(pieces.marked[at_unit], np.broadcast_to(meets, at_unit.shape)[at_unit], len(pieces.code_of))
    observed_marked = observed[1:, 1:]
    expected_marked = _expected(observed_marked, _summed(pieces.code_of, w**2, n_codes))
    return _Coincidences(observed, expected, observed_marked, expected_marked)


def _summed(numbers: Ints, amounts: Floats, size: int) -> Floats:
    """Sums of `amounts` by number, 0 to `size` - 1."""
    return np.bincount(numbers, amounts, size).astype(np.float64)


def _expected(observed: Floats, self_pairs: Floats) -> Floats:
    """What chance gives with these margins (equations 4 and 10); all 0 where nothing was observed."""
    margin, total = observed.sum(axis=1), observed.sum()
    if not total:
        return np.zeros_like(observed)
    expected: Floats = total * (np.outer(margin, margin) - np.diag(self_pairs)) / (total**2 - self_pairs.sum())
    return expected


def _pieces(spans: Unitized) -> _Pieces:
    starts_of_texts = dict(zip(spans.lengths, np.cumsum([0, *spans.lengths.values()])[:-1].tolist(), strict=True))
    number_of = {code: at for at, code in enumerate(spans.codes)}
    coder_at = {coder: at for at, coder in enumerate(spans.coders)}
    units = [
        (coder_at[u.coder], starts_of_texts[u.continuum] + u.span.start, len(u.span), number_of[u.code])
        for u in spans.units
    ]
    coder, start, length, code = np.array(sorted(units), dtype=np.int64).reshape(-1, 4).T
    cuts = np.unique(np.concatenate(([0, spans.length], start, start + length)))
    marked = np.full((len(spans.coders), len(cuts) - 1), -1, dtype=np.int64)
    for of_coder in range(len(spans.coders)):
        first, last = np.searchsorted(coder, [of_coder, of_coder + 1])
        if first < last:
            unit = first + np.searchsorted(start[first:last], cuts[:-1], side="right") - 1
            inside = (unit >= first) & (cuts[:-1] < (start + length)[unit])
            marked[of_coder, inside] = unit[inside]
    return _Pieces(np.diff(cuts), marked, code, length)


def _ku_alpha(spans: Unitized, pairs: _Coincidences, at: int, code: str) -> SpanAgreement:
    observed, expected = pairs.observed_marked, pairs.expected_marked
    with_any, by_chance = float(observed[at].sum()), float(expected[at].sum())
    coverage = with_any / float(pairs.observed[at + 1].sum())
    if not with_any:
        reason = f"no unit with {shown(code)} meets a unit of another coder"
        return _agreement("(k)u-alpha", spans, reason=reason, code=code, coverage=coverage)
    other_by_chance = float(np.delete(expected[at], at).sum())
    if not other_by_chance:
        return _agreement("(k)u-alpha", spans, reason=_one_code_meets(pairs), code=code, coverage=coverage)
    disagreement = float(np.delete(observed[at], at).sum()) / with_any
    chance = other_by_chance / by_chance
    value = 1 - disagreement / chance
    return _agreement(
        "(k)u-alpha", spans, value=value, code=code, coverage=coverage, observed=disagreement, expected=chance
    )


def _incomparable(spans: Unitized) -> str:
    """Why no coefficient of the family can be computed, or an empty text."""
    if len(spans.coders) < 2:
        return f"{len(spans.coders) or 'no'} coder; agreement needs two"
    if not spans.length:
        return "there is no text to agree on"
    clashes = spans.clashes
    if clashes:
        return (
            f"a coder gave two codes to the same words in {len(clashes)} places (first: {clashes[0]}), "
            "but each place may have one; compare code by code, or all codes as one"
        )
    return ""


def _one_value(spans: Unitized) -> str:
    if not spans.units:
        return "no coder marked anything"
    return f"every coder marked everything with {shown(spans.codes[0])}, so there is nothing to confuse it with"


def _one_code_meets(pairs: _Coincidences) -> str:
    if not pairs.observed_marked.any():
        return "no unit of one coder meets a unit of another"
    return "only one code is found where units of several coders meet; there is nothing to confuse it with"


def _off_diagonal(matrix: Floats) -> float:
    return float(matrix[~np.eye(len(matrix), dtype=bool)].sum())


def _agreement(
    coefficient: str,
    spans: Unitized,
    *,
    value: float = math.nan,
    reason: str = "",
    code: str | None = None,
    coverage: float | None = None,
    observed: float = math.nan,
    expected: float = math.nan,
) -> SpanAgreement:
    n_units = sum(code in (None, unit.code) for unit in spans.units)
    counts = (len(spans.coders), n_units, spans.length)
    return SpanAgreement(coefficient, value, reason, code, coverage, observed, expected, *counts)
