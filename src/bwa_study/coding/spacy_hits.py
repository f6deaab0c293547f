"""Which sentences of a block spaCy's patterns are asked about, and what they find there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.coding.reading import Block, Stream
from bwa_study.coding.spacy_patterns import Found, SpacyPatterns
from bwa_study.model.codebook import Code, Codebook, Indicator, Polarity
from bwa_study.model.labels import Label
from bwa_study.model.patterns import is_by_character

Known = dict[tuple[object, str], tuple[Found, ...]]
"""What was found in sentences already, by pattern and words."""


def near_codebook(codebook: Codebook) -> Codebook:
    """The `near` patterns of a codebook's spaCy indicators, each as the only indicator of a code."""
    codes = [
        Code(
            f"near-{n}",
            "",
            Label(()),
            indicators=(Indicator(one.language, Polarity.PRESENT, one.near),) if one.near else (),
        )
        for n, one in enumerate(one for code in codebook for one in code.spacy)
    ]
    return Codebook(
        codebook.id, codebook.version, (), tuple(codes), traditional_and_simplified=codebook.traditional_and_simplified
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Hits of spaCy's patterns, a row each: pattern, sentence, whether it is read by characters, token, place."""

    pattern: list[int]
    sentence: list[int]
    by_character: list[bool]
    token: list[int]
    start: list[int]
    end: list[int]


def ask(patterns: SpacyPatterns, block: Block, wanted: dict[int, list[int]], known: Known) -> Asked:
    """Ask patterns about the sentences that each is wanted in.

    Parameters
    ----------
    wanted
        By sentence: numbers of the patterns.
    known
        What was found before; it grows.
    """
    out = Asked([], [], [], [], [], [])
    for sentence in sorted(wanted):
        begin, stop = int(block.starts[sentence]), int(block.ends[sentence])
        text = block.transcripts[block.owner[sentence]].text[begin:stop]
        for number, found in _found(patterns, text, wanted[sentence], known):
            language = patterns.indicators[number][1].language
            by_character = is_by_character(language) and has_tokens(block.characters, sentence)
            out.pattern.append(number)
            out.sentence.append(sentence)
            out.by_character.append(by_character)
            stream = block.characters if by_character else block.words
            out.token.append(first_token(stream, sentence, begin + found.start))
            out.start.append(begin + found.start)
            out.end.append(begin + found.end)
    return out


def _found(patterns: SpacyPatterns, text: str, numbers: Sequence[int], known: Known) -> list[tuple[int, Found]]:
    out: list[tuple[int, Found]] = []
    new = [n for n in numbers if (patterns.key(n), text) not in known]
    found = list(patterns.found(text, new)) if new else []
    for number in new:
        known[patterns.key(number), text] = tuple(one for n, one in found if n == number)
    for number in numbers:
        out += [(number, one) for one in known[patterns.key(number), text]]
    return out


def has_tokens(stream: Stream, sentence: int) -> bool:
    """Whether a sentence has tokens in a stream."""
    return bool(stream.first[sentence] < stream.first[sentence + 1])


def first_token(stream: Stream, sentence: int, place: int) -> int:
    """The first token of a sentence that ends after a place; one past its last where none does."""
    low, high = int(stream.first[sentence]), int(stream.first[sentence + 1])
    return low + int(np.searchsorted(stream.ends[low:high], place, side="right"))


def integers(values: list[int]) -> npt.NDArray[np.int32]:
    """A list as an array."""
    return np.array(values, dtype=np.int32)
