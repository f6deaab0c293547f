from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.analysis.linearised import mean_difference, weighted_mean, weighted_share

GOLD = Path(__file__).parents[1] / "data" / "gold" / "survey_api_clusters"
API = pd.read_csv(GOLD / "data.csv")
EXPECTED = json.loads((GOLD / "expected.json").read_text(encoding="utf-8"))["R_survey"]
answers = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from("abc"), st.integers(1, 3)), min_size=4, max_size=20
).filter(lambda rows: len({cluster for _, cluster, _ in rows}) > 1)


def test_the_cluster_sample_of_schools_gives_what_r_survey_gives():
    found = weighted_mean(API["api00"], weights=API["pw"], clusters=API["dnum"])

    assert found.value == pytest.approx(EXPECTED["mean_api00"], abs=1e-9)
    assert found.se == pytest.approx(EXPECTED["se_api00"], abs=1e-9)
    assert (found.low, found.high) == pytest.approx((EXPECTED["t_low"], EXPECTED["t_high"]), abs=1e-6)
    assert (found.n, found.clusters) == (183, 15)


@pytest.mark.parametrize("county", EXPECTED["domains_cname"])
def test_a_part_of_the_sample_keeps_the_clusters_of_the_whole(county):
    part = API[API["cname"] == county]
    found = weighted_mean(part["api00"], weights=part["pw"], clusters=part["dnum"], n_clusters=15)

    assert (found.value, found.se) == pytest.approx(EXPECTED["domains_cname"][county], abs=1e-9)


def test_a_share_gives_what_r_survey_gives():
    found = weighted_share((API["stype"] == "E").astype(float), weights=API["pw"], clusters=API["dnum"])

    assert (found.value, found.se) == pytest.approx((EXPECTED["share_stype_E"], EXPECTED["se_stype_E"]), abs=1e-9)
    assert 0 < found.low < found.value < found.high < 1


def test_without_weights_and_clusters_it_is_the_textbook_s_standard_error():
    y = np.array([2.0, 3, 5, 5, 1])
    found = weighted_mean(y)

    assert found.value == pytest.approx(3.2)
    assert found.se == pytest.approx(y.std(ddof=1) / math.sqrt(5))
    assert found.high - found.value == pytest.approx(2.7764451052 * found.se)


@given(answers)
def test_a_weight_of_two_is_the_answer_given_twice_in_its_cluster(rows):
    y, clusters, w = zip(*rows, strict=True)
    found = weighted_mean(y, weights=w, clusters=clusters)
    again = weighted_mean(np.repeat(y, w), clusters=np.repeat(clusters, w))

    assert (found.value, found.se) == pytest.approx((again.value, again.se))


@given(answers, st.floats(0.1, 10))
def test_the_unit_of_the_weights_changes_nothing(rows, factor):
    y, clusters, w = zip(*rows, strict=True)
    found = weighted_mean(y, weights=w, clusters=clusters)
    again = weighted_mean(y, weights=np.array(w) * factor, clusters=clusters)

    assert (found.value, found.se) == pytest.approx((again.value, again.se))


def test_one_cluster_says_nothing_of_how_clusters_differ():
    found = weighted_mean([1, 2, 3], clusters=["a", "a", "a"])

    assert (found.value, found.reason) == (2.0, "all answers are of one cluster")
    assert math.isnan(found.se)
    assert math.isnan(found.low)


def test_no_answers_and_one_answer_have_their_reasons():
    assert weighted_mean([]).reason == "no answers"
    assert weighted_mean([3]).reason == "one answer"


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_none_or_all_has_no_interval(value):
    found = weighted_share([value] * 5)

    assert (found.value, found.reason) == (value, "every answer is the same")
    assert math.isnan(found.low)


@pytest.mark.parametrize("weight", [0, -1, math.nan])
def test_a_weight_must_be_above_0(weight):
    with pytest.raises(ValueError, match="a weight is not above 0"):
        weighted_mean([1, 2], weights=[1, weight])


def test_the_same_people_twice_give_the_paired_standard_error():
    before, after = np.array([1.0, 2, 4, 3]), np.array([2.0, 2, 5, 5])
    people = ["a", "b", "c", "d"]
    found = mean_difference(before, after, clusters=(people, people))
    gain = after - before

    assert found.value == pytest.approx(gain.mean())
    assert found.se == pytest.approx(gain.std(ddof=1) / 2)
    assert found.clusters == 4


def test_other_people_give_nearly_the_two_sample_standard_error():
    before, after = np.arange(40.0), np.arange(40.0) * 1.5
    found = mean_difference(before, after)

    expected = math.sqrt(before.var(ddof=1) / 40 + after.var(ddof=1) / 40)
    assert found.se == pytest.approx(expected * math.sqrt((39 / 40) * (80 / 79)))


def test_a_round_without_answers_has_no_difference():
    found = mean_difference([], [1, 2])

    assert math.isnan(found.value)
    assert found.reason == "no answers in one of the rounds"
