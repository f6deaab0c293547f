"""A pattern on trial: its hits in context, by group, before it goes into the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bwa_study.coding.fast import FastCoder
from bwa_study.coding.indicator_report import all_hits
from bwa_study.load.spacy_rules import spacy_trial
from bwa_study.model.codebook import Code, Indicator, Polarity
from bwa_study.model.errors import WrongCall
from bwa_study.model.labels import Label
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.words import has_han


@dataclass(frozen=True, eq=False, repr=False)
class IndicatorTrial(Result):
    """Keyword in context (kwic): a row a sentence in which the pattern fires.

    Columns group, round, transcript, start, end (of the sentence), before, match, after (its words, cut to a width),
    negated (whether a negator stands before the match). Groups and rounds in declared order.
    """

    def compact(self) -> pd.DataFrame:
        """Group, round, the words before the match, the match and the words after."""
        return self.table[["group", "round", "transcript", "before", "match", "after"]]

    @property
    def by_group(self) -> pd.DataFrame:
        """Hits and interviews with a hit: columns group, hits, interviews."""
        grouped = self.table.groupby("group", sort=False)["transcript"].agg(hits="size", interviews="nunique")
        return grouped.reset_index()


def try_indicator(
    study: Study, pattern: str | Sequence[dict[str, Any]], *, language: str = "", near: str = "", width: int = 40
) -> IndicatorTrial:
    """Where a pattern would fire in a study.

    Parameters
    ----------
    study
        Its respondents' sentences, its negators, and the pipelines of its codebook.
    pattern
        In the notation of indicators, ``~word`` for all forms of a word too; or one of spaCy's, as in a codebook's
        ``spacy`` indicators: a list with a mapping a token, or a node of a dependency pattern.
    language
        Language of the pattern; told by its script where it is not given.
    near
        For a pattern of spaCy's: only sentences with this pattern are looked at. All where it is empty, which takes
        long with a trained pipeline.
    width
        Characters shown on either side of the match.

    Raises
    ------
    PatternError
        If the notation, or spaCy, does not know the pattern.
    WrongCall
        If a pipeline is not installed or does not give what the pattern asks for, or `near` is given for a pattern that
        is not spaCy's.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> list(bwa.try_indicator(study, "complain*").by_group.columns)
    ['group', 'hits', 'interviews']
    >>> trial = bwa.try_indicator(study, [{"LOWER": "come"}, {"LOWER": "back"}], near="back")
    >>> set(trial.compact()["match"])
    {'come back'}
    """
    code = _trial(study, pattern, language, near)
    book = replace(study.codebook, codes=(code,))
    rows = []
    for hit in all_hits(study.corpus, FastCoder(book)):
        id, start, end = hit.sentence
        t = study.corpus[id]
        a, b = hit.match
        before, after = t.text[max(start, a - width) : a], t.text[b : min(end, b + width)]
        rows.append((t.group, t.round, id, start, end, before, t.text[a:b], after, hit.negated))
    names = ["group", "round", "transcript", "start", "end", "before", "match", "after", "negated"]
    order = {kind: {level: n for n, level in enumerate(study.levels(kind))} for kind in ("group", "round")}
    rows.sort(key=lambda r: (order["group"].get(r[0], -1), order["round"].get(r[1], -1)))
    interviews = len({row[2] for row in rows})
    return IndicatorTrial(
        table=pd.DataFrame(rows, columns=names),
        title=f"Where '{pattern if isinstance(pattern, str) else code.spacy[0].rules}' fires",
        method=f"{len(rows)} sentences of respondents in {interviews} of {len(study.corpus)} interviews.",
        synthetic=study.synthetic,
    )


def _trial(study: Study, pattern: str | Sequence[dict[str, Any]], language: str, near: str) -> Code:
    """A code whose only indicator is the pattern."""
    language = language or ("zh" if has_han(str(pattern)) else "en")
    if not isinstance(pattern, str):
        one = spacy_trial(list(pattern), language=language, near=near, codebook=study.codebook)
        return Code("trial", "", Label(()), spacy=(one,))
    if near:
        raise WrongCall("near is for patterns of spaCy's, which are slow — leave it out, the others look everywhere")
    return Code("trial", "", Label(()), indicators=(Indicator(language, Polarity.PRESENT, pattern),))
