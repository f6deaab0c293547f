from __future__ import annotations

import bwa_study as bwa
from small_surveys import SURVEY

HEAD = "id,site,group,w,q1,q2,num,o,o2,tongue,sex,may\n"
YAML = (
    SURVEY.replace("weight: w", "weight: w, language: tongue, consent_quotes: may")
    + '  - {id: o2, kind: open, wording: {en: "Why?", zh: 为什么？}, reworded: {R1: {en: "And why?", zh: 那为什么？}}}\n'  # noqa: E501
)


def answers(survey_study, *rows):
    return bwa.load_study(survey_study(HEAD + "\n".join(rows) + "\n", yaml=YAML)).answers.corpus


def test_only_who_wrote_something_has_a_transcript(survey_study):
    corpus = answers(survey_study, "a,F01,worker,1,1,1,1,,,,f,", "b,F01,worker,1,1,1,1,,Pay,,m,")

    assert [t.id for t in corpus] == ["survey-R1-b"]


def test_questions_stand_in_the_respondent_s_language_as_the_round_asked_them(survey_study):
    (one,) = answers(survey_study, "a,F01,worker,1,1,1,1,,工资,zh,f,")

    assert one.language == "zh"
    assert [one.quote(turn.span) for turn in one.turns] == ["那为什么？", "工资"]


def test_further_columns_are_attributes_and_nobody_is_quoted_without_consent(survey_study):
    one, two = answers(survey_study, "a,,worker,1,1,1,1,x,y,,f,anonymous", "b,F02,worker,1,1,1,1,x,,,m,")

    assert dict(one.attributes) == {"source": "survey", "sex": "f"}
    assert (one.consent_quotes, two.consent_quotes) == ("anonymous", "none")
    assert (one.sites, two.sites) == ((), ("F02",))
    assert [turn.number for turn in one.respondent_turns] == [2, 4]
