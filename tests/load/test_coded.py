from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

import bwa_study as bwa
from bwa_study.coding.log.log import open_log
from bwa_study.load.coded import joined_examined
from bwa_study.load.log_store import read_log
from bwa_study.model.codings import Examined
from bwa_study.model.errors import ProblemsFound
from bwa_study.model.events import Event, fold
from small_study import write_study

CODING = "00000000-0000-4000-8000-00000000000{}".format
EVENT = "10000000-0000-4000-8000-00000000000{}".format
FORMER = 'merged_from: [old]\n    indicators: {en: {present: ["afraid"]}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


def coded(folder: Path, n: int = 1, transcript: str = "e-w-1", words: str = "listen", **values: object) -> Event:
    """An event that codes words of the interview in the study folder."""
    text = (folder / "raw" / "interviews" / f"{transcript}.txt").read_text(encoding="utf-8")
    start = text.index(words)
    given = {"id": EVENT(n), "coding": CODING(n), "coder": "c1", "operation": "add", "transcript": transcript,
             "start": start, "end": start + len(words), "quote": words, "code": "listening", "polarity": "present",
             "status": "accepted", "text_digest": bwa.load_study(folder).corpus[transcript].digest}  # fmt: skip
    return Event(**{**given, **values})  # type: ignore[arg-type]


def append(folder: Path, *events: Event) -> None:
    with open_log(folder) as log:
        log.extend(events)


def warnings(study: bwa.Study) -> list[str]:
    return [str(p).split("study/", 1)[-1] for p in study.problems]


def test_the_log_s_codings_are_the_study_s_and_coded_turns_were_read(folder):
    read = Event(id=EVENT(9), coder="c1", operation="examine", transcript="e-w-2", turns=(2,))
    append(folder, coded(folder), read)

    study = bwa.load_study(folder)

    assert [(c.id, c.quote, c.coder) for c in study.codings.frame.itertuples()] == [(CODING(1), "listen", "c1")]
    assert study.examined.turns == {"c1": {"e-w-1": frozenset({2}), "e-w-2": frozenset({2})}}
    assert warnings(study) == []


def test_the_log_s_content_is_part_of_the_provenance(folder):
    append(folder, coded(folder))
    before = dict(bwa.load_study(folder).inputs)["codings.sqlite"]
    append(folder, coded(folder, 2, words="violet"))
    assert dict(bwa.load_study(folder).inputs)["codings.sqlite"] != before


def test_a_coding_in_a_table_and_in_the_log_counts_once_as_the_log_has_it(folder):
    table = folder / "codings" / "c1.csv"
    table.parent.mkdir()
    append(folder, coded(folder), coded(folder, 2, words="violet"))
    bwa.load_study(folder).codings.frame.to_csv(table, index=False, quoting=csv.QUOTE_ALL)
    with open_log(folder) as log:
        log.append(coded(folder, 3, coding=CODING(1), operation="change", code="fear"), expects=1)
        gone = Event(id=EVENT(4), coder="c1", operation="remove", transcript="e-w-1", coding=CODING(2))
        log.append(gone, expects=2)

    assert bwa.load_study(folder).codings.frame["code"].tolist() == ["fear"]


def test_a_changed_text_detaches_codings_and_marks_and_never_shifts_them(folder):
    digest = bwa.load_study(folder).corpus["e-w-1"].digest
    read = Event(id=EVENT(9), coder="c1", operation="examine", transcript="e-w-1", turns=(2,), text_digest=digest)
    append(folder, coded(folder), coded(folder, 2, "e-w-2", "client"), read)
    file = folder / "raw" / "interviews" / "e-w-1.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("violet", "purple"), encoding="utf-8")

    study = bwa.load_study(folder)

    assert study.codings.frame["transcript"].tolist() == ["e-w-2"]
    assert study.examined.turns == {"c1": {"e-w-2": frozenset({2})}}
    assert warnings(study) == [
        (
            "codings.sqlite: warning: 1 marks of examined turns were made on another text (transcripts e-w-1) — the "
            "transcript was changed: restore it, or look at these turns again; they do not count as examined"
        ),
        (
            "codings.sqlite: warning: 1 codings no longer stand on their text (transcripts e-w-1) — the transcript was "
            "changed after coding: restore it, or code these places again; they are not counted"
        ),
    ]


def test_codings_of_a_code_that_is_gone_are_named_by_coder_and_merged_ones_get_the_new_id(folder):
    append(folder, coded(folder, code="old"), coded(folder, 2, "e-w-2", "client", code="old", coder="c2"))
    said = r"codings.sqlite: code 'old' is not in the codebook \(1 by c1, 1 by c2\) — if it was renamed or merged"
    with pytest.raises(ProblemsFound, match=said):
        bwa.load_study(folder)
    book = folder / "codebook.yaml"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace('indicators: {en: {present: ["afraid"]}}', FORMER), encoding="utf-8")

    assert bwa.load_study(folder).codings.frame["code"].tolist() == ["fear", "fear"]


def test_withdrawn_interviews_leave_nothing(folder):
    study = bwa.load_study(folder)
    gone = Event(id=EVENT(1), coding=CODING(1), coder="c1", operation="add", transcript="gone-1", start=0, end=1,
                 quote="I", code="fear", polarity="present", status="accepted")  # fmt: skip
    read = Event(id=EVENT(2), coder="c1", operation="examine", transcript="gone-1", turns=(2,))
    append(folder, gone, read)

    study = bwa.load_study(folder)

    assert (len(study.codings), dict(study.examined.turns)) == (0, {})
    assert warnings(study) == [
        (
            "codings.sqlite: warning: 1 codings are of interviews whose consent was withdrawn — they are left out of "
            "everything"
        )
    ]


def test_a_damaged_log_is_an_error_of_the_study(folder):
    (folder / "codings.sqlite").write_bytes(b"garbage " * 200)
    with pytest.raises(ProblemsFound, match="codings.sqlite: the file is damaged or no coding log"):
        bwa.load_study(folder)


def test_a_log_that_study_yaml_names_and_nobody_has_begun_is_a_note(folder):
    file = folder / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "log: mine.sqlite\n", encoding="utf-8")
    assert warnings(bwa.load_study(folder)) == [
        (
            "study.yaml: note: log: there is no file 'mine.sqlite' yet — correct the name, or go on: it is made when "
            "somebody begins to code"
        )
    ]


def test_a_log_outside_of_the_study_folder_is_refused(folder):
    append(folder, coded(folder))
    (folder / "codings.sqlite").rename(folder.parent / "codings.sqlite")
    file = folder / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "log: ../codings.sqlite\n", encoding="utf-8")
    with pytest.raises(ProblemsFound, match="it lies outside of the study folder — move it into the folder"):
        bwa.load_study(folder)


def test_a_log_that_may_not_be_written_is_read_all_the_same_with_what_was_not_yet_in_the_file(folder, monkeypatch):
    with open_log(folder) as log:  # open: the events still are in codings.sqlite-wal
        log.append(coded(folder))
        before = sorted(folder.iterdir())
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
        events = read_log(folder / "codings.sqlite")
        assert sorted(folder.iterdir()) == before
    assert list(fold(events).codings) == [CODING(1)]


def test_reading_a_study_without_a_log_makes_none(folder):
    bwa.load_study(folder)
    assert not (folder / "codings.sqlite").exists()


def test_a_whole_transcript_read_stays_read():
    one, other = Examined({"a": {"t": None}}), Examined({"a": {"t": frozenset({1})}})
    assert joined_examined(one, other).turns == joined_examined(other, one).turns == {"a": {"t": None}}
