from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from bwa_study.analysis.necessity.ceilings import CEILINGS, ceiling, scope_of
from bwa_study.analysis.necessity.nca import nca
from bwa_study.analysis.necessity.permuted import TESTED, zones
from bwa_study.analysis.necessity.scores import ConditionConstant, NamedTwice, OutcomeConstant, TooFewCases
from bwa_study.model.errors import UnknownName, WrongCall


def cloud(seed, n=15):
    dice = np.random.default_rng(seed)
    x = np.round(dice.random(n), 1)
    return x, dice.random(n) * (0.2 + x)


@pytest.mark.parametrize("kind", CEILINGS)
@pytest.mark.parametrize("seed", range(3))
def test_the_zone_is_the_area_between_ceiling_and_the_highest_outcome(kind, seed):
    x, y = cloud(seed)
    found, scope = ceiling(kind, x, y), scope_of(x, y)
    if found.reason:
        assert math.isnan(found.zone(scope))
        return
    grid = np.linspace(scope.x_low, scope.x_high, 200_001)
    gap = scope.y_high - np.clip(found.height(grid), scope.y_low, scope.y_high)
    assert found.zone(scope) == pytest.approx(float(gap.mean()) * (scope.x_high - scope.x_low), abs=1e-4)


@pytest.mark.parametrize("kind", TESTED)
def test_many_orders_at_once_give_what_each_gives_alone(kind):
    x, y = cloud(5)
    x = np.sort(x)
    drawn = np.random.default_rng(2).permuted(np.tile(y, (40, 1)), axis=1)
    alone = [ceiling(kind, x, row).zone(scope_of(x, row)) for row in drawn]
    assert zones(kind, x, drawn).tolist() == pytest.approx(alone, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("kind", ["ce_fdh", "ce_vrs", "c_lp", "cols"])
@pytest.mark.parametrize("seed", range(4))
def test_no_case_lies_above_a_ceiling_that_envelops(kind, seed):
    x, y = cloud(seed)
    found = ceiling(kind, x, y)
    assert found.reason or (y <= found.height(x) + 1e-9).all()


@pytest.mark.parametrize("corner", [2, 3, 4])
def test_every_corner_is_the_first_one_of_the_turned_scores(corner):
    x, y = cloud(1)
    turned = pd.DataFrame({"x": -x if corner in (2, 4) else x, "y": -y if corner in (3, 4) else y})
    first = nca(pd.DataFrame({"x": x, "y": y}), outcome="y", permutations=50)
    other = nca(turned, outcome="y", permutations=50, corner=corner)
    assert other.frame["effect"].tolist() == first.frame["effect"].tolist()
    assert other.frame["p"].tolist() == first.frame["p"].tolist()
    assert CORNER_WORDS[corner] in other.method


CORNER_WORDS = {2: "needs a low condition", 3: "a low outcome needs a high", 4: "a low outcome needs a low"}
STEPS = pd.DataFrame({"x": [0.0, 20, 60, 100], "y": [0.0, 40, 80, 100]}, index=list("abcd"))


def test_bottlenecks_in_three_units():
    found = nca(STEPS, outcome="y", permutations=0)
    actual = found.bottleneck("ce_fdh", unit="actual", steps=[0, 30, 90]).to_numpy().tolist()
    assert actual == [[0, -math.inf], [30, 20], [90, 100]]
    percentage = found.bottleneck("ce_fdh", unit="percentage", steps=[0, 50, 100]).to_numpy().tolist()
    assert percentage == [[0, -math.inf], [50, 60], [100, 100]]
    percentile = found.bottleneck("ce_fdh", unit="percentile", steps=[0, 50, 100]).to_numpy().tolist()
    assert percentile == [[0, -math.inf], [50, 50], [100, 75]]


def test_a_level_that_no_observed_condition_reaches_is_infinite():
    data = pd.DataFrame({"x": [0.0, 1, 2, 3, 3], "y": [0.0, 0.1, 0.2, 0.3, 3]})
    found = nca(data, outcome="y", ceilings=["ols"], permutations=0)
    assert found.bottleneck("ols", unit="actual", steps=[3])["x"].tolist() == [math.inf]


def test_a_line_that_falls_is_no_ceiling_and_says_so():
    data = pd.DataFrame({"x": [0.0, 1, 2, 3], "y": [3.0, 2, 1, 0]})
    row = nca(data, outcome="y", ceilings=["ols"], permutations=100).frame.iloc[0]
    assert math.isnan(row["effect"])
    assert math.isnan(row["p"])
    assert row["reason"] == "the line does not rise, so it says nothing about a necessary condition"


def test_a_missing_number_leaves_the_case_out_of_that_condition_only():
    data = STEPS.assign(z=[None, 1.0, 2.0, 3.0]).loc[["a", "b", "c", "d"]]
    data.loc["e"] = [50.0, 50.0, 4.0]
    found = nca(data, outcome="y", permutations=0).frame.drop_duplicates("condition").set_index("condition")
    assert found["n"].to_dict() == {"x": 5, "z": 4}


@pytest.mark.parametrize(
    ("data", "options", "error", "message"),
    [
        (STEPS.assign(y=1), {}, OutcomeConstant, "the outcome 'y' is 1 in all 4 cases"),
        (STEPS.assign(x=2), {}, ConditionConstant, "condition 'x' is 2 in all 4 cases"),
        (STEPS.iloc[:3], {}, TooFewCases, "needs 4 cases or more, 3 of 3 have numbers in x and y"),
        (STEPS, {"conditions": ["x", "x"]}, NamedTwice, "condition 'x' is named twice"),
        (STEPS, {"conditions": ["z"]}, UnknownName, "unknown column 'z'"),
        (STEPS, {"ceilings": ["fdh"]}, UnknownName, "unknown ceiling 'fdh'"),
        (STEPS, {"corner": 5}, WrongCall, "there is no corner 5"),
    ],
)
def test_what_can_carry_no_ceiling_is_refused(data, options, error, message):
    with pytest.raises(error, match=message):
        nca(data, outcome="y", permutations=0, **options)
