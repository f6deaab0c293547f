"""Nouns of the model as the plain values that the page is sent."""

from __future__ import annotations

from typing import Any

from bwa_study.model.codebook import Code, Codebook
from bwa_study.model.labels import Label
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript


def study_values(study: Study) -> dict[str, Any]:
    """What the page says of the study."""
    title = label_values(study.title)
    return {"id": study.id, "title": title, "language": study.language, "synthetic": study.synthetic}


def transcript_values(study: Study, transcript: Transcript) -> dict[str, Any]:
    """A transcript turn by turn; ``start`` and ``end`` count code points of its whole text.

    ``other`` is the turn in the interview's other language, empty where there is none.
    """
    return {
        "id": transcript.id,
        "digest": transcript.digest,
        "language": transcript.language,
        "other_language": transcript.paired.language if transcript.paired else "",
        "label": transcript_label(study, transcript),
        "turns": [
            {
                "number": turn.number,
                "speaker": turn.speaker,
                "role": turn.role.value,
                "language": turn.language,
                "start": turn.span.start,
                "end": turn.span.end,
                "text": transcript.quote(turn.span),
                "other": transcript.in_other_language(turn.number),
            }
            for turn in transcript.turns
        ],
    }


def transcript_label(study: Study, transcript: Transcript) -> dict[str, str]:
    """Group, round and sites of a transcript in the languages of the page."""
    sites = ", ".join(transcript.sites)
    out = {}
    for language in ("en", "zh"):
        group = study.label("group", transcript.group, language)
        round = study.label("round", transcript.round, language)
        out[language] = " · ".join(filter(None, (group, round, sites)))
    return out


def codebook_values(codebook: Codebook) -> dict[str, Any]:
    """Themes and codes with what a coder needs to tell them apart; indicators are not sent."""
    return {
        "version": codebook.version,
        "digest": codebook.digest,
        "rules": list(codebook.general_rules),
        "rules_in": {tag: list(codebook.rules(tag)) for tag, _ in codebook.rule_translations},
        "themes": [{"id": t.id, "label": label_values(t.label), "definition": t.definition} for t in codebook.themes],
        "codes": [_code_values(code) for code in codebook],
    }


def label_values(label: Label) -> dict[str, str]:
    """A label by language."""
    return dict(label.texts)


def _code_values(code: Code) -> dict[str, Any]:
    near = code.near_miss
    return {
        "id": code.id,
        "theme": code.theme,
        "label": label_values(code.label),
        "definition": code.definition,
        "present": code.present,
        "absent": code.absent,
        "include": list(code.include),
        "exclude": [{"rule": one.rule, "see": one.see} for one in code.exclude],
        "words": {tag: _words(code, tag) for tag, _ in code.translations},
        "examples": [{"text": one.text, "polarity": one.polarity.value} for one in code.examples],
        "near_miss": {"text": near.text, "code": near.code} if near else None,
    }


def _words(code: Code, language: str) -> dict[str, Any]:
    """What coders read of a code in a further language, in the shape it has in the first one."""
    words = code.words(language)
    return {
        "definition": words.definition,
        "present": words.present,
        "absent": words.absent,
        "include": list(words.include),
        "exclude": [{"rule": rule, "see": one.see} for rule, one in zip(words.exclude, code.exclude, strict=True)],
    }
