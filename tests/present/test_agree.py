from __future__ import annotations

import re

import openpyxl
import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.present.agree import write_agreement

CODERS = ("simulated-human-A", "simulated-human-B")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("agree") / "demo"
    bwa.write_demo(path, seed=1, size="lite")
    return path


def test_the_command_writes_a_typed_table_and_a_figure(folder, tmp_path, capsys):
    coders = "simulated-human-A,simulated-human-B"
    with pytest.raises(SystemExit) as end:
        main(["agree", str(folder), "--out", str(tmp_path / "t13.xlsx"), "--coders", coders])

    assert end.value.code == 0
    line = capsys.readouterr().out
    assert "t13.xlsx: Agreement of simulated-human-A, simulated-human-B, turn by turn: " in line
    assert "client_influence" in line
    assert (tmp_path / "t13.png").read_bytes().startswith(b"\x89PNG")
    rows = list(openpyxl.load_workbook(tmp_path / "t13.xlsx")["Cells"].values)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["theme"], first["code"]) == ("oversight", "")
    assert isinstance(first["alpha"], float)
    assert len(rows) == 32


def test_the_workbook_has_t13_as_people_read_it(folder, tmp_path):
    write_agreement(folder, tmp_path / "t.xlsx", coders=CODERS, drift_of=CODERS[1])
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows = list(book["T13"].values)
    head, influence = rows[4], next(r for r in rows if r[0] == "   Client influence")
    one = dict(zip(head, influence, strict=True))

    assert book.sheetnames == ["T13", "Cells", "Drift", "Notes", "Quotes", "Codebook"]
    assert rows[1][0] == "SYNTHETIC DATA, made for demonstration"
    assert rows[2][0] == "A is simulated-human-A, B is simulated-human-B."
    assert one["Most confused with"] == "Commercial incentive"
    assert one["Rule that tells them apart"].startswith("orders, prices or ratings are the lever: commercial_incentive")
    assert one["Status"] == "qualitative"
    assert one["95% from"] < one["Alpha"] < one["95% to"]
    assert book["T13"]["H7"].number_format == "0.000"
    assert book["T13"].freeze_panes == "B6"
    assert len(rows) == 5 + 31


def test_by_group_and_drift_in_csv_are_two_tables_and_a_figure(folder, tmp_path, capsys):
    options = ["--coders", ",".join(CODERS), "--by", "group", "--drift", CODERS[1]]
    with pytest.raises(SystemExit) as end:
        main(["agree", str(folder), "--out", str(tmp_path / "t.csv"), *options])

    assert end.value.code == 0
    assert "; drift of simulated-human-B: " in capsys.readouterr().out
    assert {p.name for p in tmp_path.iterdir()} == {"t.csv", "t.png", "t_drift.csv"}
    table = pd.read_csv(tmp_path / "t.csv")
    assert list(table["group"].drop_duplicates()) == ["brand_staff", "manager", "worker"]
    assert len(table) == 3 * 31
    assert len(pd.read_csv(tmp_path / "t_drift.csv")) == 26


def test_the_line_counts_codes_from_best_to_worst(folder, tmp_path):
    line = write_agreement(folder, tmp_path / "t.csv", coders=CODERS)
    counted = re.findall(r"(use|tentative|qualitative|cannot say) (\d+)", line)

    assert [name for name, _ in counted] == [n for n in ("use", "tentative", "qualitative", "cannot say") if n in line]
    assert sum(int(n) for _, n in counted) == 26


def test_one_coder_is_refused_with_nothing_written(folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["agree", str(folder), "--out", str(tmp_path / "a.csv"), "--coders", "simulated-human-A"])

    assert end.value.code == 2
    assert "needs two coders or more, found 1" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_coders_unit_and_rule_are_the_study_s_where_the_call_names_none(tmp_path):
    bwa.write_demo(tmp_path / "demo", seed=1, size="lite")
    file = tmp_path / "demo" / "study.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("rule: krippendorff2004\n", "rule: koo_li2016\n  unit: interview\n")
    file.write_text(text.replace(f"[{CODERS[0]}, {CODERS[1]}]", f"[{CODERS[1]}, {CODERS[0]}]"), encoding="utf-8")
    by_default = write_agreement(tmp_path / "demo", tmp_path / "t.csv")
    named = write_agreement(tmp_path / "demo", tmp_path / "u.csv", coders=CODERS, unit="turn", rule="landis_koch1977")

    assert f"Agreement of {CODERS[1]}, {CODERS[0]}, interview by interview" in by_default
    assert f"Agreement of {CODERS[0]}, {CODERS[1]}, turn by turn" in named
