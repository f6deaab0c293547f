"""How firm a claim of necessity is: other informants, anchors, minimum evidence, cases dropped, coding error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.cases import StudyCases, score_frame, with_informants
from bwa_study.analysis.necessity.coding_error import CoderQuality, coder_quality, miscoded
from bwa_study.analysis.necessity.dealing import chance_of_necessity
from bwa_study.analysis.necessity.expressions import Expression
from bwa_study.analysis.necessity.fit import necessity_fit
from bwa_study.analysis.necessity.interviews import interviews_of
from bwa_study.analysis.necessity.necessity import warning
from bwa_study.model.case_rules import CaseRules, Measure
from bwa_study.model.results import Result

VARIED = ("informants", "threshold", "interviews", "unclassified", "case dropped")
"""What is varied, one thing at a time."""


@dataclass(frozen=True, eq=False, repr=False)
class Robustness(Result):
    """The same claims under other rules.

    ``table`` has a row an expression and setting: ``expression``, ``varied`` (``as declared`` or one of `VARIED`),
    ``setting`` (in words), ``n``, ``in_condition``, ``in_outcome``, ``consistency``, ``coverage``, ``relevance``,
    ``p``, ``holds``, ``warning``. NaN: undefined, such as where no case has the outcome under that rule.
    """

    picture = "bwa_study.present.robustness_strip:plot_robustness"

    errors: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """Coding error pushed through, a row an expression: ``expression``, ``draws``, ``holds`` (share of draws in which
    it is necessary), ``low``, ``high`` (95% of the consistencies), ``undefined`` (share without any outcome)."""
    quality: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """A row a measure: ``measure``, ``sensitivity``, ``specificity``, ``turns``, ``statements``."""
    cases: StudyCases | None = field(default=None, repr=False)
    """What was judged."""

    def ranges(self, varied: str) -> pd.DataFrame:
        """By expression the lowest and highest consistency and relevance under one kind of variation, the declared rule
        included: columns low, high, relevance_low, relevance_high, holds (share of settings), undefined
        (number of settings without a value)."""
        rows = self.table[self.table["varied"].isin(["as declared", varied])]
        grouped = rows.groupby("expression", sort=False)
        return pd.DataFrame(
            {
                "low": grouped["consistency"].min(),
                "high": grouped["consistency"].max(),
                "relevance_low": grouped["relevance"].min(),
                "relevance_high": grouped["relevance"].max(),
                "holds": grouped["holds"].mean(),
                "undefined": grouped["consistency"].agg(lambda values: int(values.isna().sum())),
            }
        )

    def compact(self) -> pd.DataFrame:
        """Settings down, rounded."""
        table = self.table[["expression", "varied", "setting", "n", "consistency", "relevance", "p", "warning"]].copy()
        for name in ("consistency", "relevance", "p"):
            table[name] = ["–" if v != v else f"{v:.3f}" for v in table[name]]
        return table


def robustness(
    cases: StudyCases,
    expressions: Sequence[str],
    *,
    consistency: float,
    draws: int = 200,
    permutations: int = 1_000,
    seed: int = 1,
) -> Robustness:
    """Judge necessary conditions again under every declared variation, one at a time, and under coding error.

    Parameters
    ----------
    cases
        Scored from codings; its rules say what is varied.
    expressions
        Conditions and combinations.
    consistency
        From which consistency a condition counts as necessary.
    draws
        Rounds of coding error; 0 for none.
    permutations, seed
        Of the p values of fuzzy scores, and of all draws.

    Returns
    -------
    Robustness
        *informants*: each group alone and all together, condition by condition. *threshold*: the crisp threshold or the
        crossover shifted, measure by measure. *interviews*: other fewest interviews, for all measures at once.
        *unclassified*: cases that could not be classified counted as in, and as out, condition by condition. *case
        dropped*: without each case.

    Raises
    ------
    UnknownName, WrongCall
        If an expression names no condition.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> found = bwa.cases(bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"]))
    >>> table = bwa.robustness(found, ["openness"], consistency=1, draws=0).frame
    >>> sorted(set(table["varied"]))
    ['as declared', 'case dropped', 'informants', 'interviews', 'threshold']
    """
    assert cases.rules is not None
    parsed = [cases.expression(text) for text in expressions]
    rows: list[dict[str, object]] = []
    for varied, setting, scores in _settings(cases):
        for one in parsed:
            head = {"expression": str(one), "varied": varied, "setting": setting}
            rows.append({**head, **_judged(one, scores, cases.outcome, consistency, permutations, seed)})
    errors, quality = _with_errors(cases, parsed, consistency, draws, seed)
    return Robustness(
        table=pd.DataFrame(rows),
        title=f"How firm: what is necessary for {cases.outcome}",
        method=_method(quality, draws),
        source="Skaaning (2011), Sociological Methods & Research 40, 391-408 (varying rules and cases)",
        provenance=cases.provenance,
        synthetic=cases.synthetic,
        errors=errors,
        quality=quality,
        cases=cases,
    )


def _settings(cases: StudyCases) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """What is varied, the setting in words, and the scores under it."""
    rules, matrix = cases.rules, cases.matrix
    assert rules is not None
    assert matrix is not None
    study, interviews = matrix.study, interviews_of(matrix)
    yield "as declared", "as declared", cases.scores
    for setting, changed in _other_informants(rules, study.levels("group")):
        yield "informants", setting, score_frame(interviews, changed, study)
    for setting, changed in _other_thresholds(rules):
        yield "threshold", setting, score_frame(interviews, changed, study)
    for n in rules.variations.interviews:
        changed = replace(rules, measures=tuple(replace(m, fewest_interviews=n) for m in rules.measures))
        yield "interviews", f"at least {n} interview{'s' if n > 1 else ''}", score_frame(interviews, changed, study)
    for name in cases.unclassified:
        for value, word in ((1.0, "in"), (0.0, "out")):
            filled = cases.scores.assign(**{name: cases.scores[name].fillna(value)})
            yield "unclassified", f"{name}: {', '.join(cases.unclassified[name])} {word}", filled
    for id in cases.ids:
        yield "case dropped", f"without {id}", cases.scores.drop(index=id)


def _other_informants(rules: CaseRules, groups: Sequence[str]) -> Iterator[tuple[str, CaseRules]]:
    if not rules.variations.informants:
        return
    for m in rules.conditions:
        if m.source == "attribute":
            continue
        options = [(g,) for g in groups] + ([tuple(groups)] if len(groups) > 1 else [])
        for option in options:
            if set(option) != set(m.informants):
                yield f"{m.id}: {', '.join(option)}", with_informants(rules, **{m.id: option})


def _other_thresholds(rules: CaseRules) -> Iterator[tuple[str, CaseRules]]:
    for m in rules.measures:
        if m.source == "attribute":
            continue
        for shift in rules.variations.thresholds:
            moved = _shifted(m, shift)
            measures = tuple(moved if one.id == m.id else one for one in rules.measures)
            yield f"{m.id}: {shift:+g}", replace(rules, measures=measures)


def _shifted(measure: Measure, shift: float) -> Measure:
    """The measure with its threshold or crossover (or, where there are several, all thresholds) shifted."""
    how = measure.calibration
    only = {1} if how.kind in ("direct", "ecdf") else {1, 4} if how.kind == "bell" else set(range(len(how.anchors)))
    anchors = tuple(a + shift if n in only else a for n, a in enumerate(how.anchors))
    return replace(measure, calibration=replace(how, anchors=anchors))


def _judged(
    one: Expression, scores: pd.DataFrame, outcome: str, cutoff: float, permutations: int, seed: int
) -> dict[str, object]:
    arrays = {str(name): scores[name].to_numpy(dtype=np.float64) for name in scores.columns}
    x, y = one.membership(arrays), arrays[outcome]
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    fit = necessity_fit(x, y)
    holds = bool(fit.consistency >= cutoff - 1e-12)
    return {
        "n": len(y),
        "in_condition": int((x > 0.5).sum()),
        "in_outcome": int((y > 0.5).sum()),
        "consistency": fit.consistency,
        "coverage": fit.coverage,
        "relevance": fit.relevance,
        "p": chance_of_necessity(x, y, permutations=permutations, seed=seed).p if len(y) else math.nan,
        "holds": holds,
        "warning": warning(x, fit.relevance, holds=holds),
    }


def _with_errors(
    cases: StudyCases, parsed: Sequence[Expression], cutoff: float, draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rules, matrix = cases.rules, cases.matrix
    assert rules is not None
    assert matrix is not None
    coded = [m for m in rules.measures if m.source == "codes"]
    found: list[tuple[list[str], CoderQuality]] = []
    for m in coded:
        codes = [code for code, _ in m.codes]
        found.append((codes, coder_quality(matrix.study, coder=matrix.coders[0], codes=codes)))
    quality = pd.DataFrame(
        [{"measure": m.id, **{n: getattr(q, n) for n in ("sensitivity", "specificity", "turns", "statements")}}
         for m, (_, q) in zip(coded, found, strict=True)]
    )  # fmt: skip
    if not draws or all(math.isnan(q.sensitivity) for _, q in found):
        return pd.DataFrame(columns=["expression", "draws", "holds", "low", "high", "undefined"]), quality
    dice, interviews = np.random.default_rng(seed), interviews_of(matrix)
    values = np.full((draws, len(parsed)), np.nan)
    for n in range(draws):
        scores = score_frame(miscoded(interviews, matrix, found, dice), rules, matrix.study)
        arrays = {str(name): scores[name].to_numpy(dtype=np.float64) for name in scores.columns}
        for k, one in enumerate(parsed):
            x, y = one.membership(arrays), arrays[cases.outcome]
            known = ~(np.isnan(x) | np.isnan(y))
            values[n, k] = necessity_fit(x[known], y[known]).consistency
    return pd.DataFrame([_of_draws(str(one), values[:, k], cutoff) for k, one in enumerate(parsed)]), quality


def _of_draws(expression: str, values: np.ndarray, cutoff: float) -> dict[str, object]:
    defined = values[~np.isnan(values)]
    low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (math.nan, math.nan)
    return {
        "expression": expression,
        "draws": len(values),
        "holds": float((values >= cutoff - 1e-12).mean()),
        "low": float(low),
        "high": float(high),
        "undefined": float(np.isnan(values).mean()),
    }


def _method(quality: pd.DataFrame, draws: int) -> str:
    text = "One thing is varied at a time; everything else stays as declared."
    known = quality[quality["sensitivity"].notna()] if len(quality) else quality
    if not draws:
        return f"{text} Coding error was not pushed through."
    if known.empty:
        return f"{text} Coding error was not pushed through: too few turns were coded by two people."
    each = "; ".join(
        f"{m}: sensitivity {s:.2f}, specificity {f:.4f}"
        for m, s, f in known[["measure", "sensitivity", "specificity"]].itertuples(index=False)
    )
    return (
        f"{text} Coding error: {draws} times the codings were coded again by a coder of the quality that the turns "
        f"coded by two people show ({each}; positive and negative agreement, turn by turn), as if they were the truth."
    )
