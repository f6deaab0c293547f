"""Cases with a score in each condition and in the outcome: what all analyses of necessity read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.expressions import Expression, Floats
from bwa_study.model.errors import BwaError, UnknownName, shown
from bwa_study.model.results import Result

FEWEST_CASES = 4
_LISTED = 12


class NamedTwice(BwaError):
    """A condition is named twice, or is the outcome too."""


class ScoreOutOfRange(BwaError):
    """Scores are not memberships between 0 and 1."""


class TooFewCases(BwaError):
    """Too few cases could be classified."""


class OutcomeConstant(BwaError):
    """All cases have the same outcome."""


class ConditionConstant(BwaError):
    """All cases are alike in a condition."""


@dataclass(frozen=True, eq=False, repr=False)
class Cases(Result):
    """Scores of cases, with the reason where a case could not be classified.

    ``table`` has a row a case and condition (or outcome): ``case``, ``measure``, ``role`` (condition, outcome),
    ``score`` (0 to 1, or a level 0, 1, 2 …; NaN: cannot be classified), ``reason`` (why not, else empty), and what the
    maker of the scores adds.
    """

    picture = "bwa_study.present.two_by_two:plot_two_by_two"

    scores: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """A row a case, a column a condition and the outcome, last."""
    outcome: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Number of levels of the conditions that have more than two."""

    @property
    def conditions(self) -> tuple[str, ...]:
        """Ids of the conditions, in declared order."""
        return tuple(str(name) for name in self.scores.columns if name != self.outcome)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the cases."""
        return tuple(str(id) for id in self.scores.index)

    @property
    def unclassified(self) -> dict[str, tuple[str, ...]]:
        """By condition (or outcome) the cases that could not be classified in it."""
        return {
            str(name): tuple(map(str, self.scores.index[self.scores[name].isna()]))
            for name in self.scores.columns
            if self.scores[name].isna().any()
        }

    def columns(self) -> dict[str, Floats]:
        """The scores as arrays by name."""
        return {str(name): self.scores[name].to_numpy(dtype=np.float64) for name in self.scores.columns}

    def expression(self, text: str) -> Expression:
        """A combination of conditions, such as ``oversight*~shock``."""
        return Expression.parse(text, self.conditions)

    def without(self, cases: Iterable[str]) -> Cases:
        """The same without some cases.

        Raises
        ------
        UnknownName
            If there is no such case.
        """
        gone = set(cases)
        for id in gone:
            if id not in self.ids:
                raise UnknownName("case", id, self.ids)
        return replace(
            self,
            table=self.table[~self.table["case"].isin(gone)].reset_index(drop=True),
            scores=self.scores[~self.scores.index.isin(gone)],
        )

    def of(self, conditions: Sequence[str]) -> Cases:
        """The same with some of the conditions only, in that order.

        Raises
        ------
        NamedTwice, UnknownName
            If a condition is named twice or does not exist.
        """
        check_names(conditions, self.outcome)
        for name in conditions:
            if name not in self.conditions:
                raise UnknownName("condition", name, self.conditions)
        return replace(
            self,
            table=self.table[self.table["measure"].isin([*conditions, self.outcome])].reset_index(drop=True),
            scores=self.scores[[*conditions, self.outcome]],
            levels={name: n for name, n in self.levels.items() if name in conditions},
        )

    def complete(self) -> Cases:
        """The cases that could be classified in every condition and in the outcome."""
        return self.without(self.scores.index[self.scores.isna().any(axis=1)])

    def compact(self) -> pd.DataFrame:
        """A row a case; a dash where it could not be classified."""
        whole = self.scores.dropna().isin([0.0, 1.0]).all(axis=None) or bool(self.levels)
        return self.scores.map(lambda v: "–" if v != v else f"{v:.0f}" if whole or v in (0, 1) else f"{v:.2f}")

    def notes(self) -> list[str]:
        """The lines of every result, and who could not be classified and why."""
        lines = super().notes()
        for row in self.table[self.table["score"].isna()].to_dict("records"):
            lines.append(f"{row['case']}: {row['measure']} cannot be classified: {row['reason'] or 'no score'}")
        return lines


def cases_from_scores(
    frame: pd.DataFrame,
    *,
    outcome: str,
    conditions: Sequence[str] | None = None,
    case: str | None = None,
    levels: Mapping[str, int] | None = None,
    title: str = "Scores of the cases",
    method: str = "Scores as given.",
    synthetic: bool = False,
) -> Cases:
    """Cases of a table of scores that somebody else has calibrated.

    Parameters
    ----------
    frame
        A row a case; numbers from 0 to 1, missing where the case could not be classified.
    outcome, conditions
        Names of columns; all others are conditions by default.
    case
        The column of case ids; the index by default.
    levels
        Number of levels of multi-value conditions, whose scores are 0, 1, 2 …
    title, method, synthetic
        See `Result`.

    Raises
    ------
    UnknownName
        If there is no such column.
    NamedTwice
        If a condition is named twice, or is the outcome too, or two cases have one id.
    ScoreOutOfRange
        With every score that is not a membership.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 0, 1, None], "y": [1, 1, 0, 0]}, index=list("pqrs"))
    >>> found = cases_from_scores(table, outcome="y")
    >>> found.conditions, found.unclassified
    (('a', 'b'), {'b': ('s',)})
    """
    frame = frame.set_index(case) if case is not None and case in frame.columns else frame
    if case is not None and frame.index.name != case:
        raise UnknownName("column", case, map(str, frame.columns))
    names = list(conditions) if conditions is not None else [str(c) for c in frame.columns if c != outcome]
    check_names(names, outcome)
    for name in (*names, outcome):
        if name not in frame.columns:
            raise UnknownName("column", name, map(str, frame.columns))
    ids = [str(id) for id in frame.index]
    if len(set(ids)) < len(ids):
        twice = next(id for id in ids if ids.count(id) > 1)
        raise NamedTwice(f"case '{shown(twice)}' is given twice — give each case its own id")
    scores = frame[[*names, outcome]].apply(pd.to_numeric, errors="coerce").astype(float)
    scores.index = pd.Index(ids, name="case")
    check_range(scores, levels or {})
    rows = [
        {"case": id, "measure": name, "role": "outcome" if name == outcome else "condition", "score": value,
         "reason": "no score is given" if value != value else ""}
        for id, *values in scores.itertuples(name=None)
        for name, value in zip(scores.columns, values, strict=True)
    ]  # fmt: skip
    return Cases(pd.DataFrame(rows), title, method, synthetic=synthetic, scores=scores, outcome=outcome,
                 levels=dict(levels or {}))  # fmt: skip


def check_names(conditions: Sequence[str], outcome: str) -> None:
    """Refuse a condition that is named twice or is the outcome.

    Raises
    ------
    NamedTwice
        With the name.
    """
    for n, name in enumerate(conditions):
        if name in conditions[:n]:
            raise NamedTwice(f"condition '{shown(name)}' is named twice — leave one out")
        if name == outcome:
            raise NamedTwice(f"'{shown(name)}' is the outcome and a condition — it cannot explain itself, leave it out")


def check_range(scores: pd.DataFrame, levels: Mapping[str, int]) -> None:
    """Refuse scores that are no memberships (or, for a multi-value condition, no levels).

    Raises
    ------
    ScoreOutOfRange
        With every such score and its case.
    """
    bad = []
    for name in scores.columns:
        values = scores[name].dropna()
        if name in levels:
            wrong = ~values.isin(range(levels[str(name)]))
        else:
            wrong = (values < 0) | (values > 1) | ~np.isfinite(values)
        bad += [f"{shown(id)}: {shown(name)} = {value:g}" for id, value in values[wrong].items()]
    if bad:
        listed = "; ".join(bad[:_LISTED]) + (f" … and {len(bad) - _LISTED} more" if len(bad) > _LISTED else "")
        raise ScoreOutOfRange(
            f"scores must lie between 0 and 1 (a multi-value condition's levels are 0, 1, 2 …): {listed} — "
            "calibrate raw scores first, see docs/necessity.md"
        )


def check_enough(verb: str, cases: Cases, names: Sequence[str]) -> None:
    """Refuse fewer than four classified cases and an outcome that does not vary.

    Raises
    ------
    TooFewCases, OutcomeConstant
        With the numbers.
    """
    known = cases.scores[[*names, cases.outcome]].dropna()
    if len(known) < FEWEST_CASES:
        left_out = sorted(set(cases.ids) - set(map(str, known.index)))
        because = f"; could not be classified: {', '.join(left_out)}" if left_out else ""
        raise TooFewCases(
            f"{verb} needs {FEWEST_CASES} cases or more, {len(known)} of {len(cases.ids)} have scores in "
            f"{', '.join([*names, cases.outcome])}{because} — add cases, or fill the gaps"
        )
    values = known[cases.outcome]
    if values.nunique() == 1:
        raise OutcomeConstant(
            f"{verb}: the outcome '{shown(cases.outcome)}' is {values.iloc[0]:g} in all {len(known)} cases — without "
            "cases that differ nothing can be said to be necessary or sufficient for it"
        )


def check_varied(verb: str, cases: Cases, names: Sequence[str]) -> None:
    """Refuse a condition in which all classified cases are alike.

    Raises
    ------
    ConditionConstant
        With the condition and its value.
    """
    known = cases.scores[[*names, cases.outcome]].dropna()
    for name in names:
        values = known[name]
        if values.nunique() == 1:
            raise ConditionConstant(
                f"{verb}: condition '{shown(name)}' is {values.iloc[0]:g} in all {len(known)} cases — it cannot tell "
                "them apart; leave it out"
            )
