"""What each indicator is worth: how often it fires, how often it is right, and what would be missed without it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from bwa_study.coding.fast import FastCoder
from bwa_study.coding.reading import blocks
from bwa_study.coding.vocabulary import Vocabulary
from bwa_study.model.codebook import AnyIndicator
from bwa_study.model.codings import TIME_REFS
from bwa_study.model.corpus import Corpus
from bwa_study.model.results import Result
from bwa_study.model.study import Study

Place = tuple[str, int, int]
"""Transcript, start and end of a sentence."""


class Hit(NamedTuple):
    """One indicator in one sentence: the place of the sentence and of the first words it matched."""

    indicator: int
    sentence: Place
    match: tuple[int, int]
    negated: bool


@dataclass(frozen=True, eq=False, repr=False)
class IndicatorReport(Result):
    """A row an indicator, in the order of the codebook.

    Columns code, language, polarity (as the codebook states it), indicator; hits (sentences it fires in), interviews
    (with a hit); right (hits that overlap a coding of the reference with that code and the hit's polarity), precision
    (right / hits, NaN without hits), found (codings of the reference that a hit overlaps), reference (codings of that
    code and polarity in that language's turns), recall (found / reference, NaN where there are none), alone (found by
    no other indicator of the code), overlaps (the indicator of the same code that shares most sentences with it) and
    shared (how many).
    """

    def compact(self) -> pd.DataFrame:
        """Without the columns that are rarely read; two decimals."""
        shown = self.frame.drop(columns=["interviews", "reference", "overlaps", "shared"])
        return shown.assign(**{c: shown[c].map("{:.2f}".format) for c in ("precision", "recall")})

    @property
    def never_fired(self) -> pd.DataFrame:
        """The indicators without a hit: code, language, polarity, indicator."""
        return self.table.loc[self.table["hits"] == 0, ["code", "language", "polarity", "indicator"]].reset_index(
            drop=True
        )


def indicator_report(study: Study, *, reference: str) -> IndicatorReport:
    """Hold every indicator of the study's codebook against a person's codings.

    Parameters
    ----------
    study
        Its corpus, codebook and codings. Only interviews that `reference` examined count.
    reference
        Name of the coder whose codings are taken as right.

    Raises
    ------
    UnknownName
        If no coding has that coder.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> report = bwa.indicator_report(study, reference="simulated-human-A")
    >>> len(report.frame) == sum(len(code.all_indicators) for code in study.codebook)
    True
    """
    study.codings.select(coder=reference)
    read = study.examined.turns.get(reference, {})
    corpus = study.corpus.select(ids=[t.id for t in study.corpus if t.id in read])
    coder = FastCoder(study.codebook)
    hits = list(all_hits(corpus, coder))
    wanted = list(study.codings.counted(coders=[reference], time_refs=("", *TIME_REFS)))
    by_place: dict[tuple[str, str, str], list[tuple[int, int, int]]] = {}
    for n, c in enumerate(wanted):
        by_place.setdefault((c.transcript, c.code, c.polarity), []).append((c.start, c.end, n))
    turns = {t.id: [(turn.span, turn.language) for turn in t.respondent_turns] for t in corpus}
    language_of = [
        next((lang for span, lang in turns.get(c.transcript, ()) if span.start <= c.start < span.end), "")
        for c in wanted
    ]
    held = _Held(coder, study.codebook.ids, hits, by_place)
    of = Counter((c.code, c.polarity, lang) for c, lang in zip(wanted, language_of, strict=True))
    rows = [held.row(n, of, language_of) for n in _in_order(study, coder)]
    names = ["code", "language", "polarity", "indicator", "hits", "interviews", "right", "precision"]
    names += ["found", "reference", "recall", "alone", "overlaps", "shared"]
    return IndicatorReport(
        table=pd.DataFrame(rows, columns=names),
        title="What each indicator is worth",
        method=f"Sentences in which a pattern fires, against the codings of {reference}: same code, same polarity, "
        f"words overlap. {sum(1 for row in rows if not row[4])} of {len(rows)} indicators never fired.",
        provenance={
            "reference": reference,
            "codebook": f"{study.codebook.id} {study.codebook.version}",
            "interviews": str(len(corpus)),
        },
        synthetic=study.synthetic,
    )


def all_hits(corpus: Corpus, coder: FastCoder) -> Iterator[Hit]:
    """Every indicator in every sentence it fires in, once."""
    vocabulary = Vocabulary()
    for block in blocks(corpus, vocabulary):
        found = coder.hits(block, vocabulary.words)
        seen: set[tuple[int, int]] = set()
        columns = (found.indicator, found.sentence, found.start, found.end, found.negated)
        for indicator, sentence, start, end, negated in zip(*(c.tolist() for c in columns), strict=True):
            if (indicator, sentence) in seen:
                continue
            seen.add((indicator, sentence))
            place = (
                block.transcripts[block.owner[sentence]].id,
                int(block.starts[sentence]),
                int(block.ends[sentence]),
            )
            yield Hit(indicator, place, (start, end), negated and bool(coder.turns[indicator]))


class _Held:
    """Hits and what they found, by indicator."""

    def __init__(
        self,
        coder: FastCoder,
        ids: tuple[str, ...],
        hits: list[Hit],
        by_place: dict[tuple[str, str, str], list[tuple[int, int, int]]],
    ) -> None:
        self.coder, self.ids = coder, ids
        self.sentences: dict[int, set[Place]] = {}
        self.right: Counter[int] = Counter()
        self.found: dict[int, set[int]] = {}
        self.of_code: dict[int, list[int]] = {}
        for n, code in enumerate(coder.code_of.tolist()):
            self.of_code.setdefault(code, []).append(n)
        for hit in hits:
            self.sentences.setdefault(hit.indicator, set()).add(hit.sentence)
            code = ids[coder.code_of[hit.indicator]]
            polarity = "absent" if hit.negated else str(coder.indicators[hit.indicator].polarity)
            transcript, start, end = hit.sentence
            met = {n for a, b, n in by_place.get((transcript, code, polarity), ()) if a < end and start < b}
            self.right[hit.indicator] += bool(met)
            self.found.setdefault(hit.indicator, set()).update(met)

    def row(self, n: int, of: Counter[tuple[str, str, str]], languages: list[str]) -> tuple[object, ...]:
        indicator: AnyIndicator = self.coder.indicators[n]
        code = int(self.coder.code_of[n])
        mine, found = self.sentences.get(n, set()), self.found.get(n, set())
        others = [m for m in self.of_code[code] if m != n]
        by_others: set[int] = set().union(*(self.found.get(m, set()) for m in others))
        shared = Counter({m: len(mine & self.sentences[m]) for m in others if m in self.sentences})
        most, count = shared.most_common(1)[0] if shared else (n, 0)
        reference = of[(self.ids[code], str(indicator.polarity), indicator.language)]
        in_language = {m for m in found if languages[m] == indicator.language}
        return (
            self.ids[code],
            indicator.language,
            str(indicator.polarity),
            indicator.pattern,
            len(mine),
            len({transcript for transcript, _, _ in mine}),
            self.right[n],
            self.right[n] / len(mine) if mine else math.nan,
            len(found),
            reference,
            len(in_language) / reference if reference else math.nan,
            len(found - by_others),
            self.coder.indicators[most].pattern if count else "",
            count,
        )


def _in_order(study: Study, coder: FastCoder) -> list[int]:
    """Numbers of the indicators in the order of the codebook."""
    waiting: dict[tuple[int, AnyIndicator], list[int]] = {}
    for n, (code, indicator) in enumerate(zip(coder.code_of.tolist(), coder.indicators, strict=True)):
        waiting.setdefault((code, indicator), []).append(n)
    return [waiting[(n, i)].pop(0) for n, code in enumerate(study.codebook) for i in code.all_indicators]
