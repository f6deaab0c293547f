"""Surveys that others made, as they came: weights and odd headers, a panel of seven waves, sentences as headers."""

from __future__ import annotations

from pathlib import Path

import pytest

import bwa_study as bwa

DATA = Path(__file__).parent / "data" / "surveys"
CODEBOOK = 'version: "1.0"\ncodes: [{id: place, label: Where it runs, indicators: {en: {present: ["environment*"]}}}]\n'
MANIFEST = "interview_id,participant_id,group,round,language,consent,transcript_file\n"
STUDY = "id: real\ntitle: Real\nsurveys: survey.yaml\ninterviews: interviews.csv\ngroups: {groups}\nrounds: {rounds}\n"
MEN = """\
keys: {respondent: "#1", weight: weight}
waves: [{file: masculinity.csv, round: R1, group: man}]
scale: {levels: [Not at all masculine, Not very masculine, Somewhat masculine, Very masculine]}
items: [{id: masculine, kind: choice, column: q0001, scale: how}, {id: masculine_mean, column: q0001, scale: silent}]
scales:
  how: {levels: [Not at all masculine, Not very masculine, Somewhat masculine, Very masculine, No answer]}
  silent:
    levels: [Not at all masculine, Not very masculine, Somewhat masculine, Very masculine]
    refused: No answer
"""
WAGES = """\
keys: {respondent: id, round: t, group: fem}
recode: {group: {"0": man, "1": woman}}
waves: [{file: wages.csv}]
items: [{id: weeks, column: wks, kind: number}]
"""
DEVELOPERS = """\
waves: [{file: developers.tsv, round: R1, group: developer}]
scale: {levels: [Strongly disagree, Disagree, Agree, Strongly agree]}
items:
  - {id: reliability, column: "#1", construct: impact}
  - {id: efficiency, column: "#2", construct: impact}
  - {id: productivity, column: "#3", construct: impact}
  - {id: confidence, column: "#4", construct: impact}
  - {id: causes, column: "#5", kind: open}
  - {id: anything, column: "#6", kind: open}
"""


def load(folder: Path, file: str, yaml: str, groups: str, rounds: str) -> bwa.Study:
    (folder / "study.yaml").write_text(STUDY.format(groups=groups, rounds=rounds), encoding="utf-8")
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "interviews.csv").write_text(MANIFEST, encoding="utf-8")
    (folder / "survey.yaml").write_text(yaml, encoding="utf-8")
    (folder / file).write_bytes((DATA / file).read_bytes())
    return bwa.load_study(folder)


def test_the_weighted_shares_are_those_the_authors_published(tmp_path):
    study = load(tmp_path, "masculinity.csv", MEN, "[{id: man}]", "[{id: R1}]")
    spread = bwa.survey_items(study, by=()).spread.query("item == 'masculine'")

    assert spread["n"].sum() == 1615
    published = {"Very masculine": 37, "Somewhat masculine": 46, "Not very masculine": 11,
                 "Not at all masculine": 5, "No answer": 1}  # fmt: skip
    assert {
        level: round(100 * share) for level, share in zip(spread["level"], spread["share"], strict=True)
    } == published
    row = bwa.survey_items(study, by=()).cell("masculine_mean")
    assert (row["asked"], row["answered"], row["refused"]) == (1615, 1601, 14)
    assert row["mean"] == pytest.approx(3.168394, abs=1e-6)


def test_595_workers_are_linked_over_seven_waves(tmp_path):
    rounds = "[" + ", ".join(f'{{id: "{n}"}}' for n in range(1, 8)) + "]"
    study = load(tmp_path, "wages.csv", WAGES, "[{id: man}, {id: woman}]", rounds)
    found = bwa.panel(study)

    assert [len(wave) for wave in study.surveys] == [595] * 7
    assert found.people["rounds"].tolist() == [7] * 595
    assert found.frame.query("group == ''")["stayed"].tolist() == [595] * 6
    assert found.balance.empty


def test_open_answers_of_a_form_with_sentences_as_headers_are_units(tmp_path):
    study = load(tmp_path, "developers.tsv", DEVELOPERS, "[{id: developer}]", "[{id: R1}]")
    answers = bwa.open_answers(study)
    coded = answers.with_codings(bwa.apply_codebook(answers.corpus, answers.codebook), examined_whole="indicators")
    cell = bwa.frequency(bwa.matrix(coded, coders=["indicators"]), by=("group",)).cell("place", group="developer")

    assert len(study.surveys[0]) == 40
    assert study.surveys[0]["causes"].wording.text("en").startswith("Have you encountered any other causes of flaky")
    assert (len(answers.corpus), sum(len(t.respondent_turns) for t in answers.corpus)) == (22, 27)
    assert (cell["n"], cell["denominator"]) == (5, 22)
