from __future__ import annotations

import io
import random
import socket
import time
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from bwa_study.load.archives import check_archive
from bwa_study.load.docx_text import read_docx
from bwa_study.load.gate import Rejected, Source, read_source
from bwa_study.load.plain_text import PlainText

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def source(data: bytes) -> Source:
    return Source("d.docx", data, "")


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: docx.document.Document) -> PlainText:
    return read_docx(source(saved(document)))


def with_body(xml: str) -> PlainText:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W} {MC}>{xml}</w:p>"))
    return read(document)


def rebuilt(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def refusal(bad_inputs: Path, name: str) -> str:
    with pytest.raises(Rejected) as caught:
        read_docx(read_source(bad_inputs / "docx" / name, name=name))
    return str(caught.value)


def test_paragraphs_and_tables_come_in_their_order():
    document = docx.Document()
    document.add_paragraph("first")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["I:", "How?", "R1:", "Fine."], strict=True):
        cell.text = text
    table.cell(0, 1).add_table(1, 1).cell(0, 0).text = "inner"
    document.add_paragraph("last")
    assert read(document).text.split("\n") == ["first", "I:", "How?", "inner", "", "R1:", "Fine.", "last"]


def test_a_merged_cell_is_read_once():
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "merged"
    assert read(document).text.count("merged") == 1


def test_breaks_tabs_and_hyphens_stay():
    assert with_body(
        "<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>"
    ).text.startswith("a\nb\tc-d")


def test_the_bold_beginning_of_a_line_is_known_by_its_place():
    document = docx.Document()
    document.add_paragraph("plain")
    label = document.add_paragraph()
    label.add_run("经").bold = True
    label.add_run("理").bold = True
    label.add_run(" 我们做了。")
    inner = document.add_paragraph("not ")
    inner.add_run("here").bold = True
    document.add_paragraph().add_run("all bold").bold = True
    off = document.add_paragraph()
    off.add_run("off").bold = False
    off.add_run(" x")
    found = read(document)
    assert found.bold == {6: 8, 24: 32}
    assert (found.text[6:8], found.text[24:32]) == ("经理", "all bold")


def test_insertions_are_read_and_moved_or_deleted_text_is_not():
    found = with_body(
        "<w:ins><w:r><w:t>kept </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>"
    )
    assert found.text.strip() == "kept link"
    assert found.left_out == ("tracked deletions left out (1)",)


def test_hidden_text_is_left_out_and_text_that_is_not_hidden_is_not_counted():
    found = with_body(
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r>'
    )
    assert found.text.strip() == "seen"
    assert found.left_out == ("hidden text left out (1)",)


def test_text_hidden_by_its_style_or_the_style_below_it_is_left_out():
    document = docx.Document()
    secret = document.styles.add_style("Secret", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    secret.font.hidden = True
    heir = document.styles.add_style("Heir", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    heir.base_style = secret
    block = document.styles.add_style("Block", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    block.font.hidden = True
    line = document.add_paragraph("seen ")
    line.add_run("one", style=secret)
    line.add_run("two", style=heir)
    line.add_run("three", style=heir).font.hidden = False
    document.add_paragraph("four", style=block)
    found = read(document)
    assert found.text == "seen three\n"
    assert found.left_out == ("hidden text left out (3)",)


def test_the_text_of_a_text_box_is_read_once():
    box = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
    choice = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    assert with_body(f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>").text.count("box") == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("truncated.docx", "not a complete .docx (File is not a zip file) — copy or save the file again"),
        ("not_zip.docx", "this is a Word 97-2003 or an encrypted file — open it in Word and save it as .docx without"),
        ("bomb.docx", "it expands beyond the limit of 100,000,000 bytes — save the document anew, or split it"),
        ("bomb_paragraphs.docx", "it expands beyond the limit of 100,000,000 bytes"),
        ("xxe.docx", "'word/document.xml' declares a DTD — save the document anew in Word"),
    ],
)
def test_a_file_that_is_no_safe_document_is_refused_at_once(bad_inputs, name, message):
    began = time.perf_counter()
    assert refusal(bad_inputs, name).startswith(f"{name}: {message}")
    assert time.perf_counter() - began < 2


def test_a_path_out_of_the_archive_is_not_followed(bad_inputs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_docx(read_source(bad_inputs / "docx/traversal.docx")).text == "hi"
    assert list(tmp_path.parent.rglob("*pwned*")) == []


def test_an_external_picture_is_not_fetched(bad_inputs, monkeypatch):
    opened: list[object] = []
    monkeypatch.setattr(socket, "socket", lambda *a, **k: opened.append(a))
    assert read_docx(read_source(bad_inputs / "docx/external_image.docx")).text == "hi"
    assert opened == []


def test_names_in_hidden_text_deletions_comments_and_metadata_are_left_out_and_counted(bad_inputs):
    found = read_docx(read_source(bad_inputs / "docx/hidden_pii.docx"))
    assert found.text.strip() == "WK01: fine"
    assert found.left_out == (
        "hidden text left out (1)",
        "tracked deletions left out (1)",
        "comments left out (1)",
    )


def test_every_bad_document_is_tested(bad_inputs):
    assert {path.name for path in (bad_inputs / "docx").iterdir()} == {
        "truncated.docx", "not_zip.docx", "bomb.docx", "bomb_paragraphs.docx", "xxe.docx", "traversal.docx",
        "external_image.docx", "hidden_pii.docx",
    }  # fmt: skip


def test_a_size_that_lies_is_not_trusted(bad_inputs):
    with pytest.raises(Rejected, match="not a complete .docx|expands beyond the limit"):
        check_archive(read_source(bad_inputs / "zip/lying_size.zip"))


def test_too_many_members_are_refused():
    with pytest.raises(Rejected, match="expands beyond the limit"):
        check_archive(source(rebuilt({f"m{n}": b"" for n in range(5001)})))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, rebuilt({"[Content_Types].xml": b"<Types/>"}),
             rebuilt({"word/document.xml": b"<a/>"}), rebuilt({"[Content_Types].xml": b"not xml"})],
)  # fmt: skip
def test_an_archive_without_a_document_is_refused(data):
    with pytest.raises(Rejected, match="not a complete .docx"):
        read_docx(source(data))


def test_damaged_documents_are_read_or_refused_and_nothing_else():
    document = docx.Document()
    document.add_paragraph("I: How?")
    with zipfile.ZipFile(io.BytesIO(saved(document))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    rng = random.Random(1)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(100):
        name = rng.choice(["word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"])
        data = bytearray(members[name])
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(6)] = bytes(rng.randrange(32, 127) for _ in range(rng.randrange(6)))
        try:
            read_docx(source(rebuilt({**members, name: bytes(data)})))
            outcomes["read"] += 1
        except Rejected:
            outcomes["refused"] += 1
    assert sum(outcomes.values()) == 100
    assert min(outcomes.values()) > 5


def test_the_paragraphs_of_a_text_box_stand_below_its_paragraph_and_are_said_by_nobody():
    paragraphs = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in ("Note", "of two lines"))
    found = with_body(f"<w:r><w:t>R1: Fine.</w:t></w:r><w:r><w:txbxContent>{paragraphs}</w:txbxContent></w:r>")
    assert found.text.strip() == "R1: Fine.\nNote\nof two lines"
    assert [found.text[at:].split("\n")[0] for at, head in found.heads.items() if not head.label] == [
        "Note", "of two lines"
    ]  # fmt: skip


def test_a_text_box_in_which_somebody_speaks_is_speech():
    box = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in ("I: How?", "And why?"))
    assert with_body(f"<w:r><w:txbxContent>{box}</w:txbxContent></w:r>").heads == {}


def test_footnotes_are_left_out_and_told():
    found = with_body('<w:r><w:t>Fine</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>')
    assert (found.text.strip(), found.left_out) == ("Fine", ("footnotes left out (1)",))


def test_how_a_character_is_pronounced_is_not_part_of_the_words():
    ruby = "<w:rt><w:r><w:t>fang</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>访</w:t></w:r></w:rubyBase>"
    assert with_body(f"<w:r><w:t>受</w:t></w:r><w:r><w:ruby>{ruby}</w:ruby></w:r>").text.strip() == "受访"


def test_paragraphs_inside_of_custom_markup_are_read():
    document = docx.Document()
    document.element.body.insert(
        0, parse_xml(f"<w:customXml {W}><w:p><w:r><w:t>I: How?</w:t></w:r></w:p></w:customXml>")
    )
    assert read(document).text.strip() == "I: How?"


def sign(font: str, char: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'


def test_ticked_boxes_of_a_questionnaire_are_read_and_other_signs_told():
    found = with_body(
        f"{sign('Wingdings', 'F0FE')}<w:r><w:t>yes </w:t></w:r>{sign('Wingdings 2', 'f0A3')}<w:r><w:t>no</w:t></w:r>"
        f"{sign('Webdings', 'F021')}"
    )
    assert (found.text.strip(), found.left_out) == ("☑yes ☐no", ("symbols of a picture font left out (1)",))


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>', "☑"),
        ('<w:checkBox><w:default w:val="1"/></w:checkBox>', "☑"),
        ('<w:checkBox><w:checked w:val="0"/></w:checkBox>', "☐"),
        ('<w:ddList><w:result w:val="1"/><w:listEntry w:val="no"/><w:listEntry w:val="yes"/></w:ddList>', "yes"),
        ('<w:ddList><w:listEntry w:val="no"/><w:listEntry w:val="yes"/></w:ddList>', "no"),
        ('<w:ddList><w:result w:val="7"/><w:listEntry w:val="no"/></w:ddList>', ""),
        ("<w:textInput/>", ""),
    ],
)
def test_fields_of_a_form_are_read_as_they_are_filled(data, shown):
    field = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
    assert with_body(f"{field}<w:r><w:t>!</w:t></w:r>").text.strip() == f"{shown}!"
