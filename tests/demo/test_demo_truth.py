from __future__ import annotations

import json
import math

import pytest

from bwa_study.demo.roster import visits
from bwa_study.demo.truth import truth


@pytest.fixture(scope="module")
def planted():
    return json.loads(truth(1, "full", False, visits(1, "full")))


def conditions(planted):
    """O at R3, P at R2, S and T by factory: what is read before the outcome."""
    rows = planted["factories"]
    o = [f["oversight"]["R3"] == 1 for f in rows]
    p = [f["openness"]["R2"] == 1 for f in rows]
    return {
        "oversight": o,
        "openness": p,
        "oversight*openness": [a and b for a, b in zip(o, p, strict=True)],
        "oversight+openness": [a or b for a, b in zip(o, p, strict=True)],
        "no shock": [not f["shock"] for f in rows],
        "trained": [f["trained"] for f in rows],
    }


@pytest.mark.parametrize(
    "name", ["oversight", "openness", "oversight*openness", "oversight+openness", "no shock", "trained"]
)
def test_necessity_in_the_truth_follows_from_the_planted_table(planted, name):
    x = conditions(planted)[name]
    y = [f["endures_R3"] for f in planted["factories"]]
    both = sum(a and b for a, b in zip(x, y, strict=True))
    consistency, coverage = both / sum(y), both / sum(x)
    relevance = sum(not a for a in x) / sum(not (a and b) for a, b in zip(x, y, strict=True))
    found = planted["necessity"][name]
    assert found[:4] == pytest.approx([consistency, coverage, relevance, sum(x)])
    if consistency == 1:
        assert found[4] == pytest.approx(math.comb(sum(x), sum(y)) / math.comb(len(x), sum(y)))
    else:
        assert found[4] is None


def test_necessity_is_as_in_the_design(planted):
    assert {k: [round(v, 3) for v in row[:4]] for k, row in planted["necessity"].items() if k != "columns"} == {
        "oversight": [1, 0.5, 0.5, 8],
        "openness": [1, 0.571, 0.625, 7],
        "oversight*openness": [1, 0.8, 0.875, 5],
        "oversight+openness": [1, 0.4, 0.25, 10],
        "no shock": [0.75, 0.429, 0.556, 7],
        "trained": [1, 0.333, 0, 12],
    }


def test_both_conditions_are_nearly_sufficient_and_f05_is_the_deviant_case(planted):
    x = conditions(planted)["oversight*openness"]
    endures = [f["endures_R3"] for f in planted["factories"]]
    deviant = [f["factory"] for f, a, b in zip(planted["factories"], x, endures, strict=True) if a and not b]
    assert deviant == ["F05"]
    assert sum(a and b for a, b in zip(x, endures, strict=True)) / sum(x) == 0.8


def test_all_eight_rows_of_the_truth_table_are_filled_and_one_contradicts_itself(planted):
    c = conditions(planted)
    rows: dict[tuple[bool, ...], set[bool]] = {}
    for n, f in enumerate(planted["factories"]):
        rows.setdefault((c["oversight"][n], c["openness"][n], f["shock"]), set()).add(f["endures_R3"])
    assert len(rows) == 8
    assert [key for key, found in rows.items() if len(found) == 2] == [(True, True, True)]


def test_planted_effects_are_written_down(planted):
    assert planted["effects"]["coaching_mode brand_staff R1 to R2"] == pytest.approx(0.55)
    assert planted["effects"]["audit_mode brand_staff R1 to R2"] == pytest.approx(-0.50)
    assert planted["effects"]["null"] == ["productivity_improved", "retention_improved"]


def test_truth_says_synthetic_seed_size_and_gaps(planted):
    assert (planted["synthetic"], planted["seed"], planted["size"], planted["stress"]) == (True, 1, "full", False)
    assert planted["interviews"] == {"planned": 342, "withdrawn": 3}
    assert planted["gaps"]["not visited"] == [["F06", "worker", "R1"]]
    stressed = json.loads(truth(1, "full", True, visits(1, "full", stress=True)))
    assert stressed["gaps"]["not visited"] == [["F06", "worker", "R1"], ["F09", "worker", "R2"]]
    assert stressed["interviews"]["planned"] == 336
