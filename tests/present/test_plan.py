from __future__ import annotations

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.analysis.planning import lower_end
from bwa_study.cli import main

A, B = "simulated-human-A", "simulated-human-B"


def test_the_command_writes_the_table_the_curve_and_one_line(tmp_path, capsys):
    bwa.write_demo(tmp_path / "demo", seed=1, size="lite")
    out = tmp_path / "plan.csv"
    with pytest.raises(SystemExit) as end:
        main(["plan", str(tmp_path / "demo"), "--out", str(out), "--coders", f"{A},{B}"])

    line = capsys.readouterr().out
    table = pd.read_csv(out, encoding="utf-8-sig")
    codes = table[table["code"].notna()]
    now = int(codes["n_units"].max())
    assert end.value.code == 0
    assert f"{now} turns double-coded; by plan enough for 'tentative' in " in line
    assert f"for 'use' in {(codes['needed_use'] <= now).sum()} of 26 codes" in line
    assert f"in {codes['needed_use'].isna().sum()} it is not reached by more coding" in line
    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")


def test_other_endings_are_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["plan", str(tmp_path), "--out", str(tmp_path / "plan.pdf")])

    assert end.value.code == 2
    assert "unknown kind of table '.pdf' — known: .csv, .xlsx" in capsys.readouterr().err


def test_the_curves_are_the_lower_ends_and_the_dashed_lines_the_limits(lite_study):
    result = bwa.plan_double_coding(bwa.matrix(lite_study, coders=[A, B]))
    axes = result.plot(alpha=0.9, design_effect=2.0).axes[0]
    first = axes.lines[0]
    units, low = first.get_xdata()[40], first.get_ydata()[40]

    assert low == lower_end(alpha=0.9, prevalence=0.01, design_effect=2.0, units=units)
    assert [line.get_ydata()[0] for line in axes.lines[5:7]] == [0.8, 0.667]
    assert [t.get_text() for t in axes.get_legend().get_texts()] == [
        "1% of units", "2% of units", "5% of units", "10% of units", "25% of units"
    ]  # fmt: skip
