from __future__ import annotations

import dataclasses
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bwa_study.load.folder_lock import FolderHeld, Holder, held, is_left_partial, is_running, partial_name, read_holder


@pytest.fixture
def dead() -> int:
    """Number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    return ended.pid


@pytest.fixture
def other() -> Iterator[int]:
    """Number of another process, which runs."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        yield running.pid
        running.kill()


def leave(folder: Path, **values: object) -> Path:
    """A lock of somebody else, `recode` on this machine by default."""
    base = {"what": "recode", "host": socket.gethostname(), "process": 1, "started": "", "alone": False, "local": True,
            "since": "2026-03-01T09:00:00Z"}  # fmt: skip
    path = folder / ".bwa-study-0123456789ab.lock"
    path.write_text(json.dumps(dataclasses.asdict(Holder(**{**base, **values}))), encoding="utf-8")
    return path


def test_while_somebody_works_a_file_says_who_and_afterwards_it_is_gone(tmp_path):
    with held(tmp_path, "recode") as found:
        (path,) = tmp_path.iterdir()
        there = read_holder(path)
    assert found == ()
    assert there is not None
    assert (there.what, there.host, there.process) == ("recode", socket.gethostname(), os.getpid())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", there.since)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_the_lock_is_put_in_its_place_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(source, target):
        assert Path(source).exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt), held(tmp_path, "recode"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_dead_process_is_taken_over_with_a_note(tmp_path, dead):
    leave(tmp_path, process=dead, alone=True)
    with held(tmp_path, "codebook migrate", alone=True) as found:
        pass
    (note,) = found
    assert note == (
        f"'recode' on {socket.gethostname()} (process {dead}) since 2026-03-01T09:00:00Z was killed and had left its "
        "lock .bwa-study-0123456789ab.lock; it was taken over"
    )
    assert list(tmp_path.iterdir()) == []


def test_who_wants_the_folder_alone_is_refused_while_another_process_works(tmp_path, other):
    path = leave(tmp_path, process=other)
    with pytest.raises(FolderHeld) as refused, held(tmp_path, "codebook migrate", alone=True):
        pass
    assert str(refused.value) == (
        f"{tmp_path}: 'recode' on {socket.gethostname()} (process {other}) since 2026-03-01T09:00:00Z works on this "
        "study — end it, or wait until it is done"
    )
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_begins_while_another_has_the_folder_alone(tmp_path, other):
    leave(tmp_path, process=other, alone=True, what="codebook migrate")
    with pytest.raises(FolderHeld, match=rf"'codebook migrate' on .* \(process {other}\)"), held(tmp_path, "recode"):
        pass


def test_programs_of_one_machine_that_do_not_mind_work_side_by_side(tmp_path, other):
    leave(tmp_path, process=other)
    with held(tmp_path, "log import") as found, held(tmp_path, "sheets in"):
        assert found == ()
        assert len(list(tmp_path.iterdir())) == 3


def test_another_machine_is_refused_where_the_log_is_a_file_with_the_way_out(tmp_path):
    path = leave(tmp_path, host="elsewhere", process=77)
    with pytest.raises(FolderHeld) as refused, held(tmp_path, "recode"):
        pass
    assert str(refused.value) == (
        f"{tmp_path}: 'recode' on elsewhere (process 77) since 2026-03-01T09:00:00Z works on this study — two machines "
        f"cannot share a coding log that is a file: end it there; if it no longer runs, delete {path}"
    )


def test_two_machines_share_a_folder_whose_log_is_a_server(tmp_path):
    leave(tmp_path, host="elsewhere", local=False)
    with held(tmp_path, "recode", local=False) as found:
        assert found == ()


def test_a_number_that_another_process_has_now_is_not_the_one_that_held_the_lock(tmp_path, other):
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system does not say when a process was started")
    assert is_running(other)
    leave(tmp_path, process=other, started="1", alone=True)
    with held(tmp_path, "recode") as found:
        assert len(found) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"what": "recode"}', '{"process": "x"}'])
def test_a_lock_that_says_nothing_is_named(tmp_path, text):
    path = tmp_path / ".bwa-study-0123456789ab.lock"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FolderHeld) as refused, held(tmp_path, "recode"):
        pass
    assert str(refused.value) == f"{path}: this lock cannot be read — if no program works on the folder, delete it"
    assert list(tmp_path.iterdir()) == [path]


def test_the_lock_goes_when_the_work_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), held(tmp_path, "recode"):
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


def test_a_half_written_file_is_known_by_its_dead_process_only(dead):
    mine = partial_name(Path("a/c1.jsonl")).name
    assert not is_left_partial(mine)
    assert is_left_partial(mine.replace(f"-{os.getpid()}.", f"-{dead}."))
    assert not is_left_partial(f".c1.jsonl.00000000-{dead}.partial")
    assert not is_left_partial(".c1.jsonl.partial")


def test_long_names_have_a_half_written_file_too(tmp_path):
    path = tmp_path / ("好" * 80 + ".csv")
    partial_name(path).write_text("", encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 1
