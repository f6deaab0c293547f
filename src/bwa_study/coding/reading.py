"""A corpus as numbers: the words and characters of its respondents' sentences, ready for any codebook.

What is made here depends on the text alone. It is made once and kept when a codebook changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.coding.characters import HAN_CHAR, JOINER, LETTER, MARK, SPACE, Bytes, CodedText, coded_text
from bwa_study.coding.sentence_ends import Places, sentence_stops
from bwa_study.coding.vocabulary import Vocabulary
from bwa_study.model.patterns import fold
from bwa_study.model.transcripts import Role, Transcript

BATCH = 1 << 18
"""Characters that are turned into numbers at a time: small enough to stay in a processor's cache."""

BLOCK = 1 << 24
"""Characters that are matched at a time: large enough that a pattern's own cost does not count."""

_TURNS = 64
"""Turns that are laid aside at a time: so few that a batch stays near its size."""

_LONGEST_WORD = 16
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Stream:
    """Tokens in a row, words or characters, and the sentence each stands in.

    Parameters
    ----------
    tokens
        Numbers in the vocabulary, or folded code points.
    starts, ends
        Places in the text of the turn.
    sentences
        Number of the sentence, ascending.
    first
        The first token of every sentence, and one past the last token.
    """

    tokens: Ints
    starts: Ints
    ends: Ints
    sentences: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the coder needs of a transcript: its text, and where respondents speak in it.

    Parameters
    ----------
    id, digest
        Of the transcript.
    text
        All of it.
    starts, ends
        Places of the respondents' turns, as many.
    """

    id: str
    digest: str
    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, transcript: Transcript) -> Spoken:
        """The respondents' part of a transcript."""
        spans = [turn.span for turn in transcript.turns if turn.role is Role.RESPONDENT]
        places = [span.start for span in spans], [span.end for span in spans]
        return cls(transcript.id, transcript.digest, transcript.text, *places)


@dataclass(frozen=True, slots=True)
class Block:
    """Some transcripts as numbers.

    Parameters
    ----------
    transcripts
        In the order of the corpus.
    words, characters
        The two ways to read a sentence: by its words without Han characters, by its characters without white space
        (only sentences with a Han character).
    starts, ends
        Place of every sentence in the text of its transcript, without white space around it.
    owner
        Index of the transcript of every sentence.
    place
        Rank of every sentence in the order of transcripts and their text.
    """

    transcripts: tuple[Spoken, ...]
    words: Stream
    characters: Stream
    starts: Ints
    ends: Ints
    owner: Ints
    place: npt.NDArray[np.int64]


def blocks(transcripts: Iterable[Transcript], vocabulary: Vocabulary, *, size: int = BLOCK) -> Iterator[Block]:
    """The transcripts as blocks of about `size` characters of respondents' text, in order."""
    waiting: list[Spoken] = []
    characters = 0
    for transcript in transcripts:
        waiting.append(Spoken.of(transcript))
        characters += len(transcript.text)
        if characters >= size:
            yield read_block(tuple(waiting), vocabulary)
            waiting, characters = [], 0
    if waiting:
        yield read_block(tuple(waiting), vocabulary)


def read_block(transcripts: tuple[Spoken, ...], vocabulary: Vocabulary) -> Block:
    """Turn the respondents' words of some transcripts into numbers.

    ASCII turns and others are read apart, a batch of each at a time; sentences are then put back in order.
    """
    parts: list[_Part] = []
    waiting: dict[bool, _Batch] = {True: _Batch(), False: _Batch()}
    for owner, transcript in enumerate(transcripts):
        for plain, starts, pieces in _runs(transcript):
            batch = waiting[plain]
            batch.add(owner, starts, pieces)
            if batch.size >= BATCH:
                parts.append(_read(batch, vocabulary))
                waiting[plain] = _Batch()
    parts += [_read(batch, vocabulary) for batch in waiting.values() if batch.pieces]
    return _joined(transcripts, parts)


def _runs(transcript: Spoken) -> Iterator[tuple[bool, list[int], list[str]]]:
    """The turns, some at a time: whether they are ASCII, where they start, and their texts."""
    text = transcript.text
    for at in range(0, len(transcript.starts), _TURNS):
        starts, ends = transcript.starts[at : at + _TURNS], transcript.ends[at : at + _TURNS]
        pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        plain = list(map(str.isascii, pieces))
        if all(plain):
            yield True, starts, pieces
            continue
        for wanted in (True, False):
            kept = [n for n, is_plain in enumerate(plain) if is_plain is wanted]
            yield wanted, [starts[n] for n in kept], [pieces[n] for n in kept]


class _Batch:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.owners: list[int] = []
        self.starts: list[int] = []
        self.size = 0

    def add(self, owner: int, starts: list[int], pieces: list[str]) -> None:
        self.pieces += pieces
        self.owners += [owner] * len(pieces)
        self.starts += starts
        self.size += sum(map(len, pieces)) + len(pieces)


@dataclass(frozen=True, slots=True)
class _Part:
    """A batch as numbers; places are already those of the transcripts."""

    words: Stream
    characters: Stream
    starts: Ints
    ends: Ints
    owner: Ints


def _read(batch: _Batch, vocabulary: Vocabulary) -> _Part:
    text = "\n" + "\n".join(batch.pieces) + "\n"
    coded = coded_text(text)
    stops = sentence_stops(text, coded)
    begins = np.concatenate([np.zeros(1, dtype=np.int64), stops])[: len(stops)]
    starts, ends = _trimmed(text, coded, begins, stops)
    kept = starts < ends
    begins, stops, starts, ends = begins[kept], stops[kept], starts[kept], ends[kept]
    lengths = np.fromiter(map(len, batch.pieces), dtype=np.int64, count=len(batch.pieces)) + 1
    piece_starts = 1 + np.cumsum(lengths) - lengths
    piece = np.searchsorted(piece_starts, starts, side="right") - 1
    shift = (np.array(batch.starts, dtype=np.int64) - piece_starts)[piece]
    return _Part(
        _words(text, coded, starts, shift, vocabulary),
        _characters(coded, starts, ends, shift),
        (starts + shift).astype(np.int32),
        (ends + shift).astype(np.int32),
        np.array(batch.owners, dtype=np.int32)[piece],
    )


def _trimmed(text: str, coded: CodedText, begins: Places, stops: Places) -> tuple[Places, Places]:
    """The sentences without white space around them."""
    space = coded.flags & SPACE
    starts, ends = begins.copy(), stops.copy()
    for _ in range(4):
        starts += (starts < ends) & (space[np.minimum(starts, len(space) - 1)] != 0)
        ends -= (starts < ends) & (space[ends - 1] != 0)
    rest = (starts < ends) & ((space[np.minimum(starts, len(space) - 1)] | space[ends - 1]) != 0)
    for at in np.flatnonzero(rest).tolist():
        piece = text[starts[at] : ends[at]]
        starts[at] += len(piece) - len(piece.lstrip())
        ends[at] = max(starts[at], starts[at] + len(piece.strip()))
    return starts, ends


def _words(text: str, coded: CodedText, sentence_starts: Places, shift: Places, vocabulary: Vocabulary) -> Stream:
    inside = _inside_words(coded.flags)
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    folded = coded.folded
    letters = np.zeros(len(folded) + _LONGEST_WORD, dtype=np.uint8)
    letters[: len(folded)] = folded
    odd = ends - starts > _LONGEST_WORD
    if folded.dtype != np.uint8:
        wide = np.flatnonzero((folded > 255) & (inside != 0))
        odd[np.searchsorted(starts, wide, side="right") - 1] = True
    # An odd word is shown as an empty one, and gets its own number after.
    tokens = vocabulary.numbers(letters, starts, np.where(odd, starts, ends))
    places = np.flatnonzero(odd)
    listed = zip(places.tolist(), starts[places].tolist(), ends[places].tolist(), strict=True)
    for at, start, end in listed:
        tokens[at] = vocabulary.number(fold(text[start:end]))
    return _stream(tokens, starts, ends, sentence_starts, shift)


def _inside_words(flags: Bytes) -> Bytes:
    """1 for every character of a word, else 0: letters with their marks, and joiners between two letters."""
    inside: Bytes = flags & np.uint8(LETTER)
    for mark in np.flatnonzero((flags & MARK) != 0).tolist():
        inside[mark] = inside[mark - 1]
    joiners = np.flatnonzero((flags & JOINER) != 0)
    joining = joiners[((inside[joiners - 1] & flags[joiners + 1]) & LETTER) != 0]
    inside[joining] = 1
    return inside


def _characters(coded: CodedText, starts: Places, ends: Places, shift: Places) -> Stream:
    han = np.flatnonzero((coded.flags & HAN_CHAR) != 0) if coded.codes.dtype != np.uint8 else _NONE
    owners = np.unique(np.searchsorted(starts, han, side="right") - 1)
    lengths = ends[owners] - starts[owners]
    sentence = np.repeat(owners, lengths)
    places = np.arange(int(lengths.sum())) + np.repeat(starts[owners] - (np.cumsum(lengths) - lengths), lengths)
    seen = (coded.flags[places] & SPACE) == 0
    places, sentence = places[seen], sentence[seen]
    moved = (places + shift[sentence]).astype(np.int32)
    first = np.searchsorted(sentence, np.arange(len(starts) + 1)).astype(np.int32)
    return Stream(coded.folded[places].astype(np.int32), moved, moved + np.int32(1), sentence.astype(np.int32), first)


_NONE = np.zeros(0, dtype=np.int64)
_NO_INTS = np.zeros(0, dtype=np.int32)


def _stream(tokens: Ints, starts: Places, ends: Places, sentence_starts: Places, shift: Places) -> Stream:
    first = np.append(np.searchsorted(starts, sentence_starts), len(starts))
    sentence = np.repeat(np.arange(len(sentence_starts), dtype=np.int32), np.diff(first))
    moved = shift.astype(np.int32)[sentence]
    return Stream(
        tokens,
        starts.astype(np.int32) + moved,
        ends.astype(np.int32) + moved,
        sentence,
        first.astype(np.int32),
    )


def _joined(transcripts: tuple[Spoken, ...], parts: list[_Part]) -> Block:
    def together(arrays: list[Ints]) -> Ints:
        return np.concatenate([_NO_INTS, *arrays])

    before = np.cumsum([0] + [len(p.starts) for p in parts])

    def stream(of: list[Stream]) -> Stream:
        counts = np.cumsum([0] + [len(s.tokens) for s in of])
        firsts = [s.first[:-1] + np.int32(n) for s, n in zip(of, counts[:-1], strict=True)]
        return Stream(
            together([s.tokens for s in of]),
            together([s.starts for s in of]),
            together([s.ends for s in of]),
            together([s.sentences + np.int32(n) for s, n in zip(of, before[:-1], strict=True)]),
            together([*firsts, counts[-1:].astype(np.int32)]),
        )

    starts, owner = together([p.starts for p in parts]), together([p.owner for p in parts])
    order = np.argsort((owner.astype(np.int64) << 32) | starts, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Block(
        transcripts,
        stream([p.words for p in parts]),
        stream([p.characters for p in parts]),
        starts,
        together([p.ends for p in parts]),
        owner,
        place,
    )
