from __future__ import annotations

import re

import pytest

import bwa_study as bwa
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.demo.interviews import interview
from bwa_study.demo.roster import visits
from bwa_study.demo.speech import load_speech, load_translations
from bwa_study.demo.translations import UNTRANSLATED, translation, translation_fields
from bwa_study.model.words import has_han

CODEBOOK = bwa.load_codebook(bwa.demo_codebook_path())
VISITS = visits(1, "full")
FIELDS = translation_fields(1, VISITS)


def made(id):
    return interview(next(v for v in VISITS if v.id == id), load_speech(), CODEBOOK, 1)


def test_every_chinese_sentence_has_an_english_one():
    speech = load_speech()
    chinese = {
        text
        for texts in (speech.statements, speech.filler, speech.questions)
        for key, of in texts.items()
        if "zh" in key
        for text in of
    }
    english = load_translations()
    assert set(english) == chinese
    assert not any(has_han(text) or not text.strip() for text in english.values())
    assert [zh for zh, en in english.items() if ("{site}" in zh) != ("{site}" in en)] == []


def test_what_is_translated_goes_by_round_and_panel():
    kinds = {
        (v.round_id, v.person.language, v.person.panel, FIELDS[v.id]["translation"]) for v in VISITS if not v.withdrawn
    }
    assert kinds == {
        *((r, "en", panel, "none") for r in ("R1", "R2", "R3") for panel in (True, False)),
        *(("R1", "zh", panel, "none") for panel in (True, False)),
        *(("R2", "zh", panel, "quotes") for panel in (True, False)),
        ("R3", "zh", True, "full"),
        ("R3", "zh", False, "quotes"),
    }
    assert [FIELDS[v.id]["translation"] for v in VISITS if v.withdrawn] == ["none"] * 3


@pytest.mark.parametrize(("seed", "size"), [(1, "full"), (1, "lite"), (2, "lite"), (3, "full")])
def test_one_interview_is_there_only_in_chinese_although_its_translation_is_promised(seed, size):
    fields = translation_fields(seed, visits(seed, size))
    lost = [id for id, of in fields.items() if of["translation"] != "none" and not of["source_lang_file"]]
    assert len(lost) == 1
    assert re.fullmatch(r"R3-F\d\d-W-01", lost[0])


def test_a_whole_translation_says_every_turn_and_quotes_only_the_coded_ones():
    full = next(v.id for v in VISITS if FIELDS[v.id]["translation"] == "full" and v.group == "brand_staff")
    one = made(full)
    text = translation(one, "full")
    assert UNTRANSLATED not in text
    assert [line for line in text.splitlines() if line.startswith("[about")] == [
        f"[about: {f.id}]" for f in one.visit.factories
    ]
    quotes = translation(one, "quotes").splitlines()
    said = [line for line in quotes if line.startswith("R1: ") and UNTRANSLATED not in line]
    assert len(said) == len({s.turn for s in one.statements})


def test_the_loaded_study_pairs_them_and_a_coded_turn_has_its_translation(lite_study):
    paired = {t.id: t for t in lite_study.corpus if t.paired}
    assert {t.paired.language for t in paired.values()} == {"en"}
    fields = translation_fields(1, visits(1, "lite"))
    assert set(paired) == {id for id, of in fields.items() if of["source_lang_file"]}
    planted = coded_quotes(lite_study.codings.select(coder="simulated-human-A"), lite_study.corpus)
    there = planted["transcript"].isin(list(paired))
    assert (planted.loc[there, "translation"] != "").all()
    assert (planted.loc[~there, "translation"] == "").all()
    row = planted[planted["transcript"] == "R2-F03-W-04"].iloc[0]
    assert row["quote"] == "我在那个微信群里，客人十天半月就问一次，上回说的那些搞得怎样了。"
    assert row["translation"] == (
        "I'm in that chat group. Every ten days or so the client asks how far the things from last time have got."
    )


def test_check_lists_the_one_that_is_missing(lite_study):
    gaps = bwa.sample_table(lite_study).gaps.query("kind == 'translation missing'")
    fields = translation_fields(1, visits(1, "lite"))
    lost = next(id for id, of in fields.items() if of["translation"] == "full" and not of["source_lang_file"])
    assert gaps[["group", "round", "detail", "interviews"]].to_numpy().tolist() == [["worker", "R3", lost, 1]]
