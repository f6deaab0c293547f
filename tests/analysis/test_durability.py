from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.analysis.durability import _verdict
from bwa_study.analysis.trajectories import pattern
from bwa_study.demo import plan
from bwa_study.model.errors import UnknownName, WrongCall


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def table(matrix):
    return bwa.durability(matrix)


@pytest.mark.parametrize("factory", plan.FACTORIES, ids=lambda f: f.id)
def test_what_was_planted_to_last_fade_or_never_come_is_recovered(table, factory):
    planted = "endured" if factory.endures else "faded" if factory.improved else "never"
    assert table.verdict(factory.id, "change_endures") == planted


@pytest.mark.parametrize(
    ("states", "lasting", "expected"),
    [
        (("no", "yes", "yes"), False, "endured"),
        (("silent", "yes", "no"), False, "faded"),
        (("silent", "yes", "silent"), False, "faded"),
        (("no", "silent", "no"), False, "never"),
        (("no", "no", "yes"), False, "cannot say"),
        (("no", "yes", "cannot say"), False, "cannot say"),
        (("cannot say", "no", "no"), False, "cannot say"),
        (("cannot say", "yes", "yes"), False, "endured"),
        (("not asked", "not asked", "yes"), False, "cannot say"),
        (("not asked", "not asked", "yes"), True, "endured"),
        (("not asked", "not asked", "no"), True, "faded"),
        (("not asked", "not asked", "silent"), True, "never"),
        (("not asked", "yes", "not asked"), False, "cannot say"),
    ],
)
def test_the_verdict_over_rounds(states, lasting, expected):
    verdict, reason = _verdict(dict(zip(("R1", "R2", "R3"), states, strict=True)), lasting=lasting)
    assert verdict == expected
    assert bool(reason) == (verdict == "cannot say")


def test_one_stray_statement_decides_nothing(matrix, table):
    row = table.frame.query("site == 'F06' and code == 'change_endures'").iloc[0]
    strict = bwa.durability(matrix, codes=["change_endures"], min_interviews=30)
    assert row["R3_present"] < 3
    assert set(strict.frame["verdict"]) == {"cannot say"}


def test_a_net_is_the_mean_over_groups(matrix, table):
    by = ("site", "group", "round")
    shares = {p: bwa.frequency(matrix, by=by, polarity=(p,), themes=False) for p in ("present", "absent")}
    row = table.frame.query("site == 'F03' and code == 'follow_up'").iloc[0]
    nets = [
        shares["present"].cell("follow_up", site="F03", group=g, round="R2")["share"]
        - shares["absent"].cell("follow_up", polarity="absent", site="F03", group=g, round="R2")["share"]
        for g in plan.GROUPS
    ]
    assert row["R2_net"] == pytest.approx(sum(nets) / 3)


def test_every_cell_has_as_many_interviews_behind_it_as_it_counts(table):
    for row in table.frame.query("site in ('F01', 'F10')").to_dict("records"):
        for round in ("R1", "R2", "R3"):
            for polarity in ("present", "absent"):
                found = table.quotes(row["site"], row["code"], round=round, polarity=polarity)
                assert found["transcript"].nunique() == row[f"{round}_{polarity}"]


def test_without_the_workers_of_one_round_nothing_is_made_up():
    stressed = bwa.demo_study(seed=1, size="lite", stress=True)
    m = bwa.matrix(stressed, coders=["simulated-human-A"])
    found = bwa.triangulate(m, rounds=["R2"], codes=["freedom_of_expression"]).frame.set_index("site")
    assert found.loc["F09", "worker"] == "not visited"


def test_a_minimum_of_nothing_is_refused(matrix):
    with pytest.raises(WrongCall, match="the least evidence is at least 1 interview from 1 group"):
        bwa.durability(matrix, min_groups=0)


def test_an_unknown_row_is_named(table):
    with pytest.raises(UnknownName, match="unknown site and code 'F99, follow_up'"):
        table.verdict("F99", "follow_up")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["silent", "present"], "gained"),
        (["both", "absent"], "lost"),
        (["present", "silent", "both"], "kept"),
        (["silent", "present", "absent"], "came and went"),
        (["absent", "silent"], "never"),
        (["not asked", "present"], "cannot say"),
        (["not interviewed", "present", "present"], "kept"),
    ],
)
def test_the_pattern_of_a_person(states, expected):
    assert pattern(states) == expected


def test_trajectories_follow_only_who_came_back(matrix, full_study):
    table = bwa.trajectories(matrix, codes=["audit_mode"]).frame
    rounds = {}
    for t in full_study.corpus:
        rounds.setdefault(t.participant, set()).add(t.round)
    assert set(table["participant"]) == {p for p, r in rounds.items() if len(r) >= 2}
    row = table.set_index("participant").loc["P-B1-B1"]
    assert row["sites"] == "F01;F02;F06"


def test_without_a_panel_it_says_what_is_missing(make_interview, make_study):
    study = make_study([make_interview("w1", "worker", "before", "S1", ["Yes."])], examined={"x": {"w1": None}})
    with pytest.raises(WrongCall, match="people interviewed in 2 rounds or more, found none"):
        bwa.trajectories(bwa.matrix(study))
