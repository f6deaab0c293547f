from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.coding.reference import IndicatorCoder
from bwa_study.coding.rows import INDICATORS
from bwa_study.model.codebook import Code, Codebook, Indicator, Polarity
from bwa_study.model.corpus import Corpus
from bwa_study.model.labels import Label
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn
from bwa_study.model.words import sentences

ROOT = Path(__file__).parents[2]
DEMO = bwa.load_codebook(ROOT / "data" / "codebook.yaml")
AI_WORK = bwa.load_codebook(ROOT / "examples" / "ai-work" / "codebook.yaml")
BOOKS = {"demo": DEMO, "ai-work": AI_WORK}
CODERS = {name: IndicatorCoder(book) for name, book in BOOKS.items()}


def code(id="c", *, en=((), ()), zh=((), ()), auto_negation=True):
    listed = [
        Indicator(language, polarity, pattern)
        for language, (present, absent) in (("en", en), ("zh", zh))
        for polarity, patterns in ((Polarity.PRESENT, present), (Polarity.ABSENT, absent))
        for pattern in patterns
    ]
    return Code(id, "", Label(()), indicators=tuple(listed), auto_negation=auto_negation)


def book(*codes, negators=()):
    return Codebook("book", "1.2.0", (), codes, negators=negators)


def proposals(coder, text):
    return [p for s in sentences(text) for p in coder.of_sentence(text, s)]


def said(codebook, text):
    return [(p.code, str(p.polarity)) for p in proposals(IndicatorCoder(codebook), text)]


def transcript(*turns, id="T1", text=None):
    text = "\n".join(words for _, words in turns) if text is None else text
    out, at = [], 0
    for number, (role, words) in enumerate(turns, start=1):
        out.append(Turn(number, str(role), role, Span(at, at + len(words)), "en"))
        at += len(words) + 1
    return Transcript(id, "P", "worker", "R1", ("F1",), "en", text, tuple(out))


def coded(codebook, *turns):
    return bwa.apply_codebook(Corpus((transcript(*turns),)), codebook).table


INTERVIEWER, RESPONDENT = Role.INTERVIEWER, Role.RESPONDENT


# The codebooks' own sentences

EXAMPLES = [(name, c.id, e) for name, b in BOOKS.items() for c in b for e in c.examples]
NEAR_MISSES = [(name, c.id, c.near_miss) for name, b in BOOKS.items() for c in b if c.near_miss]


@pytest.mark.parametrize(
    ("name", "id", "example"), EXAMPLES, ids=[f"{n}-{i}-{k}" for k, (n, i, _) in enumerate(EXAMPLES)]
)
def test_every_example_recovers_its_code_and_polarity(name, id, example):
    found = {(p.code, p.polarity) for p in proposals(CODERS[name], example.text)}
    assert (id, example.polarity) in found


def test_the_codebooks_have_the_sentences_that_the_tests_read():
    assert {(name, id) for name, id, _ in EXAMPLES} == {(name, c.id) for name, b in BOOKS.items() for c in b}
    assert [len([1 for n, _, _ in NEAR_MISSES if n == name]) for name in BOOKS] == [len(DEMO), len(AI_WORK)]


@pytest.mark.parametrize(("name", "id", "near"), NEAR_MISSES, ids=[f"{n}-{i}" for n, i, _ in NEAR_MISSES])
def test_every_near_miss_gets_the_other_code_and_not_this_one(name, id, near):
    found = {p.code for p in proposals(CODERS[name], near.text)}
    assert near.code in found
    assert id not in found


def test_a_client_without_leverage_is_not_taken_for_a_management_that_does_not_listen():
    found = proposals(CODERS["demo"], "We buy so little there that the factory does not have to listen to us.")
    assert [(p.code, str(p.polarity)) for p in found] == [("client_influence", "absent")]
    assert not any(p.negated and p.code == "client_influence" for p in found)


# Polarity


def test_absent_beats_present_in_one_sentence():
    b = book(code(en=(["follow* up"], ["nobody follow* up"])))
    assert said(b, "They said they follow up, but nobody follows up.") == [("c", "absent")]


def test_absent_and_present_in_two_sentences_give_two_proposals():
    b = book(code(en=(["follow* up"], ["never again"])))
    assert said(b, "They follow up. We saw them never again.") == [("c", "present"), ("c", "absent")]


def test_absent_of_one_code_leaves_present_of_another_alone():
    b = book(code("a", en=(["came back"], [])), code("b", en=([], ["nobody"])))
    assert said(b, "They came back when at that time nobody did.") == [("a", "present"), ("b", "absent")]


def test_a_chinese_absent_pattern_beats_an_english_present_one_in_one_sentence():
    b = book(code(en=(["follow* up"], []), zh=([], ["没人跟进"])))
    assert said(b, "他们说 follow up 但是没人跟进。") == [("c", "absent")]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("They did not really ever ask us.", "absent"),
        ("They did not really ever even ask us.", "present"),
        ("They never ask us.", "absent"),
        ("Nobody comes to ask us.", "absent"),
        ("They didn't ask us.", "absent"),
        ("They didn’t ask us.", "absent"),
        ("They didn＇t ask us.", "absent"),
        ("They hardly ask us.", "absent"),
        ("They ask us, not them.", "present"),
        ("They noted it, then ask us.", "present"),
        ("NOT once did they ask us.", "present"),
        ("They do NOT ask us.", "absent"),
    ],
)
def test_a_negator_within_three_words_before_a_match_proposes_absent(sentence, polarity):
    assert said(book(code(en=(["ask us"], []))), sentence) == [("c", polarity)]


def test_a_negation_is_marked_in_the_indicator_and_stays_a_proposal():
    table = coded(book(code(en=(["ask us"], []))), (RESPONDENT, "They never ask us. They ask us."))
    assert table["indicator"].tolist() == ["en:present:ask us [negated]", "en:present:ask us"]
    assert table["polarity"].tolist() == ["absent", "present"]
    assert set(table["status"]) == {"proposed"}


def test_one_negated_match_among_others_of_the_sentence_proposes_absent():
    b = book(code(en=(["ask us", "tell us"], [])))
    assert said(b, "They ask us everything but they never tell us.") == [("c", "absent")]


def test_negation_does_not_reach_across_the_end_of_a_sentence():
    assert said(book(code(en=(["ask us"], []))), "Never. Ask us!") == [("c", "present")]


def test_auto_negation_false_keeps_a_negated_match_present():
    b = book(code(en=(["covid"], []), zh=(["疫情"], []), auto_negation=False))
    assert said(b, "There was no covid here. 这里没有疫情。") == [("c", "present"), ("c", "present")]


def test_auto_negation_false_keeps_stated_absent_patterns():
    assert said(book(code(en=(["covid"], ["no covid"]), auto_negation=False)), "There was no covid.") == [
        ("c", "absent")
    ]


def test_a_negated_match_of_an_absent_pattern_stays_absent():
    assert said(book(code(en=([], ["stay* out"]))), "They did not stay out.") == [("c", "absent")]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("他们不跟进。", "absent"),
        ("他们没跟进。", "absent"),
        ("他们没有跟进。", "absent"),
        ("他们没有 跟进。", "absent"),
        ("他们不会跟进。", "present"),
        ("不，他们跟进。", "present"),
        ("他们跟进不多。", "present"),
    ],
)
def test_chinese_negation_counts_right_before_a_match_only(sentence, polarity):
    assert said(book(code(zh=(["跟进"], []))), sentence) == [("c", polarity)]


def test_negators_stated_in_the_codebook_replace_those_of_the_language():
    b = book(code(en=(["ask us"], []), zh=(["跟进"], [])), negators=(("en", ("without*",)), ("zh", ("未",))))
    assert said(b, "They never ask us.") == [("c", "present")]
    assert said(b, "Without asking they ask us.") == [("c", "absent")]
    assert said(b, "他们未跟进。他们没跟进。") == [("c", "absent"), ("c", "present")]


# What is coded


def test_interviewers_turns_are_never_coded():
    b = book(code(en=(["ask us"], [])))
    table = coded(
        b,
        (INTERVIEWER, "Do they ask us?"),
        (RESPONDENT, "Yes."),
        (INTERVIEWER, "They ask us, then?"),
        (RESPONDENT, "They ask us."),
    )
    assert table["quote"].tolist() == ["They ask us."]


def test_no_interviewers_words_are_coded_in_the_demo_study(some_proposals, some):
    for coding in some_proposals:
        place = Span(coding.start, coding.end)
        assert any(place in turn.span for turn in some[coding.transcript].respondent_turns)


def test_a_match_does_not_cross_the_end_of_a_sentence_or_of_a_turn():
    b = book(code(en=(["ask us"], [])))
    assert coded(
        b, (RESPONDENT, "They ask. Us too they forget."), (RESPONDENT, "What did they ask"), (RESPONDENT, "us or them")
    ).empty


def test_a_sentence_gets_a_code_once_and_codes_come_in_the_order_of_the_codebook():
    b = book(code("z", en=(["ask us", "ask*"], [])), code("a", en=(["us"], [])))
    assert said(b, "They ask us and ask us.") == [("z", "present"), ("a", "present")]


def test_the_longest_match_at_the_leftmost_start_is_the_place_of_the_match():
    table = coded(book(code(en=(["pay (rise)?"], []))), (RESPONDENT, "So the pay rise came, and the pay."))
    row = table.iloc[0]
    assert (row["match_start"], row["match_end"]) == (7, 15)


@pytest.mark.parametrize("sentence", ["They don’t ask.", "They don＇t ask.", "They donʼt ask.", "THEY DON'T ASK."])
def test_curly_and_full_width_apostrophes_match_a_straight_one(sentence):
    assert said(book(code(en=([], ["don't ask"]))), sentence) == [("c", "absent")]


def test_full_width_letters_match_plain_ones_at_their_own_place():
    table = coded(book(code(en=(["follow up"], []))), (RESPONDENT, "They ｆｏｌｌｏｗ　ＵＰ now."))
    row = table.iloc[0]
    assert row["quote"][row["match_start"] : row["match_end"]] == "ｆｏｌｌｏｗ　ＵＰ"


def test_english_words_in_a_chinese_sentence_are_found():
    assert said(book(code(en=(["follow up"], []))), "他们没有 follow up 过。") == [("c", "present")]


def test_an_empty_corpus_and_a_codebook_without_indicators_give_an_empty_table():
    assert len(bwa.apply_codebook(Corpus(()), DEMO)) == 0
    assert len(bwa.apply_codebook(Corpus((transcript((RESPONDENT, "They ask us.")),)), book(code()))) == 0


def test_progress_is_told_of_every_transcript():
    told = []
    corpus = Corpus((transcript((RESPONDENT, "One."), id="A"), transcript((RESPONDENT, "Two."), id="B")))
    bwa.apply_codebook(corpus, book(code()), progress=lambda what, n, of: told.append((what, n, of)))
    assert told == [("coding transcripts", 1, 2), ("coding transcripts", 2, 2)]


# The table


@pytest.fixture(scope="module")
def some(lite_study):
    """A few interviews of each group of the demo."""
    return Corpus(tuple(t for group in ("brand_staff", "manager", "worker") for t in pick(lite_study, group)))


def pick(study, group):
    return tuple(study.corpus.select(group=group, round="R2"))[:5]


@pytest.fixture(scope="module")
def some_proposals(some, lite_study):
    return bwa.apply_codebook(some, lite_study.codebook)


def test_a_proposal_names_coder_status_indicator_version_and_digest():
    t = transcript((INTERVIEWER, "Well?"), (RESPONDENT, "They ask us."))
    row = bwa.apply_codebook(Corpus((t,)), book(code(en=(["ask us"], [])))).table.iloc[0]
    assert row["coder"] == INDICATORS.name == "indicators"
    assert (row["coder_kind"], row["status"], row["indicator"]) == ("indicator", "proposed", "en:present:ask us")
    assert (row["codebook_version"], row["text_digest"]) == ("1.2.0", t.digest)
    assert (row["start"], row["end"], row["match_start"], row["match_end"]) == (6, 18, 11, 17)


def test_ids_are_the_same_in_two_runs_and_distinct_within_one(lite_study, some, some_proposals):
    again = bwa.apply_codebook(some, lite_study.codebook).table
    assert again["id"].tolist() == some_proposals.table["id"].tolist()
    assert again["id"].is_unique
    assert {uuid.UUID(id).version for id in again["id"]} == {8}


def test_an_id_changes_with_the_text_and_not_with_the_codebooks_version():
    first, other = book(code(en=(["ask us"], []))), Codebook("book", "9", (), (code(en=(["ask us"], [])),))
    one = coded(first, (RESPONDENT, "They ask us."))["id"].tolist()
    assert coded(other, (RESPONDENT, "They ask us."))["id"].tolist() == one
    assert coded(first, (RESPONDENT, "They ask us. "))["id"].tolist() != one


def test_quotes_and_matches_of_the_demo_stand_where_they_say(some, some_proposals):
    assert len(some_proposals) > 10
    for row in some_proposals.table.itertuples():
        text = some[row.transcript].text
        assert text[row.start : row.end] == row.quote
        assert row.start <= row.match_start < row.match_end <= row.end


def test_every_proposal_of_the_demo_is_attached_to_its_text(some, some_proposals):
    attached, detached = some_proposals.attached(some)
    assert (len(attached), len(detached)) == (len(some_proposals), 0)


def test_offsets_are_code_points_after_emoji_and_rare_characters():
    b = book(code(en=(["ask us"], []), zh=(["𠮷田_2_跟进"], [])))
    words = "😀👩\u200d🏭 They ask us 𠀀𪚥. 😀𠮷田再来跟进𫝀了。"
    table = coded(b, (INTERVIEWER, "𠀀😀?"), (RESPONDENT, words))
    text = "𠀀😀?\n" + words
    assert [text[r.start : r.end] for r in table.itertuples()] == table["quote"].tolist()
    assert [text[r.match_start : r.match_end] for r in table.itertuples()] == ["ask us", "𠮷田再来跟进"]


_PIECES = ["ask us", "ask", "us", "跟进", "没", "😀", "👩\u200d🏭", "𠀀", "𪚥", "é", "e\u0301", "İ", "ß", "ﬁ", "\u3000"]
_PIECES += [".", "。", "!", "\u2028", "’", "\u200b", "Ａ"]


@given(st.lists(st.sampled_from(_PIECES), max_size=20).map(" ".join))
def test_quotes_and_matches_of_any_text_stand_where_they_say(text):
    whole = "😀\n" + text
    table = coded(book(code(en=(["ask us"], []), zh=(["跟进"], []))), (INTERVIEWER, "😀"), (RESPONDENT, text))
    assert table.empty is False or ("跟进" not in text and "ask us" not in text)
    for row in table.itertuples():
        match = whole[row.match_start : row.match_end]
        assert whole[row.start : row.end] == row.quote
        assert match in row.quote
        assert match == "跟进" or (match.startswith("ask") and match.endswith("us"))


def test_transcripts_and_sentences_come_in_the_order_of_the_corpus(some, some_proposals):
    order = {t.id: n for n, t in enumerate(some)}
    places = [(order[r.transcript], r.start) for r in some_proposals.table.itertuples()]
    assert places == sorted(places)
