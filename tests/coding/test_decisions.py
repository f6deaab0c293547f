from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.coding.decisions import Carried, StillOpen, carry_agreed, decisions
from bwa_study.coding.log.exchange import import_codings
from bwa_study.coding.recode.adjudication import Adjudication
from bwa_study.model.codings import Examined
from small_study import write_study

AB = ("A", "B")


def rows(study: bwa.Study, *given: tuple[str, str, str, str, str]) -> bwa.Codings:
    """Codings as (coder, transcript, words, code, polarity)."""
    out = []
    for coder, transcript, words, code, polarity in given:
        start = study.corpus[transcript].text.index(words)
        out.append({"id": str(uuid.uuid4()), "transcript": transcript, "start": start, "end": start + len(words),
                    "quote": words, "code": code, "polarity": polarity, "coder": coder, "coder_kind": "human",
                    "status": "accepted", "codebook_version": "2.1.0"})  # fmt: skip
    return bwa.Codings(pd.DataFrame(out))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A and B read s-w-1 and agree on listening, not on fear; they read e-w-2 and agree; only A reads e-w-1."""
    folder = write_study(tmp_path / "study")
    study = bwa.load_study(folder)
    codings = rows(
        study,
        ("A", "s-w-1", "They ignore us", "listening", "absent"),
        ("B", "s-w-1", "ignore", "listening", "absent"),
        ("A", "s-w-1", "afraid", "fear", "present"),
        ("A", "e-w-2", "the client visits", "visits", "present"),
        ("B", "e-w-2", "client visits", "visits", "present"),
        ("A", "e-w-1", "They listen", "listening", "present"),
    )
    turns = {"s-w-1": None, "e-w-2": None, "s-w-2": None}
    with bwa.open_log(folder) as log:
        read = Examined({"A": {**turns, "e-w-1": None}, "B": turns})
        import_codings(log, codings, examined=read, corpus=study.corpus)
    return folder


def decide(folder: Path, take: str = "A") -> None:
    study = bwa.load_study(folder)
    with bwa.open_log(folder) as log:
        form = {"id": str(uuid.uuid4()), "transcript": "s-w-1", "turn": 2, "code": "fear", "take": take,
                "reason": "she says it of herself"}  # fmt: skip
        assert Adjudication(study, log, AB, author="judge").record(form).status == 200


def table(folder: Path) -> list[list[str]]:
    study = bwa.load_study(folder)
    with bwa.open_log(folder) as log:
        found = decisions(study, log.events(), coders=AB).table
    return found[["transcript", "turn", "code", "state", "A: polarity", "A: words", "B: polarity", "decision",
                  "polarity", "words", "reason", "decided_by"]].to_numpy().tolist()  # fmt: skip


def carry(folder: Path, *, with_single: bool = False) -> Carried:
    study = bwa.load_study(folder)
    with bwa.open_log(folder) as log:
        return carry_agreed(study, log, coders=AB, with_single=with_single)


def adjudicated(folder: Path) -> list[list[str]]:
    frame = bwa.load_study(folder).codings.select(coder="adjudicated").frame
    return sorted(frame[["transcript", "quote", "code", "polarity", "status"]].to_numpy().tolist())


AGREED = [
    ["e-w-2", "the client visits", "visits", "present", "accepted"],
    ["s-w-1", "They ignore us", "listening", "absent", "accepted"],
]
DECIDED = ["s-w-1", "afraid", "fear", "present", "adjudicated"]


def test_a_disagreement_is_a_row_that_is_open_until_it_is_decided(folder):
    assert table(folder) == [["s-w-1", 2, "fear", "open", "present", "afraid", "", "", "", "", "", ""]]
    decide(folder)
    assert table(folder) == [
        ["s-w-1", 2, "fear", "decided", "present", "afraid", "", "A", "present", "afraid", "she says it of herself",
         "judge"]
    ]  # fmt: skip


def test_neither_is_a_decision(folder):
    decide(folder, take="")
    assert table(folder)[0][7:10] == ["neither", "", ""]


def test_a_decision_stays_in_the_table_when_the_coders_have_changed_their_minds(folder):
    decide(folder)
    study = bwa.load_study(folder)
    with bwa.open_log(folder) as log:
        import_codings(log, rows(study, ("B", "s-w-1", "afraid", "fear", "present")), corpus=study.corpus)
    assert [row[2:4] for row in table(folder)] == [["fear", "no longer disputed"]]


def test_what_is_agreed_is_not_carried_while_something_is_open(folder):
    with pytest.raises(StillOpen) as refused:
        carry(folder)
    assert str(refused.value) == (
        "1 disagreement is not decided yet, such as code fear in turn 2 of s-w-1 — decide them with: bwa-study recode "
        "STUDY --coder NAME --adjudicate A,B"
    )
    assert "adjudicated" not in bwa.load_study(folder).codings.coders


def test_agreed_and_decided_codings_are_one_coder_and_told_apart(folder):
    decide(folder)
    assert carry(folder) == Carried(agreed=2, decided=1, turns=3, added=2, removed=0)
    assert adjudicated(folder) == sorted([*AGREED, DECIDED])
    study = bwa.load_study(folder)
    assert set(study.examined.turns["adjudicated"]) == {"s-w-1", "s-w-2", "e-w-2"}
    assert bwa.matrix(study, coders=["adjudicated"]).examined.sum() == 3


def test_carrying_again_changes_nothing(folder):
    decide(folder)
    carry(folder)
    with bwa.open_log(folder) as log:
        before = log.events()
    assert carry(folder) == Carried(agreed=2, decided=1, turns=3, added=0, removed=0)
    with bwa.open_log(folder) as log:
        assert log.events() == before


def test_carrying_follows_coders_who_have_changed_their_minds(folder):
    decide(folder)
    carry(folder)
    study = bwa.load_study(folder)
    with bwa.open_log(folder) as log:
        import_codings(log, rows(study, ("B", "s-w-1", "afraid", "fear", "present")), corpus=study.corpus)
    assert carry(folder) == Carried(agreed=3, decided=0, turns=3, added=1, removed=1)
    assert adjudicated(folder) == sorted([*AGREED, [*DECIDED[:4], "accepted"]])


def test_turns_that_one_alone_has_read_are_carried_when_asked_for(folder):
    decide(folder)
    assert carry(folder, with_single=True).agreed == 3
    assert ["e-w-1", "They listen", "listening", "present", "accepted"] in adjudicated(folder)
    assert carry(folder) == Carried(agreed=2, decided=1, turns=3, added=0, removed=1)
    assert "e-w-1" not in bwa.load_study(folder).examined.turns["adjudicated"]


def test_who_adjudicated_is_no_coder_whose_agreement_counts(folder):
    decide(folder)
    carry(folder)
    study = bwa.load_study(folder)
    assert study.codings.people == ("A", "B")
    assert bwa.reliability_gate(replace(study)).coders == ("A", "B")


def test_the_command_writes_the_table_and_carries(folder, tmp_path, capsys):
    decide(folder)
    with pytest.raises(SystemExit) as end:
        main(["adjudicate", str(folder), "--out", str(tmp_path / "d.csv"), "--carry-agreed"])
    assert end.value.code == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{tmp_path}/d.csv: Decisions between A, B: 0 open, 1 decided, 0 no longer disputed"
    assert second == (
        "adjudicated: 2 codings agreed and 1 decided, in 3 turns (2 added and 0 taken out now); analyse it with "
        "--coder adjudicated"
    )
    written = pd.read_csv(tmp_path / "d.csv", encoding="utf-8-sig")
    assert written.loc[0, ["code", "decision", "reason"]].tolist() == ["fear", "A", "she says it of herself"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "adjudicate: nothing to do — name a table with --out, or give --carry-agreed"),
        (["--out", "d.txt"], "unknown kind of table '.txt'"),
        (["--with-single", "--out", "d.csv"], "--with-single says what is carried"),
    ],
)
def test_a_call_that_says_nothing_is_one_line(folder, capsys, options, says):
    with pytest.raises(SystemExit) as end:
        main(["adjudicate", str(folder), *options])
    assert end.value.code == 2
    assert says in capsys.readouterr().err
