"""The reference coder: the clear version, sentence by sentence, that the fast one must agree with, span by span.

It is slow. Tests hold the fast coder against it, and it tells of one sentence why it was coded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bwa_study.coding.matching import Match, Matcher, Tokens, character_tokens, token_matches, word_tokens
from bwa_study.model.codebook import Code, Codebook, Indicator, Polarity
from bwa_study.model.patterns import Token, fold, is_by_character, parse_pattern
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Transcript
from bwa_study.model.words import has_han, sentences

NEGATORS: dict[str, tuple[str, ...]] = {
    "en": ("no", "not", "never", "nobody", "hardly", "*n't"),
    "zh": ("不", "没", "没有"),
}
"""Words that negate what follows, where the codebook states none of its own."""

WORDS_BEFORE = 3
"""A negator counts within so many words before an English match; in Chinese it must stand right before it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code proposed for one sentence: by which indicator, through which words, and whether by negation."""

    code: str
    polarity: Polarity
    sentence: Span
    match: Span
    indicator: Indicator
    negated: bool


class IndicatorCoder:
    """A codebook made ready for matching, one sentence after the other."""

    def __init__(self, codebook: Codebook) -> None:
        self.codes = codebook.codes
        by_script: dict[bool, list[tuple[int, Indicator]]] = {False: [], True: []}
        for number, code in enumerate(self.codes):
            for indicator in code.indicators:
                by_script[is_by_character(indicator.language)].append((number, indicator))
        self.indicators = by_script
        self.matchers = {
            script: Matcher(tuple(parse_pattern(i.pattern, i.language) for _, i in owned))
            for script, owned in by_script.items()
        }
        self.negators = {script: negators(codebook, script) for script in (False, True)}

    def proposals(self, transcript: Transcript) -> Iterator[Proposal]:
        """Proposals of one transcript, in the order of sentences and codes."""
        for turn in transcript.respondent_turns:
            for sentence in sentences(transcript.text, start=turn.span.start, end=turn.span.end):
                yield from self.of_sentence(transcript.text, sentence)

    def of_sentence(self, text: str, sentence: Span) -> Iterator[Proposal]:
        """Proposals of one sentence of `text`, in the order of codes."""
        hits: dict[int, list[tuple[Match, Indicator, Tokens, bool]]] = {}
        for script, matcher in self.matchers.items():
            if not matcher.patterns or (script and not has_han(text[sentence.start : sentence.end])):
                continue
            tokens = (character_tokens if script else word_tokens)(text, sentence.start, sentence.end)
            for match in matcher.matches(tokens.folded):
                number, indicator = self.indicators[script][match.pattern]
                hits.setdefault(number, []).append((match, indicator, tokens, script))
        for number in sorted(hits):
            yield self._settled(self.codes[number], sentence, hits[number])

    def _settled(self, code: Code, sentence: Span, hits: list[tuple[Match, Indicator, Tokens, bool]]) -> Proposal:
        absent = [h for h in hits if h[1].polarity is Polarity.ABSENT]
        negated = [] if absent or not code.auto_negation else [h for h in hits if self._is_negated(h[0], h[2], h[3])]
        match, indicator, tokens, _ = (absent or negated or hits)[0]
        polarity = Polarity.ABSENT if absent or negated else Polarity.PRESENT
        place = Span(tokens.places[match.start][0], tokens.places[match.end - 1][1])
        return Proposal(code.id, polarity, sentence, place, indicator, bool(negated))

    def _is_negated(self, match: Match, tokens: Tokens, by_character: bool) -> bool:
        before = tokens.folded[: match.start]
        if by_character:
            return any("".join(before).endswith(word) for word in self.negators[True])
        cues = [Token(tuple(word.split("*"))) for word in self.negators[False]]
        return any(token_matches(cue, word) for word in before[-WORDS_BEFORE:] for cue in cues)


def negators(codebook: Codebook, by_character: bool) -> tuple[str, ...]:
    """Folded words that negate, of the languages that are read by characters, or of the others."""
    stated = {**NEGATORS, **dict(codebook.negators)}
    words = (w for language, listed in stated.items() if is_by_character(language) is by_character for w in listed)
    return tuple(fold(w) for w in words)
