from __future__ import annotations

import pytest

from bwa_study.analysis.quotes import coded_quotes
from bwa_study.coding.indicators import apply_codebook
from bwa_study.load.study import examine_study
from bwa_study.model.other_language import speaks
from small_study import write_study

ENGLISH = "I: What has changed?\nR1: They listen to us now.\nI: And?\nR1: Fine.\n"
CHINESE = "访谈员：有什么变化？\n受访者：他们现在听我们的。\n访谈员：还有呢？\n受访者：还好。\n"
ROW = (("s-w-1", "P1", "worker", "start", "F01", "full", "", "talk", "interviews/zh.txt", "They listen to us now."),)


def study_with(tmp_path, other: str):
    folder = write_study(tmp_path / "s", interviews=ROW, more=("source_lang_file",))
    (folder / "raw/interviews/s-w-1.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "raw/interviews/zh.txt").write_text(other, encoding="utf-8")
    return examine_study(folder)


def test_a_quote_comes_with_its_turn_in_the_other_language(tmp_path):
    study, problems = study_with(tmp_path, CHINESE)
    assert [p for p in problems if p.severity == "error"] == []
    one = study.corpus["s-w-1"]
    assert (one.paired.language, one.in_other_language(2), one.in_other_language(9)) == ("zh", "他们现在听我们的。", "")
    table = coded_quotes(apply_codebook(study.corpus, study.codebook), study.corpus)
    assert table[["quote", "translation"]].to_numpy().tolist() == [["They listen to us now.", "他们现在听我们的。"]]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (CHINESE + "访谈员：好。\n", "5 turns, but 4 in interview 's-w-1': turn 5 ('好。') has no pair"),
        ("访谈员：有什么变化？\n受访者：还好。\n", "2 turns, but 4 in interview 's-w-1': turn 3 ('And?') has no pair"),
        (
            "受访者：你好。\n访谈员：有什么变化？\n",
            "turn 1 is the respondent's ('你好。') but the interviewer's in interview 's-w-1' ('What has changed?')",
        ),
    ],
)
def test_turns_that_do_not_pair_are_named(tmp_path, other, message):
    study, problems = study_with(tmp_path, other)
    assert study is None
    found = [p for p in problems if p.severity == "error"]
    assert len(found) == 1
    assert found[0].file.endswith("zh.txt")
    assert message in found[0].what
    assert found[0].mend == "give both the same turns, or leave 'source_lang_file' empty"


@pytest.mark.parametrize("mark", ["[not translated]", "[未翻译]", "（未译）", "—", "..."])
def test_a_turn_that_is_not_translated_keeps_its_place(tmp_path, mark):
    study, problems = study_with(tmp_path, CHINESE.replace("还有呢？", mark).replace("还好。", mark))
    assert [p for p in problems if p.severity == "error"] == []
    assert study.corpus["s-w-1"].paired.turns == ("有什么变化？", "他们现在听我们的。", "", "")


@pytest.mark.parametrize(
    ("other", "says"),
    [(ENGLISH, "it is in the language of interview 's-w-1', too ('en') — name the file of the other language")],
)
def test_the_same_language_is_no_translation(tmp_path, other, says):
    study, problems = study_with(tmp_path, other)
    assert study is None
    assert [str(p).split("zh.txt: ")[1] for p in problems if p.severity == "error"] == [says]


def test_a_file_that_is_not_there_is_named_with_its_line_and_column(tmp_path):
    folder = write_study(tmp_path / "s", interviews=ROW, more=("source_lang_file",))
    found = [p for p in examine_study(folder)[1] if p.severity == "error"]
    assert [(p.line, p.what) for p in found] == [
        (2, "column 'source_lang_file', value 'interviews/zh.txt': there is no such file")
    ]


def test_a_coding_on_a_text_of_unknown_language_is_known_by_not_being_the_transcript_s(tmp_path):
    spanish = "I: ¿Qué ha cambiado?\nR1: Ahora nos escuchan.\nI: ¿Y?\nR1: Bien.\n"
    study, _ = study_with(tmp_path, spanish)
    one = study.corpus["s-w-1"]
    assert (one.paired.language, speaks(one, "es"), speaks(one, "en")) == ("", True, True)


def test_without_another_file_there_is_no_translation(tmp_path):
    study, _ = examine_study(write_study(tmp_path / "s"))
    assert study.corpus["s-w-1"].in_other_language(2) == ""
    assert (coded_quotes(apply_codebook(study.corpus, study.codebook), study.corpus)["translation"] == "").all()
