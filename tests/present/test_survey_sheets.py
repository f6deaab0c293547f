from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import bwa_study as bwa
from bwa_study.cli import cli
from bwa_study.load.protected import WouldOverwriteInput
from bwa_study.model.errors import UnknownName
from bwa_study.present.survey_sheets import write_survey

YAML = """\
keys: {respondent: id, site: site, group: group, round: t}
waves: [{file: survey.csv}]
scale: {levels: [1, 2, 3, 4]}
items:
  - {id: q1, construct: talk, wording: {en: They ask us., zh: 他们问我们。}, reworded: {R2: {en: They asked us.}}}
  - {id: q2, construct: talk}
"""
ROWS = "id,site,group,t,q1,q2\na,F01,worker,R1,1,2\nb,F02,worker,R1,4,4\na,F01,worker,R2,3,3\nc,F02,worker,R2,3,4\n"


@pytest.fixture
def folder(survey_study):
    return survey_study(ROWS, yaml=YAML)


def test_the_workbook_has_a_sheet_for_each_table(folder, tmp_path):
    line = write_survey(folder, tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")

    assert book.sheetnames == ["Items", "Wording", "Levels", "Scales", "Dropped", "Panel", "Balance", "Interviews",
                               "Change", "Notes"]  # fmt: skip
    assert line.endswith(
        "s.xlsx: 4 respondents in 2 rounds, 2 items; "
        "1 of 3 persons with an id that stays were met in two rounds or more"
    )


def test_the_numbers_in_the_workbook_are_those_of_the_library(folder, tmp_path):
    write_survey(folder, tmp_path / "s.xlsx", by=("group",))
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["Items"]
    head, first = (next(sheet.iter_rows(min_row=n, max_row=n, values_only=True)) for n in (1, 4))
    row = dict(zip(head, first, strict=True))

    expected = bwa.survey_items(bwa.load_study(folder), by=("group",)).cell("q1", group="worker")
    assert (row["item"], row["group"], row["asked"]) == ("q1", "worker", 4)
    assert (row["mean"], row["se"]) == pytest.approx((expected["mean"], expected["se"]))


def test_the_wording_stands_in_all_languages_and_rounds(folder, tmp_path):
    write_survey(folder, tmp_path / "s.xlsx")
    rows = list(
        openpyxl.load_workbook(tmp_path / "s.xlsx")["Wording"].iter_rows(min_row=2, max_col=7, values_only=True)
    )

    assert rows[:2] == [
        ("q1", "talk", "", "no", "", "They ask us.", "他们问我们。"),
        ("q1", "talk", "R2", "no", "", "They asked us.", ""),
    ]


def test_a_csv_has_the_other_tables_beside_it(folder, tmp_path):
    write_survey(folder, tmp_path / "out" / "s.csv")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"s.csv", "s_scales.csv", "s_panel.csv", "s_change.csv"} <= names
    assert len(pd.read_csv(tmp_path / "out" / "s.csv")) == 2 * 3 * 2


def test_the_files_of_the_study_are_not_written_over(folder):
    before = (folder / "raw" / "survey.csv").read_bytes()
    with pytest.raises(WouldOverwriteInput, match=r"survey\.csv: this is a file of the study"):
        write_survey(folder, folder / "raw" / "survey.csv")
    assert (folder / "raw" / "survey.csv").read_bytes() == before


def test_another_kind_of_file_is_refused(folder, tmp_path):
    with pytest.raises(UnknownName, match=r"unknown kind of table '.docx'"):
        write_survey(folder, tmp_path / "s.docx")


def test_the_command_writes_and_says_what_it_wrote(folder, tmp_path):
    done = CliRunner().invoke(cli, ["survey", str(folder), "--out", str(tmp_path / "s.xlsx"), "--by", "group"])

    assert done.exit_code == 0
    assert "4 respondents in 2 rounds, 2 items" in done.output
    assert (tmp_path / "s.xlsx").exists()


def test_check_says_how_many_answered(folder):
    done = CliRunner().invoke(cli, ["check", str(folder)])

    assert "1 interviews, 0 codings, 4 respondents of a survey; no problem" in done.output


def test_check_names_where_nobody_answered(folder):
    done = CliRunner().invoke(cli, ["check", str(folder)])

    (line,) = (line for line in done.output.splitlines() if "nobody answered the survey" in line)
    assert line.strip() == ("nobody answered the survey: brand_staff R1; brand_staff R2; manager R1; manager R2")
