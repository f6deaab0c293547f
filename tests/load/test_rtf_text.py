from __future__ import annotations

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
