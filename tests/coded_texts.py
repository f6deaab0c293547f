"""Made texts of any mixture, and what the reference coder says of them; shared by tests of the coders."""

from __future__ import annotations

from hypothesis import strategies as st

from bwa_study.coding.reference import IndicatorCoder
from bwa_study.coding.rows import indicator_text
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn

COLUMNS = [
    "transcript",
    "start",
    "end",
    "quote",
    "code",
    "polarity",
    "indicator",
    "match_start",
    "match_end",
    "time_ref",
]


def by_reference(corpus, codebook):
    coder = IndicatorCoder(codebook)
    return [
        (
            t.id, p.sentence.start, p.sentence.end, t.quote(p.sentence), p.code, str(p.polarity),
            indicator_text(p.indicator, negated=p.negated, wish=p.wish), p.match.start, p.match.end, p.time_ref,
        )
        for t in corpus
        for p in coder.proposals(t)
    ]  # fmt: skip


def rows(codings):
    return list(zip(*(codings.table[c].tolist() for c in COLUMNS), strict=True))


def transcript(turns, id="T1"):
    out, at, text = [], 0, ""
    for number, (role, words) in enumerate(turns, start=1):
        text += words + "\n"
        out.append(Turn(number, str(role), role, Span(at, at + len(words)), "en"))
        at = len(text)
    return Transcript(id, "P", "worker", "R1", ("F1",), "en", text, tuple(out))


WORDS = ["we", "don't", "follow", "follows", "up", "never", "not", "Ｗｅ", "follow-up", "unfollow", "e\u0301t", "Don’t"]
LONG = [
    "incomprehensibility",
    "responsibilities",
    "responsibility's",
    "counterproductively",
    "Überprüfung",
    "наблюдение",
]
HAN = ["客户", "跟进", "没有", "不", "没", "人", "𠮷", "〇", "，", "：", "ｆ"]
MARKS = [
    ". ",
    ".",
    "! ",
    "?",
    "...",
    "…",
    "。",
    "！",
    "？！",
    ".” ",
    "\u3000",
    "  ",
    "\n",
    "\u2028",
    "Mr. ",
    "e.g. ",
    " B. ",
    "'",
    "-",
    "_",
]
MARKS += ["😀", "👩\u200d🏭", "\u0301", ",", "(", ") ", "’"]
PIECES = [*(w + " " for w in WORDS), *(w + " " for w in LONG), *HAN, *MARKS]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
turns = st.lists(st.tuples(st.sampled_from([Role.RESPONDENT, Role.RESPONDENT, Role.INTERVIEWER]), texts), max_size=5)
