"""Answers to open questions become transcripts: a question is the interviewer's turn, its answer the respondent's."""

from __future__ import annotations

from collections.abc import Iterable

from bwa_study.model.corpus import Corpus
from bwa_study.model.spans import Span
from bwa_study.model.survey import SurveyItem, SurveyWave
from bwa_study.model.transcripts import Role, Transcript, Turn

SOURCE = "survey"
"""Value of the attribute ``source`` of such a transcript."""


def answer_transcripts(waves: Iterable[SurveyWave], *, language: str) -> Corpus:
    """A transcript for each respondent who answered an open question, in the order of the waves.

    Its id is ``survey-<round>-<respondent>``; the speaker of a question is the item's id; the further columns of the
    survey's file are its attributes, and ``source`` is ``survey``.

    Parameters
    ----------
    waves
        Of one study.
    language
        Of respondents for whom the file does not say it.
    """
    out = []
    for wave in waves:
        items = [item for item in wave.items if item.kind == "open"]
        if not items:
            continue
        answered = (wave.states[[item.id for item in items]] == "answered").any(axis=1)
        texts = wave.texts.to_dict("records")
        for n, person in enumerate(wave.respondents.to_dict("records")):
            if answered.iloc[n]:
                fields = {str(name): str(value) for name, value in person.items()}
                words = [(item, str(texts[n][item.id])) for item in items if texts[n][item.id]]
                out.append(_transcript(wave, fields, words, fields["language"] or language))
    return Corpus(tuple(out))


def _transcript(
    wave: SurveyWave, person: dict[str, str], answers: list[tuple[SurveyItem, str]], language: str
) -> Transcript:
    text = ""
    turns: list[Turn] = []
    for item, words in answers:
        for speaker, role, said in ((item.id, Role.INTERVIEWER, item.wording_in(wave.round).text(language) or item.id),
                                    ("R", Role.RESPONDENT, words)):  # fmt: skip
            turns.append(Turn(len(turns) + 1, speaker, role, Span(len(text), len(text) + len(said)), language))
            text += said + "\n"
    kept = ("respondent", "person", "site", "group", "round", "language", "consent_quotes", "weight")
    attributes = {"source": SOURCE} | {name: value for name, value in person.items() if name not in kept and value}
    return Transcript(
        id=f"survey-{wave.round}-{person['respondent']}".replace(":", "-"),
        participant=person["person"] or person["respondent"],
        group=person["group"],
        round=person["round"],
        sites=(person["site"],) if person["site"] else (),
        language=language,
        text=text,
        turns=tuple(turns),
        consent_quotes=person["consent_quotes"],
        synthetic=wave.synthetic,
        attributes=tuple(attributes.items()),
    )
