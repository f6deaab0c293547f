"""Which codes go together (F7)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.people import people
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.analysis.tallies import turn_of
from bwa_study.model.codings import Placed
from bwa_study.model.errors import SeveralCoders, UnknownName, WrongUnit
from bwa_study.model.matrix import CodingMatrix, Flags
from bwa_study.model.results import Result

Within = Literal["segment", "turn", "interview"]
Unit = tuple[str, int]
"""A unit: its interview, and the number of the turn, the place a segment begins at, or 0."""
WITHIN: tuple[Within, ...] = ("segment", "turn", "interview")


@dataclass(frozen=True, eq=False, repr=False)
class Cooccurrence(Result):
    """A row a pair of codes, each pair once in the order of the codebook.

    ``table`` has the columns ``code``, ``other``, ``n`` and ``n_other`` (units with each), ``both``, ``units`` (all),
    ``expected`` (both, if they had nothing to do with each other), ``jaccard`` (which ATLAS.ti calls the c-coefficient;
    0 to 1), ``dice``, ``phi`` (-1 to 1), ``lift`` (both over expected), ``reliability`` and ``reliability_other`` (of
    either code, see `bwa_study.analysis.gate`). NaN where a code is never (phi: or always) there.
    """

    picture = "bwa_study.present.pair_heatmap:plot_pairs"

    within: Within = "turn"
    polarity: str = "mentioned"
    matrix: CodingMatrix | None = field(default=None, repr=False)
    units: Mapping[str, frozenset[Unit]] = field(default_factory=dict, repr=False)
    """By code the units that have it."""

    def quotes(self, code: str, other: str) -> pd.DataFrame:
        """The words of both codes in the units that have both (``both`` of them); columns of `coded_quotes`.

        Raises
        ------
        UnknownName
            If a code is not in the table.
        """
        assert self.matrix is not None
        for one in (code, other):
            if one not in self.units:
                raise UnknownName("code", one, self.units)
        shared = self.units[code] & self.units[other]
        table, places = self._said
        found = sorted({n for one in (code, other) for unit in shared for n in places.get((one, unit), ())})
        return table.iloc[found].reset_index(drop=True)

    @cached_property
    def _said(self) -> tuple[pd.DataFrame, dict[tuple[str, Unit], list[int]]]:
        """All coded words that count, and which of them stand where: by code and unit."""
        assert self.matrix is not None
        unit_of, corpus = _unit_of(self.matrix, self.within), self.matrix.study.corpus
        codings = self.matrix.codings.where(lambda c: self.polarity in (c.polarity, "mentioned"))
        order = {t.id: n for n, t in enumerate(corpus)}
        places: dict[tuple[str, Unit], list[int]] = {}
        for n, coding in enumerate(sorted(codings, key=lambda c: (order[c.transcript], c.start))):
            places.setdefault((coding.code, unit_of(coding)), []).append(n)
        return coded_quotes(codings, corpus), places

    def compact(self) -> pd.DataFrame:
        """Pairs that occur together, most often first."""
        found = self.table[self.table["both"] > 0].sort_values("both", ascending=False, kind="stable")
        return found.set_index(["code", "other"])[
            ["n", "n_other", "both", "jaccard", "lift", "reliability", "reliability_other"]
        ].round(2)


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
    flags, units = {"segment": _segments, "turn": turn_flags, "interview": _interviews}[within](matrix, names, polarity)
    table, gate = pairs(flags, names), reliability_gate(matrix.study)
    for column, of_code in (("reliability", "code"), ("reliability_other", "other")):
        table[column] = table[of_code].map(gate.of_codes)
    of = {
        "segment": "coded segments (places that touch the same words are one)",
        "turn": "respondents' turns examined by the coder",
        "interview": "interviews examined in full",
    }
    return Cooccurrence(
        table=table,
        title=f"Codes that go together within {'an' if within == 'interview' else 'a'} {within}",
        method=f"Units: {len(flags)} {of[within]}; codes {polarity}. jaccard is the c-coefficient; lift above 1: more "
        "often together than chance. Units of one interview are not independent, so no p is given. "
        f"{gate.note(matrix.coders)}",
        source="Jaccard (1912)",
        provenance={**matrix.provenance, "polarity": polarity},
        synthetic=matrix.study.synthetic,
        within=within,
        polarity=polarity,
        matrix=matrix,
        units={code: frozenset(itertools.compress(units, flags[:, n])) for n, code in enumerate(names)},
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


def _said(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> Flags:
    at = [matrix.codes.index(code) for code in names]
    layers = {
        "present": matrix.present[0],
        "absent": matrix.absent[0],
        "mentioned": matrix.present[0] | matrix.absent[0],
    }
    return np.asarray(layers[polarity][:, at], dtype=bool)


def turn_flags(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> tuple[Flags, list[Unit]]:
    """Examined turns in order, interview after interview: array turn x code, and which turn each row is.

    Raises
    ------
    SeveralCoders, WrongUnit
        If the matrix has more than one coder, or its unit is not the turn.
    """
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
    return grouped.to_numpy(dtype=bool), [(str(t), int(n)) for t, n in grouped.index]


def _interviews(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> tuple[Flags, list[Unit]]:
    rows = people(matrix, by_site=False, codes=names)
    read = rows.counted.any(axis=1)
    layers = {"present": rows.present, "absent": rows.absent, "mentioned": rows.present | rows.absent}
    return layers[polarity][read], [(str(t), 0) for t in rows.rows["transcript"].to_numpy(dtype=object)[read]]


def _segments(matrix: CodingMatrix, names: Sequence[str], polarity: str) -> tuple[Flags, list[Unit]]:
    """Coded places that touch the same words, merged; any code of the coder makes a segment."""
    unit_of = _unit_of(matrix, "segment")
    found: dict[Unit, set[str]] = {}
    for coding in sorted(matrix.codings, key=lambda c: c[:3]):
        codes = found.setdefault(unit_of(coding), set())
        if polarity in (coding.polarity, "mentioned"):
            codes.add(coding.code)
    flags = np.array([[name in codes for name in names] for codes in found.values()], dtype=bool)
    return flags.reshape(-1, len(names)), list(found)


def _unit_of(matrix: CodingMatrix, within: Within) -> Callable[[Placed], Unit]:
    """Finds the unit that a coding stands in."""
    corpus = matrix.study.corpus
    if within == "interview":
        return lambda c: (c.transcript, 0)
    if within == "turn":
        return lambda c: (c.transcript, turn_of(corpus[c.transcript], c).number)
    starts: dict[tuple[str, int], int] = {}
    last, begun, reach = "", 0, 0
    for transcript, start, end in sorted({(c.transcript, c.start, c.end) for c in matrix.codings}):
        if transcript != last or start >= reach:
            last, begun, reach = transcript, start, end
        reach = max(reach, end)
        starts[transcript, start] = begun
    return lambda c: (c.transcript, starts[c.transcript, c.start])
