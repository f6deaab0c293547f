"""What is necessary for the outcome (T10), how relevant that is, and whether it could be chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.combinations import literals_of, necessary_combinations
from bwa_study.analysis.necessity.dealing import chance_of_necessity
from bwa_study.analysis.necessity.expressions import Expression, Floats
from bwa_study.analysis.necessity.fit import necessity_fit
from bwa_study.analysis.necessity.scores import Cases, check_enough
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.results import Result

TRIVIAL_BELOW = 0.5
"""Relevance below which a necessary condition carries the warning that it is trivially so (a rule of this package; the
literature names no one limit)."""

SOURCE = "Ragin (2006); Schneider & Wagemann (2012), p. 236 (RoN); exact p: hypergeometric"
_METHOD = (
    "Necessary from a consistency of {consistency:g}; each row on the cases that could be classified in all its parts "
    "and in the outcome. RoN (relevance) below {trivial:g}: trivially necessary, true nearly everywhere. p: the chance "
    "of a consistency as high if outcomes were dealt at random (exact where scores are 0 and 1, else "
    "{permutations:,} permutations). Bootstrap by case ({bootstrap:,} draws): a perfect pattern stays perfect in every "
    "draw, which proves nothing; look at p."
)


@dataclass(frozen=True, eq=False, repr=False)
class Necessity(Result):
    """Conditions, their negations and combinations as necessary conditions.

    ``table`` has a row an expression: ``expression``; ``kind`` (single, negated, and, or, mixed); ``origin``
    (condition, named, found); ``n`` (cases classified in all its parts and in the outcome), ``in_condition`` and
    ``in_outcome`` (of them, with membership above .5), ``consistency``, ``coverage``, ``relevance``; ``holds``
    (consistency reaches the cut-off); ``deviant`` (cases in the outcome and not in the condition), ``unclassified``
    (cases left out); ``p``, ``p_how`` (exact, all permutations, permutation), ``p_error`` (Monte Carlo standard error);
    ``drop_low``, ``drop_high``, ``drop_relevance_low``, ``drop_relevance_high`` (range when any one case is left out);
    ``boot_low``, ``boot_high``, ``boot_relevance_low``, ``boot_relevance_high`` (95% of bootstrap samples of cases);
    ``warning`` (why the claim says little, else empty). `study_necessity` adds ``<varied>_low``, ``<varied>_high``,
    ``<varied>_relevance_low`` and ``<varied>_relevance_high`` (range over other informants, thresholds and minimum
    interviews), ``error_holds`` (share of rounds of coding error in which it holds, 0 to 1) with ``error_low`` and
    ``error_high`` (95% of their consistencies), and ``reliability`` (of the codes behind the row). Ids are joined by
    ``;``. NaN: undefined.
    """

    cases: Cases | None = field(default=None, repr=False)
    outcome: str = ""
    cutoff: float = 1.0
    settings: Result | None = field(default=None, repr=False)
    """The `Robustness` its ranges come from."""
    varied: tuple[str, ...] = ()
    """What was varied, where the table has its ranges: see `bwa_study.analysis.necessity.study_table`."""

    def row(self, expression: str) -> pd.Series:
        """The row of an expression, as it stands in the table.

        Raises
        ------
        UnknownName
            If there is no such row.
        """
        rows = self.table[self.table["expression"] == expression]
        if rows.empty:
            raise UnknownName("expression", expression, self.table["expression"])
        return rows.iloc[0]

    def compact(self) -> pd.DataFrame:
        """Expressions down; fit, p, deviant cases, ranges and warning across. A range is that of consistency and, after
        it, of relevance (RoN)."""
        t = self.table
        out = pd.DataFrame({"condition": t["expression"]})
        for name, head in (("consistency", "consistency"), ("coverage", "coverage"), ("relevance", "RoN")):
            out[head] = [_shown(v) for v in t[name]]
        out["n"] = [f"{a}/{n}" for a, n in zip(t["in_condition"], t["n"], strict=True)]
        out["p"] = [_shown(p, ".4f") for p in t["p"]]
        out["deviant"] = t["deviant"].str.replace(";", " ", regex=False)
        out["any one dropped"] = self._ranges("drop")
        if "informants" in self.varied:
            out["informants"] = self._ranges("informants")
        others = [name for name in self.varied if name != "informants"]
        if others:
            out["cut-offs"] = self._ranges(*others)
        if "error_holds" in t:
            out["holds under coding error"] = ["–" if v != v else f"{100 * v:.0f}%" for v in t["error_holds"]]
        if "reliability" in t:
            out["reliability of the codes"] = t["reliability"]
        out["warning"] = t["warning"]
        return out

    def _ranges(self, *varied: str) -> list[str]:
        ends = []
        for part in ("", "_relevance"):
            lows, highs = (self.table[[f"{name}{part}_{end}" for name in varied]] for end in ("low", "high"))
            ends.append([_range(a, b) for a, b in zip(lows.min(axis=1), highs.max(axis=1), strict=True)])
        return [f"{one}; RoN {other}" for one, other in zip(*ends, strict=True)]


def _shown(value: float, form: str = ".3f") -> str:
    return "–" if value != value else f"{value:{form}}"


def _range(low: float, high: float) -> str:
    if low != low:
        return "–"
    return f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f}–{high:.2f}"


def necessity(
    cases: Cases,
    *,
    consistency: float,
    combinations: Sequence[str] = (),
    search: bool = True,
    longest: int = 3,
    permutations: int = 10_000,
    bootstrap: int = 2_000,
    seed: int = 1,
) -> Necessity:
    """Ask of each condition, its negation and its combinations whether it is necessary for the outcome.

    Parameters
    ----------
    cases
        Scores. Each expression is judged on the cases that could be classified in all its parts.
    consistency
        From which consistency a condition counts as necessary, above 0 to 1.
    combinations
        Expressions to judge in any case, such as ``oversight*openness``.
    search
        Also look for necessary ands and ors, see `necessary_combinations`; those with a relevance below `TRIVIAL_BELOW`
        are not listed.
    longest
        Most conditions in a combination that is looked for.
    permutations, bootstrap, seed
        Draws of the permutation test (for fuzzy scores) and of the bootstrap, and their seed.

    Raises
    ------
    TooFewCases, OutcomeConstant
        If the cases cannot carry the claim.
    UnknownName, WrongCall
        If a combination names no condition, or the cut-off is out of range.

    Notes
    -----
    Formulae: `necessity_fit`, `exact_p`. A condition in which all cases are alike is kept, with a warning.

    References
    ----------
    Ragin (2006), Political Analysis 14, 291-310; Schneider & Wagemann (2012), Set-Theoretic Methods, chapter 5.

    Examples
    --------
    >>> from bwa_study.analysis.necessity.scores import cases_from_scores
    >>> data = pd.DataFrame({"o": [1, 1, 1, 1, 0], "p": [1, 1, 1, 0, 1], "y": [1, 1, 0, 0, 0]}, index=list("abcde"))
    >>> found = necessity(cases_from_scores(data, outcome="y"), consistency=1, combinations=["o*p"])
    >>> row = found.row("o*p")
    >>> row[["consistency", "relevance", "p"]].astype(float).round(3).tolist()
    [1.0, 0.667, 0.3]
    """
    if not 0 < consistency <= 1:
        raise WrongCall(f"the consistency cut-off is {consistency:g} — it must lie above 0 and at most at 1")
    check_enough("necessity", cases, [])
    listed = {Expression.conjunction((one,)): "condition" for one in literals_of(cases)}
    listed |= {cases.expression(text): "named" for text in combinations if cases.expression(text) not in listed}
    if search:
        for one in necessary_combinations(cases, consistency=consistency, relevance=TRIVIAL_BELOW, longest=longest):
            listed.setdefault(one, "found")
    draw = _Draws(permutations, bootstrap, seed)
    rows = [{"expression": str(e), "kind": e.kind, "origin": o, **_row(e, cases, consistency, draw)}
            for e, o in listed.items()]  # fmt: skip
    return Necessity(
        table=pd.DataFrame(rows),
        title=f"What is necessary for {cases.outcome}",
        method=_METHOD.format(
            consistency=consistency, trivial=TRIVIAL_BELOW, permutations=permutations, bootstrap=bootstrap
        ),
        source=SOURCE,
        provenance=cases.provenance,
        synthetic=cases.synthetic,
        cases=cases,
        outcome=cases.outcome,
        cutoff=consistency,
    )


@dataclass(frozen=True, slots=True)
class _Draws:
    permutations: int
    bootstrap: int
    seed: int


def _row(expression: Expression, cases: Cases, cutoff: float, draw: _Draws) -> dict[str, object]:
    scores = cases.columns()
    x, y = expression.membership(scores), scores[cases.outcome]
    known = ~(np.isnan(x) | np.isnan(y))
    ids = np.array(cases.ids, dtype=object)
    x, y, left_out, ids = x[known], y[known], ids[~known], ids[known]
    fit = necessity_fit(x, y)
    chance = chance_of_necessity(x, y, permutations=draw.permutations, seed=draw.seed)
    holds = fit.consistency >= cutoff - 1e-12
    deviant = ids[(y > 0.5) & (x < 0.5)]
    return {
        "n": len(y),
        "in_condition": int((x > 0.5).sum()),
        "in_outcome": int((y > 0.5).sum()),
        "consistency": fit.consistency,
        "coverage": fit.coverage,
        "relevance": fit.relevance,
        "holds": holds,
        "deviant": ";".join(deviant),
        "unclassified": ";".join(left_out),
        "p": chance.p,
        "p_how": chance.how,
        "p_error": chance.error,
        **_dropped(x, y),
        **_bootstrapped(x, y, draw),
        "warning": warning(x, fit.relevance, holds=holds),
    }


def warning(x: Floats, relevance: float, *, holds: bool) -> str:
    """Why a necessary condition says little; empty where nothing speaks against it."""
    if not holds:
        return ""
    if len(x) and float(x.max()) == float(x.min()):
        return f"trivial: {x[0]:g} in all {len(x)} cases, so it cannot tell them apart"
    if not relevance >= TRIVIAL_BELOW:
        return f"trivial: true of {int((x > 0.5).sum())} of {len(x)} cases, relevance {relevance:.2f}"
    return ""


def _dropped(x: Floats, y: Floats) -> dict[str, float]:
    each = [necessity_fit(np.delete(x, n), np.delete(y, n)) for n in range(len(y))]
    return {**_ends("drop", [f.consistency for f in each]), **_ends("drop_relevance", [f.relevance for f in each])}


def _ends(name: str, values: Sequence[float]) -> dict[str, float]:
    defined = [v for v in values if not math.isnan(v)]
    return {f"{name}_low": min(defined, default=math.nan), f"{name}_high": max(defined, default=math.nan)}


def _bootstrapped(x: Floats, y: Floats, draw: _Draws) -> dict[str, float]:
    names = [f"boot{part}_{end}" for part in ("", "_relevance") for end in ("low", "high")]
    if not draw.bootstrap:
        return dict.fromkeys(names, math.nan)
    at = np.random.default_rng(draw.seed).integers(0, len(y), (draw.bootstrap, len(y)))
    both = np.minimum(x, y)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (both[at].sum(axis=1) / y[at].sum(axis=1), (1 - x[at]).sum(axis=1) / (1 - both[at]).sum(axis=1))
    out = []
    for values in found:
        defined = values[np.isfinite(values)]
        out += [float(v) for v in np.quantile(defined, [0.025, 0.975])] if len(defined) else [math.nan, math.nan]
    return dict(zip(names, out, strict=True))
