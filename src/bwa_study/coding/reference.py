"""The reference coder: the clear version, sentence by sentence, that the fast one must agree with, span by span.

It is slow. Tests hold the fast coder against it, and it tells of one sentence why it was coded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bwa_study.coding.matching import Matcher, Tokens, character_tokens, word_tokens
from bwa_study.coding.scope import KINDS, TIMES, Place, ScopeRules, negates, scope_rules, time_of
from bwa_study.coding.spacy_patterns import Found, SpacyPatterns
from bwa_study.coding.variants import ready_pattern
from bwa_study.model.codebook import AnyIndicator, Code, Codebook, Indicator, Polarity, SpacyIndicator
from bwa_study.model.patterns import is_by_character
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Transcript
from bwa_study.model.words import has_han, sentences


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code proposed for one sentence.

    Parameters
    ----------
    match
        The words that matched.
    negated
        Whether a negation turned it to absent.
    wish
        Whether it is said of a wish or a plan.
    time_ref
        The time the sentence speaks of, as far as its cues say so; ``future`` for a wish.
    """

    code: str
    polarity: Polarity
    sentence: Span
    match: Span
    indicator: AnyIndicator
    negated: bool
    wish: bool = False
    time_ref: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a sentence: its tokens and the cues among them, by kind."""

    text: str
    tokens: Tokens
    cues: dict[str, list[Place]]

    def between(self, before: int, after: int) -> str:
        places = self.tokens.places
        return self.text[places[before - 1][1] : places[after][0] if after < len(places) else places[-1][1]]

    def first_token(self, place: int) -> int:
        """The first token that ends after a place; one past the last where none does."""
        return next((n for n, (_, end) in enumerate(self.tokens.places) if end > place), len(self.tokens.places))

    def span(self, place: Place) -> Span:
        return Span(self.tokens.places[place[0]][0], self.tokens.places[place[1] - 1][1])


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    span: Span
    indicator: AnyIndicator
    script: bool


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
            script: Matcher(tuple(ready_pattern(i.pattern, i.language, codebook) for _, i in owned))
            for script, owned in by_script.items()
        }
        self.rules = {script: scope_rules(codebook, by_character=script) for script in (False, True)}
        self.spacy = SpacyPatterns(codebook) if any(code.spacy for code in self.codes) else None
        self._near: dict[SpacyIndicator, Matcher] = {}
        for _, one in self.spacy.indicators if self.spacy else ():
            self._near[one] = Matcher((ready_pattern(one.near, one.language, codebook),) if one.near else ())

    def proposals(self, transcript: Transcript) -> Iterator[Proposal]:
        """Proposals of one transcript, in the order of sentences and codes."""
        for turn in transcript.respondent_turns:
            for sentence in sentences(transcript.text, start=turn.span.start, end=turn.span.end):
                yield from self.of_sentence(transcript.text, sentence)

    def of_sentence(self, text: str, sentence: Span) -> Iterator[Proposal]:
        """Proposals of one sentence of `text`, in the order of codes."""
        hits: dict[int, list[_Hit]] = {}
        readings = self._readings(text, sentence)
        for script, reading in readings.items():
            for match in self.matchers[script].matches(reading.tokens.folded):
                number, indicator = self.indicators[script][match.pattern]
                span = reading.span((match.start, match.end))
                hits.setdefault(number, []).append(_Hit(match.start, span, indicator, script))
        if self.spacy:
            for number, hit in self._asked(text, sentence, set(hits), readings):
                hits.setdefault(number, []).append(hit)
        for number in sorted(hits):
            yield self._settled(self.codes[number], sentence, hits[number], readings)

    def found_by(self, indicator: SpacyIndicator, text: str, sentence: Span) -> Iterator[Found]:
        """What a spaCy indicator of the codebook finds in a sentence."""
        assert self.spacy is not None
        number = next(n for n, (_, one) in enumerate(self.spacy.indicators) if one == indicator)
        yield from (one for _, one in self.spacy.found(text[sentence.start : sentence.end], [number]))

    def _asked(
        self, text: str, sentence: Span, fired: set[int], readings: dict[bool, _Reading]
    ) -> list[tuple[int, _Hit]]:
        """The hits of spaCy's patterns in a sentence, in the order they count in."""
        assert self.spacy is not None
        wanted = []
        for n, (number, indicator) in enumerate(self.spacy.indicators):
            near = readings.get(is_by_character(indicator.language))
            met = near is not None and bool(self._near[indicator].matches(near.tokens.folded))
            if indicator.everywhere or (met if indicator.near else number in fired):
                wanted.append(n)
        out: list[tuple[bool, int, int, int, _Hit]] = []
        for n, found in self.spacy.found(text[sentence.start : sentence.end], wanted) if wanted else ():
            number, indicator = self.spacy.indicators[n]
            script = is_by_character(indicator.language) and True in readings
            start = readings[script].first_token(sentence.start + found.start)
            span = Span(sentence.start + found.start, sentence.start + found.end)
            out.append((script, start, n, number, _Hit(start, span, indicator, script)))
        return [(number, hit) for *_, number, hit in sorted(out, key=lambda row: row[:3])]

    def cues_of(self, proposal: Proposal, text: str) -> list[tuple[Span, str]]:
        """The words that changed what a proposal means, and how."""
        readings = self._readings(text, proposal.sentence)
        script = is_by_character(proposal.indicator.language) and True in readings
        reading = readings[script]
        start = reading.first_token(proposal.match.start)
        out = []
        if proposal.negated:
            out += [(reading.span(place), "negates") for place in self._negators(reading, start, script)]
        if proposal.wish:
            wishes = self.rules[script].wishes(reading.cues["wish"], start, reading.between)
            out += [(reading.span(place), "makes it a wish or a plan") for place in wishes]
        elif proposal.time_ref:
            told = f"speaks of the time '{proposal.time_ref}'"
            out += [(r.span(place), told) for r in readings.values() for place in r.cues[proposal.time_ref]]
        return out

    def _readings(self, text: str, sentence: Span) -> dict[bool, _Reading]:
        out = {False: self._reading(text, word_tokens(text, sentence.start, sentence.end), self.rules[False])}
        if has_han(text[sentence.start : sentence.end]):
            out[True] = self._reading(text, character_tokens(text, sentence.start, sentence.end), self.rules[True])
        return out

    def _reading(self, text: str, tokens: Tokens, rules: ScopeRules) -> _Reading:
        cues = {}
        for kind in KINDS:
            found = Matcher(rules.patterns[kind]).matches(tokens.folded)
            cues[kind] = [(match.start, match.end) for match in found]
        return _Reading(text, tokens, cues)

    def _negators(self, reading: _Reading, start: int, script: bool) -> list[Place]:
        return self.rules[script].negators(reading.cues["negate"], reading.cues["no_cue"], start, reading.between)

    def _settled(self, code: Code, sentence: Span, hits: list[_Hit], readings: dict[bool, _Reading]) -> Proposal:
        absent = [h for h in hits if h.indicator.polarity is Polarity.ABSENT]
        negated = []
        if not absent and code.auto_negation:
            negated = [h for h in hits if negates(self._negators(readings[h.script], h.start, h.script))]
        hit = (absent or negated or hits)[0]
        reading = readings[hit.script]
        wish = bool(self.rules[hit.script].wishes(reading.cues["wish"], hit.start, reading.between))
        times = [time for r in readings.values() for time in TIMES if r.cues[time]]
        return Proposal(
            code.id,
            Polarity.ABSENT if absent or negated else Polarity.PRESENT,
            sentence,
            hit.span,
            hit.indicator,
            bool(negated),
            wish,
            "future" if wish else time_of(times),
        )
