from __future__ import annotations

import pytest

from spoken import messages, read, said


def test_rich_text_is_read_in_its_code_page_and_in_unicode():
    found = read(rb"{\rtf1\ansi\ansicpg936 {\b I:} How?\par R1: \'c4\'e3\'ba\'c3 \u20320?\par}", "a.rtf")
    assert [(role, words) for _, _, role, words in said(found)] == [("i", "How?"), ("r", "你好 你")]


def test_hidden_and_deleted_text_is_left_out_and_told():
    found = read(rb"{\rtf1\ansi I: How?\par R1: Fine{\v secret} and{\deleted gone} well.\par}", "a.rtf")
    assert said(found)[1][3] == "Fine and well."
    assert messages(found) == [
        f"a.rtf: note: {what} left out (1) — only the visible text is read"
        for what in ("hidden text", "tracked deletions")
    ]


def test_a_file_that_is_no_rich_text_is_refused():
    assert messages(read(b"I: How?", "a.rtf")) == [
        "a.rtf:1: not an .rtf file — open it in its program and save it as .rtf or .docx again"
    ]


def test_a_table_of_speakers_in_rich_text_is_known():
    row = r"\trowd\cellx2000\cellx8000\pard\intbl {}\cell {}\cell{}\row "
    again = r"\trowd\cellx2000\cellx8000"  # as Word writes it, before the end of the row too
    rows = [("I", "How?"), ("R1", r"Fine.\par And calm."), ("I", "A|B?"), ("R1", "B.")]
    body = "".join(row.format(*one, again) for one in rows)
    found = read((r"{\rtf1\ansi Talk 12\par " + body + r"\pard Thank you.\par}").encode(), "a.rtf")
    assert [(who, words) for _, who, _, words in said(found)] == [
        ("I", "How?"), ("R1", "Fine.\nAnd calm."), ("I", "A|B?"), ("R1", "B.\nThank you.")
    ]  # fmt: skip


def test_a_bar_in_rich_text_stays_and_a_character_beyond_the_first_plane_is_one():
    found = read(rb"{\rtf1\ansi\uc1 I: A|B?\par R1: Fine \u-10179?\u-8704?.\par}", "a.rtf")
    assert [words for *_, words in said(found)] == ["A|B?", "Fine \U0001f600."]


def test_notes_and_comments_of_rich_text_are_told():
    found = read(rb"{\rtf1\ansi I: How?\par R1: Fine{\footnote a note} so{\*\annotation a word}.\par}", "a.rtf")
    assert said(found)[1][3] == "Fine so."
    assert messages(found) == [
        f"a.rtf: note: {what} left out (1) — only the visible text is read" for what in ("footnotes", "comments")
    ]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (r"{\f1 and \v secret\v0  well}", "and  well"),
        (r"and \v secret\v0  well", "and  well"),
        (r"and \v secret {\b more} of it\plain  well", "and  well"),
        (r"and {\v \u23494?\'c4} well", "and  well"),
        (r"{and \v secret}well", "and well"),
        (r"and \viewkind4 well", "and well"),
    ],
)
def test_hidden_words_go_and_the_words_around_them_stay(answer, shown):
    found = read((r"{\rtf1\ansi I: How?\par R1: Fine " + answer + r".\par}").encode(), "a.rtf")
    assert said(found)[1][3] == f"Fine {shown}."
    hidden = ["a.rtf: note: hidden text left out (1) — only the visible text is read"]
    assert messages(found) == (hidden if r"\viewkind" not in answer else [])
