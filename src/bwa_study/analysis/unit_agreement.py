"""What several coders said of the same units, laid side by side, and what that says of one code or theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.alpha import krippendorff_alpha
from bwa_study.analysis.coefficients import cohen_kappa, percent_agreement
from bwa_study.analysis.kappa_paradox import TwoByTwo, paradox
from bwa_study.analysis.tallies import cells_of
from bwa_study.model.codebook import Codebook
from bwa_study.model.matrix import CodingMatrix, Flags
from bwa_study.model.reliability_rules import IntervalBy

Ints = npt.NDArray[np.int64]
Columns = Sequence[Sequence[int]]
"""Numbers of the codes that are read as one: a code alone, or all codes of a theme."""

NOTHING_SHARED = "no unit here was examined by two of the coders"


@dataclass(frozen=True, eq=False)
class Compared:
    """What some coders said of units that at least two of them examined.

    Parameters
    ----------
    present, absent
        Coder × unit × code.
    read
        Coder × unit: whether the coder examined it.
    transcripts
        The transcript of each unit.
    cells
        The cell of each unit, in the order of the fields asked for.
    """

    present: Flags
    absent: Flags
    read: Flags
    transcripts: npt.NDArray[np.object_]
    cells: tuple[tuple[str, ...], ...] = ()

    def within(self, cell: tuple[str, ...]) -> Compared:
        """The units of one cell."""
        keep = np.array([one == cell for one in self.cells], dtype=bool)
        return Compared(
            self.present[:, keep],
            self.absent[:, keep],
            self.read[:, keep],
            self.transcripts[keep],
            (cell,) * keep.sum(),
        )

    def coded(self, codes: Sequence[int]) -> Flags:
        """Coder × unit: whether the coder gave any of the codes, in either polarity."""
        return (self.present[:, :, codes] | self.absent[:, :, codes]).any(axis=2) & self.read

    def ratings(self, codes: Sequence[int]) -> npt.NDArray[np.float64]:
        """Unit × coder: 1 where coded, 0 where examined and not coded, NaN where not examined."""
        return np.where(self.read, self.coded(codes).astype(np.float64), np.nan).T


def side_by_side(matrix: CodingMatrix, coders: Sequence[str], by: Sequence[str] = ()) -> Compared:
    """Lay the units of a matrix that at least two of the coders examined side by side.

    A unit about several sites is one unit, but with ``site`` in `by` it counts at each of them with what was said of
    that one; a unit about no site is left out then.
    """
    at = [matrix.coders.index(name) for name in coders]
    names = ["transcript", "turn", *(["site"] if "site" in by else [])]
    rows = np.flatnonzero(matrix.units["site"] != "") if "site" in by else np.arange(len(matrix.units))
    units = matrix.units.iloc[rows].reset_index(drop=True)
    which = units.groupby(names, sort=False).ngroup().to_numpy()
    first = units.loc[~units.duplicated(names)].reset_index(drop=True)
    present, absent = (_joined(layer[at][:, rows], which) for layer in (matrix.present, matrix.absent))
    read = _joined(matrix.examined[at][:, rows, None], which)[:, :, 0]
    keep = read.sum(axis=0) >= 2
    cells = [cell for cell, kept in zip(cells_of(matrix, first, by), keep, strict=True) if kept]
    transcripts = first["transcript"].to_numpy(dtype=object)[keep]
    return Compared(present[:, keep], absent[:, keep], read[:, keep], transcripts, tuple(cells))


def _joined(layers: Flags, which: npt.NDArray[np.integer[Any]]) -> Flags:
    """Rows of the same unit (one a site) become one."""
    n = int(which.max()) + 1 if len(which) else 0
    out = np.zeros((layers.shape[0], n, layers.shape[2]), dtype=bool)
    for layer, joined in zip(layers, out, strict=True):
        np.logical_or.at(joined, which, layer)
    return out


def numbers(
    compared: Compared, codes: Sequence[int], *, limit: float, interval: IntervalBy = "jackknife"
) -> dict[str, object]:
    """One row of a table of reliability, but for what it is called, what it is confused with and its status."""
    coded, read = compared.coded(codes), compared.read
    ratings = compared.ratings(codes)
    alpha = krippendorff_alpha(ratings, level="nominal", clusters=compared.transcripts)
    ends = alpha.interval if interval == "jackknife" else alpha.bootstrap()
    simple = percent_agreement(ratings, weights="identity")
    two = len(read) == 2
    kappa = cohen_kappa(ratings, weights="identity").value if two else math.nan
    pairs, same = _polarity(compared, coded, codes)
    shares = [float(c[r].mean()) if r.any() else math.nan for c, r in zip(coded, read, strict=True)]
    given = [share for share in shares if not math.isnan(share)]
    return {
        "n_units": alpha.n_units,
        "n_transcripts": alpha.n_clusters,
        "n_coded": int(coded.any(axis=0).sum()),
        "prevalence": float(np.mean(given)) if given else math.nan,
        "prevalence_a": shares[0] if two else math.nan,
        "prevalence_b": shares[1] if two else math.nan,
        "bias": max(given) - min(given) if given else math.nan,
        "agreement": simple.value,
        "alpha": alpha.value,
        "low": ends.low,
        "high": ends.high,
        "kappa": kappa,
        "polarity_agreement": same / pairs if pairs else math.nan,
        "polarity_pairs": pairs,
        "note": paradox(_two_by_two(coded), limit=limit) if two else "",
        "reason": _one_value(coded, read) or alpha.reason or ends.reason,
    }


def _one_value(coded: Flags, read: Flags) -> str:
    n = read.shape[1]
    if not n:
        return NOTHING_SHARED
    if not coded.any():
        return f"nobody gave it in these {n} units, so nothing could have disagreed"
    return f"all gave it in all {n} units, so nothing could have disagreed" if (coded == read).all() else ""


def _polarity(compared: Compared, coded: Flags, codes: Sequence[int]) -> tuple[int, int]:
    """Pairs of coders and units where both coded, and of them those with the same polarity."""
    present, absent = (np.asarray(layer[:, :, codes].any(axis=2)) for layer in (compared.present, compared.absent))
    pairs = same = 0
    for a in range(len(coded)):
        for b in range(a + 1, len(coded)):
            both = coded[a] & coded[b]
            pairs += int(both.sum())
            same += int((both & (present[a] == present[b]) & (absent[a] == absent[b])).sum())
    return pairs, same


def _two_by_two(coded: Flags) -> TwoByTwo:
    a, b = coded
    return TwoByTwo(int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), int((~a & ~b).sum()))


def confusion(compared: Compared, columns: Columns) -> Ints:
    """Column × column: units in which one coder gave only the first of the two and another only the second.

    Of the codes of a theme, what counts is whether any was given.
    """
    coded = np.stack([compared.coded(codes) for codes in columns], axis=2)
    out = np.zeros((len(columns), len(columns)), dtype=np.int64)
    for a in range(len(coded)):
        for b in range(len(coded)):
            if a != b:
                shared = compared.read[a] & compared.read[b]
                only_a = (coded[a] & ~coded[b])[shared].astype(np.int64)
                only_b = (coded[b] & ~coded[a])[shared].astype(np.int64)
                out += only_a.T @ only_b
    np.fill_diagonal(out, 0)
    return out


def most_confused(row: Ints, names: Sequence[str]) -> tuple[str, int]:
    """The name most often given instead, and how often; empty and 0 if none was."""
    most = int(row.argmax()) if len(row) else 0
    return (names[most], int(row[most])) if len(row) and row[most] else ("", 0)


def tell_apart(codebook: Codebook, code: str, other: str) -> str:
    """The rules of the codebook that tell two codes apart, in both directions; ``no rule`` where there is none.

    A rule reads ``<rule>: <code>``: where it holds, that code is right.
    """
    rules = [
        f"{e.rule}: {e.see}"
        for one, two in ((code, other), (other, code))
        for e in codebook[one].exclude
        if e.see == two
    ]
    return "; ".join(rules) or "no rule"
