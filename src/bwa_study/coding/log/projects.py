"""Codings of another program's project as events of the coding log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bwa_study.coding.log.exchange import event_of_row
from bwa_study.coding.log.log import tool_version, utc_text
from bwa_study.load.refi_qda_places import breaks_as_one
from bwa_study.model.errors import Problem, shown
from bwa_study.model.events import Event
from bwa_study.model.qda_project import QdaProject, QdaSource
from bwa_study.model.transcripts import text_digest

REASON = "taken over from a project in REFI-QDA"
_KEEP = "they are left out; restore the text, or place them by their words (docs/howto/other_tools.md)"


@dataclass(frozen=True, slots=True)
class Names:
    """What the things of a project are called in a study, by their uuids.

    Parameters
    ----------
    codes
        Id and polarity of each code.
    interviews
        Id of the interview of each source.
    coders
        Name of each user; the empty uuid is who codes without a name.
    """

    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    interviews: Mapping[str, str] = field(default_factory=dict)
    coders: Mapping[str, str] = field(default_factory=dict)


def project_events(
    project: QdaProject, texts: Mapping[str, str], names: Names, *, file: str, now: datetime
) -> tuple[list[Event], list[Problem]]:
    """The codings of a project, one event each, in the order in which they were made.

    Parameters
    ----------
    project
        As `read_refi_qda` gives it.
    texts
        The text of each interview, by its id. It may differ from the project's in its line ends only.
    names
        What codes, sources and users are called in the study.
    file
        What messages call the project.
    now
        The time of a coding that has none.

    Returns
    -------
    tuple
        Events with the number and time they have in a log that holds nothing else, and warnings for what they leave
        out. A coding keeps its uuid, so that taking it in again changes nothing.
    """
    made: list[tuple[str, Event]] = []
    problems: list[Problem] = []
    unknown: dict[str, int] = {}
    for source in project.texts:
        if not source.selections:
            continue
        n = sum(len(selection.codings) for selection in source.selections)
        place = _place(source, texts.get(names.interviews.get(source.guid, ""), ""))
        if place is None:
            what = f"source {source.guid} ('{shown(source.name)}') is no interview of the study, or its text differs"
            problems.append(Problem(file, 0, 0, f"{what}: {n} codings", _KEEP, "warning"))
            continue
        id = names.interviews[source.guid]
        text = texts[id]
        for selection in source.selections:
            start, end = place(selection.start), place(selection.end)
            for coding in selection.codings:
                if coding.code not in names.codes or start >= end:
                    unknown[coding.code] = unknown.get(coding.code, 0) + 1
                    continue
                code, polarity = names.codes[coding.code]
                row = {
                    "id": coding.guid, "transcript": id, "start": start, "end": end, "quote": text[start:end],
                    "code": code, "polarity": polarity, "coder": names.coders[coding.user], "coder_kind": "human",
                    "status": "accepted", "memo": coding.memo, "text_digest": text_digest(text),
                }  # fmt: skip
                made.append((_moment(coding.created, now), event_of_row(row, reason=REASON)))
    called = {code.guid: code.name for code in project.codes}
    for guid, n in unknown.items():
        what = f"code {guid} ('{shown(called.get(guid, ''))}') is none of the codebook's: {n} codings"
        mend = "they are left out; add the code to the codebook and to the file that says which is which"
        problems.append(Problem(file, 0, 0, what, mend, "warning"))
    made.sort(key=lambda one: one[0])
    return [_kept(event, number, moment) for number, (moment, event) in enumerate(made, start=1)], problems


def _kept(event: Event, number: int, moment: str) -> Event:
    return replace(event, sequence=number, time=moment, tool_version=tool_version())


def _moment(created: str, now: datetime) -> str:
    """A time as events keep it; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(created)
        return utc_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return utc_text(now)


def _place(source: QdaSource, text: str) -> Callable[[int], int] | None:
    """Where a place of the project's text is in ours; None if they are not the same words."""
    theirs = source.text or ""
    if theirs == text:
        return lambda offset: offset
    if theirs.replace("\r\n", "\n").rstrip() != text.replace("\r\n", "\n").rstrip():
        return None
    before, after = breaks_as_one(theirs), breaks_as_one(text)
    return lambda offset: min(after.offset(before.position(offset)), len(text))
