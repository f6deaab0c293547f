"""Necessary condition analysis: how much of a condition is needed for how much of the outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.ceilings import CEILINGS, Ceiling, Floats, Kind, Scope, ceiling, peers, scope_of
from bwa_study.analysis.necessity.permuted import permutation_p
from bwa_study.analysis.necessity.scores import (
    FEWEST_CASES,
    Cases,
    ConditionConstant,
    OutcomeConstant,
    TooFewCases,
    check_names,
)
from bwa_study.model.errors import UnknownName, WrongCall, shown
from bwa_study.model.results import Result

Unit = Literal["actual", "percentage", "percentile"]
UNITS: tuple[Unit, ...] = ("actual", "percentage", "percentile")
CORNERS = {
    1: "upper left: a high outcome needs a high condition",
    2: "upper right: a high outcome needs a low condition",
    3: "lower left: a low outcome needs a high condition",
    4: "lower right: a low outcome needs a low condition",
}
SIZES = ((0.5, "very large"), (0.3, "large"), (0.1, "medium"), (0.0, "small"))
"""Effect sizes from which they are called so (Dul 2016, p. 30)."""
_DEFAULT: tuple[Kind, ...] = ("ce_fdh", "cr_fdh")


@dataclass(frozen=True, eq=False, repr=False)
class Nca(Result):
    """Ceilings of each condition.

    ``table`` has a row a condition and ceiling: ``condition``, ``ceiling``, ``n``, ``scope`` and ``zone`` (areas in the
    units of the data), ``effect`` (d, zone by scope, 0 to 1), ``size`` (small … very large), ``p`` and ``p_error``
    (permutation, with its Monte Carlo standard error; NaN where the ceiling has no test), ``above`` (cases above the
    ceiling), ``accuracy`` and ``fit`` (per cent: cases on or below; zone by that of CE-FDH), ``slope``, ``intercept``,
    ``condition_inefficiency``, ``outcome_inefficiency``, ``relative_inefficiency`` (per cent: where the condition or
    the outcome does not constrain), ``absolute_inefficiency`` (area), and ``reason`` (why there is no ceiling).
    """

    picture = "bwa_study.present.ceiling_plot:plot_ceilings"

    data: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    outcome: str = ""
    corner: int = 1
    cases: Cases | None = field(default=None, repr=False)
    """What was given, where it was cases."""

    @property
    def conditions(self) -> tuple[str, ...]:
        """Ids of the conditions."""
        return tuple(dict.fromkeys(self.table["condition"]))

    def compact(self) -> pd.DataFrame:
        """Effect sizes, p and accuracy."""
        out = self.table[["condition", "ceiling", "n", "size"]].copy()
        out.insert(3, "d", [_text(v, ".2f") for v in self.table["effect"]])
        out["p"] = [
            "–" if p != p else f"{p:.3f} (±{1.96 * e:.3f})"
            for p, e in zip(self.table["p"], self.table["p_error"], strict=True)
        ]
        out["accuracy"] = [_text(v, ".0f", "%") for v in self.table["accuracy"]]
        out["above"] = self.table["above"]
        return out

    def ceiling(self, condition: str, kind: Kind) -> tuple[Ceiling, Scope, pd.DataFrame]:
        """The ceiling of a condition, its scope, and the cases (columns x, y), turned so that the corner is the upper
        left.

        Raises
        ------
        UnknownName
            If the condition or the ceiling does not exist.
        """
        if condition not in self.conditions:
            raise UnknownName("condition", condition, self.conditions)
        if kind not in CEILINGS:
            raise UnknownName("ceiling", kind, CEILINGS)
        x, y, ids = _turned(self.data, condition, self.outcome, self.corner)
        return ceiling(kind, x, y), scope_of(x, y), pd.DataFrame({"x": x, "y": y}, index=ids)

    def peers(self, condition: str) -> pd.DataFrame:
        """The cases on the corners of the free disposal hull: columns condition and outcome, in the data's own units.

        Raises
        ------
        UnknownName
            If there is no such condition.
        """
        _, _, points = self.ceiling(condition, "ce_fdh")
        places = peers(points["x"].to_numpy(), points["y"].to_numpy())
        return self.data.loc[points.index[places], [condition, self.outcome]]

    def bottleneck(self, kind: Kind, *, unit: Unit = "percentage", steps: Sequence[float] = ()) -> pd.DataFrame:
        """How much of each condition is needed for a level of the outcome.

        Parameters
        ----------
        kind
            The ceiling.
        unit
            ``actual``: the data's units; ``percentage``: per cent of the range, 0 to 100; ``percentile``: the outcome's
            level as the share of cases below it, and for the condition the share of cases that have less than needed.
        steps
            Levels of the outcome in that unit; eleven even ones by default.

        Returns
        -------
        pandas.DataFrame
            The outcome's level, then a column a condition: 0 or less is given as ``-inf`` (not necessary, printed NN),
            ``inf`` where no observed level of the condition suffices (printed NA), NaN where there is no ceiling.

        Raises
        ------
        UnknownName
            If ceiling or unit do not exist.
        """
        if unit not in UNITS:
            raise UnknownName("unit", unit, UNITS)
        y_all = self.data[self.outcome].dropna().to_numpy(dtype=np.float64)
        sign = -1.0 if self.corner in (3, 4) else 1.0
        levels = _levels(sign * y_all, unit, steps, sign)
        columns: dict[str, list[float]] = {self.outcome: [shown for shown, _ in levels]}
        for condition in self.conditions:
            found, scope, points = self.ceiling(condition, kind)
            x = points["x"].to_numpy(dtype=np.float64)
            turned = -1.0 if self.corner in (2, 4) else 1.0
            columns[condition] = [_needed(found, scope, x, y, unit, turned) for _, y in levels]
        return pd.DataFrame(columns)


def _text(value: float, form: str, after: str = "") -> str:
    return "–" if value != value else f"{value:{form}}{after}"


def _levels(y: Floats, unit: Unit, steps: Sequence[float], sign: float) -> list[tuple[float, float]]:
    """Levels of the outcome as shown, and as turned scores."""
    low, high = float(y.min()), float(y.max())
    if unit == "actual":
        shown = [float(s) for s in steps] or [sign * float(v) for v in np.linspace(low, high, 11)]
        return [(s, sign * s) for s in shown]
    shown = [float(s) for s in steps] or [float(s) for s in range(0, 101, 10)]
    if unit == "percentage":
        return [(s, low + s / 100 * (high - low)) for s in shown]
    return [(s, float(np.quantile(y, s / 100))) for s in shown]


def _needed(found: Ceiling, scope: Scope, x: Floats, y: float, unit: Unit, turned: float) -> float:
    if found.reason:
        return math.nan
    need = found.needed(y)
    if need > scope.x_high + 1e-9 * (scope.x_high - scope.x_low):
        return math.inf
    if need <= scope.x_low:
        return -math.inf
    if unit == "actual":
        return turned * need
    if unit == "percentage":
        return 100 * (need - scope.x_low) / (scope.x_high - scope.x_low)
    return 100 * float((x < need - 1e-12).mean())


def _turned(data: pd.DataFrame, condition: str, outcome: str, corner: int) -> tuple[Floats, Floats, pd.Index]:
    known = data[[condition, outcome]].dropna()
    x = known[condition].to_numpy(dtype=np.float64) * (-1.0 if corner in (2, 4) else 1.0)
    y = known[outcome].to_numpy(dtype=np.float64) * (-1.0 if corner in (3, 4) else 1.0)
    return x, y, known.index


def nca(
    data: Cases | pd.DataFrame,
    *,
    outcome: str = "",
    conditions: Sequence[str] | None = None,
    ceilings: Sequence[Kind] = _DEFAULT,
    corner: int = 1,
    permutations: int = 10_000,
    seed: int = 1,
) -> Nca:
    r"""Ask of each condition how far it limits the outcome.

    Parameters
    ----------
    data
        Scores of cases, or a table of raw numbers with a row a case; missing values leave the case out of that
        condition.
    outcome
        Column of the outcome; that of the cases by default.
    conditions
        All other columns by default.
    ceilings
        Any of `CEILINGS`.
    corner
        Which corner is expected to be empty: see `CORNERS`.
    permutations
        Draws of the test; 0 for none.
    seed
        Of the draws.

    Returns
    -------
    Nca
        The scope is that of the cases themselves.

    Raises
    ------
    UnknownName, NamedTwice
        If a column or ceiling does not exist or is named twice.
    TooFewCases, ConditionConstant, OutcomeConstant
        If a ceiling has nothing to stand on.

    Notes
    -----
    .. math:: d = \frac{\text{area above the ceiling}}{(x_{max} - x_{min})(y_{max} - y_{min})}

    References
    ----------
    Dul (2016), Organizational Research Methods 19, 10-52; the test: Dul, van der Laan & Kuik (2020), ibid. 23, 385-395.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [0.1, 0.2, 0.6, 0.8, 1.0], "y": [0.0, 0.2, 0.5, 0.9, 1.0]})
    >>> nca(table, outcome="y", permutations=0).frame["effect"].round(3).tolist()
    [0.6, 0.469]
    """
    table = data.scores if isinstance(data, Cases) else data
    outcome = outcome or (data.outcome if isinstance(data, Cases) else "")
    names = list(conditions) if conditions is not None else [str(c) for c in table.columns if c != outcome]
    _check(table, names, outcome, ceilings, corner)
    kinds = tuple(dict.fromkeys(ceilings))
    rows = []
    for condition in names:
        x, y, _ = _turned(table, condition, outcome, corner)
        tested = permutation_p(x, y, kinds, permutations=permutations, seed=seed) if permutations else {}
        rows += [{"condition": condition, **_row(kind, x, y, tested)} for kind in kinds]
    drawn = f"p: {permutations:,} random orders of the outcome, seed {seed}." if permutations else "No test was made."
    return Nca(
        table=pd.DataFrame(rows),
        title=f"Necessary condition analysis of {outcome}",
        method=f"Empty space in the corner '{CORNERS[corner]}', as a share of the scope of the cases. {drawn} A p says "
        "how often chance alone leaves so much space; it says nothing of how large the effect is.",
        source="Dul (2016), Organizational Research Methods 19, 10-52",
        provenance=data.provenance if isinstance(data, Cases) else {},
        synthetic=data.synthetic if isinstance(data, Cases) else False,
        data=table[[*names, outcome]],
        outcome=outcome,
        corner=corner,
        cases=data if isinstance(data, Cases) else None,
    )


def _check(table: pd.DataFrame, names: Sequence[str], outcome: str, ceilings: Sequence[Kind], corner: int) -> None:
    check_names(names, outcome)
    for name in (*names, outcome):
        if name not in table.columns:
            raise UnknownName("column", name, map(str, table.columns))
    for kind in ceilings:
        if kind not in CEILINGS:
            raise UnknownName("ceiling", kind, CEILINGS)
    if corner not in CORNERS:
        raise WrongCall(f"there is no corner {corner} — use " + "; ".join(f"{n} {s}" for n, s in CORNERS.items()))
    for name in names:
        known = table[[name, outcome]].dropna()
        if len(known) < FEWEST_CASES:
            raise TooFewCases(
                f"necessary condition analysis needs {FEWEST_CASES} cases or more, {len(known)} of {len(table)} have "
                f"numbers in {shown(name)} and {shown(outcome)} — add cases, or fill the gaps"
            )
        if known[outcome].nunique() == 1:
            value = known[outcome].iloc[0]
            raise OutcomeConstant(f"the outcome '{shown(outcome)}' is {value:g} in all {len(known)} cases — it has "
                                  "no high and low that a condition could limit")  # fmt: skip
        if known[name].nunique() == 1:
            value = known[name].iloc[0]
            raise ConditionConstant(f"condition '{shown(name)}' is {value:g} in all {len(known)} cases — it cannot "
                                    "limit anything; leave it out")  # fmt: skip


def _row(kind: Kind, x: Floats, y: Floats, tested: dict[Kind, tuple[float, float]]) -> dict[str, object]:
    scope, found = scope_of(x, y), ceiling(kind, x, y)
    zone = found.zone(scope)
    effect = zone / scope.area
    p, error = tested.get(kind, (math.nan, math.nan))
    above = int((y > found.height(x) + 1e-9 * (scope.y_high - scope.y_low)).sum()) if not found.reason else 0
    missing = bool(found.reason)
    of_x = math.nan if missing else 100 * _share(scope.x_high - found.needed(scope.y_high), scope.x_high - scope.x_low)
    low = math.nan if missing else float(found.height(np.array([scope.x_low]))[0])
    of_y = math.nan if missing else 100 * _share(low - scope.y_low, scope.y_high - scope.y_low)
    relative = 100 * (1 - (1 - of_x / 100) * (1 - of_y / 100))
    size = next((name for limit, name in SIZES if effect >= limit), "") if effect > 0 else "none" if effect == 0 else ""
    return {
        "ceiling": kind,
        "n": len(x),
        "scope": scope.area,
        "zone": zone,
        "effect": effect,
        "size": size,
        "p": math.nan if missing else p,
        "p_error": math.nan if missing else error,
        "above": above,
        "accuracy": math.nan if missing else 100 * (1 - above / len(x)),
        "fit": 100 * _ratio(zone, ceiling("ce_fdh", x, y).zone(scope)),
        "slope": found.slope,
        "intercept": found.intercept,
        "condition_inefficiency": of_x,
        "outcome_inefficiency": of_y,
        "relative_inefficiency": relative,
        "absolute_inefficiency": relative / 100 * scope.area,
        "reason": found.reason,
    }


def _share(part: float, whole: float) -> float:
    return min(max(part / whole, 0.0), 1.0)


def _ratio(above: float, below: float) -> float:
    return above / below if below else math.nan
