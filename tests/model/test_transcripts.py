from __future__ import annotations

import hashlib

import pytest

from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn


def turn(number: int, start: int, end: int, *, role: Role = Role.RESPONDENT, about: tuple[str, ...] = ()) -> Turn:
    return Turn(number, "R1", role, Span(start, end), "en", about)


def transcript(text: str = "Yes.", *, sites: tuple[str, ...] = ("F01",), turns: tuple[Turn, ...] = ()) -> Transcript:
    fields = (("gender", "f"), ("mode", "phone"))
    return Transcript("R1-F01-W-01", "P-1", "worker", "R1", sites, "en", text, turns, attributes=fields)


def test_a_quote_is_the_words_at_its_place():
    assert transcript("They came once.").quote(Span(5, 9)) == "came"


def test_offsets_count_code_points_not_bytes_or_utf16_units():
    assert transcript("😀 客户来过").quote(Span(2, 4)) == "客户"


def test_offsets_count_line_ends_as_they_are_in_the_text():
    assert transcript("one\r\ntwo").quote(Span(5, 8)) == "two"


def test_a_quote_may_end_with_the_text_and_may_be_empty():
    assert transcript("Yes.").quote(Span(0, 4)) == "Yes."
    assert transcript("Yes.").quote(Span(4, 4)) == ""


def test_a_quote_after_the_text_is_refused_with_transcript_place_and_length():
    with pytest.raises(ValueError, match="ends after the text") as caught:
        transcript("Yes.").quote(Span(2, 5))
    assert str(caught.value) == "R1-F01-W-01: Span(start=2, end=5) ends after the text (4 characters)"


def test_the_digest_is_the_sha256_of_the_text_in_utf8():
    assert transcript("客户").digest == hashlib.sha256("客户".encode()).hexdigest()


def test_the_digest_changes_with_one_character_and_not_with_the_metadata():
    assert transcript("Yes.").digest != transcript("Yes!").digest
    assert transcript("Yes.").digest == transcript("Yes.", sites=("F02",)).digest


def test_composed_and_decomposed_letters_are_different_texts():
    assert transcript("caf\u00e9").digest != transcript("cafe\u0301").digest


def test_a_lone_surrogate_in_the_text_has_a_digest_too():
    assert len(transcript("\ud83d oops").digest) == 64


def test_an_attribute_is_a_further_field_of_the_manifest_and_empty_where_not_given():
    assert transcript().attribute("gender") == "f"
    assert transcript().attribute("tenure_band") == ""


def test_only_turns_of_respondents_can_be_coded():
    turns = (turn(1, 0, 1, role=Role.INTERVIEWER), turn(2, 1, 2), turn(3, 2, 3, role=Role.INTERVIEWER), turn(4, 3, 4))
    assert [t.number for t in transcript(turns=turns).respondent_turns] == [2, 4]


def test_a_turn_is_about_the_only_site_of_its_interview():
    assert transcript(sites=("F01",)).about(turn(1, 0, 4)) == ("F01",)


def test_a_turn_that_names_sites_is_about_those():
    assert transcript(sites=("F01", "F02", "F06")).about(turn(1, 0, 4, about=("F02", "F06"))) == ("F02", "F06")
    assert transcript(sites=("F01",)).about(turn(1, 0, 4, about=("F02",))) == ("F02",)


def test_a_turn_that_names_none_of_several_sites_is_about_none():
    assert transcript(sites=("F01", "F02")).about(turn(1, 0, 4)) == ()
    assert transcript(sites=()).about(turn(1, 0, 4)) == ()


def test_what_the_manifest_does_not_say_is_no_permission_and_no_list_of_blocks():
    assert transcript().consent_quotes == "none"
    assert transcript().blocks_asked is None
    assert transcript().synthetic is False
