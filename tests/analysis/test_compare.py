from __future__ import annotations

import math

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.model.errors import SeveralCoders, UnknownName, WrongCall

OPENNESS = {f.id: "open" if f.openness[1] == 1 else "closed" for f in plan.FACTORIES}
ARMS = {"openness": OPENNESS}


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def rounds(matrix):
    return bwa.compare(matrix, between="round", within=["group"])


@pytest.fixture(scope="module")
def arms(matrix):
    return bwa.compare(
        matrix,
        between="round",
        levels=["R1", "R2"],
        across="openness",
        across_levels=["closed", "open"],
        site_fields=ARMS,
        only={"group": "worker"},
        codes=["freedom_of_expression", "fear_retaliation"],
    )


# What is planted: share at R2 less share at R1, of an interview of average talkativeness.
@pytest.mark.parametrize(
    ("code", "group", "planted"),
    [("coaching_mode", "brand_staff", 0.55), ("audit_mode", "brand_staff", -0.50), ("audit_mode", "manager", -0.40),
     ("coaching_mode", "manager", 0.45), ("covid", "manager", 0.80), ("covid", "worker", 0.70)],
)  # fmt: skip
def test_planted_changes_are_recovered_with_their_sign_and_inside_the_interval(rounds, code, group, planted):
    row = rounds.cell(code, group=group, **{"from": "R1", "to": "R2"})
    assert math.copysign(1, row["difference"]) == math.copysign(1, planted)
    assert row["low"] <= planted <= row["high"]


@pytest.mark.parametrize(("code", "planted"), [("freedom_of_expression", 0.40), ("fear_retaliation", -0.38)])
def test_planted_differences_of_open_and_closed_sites_are_recovered(arms, code, planted):
    row = arms.cell(code)
    assert math.copysign(1, row["difference"]) == math.copysign(1, planted)
    assert row["low"] <= planted <= row["high"]


def test_workers_speak_more_freely_in_open_sites_only(matrix):
    found = bwa.compare(
        matrix, between="round", levels=["R1", "R2"], within=["openness"], site_fields=ARMS, only={"group": "worker"},
        codes=["freedom_of_expression"],
    )  # fmt: skip
    open_, closed = (found.cell("freedom_of_expression", openness=arm) for arm in ("open", "closed"))
    assert open_["p_adjusted"] < 0.05
    assert open_["low"] <= 0.43 <= open_["high"]
    assert closed["low"] <= 0 <= closed["high"]


def test_the_gap_of_managers_and_workers_is_wider_in_closed_sites(matrix):
    found = bwa.compare(
        matrix, between="group", levels=["worker", "manager"], within=["openness"], site_fields=ARMS,
        only={"round": "R2"}, codes=["freedom_of_expression", "worker_involvement", "management_receptiveness"],
    )  # fmt: skip
    gaps = found.frame.groupby("openness")["difference"].mean()
    assert gaps["closed"] > gaps["open"] > 0


@pytest.mark.parametrize("code", ["productivity_improved", "retention_improved"])
def test_planted_nulls_are_not_significant_after_correction(rounds, code):
    found = rounds.frame.query("code == @code")
    assert not (found["p_adjusted"] < 0.05).any()
    assert found["p_adjusted"].notna().sum() >= 3


def test_covid_is_spoken_of_in_the_second_and_third_round_only(rounds):
    found = rounds.frame.query("code == 'covid'").set_index(["group", "from", "to"])
    for group in plan.GROUPS:
        assert found.loc[(group, "R1", "R2"), "n_from"] == 0
        assert found.loc[(group, "R2", "R3"), "n_from"] > 0
        assert found.loc[(group, "R2", "R3"), "n_to"] > 0


def test_a_site_that_was_not_visited_is_said_so(matrix):
    found = bwa.compare(matrix, between="round", levels=["R1", "R2"], within=["site"], only={"group": "worker"})
    assert set(found.frame.query("site == 'F06'")["status"]) == {"not visited"}
    assert set(found.frame.query("site == 'F01'")["status"]) <= {"too few to say", "not asked", "ok"}


def test_a_single_site_is_too_few_to_say(matrix):
    row = bwa.compare(
        matrix, between="round", levels=["R1", "R2"], only={"group": "worker", "site": "F01"}, codes=["covid"]
    ).cell("covid")
    assert row["status"] == "too few to say"
    assert row["reason"] == "1 clusters in a cell; at least 4 are needed"
    assert math.isnan(row["p"])
    assert row["difference"] == row["share_to"] - row["share_from"]


def test_shares_are_those_of_the_frequency_table(matrix, rounds):
    shares = bwa.frequency(matrix, by=("group", "round"), themes=False)
    for row in rounds.frame.to_dict("records"):
        for side in ("from", "to"):
            cell = shares.cell(row["code"], group=row["group"], round=row[side])
            assert (row[f"n_{side}"], row[f"of_{side}"]) == (cell["n"], cell["denominator"])


def test_every_cell_has_as_many_interviews_behind_it_as_its_numerator(rounds):
    for row in rounds.frame.query("`from` == 'R1'").to_dict("records"):
        for side in ("from", "to"):
            behind = rounds.quotes(row["code"], row[side], group=row["group"])
            assert behind["transcript"].nunique() == row[f"n_{side}"]


def test_cells_of_sites_have_their_quotes_too(arms):
    row = arms.cell("fear_retaliation")
    behind = arms.quotes("fear_retaliation", "R2", base="open", group="worker")
    assert behind["transcript"].nunique() == row["n_to"]


def test_brand_staff_cluster_by_brand_and_workers_by_site(rounds):
    for group, clusters in (("brand_staff", 4), ("worker", 11)):
        assert rounds.cell("audit_mode", group=group, **{"from": "R1", "to": "R2"})["clusters"] == clusters


def test_every_row_carries_what_its_code_may_be_used_for(rounds, full_study):
    gate = bwa.reliability_gate(full_study)
    for code in ("follow_up", "client_influence"):
        assert set(rounds.frame.query("code == @code")["reliability"]) == {gate.status(code)}
    assert "Reliability:" in rounds.method


def test_the_family_is_named_and_can_be_split(matrix, rounds):
    split = bwa.compare(matrix, between="round", within=["group"], family=["group"])
    assert (split.frame["p_adjusted"].dropna() <= rounds.frame["p_adjusted"].dropna()).all()
    assert f"{rounds.frame['p'].notna().sum()} tests" in rounds.method
    assert "3 families, one a group" in split.method


def test_other_methods_by_name_keep_the_difference(matrix):
    options = {"between": "round", "levels": ["R1", "R2"], "only": {"group": "worker"}, "codes": ["audit_mode"]}
    rule = bwa.compare(matrix, **options).cell("audit_mode")
    assert rule["method"] == "CR2"
    for method in ("bootstrap", "permutation", "wild bootstrap"):
        row = bwa.compare(matrix, **options, method=method).cell("audit_mode")
        assert row["method"] == method
        assert row["difference"] == rule["difference"]
        assert 0 < row["p"] < 1


def test_paired_change_counts_only_who_came_back(matrix):
    paired = bwa.compare(
        matrix, between="round", levels=["R1", "R2"], within=["group"], codes=["audit_mode"], paired=True
    )
    for row in paired.frame.to_dict("records"):
        assert row["of_from"] == row["of_to"] == row["people"]
    everybody = bwa.compare(matrix, between="round", levels=["R1", "R2"], within=["group"], codes=["audit_mode"])
    assert paired.cell("audit_mode", group="worker")["people"] < everybody.cell("audit_mode", group="worker")["people"]


def test_swapping_from_and_to_changes_the_sign_only(matrix):
    options = {"between": "round", "only": {"group": "worker"}, "codes": ["audit_mode"]}
    one = bwa.compare(matrix, **options, levels=["R1", "R2"]).cell("audit_mode")
    two = bwa.compare(matrix, **options, levels=["R2", "R1"]).cell("audit_mode")
    assert one["difference"] == -two["difference"]
    assert (one["low"], one["p"]) == pytest.approx((-two["high"], two["p"]))
    assert one["ratio"] == pytest.approx(1 / two["ratio"])


@pytest.fixture(scope="module")
def small(make_interview, make_study):
    interviews = [make_interview(f"w{n}", "worker", r, "S1", ["Yes."]) for n, r in enumerate(["before", "after"] * 3)]
    read = {"x": {t.id: None for t in interviews}}
    return bwa.matrix(make_study(interviews, [("w0", "Yes.", "a", "present", "x")], examined=read))


def test_one_group_only_is_said_in_plain_words(small):
    message = r"compare needs 2 groups or more, found 1 \(worker\) — a comparison between groups is not defined"
    with pytest.raises(WrongCall, match=message):
        bwa.compare(small, between="group")


def test_nobody_said_it_is_no_test(matrix):
    row = bwa.compare(matrix, between="gender", only={"round": "R1"}, codes=["covid"]).cell("covid")
    assert (row["n_from"], row["n_to"]) == (0, 0)
    assert row["reason"] == "nobody said it in any cell: no test"
    assert np.isnan(row["p"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"between": "rond"}, UnknownName, "unknown field to compare by 'rond', did you mean 'round'"),
        ({"between": "round", "levels": ["R1", "R9"]}, UnknownName, "unknown round 'R9'"),
        ({"between": "round", "levels": ["R1"]}, WrongCall, "levels names the two rounds to compare"),
        ({"between": "round", "within": ["round"]}, WrongCall, "names one field twice"),
        ({"between": "round", "across": "group"}, WrongCall, "across needs two levels of group, found 3"),
        ({"between": "round", "across_levels": ["a", "b"]}, WrongCall, "across_levels is given without across"),
        ({"between": "round", "method": "magic"}, UnknownName, "unknown method 'magic'"),
        ({"between": "round", "correction": "bonf"}, UnknownName, "unknown correction 'bonf'"),
        ({"between": "round", "family": ["group"]}, UnknownName, "unknown field of a family 'group'"),
        ({"between": "round", "polarity": "net"}, UnknownName, "unknown polarity 'net'"),
        ({"between": "arm", "site_fields": {"arm": {"F99": "x"}}}, UnknownName, "unknown site 'F99'"),
        ({"between": "round", "only": {"group": "boss"}}, UnknownName, "unknown group 'boss'"),
    ],
)
def test_calls_that_say_nothing_are_refused(matrix, options, error, message):
    with pytest.raises(error, match=message):
        bwa.compare(matrix, **options)


def test_two_coders_are_never_added_up(full_study):
    both = bwa.matrix(full_study, coders=["simulated-human-A", "simulated-human-B"])
    with pytest.raises(SeveralCoders):
        bwa.compare(both, between="round")
