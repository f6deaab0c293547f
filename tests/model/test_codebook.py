from __future__ import annotations

from dataclasses import replace

import pytest

from bwa_study.load.codebook import parse_codebook
from bwa_study.model.codebook import Code, Codebook, Condition, Indicator, Polarity, Theme
from bwa_study.model.errors import UnknownName
from bwa_study.model.labels import Label

THEMES = (Theme("oversight", Label((("en", "Oversight"),))), Theme("openness", Label((("en", "Openness"),))))
CODES = (
    Code("voice_up", "openness", Label(()), parent="voice"),
    Code("visits", "oversight", Label(())),
    Code("voice", "openness", Label(())),
    Code("voice_up_line", "openness", Label(()), parent="voice_up"),
    Code("fear", "openness", Label(())),
)
BOOK = Codebook("book", "1.0.0", THEMES, CODES)


def ids(codes):
    return [c.id for c in codes]


def test_a_codebook_keeps_the_order_of_the_file():
    assert BOOK.ids == ("voice_up", "visits", "voice", "voice_up_line", "fear")
    assert ids(BOOK) == list(BOOK.ids)
    assert len(BOOK) == 5


def test_a_code_is_found_by_its_id():
    assert BOOK["visits"].theme == "oversight"
    assert "visits" in BOOK
    assert "Visits" not in BOOK


def test_an_unknown_code_is_named_with_the_nearest():
    with pytest.raises(UnknownName, match=r"^unknown code 'visit', did you mean 'visits'\? — known: voice_up, "):
        BOOK["visit"]


def test_a_theme_is_found_by_its_id():
    assert BOOK.theme("openness").label.text("en") == "Openness"


def test_an_unknown_theme_is_named_with_the_nearest():
    with pytest.raises(UnknownName) as caught:
        BOOK.theme("opennes")
    assert str(caught.value) == "unknown theme 'opennes', did you mean 'openness'? — known: oversight, openness"


def test_a_code_id_given_twice_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^code ids must be distinct, given twice: fear$"):
        Codebook("book", "1", THEMES, (*CODES, Code("fear", "oversight", Label(()))))


def test_under_a_theme_are_its_codes_in_the_order_of_the_file():
    assert ids(BOOK.under("openness")) == ["voice_up", "voice", "voice_up_line", "fear"]
    assert ids(BOOK.under("oversight")) == ["visits"]


def test_under_a_code_are_itself_and_all_codes_below_it():
    assert ids(BOOK.under("voice")) == ["voice_up", "voice", "voice_up_line"]
    assert ids(BOOK.under("voice_up")) == ["voice_up", "voice_up_line"]
    assert ids(BOOK.under("fear")) == ["fear"]


def test_under_a_theme_without_codes_is_nothing():
    assert Codebook("book", "1", THEMES, ()).under("openness") == ()


def test_under_an_unknown_name_is_refused():
    with pytest.raises(UnknownName, match=r"^unknown code 'voic', did you mean 'voice'\?"):
        BOOK.under("voic")


def test_under_ends_even_where_parents_go_in_a_circle():
    circle = (Code("a", "t", Label(()), parent="b"), Code("b", "t", Label(()), parent="a"))
    assert ids(Codebook("book", "1", (), circle).under("a")) == ["a", "b"]


def test_two_codebooks_of_the_same_content_are_equal_and_have_one_digest():
    again = Codebook("book", "1.0.0", THEMES, CODES)
    assert again == BOOK
    assert again.digest == BOOK.digest


@pytest.mark.parametrize(
    "change",
    [
        {"definition": "other"},
        {"include": ("one more",)},
        {"valence": -1},
        {"label": Label((("en", "Fear"),))},
        {"condition": Condition("openness", 0.5)},
        {"groups": ("worker",)},
        {"block": "B2"},
        {"parent": "voice"},
        {"indicators": (Indicator("en", Polarity.PRESENT, "afraid"),)},
        {"auto_negation": False},
        {"merged_from": ("old",)},
    ],
)
def test_the_digest_changes_with_every_part_of_a_code(change):
    changed = Codebook("book", "1.0.0", THEMES, (*CODES[:-1], replace(CODES[-1], **change)))
    assert changed.digest != BOOK.digest


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.0.1"},
        {"id": "other"},
        {"themes": THEMES[:1]},
        {"codes": CODES[::-1]},
        {"languages": ("en", "zh")},
        {"negators": (("en", ("no",)),)},
        {"general_rules": ("Code what is said.",)},
    ],
)
def test_the_digest_changes_with_every_part_of_the_codebook(change):
    fields = {"id": "book", "version": "1.0.0", "themes": THEMES, "codes": CODES}
    assert Codebook(**{**fields, **change}).digest != BOOK.digest


TIGHT = """\
{id: b, version: "1", themes: [{id: t, label: {en: Talk}}],
 codes: [{id: fear, theme: t, label: {en: Fear}, definition: They are afraid.}]}
"""
ROOMY = """\
# the same content, laid out in another way
version: '1'
id: b

themes:
  - label:
      en: "Talk"
    id: t
codes:
  # the only code
  - id: fear
    definition: >-
      They are
      afraid.
    theme: t
    label: {en: Fear}
"""


def test_the_digest_does_not_change_with_the_layout_of_the_file():
    assert parse_codebook(ROOMY, file="roomy.yaml").digest == parse_codebook(TIGHT, file="tight.yaml").digest


def test_the_digest_changes_with_one_word_of_the_file():
    other = TIGHT.replace("They are afraid.", "They were afraid.")
    assert parse_codebook(other, file="other.yaml").digest != parse_codebook(TIGHT, file="tight.yaml").digest
