"""What was planted in the demo study comes out of the frequencies of the coder who finds everything."""

from __future__ import annotations

import json

import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.demo.roster import visits
from bwa_study.demo.truth import truth

A = "simulated-human-A"
EFFECTS = json.loads(truth(1, "full", False, visits(1, "full")))["effects"]
OPEN = [f.id for f in plan.FACTORIES if f.openness[1] == 1]
CLOSED = [f.id for f in plan.FACTORIES if f.openness[1] == 0]


@pytest.fixture(scope="module")
def coded(full_study):
    return bwa.matrix(full_study, coders=[A])


@pytest.fixture(scope="module")
def by_round(coded):
    return bwa.frequency(coded, by=("group", "round"), themes=False)


@pytest.fixture(scope="module")
def by_site(coded):
    return bwa.frequency(coded, by=("site", "group", "round"), themes=False).table


def change(before, after):
    return bwa.newcombe_difference(before["n"], before["denominator"], after["n"], after["denominator"])


def pooled(table, code, group, round, sites):
    rows = table[
        (table["code"] == code)
        & (table["polarity"] == "present")
        & (table["group"] == group)
        & (table["round"] == round)
        & table["site"].isin(sites)
    ]
    return rows[["n", "denominator"]].sum()


@pytest.mark.parametrize("code", ["coaching_mode", "audit_mode"])
def test_brand_staff_coach_more_and_audit_less_by_the_planted_size(by_round, code):
    before, after = (by_round.cell(code, group="brand_staff", round=r) for r in ("R1", "R2"))
    d, low, high = change(before, after)
    planted = EFFECTS[f"{code} brand_staff R1 to R2"]
    assert (d > 0) == (planted > 0)
    assert low <= planted <= high
    assert not low <= 0 <= high
    assert (before["denominator"], after["denominator"]) == (8, 8)


@pytest.mark.parametrize("group", plan.GROUPS)
def test_covid_is_spoken_of_at_r2_and_r3_only(by_round, group):
    n = [int(by_round.cell("covid", group=group, round=r)["n"]) for r in ("R1", "R2", "R3")]
    assert n[0] == 0
    assert n[1] > n[2] > 0


def test_fear_falls_in_open_factories_by_the_planted_size_and_not_in_closed_ones(by_site):
    _, low, high = change(*(pooled(by_site, "fear_retaliation", "worker", r, OPEN) for r in ("R1", "R2")))
    assert low <= EFFECTS["fear_retaliation worker R1 to R2, open factories"] <= high
    assert high < 0
    d, low, high = change(*(pooled(by_site, "fear_retaliation", "worker", r, CLOSED) for r in ("R1", "R2")))
    assert low <= 0 <= high
    assert abs(d) < 0.15


def test_workers_speak_more_freely_in_open_factories_only(by_site):
    _, low, high = change(*(pooled(by_site, "freedom_of_expression", "worker", r, OPEN) for r in ("R1", "R2")))
    assert low <= EFFECTS["freedom_of_expression worker R1 to R2, open factories"] <= high
    assert low > 0
    _, low, high = change(*(pooled(by_site, "freedom_of_expression", "worker", r, CLOSED) for r in ("R1", "R2")))
    assert low <= 0 <= high


def test_managers_of_closed_factories_see_openness_that_their_workers_do_not(by_site):
    gaps = {}
    for name, sites in (("open", OPEN), ("closed", CLOSED)):
        cells = [pooled(by_site, "freedom_of_expression", g, "R2", sites) for g in ("worker", "manager")]
        gaps[name] = change(*cells)
        assert gaps[name][1] <= EFFECTS[f"manager minus worker on openness at R2, {name} factories"] <= gaps[name][2]
    assert gaps["closed"][0] > gaps["open"][0]


@pytest.mark.parametrize("code", ["productivity_improved", "retention_improved"])
@pytest.mark.parametrize("group", ["manager", "worker"])
def test_planted_nulls_do_not_move(by_round, code, group):
    _, low, high = change(*(by_round.cell(code, group=group, round=r) for r in ("R2", "R3")))
    assert low <= 0 <= high


def test_the_rival_explanation_stands_out_among_managers_of_f02(by_site):
    share = {
        name: pooled(by_site, "other_drivers", "manager", "R2", sites)
        + pooled(by_site, "other_drivers", "manager", "R3", sites)
        for name, sites in (("F02", ["F02"]), ("rest", [f.id for f in plan.FACTORIES if f.id != "F02"]))
    }
    rest, f02 = (share[k]["n"] / share[k]["denominator"] for k in ("rest", "F02"))
    assert f02 > 2 * rest


def test_workers_of_f06_at_r1_are_not_visited_rather_than_zero(by_site):
    here = by_site[(by_site["site"] == "F06") & (by_site["group"] == "worker") & (by_site["round"] == "R1")]
    assert set(here["status"]) == {"not visited"}
    assert here["share"].isna().all()
    assert set(here["denominator"]) == {0}


def test_what_the_guide_did_not_ask_yet_is_not_asked(by_round):
    assert {g: by_round.cell("change_endures", group=g, round="R2")["status"] for g in plan.GROUPS} == dict.fromkeys(
        plan.GROUPS, "not asked"
    )
    assert by_round.cell("change_endures", group="worker", round="R3")["status"] == "ok"


def test_the_full_study_has_339_interviews_three_are_withdrawn(full_study):
    counts = full_study.corpus.interviews.groupby("group").size()
    assert (counts["brand_staff"], counts["manager"], counts["worker"]) == (24, 107, 208)
    assert full_study.withdrawn == 3
    assert full_study.synthetic


def test_the_full_study_has_five_notes_one_focus_group_and_a_phone_round(full_study):
    corpus = full_study.corpus
    assert sum(t.attribute("transcript_type") == "notes" for t in corpus) == 5
    assert [t.id for t in corpus if t.attribute("format") == "focus_group"] == ["R2-F05-W-02"]
    f12 = [t for t in corpus if t.sites == ("F12",) and t.group == "manager" and t.round == "R2"]
    assert [t.attribute("mode") for t in f12] == ["phone"] * 3
