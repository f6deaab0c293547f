"""T10 of a study: everything that is known of its claims of necessity, in one table."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from bwa_study.analysis.gate import ReliabilityGate, reliability_gate
from bwa_study.analysis.necessity.cases import StudyCases
from bwa_study.analysis.necessity.necessity import Necessity, necessity
from bwa_study.analysis.necessity.robustness import Robustness, robustness
from bwa_study.analysis.necessity.truth_table import TruthTable, truth_table

RANGES = ("informants", "threshold", "interviews", "unclassified")


def study_necessity(
    cases: StudyCases, *, draws: int = 200, permutations: int = 10_000, bootstrap: int = 2_000, seed: int = 1
) -> tuple[Necessity, Robustness]:
    """Necessity as the study declares it, with its ranges, and the settings behind them.

    Parameters
    ----------
    cases
        Scored by declared rules; cut-off, combinations and what is varied are theirs.
    draws, permutations, bootstrap, seed
        See `robustness` and `necessity`.

    Returns
    -------
    tuple
        The table of `Necessity` with, for each of informants, threshold, interviews and unclassified that was varied,
        ``<name>_low``, ``_high`` (consistency), ``_relevance_low``, ``_relevance_high``; and ``error_holds`` (share of
        the rounds of coding error in which the condition is necessary), ``error_low``, ``error_high``; and
        ``reliability`` (how many of the codes the expression and the outcome are scored by may be used for what, see
        `bwa_study.analysis.gate`). And the `Robustness` these come from.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> found = bwa.cases(bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"]))
    >>> table, settings = study_necessity(found, draws=0, bootstrap=0)
    >>> table.varied
    ('informants', 'threshold', 'interviews')
    """
    rules = cases.rules
    assert rules is not None
    table = necessity(
        cases, consistency=rules.consistency, combinations=rules.combinations, permutations=permutations,
        bootstrap=bootstrap, seed=seed,
    )  # fmt: skip
    settings = robustness(cases, list(table.table["expression"]), consistency=rules.consistency, draws=draws, seed=seed)
    varied = tuple(name for name in RANGES if name in set(settings.table["varied"]))
    frame = table.frame.set_index("expression", drop=False)
    for name in varied:
        found = settings.ranges(name)
        for column in ("low", "high", "relevance_low", "relevance_high"):
            frame[f"{name}_{column}"] = found[column]
    errors = settings.errors.set_index("expression")
    for column in ("holds", "low", "high") if len(errors) else ():
        frame[f"error_{column}"] = errors[column]
    frame["reliability"] = [_reliability(cases, text) for text in frame["expression"]]
    warning = frame.pop("warning")
    frame = pd.concat([frame, warning], axis=1).reset_index(drop=True)
    method = f"{table.method} {settings.method} {_gate(cases).note(cases.matrix.coders if cases.matrix else ())}"
    return replace(table, table=frame, varied=varied, settings=settings, method=method), settings


def _gate(cases: StudyCases) -> ReliabilityGate:
    assert cases.matrix is not None
    return reliability_gate(cases.matrix.study)


def _reliability(cases: StudyCases, expression: str) -> str:
    assert cases.rules is not None
    names = (*cases.expression(expression).names, cases.outcome)
    codes = dict.fromkeys(code for name in names for code, _ in cases.rules.measure(name).codes)
    return _gate(cases).summary(tuple(codes))


def study_truth_table(cases: StudyCases, *, negated: bool = False) -> TruthTable:
    """The truth table (T9) as the study declares it; conditions in which all cases are alike are left out.

    Parameters
    ----------
    cases
        Scored by declared rules.
    negated
        The table of the absence of the outcome.

    References as in `truth_table`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> found = bwa.cases(bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"]))
    >>> study_truth_table(found).conditions
    ('oversight', 'openness', 'shock')
    """
    rules = cases.rules
    assert rules is not None
    known = cases.scores
    varied = [name for name in rules.table_conditions if known[name].dropna().nunique() > 1]
    alike = [name for name in rules.table_conditions if name not in varied]
    found = truth_table(
        cases, consistency=rules.table_consistency, fewest=rules.table_cases, negated=negated,
        conditions=varied or rules.table_conditions,
    )  # fmt: skip
    note = f" Left out, as all cases are alike in it: {', '.join(alike)}." if alike and varied else ""
    return replace(found, method=found.method + note)
