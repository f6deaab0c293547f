"""Why a sentence was proposed: the words that matched, each with the part of the pattern it met, and the cues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from bwa_study.coding.indicators import apply_codebook
from bwa_study.coding.matching import character_tokens, ends, token_matches, word_tokens
from bwa_study.coding.other_text import other_texts
from bwa_study.coding.reference import IndicatorCoder, Proposal
from bwa_study.coding.variants import ready_pattern
from bwa_study.model.codebook import Codebook, SpacyIndicator
from bwa_study.model.errors import UnknownName
from bwa_study.model.errors import shown as printable
from bwa_study.model.patterns import Gap, Item, Sequence, Token
from bwa_study.model.spans import Span
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript
from bwa_study.model.words import has_han


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a sentence and what they are there for: a part of the pattern, or a cue."""

    span: Span
    quote: str
    meets: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a coding was proposed; printed, it is the sentence with its parts marked.

    Parameters
    ----------
    span, sentence
        The words that were read, and their place: in the transcript's own text, or in its other language where the
        proposal was found there.
    indicator
        Language, polarity and pattern.
    matched
        Words that met the pattern, in order; words of a gap are not among them.
    cues
        Words that changed what the match means, such as negators.
    """

    transcript: str
    span: Span
    sentence: str
    code: str
    polarity: str
    indicator: str
    matched: tuple[Part, ...]
    cues: tuple[Part, ...]

    def __str__(self) -> str:
        shown, at = "", self.span.start
        for part in sorted((*self.matched, *self.cues), key=lambda p: p.span):
            left, right = ("«", "»") if part in self.cues else ("[", "]")
            shown += self.sentence[at - self.span.start : part.span.start - self.span.start] + left + part.quote + right
            at = part.span.end
        shown += self.sentence[at - self.span.start :]
        lines = [shown, f"{self.code} ({self.polarity}) by {self.indicator}"]
        lines += [f"  [{p.quote}] is {p.meets}" for p in self.matched]
        lines += [f"  «{p.quote}» {p.meets}" for p in self.cues]
        return "\n".join(printable(line, limit=len(line) + 1) for line in lines)

    __repr__ = __str__


def explain(study: Study, coding: str) -> Explanation:
    """Why the indicators proposed a coding.

    Parameters
    ----------
    study
        With its codebook.
    coding
        Id of a proposal, as `apply_codebook` gives it for this study, on either text.

    Raises
    ------
    UnknownName
        If the indicators of this codebook propose no such coding.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> first = bwa.apply_codebook(study.corpus, study.codebook).frame.iloc[0]
    >>> bwa.explain(study, first["id"]).code == first["code"]
    True
    """
    row, transcript = _proposed(study, coding)
    coder = IndicatorCoder(study.codebook)
    span = Span(int(row["start"]), int(row["end"]))
    proposal = next(p for p in coder.of_sentence(transcript.text, span) if p.code == row["code"])
    text = transcript.text
    cues = coder.cues_of(proposal, text)
    return Explanation(
        transcript.id,
        span,
        transcript.quote(span),
        str(row["code"]),
        str(row["polarity"]),
        str(row["indicator"]),
        _matched(text, proposal, coder, study.codebook),
        tuple(Part(cue, transcript.quote(cue), meaning) for cue, meaning in cues),
    )


def _proposed(study: Study, coding: str) -> tuple[pd.Series, Transcript]:
    """The proposal with the transcript it was read in, which may be one of the other language."""
    known = {c.id: c for c in study.corpus}
    at_hand = study.codings.table
    named = at_hand.loc[(at_hand["id"] == coding) & (at_hand["coder_kind"] == "indicator"), "transcript"].tolist()
    corpus = study.corpus.select(ids=[n for n in named if n in known]) if named else study.corpus
    examples: list[str] = []
    for texts in (corpus, other_texts(corpus)):
        table = apply_codebook(texts, study.codebook).table
        for _, row in table[table["id"] == coding].iterrows():
            return row, texts[row["transcript"]]
        examples += table["id"].head(3).tolist()
    raise UnknownName("proposal of the indicators", coding, examples[:3])


def _matched(text: str, proposal: Proposal, coder: IndicatorCoder, codebook: Codebook) -> tuple[Part, ...]:
    indicator, sentence = proposal.indicator, proposal.sentence
    if isinstance(indicator, SpacyIndicator):
        place = Span(proposal.match.start - sentence.start, proposal.match.end - sentence.start)
        found = next(
            f for f in coder.found_by(indicator, text, sentence) if (f.start, f.end) == (place.start, place.end)
        )
        spans = [(Span(sentence.start + a, sentence.start + b), meets) for a, b, meets in found.parts]
        return tuple(Part(span, text[span.start : span.end], meets) for span, meets in spans)
    pattern = ready_pattern(indicator.pattern, indicator.language, codebook)
    read = character_tokens if pattern.by_character else word_tokens
    tokens = read(text, sentence.start, sentence.end)
    begin = next(n for n, (a, _) in enumerate(tokens.places) if a == proposal.match.start)
    stop = next(n for n, (_, b) in enumerate(tokens.places, start=1) if b == proposal.match.end)
    met = next(_aligned(pattern.sequence.items, tokens.folded, begin, stop))
    return _parts(text, [(Span(*tokens.places[n]), "*".join(t.pieces)) for n, t in met])


def _parts(text: str, met: list[tuple[Span, str]]) -> tuple[Part, ...]:
    """The words that met something; Chinese characters side by side are one part."""
    out: list[tuple[Span, str]] = []
    for span, token in met:
        if out and out[-1][0].end == span.start and has_han(text[span.start]):
            out[-1] = (out[-1][0] | span, out[-1][1] + token)
        else:
            out.append((span, token))
    return tuple(Part(span, text[span.start : span.end], token) for span, token in out)


def _aligned(items: tuple[Item, ...], words: tuple[str, ...], at: int, stop: int) -> Iterator[list[tuple[int, Token]]]:
    """Ways in which `items` take up ``words[at:stop]``: which word met which token.

    A way on is tried only where the rest can still end at `stop`, so the first one is found without going back far.
    """
    if not items:
        if at == stop:
            yield []
        return
    if at > stop or (len(items) > 1 and not _can_end(items, words, at, stop)):
        return
    item, rest = items[0], items[1:]
    if isinstance(item, Token):
        if at < stop and token_matches(item, words[at]):
            for more in _aligned(rest, words, at + 1, stop):
                yield [(at, item), *more]
    elif isinstance(item, Gap):
        for skipped in range(min(item.most, stop - at) + 1):
            yield from _aligned(rest, words, at + skipped, stop)
    else:
        for option in item.options:
            yield from _aligned((*option.items, *rest), words, at, stop)
        if item.optional:
            yield from _aligned(rest, words, at, stop)


def _can_end(items: tuple[Item, ...], words: tuple[str, ...], at: int, stop: int) -> bool:
    return ends(Sequence(items), words[at:stop])[0] == stop - at
