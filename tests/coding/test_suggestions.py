from __future__ import annotations

import math

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.coding.suggestions import log_odds
from small_study import write_study

BOOK = 'version: 1\ncodes: [{id: c, indicators: {en: {present: ["came back"]}}}]\n'
TEXTS = ("They came back.", "They dropped by.", "He dropped by today.", "The food is good.", "The pay is low today.")
CODED = (0, 1, 2)


@pytest.fixture
def study(tmp_path):
    rows = tuple((f"t{n}", f"P{n}", "worker", "start", "F01", "full", "", "", text) for n, text in enumerate(TEXTS))
    loaded = bwa.load_study(write_study(tmp_path, codebook=BOOK, interviews=rows))
    made = []
    for n in CODED:
        start = loaded.corpus[f"t{n}"].text.index(TEXTS[n])
        made.append((f"c{n}", f"t{n}", start, start + 5, TEXTS[n][:5], "c", "present", "A", "human", "accepted"))
    names = ["id", "transcript", "start", "end", "quote", "code", "polarity", "coder", "coder_kind", "status"]
    return loaded.with_codings(bwa.Codings(pd.DataFrame(made, columns=names)), examined_whole="A")


def test_a_phrase_of_codings_that_no_indicator_finds_is_suggested(study):
    found = bwa.suggest_phrases(study, "c", reference="A").frame
    assert set(found["phrase"]) == {"dropped", "by", "dropped by"}
    row = found.set_index("phrase").loc["dropped by"]
    assert row[["coded", "missed", "elsewhere"]].tolist() == [2, 2, 0]
    assert row["z"] > 0


def test_phrases_of_sentences_that_an_indicator_finds_are_not_missed(study):
    assert "came back" not in set(bwa.suggest_phrases(study, "c", reference="A").frame["phrase"])


def test_the_log_odds_are_those_of_the_formula():
    a = 500 * (8 + 2) / (100 + 300)
    inside, outside = math.log((8 + a) / (100 + 500 - 8 - a)), math.log((2 + a) / (300 + 500 - 2 - a))
    expected = inside - outside, (inside - outside) / math.sqrt(1 / (8 + a) + 1 / (2 + a))
    assert log_odds(8, 100, 2, 300, prior=500) == pytest.approx(expected)


def test_swapping_the_sides_turns_the_sign():
    one, other = log_odds(8, 100, 2, 300), log_odds(2, 300, 8, 100)
    assert one == pytest.approx((-other[0], -other[1]))


def test_an_unknown_polarity_or_code_is_refused(study):
    with pytest.raises(bwa.BwaError, match="polarity 'maybe'"):
        bwa.suggest_phrases(study, "c", reference="A", polarity="maybe")
    with pytest.raises(bwa.BwaError, match="code 'd'"):
        bwa.suggest_phrases(study, "d", reference="A")
