from __future__ import annotations

import csv

import openpyxl
import pytest

from bwa_study.model.errors import ProblemsFound, UnknownName
from bwa_study.present.export import write_theme_table
from small_study import write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("export") / "study")


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_table_is_written_and_one_line_says_what_is_in_it(study, tmp_path):
    line = write_theme_table(study, tmp_path / "t.csv", by=("group",))
    assert line == f"{tmp_path}/t.csv: 20 cells; Share of interviews with a code, by group; coder indicators"
    rows = rows_of(tmp_path / "t.csv")
    assert len(rows) == 20
    (listening,) = [r for r in rows if (r["code"], r["polarity"], r["group"]) == ("listening", "present", "worker")]
    assert (listening["n"], listening["denominator"], listening["share"]) == ("3", "5", "0.6")


def test_polarity_and_count_are_those_asked_for(study, tmp_path):
    line = write_theme_table(study, tmp_path / "t.csv", by=(), polarity=("mentioned",), count="turns")
    assert "Share of turns with a code, by the whole study" in line
    rows = rows_of(tmp_path / "t.csv")
    assert {r["polarity"] for r in rows} == {"mentioned"}
    assert next(r for r in rows if r["code"] == "listening")["n"] == "5"


def test_the_ending_chooses_the_kind_of_file(study, tmp_path):
    write_theme_table(study, tmp_path / "t.xlsx", by=("round",))
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames[0] == "Present"


def test_an_unknown_ending_is_refused_before_the_study_is_read(tmp_path):
    with pytest.raises(UnknownName, match=r"unknown kind of table '\.ods' — known: \.csv, \.xlsx"):
        write_theme_table(tmp_path / "no such study", tmp_path / "t.ods")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ("gruop",)}, "unknown field to count by 'gruop', did you mean 'group'"),
        ({"polarity": ("presents",)}, "unknown polarity 'presents', did you mean 'present'"),
        ({"count": "people"}, "unknown count 'people' — known: interviews, turns, segments, words"),
        ({"coder": "me"}, "unknown coder 'me' — known: indicators"),
    ],
)
def test_unknown_options_are_refused_and_nothing_is_written(study, tmp_path, options, message):
    with pytest.raises(UnknownName, match=message):
        write_theme_table(study, tmp_path / "t.csv", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_study_is_one_problem(tmp_path):
    with pytest.raises(ProblemsFound, match=r"there is no 'study\.yaml' here"):
        write_theme_table(tmp_path / "none", tmp_path / "t.csv")
