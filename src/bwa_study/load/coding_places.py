"""Whether codings stand where they can be counted: on an answer, about a site of the study, in a turn that was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bwa_study.model.codings import Codings, Examined, Placed
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, did_you_mean, shown
from bwa_study.model.transcripts import Turn


def place_problems(
    codings: Codings, examined: Examined, corpus: Corpus, sites: Sequence[str], *, folder: str
) -> list[Problem]:
    """What cannot be counted, by coder.

    Returns
    -------
    list of Problem
        An error for a site that does not exist; warnings for codings on no respondent's words, and for codings in a
        turn that the coder's own record does not list.
    """
    unknown: Counter[tuple[str, str]] = Counter()
    no_answer: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for coding in codings:
        for site in filter(None, map(str.strip, coding.about.split(";"))):
            unknown[coding.coder, site] += site not in sites
        turn = _answer(coding, corpus)
        if turn is None:
            no_answer[coding.coder] += 1
        elif coding.coder in examined.turns and not examined.read(coding.coder, coding.transcript, turn.number):
            unread[coding.coder] += 1
    out = []
    for (coder, site), n in unknown.items():
        if n:
            what = (
                f"{n} codings by {shown(coder)} are about '{shown(site)}', which is no site{did_you_mean(site, sites)}"
            )
            out.append(Problem(folder, 0, 0, what, "correct the column 'about', or add the site to its table"))
    for coder, n in no_answer.items():
        what = f"{n} codings by {shown(coder)} stand on no respondent's words"
        out.append(Problem(folder, 0, 0, what, "only answers are counted; move them, or delete the rows", "warning"))
    for coder, n in unread.items():
        what = f"{n} codings by {shown(coder)} stand in turns that the coder's record does not list"
        out.append(Problem(folder, 0, 0, what, "they are not counted; list these turns in examined.csv", "warning"))
    return out


def _answer(coding: Placed, corpus: Corpus) -> Turn | None:
    """The first respondent's turn whose words a coding touches."""
    turns = corpus[coding.transcript].respondent_turns
    return next((t for t in turns if t.span.start < coding.end and coding.start < t.span.end), None)
