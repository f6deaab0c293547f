"""Shares of every theme and code by group and round, with the change from the first round to the last (T3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from bwa_study.analysis.compared import BY_RULE, RULE, Part, numbers
from bwa_study.analysis.frequency import Frequency, frequency
from bwa_study.analysis.people import People, people
from bwa_study.model.errors import WrongCall
from bwa_study.model.matrix import CodingMatrix, Flags

CHANGES = ("change", "change_low", "change_high", "change_status", "change_reason")


@dataclass(frozen=True, eq=False, repr=False)
class Prevalence(Frequency):
    """Shares by group and round, a row a cell, and in the rows of the last round the change since the first.

    ``table`` has the columns of `bwa_study.analysis.frequency.Frequency` and, in the rows of `last` (else NaN and
    empty): ``change`` (share at the last round less share at the first, -1 to 1), ``change_low`` and ``change_high``
    (95% interval for people clustered in sites; NaN where there is none), ``change_status`` (``ok``, ``too few to
    say``, ``not asked``, ``not visited``) and ``change_reason``.
    """

    first: str = ""
    last: str = ""

    def changes(self, polarity: str) -> pd.DataFrame:
        """The changes of one polarity: a row a theme or code and group."""
        rows = self.select(polarity=polarity)
        return rows[rows["round"] == self.last][["group", "theme", "code", *CHANGES]]

    def compact(self) -> pd.DataFrame:
        """Codes down, groups and rounds across, each group with its change in points; presence only."""
        wide = super().compact()
        polarity = "present" if "present" in set(self.table["polarity"]) else str(self.table["polarity"].iloc[0])
        found = self.changes(polarity)
        named = f"{self.first} → {self.last}"
        for group in dict.fromkeys(found["group"]):
            of = found[found["group"] == group].set_index("code")
            codes = wide.index.get_level_values("code")
            wide[group, named] = [shown_change(*of.loc[code, list(CHANGES[:4])]) for code in codes]
        groups = list(dict.fromkeys(found["group"]))
        return wide[[column for group in groups for column in wide.columns if column[0] == group]]


def shown_change(change: float, low: float, high: float, status: str) -> str:
    """A change for reading, in points with its interval, or why there is none.

    Examples
    --------
    >>> shown_change(0.25, 0.1, 0.4, "ok"), shown_change(0.25, math.nan, math.nan, "too few to say")
    ('+25 [+10, +40]', '+25 (too few to say)')
    >>> shown_change(math.nan, math.nan, math.nan, "not asked")
    'not asked'
    """
    if math.isnan(change):
        return status
    points = f"{100 * change:+.0f}"
    if math.isnan(low):
        return points if status == "ok" else f"{points} ({status})"
    return f"{points} [{100 * low:+.0f}, {100 * high:+.0f}]"


def prevalence(matrix: CodingMatrix, *, polarity: Sequence[str] = ("present", "absent")) -> Prevalence:
    r"""Share of interviews with each theme and code, by group and round, and how it changed from first round to last.

    Parameters
    ----------
    matrix
        Of one coder.
    polarity
        As in `bwa_study.analysis.frequency.frequency`.

    Returns
    -------
    Prevalence

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongCall
        If the study has one round only; `frequency` gives its shares.
    UnknownName
        If a polarity does not exist.

    Notes
    -----
    .. math:: change = share_{last} - share_{first}

    by the rule of `bwa_study.analysis.compare.compare`: CR2 errors with Satterthwaite's degrees of freedom, people
    clustered in sites (brand staff in brands), no interval for fewer than four clusters.

    References
    ----------
    Bell & McCaffrey (2002), see `bwa_study.analysis.clustered`; Wilson (1927), see `bwa_study.analysis.intervals`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> cell = bwa.prevalence(m).cell("follow_up", group="worker", round="R3")
    >>> bool(cell["change_low"] < cell["change"] < cell["change_high"])
    True
    """
    rounds = matrix.study.levels("round")
    if len(rounds) < 2:
        raise WrongCall(f"a change needs two rounds, this study has {len(rounds)} — frequency() gives its shares")
    shares = frequency(matrix, by=("group", "round"), polarity=polarity)
    first, last = rounds[0], rounds[-1]
    found = _changes(matrix, tuple(polarity), first, last)
    table = shares.table.copy()
    keys = zip(table["round"], table["group"], table["theme"], table["code"], table["polarity"], strict=True)
    nothing = (math.nan, math.nan, math.nan, "", "")
    rows = [found[tuple(key)] if round == last else nothing for round, *key in keys]
    table[list(CHANGES)] = pd.DataFrame(rows, columns=list(CHANGES), index=table.index)
    own = {field.name: getattr(shares, field.name) for field in fields(shares)}
    own |= {
        "table": table,
        "title": f"Prevalence of themes and codes by group and round, with the change from {first} to {last}",
        "method": f"{shares.method} Change in points from {first} to {last}, with its 95% interval for people "
        f"clustered in sites (those of several sites tie these together). {RULE}",
        "source": "Wilson (1927); Bell & McCaffrey (2002); Pustejovsky & Tipton (2018)",
    }
    return Prevalence(**own, first=first, last=last)


def _changes(
    matrix: CodingMatrix, polarity: Sequence[str], first: str, last: str
) -> dict[tuple[str, ...], tuple[float, float, float, str, str]]:
    """By group, theme, code (empty for a theme) and polarity."""
    rows, names = _with_themes(people(matrix, by_site=False))
    out: dict[tuple[str, ...], tuple[float, float, float, str, str]] = {}
    when = rows.rows["round"].to_numpy(dtype=object)
    for group in matrix.study.levels("group"):
        here = (rows.rows["group"] == group).to_numpy()
        at = np.flatnonzero(here & ((when == first) | (when == last)))
        part = Part(rows, at, (when[at] == last).astype(np.intp), rows.clusters(at), 2)
        for one in polarity:
            said = rows.said(one)
            for n, name in enumerate(names):
                row = numbers(part, said, n, BY_RULE)
                ends = (float(str(row[k])) for k in ("difference", "low", "high"))
                change, low, high = ends
                out[group, *name, one] = (change, low, high, str(row["status"]), str(row["reason"]))
    return out


def _with_themes(rows: People) -> tuple[People, list[tuple[str, str]]]:
    """People with a column more for every theme: any of its codes said, any of them asked; theme and code of each."""
    codebook = rows.matrix.study.codebook
    of_theme: dict[str, list[int]] = {}
    for at, code in enumerate(rows.codes):
        of_theme.setdefault(codebook[code].theme, []).append(at)
    of_theme.pop("", None)
    names = [(codebook[code].theme, code) for code in rows.codes] + [(theme, "") for theme in of_theme]

    def widened(layer: Flags) -> Flags:
        return np.column_stack([layer, *(layer[:, at].any(axis=1) for at in of_theme.values())])

    present, absent, counted = widened(rows.present), widened(rows.absent), widened(rows.counted)
    codes = (*rows.codes, *of_theme)
    return replace(rows, present=present, absent=absent, counted=counted, codes=codes), names
