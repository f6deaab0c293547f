from __future__ import annotations

import io

import pypdfium2

from bwa_study.load.pdf_text import _paragraphs, _without_edges
from spoken import messages, read


def test_lines_that_the_page_broke_are_joined_and_turns_stay_apart():
    page = [
        "I: How is the work in the sewing hall these",
        "days?",
        "R1: It is much as it was, but they ask us now",
        "and then what we think, and they listen too",
    ]
    more = ["when we speak.", "R1: 我们现在有什么想法都可以跟主管讲，他会", "听的。"]
    assert _paragraphs([page, more]) == (
        "I: How is the work in the sewing hall these days?\n"
        "R1: It is much as it was, but they ask us now and then what we think, and they listen too when we speak.\n"
        "R1: 我们现在有什么想法都可以跟主管讲，他会听的。"
    )


def test_page_numbers_and_running_heads_are_left_out_and_told():
    pages = [[f"Study of {n} May", "", f"text {w}", f"Page {n} of 3"] for n, w in ((1, "a"), (2, "b"), (3, "c"))]
    assert _without_edges(pages) == (
        [["", "text a"], ["", "text b"], ["", "text c"]],
        ("numbers of pages and lines, and running heads left out (6), such as 'Study of 1 May'",),
    )


def test_running_heads_of_two_lines_and_of_two_pages_are_known():
    first = ["Project X", "Interview 12", "Page 1 of 2", "I: How is it?", "R1: It is", "as it was."]
    second = ["Project X", "Interview 12", "Page 2 of 2", "It is calm.", "I: And then?", "R1: They ask."]
    assert _without_edges([first, second]) == (
        [first[3:], second[3:]],
        ("numbers of pages and lines, and running heads left out (6), such as 'Project X', 'Interview 12'",),
    )


def test_words_and_turns_that_happen_to_come_at_the_end_of_every_page_stay():
    page = ["I: How?", "R1: As I say,", "we are asked.", "R1: As I say,", "we are asked.", "R1: Yes."]
    assert _without_edges([page, page, page]) == ([page, page, page], ())


def scanned() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_scan_without_a_text_layer_says_so():
    assert messages(read(scanned(), "a.pdf")) == [
        "a.pdf: no text layer on its 1 page: it is a scan — have the text recognised (OCR) and give that, or type it"
    ]


def test_a_damaged_pdf_is_refused():
    assert messages(read(b"%PDF-1.7\nnothing", "a.pdf"))[0].startswith("a.pdf: not a complete .pdf")
