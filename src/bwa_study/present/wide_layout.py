"""A frequency as people hand it in: codes down, groups and rounds across, the change after the rounds of each group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from bwa_study.analysis.frequency import Frequency
from bwa_study.analysis.prevalence import CHANGES, Prevalence
from bwa_study.present.tables import wide_reliability, wide_shares

SHARE = ("share", "n", "of")
CHANGE = ("change", "low", "high")


@dataclass(frozen=True, slots=True)
class WideColumn:
    """One cell of every row: its labels from the top down, and what its three values are (`SHARE` or `CHANGE`)."""

    head: tuple[str, ...]
    holds: tuple[str, str, str] = SHARE


@dataclass(frozen=True, slots=True)
class WideRow:
    """One theme or code: its label, what it may be used for, and three values a column.

    Of a share: share, n and denominator; of a change: change, low and high end. Where there is no number stands the
    reason: in place of the share or change, or, where only the interval is missing, in place of its low end.
    """

    name: str
    is_theme: bool
    reliability: str
    cells: tuple[tuple[Any, Any, Any], ...]


def wide_layout(result: Frequency, polarity: str, language: str) -> tuple[tuple[WideColumn, ...], tuple[WideRow, ...]]:
    """Columns and rows of one polarity.

    Raises
    ------
    UnknownName
        If the result has no such polarity.
    """
    heads, lines = wide_shares(result, polarity, language)
    columns = [WideColumn(head) for head in heads]
    order = list(range(len(heads)))
    changes: list[list[tuple[Any, Any, Any]]] = [[] for _ in lines]
    if isinstance(result, Prevalence):
        groups = list(dict.fromkeys(head[0] for head in heads))
        columns += [WideColumn((group, f"{result.first} → {result.last}"), CHANGE) for group in groups]
        order = sorted(range(len(columns)), key=lambda at: groups.index(columns[at].head[0]))
        parts = result.changes(polarity).groupby(["theme", "code"], sort=False)[list(CHANGES[:4])]
        changes = [[_change(*row) for row in part.itertuples(index=False, name=None)] for _, part in parts]
    rows = []
    for (name, is_theme, *cells), own, status in zip(lines, changes, wide_reliability(result, polarity), strict=True):
        triples = [(cells[i], cells[i + 1], cells[i + 2]) for i in range(0, len(cells), 3)] + own
        rows.append(WideRow(name, is_theme, status, tuple(triples[at] for at in order)))
    return tuple(columns[at] for at in order), tuple(rows)


def _change(change: float, low: float, high: float, status: str) -> tuple[Any, Any, Any]:
    if math.isnan(change):
        return status, None, None
    if math.isnan(low):
        return change, status if status != "ok" else None, None
    return change, low, high
