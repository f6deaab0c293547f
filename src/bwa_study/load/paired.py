"""Interviews in two languages: the other text is paired with the transcript turn by turn."""

from __future__ import annotations

import re
from dataclasses import replace

from bwa_study.load.documents import read_document
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.turns import parse_turns
from bwa_study.model.errors import Problem, shown
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import PairedText, Transcript
from bwa_study.model.words import count_han, count_words

_UNTRANSLATED = re.compile(
    r"[-\u2013\u2014\u2026.]+|[\[(（【]\s*(?:not translated|untranslated|未翻译|未译|未譯)\s*[\])）】]", re.I
)
_MEND = "give both the same turns, or leave 'source_lang_file' empty"


def with_other_language(
    transcript: Transcript, source: Source, rules: SpeakerRules, *, part: str = ""
) -> tuple[Transcript, list[Problem]]:
    """The transcript with its other language, or as it was with the problems that prevent it.

    Parameters
    ----------
    transcript
        The interview that is coded.
    source
        The file of the other language, from the manifest's column ``source_lang_file``.
    rules
        Speaker labels stated in the study file.
    part
        Its id in a table of many interviews.

    Notes
    -----
    Turns are paired by their number. A turn of the other text that is only ``[not translated]``, ``[未翻译]`` or a dash
    keeps its place and says nothing, so that a file of translated quotes pairs too. Where a turn is missing, or asked
    in one language and answered in the other, the first such turn is named with its words on both sides.
    """
    try:
        found = read_document(source, part=part, labels=(*rules.interviewer, *rules.respondent))
    except Rejected as fault:
        return transcript, [fault.problem]
    language = _language(found.text, transcript.language)
    if found.text == transcript.text or language == transcript.language.split("-")[0]:
        what = f"it is in the language of interview '{transcript.id}', too ('{transcript.language}')"
        return transcript, [Problem(source.name, 0, 0, what, "name the file of the other language")]
    parsed = parse_turns(
        found.text, language=language, rules=rules, bold=found.bold, declared=found.heads, settled=found.settled
    )
    spans = tuple(_said(found.text, turn.span) for turn in parsed.turns)
    words = [found.text[span.start : span.end] for span in spans]
    own = [transcript.quote(turn.span) for turn in transcript.turns]
    for number, (turn, other) in enumerate(zip(transcript.turns, parsed.turns, strict=False), start=1):
        if turn.role is not other.role:
            what = (
                f"turn {number} is the {other.role.value}'s ('{shown(words[number - 1], limit=30)}') but the "
                f"{turn.role.value}'s in interview '{transcript.id}' ('{shown(own[number - 1], limit=30)}')"
            )
            return transcript, [Problem(source.name, 0, 0, what, _MEND)]
    if len(words) != len(own):
        number = min(len(words), len(own)) + 1
        longer = words if len(words) > len(own) else own
        what = (
            f"{len(words)} turns, but {len(own)} in interview '{transcript.id}': turn {number} "
            f"('{shown(longer[number - 1], limit=30)}') has no pair"
        )
        return transcript, [Problem(source.name, 0, 0, what, _MEND)]
    return replace(transcript, paired=PairedText(language, found.text, spans, source.digest)), []


def _said(text: str, span: Span) -> Span:
    return Span(span.start, span.start) if _UNTRANSLATED.fullmatch(text, span.start, span.end) else span


def _language(text: str, of_transcript: str) -> str:
    """``zh`` where it is Chinese, ``en`` beside a Chinese transcript, and empty where that cannot be told."""
    if count_han(text) > count_words(text) / 2:
        return "zh"
    return "en" if of_transcript.split("-")[0] in {"zh", "yue", "wuu", "nan"} else ""
