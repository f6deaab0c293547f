from __future__ import annotations

from bwa_study.analysis.frequency import COUNTS, POLARITIES
from bwa_study.model.words import has_han
from bwa_study.present.wording import WORDS, words


def test_every_language_has_the_same_words():
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert all(has_han(text) for text in WORDS["zh"].values())
    assert not any(has_han(text) for text in WORDS["en"].values())


def test_there_is_a_word_for_every_polarity_count_and_reason():
    needed = [*POLARITIES, *(f"share {c}" for c in COUNTS), "not asked", "not visited", "not examined", "nothing coded"]
    assert [name for name in needed if name not in WORDS["en"]] == []


def test_a_language_without_words_speaks_english():
    assert words("km") is WORDS["en"]
