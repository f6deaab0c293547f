from __future__ import annotations

import pytest

from bwa_study.cli import main
from small_study import write_study


@pytest.mark.parametrize(
    ("command", "target"),
    [
        (["code"], "raw/interviews.csv"),
        (["export", "themes"], "raw/interviews.csv"),
    ],
)
def test_an_output_never_takes_the_place_of_a_file_of_the_study(command, target, tmp_path, capsys):
    folder = write_study(tmp_path / "s")
    before = (folder / target).read_bytes()

    with pytest.raises(SystemExit) as end:
        main([*command, str(folder), "--out", str(folder / target)])

    assert end.value.code == 2
    assert "interviews.csv: this is a file of the study — give another name for the output" in capsys.readouterr().err
    assert (folder / target).read_bytes() == before


def test_a_link_to_a_file_of_the_study_is_refused_too(tmp_path, capsys):
    folder = write_study(tmp_path / "s")
    (tmp_path / "out.csv").symlink_to(folder / "raw" / "interviews.csv")

    with pytest.raises(SystemExit) as end:
        main(["export", "themes", str(folder), "--out", str(tmp_path / "out.csv")])

    assert end.value.code == 2
    assert "this is a file of the study" in capsys.readouterr().err
