"""Every effect that the demo study plants (study.md's list, kept in its truth.json) comes out of `compare`."""

from __future__ import annotations

import json
import math

import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.demo.roster import visits
from bwa_study.demo.truth import truth

EFFECTS = json.loads(truth(1, "full", False, visits(1, "full")))["effects"]
ARMS = {"openness": {f.id: "open" if f.openness[1] == 1 else "closed" for f in plan.FACTORIES}}
OPENNESS = ("supplier_responsiveness", "freedom_of_expression", "worker_involvement", "management_receptiveness",
            "grievance_channel")  # fmt: skip


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def changes(matrix):
    return bwa.compare(matrix, between="round", within=["group"])


@pytest.fixture(scope="module")
def workers(matrix):
    return bwa.compare(
        matrix, between="round", levels=["R1", "R2"], within=["openness"], site_fields=ARMS, only={"group": "worker"},
        codes=["freedom_of_expression", "fear_retaliation"],
    )  # fmt: skip


def assert_recovered(row, planted):
    """The planted size lies inside the interval, and its sign is found."""
    assert row["status"] == "ok"
    assert row["low"] <= planted <= row["high"]
    assert not planted or math.copysign(1, row["difference"]) == math.copysign(1, planted)


@pytest.mark.parametrize("code", ["coaching_mode", "audit_mode"])
def test_brand_staff_coach_more_and_audit_less(changes, code):
    row = changes.cell(code, group="brand_staff", **{"from": "R1", "to": "R2"})
    assert_recovered(row, EFFECTS[f"{code} brand_staff R1 to R2"])


@pytest.mark.parametrize("arm", ["open", "closed"])
def test_workers_speak_more_freely_in_open_factories(workers, arm):
    row = workers.cell("freedom_of_expression", openness=arm)
    assert_recovered(row, EFFECTS[f"freedom_of_expression worker R1 to R2, {arm} factories"])


def test_fear_falls_in_open_factories_only(workers):
    assert_recovered(workers.cell("fear_retaliation", openness="open"),
              EFFECTS["fear_retaliation worker R1 to R2, open factories"])  # fmt: skip
    row = workers.cell("fear_retaliation", openness="closed")
    assert row["low"] <= 0 <= row["high"]


@pytest.mark.parametrize("arm", ["open", "closed"])
@pytest.mark.parametrize("code", OPENNESS)
def test_managers_are_above_their_workers_by_the_planted_gap(matrix, arm, code):
    gap = bwa.compare(
        matrix, between="group", levels=["worker", "manager"], within=["openness"], site_fields=ARMS,
        only={"round": "R2"}, codes=[code],
    )  # fmt: skip
    assert_recovered(gap.cell(code, openness=arm), EFFECTS[f"manager minus worker on openness at R2, {arm} factories"])


@pytest.mark.parametrize("code", OPENNESS)
def test_the_gap_is_narrower_in_open_factories_by_the_planted_size(matrix, code):
    gap = bwa.compare(
        matrix, between="group", levels=["worker", "manager"], across="openness", across_levels=["closed", "open"],
        site_fields=ARMS, only={"round": "R2"}, codes=[code],
    )  # fmt: skip
    named = "manager minus worker on openness at R2, {} factories"
    assert_recovered(gap.cell(code), EFFECTS[named.format("open")] - EFFECTS[named.format("closed")])


def test_both_planted_nulls_are_not_significant_after_correction(changes):
    assert EFFECTS["null"] == ["productivity_improved", "retention_improved"]
    found = changes.frame[changes.frame["code"].isin(EFFECTS["null"])]
    tested = found[found["p_adjusted"].notna()]
    assert len(tested) == 12
    assert (tested["p_adjusted"] > 0.05).all()
    assert ((tested["low"] <= 0) & (tested["high"] >= 0)).all()


@pytest.mark.parametrize("group", plan.GROUPS)
def test_covid_appears_only_in_the_second_and_third_round(changes, group):
    first, second = (changes.cell("covid", group=group, **{"from": "R1", "to": to}) for to in ("R2", "R3"))
    assert (first["n_from"], second["n_from"]) == (0, 0)
    assert first["n_to"] > 0
    assert second["n_to"] > 0


def test_the_survey_disagrees_with_the_interviews_on_productivity(matrix):
    assert bwa.joint_display(matrix, constructs=["productivity"]).verdict("productivity", "worker") == "discord"


def test_workers_of_f06_in_the_first_round_are_not_visited(matrix):
    signs = bwa.triangulate(matrix, rounds=["R1"]).frame.query("site == 'F06'")["worker"]
    assert set(signs) == {"not visited"}
    cells = bwa.frequency(matrix, by=("site", "group", "round")).frame
    here = cells[(cells["site"] == "F06") & (cells["group"] == "worker") & (cells["round"] == "R1")]
    assert set(here["status"]) == {"not visited"}


def test_the_rival_explanation_stands_at_its_factory(matrix):
    rival = EFFECTS["rival explanation"]
    found = bwa.contribution(matrix).rivals.set_index(["code", "site", "group"])
    assert found.loc[(rival["code"], rival["factory"], rival["group"]), "stands"]
