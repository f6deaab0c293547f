from __future__ import annotations

import pytest

from bwa_study.load.codebook import parse_codebook
from bwa_study.model.codebook import Codebook
from bwa_study.model.codebook_changes import MigrationMap, codebook_changes, to_reread, whereto

OLD = """
version: 1
themes: [{id: t}, {id: u}]
codes:
  - {id: influence, theme: t, label: {en: Influence}, definition: The client has a say.}
  - {id: incentive, theme: t, definition: Orders depend on it.}
  - {id: visits, theme: t, definition: They come., indicators: {en: {present: ["come*"]}}}
  - {id: fear, theme: u, label: {en: Fear, zh: 害怕}, definition: They are afraid.}
  - {id: mood, theme: u, label: {en: Mood}, definition: How people feel.}
"""


def book(text: str) -> Codebook:
    return parse_codebook(text, file="b.yaml")


def new(*codes: str) -> Codebook:
    return book("version: 2\nthemes: [{id: t}, {id: u}]\ncodes:\n" + "".join(f"  - {{{code}}}\n" for code in codes))


def said(after: Codebook, map: MigrationMap | None = None) -> list[str]:
    return [str(change) for change in codebook_changes(book(OLD), after, map)]


SAME = {
    "influence": "id: influence, theme: t, label: {en: Influence}, definition: The client has a say.",
    "incentive": "id: incentive, theme: t, definition: Orders depend on it.",
    "visits": 'id: visits, theme: t, definition: They come., indicators: {en: {present: ["come*"]}}',
    "fear": "id: fear, theme: u, label: {en: Fear, zh: 害怕}, definition: They are afraid.",
    "mood": "id: mood, theme: u, label: {en: Mood}, definition: How people feel.",
}


def changed(**codes: str) -> Codebook:
    return new(*filter(None, {**SAME, **codes}.values()))


def test_equal_codebooks_have_no_change():
    assert said(changed()) == []


@pytest.mark.parametrize(
    ("codes", "line"),
    [
        ({"fear": "id: dread, theme: u, merged_from: [fear]"}, "renamed: fear → dread"),
        (
            {"fear": "id: dread, theme: u, definition: They are afraid."},
            "renamed: fear → dread: same definition (a guess: say so in the map, or with merged_from)",
        ),
        (
            {"fear": "id: dread, theme: u, label: {en: Fear, zh: 害怕}, definition: Other words."},
            "renamed: fear → dread: same label (a guess: say so in the map, or with merged_from)",
        ),
        (
            {"incentive": "", "influence": SAME["influence"] + ", merged_from: [incentive]"},
            "merged: influence, incentive → influence",
        ),
        ({"mood": ""}, "retired: mood"),
        ({"pay": "id: pay, theme: t"}, "added: pay"),
        (
            {"mood": "id: mood, theme: u, label: {en: Mood}, definition: How they feel."},
            "definition changed: mood: definition 'How people feel.' → 'How they feel.'",
        ),
        ({"mood": SAME["mood"] + ", include: [joy]"}, "definition changed: mood: include changed"),
        (
            {"fear": "id: fear, theme: u, label: {en: Dread, zh: 害怕}, definition: They are afraid."},
            "label changed: fear: en 'Fear' → 'Dread'",
        ),
        ({"mood": SAME["mood"].replace("theme: u", "theme: t")}, "moved: mood: theme 'u' → 't'; block 'u' → 't'"),
        ({"fear": SAME["fear"] + ", valence: -1"}, "valence changed: fear: +1 → -1"),
        ({"visits": SAME["visits"].replace("come*", "visit*")}, "indicators changed: visits: 1 added, 1 taken away"),
    ],
)
def test_each_kind_of_change_is_said_in_words(codes, line):
    assert said(changed(**codes)) == [line]


def test_the_map_counts_before_what_the_codebook_says():
    after = changed(mood="id: joy, theme: u, merged_from: [mood]", pay="id: pay, theme: t")
    assert whereto(book(OLD), after) == {"mood": ("joy",)}
    assert whereto(book(OLD), after, MigrationMap(split={"mood": ("joy", "pay")})) == {"mood": ("joy", "pay")}
    assert said(after, MigrationMap(carry={"mood": "pay"})) == ["renamed: mood → pay", "added: joy"]


def test_that_a_neighbour_is_called_otherwise_is_no_change_of_a_code():
    before = book(OLD.replace("definition: How people feel.", "exclude: [{rule: It is fear., see: fear}]"))
    mood = "id: mood, theme: u, label: {en: Mood}, exclude: [{rule: It is fear., see: dread}]"
    after = changed(fear="id: dread, theme: u, merged_from: [fear]", mood=mood)
    assert [str(c) for c in codebook_changes(before, after)] == ["renamed: fear → dread"]


def test_a_code_is_split_where_the_map_says_so():
    after = changed(mood="id: joy, theme: u", sorrow="id: sorrow, theme: u")
    assert said(after, MigrationMap(split={"mood": ("joy", "sorrow")})) == ["split: mood → joy, sorrow"]


def test_a_retired_code_is_not_guessed_to_be_renamed():
    after = changed(fear="id: dread, theme: u, definition: They are afraid.")
    assert said(after, MigrationMap(retire=("fear",))) == ["retired: fear", "added: dread"]


def test_what_was_redefined_is_read_again_unless_only_the_wording_changed():
    after = changed(
        mood="id: mood, theme: u, definition: x.", fear=SAME["fear"].replace("They are afraid.", "They fear.")
    )
    assert list(to_reread(book(OLD), after)) == ["fear", "mood"]
    assert to_reread(book(OLD), after, MigrationMap(keep=("fear", "mood"), reread=("visits",))) == {
        "visits": "asked for in the map"
    }


def test_a_translation_that_is_added_or_taken_away_redefines_nothing():
    one = "id: mood, theme: u, label: {en: Mood}, definition: {en: How people feel., zh: 人们的感受。}"
    assert said(changed(mood=one)) == []
    assert codebook_changes(changed(mood=one), book(OLD)) == ()


def test_a_translation_that_says_something_else_is_a_new_definition():
    one = "id: mood, theme: u, definition: {en: How people feel., zh: 感受。}, include: [{en: joy, zh: 高兴}]"
    before, after = changed(mood=one), changed(mood=one.replace("感受", "心情").replace("高兴", "快乐"))
    assert [str(change) for change in codebook_changes(before, after)] == [
        "definition changed: mood: definition (zh) '感受。' → '心情。'; include (zh) changed"
    ]
    assert list(to_reread(before, after)) == ["mood"]


def test_a_rule_that_is_translated_later_redefines_nothing():
    one = "id: mood, theme: u, definition: {en: How people feel., zh: 人们的感受。}, include: [{en: joy}, {en: fear}]"
    later = one.replace("{en: fear}", "{en: fear, zh: 恐惧}")
    assert list(to_reread(changed(mood=one), changed(mood=later))) == []
    assert list(to_reread(changed(mood=later), changed(mood=later.replace("恐惧", "害怕")))) == ["mood"]
