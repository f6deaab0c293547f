from __future__ import annotations

import dataclasses
import math

import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.demo.dice import Dice
from bwa_study.demo.interviews import NOTICE, _is_said, interview
from bwa_study.demo.plan import FACTORIES, expit, logit
from bwa_study.demo.roster import visits
from bwa_study.demo.speech import load_speech

CODEBOOK = bwa.load_codebook(bwa.demo_codebook_path())
VISITS = {v.id: v for v in visits(1, "full")}


def made(id, seed=1):
    return interview(VISITS[id], load_speech(), CODEBOOK, seed)


def share_said(visit, code, polarity, *, draws=6000, **person):
    visit = dataclasses.replace(visit, person=dataclasses.replace(visit.person, **person))
    dice = Dice(1, f"{code} {polarity} {person}")
    said = sum(_is_said(dice, visit, visit.factories[0], code, polarity, 0.0) for _ in range(draws))
    return said / draws, draws


def within(found, p, draws):
    return abs(found - p) < 4 * math.sqrt(p * (1 - p) / draws)


CLOSED_WORKER = VISITS["R2-F07-W-01"]


def test_women_speak_more_of_fear_by_half_a_logit():
    woman, n = share_said(CLOSED_WORKER, "fear_retaliation", "present", gender="f")
    man, _ = share_said(CLOSED_WORKER, "fear_retaliation", "present", gender="m")
    assert within(man, 0.50, n)
    assert within(woman, expit(logit(0.50) + 0.5), n)


def test_women_do_not_deny_fear_more_often():
    woman, n = share_said(CLOSED_WORKER, "fear_retaliation", "absent", gender="f")
    assert within(woman, 0.05, n)


def test_committee_members_speak_more_of_involvement_by_seven_tenths_of_a_logit():
    member, n = share_said(CLOSED_WORKER, "worker_involvement", "present", committee=True)
    other, _ = share_said(CLOSED_WORKER, "worker_involvement", "present", committee=False)
    assert within(other, 0.12, n)
    assert within(member, expit(logit(0.12) + 0.7), n)


def test_neither_effect_touches_another_code_or_group():
    manager = VISITS["R2-F07-M-01"]
    found, n = share_said(manager, "fear_retaliation", "present", gender="f")
    assert within(found, 0.10, n)
    found, n = share_said(CLOSED_WORKER, "freedom_of_expression", "present", gender="f", committee=True)
    assert within(found, 0.12, n)


@pytest.mark.parametrize("id", ["R1-B1-B-01", "R2-F05-W-02", "R3-F01-M-01", "R1-F07-W-02", "R2-F03-W-02"])
def test_every_statement_stands_where_it_says_and_is_one_of_the_written_ones(id):
    one, speech = made(id), load_speech()
    language, group = one.visit.person.language, one.visit.group
    assert one.statements
    for s in one.statements:
        assert one.text[s.start : s.end] in speech.statements[s.code, group, language, s.polarity]
        assert s.turn_start <= s.start < s.end <= s.turn_end
        assert (s.turn, s.turn_start, s.turn_end) in one.respondent_turns


@pytest.mark.parametrize("id", ["R1-B1-B-01", "R1-B1-B-02", "R3-F01-M-01"])
def test_an_interview_begins_with_the_word_synthetic_in_its_language(id):
    one = made(id)
    assert one.text.startswith(NOTICE[one.visit.person.language])
    assert "SYNTHETIC" in one.text[:20]


def test_the_same_seed_gives_the_same_words_and_another_seed_others():
    assert made("R2-F03-W-02") == made("R2-F03-W-02")
    assert made("R2-F03-W-02").text != made("R2-F03-W-02", seed=2).text


def test_brand_staff_statements_name_their_factory_and_general_ones_none():
    one = made("R2-B1-B-01")
    general = {s.about for s in one.statements if s.code in plan.GENERAL_CODES}
    of_factory = {s.about for s in one.statements if s.code not in plan.GENERAL_CODES}
    assert general == {""}
    assert of_factory == {"F01", "F02", "F06"}
    assert [line for line in one.text.splitlines() if line.startswith("[about:")] == [
        "[about: F01]",
        "[about: F02]",
        "[about: F06]",
    ]


def speakers(one):
    lines = [line for line in one.text.splitlines()[2:] if line]
    return {line.replace("：", ":").split(":")[0].strip("*") for line in lines}


def test_notes_have_answers_only():
    assert speakers(made("R1-F07-W-02")) == {"受访者"}
    assert speakers(made("R2-F03-W-03")) == {"受访者", "访谈员"}


def test_four_people_speak_in_the_focus_group():
    assert speakers(made("R2-F05-W-02")) == {"访谈员", "受访者1", "受访者2", "受访者3", "受访者4"}


def test_filler_is_most_of_what_is_said():
    interviews = [made(id) for id in list(VISITS)[::12]]
    turns = sum(len(one.respondent_turns) for one in interviews)
    told = sum(len({s.turn for s in one.statements}) for one in interviews)
    assert 1 - told / turns == pytest.approx(0.6, abs=0.06)


def test_files_come_as_txt_markdown_and_word():
    endings = {made(id).file.rsplit(".", 1)[1] for id in list(VISITS)[:20]}
    assert endings == {"txt", "md", "docx"}


def test_a_factory_without_openness_hears_less_free_speech_over_several_seeds():
    said = {}
    for factory in ("F01", "F07"):
        visit = VISITS[f"R2-{factory}-W-03"]
        found = [
            _is_said(
                Dice(seed, "several"), visit, FACTORIES[int(factory[1:]) - 1], "freedom_of_expression", "present", 0.0
            )
            for seed in range(400)
        ]
        said[factory] = sum(found) / len(found)
    assert within(said["F01"], 0.55, 400)
    assert within(said["F07"], 0.12, 400)
