"""The fast coder gives what the reference gives: not one span apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.coding import occurrences
from bwa_study.coding.indicators import columns_of
from bwa_study.coding.reading import blocks
from bwa_study.coding.rows import codings_table
from bwa_study.coding.vocabulary import Vocabulary
from bwa_study.model.codebook import Code, Codebook, Cues, Indicator, Polarity
from bwa_study.model.corpus import Corpus
from bwa_study.model.labels import Label
from bwa_study.model.patterns import PatternError, parse_pattern
from bwa_study.model.transcripts import Role
from coded_texts import by_reference, rows, transcript, turns

english_word = st.sampled_from(["we", "follow*", "*n't", "up", "never", "*", "f*w", "resp*y*s", "*ly", "incomp*", "é*"])
english_word |= st.sampled_from(["überprüfung", "наблюд*", "follow-up", "not", "responsibilities"])
han_char = st.sampled_from(["客", "户", "跟", "进", "没", "有", "不", "人", "𠮷", "：", "f"])


def pattern_of(word, joined):
    def more(inner):
        choice = st.lists(inner, min_size=1, max_size=3).map(lambda o: "(" + "|".join(o) + ")")
        part = word | choice | choice.map(lambda c: c + "?") | st.integers(1, 4).map(lambda n: f"_{n}_")
        return st.lists(part, min_size=1, max_size=4).map(joined.join)

    return st.recursive(st.lists(word, min_size=1, max_size=3).map(joined.join), more, max_leaves=6)


def known(language):
    def can_be_read(pattern):
        try:
            parse_pattern(pattern, language)
        except PatternError:
            return False
        return True

    return can_be_read


indicators = st.tuples(st.just("en"), pattern_of(english_word, " ").filter(known("en")))
indicators |= st.tuples(st.just("zh"), pattern_of(han_char, "").filter(known("zh")))
codes = st.lists(st.tuples(indicators, st.sampled_from(list(Polarity))), min_size=1, max_size=5)
listed_codes = st.lists(st.tuples(codes, st.booleans()), min_size=1, max_size=3)
english_cue = st.lists(pattern_of(english_word, " ").filter(known("en")), max_size=2).map(tuple)
chinese_cue = st.lists(pattern_of(han_char, "").filter(known("zh")), max_size=2).map(tuple)


def cues_of(language, cue):
    times = dict.fromkeys(("negate", "no_cue", "wish", "before", "now", "future"), cue)
    broken = st.lists(st.sampled_from(["we", "follow-up", "人", "客户"]), max_size=2).map(tuple)
    return st.builds(Cues, language=st.just(language), window=st.integers(1, 5), breaks=broken, **times)


all_cues = st.just(()) | st.tuples(cues_of("en", english_cue), cues_of("zh", chinese_cue))
books = st.tuples(listed_codes, all_cues)


def book(made):
    listed, cues = made
    return Codebook(
        "b",
        "1",
        (),
        tuple(
            Code(
                f"c{n}",
                "",
                Label(()),
                indicators=tuple(Indicator(lang, polarity, p) for (lang, p), polarity in of_code),
                auto_negation=auto,
            )
            for n, (of_code, auto) in enumerate(listed)
        ),
        cues=cues,
    )


@settings(max_examples=250)
@given(st.lists(turns, max_size=3), books)
def test_any_text_and_any_patterns_give_what_the_reference_gives(interviews, listed):
    corpus = Corpus(tuple(transcript(t, id=f"T{n}") for n, t in enumerate(interviews)))
    codebook = book(listed)
    assert rows(bwa.apply_codebook(corpus, codebook)) == by_reference(corpus, codebook)


@pytest.mark.parametrize(("worth", "marking"), [(0, 0), (10**9, 10**9), (0, 10**9)])
def test_every_way_to_find_candidates_gives_the_same(worth, marking, monkeypatch, lite_study):
    monkeypatch.setattr(occurrences, "_WORTH", worth)
    monkeypatch.setattr(occurrences, "_MARKING", marking)
    some = Corpus(tuple(lite_study.corpus)[1::9])
    assert rows(bwa.apply_codebook(some, lite_study.codebook)) == by_reference(some, lite_study.codebook)


@settings(max_examples=60)
@given(st.lists(turns, min_size=1, max_size=4), books, books)
def test_a_read_corpus_gives_the_same_for_one_codebook_after_the_other(interviews, first, second):
    corpus = Corpus(tuple(transcript(t, id=f"T{n}") for n, t in enumerate(interviews)))
    read = bwa.ReadCorpus(corpus)
    for listed in (first, second, first):
        assert read.code(book(listed)).frame.equals(bwa.apply_codebook(corpus, book(listed)).frame)


def test_the_demo_is_coded_as_the_reference_codes_it(lite_study):
    some = Corpus(tuple(lite_study.corpus)[::4])
    assert rows(bwa.apply_codebook(some, lite_study.codebook)) == by_reference(some, lite_study.codebook)


def test_blocks_of_any_size_give_the_same_codings(lite_study):
    some = Corpus(tuple(lite_study.corpus)[:12])
    vocabulary = Vocabulary()
    from bwa_study.coding.fast import FastCoder

    coder = FastCoder(lite_study.codebook)
    small = [
        codings_table(columns_of(block, coder.proposals(block, vocabulary.words), coder, lite_study.codebook))
        for block in blocks(some, vocabulary, size=5_000)
    ]
    assert len(small) > 3
    whole = bwa.apply_codebook(some, lite_study.codebook)
    assert bwa.Codings.joined(small).frame.equals(whole.frame)


def test_the_table_has_the_columns_and_types_of_a_checked_one(lite_study):
    table = bwa.apply_codebook(Corpus(tuple(lite_study.corpus)[:10]), lite_study.codebook).table
    checked = bwa.Codings(table).table
    assert table.dtypes.to_dict() == checked.dtypes.to_dict()
    assert table.equals(checked)


def test_thousands_of_gaps_in_a_sentence_without_end_take_their_time_in_proportion():
    codebook = book(([([(("en", " _30_ ".join(["a"] * 12)), Polarity.PRESENT)], False)], ()))
    corpus = Corpus((transcript([(Role.RESPONDENT, "a " * 40_000)]),))
    found = bwa.apply_codebook(corpus, codebook).table
    assert found[["match_start", "match_end"]].to_numpy().tolist() == [[0, 2 * (11 * 31 + 1) - 1]]


def test_a_sentence_over_many_portions_is_matched_whole():
    codebook = book(([([(("en", "begin _1_ here"), Polarity.PRESENT)], False)], ()))
    words = "word " * 300_000 + "begin it here. " + "begin here. " * 3
    found = bwa.apply_codebook(Corpus((transcript([(Role.RESPONDENT, words)]),)), codebook).table
    assert np.array_equal(found["match_end"] - found["match_start"], [13, 10, 10, 10])
