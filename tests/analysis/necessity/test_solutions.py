from __future__ import annotations

import itertools
import time

import numpy as np
import pandas as pd
import pytest

from bwa_study.analysis.necessity.implicants import covers
from bwa_study.analysis.necessity.scores import cases_from_scores
from bwa_study.analysis.necessity.solutions import minimise
from bwa_study.analysis.necessity.truth_table import truth_table
from bwa_study.demo import plan
from bwa_study.model.errors import UnknownName, WrongCall


def table_of(rows, **options):
    """Rows are configuration texts and outcomes, such as ("110", 1)."""
    data = pd.DataFrame([[int(v) for v in text] for text, _ in rows], columns=list("ABCDEFGH")[: len(rows[0][0])])
    data = data.assign(y=[y for _, y in rows], case=[f"c{n}" for n in range(len(rows))])
    return truth_table(cases_from_scores(data, outcome="y", case="case"), consistency=1, **options)


def drawn(conditions, cases, seed):
    dice = np.random.default_rng(seed)
    rows = [("".join(map(str, dice.integers(0, 2, conditions))), int(dice.integers(0, 2))) for _ in range(cases)]
    return table_of(rows)


def test_the_planted_table_gives_oversight_and_openness_without_a_shock():
    data = pd.DataFrame(
        {f.id: {"O": f.oversight[2], "P": f.openness[1], "S": float(f.shock), "E": float(f.endures)}
         for f in plan.FACTORIES}
    ).T  # fmt: skip
    found = minimise(truth_table(cases_from_scores(data, outcome="E"), consistency=1))
    assert found.expressions("complex") == (("O*P*~S",),)
    whole = found.frame.query("kind == 'complex' and term == ''").iloc[0]
    assert (whole["consistency"], whole["coverage"], whole["uncovered"]) == (1.0, 0.75, "F03")


def test_every_tied_model_is_given():
    """Six rows in a ring: each is joined to both neighbours, so two models of three terms tie (and one of 3 + 0)."""
    ring = ["100", "110", "010", "011", "001", "101"]
    found = minimise(table_of([*((text, 1) for text in ring), ("000", 0), ("111", 0)]))
    assert {frozenset(model) for model in found.expressions("complex")} == {
        frozenset({"A*~C", "~A*B", "~B*C"}),
        frozenset({"A*~B", "B*~C", "~A*C"}),
    }
    assert not found.frame["essential"].any()


@pytest.mark.parametrize("seed", range(6))
def test_models_cover_every_row_no_contrary_row_and_no_shorter_one_does(seed):
    table = drawn(4, 9, seed)
    found = minimise(table)
    on, off = table.rows("1"), table.rows("0", "C")
    for kind, models in found.models.items():
        sizes = {len(model) for model in models}
        assert len(sizes) == 1
        for model in models:
            assert all(any(covers(term, row) for term in model) for row in on)
            assert not any(covers(term, row) for term in model for row in off)
        fewer = itertools.combinations(found.primes[kind], sizes.pop() - 1)
        assert not any(all(any(covers(t, row) for t in few) for row in on) for few in fewer)


@pytest.mark.parametrize("seed", [0, 1, 2, 5])
def test_an_intermediate_solution_lies_between_the_two_others(seed):
    table = drawn(4, 8, seed)
    found = minimise(table, expectations={"A": 1, "C": 0})
    assert set(found.easy) <= set(itertools.product((0, 1), repeat=4)) - set(table.rows("1", "0", "C"))
    coverage = found.frame.query("term == ''").groupby("kind")["coverage"].max()
    assert coverage["complex"] <= coverage["intermediate"] + 1e-12


def test_without_expectations_the_intermediate_solution_is_the_complex_one():
    found = minimise(table_of([("110", 1), ("100", 0), ("011", 1), ("001", 0)]))
    assert found.expressions("intermediate") == found.expressions("complex")


def test_multi_value_conditions_keep_their_levels():
    data = pd.DataFrame({"m": [0, 0, 1, 2, 2], "b": [0, 1, 1, 0, 1], "y": [0, 0, 0, 1, 1]}, index=list("pqrst"))
    found = minimise(truth_table(cases_from_scores(data, outcome="y", levels={"m": 3}), consistency=1))
    assert found.expressions("complex") == (("m{2}",),)
    assert found.expressions("parsimonious") == (("m{2}",),)


def test_the_chart_says_which_term_covers_which_cases():
    found = minimise(table_of([("11", 1), ("10", 1), ("01", 1), ("00", 0)]))
    chart = found.chart("complex")
    assert chart.loc["A"].to_dict() == {"c0": True, "c1": True, "c2": False}
    assert chart.loc["B"].to_dict() == {"c0": True, "c1": False, "c2": True}


def test_eight_conditions_and_forty_cases_take_less_than_a_second():
    began = time.process_time()
    found = minimise(drawn(8, 40, seed=1))
    assert found.stopped == {}
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("rows", "options", "error", "message"),
    [
        (
            [("11", 0), ("11", 1), ("10", 0), ("01", 0)],
            {},
            WrongCall,
            "no configuration goes with y at a consistency of 1",
        ),
        ([("11", 1), ("10", 1), ("01", 0), ("00", 0)], {"expectations": {"X": 1}}, UnknownName, "condition 'X'"),
        ([("11", 1), ("10", 1), ("01", 0), ("00", 0)], {"expectations": {"A": 2}}, WrongCall, "there is no level 2"),
    ],
)
def test_what_cannot_be_solved_is_said(rows, options, error, message):
    with pytest.raises(error, match=message):
        minimise(table_of(rows), **options)
