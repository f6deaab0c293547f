"""Damage good files in seeded ways and read them: each is read or refused in plain words, quickly, and nothing else.

    python tools/mutations.py --each 2000 --seed 1            12,000 mutations of six kinds of file
    python tools/mutations.py --kind docx --only 17           one of them again, with what was said

A case is fully told by kind, seed and number. Files are read through the library entry of `bwa-study check`,
projects of others through that of `bwa-study init`; every hundredth goes through the command line in its own process.
"""

from __future__ import annotations

import argparse
import collections
import io
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bwa_study.model.errors import Problem

SECONDS = 5.0
PROJECT = "p.qdpx"
STUDY = """\
id: damaged
title: {en: Damaged, zh: 损坏}
interviews: m.csv
groups: [{id: worker}, {id: manager}]
rounds: [{id: R1, start: 2020-01-01, end: 2020-12-31}]
speakers: {interviewer: [Asker], respondent: [Worker]}
"""
BOOK = """\
# a codebook
id: book
version: "1.0"
languages: [en, zh]
themes:
  - {id: voice, label: {en: Voice, zh: 声音}}
codes:
  - id: fear
    theme: voice
    label: {en: Fear, zh: 害怕}
    definition: >
      Somebody is afraid to speak.
    indicators: {en: {present: ["afraid*", "scared of"], absent: ["not afraid"]}, zh: {present: [害怕, 不敢]}}
    examples: [{group: worker, lang: en, text: "I was afraid."}]
  - {id: trust, theme: voice, label: Trust, patterns: ["trust*"], condition: {name: T, weight: 0.5}, valence: -1}
"""
MANIFEST = """\
interview_id,participant_id,group,round,date,gender,language,consent,blocks_asked,duration_min,transcript_file
a,P1,worker,R1,2020-03-04,f,en,oral,voice,45,%s
"b",P2,manager,R1,2020-03-05,m,zh,written,"voice",30,b.txt
"""
TALK = [
    "Asker: What has changed?",
    "Worker: I was afraid, “really”.",
    "Asker: And now?",
    "Worker: 不敢说。 We trust them.",
]
CUES = "WEBVTT\n\nNOTE made up\n\n" + "\n".join(
    f"{n}\n00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.500 align:start\n<v {line.split(':')[0]}>{line.split(': ')[1]}</v>\n"
    for n, line in enumerate(TALK, start=1)
)
TOKENS = [
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n\n", b'"', b"'", b",", b":", b"\t",
    b"&a ", b"*a", b"<<: ", b"!!python/object:os.system ", b"---\n", b"{", b"}", b"[" * 50, b"-->", b"<v ",
    b"99:99:99.999", b"1e999", b"9" * 400, b"-1", b"../../x", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"</w:p>",
    b"<w:p>" * 300, b"]]>", "\u202e".encode(), "\u2028".encode(), "工人".encode("gb18030"), "工人".encode("big5"),
    b"%s%n", b"=1+1", b"#",
]  # fmt: skip
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Case:
    """One damaged file in its study."""

    kind: str
    seed: int
    number: int

    def data(self, good: bytes) -> bytes:
        """The damaged bytes."""
        rng = random.Random(f"{self.kind}-{self.seed}-{self.number}")
        if self.kind in ("docx", "xlsx", "qdpx") and rng.random() < 0.7:
            return _with_damaged_member(good, rng)
        return damaged(good, rng)


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one to four faults: flipped, cut, doubled, moved, removed, or with a token put in."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at, size = rng.randrange(len(data) + 1), rng.choice((1, 1, 2, 8, 64, 512))
        part = data[at : at + size]
        fault = rng.randrange(7)
        if fault == 0 and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        elif fault == 1:
            data = data[:at] + rng.randbytes(size) + data[at + size :]
        elif fault == 2:
            data = data[:at] + data[at + size :]
        elif fault == 3:
            data = data[:at] + part * rng.choice((2, 2, 30)) + data[at + size :]
        elif fault == 4:
            to = rng.randrange(len(data) + 1)
            data = data[:to] + part + data[to:]
        elif fault == 5 and rng.random() < 0.3:
            data = data[:at]
        else:
            data = data[:at] + rng.choice(TOKENS) + data[at:]
    return data


def _with_damaged_member(good: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = [(m.filename, archive.read(m)) for m in archive.infolist()]
    chosen = rng.randrange(len(members))
    if rng.random() < 0.6:  # most often the part that holds the text
        chosen = next(i for i, (name, _) in enumerate(members) if name.endswith(("document.xml", "sheet1.xml", ".qde")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, (name, data) in enumerate(members):
            archive.writestr(name, damaged(data, rng) if i == chosen else data)
    return out.getvalue()


def _docx() -> bytes:
    import docx

    document = docx.Document()
    for line in TALK[:2]:
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    for cell, line in zip(table.rows[0].cells, TALK[2:], strict=True):
        cell.text = line
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("turns")
        sheet.write_row(0, 0, ["time", "speaker", "text"])
        for n, line in enumerate(TALK, start=1):
            sheet.write_row(n, 0, [n * 1.5, *line.split(": ")])
    return out.getvalue()


def _guid(number: int) -> str:
    return f'guid="{number:08x}-0000-4000-8000-000000000000"'


def _target(number: int) -> str:
    return _guid(number).replace("guid", "targetGUID")


def _qdpx() -> bytes:
    when = f'creationDateTime="2020-03-04T05:06:07Z" creatingUser={_guid(1)[5:]}'
    value = f"<VariableValue><VariableRef {_target(4)}/><TextValue>sewing</TextValue></VariableValue>"
    selections = "".join(
        f'<PlainTextSelection {_guid(10 + n)} name="{TALK[n][:15]}" startPosition="{30 * n}" '
        f'endPosition="{30 * n + 20}">'
        f"<Coding {_guid(20 + n)} {when}><CodeRef {_target(2 + n % 2)}/><NoteRef {_target(6)}/></Coding>"
        "</PlainTextSelection>"
        for n in range(3)
    )
    described = (
        '<?xml version="1.0" encoding="utf-8"?><Project name="p" xmlns="urn:QDA-XML:project:1.0" origin="ATLAS.ti">'
        f'<Users><User {_guid(1)} name="A"/></Users>'
        f'<CodeBook><Codes><Code {_guid(2)} name="Fear" isCodable="true"><Description>Afraid</Description>'
        f'<Code {_guid(3)} name="Fear (absent)" isCodable="true"/></Code></Codes></CodeBook>'
        f'<Variables><Variable {_guid(4)} name="Line" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case {_guid(5)} name="x">{value}<SourceRef {_target(9)}/></Case></Cases>'
        f'<Sources><TextSource {_guid(9)} name="R1 worker.docx" plainTextPath="internal://t.txt">{selections}{value}'
        f"</TextSource></Sources><Notes><Note {_guid(6)}><PlainTextContent>see 不敢</PlainTextContent></Note></Notes>"
        "</Project>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", described)
        archive.writestr("sources/t.txt", "\r\n".join(TALK))
    return out.getvalue()


GOOD: dict[str, Callable[[], bytes]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "vtt": CUES.encode,
    "yaml": BOOK.encode,
    "csv": (MANIFEST % "a.txt").encode,
    "qdpx": _qdpx,
}


def write_study(folder: Path, kind: str) -> Path:
    """A good study that holds a good file of the kind; the path of that file."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"a.{kind}" if kind in ("docx", "xlsx", "vtt") else "a.txt"
    talk = "\n".join(TALK)
    for file, text in {
        "study.yaml": STUDY, "codebook.yaml": BOOK, "m.csv": MANIFEST % name, "a.txt": talk, "b.txt": talk,
    }.items():  # fmt: skip
        (folder / file).write_text(text, encoding="utf-8")
    target = folder / {"yaml": "codebook.yaml", "csv": "m.csv", "qdpx": PROJECT}.get(kind, name)
    target.write_bytes(GOOD[kind]())
    return target


def outcome(folder: Path) -> tuple[str, str]:
    """``read``, ``refused`` or ``FAULT``, and what was said; a fault is anything a user must never see."""
    from bwa_study.load.check import check_path

    try:
        problems = _made(folder) if (folder / PROJECT).exists() else check_path(folder).problems
    except Exception as fault:
        return "FAULT", f"{type(fault).__name__}: {fault}"
    said = [str(p) for p in problems]
    if odd := [line for line in said if _ODD.search(line) or not line.strip()]:
        return "FAULT", f"not one plain line: {odd[0]!r}"
    if not any(p.severity == "error" for p in problems):
        return "read", ""
    return "refused", "\n".join(said)


def _made(folder: Path) -> tuple[Problem, ...]:
    """What making a study of the project says, where it can be made; the study is taken away again."""
    from bwa_study.load.check import check_path
    from bwa_study.model.errors import ProblemsFound
    from bwa_study.present.project_study import init_from_project

    try:
        made = init_from_project(folder / "made", folder / PROJECT)
        found = [p for p in check_path(made.folder).problems if p.severity == "error"]
        if wrong := [p for p in found if "nothing is filled in" not in p.what]:
            raise AssertionError(f"the study that was made of it does not load: {wrong[0]}")
        return made.left
    except ProblemsFound as fault:
        return fault.problems
    finally:
        shutil.rmtree(folder / "made", ignore_errors=True)


def by_command(folder: Path) -> tuple[str, str]:
    """As `outcome`, through the command line in a process of its own."""
    arguments = ["check", str(folder), "--all"]
    if (folder / PROJECT).exists():
        arguments = ["init", str(folder / "made"), "--from", str(folder / PROJECT)]
    done = subprocess.run(
        [sys.executable, "-m", "bwa_study", *arguments],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    shutil.rmtree(folder / "made", ignore_errors=True)
    said = done.stdout + done.stderr
    if done.returncode not in (0, 2) or "Traceback" in said or "fault of ours" in said:
        return "FAULT", said
    return ("refused" if done.returncode else "read"), said


def run(
    kind: str, *, each: int, seed: int, folder: Path, command: int = 0
) -> tuple[collections.Counter[str], list[str]]:
    """Read `each` damaged files of a kind; counts of the outcomes, and the cases that must not be."""
    target = write_study(folder, kind)
    good = target.read_bytes()
    counts: collections.Counter[str] = collections.Counter()
    bad: list[str] = []
    slowest = 0.0
    for number in range(each):
        target.write_bytes(Case(kind, seed, number).data(good))
        began = time.perf_counter()
        what, said = outcome(folder)
        took = time.perf_counter() - began
        for _ in range(2 if took > SECONDS else 0):  # other programs may have had the processor
            began = time.perf_counter()
            what, said = outcome(folder)
            took = min(took, time.perf_counter() - began)
        slowest = max(slowest, took)
        counts[what] += 1
        if took > SECONDS:
            counts["slow"] += 1
        if what == "FAULT" or took > SECONDS:
            bad.append(f"{kind} seed {seed} number {number}: {what} in {took:.1f} s: {said[:300]}")
        if command and number % command == 0:
            counts["by command"] += 1
            what, said = by_command(folder)
            if what == "FAULT":
                bad.append(f"{kind} seed {seed} number {number} by command: {said[:300]}")
    counts["slowest ms"] = round(slowest * 1000)
    return counts, bad


def main() -> None:
    """Run and print a table; exit with 1 if a case is bad."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--each", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=list(GOOD))
    parser.add_argument("--only", type=int)
    chosen = parser.parse_args()
    bad: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        for kind in [chosen.kind] if chosen.kind else list(GOOD):
            folder = Path(place) / kind
            if chosen.only is not None:
                target = write_study(folder, kind)
                target.write_bytes(Case(kind, chosen.seed, chosen.only).data(target.read_bytes()))
                print(*outcome(folder))
                continue
            began = time.perf_counter()
            counts, found = run(kind, each=chosen.each, seed=chosen.seed, folder=folder, command=100)
            bad += found
            told = ", ".join(f"{name} {n:,}" for name, n in counts.items())
            print(f"{kind:5} {chosen.each:,} mutations in {time.perf_counter() - began:.0f} s: {told}", flush=True)
    print(*bad, sep="\n")
    peak = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"peak memory {peak[0]} MB, of a child {peak[1]} MB; {len(bad)} bad")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
