from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.analysis.open_answers import NoOpenAnswers
from bwa_study.model.errors import WrongCall

ROWS = "id,site,group,w,q1,q2,num,o\na,F01,worker,1,1,1,1,They follow up.\nb,F01,worker,1,1,1,1,\n"
CODED = """\
id,transcript,start,end,quote,code,polarity,coder,coder_kind,status
00000000-0000-4000-8000-000000000001,survey-R1-a,14,29,They follow up.,follow_up,present,A,human,accepted
00000000-0000-4000-8000-000000000002,R1-F01-W-01,25,29,They,fear,present,A,human,accepted
"""
READ = "coder,transcript,turns\nA,survey-R1-a,all\nA,R1-F01-W-01,all\n"


@pytest.fixture
def study(survey_study):
    return bwa.load_study(survey_study(ROWS, more={"codings/A.csv": CODED, "codings/examined.csv": READ}))


def shares(study, by):
    table = bwa.frequency(bwa.matrix(study, coders=["A"]), by=by, themes=False).frame
    return table[table["polarity"] == "present"].set_index([*by, "code"])[["n", "denominator"]]


def test_interviews_are_counted_alone_by_default(study):
    assert shares(study, ("group",)).loc[("worker", "follow_up")].tolist() == [0, 1]


def test_answers_are_counted_alone_where_they_are_asked_for(study):
    table = shares(bwa.open_answers(study), ("group",))

    assert table.loc[("worker", "follow_up")].tolist() == [1, 1]
    assert table.loc[("worker", "fear")].tolist() == [0, 1]


def test_both_together_are_told_apart_by_source(study):
    table = shares(bwa.open_answers(study, beside_interviews=True), ("source",))

    assert table.loc[("interview", "fear")].tolist() == [1, 1]
    assert table.loc[("survey", "fear")].tolist() == [0, 1]
    assert table.loc[("survey", "follow_up")].tolist() == [1, 1]


def test_both_together_are_never_added_up(study):
    both = bwa.open_answers(study, beside_interviews=True)
    with pytest.raises(WrongCall, match="interviews and answers of the survey are not added up"):
        bwa.frequency(bwa.matrix(both, coders=["A"]), by=("group",))


def test_the_words_behind_a_cell_are_the_answer(study):
    table = bwa.frequency(bwa.matrix(bwa.open_answers(study), coders=["A"]), by=("group",))

    assert table.quotes("follow_up", group="worker")["quote"].tolist() == ["They follow up."]


def test_a_survey_without_open_answers_says_so(survey_study):
    study = bwa.load_study(survey_study(ROWS.replace("They follow up.", "")))
    with pytest.raises(NoOpenAnswers, match="nobody answered an open question"):
        bwa.open_answers(study)


def test_a_table_of_answers_says_what_it_counts(study):
    def sources(of):
        return bwa.matrix(of, coders=["A"]).provenance.get("sources", "")

    assert sources(study) == ""
    assert sources(bwa.open_answers(study)) == "survey"
    assert sources(bwa.open_answers(study, beside_interviews=True)) == "interview, survey"
