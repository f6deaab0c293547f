from __future__ import annotations

from dataclasses import replace

import pytest

from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import UnknownName
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn


def interview(
    id: str, *, group="worker", round="R1", sites=("F01",), language="en", text="I: So? R1: They came 一次。"
):
    turns = (
        Turn(1, "I", Role.INTERVIEWER, Span(3, 6), "en"),
        Turn(2, "R1", Role.RESPONDENT, Span(11, len(text)), "en"),
    )
    return Transcript(id, f"P-{id}", group, round, sites, language, text, turns)


CORPUS = Corpus(
    (
        interview("z", language="zh"),
        interview("b", group="brand_staff", sites=("F01", "F02")),
        interview("a", round="R2", sites=("F02",)),
    )
)


def test_a_corpus_keeps_the_order_of_the_manifest():
    assert [t.id for t in CORPUS] == ["z", "b", "a"]
    assert len(CORPUS) == 3


def test_a_transcript_is_found_by_its_id():
    assert CORPUS["b"].group == "brand_staff"
    assert "b" in CORPUS
    assert "B" not in CORPUS


def test_an_unknown_transcript_is_named_with_those_there_are():
    with pytest.raises(UnknownName, match=r"^unknown transcript 'q' — known: z, b, a$"):
        CORPUS["q"]


def test_ids_given_twice_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^transcript ids must be distinct, given twice: a, b$"):
        Corpus((interview("b"), interview("a"), interview("c"), interview("b"), interview("a"), interview("a")))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"group": "worker"}, ["z", "a"]),
        ({"round": "R2"}, ["a"]),
        ({"site": "F02"}, ["b", "a"]),
        ({"site": "F01"}, ["z", "b"]),
        ({"language": "zh"}, ["z"]),
        ({"ids": ["a", "z"]}, ["z", "a"]),
        ({"ids": []}, []),
        ({"group": "worker", "site": "F02"}, ["a"]),
        ({}, ["z", "b", "a"]),
    ],
)
def test_select_keeps_what_meets_every_condition_in_the_same_order(condition, expected):
    assert [t.id for t in CORPUS.select(**condition)] == expected


def test_the_table_of_interviews_counts_respondents_words_and_joins_sites():
    row = CORPUS.interviews.iloc[1].to_dict()
    assert row == {
        "transcript": "b",
        "participant": "P-b",
        "group": "brand_staff",
        "round": "R1",
        "sites": "F01;F02",
        "language": "en",
        "turns": 1,
        "words": 4,
        "characters": 24,
        "synthetic": False,
    }


def test_the_table_of_no_interviews_has_its_columns():
    empty = Corpus(()).interviews
    assert len(empty) == 0
    assert list(empty.columns) == list(CORPUS.interviews.columns)


def test_the_digest_changes_with_text_id_and_order():
    def digest(*transcripts):
        return Corpus(transcripts).digest

    one, two = interview("1"), interview("2")
    digests = {
        digest(one, two),
        digest(two, one),
        digest(one),
        digest(one, interview("3")),
        digest(one, interview("2", text="I: So? R1: They came twice.")),
    }
    assert len(digests) == 5


def test_the_digest_does_not_change_with_metadata():
    one = interview("1")
    assert Corpus((one,)).digest == Corpus((replace(one, group="manager"),)).digest
