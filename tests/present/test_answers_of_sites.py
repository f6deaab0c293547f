from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.present.answers import answers
from bwa_study.present.dumbbell import plot_dumbbell
from bwa_study.present.figures import CannotDraw


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


def test_what_lasted_is_told_by_site_as_it_was_planted(matrix, full_study):
    results = {"durability": bwa.durability(matrix, min_groups=2)}
    (line,) = answers(5, results, full_study, "en")
    assert line == ("Change endures: endured F01, F02, F03, F04; faded F05, F08, F09, F10; never F06, F07, F11, F12.")
    (line,) = answers(5, results, full_study, "zh")
    assert line.startswith("改善得以持续：保持 F01, F02, F03, F04；消退 F05")


def test_the_widest_gap_comes_first_with_both_shares(matrix, full_study):
    result = bwa.divergence(matrix, round="R3")
    top = result.frame.sort_values("gap", ascending=False, kind="stable").iloc[0]
    first, *others = answers(4, {"divergence": result}, full_study, "en")
    assert len(others) == 2
    assert first.startswith(
        f"{full_study.label('code', top['code'])}: Brand staff {100 * top['brand_staff_share']:.0f}%"
    )
    assert f"a gap of {100 * top['gap']:.0f} points, adjusted p = {top['p_adjusted']:.3f}." in first


def test_verdicts_of_the_last_round_are_counted(matrix, full_study):
    result = bwa.triangulate(matrix, rounds=["R3"])
    first, second = answers(3, {"triangulation": result}, full_study, "en")
    counts = result.frame["verdict"].value_counts()
    assert f"agree {counts['agree']}" in first
    assert "contradict each other most on" in second


def test_cases_that_are_alike_and_differ_are_named(matrix, full_study):
    from bwa_study.analysis.necessity.study_table import study_truth_table

    results = {"truth_table": study_truth_table(bwa.cases(matrix))}
    assert answers(7, results, full_study, "en") == [
        "Alike in oversight, openness, shock and different in endures: with it F03, without F05."
    ]


def test_a_line_goes_from_the_lowest_group_to_the_highest_widest_first(matrix):
    result = bwa.divergence(matrix, round="R2", groups=["manager", "worker"])
    (axes,) = plot_dumbbell(result).axes
    rows = result.frame[result.frame["higher"] != ""].sort_values("gap", ascending=False, kind="stable")
    lines = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 2]
    assert [round(float(b - a), 9) for a, b in lines] == [round(gap, 9) for gap in rows["gap"]]
    stars = sum(t.get_text() == "*" for t in axes.texts)
    assert stars == (rows["p_adjusted"] < 0.05).sum()


def test_without_two_groups_that_were_asked_there_is_nothing_to_draw(matrix):
    result = bwa.divergence(matrix, round="R2")
    with pytest.raises(CannotDraw, match="no code was asked of two groups in this round"):
        plot_dumbbell(replace(result, table=result.table.iloc[:0]))
