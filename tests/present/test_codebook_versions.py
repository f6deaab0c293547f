from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.coding.log.log import open_log
from bwa_study.load.leftovers import Mark
from bwa_study.model.errors import Problem
from bwa_study.model.events import Event
from bwa_study.present import codebook_versions
from bwa_study.present.tables import CannotWrite
from small_study import CODEBOOK, write_study

NEW = (
    CODEBOOK.replace('"2.1.0"', '"2.2.0"')
    .replace("id: listening", "id: hearing")
    .replace("definition: Managers listen.", "definition: Managers listen.\n    merged_from: [listening]")
    .replace("  - id: visits", "  - {id: checks, theme: care}\n  - id: calls")
)
MAP = "split: {visits: [calls, checks]}\n"
LAST = "10000000-0000-4000-8000-000000000009"
"""Id of an event that the log does not have."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_study(tmp_path / "study")
    study = bwa.load_study(folder)
    places = [("e-w-1", "listen", "listening"), ("e-w-2", "client visits", "visits"), ("s-w-1", "afraid", "fear")]
    with open_log(folder) as log:
        for n, (transcript, words, code) in enumerate(places):
            log.append(event(study, n, transcript, words, code, "c1"))
    (folder / "codings").mkdir()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "transcript", "start", "end", "quote", "code", "polarity", "coder", "coder_kind", "status",
                     "codebook_version", "memo"])  # fmt: skip
    for n, (transcript, words, code) in enumerate(places):
        start = study.corpus[transcript].text.index(words)
        writer.writerow([f"row-{n}", transcript, start, start + len(words), words, code, "present", "c2", "human",
                         "accepted", "2.1.0", " as said, verbatim"])  # fmt: skip
    (folder / "codings" / "c2.csv").write_text(out.getvalue(), encoding="utf-8")
    (folder / "codings" / "examined.csv").write_text(
        "coder,transcript,turns\nc2,e-w-1,all\nc2,e-w-2,all\nc2,s-w-1,all\n", encoding="utf-8"
    )
    (tmp_path / "new.yaml").write_text(NEW, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    return folder


def event(study: bwa.Study, n: int, transcript: str, words: str, code: str, coder: str) -> Event:
    start = study.corpus[transcript].text.index(words)
    return Event(id=f"10000000-0000-4000-8000-00000000000{n}", coding=f"20000000-0000-4000-8000-00000000000{n}",
                 coder=coder, operation="add", transcript=transcript, start=start, end=start + len(words), quote=words,
                 code=code, polarity="present", status="accepted", codebook_version="2.1.0")  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(a) for a in arguments])
    out = capsys.readouterr()
    return int(end.value.code or 0), out.out, out.err


def content(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and "sqlite" not in p.name}


def test_what_changed_is_said_in_words(folder, tmp_path, capsys):
    code, out, _ = run(capsys, "codebook", "diff", folder / "codebook.yaml", tmp_path / "new.yaml", "--map",
                       tmp_path / "map.yaml")  # fmt: skip
    assert (code, out.splitlines()) == (
        0,
        [
            "small-book 2.1.0 to 2.2.0: 1 renamed, 1 split",
            "  renamed: listening → hearing",
            "  split: visits → calls, checks",
        ],
    )


def test_codings_of_a_code_that_is_gone_are_listed_by_coder_and_nothing_changes(folder, tmp_path, capsys):
    before = content(folder)
    code, out, err = run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml")
    assert (code, out) == (2, "")
    assert err == (
        "codebook 2.2.0: code 'visits' is gone and has 2 codings (1 by c2, 1 by c1) — say in the map where they go: "
        "carry, split or retire\n"
    )
    assert content(folder) == before


def test_trying_changes_nothing_and_tells_all(folder, tmp_path, capsys):
    before = content(folder)
    code, out, _ = run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml",
                       "--try")  # fmt: skip
    assert code == 0
    assert out.splitlines()[-2:] == [
        (
            "6 codings: 2 carried to a new id, 2 of split codes and 0 of changed definitions to be read again "
            "(recoding_queue.csv), 0 retired"
        ),
        "nothing was changed",
    ]
    assert content(folder) == before


def test_codings_are_carried_or_queued_in_the_log_and_in_tables(folder, tmp_path, capsys):
    assert run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")[0] == 0

    study = bwa.load_study(folder)
    rows = study.codings.frame[["coder", "quote", "code", "codebook_version", "memo"]].values.tolist()
    assert sorted(rows) == [
        ["c1", "afraid", "fear", "2.1.0", ""],
        ["c1", "listen", "hearing", "2.2.0", ""],
        ["c2", "afraid", "fear", "2.1.0", " as said, verbatim"],
        ["c2", "listen", "hearing", "2.2.0", " as said, verbatim"],
    ]
    assert study.codebook.version == "2.2.0"
    assert not study.examined.read("c1", "e-w-2", 2)
    with (folder / "recoding_queue.csv").open(encoding="utf-8-sig", newline="") as file:
        queue = [(r["coder"], r["transcript"], r["turn"], r["quote"], r["choices"]) for r in csv.DictReader(file)]
    assert sorted(queue) == [(c, "e-w-2", "2", "client visits", "calls;checks") for c in ("c1", "c2")]
    with open_log(folder) as log:
        assert [(e.operation, e.code, e.reason) for e in log.events(since=3)] == [
            ("change", "hearing", "codebook 2.1.0 to 2.2.0: listening is now hearing"),
            ("remove", "", "codebook 2.1.0 to 2.2.0: visits is split into calls, checks"),
            ("unexamine", "", "codebook 2.1.0 to 2.2.0: visits is split into calls, checks"),
        ]
        assert log.fold(at=3)[0].frame["code"].tolist() == ["listening", "visits", "fear"]


def test_places_that_still_name_a_former_code_are_said_at_the_end(folder, tmp_path, capsys, monkeypatch):
    left = (Problem("study.yaml", 9, 5, "unknown code 'listening'", "use a code of the codebook"),)
    monkeypatch.setattr(codebook_versions, "check_study", lambda path: left)
    out = run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")[1]
    assert out.splitlines()[-2:] == [
        "the study has places left that name former codes; correct them now:",
        "  study.yaml:9:5: unknown code 'listening' — use a code of the codebook",
    ]


def test_what_is_replaced_is_kept(folder, tmp_path, capsys):
    before = {name: (folder / name).read_bytes() for name in ("codebook.yaml", "codings/c2.csv")}
    run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")
    kept = folder / "codebook_versions" / "2.1.0"
    assert {name: (kept / name).read_bytes() for name in before} == before


def test_a_disk_that_fails_leaves_files_and_log_as_they_were(folder, tmp_path, monkeypatch):
    before, writes = content(folder), codebook_versions.write_files

    def fail(files: dict[Path, bytes]) -> None:
        if folder / "codebook.yaml" in files:
            raise CannotWrite("no space")
        writes(files)

    monkeypatch.setattr(codebook_versions, "write_files", fail)
    with pytest.raises(CannotWrite):
        codebook_versions.migrate_codebook(folder, tmp_path / "new.yaml", map=tmp_path / "map.yaml")
    with open_log(folder) as log:
        assert len(log.events()) == 3
    assert {k: v for k, v in content(folder).items() if "codebook_versions" not in k} == before


def test_a_migration_that_was_interrupted_between_files_and_log_is_taken_back_and_done_again(folder, tmp_path, capsys):
    run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")
    with open_log(folder) as log:
        events = [Event(**{**e.values, "turns": tuple(e.turns)}) for e in log.events()][:3]
    (folder / "codings.sqlite").unlink()
    with open_log(folder) as log:  # as if killed after the files were replaced and before the log was
        log.merge(events)
    replaced = ("codings/c2.csv", "codebook.yaml")
    mark = Mark(old="2.1.0", new="2.2.0", replaced=replaced, made=("recoding_queue.csv",), event=LAST)
    (folder / "codebook_versions" / "unfinished").write_bytes(mark.write())

    assert run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")[0] == 0

    assert sorted(bwa.load_study(folder).codings.frame["code"]) == ["fear", "fear", "hearing", "hearing"]
    assert not (folder / "codebook_versions" / "unfinished").exists()


STOPPED = """
import os, random, shutil, signal, sys, time
from bwa_study.__main__ import main, watch_interrupts
import bwa_study.cli, bwa_study.present.codebook_versions
folder, sign, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance, longest = random.Random(3), 0.0
for n in range(rounds + 1):
    shutil.copytree(folder, f"{folder}-{n}")
    began = time.monotonic()
    begun, begins = os.pipe()
    pid = os.fork()
    if pid == 0:
        sys.argv = ["bwa-study", "codebook", "migrate", f"{folder}-{n}", *sys.argv[4:]]
        watch_interrupts()
        os.write(begins, b"!")
        main()
    os.read(begun, 1)  # what comes before is not the program's yet
    if n:  # the first is let through, to know how long it takes
        time.sleep(chance.random() * longest)
        os.kill(pid, sign)
    status = os.waitpid(pid, 0)[1]
    longest = longest or time.monotonic() - began
    print("ended", os.waitstatus_to_exitcode(status), flush=True)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_migration_that_is_stopped_at_any_moment_can_be_done_again(folder, tmp_path, capsys, sign):
    call = (tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")
    program = [sys.executable, "-c", STOPPED, str(folder), str(int(sign)), "8", *map(str, call)]
    done = subprocess.run(program, capture_output=True, text=True, check=True, timeout=240)

    ended = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("ended")]
    assert ended[0] == 0
    stopped = -9 if sign == signal.SIGKILL else 130
    assert set(ended[1:]) <= {0, stopped}
    assert stopped in ended
    codes = {
        "2.1.0": ["fear", "fear", "listening", "listening", "visits", "visits"],
        "2.2.0": ["fear", "fear", "hearing", "hearing"],
    }
    for n in range(1, 9):
        one = Path(f"{folder}-{n}")
        study = bwa.load_study(one)  # the next who opens it finds the old state or the new one
        assert sorted(study.codings.frame["code"]) == codes[study.codebook.version]
        assert (one / "recoding_queue.csv").exists() == (study.codebook.version == "2.2.0")
        assert not [p.name for p in one.rglob("*.partial")]
        code, _, said = run(capsys, "codebook", "migrate", one, *call)
        assert code == 0 or "both codebooks are version 2.2.0" in said
        assert not [p.name for p in one.glob(".*.lock")]
        study = bwa.load_study(one)
        assert (study.codebook.version, sorted(study.codings.frame["code"])) == ("2.2.0", codes["2.2.0"])


def test_a_codebook_of_the_same_version_is_refused(folder, capsys):
    code, _, err = run(capsys, "codebook", "migrate", folder, folder / "codebook.yaml")
    assert (code, err) == (
        2, "bwa-study: both codebooks are version 2.1.0 — give the new one another 'version'\n")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("split: {visits: [calls]}", "map.yaml:1:17: 'visits' is split into fewer than two codes"),
        ("carry: {visits: calls}\nretire: [visits]", "map.yaml: 'visits' is given two places"),
        ("move: {a: b}", "map.yaml:1:1: unknown field 'move'"),
        (
            "carry: {visits: cals}",
            "codebook 2.2.0: the map names 'cals', which the new codebook does not have, did you",
        ),
        (
            "carry: {visit: calls}",
            "codebook 2.2.0: the map names 'visit', which the old codebook does not have, did you",
        ),
    ],
)
def test_a_map_that_cannot_be_is_refused_with_its_place(folder, tmp_path, capsys, text, said):
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "codebook", "migrate", folder, tmp_path / "new.yaml", "--map", tmp_path / "map.yaml")
    assert code == 2
    assert said in err
