"""Small pieces of real transcripts, one of each kind of file, with what is in them. Sources: tests/data/SOURCES.md."""

from __future__ import annotations

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
