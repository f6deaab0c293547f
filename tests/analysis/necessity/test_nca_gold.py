"""The published example of necessary condition analysis; source in tests/data/gold."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from bwa_study.analysis.necessity.ceilings import CEILINGS
from bwa_study.analysis.necessity.nca import nca

FOLDER = Path(__file__).parents[2] / "data" / "gold" / "nca01_nca_example"
GOLD = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
OUTCOME, CONDITIONS = "Innovation performance", ("Individualism", "Risk taking")
WITH_GOLD = [kind for kind in CEILINGS if kind != "ols"]
NAMES = {
    "Ceiling zone": "zone",
    "Effect size": "effect",
    "# above": "above",
    "Slope": "slope",
    "Intercept": "intercept",
    "Fit": "fit",
    "Ceiling accuracy": "accuracy",
    "Abs. ineff.": "absolute_inefficiency",
    "Rel. ineff.": "relative_inefficiency",
    "Condition ineff.": "condition_inefficiency",
    "Outcome ineff.": "outcome_inefficiency",
}


@pytest.fixture(scope="module")
def found():
    data = pd.read_csv(FOLDER / "data.csv").set_index("case")
    return nca(data, outcome=OUTCOME, ceilings=list(CEILINGS), permutations=10_000)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("kind", WITH_GOLD)
def test_ceilings_are_those_published(found, condition, kind):
    row = found.frame.query("condition == @condition and ceiling == @kind").iloc[0]
    expected = GOLD["summaries"][condition]["params"][kind]
    for theirs, ours in NAMES.items():
        if expected[theirs] is not None:
            assert row[ours] == pytest.approx(expected[theirs], rel=1e-9, abs=1e-9), theirs


@pytest.mark.parametrize("kind", WITH_GOLD)
def test_bottlenecks_are_those_printed(found, kind):
    table = found.bottleneck(kind)
    for row, printed in zip(table.to_dict("records"), GOLD["bottleneck_percentage_range"][kind], strict=True):
        assert row[OUTCOME] == printed["Innovation.performance"]
        for condition in CONDITIONS:
            value = row[condition]
            text = "NN" if value == -math.inf else f"{value:.1f}"
            assert text == printed[condition.replace(" ", ".")]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_peers_are_those_published(found, condition):
    printed = GOLD["peers"]["ce_fdh"][condition]
    assert list(found.peers(condition).index) == [row["case"] for row in printed]
    assert found.peers(condition).to_numpy().tolist() == [[row["X"], row["Y"]] for row in printed]


@pytest.mark.parametrize(
    ("kind", "condition", "p"),
    [
        ("cr_fdh", "Individualism", 0.172),
        ("cr_fdh", "Risk taking", 0.096),
        ("ce_fdh", "Individualism", 0.0855),
        ("ce_fdh", "Risk taking", 0.109),
    ],
)
def test_permutation_p_is_that_published_within_its_error(found, kind, condition, p):
    row = found.frame.query("condition == @condition and ceiling == @kind").iloc[0]
    assert row["p"] == pytest.approx(p, abs=0.01)
    assert row["p_error"] == pytest.approx(math.sqrt(row["p"] * (1 - row["p"]) / 10_000), rel=1e-9)


def test_the_scope_is_that_of_the_cases(found):
    for condition in CONDITIONS:
        scope = found.frame.query("condition == @condition")["scope"].iloc[0]
        assert scope == pytest.approx(GOLD["summaries"][condition]["global"]["V1"]["Scope"], rel=1e-12)
