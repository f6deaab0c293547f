from __future__ import annotations

import pandas as pd
import pytest

from bwa_study.load.coding_places import place_problems
from bwa_study.load.turns import parse_turns
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.transcripts import Transcript

TEXT = "I: What changed?\nR: The fans work.\nI: And then?\nR: Nothing."
CORPUS = Corpus((Transcript("t1", "p1", "worker", "R1", ("F01",), "en", TEXT, parse_turns(TEXT, language="en").turns),))


def problems(quote: str, *, about: str = "", read: frozenset[int] | None = None) -> list[str]:
    start = TEXT.index(quote)
    row = {
        "id": "c1",
        "transcript": "t1",
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "code": "follow_up",
        "polarity": "present",
        "coder": "A",
        "coder_kind": "human",
        "status": "accepted",
        "about": about,
    }
    codings = Codings(pd.DataFrame([row]))
    found = place_problems(codings, Examined({"A": {"t1": read}}), CORPUS, ["F01", "F02"], folder="codings")
    return [str(p) for p in found]


def test_a_coding_on_an_answer_in_a_turn_that_was_read_is_no_problem():
    assert problems("The fans work.", about="F01; F02") == []


def test_a_coding_on_the_question_is_a_warning():
    (found,) = problems("What changed?")

    assert found == (
        "codings: warning: 1 codings by A stand on no respondent's words — only answers are counted; move them, or "
        "delete the rows"
    )


def test_a_coding_in_a_turn_the_record_does_not_list_is_a_warning():
    (found,) = problems("Nothing.", read=frozenset({2}))

    assert found == (
        "codings: warning: 1 codings by A stand in turns that the coder's record does not list — they are not counted; "
        "list these turns in examined.csv"
    )


@pytest.mark.parametrize(("about", "hint"), [("F03", ", did you mean 'F01'?"), ("x", "")])
def test_a_coding_about_no_site_of_the_study_is_an_error(about: str, hint: str):
    (found,) = problems("Nothing.", about=about)

    assert found.startswith(f"codings: 1 codings by A are about '{about}', which is no site")
    assert "correct the column 'about'" in found
