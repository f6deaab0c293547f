from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.coding import variants
from bwa_study.coding.reference import IndicatorCoder
from bwa_study.model.codebook import Code, Codebook, Cues, Indicator, Polarity
from bwa_study.model.corpus import Corpus
from bwa_study.model.labels import Label
from bwa_study.model.patterns import PatternError, parse_pattern
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn


def matched(pattern, text, *, language="en", both=False, cues=()):
    code = Code("c", "", Label(()), indicators=(Indicator(language, Polarity.PRESENT, pattern),))
    book = Codebook("b", "1", (), (code,), traditional_and_simplified=both, cues=cues)
    turn = Turn(1, "R", Role.RESPONDENT, Span(0, len(text)), "")
    transcript = Transcript("T", "P", "g", "r", (), "", text, (turn,))
    table = bwa.apply_codebook(Corpus((transcript,)), book).table
    reference = list(IndicatorCoder(book).proposals(transcript))
    rows = [(a, b, p) for a, b, p in zip(table["match_start"], table["match_end"], table["polarity"], strict=True)]
    assert rows == [(p.match.start, p.match.end, str(p.polarity)) for p in reference]
    return [(text[a:b], polarity) for a, b, polarity in rows]


@pytest.mark.parametrize("pattern", ["~complain", "~complained", "~Complaining"])
@pytest.mark.parametrize("word", ["complain", "complains", "complained", "Complaining", "COMPLAINS"])
def test_a_word_of_any_form_matches_all_forms_in_any_case(pattern, word):
    assert matched(pattern, f"They {word} a lot.") == [(word, "present")]


@pytest.mark.parametrize("word", ["Audits", "audit", "AUDITS", "auditing"])
def test_an_inflected_entry_matches_itself_and_case_does_not_matter(word):
    assert matched("~audits", f"{word} came.") == [(word, "present")]


def test_a_form_that_looks_like_a_word_of_its_own_matches_itself():
    assert matched("~setting", "This setting is new.") == [("setting", "present")]


def test_forms_stand_in_phrases_choices_and_cues():
    assert matched("(~follow|~check) up", "She followed up.") == [("followed up", "present")]
    cues = (Cues("en", negate=("~refuse to",), window=1),)
    assert matched("ask us", "They refused to ask us.", cues=cues) == [("ask us", "absent")]


def test_other_words_do_not_match():
    assert matched("~complain", "They complaint.") == []


def test_a_word_that_no_table_has_stands_for_itself():
    assert variants.forms("zzyzx") == ("zzyzx",)


@pytest.mark.parametrize("pattern", ["~", "~com*", "~a b~c", "com~plain"])
def test_other_uses_of_the_tilde_are_refused(pattern):
    with pytest.raises(PatternError, match="not part of the notation"):
        parse_pattern(pattern, "en")


@pytest.mark.parametrize(("pattern", "text"), [("客户_2_跟进", "客戶再來跟進。"), ("客戶", "客户来了。")])
def test_traditional_and_simplified_match_each_other_at_exact_places(pattern, text):
    found = matched(pattern, text, language="zh", both=True)
    assert found == [(text[: len(found[0][0])], "present")]
    assert matched(pattern, text, language="zh") == []


def test_negators_are_found_in_both_scripts():
    assert matched("来", "他们沒來。", language="zh", both=True) == [("來", "absent")]


def test_missing_tables_are_named_with_what_to_install(monkeypatch):
    variants._english_lemmas.cache_clear()
    monkeypatch.setattr(variants, "find_spec", lambda name: None)
    with pytest.raises(bwa.BwaError, match=r"install bwa-study\[lemmas\]"):
        variants.forms("complain")


def test_full_width_letters_and_a_mixed_turn_with_a_full_width_colon_are_coded(tmp_path):
    from small_study import write_study

    book = "version: 1\nlanguages: [en, zh]\ntraditional_and_simplified: true\n"
    book += 'codes: [{id: c, patterns: ["follow up", "跟进"]}]\n'
    row = ("s-w-1", "P1", "worker", "start", "F01", "full", "", "", "x")
    folder = write_study(tmp_path / "s", codebook=book, interviews=(row,))
    text = "I：有变化吗？\nR1：他们有来 ｆｏｌｌｏｗ　ＵＰ 过。\nI: And now?\nR1：客戶有跟進，yes.\n"
    (folder / "raw" / "interviews" / "s-w-1.txt").write_text(text, encoding="utf-8")
    manifest = folder / "raw" / "interviews.csv"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(",en,", ",zh,"), encoding="utf-8")
    study = bwa.load_study(folder)
    found = bwa.apply_codebook(study.corpus, study.codebook).frame
    whole = study.corpus["s-w-1"].text
    assert [whole[a:b] for a, b in zip(found["match_start"], found["match_end"], strict=True)] == [
        "ｆｏｌｌｏｗ　ＵＰ",
        "跟進",
    ]
