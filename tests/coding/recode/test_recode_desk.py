from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.coding.log.log import open_log
from bwa_study.coding.recode.desk import Desk, desk_order
from bwa_study.coding.recode.keeping import MemoryKeeping
from bwa_study.coding.recode.widget import recode
from bwa_study.model.errors import UnknownName, WrongCall


def new_id():
    return str(uuid.uuid4())


@pytest.fixture
def desk(bilingual):
    return Desk(bilingual, MemoryKeeping(), "c1", ("s-w-1", "e-w-1"))


def change(desk, *, transcript="s-w-1", start=None, end=None, operation="add", **other):
    text = desk.study.corpus[transcript]
    start = text.turns[1].span.start if start is None else start
    end = start + 2 if end is None else end
    coding = {"id": new_id(), "start": start, "end": end, "quote": text.text[start:end]}
    coding |= {"code": "listening", "polarity": "present", **other.pop("coding", {})}
    message = {"id": new_id(), "operation": operation, "transcript": transcript, "digest": text.digest}
    return {**message, "codebook": "2.1.0", "coding": coding, **other}


def standing(desk, transcript="s-w-1"):
    return [kept.coding for kept in desk.keeping.held("c1", transcript).codings.values()]


def test_a_page_holds_the_turns_the_codebook_and_the_coder_s_own_codings(desk):
    desk.record(change(desk))
    body = desk.page("s-w-1").body

    assert [(t["number"], t["role"]) for t in body["transcript"]["turns"]] == [(1, "interviewer"), (2, "respondent")]
    assert [c["id"] for c in body["codebook"]["codes"]] == ["listening", "fear", "visits"]
    assert [(c["quote"], c["version"]) for c in body["codings"]] == [("品牌", 1)]
    assert "indicators" not in body["codebook"]["codes"][0]
    assert body["transcript"]["label"] == {"en": "Workers · Start · F01", "zh": "工人 · 开始 · F01"}


def test_a_transcript_that_is_not_hers_is_neither_shown_nor_coded(desk):
    assert desk.page("s-w-2").status == 404
    assert desk.record(change(desk, transcript="s-w-2")).status == 404


def test_the_same_message_twice_is_kept_once(desk):
    message = change(desk)
    first, second = desk.record(message), desk.record(message)

    assert (first.status, first.body["version"]) == (second.status, second.body["version"]) == (200, 1)
    assert len(standing(desk)) == 1


def test_words_that_do_not_stand_there_are_a_conflict_with_both_values(desk):
    answer = desk.record(change(desk, coding={"quote": "品脾"}))

    assert answer.status == 409
    assert answer.body["kind"] == "quote"
    assert (answer.body["yours"], answer.body["text"]) == ("品脾", "品牌")
    assert standing(desk) == []


def test_offsets_in_utf_16_units_are_caught_by_the_quote(desk):
    text = desk.study.corpus["s-w-1"].text
    start = text.index("我") if "我" in text else text.index("亲自")
    in_units = len(text[:start].encode("utf-16-le")) // 2

    assert in_units != start
    wrong = change(desk, start=in_units, end=in_units + 2, coding={"quote": text[start : start + 2]})
    assert desk.record(wrong).body["kind"] == "quote"
    assert desk.record(change(desk, start=start, end=start + 2)).status == 200


def test_another_text_or_codebook_than_the_page_shows_is_a_conflict(desk):
    assert desk.record({**change(desk), "digest": "0" * 64}).body["kind"] == "text"
    answer = desk.record({**change(desk), "codebook": "1.0.0"})
    assert (answer.status, answer.body["yours"], answer.body["stored"]) == (409, "1.0.0", "2.1.0")


def test_a_stale_change_shows_both_values_and_changes_nothing(desk):
    added = change(desk)
    desk.record(added)
    later = {**added, "id": new_id(), "operation": "change", "expects": 1}
    first = desk.record({**later, "coding": {**added["coding"], "certainty": 3}})
    stale = desk.record({**later, "id": new_id(), "coding": {**added["coding"], "certainty": 1}})

    assert first.status == 200
    assert (stale.status, stale.body["kind"]) == (409, "stale")
    assert (stale.body["yours"]["certainty"], stale.body["stored"]["certainty"]) == (1, 3)
    assert stale.body["stored"]["version"] == 2
    assert [c.certainty for c in standing(desk)] == [3]


def test_a_change_to_a_removed_coding_says_that_it_is_gone(desk):
    added = change(desk)
    desk.record(added)
    desk.record({**added, "id": new_id(), "operation": "remove", "expects": 1})
    late = desk.record({**added, "id": new_id(), "operation": "change", "expects": 1})

    assert (late.status, late.body["stored"]) == (409, None)
    assert late.body["what"] == "this coding was removed in the meantime"


@pytest.mark.parametrize(
    ("coding", "says"),
    [
        ({"code": "nosuch"}, "the codebook has no code 'nosuch'"),
        ({"about": "F99"}, "'F99' is no site of the study"),
    ],
)
def test_what_the_study_does_not_have_is_named(desk, coding, says):
    answer = desk.record(change(desk, coding=coding))
    assert (answer.status, answer.body["what"]) == (422, says)


def test_the_interviewer_s_words_are_not_coded(desk):
    start = desk.study.corpus["s-w-1"].turns[0].span.start
    answer = desk.record(change(desk, start=start, end=start + 4))
    assert (answer.status, answer.body["what"]) == (
        422,
        "only answers are coded, and these are not a respondent's words",
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"extra": 1}, "field 'extra': Extra inputs are not permitted"),
        ({"coder": "c2"}, "field 'coder': Extra inputs are not permitted"),
        ({"operation": "erase"}, "field 'operation': Input should be"),
        ({"id": "1; drop table"}, "field 'id': String should match pattern"),
        ({"expects": "1"}, "field 'expects': Input should be a valid integer"),
        ({"coding": {"start": -1}}, "field 'coding.start'"),
        ({"coding": {"certainty": 4}}, "field 'coding.certainty'"),
        ({"coding": {"end": 0}}, "field 'coding.end'"),
        ({"turns": [1]}, "'add' needs a coding and nothing else"),
    ],
)
def test_a_malformed_message_is_refused_by_its_field(desk, wrong, says):
    message = change(desk)
    message |= {**wrong, "coding": {**message["coding"], **wrong.get("coding", {})}}
    answer = desk.record(message)
    assert answer.status == 400
    assert says in answer.body["what"]


def test_work_says_what_is_open_begun_and_done(desk):
    assert [row["state"] for row in desk.work().body["work"]] == ["open", "open"]
    message = {k: v for k, v in change(desk).items() if k != "coding"}
    desk.record({**message, "operation": "examine", "turns": [2]})
    assert [row["state"] for row in desk.work().body["work"]] == ["done", "open"]
    desk.record({**message, "id": new_id(), "operation": "unexamine", "turns": [2]})
    assert [row["state"] for row in desk.work().body["work"]] == ["open", "open"]
    desk.record(change(desk, transcript="e-w-1"))
    assert [row["state"] for row in desk.work().body["work"]] == ["open", "done"]


def test_an_examined_turn_that_does_not_exist_is_named(desk):
    message = {k: v for k, v in change(desk).items() if k != "coding"}
    answer = desk.record({**message, "operation": "examine", "turns": [2, 77]})
    assert (answer.status, answer.body["what"]) == (422, "there is no turn 77")


def test_proposals_are_shown_only_where_the_assignment_allows(bilingual):
    from bwa_study.coding.indicators import apply_codebook

    proposals = apply_codebook(bilingual.corpus, bilingual.codebook)
    order = desk_order(bilingual)
    desk = Desk(bilingual, MemoryKeeping(), "c1", order, proposals, frozenset({"e-w-2"}))

    shown = {id: [p["code"] for p in desk.page(id).body["proposals"]] for id in order}
    assert shown.pop("e-w-2") == ["listening", "visits"]
    assert set(map(tuple, shown.values())) == {()}


def test_the_study_s_own_codings_are_never_on_a_page(bilingual):
    from bwa_study.coding.indicators import apply_codebook

    study = bilingual.with_codings(apply_codebook(bilingual.corpus, bilingual.codebook), examined_whole="indicators")
    page = Desk(study, MemoryKeeping(), "c1", desk_order(study)).page("e-w-2").body
    assert (page["codings"], page["proposals"], page["examined"]) == ([], [], [])


@given(data=st.data())
def test_a_coding_is_kept_exactly_when_its_quote_stands_at_its_place(bilingual, data):
    desk = Desk(bilingual, MemoryKeeping(), "c1", desk_order(bilingual))
    text = bilingual.corpus["s-w-1"].text
    span = bilingual.corpus["s-w-1"].turns[1].span
    start = data.draw(st.integers(span.start, span.end - 1))
    end = data.draw(st.integers(start + 1, span.end))
    shift = data.draw(st.integers(-2, 2))
    claimed = text[max(0, start + shift) : max(0, end + shift)] or "x"

    answer = desk.record(change(desk, start=start, end=end, coding={"quote": claimed}))

    assert (answer.status == 200) == (claimed == text[start:end])


def test_in_a_notebook_codings_come_back_as_a_table(bilingual):
    page = recode(bilingual, "s-w-1", coder="c1")
    message = change(page.desk)
    page._answer(None, {"event": message}, [])

    (row,) = page.codings.to_dict("records")
    assert (row["transcript"], row["coder"], row["quote"], row["code"]) == ("s-w-1", "c1", "品牌", "listening")
    assert (row["status"], row["codebook_version"]) == ("accepted", "2.1.0")
    assert row["text_digest"] == bilingual.corpus["s-w-1"].digest
    assert page.examined == (2,)
    assert page.page["codings"][0]["id"] == message["coding"]["id"]


def test_a_notebook_s_page_with_a_log_keeps_what_is_coded_and_starts_from_it(bilingual, tmp_path):
    with open_log(tmp_path / "log.sqlite") as log:
        page = recode(bilingual, "s-w-1", coder="c1", log=log)
        page._answer(None, {"event": change(page.desk)}, [])
    with open_log(tmp_path / "log.sqlite") as log:
        again = recode(bilingual, "s-w-1", coder="c1", log=log)
        blind = recode(bilingual, "s-w-1", coder="c2", log=log)
        assert [c["quote"] for c in again.page["codings"]] == ["品牌"]
        assert (blind.page["codings"], len(blind.codings)) == ([], 0)


def test_a_notebook_s_page_needs_a_coder_and_a_transcript_of_the_study(bilingual):
    with pytest.raises(WrongCall, match="recode needs the name of who codes"):
        recode(bilingual, "s-w-1", coder=" ")
    with pytest.raises(UnknownName, match="unknown transcript 's-w-9', did you mean 's-w-"):
        recode(bilingual, "s-w-9", coder="c1")
