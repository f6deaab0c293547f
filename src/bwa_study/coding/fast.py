"""Every match of every pattern of a codebook in a block of text, settled to one proposal a sentence and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.coding.occurrences import Occurrences
from bwa_study.coding.plans import Plan, TokenSets
from bwa_study.coding.reading import Block, Stream
from bwa_study.coding.reference import WORDS_BEFORE, negators
from bwa_study.coding.sweeping import Matches, matches
from bwa_study.coding.symbols import Symbols
from bwa_study.model.codebook import Codebook, Indicator, Polarity
from bwa_study.model.patterns import Token, is_by_character, parse_pattern

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
    """

    sentence: Longs
    code: Longs
    indicator: Longs
    negated: npt.NDArray[np.bool_]
    start: Ints
    end: Ints


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
        both = [*listed[False], *listed[True]]
        self.indicators = [indicator for _, indicator in both]
        self.code_of = np.array([number for number, _ in both], dtype=np.int64)
        self.absent = np.array([i.polarity is Polarity.ABSENT for _, i in both], dtype=bool)
        self.turns = np.array([self.codes[n].auto_negation for n, _ in both], dtype=bool) & ~self.absent

    def proposals(self, block: Block, words: Sequence[str], kept: Kept | None = None) -> Proposals:
        """The proposals for a block; `words` is the vocabulary its words are numbered by."""
        kept = Kept() if kept is None else kept
        parts = []
        before = 0
        for script, stream in zip(self.scripts, (block.words, block.characters), strict=True):
            parts.append(script.hits(stream, words, kept, before))
            before += len(script.plans)
        return self._settled(block, parts)

    def _settled(self, block: Block, parts: list[_Hits]) -> Proposals:
        """Of the matches of one code in one sentence: the first absent, else the first negated, else the first."""
        indicator = np.concatenate([p.indicator for p in parts])
        sentence = np.concatenate([p.sentence for p in parts]).astype(np.int64)
        token = np.concatenate([p.token for p in parts]).astype(np.int64)
        negated = np.concatenate([p.negated for p in parts]) & self.turns[indicator]
        by_character = np.repeat([0, 1], [len(p.indicator) for p in parts])
        rank = np.where(self.absent[indicator], 0, np.where(negated, 1, 2)) * 2 + by_character
        place = block.place[sentence]
        group = place * len(self.codes) + self.code_of[indicator]
        first = _first_of_each(group, (rank << 48) | (token << 17) | indicator)
        return Proposals(
            sentence[first],
            self.code_of[indicator[first]],
            indicator[first],
            negated[first],
            np.concatenate([p.start for p in parts])[first],
            np.concatenate([p.end for p in parts])[first],
        )


class Kept:
    """Matches already found in a block, by script and pattern, so that an unchanged pattern is not matched again."""

    def __init__(self) -> None:
        self.matches: dict[tuple[bool, str], Matches] = {}


@dataclass(frozen=True, slots=True)
class _Hits:
    """Matches of one script: indicator, sentence, first token, place in the text, whether a negator is before it."""

    indicator: Longs
    sentence: Ints
    token: Ints
    start: Ints
    end: Ints
    negated: npt.NDArray[np.bool_]


class _Script:
    """The patterns of one way to read: by words, or by characters."""

    def __init__(self, listed: list[tuple[int, Indicator]], codebook: Codebook, by_character: bool) -> None:
        self.by_character = by_character
        sets = TokenSets()
        self.texts = [indicator.pattern for _, indicator in listed]
        patterns = {i.pattern: parse_pattern(i.pattern, i.language) for _, i in listed}
        planned = {text: sets.plan(pattern) for text, pattern in patterns.items()}
        self.plans: list[Plan] = [planned[text] for text in self.texts]
        cues = [tuple(Token(tuple(word.split("*"))) for word in (cue,)) for cue in negators(codebook, by_character)]
        if by_character:
            cues = [tuple(Token((char,)) for char in cue[0].pieces[0]) for cue in cues]
        self.cues = [tuple(sets.number([token]) for token in cue) for cue in cues if cue]
        self.symbols = Symbols(sets, by_character=by_character)

    def hits(self, stream: Stream, words: Sequence[str], kept: Kept, before: int) -> _Hits:
        """All matches in a stream; indicators are numbered from `before`."""
        found = Occurrences(stream, self.symbols.of(stream.tokens, words), self.symbols.members)
        listed: list[Matches] = []
        for text, plan in zip(self.texts, self.plans, strict=True):
            key = (self.by_character, text)
            if key not in kept.matches:
                kept.matches[key] = matches(plan, found)
            listed.append(kept.matches[key])
        counts = [len(m.starts) for m in listed]
        starts = np.concatenate([_NONE, *(m.starts for m in listed)])
        ends = np.concatenate([_NONE, *(m.ends for m in listed)])
        return _Hits(
            np.repeat(np.arange(before, before + len(listed), dtype=np.int64), counts),
            stream.sentences[starts],
            starts,
            stream.starts[starts],
            stream.ends[ends - 1],
            self._negated(found, stream, starts),
        )

    def _negated(self, found: Occurrences, stream: Stream, starts: Ints) -> npt.NDArray[np.bool_]:
        """Whether a cue stands within the words before a match, or (characters) ends right before it."""
        begin = stream.first[stream.sentences[starts]]
        if not self.by_character:
            cues = _sorted([found.of_run(cue) for cue in self.cues])
            low = np.searchsorted(cues, np.maximum(begin, starts - np.int32(WORDS_BEFORE)))
            return np.asarray(np.searchsorted(cues, starts) > low)
        out = np.zeros(len(starts), dtype=bool)
        for cue in self.cues:
            at = starts - np.int32(len(cue))
            places = found.of_run(cue)
            if len(places):
                near = np.minimum(np.searchsorted(places, at), len(places) - 1)
                out |= (places[near] == at) & (at >= begin)
        return out


def _sorted(parts: list[Ints]) -> Ints:
    return np.sort(np.concatenate([_NONE, *parts]))


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
