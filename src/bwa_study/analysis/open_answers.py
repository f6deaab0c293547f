"""Answers to open questions, coded and counted like interviews, and never mixed with them in silence."""

from __future__ import annotations

from dataclasses import replace

from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import BwaError
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript

SURVEY, INTERVIEW = "survey", "interview"
"""Values of the attribute ``source`` that tells answers of the survey from interviews."""


class NoOpenAnswers(BwaError):
    """The study's survey has no answers to open questions."""


def open_answers(study: Study, *, beside_interviews: bool = False) -> Study:
    """The study whose transcripts are the answers to the survey's open questions, a respondent each.

    Every analysis of interviews works on it: what a table calls an interview is a respondent there.

    Parameters
    ----------
    study
        A study with a survey that has open questions.
    beside_interviews
        Keep the interviews too. The field ``source`` (interview, survey) then tells the two apart, and `frequency` asks
        for it in ``by``.

    Returns
    -------
    Study
        With the codings of the answers (and those of the interviews, if they are kept).

    Raises
    ------
    NoOpenAnswers
        If nobody answered an open question.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> answers = bwa.open_answers(bwa.demo_study(seed=1, size="lite"))
    >>> proposals = bwa.apply_codebook(answers.corpus, answers.codebook)
    >>> coded = answers.with_codings(proposals, examined_whole="indicators")
    >>> table = bwa.frequency(bwa.matrix(coded, coders=["indicators"]), by=("group", "round"))
    >>> {t.attribute("source") for t in coded.corpus}
    {'survey'}
    """
    own = study.answers
    if not len(own.corpus):
        raise NoOpenAnswers("nobody answered an open question — name items of 'kind: open' in survey.yaml")
    if not beside_interviews:
        return replace(study, corpus=own.corpus, codings=own.codings, examined=own.examined)
    interviews = tuple(_marked(t) for t in study.corpus)
    return replace(
        study,
        corpus=Corpus((*interviews, *own.corpus)),
        codings=Codings.joined([study.codings, own.codings]),
        examined=_joined(study.examined, own.examined),
    )


def _marked(transcript: Transcript) -> Transcript:
    others = tuple((name, value) for name, value in transcript.attributes if name != "source")
    return replace(transcript, attributes=(("source", INTERVIEW), *others))


def _joined(one: Examined, two: Examined) -> Examined:
    coders = dict.fromkeys([*one.turns, *two.turns])
    return Examined(
        {coder: {**one.turns.get(coder, {}), **two.turns.get(coder, {})} for coder in coders},
        {coder: {**one.dates.get(coder, {}), **two.dates.get(coder, {})} for coder in coders},
    )
