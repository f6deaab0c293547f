from __future__ import annotations

import io
import re
import zipfile

import docx
import odfdo
import pytest

from spoken import messages, read, said


def word(*rows: tuple[str, ...], before: str = "", after: str = "") -> bytes:
    document = docx.Document()
    if before:
        document.add_paragraph(before)
    table = document.add_table(len(rows), len(rows[0]))
    for cell, text in zip(table._cells, [text for row in rows for text in row], strict=True):
        cell.text = text
    if after:
        document.add_paragraph(after)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_column_of_speakers_without_colons_is_known():
    found = read(word(("张三", "最近怎么样？"), ("李四", "还好。"), ("张三", "客户呢？"), ("李四", "每个月都来。")),
                 "t.docx", language="zh", interviewer=("张三",))  # fmt: skip
    assert said(found) == [
        (None, "张三", "i", "最近怎么样？"),
        (None, "李四", "r", "还好。"),
        (None, "张三", "i", "客户呢？"),
        (None, "李四", "r", "每个月都来。"),
    ]


def test_numbers_and_times_beside_the_speakers_are_no_words():
    rows = (
        ("No", "Time", "Speaker", "Text"),
        ("1", "00:00:05", "I", "How is work?"),
        ("2", "00:01:07.5", "R1", "Fine: we\nask."),
    )
    assert said(read(word(*rows), "t.docx")) == [(5.0, "I", "i", "How is work?"), (67.5, "R1", "r", "Fine: we\nask.")]


def test_a_row_without_a_speaker_goes_on_with_the_one_before():
    found = read(word(("I", "How?"), ("R1", "Fine."), ("", "More of it."), ("I", "Why?"), ("R1", "So.")), "t.docx")
    assert [words for *_, words in said(found)] == ["How?", "Fine.\nMore of it.", "Why?", "So."]


@pytest.mark.parametrize("head", [("Question", "Answer"), ("问题", "回答"), ("Interviewer", "Respondent")])
def test_a_table_headed_question_and_answer_says_who_speaks(head):
    found = read(
        word(head, ("Are you asked for ideas?", "Now and then, yes."), ("Who asks?", "The manager.")), "t.docx"
    )
    assert [(role, words) for _, _, role, words in said(found)] == [
        ("i", "Are you asked for ideas?"), ("r", "Now and then, yes."), ("i", "Who asks?"), ("r", "The manager."),
    ]  # fmt: skip


def test_a_table_that_names_no_speakers_is_read_cell_by_cell():
    found = read(word(("Age", "34 years"), ("Line", "sewing")), "t.docx")
    assert found.transcript.text == "Age\n34 years\nLine\nsewing"


def test_text_around_a_table_of_speakers_stays_in_its_place():
    found = read(word(("I", "How?"), ("R1", "Fine.")), "t.docx")
    around = read(word(("I", "How?"), ("R1", "Fine."), before="Talk of 3 May", after="I: Thank you."), "t.docx")
    assert said(around) == [*said(found), (None, "I", "i", "Thank you.")]


def open_document(*parts: odfdo.Element) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    for part in parts:
        document.body.append(part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_an_open_document_is_read_in_order_with_its_tables():
    table = odfdo.Table("t", width=2, height=2)
    for y, row in enumerate((("I", "How?"), ("R1", "Fine."))):
        for x, words in enumerate(row):
            table.set_cell((x, y), odfdo.Cell(words))
    spaced = odfdo.Paragraph("")
    spaced.append_plain_text("I: And  then?\tYes?")
    found = read(open_document(table, spaced, odfdo.Paragraph("R1: They ask.")), "t.odt")
    assert [words for *_, words in said(found)] == ["How?", "Fine.", "And  then?\tYes?", "They ask."]


def test_comments_and_notes_of_an_open_document_are_left_out_and_told():
    paragraph = odfdo.Paragraph("R1: They ask us often.")
    paragraph.insert_annotation(after="ask", body="a comment", creator="c")
    paragraph.insert_note(after="us", note_id="n1", citation="1", body="a footnote")
    found = read(open_document(odfdo.Paragraph("I: How?"), paragraph), "t.odt")
    assert said(found)[1][3] == "They ask us often."
    assert messages(found) == [
        f"t.odt: note: {what} left out (1) — only the visible text is read" for what in ("comments", "footnotes")
    ]


def test_a_text_box_in_a_text_box_is_read_once():
    frame = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    paragraph = odfdo.Element.from_tag(f"<text:p>R1: Fine.{frame.format('Box' + frame.format('Inner'))}</text:p>")
    found = read(open_document(odfdo.Paragraph("I: How?"), paragraph, odfdo.Paragraph("I: Why?")), "t.odt")
    lines = [line for line in found.transcript.text.split("\n") if line]
    assert lines == ["I: How?", "R1: Fine.", "Box", "Inner", "I: Why?"]


def test_a_broken_open_document_is_refused():
    assert messages(read(b"PK", "t.odt"))[0].startswith("t.odt: not a complete .odt")
    assert messages(read(open_document(odfdo.Paragraph("")), "t.odt")) == [
        "t.odt: no text — put the transcript into the file"
    ]


def across(rows: list[tuple[str, ...]]) -> bytes:
    """A table in which a row of one text reaches over all columns."""
    document = docx.Document()
    width = max(map(len, rows))
    table = document.add_table(len(rows), width)
    for n, row in enumerate(rows):
        if len(row) == 1:
            table.cell(n, 0).merge(table.cell(n, width - 1))
        for at, text in enumerate(row):
            table.cell(n, at).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_heading_across_a_table_of_speakers_is_said_by_nobody():
    rows = [("Talk 12: summary",), ("Interviewer", "How?"), ("Worker", "Fine."), ("第二部分：变化",),
            ("", "And calm."), ("Interviewer", "Why?"), ("Worker", "So.")]  # fmt: skip
    found = read(across(rows), "t.docx")
    assert [(who, words) for _, who, _, words in said(found)] == [
        ("Interviewer", "How?"), ("Worker", "Fine."), ("Worker", "And calm."),
        ("Interviewer", "Why?"), ("Worker", "So."),
    ]  # fmt: skip
    assert messages(found) == [
        "t.docx: note: headings and text boxes between the turns that no speaker says (1) — they are shown in no table"
    ]
    assert "第二部分：变化" in found.transcript.text


def test_an_interviewer_who_asks_across_a_table_speaks():
    rows = [("I", "How?"), ("R1", "Fine."), ("I: One more thing?",), ("R1", "No.")]
    assert [words for *_, words in said(read(across(rows), "t.docx"))] == ["How?", "Fine.", "One more thing?", "No."]


def test_a_questionnaire_in_one_table_has_its_heads_below_what_is_told_of_the_talk():
    rows = [("Baseline interview",), ("Date", "2021-09-14", ""), ("No.", "Question", "Answer"), ("Part A",),
            ("1", "How is it?", "Calm."), ("No.", "Question", "Answer"), ("2", "Why?", "They ask.")]  # fmt: skip
    found = read(across(rows), "t.docx")
    assert [(role, words) for _, _, role, words in said(found)] == [
        ("i", "How is it?"), ("r", "Calm."), ("i", "Why?"), ("r", "They ask.")
    ]  # fmt: skip
    assert "Date\t2021-09-14" in found.transcript.text


@pytest.mark.parametrize(
    ("rows", "names"),
    [((("Q1. How is it?", "Calm."), ("Why?", "They ask."), ("Who?", "All.")), {"Q", "A"}),
     ((("最近怎么样？", "还好。"), ("为什么？", "他们会问。")), {"问", "答"})],
)  # fmt: skip
def test_a_column_that_only_asks_is_the_interviewers(rows, names):
    found = said(read(word(*rows), "t.docx", language="zh" if "问" in names else "en"))
    assert [(role, words) for _, _, role, words in found] == [
        (role, words) for row in rows for role, words in zip("ir", row, strict=True)
    ]
    assert {who for _, who, _, _ in found} == names


def test_a_merged_cell_of_an_open_document_is_no_speaker():
    table = odfdo.Table("t", width=2, height=5)
    for y, row in enumerate((("Talk 12", ""), ("I", "How?"), ("R1", "Fine."), ("I", "Why?"), ("R1", "So."))):
        for x, words in enumerate(row):
            table.set_value((x, y), words)
    table.set_span((0, 0, 1, 0))
    assert [words for *_, words in said(read(open_document(table), "t.odt"))] == ["How?", "Fine.", "Why?", "So."]


def test_a_text_box_of_an_open_document_is_read_beside_what_is_said():
    paragraph = odfdo.Paragraph("I: How?")
    paragraph.append(odfdo.Frame.text_frame(["a box", "of two lines"], size=("4cm", "2cm")))
    found = read(open_document(paragraph, odfdo.Paragraph("R1: Fine.")), "t.odt")
    assert [words for *_, words in said(found)] == ["How?", "Fine."]
    assert "a box\nof two lines" in found.transcript.text
    assert messages(found) == [
        "t.odt: note: headings and text boxes between the turns that no speaker says (2) — they are shown in no table"
    ]


STYLES = (
    '<office:automatic-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<style:style style:name="Secret" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Heir" style:family="text" style:parent-style-name="Secret"/>'
    '<style:style style:name="Seen" style:family="text" style:parent-style-name="Secret">'
    '<style:text-properties text:display="true"/></style:style></office:automatic-styles>'
)


def test_words_that_an_open_document_hides_are_left_out_and_told():
    spans = "".join(
        f'<text:span text:style-name="{style}">{style} </text:span>' for style in ("Secret", "Heir", "Seen")
    )
    body = (
        f'<text:p>R1: They {spans}ask.</text:p><text:section text:display="none"><text:p>none</text:p></text:section>'
    )
    plain = zipfile.ZipFile(io.BytesIO(open_document(odfdo.Paragraph("I: How?"), odfdo.Paragraph("R1: PLACE"))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in plain.namelist():
            data = plain.read(name).decode("utf-8") if name == "content.xml" else plain.read(name)
            if isinstance(data, str):
                data = re.sub("<text:p[^>]*>R1: PLACE</text:p>", body, data)
                data = re.sub(
                    "<office:automatic-styles[^>]*/>|<office:automatic-styles.*</office:automatic-styles>", "", data
                )
                data = data.replace("<office:body>", STYLES + "<office:body>")
            archive.writestr(name, data)
    found = read(out.getvalue(), "t.odt")
    assert said(found)[1][3] == "They Seen ask."
    assert messages(found) == ["t.odt: note: hidden text left out (3) — only the visible text is read"]


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (
            (
                ("No.", "Speaker", "Text", "原文"),
                ("1", "I", "How is it?", "怎么样？"),
                ("2", "R1", "Calm, I say.", "还好。"),
            ),
            "原文",
        ),
        ((("Question", "Answer", "Remarks"), ("How?", "Calm.", "laughs"), ("Why?", "They ask.", "nods")), "Remarks"),
    ],
)
def test_columns_of_a_table_that_nobody_says_are_told(rows, column):
    assert messages(read(word(*rows), "t.docx")) == [
        f"t.docx: note: column '{column}' of a table left out (2) — only the visible text is read"
    ]
