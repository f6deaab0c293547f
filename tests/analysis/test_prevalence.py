from __future__ import annotations

import math

import pytest

import bwa_study as bwa
from bwa_study.analysis.prevalence import shown_change
from bwa_study.model.errors import WrongCall
from bwa_study.present.printed import printed
from bwa_study.present.wide_layout import wide_layout


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def table(matrix):
    return bwa.prevalence(matrix)


def test_shares_are_those_of_the_frequency_table(matrix, table):
    shares = bwa.frequency(matrix, by=("group", "round")).frame
    assert table.frame[list(shares.columns)].equals(shares)


@pytest.mark.parametrize("polarity", ["present", "absent"])
def test_changes_of_codes_are_those_of_compare(matrix, table, polarity):
    found = bwa.compare(matrix, between="round", levels=["R1", "R3"], within=["group"], polarity=polarity)
    for row in found.frame.to_dict("records"):
        cell = table.cell(row["code"], polarity=polarity, group=row["group"], round="R3")
        for own, other in (("change", "difference"), ("change_low", "low"), ("change_high", "high")):
            assert cell[own] == row[other] or (math.isnan(cell[own]) and math.isnan(row[other]))
        assert cell["change_status"] == row["status"]


def test_the_change_of_a_theme_is_that_of_its_shares(table):
    for row in table.frame.query("code == '' and round == 'R3'").to_dict("records"):
        where = {"theme": row["theme"], "group": row["group"], "polarity": row["polarity"], "code": "", "round": "R1"}
        before = table.frame
        for name, value in where.items():
            before = before[before[name] == value]
        assert row["change"] == pytest.approx(row["share"] - before["share"].iloc[0], nan_ok=True)


def test_rows_of_earlier_rounds_have_no_change(table):
    assert table.frame.query("round != 'R3'")["change"].isna().all()


def test_the_change_stands_after_the_rounds_of_its_group(table):
    columns, rows = wide_layout(table, "present", "en")
    assert [c.head[1] for c in columns[:4]] == ["R1 Baseline", "R2 Midline", "R3 Endline", "R1 → R3"]
    assert [c.holds[0] for c in columns] == ["share", "share", "share", "change"] * 3
    row = next(r for r in rows if r.name == "Follow-up by the client")
    cell = table.cell("follow_up", group="brand_staff", round="R3")
    assert row.cells[3] == (cell["change"], cell["change_low"], cell["change_high"])


def test_each_polarity_is_a_panel_with_subtotals_of_themes(table):
    present, absent = printed(table)
    assert [text for text, _ in present.heads[0]] == ["", "", "Brand staff", "Managers", "Workers"]
    assert [row.cells[0] for row in present.rows if row.strong] == [
        "Oversight", "Openness", "Bridges", "Outcomes", "Context",
    ]  # fmt: skip
    assert len(present.rows) == len(absent.rows) == 31
    cells = next(row.cells for row in present.rows if row.cells[0].strip() == "Change endures")
    assert cells[5] == "not asked"


def test_a_code_not_asked_in_the_first_round_has_no_change(table):
    cell = table.cell("change_endures", group="worker", round="R3")
    assert math.isnan(cell["change"])
    assert cell["change_status"] == "not asked"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((0.25, 0.1, 0.4, "ok"), "+25 [+10, +40]"),
        ((-0.25, math.nan, math.nan, "too few to say"), "-25 (too few to say)"),
        ((0.0, math.nan, math.nan, "ok"), "+0"),
        ((math.nan, math.nan, math.nan, "not visited"), "not visited"),
    ],
)
def test_how_a_change_is_read(change, expected):
    assert shown_change(*change) == expected


def test_one_round_has_no_change(make_interview, make_study):
    from dataclasses import replace

    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["Yes."])], [("w1", "Yes.", "a", "present", "x")]
    )
    one = replace(study, rounds=study.rounds[:1])
    with pytest.raises(WrongCall, match="a change needs two rounds, this study has 1"):
        bwa.prevalence(bwa.matrix(one, coders=["x"]))
