from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bwa_study.model.patterns import (
    MAX_GAP,
    MAX_LENGTH,
    Choice,
    Gap,
    Pattern,
    PatternError,
    Sequence,
    Token,
    fold,
    is_by_character,
    parse_pattern,
)

NO_REGEX = "use words, *, (a|b), (a)? and _3_; no regular expressions"
SPACES = "put spaces around '( )'; for word endings use '*'"
SIGNS = list("ab_|()?* 3客户。，-'.（｜）\t\nÉİ²\u0301")


def read(text: str, language: str) -> Pattern | PatternError:
    try:
        return parse_pattern(text, language)
    except PatternError as fault:
        return fault


def word(text: str) -> Token:
    return Token(tuple(text.split("*")))


def of(*items: Token | Gap | Choice) -> Sequence:
    return Sequence(items)


def test_an_english_pattern_is_its_words_in_order():
    assert parse_pattern("Follow up", "en") == Pattern("Follow up", False, of(word("follow"), word("up")))


def test_a_chinese_pattern_is_its_characters_in_order():
    assert parse_pattern("跟 进", "zh") == Pattern("跟 进", True, of(word("跟"), word("进")))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("follow*", ("follow", "")),
        ("*n't", ("", "n't")),
        ("a*b*c", ("a", "b", "c")),
        ("follow-up", ("follow-up",)),
        ("don’t", ("don't",)),
        ("ＱＱ", ("qq",)),
        ("É", ("é",)),
    ],
)
def test_a_word_is_folded_and_split_at_its_stars(text, pieces):
    assert parse_pattern(text, "en").sequence == of(Token(pieces))


def test_a_choice_may_hold_several_words_and_choices_in_choices():
    found = parse_pattern("the (boss|(big|old) owner) came", "en").sequence
    inner = Choice((of(word("big")), of(word("old"))), False)
    assert found == of(word("the"), Choice((of(word("boss")), of(inner, word("owner"))), False), word("came"))


def test_a_choice_with_a_question_mark_is_optional():
    assert parse_pattern("客户(很)?重视", "zh").sequence.items[2] == Choice((of(word("很")),), True)
    assert parse_pattern("we (really)? care", "en").sequence.items[1] == Choice((of(word("really")),), True)


@pytest.mark.parametrize("most", [1, 7, MAX_GAP])
def test_a_gap_has_its_greatest_length(most):
    assert parse_pattern(f"came _{most}_ back", "en").sequence == of(word("came"), Gap(most), word("back"))
    assert parse_pattern(f"来_{most}_过", "zh").sequence == of(word("来"), Gap(most), word("过"))


@pytest.mark.parametrize("blank", [" ", "  ", "\t", "\n", "\u3000", "\u00a0"])
def test_any_white_space_separates_words_and_parentheses(blank):
    found = parse_pattern(blank.join(["a", "(b)", "c"]), "en").sequence
    assert found == of(word("a"), Choice((of(word("b")),), False), word("c"))


def test_a_pattern_of_the_greatest_length_is_read():
    assert len(parse_pattern("x" * MAX_LENGTH, "en").sequence.items) == 1


def test_five_levels_of_parentheses_are_read():
    found = parse_pattern("(((((a)))))", "en").sequence
    for _ in range(5):
        found = found.items[0].options[0]
    assert found == of(word("a"))


@pytest.mark.parametrize(
    ("text", "language", "what", "mend", "at"),
    [
        ("", "en", "the pattern matches the empty string", "give at least one word that must be there", 0),
        ("  ", "zh", "the pattern matches the empty string", "give at least one word that must be there", 0),
        ("(a)?", "en", "the pattern matches the empty string", "give at least one word that must be there", 0),
        ("(a)? _2_ (b)?", "en", "the pattern matches the empty string", "give at least one word that must be there", 0),
        ("((a)?|b)", "en", "the pattern matches the empty string", "give at least one word that must be there", 0),
        ("_3_", "en", "the pattern matches the empty string", "give at least one word that must be there", 0),
        ("_3_ a", "en", "it begins or ends with a gap", "remove the gap at the edge: it adds nothing", 0),
        ("来_3_", "zh", "it begins or ends with a gap", "remove the gap at the edge: it adds nothing", 0),
        ("a b)", "en", "')' at position 4 closes nothing", "remove it or add a '('", 3),
        ("来)", "zh", "')' at position 2 closes nothing", "remove it or add a '('", 1),
        ("a|b", "en", "'|' at position 2 is outside of parentheses", "write alternatives as (a|b)", 1),
        ("来|去", "zh", "'|' at position 2 is outside of parentheses", "write alternatives as (a|b)", 1),
        ("a (b|c", "en", "'(' at position 3 is never closed", "add a ')'", 2),
        ("来(过", "zh", "'(' at position 2 is never closed", "add a ')'", 1),
        ("a ()", "en", "an alternative is empty", "write '(a|b)?' for 'a, b or nothing'", 3),
        ("(来|)", "zh", "an alternative is empty", "write '(a|b)?' for 'a, b or nothing'", 3),
        ("(|a) b", "en", "an alternative is empty", "write '(a|b)?' for 'a, b or nothing'", 1),
        ("((((((a))))))", "en", "parentheses are nested deeper than 5", "write it as several patterns", 6),
        ("a _0_ b", "en", "a gap of 0", "use 1 to 30", 2),
        ("a _31_ b", "en", "a gap of 31", "use 1 to 30", 2),
        ("来_99999_过", "zh", "a gap of 99999", "use 1 to 30", 1),
        ("follow_up", "en", "'_' does not begin a gap", "write a gap as _3_", 6),
        ("来__过", "zh", "'_' does not begin a gap", "write a gap as _3_", 1),
        ("a(b)", "en", "'(' at position 2 is glued to a word", SPACES, 1),
        ("(a)(b)", "en", "'(' follows a ')' without a space", SPACES, 3),
        ("(a)b", "en", "'b' follows a ')' without a space", SPACES, 3),
        ("a (b)?? c", "en", "'?' follows a ')' without a space", SPACES, 6),
        ("b *", "en", "'*' matches every word", "for 'any word' use a gap such as _1_", 2),
        ("*-*", "en", "'*-*' matches every word", "for 'any word' use a gap such as _1_", 0),
        ("a.*b", "en", "'.' in 'a.*b' is not part of the notation", NO_REGEX, 0),
        ("^a$", "en", "'^' in '^a$' is not part of the notation", NO_REGEX, 0),
        ("a [bc]", "en", "'[' in '[bc]' is not part of the notation", NO_REGEX, 2),
        (r"\bA\b", "en", r"'\' in '\bA\b' is not part of the notation", NO_REGEX, 0),
        ("a+", "en", "'+' in 'a+' is not part of the notation", NO_REGEX, 0),
        ("a ?", "en", "'?' in '?' is not part of the notation", NO_REGEX, 2),
        ("（a）", "en", "'（' in '（a）' is not part of the notation", NO_REGEX, 0),
        (
            "QQ群",
            "en",
            "'QQ群' holds Chinese characters, which are never part of a word",
            "put the pattern under 'zh'",
            0,
        ),
        ("客户（很）重视", "zh", "'（' is a full-width sign", "write it as '('", 2),
        ("来＿3＿过", "zh", "'＿' is a full-width sign", "write it as '_'", 1),
        ("(来｜去)", "zh", "'｜' is a full-width sign", "write it as '|'", 2),
        ("(来)？过", "zh", "'？' is a full-width sign", "write it as '?'", 3),
        (
            "不*要",
            "zh",
            "'*' has no meaning in a Chinese pattern",
            "for 'anything in between' write a gap such as _5_",
            1,
        ),
        ("怕?", "zh", "'?' has no meaning in a Chinese pattern", "leave it out", 1),
        ("怕。", "zh", "'。' has no meaning in a Chinese pattern", "leave it out", 1),
        ("[怕]", "zh", "'[' has no meaning in a Chinese pattern", "leave it out", 0),
    ],
)
def test_a_refused_pattern_says_what_where_and_how_to_mend_it(text, language, what, mend, at):
    with pytest.raises(PatternError) as caught:
        parse_pattern(text, language)
    fault = caught.value
    assert (fault.what, fault.mend, fault.at) == (what, mend, at)
    assert str(fault) == f"pattern '{text}': {what} — {mend}"


def test_a_pattern_that_is_too_long_is_refused_with_its_length():
    with pytest.raises(PatternError) as caught:
        parse_pattern("x" * 401, "en")
    assert str(caught.value) == f"pattern '{'x' * 40}…': it is 401 characters long — keep it under 400"


@pytest.mark.parametrize("sign", "*?+^$[]{}\\.。！!")
def test_no_sign_of_regular_expressions_or_sentence_end_stands_in_a_chinese_pattern(sign):
    with pytest.raises(PatternError, match="has no meaning in a Chinese pattern"):
        parse_pattern(f"怕{sign}人", "zh")


@pytest.mark.parametrize("language", ["zh", "zh-Hans", "ZH", "yue", "cmn-TW"])
def test_chinese_is_read_by_characters(language):
    assert is_by_character(language)


@pytest.mark.parametrize("language", ["en", "en-GB", "vi", "", "zhx"])
def test_other_languages_are_read_by_words(language):
    assert not is_by_character(language)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Don't STOP", "don't stop"),
        ("Ｗｅ Ｄｏｎ＇ｔ", "we don't"),
        ("Don’t ‘so’ ʼtis", "don't 'so' 'tis"),
        ("follow‐up‑to", "follow-up-to"),
        ("ÄÉΣЖ", "äéσж"),
        ("İ", "İ"),
        ("客户，", "客户,"),
        ("", ""),
    ],
)
def test_fold_makes_case_width_apostrophes_and_hyphens_alike(text, folded):
    assert fold(text) == folded


@given(st.text())
@settings(max_examples=300)
def test_fold_keeps_the_length(text):
    assert len(fold(text)) == len(text)


def test_fold_keeps_the_length_of_every_character_there_is_and_folding_twice_changes_nothing():
    every = "".join(map(chr, range(0x110000)))
    once = fold(every)
    assert len(once) == len(every)
    assert fold(once) == once


@given(st.text(), st.text())
def test_fold_does_not_depend_on_what_stands_beside(a, b):
    assert fold(a + b) == fold(a) + fold(b)


@given(
    st.one_of(st.text(alphabet=st.sampled_from(SIGNS), max_size=30), st.text(max_size=30)),
    st.sampled_from(["en", "zh"]),
)
@settings(max_examples=500)
def test_any_text_is_a_pattern_or_a_pattern_error(text, language):
    found = read(text, language)
    if isinstance(found, PatternError):
        assert 0 <= found.at <= len(text)
        assert found.what
        assert found.mend
    else:
        assert found.text == text
        assert isinstance(found.sequence.items[0], Token | Choice)
        assert isinstance(found.sequence.items[-1], Token | Choice)


def written(item: Token | Gap | Choice | Sequence, by_character: bool) -> str:
    glue = "" if by_character else " "
    if isinstance(item, Sequence):
        return glue.join(written(i, by_character) for i in item.items)
    if isinstance(item, Gap):
        return f"_{item.most}_"
    if isinstance(item, Choice):
        return f"({'|'.join(written(o, by_character) for o in item.options)}){'?' * item.optional}"
    return "*".join(item.pieces)


def sequences(tokens: st.SearchStrategy[Token]) -> st.SearchStrategy[Sequence]:
    def longer(inner: st.SearchStrategy[Token | Gap | Choice]) -> st.SearchStrategy[Choice]:
        options = st.lists(
            st.lists(inner, min_size=1, max_size=2).map(lambda i: Sequence(tuple(i))), min_size=1, max_size=3
        )
        return st.builds(lambda o, optional: Choice(tuple(o), optional), options, st.booleans())

    items = st.one_of(tokens, st.builds(Gap, st.integers(1, MAX_GAP)), st.recursive(tokens, longer, max_leaves=4))
    inside = st.lists(items, max_size=3)
    return st.tuples(tokens, inside, tokens).map(lambda p: Sequence((p[0], *p[1], p[2])))


@given(sequences(st.sampled_from(["we", "follow*", "*n't", "a*b", "up-to"]).map(word)))
def test_what_an_english_pattern_means_is_read_back_from_its_notation(sequence):
    assert parse_pattern(written(sequence, False), "en").sequence == sequence


@given(sequences(st.sampled_from(["客", "户", "q", "，"]).map(lambda c: Token((fold(c),)))))
def test_what_a_chinese_pattern_means_is_read_back_from_its_notation(sequence):
    assert parse_pattern(written(sequence, True), "zh").sequence == sequence


@pytest.mark.parametrize("text", ["(_2_|a) b", "(_2_ a) b", "(a)? _2_ b", "b _2_ (a)?", "a (b _3_)", "a (b _3_|c)"])
def test_a_gap_at_the_edge_is_refused_inside_parentheses_too(text: str):
    with pytest.raises(PatternError, match="it begins or ends with a gap"):
        parse_pattern(text, "en")


@pytest.mark.parametrize("text", ["(a _2_ b)? c", "a (b _2_ c|d)", "(a)? b _2_ c (d)?"])
def test_a_gap_between_words_is_fine(text: str):
    assert parse_pattern(text, "en").text == text
