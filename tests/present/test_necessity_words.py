from __future__ import annotations

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.present.necessity_words import claim, claims

PLANTED = pd.DataFrame(
    {
        f.id: {"O": f.oversight[2], "P": f.openness[1], "S": float(f.shock), "E": float(f.endures)}
        for f in plan.FACTORIES
    }
).T


@pytest.fixture(scope="module")
def planted():
    return bwa.necessity(bwa.cases_from_scores(PLANTED, outcome="E"), consistency=1, combinations=["O*P", "O + P"])


def test_a_claim_says_its_fit_its_chance_and_what_speaks_against_more(planted):
    assert claim(planted, "O*P") == (
        "O and P together: present in 4 of 4 sites with E (consistency 1.00), relevance .88, exact p = .010. "
        "It holds whichever site is left out (relevance .86 to 1.00). Not sufficient: F05 has it without E."
    )


def test_a_trivial_claim_says_no_more_than_that(planted):
    assert claim(planted, "O + P") == (
        "O or P (either): present in 4 of 4 sites with E (consistency 1.00), relevance .25, exact p = .424. "
        "Trivially necessary: it is true of 10 of 12 sites."
    )


def test_what_is_not_necessary_is_told_with_the_deviant_cases(planted):
    assert claim(planted, "S") == (
        "S: present in 1 of 4 sites with E (consistency .25), relevance .64, exact p = .929. "
        "Not necessary at a cut-off of 1: F01, F02, F04 had E without it."
    )


def test_the_same_in_chinese(planted):
    assert claim(planted, "O*P", "zh") == (
        "O与P同时具备：4 个“E”的地点中有 4 个具备（一致性 1.00），相关度 .88，精确 p = .010。"
        "去掉任何一个地点都成立（相关度 .86 至 1.00）。不是充分条件：F05 具备它却没有“E”。"
    )


def test_the_number_of_cases_is_said_where_some_cannot_be_classified():
    scores = PLANTED.copy()
    scores.loc["F09", "P"] = None
    found = bwa.necessity(bwa.cases_from_scores(scores, outcome="E"), consistency=1)
    assert "Stands on 11 of 12 sites; F09 cannot be classified." in claim(found, "P")
    assert "cannot be classified" not in claim(found, "O")


def test_a_claim_that_hangs_on_one_site_says_so():
    scores = PLANTED.copy()
    scores.loc["F11", "E"] = 1.0
    found = bwa.necessity(bwa.cases_from_scores(scores, outcome="E"), consistency=0.75)
    text = claim(found, "O")
    assert "It does not hold whichever site is left out" not in text
    assert "It does not hold whichever site is left out (consistency down to .75)" in claim(
        bwa.necessity(bwa.cases_from_scores(scores, outcome="E"), consistency=0.8), "O"
    )


def test_informants_and_coding_error_are_told_of_a_study(full_study):
    found, _ = bwa.study_necessity(bwa.cases(bwa.matrix(full_study, coders=["simulated-human-A"])), draws=20)
    text = claim(found, "openness")
    assert "Trivial with other informants: Openness of the factory: Managers (relevance .00)." in text
    assert "Too little evidence to judge it with: Openness of the factory: Brand staff." in text
    assert "Under coding error of the size double coding shows it holds in " in text
    assert "换用其他受访群体则变得平凡：工厂开放度：管理人员（相关度 .00）。" in claim(found, "openness", "zh")
    assert len(claims(found)) == 6
