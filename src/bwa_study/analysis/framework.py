"""The framework matrix (T7): site or person by code, round by round, with a summary that an evaluator writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.analysis.tallies import unit_tally
from bwa_study.model.errors import SeveralCoders, UnknownName
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study

Rows = Literal["site", "participant"]
ROWS: tuple[Rows, ...] = ("site", "participant")
Summaries = Mapping[tuple[str, str, str], str]
"""What people wrote, by row, round and code."""


@dataclass(frozen=True, eq=False, repr=False)
class FrameworkMatrix(Result):
    """A row a cell: row of the matrix, round, code.

    ``table`` has the columns ``row`` (site or participant), ``round``, ``code``, ``reliability`` (see
    `bwa_study.analysis.gate`), ``summary`` (what an evaluator wrote;
    empty until then), ``present``, ``absent``, ``both`` and ``silent`` (interviews that said so, of those asked and
    examined), ``status`` (``ok`` or why there is nothing: ``not visited``, ``not asked``, ``not examined``) and
    ``segments`` (numbers of `segments` rows, joined with ``;``). ``segments`` has the columns ``number`` (from 1),
    and those of `bwa_study.analysis.quotes.coded_quotes`.
    """

    rows: Rows = "site"
    segments: pd.DataFrame | None = None
    labels: tuple[tuple[str, str], ...] = ()
    themes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Label of each theme with the labels of its codes, in the order of the codebook."""

    def quotes(self, row: str, code: str, *, round: str) -> pd.DataFrame:
        """The sentences of one cell: the rows of `segments` that it names.

        Raises
        ------
        UnknownName
            If there is no such cell.
        """
        assert self.segments is not None
        if (row, round, code) not in self._numbers:
            for name, value in (("row", row), ("round", round), ("code", code)):
                if value not in set(self.table[name]):
                    raise UnknownName(name, value, list(dict.fromkeys(self.table[name])))
        numbers = [int(n) for n in self._numbers[row, round, code].split(";") if n]
        return self.segments.iloc[[n - 1 for n in numbers]].reset_index(drop=True)

    @cached_property
    def _numbers(self) -> dict[tuple[str, str, str], str]:
        """Numbers of the segments by row, round and code."""
        keys = zip(self.table["row"], self.table["round"], self.table["code"], strict=True)
        return dict(zip(keys, self.table["segments"], strict=True))

    def compact(self) -> pd.DataFrame:
        """Rows and rounds down, codes across: the summary, else the evidence."""
        names = dict(self.labels)
        shown = self.table.assign(cell=[shown_evidence(row) for row in self.table.to_dict("records")])
        shown["cell"] = [s or c for s, c in zip(self.table["summary"], shown["cell"], strict=True)]
        shown["code"] = shown["code"].map(lambda code: names.get(code, code))
        wide = shown.pivot_table(index=["row", "round"], columns="code", values="cell", aggfunc="first", sort=False)
        wide.columns.name = None
        return wide


def shown_evidence(row: Mapping[object, object]) -> str:
    """Evidence of a cell in one line: ``+3 −1 of 6``, ``±`` for interviews that said both, or why there is none.

    Examples
    --------
    >>> shown_evidence({"status": "ok", "present": 3, "absent": 1, "both": 1, "silent": 1})
    '+3 −1 ±1 of 6'
    >>> shown_evidence({"status": "not visited", "present": 0, "absent": 0, "both": 0, "silent": 0})
    'not visited'
    """
    if row["status"] != "ok":
        return str(row["status"])
    counts = {name: int(str(row[name])) for name in ("present", "absent", "both", "silent")}
    marks = [f"{sign}{counts[n]}" for sign, n in (("+", "present"), ("−", "absent"), ("±", "both")) if counts[n]]
    return " ".join([*(marks or ["silent"]), f"of {sum(counts.values())}"])


def framework_matrix(matrix: CodingMatrix, *, rows: Rows, summaries: Summaries | None = None) -> FrameworkMatrix:
    """Lay out what every site or person said of every code in every round, for people to sum up in words.

    Parameters
    ----------
    matrix
        Of one coder.
    rows
        ``site`` or ``participant``.
    summaries
        What was written before, such as `bwa_study.load.framework_files.load_framework` reads; cells without a
        text stay empty. Texts of cells that are not there are an error: they would be lost.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If `rows` is neither, or a summary belongs to a row, round or code that does not exist.

    References
    ----------
    Ritchie, J. & Spencer, L. (1994). Qualitative data analysis for applied policy research. In Bryman & Burgess (eds),
    *Analyzing Qualitative Data*, 173-194 (charting).

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> table = bwa.framework_matrix(m, rows="site", summaries={("F01", "R1", "follow_up"): "Nobody came back."})
    >>> table.frame.query("summary != ''")[["row", "round", "code", "summary"]].values.tolist()
    [['F01', 'R1', 'follow_up', 'Nobody came back.']]
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("framework_matrix", matrix.coders)
    if rows not in ROWS:
        raise UnknownName("kind of row", rows, ROWS)
    study = matrix.study
    names, cells = _cells(matrix, rows)
    texts = dict(summaries or {})
    known = {(name, r, c) for name in names for r in study.levels("round") for c in matrix.codes}
    for key in texts:
        if key not in known:
            raise UnknownName("cell of the framework matrix", ", ".join(key), (", ".join(k) for k in sorted(known)))
    segments = coded_quotes(matrix.codings, study.corpus)
    segments.insert(0, "number", range(1, len(segments) + 1))
    numbers = _numbers(segments, rows)
    out, gate = [], reliability_gate(study)
    statuses = gate.of_codes
    for name in names:
        for round in study.levels("round"):
            for at, code in enumerate(matrix.codes):
                key = (name, round, code)
                found = ";".join(map(str, numbers.get(key, ())))
                out.append(
                    (*key, statuses[code], texts.get(key, ""), *cells.counted((name, round), [at], "present"), found)
                )
    columns = [
        "row",
        "round",
        "code",
        "reliability",
        "summary",
        "present",
        "absent",
        "both",
        "silent",
        "status",
        "segments",
    ]
    return FrameworkMatrix(
        table=pd.DataFrame(out, columns=columns),
        title=f"Framework matrix: {rows} by code and round",
        method="+ interviews that say it is there, − that it is not, ± both, of those asked and examined. Summaries "
        f"are an evaluator's. {gate.note(matrix.coders)}",
        source="Ritchie & Spencer (1994)",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        rows=rows,
        segments=segments,
        labels=tuple((c.id, study.label("code", c.id)) for c in study.codebook),
        themes=_themes(study),
    )


def _themes(study: Study) -> tuple[tuple[str, tuple[str, ...]], ...]:
    of_theme: dict[str, list[str]] = {}
    for code in study.codebook:
        of_theme.setdefault(code.theme, []).append(study.label("code", code.id))
    return tuple((study.label("theme", theme) if theme else "", tuple(codes)) for theme, codes in of_theme.items())


class _Counts:
    """States of interviews in a cell, in the words of the framework matrix."""

    def __init__(self, matrix: CodingMatrix, fields: tuple[str, ...]) -> None:
        self.tally = unit_tally(matrix, fields, by_turn=False)

    def counted(self, cell: tuple[str, ...], codes: list[int], polarity: str) -> tuple[int, int, int, int, str]:
        found = self.tally.counted(cell, codes, polarity)
        present, absent, both, silent, *_ = found.states or (0, 0, 0, 0)
        return present, absent, both, silent, found.status


def _cells(matrix: CodingMatrix, rows: Rows) -> tuple[tuple[str, ...], _Counts]:
    if rows == "site":
        return matrix.study.levels("site"), _Counts(matrix, ("site", "round"))
    people = tuple(dict.fromkeys(t.participant for t in matrix.study.corpus))
    return people, _Counts(matrix, ("participant", "round"))


def _numbers(segments: pd.DataFrame, rows: Rows) -> dict[tuple[str, str, str], list[int]]:
    out: dict[tuple[str, str, str], list[int]] = {}
    chosen = segments[["number", "round", "code", "sites", "participant"]]
    for number, round, code, sites, participant in chosen.itertuples(index=False):
        for name in sites.split(";") if rows == "site" else (participant,):
            out.setdefault((name, round, code), []).append(number)
    return out
