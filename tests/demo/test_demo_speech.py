from __future__ import annotations

from collections import Counter

import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.demo.speech import load_speech
from bwa_study.model.words import has_han

CODES = bwa.load_codebook(bwa.demo_codebook_path()).ids
LANGUAGES = ("en", "zh")
NEVER_SAID = {("client_supplier_bridge", "worker")}


def test_every_code_group_language_and_polarity_has_at_least_five_variants():
    statements = load_speech().statements
    short = [
        (code, group, language, polarity)
        for code in CODES
        for group in plan.GROUPS
        if (code, group) not in NEVER_SAID
        for language in LANGUAGES
        for polarity in ("present", "absent")
        if len(statements.get((code, group, language, polarity), ())) < 5
    ]
    assert short == []


def test_what_has_no_text_is_never_drawn():
    for code, group in NEVER_SAID:
        assert all(
            plan.chance(code, p, group, r, plan.FACTORIES[0]) is None for p in ("present", "absent") for r in range(3)
        )


def test_there_are_no_texts_for_codes_that_do_not_exist():
    assert {code for code, _, _, _ in load_speech().statements} == set(CODES)


def test_no_sentence_is_used_for_two_things():
    speech = load_speech()
    said = Counter(t for texts in (*speech.statements.values(), *speech.filler.values()) for t in texts)
    assert [text for text, n in said.items() if n > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_in_the_language_they_are_filed_under(language):
    speech = load_speech()
    texts = [t for (_, _, tag, _), ts in speech.statements.items() if tag == language for t in ts]
    texts += [t for (_, tag), ts in speech.filler.items() if tag == language for t in ts]
    texts += [t for (_, _, tag), ts in speech.questions.items() if tag == language for t in ts]
    assert [t for t in texts if has_han(t) != (language == "zh")] == []


def test_texts_are_one_line_without_blanks_around_them():
    speech = load_speech()
    texts = [t for ts in (*speech.statements.values(), *speech.filler.values(), *speech.questions.values()) for t in ts]
    assert [t for t in texts if t != t.strip() or "\n" in t or not t] == []


def test_every_group_has_filler_and_a_question_for_every_block_it_answers():
    speech = load_speech()
    blocks = ("opening", "filler", "oversight", "attention", "openness", "bridges", "outcomes", "productivity",
              "endurance", "context")  # fmt: skip
    for group in plan.GROUPS:
        for language in LANGUAGES:
            assert len(speech.filler[group, language]) >= 20
            assert all(len(speech.questions[block, group, language]) >= 3 for block in blocks)


def test_the_question_about_a_factory_has_a_place_for_its_name():
    questions = load_speech().questions
    assert all("{site}" in q for language in LANGUAGES for q in questions["about_site", "brand_staff", language])
