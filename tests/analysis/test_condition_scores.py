from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.model.errors import WrongCall


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def test_the_score_of_the_round_that_a_condition_is_read_in_is_that_of_its_case(matrix):
    table = bwa.condition_scores(matrix).frame
    found = bwa.cases(matrix).frame
    cases = found[found["measure"] == "openness"].set_index("case")["score"]
    openness = table[(table["measure"] == "openness") & (table["round"] == "R2")].set_index("site")["score"]
    assert (openness > 0).to_dict() == (cases == 1).to_dict()


def test_every_site_measure_and_round_has_its_row(matrix):
    result = bwa.condition_scores(matrix)
    assert len(result.frame) == 12 * 3 * len(result.measures)
    assert [m for m, _ in result.measures] == ["oversight", "openness", "endures"]
    assert result.frame["score"].dropna().between(-1, 1).all()


def test_a_site_that_was_not_visited_has_no_score_and_says_so(matrix):
    table = bwa.condition_scores(matrix).frame
    row = table[(table["site"] == "F06") & (table["measure"] == "openness") & (table["round"] == "R1")].iloc[0]
    assert row["score"] != row["score"]
    assert row["reason"] == "no interview of worker in R1 was asked about it and read by the coder"


def test_a_study_without_declared_conditions_says_where_to_declare_them(matrix, lite_study):
    with pytest.raises(WrongCall, match="describe them under 'necessity' in study.yaml"):
        bwa.condition_scores(replace(matrix, study=replace(lite_study, necessity=None)))


def test_the_figure_has_a_cell_for_each_and_hatches_what_cannot_be_said(matrix):
    result = bwa.condition_scores(matrix)
    (axes,) = result.plot().axes
    assert len(axes.patches) == len(result.frame)
    assert sum(bool(p.get_hatch()) for p in axes.patches) == result.frame["score"].isna().sum()
