from __future__ import annotations

import math
from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.model.codings import Codings
from bwa_study.model.errors import NoCodings, UnknownName

A_HUMAN, B_HUMAN = "simulated-human-A", "simulated-human-B"


@pytest.fixture(scope="module")
def two(make_study, make_interview):
    return make_study(
        [
            make_interview("w1", "worker", "before", "S1", ["They came back today.", "Nobody asked us.", "他们来了。"]),
            make_interview("m1", "manager", "after", "S1", ["We met twice.", "<zh> 没有人来。"]),
            make_interview("m2", "manager", "after", "S1", ["Read by one only."]),
        ],
        [
            ("w1", "They came back", "a", "present", "human"),
            ("w1", "Nobody asked us.", "a", "absent", "human"),
            ("w1", "Nobody asked us.", "b", "present", "human"),
            ("m1", "没有人来。", "a", "absent", "human"),
            ("m2", "Read by one only.", "a", "present", "human"),
            ("w1", "back today.", "a", "present", "machine"),
            ("w1", "today.", "a", "present", "machine"),
            ("w1", "Nobody asked us.", "a", "present", "machine"),
            ("w1", "Nobody asked us.", "b", "present", "machine"),
            ("m1", "We met twice.", "c", "present", "machine"),
            ("m1", "没有人来。", "a", "absent", "machine"),
        ],
        examined={"human": dict.fromkeys(("w1", "m1", "m2")), "machine": {"w1": None, "m1": None, "m2": []}},
    )


def test_recall_and_precision_by_hand(two):
    table = bwa.recovery(two, reference="human", coder="machine", by=("code", "polarity"))
    assert table.frame.columns.tolist() == [
        "code",
        "polarity",
        "reference",
        "found",
        "recall",
        "proposed",
        "right",
        "precision",
    ]
    rows = {(r["code"], r["polarity"]): r for r in table.frame.to_dict("records")}
    assert list(rows) == [("a", "present"), ("a", "absent"), ("b", "present"), ("c", "present")]

    def counts(cell):
        return tuple(rows[cell][name] for name in ("reference", "found", "proposed", "right"))

    assert counts(("a", "present")) == (1, 1, 3, 1)
    assert counts(("a", "absent")) == (2, 1, 1, 1)
    assert counts(("b", "present")) == (1, 1, 1, 1)
    assert counts(("c", "present")) == (0, 0, 1, 0)
    assert (rows[("a", "present")]["recall"], rows[("a", "present")]["precision"]) == (1, 1 / 3)
    assert rows[("a", "absent")]["recall"] == 0.5
    assert math.isnan(rows[("c", "present")]["recall"])
    assert rows[("c", "present")]["precision"] == 0


def test_only_interviews_that_both_examined_in_full_are_compared(two):
    table = bwa.recovery(two, reference="human", coder="machine", by=("group",))
    assert table.frame["reference"].tolist() == [3, 1]
    assert table.provenance["interviews"] == "2"


def test_touching_words_do_not_overlap(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["They came."])],
        [("w1", "They", "a", "present", "x"), ("w1", " came.", "a", "present", "y")],
        examined={"x": {"w1": None}, "y": {"w1": None}},
    )
    row = bwa.recovery(study, reference="x", coder="y", by=()).frame.iloc[0]
    assert (row["reference"], row["found"], row["recall"]) == (1, 0, 0)


def test_the_language_is_that_of_the_turn(two):
    table = bwa.recovery(two, reference="human", coder="machine", by=("language",)).frame
    assert dict(zip(table["language"], table["reference"], strict=True)) == {"en": 3, "zh": 1}


def test_cells_come_in_declared_order(two):
    table = bwa.recovery(two, reference="human", coder="machine", by=("group", "round", "theme")).frame
    assert table[["group", "round", "theme"]].values.tolist() == [
        ["worker", "before", "t"],
        ["manager", "after", "t"],
        ["manager", "after", "u"],
    ]


def test_counts_of_cells_add_up_to_the_one_row_without_by(lite_study):
    managers = lite_study.corpus.select(group="manager", round="R2", language="en")
    table = lite_study.codings.frame
    theirs = Codings(table[table["transcript"].isin([t.id for t in managers])])
    proposals = bwa.apply_codebook(managers, lite_study.codebook)
    study = replace(lite_study, corpus=managers, codings=theirs).with_codings(proposals, examined_whole="indicators")
    whole = bwa.recovery(study, reference=A_HUMAN, by=()).frame.iloc[0]
    parts = bwa.recovery(study, reference=A_HUMAN).frame
    names = ["reference", "found", "proposed", "right"]
    assert parts[names].sum().tolist() == [whole[n] for n in names]
    assert whole["proposed"] == len(proposals)
    assert 0 < whole["recall"] < 1


@pytest.mark.parametrize("by", [(), ("code", "polarity", "language"), ("theme", "group", "round")])
def test_a_coder_finds_all_of_her_own_codings(lite_study, by):
    table = bwa.recovery(lite_study, reference=A_HUMAN, coder=A_HUMAN, by=by).frame
    assert len(table) > 0
    assert (table["recall"] == 1).all()
    assert (table["precision"] == 1).all()


def test_swapping_the_coders_swaps_recall_and_precision(two):
    one = bwa.recovery(two, reference="human", coder="machine", by=("code", "polarity")).frame
    other = bwa.recovery(two, reference="machine", coder="human", by=("code", "polarity")).frame
    assert one[["reference", "found"]].values.tolist() == other[["proposed", "right"]].values.tolist()
    assert one[["proposed", "right"]].values.tolist() == other[["reference", "found"]].values.tolist()


def test_no_interview_read_by_both_is_an_error_with_a_way_out(lite_study):
    with pytest.raises(NoCodings) as error:
        bwa.recovery(lite_study, reference=A_HUMAN, coder=B_HUMAN)
    assert str(error.value) == (
        "simulated-human-A and simulated-human-B have no transcript that both examined in full — list what each coder "
        "read in codings/examined.csv, or add proposals with with_codings(proposals, examined_whole=...)"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reference": "humen", "coder": "machine"}, "unknown coder 'humen', did you mean 'human'"),
        ({"reference": "human"}, "unknown coder 'indicators' — known: human, machine"),
        ({"reference": "human", "coder": "machine", "by": ("codes",)}, "unknown field to measure by 'codes', did you"),
    ],
)
def test_unknown_names_are_an_error(two, options, message):
    with pytest.raises(UnknownName, match=message):
        bwa.recovery(two, **options)
