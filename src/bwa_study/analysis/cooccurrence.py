"""Which codes go together, and which follow each other (F7)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.people import people
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.model.errors import SeveralCoders, UnknownName, WrongCall, WrongUnit
from bwa_study.model.matrix import CodingMatrix, Flags
from bwa_study.model.results import Result
from bwa_study.model.spans import Span

Within = Literal["segment", "turn", "interview"]
WITHIN: tuple[Within, ...] = ("segment", "turn", "interview")


@dataclass(frozen=True, eq=False, repr=False)
class Cooccurrence(Result):
    """A row a pair of codes, each pair once in the order of the codebook.

    ``table`` has the columns ``code``, ``other``, ``n`` and ``n_other`` (units with each), ``both``, ``units`` (all),
    ``expected`` (both, if they had nothing to do with each other), ``jaccard`` (which ATLAS.ti calls the c-coefficient;
    0 to 1), ``dice``, ``phi`` (-1 to 1) and ``lift`` (both over expected). NaN where a code is never (phi: or always)
    there.
    """

    picture = "bwa_study.present.pair_heatmap:plot_pairs"

    within: Within = "turn"
    matrix: CodingMatrix | None = field(default=None, repr=False)

    def quotes(self, code: str, other: str) -> pd.DataFrame:
        """The words of both codes in interviews that have both; columns of `coded_quotes`.

        Raises
        ------
        UnknownName
            If a code does not exist.
        """
        assert self.matrix is not None
        parts = {}
        for one in (code, other):
            self.matrix.study.codebook[one]
            parts[one] = coded_quotes(self.matrix.codings.select(code=one), self.matrix.study.corpus)
        keys = ["transcript"] if self.within == "interview" else ["transcript", "turn"]
        shared = parts[code][keys].drop_duplicates().merge(parts[other][keys].drop_duplicates())
        both = pd.concat(parts.values(), ignore_index=True).merge(shared)
        return both.sort_values(keys, kind="stable").reset_index(drop=True)

    def compact(self) -> pd.DataFrame:
        """Pairs that occur together, most often first."""
        found = self.table[self.table["both"] > 0].sort_values("both", ascending=False, kind="stable")
        return found.set_index(["code", "other"])[["n", "n_other", "both", "jaccard", "lift"]].round(2)


def cooccurrence(
    matrix: CodingMatrix, *, within: Within, codes: Sequence[str] | None = None, polarity: str = "mentioned"
) -> Cooccurrence:
    r"""Count pairs of codes in the same segment, turn or interview.

    Parameters
    ----------
    matrix
        Of one coder.
    within
        ``segment``: coded places that touch the same words are one; ``turn``: a respondent's turn that the coder
        examined; ``interview``: one examined in full.
    codes
        All by default.
    polarity
        ``present``, ``absent`` or ``mentioned`` (either).

    Returns
    -------
    Cooccurrence

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongUnit
        If turns are asked of a matrix of interviews.
    UnknownName
        If a name does not exist.

    Notes
    -----
    With :math:`n_1, n_2, n_{12}` units of N,

    .. math:: c = \frac{n_{12}}{n_1 + n_2 - n_{12}}, \qquad lift = \frac{n_{12} N}{n_1 n_2}

    Units of one interview are not independent, so there is no p.

    References
    ----------
    Jaccard, P. (1912). The distribution of the flora in the alpine zone. *New Phytologist* 11, 37-50. Friese, S.
    (2019). *Qualitative Data Analysis with ATLAS.ti*, the c-coefficient.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> found = bwa.cooccurrence(m, within="interview", codes=["coaching_mode", "audit_mode"]).frame
    >>> bool(found.loc[0, "both"] <= min(found.loc[0, "n"], found.loc[0, "n_other"]))
    True
    """
    if within not in WITHIN:
        raise UnknownName("unit", within, WITHIN)
    if polarity not in ("present", "absent", "mentioned"):
        raise UnknownName("polarity", polarity, ("present", "absent", "mentioned"))
    if len(matrix.coders) != 1:
        raise SeveralCoders("cooccurrence", matrix.coders)
    names = tuple(matrix.codes if codes is None else codes)
    for code in names:
        matrix.study.codebook[code]
    flags = {"segment": _segments, "turn": _turns, "interview": _interviews}[within](matrix, names, polarity)
    of = {
        "segment": "coded segments (places that touch the same words are one)",
        "turn": "respondents' turns examined by the coder",
        "interview": "interviews examined in full",
    }
    return Cooccurrence(
        table=pairs(flags, names),
        title=f"Codes that go together within {'an' if within == 'interview' else 'a'} {within}",
        method=f"Units: {len(flags)} {of[within]}; codes {polarity}. jaccard is the c-coefficient; lift above 1: more "
        "often together than chance. Units of one interview are not independent, so no p is given.",
        source="Jaccard (1912)",
        provenance={**matrix.provenance, "polarity": polarity},
        synthetic=matrix.study.synthetic,
        within=within,
        matrix=matrix,
    )


def pairs(flags: Flags, names: Sequence[str]) -> pd.DataFrame:
    """The table of `Cooccurrence` from an array unit x code."""
    units = len(flags)
    counts = flags.astype(np.float64)
    both = counts.T @ counts
    rows = []
    for i, j in itertools.combinations(range(len(names)), 2):
        n, m, k = both[i, i], both[j, j], both[i, j]
        spread = math.sqrt(n * (units - n) * m * (units - m))
        rows.append(
            {
                "code": names[i],
                "other": names[j],
                "n": int(n),
                "n_other": int(m),
                "both": int(k),
                "units": units,
                "expected": n * m / units if units else math.nan,
                "jaccard": k / (n + m - k) if n + m else math.nan,
                "dice": 2 * k / (n + m) if n + m else math.nan,
                "phi": (units * k - n * m) / spread if spread else math.nan,
                "lift": k * units / (n * m) if n * m else math.nan,
            }
        )
    names_of_columns = ["code", "other", "n", "n_other", "both", "units", "expected", "jaccard", "dice", "phi", "lift"]
    return pd.DataFrame(rows, columns=names_of_columns)


def followed_by(matrix: CodingMatrix, *, turns: int, codes: Sequence[str] | None = None) -> pd.DataFrame:
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
    pandas.DataFrame
        A row an ordered pair: code, next, n (turns with the first code that have `turns` examined turns or fewer after
        them), followed (of them those with the second code in the turns after), share, base (share of all such turns
        that are followed by the second code), lift (share over base) and distance (median number of turns to the
        nearest turn with the second code in the interview, before or after; 0 is the same turn). NaN where undefined.

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
    >>> list(bwa.followed_by(m, turns=2, codes=["covid", "order_volume"]).columns)
    ['code', 'next', 'n', 'followed', 'share', 'base', 'lift', 'distance']
    """
    if turns < 1:
        raise WrongCall(f"followed within {turns} turns says nothing — give 1 or more")
    names = tuple(matrix.codes if codes is None else codes)
    for code in names:
        matrix.study.codebook[code]
    flags, of = _turn_flags(matrix, names, "mentioned")
    after = np.zeros_like(flags)
    for later in range(1, turns + 1):
        after[:-later] |= flags[later:] & (of[later:] == of[:-later])[:, None]
    has_next = np.zeros(len(of), dtype=bool)
    has_next[:-1] = of[1:] == of[:-1]
    near = _distances(flags, of)
    rows = []
    base = after[has_next].mean(axis=0) if has_next.any() else np.full(len(names), math.nan)
    for i, j in itertools.permutations(range(len(names)), 2):
        start = flags[:, i] & has_next
        n, k = int(start.sum()), int((start & after[:, j]).sum())
        share = k / n if n else math.nan
        gaps = near[flags[:, i], j]
        distance = float(np.median(gaps[np.isfinite(gaps)])) if np.isfinite(gaps).any() else math.nan
        lift = share / base[j] if base[j] else math.nan
        rows.append((names[i], names[j], n, k, share, float(base[j]), lift, distance))
    return pd.DataFrame(rows, columns=["code", "next", "n", "followed", "share", "base", "lift", "distance"])


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


def _said(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> Flags:
    at = [matrix.codes.index(code) for code in names]
    layers = {
        "present": matrix.present[0],
        "absent": matrix.absent[0],
        "mentioned": matrix.present[0] | matrix.absent[0],
    }
    return np.asarray(layers[polarity][:, at], dtype=bool)


def _turn_flags(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> tuple[Flags, npt.NDArray[np.object_]]:
    if len(matrix.coders) != 1:
        raise SeveralCoders("a count of turns", matrix.coders)
    if matrix.unit != "turn":
        raise WrongUnit('turns cannot be counted in a matrix of interviews — make it with matrix(study, unit="turn")')
    read = matrix.examined[0]
    units = matrix.units[read]
    said = pd.DataFrame(_said(matrix, names, polarity)[read], columns=list(names))
    said[["transcript", "turn"]] = units[["transcript", "turn"]].to_numpy()
    grouped = (
        said.groupby(["transcript", "turn"], sort=False)[list(names)].any().sort_index(level="turn", kind="stable")
    )
    grouped = grouped.sort_index(level="transcript", sort_remaining=False, kind="stable")
    return grouped.to_numpy(dtype=bool), np.array(grouped.index.get_level_values("transcript"), dtype=object)


def _turns(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> Flags:
    return _turn_flags(matrix, names, polarity)[0]


def _interviews(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> Flags:
    rows = people(matrix, by_site=False, codes=names)
    read = rows.counted.any(axis=1)
    layers = {"present": rows.present, "absent": rows.absent, "mentioned": rows.present | rows.absent}
    return layers[polarity][read]


def _segments(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> Flags:
    """Coded places that touch the same words, merged; any code of the coder makes a segment."""
    places = sorted(
        ((c.transcript, c.start, c.end, c.code, c.polarity) for c in matrix.codings), key=lambda place: place[:3]
    )
    merged: list[tuple[str, Span, set[str]]] = []
    for transcript, start, end, code, said in places:
        if merged and merged[-1][0] == transcript and start < merged[-1][1].end:
            _, span, found = merged[-1]
            merged[-1] = (transcript, Span(span.start, max(end, span.end)), found)
        else:
            merged.append((transcript, Span(start, end), set()))
        if polarity in (said, "mentioned"):
            merged[-1][2].add(code)
    return np.array([[name in found for name in names] for *_, found in merged], dtype=bool).reshape(-1, len(names))
