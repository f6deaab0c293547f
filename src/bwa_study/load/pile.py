"""A pile of files looked through: which are transcripts, which surveys, and what they tell about their interviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bwa_study.load.documents import KINDS, SPEECH_TABLES, kind_of, read_document
from bwa_study.load.file_clues import clues_of_head, clues_of_name
from bwa_study.load.gate import TEXT_KINDS, Rejected, Source, read_source, refuse_kind, settle_encoding
from bwa_study.load.language_clues import language_told
from bwa_study.load.speakers import SpeakerRules, folded_label
from bwa_study.load.survey_guess import SurveyGuess, recognise_survey
from bwa_study.load.survey_tables import TABLE_KINDS, read_survey_table
from bwa_study.load.turn_tables import parts_of
from bwa_study.load.turns import lines_of, parse_turns
from bwa_study.load.xlsform import read_xlsform
from bwa_study.model.errors import Problem, TableError

MAX_FILES = 20_000
_NO_TRANSCRIPTS = frozenset(
    {"study.yaml", "codebook.yaml", "survey.yaml", "report.yaml", "readme.md", "readme.txt", "license", "license.txt",
     "license.md", "interviews.csv", "factories.csv", "events.csv"}
)  # fmt: skip
_RULES = SpeakerRules()


@dataclass(frozen=True, slots=True)
class FoundTranscript:
    """A transcript: its path in the pile, its id in a table of many, fields of the manifest it tells, and its labels.

    `unlabelled` says that nobody is named in it, so that it may be no interview. `asks` has, for each label that is not
    a usual one, the share of its turns that end in a question; it is empty where the interviewer is known by a usual
    label.
    """

    path: str
    part: str
    fields: dict[str, str]
    asks: dict[str, float] = field(default_factory=dict)
    unlabelled: bool = False


@dataclass(slots=True)
class Pile:
    """What a folder holds; surveys with their first reading, and `left`: files that are none of it, with the reason.

    `guessed` are the texts whose encoding was guessed, each with a line as it reads.
    """

    transcripts: list[FoundTranscript] = field(default_factory=list)
    surveys: list[tuple[str, SurveyGuess]] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    guessed: list[Problem] = field(default_factory=list)


def look_through(folder: Path) -> Pile:
    """Look at every file of a folder and its folders; hidden ones are passed over, and links are named, not followed.

    Raises
    ------
    Rejected
        If there is no such folder, or more than 20,000 files in it.
    """
    if not folder.is_dir():
        raise Rejected(Problem(str(folder), 0, 0, "there is no such folder", "give the folder with your files"))
    pile = Pile()
    for link in sorted(path for path in folder.rglob("*") if path.is_symlink() and not path.name.startswith(".")):
        mend = "put the file itself into the folder"
        pile.left.append(Problem(link.relative_to(folder).as_posix(), 0, 0, "a link, which is not followed", mend))
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if path.name.casefold() in _NO_TRANSCRIPTS:
            continue
        try:
            _look(pile, path, name, folder)
        except Rejected as fault:
            pile.left.append(fault.problem)
    return pile


def _files(folder: Path) -> Iterator[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    seen = [p for p in found if not any(part.startswith((".", "~$")) for part in p.relative_to(folder).parts)]
    if len(seen) > MAX_FILES:
        what = f"it holds {len(seen):,} files"
        raise Rejected(Problem(str(folder), 0, 0, what, "give the folder of the study's files only"))
    yield from seen


def _look(pile: Pile, path: Path, name: str, folder: Path) -> None:
    ending = kind_of(name)
    refuse_kind(name, instead="take it out, or save it as one of the kinds that are")
    if ending not in (*KINDS, *TABLE_KINDS):
        raise Rejected(Problem(name, 0, 0, f"'{ending}' files are not read", "save it as one of the kinds that are"))
    source = read_source(path, name=name, folder=folder)
    if ending in TEXT_KINDS:
        source, guesses = settle_encoding(source)
        pile.guessed += guesses
    parts = parts_of(source) if ending in SPEECH_TABLES else None
    if ending in TABLE_KINDS and parts is None:
        guess = recognise_survey(source)
        if guess is None:
            _refuse_unreadable(source)
            if source.name.lower().endswith(".xlsx") and _is_form(source):
                what = "the form of a survey (XLSForm), which is not answers"
                raise Rejected(Problem(name, 0, 0, what, "name it in survey.yaml as 'form' of the wave it made"))
            what = "a table that is neither interviews nor answers to a survey"
            mend = "interviews have columns speaker and text, or transcript_id and text"
            raise Rejected(Problem(name, 0, 0, what, mend))
        pile.surveys.append((name, guess))
        return
    pile.transcripts += [found_transcript(source, name, part) for part in parts or ("",)]


def _is_form(source: Source) -> bool:
    try:
        return bool(read_xlsform(source))
    except Rejected:
        return False


def _refuse_unreadable(source: Source) -> None:
    """Say why a table cannot be read, where that is why it is nothing."""
    try:
        read_survey_table(source)
    except TableError as fault:
        raise Rejected(fault.problems[0]) from None


def found_transcript(source: Source, name: str, part: str = "") -> FoundTranscript:
    """What a transcript tells about its interview.

    Raises
    ------
    Rejected
        If it cannot be read.
    """
    found = read_document(source, part=part)
    of_name = clues_of_name(name)
    language = language_told(of_name.get("language", ""), found.text)
    parsed = parse_turns(
        found.text, language=language or "en", bold=found.bold, declared=found.heads, settled=found.settled
    )
    start = parsed.turns[0].span.start if parsed.turns else 0
    before = [found.text[a:b] for a, b in lines_of(found.text[:start])] if not found.settled else []
    fields = clues_of_name(f"{part}.") if part else {}
    fields = {**clues_of_head(before), **of_name, **fields, "language": language}
    if source.encoding not in ("", "utf-8"):
        fields["encoding"] = source.encoding
    turns: Counter[str] = Counter(turn.speaker for turn in parsed.turns if turn.speaker)
    asked = Counter(t.speaker for t in parsed.turns if found.text[: t.span.end].rstrip().endswith(("?", "？")))
    known = any(t.role.value == "interviewer" for t in parsed.turns)
    odd = [one for one, n in turns.items() if _RULES.role(folded_label(one)) is None and (n > 1 or found.settled)]
    asks = {} if known or len(turns) < 2 else {one: asked[one] / turns[one] for one in odd}
    return FoundTranscript(name, part, fields, asks, unlabelled=not turns)
