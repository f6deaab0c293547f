from __future__ import annotations

import pandas as pd
import pytest

from bwa_study.analysis.necessity.scores import cases_from_scores
from bwa_study.analysis.necessity.truth_table import truth_table
from bwa_study.demo import plan
from bwa_study.model.errors import WrongCall

PLANTED = pd.DataFrame(
    [(f.id, f.oversight[2], f.openness[1], float(f.shock), float(f.endures)) for f in plan.FACTORIES],
    columns=["case", "O", "P", "S", "E"],
)


@pytest.fixture(scope="module")
def planted():
    return cases_from_scores(PLANTED, outcome="E", case="case")


def test_the_eight_rows_of_the_planted_table(planted):
    table = truth_table(planted, consistency=1).frame
    rows = {(r["O"], r["P"], r["S"]): (r["cases"], r["outcome"]) for r in table.to_dict("records")}
    assert rows == {
        (1, 1, 1): ("F03;F05", "C"),
        (1, 1, 0): ("F01;F02;F04", "1"),
        (1, 0, 1): ("F08", "0"),
        (1, 0, 0): ("F06;F07", "0"),
        (0, 1, 1): ("F10", "0"),
        (0, 1, 0): ("F09", "0"),
        (0, 0, 1): ("F12", "0"),
        (0, 0, 0): ("F11", "0"),
    }
    contradiction = table.set_index("cases").loc["F03;F05"]
    assert (contradiction["with_outcome"], contradiction["without_outcome"]) == ("F03", "F05")
    assert contradiction["share"] == 0.5


def test_rows_with_too_few_cases_are_remainders(planted):
    table = truth_table(planted, consistency=1, fewest=2).frame
    assert set(table.loc[table["outcome"] == "?", "n"]) == {1}


def test_remainders_can_be_listed():
    data = pd.DataFrame(
        {"a": [1, 1, 0, 0], "b": [1, 0, 1, 0], "c": [1, 1, 1, 0], "y": [1, 1, 0, 0]}, index=list("pqrs")
    )
    table = truth_table(cases_from_scores(data, outcome="y"), consistency=1, remainders=True).frame
    assert len(table) == 8
    assert (table["outcome"] == "?").sum() == 4
    assert table.loc[table["n"] == 0, "share"].isna().all()


def test_a_case_at_exactly_half_belongs_to_no_row():
    data = pd.DataFrame({"a": [1, 0.5, 0, 0.9, 0.2], "y": [1, 0.8, 0.1, 0.7, 0.3]}, index=list("pqrst"))
    found = truth_table(cases_from_scores(data, outcome="y"), consistency=0.8)
    assert found.undecided == ("q",)
    assert "Exactly at .5, and so neither in nor out: q; move the anchors." in found.method
    assert found.frame["cases"].tolist() == ["p;s", "r;t"]


def test_who_cannot_be_classified_is_left_out_and_counted(planted):
    data = PLANTED.assign(P=[None if id == "F09" else p for id, p in zip(PLANTED["case"], PLANTED["P"], strict=True)])
    found = truth_table(cases_from_scores(data, outcome="E", case="case"), consistency=1)
    assert found.method.startswith("11 of 12 cases;")
    assert "could not be classified in one of O, P, S: F09." in found.method
    assert "F09" not in ";".join(found.frame["cases"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"consistency": 0}, "the consistency cut-off is 0 — it must lie above 0"),
        ({"consistency": 1, "pri": 2}, "the PRI cut-off is 2"),
        ({"consistency": 1, "fewest": 0}, "the fewest cases of a row are 0"),
        ({"consistency": 1, "conditions": []}, "takes 1 to 16 conditions, not 0"),
    ],
)
def test_cut_offs_out_of_range_are_refused(planted, options, message):
    with pytest.raises(WrongCall, match=message):
        truth_table(planted, **options)
