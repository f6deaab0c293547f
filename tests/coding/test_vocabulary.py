from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.coding.vocabulary import KeyTable, Vocabulary


def numbers(vocabulary, words):
    letters = np.frombuffer("".join(words).encode("latin-1") + b"\0" * 16, dtype=np.uint8)
    ends = np.cumsum([len(w) for w in words])
    return vocabulary.numbers(letters, ends - [len(w) for w in words], ends).tolist()


@given(st.lists(st.lists(st.text("abéz'-", min_size=1, max_size=16), min_size=1), min_size=1, max_size=4))
def test_equal_words_share_a_number_and_no_others_do(batches):
    vocabulary = Vocabulary()
    for words in batches:
        assert [vocabulary.words[n] for n in numbers(vocabulary, words)] == words
    assert len(set(vocabulary.words)) == len(vocabulary)


def test_a_table_that_grows_keeps_what_it_has():
    vocabulary = Vocabulary()
    words = [f"w{n}" for n in range(30_000)] + [f"longer-word{n}" for n in range(10_000)]
    first = [numbers(vocabulary, words[at : at + 5_000]) for at in range(0, len(words), 5_000)]
    assert [vocabulary.words[n] for part in first for n in part] == words
    assert numbers(vocabulary, words) == [n for part in first for n in part]


def test_a_word_looked_up_by_its_text_keeps_its_number():
    vocabulary = Vocabulary()
    assert numbers(vocabulary, ["a"]) == [0]
    assert (vocabulary.number("наблюдение"), vocabulary.number("наблюдение")) == (1, 1)
    assert numbers(vocabulary, ["b", "a"]) == [2, 0]


def test_keys_that_share_a_slot_are_told_apart():
    table = KeyTable(bits=2)
    keys = np.arange(1, 4, dtype=np.uint64)
    for one in range(3):
        table.add(keys[one : one + 1], np.array([one], dtype=np.int32))
    assert table.find(np.array([1, 2, 3, 9], dtype=np.uint64)).tolist() == [0, 1, 2, -1]
