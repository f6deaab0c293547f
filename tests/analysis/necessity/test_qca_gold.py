"""Published data with the numbers of an independent program; sources in tests/data/gold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bwa_study.analysis.necessity.calibration import crisp, direct, multi_value
from bwa_study.analysis.necessity.fit import necessity_fit, sufficiency_fit
from bwa_study.analysis.necessity.scores import cases_from_scores
from bwa_study.analysis.necessity.solutions import minimise
from bwa_study.analysis.necessity.truth_table import truth_table

GOLD = Path(__file__).parents[2] / "data" / "gold"
CRISP, FUZZY, RAW = "qca01_lipset_crisp_LC", "qca02_lipset_fuzzy_LF", "qca03_calibration_lipset_raw"
CONDITIONS = ["DEV", "URB", "LIT", "IND", "STB"]
CLOSE = {"rel": 0, "abs": 1e-9}


def gold(case):
    return json.loads((GOLD / case / "expected.json").read_text(encoding="utf-8"))


def read_cases(case):
    return cases_from_scores(pd.read_csv(GOLD / case / "data.csv"), outcome="SURV", case="case")


def solved(case, negated):
    table = truth_table(read_cases(case), consistency=gold(case)["incl_cut"], negated=negated)
    return table, minimise(table, expectations=None if negated else dict.fromkeys(CONDITIONS, 1))


@pytest.mark.parametrize("case", [CRISP, FUZZY])
@pytest.mark.parametrize(("key", "negated"), [("truth_table", False), ("truth_table_neg", True)])
def test_truth_tables_are_those_published(case, key, negated):
    table, _ = solved(case, negated)
    rows = {tuple(row[c] for c in CONDITIONS): row for row in gold(case)[key]}
    assert set(rows) == set(table.rows("1", "0", "C"))
    for found in table.frame.to_dict("records"):
        row = rows[tuple(found[c] for c in CONDITIONS)]
        assert found["n"] == row["n"]
        assert found["consistency"] == pytest.approx(float(row["incl"]), **CLOSE)
        assert found["pri"] == pytest.approx(float(row["PRI"]), **CLOSE)
        assert found["outcome"].replace("C", "0") == row["OUT"]


@pytest.mark.parametrize("case", [CRISP, FUZZY])
@pytest.mark.parametrize(
    ("key", "kind", "negated"),
    [
        ("complex", "complex", False),
        ("parsimonious", "parsimonious", False),
        ("complex_neg", "complex", True),
        ("parsimonious_neg", "parsimonious", True),
    ],
)
def test_solutions_and_their_fit_are_those_published(case, key, kind, negated):
    _, found = solved(case, negated)
    expected = gold(case)[key]
    assert {frozenset(m) for m in found.expressions(kind)} == {frozenset(m) for m in expected["solutions"]}
    table = found.frame.query("kind == @kind").set_index("term")
    assert set(table.index[table["essential"]]) == set(expected["essential"])
    for term in expected["fit_terms"]:
        row = table.loc[term["term"]]
        assert row["consistency"] == pytest.approx(term["inclS"], **CLOSE)
        assert row["pri"] == pytest.approx(term["PRI"], **CLOSE)
        assert row["coverage"] == pytest.approx(term["covS"], **CLOSE)
        if term["covU"] is not None:
            assert row["unique"] == pytest.approx(term["covU"], **CLOSE)
    whole = table.loc[""]
    fit = expected["fit_solution"]
    assert list(whole[["consistency", "pri", "coverage"]]) == pytest.approx(
        [fit["inclS"], fit["PRI"], fit["covS"]], **CLOSE
    )


@pytest.mark.parametrize("case", [CRISP, FUZZY])
def test_the_intermediate_solution_and_its_counterfactuals_are_those_published(case):
    _, found = solved(case, negated=False)
    expected = gold(case)["intermediate_dir_exp_all_1"]["C1P1"]
    assert {frozenset(m) for m in found.expressions("intermediate")} == {frozenset(m) for m in expected["solutions"]}

    def numbers(rows):
        return {str(int(np.ravel_multi_index(row, (2,) * 5)) + 1) for row in rows}

    assert numbers(found.easy) == {expected["easy"]}
    assert numbers(found.difficult) == set(expected["difficult"])
    table = found.frame.query("kind == 'intermediate'").set_index("term")
    for term in expected["fit"]["terms"]:
        assert table.loc[term["term"], "consistency"] == pytest.approx(term["inclS"], **CLOSE)
        assert table.loc[term["term"], "coverage"] == pytest.approx(term["covS"], **CLOSE)
    assert table.loc["", "coverage"] == pytest.approx(expected["fit"]["sol"]["covS"], **CLOSE)


@pytest.mark.parametrize("case", [CRISP, FUZZY])
@pytest.mark.parametrize("key", ["necessity_single", "superSubset_nec"])
def test_necessity_is_that_published(case, key):
    cases = read_cases(case)
    scores = cases.columns()
    for row in gold(case)[key]:
        fit = necessity_fit(cases.expression(row["term"]).membership(scores), scores["SURV"])
        assert fit.consistency == pytest.approx(row["inclN"], **CLOSE)
        assert fit.relevance == pytest.approx(row["RoN"], **CLOSE)
        assert fit.coverage == pytest.approx(row["covN"], **CLOSE)


@pytest.mark.parametrize("case", [CRISP, FUZZY])
def test_sufficiency_of_single_conditions_is_that_published(case):
    cases = read_cases(case)
    scores = cases.columns()
    for row in gold(case)["sufficiency_single"]:
        fit = sufficiency_fit(cases.expression(row["term"]).membership(scores), scores["SURV"])
        assert fit.consistency == pytest.approx(row["inclS"], **CLOSE)
        assert fit.pri == pytest.approx(row["PRI"], **CLOSE)
        assert fit.coverage == pytest.approx(row["covS"], **CLOSE)


@pytest.mark.parametrize(
    ("key", "calibrate"),
    [
        ("DEV_e400_c550_i900", lambda x: direct(x, out=400, crossover=550, full=900)),
        ("DEV_logistic_false", lambda x: direct(x, out=400, crossover=550, full=900, shape="linear")),
        ("DEV_decreasing", lambda x: direct(x, out=900, crossover=550, full=400)),
        ("DEV_idm_0.99", lambda x: direct(x, out=400, crossover=550, full=900, degree=0.99)),
        ("DEV_crisp_550", lambda x: crisp(x, threshold=550)),
        ("DEV_multi_550_850", lambda x: multi_value(x, thresholds=[550, 850])),
    ],
)
def test_calibration_is_that_published(key, calibrate):
    raw = pd.read_csv(GOLD / RAW / "data.csv")["DEV"]
    assert calibrate(raw).tolist() == pytest.approx(gold(RAW)[key], **CLOSE)
