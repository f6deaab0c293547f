"""Small pieces of real transcripts, one of each kind of file, with what is in them. Sources: tests/data/SOURCES.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bwa_study.model.words import count_words
from spoken import messages, read

SAMPLES = Path(__file__).parents[1] / "data" / "transcripts"
AI = ("Assistant", "AI")


@pytest.mark.parametrize(
    ("name", "options", "turns", "speakers", "words", "timed"),
    [
        ("meeting.vtt", {"interviewer": ("Moderator One",)}, 8, 3, 652, True),
        ("user_study.pdf", {"interviewer": ("Dan",)}, 94, 2, 2933, False),
        ("answers.docx", {}, 1, 1, 532, False),
        ("talks.csv", {"part": "creativity_0001", "interviewer": AI, "respondent": ("User",)}, 5, 3, 320, False),
        ("talk.md", {"interviewer": AI, "respondent": ("User",)}, 5, 3, 318, False),
        ("record.xml", {"interviewer": ("主持人",), "language": "zh"}, 7, 2, 563, False),
    ],
)
def test_a_sample_has_its_turns_speakers_and_words(name, options, turns, speakers, words, timed):
    one = read((SAMPLES / name).read_bytes(), name, **options).transcript
    found = (
        len(one.turns),
        len({t.speaker for t in one.turns}),
        sum(count_words(one.quote(t.span)) for t in one.turns),
    )
    assert found == (turns, speakers, words)
    assert all((t.time is not None) == timed for t in one.turns)


def test_what_the_samples_hold_besides_is_told():
    assert messages(read((SAMPLES / "answers.docx").read_bytes(), "answers.docx"))[0] == (
        "answers.docx: note: comments left out (18) — only the visible text is read"
    )
    assert messages(read((SAMPLES / "user_study.pdf").read_bytes(), "a.pdf", interviewer=("Dan",))) == [
        "a.pdf: note: numbers of pages and lines, and running heads left out (253) — only the visible text is read"
    ]


ENGLISH = (8, 2, 101)
CHINESE = (8, 2, 149)
MADE = {
    "labels.txt": (ENGLISH, False),
    "stamped.txt": (ENGLISH, True),
    "marked.md": (ENGLISH, False),
    "table_between.docx": (ENGLISH, False),
    "one_table.docx": (ENGLISH, False),
    "open.odt": (ENGLISH, False),
    "rich.rtf": (ENGLISH, False),
    "subtitles.srt": (ENGLISH, True),
    "voices.vtt": (ENGLISH, True),
    "names.vtt": (ENGLISH, True),
    "many_cues.vtt": (ENGLISH, True),
    "one_word_colours.vtt": (ENGLISH, True),
    "whisperx.json": (ENGLISH, True),
    "whisper.json": ((1, 1, 101), False),
    "turns.csv": (ENGLISH, True),
    "turns.xlsx": (ENGLISH, True),
    "fullwidth.txt": (CHINESE, False),
    "gb18030.txt": (CHINESE, False),
    "speaker_clock.txt": (CHINESE, True),
    "name_time.txt": (CHINESE, True),
    "time_label.txt": (CHINESE, True),
    "speaker_cells.docx": (CHINESE, False),
}
"""Turns, speakers and words of the same talk in each kind of file, and whether its turns have times."""


def made(name):
    language = "zh" if MADE[name][0] == CHINESE else "en"
    told = ("SPEAKER_00", "说话人1", "张工")
    return read((SAMPLES / "made" / name).read_bytes(), name, language=language, interviewer=told).transcript


@pytest.mark.parametrize("name", MADE)
def test_one_talk_has_the_same_turns_speakers_and_words_in_every_kind_of_file(name):
    one = made(name)
    words = sum(count_words(one.quote(t.span)) for t in one.turns)
    assert ((len(one.turns), len({t.speaker for t in one.turns}), words), one.turns[-1].time is not None) == MADE[name]


@pytest.mark.parametrize("counts", [ENGLISH, CHINESE])
def test_no_word_of_a_talk_depends_on_its_kind_of_file(counts):
    told = {tuple(" ".join(one.quote(t.span).split()) for t in one.turns) for one in map(made, of_counts(counts))}
    assert len(told) == 1


def of_counts(counts):
    return [name for name, (of, _) in MADE.items() if of == counts]


def test_every_sample_is_tested_and_has_its_line_of_source_and_licence():
    assert {path.name for path in (SAMPLES / "made").iterdir()} == set(MADE)
    lines = (SAMPLES.parent / "SOURCES.md").read_text(encoding="utf-8").splitlines()
    licence = re.compile(r"\b(MIT|BSD|Apache|CC0|CC BY|own)\b")
    of_file = {path.name: [line for line in lines if f"`transcripts/{path.name}" in line] for path in SAMPLES.iterdir()}
    unsaid = [name for name, found in of_file.items() if not any(licence.search(line) for line in found)]
    assert unsaid == ["LICENSE-answers.txt"]
