from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bwa_study.coding.matching import (
    Match,
    Matcher,
    Tokens,
    character_tokens,
    ends,
    first_tokens,
    token_matches,
    word_tokens,
)
from bwa_study.model.patterns import PatternError, Token, parse_pattern


def spans(pattern, sentence, language="en"):
    parsed = parse_pattern(pattern, language)
    words = (character_tokens if parsed.by_character else word_tokens)(sentence, 0, len(sentence)).folded
    return [(m.start, m.end) for m in Matcher((parsed,)).matches(words)]


def english(pattern, words):
    return [(m.start, m.end) for m in Matcher((parse_pattern(pattern, "en"),)).matches(words.split())]


# Tokens


def test_word_tokens_fold_and_keep_places():
    text = "So： Ｗｅ DON’T follow-up."
    assert word_tokens(text, 4, len(text)) == Tokens(("we", "don't", "follow-up"), ((4, 6), (7, 12), (13, 22)))


def test_word_tokens_leave_out_han_characters():
    assert word_tokens("the 老板 said", 0, 11).folded == ("the", "said")


def test_character_tokens_leave_out_white_space_and_keep_folded_punctuation():
    assert character_tokens("没有 人，\u3000跟进", 0, 8) == Tokens(
        ("没", "有", "人", ",", "跟", "进"), ((0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8))
    )


def test_tokens_of_a_piece_have_places_in_the_whole_text():
    assert word_tokens("one two three", 4, 7).places == ((4, 7),)
    assert character_tokens("客户来了", 2, 4).places == ((2, 3), (3, 4))


@pytest.mark.parametrize(
    ("pieces", "word", "expected"),
    [
        (("came",), "came", True),
        (("came",), "cames", False),
        (("follow", ""), "follow", True),
        (("follow", ""), "following", True),
        (("follow", ""), "unfollow", False),
        (("", "n't"), "didn't", True),
        (("", "n't"), "n't", True),
        (("", "n't"), "note", False),
        (("a", "a"), "a", False),
        (("a", "a"), "aa", True),
        (("re", "port", "ing"), "reporting", True),
        (("re", "port", "ing"), "reing", False),
        (("a", "b", "b"), "ab", False),
        (("a", "b", "b"), "abb", True),
        (("a", "b", "c", "d"), "acbd", False),
    ],
)
def test_stars_stand_for_any_letters_within_one_word(pieces, word, expected):
    assert token_matches(Token(pieces), word) is expected


# Ends


def test_ends_gives_the_longest_end_for_every_start_and_minus_one_elsewhere():
    words = ["came", "back", "came", "then", "back", "back"]
    assert ends(parse_pattern("came _2_ back", "en").sequence, words) == [2, -1, 6, -1, -1, -1, -1]


def test_ends_of_an_empty_sentence_has_one_position_without_a_match():
    assert ends(parse_pattern("came", "en").sequence, []) == [-1]


def test_first_tokens_go_past_optional_items_up_to_the_first_needed_word():
    tokens = first_tokens(parse_pattern("(a|b c)? (d)? (e|f) g", "en").sequence)
    assert [t.pieces for t in tokens] == [("a",), ("b",), ("d",), ("e",), ("f",)]


# Items of a pattern


def test_words_match_one_after_the_other_only():
    assert spans("came back", "They came back, came and went back.") == [(1, 3)]


def test_case_is_ignored_in_pattern_and_text():
    assert spans("Came BACK", "they CAME Back") == [(1, 3)]


@pytest.mark.parametrize(
    ("between", "matches"), [("", True), ("x", True), ("x x", True), ("x x x", False), ("x x x x", False)]
)
def test_a_gap_takes_from_none_to_its_number_of_words(between, matches):
    assert bool(english("came _2_ back", f"came {between} back")) is matches


def test_an_optional_item_may_be_there_or_not_but_nothing_else():
    assert spans("not (really)? sure", "not sure") == [(0, 2)]
    assert spans("not (really)? sure", "not really sure") == [(0, 3)]
    assert spans("not (really)? sure", "not quite sure") == []
    assert spans("not (really)? sure", "not really really sure") == []


def test_an_optional_last_item_is_taken_when_it_is_there():
    assert spans("pay (rise|increase)?", "the pay rise and the pay") == [(1, 3), (5, 6)]


def test_alternatives_match_one_of_them():
    assert spans("(client|brand) came", "the brand came, the client came, the boss came") == [(1, 3), (4, 6)]


def test_alternatives_of_several_words_have_different_lengths():
    pattern = "they (came|turned up|showed up again) today"
    assert english(pattern, "they came today") == [(0, 3)]
    assert english(pattern, "they turned up today") == [(0, 4)]
    assert english(pattern, "they showed up again today") == [(0, 5)]
    assert english(pattern, "they turned again today") == []


def test_the_longest_way_through_the_alternatives_wins():
    assert english("a (b|b c)", "a b c") == [(0, 3)]


def test_a_shorter_alternative_is_used_where_the_longer_one_leaves_no_room_for_the_rest():
    assert english("a (b|b c) c", "a b c") == [(0, 3)]


def test_nested_alternatives_and_gaps():
    pattern = "(no (one|body)|nobody) _1_ (came (back)?|called)"
    assert english(pattern, "no one ever came back") == [(0, 5)]
    assert english(pattern, "nobody called") == [(0, 2)]
    assert english(pattern, "no came") == []


def test_an_alternative_that_may_be_empty_lets_the_match_begin_with_the_next_word():
    assert english("((a)?|b) c", "c") == [(0, 1)]


def test_chinese_is_matched_by_characters_across_white_space_and_not_by_words():
    assert spans("没人_2_跟进", "没人再来 跟进", "zh") == [(0, 6)]
    assert spans("没人_2_跟进", "没人再来这跟进", "zh") == []
    assert spans("(没|没有)人(再)?跟进", "没有人跟进，没人再跟进", "zh") == [(0, 5), (6, 11)]


def test_a_chinese_pattern_of_two_characters_matches_inside_a_longer_word():
    assert spans("意见", "不同意见解", "zh") == [(2, 4)]


def test_full_width_letters_and_punctuation_in_a_chinese_pattern_are_folded():
    assert spans("ＫＰＩ", "看kpi吗", "zh") == [(1, 4)]


def test_a_match_begins_at_every_start_and_matches_are_ordered_by_start_then_pattern():
    patterns = tuple(parse_pattern(p, "en") for p in ("b", "a b", "b*", "c"))
    assert Matcher(patterns).matches(["a", "b", "b"]) == [
        Match(1, 0, 2),
        Match(0, 1, 2),
        Match(2, 1, 2),
        Match(0, 2, 3),
        Match(2, 2, 3),
    ]


def test_a_matcher_without_patterns_matches_nothing():
    assert Matcher(()).matches(["a"]) == []


# Regular expressions as the oracle

_WORDS = ("a", "b", "ab", "abb", "c")
_TOKENS = (*_WORDS, "a*", "*b", "a*b")


def _items(option):
    gapped = st.tuples(st.sampled_from(_TOKENS), st.integers(1, 3), st.sampled_from(_TOKENS)).map(
        lambda p: (f"{p[0]} _{p[1]}_ {p[2]}", f"{_regex(p[0])}(?:\\S+ ){{0,{p[1]}}}{_regex(p[2])}")
    )
    word = st.sampled_from(_TOKENS).map(lambda t: (t, _regex(t)))
    return st.lists(word | gapped | option, min_size=1, max_size=3).map(
        lambda parts: (" ".join(p for p, _ in parts), "".join(r for _, r in parts))
    )


def _regex(token):
    return token.replace("*", "\\S*") + " "


def _choices(items):
    return st.tuples(st.lists(items, min_size=1, max_size=3), st.booleans()).map(
        lambda c: (
            f"({'|'.join(p for p, _ in c[0])}){'?' if c[1] else ''}",
            f"(?:{'|'.join(r for _, r in c[0])}){'?' if c[1] else ''}",
        )
    )


_PATTERNS = _items(_choices(_items(_choices(_items(st.nothing())))))


@given(pattern=_PATTERNS, words=st.lists(st.sampled_from(_WORDS), max_size=9))
def test_english_patterns_match_the_sentences_and_spans_that_a_regular_expression_does(pattern, words):
    notation, regex = pattern
    try:
        parsed = parse_pattern(notation, "en")
    except PatternError:
        assume(False)
    compiled = re.compile(regex)

    def longest(start):
        ends_ = [
            e for e in range(start, len(words) + 1) if compiled.fullmatch("".join(f"{w} " for w in words[start:e]))
        ]
        return max(ends_, default=-1)

    expected = [(start, longest(start)) for start in range(len(words)) if longest(start) > start]
    assert [(m.start, m.end) for m in Matcher((parsed,)).matches(words)] == expected


@given(
    parts=st.lists(st.sampled_from(["没", "人", "来", "_2_", "(再|又来)?", "(跟进|来)"]), min_size=1, max_size=5),
    text=st.text(alphabet="没人来再又跟进，", max_size=10),
)
def test_chinese_patterns_match_the_spans_that_a_regular_expression_does(parts, text):
    assume(parts[0] in ("没", "人", "来", "(跟进|来)"))
    try:
        parsed = parse_pattern("".join(parts), "zh")
    except PatternError:
        assume(False)
    compiled = re.compile("".join(p.replace("_2_", ".{0,2}").replace("(", "(?:") for p in parts))
    expected = []
    for start in range(len(text)):
        found = [e for e in range(start + 1, len(text) + 1) if compiled.fullmatch(text, start, e)]
        expected += [(start, max(found))] if found else []
    assert [(m.start, m.end) for m in Matcher((parsed,)).matches(list(text))] == expected


# Time


@pytest.mark.parametrize(
    "pattern",
    [
        "a_30_" * 79 + "a",
        "a_30_" * 79 + "z",
        "(a _30_ (a _30_ (a _30_ (a _30_ (a _30_ a|a)|a)|a)|a)|a) (z|a _30_ a)",
        "a " + "(a|a a|a a a)? " * 20 + "z",
        "a*a*a*a*a*a*a*a*a*a*a*a*a*b",
    ],
)
def test_a_hostile_pattern_ends_quickly_on_a_hostile_text(pattern):
    matcher = Matcher((parse_pattern(pattern, "en"),))
    began = time.process_time()
    matcher.matches(["a"] * 1500 + ["a" * 1500])
    assert time.process_time() - began < 2


def test_the_work_grows_in_proportion_to_the_text():
    class Counting(list):
        looked_at = 0

        def __iter__(self):
            Counting.looked_at += len(self)
            return super().__iter__()

    pattern = parse_pattern("(a _9_ (a _9_ (a _9_ a|a)|a)|a) a", "en")
    work = []
    for length in (100, 200, 400):
        Counting.looked_at = 0
        ends(pattern.sequence, Counting(["a"] * length))
        work.append(Counting.looked_at)
    assert work[0] > 0
    assert work[1:] == [2 * work[0], 4 * work[0]]
