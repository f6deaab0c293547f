from __future__ import annotations

import math

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.model.errors import WrongCall
from bwa_study.model.patterns import PatternError
from small_study import write_study

BOOK = """\
version: 1
codes:
  - id: listening
    indicators: {en: {present: ["listen*", "they listen", "hear"], absent: ["ignore*"]}}
"""
TEXTS = ("They listen. They ignore us.", "They never listen.", "Listen to me!")


@pytest.fixture
def study(tmp_path):
    rows = tuple((f"t{n}", f"P{n}", "worker", "start", "F01", "full", "", "", text) for n, text in enumerate(TEXTS))
    return bwa.load_study(write_study(tmp_path, codebook=BOOK, interviews=rows))


def coded(study, *given):
    rows = []
    for n, (transcript, words, polarity) in enumerate(given):
        text = study.corpus[transcript].text
        start = text.index(words)
        rows.append(
            (f"c{n}", transcript, start, start + len(words), words, "listening", polarity, "A", "human", "accepted")
        )
    names = ["id", "transcript", "start", "end", "quote", "code", "polarity", "coder", "coder_kind", "status"]
    return study.with_codings(bwa.Codings(pd.DataFrame(rows, columns=names)), examined_whole="A")


def row(report, pattern):
    return report.frame.set_index("indicator").loc[pattern]


def test_hits_precision_recall_and_what_an_indicator_alone_finds(study):
    report = bwa.indicator_report(
        coded(study, ("t0", "They listen.", "present"), ("t2", "Listen", "present")), reference="A"
    )
    assert list(report.frame["indicator"]) == ["ignore*", "listen*", "they listen", "hear"]
    listen = row(report, "listen*")
    assert listen[["hits", "interviews", "right", "found", "reference", "alone"]].tolist() == [3, 3, 2, 2, 2, 1]
    assert (listen["precision"], listen["recall"]) == (2 / 3, 1.0)
    assert listen[["overlaps", "shared"]].tolist() == ["they listen", 1]
    assert row(report, "they listen")[["hits", "right", "alone", "shared"]].tolist() == [1, 1, 0, 1]


def test_a_negated_hit_counts_for_the_other_polarity(study):
    report = bwa.indicator_report(coded(study, ("t1", "They never listen.", "absent")), reference="A")
    assert row(report, "listen*")[["hits", "right", "found", "recall"]].tolist()[:3] == [3, 1, 1]


def test_an_indicator_that_never_fired_is_listed_and_has_no_precision(study):
    report = bwa.indicator_report(coded(study, ("t0", "They listen.", "present")), reference="A")
    assert report.never_fired["indicator"].tolist() == ["hear"]
    assert math.isnan(row(report, "hear")["precision"])
    assert "1 of 4 indicators never fired" in report.method


def test_without_codings_of_a_polarity_recall_is_undefined(study):
    report = bwa.indicator_report(coded(study, ("t0", "They listen.", "present")), reference="A")
    assert math.isnan(row(report, "ignore*")["recall"])


def test_a_reference_without_codings_is_refused(study):
    with pytest.raises(bwa.BwaError, match="coder 'B'"):
        bwa.indicator_report(study, reference="B")


def test_a_trial_shows_the_words_around_every_hit_by_group(study):
    trial = bwa.try_indicator(study, "listen*", width=6)
    assert trial.compact().to_numpy().tolist() == [
        ["worker", "start", "t0", "They ", "listen", "."],
        ["worker", "start", "t1", "never ", "listen", "."],
        ["worker", "start", "t2", "", "Listen", " to me"],
    ]
    assert trial.by_group.to_numpy().tolist() == [["worker", 3, 3]]
    assert trial.frame["negated"].tolist() == [False, True, False]


def test_a_trial_without_hits_is_an_empty_table(study):
    trial = bwa.try_indicator(study, "跟进")
    assert (len(trial.frame), len(trial.by_group)) == (0, 0)
    assert trial.method == "0 sentences of respondents in 0 of 3 interviews."


def test_the_command_shows_hits_and_refuses_a_regular_expression(study, tmp_path, capsys):
    from bwa_study.cli import main

    with pytest.raises(SystemExit) as end:
        main(["codebook", "try", str(tmp_path), "listen*"])
    out = capsys.readouterr().out
    assert end.value.code == 0
    assert out.splitlines()[0] == "worker: 3 sentences in 3 interviews"
    assert "  t1: They never [listen]." in out
    with pytest.raises(SystemExit) as end:
        main(["codebook", "try", str(tmp_path), "(a+)+$"])
    assert end.value.code == 2
    assert "no regular expressions" in capsys.readouterr().err


def test_a_lemma_is_tried_as_a_codebook_would_read_it(study):
    assert bwa.try_indicator(study, "~listening").compact()["match"].tolist() == ["listen", "listen", "Listen"]


def test_a_token_pattern_is_tried_on_all_sentences_or_those_near_a_pattern(study):
    tokens = [{"LOWER": "they"}, {"OP": "?"}, {"LOWER": "listen"}]
    trial = bwa.try_indicator(study, tokens, width=8)
    assert trial.compact().to_numpy().tolist() == [
        ["worker", "start", "t0", "", "They listen", "."],
        ["worker", "start", "t1", "", "They never listen", "."],
    ]
    assert trial.by_group.to_numpy().tolist() == [["worker", 2, 2]]
    assert bwa.try_indicator(study, tokens, near="never").compact()["transcript"].tolist() == ["t1"]
    assert trial.title == """Where '[{"LOWER": "they"}, {"OP": "?"}, {"LOWER": "listen"}]' fires"""


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ([{"LOWR": "they"}], r"unknown attribute 'LOWR', did you mean 'LOWER'\?"),
        ([{"LOWER": "They"}, {"TEXT": {"REGEX": "(a+)+b"}}], "LOWER is never 'They'; 'REGEX' is a regular expression"),
        ([{"POS": "VERB"}], "POS needs a trained pipeline"),
        ([{"RIGHT_ID": "verb", "RIGHT_ATTRS": {"LOWER": "came"}}], "a dependency pattern needs a parser"),
        ([], r"pattern '\[\]': this is no list of tokens"),
        (["they"], "this is no list of tokens"),
    ],
)
def test_a_token_pattern_that_a_codebook_would_refuse_is_refused(study, tokens, message):
    with pytest.raises(PatternError, match=message):
        bwa.try_indicator(study, tokens)


def test_near_is_refused_for_a_plain_pattern(study):
    with pytest.raises(WrongCall, match="near is for patterns of spaCy's"):
        bwa.try_indicator(study, "listen*", near="they")


def test_the_command_tries_a_pattern_of_spacy_s_written_as_in_a_codebook(study, tmp_path, capsys):
    from bwa_study.cli import main

    for pattern, code, told in [
        ("[{LOWER: they}, {LOWER: listen}]", 0, "worker: 1 sentences in 1 interviews\n  t0: [They listen]."),
        ("[{LOWR: they}]", 2, "unknown attribute 'LOWR'"),
        ("[{LOWER: they}", 2, "PATTERN:1:"),
    ]:
        with pytest.raises(SystemExit) as end:
            main(["codebook", "try", str(tmp_path), pattern])
        said = capsys.readouterr()
        assert end.value.code == code
        assert told in said.out + said.err
