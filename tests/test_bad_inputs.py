"""Every file of `tests/badinputs`, and the names and links a repository cannot hold, through the real command line.

All cases run in one process of their own, one after the other, which measures the time and the memory of each.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BAD = Path(__file__).parent / "badinputs"
SENTINELS = [Path(place) / f"bwa_pwned_{name}" for place in ("/tmp", ".") for name in ("yaml", "zip", "pickle")]
SECONDS, MEGABYTES = 5, 512
STUDY = """\
id: bad
title: Bad inputs
interviews: {manifest}
groups: [{{id: worker}}]
rounds: [{{id: R1}}]
speakers: {{interviewer: [I, INT], respondent: [R1, WK01, MG01, BR01]}}
"""
BOOK = 'version: "1.0"\ncodes: [{id: fear, label: Fear, indicators: {en: {present: [afraid]}}}]\n'
ROW = (
    "interview_id,participant_id,group,round,language,consent,transcript_file\na,P1,worker,R1,{language},oral,{file}\n"
)

DRIVER = """
import contextlib, io, json, resource, socket, sys, time
from bwa_study.cli import main

def connect(*a, **k):
    raise SystemExit("a connection was opened")

socket.socket.connect = connect

def peak():
    try:
        with open("/proc/self/status") as file:
            return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

results = {}
for name, arguments in json.load(open(sys.argv[1])).items():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass
    out, began, code = io.StringIO(), time.perf_counter(), None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code
    results[name] = {"code": code, "said": out.getvalue(), "seconds": time.perf_counter() - began, "megabytes": peak()}
from bwa_study.load.confined import _end_child
_end_child()
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
json.dump({"results": results, "children": children}, open(sys.argv[2], "w"))
"""


@dataclass(frozen=True)
class Case:
    """A bad file, where it stands in a study, and what the command must say."""

    path: str
    code: int
    says: str
    role: str = "transcript"
    language: str = "en"
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.path or ascii(self.name)}-{self.role}"


def _text(name: str, code: int, says: str, language: str = "en") -> Case:
    return Case(f"text/{name}", code, says, language=language)


def _book(name: str, says: str, code: int = 2) -> Case:
    return Case(f"yaml/{name}.yaml", code, says, role="codebook")


def _table(name: str, says: str) -> Case:
    return Case(f"csv/{name}.csv", 2, says, role="manifest")


def _never(path: str, says: str) -> list[Case]:
    return [Case(path, 2, says), Case(path, 2, says, role="codebook")]


def _project(name: str, says: str, code: int = 2) -> Case:
    return Case(f"qdpx/{name}.qdpx", code, says, role="project")


NOT_UTF8 = r"a\.txt:1: not valid UTF-8 at byte {0} \(0x..\)"
READ = r"1 interviews"
CASES = [
    _text("whitespace.txt", 2, "no text — put the transcript into the file"),
    _text("bom_utf8.txt", 0, READ),
    _text("utf16_bom.txt", 0, READ),
    _text("gb18030.txt", 0, r"a\.txt:1: warning: read as gb18030, a guess: this line is '访谈员：您在", "zh"),
    _text("big5.txt", 0, r"a\.txt:1: warning: read as big5, a guess: this line is '工人：我們不敢說。'", "zh"),
    _text("cp1252_mix.txt", 2, NOT_UTF8.format(8)),
    _text("lone_surrogate.txt", 2, NOT_UTF8.format(6)),
    _text("overlong.txt", 2, NOT_UTF8.format(6)),
    _text("controls.txt", 0, r"\A[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]*\Z"),
    _text("bidi.txt", 0, r"\A[^\u202a-\u202e\u2066-\u2069]*\Z"),
    _text("fullwidth_pii.txt", 0, READ, "zh"),
    _text("nfc_nfd.txt", 0, READ),
    _text("crlf.txt", 0, READ),
    _text("mixed_newlines.txt", 0, READ),
    _text("redos_subject.txt", 0, READ),
    _text("no_speakers.txt", 0, "no speaker labels: the whole text is taken as one respondent's turn"),
    _text("speaker_spoof.txt", 0, "'WK01', 'wk01', 'ＷＫ０１'"),
    _text("prompt_and_html.txt", 0, READ),
    _book("alias_bomb", r":3:\d+: anchor '&a'|:\d+:\d+: alias"),
    _book("recursive_alias", r":3:\d+: (?:alias|anchor)"),
    _book("duplicate_code_id", r":4:10: code id 'openness' is given twice, first in line 3"),
    _book("unsafe_tag", r"tag '.*' is not allowed"),
    _book("tabs", r":\d+:\d+: not YAML.*indent with spaces, not tabs"),
    _book("deep_nest", "nesting deeper than 32 levels"),
    _book("unknown_parent", "'nope'"),
    _book("unknown_field", "unknown field 'lable', did you mean 'label'"),
    _book("two_documents", "one document expected"),
    _book("empty", "the codebook is empty"),
    _book("list_root", r"a mapping .* is expected at the top"),
    _book("bidi_id", r"(?s)U\+202E.*U\+200B.*U\+043E"),
    _book("gb18030", r"not valid UTF-8 at byte \d+ .*--encoding.*gb18030, which would read '.*[一-龥]"),
    _book("redos", "pattern"),
    _book("match_all", "matches the empty|pattern"),
    _book("removed_code", "no problem", 0),
    _table("missing_column", r"m\.csv:1: column '\w+' is missing"),
    _table("duplicate_header", "column 'group' is given twice, as columns 2 and 3"),
    _table("ragged", r"(?s)m\.csv:2: the row has 2 values.*:3: .*:4: "),
    _table("out_of_order_rounds", r"m\.csv:1: column '\w+' is missing"),
    _table("only_one_group", r"m\.csv:1: column '\w+' is missing"),
    _table("likert_out_of_range", r"m\.csv:1: column '\w+' is missing"),
    _table("gb18030", r"(?s)warning: read as gb18030, .* '参与者,组别,轮次'.*columns found: 参与者"),
    _table("semicolon", r"one column found, 'participant;group;round' — is the separator ';'\?"),
    _table("differencing_a", r"m\.csv:1: column '\w+' is missing"),
    _table("differencing_b", r"m\.csv:1: column '\w+' is missing"),
    *(
        Case(f"json/{name}.json", 2, rf"a\.json:?[0-9:]*: {says}")
        for name, says in {
            "nan": "'NaN' is no JSON",
            "dup_keys": "key 'id' is given twice",
            "huge_int": "whole number of 5,000 digits, out of range",
            "lone_surrogate": r"half of a surrogate pair \(U\+D83D\)",
            "overlaps": "no list 'segments'",
            "offsets_gold": "no list 'segments'",
        }.items()
    ),
    Case("docx/truncated.docx", 2, r"a\.docx: not a complete \.docx"),
    Case("docx/not_zip.docx", 2, r"this is a Word 97-2003 or an encrypted file — open it in Word and save"),
    Case("docx/bomb.docx", 2, "it expands beyond the limit"),
    Case("docx/bomb_paragraphs.docx", 2, "it expands beyond the limit"),
    Case("docx/xxe.docx", 2, r"\A(?!.*root:)(?s:.*)'word/document.xml' declares a DTD"),
    Case("docx/traversal.docx", 0, READ),
    Case("docx/external_image.docx", 0, READ),
    Case("docx/hidden_pii.docx", 0, r"(?s)hidden text left out.*deletions left out.*comments left out"),
    *_never("zip/nested.zip", "'.zip' files are not read: archives are not unpacked"),
    *_never("zip/lying_size.zip", "'.zip' files are not read: archives are not unpacked"),
    Case("zip/lying_size.zip", 2, r"not a complete \.docx|expands beyond the limit", role="docx"),
    *(
        case
        for path in sorted((BAD / "qdpx").iterdir())
        for case in _never(f"qdpx/{path.name}", r"'\.qdpx' files are not read: .* 'bwa-study init FOLDER --from FILE'")
    ),
    _project("good", "came over: 1 codes, 1 transcripts, 1 codings", 0),
    _project("traversal", r"member '../../bwa_pwned' leads out of the archive"),
    _project("relative_external", r"external source 'relative://../../../etc/passwd' not allowed"),
    _project("xxe", r"\A(?!.*root:)(?s:.*)'project.qde' declares a DTD"),
    _project("laughs", "'project.qde' declares a DTD"),
    _project("offset_past_end", r"selection 44444444-[4-]+: it reaches from 2 to 900, and the text has 7", 0),
    _project("dup_guid", r"guid 22222222-(?:2222-){3}2{12} is given twice, to a code and to a coding"),
    _project("dup_members", "duplicate member 'Sources/t.txt'"),
    _project("no_project", "it is not a REFI-QDA project"),
    *(
        case
        for name in ("evil.pkl", "evil.joblib")
        for case in _never(f"model/{name}", "a pickle can run commands and is never opened")
    ),
    *(
        Case(f"xlsx/{name}.xlsx", 2, says)
        for name, says in {
            "formula_no_cache": "A2 is a formula",
            "far_cell": r"a\.xlsx\[s\]:1048576: the cell in column XFD, row 1,048,576, value '1', makes the sheet",
            "bomb_rows": "'xl/worksheets/sheet1.xml' has more than 1,048,576 rows",
        }.items()
    ),
    Case("", 0, READ, name="CON.txt"),
    Case("", 0, r"\A[^\u202e]*\Z", name="a\u202etxt.txt"),
    Case("", 0, READ, name="-rf.txt"),
    Case("", 0, READ, name="长" * 78 + ".txt"),
    Case("", 0, READ, name="quote'\"; drop table codings;--.txt"),
    Case("", 0, READ, name="new\nline.txt"),
    Case("", 2, "it lies outside of the study folder", name="link_to_etc.txt"),
    Case("", 2, "it cannot be read|there is no such file", name="link_loop.txt"),
    Case("", 2, "it lies outside of the study folder", name="link_up.txt"),
]  # fmt: skip
LINKS = {"link_to_etc.txt": "/etc/passwd", "link_loop.txt": "link_loop.txt", "link_up.txt": "../../../.."}


def _arguments(case: Case, folder: Path) -> list[str]:
    """Write the study that holds the bad file and give the command that meets it."""
    source = BAD / case.path
    if case.role == "codebook":
        (folder / source.name).write_bytes(source.read_bytes())
        return ["check", str(folder / source.name)]
    if case.role == "project":
        (folder / source.name).write_bytes(source.read_bytes())
        return ["init", str(folder.parent.parent / "made" / source.stem), "--from", str(folder / source.name)]
    name = case.name or ("a.docx" if case.role == "docx" else f"a{source.suffix}")
    (folder / "texts").mkdir()
    (folder / "study.yaml").write_text(STUDY.format(manifest="m.csv"), encoding="utf-8")
    (folder / "codebook.yaml").write_text(BOOK, encoding="utf-8")
    quoted = '"' + f"texts/{name}".replace('"', '""') + '"'
    manifest = ROW.format(language=case.language, file=quoted).encode()
    (folder / "m.csv").write_bytes(source.read_bytes() if case.role == "manifest" else manifest)
    target = folder / "texts" / name
    if name in LINKS:
        target.symlink_to(LINKS[name])
    elif case.role != "manifest":
        target.write_bytes(source.read_bytes() if case.path else b"I: Well?\nR1: Fine.\n")
    return ["check", str(folder), "--all"]


def _tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "driver.py").write_text(DRIVER)
    calls = {}
    for number, case in enumerate(CASES):
        (place := folder / "studies" / f"s{number}").mkdir(parents=True)
        calls[case.id] = _arguments(case, place)
    (folder / "calls.json").write_text(json.dumps(calls))
    before = _tree(folder / "studies")
    subprocess.run(
        [sys.executable, "driver.py", "calls.json", "results.json"],
        cwd=folder, check=True, timeout=300, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    found = json.loads((folder / "results.json").read_text())
    made = sorted(path.name for path in (folder / "made").iterdir())
    return {**found, "changed": _tree(folder / "studies") != before, "made": made}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_input_gets_what_it_must(outcomes, case: Case):
    got = outcomes["results"][case.id]
    assert got["code"] == case.code, got["said"]
    assert re.search(case.says, got["said"]), got["said"]
    assert "Traceback" not in got["said"]
    assert "a fault of ours" not in got["said"]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", got["said"])
    assert got["seconds"] < SECONDS
    assert got["megabytes"] < MEGABYTES


def test_the_child_that_reads_stays_within_its_memory(outcomes):
    assert 0 < outcomes["children"] < MEGABYTES


def test_no_bad_input_changes_a_study_or_writes_anywhere(outcomes):
    assert not outcomes["changed"]
    assert [path for path in SENTINELS if path.exists()] == []


def test_a_project_that_is_refused_leaves_no_folder(outcomes):
    assert outcomes["made"] == ["good", "offset_past_end"]


def test_every_bad_file_is_run():
    there = {f"{path.parent.name}/{path.name}" for path in BAD.rglob("*") if path.is_file() and path.parent != BAD}
    assert there == {case.path for case in CASES if case.path}
