"""Every match of every pattern of a codebook in a block of text, settled to one proposal a sentence and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from bwa_study.coding.cued import Cued, Scope, times_of
from bwa_study.coding.occurrences import Occurrences
from bwa_study.coding.plans import Plan, TokenSets
from bwa_study.coding.reading import Block, Stream
from bwa_study.coding.scope import KINDS, scope_rules
from bwa_study.coding.spacy_hits import Known, ask, integers, near_codebook
from bwa_study.coding.spacy_patterns import SpacyPatterns
from bwa_study.coding.sweeping import NO_MATCHES, Matches, matches
from bwa_study.coding.symbols import Symbols
from bwa_study.coding.variants import ready_pattern
from bwa_study.model.codebook import AnyIndicator, Codebook, Indicator, Polarity
from bwa_study.model.patterns import is_by_character

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed for a block, a row a sentence and code, in the order of sentences, then codes.

    Parameters
    ----------
    sentence
        Number of the sentence in the block.
    code
        Number of the code in the codebook.
    indicator
        Number of the indicator in `FastCoder.indicators`.
    negated
        Whether a negation turned it to absent.
    start, end
        Place of the matched words in the text of the transcript.
    wish, time_ref
        Whether it is said of a wish or a plan; the time its sentence speaks of.
    """

    sentence: Longs
    code: Longs
    indicator: Longs
    negated: npt.NDArray[np.bool_]
    start: Ints
    end: Ints
    wish: npt.NDArray[np.bool_]
    time_ref: npt.NDArray[np.object_]


class FastCoder:
    """A codebook made ready for matching on numbers.

    Its result is that of `bwa_study.coding.reference.IndicatorCoder`; tests hold the two against each other.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codes = codebook.codes
        listed: dict[bool, list[tuple[int, Indicator]]] = {False: [], True: []}
        for number, code in enumerate(self.codes):
            for indicator in code.indicators:
                listed[is_by_character(indicator.language)].append((number, indicator))
        self.scripts = [_Script(listed[by_character], codebook, by_character) for by_character in (False, True)]
        every: list[tuple[int, AnyIndicator]] = [*listed[False], *listed[True]]
        self.spacy: SpacyPatterns | None = None
        if any(code.spacy for code in self.codes):
            self.spacy = SpacyPatterns(codebook)
            self._near = FastCoder(near_codebook(codebook))
            every += self.spacy.indicators
        self.plain = len(listed[False]) + len(listed[True])
        self.indicators: list[AnyIndicator] = [indicator for _, indicator in every]
        self.code_of = np.array([number for number, _ in every], dtype=np.int64)
        self.absent = np.array([i.polarity is Polarity.ABSENT for _, i in every], dtype=bool)
        self.turns = np.array([self.codes[n].auto_negation for n, _ in every], dtype=bool) & ~self.absent

    def proposals(self, block: Block, words: Sequence[str], kept: Kept | None = None) -> Proposals:
        """The proposals for a block; `words` is the vocabulary its words are numbered by."""
        cued = self._cued(block, words)
        return self._settled(block, self._hits(block, words, cued, kept or Kept()), cued)

    def hits(self, block: Block, words: Sequence[str]) -> Hits:
        """Every match of every pattern in a block, before they are settled to one a sentence and code."""
        return self._hits(block, words, self._cued(block, words), Kept())

    def _cued(self, block: Block, words: Sequence[str]) -> list[Cued]:
        texts = [t.text for t in block.transcripts]
        return [
            Cued(script.scope, script.index(stream, words), texts, block.owner)
            for script, stream in zip(self.scripts, (block.words, block.characters), strict=True)
        ]

    def _hits(self, block: Block, words: Sequence[str], cued: list[Cued], kept: Kept) -> Hits:
        english, chinese = self.scripts
        plain = Hits.joined(english.hits(cued[0], kept, 0), chinese.hits(cued[1], kept, len(english.plans)))
        return plain if self.spacy is None else Hits.joined(plain, self._asked(block, words, plain, cued, kept))

    def _asked(self, block: Block, words: Sequence[str], plain: Hits, cued: list[Cued], kept: Kept) -> Hits:
        """Matches of spaCy's patterns, each in the sentences it is to be asked about."""
        assert self.spacy is not None
        near = self._near.hits(block, words)
        wanted: dict[int, list[int]] = {}
        for number, (code, indicator) in enumerate(self.spacy.indicators):
            sentences = plain.sentence[self.code_of[plain.indicator] == code]
            if indicator.everywhere:
                sentences = np.arange(len(block.starts), dtype=np.int32)
            elif indicator.near:
                sentences = near.sentence[self._near.code_of[near.indicator] == number]
            for sentence in np.unique(sentences).tolist():
                wanted.setdefault(sentence, []).append(number)
        found = ask(self.spacy, block, wanted, kept.spacy)
        sentence, token = integers(found.sentence), integers(found.token)
        by_character = np.array(found.by_character, dtype=bool)
        negated = np.zeros(len(token), dtype=bool)
        for one, of_script in zip(cued, (~by_character, by_character), strict=True):
            negated[of_script] = one.negated(sentence[of_script], token[of_script])
        pattern = np.array(found.pattern, dtype=np.int64) + self.plain
        return Hits(pattern, sentence, token, integers(found.start), integers(found.end), negated, by_character)

    def _settled(self, block: Block, hits: Hits, cued: list[Cued]) -> Proposals:
        """Of the matches of one code in one sentence: the first absent, else the first negated, else the first."""
        indicator = hits.indicator
        negated = hits.negated & self.turns[indicator]
        by_character = hits.by_character
        rank = np.where(self.absent[indicator], 0, np.where(negated, 1, 2)) * 4
        rank += (indicator >= self.plain) * 2 + by_character
        group = block.place[hits.sentence] * len(self.codes) + self.code_of[indicator]
        first = _first_of_each(group, (rank << 48) | (hits.token.astype(np.int64) << 17) | indicator)
        sentence, token, chinese = hits.sentence[first], hits.token[first], by_character[first]
        wish = np.zeros(len(first), dtype=bool)
        for one, of_script in zip(cued, (~chinese, chinese), strict=True):
            wish[of_script] = one.wished(sentence[of_script], token[of_script])
        return Proposals(
            sentence.astype(np.int64),
            self.code_of[indicator[first]],
            indicator[first],
            negated[first],
            hits.start[first],
            hits.end[first],
            wish,
            times_of(cued, sentence, wish),
        )


class Kept:
    """Matches already found in a block, by script and pattern, so that an unchanged pattern is not matched again."""

    def __init__(self) -> None:
        self.matches: dict[tuple[bool, bool, str], Matches] = {}
        self.spacy: Known = {}


@dataclass(frozen=True, slots=True)
class Hits:
    """Matches, a row each.

    Indicator, sentence, its first token, place in the text, whether a negator is before it, and whether the sentence
    was read by characters.
    """

    indicator: Longs
    sentence: Ints
    token: Ints
    start: Ints
    end: Ints
    negated: npt.NDArray[np.bool_]
    by_character: npt.NDArray[np.bool_]

    @classmethod
    def joined(cls, *parts: Hits) -> Hits:
        """The rows of several."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


class _Script:
    """The patterns of one way to read: by words, or by characters."""

    def __init__(self, listed: list[tuple[int, Indicator]], codebook: Codebook, by_character: bool) -> None:
        self.by_character = by_character
        sets = TokenSets()
        self.texts = [indicator.pattern for _, indicator in listed]
        self.both = codebook.traditional_and_simplified
        patterns = {i.pattern: ready_pattern(i.pattern, i.language, codebook) for _, i in listed}
        planned = {text: sets.plan(pattern) for text, pattern in patterns.items()}
        self.plans: list[Plan] = [planned[text] for text in self.texts]
        self.rules = scope_rules(codebook, by_character=by_character)
        self.scope = Scope(self.rules, {k: [sets.plan(p) for p in self.rules.patterns[k]] for k in KINDS})
        self.symbols = Symbols(sets, by_character=by_character)
        must = [(n, number) for n, plan in enumerate(self.plans) for number in plan.must]
        self._must = np.array(must, dtype=np.int64).reshape(-1, 2)

    def _alive(self, found: Occurrences) -> list[bool]:
        """By pattern: whether every token it cannot do without is somewhere."""
        out = np.ones(len(self.plans), dtype=bool)
        missing = found.counts[self._must[:, 1]] == 0
        out[self._must[missing, 0]] = False
        return out.tolist()

    def index(self, stream: Stream, words: Sequence[str]) -> Occurrences:
        """The index of a stream for these patterns and cues."""
        return Occurrences(stream, self.symbols.of(stream.tokens, words), self.symbols.members)

    def hits(self, cued: Cued, kept: Kept, before: int) -> Hits:
        """All matches in a stream; indicators are numbered from `before`."""
        found, stream = cued.found, cued.found.stream
        listed: list[Matches] = []
        for text, plan, alive in zip(self.texts, self.plans, self._alive(found), strict=True):
            key = (self.by_character, self.both, text)
            if key not in kept.matches:
                kept.matches[key] = matches(plan, found) if alive else NO_MATCHES
            listed.append(kept.matches[key])
        counts = [len(m.starts) for m in listed]
        starts = np.concatenate([_NONE, *(m.starts for m in listed)])
        ends = np.concatenate([_NONE, *(m.ends for m in listed)])
        sentences = stream.sentences[starts]
        return Hits(
            np.repeat(np.arange(before, before + len(listed), dtype=np.int64), counts),
            sentences,
            starts,
            stream.starts[starts],
            stream.ends[ends - 1],
            cued.negated(sentences, starts),
            np.full(len(starts), self.by_character),
        )


def _first_of_each(group: Longs, rank: Longs) -> Longs:
    """The row with the lowest rank of every group, in the order of groups."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(group, kind="stable")
    sorted_group, sorted_rank = group[order], rank[order]
    new = np.flatnonzero(np.concatenate([[True], sorted_group[1:] != sorted_group[:-1]]))
    lowest = np.minimum.reduceat(sorted_rank, new)
    at = np.flatnonzero(sorted_rank == np.repeat(lowest, np.diff(np.append(new, len(group)))))
    return np.asarray(order[at[np.searchsorted(at, new)]])


_NONE = np.zeros(0, dtype=np.int32)
