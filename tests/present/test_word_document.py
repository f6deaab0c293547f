from __future__ import annotations

import io
import time

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from bwa_study.present.printed import Printed, PrintedRow
from bwa_study.present.word_document import word_bytes

TABLE = Printed(
    "主题 table",
    ((("", 1), ("Workers", 2)), (("code", 1), ("R1", 1), ("R2", 1))),
    (PrintedRow(("Talk", "50% (1/2)", "–"), strong=True), PrintedRow(("害怕\x01", "3", "not asked"))),
    ("SYNTHETIC DATA.",),
    (False, True, True),
)


def opened(*tables, **options):
    return docx.Document(io.BytesIO(word_bytes(tables, **options)))


def test_the_document_holds_a_real_table_with_every_text():
    document = opened(TABLE)
    (grid,) = document.tables
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["", "Workers", "Workers"],
        ["code", "R1", "R2"],
        ["Talk", "50% (1/2)", "–"],
        ["害怕", "3", "not asked"],
    ]
    assert [p.text for p in document.paragraphs] == ["主题 table", "SYNTHETIC DATA."]
    assert document.paragraphs[0].style.name == "Caption"


def test_heads_repeat_on_every_page_and_rows_are_not_cut():
    (grid,) = opened(TABLE).tables
    rules = [[child.tag.split("}")[1] for child in row._tr.trPr] for row in grid.rows]
    assert rules == [["tblHeader"], ["tblHeader"], ["cantSplit"], ["cantSplit"]]


def test_chinese_has_a_font_of_its_own():
    fonts = opened(TABLE).styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_a_wide_table_turns_the_page():
    wide = Printed("t", ((*[("n", 1)] * 9,),), (PrintedRow(("1",) * 9),), (), (True,) * 9)
    assert opened(TABLE).sections[0].orientation == WD_ORIENT.PORTRAIT
    assert opened(wide).sections[0].orientation == WD_ORIENT.LANDSCAPE


def test_the_columns_fill_the_page_and_long_texts_get_the_room():
    long = Printed("t", ((("a", 1), ("b", 1)),), (PrintedRow(("x", "many words " * 20)),), (), (False, False))
    document = opened(long)
    section, columns = document.sections[0], document.tables[0].columns
    room = section.page_width - section.left_margin - section.right_margin
    assert abs(sum(c.width for c in columns) - room) < 20_000
    assert columns[1].width > 5 * columns[0].width


def test_the_properties_say_synthetic_and_name_nobody():
    properties = opened(TABLE, title="Study", synthetic=True).core_properties
    assert (properties.title, properties.comments, properties.author, properties.last_modified_by) == (
        "Study", "SYNTHETIC DATA", "", "",
    )  # fmt: skip


def test_the_same_table_gives_the_same_bytes():
    before = word_bytes([TABLE, TABLE])
    time.sleep(2.1)  # zip archives count in steps of two seconds
    assert word_bytes([TABLE, TABLE]) == before
