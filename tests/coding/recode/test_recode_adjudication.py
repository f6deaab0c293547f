from __future__ import annotations

import uuid
from dataclasses import replace

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

import bwa_study as bwa
from bwa_study.coding.recode.adjudication import Adjudication, open_cases
from bwa_study.coding.recode.desk import Desk
from bwa_study.coding.recode.keeping import MemoryKeeping
from bwa_study.model.codings import Examined
from bwa_study.model.errors import TooFewCoders, UnknownName


@pytest.fixture
def disputed(bilingual):
    """Coders A and B read s-w-1: they agree on listening, not on fear (one nothing) nor on visits (two polarities)."""
    text = bilingual.corpus["s-w-1"]
    start = text.turns[1].span.start
    rows = [
        ("A", "listening", "present", 0, 2), ("B", "listening", "present", 0, 5), ("A", "fear", "present", 2, 9),
        ("A", "visits", "present", 10, 12), ("B", "visits", "absent", 10, 12), ("C", "fear", "absent", 0, 2),
    ]  # fmt: skip
    table = pd.DataFrame(
        [
            {
                "id": str(uuid.uuid4()), "transcript": "s-w-1", "start": start + a, "end": start + b, "code": code,
                "quote": text.text[start + a : start + b], "polarity": polarity, "coder": coder, "coder_kind": "human",
                "status": "accepted",
            }
            for coder, code, polarity, a, b in rows
        ]
    )  # fmt: skip
    read = Examined({coder: {"s-w-1": frozenset({2})} for coder in "ABC"})
    return replace(bilingual, codings=bwa.Codings(table), examined=read)


@pytest.fixture
def log(tmp_path):
    with bwa.open_log(tmp_path / "log.sqlite") as opened:
        yield opened


def decision(code="fear", take="A", reason="the speaker says it of herself", **other):
    place = {"id": str(uuid.uuid4()), "transcript": "s-w-1", "turn": 2}
    return {**place, "code": code, "take": take, "reason": reason, **other}


def adjudicated(log):
    standing = log.standing(coder="adjudicated").codings.values()
    return [(e.code, e.polarity, e.quote, e.status, e.reason) for e in standing]


def test_a_case_is_a_code_in_a_turn_that_two_readers_saw_differently(disputed):
    cases = open_cases(disputed, ["A", "B"])

    assert [case.key for case in cases] == [("s-w-1", 2, "fear"), ("s-w-1", 2, "visits")]
    assert {coder: [one["polarity"] for one in side] for coder, side in cases[0].sides.items()} == {
        "A": ["present"], "B": [],
    }  # fmt: skip


def test_a_turn_that_only_one_has_read_is_no_case(disputed):
    alone = replace(disputed, examined=Examined({"A": {"s-w-1": None}, "B": {}}))
    without_b = alone.codings.where(lambda coding: coding.coder != "B")
    assert open_cases(replace(alone, codings=without_b), ["A", "B"]) == ()


def test_coders_that_agree_have_no_case(disputed):
    same = disputed.codings.where(lambda coding: coding.code == "listening")
    assert open_cases(replace(disputed, codings=same), ["A", "B"]) == ()


def test_adjudication_needs_two_coders_that_are_known(disputed):
    with pytest.raises(TooFewCoders, match="adjudication needs two coders or more, found 1"):
        open_cases(disputed, ["A"])
    with pytest.raises(UnknownName, match="unknown coder 'D'"):
        open_cases(disputed, ["A", "D"])


def test_a_decision_is_a_coding_of_the_adjudicator_with_its_reason_and_the_originals_stay(disputed, log):
    desk = Adjudication(disputed, log, ["A", "B"], author="judge")
    assert desk.record(decision()).status == 200

    quote = disputed.codings.select(coder="A", code="fear").frame["quote"].iloc[0]
    assert adjudicated(log) == [("fear", "present", quote, "adjudicated", "the speaker says it of herself")]
    assert log.standing().examined == {}
    assert {e.author for e in log.events()} == {"judge"}
    assert {e.coder for e in log.events()} == {"adjudicated"}
    cases = {row["code"]: row["decided"] for row in desk.page().body["cases"]}
    assert cases == {"fear": {"take": "A", "reason": "the speaker says it of herself"}, "visits": None}


def test_neither_is_a_decision_too(disputed, log):
    desk = Adjudication(disputed, log, ["A", "B"])
    desk.record(decision(take=""))

    assert adjudicated(log) == []
    assert desk.page().body["cases"][0]["decided"]["take"] == ""


def test_to_decide_again_takes_the_first_decision_back_and_leaves_other_codes(disputed, log):
    desk = Adjudication(disputed, log, ["A", "B"])
    desk.record(decision("visits", "A"))
    desk.record(decision("fear", "A"))
    desk.record(decision("visits", "B", reason="she says they stopped"))

    assert sorted(row[:2] for row in adjudicated(log)) == [("fear", "present"), ("visits", "absent")]
    assert [e.operation for e in log.events()].count("remove") == 1


def test_the_same_decision_twice_is_kept_once(disputed, log):
    desk = Adjudication(disputed, log, ["A", "B"])
    message = decision()
    assert [desk.record(message).status for _ in range(2)] == [200, 200]
    assert len(log.events()) == 2


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"reason": "  "}, 400, "field 'reason'"),
        ({"take": "C"}, 422, "'C' did not read this turn"),
        ({"code": "listening"}, 404, "there is no such case"),
        ({"extra": 1}, 400, "field 'extra'"),
    ],
)
def test_a_decision_without_reason_or_case_is_refused(disputed, log, wrong, status, says):
    answer = Adjudication(disputed, log, ["A", "B"]).record({**decision(), **wrong})
    assert answer.status == status
    assert says in answer.body["what"]
    assert log.events() == ()


def test_the_adjudicator_decides_on_a_page_that_coders_cannot_open(disputed, log, tab, run_server):
    desks = {"A": Desk(disputed, MemoryKeeping(), "A", ("s-w-1",))}
    with run_server(desks, adjudications={"judge": Adjudication(disputed, log, ["A", "B"])}) as server:
        tab.goto(server.link("A"), wait_until="commit")
        tab.wait_for_selector("[data-ready]")
        refused = tab.evaluate("async () => (await fetch('/api/cases')).status")
        tab.goto(server.link("judge"), wait_until="commit")
        tab.wait_for_selector("[data-ready]")
        case = tab.get_by_role("article", name="Fear s-w-1 2")
        case.get_by_role("button", name="As A").click()
        asked = case.get_by_role("status").inner_text()
        case.get_by_role("textbox", name="Reason").fill("她说的是自己")
        case.get_by_role("button", name="As A").click()
        tab.get_by_text("1 to decide, 1 decided").wait_for()
        marked = case.locator("mark").all_inner_texts()
        own = tab.evaluate("async () => (await fetch('/api/transcript/s-w-1')).status")
        found = Axe().run(tab)

    assert (refused, own) == (401, 401)
    assert asked == "Write the reason first."
    assert [row[0] for row in adjudicated(log)] == ["fear"]
    assert adjudicated(log)[0][4] == "她说的是自己"
    assert marked == [disputed.codings.select(coder="A", code="fear").frame["quote"].iloc[0]]
    assert found.violations_count == 0, found.generate_report()
