from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.model.words import count_han, count_words, has_han, sentences, word_spans

SIGNS = list("aB1 \t\n\r.!?…。！？,，'\"”’)）]」-_客户很好é\u0301\u3000😀IA")
mixed = st.one_of(st.text(alphabet=st.sampled_from(SIGNS), max_size=60), st.text(max_size=40))


def words_of(text: str) -> list[str]:
    return [text[s.start : s.end] for s in word_spans(text)]


def sentences_of(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They follow up.", ["They", "follow", "up"]),
        ("他们跟进", ["他", "们", "跟", "进"]),
        ("我们的HR说no", ["我", "们", "的", "HR", "说", "no"]),
        ("don't don’t don＇t", ["don't", "don’t", "don＇t"]),
        ("well-known follow‑up", ["well-known", "follow‑up"]),
        ("'quoted' -dash-", ["quoted", "dash"]),
        ("follow_up", ["follow", "up"]),
        ("2020年9月", ["2020", "年", "9", "月"]),
        ("3,000.50", ["3", "000", "50"]),
        ("人々 〇", ["人", "々", "〇"]),
        ("𠀀𠀁", ["𠀀", "𠀁"]),
        ("…, — ！", []),
        ("", []),
    ],
)
def test_words_of_english_chinese_and_mixed_text(text, expected):
    assert words_of(text) == expected
    assert count_words(text) == len(expected)


@pytest.mark.parametrize("word", ["café", "résumé", "naïveté", "Ångström"])
def test_accents_as_characters_of_their_own_do_not_split_a_word(word):
    apart = unicodedata.normalize("NFD", word)
    assert words_of(word) == [word]
    assert words_of(f"one {apart} two") == ["one", apart, "two"]


@given(mixed)
def test_words_stand_in_order_without_overlap_and_hold_no_white_space(text):
    spans = word_spans(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert all(s and not any(c.isspace() for c in text[s.start : s.end]) for s in spans)


@given(mixed)
def test_every_han_character_is_one_word(text):
    assert count_han(text) == sum(has_han(word) for word in words_of(text))
    assert all(len(word) == 1 for word in words_of(text) if has_han(word))


@given(mixed)
def test_every_letter_and_digit_is_in_a_word(text):
    in_words = {i for s in word_spans(text) for i in range(s.start, s.end)}
    assert {i for i, c in enumerate(text) if c.isalnum()} <= in_words


def test_han_is_told_from_kana_hangul_and_latin():
    assert has_han("abc客")
    assert not has_han("abc かな 한글 ，。")
    assert count_han("a客户b的") == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They came once. Nobody came back! Why? I see", ["They came once.", "Nobody came back!", "Why?", "I see"]),
        ("他们来过一次。没有人跟进！为什么？不知道", ["他们来过一次。", "没有人跟进！", "为什么？", "不知道"]),
        ("老板说OK。Then nothing.他们走了。", ["老板说OK。", "Then nothing.他们走了。"]),
        ("真的?我们不信!好吧", ["真的?", "我们不信!", "好吧"]),
        ("是吗?No. Ok!好", ["是吗?", "No.", "Ok!", "好"]),
        ("one line\nsecond line\r\nthird\u2028fourth", ["one line", "second line", "third", "fourth"]),
        ("嗯……我们等着", ["嗯……", "我们等着"]),
        ("Wait... then go", ["Wait...", "then go"]),
        ("What?! Really.", ["What?!", "Really."]),
        ("什么？！走吧", ["什么？！", "走吧"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_sentences_of_english_chinese_and_mixed_text(text, expected):
    assert sentences_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("“不行。”他说。", ["“不行。”", "他说。"]),
        ("（没有人来。）后来好了。", ["（没有人来。）", "后来好了。"]),
        ("(Nobody came.) Later they did.", ["(Nobody came.)", "Later they did."]),
        ("[Laughs.] Yes.", ["[Laughs.]", "Yes."]),
    ],
)
def test_closing_quotes_and_brackets_belong_to_the_sentence_they_end(text, expected):
    assert sentences_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Li and Mr. Wu and Mrs. Xu and Ms. Hu came",
        "They check things, e.g. exits, i.e. doors",
        "The dept. of HR, approx. ten vs. twelve people",
        "The initial K. Wu stands there",
        "A rise of 3.5 percent",
        "See www.example.org/a.b?c=d for it",
        'She asked "why?", and left',
        "It costs 3.000 yuan",
    ],
)
def test_abbreviations_numbers_addresses_and_inner_questions_end_no_sentence(text):
    assert sentences_of(text) == [text]


def test_an_abbreviation_at_the_begin_of_a_later_sentence_does_not_end_it():
    assert sentences_of("没有人跟进！Dr. Li left. Prof. Wu stayed.") == [
        "没有人跟进！",
        "Dr. Li left.",
        "Prof. Wu stayed.",
    ]


def test_a_line_end_ends_a_sentence_even_after_an_abbreviation():
    assert sentences_of("We met Dr.\nLi came") == ["We met Dr.", "Li came"]


def test_the_pronoun_i_ends_a_sentence():
    assert sentences_of("So did I. They left.") == ["So did I.", "They left."]


def test_sentences_of_a_piece_have_places_in_the_whole_text():
    text = "I: Did they come?  R1: Once.  Never again! "
    found = sentences(text, start=22, end=len(text))
    assert [(s.start, s.end) for s in found] == [(23, 28), (30, 42)]
    assert [text[s.start : s.end] for s in found] == ["Once.", "Never again!"]


def test_a_piece_ends_a_sentence_where_it_ends():
    text = "They came. Once more"
    assert [(s.start, s.end) for s in sentences(text, start=0, end=9)] == [(0, 9)]


@given(mixed)
def test_sentences_never_overlap_and_stand_in_order(text):
    found = sentences(text)
    assert all(found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(mixed)
def test_sentences_cover_all_text_but_white_space(text):
    inside = {i for s in sentences(text) for i in range(s.start, s.end)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= inside


@given(mixed)
def test_a_sentence_neither_begins_nor_ends_with_white_space(text):
    assert all(found == found.strip() != "" for found in sentences_of(text))


@given(mixed)
def test_no_sentence_crosses_a_line_end(text):
    assert not any(mark in found for found in sentences_of(text) for mark in "\r\n\u2028\u2029\u0085")


@given(mixed, st.integers(0, 60), st.integers(0, 60))
def test_a_piece_has_the_sentences_it_would_have_alone(text, a, b):
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    alone = [(s.start + start, s.end + start) for s in sentences(text[start:end])]
    assert [(s.start, s.end) for s in sentences(text, start=start, end=end)] == alone


@pytest.mark.parametrize("sign", [".", "!", "?", "…", '."', ".?", "a'", "a-", " ", "\n", "A. ", "。 "])
def test_long_runs_of_one_sign_take_no_longer_than_other_text(sign):
    text = sign * 20_000 + "x"
    begin = time.perf_counter()
    sentences(text)
    word_spans(text)
    assert time.perf_counter() - begin < 2
