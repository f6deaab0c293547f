from __future__ import annotations

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.model.errors import WrongCall
from bwa_study.present.necessity import write_necessity
from small_study import write_study

TABLES = (
    "cases",
    "necessity",
    "deviant_cases",
    "robustness",
    "truth_table",
    "truth_table_negated",
    "solutions",
    "solutions_negated",
    "nca",
)
FIGURES = ("F4_two_by_two", "robustness", "truth_table", "ceilings")


@pytest.fixture(scope="module")
def stressed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stressed")
    bwa.write_demo(folder / "study", seed=1, size="lite", stress=True)
    lines = write_necessity(folder / "study", folder / "out", kinds=[".csv"], draws=0, permutations=200)
    return folder / "out", lines


def test_tables_figures_and_claims_are_written(stressed):
    out, lines = stressed
    expected = {f"{n}.csv" for n in TABLES} | {f"{n}.png" for n in FIGURES} | {"bottleneck.csv", "claims.md"}
    assert {p.name for p in out.iterdir()} == expected
    assert lines[-1] == f"{len(expected)} files in {out}"


def test_claims_are_printed_and_written_in_both_languages(stressed):
    out, lines = stressed
    page = (out / "claims.md").read_text(encoding="utf-8")
    assert lines[0].startswith("Oversight by the client: present in ")
    assert f"- {lines[0]}" in page
    assert "客户监督" in page
    assert "SYNTHETIC DATA" in page


def test_who_cannot_be_classified_is_told_and_every_row_counts_its_cases(stressed):
    out, lines = stressed
    assert "openness: F09 cannot be classified." in lines
    table = pd.read_csv(out / "necessity.csv").set_index("expression")
    assert table.loc["openness", "n"] == 11
    assert table.loc["oversight", "n"] == 12
    scores = pd.read_csv(out / "cases.csv")
    row = scores[(scores["case"] == "F09") & (scores["measure"] == "openness")].iloc[0]
    assert pd.isna(row["score"])
    assert row["reason"] == "no interview of worker in R2 was asked about it and read by the coder"


def test_the_bottleneck_table_says_what_is_not_necessary_and_what_no_level_reaches(stressed):
    table = pd.read_csv(stressed[0] / "bottleneck.csv", keep_default_na=False)
    assert list(dict.fromkeys(table["unit"])) == ["actual", "percentage", "percentile"]
    assert "NN" in set(table["oversight"])
    assert not table["oversight"].astype(str).str.contains("inf").any()


def test_a_study_without_rules_is_told_what_to_add(tmp_path, capsys):
    folder = write_study(tmp_path / "study")
    with pytest.raises(WrongCall, match="add the block 'necessity' to study.yaml"):
        write_necessity(folder, tmp_path / "out")
    with pytest.raises(SystemExit) as ended:
        main(["necessity", str(folder), "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert "bwa-study: this study does not say how its cases are scored" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
