from __future__ import annotations

import openpyxl
import pytest

import bwa_study as bwa
from bwa_study.cli import main


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
    assert first["code"] == "client_influence"
    assert isinstance(first["alpha"], float)
    assert len(rows) == 27


def test_one_coder_is_refused_with_nothing_written(folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["agree", str(folder), "--out", str(tmp_path / "a.csv"), "--coders", "simulated-human-A"])

    assert end.value.code == 2
    assert "needs two coders or more, found 1" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
