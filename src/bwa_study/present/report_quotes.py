"""Words that stand behind the answers of a report: a few a question, as they may be printed, with their context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bwa_study.analysis.compare import Comparison
from bwa_study.analysis.divergence import Divergence
from bwa_study.analysis.quotable import quotes
from bwa_study.analysis.triangulation import Triangulation
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.present.translated import Translation

Results = Mapping[str, Result]
_MODES, _MOST_CODES = 3, 3
Pick = tuple[str, str, str, int]
"""Code, group, round and number of quotes; an empty group or round is any."""


@dataclass(frozen=True, slots=True)
class Words:
    """One quote: the code and side it stands for, what was asked, what was said, its translation, and who said it."""

    code: str
    sign: str
    question: str
    quote: str
    translation: str
    attribution: str
    language: str


def words_behind(number: int, results: Results, matrix: CodingMatrix, language: str) -> tuple[Words, ...]:
    """Quotes for the answer to one of the twelve questions; none where its numbers are not made of words.

    Parameters
    ----------
    number
        Of `bwa_study.present.questions.QUESTIONS`.
    results
        By name of `bwa_study.present.study_tables.TABLES`.
    matrix
        Of one coder.
    language
        ``en`` or ``zh``, of labels and attributions; words stay as they were said.

    Returns
    -------
    tuple of Words
        Each picked by `bwa_study.quotes`: of people who allow it, never by name, and with an opposite voice where
        there is one.
    """
    pick = _PICKS.get(number)
    picks = list(pick(results, matrix.study)) if pick else []
    return tuple(_words(picks, matrix, language))


def _words(picks: list[Pick], matrix: CodingMatrix, language: str) -> Iterator[Words]:
    study, seen = matrix.study, set()
    say = Translation.of(study, "zh") if language == "zh" else str
    for code, group, round, n in picks:
        found = quotes(study, code=code, group=group, round=round, n=n, coder=matrix.coders[0]).table
        for row in found.to_dict("records"):
            if (code, row["quote"]) in seen:
                continue
            seen.add((code, row["quote"]))
            yield Words(
                code=study.label("code", code, language),
                sign="+" if row["polarity"] == "present" else "−",
                question=row["question"],
                quote=row["quote"],
                translation=row["translation"],
                attribution=say(row["attribution"]),
                language=row["language"],
            )


def _of_modes(results: Results, study: Study) -> Iterator[Pick]:
    """What those who deal with the first group say of how it behaves, in the last round."""
    table = results.get("interaction_change")
    if isinstance(table, Comparison):
        for code in dict.fromkeys(table.table["code"]):
            for group in study.levels("group")[:2]:
                yield code, group, study.levels("round")[-1], _MODES


def _of_contradicted(results: Results, study: Study) -> Iterator[Pick]:
    """The codes on which groups of one site contradict each other most often, each group side by side."""
    table = results.get("triangulation")
    if isinstance(table, Triangulation):
        often = table.table.loc[table.table["verdict"] == "contradict", "code"].value_counts().index
        for code in often[:_MOST_CODES]:
            for group in table.groups:
                yield str(code), group, "", 2


def _of_gaps(results: Results, study: Study) -> Iterator[Pick]:
    """The widest gaps, both groups, in the round that is compared."""
    table = results.get("divergence")
    if isinstance(table, Divergence):
        rows = table.table.dropna(subset=["gap"]).sort_values("gap", ascending=False, kind="stable")
        for row in rows.head(_MOST_CODES).to_dict("records"):
            for side in ("higher", "lower"):
                yield row["code"], row[side], table.round, 2


def _of_outcome(results: Results, study: Study) -> Iterator[Pick]:
    if study.necessity is not None:
        for code, _ in study.necessity.measure(study.necessity.outcome).codes:
            yield code, "", "", 6


def _of_conditions(results: Results, study: Study) -> Iterator[Pick]:
    if study.necessity is not None:
        for measure in study.necessity.conditions:
            for code, _ in measure.codes[:_MOST_CODES]:
                yield code, "", "", 2


def _of_rivals(results: Results, study: Study) -> Iterator[Pick]:
    if study.theory is not None and results.get("contribution") is not None:
        for code in study.theory.rivals.codes:
            yield code, "", "", 2


_PICKS = {
    2: _of_modes,
    3: _of_contradicted,
    4: _of_gaps,
    5: _of_outcome,
    6: _of_conditions,
    7: _of_rivals,
    12: _of_rivals,
}
