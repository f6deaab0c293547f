from __future__ import annotations

import importlib.util

from click.testing import CliRunner

from bwa_study.cli import cli
from bwa_study.present.doctor import EXTRAS, PACKAGES, Finding, examine_installation
from small_study import write_study


def by_name(findings):
    return {f.name: f for f in findings}


def test_versions_of_everything_that_is_needed_are_told():
    found = by_name(examine_installation())
    assert {"bwa_study", "Python", *PACKAGES} <= set(found)
    assert all(found[p].state == "ok" for p in PACKAGES)


def test_a_missing_extra_says_what_it_would_add(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "distributed" else real(name))
    finding = by_name(examine_installation())["extra cluster"]
    assert str(finding) == (
        "missing extra cluster: coding on several machines or processes (engine='dask') — "
        "pip install 'bwa-study[cluster]' adds it"
    )


def test_every_extra_of_the_package_is_looked_at():
    from importlib import metadata

    declared = set(metadata.metadata("bwa-study").get_all("Provides-Extra") or ())
    assert declared == {extra for extra, *_ in EXTRAS}


def test_the_health_of_a_study_is_its_check(tmp_path):
    good = write_study(tmp_path / "good")
    assert by_name(examine_installation(good))["study"].found == f"{good}: 6 interviews, 0 codings; no problem"
    (good / "study.yaml").write_text("id: x\n")
    finding = by_name(examine_installation(good))["study"]
    assert finding.state == "problem"
    assert finding.mend == f"bwa-study check {good} says where and how to mend it"


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    finding = by_name(examine_installation(out=tmp_path / "file" / "outputs"))["outputs"]
    assert finding.state == "problem"
    assert finding.mend == f"give yourself the right to write into {tmp_path / 'file'}"


def test_the_command_exits_with_2_where_something_is_wrong(tmp_path):
    runner = CliRunner()
    good = write_study(tmp_path / "good")
    assert runner.invoke(cli, ["doctor", str(good), "--out", str(tmp_path)]).exit_code == 0
    (good / "study.yaml").unlink()
    result = runner.invoke(cli, ["doctor", str(good), "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "PROBLEM study: " in result.output


def test_a_finding_is_one_line():
    assert str(Finding("a", "ok", "b")) == "ok      a: b"
