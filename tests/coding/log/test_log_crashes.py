"""What happens to acknowledged events when a writer is killed, the disk is full, or many write at once."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bwa_study.coding.log.exchange import jsonl_files
from bwa_study.coding.log.log import open_log
from bwa_study.load.log_store import LogUnavailable

ROUNDS = int(os.environ.get("BWA_STUDY_KILLS", "200"))
"""Rounds of killing a writer; `make soak` asks for more."""
ADDING = """
import os, sys, uuid
from bwa_study.coding.log.log import CodingLog
from bwa_study.model.events import Event

def adding(coder):
    return Event(id=str(uuid.uuid4()), coder=coder, operation="add", transcript="t-1", coding=str(uuid.uuid4()),
                 start=3, end=7, quote="每月都来", code="follow_up", polarity="present", status="accepted")

def write(place, coder, number):
    log = CodingLog(place)
    for _ in range(number):
        os.write(1, log.append(adding(coder)).id.encode() + b"\\n")
"""
KILLED = (
    ADDING
    + """
with CodingLog(sys.argv[2]) as other:  # warm, so that each round begins at once
    other.append(adding("c1"))
for line in sys.stdin:  # a round: a new process writes until it is killed, and its acknowledgements go to stdout
    pid = os.fork()
    if pid == 0:
        write(sys.argv[1], "c1", 10**6)
    os.write(1, f"pid {pid}\\n".encode())
    os.waitpid(pid, 0)
    os.write(1, b"dead\\n")
"""
)
TOGETHER = (
    ADDING
    + """
coders, each = int(sys.argv[2]), int(sys.argv[3])
writers = []
for n in range(coders):
    writers.append(os.fork())
    if writers[-1] == 0:
        write(sys.argv[1], f"c{n}", each)
        os._exit(0)
sys.exit(sum(os.waitpid(pid, 0)[1] != 0 for pid in writers))
"""
)


IMPORTING = (
    ADDING
    + """
import random, signal, time
from pathlib import Path
from bwa_study.coding.log.exchange import import_jsonl
place, files, rounds = sys.argv[1], [Path(p) for p in sys.argv[3:]], int(sys.argv[2])
chance = random.Random(2)
longest = 0.0
for n in range(rounds + 1):
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        with CodingLog(f"{place}-{n}.sqlite") as log:
            import_jsonl(log, files)
        os._exit(0)
    if n:  # the first is let through, to know how long it takes
        time.sleep(chance.random() * longest)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    longest = longest or time.monotonic() - began
"""
)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a killed process loses no more there, and the tests need no disk."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    call = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def damage(file: Path) -> str:
    """What SQLite's own check says of a log; ok where nothing is wrong."""
    connection = sqlite3.connect(file)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def test_no_acknowledged_event_is_lost_when_its_writer_is_killed_at_a_random_moment(memory: Path):
    file = memory / "codings.sqlite"
    open_log(file).close()
    chance = random.Random(1)
    acknowledged: list[str] = []
    with started(KILLED, file, memory / "warm.sqlite") as server:
        assert server.stdin
        assert server.stdout
        for round in range(ROUNDS):
            server.stdin.write("go\n")
            server.stdin.flush()
            pid, wanted, seen = 0, chance.randrange(1, 6), 0
            while (line := server.stdout.readline().strip()) != "dead":
                assert line, server.stderr.read() if server.stderr else ""
                if line.startswith("pid "):
                    pid = int(line.removeprefix("pid "))
                else:
                    acknowledged.append(line)
                    seen += 1
                if pid and seen == wanted:
                    time.sleep(chance.random() * 0.003)
                    os.kill(pid, signal.SIGKILL)
            if round % 20 == 0:
                with open_log(file) as log:
                    assert {e.id for e in log.events()} >= set(acknowledged)
        server.stdin.close()
    with open_log(file) as log:
        kept = [e.id for e in log.events()]

    assert len(acknowledged) >= ROUNDS
    assert set(acknowledged) - set(kept) == set()
    assert len(kept) == len(set(kept)) <= len(acknowledged) + ROUNDS
    assert damage(file) == "ok"


def test_each_acknowledgement_comes_after_a_sync_of_the_file_that_holds_the_event(tmp_path: Path):
    if not shutil.which("strace"):
        pytest.fail("strace is missing: install it (apt-get install strace), so that this can be seen")
    trace = tmp_path / "trace.txt"
    call = ["strace", "-f", "-y", "-s", "80", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", str(trace)]
    program = [sys.executable, "-c", TOGETHER, str(tmp_path / "codings.sqlite"), "1", "20"]
    done = subprocess.run([*call, *program], capture_output=True, text=True, check=True)

    ids = done.stdout.split()
    unsynced, acknowledged = False, []
    for line in trace.read_text(errors="replace").splitlines():
        if re.search(r"pwrite64\(\d+<[^>]*-wal>", line):
            unsynced = True
        elif re.search(r"(fsync|fdatasync)\(\d+<[^>]*-wal>", line):
            unsynced = False
        elif found := re.search(r"write\(1<.*?\"([0-9a-f-]{36})", line):
            assert not unsynced, line
            acknowledged.append(found[1])
    assert acknowledged == ids
    assert len(ids) == 20


def test_a_full_disk_is_an_error_that_keeps_what_was_there_and_the_same_call_works_after(tmp_path: Path, event):
    file = tmp_path / "codings.sqlite"
    kept = []
    with open_log(file) as log:
        kept += [log.append(event()) for _ in range(5)]
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(p.stat().st_size for p in tmp_path.iterdir()), hard))
        try:
            refused = event(memo="x" * 100_000)
            with pytest.raises(LogUnavailable, match="the disk is full or has failed .* free space and do it again"):
                log.append(refused)
            assert log.events() == tuple(kept)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        kept.append(log.append(refused))
        assert log.events() == tuple(kept)
    assert damage(file) == "ok"


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path):
    folder = tmp_path / "study"
    folder.mkdir()
    folder.chmod(0o555)
    for parent in [
        p for p in folder.parents if str(p).startswith(tempfile.gettempdir()) and p != Path(tempfile.gettempdir())
    ]:
        parent.chmod(parent.stat().st_mode | 0o055)
    program = """
import sys, os
from bwa_study.coding.log.exchange import jsonl_files
from bwa_study.coding.log.log import open_log
from bwa_study.model.errors import BwaError
open_log(sys.argv[2]).close()  # whatever is loaded late is loaded while we may
if os.getuid() == 0:
    os.setuid(65534)
try:
    open_log(sys.argv[1])
except BwaError as fault:
    print(fault)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder / "codings.sqlite"), str(tmp_path / "other.sqlite")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == (
        f"{folder}/codings.sqlite: it may not be written or its folder is missing (unable to open database file) — "
        "check the path, and give yourself the right to read and write the file and its folder"
    ), done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("coders", [8, 20])
def test_many_programs_write_at_once_and_nothing_is_lost_or_locked(memory: Path, coders):
    file = memory / "codings.sqlite"
    with started(TOGETHER, file, coders, 200) as writers:
        answer, complaint = writers.communicate(timeout=240)

    assert (writers.returncode, complaint) == (0, "")
    with open_log(file) as log:
        events = log.events()
    assert sorted(e.id for e in events) == sorted(answer.split())
    assert [e.sequence for e in events] == list(range(1, coders * 200 + 1))


def test_many_programs_write_at_once_to_postgresql(empty_postgres):
    with started(TOGETHER, empty_postgres, 6, 20) as writers:
        answer, complaint = writers.communicate(timeout=120)

    assert (writers.returncode, complaint) == (0, "")
    with open_log(empty_postgres) as log:
        assert [e.sequence for e in log.events()] == list(range(1, 121))
        assert sorted(e.id for e in log.events()) == sorted(answer.split())


def test_an_import_that_is_killed_is_whole_or_not_there(memory: Path, event):
    with open_log(memory / "source.sqlite") as log:
        log.extend([event(coder=f"c{n % 3}") for n in range(1500)])
        files = [memory / name for name in jsonl_files(log.events())]
        for name, data in jsonl_files(log.events()).items():
            (memory / name).write_bytes(data)
    with started(IMPORTING, memory / "log", 25, *files) as program:
        _, complaint = program.communicate(timeout=240)
    assert (program.returncode, complaint) == (0, "")

    counts = []
    for n in range(26):
        with open_log(f"{memory}/log-{n}.sqlite") as log:
            counts.append(len(log.events()))
    assert counts[0] == 1500
    assert set(counts) == {0, 1500}


def test_a_writer_that_died_in_mid_write_leaves_no_lock(tmp_path: Path, event):
    file = tmp_path / "codings.sqlite"
    open_log(file).close()
    code = "import sqlite3, sys, time\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
    code += "c.execute('BEGIN IMMEDIATE')\nprint('holds it', flush=True)\ntime.sleep(60)"
    with started(code, file) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holds it\n"
        holder.kill()
        holder.wait()
    began = time.monotonic()
    with open_log(file) as log:
        log.append(event())
    assert time.monotonic() - began < 5
