from __future__ import annotations

import csv
import io
import math
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.load.folder_lock import partial_name
from bwa_study.model.errors import UnknownName
from bwa_study.present.run import coded_matrix
from bwa_study.present.tables import CannotWrite, csv_bytes, labelled, wide_shares, write_bytes, write_files
from small_study import CODEBOOK, STUDY, write_study


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    study = bwa.load_study(write_study(tmp_path_factory.mktemp("tables") / "study"))
    return bwa.frequency(coded_matrix(study))


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_read_back_holds_the_same_numbers_unrounded(result, tmp_path):
    bwa.write_table(result, tmp_path / "t.csv")
    back = pd.read_csv(tmp_path / "t.csv", keep_default_na=False, na_values={"share": "", "low": "", "high": ""})
    assert list(back.columns) == [*result.table.columns, "coder", "codebook", "synthetic"]
    for name in ("share", "low", "high"):
        pd.testing.assert_series_equal(back[name], result.table[name], check_exact=True)
    for name in ("n", "denominator", "present", "not_asked"):
        assert back[name].tolist() == result.table[name].tolist()
    for name in ("group", "round", "code", "polarity", "status"):
        assert back[name].tolist() == result.table[name].tolist()


def test_csv_says_coder_codebook_and_whether_it_is_synthetic_in_every_row(result, tmp_path):
    bwa.write_table(result, tmp_path / "t.csv")
    rows = rows_of(tmp_path / "t.csv")
    assert {(r["coder"], r["codebook"], r["synthetic"]) for r in rows} == {("indicators", "small-book 2.1.0", "False")}


def test_a_cell_nobody_visited_has_no_share_and_says_so(result, tmp_path):
    bwa.write_table(result, tmp_path / "t.csv")
    cells = [r for r in rows_of(tmp_path / "t.csv") if (r["group"], r["round"]) == ("manager", "start")]
    assert {(r["share"], r["n"], r["denominator"], r["status"]) for r in cells} == {("", "0", "0", "not visited")}


def test_a_code_nobody_spoke_of_is_zero_of_n(result):
    cell = result.cell("fear", group="worker", round="end")
    assert (cell["n"], cell["denominator"], cell["share"], cell["status"]) == (0, 3, 0.0, "ok")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe_in_csv(start):
    data = csv_bytes(pd.DataFrame({f"{start}head": [f"{start}1+1", "plain"]})).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert rows == [[f"'{start}head"], [f"'{start}1+1"], ["plain"]]


def test_a_line_end_within_a_text_does_not_end_the_row():
    data = csv_bytes(pd.DataFrame({"text": ["a\rb", "c\r\nd", "\re"]})).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline=""))) == [["text"], ["a\nb"], ["c\nd"], ["'\ne"]]


def test_negative_numbers_stay_numbers_in_csv():
    assert csv_bytes(pd.DataFrame({"d": [-0.5, 1.0]})) == "\ufeffd\n-0.5\n1.0\n".encode()


def test_csv_has_the_mark_that_excel_needs_for_chinese():
    assert csv_bytes(pd.DataFrame({"组": ["工人"]})) == "\ufeff组\n工人\n".encode()


def test_missing_values_are_empty_in_csv():
    table = pd.DataFrame({"n": pd.Series([1, None], dtype="Int64"), "share": [0.5, math.nan]})
    assert csv_bytes(table).decode("utf-8-sig") == "n,share\n1,0.5\n,\n"


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1), min_size=1, max_size=5))
def test_no_text_in_csv_begins_with_a_formula_sign(texts):
    data = csv_bytes(pd.DataFrame({"text": texts})).decode("utf-8-sig")
    cells = [cell for (cell,) in list(csv.reader(io.StringIO(data, newline="")))[1:]]
    assert len(cells) == len(texts)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) for cell in cells)


def test_values_that_begin_like_a_formula_are_harmless_in_a_theme_table(tmp_path):
    interviews = (
        ("a", "P1", "worker", "start", "F01", "none", "", "", "=HYPERLINK(1)", "They listen."),
        ("b", "P2", "worker", "end", "F01", "none", "", "", "@SUM(1)", "They ignore us."),
    )
    study = bwa.load_study(write_study(tmp_path / "s", interviews=interviews, more=("line",)))
    bwa.write_table(bwa.frequency(coded_matrix(study), by=("line",)), tmp_path / "t.csv")
    assert {r["line"] for r in rows_of(tmp_path / "t.csv")} == {"'=HYPERLINK(1)", "'@SUM(1)"}


def test_labelled_leaves_the_result_alone(result):
    before = list(result.table.columns)
    assert labelled(result)["coder"].tolist()[0] == "indicators"
    assert list(result.table.columns) == before


def test_an_unknown_ending_is_refused_with_the_known_ones(result, tmp_path):
    with pytest.raises(
        UnknownName, match=r"unknown kind of table '\.xls', did you mean '\.xlsx'\? — known: \.csv, \.xlsx"
    ):
        bwa.write_table(result, tmp_path / "t.xls")
    assert list(tmp_path.iterdir()) == []


def test_the_wide_table_has_declared_order_labels_and_reasons(result):
    heads, rows = wide_shares(result, "present", "zh")
    assert heads == [("工人", "开始"), ("工人", "结束"), ("管理人员", "开始"), ("管理人员", "结束")]
    assert [(r[0], r[1]) for r in rows] == [
        ("交流", True), ("倾听", False), ("害怕", False), ("关注", True), ("来访", False),
    ]  # fmt: skip
    assert rows[1][2:] == [0.0, 0, 2, 1.0, 3, 3, "not visited", None, None, 0.0, 0, 1]
    assert rows[4][2:5] == ["not asked", None, None]


def test_the_wide_table_of_the_whole_study_has_one_column(tmp_path):
    study = bwa.load_study(write_study(tmp_path / "s", study=STUDY, codebook=CODEBOOK))
    heads, rows = wide_shares(bwa.frequency(coded_matrix(study), by=()), "present", "en")
    assert heads == [()]
    assert rows[1] == ["Listening", False, 0.5, 3, 6]


def test_a_full_disk_is_one_clear_error_and_the_old_file_stays(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"old")
    partial_name(tmp_path / "t.csv").symlink_to("/dev/full")
    with pytest.raises(CannotWrite) as caught:
        write_bytes(tmp_path / "t.csv", b"new")
    assert str(caught.value) == (
        f"{tmp_path}/t.csv: cannot be written (No space left on device) — free space, or choose another folder"
    )
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"t.csv": b"old"}


def test_of_several_files_none_is_changed_if_one_cannot_be_written(tmp_path):
    (tmp_path / "a").write_bytes(b"old a")
    partial_name(tmp_path / "b").symlink_to("/dev/full")
    with pytest.raises(CannotWrite, match="b: cannot be written"):
        write_files({tmp_path / "a": b"new a", tmp_path / "b": b"new b"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"old a"}


def test_a_folder_in_place_of_the_file_is_one_clear_error(tmp_path):
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(CannotWrite, match=r"t\.csv: cannot be written \(Is a directory\)"):
        write_bytes(tmp_path / "t.csv", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_a_file_in_place_of_the_folder_is_one_clear_error(tmp_path):
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(CannotWrite, match=r"out/t\.csv: cannot be written"):
        write_bytes(tmp_path / "out" / "t.csv", b"x")
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_a_name_too_long_for_the_disk_is_one_clear_error(tmp_path):
    with pytest.raises(CannotWrite, match="File name too long"):
        write_bytes(tmp_path / ("x" * 300 + ".csv"), b"x")


def test_an_interruption_leaves_nothing_half_written(tmp_path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "t.csv", b"x")
    assert list(tmp_path.iterdir()) == []


def test_missing_folders_are_made(tmp_path):
    write_bytes(tmp_path / "a" / "b" / "c.csv", b"x")
    assert (tmp_path / "a" / "b" / "c.csv").read_bytes() == b"x"
