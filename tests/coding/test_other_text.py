"""The indicators read the other language of an interview: where their proposals stand, and what is counted once."""

from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.coding.indicators import ReadCorpus
from bwa_study.coding.other_text import other_texts
from bwa_study.model.errors import UnknownName
from bwa_study.present.propose import propose_codings
from small_study import CODEBOOK, write_study

CHINESE = "采访者：有什么变化？\n受访者：管理人员现在听我们的。我不怕。\n采访者：还有呢？\n受访者：[未翻译]\n"
ENGLISH = "I: What has changed?\nR1: They listen. I am not afraid.\nI: And?\nR1: The client visits. I am afraid.\n"
BOOK = CODEBOOK.replace("languages: [en]", "languages: [en, zh]").replace(
    'absent: ["ignore*"]}', 'absent: ["ignore*"]}, zh: {present: ["听我们"]}'
)
ROW = (("s-w-1", "P1", "worker", "start", "F01", "full", "", "", "interviews/en.txt", ""),)
TURN = "管理人员现在听我们的。我不怕。"


def study_in(folder, *, own=CHINESE, other=ENGLISH, book=BOOK, language="zh"):
    folder = write_study(folder, codebook=book, interviews=ROW, more=("source_lang_file",))
    manifest = folder / "raw/interviews.csv"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(",en,oral", f",{language},oral"), encoding="utf-8")
    (folder / "raw/interviews/s-w-1.txt").write_text(own, encoding="utf-8")
    (folder / "raw/interviews/en.txt").write_text(other, encoding="utf-8")
    return bwa.load_study(folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    other = ENGLISH.replace("R1: The client visits. I am afraid.", "R1: [not translated]")
    return study_in(tmp_path_factory.mktemp("two") / "s", own=CHINESE.replace("[未翻译]", "客户来看。"), other=other)


def rows_of(codings, *names):
    return codings.frame[list(names)].to_numpy().tolist()


def test_the_own_text_is_read_unless_you_say_otherwise(study):
    assert rows_of(bwa.apply_codebook(study.corpus, study.codebook), "code", "quote", "other_quote") == [
        ["listening", "管理人员现在听我们的。", ""]
    ]


def test_what_the_other_text_says_stands_on_the_whole_turn_with_its_words(study):
    found = bwa.apply_codebook(study.corpus, study.codebook, text="other")

    assert rows_of(found, "code", "polarity", "quote", "other_quote") == [
        ["listening", "present", TURN, "They listen."],
        ["fear", "absent", TURN, "I am not afraid."],
    ]
    text = study.corpus["s-w-1"].text
    assert [text[a:b] for a, b in rows_of(found, "start", "end")] == [TURN, TURN]
    assert found.frame[["match_start", "match_end"]].isna().all(axis=None)
    assert set(found.frame["text_digest"]) == {study.corpus["s-w-1"].digest}
    assert set(found.frame["text"]) == {""}


def test_of_both_texts_a_code_of_a_turn_is_found_once(study):
    found = bwa.apply_codebook(study.corpus, study.codebook, text="both")

    assert rows_of(found, "code", "quote", "other_quote") == [
        ["listening", "管理人员现在听我们的。", ""],
        ["fear", TURN, "I am not afraid."],
    ]


def test_where_the_texts_contradict_each_other_the_own_one_counts(tmp_path):
    book = BOOK.replace('zh: {present: ["听我们"]}', 'zh: {absent: ["听我们"]}')
    study = study_in(tmp_path / "s", book=book)
    found = bwa.apply_codebook(study.corpus, study.codebook, text="both").select(code="listening")

    assert rows_of(found, "polarity", "other_quote") == [["absent", ""]]


def test_what_was_not_translated_and_what_the_interviewer_says_is_not_read(tmp_path):
    study = study_in(tmp_path / "s", own=ENGLISH, other=CHINESE.replace("有什么变化", "听我们吗"), language="en")
    assert [t.number for t in other_texts(study.corpus)["s-w-1"].turns] == [2]


def test_the_codings_are_attached_and_their_quotes_come_with_the_other_words(study):
    found = bwa.apply_codebook(study.corpus, study.codebook, text="other")
    attached, detached = found.attached(study.corpus)

    assert (len(attached), len(detached)) == (2, 0)
    quotes = coded_quotes(found.select(code="fear"), study.corpus)
    assert quotes[["quote", "translation", "turn"]].to_numpy().tolist() == [[TURN, "I am not afraid.", 2]]


def test_a_turn_counts_once_whichever_text_was_read(study):
    for text in ("own", "other", "both"):
        found = bwa.apply_codebook(study.corpus, study.codebook, text=text)
        matrix = bwa.matrix(study.with_codings(found, examined_whole="indicators"), unit="turn", coders=["indicators"])
        assert int(matrix.present[..., matrix.codes.index("listening")].sum()) == 1


def test_ids_are_the_same_again_and_others_than_those_of_the_own_text(study):
    other = bwa.apply_codebook(study.corpus, study.codebook, text="other").frame["id"].tolist()
    own = bwa.apply_codebook(study.corpus, study.codebook).frame["id"].tolist()

    assert other == bwa.apply_codebook(study.corpus, study.codebook, text="other").frame["id"].tolist()
    assert not set(own) & set(other)


def test_a_proposal_of_the_other_text_is_explained_there(study):
    found = bwa.apply_codebook(study.corpus, study.codebook, text="both").select(code="fear").frame.iloc[0]
    told = bwa.explain(study, found["id"])

    assert told.sentence == "I am not afraid."
    assert str(told).splitlines()[0] == "I am «not» [afraid]."


def test_a_kept_reading_finds_the_same(lite_study):
    for text in ("own", "other", "both"):
        direct = bwa.apply_codebook(lite_study.corpus, lite_study.codebook, text=text)
        kept = ReadCorpus(lite_study.corpus, text).code(lite_study.codebook)
        assert kept.frame.equals(direct.frame)


def test_both_texts_of_the_demo_find_what_the_own_one_does_and_no_code_of_a_turn_twice(lite_study):
    own = bwa.apply_codebook(lite_study.corpus, lite_study.codebook)
    found = bwa.apply_codebook(lite_study.corpus, lite_study.codebook, text="both")

    assert set(own.frame["id"]) < set(found.frame["id"])
    assert found.attached(lite_study.corpus)[1].frame.empty
    more = found.frame[found.frame["other_quote"] != ""]
    said = own.frame.merge(more, on=["transcript", "code"], suffixes=("", "_more"))
    assert not ((said["start_more"] <= said["start"]) & (said["end"] <= said["end_more"])).any()


def test_a_study_in_one_language_has_no_other_text(tmp_path):
    study = bwa.load_study(write_study(tmp_path / "s"))
    assert len(bwa.apply_codebook(study.corpus, study.codebook, text="other")) == 0
    assert len(bwa.apply_codebook(study.corpus, study.codebook, text="both")) == 7


def test_another_name_of_a_text_is_refused(study):
    with pytest.raises(UnknownName, match="unknown text of bilingual interviews 'zh' — known: own, other, both"):
        bwa.apply_codebook(study.corpus, study.codebook, text="zh")


def test_the_table_of_proposals_is_read_back_into_the_study(tmp_path):
    study_in(tmp_path / "s")
    line = propose_codings(tmp_path / "s", tmp_path / "s/codings/indicators.csv", text="both")
    assert line.split(": ")[1] == "4 proposals for 1 interviews, by small-book 2.1.0"
    back = bwa.load_study(tmp_path / "s")
    assert sorted(back.codings.frame["other_quote"]) == ["", "I am afraid.", "I am not afraid.", "The client visits."]
