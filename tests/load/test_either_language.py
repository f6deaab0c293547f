"""Codings on the translation of an interview: which text they belong to is known, and what is counted is the same."""

from __future__ import annotations

import csv

import pytest

import bwa_study as bwa
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.coding.log.exchange import import_codings, jsonl_files, read_jsonl
from bwa_study.coding.log.log import open_log
from bwa_study.load.codings_files import load_codings
from bwa_study.load.study import examine_study
from small_study import STUDY, write_study

CHINESE = "采访者：有什么变化？\n受访者：管理人员现在听我们的，我不怕。\n采访者：还有呢？\n受访者：[未翻译]\n"
ENGLISH = "I: What has changed?\nR1: They listen to us now. I am not afraid.\nI: And?\nR1: Fine.\n"
ROW = (("s-w-1", "P1", "worker", "start", "F01", "full", "", "talk", "interviews/zh.txt", ""),)
HEAD = ["id", "transcript", "start", "end", "quote", "code", "polarity", "coder", "coder_kind", "status", "text"]
LISTEN = "管理人员现在听我们的"
TURN = "They listen to us now. I am not afraid."


def coded_study(tmp_path, *rows, chinese=CHINESE, main="c1"):
    folder = write_study(
        tmp_path / "s", study=STUDY + f"main_coder: {main}\n", interviews=ROW, more=("source_lang_file",)
    )
    (folder / "raw/interviews/s-w-1.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "raw/interviews/zh.txt").write_text(chinese, encoding="utf-8")
    (folder / "codings").mkdir()
    with (folder / "codings/c.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(rows)
    return folder


def row(coder, text, words, tag="", code="listening", id="1"):
    start = text.index(words)
    place = [start, start + len(words), words]
    return [f"{coder}-{id}", "s-w-1", *place, code, "present", coder, "human", "accepted", tag]


def problems_of(folder, severity):
    return [p for p in examine_study(folder)[1] if p.severity == severity]


def test_a_coding_on_the_translation_stands_on_the_turn_and_keeps_its_words(tmp_path):
    study = bwa.load_study(coded_study(tmp_path, row("c1", CHINESE, LISTEN, "zh")))
    found = study.codings.frame.iloc[0]
    assert (found["quote"], found["other_quote"], found["text"]) == (TURN, LISTEN, "")
    assert study.corpus["s-w-1"].text[found["start"] : found["end"]] == TURN
    assert found["text_digest"] == study.corpus["s-w-1"].digest


def test_the_quote_comes_with_the_words_that_were_coded(tmp_path):
    study = bwa.load_study(coded_study(tmp_path, row("c1", CHINESE, LISTEN, "zh")))
    quotes = coded_quotes(study.codings, study.corpus)
    assert quotes[["quote", "translation", "turn"]].to_numpy().tolist() == [[TURN, LISTEN, 2]]


def test_two_coders_agree_whichever_text_each_of_them_coded(tmp_path):
    rows = [
        row("c1", CHINESE, LISTEN, "zh"),
        row("c2", ENGLISH, "They listen to us now."),
        row("c2", ENGLISH, "Fine.", code="visits", id="2"),
    ]
    study = bwa.load_study(coded_study(tmp_path, *rows))
    matrix = bwa.matrix(study, coders=["c1", "c2"], unit="turn")
    listening = matrix.codes.index("listening")
    turn = matrix.units["turn"].tolist().index(2)
    assert matrix.present[:, turn, listening].tolist() == [True, True]


def test_words_over_two_turns_stand_on_both(tmp_path):
    long = CHINESE[CHINESE.index("我不怕") : CHINESE.index("呢？")]
    study = bwa.load_study(coded_study(tmp_path, row("c1", CHINESE, long, "zh")))
    found = study.codings.frame.iloc[0]
    assert found["quote"] == "They listen to us now. I am not afraid.\nI: And?"
    assert found["other_quote"] == long


def test_the_tag_of_the_transcript_s_own_language_is_no_other_text(tmp_path):
    study = bwa.load_study(coded_study(tmp_path, row("c1", ENGLISH, "They listen", "en-GB")))
    assert study.codings.frame[["quote", "other_quote", "text"]].to_numpy().tolist() == [["They listen", "", ""]]


def test_a_language_the_interview_does_not_have_is_an_error_with_its_row(tmp_path):
    folder = coded_study(tmp_path, row("c1", CHINESE, LISTEN, "fr"))
    found = problems_of(folder, "error")
    what = "column 'text', value 'fr': interview 's-w-1' has no text in that language"
    mend = "leave it empty, or enter the text as 'source_lang_file'"
    assert [(p.line, p.what, p.mend) for p in found if "column 'text'" in p.what] == [(2, what, mend)]


@pytest.mark.parametrize(
    "changed",
    [
        CHINESE.replace("听", "理"),
        CHINESE.replace("管理人员", "主管人员"),
        "采访者：——\n" + CHINESE[CHINESE.index("受") :],
    ],
)
def test_another_translation_detaches_the_coding_or_leaves_it_but_never_shifts_it(tmp_path, changed):
    folder = coded_study(tmp_path, row("c1", CHINESE, LISTEN, "zh"), chinese=changed, main="indicators")
    study, problems = examine_study(folder)
    assert len(study.codings) == 0
    assert "1 codings no longer stand on their text (transcripts s-w-1)" in [p.what for p in problems]


def test_words_of_a_label_belong_to_no_turn(tmp_path):
    folder = coded_study(tmp_path, row("c1", CHINESE, "受访者", "zh"), main="indicators")
    assert [p.what for p in problems_of(folder, "warning") if "no longer" in p.what] == [
        "1 codings no longer stand on their text (transcripts s-w-1)"
    ]


def test_the_log_takes_it_over_and_gives_it_back_with_its_words(tmp_path):
    folder = coded_study(tmp_path, row("c1", CHINESE, LISTEN, "zh"))
    study = bwa.load_study(folder)
    with open_log(folder) as log:
        assert import_codings(log, load_codings(folder / "codings/c.csv"), corpus=study.corpus) == 1
        (name, written), *_ = jsonl_files(log.events()).items()
    (tmp_path / name).write_bytes(written)
    assert [(e.quote, e.other_quote) for e in read_jsonl(tmp_path / name)] == [(TURN, LISTEN)]
    (folder / "codings/c.csv").unlink()
    again = bwa.load_study(folder)
    assert again.codings.frame[["quote", "other_quote"]].to_numpy().tolist() == [[TURN, LISTEN]]


def test_a_table_that_was_written_out_and_read_again_is_the_same(tmp_path):
    folder = coded_study(tmp_path, row("c1", CHINESE, LISTEN, "zh"))
    table = bwa.load_study(folder).codings.frame
    table.to_csv(folder / "codings/c.csv", index=False)
    assert bwa.load_study(folder).codings.frame.equals(table)


def test_without_the_translation_its_codings_are_detached_not_lost_in_silence(tmp_path):
    folder = coded_study(tmp_path, row("c1", CHINESE, LISTEN, "zh"))
    bwa.load_study(folder).codings.frame.to_csv(folder / "codings/c.csv", index=False)
    manifest = folder / "raw/interviews.csv"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("interviews/zh.txt", ""), encoding="utf-8")
    assert [p.what for p in problems_of(folder, "warning") if "no longer" in p.what] == [
        "1 codings no longer stand on their text (transcripts s-w-1)"
    ]
