from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa


@pytest.fixture(scope="module")
def cases(full_study):
    return bwa.cases(bwa.matrix(full_study, coders=["simulated-human-A"]))


def test_both_sides_of_the_contradiction_are_named_with_each_other(cases):
    rows = bwa.deviant_cases(cases).frame.query("claim == 'oversight*openness*shock'").set_index("case")
    assert rows["with"].to_dict() == {"F03": "F05", "F05": "F03"}
    assert set(rows["kind"]) == {"alike in all conditions, unlike in the outcome"}


def test_f05_has_both_conditions_and_no_outcome(cases):
    rows = bwa.deviant_cases(cases).frame.query("claim == 'oversight*openness'")
    assert rows[["case", "kind"]].to_numpy().tolist() == [["F05", "condition without the outcome"]]


def test_who_has_the_outcome_without_a_condition_speaks_against_necessity(cases):
    rows = bwa.deviant_cases(cases).frame.query("claim == 'shock'")
    assert rows["case"].tolist() == ["F01", "F02", "F04"]
    assert set(rows["kind"]) == {"outcome without the condition"}


def test_what_was_said_of_the_circumstances_stands_beside(cases, full_study):
    table = bwa.deviant_cases(cases).frame
    assert "Other drivers of change (Managers 3/5)" in table.query("case == 'F02'")["context"].iloc[0]
    alone = replace(cases, matrix=replace(cases.matrix, study=replace(full_study, theory=None)))
    assert set(bwa.deviant_cases(alone).frame["context"]) == {""}
