"""Does a coder change while she codes: her agreement with others in the first and the last third of her work."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.families import holm
from bwa_study.analysis.reliability import chosen_coders
from bwa_study.analysis.unit_agreement import Compared, side_by_side
from bwa_study.model.errors import NoCodings, UnknownName
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

Floats = npt.NDArray[np.float64]
_COLUMNS = (
    "theme", "code", "n_first", "n_last", "given_first", "given_last", "sensitivity_first", "sensitivity_last",
    "alpha_first", "alpha_last", "change", "p", "p_holm", "drift", "reason",
)  # fmt: skip
Thirds = tuple[dict[str, str], dict[str, str]]
"""Transcript and date, of the first and of the last third."""
_TIE = 1e-9
_ENOUGH_TRANSCRIPTS = 2
ENOUGH_USES = 20
"""A code given fewer times by others, in the two thirds together, is not tested."""


@dataclass(frozen=True, eq=False, repr=False)
class Drift(Result):
    """First against last third of a coder's work, a row a code, in the order of the codebook.

    ``table`` has the columns ``theme``, ``code``, ``n_first``, ``n_last`` (units the coder and another examined),
    ``given_first``, ``given_last`` (times another coder gave the code there), ``sensitivity_first``,
    ``sensitivity_last`` (the share of those times in which the coder gave it too; 0 to 1, NaN where it was never
    given), ``alpha_first``, ``alpha_last`` (Krippendorff, nominal: coded or not), ``change`` (the last alpha less the
    first), ``p`` (two-sided), ``p_holm`` (adjusted for all codes tested), ``drift`` (``falls`` or ``rises`` where
    ``p_holm`` is below .05, ``look`` where only ``p`` is, ``not seen``, ``cannot say``) and ``reason`` (why there is
    no test; with fewer than 20 uses in the two thirds together only a collapse could be noticed, and there is none).

    ``not seen`` is no proof of steadiness: with a dozen uses of a code in each third only a collapse is noticed.
    """

    coder: str = ""

    def compact(self) -> pd.DataFrame:
        """Code, how often given, sensitivity and alpha in both thirds, p adjusted, drift."""
        shown = self.table.set_index("code")[
            ["given_first", "given_last", "sensitivity_first", "sensitivity_last", "alpha_first", "alpha_last",
             "p", "p_holm", "drift"]
        ]  # fmt: skip
        return shown.round(3)


def drift(
    matrix: CodingMatrix, *, coder: str, against: Sequence[str] | None = None, draws: int = 9999, seed: int = 1
) -> Drift:
    r"""Compare a coder's agreement with others between the first and the last third of what she coded.

    The transcripts that she and another coder examined are put in the order in which she read them (by the first day
    she coded in each, or the ``date`` in `examined.csv` where that is earlier) and cut into thirds, whole days
    together. A transcript without either date is left out; `provenance` says how many.

    Parameters
    ----------
    matrix
        Of two or more coders.
    coder
        Whose dates count.
    against
        The other coders; all of the matrix by default. One other coder gives the clearest answer.
    draws
        How many random orders the test draws.
    seed
        The same seed gives the same p.

    Returns
    -------
    Drift

    Raises
    ------
    UnknownName
        If a coder does not exist.
    TooFewCoders
        If there is no other coder.
    NoCodings
        If fewer than six of the transcripts have a date of the coder, or all have the same.
    ValueError
        If `draws` is below 99.

    Notes
    -----
    The test permutes whole transcripts between the two thirds,

    .. math:: t = \frac{\hat\alpha_{last} - \hat\alpha_{first}}{\sqrt{v_{first} + v_{last}}}, \quad
              p = \frac{1 + \#\{|t^*| \ge |t|\}}{1 + draws}

    with :math:`v` the linearised variance of alpha by transcript; a draw in which an alpha is undefined counts as if
    it were as large. It is exact where the order of the transcripts says nothing of them, and as t is studentised it
    holds its level for many transcripts also where the thirds differ in how often the code is there. p is adjusted by
    Holm's procedure over the codes tested: those that others gave 20 times or more in the two thirds together. That
    number is the same in whatever order, so choosing by it leaves p as it is (Bourgon, Gentleman & Huber 2010).

    Alpha also hangs on how often a code is there. Where other people were interviewed in the last third, read
    sensitivity beside it.

    References
    ----------
    Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. *Statistical Applications in Genetics
    and Molecular Biology* 9, 39. Chung, E. & Romano, J. P. (2013). Exact and asymptotically robust permutation
    tests. *Annals of Statistics* 41, 484-507. Holm, S. (1979). *Scandinavian Journal of Statistics* 6,
    65-70. Bourgon, R., Gentleman, R. & Huber, W. (2010). Independent filtering increases detection power for
    high-throughput experiments. *PNAS* 107, 9546-9551.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> m = bwa.matrix(study, coders=["simulated-human-A", "simulated-human-B"])
    >>> found = bwa.drift(m, coder="simulated-human-B")
    >>> sorted(set(found.frame["drift"]) - {"cannot say", "not seen", "look"})
    []
    """
    if draws < 99:
        raise ValueError(f"a test of {draws} draws; at least 99 are needed")
    if coder not in matrix.coders:
        raise UnknownName("coder", coder, matrix.coders)
    others = [c for c in (matrix.coders if against is None else against) if c != coder]
    names = chosen_coders(matrix, [coder, *others], "drift")
    compared = _examined_by_the_coder(side_by_side(matrix, names))
    thirds, undated = _thirds(matrix, coder, compared)
    labels = random_orders(thirds, draws, seed)
    codebook = matrix.study.codebook
    rows = [
        {"theme": code.theme, "code": code.id, **compare_thirds(compared, [at], thirds, labels)}
        for at, code in enumerate(codebook)
    ]
    table = pd.DataFrame(rows)
    table["p_holm"] = holm(table["p"].to_numpy(dtype=np.float64))
    table["drift"] = [_word(row) for row in table.to_dict("records")]
    dates = [min(of_third.values()) for of_third in thirds] + [max(of_third.values()) for of_third in thirds]
    return Drift(
        table=table[list(_COLUMNS)],
        title=f"Drift of {coder} against {', '.join(names[1:])}",
        method=(
            f"First third of the transcripts by date ({dates[0]} to {dates[2]}, {len(thirds[0])} transcripts) against "
            f"the last ({dates[1]} to {dates[3]}, {len(thirds[1])}). p: {draws} random orders of transcripts, "
            "studentised difference of Krippendorff's alpha, two-sided; adjusted by Holm over the "
            f"codes that others gave {ENOUGH_USES} times or more in the two thirds ({int(table['p'].notna().sum())})."
        ),
        source="Holm (1979); Phipson & Smyth (2010)",
        provenance={**matrix.provenance, "coder": ", ".join(names), "transcripts without a date": str(undated)},
        synthetic=matrix.study.synthetic,
        coder=coder,
    )


def _examined_by_the_coder(compared: Compared) -> Compared:
    """Only units that the first coder examined."""
    keep = compared.read[0]
    return Compared(
        compared.present[:, keep], compared.absent[:, keep], compared.read[:, keep], compared.transcripts[keep]
    )


def _thirds(matrix: CodingMatrix, coder: str, compared: Compared) -> tuple[Thirds, int]:
    """Transcript and date in the first and the last third, and how many transcripts have no date."""
    table = matrix.study.codings.table
    dated = table[(table["coder"] == coder) & (table["date"] != "")]
    coded: pd.Series = dated.groupby("transcript")["date"].min()
    read = pd.Series(matrix.study.examined.dates.get(coder, {}), dtype=object)
    first_day = pd.concat([coded, read]).groupby(level=0).min()
    here = list(dict.fromkeys(compared.transcripts))
    days = first_day[first_day.index.isin(here)]
    if len(days) < 3 * _ENOUGH_TRANSCRIPTS or days.nunique() < 3:
        raise NoCodings(
            f"drift needs dates of coding: {len(days)} of {len(here)} transcripts shared with {coder} have one, on "
            f"{days.nunique()} different days — fill the column 'date' of the codings or of examined.csv (at least 6 "
            "transcripts, 3 days)"
        )
    place = (days.rank(method="average") - 0.5) / len(days)
    thirds = days[place < 1 / 3], days[place > 2 / 3]
    first, last = ({str(id): str(day) for id, day in third.items()} for third in thirds)
    return (first, last), len(here) - len(days)


def random_orders(thirds: Thirds, draws: int, seed: int) -> Floats:
    """Rows of 1 (first third) and 0 (last third) for the transcripts of both, the true row first."""
    first, last = (len(of_third) for of_third in thirds)
    true = np.repeat([1.0, 0.0], [first, last])
    shuffled = np.random.default_rng(seed).permuted(np.tile(true, (draws, 1)), axis=1)
    return np.concatenate([true[None], shuffled])


def compare_thirds(
    compared: Compared, codes: Sequence[int], thirds: Thirds, labels: Floats, *, enough: int = ENOUGH_USES
) -> dict[str, object]:
    """Numbers of one code, the first coder of `compared` being the one whose thirds they are; see `Drift`.

    Given by others fewer than `enough` times, it has no p.
    """
    at = {id: n for n, id in enumerate([*thirds[0], *thirds[1]])}
    place = np.array([at.get(id, -1) for id in compared.transcripts], dtype=np.int64)
    here = place >= 0
    coded, read = compared.coded(codes)[:, here], compared.read[:, here]
    given = (coded[1:] & read[1:]).sum(axis=0)
    found = given * coded[0]
    of = [np.bincount(place[here], weights=w, minlength=len(at)) for w in (np.ones(int(here.sum())), given, found)]
    (n_first, g_first, f_first), (n_last, g_last, f_last) = (
        tuple(float(one[: len(thirds[0])].sum()) for one in of),
        tuple(float(one[len(thirds[0]) :].sum()) for one in of),
    )
    parts = _summed(compared.ratings(codes)[here], place[here], len(at))
    uses = int(g_first + g_last)
    orders = labels if uses >= enough else labels[:1]
    first, last = _alpha(orders, parts), _alpha(1 - orders, parts)
    change = last.value - first.value
    p = math.nan
    reason = ""
    if 0 < uses < enough:
        reason = f"given {uses} time{'s' * (uses > 1)} in the two thirds; from {enough} there is a test"
    elif math.isnan(change[0]):
        reason = "nobody gave it in one of the thirds, or all gave it everywhere"
    elif np.nanmax(np.abs(change)) <= _TIE:
        reason = "agreement is the same in whatever order"
    else:
        p = _p_value(change, first.variance + last.variance)
    return {
        "n_first": int(n_first),
        "n_last": int(n_last),
        "given_first": int(g_first),
        "given_last": int(g_last),
        "sensitivity_first": f_first / g_first if g_first else math.nan,
        "sensitivity_last": f_last / g_last if g_last else math.nan,
        "alpha_first": float(first.value[0]),
        "alpha_last": float(last.value[0]),
        "change": float(change[0]),
        "p": p,
        "reason": reason,
    }


class _Alpha(NamedTuple):
    """Alpha of the chosen transcripts and its linearised variance, one of each a row of labels; NaN if undefined."""

    value: Floats
    variance: Floats


def _summed(ratings: Floats, transcripts: npt.NDArray[np.int64], n: int) -> Floats:
    """By transcript: disagreement within units, ratings "coded", ratings "not coded"; units of two ratings or more."""
    ones, zeros = (ratings == 1).sum(axis=1), (ratings == 0).sum(axis=1)
    size = ones + zeros
    ones, zeros = np.where(size >= 2, ones, 0), np.where(size >= 2, zeros, 0)
    within = 2 * ones * zeros / np.maximum(size - 1, 1)
    return np.column_stack([np.bincount(transcripts, weights=w, minlength=n) for w in (within, ones, zeros)])


def _alpha(chosen: Floats, parts: Floats) -> _Alpha:
    r"""Alpha of two values, :math:`1 - (n - 1) W / 2 n_1 n_0`, with W, n1, n0 summed over the chosen transcripts."""
    w, ones, zeros = (chosen @ parts).T
    ones, zeros = np.where(ones > 0, ones, np.nan), np.where(zeros > 0, zeros, np.nan)
    slope_w = -(ones + zeros - 1) / (2 * ones * zeros)
    shared = -w / (2 * ones * zeros)
    slopes = np.column_stack([slope_w, shared - slope_w * w / ones, shared - slope_w * w / zeros])
    n = chosen.sum(axis=1)
    squares = (parts[:, :, None] * parts[:, None, :]).reshape(len(parts), -1)
    moments = (chosen @ squares).reshape(len(chosen), 3, 3)
    pulls = np.einsum("di,dij,dj->d", slopes, moments, slopes) - (slopes * (chosen @ parts)).sum(axis=1) ** 2 / n
    return _Alpha(1 + slope_w * w, np.maximum(pulls, 0) * n / (n - 1))


def _p_value(change: Floats, variance: Floats) -> float:
    """How rarely a random order gives a change that is as large for its error as the true one, which comes first."""
    error = np.sqrt(variance)
    size = np.where(error > _TIE, np.abs(change) / np.maximum(error, _TIE), 0.0)
    as_large = np.isnan(change[1:]) | (size[1:] >= size[0] - _TIE)
    return float((1 + as_large.sum()) / len(change))


def _word(row: Mapping[Any, Any]) -> str:
    if row["reason"]:
        return "cannot say"
    if row["p_holm"] < 0.05:
        return "falls" if row["change"] < 0 else "rises"
    return "look" if row["p"] < 0.05 else "not seen"
