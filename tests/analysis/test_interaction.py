from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.errors import UnknownName


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


def test_all_brands_together_are_the_shares_of_the_group(matrix):
    table = bwa.interaction_modes(matrix, group="brand_staff").frame
    together = table[table["brand"] == ""].set_index("round")
    shares = bwa.frequency(matrix, by=("group", "round"), themes=False)
    for round in ("R1", "R2", "R3"):
        for code in ("coaching_mode", "audit_mode"):
            cell = shares.cell(code, group="brand_staff", round=round)
            assert together.loc[round, f"{code}_n"] == cell["n"]
            assert together.loc[round, f"{code}_share"] == cell["share"]


def test_the_net_is_the_first_less_the_second(matrix):
    table = bwa.interaction_modes(matrix, group="brand_staff").frame
    assert (table["net"] == table["coaching_mode_share"] - table["audit_mode_share"]).all()
    swapped = bwa.interaction_modes(matrix, group="brand_staff", codes=("audit_mode", "coaching_mode")).frame
    assert (swapped["net"] == -table["net"]).all()


def test_brands_add_up_to_all(matrix):
    table = bwa.interaction_modes(matrix, group="brand_staff").frame
    for _, part in table.groupby("round"):
        own, together = part[part["brand"] != ""], part[part["brand"] == ""]
        assert own["coaching_mode_of"].sum() == together["coaching_mode_of"].iloc[0]


def test_it_is_read_with_brands_down_and_rounds_across(matrix):
    shown = bwa.interaction_modes(matrix, group="brand_staff").compact()
    assert list(shown.index) == ["B1", "B2", "B3", "B4", "All"]
    assert list(shown.columns)[:3] == [("Coaching mode", "R1"), ("Coaching mode", "R2"), ("Coaching mode", "R3")]
    assert shown.loc["All", ("Audit mode", "R1")] == "88% (7/8)"
    assert shown.loc["All", ("net", "R2")] == "+62 points"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"group": "brands"}, "unknown group 'brands'"),
        ({"group": "worker", "codes": ("coaching_mode", "adit_mode")}, "unknown code 'adit_mode', did you mean"),
        ({"group": "worker", "brand_field": "brand"}, "unknown field to count by 'brand'"),
    ],
)
def test_what_does_not_exist_is_named(matrix, options, message):
    with pytest.raises(UnknownName, match=message):
        bwa.interaction_modes(matrix, **options)
