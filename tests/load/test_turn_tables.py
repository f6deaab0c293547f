from __future__ import annotations

import io

import pytest
import xlsxwriter

from spoken import messages, read, said

ROWS = [["time", "speaker", "text"], ["00:05", "I", "How?"], ["00:09", "R1", "Well,"], ["00:11", "R1", "fine."]]
TURNS = [(5.0, "I", "i", "How?"), (9.0, "R1", "r", "Well, fine.")]


def workbook(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("turns")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return out.getvalue()


def test_a_row_a_turn_in_csv_tsv_and_a_workbook():
    assert said(read("\n".join(",".join(f'"{c}"' for c in row) for row in ROWS), "a.csv")) == TURNS
    assert said(read("\n".join("\t".join(row) for row in ROWS), "a.tsv")) == TURNS
    assert said(read(workbook(ROWS), "a.xlsx")) == TURNS


def test_chinese_heads_are_known():
    found = read("说话人,内容\n访谈员,最近怎么样？\n受访者,还好。\n", "a.csv", language="zh")
    assert said(found) == [(None, "访谈员", "i", "最近怎么样？"), (None, "受访者", "r", "还好。")]


MANY = "interview_id,speaker,text\nw1,I,How?\nw1,R1,Fine.\nw2,I,Why?\nw2,R1,So.\n"


def test_one_interview_of_many_is_read_by_its_id():
    assert [words for *_, words in said(read(MANY, "a.csv", part="w2"))] == ["Why?", "So."]


@pytest.mark.parametrize(
    ("table", "part", "message"),
    [
        (MANY, "", "it holds 2 interviews (column 'interview_id') — name one in the manifest, such as 'a.csv#w1'"),
        (MANY, "w3", "column 'interview_id' has no 'w3'"),
        ("speaker,text\nI,How?\n", "w1", "no column tells interviews apart; columns found: speaker, text"),
        ("who,what\nI,How?\n", "", "no column with the words that were said; columns found: who, what"),
    ],
)
def test_what_is_missing_is_said(table, part, message):
    assert len(found := messages(read(table, "a.csv", part=part))) == 1
    assert message in found[0]


def test_a_row_an_interview_holds_a_whole_transcript():
    found = read('transcript_id,text\nt1,"I: How?\nR1: Fine."\nt2,"I: Why?\nR1: So."\n', "a.csv", part="t1")
    assert said(found) == [(None, "I", "i", "How?"), (None, "R1", "r", "Fine.")]


def test_numbered_rows_of_one_interview_are_its_turns():
    found = read("id,speaker,text\n1,I,How?\n2,R1,Fine.\n", "a.csv")
    assert [words for *_, words in said(found)] == ["How?", "Fine."]


@pytest.mark.parametrize(
    "head",
    [
        "turn,speaker,text",
        "transcript,speaker,text",
        "words,speaker,text",
        "turn,speaker,transcript",
        "words,speaker,said",
    ],
)
def test_a_number_or_an_id_is_not_taken_for_the_words(head):
    found = read(f"{head}\n1,I,How?\n1,R1,Fine.\n", "a.csv")
    assert [words for *_, words in said(found)] == ["How?", "Fine."]


def test_a_title_above_the_heads_of_a_table_is_passed_over():
    found = read(workbook([["Talk 12"], ["14 May"], *ROWS]), "a.xlsx")
    assert said(found) == TURNS


def test_other_sheets_that_hold_something_are_told():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in (("turns", ROWS), ("more", ROWS), ("empty", [])):
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    assert messages(read(out.getvalue(), "a.xlsx")) == [
        "a.xlsx: warning: sheets that are not read: 'more' — look whether something is missing"
    ]
