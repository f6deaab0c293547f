from __future__ import annotations

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.present.printed import printed
from bwa_study.present.read_frame import read_frame


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def test_codes_and_groups_are_read_by_their_labels(matrix):
    frame = read_frame(bwa.divergence(matrix, round="R2", codes=["covid", "follow_up"]))
    assert frame.index.tolist() == ["Follow-up by the client", "Covid-19"][::-1]
    assert frame.columns.tolist()[:3] == ["Brand staff", "Managers", "Workers"]


def test_labels_come_in_the_language_asked_for(matrix):
    frame = read_frame(bwa.triangulate(matrix, rounds=["R1"], codes=["covid"]), "zh")
    assert frame.columns.tolist() == [matrix.study.label("code", "covid", "zh")]
    assert frame.columns.name == "code"


def test_every_level_of_an_index_has_its_labels(matrix):
    frame = read_frame(bwa.compare(matrix, between="round", levels=["R1", "R2"], within=["group"], codes=["covid"]))
    assert frame.index.tolist() == [("Brand staff", "Covid-19"), ("Managers", "Covid-19"), ("Workers", "Covid-19")]


def test_pairs_of_codes_have_both_labels(matrix):
    frame = read_frame(bwa.cooccurrence(matrix, within="interview", codes=["covid", "order_volume"]))
    assert frame.index.tolist() == [("Covid-19", "Order volume and lead time")]


def test_a_result_without_a_study_stays_as_it_is():
    table = pd.DataFrame({"code": ["covid"], "n": [1]})
    result = bwa.Result(table=table, title="t", method="m")
    assert read_frame(result).equals(table)


def test_a_table_of_counts_is_not_cut(lite_study):
    (page,) = printed(bwa.sample_table(lite_study))
    assert page.columns == 18
