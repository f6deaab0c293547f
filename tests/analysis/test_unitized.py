from __future__ import annotations

import re

import pytest

from bwa_study.analysis.unitized import Unit, Unitized, spans_of
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.spans import Span


def marked(coder, start, end, code="x", text="t"):
    return Unit(text, coder, code, Span(start, end))


def unitized(*units, length=20, coders=("ann", "bo"), **options):
    return Unitized(units, lengths={"t": length, "s": length}, coders=coders, **options)


def places(spans):
    return [(u.continuum, u.coder, u.code, u.span.start, u.span.end) for u in spans.units]


def test_overlapping_spans_of_one_coder_and_code_are_one_unit():
    spans = unitized(marked("ann", 2, 6), marked("ann", 0, 3), marked("ann", 5, 6), marked("ann", 5, 6))
    assert places(spans) == [("t", "ann", "x", 0, 6)]


def test_spans_that_only_touch_stay_two_units_unless_they_are_joined():
    units = (marked("ann", 0, 3), marked("ann", 3, 6), marked("ann", 5, 9))
    assert places(unitized(*units)) == [("t", "ann", "x", 0, 3), ("t", "ann", "x", 3, 9)]
    assert places(unitized(*units, touching="joined")) == [("t", "ann", "x", 0, 9)]


def test_spans_of_other_coders_codes_and_texts_are_not_made_one():
    units = (marked("ann", 0, 3), marked("bo", 1, 4), marked("ann", 2, 5, "y"), marked("ann", 2, 5, text="s"))
    assert places(unitized(*units)) == [
        ("s", "ann", "x", 2, 5),
        ("t", "ann", "x", 0, 3),
        ("t", "ann", "y", 2, 5),
        ("t", "bo", "x", 1, 4),
    ]


def test_an_empty_span_is_no_unit():
    assert places(unitized(marked("ann", 4, 4))) == []


def test_clashes_name_the_coder_the_two_codes_and_the_common_words():
    spans = unitized(
        marked("ann", 0, 9, "y"),
        marked("ann", 5, 12),
        marked("ann", 8, 10, "z"),
        marked("bo", 0, 5),
        marked("bo", 5, 9, "y"),
    )
    assert [str(clash) for clash in spans.clashes] == [
        "ann gave x and y in t, 5-9",
        "ann gave y and z in t, 8-9",
        "ann gave x and z in t, 8-10",
    ]


def test_only_keeps_one_code_and_everyone_who_read():
    spans = unitized(marked("ann", 0, 9, "y"), marked("ann", 5, 12)).only("y")
    assert places(spans) == [("t", "ann", "y", 0, 9)]
    assert spans.coders == ("ann", "bo")
    assert spans.length == 40


def test_as_one_takes_overlapping_units_of_several_codes_as_one_unit():
    spans = unitized(marked("ann", 0, 9, "y"), marked("ann", 5, 12), marked("ann", 12, 14, "z")).as_one()
    assert places(spans) == [("t", "ann", "any code", 0, 12), ("t", "ann", "any code", 12, 14)]


def test_within_keeps_some_of_the_texts():
    spans = unitized(marked("ann", 0, 9), marked("ann", 5, 12, text="s")).within(["s"])
    assert places(spans) == [("s", "ann", "x", 5, 12)]
    assert spans.lengths == {"s": 20}


def test_every_unit_that_has_no_place_is_named_at_once():
    with pytest.raises(
        ValueError,
        match=re.escape(
            "unit of ann with x in t, 15-21: ends after the text, which has 20 code points; "
            "unit of ann with x in nowhere, 0-1: no such continuum; unit of cy with x in t, 0-1: no such coder"
        ),
    ):
        unitized(marked("ann", 15, 21), marked("ann", 0, 1, text="nowhere"), marked("cy", 0, 1))


def test_a_coder_named_twice_a_negative_length_and_an_unknown_choice_are_refused():
    with pytest.raises(
        ValueError,
        match=re.escape(
            "a coder is named twice: ann, ann; continuum t has length -1; continuum s has length -1; "
            "touching is maybe; needs apart or joined"
        ),
    ):
        unitized(length=-1, coders=("ann", "ann"), touching="maybe")


@pytest.fixture
def study(make_interview, make_study):
    texts = ("They came back today.", "Nobody asked us.")
    return make_study(
        [make_interview(id, "worker", "before", "S1", list(texts)) for id in ("w1", "w2", "w3")],
        [
            ("w1", "came back", "a", "present", "x"),
            ("w1", "back today", "a", "absent", "x"),
            ("w1", "They came", "a", "present", "y"),
            ("w2", "asked", "b", "present", "y"),
            ("w2", "Nobody", "a", "present", "x", {"status": "rejected"}),
            ("w3", "today", "b", "present", "z"),
        ],
        examined={"x": dict.fromkeys(("w1", "w2")), "y": {"w1": None, "w2": {2}}, "z": {"w1": None}},
    )


def test_spans_of_codings_are_the_places_of_their_quotes(study):
    spans = spans_of(study.codings, study.corpus)
    assert places(spans) == [
        ("w1", "x", "a", 5, 20),
        ("w1", "y", "a", 0, 9),
        ("w2", "y", "b", 29, 34),
        ("w3", "z", "b", 15, 20),
    ]
    assert spans.coders == ("x", "y", "z")
    assert spans.lengths == {id: len(study.corpus[id].text) for id in ("w1", "w2", "w3")}
    assert spans.left_out == ()


def test_spans_of_one_code_keep_the_coders_who_never_gave_it(study):
    spans = spans_of(study.codings, study.corpus, "b")
    assert places(spans) == [("w2", "y", "b", 29, 34), ("w3", "z", "b", 15, 20)]
    assert spans.coders == ("x", "y", "z")


def test_spans_of_some_coders_and_some_transcripts(study):
    spans = spans_of(study.codings, study.corpus.select(ids=["w2", "w3"]), coders=["z", "x"])
    assert places(spans) == [("w3", "z", "b", 15, 20)]
    assert spans.coders == ("z", "x")


def test_where_not_everyone_read_all_the_turns_that_all_read_are_compared(study):
    spans = spans_of(study.codings, study.corpus, coders=["x", "y"], examined=study.examined)
    assert spans.lengths == {"w1": len(study.corpus["w1"].text), "w2, turn 2": len("Nobody asked us.")}
    assert places(spans) == [
        ("w1", "x", "a", 5, 20),
        ("w1", "y", "a", 0, 9),
        ("w2, turn 2", "y", "b", 7, 12),
    ]
    assert spans.left_out == ("w3",)
    assert spans.part_of == {"w2, turn 2": "w2"}
    assert spans.within(["w2"]).lengths == {"w2, turn 2": 16}


def test_a_coding_over_several_turns_is_cut_to_those_that_all_read(make_interview, make_study):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["They came back.", "All.", "Nobody left."])],
        [("w1", "back.\nAll.\nNobody", "a", "present", "x")],
        examined={"x": {"w1": None}, "y": {"w1": {1, 3}}},
    )
    spans = spans_of(study.codings, study.corpus, coders=["x", "y"], examined=study.examined)
    assert places(spans) == [("w1, turn 1", "x", "a", 10, 15), ("w1, turn 3", "x", "a", 0, 6)]


def test_a_coding_outside_its_text_is_refused(study):
    table = study.codings.frame
    table.loc[0, "end"] = 99
    with pytest.raises(ValueError, match="unit of x with a in w1, 5-99: ends after the text, which has 39 code points"):
        spans_of(Codings(table), study.corpus)


def test_spans_of_nobody_examined_leaves_everything_out(study):
    spans = spans_of(study.codings, study.corpus, examined=Examined())
    assert spans.length == 0
    assert spans.left_out == ("w1", "w2", "w3")
