from __future__ import annotations

import io
import random
import uuid
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.coding.log.log import open_log
from bwa_study.model.events import Event
from small_study import INTERVIEWS, write_study

WORDS = 'They listen 😀 and they listen. 𠀀厂长\t听了, <b>&amp; "so".'
KINDS = ["xlsx", "docx"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (one, *rest) = INTERVIEWS
    return write_study(tmp_path / "study", interviews=((*one[:-1], WORDS), *rest))


def code(folder: Path, n: int, words: str, nth: int = 0, **values: Any) -> Event:
    transcript = bwa.load_study(folder).corpus["s-w-1"]
    start = [at for at in range(len(transcript.text)) if transcript.text.startswith(words, at)][nth]
    given = {"id": f"10000000-0000-4000-8000-00000000000{n}", "coding": f"20000000-0000-4000-8000-00000000000{n}",
             "coder": "c1", "operation": "add", "transcript": "s-w-1", "start": start, "end": start + len(words),
             "quote": words, "code": "listening", "polarity": "present", "status": "accepted",
             "text_digest": transcript.digest}  # fmt: skip
    return Event(**{**given, **values})


@pytest.fixture
def coded(folder: Path) -> Path:
    """c1 has coded overlapping words, the second of two equal ones, and marked another interview as read."""
    digest = bwa.load_study(folder).corpus["s-w-2"].digest
    with open_log(folder) as log:
        log.append(code(folder, 1, "they listen. 𠀀厂长", certainty=2, memo="at the gate\nand: after; it", about="F01"))
        log.append(code(folder, 2, "listen", 1, code="fear", polarity="absent", evidence="hearsay", time_ref="before"))
        log.append(code(folder, 3, "厂长\t听了", code="visits"))
        log.append(code(folder, 4, "They", coder="c2"))
        log.append(Event(id="10000000-0000-4000-8000-000000000009", coder="c1", operation="examine",
                         transcript="s-w-2", turns=(2,), text_digest=digest))  # fmt: skip
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(a) for a in arguments])
    out = capsys.readouterr()
    return int(end.value.code or 0), out.out, out.err


def sheet(folder: Path, kind: str, capsys: pytest.CaptureFixture[str], transcript: str = "s-w-1") -> Path:
    out = folder.parent / f"c1.{kind}"
    done = run(capsys, "sheets", "out", folder, "--out", out, "--coder", "c1", "--transcripts", transcript)
    assert done == (0, f"{out}: 1 transcripts, 1 answers, for c1\n", "")
    return out


def rows(folder: Path) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in bwa.load_study(folder).codings.frame.astype(object).fillna("").values.tolist()]


def edit(file: Path, change: dict[str, object], row: int = 2) -> None:
    book = openpyxl.load_workbook(file)
    head = [cell.value for cell in book["Coding"][1]]
    for name, value in change.items():
        book["Coding"].cell(row=row, column=head.index(name) + 1).value = value
    book.save(file)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_that_nobody_touched_changes_nothing(coded, kind, capsys):
    before = rows(coded)
    for transcript in ("s-w-1", "s-w-2"):
        file = sheet(coded, kind, capsys, transcript)
        assert run(capsys, "sheets", "in", coded, file) == (
            0, f"{file}: coder c1, 0 codings added, 0 changed, 0 taken out, 0 turns marked as read\n", "")  # fmt: skip
    assert rows(coded) == before
    with open_log(coded) as log:
        assert len(log.events()) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_taken_into_an_empty_log_gives_the_same_codings(coded, kind, capsys, tmp_path):
    file = sheet(coded, kind, capsys)
    before = [r for r in rows(coded) if r[7] == "c1"]
    (coded / "codings.sqlite").unlink()

    assert run(capsys, "sheets", "in", coded, file)[0] == 0

    columns = list(bwa.load_study(coded).codings.frame.columns)
    keep = [n for n, name in enumerate(columns) if name not in ("id", "date", "codebook_version")]
    assert sorted([r[n] for n in keep] for r in rows(coded)) == sorted([r[n] for n in keep] for r in before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_shows_nothing_of_another_coder(coded, kind, capsys):
    data = sheet(coded, kind, capsys)
    text = str(openpyxl_cells(data)) if kind == "xlsx" else str([c.text for c in docx.Document(str(data)).comments])
    assert "c2" not in text
    assert "listening" in text


def openpyxl_cells(file: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(file)["Coding"].iter_rows(values_only=True))


def test_a_workbook_shows_each_coding_in_a_row_with_lists_to_choose_from(coded, capsys):
    file = sheet(coded, "xlsx", capsys)
    head, *found = openpyxl_cells(file)
    assert head[4:] == ("words", "which", "code", "polarity", "certainty", "evidence", "time_ref", "about", "memo",
                        "read")  # fmt: skip
    assert found[1][4:12] == ("listen", 2, "fear", "absent", None, "hearsay", "before", None)
    lists = openpyxl.load_workbook(file)["Coding"].data_validations.dataValidation
    assert {v.formula1 for v in lists} >= {"=Codes!$A$2:$A$4".lstrip("="), '"present,absent"', '"F01,F02"'}


def test_what_is_filled_in_changed_and_emptied_in_a_workbook_is_taken(coded, capsys):
    file = sheet(coded, "xlsx", capsys)
    edit(file, {"memo": "new"}, row=2)
    edit(file, dict.fromkeys(("words", "which", "code", "polarity", "evidence", "time_ref")), row=3)
    edit(file, {"transcript": "s-w-1", "turn": 2, "words": "listen", "which": 1, "code": "fear"}, row=5)

    assert run(capsys, "sheets", "in", coded, file)[1] == (
        f"{file}: coder c1, 1 codings added, 1 changed, 1 taken out, 0 turns marked as read\n"
    )

    study = bwa.load_study(coded)
    mine = study.codings.frame.query("coder == 'c1'")
    assert sorted(mine[["quote", "code", "polarity", "memo"]].values.tolist()) == [
        ["listen", "fear", "present", ""],
        ["they listen. 𠀀厂长", "listening", "present", "new"],
        ["厂长\t听了", "visits", "present", ""],
    ]
    added = mine[mine["quote"] == "listen"].iloc[0]
    assert added["start"] == study.corpus["s-w-1"].text.index("listen")


def test_every_row_that_is_no_coding_is_named_and_nothing_is_taken(coded, capsys):
    file = sheet(coded, "xlsx", capsys)
    edit(file, {"code": "listning"}, row=2)
    edit(file, {"which": None}, row=3)
    edit(file, {"words": "not said"}, row=4)
    edit(file, {"transcript": "s-w-1", "turn": 1, "code": "fear"}, row=5)
    before = rows(coded)

    exit_code, _, said = run(capsys, "sheets", "in", coded, file)

    assert exit_code == 2
    place = f"{file}, sheet 'Coding'"
    assert said.splitlines() == [
        f"{place}:2: code 'listning' is not known, did you mean 'listening'? — use one of listening, fear, visits",
        f"{place}:3: the words 'listen' come 2 times in turn 2 — say which, 1 for the first, in the column 'which'",
        f"{place}:4: the words 'not said' are not in turn 2 — copy them from the text, letter by letter",
        (
            f"{place}:5: transcript 's-w-1' has no answer 1 in this sheet — leave the columns transcript and turn as "
            "they were"
        ),
    ]
    assert rows(coded) == before


def test_comments_added_in_word_are_codings(coded, capsys):
    file = sheet(coded, "docx", capsys)
    document = docx.Document(str(file))
    run_there = next(r for p in document.paragraphs for r in p.runs if r.text.startswith("They"))
    document.add_comment([run_there], text="fear: absent; visits\ncertainty: 3", author="c1", initials="c")
    document.save(str(file))

    assert run(capsys, "sheets", "in", coded, file)[1].endswith(
        "2 codings added, 0 changed, 0 taken out, 0 turns marked as read\n"
    )
    mine = bwa.load_study(coded).codings.frame.query("coder == 'c1' and certainty == 3")
    assert mine[["quote", "code", "polarity"]].values.tolist() == [
        [run_there.text, "fear", "absent"],
        [run_there.text, "visits", "present"],
    ]


def test_a_text_that_was_changed_in_word_is_refused(coded, capsys):
    file = sheet(coded, "docx", capsys)
    document = docx.Document(str(file))
    next(r for p in document.paragraphs for r in p.runs if r.text.startswith("They")).text = "Then "
    document.save(str(file))
    assert run(capsys, "sheets", "in", coded, file)[::2] == (
        2, f"{file}: the text of turn 2 was changed — make a new sheet; only comment in it\n")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_of_another_text_is_refused(coded, kind, capsys):
    file = sheet(coded, kind, capsys)
    text = coded / "raw" / "interviews" / "s-w-1.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("so", "or"), encoding="utf-8")
    code_, _, said = run(capsys, "sheets", "in", coded, file)
    assert code_ == 2
    assert "transcript 's-w-1' has another text now — make a new sheet and code in it" in said


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_coded_after_the_sheet_was_made_stays(coded, kind, capsys):
    file = sheet(coded, kind, capsys)
    with open_log(coded) as log:
        log.append(code(coded, 5, "so", code="visits"))
    assert run(capsys, "sheets", "in", coded, file)[0] == 0
    assert "so" in set(bwa.load_study(coded).codings.frame["quote"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_coding_that_was_changed_after_the_sheet_was_made_is_not_written_over(coded, kind, capsys):
    file = sheet(coded, kind, capsys)
    with open_log(coded) as log:
        again = {"id": "10000000-0000-4000-8000-000000000008", "operation": "change", "memo": "other"}
        log.append(code(coded, 3, "厂长\t听了", code="visits", **again), expects=3)
    code_, _, said = run(capsys, "sheets", "in", coded, file)
    assert code_ == 2
    assert "'visits' on '厂长\\u0009听了' was changed after the sheet was made (event 6)" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_no_sheet_is_refused(coded, kind, capsys, tmp_path):
    file = tmp_path / f"other.{kind}"
    stream = io.BytesIO()
    (openpyxl.Workbook() if kind == "xlsx" else docx.Document()).save(stream)
    file.write_bytes(stream.getvalue())
    code_, _, said = run(capsys, "sheets", "in", coded, file)
    assert code_ == 2
    assert "made by 'bwa-study sheets out'" in said


def test_a_coding_that_a_sheet_cannot_show_is_left_alone(coded, capsys):
    with open_log(coded) as log:
        log.append(code(coded, 6, "?\nR1: They listen", code="visits"))
    file = sheet(coded, "xlsx", capsys)
    assert "0 taken out" in run(capsys, "sheets", "in", coded, file)[1]


def test_only_one_transcript_fits_a_word_document(coded, capsys, tmp_path):
    out = tmp_path / "all.docx"
    assert run(capsys, "sheets", "out", coded, "--out", out, "--coder", "c1")[2] == (
        "bwa-study: a Word document holds one transcript — name it with --transcripts\n"
    )
    assert not out.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_many_codings_that_overlap_in_every_way_come_back_as_they_were(folder, kind, capsys):
    transcript, chance = bwa.load_study(folder).corpus["s-w-1"], random.Random(4)
    span, given = transcript.respondent_turns[0].span, {}
    while len(given) < 120:
        start, end = sorted(chance.sample(range(span.start, span.end + 1), 2))
        words = transcript.text[start:end]
        if words.strip():
            code_of, polarity = chance.choice(["listening", "fear", "visits"]), chance.choice(["present", "absent"])
            given[start, end, code_of, polarity] = Event(
                id=str(uuid.uuid4()), coding=str(uuid.uuid4()), coder="c1", operation="add", transcript="s-w-1",
                start=start, end=end, quote=words, code=code_of, polarity=polarity, status="accepted",
                certainty=chance.choice([None, 1, 2, 3]), evidence=chance.choice(["", "own", "hearsay"]),
                memo=chance.choice(["", "read", "memo: 看 😀", "a; b: c\nand more"]), text_digest=transcript.digest,
            )  # fmt: skip
    with open_log(folder) as log:
        log.extend(list(given.values()))

    file = sheet(folder, kind, capsys)
    untouched = run(capsys, "sheets", "in", folder, file)
    (folder / "codings.sqlite").unlink()
    taken = run(capsys, "sheets", "in", folder, file)

    assert untouched[1] == f"{file}: coder c1, 0 codings added, 0 changed, 0 taken out, 0 turns marked as read\n"
    assert taken[1].startswith(f"{file}: coder c1, 120 codings added, 0 changed, 0 taken out")
    with open_log(folder) as log:
        there = {(e.start, e.end, e.code, e.polarity): e for e in log.standing().codings.values()}
    told = ("quote", "certainty", "evidence", "memo")
    assert {k: [getattr(e, n) for n in told] for k, e in there.items()} == {
        k: [getattr(e, n) for n in told] for k, e in given.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_that_stands_twice_on_the_same_words_is_shown_once_and_kept(folder, kind, capsys):
    with open_log(folder) as log:
        log.append(code(folder, 1, "They"))
        log.append(code(folder, 2, "They"))
    before = rows(folder)
    status, _, said = run(capsys, "sheets", "in", folder, sheet(folder, kind, capsys))
    assert (status, said) == (0, "")
    assert rows(folder) == before
