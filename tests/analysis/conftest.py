from __future__ import annotations

import uuid

import pandas as pd
import pytest

from bwa_study.model.codebook import Code, Codebook, Theme
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.labels import Label
from bwa_study.model.spans import Span
from bwa_study.model.study import Group, Round, Site, Study
from bwa_study.model.transcripts import Role, Transcript, Turn

NO_LABEL = Label(())
CODES = (
    Code("a", "t", NO_LABEL),
    Code("b", "t", NO_LABEL),
    Code("c", "u", NO_LABEL, block="pay", groups=("worker",)),
)


def interview(id, group, round, sites, turns, *, language="en", blocks=None, **attributes):
    """`turns` are texts; one that begins with ``I:`` is the interviewer's, ``[S1]`` says which site it is about,
    ``<zh>`` its language."""
    text, out = "", []
    for number, words in enumerate(turns, start=1):
        role = Role.INTERVIEWER if words.startswith("I:") else Role.RESPONDENT
        words = words.removeprefix("I:").strip()
        about, tag = (), language
        if words.startswith("["):
            site, words = words[1:].split("] ", 1)
            about = tuple(site.split(";"))
        if words.startswith("<"):
            tag, words = words[1:].split("> ", 1)
        out.append(Turn(number, str(role), role, Span(len(text), len(text) + len(words)), tag, about))
        text += words + "\n"
    asked = None if blocks is None else frozenset(blocks)
    sites = tuple(sites.split(";")) if sites else ()
    facts = tuple(attributes.items())
    return Transcript(id, f"P-{id}", group, round, sites, language, text, tuple(out), asked, "full", False, facts)


def build_study(interviews, codings=(), *, examined=None, codes=CODES):
    """A study with declared orders that are not alphabetical. A coding is transcript, words, code, polarity, coder
    and more columns; `examined` gives by coder and transcript the turns read, or None for all."""
    corpus = Corpus(tuple(interviews))
    themes = tuple(Theme(id, NO_LABEL) for id in dict.fromkeys(c.theme for c in codes) if id)
    rows = []
    for n, (transcript, words, code, polarity, coder, *more) in enumerate(codings):
        start = corpus[transcript].text.index(words)
        row = {
            "id": str(uuid.UUID(int=n)),
            "transcript": transcript,
            "start": start,
            "end": start + len(words),
            "quote": words,
            "code": code,
            "polarity": polarity,
            "coder": coder,
            "coder_kind": "human",
            "status": "accepted",
        }
        rows.append({**row, **(more[0] if more else {})})
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = Codings(pd.DataFrame(rows, columns=names)) if rows else Codings.empty()
    read = {
        coder: {t: None if turns is None else frozenset(turns) for t, turns in of_coder.items()}
        for coder, of_coder in (examined or {}).items()
    }
    return Study(
        id="tiny",
        title=NO_LABEL,
        groups=(Group("worker", NO_LABEL), Group("manager", NO_LABEL)),
        rounds=(Round("before", NO_LABEL), Round("after", NO_LABEL)),
        sites=(Site("S2"), Site("S1")),
        corpus=corpus,
        codebook=Codebook("tiny", "1", themes, tuple(codes)),
        codings=table,
        examined=Examined(read),
    )


@pytest.fixture(scope="session")
def make_interview():
    return interview


@pytest.fixture(scope="session")
def make_study():
    return build_study


INTERVIEWS = (
    interview(
        "w1",
        "worker",
        "before",
        "S1",
        [
            "I: What happened after the visit of the client?",
            "They came back today.",
            "I: And?",
            "Nobody asked us anything.",
        ],
        shift="night",
    ),
    interview("w2", "worker", "before", "S2", ["他们没有回来。"], language="zh", shift="day"),
    interview(
        "w3", "worker", "after", "S1", ["They came back and stayed.", "Then they left."], blocks=["time"], shift="night"
    ),
    interview("w4", "worker", "after", "S1", ["Not read by the coder."]),
    interview(
        "m1", "manager", "before", "S1;S2", ["[S1] We met twice.", "[S2] Nothing there.", "In general it is fine."]
    ),
)
CODINGS = (
    ("w1", "They came back today.", "a", "present", "x"),
    ("w1", "Nobody asked us anything.", "b", "absent", "x"),
    ("w2", "他们没有回来。", "a", "absent", "x"),
    ("w3", "They came back", "a", "present", "x"),
    ("w3", "came back and stayed", "a", "present", "x"),
    ("w3", "Then they left.", "a", "absent", "x"),
    ("m1", "We met twice.", "a", "present", "x"),
    ("m1", "We met twice.", "b", "present", "x"),
)


@pytest.fixture(scope="session")
def tiny():
    return build_study(INTERVIEWS, CODINGS, examined={"x": dict.fromkeys(("w1", "w2", "w3", "m1"))})
