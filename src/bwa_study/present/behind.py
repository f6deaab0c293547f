"""Which codings, and which codes of them, stand behind a result."""

from __future__ import annotations

from collections.abc import Iterable

from bwa_study.analysis.condition_scores import ConditionScores
from bwa_study.analysis.necessity.cases import StudyCases
from bwa_study.analysis.timeline import Timeline
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result


def behind(result: Result) -> tuple[CodingMatrix | None, tuple[str, ...]]:
    """The codings a result was made of, and its codes in the order of its rows (all if it is about no code of its own).

    Claims about sites and truth tables stand on the codes that score their conditions and outcome. None and no codes
    where the result is made of something else, such as a survey, or does not keep its codings.
    """
    cases = result if isinstance(result, StudyCases) else getattr(result, "cases", None)
    if isinstance(cases, StudyCases) and cases.matrix is not None and cases.rules is not None:
        measures = (*cases.rules.conditions, cases.rules.measure(cases.rules.outcome))
        scored = dict.fromkeys(code for measure in measures for code, _ in measure.codes)
        return cases.matrix, tuple(scored) or cases.matrix.codes
    matrix = getattr(result, "matrix", None)
    if not isinstance(matrix, CodingMatrix):
        return None, ()
    return matrix, tuple(code for code in dict.fromkeys(_named(result)) if code in matrix.codes) or matrix.codes


def _named(result: Result) -> Iterable[str]:
    """The codes that a result is about, as far as it says."""
    if isinstance(result, Timeline):
        return (code for code, _ in result.codes)
    if isinstance(result, ConditionScores) and result.matrix is not None and result.matrix.study.necessity is not None:
        rules = result.matrix.study.necessity
        return (code for measure, _ in result.measures for code, _ in rules.measure(measure).codes)
    return map(str, result.table.get("code", getattr(result, "codes", ())))
