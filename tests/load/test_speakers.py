from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.load.speakers import INTERVIEWER_LABELS, RESPONDENT_LABELS, SpeakerRules, folded_label, settle_speakers
from bwa_study.model.transcripts import Role

FREE = SpeakerRules()


def settle(*labels: str, rules: SpeakerRules = FREE, stand_out: tuple[str, ...] = ()):
    return settle_speakers([(label, label in stand_out) for label in labels], rules)


@pytest.mark.parametrize(
    "same",
    [("WK01", "wk01", "WK 01", "ＷＫ０１", "wk-1", "WK_001", "**WK01**", "WK\u200b01", "WK.1", "wk #1"),
     ("Manager", "manager", " MANAGER ", "ＭＡＮＡＧＥＲ"), ("经理 2", "经理2", "经理０２"), ("Q", "q.", "Ｑ")],
)  # fmt: skip
def test_case_width_space_zeros_and_invisible_characters_make_no_other_person(same):
    assert len({folded_label(label) for label in same}) == 1


@pytest.mark.parametrize("other", [("R1", "R2"), ("R1", "R10"), ("R1-2", "R12"), ("R1 2", "R12"), ("经理", "主管")])
def test_other_words_and_numbers_are_other_people(other):
    assert len({folded_label(label) for label in other}) == 2


@given(st.text("WK wk経理-_.#", min_size=1).map(str.strip), st.integers(0, 99))
def test_spaces_case_width_and_zeros_never_change_a_folded_label(word, number):
    label = f"{word} {number}"
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdecimal() else c for c in label)
    for variant in (label.upper(), f"  {label} ", f"{word}   00{number}", wide):
        assert folded_label(variant) == folded_label(label)


@pytest.mark.parametrize("label", [*sorted(INTERVIEWER_LABELS), "I1", "INT 2", "Interviewer 01", "Ｑ", "访谈员2"])
def test_the_usual_words_for_interviewers_are_known(label):
    assert FREE.role(label) is Role.INTERVIEWER


@pytest.mark.parametrize("label", [*sorted(RESPONDENT_LABELS), "R1", "Worker 12", "MANAGER", "工人３"])
def test_the_usual_words_for_respondents_are_known(label):
    assert FREE.role(label) is Role.RESPONDENT


def test_the_two_lists_of_usual_words_share_none():
    assert not INTERVIEWER_LABELS & RESPONDENT_LABELS


@pytest.mark.parametrize("label", ["Mei Lin", "Note", "WK01", "https", "老王"])
def test_other_words_have_no_role(label):
    assert FREE.role(label) is None


def test_stated_labels_come_before_the_usual_ones_and_nothing_else_is_a_speaker():
    rules = SpeakerRules(("Assistant", "主持"), ("User",))
    assert rules.stated
    assert [rules.role(x) for x in ("ASSISTANT", "主持2", "user 1", "I", "Manager")] == [
        Role.INTERVIEWER, Role.INTERVIEWER, Role.RESPONDENT, Role.INTERVIEWER, Role.RESPONDENT,
    ]  # fmt: skip
    labels = ("Assistant", "User", "Manager", "Part", "Part", "Bold", "Other", "Other", "Other")
    settled = settle(*labels, rules=rules, stand_out=("Bold",))
    assert settled.names == {"assistant": "Assistant", "user": "User", "manager": "Manager"}
    assert settled.warnings == ("'Other' stands 3 times like a label at the head of a line and is taken as text",)


def test_usual_and_code_like_labels_are_speakers_at_once():
    settled = settle("I", "WK01", "BR2")
    assert settled.roles == {"i": Role.INTERVIEWER, "wk1": Role.RESPONDENT, "br2": Role.RESPONDENT}
    assert (settled.warnings, settled.unknown) == ((), ())


def test_a_word_that_comes_once_is_text_and_that_is_reported():
    settled = settle("I", "Example", "R1")
    assert "example" not in settled.names
    assert settled.warnings == ("'Example' stands once like a label at the head of a line and is taken as text",)


def test_a_word_that_comes_twice_or_stands_out_is_a_speaker():
    assert settle("Mei", "Mei").unknown == ("Mei",)
    assert settle("Mei", stand_out=("Mei",)).unknown == ("Mei",)


def test_a_number_alone_is_no_speaker_unless_it_is_stated():
    settled = settle("10", "10", "11")
    assert settled.names == {}
    assert settled.warnings == (
        "'10' stands 2 times like a label at the head of a line and is taken as text",
        "'11' stands once like a label at the head of a line and is taken as text",
    )
    assert settle("10", rules=SpeakerRules((), ("10",))).names == {"10": "10"}


def test_an_unusual_label_beside_usual_respondents_is_reported():
    settled = settle("I", "R1", "Note", "Note")
    assert settled.roles["note"] is Role.RESPONDENT
    assert settled.warnings == ("'Note': not a usual label, taken as a respondent who speaks",)


def test_one_unusual_name_that_answers_the_interviewer_is_no_news():
    assert settle("I", "Mei Lin", "I", "Mei Lin").warnings == ()


def test_variants_of_a_label_are_one_speaker_under_the_commonest_form_and_are_reported():
    settled = settle("WK01", "wk01", "ＷＫ０１", "WK01")
    assert settled.names == {"wk1": "WK01"}
    assert settled.warnings == (
        "the labels 'WK01', 'wk01', 'ＷＫ０１' differ only by case, width, space or zeros and are taken as one speaker",
    )


def test_labels_in_warnings_show_what_cannot_be_seen():
    assert settle("I", "R\u202ex").warnings == (
        "'R\\u202ex' stands once like a label at the head of a line and is taken as text",
    )


def test_two_people_called_by_letters_are_both_asked_for():
    found = settle("A", "B", "A", "B")
    assert found.unknown == ("A", "B")
    assert settle("Q", "A").unknown == ()


@pytest.mark.parametrize("label", ["访谈员（女）", "Interviewer (Ann)", "访谈员-", "主持人 2"])
def test_what_stands_behind_an_interviewers_label_does_not_hide_it(label):
    assert FREE.role(label) is Role.INTERVIEWER


@pytest.mark.parametrize("label", ["工人甲", "受访者A", "受訪者Ｂ", "Worker B", "participant c", "Worker 2"])
def test_people_told_apart_by_a_letter_or_an_ordinal_are_usual(label):
    assert FREE.role(label) is Role.RESPONDENT


@pytest.mark.parametrize("label", ["Plan B", "Vitamin C", "甲", "Workers", "B"])
def test_a_letter_makes_no_label(label):
    assert FREE.role(label) is None


def test_a_stated_label_with_something_in_brackets_is_that_label():
    rules = SpeakerRules(interviewer=("Ann Lo (Team)",))
    assert rules.role("Ann Lo (Team)") is Role.INTERVIEWER
    assert rules.role("Ann Lo (Plant)") is None
