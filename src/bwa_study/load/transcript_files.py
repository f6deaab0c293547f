"""Transcript files of every known kind become a `Transcript`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bwa_study.load.documents import read_document
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.plain_text import PlainText
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.turns import ParsedTurns, parse_turns
from bwa_study.model.errors import Problem, Severity, did_you_mean, shown
from bwa_study.model.transcripts import Role, Transcript
from bwa_study.model.words import count_han, count_words


@dataclass(frozen=True, slots=True)
class InterviewFields:
    """What the manifest says of one interview; the same fields as `Transcript` without text and turns.

    `part` is its id in a table of many interviews.
    """

    id: str
    participant: str
    group: str
    round: str
    sites: tuple[str, ...]
    language: str
    blocks_asked: frozenset[str] | None = None
    consent_quotes: str = "none"
    synthetic: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    encoding: str = ""
    part: str = ""


@dataclass(slots=True)
class ReadTranscript:
    """A transcript, or None with the errors that prevent it; warnings and notes come along."""

    transcript: Transcript | None = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, what: str, mend: str, severity: Severity = "error") -> None:
        """Note a problem of the whole file."""
        self.problems.append(Problem(file, 0, 0, what, mend, severity))


def read_transcript(
    source: Source, interview: InterviewFields, rules: SpeakerRules, sites: Iterable[str]
) -> ReadTranscript:
    """Read one transcript.

    Parameters
    ----------
    source
        The file; its kind is told by the ending of its name.
    interview
        Fields of the manifest.
    rules
        Speaker labels stated in the study file.
    sites
        Ids that an ``[about: …]`` line may name.
    """
    out = ReadTranscript()
    _read_into(out, source, interview, rules, tuple(sites))
    if interview.part:
        out.problems = [_in_part(problem, source.name, interview.part) for problem in out.problems]
    return out


def read_twice(transcripts: Iterable[Transcript], manifest: str) -> list[Problem]:
    """A warning for every transcript whose file holds the same bytes as that of one before it."""
    first: dict[tuple[str, str], str] = {}
    out = []
    for one in transcripts:
        before = first.setdefault((one.source_digest, one.text), one.id)
        if before != one.id:
            what = f"interview '{one.id}' has the same words as '{before}', to the byte"
            out.append(Problem(manifest, 0, 0, what, "take one out if it is a copy: it would count twice", "warning"))
    return out


def _in_part(problem: Problem, file: str, part: str) -> Problem:
    return replace(problem, file=f"{file}#{part}") if problem.file == file else problem


def _read_into(
    out: ReadTranscript, source: Source, interview: InterviewFields, rules: SpeakerRules, sites: tuple[str, ...]
) -> None:
    try:
        found = _text_of(out, source, interview, (*rules.interviewer, *rules.respondent))
    except Rejected as fault:
        out.problems.append(fault.problem)
        return
    text = found.text
    parsed = parse_turns(
        text,
        language=interview.language,
        rules=rules,
        bold=found.bold,
        declared=found.heads,
        settled=found.settled,
    )
    for note in parsed.notes:
        out.add(source.name, note, "they are shown in no table", "note")
    for warning in parsed.warnings:
        out.add(source.name, warning, "check the labels, or state them under 'speakers' in study.yaml", "warning")
    _check_turns(out, source, interview, text, parsed, sites)
    if not parsed.turns:
        out.add(source.name, "no turn has any text", "check the speaker labels")
    _check_language(out, source, interview, text)
    if not any(p.severity == "error" for p in out.problems):
        out.transcript = Transcript(
            id=interview.id,
            participant=interview.participant,
            group=interview.group,
            round=interview.round,
            sites=interview.sites,
            language=interview.language,
            text=text,
            turns=parsed.turns,
            blocks_asked=interview.blocks_asked,
            consent_quotes=interview.consent_quotes,
            synthetic=interview.synthetic,
            attributes=interview.attributes,
            encoding=source.encoding or interview.encoding,
            source_digest=source.digest,
        )


def _text_of(out: ReadTranscript, source: Source, interview: InterviewFields, labels: tuple[str, ...]) -> PlainText:
    source = replace(source, encoding=interview.encoding or source.encoding)
    found = read_document(source, part=interview.part, labels=labels)
    for left in found.left_out:
        out.add(source.name, left, "only the visible text is read", "note")
    for note in found.notes:
        out.add(source.name, note, "look whether something is missing", "warning")
    return found


def _check_turns(
    out: ReadTranscript,
    source: Source,
    interview: InterviewFields,
    text: str,
    parsed: ParsedTurns,
    sites: tuple[str, ...],
) -> None:
    unsettled, about, turns = parsed.unsettled, parsed.about_ids, parsed.turns
    if unsettled:
        listed = ", ".join(f"'{shown(one)}'" for one in unsettled)
        mend = "state them in study.yaml: speakers: {interviewer: [...], respondent: [...]}"
        out.add(source.name, f"nobody is known as the interviewer among the speakers {listed}", mend)
    if turns and not any(turn.role is Role.RESPONDENT for turn in turns):
        mend = "check the labels, or state them in study.yaml: speakers: {interviewer: [...], respondent: [...]}"
        out.add(source.name, "no turn is a respondent's", mend)
    for turn in turns:
        at = text.lower().find("[about:", turn.span.start, turn.span.end)
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            what, mend = "'[about: …]' stands inside of a turn", "put it on a line of its own before the turn"
            out.problems.append(Problem(source.name, line, 0, what, mend))
    known = interview.sites or sites
    for id in about:
        if id not in known:
            what = f"'[about: {shown(id)}]' names no site of this interview{did_you_mean(id, known)}"
            out.add(source.name, what, f"use one of {', '.join(known) or '(none declared)'}")


def _check_language(out: ReadTranscript, source: Source, interview: InterviewFields, text: str) -> None:
    han = count_han(text)
    words = count_words(text)
    chinese = interview.language.split("-")[0] in {"zh", "yue", "wuu", "nan"}
    if words >= 20 and not chinese and han > words / 2:
        what = f"the text is mostly Chinese but the manifest says language '{shown(interview.language)}'"
        out.add(source.name, what, "write zh (or yue …) into the column 'language'")
    if words >= 20 and interview.language == "zh" and han == 0:
        out.add(
            source.name,
            "the manifest says language 'zh' but the text has no Chinese character",
            "correct the column 'language'",
        )
