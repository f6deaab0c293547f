"""The page of an interview that has a translation: it is shown beside, and coding its words is coding the turn."""

from __future__ import annotations

import uuid

import pytest

import bwa_study as bwa
from bwa_study.coding.log.log import open_log
from bwa_study.coding.recode.desk import Desk
from bwa_study.coding.recode.keeping import MemoryKeeping
from bwa_study.coding.recode.log_keeping import LogKeeping
from small_study import write_study

ENGLISH = "I: What has changed?\nR1: They listen to us now.\nI: And?\nR1: Fine 😊 by me.\n"
CHINESE = "采访者：有什么变化？\n受访者：他们现在听我们的，𠮷田先生说。\n采访者：还有呢？\n受访者：[未翻译]\n"
TURN = "They listen to us now."
WORDS = "现在听我们的"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    row = (("s-w-1", "P1", "worker", "start", "F01", "full", "", "talk", "interviews/zh.txt", ""),)
    place = write_study(tmp_path_factory.mktemp("other") / "s", interviews=row, more=("source_lang_file",))
    (place / "raw/interviews/s-w-1.txt").write_text(ENGLISH, encoding="utf-8")
    (place / "raw/interviews/zh.txt").write_text(CHINESE, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def study(folder):
    return bwa.load_study(folder)


def message(study, **coding):
    start = ENGLISH.index(TURN)
    base = {"id": str(uuid.uuid4()), "start": start, "end": start + len(TURN), "quote": TURN}
    return {
        "id": str(uuid.uuid4()),
        "operation": "add",
        "transcript": "s-w-1",
        "digest": study.corpus["s-w-1"].digest,
        "codebook": study.codebook.version,
        "coding": {**base, "code": "listening", "polarity": "present", **coding},
    }


def test_the_page_is_sent_each_turn_in_both_languages(study):
    sent = Desk(study, MemoryKeeping(), "c1", ("s-w-1",)).page("s-w-1").body["transcript"]
    assert sent["other_language"] == "zh"
    assert [turn["other"] for turn in sent["turns"]] == [
        "有什么变化？",
        "他们现在听我们的，𠮷田先生说。",
        "还有呢？",
        "",
    ]


def test_words_that_the_translation_does_not_say_there_are_refused(study):
    desk = Desk(study, MemoryKeeping(), "c1", ("s-w-1",))
    answer = desk.record(message(study, other_quote="还有呢"))
    assert (answer.status, answer.body["kind"]) == (409, "quote")
    assert answer.body["what"] == "the other language of these turns does not say '还有呢' — load the page again"


def test_a_coding_on_the_translation_is_in_the_study_when_it_is_loaded_again(study, folder):
    with open_log(folder) as log:
        desk = Desk(study, LogKeeping(log, study.codebook.digest), "c1", ("s-w-1",))
        assert desk.record(message(study, other_quote=WORDS)).status == 200
        assert [c["other_quote"] for c in desk.page("s-w-1").body["codings"]] == [WORDS]
    again = bwa.load_study(folder)
    assert again.codings.frame[["quote", "other_quote"]].to_numpy().tolist() == [[TURN, WORDS]]


def test_words_of_the_translation_are_selected_and_coded(study, tab, run_server):
    keeping = MemoryKeeping()
    with run_server({"c1": Desk(study, keeping, "c1", ("s-w-1",))}) as server:
        tab.goto(server.link("c1"), wait_until="commit")
        tab.goto(f"{server.url}/t/s-w-1", wait_until="commit")
        tab.wait_for_selector("[data-ready]")
        assert tab.locator(".bwa-other").all_text_contents() == [
            "有什么变化？",
            "他们现在听我们的，𠮷田先生说。",
            "还有呢？",
        ]
        tab.evaluate(
            """() => {
              const node = document.querySelectorAll(".bwa-other")[1].firstChild;
              const range = document.createRange();
              range.setStart(node, 2); range.setEnd(node, 8);
              getSelection().removeAllRanges(); getSelection().addRange(range);
              node.parentElement.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, pointerType: "mouse" }));
            }"""
        )
        assert tab.locator(".bwa-selected").all_text_contents() == [TURN]
        tab.keyboard.press("1")
        tab.wait_for_selector("[data-state=saved]")
        tab.locator(".bwa-chip").click()
        assert tab.locator(".bwa-details q").text_content() == WORDS
        (kept,) = keeping.held("c1", "s-w-1").codings.values()
    assert (kept.coding.quote, kept.coding.other_quote, kept.coding.code) == (TURN, WORDS, "listening")
