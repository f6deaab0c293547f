from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bwa_study.coding.characters import coded_text
from bwa_study.coding.matching import character_tokens, word_tokens
from bwa_study.coding.reading import Spoken, read_block
from bwa_study.coding.sentence_ends import sentence_stops
from bwa_study.coding.vocabulary import Vocabulary
from bwa_study.model.patterns import fold
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn
from bwa_study.model.words import has_han, sentences

MARKS = ".!?…。！？\"'”’»」』）)] \t\n\r\u2028\u2029\u0085\u3000,，：:-_(（"
LETTERS = "aBgirxstfpd9éßİſµĞ跟进𠮷〇😀\u0301\u200b\ud800\ue000"
PIECES = [*MARKS, *LETTERS, "Mr", "dept", "approx", "e.g", "I", "Dr", "vs", "prof", "mrſ", "  ", "\n\n", "     "]
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def a_transcript(pieces):
    turns, at = [], 0
    for n, piece in enumerate(pieces, start=1):
        turns.append(Turn(n, "R", Role.RESPONDENT, Span(at, at + len(piece)), "en"))
        at += len(piece)
    return Transcript("T", "P", "g", "r", (), "en", "".join(pieces), tuple(turns))


@settings(max_examples=300)
@given(texts)
def test_a_texts_numbers_are_its_code_points_and_their_folds(text):
    coded = coded_text(text)
    assert coded.codes.tolist() == [ord(c) for c in text]
    assert coded.folded.tolist() == [ord(fold(c)) for c in text]


@settings(max_examples=400)
@given(texts)
def test_sentences_end_where_the_rule_of_the_model_ends_them(text):
    whole = "\n" + text + "\n"
    stops = sentence_stops(whole, coded_text(whole)).tolist()
    pieces = [whole[a:b].strip() for a, b in zip([0, *stops], [*stops, len(whole)], strict=True)]
    assert [p for p in pieces if p] == [text[s.start : s.end] for s in sentences(text)]


@settings(max_examples=200)
@given(st.lists(texts, max_size=4))
def test_words_and_characters_of_a_block_are_those_of_the_plain_version(pieces):
    transcript = a_transcript(pieces)
    vocabulary = Vocabulary()
    block = read_block((Spoken.of(transcript),), vocabulary)
    expected = [
        s for turn in transcript.turns for s in sentences(transcript.text, start=turn.span.start, end=turn.span.end)
    ]
    order = block.place.argsort()
    found = [(int(block.starts[n]), int(block.ends[n])) for n in order]
    assert found == [(s.start, s.end) for s in expected]
    for n, s in zip(order, expected, strict=True):
        words = word_tokens(transcript.text, s.start, s.end)
        one = slice(int(block.words.first[n]), int(block.words.first[n + 1]))
        assert [vocabulary.words[w] for w in block.words.tokens[one]] == list(words.folded)
        places = zip(block.words.starts[one].tolist(), block.words.ends[one].tolist(), strict=True)
        assert list(places) == list(words.places)
        one = slice(int(block.characters.first[n]), int(block.characters.first[n + 1]))
        characters = character_tokens(transcript.text, s.start, s.end)
        shown = [chr(c) for c in block.characters.tokens[one]]
        assert shown == (list(characters.folded) if has_han(transcript.text[s.start : s.end]) else [])


def test_a_transcript_without_respondents_is_a_block_without_sentences():
    block = read_block((Spoken.of(a_transcript([])),), Vocabulary())
    assert len(block.starts) == len(block.words.tokens) == len(block.characters.tokens) == 0
