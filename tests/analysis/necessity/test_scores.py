from __future__ import annotations

import math

import pandas as pd
import pytest

from bwa_study.analysis.necessity.necessity import necessity
from bwa_study.analysis.necessity.scores import (
    ConditionConstant,
    NamedTwice,
    OutcomeConstant,
    ScoreOutOfRange,
    TooFewCases,
    cases_from_scores,
)
from bwa_study.analysis.necessity.truth_table import truth_table
from bwa_study.model.errors import UnknownName

GOOD = pd.DataFrame(
    {"a": [1, 1, 0, 0, 1], "b": [1, 0, 1, 0, None], "y": [1, 0, 0, 0, 1]}, index=["F1", "F2", "F3", "F4", "F5"]
)


def test_who_cannot_be_classified_is_named_and_not_counted_as_0():
    found = cases_from_scores(GOOD, outcome="y")
    assert found.unclassified == {"b": ("F5",)}
    assert math.isnan(found.scores.loc["F5", "b"])
    assert found.complete().ids == ("F1", "F2", "F3", "F4")
    assert found.notes()[-1] == "F5: b cannot be classified: no score is given"
    assert found.compact().loc["F5", "b"] == "–"


def test_cases_can_be_taken_out_and_conditions_chosen():
    found = cases_from_scores(GOOD, outcome="y").without(["F5"]).of(["b"])
    assert (found.conditions, found.ids) == (("b",), ("F1", "F2", "F3", "F4"))
    assert set(found.frame["measure"]) == {"b", "y"}


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        (
            {"a": [1, 1.2, 0, -1, 1]},
            {},
            ScoreOutOfRange,
            "must lie between 0 and 1 .*: F2: a = 1.2; F4: a = -1 — calib",
        ),
        ({}, {"conditions": ["a", "b", "a"]}, NamedTwice, "condition 'a' is named twice — leave one out"),
        ({}, {"conditions": ["a", "y"]}, NamedTwice, "'y' is the outcome and a condition"),
        ({}, {"conditions": ["c"]}, UnknownName, "unknown column 'c'"),
        ({"a": [0, 1, 2, 3, 0]}, {"levels": {"a": 3}}, ScoreOutOfRange, "F4: a = 3"),
    ],
)
def test_scores_that_are_none_are_refused(change, options, error, message):
    with pytest.raises(error, match=message):
        cases_from_scores(GOOD.assign(**change), outcome="y", **options)


def test_an_id_given_twice_is_refused():
    with pytest.raises(NamedTwice, match="case 'F1' is given twice"):
        cases_from_scores(GOOD.rename(index={"F2": "F1"}), outcome="y")


def test_an_outcome_without_variation_carries_no_claim():
    cases = cases_from_scores(GOOD.assign(y=1), outcome="y")
    message = "the outcome 'y' is 1 in all 5 cases — without cases that differ nothing can be said"
    with pytest.raises(OutcomeConstant, match=message):
        necessity(cases, consistency=1)


def test_a_condition_without_variation_makes_no_truth_table():
    cases = cases_from_scores(GOOD.assign(a=1, b=[1, 0, 1, 0, 0]), outcome="y")
    with pytest.raises(ConditionConstant, match="condition 'a' is 1 in all 5 cases — it cannot tell them apart; leave"):
        truth_table(cases, consistency=1)


def test_fewer_than_four_classified_cases_are_too_few():
    cases = cases_from_scores(GOOD.assign(b=[1, None, 0, None, 1]), outcome="y")
    message = "needs 4 cases or more, 3 of 5 have scores in a, b, y; could not be classified: F2, F4 — add cases"
    with pytest.raises(TooFewCases, match=message):
        truth_table(cases, consistency=1)
