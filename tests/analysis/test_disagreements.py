from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.analysis.disagreements import KINDS
from bwa_study.model.codebook import Code, Exclusion
from bwa_study.model.errors import TooFewCoders, UnknownName, WrongUnit
from bwa_study.model.labels import Label

A, B = "simulated-human-A", "simulated-human-B"
CODES = (
    Code("order", "t", Label(()), definition="Orders move.", exclude=(Exclusion("no order is named", "wish"),)),
    Code("wish", "t", Label(()), definition="The client asks."),
    Code("fear", "t", Label(()), definition="People fear.", present="They fear.", absent="They do not."),
)
SAID = "They want it done. Nobody is afraid."


@pytest.fixture
def found(make_study, make_interview):
    """The disagreements of x and y on one turn, by what each of them coded."""

    def of(x, y, *, read=None):
        one = make_interview("i", "worker", "before", "S1", ["I: And then?", SAID])
        codings = [("i", *coding, coder) for coder, given in (("x", x), ("y", y)) for coding in given]
        examined = read or {"x": {"i": None}, "y": {"i": None}}
        return bwa.disagreements(bwa.matrix(make_study([one], codings, examined=examined, codes=CODES)))

    return of


def test_other_codes_on_overlapping_words_are_confused_with_the_rule_that_decides(found):
    rows = found([("They want it", "order", "present")], [("want it done.", "wish", "present")]).frame
    rows = rows.to_dict("records")

    assert rows == [
        {
            "place": "i-turn-2", "transcript": "i", "turn": 2, "group": "worker", "round": "before", "language": "en",
            "kind": "confused", "coder_a": "x", "coder_b": "y", "code_a": "order", "code_b": "wish",
            "polarity_a": "present", "polarity_b": "present", "words_a": "They want it", "words_b": "want it done.",
            "all_a": "order", "all_b": "wish", "asked": "And then?", "said": SAID, "rule": "no order is named: wish",
            "link": "/t/i#turn-2", "consent_quotes": "full",
        }
    ]  # fmt: skip


def test_other_codes_on_other_words_are_both_missed(found):
    rows = found([("They want it done.", "order", "present")], [("Nobody is afraid.", "fear", "absent")]).frame

    assert rows[["kind", "code_a", "code_b", "rule"]].to_numpy().tolist() == [
        ["missed", "order", "", "Orders move."],
        ["missed", "", "fear", "People fear."],
    ]


def test_the_same_code_with_another_polarity(found):
    rows = found([("Nobody is afraid.", "fear", "absent")], [(SAID, "fear", "present"), (SAID, "fear", "absent")]).frame

    assert rows[["kind", "polarity_a", "polarity_b", "words_b", "rule"]].to_numpy().tolist() == [
        ["polarity", "absent", "present;absent", SAID, "present: They fear.; absent: They do not."]
    ]


def test_a_code_is_in_one_confusion_only_the_one_with_most_overlap(found):
    rows = found(
        [("They want it done.", "order", "present"), ("They", "wish", "present")], [("They want", "fear", "present")]
    ).frame

    assert rows[["kind", "code_a", "code_b"]].to_numpy().tolist() == [
        ["confused", "order", "fear"],
        ["missed", "wish", ""],
    ]


def test_agreement_gives_no_row_and_neither_does_a_turn_only_one_has_read(found):
    both = [("They want it done.", "order", "present")]

    assert found(both, [("want it", "order", "present")]).frame.empty
    assert found(both, [], read={"x": {"i": None}, "y": {}}).frame.empty


def test_pairs_are_counted_the_most_frequent_first(full_study):
    pairs = bwa.disagreements(bwa.matrix(full_study, coders=[A, B])).pairs()

    assert pairs.iloc[0].tolist() == [
        "client_influence",
        "commercial_incentive",
        31,
        (
            "orders, prices or ratings are the lever: commercial_incentive; "
            "the client wants it, no consequence named: client_influence"
        ),
    ]
    assert pairs["times"].is_monotonic_decreasing


def test_every_unit_on_which_two_differ_has_its_row(lite_study):
    m = bwa.matrix(lite_study, coders=[A, B])
    rows = bwa.disagreements(m).frame
    expected = set()
    keys = list(zip(m.units["transcript"], m.units["turn"], strict=True))
    both = {k for k, read in zip(keys, m.examined.all(axis=0), strict=True) if read}
    given = {
        (coder, key, code)
        for c, coder in enumerate((A, B))
        for at, key in enumerate(keys)
        for n, code in enumerate(m.codes)
        if (m.present | m.absent)[c, at, n]
    }
    for key in both:
        for code in m.codes:
            if ((A, key, code) in given) != ((B, key, code) in given):
                expected.add((key, code))
    listed = rows[rows["kind"] != "polarity"]
    shown = {
        ((t, n), code)
        for t, n, a, b in listed[["transcript", "turn", "code_a", "code_b"]].itertuples(index=False)
        for code in (a, b)
        if code
    }

    assert shown == expected
    assert set(rows["kind"]) <= set(KINDS)


def test_swapping_the_coders_swaps_the_sides_and_nothing_else(lite_study):
    m = bwa.matrix(lite_study, coders=[A, B])
    one, other = bwa.disagreements(m).frame, bwa.disagreements(m, coders=[B, A]).frame
    columns = ["place", "kind", "code_a", "code_b"]
    swapped = other.rename(columns={"code_a": "code_b", "code_b": "code_a"})

    assert sorted(map(tuple, one[columns].to_numpy())) == sorted(map(tuple, swapped[columns].to_numpy()))


def test_one_coder_an_unknown_one_and_whole_interviews_are_refused(tiny, full_study):
    with pytest.raises(TooFewCoders, match=r"disagreements needs two coders or more, found 1 \(x\)"):
        bwa.disagreements(bwa.matrix(tiny))
    with pytest.raises(UnknownName, match="unknown coder 'C'"):
        bwa.disagreements(bwa.matrix(full_study, coders=[A, B]), coders=[A, "C"])
    with pytest.raises(WrongUnit, match='make it with matrix\\(study, unit="turn"\\)'):
        bwa.disagreements(bwa.matrix(full_study, coders=[A, B], unit="interview"))
