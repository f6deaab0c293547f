"""What can go wrong with a folder and not with one file: rights, files changed behind our back, odd paths."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bwa_study.load.check import check_path
from bwa_study.load.study import load_study
from bwa_study.present.new_study import init_study
from bwa_study.present.propose import propose_codings
from bwa_study.present.tables import CannotWrite
from small_study import write_study

NOBODY = 65534
pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Without the rights of root, whom no mode stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_transcript_that_may_not_be_read_is_named_with_the_right_that_is_missing(open_place):
    folder = write_study(open_place / "s")
    (folder / "raw/interviews/e-w-1.txt").chmod(0)
    with as_somebody_else():
        problems = [str(p) for p in check_path(folder).problems if p.severity == "error"]
    assert len(problems) == 1
    assert "interviews/e-w-1.txt': permission to read it is missing — give yourself the right to read it" in problems[0]


def test_a_folder_that_may_not_be_written_is_named_and_nothing_is_left(open_place):
    (open_place / "pile").mkdir()
    (open_place / "pile/a.txt").write_text("I: How?\nR1: Fine.\n", encoding="utf-8")
    target = open_place / "mine"
    target.mkdir(mode=0o555)
    with as_somebody_else(), pytest.raises(CannotWrite, match="mine"):
        init_study(target, pile=open_place / "pile")
    assert list(target.iterdir()) == []


def test_a_read_only_study_is_read(open_place):
    folder = write_study(open_place / "s")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with as_somebody_else():
            assert len(load_study(folder).corpus) == 6
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


def test_a_transcript_swapped_for_one_of_the_same_length_detaches_its_codings(tmp_path):
    folder = write_study(tmp_path / "s")
    (folder / "codings").mkdir()
    propose_codings(folder, folder / "codings/indicators.csv")
    before = len(load_study(folder).codings)
    path = folder / "raw/interviews/e-w-2.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("They listen when", "They hear us, so"), encoding="utf-8")
    assert len(path.read_text(encoding="utf-8")) == len(text)

    study = load_study(folder)

    kept = [one.transcript for one in study.codings]
    assert before > len(kept) > 0
    assert "e-w-2" not in kept
    assert any("no longer stand on their text (transcripts e-w-2)" in p.what for p in study.problems)


@pytest.mark.parametrize(
    "name", ["with space", "研究资料", "a" * 100 + "/" + "长" * 60 + "/" + "b" * 100, "-rf", "#1;&"]
)
def test_a_study_may_stand_under_any_path(tmp_path, name):
    folder = tmp_path / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    assert len(load_study(write_study(folder)).corpus) == 6
