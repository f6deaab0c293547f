from __future__ import annotations

import csv
import os
import re
import shutil
import time

import pytest

import bwa_study as bwa
from bwa_study.model.errors import CodebookError, UnknownName
from bwa_study.present.propose import propose_codings, watch_codebook
from small_study import CODEBOOK, INTERVIEWS, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("propose") / "study")


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_proposals_are_written_with_their_words_and_their_indicator(study, tmp_path):
    line = propose_codings(study, tmp_path / "p.csv")
    assert line == f"{tmp_path}/p.csv: 7 proposals for 6 interviews, by small-book 2.1.0"
    rows = rows_of(tmp_path / "p.csv")
    assert len(rows) == 7
    assert {(r["coder"], r["coder_kind"], r["status"]) for r in rows} == {("indicators", "indicator", "proposed")}
    first = rows[0]
    assert (first["transcript"], first["code"], first["polarity"]) == ("s-w-1", "listening", "absent")
    assert (first["quote"], first["indicator"]) == ("They ignore us, and I am afraid.", "en:absent:ignore*")


def test_the_table_can_be_put_into_the_study_and_read_back(study, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(study, folder)
    propose_codings(folder, folder / "codings" / "indicators.csv")
    back = bwa.load_study(folder)
    expected = bwa.apply_codebook(back.corpus, back.codebook).frame
    assert back.codings.frame["id"].tolist() == expected["id"].tolist()
    assert back.codings.frame["quote"].tolist() == expected["quote"].tolist()


def test_words_that_begin_like_a_formula_stand_exactly_as_they_were_said(tmp_path):
    interviews = (("x", "P1", "worker", "start", "F01", "full", "", "", "=1+1 is how they listen."),)
    folder = write_study(tmp_path / "study", interviews=interviews)
    propose_codings(folder, folder / "codings" / "indicators.csv")
    assert rows_of(folder / "codings" / "indicators.csv")[0]["quote"] == "=1+1 is how they listen."
    assert len(bwa.load_study(folder).codings) == 1


def test_withdrawn_interviews_get_no_proposals(study, tmp_path):
    propose_codings(study, tmp_path / "p.csv")
    text = (tmp_path / "p.csv").read_text(encoding="utf-8")
    assert [word for word in ("gone-1", "crimson") if word in text] == []
    assert sum(bool(row[6]) for row in INTERVIEWS) == 1


def test_another_codebook_can_be_tried(study, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(CODEBOOK.replace("small-book", "other-book").replace("afraid", "weather"), encoding="utf-8")
    line = propose_codings(study, tmp_path / "p.csv", codebook=other)
    assert line.endswith("by other-book 2.1.0")
    assert [r["transcript"] for r in rows_of(tmp_path / "p.csv") if r["code"] == "fear"] == ["s-w-2"]


def test_a_broken_codebook_stops_it_and_nothing_is_written(study, tmp_path):
    (tmp_path / "bad.yaml").write_text("id: x\nversion: '1.0.0'\ncods: []\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"bad\.yaml:3:1: unknown field 'cods', did you mean 'codes'"):
        propose_codings(study, tmp_path / "p.csv", codebook=tmp_path / "bad.yaml")
    assert not (tmp_path / "p.csv").exists()


def test_only_csv_is_written(study, tmp_path):
    with pytest.raises(UnknownName, match=r"unknown kind of codings table '\.xlsx' — known: \.csv"):
        propose_codings(study, tmp_path / "p.xlsx")


def test_open_answers_of_the_survey_get_proposals_of_their_own(survey_study, tmp_path):
    rows = "id,site,group,w,q1,q2,num,o\na,F01,worker,1,1,1,1,They come back.\n"
    folder = survey_study(rows)
    book = 'id: book\nversion: "1.0"\ncodes: [{id: follow_up, label: F, indicators: {en: {present: ["come back"]}}}]\n'
    (folder / "codebook.yaml").write_text(book, encoding="utf-8")
    line = propose_codings(folder, tmp_path / "p.csv", answers=True)

    assert line == f"{tmp_path}/p.csv: 1 proposals for 1 respondents, by book 1.0"
    assert [(r["transcript"], r["quote"]) for r in rows_of(tmp_path / "p.csv")] == [("survey-R1-a", "They come back.")]


def test_watching_codes_again_when_the_codebook_is_saved_and_survives_a_broken_one(tmp_path):
    folder = write_study(tmp_path / "s")
    book, out, said = folder / "codebook.yaml", tmp_path / "out.csv", []

    def change(line):
        said.append(line)
        if len(said) == 1:
            book.write_text("version: [", encoding="utf-8")
        elif len(said) == 2:
            book.write_text(CODEBOOK.replace('"listen*"', '"listen*", "fine"'), encoding="utf-8")
        os.utime(book, ns=(0, len(said)))

    watch_codebook(folder, out, book, change, rounds=3)
    assert "proposals in" in said[0]
    assert said[1].startswith(f"{book}:1:")
    counts = [int(re.search(r"(\d+) proposals", line)[1]) for line in (said[0], said[2])]
    assert counts[1] == counts[0] + 1
    assert len(bwa.load_codings(out)) == counts[1]


REDOS = ["(a+)+$", "(\\w+\\s?)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}", "([^x]*x?)*y"]
WITH_REDOS = CODEBOOK.replace('["afraid"]', "[afraid, '" + "', '".join(REDOS) + "']")


def test_bad_indicators_are_named_and_counted_and_the_rest_is_coded(tmp_path):
    folder, out = write_study(tmp_path / "s", codebook=WITH_REDOS), tmp_path / "p.csv"
    *left_out, done = propose_codings(folder, out, bad_indicators="leave out").split("\n")

    assert [line.split(": warning: ")[1].split("'")[3] for line in left_out] == REDOS
    assert all(line.startswith(f"{folder}/codebook.yaml:16:") for line in left_out)
    assert done == f"{out}: 7 proposals for 6 interviews, by small-book 2.1.0; 5 of 9 indicators left out"
    assert len(rows_of(out)) == 7


def test_another_codebook_may_have_bad_indicators_too(study, tmp_path):
    (tmp_path / "other.yaml").write_text(WITH_REDOS.replace("small-book", "other"), encoding="utf-8")
    said = propose_codings(study, tmp_path / "p.csv", codebook=tmp_path / "other.yaml", bad_indicators="leave out")

    assert said.endswith("by other 2.1.0; 5 of 9 indicators left out")


def test_watching_leaves_out_a_pattern_half_typed_and_codes_it_when_it_is_whole(tmp_path):
    folder = write_study(tmp_path / "s")
    book, out, said = folder / "codebook.yaml", tmp_path / "out.csv", []

    def change(line):
        said.append(line)
        typed = '"listen*", "(fine"' if len(said) == 1 else '"listen*", "(fine|good)"'
        book.write_text(CODEBOOK.replace('"listen*"', typed), encoding="utf-8")
        os.utime(book, ns=(0, len(said)))

    watch_codebook(folder, out, book, change, rounds=3)
    assert [line.count("\n") for line in said] == [0, 1, 0]
    assert "pattern '(fine'" in said[1]
    assert said[1].endswith(" s; 1 of 5 indicators left out")
    assert ["7 proposals" in said[1], "8 proposals" in said[2]] == [True, True]


@pytest.mark.parametrize("text", [*REDOS, "a" * 25_000 + "!", " ".join(REDOS * 500)])
def test_no_text_takes_long_to_code(tmp_path, text):
    interviews = (("x", "P1", "worker", "start", "F01", "full", "", "", text),)
    folder = write_study(tmp_path / "s", codebook=WITH_REDOS, interviews=interviews)
    study = bwa.load_study(folder, bad_indicators="leave out")
    began = time.perf_counter()
    bwa.apply_codebook(study.corpus, study.codebook)

    assert time.perf_counter() - began < 1
    assert len(study.codebook.left_out) == 5
