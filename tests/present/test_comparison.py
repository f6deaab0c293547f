from __future__ import annotations

import pandas as pd
import pytest

from bwa_study.cli import main
from small_study import SYNTHETIC_STUDY, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("compare") / "study", study=SYNTHETIC_STUDY)


def called(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main([*map(str, arguments)])
    return end.value.code, capsys.readouterr()


def test_a_small_study_is_compared_and_too_few_are_said_to_be_too_few(study, tmp_path, capsys):
    out = tmp_path / "groups.csv"
    code, said = called(capsys, "compare", study, "--between", "group", "--out", out)
    assert code == 0
    assert said.out.startswith(f"{out}: Difference between groups: ")
    assert "too few to say for" in said.out
    table = pd.read_csv(out)
    assert {"too few to say"} <= set(table["status"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--only", "group"], "bwa-study: --only group — write FIELD=LEVEL, such as --only group=worker"),
        (["--between", "rond"], "unknown field to compare by 'rond', did you mean 'round'"),
        (["--levels", "start"], "levels names the two rounds to compare, from and to; got start"),
    ],
)
def test_a_wrong_call_is_one_plain_line_and_nothing_is_written(study, tmp_path, capsys, options, message):
    code, said = called(capsys, "compare", study, "--out", tmp_path / "x.csv", *options)
    assert code == 2
    assert message in said.err
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []
