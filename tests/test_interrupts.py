"""Ctrl-C at any moment of a command: one line, exit code 130, and everything as before the command or as after it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from bwa_study.coding.log.exchange import jsonl_files
from bwa_study.coding.log.log import open_log
from bwa_study.load.log_store import read_log
from bwa_study.model.events import Event
from small_study import write_study

BEGUN = """
import os, sys
from bwa_study.__main__ import main, watch_interrupts
watch_interrupts()
os.write(1, b"begun\\n")
main()
"""
"""The program, which says when its own first line has run; what comes before is the interpreter's."""
LOADING = """
import os, signal, sys
from bwa_study.__main__ import main
module = sys.argv.pop(1)

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
main()
"""
"""The program, to which Ctrl-C comes when it begins to load a module."""


HOLDING = """
import os, signal, sys
from pathlib import Path
from bwa_study.__main__ import watch_interrupts
from bwa_study.load.folder_lock import held
folder = Path(sys.argv[1])

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "colorsys":
            print(len(list(folder.iterdir())), flush=True)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
watch_interrupts()
with held(folder, "log import"):
    import colorsys
"""
"""A program to which Ctrl-C comes when it begins to load a module while it holds a folder."""


def started(*arguments: object) -> subprocess.Popen[str]:
    """A command as a terminal starts it: in a process group of its own, to which Ctrl-C goes."""
    call = [sys.executable, "-c", BEGUN, *map(str, arguments)]
    running = subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    return running


def interrupted(wait: float, *arguments: object) -> tuple[int, str]:
    """Exit code and what was said when Ctrl-C comes `wait` seconds after the beginning."""
    with started(*arguments) as running:
        time.sleep(wait)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
    return running.returncode, said.lstrip("\n")  # a terminal has written ^C on the line before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A file of 2,000 events of c1 to import."""
    with open_log(tmp_path / "source.sqlite") as log:
        log.extend([
            Event(id=str(uuid.uuid4()), coder="c1", operation="examine", transcript="e-w-1", turns=(2,))
            for _ in range(2000)
        ])  # fmt: skip
        (name, data), *_ = jsonl_files(log.events()).items()
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def length(*arguments: object) -> float:
    """Seconds that a command takes from its beginning to its end."""
    with started(*arguments) as running:
        began = time.monotonic()
        _, said = running.communicate(timeout=60)
        assert (running.returncode, said) == (0, "")
        return time.monotonic() - began


@pytest.mark.slow
def test_an_import_that_is_interrupted_at_any_moment_is_whole_or_not_there(folder, events):
    log = folder / "codings.sqlite"
    longest = length("log", "import", folder, events)
    assert len(read_log(log)) == 2000
    chance, ended = random.Random(5), set()
    for _ in range(20):
        for left in folder.glob("codings.sqlite*"):
            left.unlink()
        code, said = interrupted(chance.random() * longest, "log", "import", folder, events)
        assert (code, said) in {(130, "interrupted\n"), (0, "")}
        ended.add(code)
        kept = len(read_log(log)) if log.exists() else 0
        assert kept in ({0, 2000} if code else {2000})
        assert not list(folder.glob(".*"))
    assert 130 in ended


@pytest.mark.parametrize(
    "module", ["click", "bwa_study.cli.study", "numpy", "pandas.core.frame", "bwa_study.load.study"]
)
def test_ctrl_c_while_the_program_loads_its_parts_is_one_line(folder, module):
    call = [sys.executable, "-c", LOADING, module, "check", str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.lstrip("\n")) == (130, "", "interrupted\n")


def test_a_program_that_ends_at_once_takes_its_lock_away(tmp_path):
    call = [sys.executable, "-c", HOLDING, str(tmp_path)]
    done = subprocess.run(call, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "1\n", "interrupted\n")
    assert list(tmp_path.iterdir()) == []
