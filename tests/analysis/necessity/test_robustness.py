from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.analysis.necessity.coding_error import CoderQuality, coder_quality, miscoded
from bwa_study.analysis.necessity.interviews import interviews_of
from bwa_study.demo.write import demo_study


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def result(matrix):
    return bwa.robustness(bwa.cases(matrix), ["openness", "oversight*openness"], consistency=1, draws=20)


def test_the_declared_rule_is_the_first_setting(matrix, result):
    declared = result.frame.query("varied == 'as declared'").set_index("expression")
    row = bwa.necessity(bwa.cases(matrix), consistency=1, bootstrap=0).row("openness")
    for name in ("n", "consistency", "coverage", "relevance", "p", "holds"):
        assert declared.loc["openness", name] == row[name]


def test_managers_alone_make_it_trivial_and_the_range_shows_it(result):
    row = result.frame.query("expression == 'openness' and setting == 'openness: manager'").iloc[0]
    assert row["warning"].startswith("trivial")
    assert result.ranges("informants").loc["openness", "relevance_low"] == row["relevance"]


def test_every_case_is_dropped_once(result):
    dropped = result.frame.query("expression == 'openness' and varied == 'case dropped'")
    assert dropped["setting"].tolist() == [f"without F{n:02d}" for n in range(1, 13)]


def test_thresholds_are_shifted_one_measure_at_a_time(result):
    settings = result.frame.query("expression == 'openness' and varied == 'threshold'")["setting"]
    assert len(settings) == 3 * 4
    assert "openness: -0.05" in set(settings)


def test_what_cannot_be_classified_is_tried_as_in_and_as_out():
    study = demo_study(seed=1, size="lite", stress=True)
    found = bwa.cases(bwa.matrix(study, coders=["simulated-human-A"]))
    assert found.unclassified == {"openness": ("F09",)}
    table, settings = bwa.study_necessity(found, draws=0, bootstrap=0)
    assert table.row("openness")["n"] == 11
    assert table.row("openness")["unclassified"] == "F09"
    assert table.row("oversight")["n"] == 12
    tried = settings.frame.query("expression == 'openness' and varied == 'unclassified'")
    assert tried["setting"].tolist() == ["openness: F09 in", "openness: F09 out"]
    assert set(tried["n"]) == {12}
    assert bwa.study_truth_table(found).method.startswith("11 of 12 cases;")


def test_t10_says_how_reliable_the_codes_behind_a_row_are(lite_study):
    found = bwa.cases(bwa.matrix(lite_study, coders=["simulated-human-A"]))
    table, _ = bwa.study_necessity(found, draws=0, bootstrap=0)
    gate = bwa.reliability_gate(lite_study)
    assert table.row("shock")["reliability"] == f"{gate.status('change_endures')} 1"
    counts = [int(part.rsplit(" ", 1)[1]) for part in table.row("openness")["reliability"].split("; ")]
    assert sum(counts) == 8


def test_t10_is_read_with_ranges_of_consistency_and_relevance(full_study, matrix):
    table, _ = bwa.study_necessity(bwa.cases(matrix), draws=0, bootstrap=0)
    shown = table.compact().set_index("condition")
    assert list(shown.columns) == [
        "consistency", "coverage", "RoN", "n", "p", "deviant", "any one dropped", "informants", "cut-offs",
        "reliability of the codes", "warning",
    ]  # fmt: skip
    assert shown.loc["openness", "informants"] == "1.00; RoN 0.00–0.62"
    assert shown.loc["oversight*openness", "any one dropped"] == "1.00; RoN 0.86–1.00"
    assert shown.loc["shock", "n"] == "5/12"


def test_a_perfect_coder_changes_nothing(matrix):
    laid = interviews_of(matrix)
    perfect = [(list(matrix.codes), CoderQuality(1.0, 1.0, 100, 100))]
    again = miscoded(laid, matrix, perfect, np.random.default_rng(1))
    assert (again.present == laid.present).all()
    assert (again.absent == laid.absent).all()


def test_a_coder_finds_and_invents_as_often_as_her_quality_says(matrix):
    laid = interviews_of(matrix)
    one_turn = laid.present_turns == 1
    dice = np.random.default_rng(3)
    again = miscoded(laid, matrix, [(list(matrix.codes), CoderQuality(0.6, 1.0, 100, 100))], dice)
    assert again.present[one_turn].mean() == pytest.approx(0.6, abs=0.02)
    assert not again.present[~laid.present].any()
    again = miscoded(laid, matrix, [(list(matrix.codes), CoderQuality(1.0, 0.99, 100, 100))], dice)
    silent = ~laid.present
    expected = (1 - 0.99 ** np.broadcast_to(laid.turns[:, None], silent.shape))[silent].mean()
    assert again.present[silent].mean() == pytest.approx(expected, abs=0.01)


def test_quality_is_positive_and_negative_agreement(make_study, make_interview):
    words = [f"Word {n} here." for n in range(20)]
    codings = [("i", words[n], "a", "present", "x") for n in range(10)]
    codings += [("i", words[n], "a", "present", "y") for n in range(2, 11)]
    study = make_study(
        [make_interview("i", "worker", "before", "S1", words)], codings, examined={"x": {"i": None}, "y": {"i": None}}
    )
    found = coder_quality(study, coder="x", codes=["a"])
    assert found.sensitivity == pytest.approx(2 * 8 / (2 * 8 + 3))
    assert found.specificity == pytest.approx(2 * 29 / (2 * 29 + 3))
    assert (found.turns, found.statements) == (20, 11)
    alone = coder_quality(study, coder="indicators", codes=["a"])
    assert math.isnan(alone.sensitivity)


def test_without_double_coding_error_is_not_pushed_through_and_that_is_said(lite_study):
    alone = replace(lite_study, codings=lite_study.codings.select(coder="simulated-human-A"))
    found = bwa.robustness(
        bwa.cases(bwa.matrix(alone, coders=["simulated-human-A"])), ["openness"], consistency=1, draws=20
    )
    assert found.errors.empty
    assert "not pushed through: too few turns were coded by two people" in found.method


def test_coding_error_gives_a_share_of_draws_in_which_the_claim_holds(result):
    errors = result.errors.set_index("expression")
    assert errors.loc["openness", "draws"] == 20
    assert 0 <= errors.loc["openness", "low"] <= errors.loc["openness", "high"] <= 1
    assert 0.5 < errors.loc["oversight*openness", "holds"] <= 1
