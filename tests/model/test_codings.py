from __future__ import annotations

import pandas as pd
import pytest

from bwa_study.model.codings import CODINGS, Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import TableError, UnknownName
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn

TEXT = "I: So? R1: They came 一次😀 and left. "


def transcript(id: str = "t1", text: str = TEXT) -> Transcript:
    turns = (Turn(1, "R1", Role.RESPONDENT, Span(0, len(text)), "en"),)
    return Transcript(id, "P", "worker", "R1", ("F01",), "en", text, turns)


KINDS = "use human, indicator, model, llm, import"
CORPUS = Corpus((transcript("t1"), transcript("t2")))


def row(id: str, **fields: object) -> dict[str, object]:
    standard = {
        "id": id,
        "transcript": "t1",
        "start": 11,
        "end": 20,
        "quote": "They came",
        "code": "visits",
        "polarity": "present",
        "coder": "A",
        "coder_kind": "human",
        "status": "accepted",
    }
    return {**standard, **fields}


def codings(*rows: dict[str, object]) -> Codings:
    return Codings(pd.DataFrame(list(rows), index=range(2, 2 + len(rows))))


def ids(some: Codings) -> list[str]:
    return some.table["id"].tolist()


def test_optional_columns_are_added_empty():
    table = codings(row("c1")).table
    assert list(table.columns) == [c.name for c in CODINGS.columns]
    assert table.loc[2, "memo"] == ""
    assert table.loc[2, "certainty"] is pd.NA


def test_every_bad_row_is_named_at_once():
    with pytest.raises(TableError) as caught:
        codings(row("c1", polarity="positive"), row("c 2"), row("c3", start="eleven", coder_kind="robot"))
    assert str(caught.value).split("\n") == [
        "codings:2: column 'polarity', value 'positive': 'positive' is not one of the values — use present, absent",
        "codings:3: column 'id', value 'c 2': not an id — use ASCII letters, digits, '.', '_' and '-' only, no spaces",
        "codings:4: column 'start', value 'eleven': not a whole number — write digits only",
        "codings:4: column 'coder_kind', value 'robot': 'robot' is not one of the values — " + KINDS,
    ]


@pytest.mark.parametrize("column", ["transcript", "quote", "code", "coder", "status", "start"])
def test_a_coding_without_a_place_a_code_or_an_author_is_refused(column):
    with pytest.raises(TableError, match=f"column '{column}', value '': nothing is filled in — fill in '{column}'"):
        codings(row("c1", **{column: ""}))


def test_a_table_without_the_column_of_authors_is_refused():
    table = pd.DataFrame([row("c1")]).drop(columns="coder")
    with pytest.raises(TableError, match="column 'coder' is missing"):
        Codings(table)


def test_no_codings_at_all_have_all_columns_and_no_coder():
    empty = Codings.empty()
    assert len(empty) == 0
    assert empty.coders == ()
    assert list(empty) == []
    assert list(empty.frame.columns) == [c.name for c in CODINGS.columns]


def test_the_frame_is_a_copy():
    made = codings(row("c1"))
    copy = made.frame
    copy.loc[:, "coder"] = "B"
    assert made.coders == ("A",)


def test_a_quote_and_a_memo_keep_the_white_space_at_their_ends():
    table = codings(row("c1", quote=" They came\n", memo=" see c2 ")).table
    assert table.loc[2, "quote"] == " They came\n"
    assert table.loc[2, "memo"] == " see c2 "


def test_iterating_gives_each_coding_by_name():
    placed = next(iter(codings(row("c1", about="F02"))))
    assert (placed.transcript, placed.start, placed.end, placed.quote) == ("t1", 11, 20, "They came")
    assert (placed.code, placed.polarity, placed.coder, placed.about) == ("visits", "present", "A", "F02")
    assert (placed.indicator, placed.text_digest) == ("", "")


def test_coders_come_in_the_order_they_first_appear():
    assert codings(row("c1", coder="B"), row("c2"), row("c3", coder="B")).coders == ("B", "A")


def test_joining_keeps_the_order_and_a_uuid_that_comes_twice_once():
    first = codings(row("c1"), row("c2"))
    second = codings(row("c2"), row("c3", coder="B"))
    assert ids(Codings.joined([first, second])) == ["c1", "c2", "c3"]


def test_joining_is_the_same_when_done_twice():
    some = codings(row("c1"), row("c2"))
    once = Codings.joined([some])
    pd.testing.assert_frame_equal(Codings.joined([once, some, once]).table, once.table)


def test_joining_nothing_gives_no_codings():
    assert len(Codings.joined([])) == 0
    assert len(Codings.joined([Codings.empty(), Codings.empty()])) == 0


def test_joining_with_no_codings_changes_nothing():
    some = codings(row("c1"))
    joined = Codings.joined([Codings.empty(), some, Codings.empty()])
    assert ids(joined) == ["c1"]
    assert joined.table.dtypes.tolist() == some.table.dtypes.tolist()


def test_equal_words_of_two_coders_are_two_codings():
    assert len(Codings.joined([codings(row("c1")), codings(row("c2", coder="B"))])) == 2


SOME = codings(
    row("c1"),
    row("c2", code="fear"),
    row("c3", coder="B", polarity="absent"),
    row("c4", coder="B", code="fear", polarity="absent"),
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, ["c1", "c2", "c3", "c4"]),
        ({"coder": "B"}, ["c3", "c4"]),
        ({"code": "fear"}, ["c2", "c4"]),
        ({"polarity": "absent"}, ["c3", "c4"]),
        ({"coder": "A", "code": "fear"}, ["c2"]),
        ({"coder": "A", "polarity": "absent"}, []),
        ({"code": "nothing"}, []),
    ],
)
def test_select_keeps_what_meets_every_condition(condition, expected):
    assert ids(SOME.select(**condition)) == expected


def test_select_of_an_unknown_coder_names_those_there_are():
    with pytest.raises(UnknownName, match=r"^unknown coder 'C' — known: A, B$"):
        SOME.select(coder="C")


def test_select_of_an_unknown_polarity_is_refused_and_not_empty():
    with pytest.raises(
        UnknownName, match=r"^unknown polarity 'abset', did you mean 'absent'\? — known: present, absent$"
    ):
        SOME.select(polarity="abset")


def test_counted_are_the_codings_of_some_coders_that_are_not_rejected_and_of_one_time():
    some = codings(
        row("c1"),
        row("c2", status="rejected"),
        row("c3", status="proposed", time_ref="now"),
        row("c4", time_ref="before"),
        row("c5", coder="B", status="adjudicated"),
    )
    assert ids(some.counted(coders=["A", "B"], time_refs=("", "now"))) == ["c1", "c3", "c5"]
    assert ids(some.counted(coders=["A"], time_refs=("before",))) == ["c4"]


def test_where_keeps_the_codings_a_question_is_true_of():
    assert ids(SOME.where(lambda c: c.coder == "B" and c.code == "fear")) == ["c4"]
    assert ids(Codings.empty().where(lambda c: True)) == []


def test_a_coding_is_attached_where_its_quote_stands_at_its_place():
    some = codings(
        row("c1"),
        row("c2", start=21, end=24, quote="一次😀"),
        row("c3", start=20, end=21, quote=" "),
        row("c4", text_digest=CORPUS["t1"].digest),
    )
    attached, detached = some.attached(CORPUS)
    assert ids(attached) == ["c1", "c2", "c3", "c4"]
    assert len(detached) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"quote": "They come"},
        {"start": 12, "end": 21},
        {"end": 19},
        {"transcript": "gone"},
        {"text_digest": "0" * 64},
        {"start": 400, "end": 409},
        {"start": -27, "end": -18},
        {"start": 20, "end": 11},
        {"start": 25, "end": 40, "quote": "and left. and more"},
    ],
)
def test_a_coding_whose_words_stand_elsewhere_is_detached_and_not_moved(fields):
    coding = row("c1", **fields)
    attached, detached = codings(coding).attached(CORPUS)
    assert len(attached) == 0
    assert [(c.start, c.end) for c in detached] == [(coding["start"], coding["end"])]


def test_a_changed_text_detaches_the_codings_that_hold_its_digest_even_where_the_words_still_stand():
    some = codings(row("c1", text_digest=CORPUS["t1"].digest), row("c2"))
    changed = Corpus((transcript("t1", TEXT + "More."),))
    attached, detached = some.attached(changed)
    assert ids(attached) == ["c2"]
    assert ids(detached) == ["c1"]


def test_attaching_no_codings_gives_none():
    attached, detached = Codings.empty().attached(CORPUS)
    assert len(attached) == len(detached) == 0


def test_two_tables_of_codings_can_be_compared_and_hashed_without_an_error():
    a, b = codings(row("c1")), codings(row("c1"))
    assert (a == a, a == b) == (True, False)
    assert len({a, b, a}) == 2


def test_what_a_coder_read_is_known_by_turn_or_for_the_whole_transcript():
    record = Examined({"A": {"t1": frozenset({2, 4}), "t2": None}})
    assert record.read("A", "t1", 2)
    assert not record.read("A", "t1", 3)
    assert record.read("A", "t2", 99)
    assert not record.read("A", "t3", 1)
    assert not record.read("B", "t1", 2)


def test_a_record_of_no_turns_is_no_reading():
    assert not Examined({"A": {"t1": frozenset()}}).read("A", "t1", 1)


def test_whole_adds_a_reading_of_every_transcript_and_keeps_the_others():
    before = Examined({"A": {"t1": frozenset({2})}})
    after = before.whole("B", CORPUS)
    assert after.coders == ("A", "B")
    assert after.read("B", "t1", 7)
    assert after.read("B", "t2", 1)
    assert not after.read("A", "t1", 7)
    assert before.coders == ("A",)
