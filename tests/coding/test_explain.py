from __future__ import annotations

import pytest

import bwa_study as bwa
from small_study import write_study


@pytest.fixture
def study_of(tmp_path):
    def make(sentence, patterns, language="en"):
        listed = f"{{{language}: {{present: {patterns}}}}}"
        book = f"version: 1\nlanguages: [en, zh]\ncodes:\n  - id: c\n    indicators: {listed}\n"
        row = ("s-w-1", "P1", "worker", "start", "F01", "full", "", "", sentence)
        return bwa.load_study(write_study(tmp_path / "study", codebook=book, interviews=(row,)))

    return make


def only(study):
    (id,) = bwa.apply_codebook(study.corpus, study.codebook).frame["id"]
    return bwa.explain(study, id)


def test_matched_words_and_those_of_a_gap_are_told_apart(study_of):
    found = only(study_of("Well, they came all the way back again.", '["(came|come) _3_ back"]'))
    assert str(found) == (
        "Well, they [came] all the way [back] again.\n"
        "c (present) by en:present:(came|come) _3_ back\n"
        "  [came] is came\n"
        "  [back] is back"
    )


def test_a_negator_is_named_as_the_cue(study_of):
    found = only(study_of("They never came back.", '["came back"]'))
    assert str(found).splitlines()[0] == "They «never» [came] [back]."
    assert [(cue.quote, cue.meets) for cue in found.cues] == [("never", "negates")]


def test_chinese_characters_side_by_side_are_one_part(study_of):
    found = only(study_of("他们没有再来跟进。", '["没有_3_跟进"]', "zh"))
    assert [(p.quote, p.meets) for p in found.matched] == [("没有", "没有"), ("跟进", "跟进")]


def test_stars_are_shown_as_the_pattern_has_them(study_of):
    assert [(p.quote, p.meets) for p in only(study_of("They followed UP.", '["follow* up"]')).matched] == [
        ("followed", "follow*"),
        ("UP", "up"),
    ]


def test_an_alternative_that_cannot_end_the_match_is_not_shown(study_of):
    found = only(study_of("a b a c", '["(a|a b a) c"]'))
    assert [p.quote for p in found.matched] == ["a", "b", "a", "c"]


def test_an_id_the_indicators_do_not_propose_is_refused(study_of):
    with pytest.raises(bwa.BwaError, match="proposal of the indicators 'no-such'"):
        bwa.explain(study_of("They came back.", '["came back"]'), "no-such")


def test_cues_of_wishes_and_times_are_named(tmp_path):
    cues = "cues: {en: {wish: [hope*], before: [used to]}}\n"
    book = f'version: 1\n{cues}codes:\n  - id: c\n    indicators: {{en: {{present: ["ask us"]}}}}\n'
    row = ("s-w-1", "P1", "worker", "start", "F01", "full", "", "", "We hope they ask us. They used to ask us.")
    study = bwa.load_study(write_study(tmp_path / "study", codebook=book, interviews=(row,)))
    wish, past = (bwa.explain(study, id) for id in bwa.apply_codebook(study.corpus, study.codebook).frame["id"])
    assert [(c.quote, c.meets) for c in wish.cues] == [("hope", "makes it a wish or a plan")]
    assert [(c.quote, c.meets) for c in past.cues] == [("used to", "speaks of the time 'before'")]
