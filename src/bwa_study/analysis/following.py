"""Which codes follow each other in an interview, and how near they are."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.cooccurrence import turn_flags
from bwa_study.analysis.gate import reliability_gate
from bwa_study.model.errors import WrongCall
from bwa_study.model.matrix import CodingMatrix, Flags
from bwa_study.model.results import Result

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Following(Result):
    """A row an ordered pair of codes.

    ``table`` has the columns ``code``, ``next``, ``n`` (turns with the first code that have a turn after them),
    ``followed`` (of them those with the second code in the turns after), ``share``, ``base`` (share of all such turns
    that are followed by the second code; 0 to 1), ``lift`` (share over base), ``distance`` (median number of turns to
    the nearest turn with the second code in the interview, before or after; 0 is the same turn), ``reliability`` and
    ``reliability_next`` (of either code, see `bwa_study.analysis.gate`). NaN where undefined.
    """

    def compact(self) -> pd.DataFrame:
        """Pairs that follow each other, the strongest first."""
        found = self.table[self.table["followed"] > 0].sort_values("lift", ascending=False, kind="stable")
        return found.set_index(["code", "next"])[["n", "followed", "share", "lift", "distance", "reliability"]].round(2)


def followed_by(matrix: CodingMatrix, *, turns: int, codes: Sequence[str] | None = None) -> Following:
    """How often one code is followed by another within so many of the respondent's turns, and how near they are.

    Parameters
    ----------
    matrix
        Of one coder, whose unit is the turn.
    turns
        How many turns later at most; 1 is the next answer.
    codes
        All by default.

    Returns
    -------
    Following

    Raises
    ------
    SeveralCoders, WrongUnit, WrongCall, UnknownName
        If the matrix has several coders, its unit is not the turn, `turns` is below 1, or a code does not exist.

    References
    ----------
    Bakeman, R. & Gottman, J. M. (1997). *Observing Interaction: An Introduction to Sequential Analysis*, 2nd ed. (the
    idea, at one lag; here any of the turns up to `turns`).

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> bwa.followed_by(m, turns=2, codes=["covid", "order_volume"]).frame[["code", "next"]].values.tolist()
    [['covid', 'order_volume'], ['order_volume', 'covid']]
    """
    if turns < 1:
        raise WrongCall(f"followed within {turns} turns says nothing — give 1 or more")
    names = tuple(matrix.codes if codes is None else codes)
    for code in names:
        matrix.study.codebook[code]
    flags, units = turn_flags(matrix, names, "mentioned")
    of = np.array([transcript for transcript, _ in units], dtype=object)
    gate = reliability_gate(matrix.study)
    status = gate.of_codes
    after = np.zeros_like(flags)
    for later in range(1, turns + 1):
        after[:-later] |= flags[later:] & (of[later:] == of[:-later])[:, None]
    has_next = np.zeros(len(of), dtype=bool)
    has_next[:-1] = of[1:] == of[:-1]
    near = _distances(flags, of)
    base = after[has_next].mean(axis=0) if has_next.any() else np.full(len(names), math.nan)
    rows = []
    for i, j in itertools.permutations(range(len(names)), 2):
        start = flags[:, i] & has_next
        numbers = _numbers(int(start.sum()), int((start & after[:, j]).sum()), float(base[j]), near[flags[:, i], j])
        rows.append((names[i], names[j], *numbers, status[names[i]], status[names[j]]))
    columns = ["code", "next", "n", "followed", "share", "base", "lift", "distance", "reliability", "reliability_next"]
    return Following(
        table=pd.DataFrame(rows, columns=columns),
        title=f"Which code follows which within {turns} turn{'s' if turns > 1 else ''}",
        method=f"Of the turns with the first code that have a turn after them, those with the second code within the "
        f"next {turns}; lift above 1: more often than after any turn. Distance: median turns to the nearest turn with "
        f"the second code. Turns of one interview are not independent, so no p is given. {gate.note(matrix.coders)}",
        source="Bakeman & Gottman (1997)",
        provenance=matrix.provenance,
        synthetic=matrix.study.synthetic,
    )


def _numbers(n: int, followed: int, base: float, gaps: Floats) -> tuple[float, ...]:
    share = followed / n if n else math.nan
    there = gaps[np.isfinite(gaps)]
    return (
        n,
        followed,
        share,
        base,
        share / base if base else math.nan,
        float(np.median(there)) if len(there) else math.nan,
    )


def _distances(flags: Flags, of: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Turns from each turn to the nearest of its interview with each code; infinite where there is none."""
    out = np.full(flags.shape, np.inf)
    for interview in np.unique(of.astype(str)):
        here = np.flatnonzero(of == interview)
        steps = np.abs(np.subtract.outer(np.arange(len(here)), np.arange(len(here))))
        for code in range(flags.shape[1]):
            there = flags[here, code]
            if there.any():
                out[here, code] = steps[:, there].min(axis=1)
    return out
