"""What a killed command left in a study folder, when the study is opened next."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.coding.log.log import open_log
from bwa_study.load.folder_lock import held, partial_name
from bwa_study.load.leftovers import Mark
from bwa_study.model.errors import ProblemsFound
from bwa_study.model.events import Event
from small_study import CODEBOOK, write_study

EVENT = "10000000-0000-4000-8000-000000000001"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


@pytest.fixture
def stopped(folder: Path) -> Path:
    """A study whose codebook was being changed from 2.1.0 to 2.2.0: the new one is there, the log is not extended."""
    (folder / "codebook_versions" / "2.1.0").mkdir(parents=True)
    (folder / "codebook.yaml").rename(folder / "codebook_versions" / "2.1.0" / "codebook.yaml")
    (folder / "codebook.yaml").write_text(CODEBOOK.replace("2.1.0", "2.2.0"), encoding="utf-8")
    (folder / "recoding_queue.csv").write_text("transcript\n", encoding="utf-8")
    mark = Mark("2.1.0", "2.2.0", ("codebook.yaml",), ("recoding_queue.csv",), EVENT)
    (folder / "codebook_versions" / "unfinished").write_bytes(mark.write())
    with open_log(folder) as log:
        log.append(Event(id=EVENT[:-1] + "0", coder="c1", operation="examine", transcript="e-w-1", turns=(2,)))
    return folder


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    return ended.pid


def test_a_change_of_codebook_that_was_stopped_is_taken_back_and_said_once(stopped):
    study = bwa.load_study(stopped)
    assert study.codebook.version == "2.1.0"
    assert not (stopped / "recoding_queue.csv").exists()
    (note,) = [str(p) for p in study.problems]
    assert note == (
        f"{stopped}/codebook_versions/unfinished: note: the change to codebook 2.2.0 was interrupted; it was taken "
        "back, codebook 2.1.0 holds — do it again: bwa-study codebook migrate"
    )
    assert bwa.load_study(stopped).problems == ()


def test_a_change_of_codebook_whose_events_are_in_the_log_stands(stopped):
    with open_log(stopped) as log:
        log.append(Event(id=EVENT, coder="c1", operation="unexamine", transcript="e-w-1", turns=(2,)))
    study = bwa.load_study(stopped)
    assert study.codebook.version == "2.2.0"
    assert (stopped / "recoding_queue.csv").exists()
    assert [p.what for p in study.problems if p.severity == "note"] == [
        "the change to codebook 2.2.0 was interrupted; everything had been written, so it stands"
    ]
    assert not (stopped / "codebook_versions" / "unfinished").exists()


def test_while_the_codebook_is_being_changed_nobody_reads_the_study(stopped):
    before = (stopped / "codebook.yaml").read_bytes()
    with held(stopped, "codebook migrate", alone=True), pytest.raises(ProblemsFound) as refused:
        bwa.load_study(stopped)
    assert [p.what for p in refused.value.problems] == ["a change of the codebook is not done yet"]
    assert f"(process {os.getpid()})" in refused.value.problems[0].mend
    assert (stopped / "codebook.yaml").read_bytes() == before


@pytest.mark.parametrize("text", ["2.1.0", "{}", '{"old": 1}', '{"replaced": 3, "made": []}'])
def test_a_damaged_mark_is_one_line_and_nothing_is_touched(stopped, text):
    (stopped / "codebook_versions" / "unfinished").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound, match="the mark of a change of the codebook is damaged"):
        bwa.load_study(stopped)
    assert (stopped / "recoding_queue.csv").exists()


def test_what_a_killed_program_was_writing_is_deleted_and_named(folder):
    (folder / "codings").mkdir()
    mine, left = partial_name(folder / "codings" / "c2.csv"), folder / "codings" / "c2.csv"
    left = mine.with_name(mine.name.replace(f"-{os.getpid()}.", f"-{dead_process()}."))
    for path in (mine, left):
        path.write_text("id,trans", encoding="utf-8")
    study = bwa.load_study(folder)
    assert [str(p) for p in study.problems if p.severity == "note"] == [
        f"{left}: note: a program was killed while it wrote this file; it was deleted — do again what was killed"
    ]
    assert mine.exists()
    assert not left.exists()
