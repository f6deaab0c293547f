from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.present.answers import answers
from bwa_study.present.figures import CannotDraw
from bwa_study.present.joint_scatter import plot_joint
from bwa_study.present.pair_heatmap import plot_pairs


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def joint(matrix):
    return bwa.joint_display(matrix)


def test_survey_and_interviews_are_counted_by_verdict_and_discord_is_named(joint, lite_study):
    first, *others = answers(10, {"joint_display": joint}, lite_study, "en")
    counts = joint.frame["verdict"].value_counts()
    assert f"discord {counts['discord']}" in first
    row = joint.frame.set_index(["construct", "group"]).loc[("productivity", "worker")]
    survey, said = f"{row['survey_change']:+.2f}", f"{row['coded_change']:+.2f}"
    assert others == [f"At odds on productivity (Workers): the survey changed by {survey}, what is said by {said}."]
    assert "不一致：生产效率（工人）" in answers(10, {"joint_display": joint}, lite_study, "zh")[1]


def test_quotes_are_told_one_a_code_with_their_attribution(matrix, lite_study):
    quotes = bwa.quotes(lite_study, code="fear_retaliation", n=3)
    (line,) = answers(11, {"quotes": quotes}, lite_study, "en")
    row = quotes.frame.iloc[0]
    assert line == f"Fear of retaliation: “{row['quote']}” {row['attribution']}"


def test_links_are_told_with_their_strength_and_the_rivals_once(lite_study):
    table = pd.DataFrame(
        {"claim": ["A leads to B", "B leads to C"], "strength": ["moderate", "weak"], "for": [3, 1], "against": [1, 2],
         "rivals": ["Covid-19: 11 of 12 sites", "Covid-19: 11 of 12 sites"]}
    )  # fmt: skip
    told = answers(12, {"contribution": SimpleNamespace(table=table)}, lite_study, "en")
    assert told == [
        "A leads to B: moderate evidence (3 for, 1 against).",
        "B leads to C: weak evidence (1 for, 2 against).",
        "Rival explanations met at sites: Covid-19: 11 of 12 sites.",
    ]


def test_codings_of_other_versions_are_counted(lite_study):
    first, *others = answers(9, {}, lite_study, "en")
    codings = lite_study.codings.frame
    people = codings[codings["coder_kind"] == "human"]
    now = int((people["codebook_version"] == lite_study.codebook.version).sum())
    assert f"{now:,} of people's codings were made with it" in first
    assert bool(others) == (now < len(people))


def test_a_pair_is_as_dark_as_it_is_frequent_and_says_how_often(matrix):
    result = bwa.cooccurrence(matrix, within="interview", codes=["follow_up", "sustained_attention", "covid"])
    (axes,) = plot_pairs(result).axes
    assert sorted(int(t.get_text()) for t in axes.texts if t.get_text().isdigit()) == sorted(
        result.frame.loc[result.frame["both"] > 0, "both"]
    )


def test_codes_that_never_meet_cannot_be_drawn(matrix):
    result = bwa.cooccurrence(matrix, within="interview", codes=["follow_up", "covid"])
    with pytest.raises(CannotDraw, match="no two codes occur together"):
        plot_pairs(replace(result, table=result.table.assign(both=0)))


def test_a_site_is_a_dot_in_the_panel_of_its_construct(joint):
    figure = plot_joint(joint)
    sites = joint.sites.dropna(subset=["survey_change", "coded_change"])
    for axes in figure.axes:
        construct = next(id for id, label in joint.labels.items() if label == axes.get_title(loc="left"))
        dots = sum(len(c.get_offsets()) for c in axes.collections)
        assert dots == (sites["construct"] == construct).sum()
