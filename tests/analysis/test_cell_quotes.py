"""Every cell of every table of the demo has as many interviews (or sentences) behind it as it counts."""

from __future__ import annotations

import pytest

import bwa_study as bwa


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def interviews(quotes):
    return quotes["transcript"].nunique()


def test_segments_and_interviews_of_every_code(matrix):
    table = bwa.codebook_summary(matrix)
    for row in table.frame.to_dict("records"):
        for column in ("segments", "present", "absent"):
            assert len(table.quotes(row["code"], column)) == row[column]
        assert interviews(table.quotes(row["code"], "interviews")) == row["interviews"]


@pytest.mark.parametrize("polarity", ["present", "absent", "mentioned"])
@pytest.mark.parametrize("by", [("group", "round"), ("site", "group"), ("brand_id",), ()])
def test_shares_of_interviews_by_code_and_theme(matrix, by, polarity):
    table = bwa.frequency(matrix, by=by, polarity=(polarity,))
    for row in table.frame.to_dict("records"):
        behind = table.quotes(row["code"] or row["theme"], polarity=polarity, **{name: row[name] for name in by})
        assert interviews(behind) == row["n"]


def test_shares_of_turns(matrix):
    table = bwa.frequency(matrix, by=("group",), count="turns")
    for row in table.frame.to_dict("records"):
        behind = table.quotes(row["code"] or row["theme"], polarity=row["polarity"], group=row["group"])
        assert len(behind[["transcript", "turn"]].drop_duplicates()) == row["n"]


@pytest.mark.parametrize("polarity", ["present", "absent"])
def test_both_sides_of_every_change(matrix, polarity):
    table = bwa.compare(matrix, between="round", within=["group"], polarity=polarity)
    for row in table.frame.to_dict("records"):
        for side in ("from", "to"):
            assert interviews(table.quotes(row["code"], row[side], group=row["group"])) == row[f"n_{side}"]


def test_all_four_cells_of_a_difference_of_differences(matrix):
    table = bwa.compare(
        matrix, between="round", levels=["R1", "R2"], across="order_shock", across_levels=["no", "yes"],
        only={"group": "worker"},
    )  # fmt: skip
    for row in table.frame.to_dict("records"):
        for side in ("from", "to"):
            for prefix, arm in (("base_", "no"), ("", "yes")):
                behind = table.quotes(row["code"], row[side], base=arm, group="worker")
                assert interviews(behind) == row[f"{prefix}n_{side}"]


@pytest.mark.parametrize("round", ["R1", "R2", "R3"])
def test_gaps_of_groups(matrix, round):
    table = bwa.divergence(matrix, round=round)
    for row in table.frame.to_dict("records"):
        for group in table.groups:
            assert interviews(table.quotes(row["code"], group)) == row[f"{group}_n"]


def test_coaching_and_auditing_of_every_brand_and_of_all(matrix):
    table = bwa.interaction_modes(matrix, group="brand_staff")
    for row in table.frame.to_dict("records"):
        for code in table.codes:
            assert interviews(table.quotes(row["brand"], code, round=row["round"])) == row[f"{code}_n"]


def test_signs_of_every_group_at_every_site(matrix):
    table = bwa.triangulate(matrix)
    for row in table.frame.to_dict("records"):
        for group in table.groups:
            for polarity in ("present", "absent"):
                behind = table.quotes(row["site"], row["code"], round=row["round"], group=group, polarity=polarity)
                assert interviews(behind) == row[f"{group}_{polarity}"]


@pytest.mark.parametrize(("rows", "every"), [("site", 1), ("participant", 7)])
def test_segments_of_the_framework_matrix(matrix, rows, every):
    table = bwa.framework_matrix(matrix, rows=rows)
    for row in table.frame.iloc[::every].to_dict("records"):
        behind = table.quotes(row["row"], row["code"], round=row["round"])
        assert len(behind) == len([n for n in row["segments"].split(";") if n])
        assert interviews(behind) == row["present"] + row["absent"] + row["both"]


def test_states_of_every_site(matrix):
    table = bwa.durability(matrix)
    for row in table.frame.to_dict("records"):
        for round in ("R1", "R2", "R3"):
            for polarity in ("present", "absent"):
                behind = table.quotes(row["site"], row["code"], round=round, polarity=polarity)
                assert interviews(behind) == row[f"{round}_{polarity}"]


def test_evidence_for_and_against_every_link(matrix):
    table = bwa.contribution(matrix)
    for row in table.frame.to_dict("records"):
        for side in ("for", "against"):
            assert interviews(table.quotes(row["link"], side=side)) == row[side]


def test_interviews_for_and_against_every_construct(matrix):
    table = bwa.joint_display(matrix)
    for row in table.frame.query("codes != ''").to_dict("records"):
        for end in ("from", "to"):
            for side in ("for", "against"):
                behind = table.quotes(row["construct"], row["group"], round=row[end], side=side)
                assert interviews(behind) == row[f"{side}_{end}"]


@pytest.mark.parametrize("polarity", ["present", "absent", "mentioned"])
@pytest.mark.parametrize("within", ["segment", "turn", "interview"])
def test_units_of_every_pair_of_codes(matrix, within, polarity):
    table = bwa.cooccurrence(matrix, within=within, polarity=polarity)
    place = ["transcript"] if within == "interview" else ["transcript", "turn"]
    for row in table.frame.query("both > 0").to_dict("records"):
        behind = table.quotes(row["code"], row["other"])
        units = len(behind[place].drop_duplicates())
        assert units == row["both"] if within != "segment" else units <= row["both"]
        assert set(behind["code"]) == {row["code"], row["other"]}
        assert polarity in ("mentioned", *set(behind["polarity"]))
