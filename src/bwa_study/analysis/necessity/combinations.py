"""Which combinations of conditions are necessary, without those that say nothing new."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from bwa_study.analysis.necessity.expressions import Expression, Floats, Literal
from bwa_study.analysis.necessity.fit import necessity_fit
from bwa_study.analysis.necessity.scores import Cases

_SAME = 1e-12


def literals_of(cases: Cases) -> tuple[Literal, ...]:
    """Each condition and its negation; each level of a condition that has several."""
    out: list[Literal] = []
    for name in cases.conditions:
        if name in cases.levels:
            out += [Literal(name, level=level) for level in range(cases.levels[name])]
        else:
            out += [Literal(name), Literal(name, negated=True)]
    return tuple(out)


def necessary_combinations(
    cases: Cases, *, consistency: float, relevance: float, longest: int = 3, minimal: bool = True
) -> tuple[Expression, ...]:
    """Ands and ors of two or more conditions that are necessary for the outcome.

    Parameters
    ----------
    cases
        Scores; each combination is judged on the cases that could be classified in all of its parts.
    consistency, relevance
        From which consistency of necessity, and from which relevance, a combination counts.
    longest
        Most conditions in a combination.
    minimal
        Leave out an or that contains a shorter necessary one (or a necessary condition): it is necessary because that
        is. Leave out an and that is no more relevant than a shorter necessary and inside it: what it adds makes no
        difference in these cases.

    Returns
    -------
    tuple
        Ands, then ors, each from short to long. None holds a condition and its negation.

    References
    ----------
    Schneider & Wagemann (2012), Set-Theoretic Methods, pp. 220-250; Dusa (2019), QCA with R, chapter 5.

    Examples
    --------
    >>> import pandas as pd
    >>> from bwa_study.analysis.necessity.scores import cases_from_scores
    >>> data = pd.DataFrame({"a": [1, 1, 1, 0, 0], "b": [1, 1, 0, 1, 0], "y": [1, 1, 0, 0, 0]}, index=list("pqrst"))
    >>> found = necessary_combinations(cases_from_scores(data, outcome="y"), consistency=1, relevance=0.5)
    >>> [str(one) for one in found]
    ['a*b']
    """
    scores = cases.columns()
    literals = literals_of(cases)
    singles: dict[tuple[Literal, ...], tuple[float, float]] = {
        (one,): _judged(Expression.conjunction((one,)), scores, cases.outcome) for one in literals
    }
    out: list[Expression] = []
    for build in (Expression.conjunction, Expression.disjunction):
        kept = {parts: fit for parts, fit in singles.items() if fit[0] >= consistency - _SAME}
        for size in range(2, longest + 1):
            for parts in itertools.combinations(literals, size):
                if len({one.name for one in parts}) < size:
                    continue
                expression = build(parts)
                found = _judged(expression, scores, cases.outcome)
                if found[0] < consistency - _SAME or not found[1] >= relevance - _SAME:
                    continue
                if not minimal or _says_more(expression.kind, parts, found[1], kept):
                    kept[parts] = found
                    out.append(expression)
    return tuple(out)


def _judged(expression: Expression, scores: dict[str, Floats], outcome: str) -> tuple[float, float]:
    x, y = expression.membership(scores), scores[outcome]
    known = ~(np.isnan(x) | np.isnan(y))
    fit = necessity_fit(x[known], y[known])
    return fit.consistency if fit.consistency == fit.consistency else -1.0, fit.relevance


def _says_more(
    kind: str, parts: Sequence[Literal], relevance: float, kept: dict[tuple[Literal, ...], tuple[float, float]]
) -> bool:
    inside = [fit for shorter, fit in kept.items() if set(shorter) < set(parts)]
    if kind == "or":
        return not inside
    return all(relevance > shorter[1] + _SAME for shorter in inside)
