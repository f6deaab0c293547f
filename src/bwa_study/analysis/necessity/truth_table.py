"""The truth table (T9): every configuration of conditions, its cases, and whether the outcome goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.expressions import Expression, Literal
from bwa_study.analysis.necessity.fit import sufficiency_fit
from bwa_study.analysis.necessity.implicants import MOST_CONDITIONS, Row
from bwa_study.analysis.necessity.scores import Cases, check_enough, check_names, check_varied
from bwa_study.model.errors import WrongCall
from bwa_study.model.results import Result

OUTCOMES = {"1": "consistent", "C": "contradiction", "0": "not consistent", "?": "no or too few cases"}
_CROSSOVER = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class TruthTable(Result):
    """Configurations with their cases.

    ``table`` has a column a condition (0, 1, or a level), then ``n`` (cases in the row), ``cases`` (their ids, joined
    with ``;``), ``with_outcome`` and ``without_outcome`` (those in and out of the outcome), ``share`` (of the row's
    cases with the outcome; NaN without cases), ``consistency`` and ``pri`` of the row as a sufficient condition (over
    all cases, by their memberships; NaN where no case has any membership) and ``outcome``: ``1`` consistent, ``0`` not,
    ``C`` contradiction (not consistent, and its cases differ in the outcome), ``?`` a logical remainder.
    """

    picture = "bwa_study.present.truth_heatmap:plot_truth_table"

    cases: Cases | None = field(default=None, repr=False)
    conditions: tuple[str, ...] = ()
    outcome: str = ""
    """Name of the outcome; ``~`` before it for the absence of the outcome."""
    consistency: float = 1.0
    fewest: int = 1
    pri: float = 0.0
    undecided: tuple[str, ...] = ()
    """Cases with a membership of exactly .5 somewhere: they belong to no row."""

    @property
    def levels(self) -> tuple[int, ...]:
        """Number of levels of each condition."""
        assert self.cases is not None
        return tuple(self.cases.levels.get(name, 2) for name in self.conditions)

    def rows(self, *outcomes: str) -> list[Row]:
        """Configurations with one of these entries in ``outcome``."""
        keep = self.table[self.table["outcome"].isin(outcomes)]
        return [tuple(int(v) for v in row) for row in keep[list(self.conditions)].itertuples(index=False, name=None)]

    def compact(self) -> pd.DataFrame:
        """Conditions, cases and entry, rounded."""
        table = self.table[[*self.conditions, "n", "cases", "share", "consistency", "pri"]].copy()
        for name in ("share", "consistency", "pri"):
            table[name] = ["–" if v != v else f"{v:.3f}" for v in table[name]]
        table["cases"] = table["cases"].str.replace(";", " ", regex=False)
        table["outcome"] = self.table["outcome"].map(OUTCOMES)
        return table


def truth_table(
    cases: Cases,
    *,
    consistency: float,
    conditions: Sequence[str] | None = None,
    fewest: int = 1,
    pri: float = 0.0,
    negated: bool = False,
    remainders: bool = False,
) -> TruthTable:
    r"""Sort the cases into configurations and say which of these go with the outcome.

    Parameters
    ----------
    cases
        Scores; cases that could not be classified in one of the conditions or in the outcome are left out.
    consistency
        From which consistency a row counts as sufficient, above 0 to 1.
    conditions
        All by default, in declared order; at most 16.
    fewest
        Rows with fewer cases are remainders.
    pri
        From which proportional reduction in inconsistency a row counts as sufficient.
    negated
        The table of the absence of the outcome.
    remainders
        Also list rows without cases.

    Returns
    -------
    TruthTable
        Rows with the outcome first, then contradictions, then the others.

    Raises
    ------
    TooFewCases, OutcomeConstant, ConditionConstant, NamedTwice
        If the cases cannot carry a table.
    WrongCall
        If a cut-off is out of range or there are too many conditions.

    Notes
    -----
    A case belongs to the row in which its membership is above .5 in every literal. The consistency of a row is
    :math:`\sum \min(r, y) / \sum r` with *r* the case's membership in the row's conjunction.

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, chapter 7; Schneider & Wagemann (2012), chapter 7.

    Examples
    --------
    >>> from bwa_study.analysis.necessity.scores import cases_from_scores
    >>> table = pd.DataFrame({"o": [1, 1, 1, 0], "p": [1, 1, 0, 0], "y": [1, 0, 0, 0]}, index=list("abcd"))
    >>> found = truth_table(cases_from_scores(table, outcome="y"), consistency=1).frame
    >>> found[["o", "p", "n", "cases", "outcome"]].values.tolist()
    [[1, 1, 2, 'a;b', 'C'], [0, 0, 1, 'd', '0'], [1, 0, 1, 'c', '0']]
    """
    names = tuple(conditions) if conditions is not None else cases.conditions
    _check_cuts(names, consistency, fewest, pri)
    check_names(names, cases.outcome)
    chosen = cases.of(names)
    check_enough("a truth table", chosen, names)
    check_varied("a truth table", chosen, names)
    whole = chosen.complete()
    scores = whole.columns()
    y = 1 - scores[cases.outcome] if negated else scores[cases.outcome]
    levels = [cases.levels.get(name, 2) for name in names]
    of_case, undecided = _rows_of_cases(whole, names)
    observed = dict.fromkeys(row for row in of_case if row is not None)
    listed = list(np.ndindex(*levels)) if remainders else list(observed)
    rows = [_row(row, names, whole, scores, of_case, y, consistency, fewest, pri) for row in listed]
    table = pd.DataFrame(rows)
    order = table["outcome"].map({o: n for n, o in enumerate(OUTCOMES)})
    number = pd.Series([int(np.ravel_multi_index(row, levels)) for row in listed])
    table = table.assign(_o=order, _n=-table["n"], _r=number).sort_values(["_o", "_n", "_r"])
    name = f"~{cases.outcome}" if negated else cases.outcome
    return TruthTable(
        table=table.drop(columns=["_o", "_n", "_r"]).reset_index(drop=True),
        title=f"Truth table of {name} by {', '.join(names)}",
        method=_method(whole, cases, names, consistency, fewest, pri, undecided, len(observed), levels),
        source="Ragin (2008), chapter 7; Schneider & Wagemann (2012), chapter 7",
        provenance=cases.provenance,
        synthetic=cases.synthetic,
        cases=whole,
        conditions=names,
        outcome=name,
        consistency=consistency,
        fewest=fewest,
        pri=pri,
        undecided=undecided,
    )


def _check_cuts(names: tuple[str, ...], consistency: float, fewest: int, pri: float) -> None:
    if not 0 < consistency <= 1:
        raise WrongCall(f"the consistency cut-off is {consistency:g} — it must lie above 0 and at most at 1")
    if not 0 <= pri <= 1:
        raise WrongCall(f"the PRI cut-off is {pri:g} — it must lie between 0 and 1")
    if fewest < 1:
        raise WrongCall(f"the fewest cases of a row are {fewest} — use 1 or more")
    if not 0 < len(names) <= MOST_CONDITIONS:
        raise WrongCall(f"a truth table takes 1 to {MOST_CONDITIONS} conditions, not {len(names)} — choose fewer")


def _rows_of_cases(cases: Cases, names: tuple[str, ...]) -> tuple[list[Row | None], tuple[str, ...]]:
    rows: list[Row | None] = []
    undecided = []
    for id, *values in cases.scores[[*names, cases.outcome]].itertuples(name=None):
        of = [v if name in cases.levels else float(v > _CROSSOVER) for name, v in zip(names, values, strict=False)]
        exact = any(v == _CROSSOVER for name, v in zip((*names, ""), values, strict=True) if name not in cases.levels)
        undecided += [str(id)] if exact else []
        half = any(v == _CROSSOVER for name, v in zip(names, values, strict=False) if name not in cases.levels)
        rows.append(None if half else tuple(int(v) for v in of))
    return rows, tuple(undecided)


def literal(name: str, level: int, cases: Cases) -> Literal:
    """The literal of a condition at a level: a negation for level 0 of a condition with two."""
    return Literal(name, level=level) if name in cases.levels else Literal(name, negated=level == 0)


def _row(
    row: Row, names: tuple[str, ...], cases: Cases, scores: dict[str, np.ndarray], of_case: list[Row | None],
    y: np.ndarray, consistency: float, fewest: int, pri: float,
) -> dict[str, object]:  # fmt: skip
    member = Expression.conjunction(literal(n, v, cases) for n, v in zip(names, row, strict=True)).membership(scores)
    fit = sufficiency_fit(member, y)
    inside = [n for n, one in enumerate(of_case) if one == row]
    positive = [cases.ids[n] for n in inside if y[n] > _CROSSOVER]
    negative = [cases.ids[n] for n in inside if y[n] < _CROSSOVER]
    if len(inside) < fewest:
        outcome = "?"
    elif fit.consistency >= consistency - 1e-12 and (pri == 0 or fit.pri >= pri - 1e-12):
        outcome = "1"
    else:
        outcome = "C" if positive and negative else "0"
    return {
        **{name: int(value) for name, value in zip(names, row, strict=True)},
        "n": len(inside),
        "cases": ";".join(cases.ids[n] for n in inside),
        "with_outcome": ";".join(positive),
        "without_outcome": ";".join(negative),
        "share": len(positive) / len(inside) if inside else float("nan"),
        "consistency": fit.consistency,
        "pri": fit.pri,
        "outcome": outcome,
    }


def _method(
    whole: Cases, cases: Cases, names: tuple[str, ...], consistency: float, fewest: int, pri: float,
    undecided: tuple[str, ...], observed: int, levels: list[int],
) -> str:  # fmt: skip
    left = [id for id in cases.ids if id not in whole.ids]
    text = (
        f"{len(whole.ids)} of {len(cases.ids)} cases; a row is consistent from a consistency of {consistency:g}"
        f"{f' and a PRI of {pri:g}' if pri else ''}, with {fewest} or more cases. {observed} of "
        f"{int(np.prod(levels))} configurations have cases."
    )
    if left:
        text += f" Left out because they could not be classified in one of {', '.join(names)}: {', '.join(left)}."
    if undecided:
        text += f" Exactly at .5, and so neither in nor out: {', '.join(undecided)}; move the anchors."
    return text
