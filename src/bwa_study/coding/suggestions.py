"""Phrases that people's codings have and the indicators miss: what a codebook could still learn from its coders."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from bwa_study.coding.fast import FastCoder
from bwa_study.coding.indicator_report import all_hits
from bwa_study.coding.matching import character_tokens, word_tokens
from bwa_study.model.codebook import Code
from bwa_study.model.codings import POLARITIES, TIME_REFS
from bwa_study.model.errors import UnknownName
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.words import has_han, sentences

PRIOR = 1000.0
"""Weight of the prior, in phrases: how many phrases of the whole corpus stand behind each side."""

LONGEST = {False: 3, True: 4}
"""Words of an English phrase, and characters of a Chinese one, at most."""


@dataclass(frozen=True, eq=False, repr=False)
class PhraseSuggestions(Result):
    """Phrases by how much more often they stand in coded sentences than elsewhere.

    Columns language, phrase, coded (coded sentences that have it), missed (of these, those in which no indicator of the
    code fires), elsewhere (other sentences of respondents that have it), log_odds (natural), z (log_odds over its
    standard error). Sorted by z, highest first; only phrases that are missed at least twice.
    """

    def compact(self) -> pd.DataFrame:
        """Two decimals."""
        return self.frame.round({"log_odds": 2, "z": 2})


def suggest_phrases(study: Study, code: str, *, reference: str, polarity: str = "present") -> PhraseSuggestions:
    r"""Phrases of a person's codings that the indicators of a code miss.

    Parameters
    ----------
    study
        Its corpus, codebook and codings; only interviews that `reference` examined count.
    code, polarity
        Whose codings are looked at.
    reference
        The coder whose codings are taken as right.

    Raises
    ------
    UnknownName
        If there is no such code, polarity or coder.

    Notes
    -----
    Of a phrase that n of N coded sentences and m of M others have, with a prior a of all its sentences scaled to a
    whole of A:

    .. math:: \delta = \ln\frac{n + a}{N + A - n - a} - \ln\frac{m + a}{M + A - m - a}, \qquad
              z = \delta / \sqrt{1 / (n + a) + 1 / (m + a)}

    References
    ----------
    Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). Fightin' words: Lexical feature selection and evaluation for
    identifying the content of political conflict. Political Analysis, 16(4), 372-403, equations 15, 20 and 22.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> found = bwa.suggest_phrases(study, "covid", reference="simulated-human-A")
    >>> list(found.frame.columns)
    ['language', 'phrase', 'coded', 'missed', 'elsewhere', 'log_odds', 'z']
    """
    of_code = study.codebook[code]
    if polarity not in POLARITIES:
        raise UnknownName("polarity", polarity, POLARITIES)
    coded, missed, elsewhere = _counted(study, of_code, reference, polarity)
    rows = []
    for language in ("en", "zh"):
        inside, outside = coded[language], elsewhere[language]
        total, others = sum(inside.values()), sum(outside.values())
        for phrase, n in inside.items():
            if missed[language][phrase] < 2:
                continue
            delta, z = log_odds(n, total, outside[phrase], others)
            rows.append((language, phrase, n, missed[language][phrase], outside[phrase], delta, z))
    rows.sort(key=lambda row: (-row[-1], row[1]))
    return PhraseSuggestions(
        table=pd.DataFrame(rows, columns=["language", "phrase", "coded", "missed", "elsewhere", "log_odds", "z"]),
        title=f"Phrases of '{code}' ({polarity}) that its indicators miss",
        method=f"Sentences with a coding of {reference} against all others; log-odds ratio with a prior of "
        f"{PRIOR:,.0f} phrases of the corpus. These are words of the texts, for a person to judge: a pattern of them "
        "will find the same texts again and proves nothing on them.",
        source="Monroe, Colaresi & Quinn 2008, equations 15, 20 and 22",
        provenance={"reference": reference, "codebook": f"{study.codebook.id} {study.codebook.version}"},
        synthetic=study.synthetic,
    )


def log_odds(n: int, total: int, m: int, others: int, *, prior: float = PRIOR) -> tuple[float, float]:
    """The log-odds ratio of a phrase between two sides and its z; see `suggest_phrases`.

    Examples
    --------
    >>> log_odds(10, 100, 10, 100)
    (0.0, 0.0)
    """
    a = prior * (n + m) / (total + others)
    inside = math.log((n + a) / (total + prior - n - a))
    outside = math.log((m + a) / (others + prior - m - a))
    return inside - outside, (inside - outside) / math.sqrt(1 / (n + a) + 1 / (m + a))


Counts = dict[str, Counter[str]]


def _counted(study: Study, code: Code, reference: str, polarity: str) -> tuple[Counts, Counts, Counts]:
    """Sentences by phrase: coded, coded without a hit of an indicator, and not coded."""
    chosen = study.codings.select(coder=reference).counted(coders=[reference], time_refs=("", *TIME_REFS))
    spans: dict[str, list[tuple[int, int]]] = {}
    for c in chosen:
        if (c.code, c.polarity) == (code.id, polarity):
            spans.setdefault(c.transcript, []).append((c.start, c.end))
    read = study.examined.turns.get(reference, {})
    corpus = study.corpus.select(ids=[t.id for t in study.corpus if t.id in read])
    coder = FastCoder(study.codebook)
    number = study.codebook.ids.index(code.id)
    hit = {h.sentence for h in all_hits(corpus, coder) if coder.code_of[h.indicator] == number}
    coded, missed, elsewhere = ({"en": Counter[str](), "zh": Counter[str]()} for _ in range(3))
    for t in corpus:
        for turn in t.respondent_turns:
            for s in sentences(t.text, start=turn.span.start, end=turn.span.end):
                inside = any(a < s.end and s.start < b for a, b in spans.get(t.id, ()))
                for language, phrase in set(_phrases(t.text, s.start, s.end)):
                    (coded if inside else elsewhere)[language][phrase] += 1
                    if inside and (t.id, s.start, s.end) not in hit:
                        missed[language][phrase] += 1
    return coded, missed, elsewhere


def _phrases(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    for chinese in (False, True):
        if chinese and not has_han(text[start:end]):
            return
        tokens = (character_tokens if chinese else word_tokens)(text, start, end).folded
        for length in range(1 + chinese, LONGEST[chinese] + 1):
            for at in range(len(tokens) - length + 1):
                words = tokens[at : at + length]
                if not chinese or all(map(has_han, words)):
                    yield ("zh", "".join(words)) if chinese else ("en", " ".join(words))
