"""Tables of codings in a store are those of the same codings in memory."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.model.codings import Examined
from bwa_study.model.reliability_rules import ReliabilityRules


@pytest.fixture(scope="module")
def in_memory(lite_study):
    some = bwa.Corpus(tuple(lite_study.corpus)[::2])
    plain = replace(
        lite_study, corpus=some, codings=bwa.Codings.empty(), examined=Examined(), reliability=ReliabilityRules()
    )
    return plain.with_codings(bwa.apply_codebook(some, plain.codebook), examined_whole="indicators")


@pytest.fixture(scope="module")
def stored(in_memory, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    bwa.write_corpus(in_memory.corpus, folder / "corpus.parquet", row_group=60_000)
    store = bwa.code_parquet(folder / "corpus.parquet", in_memory.codebook, folder / "codings")
    return folder / "corpus.parquet", store


@pytest.mark.parametrize("by", [("group", "round"), ("site",), ("language",), ("group", "gender"), ()])
def test_frequencies_are_the_same(in_memory, stored, by):
    expected = bwa.frequency(bwa.matrix(in_memory, unit="interview"), by=by).frame
    found = bwa.frequency(bwa.stored_matrix(*stored, in_memory.codebook, study=in_memory), by=by).frame
    pd.testing.assert_frame_equal(found, expected)
    assert found["n"].sum() > 50


def test_comparisons_are_the_same(in_memory, stored):
    given = {"between": "round", "within": ("group",)}
    expected = bwa.compare(bwa.matrix(in_memory, unit="interview"), **given).frame
    found = bwa.compare(bwa.stored_matrix(*stored, in_memory.codebook, study=in_memory), **given).frame
    pd.testing.assert_frame_equal(found, expected)


def test_times_that_count_can_be_named(in_memory, stored):
    times = ("", "now", "before", "future")
    expected = bwa.frequency(bwa.matrix(in_memory, unit="interview", time_refs=times)).frame
    found = bwa.stored_matrix(*stored, in_memory.codebook, study=in_memory, time_refs=times)
    pd.testing.assert_frame_equal(bwa.frequency(found).frame, expected)


def test_levels_come_from_the_corpus_where_no_study_is_given(in_memory, stored):
    source, store = stored
    found = bwa.frequency(bwa.stored_matrix(source, store.path, in_memory.codebook), by=("round", "group"))
    expected = bwa.frequency(bwa.matrix(in_memory, unit="interview"), by=("round", "group"))
    key = ["round", "group", "theme", "code", "polarity"]
    shares = [one.frame.set_index(key)["share"].sort_index() for one in (found, expected)]
    pd.testing.assert_series_equal(*shares)


def test_neither_texts_nor_quotes_are_read(in_memory, stored):
    found = bwa.stored_matrix(*stored, in_memory.codebook)
    assert {t.text for t in found.study.corpus} == {""}
    with pytest.raises(bwa.BwaError, match=r"CodingsStore\(path\)\.codings\(code="):
        bwa.frequency(found).quotes("covid", group="worker", round="R1")


def test_words_cannot_be_counted_from_a_store(in_memory, stored):
    with pytest.raises(bwa.BwaError, match="segments and words cannot be counted there"):
        bwa.frequency(bwa.stored_matrix(*stored, in_memory.codebook), count="segments")


def test_another_codebook_is_refused(in_memory, stored):
    other = replace(in_memory.codebook, version="9")
    with pytest.raises(bwa.BwaError, match="was coded with another codebook"):
        bwa.stored_matrix(*stored, other)


def test_codings_of_another_corpus_are_refused(in_memory, stored, tmp_path):
    bwa.write_corpus(tuple(in_memory.corpus)[:3], tmp_path / "other.parquet")
    with pytest.raises(bwa.BwaError, match="which is not in the corpus"):
        bwa.stored_matrix(tmp_path / "other.parquet", stored[1], in_memory.codebook)
