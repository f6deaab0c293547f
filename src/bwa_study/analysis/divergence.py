"""Where the groups disagree most: gaps of shares at one round, tested by exchanging people within sites (T4, F3)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.families import CORRECTION_SOURCES, Correction, adjusted
from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.people import People, people
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_TIE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Divergence(Result):
    """A row a code: shares of all groups at one round, and the largest gap.

    ``table`` has the columns ``theme``, ``code``, ``reliability`` (see `bwa_study.analysis.gate`); for each group
    ``<group>_n``, ``<group>_of``, ``<group>_share`` (NaN where nobody was asked); ``higher`` and ``lower`` (the groups
    with the largest gap), ``gap`` (0 to 1), ``sites`` (where both were asked; brand staff of several sites tie these
    into one) and ``sites_wider`` (of them those where the higher group's share is the higher one), ``p`` (two-sided,
    times the number of pairs of groups), ``p_adjusted`` and ``reason`` (why there is no p).
    """

    picture = "bwa_study.present.dumbbell:plot_dumbbell"

    groups: tuple[str, ...] = ()
    round: str = ""
    people: People | None = field(default=None, repr=False)

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.people.matrix if self.people else None

    def quotes(self, code: str, group: str, *, polarity: str = "present") -> pd.DataFrame:
        """The words behind a cell; as many interviews as ``<group>_n`` where polarity is present.

        Raises
        ------
        UnknownName
            If the code or the group does not exist.
        """
        assert self.people is not None
        self.people.matrix.study.codebook[code]
        if group not in self.groups:
            raise UnknownName("group", group, self.groups)
        rows = self.people.rows
        here = np.flatnonzero((rows["group"] == group) & (rows["round"] == self.round))
        return self.people.quotes(code, here, polarity)

    def sentence(self, code: str) -> str:
        """The largest gap of a code in words, such as "manager 60%, worker 12%: 48 points (wider in 7 of 12 sites)"."""
        row: Any = self.table.set_index("code").loc[code]
        if not row["higher"]:
            return f"{code}: no two groups were asked"
        shares = ", ".join(f"{g} {100 * row[f'{g}_share']:.0f}%" for g in (row["higher"], row["lower"]))
        return f"{shares}: {100 * row['gap']:.0f} points (wider in {row['sites_wider']} of {row['sites']} sites)"

    def compact(self) -> pd.DataFrame:
        """Codes down; shares of the groups, the largest gap and its p."""
        out = self.table[["code"]].copy()
        for g in self.groups:
            out[g] = [
                f"{100 * n / of:.0f}% ({n}/{of})" if of else "–"
                for n, of in zip(self.table[f"{g}_n"], self.table[f"{g}_of"], strict=True)
            ]
        out["largest gap"] = [
            f"{100 * gap:.0f} points: {high} over {low}" if high else "–"
            for gap, high, low in zip(self.table["gap"], self.table["higher"], self.table["lower"], strict=True)
        ]
        out["p, adjusted"] = [
            "–" if math.isnan(p) else f"{p:.3f}" if p >= 0.001 else "<0.001" for p in self.table["p_adjusted"]
        ]
        out["reliability"] = self.table["reliability"]
        return out.set_index("code")


def divergence(
    matrix: CodingMatrix,
    *,
    round: str,
    groups: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    correction: Correction = "holm",
) -> Divergence:
    r"""Gaps between groups in one round.

    Parameters
    ----------
    matrix
        Of one coder.
    round
        Which round.
    groups
        Two or more; all by default. Two named groups give their gap for every code.
    codes
        All by default.
    correction
        Over the codes; see `bwa_study.analysis.families`.

    Returns
    -------
    Divergence

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a name does not exist.
    WrongCall
        If fewer than two groups were interviewed in that round.

    Notes
    -----
    Within each site, which of its people belong to which of the two groups is exchanged at random; the number of the
    first group's people who said it is then a sum of hypergeometric numbers, one a site, and p is their exact chance
    to lie as far from its mean as the observed one:

    .. math:: p = P\bigl(|T - E(T)| \ge |t - E(T)|\bigr), \quad T = \sum_s Hypergeometric(N_s, K_s, n_s)

    It holds whatever the sites' own levels are. A site with one of the groups only says nothing. A study without
    sites is taken as one.

    References
    ----------
    Fisher, R. A. (1935). *The Design of Experiments*. Mehta, C. R., Patel, N. R. & Gray, R. (1985). Computing an exact
    confidence interval for the common odds ratio in several 2x2 tables. *JASA* 80, 969-973 (the convolution).

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> found = bwa.divergence(m, round="R2", groups=["manager", "worker"], codes=["client_influence"])
    >>> found.sentence("client_influence").startswith("manager")
    True
    """
    study = matrix.study
    chosen = study.levels("group") if groups is None else tuple(groups)
    if round not in study.levels("round"):
        raise UnknownName("round", round, study.levels("round"))
    for group in chosen:
        if group not in study.levels("group"):
            raise UnknownName("group", group, study.levels("group"))
    rows = people(matrix, by_site=False, codes=codes)
    here = np.flatnonzero(rows.rows["round"] == round)
    of_group = {g: here[(rows.rows["group"].iloc[here] == g).to_numpy()] for g in chosen}
    there = [g for g in chosen if len(of_group[g])]
    if len(there) < 2:
        found = ", ".join(there) or "none"
        raise WrongCall(f"divergence needs 2 groups or more in {round}, found {len(there)} ({found})")
    pairs = list(itertools.combinations(there, 2))
    strata = {pair: _strata(rows, np.concatenate([of_group[g] for g in pair])) for pair in pairs}
    table = pd.DataFrame([_row(rows, at, chosen, of_group, strata) for at in range(len(rows.codes))])
    table["p_adjusted"] = adjusted(table["p"].to_numpy(np.float64), correction=correction)
    table["reliability"] = (gate := reliability_gate(study)).column(table["theme"].tolist(), table["code"].tolist())
    names = ["theme", "code", "reliability", *(f"{g}_{k}" for g in chosen for k in ("n", "of", "share"))]
    last = ["higher", "lower", "gap", "sites", "sites_wider", "p", "p_adjusted", "reason"]
    return Divergence(
        table=table[[*names, *last]],
        title=f"Where groups diverge, {study.label('round', round)}",
        method="Share of interviews that say the thing is there, of those asked and examined. p: exact, people "
        f"exchanged between the two groups within sites (people of several sites tie these together), times "
        f"{len(pairs)} pairs of groups; adjusted by {correction} over {int(table['p'].notna().sum())} codes. "
        f"{gate.note(matrix.coders)}",
        source="; ".join(filter(None, ("Mehta, Patel & Gray (1985)", CORRECTION_SOURCES[correction]))),
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        groups=chosen,
        round=round,
        people=rows,
    )


def within_sites_p(first_said: Floats, first: Floats, second_said: Floats, second: Floats) -> float:
    """Exact p of "the two groups say it alike within sites"; arrays have one entry a site, see `divergence`.

    NaN where no site has people of both groups of whom some said it and some did not.

    Examples
    --------
    >>> round(within_sites_p(np.array([3.0]), np.array([3.0]), np.array([0.0]), np.array([3.0])), 3)
    0.1
    """
    from scipy import stats

    chance, mean, observed = np.ones(1), 0.0, 0.0
    for a, n, b, m in zip(first_said, first, second_said, second, strict=True):
        if not n or not m or a + b in (0, n + m):
            continue
        ways = stats.hypergeom(int(n + m), int(a + b), int(n)).pmf(np.arange(int(n) + 1))
        chance = np.convolve(chance, ways)
        mean += n * (a + b) / (n + m)
        observed += a
    if len(chance) == 1:
        return math.nan
    far = np.abs(np.arange(len(chance)) - mean) >= abs(observed - mean) - _TIE
    return float(min(1.0, chance[far].sum()))


def _strata(rows: People, at: Ints) -> Ints:
    """Within what people are exchanged: sites, or the whole study where it has none."""
    return rows.clusters(at) if rows.matrix.study.sites else np.zeros(len(at), dtype=np.intp)


def _row(
    rows: People, at: int, groups: Sequence[str], of_group: dict[str, Ints], strata: dict[tuple[str, str], Ints]
) -> dict[str, object]:
    id = rows.codes[at]
    out: dict[str, object] = {"theme": rows.matrix.study.codebook[id].theme, "code": id}
    shares = {}
    for g in groups:
        asked = of_group[g][rows.counted[of_group[g], at]]
        n, of = int(rows.present[asked, at].sum()), len(asked)
        shares[g] = n / of if of else math.nan
        out |= {f"{g}_n": n, f"{g}_of": of, f"{g}_share": shares[g]}
    gaps = {pair: shares[pair[0]] - shares[pair[1]] for pair in strata}
    gaps = {pair: gap for pair, gap in gaps.items() if not math.isnan(gap)}
    if not gaps:
        return {**out, "higher": "", "lower": "", "gap": math.nan, "sites": 0, "sites_wider": 0, "p": math.nan,
                "reason": "no two groups were asked"}  # fmt: skip
    pair = max(gaps, key=lambda p: abs(gaps[p]))
    higher, lower = pair if gaps[pair] >= 0 else pair[::-1]
    counts = _by_stratum(rows, at, [of_group[g] for g in pair], strata[pair])
    both = (counts[:, 1] > 0) & (counts[:, 3] > 0)
    p = within_sites_p(*counts.T) * len(strata)
    said = np.array([counts[both, 0] / counts[both, 1], counts[both, 2] / counts[both, 3]])
    wider = said[0] > said[1] if higher == pair[0] else said[1] > said[0]
    reason = "no site has both groups with somebody who said it and somebody who did not" if math.isnan(p) else ""
    return {**out, "higher": higher, "lower": lower, "gap": abs(gaps[pair]), "sites": int(both.sum()),
            "sites_wider": int(wider.sum()), "p": min(p, 1.0) if p == p else math.nan, "reason": reason}  # fmt: skip


def _by_stratum(rows: People, at: int, groups: Sequence[Ints], strata: Ints) -> Floats:
    """Array stratum x (said, asked of the first group, said, asked of the second)."""
    n = int(strata.max()) + 1
    first = len(groups[0])
    out = []
    for of_group, where in ((groups[0], strata[:first]), (groups[1], strata[first:])):
        asked = rows.counted[of_group, at]
        said = rows.present[of_group, at] & asked
        out += [np.bincount(where, weights=flags.astype(np.float64), minlength=n) for flags in (said, asked)]
    return np.column_stack(out)
