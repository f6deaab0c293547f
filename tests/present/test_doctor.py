from __future__ import annotations

import importlib.util
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from bwa_study.cli import cli
from bwa_study.present.doctor import EXTRAS, Finding, examine_installation, packages_needed
from small_study import write_study


def by_name(findings):
    return {f.name: f for f in findings}


def test_versions_of_everything_that_is_needed_are_told():
    found = by_name(examine_installation())
    needed = packages_needed()
    assert needed["numpy"] == "2.0"
    assert {"bwa_study", "Python", *needed} <= set(found)
    assert all(found[p].state == "ok" for p in needed)


def test_a_package_that_is_missing_or_too_old_is_a_problem(monkeypatch):
    real = metadata.version

    def version(name):
        if name == "pyarrow":
            raise metadata.PackageNotFoundError(name)
        return "1.26.4" if name == "numpy" else real(name)

    monkeypatch.setattr(metadata, "version", version)
    found = by_name(examine_installation())
    assert str(found["numpy"]) == "PROBLEM numpy: 1.26.4 is older than 2.0 — pip install 'numpy>=2.0'"
    assert str(found["pyarrow"]) == "PROBLEM pyarrow: not installed — pip install 'pyarrow>=17.0'"


def test_a_missing_extra_says_what_it_would_add(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "distributed" else real(name))
    finding = by_name(examine_installation())["extra cluster"]
    assert str(finding) == (
        "missing extra cluster: coding on several machines or processes (engine='dask') — "
        "pip install 'bwa-study[cluster]' adds it"
    )


def test_every_extra_of_the_package_is_looked_at():
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
    assert finding.mend == f"{tmp_path / 'file'} is a file: name another folder"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder in which nobody can make a file")
def test_what_may_be_written_is_tried_and_not_asked():
    finding = by_name(examine_installation(out="/proc/self/outputs"))["outputs"]
    assert finding.state == "problem"
    assert finding.mend.startswith("get the right to write into /proc/")


def test_looking_leaves_nothing_behind(tmp_path):
    assert by_name(examine_installation(out=tmp_path / "a" / "b"))["outputs"].state == "ok"
    assert list(tmp_path.iterdir()) == []


def test_the_command_exits_with_2_where_something_is_wrong(tmp_path):
    runner = CliRunner()
    good = write_study(tmp_path / "good")
    assert runner.invoke(cli, ["doctor", str(good), "--out", str(tmp_path)]).exit_code == 0
    (good / "study.yaml").unlink()
    result = runner.invoke(cli, ["doctor", str(good), "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "PROBLEM study: " in result.output
    assert result.output.splitlines()[-1].startswith("1 problem")


def test_a_finding_is_one_line():
    assert str(Finding("a", "ok", "b")) == "ok      a: b"
