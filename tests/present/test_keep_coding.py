from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.coding.log.log import open_log
from bwa_study.model.events import Event
from small_study import write_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(a) for a in arguments])
    out = capsys.readouterr()
    return int(end.value.code or 0), out.out, out.err


def code(folder: Path, coder: str) -> None:
    transcript = bwa.load_study(folder).corpus["e-w-1"]
    start = transcript.text.index("listen")
    ids = [f"{n}0000000-0000-4000-8000-00000000000{coder[-1]}" for n in (1, 2, 3)]
    common = {"coder": coder, "transcript": "e-w-1", "text_digest": transcript.digest}
    with open_log(folder) as log:
        log.append(Event(id=ids[0], coding=ids[1], operation="add", start=start, end=start + 6, quote="listen",
                         code="listening", polarity="present", status="accepted", **common))  # fmt: skip
        log.append(Event(id=ids[2], operation="examine", turns=(2,), **common))


def test_the_assignment_is_drawn_once(folder, capsys):
    call = ("assign", folder, "--coders", "c1,c2", "--share-double", 0.5, "--seed", 1)
    first = run(capsys, *call)
    assert first == (0, f"{folder}/assignment.csv: 6 transcripts, 3 coded twice; {first[1].split('; ')[1]}", "")
    drawn = (folder / "assignment.csv").read_bytes()

    code, _, said = run(capsys, *call)

    assert (code, (folder / "assignment.csv").read_bytes()) == (2, drawn)
    assert said == (
        f"bwa-study: {folder}/assignment.csv: it was drawn before — to draw again, move this file away first\n"
    )


def test_logs_pass_between_two_folders_as_files(folder, tmp_path, capsys):
    other = write_study(tmp_path / "other")
    code(folder, "c1")
    code(other, "c2")
    for place in (folder, other):
        assert run(capsys, "log", "export", place, "--out", tmp_path / "git")[0] == 0
    files = [tmp_path / "git" / "c1.jsonl", tmp_path / "git" / "c2.jsonl"]

    first = run(capsys, "log", "import", folder, *files)
    again = run(capsys, "log", "import", folder, *files)

    assert (first, again) == (
        (0, f"{folder}/codings.sqlite: 2 events and 0 codings are new\n", ""),
        (0, f"{folder}/codings.sqlite: 0 events and 0 codings are new\n", ""),
    )
    assert bwa.load_study(folder).codings.coders == ("c1", "c2")


def test_tables_of_the_log_are_a_codings_folder(folder, tmp_path, capsys):
    code(folder, "c1")
    before = bwa.load_study(folder)
    assert run(capsys, "log", "export", folder, "--out", folder / "codings", "--format", "csv")[:2] == (
        0, f"{folder}/codings: 2 events in 2 files\n")  # fmt: skip
    (folder / "codings.sqlite").unlink()

    after = bwa.load_study(folder)

    assert after.codings.frame.values.tolist() == before.codings.frame.values.tolist()
    assert after.examined == before.examined


def test_tables_are_taken_into_the_log_once(folder, tmp_path, capsys):
    other = write_study(tmp_path / "other")
    code(other, "c2")
    run(capsys, "log", "export", other, "--out", tmp_path / "t", "--format", "csv")
    said = [run(capsys, "log", "import", folder, tmp_path / "t" / "c2.csv")[1] for _ in range(2)]
    assert said == [f"{folder}/codings.sqlite: 0 events and {n} codings are new\n" for n in (1, 0)]


def test_of_several_files_all_are_taken_or_none(folder, tmp_path, capsys):
    other = write_study(tmp_path / "other")
    code(other, "c2")
    for kind in ("csv", "jsonl"):
        run(capsys, "log", "export", other, "--out", tmp_path / "t", "--format", kind)
    (tmp_path / "bad.qdpx").write_bytes(b"no project")
    files = [tmp_path / "t" / "c2.csv", tmp_path / "t" / "c2.jsonl", tmp_path / "bad.qdpx"]

    status, _, said = run(capsys, "log", "import", folder, *files)

    assert (status, "bad.qdpx" in said) == (2, True)
    assert bwa.load_study(folder).codings.coders == ()


def test_a_table_needs_no_names_of_projects(folder, tmp_path, capsys):
    other = write_study(tmp_path / "other")
    code(other, "c2")
    run(capsys, "log", "export", other, "--out", tmp_path / "t", "--format", "csv")
    (folder / "refi_qda.csv").write_text("broken\n", encoding="utf-8")

    assert run(capsys, "log", "import", folder, tmp_path / "t" / "c2.csv")[0] == 0


def test_a_past_moment_can_be_exported(folder, tmp_path, capsys):
    code(folder, "c1")
    assert run(capsys, "log", "export", folder, "--out", tmp_path / "t", "--at", 1)[1] == (
        f"{tmp_path}/t: 1 events in 1 files\n"
    )


def test_what_cannot_be_exported_or_imported_is_one_line_and_exit_2(folder, tmp_path, capsys):
    assert run(capsys, "log", "export", folder, "--out", tmp_path / "t") == (
        2, "", f"bwa-study: {folder}/codings.sqlite: there is no coding log yet — code something first\n")  # fmt: skip
    assert run(capsys, "log", "import", folder, tmp_path / "a.txt") == (
        2, "", "bwa-study: unknown kind of file '.txt' — known: .jsonl, .csv, .qdpx\n")  # fmt: skip
    assert not (folder / "codings.sqlite").exists()


EXPORTING = """
import os, random, signal, sys, time
from bwa_study.present.keep_coding import export_log
study, out, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(7)
for n in range(rounds + 1):
    pid = os.fork()
    if pid == 0:
        export_log(study, f"{out}/{n}" if n else out, kind="jsonl")
        os._exit(0)
    if n:  # the first is let through; the others are killed when they have begun to write
        ended = False
        while not ended and not any(name.startswith(".") for name in os.listdir(f"{out}/{n}")):
            ended = os.waitpid(pid, os.WNOHANG)[0] != 0
        if ended:
            continue
        time.sleep(chance.random() * 0.02)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
"""


def test_an_export_that_is_killed_leaves_old_files_or_new_ones_and_the_next_names_the_rest(folder, tmp_path, capsys):
    with open_log(folder) as log:
        for n in range(12):
            log.extend([
                Event(id=str(uuid.uuid4()), coder=f"c{n}", operation="examine", transcript="e-w-1", turns=(k,))
                for k in range(1, 60)
            ])  # fmt: skip
    out, old = tmp_path / "out", {f"c{n}.jsonl": b"old" for n in range(12)}
    for n in range(1, 9):
        (out / str(n)).mkdir(parents=True)
        for name, data in old.items():
            (out / str(n) / name).write_bytes(data)
    program = [sys.executable, "-c", EXPORTING, str(folder), str(out), "8"]
    subprocess.run(program, check=True, timeout=120)

    new = {p.name: p.read_bytes() for p in out.glob("*.jsonl")}
    left = 0
    for n in range(1, 9):
        there = {p.name: p.read_bytes() for p in (out / str(n)).glob("c*.jsonl")}
        assert all(there[name] in (old[name], new[name]) for name in new)
        partials = sorted(p.name for p in (out / str(n)).glob(".*"))
        left += len(partials)
        code, said, _ = run(capsys, "log", "export", folder, "--out", out / str(n))
        rest = f"; deleted what a program that was killed had left: {', '.join(partials)}" if partials else ""
        assert (code, said) == (0, f"{out / str(n)}: 708 events in 12 files{rest}\n")
        assert {p.name: p.read_bytes() for p in (out / str(n)).iterdir()} == new
    assert left
