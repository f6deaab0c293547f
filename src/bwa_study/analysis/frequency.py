"""How often a theme is spoken of, by group, round, site or language, with its denominator beside it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.intervals import UNDEFINED, wilson
from bwa_study.analysis.quotes import coded_quotes, counted_rows
from bwa_study.analysis.tallies import Counted, Tally, place_tally, unit_tally
from bwa_study.model.errors import SeveralCoders, UnknownName, WrongCall, WrongUnit
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

Count = Literal["interviews", "turns", "segments", "words"]
COUNTS: tuple[Count, ...] = ("interviews", "turns", "segments", "words")
POLARITIES = ("present", "absent", "mentioned")
STATE_COLUMNS = ("present", "absent", "both", "not_mentioned", "not_asked", "not_examined")

_DENOMINATOR = {
    "interviews": "interviews in which the code was asked about, and which the coder examined",
    "turns": "respondents' turns in interviews in which the code was asked about, examined by the coder",
    "segments": "coded segments (distinct places with any code) of the coder",
    "words": "respondents' words (Han characters counted one by one) in turns the coder examined",
}
_INTERVAL = {
    "interviews": "Intervals are Wilson's, 95%, as if interviews were independent; people of one factory are not.",
    "turns": "No interval is given: turns of one interview are not independent.",
    "segments": "No interval is given: segments of one interview are not independent.",
    "words": "No interval is given: words of one interview are not independent.",
}


@dataclass(frozen=True, eq=False, repr=False)
class Frequency(Result):
    """Shares with a code, a row a cell.

    ``table`` has the columns of `by`, then ``theme``, ``code`` (empty in theme rows), ``polarity``, ``n`` (numerator),
    ``denominator``, ``share`` (n / denominator; NaN where the denominator is 0), ``low`` and ``high`` (95% interval;
    NaN where none is defined), the counts of units in each state (``present`` and ``absent`` only, ``both``,
    ``not_mentioned``, ``not_asked``, ``not_examined``; missing for segments and words), ``unasked`` (how many of those
    not asked spoke of it all the same; they are in no share), ``status``: ``ok``,
    ``not visited`` (no interview), ``not asked``, ``not examined``, ``nothing coded``, and ``reliability``: what the
    theme or code may be used for, see `bwa_study.analysis.gate.ReliabilityGate`.
    """

    picture: ClassVar[str] = "bwa_study.present.figures:plot_frequency"

    by: tuple[str, ...] = ()
    count: Count = "interviews"
    matrix: CodingMatrix | None = field(default=None, repr=False)

    def select(self, *, polarity: str | None = None, level: str | None = None) -> pd.DataFrame:
        """Rows of one polarity and of one level (``code`` or ``theme``)."""
        keep = pd.Series(True, index=self.table.index)
        if polarity is not None:
            if polarity not in POLARITIES:
                raise UnknownName("polarity", polarity, POLARITIES)
            keep &= self.table["polarity"] == polarity
        if level is not None:
            keep &= (self.table["code"] == "") == (level == "theme")
        return self.table[keep]

    def cell(self, code: str, *, polarity: str = "present", **where: str) -> pd.Series:
        """One cell, such as ``cell("follow_up", group="worker", round="R1")``.

        Raises
        ------
        UnknownName
            If a name does not exist.
        ValueError
            If `where` does not name one value for each of `by`.
        """
        if set(where) != set(self.by):
            raise ValueError(
                f"a cell of this table is named by {', '.join(self.by)}, not by {', '.join(where) or 'nothing'}"
            )
        rows = self.table[(self.table["code"] == code) & (self.table["polarity"] == polarity)]
        if rows.empty:
            raise UnknownName("code or polarity", f"{code}, {polarity}", sorted(set(self.table["code"]) - {""}))
        for name, value in where.items():
            if value not in set(rows[name]):
                raise UnknownName(name, value, list(dict.fromkeys(rows[name])))
            rows = rows[rows[name] == value]
        return rows.iloc[0]

    def quotes(self, code: str, *, polarity: str = "present", **where: str) -> pd.DataFrame:
        """The coded words behind a cell, a row a coding; columns of `bwa_study.analysis.quotes.coded_quotes`.

        `code` is a code or, where none has that id, a theme. Where interviews (or turns) are counted, the number of
        distinct ones behind a cell is its ``n``.

        `where` may leave out some of `by`; the cells it leaves open are read together. ``polarity="mentioned"`` gives
        both polarities. Words of units that the cell does not count (not examined, or not agreed on by a consensus)
        are left out.

        Raises
        ------
        UnknownName
            If the code or theme, the polarity, or a name in `where`, does not exist.
        """
        assert self.matrix is not None
        study = self.matrix.study
        if polarity not in POLARITIES:
            raise UnknownName("polarity", polarity, POLARITIES)
        codes = [code] if code in study.codebook.ids else [one.id for one in study.codebook.under(code)]
        table = self._counted_words(codes)
        keep = np.full(len(table), polarity == "mentioned") | (table["polarity"] == polarity).to_numpy(dtype=bool)
        for name, value in where.items():
            levels = study.levels(name)
            if value not in levels:
                raise UnknownName(name, value, levels)
            if name == "site":
                found = [value in sites.split(";") for sites in table["sites"]]
            elif name in ("group", "round"):
                found = (table[name] == value).tolist()
            elif name == "language":
                found = [value == study.corpus[t].language for t in table["transcript"]]
            else:
                found = [value == study.corpus[t].attribute(name) for t in table["transcript"]]
            keep &= np.array(found, dtype=bool)
        return table[keep].reset_index(drop=True)

    @cached_property
    def _said(self) -> dict[tuple[str, ...], pd.DataFrame]:
        """Words that count, by the codes that were asked for; everything under no code."""
        assert self.matrix is not None
        return {(): coded_quotes(self.matrix.codings, self.matrix.study.corpus)}

    def _counted_words(self, codes: Sequence[str]) -> pd.DataFrame:
        assert self.matrix is not None
        if tuple(codes) not in self._said:
            table = self._said[()][self._said[()]["code"].isin(codes)]
            if self.count in ("interviews", "turns"):
                table = table[counted_rows(self.matrix, table, codes, whole=self.count == "interviews")]
            self._said[tuple(codes)] = table
        return self._said[tuple(codes)]

    def compact(self) -> pd.DataFrame:
        """Codes down, cells across, each as ``share% (n/denominator)``, and reliability; presence only."""
        rows = self.select(polarity="present" if "present" in set(self.table["polarity"]) else None, level="code")
        shown = rows.assign(cell=[shown_cell(r) for r in rows.to_dict("records")])
        if not self.by:
            return shown.set_index(["code", "reliability"])[["cell"]]
        return shown.pivot_table(
            index=["code", "reliability"], columns=list(self.by), values="cell", aggfunc="first", sort=False
        )

    def notes(self) -> list[str]:
        """The lines that belong under the table; the last says what ``reliability`` goes by."""
        return [*super().notes(), *([self.reliability_note] if self.reliability_note else [])]

    @property
    def reliability_note(self) -> str:
        """What the column ``reliability`` goes by, and whether those are the coders that were counted."""
        return reliability_gate(self.matrix.study).note(self.matrix.coders) if self.matrix else ""


def shown_cell(row: Mapping[Any, Any]) -> str:
    """A cell for reading: ``25% (2/8)``, or why there is no number."""
    if row["status"] != "ok":
        return str(row["status"])
    return f"{100 * row['share']:.0f}% ({row['n']}/{row['denominator']})"


def frequency(
    matrix: CodingMatrix,
    *,
    by: Sequence[str] = ("group", "round"),
    count: Count = "interviews",
    polarity: Sequence[str] = ("present", "absent"),
    themes: bool = True,
) -> Frequency:
    r"""Share of interviews, turns, segments or words with each code, cell by cell.

    Parameters
    ----------
    matrix
        Of one coder; see `select` and `consensus`.
    by
        Any of group, round, site, language, or another field of the manifest; cells are all their combinations in
        declared order. By site, an interview about several sites counts at each of them with what it says of that one.
    count
        What is counted: ``interviews`` (with at least one statement), ``turns``, ``segments`` or ``words``.
    polarity
        ``present``, ``absent``, ``mentioned`` (either); each gives a row a cell.
    themes
        Whether rows for whole themes are added: a unit has a theme when it has any code of it. In a theme, presence
        of a code with valence -1 counts as a statement like any other.

    Returns
    -------
    Frequency
        Nothing is rounded. Cells without interviews are kept as ``not visited``.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongUnit
        If turns are asked of a matrix whose unit is the interview, or segments and words of a consensus.
    UnknownName
        If `by`, `count` or `polarity` is unknown.
    WrongCall
        If `polarity` is empty, or `by` or `polarity` names one thing twice.

    Notes
    -----
    .. math:: share = n / denominator

    where the denominator leaves out units that were not asked or not examined.

    References
    ----------
    Wilson (1927), see `bwa_study.analysis.intervals.wilson`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> table = bwa.frequency(bwa.matrix(study, coders=["simulated-human-A"]), by=("group", "round"))
    >>> cell = table.cell("audit_mode", group="brand_staff", round="R1")
    >>> int(cell["denominator"])
    8
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("frequency", matrix.coders)
    by = tuple(by)
    _check_options(matrix, by, count, tuple(polarity))
    tally = _tally(matrix, by, count)
    levels = [matrix.study.levels(name) for name in by]
    rows = []
    for theme, code, at in _columns(matrix, themes):
        for which in polarity:
            for cell in itertools.product(*levels):
                rows.append((*cell, theme, code, which, *_numbers(tally.counted(cell, at, which), count)))
    names = [
        *by,
        "theme",
        "code",
        "polarity",
        "n",
        "denominator",
        "share",
        "low",
        "high",
        *STATE_COLUMNS,
        "unasked",
        "status",
    ]
    table = pd.DataFrame(rows, columns=names)
    counts = [*STATE_COLUMNS, "unasked"]
    table[counts] = table[counts].astype("Int64")
    study = matrix.study
    table["reliability"] = reliability_gate(study).column(table["theme"].tolist(), table["code"].tolist())
    return Frequency(
        table=table,
        title=f"Share of {count} with a code, by {' and '.join(by) or 'the whole study'}",
        method=f"Denominator: {_DENOMINATOR[count]}. {_INTERVAL[count]}",
        source="Wilson (1927)" if count == "interviews" else "",
        provenance={**matrix.provenance, "counted": count, "interviews": str(len(study.corpus))},
        synthetic=study.synthetic,
        by=by,
        count=count,
        matrix=matrix,
    )


def _check_options(matrix: CodingMatrix, by: tuple[str, ...], count: str, polarity: tuple[str, ...]) -> None:
    if count not in COUNTS:
        raise UnknownName("count", count, COUNTS)
    if not polarity:
        raise WrongCall(f"frequency: polarity is empty — ask for one or more of {', '.join(POLARITIES)}")
    for name, chosen in (("by", by), ("polarity", polarity)):
        if len(set(chosen)) < len(chosen):
            raise WrongCall(f"frequency: {name} names one thing twice ({', '.join(chosen)}) — name each once")
    for one in polarity:
        if one not in POLARITIES:
            raise UnknownName("polarity", one, POLARITIES)
    sources = {t.attribute("source") for t in matrix.study.corpus}
    if len(sources) > 1 and "survey" in sources and "source" not in by:
        raise WrongCall(
            "frequency: interviews and answers of the survey are not added up — count them by 'source', or one alone"
        )
    fields = [
        "group",
        "round",
        "site",
        "language",
        *dict.fromkeys(k for t in matrix.study.corpus for k, _ in t.attributes),
    ]
    for name in by:
        if name not in fields:
            raise UnknownName("field to count by", name, fields)
    if count == "turns" and matrix.unit != "turn":
        raise WrongUnit('turns cannot be counted in a matrix of interviews — make it with matrix(study, unit="turn")')
    if count in ("segments", "words") and matrix.coders[0] not in (
        *matrix.codings.coders,
        *matrix.study.examined.coders,
    ):
        raise WrongUnit(f"{count} of a consensus are not defined — count interviews or turns, or select one coder")


def _tally(matrix: CodingMatrix, by: tuple[str, ...], count: Count) -> Tally:
    if count in ("segments", "words"):
        return place_tally(matrix, by, in_words=count == "words")
    return unit_tally(matrix, by, by_turn=count == "turns")


def _columns(matrix: CodingMatrix, themes: bool) -> list[tuple[str, str, list[int]]]:
    codes = matrix.study.codebook.codes
    out: list[tuple[str, str, list[int]]] = []
    of_theme: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        of_theme.setdefault(code.theme, []).append(at)
    for theme, members in of_theme.items():
        if themes and theme:
            out.append((theme, "", members))
        out += [(theme, codes[at].id, [at]) for at in members]
    return out


def _numbers(counted: Counted, count: Count) -> tuple[object, ...]:
    """n, denominator, share, low, high, the six states, unasked, status."""
    states: tuple[object, ...] = counted.states or (pd.NA,) * len(STATE_COLUMNS)
    unasked: object = counted.unasked if counted.states else pd.NA
    n, of = counted.n, counted.denominator
    low, high = wilson(n, of) if count == "interviews" else UNDEFINED
    return (n, of, n / of if of else math.nan, low, high, *states, unasked, counted.status)
