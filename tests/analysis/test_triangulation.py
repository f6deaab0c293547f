from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.analysis.evidence import Said
from bwa_study.analysis.triangulation import VERDICTS, sign, verdict
from bwa_study.model.errors import UnknownName, WrongCall


@pytest.fixture(scope="module")
def matrix(full_study):
    return bwa.matrix(full_study, coders=["simulated-human-A"])


@pytest.fixture(scope="module")
def table(matrix):
    return bwa.triangulate(matrix)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(0, 0, 0, 0), "not visited"),
        (Said(3, 0, 0, 0), "x"),
        (Said(3, 3, 0, 0), "."),
        (Said(3, 3, 1, 0), "+"),
        (Said(3, 3, 0, 2), "-"),
        (Said(6, 6, 4, 2), "+/-"),
        (Said(6, 6, 5, 2), "+"),
        (Said(6, 6, 1, 3), "-"),
    ],
)
def test_the_sign_of_a_group(said, expected):
    assert sign(said, 2.0) == expected


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (("+", "+", "+"), "agree"),
        (("-", "-", "."), "agree"),
        (("+", "+", "-"), "contradict"),
        (("+", "+/-", "."), "partly"),
        (("+/-", "+/-", "+/-"), "partly"),
        (("+", ".", "."), "partly"),
        ((".", ".", "x"), "silent"),
        (("x", "x", "not visited"), "not asked"),
        (("not visited",) * 3, "not visited"),
    ],
)
def test_the_verdict_over_groups(signs, expected):
    assert verdict(dict(zip("abc", signs, strict=True))) == expected


def test_the_site_that_was_not_visited_is_never_silent(table):
    found = table.frame.query("site == 'F06' and round == 'R1'")
    assert set(found["worker"]) == {"not visited"}


def test_a_code_that_was_not_asked_is_said_so(table):
    assert set(table.frame.query("code == 'change_endures' and round != 'R3'")["verdict"]) == {"not asked"}
    assert set(table.frame["verdict"]) <= set(VERDICTS)


def test_staged_compliance_shows_as_managers_against_workers(table):
    # F07: oversight, but the factory is staged; managers tell a brighter story than workers.
    assert table.verdict("F07", "R2", "freedom_of_expression") == "contradict"


def test_every_cell_has_as_many_interviews_behind_it_as_it_counts(table):
    for row in table.frame.query("round == 'R2' and site in ('F01', 'F06', 'F09')").to_dict("records"):
        for group in table.groups:
            for polarity in ("present", "absent"):
                found = table.quotes(row["site"], row["code"], round="R2", group=group, polarity=polarity)
                assert found["transcript"].nunique() == row[f"{group}_{polarity}"]


def test_sentences_stand_side_by_side_with_their_sign_and_consent(table):
    shown = table.side_by_side("F01", "follow_up", round="R1")
    assert list(shown.columns) == [f"{g}{more}" for g in table.groups for more in ("", "_translation")]
    said = [text for group in table.groups for text in shown[group] if text]
    assert all(text[:2] in ("+ ", "- ") for text in said)
    quotes = table.quotes("F01", "follow_up", round="R1")
    assert sum(text.endswith("(no consent to quote)") for text in said) == (quotes["consent_quotes"] == "none").sum()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rounds": ["R7"]}, UnknownName, "unknown round 'R7'"),
        ({"codes": ["folow_up"]}, UnknownName, "did you mean 'follow_up'"),
        ({"majority": 0.5}, WrongCall, r"a majority of 0\.5 to 1 is none"),
    ],
)
def test_what_does_not_exist_is_named(matrix, options, error, message):
    with pytest.raises(error, match=message):
        bwa.triangulate(matrix, **options)


def test_translations_stand_beside_the_words_they_translate(table, full_study):
    shown = table.side_by_side("F01", "follow_up", round="R2")
    quotes = table.quotes("F01", "follow_up", round="R2", group="worker")
    allowed = quotes["translation"].where(quotes["consent_quotes"] != "none", "")
    assert shown["worker_translation"].tolist()[: len(quotes)] == allowed.tolist()
    assert full_study.corpus[quotes["transcript"].iloc[0]].group == "worker"
