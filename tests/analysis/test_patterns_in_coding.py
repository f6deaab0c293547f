from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.analysis.cooccurrence import pairs
from bwa_study.analysis.keyness import log_odds
from bwa_study.analysis.saturation import new_codes, saturation_of
from bwa_study.model.errors import UnknownName, WrongCall, WrongUnit

GOLD = Path(__file__).parents[1] / "data" / "gold"


def gold(name):
    return pd.read_csv(GOLD / name / "data.csv"), json.loads((GOLD / name / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def test_cooccurrence_is_that_of_the_worked_case():
    data, expected = gold("code_cooccurrence")
    names = ["oversight", "openness", "bridge"]
    flags = np.array([[n in str(codes).split(";") for n in names] for codes in data["codes"]])
    table = pairs(flags, names).set_index(["code", "other"])
    for pair, numbers in expected.items():
        row = table.loc[tuple(pair.split("|"))]
        found = [row[k] for k in ("n", "n_other", "both", "jaccard", "jaccard", "dice", "phi", "lift")]
        assert found == pytest.approx(list(numbers.values()), abs=1e-12)


def test_cooccurrence_with_itself_in_other_units_never_loses_a_pair(matrix):
    tables = {w: bwa.cooccurrence(matrix, within=w).frame for w in ("segment", "turn", "interview")}
    assert (tables["interview"]["both"] > 0)[tables["turn"]["both"] > 0].all()
    assert (tables["turn"]["both"] > 0)[tables["segment"]["both"] > 0].all()


def test_pairs_of_the_tiny_study(tiny):
    m = bwa.matrix(tiny, coders=["x"])
    row = bwa.cooccurrence(m, within="turn", codes=["a", "b"]).frame.iloc[0]
    assert (row["n"], row["n_other"], row["both"], row["units"]) == (5, 2, 1, 8)
    segments = bwa.cooccurrence(m, within="segment", codes=["a", "b"]).frame.iloc[0]
    assert (segments["n"], segments["n_other"], segments["both"], segments["units"]) == (5, 2, 1, 6)
    behind = bwa.cooccurrence(m, within="turn").quotes("a", "b")
    assert behind["quote"].tolist() == ["We met twice.", "We met twice."]


def test_a_code_that_is_never_there_has_no_lift(tiny):
    row = bwa.cooccurrence(bwa.matrix(tiny, coders=["x"]), within="turn", codes=["a", "c"]).frame.iloc[0]
    assert math.isnan(row["lift"])
    assert row["jaccard"] == 0


def test_what_follows_what(tiny):
    m = bwa.matrix(tiny, coders=["x"])
    row = bwa.followed_by(m, turns=1, codes=["a", "b"]).frame.set_index(["code", "next"]).loc[("a", "b")]
    # a stands in w1 (then b follows), w3 (twice, only one with a turn after it) and m1 (its next turn has nothing).
    assert (row["n"], row["followed"]) == (3, 1)
    assert row["distance"] == 0.5


def test_turns_of_a_matrix_of_interviews_are_refused(lite_study):
    m = bwa.matrix(lite_study, unit="interview", coders=["simulated-human-A"])
    with pytest.raises(WrongUnit, match="turns cannot be counted"):
        bwa.cooccurrence(m, within="turn")


def test_keyness_is_that_of_the_worked_case():
    data, expected = gold("fightin_words_keyness")
    first, second = (data[c].to_numpy(float) for c in ("managers", "workers"))
    table = log_odds(first, second, prior="uniform", strength=0.5).assign(word=data["word"]).set_index("word")
    for word, numbers in expected["uniform_0.5"].items():
        row = table.loc[word]
        found = (row["log_odds"], row["error"] ** 2, row["z"])
        assert found == pytest.approx((numbers["delta"], numbers["var"], numbers["z"]), rel=1e-12)
    for name, column in (("keyness_G2_two_term_rayson_garside", "g2"), ("keyness_chi2_yates_quanteda_default", "chi2")):
        assert table[column].to_dict() == pytest.approx(expected[name], rel=1e-9)


def test_swapping_the_levels_turns_the_sign_and_a_prior_pulls_to_nothing():
    first, second = np.array([25.0, 2, 40]), np.array([3.0, 22, 40])
    one, two = (log_odds(a, b, prior="informative", strength=100) for a, b in ((first, second), (second, first)))
    assert one["z"].to_numpy() == pytest.approx(-two["z"].to_numpy())
    strong = log_odds(first, second, prior="informative", strength=1e6)
    assert np.abs(strong["log_odds"]).max() < 0.01 < np.abs(one["log_odds"]).max()


def test_chinese_is_compared_in_pairs_of_characters(lite_study):
    found = bwa.keyness(lite_study, between="group", levels=("manager", "worker"), language="zh").frame
    assert found["word"].str.len().eq(2).all()
    assert (found["n_first"] >= found["interviews_first"]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"levels": ("manager", "boss"), "language": "zh"}, "unknown group 'boss'"),
        ({"levels": ("manager", "worker"), "language": "fr"}, "unknown language 'fr'"),
        ({"levels": ("manager", "worker"), "language": "zh", "prior": "flat"}, "unknown prior 'flat'"),
    ],
)
def test_unknown_words_of_keyness_are_named(lite_study, options, message):
    with pytest.raises(UnknownName, match=message):
        bwa.keyness(lite_study, between="group", **options)


@pytest.mark.parametrize(("base", "run"), [(b, r) for b in (4, 5, 6) for r in (2, 3)])
def test_saturation_is_that_of_the_worked_case(base, run):
    # Guest, Namey & Chen (2020), their rule; runs overlap by all but one interview.
    data, expected = gold("saturation_guest_namey_chen2020")
    case = expected[f"base{base}_run{run}"]
    table = saturation_of(data["new_codes"].tolist(), base=base, run=run, threshold=0.05)
    assert table["interviews"].tolist() == [r["interviews"] for r in case["runs"]]
    assert table["new_codes"].tolist() == [r["new_in_run"] for r in case["runs"]]
    assert table["ratio"].to_numpy() == pytest.approx([r["ratio"] for r in case["runs"]])
    assert table.loc[table["reached"], "interviews"].iloc[0] == case["first_le_5pct"]
    none = saturation_of(data["new_codes"].tolist(), base=base, run=run, threshold=0)
    assert none.loc[none["reached"], "interviews"].iloc[0] == case["first_0pct"]


def test_new_codes_add_up_to_all_codes():
    said = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=bool)
    assert new_codes(said) == [1, 1, 0]


def test_saturation_by_group_has_the_range_over_orders(matrix):
    found = bwa.saturation(matrix, round="R2").summary.set_index("group")
    assert found.loc["worker", "low_order"] <= found.loc["worker", "median_order"]
    assert (found["codes"] <= len(matrix.codes)).all()


def test_too_few_interviews_are_said(matrix):
    with pytest.raises(WrongCall, match="saturation needs 600 interviews or more in a group"):
        bwa.saturation(matrix, base=300, run=300)
