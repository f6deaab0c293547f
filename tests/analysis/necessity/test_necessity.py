from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from bwa_study.analysis.necessity.combinations import necessary_combinations
from bwa_study.analysis.necessity.necessity import necessity
from bwa_study.analysis.necessity.scores import cases_from_scores
from bwa_study.demo import plan
from bwa_study.model.errors import UnknownName, WrongCall

PLANTED = pd.DataFrame(
    {f.id: {"O": f.oversight[2], "P": f.openness[1], "S": float(f.shock), "T": 1.0, "E": float(f.endures)}
     for f in plan.FACTORIES}
).T  # fmt: skip


@pytest.fixture(scope="module")
def planted():
    return necessity(cases_from_scores(PLANTED, outcome="E"), consistency=1, combinations=["O*P", "O + P"])


@pytest.mark.parametrize(
    ("expression", "consistency", "coverage", "relevance", "n", "p"),
    [
        ("O", 1, 1 / 2, 1 / 2, 8, 70 / 495),
        ("P", 1, 4 / 7, 5 / 8, 7, 35 / 495),
        ("O*P", 1, 4 / 5, 7 / 8, 5, 5 / 495),
        ("O + P", 1, 2 / 5, 1 / 4, 10, 210 / 495),
        ("~S", 3 / 4, 3 / 7, 5 / 9, 7, 210 / 495),
        ("T", 1, 1 / 3, 0, 12, 1),
    ],
)
def test_the_planted_table_has_the_answers_computed_by_hand(
    planted, expression, consistency, coverage, relevance, n, p
):
    row = planted.row(expression)
    found = [row["consistency"], row["coverage"], row["relevance"], row["in_condition"], row["p"]]
    assert found == pytest.approx([consistency, coverage, relevance, n, p], abs=1e-12)
    assert row["p_how"] == "exact"


def test_deviant_cases_have_the_outcome_without_the_condition(planted):
    assert planted.row("~S")["deviant"] == "F03"
    assert planted.row("~O")["deviant"] == "F01;F02;F03;F04"
    assert planted.row("O*P")["deviant"] == ""


def test_a_condition_true_everywhere_carries_a_warning(planted):
    assert planted.row("T")["warning"] == "trivial: 1 in all 12 cases, so it cannot tell them apart"
    assert planted.row("O + P")["warning"] == "trivial: true of 10 of 12 cases, relevance 0.25"
    assert planted.row("O*P")["warning"] == ""


def test_ranges_when_any_one_case_is_dropped(planted):
    row = planted.row("~S")
    assert [row["drop_low"], row["drop_high"]] == pytest.approx([2 / 3, 1])
    row = planted.row("O*P")
    assert [row["drop_low"], row["drop_high"]] == [1, 1]
    assert [row["drop_relevance_low"], row["drop_relevance_high"]] == pytest.approx([6 / 7, 1])


def test_a_perfect_pattern_has_no_spread_in_the_bootstrap_and_the_note_says_what_that_is_worth(planted):
    row = planted.row("O")
    assert (row["boot_low"], row["boot_high"]) == (1, 1)
    assert row["boot_relevance_low"] < row["relevance"] < row["boot_relevance_high"]
    assert "which proves nothing" in planted.method


def test_each_row_stands_on_the_cases_it_could_classify():
    scores = PLANTED.drop(columns="T")
    scores.loc["F09", "P"] = np.nan
    found = necessity(cases_from_scores(scores, outcome="E"), consistency=1, combinations=["O*P"])
    assert found.row("O")["n"] == 12
    for expression in ("P", "O*P"):
        row = found.row(expression)
        assert (row["n"], row["unclassified"]) == (11, "F09")
    assert found.row("P")["p"] == pytest.approx(math.comb(6, 4) / math.comb(11, 4))


def test_only_combinations_that_say_more_are_found():
    cases = cases_from_scores(PLANTED, outcome="E")
    assert [str(one) for one in necessary_combinations(cases, consistency=1, relevance=0.5)] == ["O*P"]
    every = necessary_combinations(cases, consistency=1, relevance=0.5, minimal=False)
    assert {str(one) for one in every if one.kind == "and"} == {"O*P", "O*T", "P*T", "O*P*T"}


def test_an_or_is_found_where_neither_part_is_necessary():
    data = pd.DataFrame(
        {"a": [1, 0, 0, 0, 0, 0], "b": [0, 1, 0, 0, 0, 0], "y": [1, 1, 0, 0, 0, 0]}, index=list("pqrstu")
    )
    found = necessary_combinations(cases_from_scores(data, outcome="y"), consistency=1, relevance=0.5)
    assert [str(one) for one in found] == ["a + b"]


def test_the_order_of_the_cases_changes_nothing():
    fuzzy = PLANTED.drop(columns="T").clip(0.1, 0.9)
    one = necessity(cases_from_scores(fuzzy, outcome="E"), consistency=0.8, bootstrap=0).frame
    other = necessity(cases_from_scores(fuzzy.iloc[::-1], outcome="E"), consistency=0.8, bootstrap=0).frame
    for name in ("consistency", "coverage", "relevance", "drop_low", "drop_high"):
        assert other[name].tolist() == pytest.approx(one[name].tolist())
    assert (abs(other["p"] - one["p"]) <= 5 * (one["p_error"] + other["p_error"])).all()


def test_what_does_not_exist_is_refused(planted):
    with pytest.raises(UnknownName, match="unknown expression 'Q'"):
        planted.row("Q")
    with pytest.raises(WrongCall, match="the consistency cut-off is 1.5"):
        necessity(planted.cases, consistency=1.5)
