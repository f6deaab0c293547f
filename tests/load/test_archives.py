from __future__ import annotations

import io
import warnings
import zipfile

import pytest
import xlsxwriter

from bwa_study.load.archives import check_archive, check_workbook
from bwa_study.load.gate import Rejected, Source, read_source


def zipped(members: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return out.getvalue()


def source(data: bytes) -> Source:
    return Source("a.x", data, "")


def refusal(data: bytes, **options: object) -> str:
    with pytest.raises(Rejected) as caught:
        check_archive(source(data), **options)
    return str(caught.value)


def test_a_plain_archive_passes():
    check_archive(source(zipped({"a.xml": b"<a>1</a>", "b/c.png": b"\x89PNG"})), strict=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [0, 1_048_570, 3_000_000])
def test_a_dtd_is_found_in_every_encoding_and_wherever_it_stands(encoding, before):
    xml = "<!--" + "x" * before + "--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    assert refusal(zipped({"word/a.xml": xml.encode(encoding)})) == (
        "a.x: 'word/a.xml' declares a DTD — save the document anew in Word"
    )


@pytest.mark.parametrize(
    "head",
    ["<a/>".encode("utf-32"), "<a/>".encode("utf-32-be"), "<?xml version='1.0'?>".encode("cp037"), b"no xml",
     b"<?xml version='1.0' encoding='UTF-7'?>+ADw-!DOCTYPE"],
)  # fmt: skip
def test_xml_in_an_encoding_that_could_hide_a_dtd_is_refused(head):
    assert refusal(zipped({"a.xml": head})).startswith("a.x: not a complete .docx ('a.xml' is not XML in UTF-8) — save")


def test_a_member_given_twice_is_refused():
    data = zipped([("project.qde", b"<a/>"), ("project.qde", b"<b/>")])
    assert refusal(data, kind=".qdpx") == (
        "a.x: duplicate member 'project.qde': two programs would read two different files — "
        "save it anew in the program it comes from"
    )


@pytest.mark.parametrize(
    "name", ["../../tmp/x", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", "\\\\host\\x", "C:x", "a\\..\\..\\b"]
)
def test_a_member_that_leads_out_is_refused_where_members_are_found_by_name(name):
    info = zipfile.ZipInfo("a")
    info.filename = name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, b"x")
    assert " leads out of the archive — do not use this file" in refusal(out.getvalue(), kind=".qdpx", strict=True)
    check_archive(source(out.getvalue()))


def test_links_and_archives_in_the_archive_are_refused_in_strict_reading():
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, b"/etc/passwd")
    assert "member 'link' is a link" in refusal(out.getvalue(), strict=True)
    assert "member 'b.zip' is an archive in the archive" in refusal(zipped({"b.zip": b"PK"}), strict=True)


def test_encrypted_and_old_files_say_what_to_save():
    data = bytearray(zipped({"a.xml": b"<a/>"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1
    assert refusal(bytes(data), kind=".xlsx") == "a.x: it is encrypted — save it as .xlsx without password"
    old = b"\xd0\xcf\x11\xe0" + b"\0" * 600
    assert refusal(old, kind=".xlsx") == (
        "a.x: this is an Excel 97-2003 or an encrypted file — open it in Excel and save it as .xlsx without password"
    )
    assert "this is an old Office or an encrypted file — open it in its program" in refusal(old, kind=".odt")


def test_sizes_are_counted_and_not_believed(bad_inputs):
    assert "it expands beyond the limit of 100,000,000 bytes" in refusal(zipped({"a": b"\0" * 100_000_001}))
    lying = read_source(bad_inputs / "zip/lying_size.zip").data
    assert "a.x: not a complete .docx" in refusal(lying) or "expands beyond" in refusal(lying)


def test_more_rows_than_a_sheet_can_have_are_refused(bad_inputs):
    with pytest.raises(Rejected, match="'xl/worksheets/sheet1.xml' has more than 1,048,576 rows — save the table anew"):
        check_workbook(read_source(bad_inputs / "xlsx/bomb_rows.xlsx"))


def workbook(**formula: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", 1, None, "=1+1"])
        sheet.write_formula("B2", "=1+1", None, **formula)
    return out.getvalue()


def test_a_formula_that_was_never_calculated_is_refused_with_its_cell(bad_inputs):
    with pytest.raises(Rejected) as caught:
        check_workbook(read_source(bad_inputs / "xlsx/formula_no_cache.xlsx", name="f.xlsx"))
    assert str(caught.value) == (
        "f.xlsx: 'xl/worksheets/sheet1.xml': A2 is a formula with no value — "
        "open the workbook in its program, which calculates them, and save it; or paste them as values"
    )
    check_workbook(source(workbook(value=2)))
    check_workbook(source(workbook(value="")))


def test_only_the_first_cells_without_value_are_listed():
    cells = "".join(f'<row r="{n}"><c r="AB{n}" s="1"><f>1</f></c><c r="C{n}"><v>1</v></c></row>' for n in range(1, 6))
    data = zipped({"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()})
    with pytest.raises(Rejected, match=r"AB1, AB2, AB3 and 2 more are formulas with no value"):
        check_workbook(source(data))
