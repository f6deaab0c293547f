from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.analysis.consensus import RULES
from bwa_study.model.errors import NoCodings, UnknownName


@pytest.fixture(scope="module")
def three(make_study, make_interview):
    """x, y and z code six interviews; z has read only the first three. Presence of 'a': xyz, xy, x, xy, x, none."""
    ids = ("i1", "i2", "i3", "i4", "i5", "i6")
    by = {"x": ("i1", "i2", "i3", "i4", "i5"), "y": ("i1", "i2", "i4"), "z": ("i1",)}
    return make_study(
        [make_interview(id, "worker", "before", "S1", ["Fine."]) for id in ids],
        [(id, "Fine.", "a", "present", coder) for coder, coded in by.items() for id in coded]
        + [("i6", "Fine.", "a", "absent", "y"), ("i1", "Fine.", "b", "present", "z")],
        examined={"x": dict.fromkeys(ids), "y": dict.fromkeys(ids), "z": dict.fromkeys(ids[:3])},
    )


def given_to(m, code="a", layer="present"):
    flags = getattr(m, layer)[0, :, m.codes.index(code)]
    return [t for t, yes in zip(m.units["transcript"], flags, strict=True) if yes]


@pytest.mark.parametrize(
    ("rule", "present", "absent"),
    [("any", ["i1", "i2", "i3", "i4", "i5"], ["i6"]), ("majority", ["i1", "i2", "i4"], []), ("all", ["i1", "i4"], [])],
)
def test_each_rule_by_hand(three, rule, present, absent):
    m = bwa.consensus(bwa.matrix(three), rule=rule)
    assert given_to(m) == present
    assert given_to(m, layer="absent") == absent
    assert given_to(m, "b") == (["i1"] if rule == "any" else [])


def test_half_of_the_coders_are_no_majority(three):
    m = bwa.consensus(bwa.matrix(three, coders=["x", "y"]), rule="majority")
    assert given_to(m) == ["i1", "i2", "i4"]


def test_a_consensus_is_one_coder_that_frequency_takes(three):
    m = bwa.consensus(bwa.matrix(three), rule="majority")
    assert m.coders == ("consensus (majority)",)
    assert m.provenance["coder"] == "consensus (majority) of x, y, z"
    cell = bwa.frequency(m, by=()).cell("a")
    assert (cell["n"], cell["denominator"]) == (3, 6)


def test_a_unit_that_no_coder_examined_stays_unexamined(make_study, make_interview):
    study = make_study(
        [make_interview(id, "worker", "before", "S1", ["Fine."]) for id in ("i1", "i2")],
        [("i1", "Fine.", "a", "present", "x"), ("i2", "Fine.", "a", "present", "y")],
        examined={"x": {"i1": None}, "y": {"i1": None}},
    )
    for rule in RULES:
        m = bwa.consensus(bwa.matrix(study), rule=rule)
        assert m.examined.tolist() == [[True, False]]
        assert "i2" not in given_to(m)


def test_votes_of_a_coder_who_has_no_record_of_reading_the_unit_do_not_count(three):
    m = bwa.matrix(three)
    present = m.present.copy()
    present[m.coders.index("z"), 3:, 0] = True
    assert given_to(bwa.consensus(replace(m, present=present), rule="any")) == ["i1", "i2", "i3", "i4", "i5"]


@pytest.mark.parametrize("rule", RULES)
def test_the_consensus_of_one_coder_is_that_coder(three, rule):
    m = bwa.matrix(three, coders=["z"])
    agreed = bwa.consensus(m, rule=rule)
    assert np.array_equal(agreed.present, m.present)
    assert np.array_equal(agreed.examined, m.examined)


def test_the_codings_of_all_coders_are_kept(three):
    m = bwa.matrix(three)
    assert len(bwa.consensus(m, rule="all").codings) == len(m.codings) == 11


def test_an_unknown_rule_is_an_error(three):
    with pytest.raises(UnknownName, match="unknown consensus rule 'most' — known: any, majority, all"):
        bwa.consensus(bwa.matrix(three), rule="most")


def test_a_matrix_without_coders_is_an_error(three):
    with pytest.raises(NoCodings, match="consensus needs at least one coder"):
        bwa.consensus(bwa.matrix(three, coders=[]), rule="any")


@st.composite
def votes(draw):
    coders = draw(st.integers(1, 5))
    flags = [draw(st.lists(st.booleans(), min_size=coders * 6 * n, max_size=coders * 6 * n)) for n in (3, 3, 1)]
    present, absent = (np.array(f, dtype=bool).reshape(coders, 6, 3) for f in flags[:2])
    return present, absent, np.array(flags[2], dtype=bool).reshape(coders, 6)


def voted(study, present, absent, examined):
    names = tuple(f"coder{i}" for i in range(len(present)))
    return replace(bwa.matrix(study), coders=names, present=present, absent=absent, examined=examined)


@given(votes=votes(), data=st.data())
def test_the_order_of_the_coders_changes_nothing(three, votes, data):
    order = data.draw(st.permutations(range(len(votes[0]))))
    for rule in RULES:
        one = bwa.consensus(voted(three, *votes), rule=rule)
        other = bwa.consensus(voted(three, *(flags[list(order)] for flags in votes)), rule=rule)
        assert np.array_equal(one.present, other.present)
        assert np.array_equal(one.absent, other.absent)
        assert np.array_equal(one.examined, other.examined)


@given(votes=votes())
def test_all_is_within_majority_and_majority_within_any(three, votes):
    by_any, majority, by_all = (bwa.consensus(voted(three, *votes), rule=rule) for rule in RULES)
    for layer in ("present", "absent"):
        narrow, middle, wide = (getattr(m, layer) for m in (by_all, majority, by_any))
        assert (narrow <= middle).all()
        assert (middle <= wide).all()
        assert not (wide & ~by_any.examined[:, :, None]).any()
