from __future__ import annotations

import itertools
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.coding.log.exchange import import_codings, import_jsonl, jsonl_files, read_jsonl
from bwa_study.coding.log.log import EventClash, open_log
from bwa_study.model.codings import CODINGS, Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import TableError, WrongCall
from bwa_study.model.events import Event, events_digest, fold
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn

TEXT = "他们每月都来😀 They listen."
TURNS = (Turn(1, "R1", Role.RESPONDENT, Span(0, 8), "zh"), Turn(2, "R1", Role.RESPONDENT, Span(8, len(TEXT)), "en"))
CORPUS = Corpus((Transcript("t-1", "P-1", "worker", "R1", ("F01",), "zh", TEXT, TURNS),))


def exported(log, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name, data in jsonl_files(log.events()).items():
        (folder / name).write_bytes(data)
    return sorted(folder.glob("*.jsonl"))


def table(*rows: dict[str, object]) -> Codings:
    base = {"transcript": "t-1", "start": 2, "end": 6, "quote": "每月都来", "code": "follow_up", "polarity": "present",
            "coder": "c1", "coder_kind": "human", "status": "accepted"}  # fmt: skip
    return Codings(pd.DataFrame([{**base, **row} for row in rows], columns=[c.name for c in CODINGS.columns]))


def test_a_coder_s_file_is_a_line_an_event_without_empty_fields(log, event):
    kept = log.append(event(start=0, end=4, certainty=1))
    log.append(event(coder="组 二/x.y", operation="examine", turns=(1, 3), undo=True))

    files = jsonl_files(log.events())

    assert sorted(files) == ["%E7%BB%84 %E4%BA%8C%2Fx%2Ey.jsonl", "c1.jsonl"]
    assert json.loads(files["c1.jsonl"]) == {
        "id": kept.id, "coder": "c1", "operation": "add", "transcript": "t-1", "coder_kind": "human", "sequence": 1,
        "time": kept.time, "text_digest": "d", "coding": kept.coding, "start": 0, "end": 4, "quote": "每月都来",
        "code": "follow_up", "polarity": "present", "certainty": 1, "status": "accepted", "codebook_version": "1",
        "tool_version": kept.tool_version,
    }  # fmt: skip


def test_what_is_written_is_read_back_to_the_event(log, event, tmp_path):
    log.append(event(memo='one\ntwo\u2028three "four" \\', quote="𠀀😀厂\r"))
    log.append(event(operation="examine", turns=(1, 3), undo=True))
    assert read_jsonl(exported(log, tmp_path / "out")[0]) == log.events()


def test_two_coders_exports_merged_in_either_order_and_twice_give_the_same_log(tmp_path: Path, event):
    for name in ("c1", "c2"):
        with open_log(tmp_path / f"{name}.sqlite") as log:
            first = log.append(event(coder=name))
            log.append(event(coder=name, operation="change", coding=first.coding, code="fear"), expects=1)
            log.append(event(coder=name, operation="examine", turns=(2,)))
            exported(log, tmp_path / "files")
    files = sorted((tmp_path / "files").iterdir())
    assert [f.name for f in files] == ["c1.jsonl", "c2.jsonl"]

    logs = []
    for n, order in enumerate(itertools.permutations(files)):
        with open_log(tmp_path / f"merged-{n}.sqlite") as log:
            assert [import_jsonl(log, [file]) for file in (*order, *order)] == [3, 3, 0, 0]
            logs.append((log.events(), jsonl_files(log.events()), log.fold()[0].frame["code"].tolist()))

    assert logs[0] == logs[1]
    assert logs[0][2] == ["fear", "fear"]
    assert dict(logs[0][1].items()) == {f.name: f.read_bytes() for f in files}


def test_after_a_merge_new_events_come_last(tmp_path: Path, event):
    with open_log(tmp_path / "far.sqlite") as far:
        for _ in range(5):
            far.append(event())
        files = exported(far, tmp_path / "out")
    with open_log(tmp_path / "near.sqlite") as near:
        import_jsonl(near, files)
        assert near.append(event(coder="c2")).sequence == 6


def test_a_merge_with_another_event_of_the_same_id_changes_nothing(log, event, tmp_path):
    kept = log.append(event())
    files = exported(log, tmp_path / "out")
    new = {**json.loads(files[0].read_bytes()), "id": event().id, "sequence": 2}
    files[0].write_text(json.dumps(new) + "\n" + files[0].read_text().replace("follow_up", "fear"), encoding="utf-8")
    with pytest.raises(EventClash):
        import_jsonl(log, files)
    assert log.events() == (kept,)


def test_every_bad_line_is_named_and_nothing_is_taken(log, event, tmp_path):
    good = json.loads(
        jsonl_files([Event(**{**event().values, "turns": (), "sequence": 1, "time": "2026"})])["c1.jsonl"]
    )
    lines = [
        good,
        {**good, "codes": "x"},
        {**good, "start": "3"},
        {**good, "operation": "erase"},
        {k: v for k, v in good.items() if k != "sequence"},
    ]
    file = tmp_path / "c1.jsonl"
    file.write_text("\n".join([*map(json.dumps, lines), "{", "[]"]), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        import_jsonl(log, [file])
    assert [f"{p.line}: {p.what}" for p in caught.value.problems] == [
        "2: unknown field 'codes', did you mean 'code'?",
        "3: field 'start', value '3': not of the kind that belongs there",
        f"4: event {good['id']}: operation 'erase' is not one of add, change, remove, examine, unexamine",
        "5: field 'sequence' is missing",
        f"6: {caught.value.problems[4].what}",
        "7: an event is an object: {…}",
    ]
    assert log.events() == ()


def test_tables_are_taken_over_once(log):
    codings = table({"id": "00000000-0000-4000-8000-000000000001", "certainty": 2}, {"id": "row-2", "coder": "c2"})
    examined = Examined({"c1": {"t-1": None}, "c2": {"t-1": frozenset({1})}})

    assert [import_codings(log, codings, examined=examined, corpus=CORPUS) for _ in range(2)] == [2, 0]

    folded, read = log.fold()
    assert folded.frame[["coder", "quote", "certainty"]].astype(object).fillna("").values.tolist() == [
        ["c1", "每月都来", 2],
        ["c2", "每月都来", ""],
    ]
    assert read.turns == {"c1": {"t-1": frozenset({1, 2})}, "c2": {"t-1": frozenset({1})}}
    assert len(log.events()) == 4


def test_a_coding_that_was_removed_stays_removed_when_its_table_is_taken_over_again(log, event):
    codings = table({"id": "00000000-0000-4000-8000-000000000001"})
    import_codings(log, codings, corpus=CORPUS)
    log.append(event(operation="remove", coding="00000000-0000-4000-8000-000000000001"), expects=1)
    assert import_codings(log, codings, corpus=CORPUS) == 0
    assert len(log.fold()[0]) == 0


def test_codings_that_do_not_stand_on_their_text_are_refused_whole(log):
    with pytest.raises(
        WrongCall, match="1 codings do not stand on their text; the first is of transcript 't-1' at 3–7"
    ):
        import_codings(log, table({"id": "a"}, {"id": "b", "start": 3, "end": 7}), corpus=CORPUS)
    assert log.events() == ()


@given(st.permutations(range(6)), st.data())
def test_the_fold_does_not_hang_on_the_order_in_which_events_arrive(order, data):
    ids = [f"00000000-0000-4000-8000-{n:012d}" for n in range(6)]
    events = []
    for n in range(6):
        operation = data.draw(st.sampled_from(["add", "change", "remove", "examine", "unexamine"]))
        coding = {"coding": ids[data.draw(st.integers(0, 1))]} if operation in ("add", "change", "remove") else {}
        words = {} if operation == "remove" else {"start": 0, "end": 1, "quote": "x", "code": str(n),
                                                  "polarity": "present", "status": "accepted"}  # fmt: skip
        rest = {**coding, **words} if coding else {"turns": (data.draw(st.integers(1, 3)),)}
        sequence = data.draw(st.integers(1, 4))
        events.append(Event(id=ids[n], coder="c1", operation=operation, transcript="t", sequence=sequence, **rest))
    shuffled = [events[n] for n in order]
    assert fold(shuffled) == fold(events)
    assert events_digest(shuffled) == events_digest(events)
