from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

import bwa_study as bwa
from bwa_study.analysis.clustered import Estimate, cluster_robust
from bwa_study.analysis.joint_display import joint_verdict
from bwa_study.model.errors import UnknownName, WrongCall


def change(value, low, high):
    return Estimate(value, 0.1, 9, math.nan, low, high)


UP, DOWN, LIKELY_UP, FLAT = change(1, 0.5, 1.5), change(-1, -1.5, -0.5), change(0.3, -0.1, 0.7), change(0, -0.4, 0.4)


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def display(matrix):
    return bwa.joint_display(matrix)


@pytest.mark.parametrize(
    ("survey", "coded", "expected"),
    [
        (UP, UP, "confirm"),
        (DOWN, DOWN, "confirm"),
        (UP, LIKELY_UP, "confirm"),
        (LIKELY_UP, UP, "expand"),
        (UP, DOWN, "discord"),
        (UP, FLAT, "discord"),
        (FLAT, DOWN, "discord"),
        (LIKELY_UP, LIKELY_UP, "silent"),
        (None, UP, "silent"),
        (UP, None, "silent"),
        (UP, change(0.2, math.nan, math.nan), "silent"),
    ],
)
def test_the_written_rule(survey, coded, expected):
    verdict, reason = joint_verdict(survey, coded)
    assert verdict == expected
    assert reason


def test_the_planted_discord_on_productivity_is_found(display):
    row = display.frame.query("construct == 'productivity' and group == 'worker'").iloc[0]
    assert (row["from"], row["to"]) == ("R2", "R3")
    assert row["survey_low"] > 0
    assert row["coded_low"] < 0 < row["coded_high"]
    assert display.verdict("productivity", "worker") == "discord"


def test_what_was_planted_alike_is_confirmed(display):
    assert display.verdict("openness", "worker") == "confirm"
    assert display.verdict("oversight", "worker") == "confirm"


def test_a_code_that_one_round_did_not_ask_leaves_silence(display):
    row = display.frame.query("construct == 'endurance' and group == 'worker'").iloc[0]
    assert row["verdict"] == "silent"
    assert row["reason"] == "the interviews have too little to say"
    assert row["codes"] == ""
    assert "sustained_attention" not in display.frame.query("construct == 'oversight'")["codes"].iloc[0].split(";")


def test_means_are_those_of_the_answers(full_study, display):
    row = display.frame.query("construct == 'productivity' and group == 'worker'").iloc[0]
    for side, round in (("from", "R2"), ("to", "R3")):
        wave = next(w for w in full_study.surveys if w.round == round)
        answers = wave.item_frame("pr1")
        mean = answers.loc[(answers["group"] == "worker"), "value"].mean()
        assert row[f"survey_{side}"] == pytest.approx(mean)


def test_a_mean_of_present_less_absent_is_that_of_the_shares(matrix, display):
    row = display.frame.query("construct == 'productivity' and group == 'worker'").iloc[0]
    shares = bwa.frequency(matrix, by=("group", "round"), themes=False)
    net = [
        shares.cell("productivity_improved", polarity=p, group="worker", round="R3")["share"]
        for p in ("present", "absent")
    ]
    assert row["coded_to"] == pytest.approx(net[0] - net[1])


def test_sites_have_both_changes(display):
    sites = display.sites.query("construct == 'openness' and group == 'worker'")
    assert sorted(sites["site"]) == [f"F{n:02d}" for n in range(1, 13)]
    assert np.isnan(sites.set_index("site").loc["F06", "coded_change"])


def test_the_words_behind_a_row_are_those_of_its_codes(display):
    found = display.quotes("productivity", "worker", round="R3", polarity="present")
    assert set(found["code"]) == {"productivity_improved"}
    assert set(found["group"]) == {"worker"}


def test_an_interview_that_points_nowhere_confirms_nothing(display):
    row = display.frame.query("construct == 'staying' and group == 'worker'").iloc[0]
    assert row["survey_low"] > 0
    assert abs(row["coded_change"]) < 0.02
    assert row["verdict"] == "discord"


def test_every_row_says_how_reliable_its_codes_are(display, full_study):
    gate = bwa.reliability_gate(full_study)
    row = display.frame.query("construct == 'productivity' and group == 'worker'").iloc[0]
    assert row["reliability"] == f"{gate.status('productivity_improved')} 1"


def test_without_a_survey_it_says_what_is_missing(full_study):
    m = bwa.matrix(dataclasses.replace(full_study, surveys=()), coders=["simulated-human-A"])
    with pytest.raises(WrongCall, match="a joint display needs a survey with constructs that name codes"):
        bwa.joint_display(m)


def test_an_unknown_construct_is_named(matrix, display):
    with pytest.raises(UnknownName, match="unknown construct 'opennes', did you mean 'openness'"):
        bwa.joint_display(matrix, constructs=["opennes"])
    with pytest.raises(UnknownName, match="unknown construct and group 'openness, boss'"):
        display.verdict("openness", "boss")


def test_a_share_for_it_is_that_of_the_frequency_table(matrix, display):
    row = display.frame.query("construct == 'productivity' and group == 'worker'").iloc[0]
    cell = bwa.frequency(matrix, by=("group", "round")).cell("productivity_improved", group="worker", round="R3")
    assert (row["for_to"], row["of_to"]) == (cell["n"], cell["denominator"])


def test_absence_of_what_is_bad_speaks_for_openness(matrix, display):
    behind = display.quotes("openness", "worker", round="R3", side="for")
    assert set(behind.query("code == 'fear_retaliation'")["polarity"]) == {"absent"}
    assert set(behind.query("code == 'freedom_of_expression'")["polarity"]) == {"present"}


def test_a_typical_quote_may_be_printed_and_is_of_the_last_round(full_study, display):
    row = display.frame.query("construct == 'openness' and group == 'worker'").iloc[0]
    found = [t for t in full_study.corpus if row["quote"] in t.text and t.group == "worker" and t.round == "R3"]
    assert found
    assert all(t.consent_quotes != "none" for t in found)
    assert row["attribution"].startswith("(Workers")
    assert (
        display.compact().loc[("Openness at work", "Workers"), "typical quote"]
        == f"{row['quote']} {row['attribution']}"
    )


def test_at_a_site_people_are_the_units_and_the_error_is_welch_s(full_study, display):
    row = display.at_sites().frame.query("construct == 'productivity' and group == 'worker' and site == 'F03'").iloc[0]
    values = []
    for wave in full_study.surveys:
        answers = wave.item_frame("pr1").query("group == 'worker' and site == 'F03'")
        if wave.round in ("R2", "R3"):
            values.append(answers["value"].dropna())
    second = np.repeat([0, 1], [len(values[0]), len(values[1])])
    everybody = np.concatenate(values)
    alone = cluster_robust(everybody, np.eye(2)[second], range(len(second)), contrast=[-1, 1])
    welch = stats.ttest_ind(values[1], values[0], equal_var=False)
    assert alone.error == pytest.approx(row["survey_change"] / welch.statistic)
    assert (row["survey_low"], row["survey_high"]) == pytest.approx((alone.low, alone.high))
    assert row["respondents"] == len(values[0]) + len(values[1])


def test_sites_have_verdicts_by_the_same_rule_and_few_people_are_silent(display):
    sites = display.at_sites()
    assert set(sites.frame.query("group == 'manager'")["verdict"]) == {"silent"}
    open_sites = sites.frame.query("construct == 'openness' and group == 'worker'").set_index("site")
    assert open_sites.loc["F04", "verdict"] == "confirm"
    assert open_sites.loc["F06", "reason"] == "the interviews have too little to say"
    assert "says nothing of other sites" in sites.method


def test_quotes_can_be_those_of_one_site(display):
    behind = display.quotes("openness", "worker", round="R2", site="F03")
    assert set(behind["sites"]) == {"F03"}
    with pytest.raises(UnknownName, match="unknown side 'pro'"):
        display.quotes("openness", "worker", round="R2", side="pro")
