from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.analysis.timeline import NoTimeline
from bwa_study.model.errors import SeveralCoders, UnknownName


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def test_events_of_a_site_come_in_order_of_time(matrix):
    table = bwa.timeline(matrix, codes=[]).frame
    assert table.loc[table["site"] == "F10", ["start", "name"]].values.tolist() == [
        ["2019-11-15", "training"],
        ["2020-02-10", "covid"],
        ["2020-12-15", "client_withdrawal"],
        ["2021-02-01", "order_shock"],
    ]


def test_statements_are_the_shares_of_the_site_and_round(matrix):
    table = bwa.timeline(matrix, codes=["covid"]).frame
    shares = bwa.frequency(matrix, by=("site", "round"), polarity=("mentioned",))
    for row in table[table["kind"] == "statement"].to_dict("records"):
        cell = shares.cell("covid", polarity="mentioned", site=row["site"], round=row["round"])
        assert (row["n"], row["denominator"]) == (cell["n"], cell["denominator"])


def test_numbers_of_a_round_come_from_the_table_of_sites(matrix):
    table = bwa.timeline(matrix, codes=[], counts=["client_visits"]).frame
    of = table[(table["site"] == "F09") & (table["kind"] == "count")]
    assert of[["round", "name", "n"]].values.tolist() == [
        ["R1", "client_visits", 1],
        ["R2", "client_visits", 3],
        ["R3", "client_visits", 0],
    ]


def test_the_sites_keep_their_declared_order(matrix):
    result = bwa.timeline(matrix, codes=["covid"])
    assert list(dict.fromkeys(result.frame["site"])) == list(result.sites) == [f"F{n:02d}" for n in range(1, 13)]


def test_a_study_without_sites_or_days_says_what_it_needs(matrix, lite_study):
    bare = replace(matrix, study=replace(lite_study, sites=()))
    with pytest.raises(NoTimeline, match="a timeline needs sites, and events or the days of the rounds"):
        bwa.timeline(bare, codes=[])


def test_what_does_not_exist_is_named(matrix):
    with pytest.raises(UnknownName, match="unknown code 'covit', did you mean 'covid'"):
        bwa.timeline(matrix, codes=["covit"])
    with pytest.raises(NoTimeline, match="the table of sites has no field 'visits_<round>'"):
        bwa.timeline(matrix, codes=[], counts=["visits"])


def test_several_coders_are_refused(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])
    with pytest.raises(SeveralCoders):
        bwa.timeline(m, codes=[])
