from __future__ import annotations

import datetime
import io
import os
import pickle
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import bwa_study.load.confined as confined_module
from bwa_study.load.confined import MAX_MEMORY, confined
from bwa_study.load.docx_text import read_docx
from bwa_study.load.gate import Rejected, Source, read_source
from bwa_study.load.plain_text import PlainText
from bwa_study.model.errors import Problem, TableError
from bwa_study.model.transcripts import Role

SOURCE = Source("a.bin", b"abc", "")
READERS = """
import ctypes, datetime, os, sys, time
from bwa_study.load.plain_text import PlainText
from bwa_study.load.gate import Rejected
from bwa_study.model.errors import Problem, TableError
from bwa_study.model.transcripts import Role

def plain(source, number):
    return {"size": len(source.data), "number": number, "day": datetime.date(2020, 1, 2), "role": Role.RESPONDENT,
            "set": frozenset({1}), "document": PlainText("t", {0: 1}, ("x",))}
def spin(source):
    while True: pass
def sleep(source):
    time.sleep(60)
def eat(source):
    return len([bytearray(10_000_000) for _ in range(100)])
def crash(source):
    ctypes.string_at(0)
def abort(source):
    os.abort()
def fault(source):
    return {}["missing"]
def deep(source):
    return deep(source)
def rejected(source):
    raise Rejected(Problem(source.name, 3, 0, "what", "mend"))
def table(source):
    raise TableError([Problem(source.name, 1, 0, "one", "mend"), Problem(source.name, 2, 0, "two", "mend")])
def write(source, path):
    with open(path, "w") as file:
        file.write("abc")
def talk(source):
    print("noise"); sys.stderr.write("noise"); sys.stdin.read()
    return os.getpid()
def process(source):
    return os.getpid()
class Command:
    def __reduce__(self):
        return (os.system, ("touch bwa_pwned_pickle",))
def command(source):
    return Command()
"""


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Readers as a module of `bwa_study.load`, which the child finds as it would a real one."""
    folder = tmp_path_factory.mktemp("readers")
    (folder / "trial_readers.py").write_text(READERS)
    import bwa_study.load as package

    place = str(folder)
    start = confined_module._START
    found = f"import bwa_study.load; bwa_study.load.__path__.append({place!r}); serve()"
    confined_module._START = start.replace("serve()", found)
    package.__path__.append(place)
    confined_module._end_child()
    import bwa_study.load.trial_readers as module

    yield module
    package.__path__.remove(place)
    del sys.modules["bwa_study.load.trial_readers"]
    confined_module._START = start
    confined_module._end_child()


def refusal(reader: object, source: Source = SOURCE, **options: object) -> str:
    with pytest.raises(Rejected) as caught:
        confined(reader, source, **options)
    return str(caught.value)


def test_plain_data_comes_back_as_it_was(readers):
    assert confined(readers.plain, SOURCE, number=7) == {
        "size": 3,
        "number": 7,
        "day": datetime.date(2020, 1, 2),
        "role": Role.RESPONDENT,
        "set": frozenset({1}),
        "document": PlainText("t", {0: 1}, ("x",)),
    }


def test_many_files_are_read_by_one_other_process(readers):
    processes = {confined(readers.process, SOURCE) for _ in range(20)}
    assert len(processes) == 1
    assert os.getpid() not in processes


def test_what_a_reader_prints_is_not_seen_and_disturbs_nothing(readers, capfd):
    assert confined(readers.talk, SOURCE) == confined(readers.process, SOURCE)
    assert capfd.readouterr() == ("", "")


def test_a_reader_that_does_not_end_is_ended(readers, monkeypatch):
    monkeypatch.setattr(confined_module, "SECONDS", 1)
    began = time.perf_counter()
    assert refusal(readers.spin) == (
        "a.bin: it takes more than 1 second to read — save it anew in its program, or split it"
    )
    assert time.perf_counter() - began < 5


def test_a_reader_that_waits_for_ever_is_ended(readers, monkeypatch):
    monkeypatch.setattr(confined_module, "SECONDS", 1)
    monkeypatch.setattr(confined_module, "PATIENCE", 1)
    assert "it takes more than 1 second to read" in refusal(readers.sleep)
    assert confined(readers.process, SOURCE)


def test_a_reader_that_eats_memory_is_refused_and_the_next_file_is_read(readers):
    assert refusal(readers.eat) == (
        f"a.bin: it needs more than {MAX_MEMORY // 1_000_000} MB of memory to read — "
        "save it anew in its program, or split it"
    )
    assert confined(readers.process, SOURCE)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("crash", "the reader broke off with SIGSEGV"),
        ("abort", "damaged, or it needs more than 480 MB of memory"),
        ("fault", "KeyError: 'missing'"),
        ("deep", "nested too deep"),
    ],
)
def test_whatever_breaks_a_reader_is_one_plain_error(readers, name, why):
    assert refusal(getattr(readers, name)) == (
        f"a.bin: it cannot be read ({why}) — save it anew in the program it comes from, or as text"
    )
    assert confined(readers.process, SOURCE)


def test_the_errors_a_reader_raises_come_through(readers):
    assert refusal(readers.rejected) == "a.bin:3: what — mend"
    with pytest.raises(TableError) as caught:
        confined(readers.table, SOURCE)
    assert [str(p) for p in caught.value.problems] == ["a.bin:1: one — mend", "a.bin:2: two — mend"]


def test_a_reader_cannot_write_into_a_file(readers, tmp_path):
    assert "File too large" in refusal(readers.write, path=str(tmp_path / "x"))
    assert [path.read_bytes() for path in tmp_path.iterdir()] in ([], [b""])


def test_what_comes_back_cannot_run_anything(readers, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError, match="system, which is no plain data"):
        confined(readers.command, SOURCE)
    assert list(tmp_path.iterdir()) == []
    assert confined(readers.process, SOURCE)


def test_without_limits_the_reader_is_called_as_it_is(monkeypatch, readers):
    monkeypatch.setattr(confined_module, "_can_confine", lambda: False)
    assert confined(readers.process, SOURCE) == os.getpid()
    assert refusal(readers.rejected) == "a.bin:3: what — mend"
    assert "it cannot be read (KeyError: 'missing')" in refusal(readers.fault)
    with pytest.raises(TableError):
        confined(readers.table, SOURCE)


def test_a_copy_of_the_process_gets_a_child_of_its_own(readers):
    ours = confined(readers.process, SOURCE)
    kept = confined_module._Child._one
    kept.pid = -1  # as it looks in a copied process
    try:
        assert confined(readers.process, SOURCE) != ours
        confined_module._end_child()
        assert kept.process.poll() is None
    finally:
        kept.end()


def test_a_damaged_document_is_refused_by_the_child(bad_inputs: Path):
    assert "it expands beyond the limit" in refusal(read_docx, read_source(bad_inputs / "docx/bomb.docx"))


def test_problems_are_plain_data():
    problem = Problem("a", 1, 2, "w", "m", "note")
    assert confined_module._PlainData(io.BytesIO(pickle.dumps(problem))).load() == problem
    assert TableError([problem]).problems == (problem,)


def test_a_child_gives_way_to_a_fresh_one_after_so_many_files(readers, monkeypatch):
    monkeypatch.setattr(confined_module, "FILES", 2)
    pids = []
    for _ in range(5):
        confined(readers.plain, SOURCE, number=1)
        pids.append(confined_module._Child._one.process.pid)
    assert len(set(pids)) == 3
