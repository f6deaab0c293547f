"""Codings of another program's project as events of the coding log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bwa_study.coding.log.exchange import event_of_row
from bwa_study.coding.log.log import tool_version, utc_text
from bwa_study.load.refi_qda_places import breaks_as_one
from bwa_study.model.codings import ADJUDICATED
from bwa_study.model.errors import Problem, shown
from bwa_study.model.events import Event
from bwa_study.model.qda_project import QdaCoding, QdaProject, QdaSource
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
    unknown: Counter[str] = Counter()
    for source in project.texts:
        id = names.interviews.get(source.guid, "")
        place = _place(source, texts.get(id, ""))
        if place is None:
            n = sum(len(selection.codings) for selection in source.selections)
            what = f"source {source.guid} ('{shown(source.name)}') is no interview of the study, or its text differs"
            problems += [Problem(file, 0, 0, f"{what}: {n} codings", _KEEP, "warning")] if n else []
            continue
        for coding, row in _rows(source, id, texts[id], place, names):
            if row is None:
                unknown[coding.code] += 1
            else:
                made.append((_moment(coding.created, now), event_of_row(row, reason=REASON)))
    called = {code.guid: code.name for code in project.codes}
    for guid, n in unknown.items():
        what = f"code {guid} ('{shown(called.get(guid, ''))}') is none of the codebook's: {n} codings"
        mend = "they are left out; add the code to the codebook, and take the project in again"
        problems.append(Problem(file, 0, 0, what, mend, "warning"))
    made.sort(key=lambda one: one[0])
    return [_kept(event, number, moment) for number, (moment, event) in enumerate(made, start=1)], problems


def _rows(
    source: QdaSource, id: str, text: str, place: Callable[[int], int], names: Names
) -> Iterator[tuple[QdaCoding, dict[str, object] | None]]:
    """The codings of a source, each with its row of a codings table; None where the study has no such code."""
    digest = text_digest(text)
    for selection in source.selections:
        start, end = place(selection.start), place(selection.end)
        for coding in selection.codings if start < end else ():
            if coding.code not in names.codes:
                yield coding, None
                continue
            (code, polarity), coder = names.codes[coding.code], names.coders[coding.user]
            yield coding, {
                "id": coding.guid, "transcript": id, "start": start, "end": end, "quote": text[start:end],
                "code": code, "polarity": polarity, "coder": coder, "coder_kind": "human", "memo": coding.memo,
                "status": ADJUDICATED if coder == ADJUDICATED else "accepted", "text_digest": digest,
            }  # fmt: skip


def _kept(event: Event, number: int, moment: str) -> Event:
    return replace(event, sequence=number, time=moment, tool_version=tool_version())


def _moment(created: str, now: datetime) -> str:
    """A time as events keep it; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(created)
        return utc_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return utc_text(now)


def same_words(text: str) -> str:
    """A text as far as it matters whether two are the same: without kinds of line ends, and what is blank at its end.

    Examples
    --------
    >>> same_words("I: How?\\r\\nR1: Fine.\\n") == same_words("I: How?\\nR1: Fine.")
    True
    """
    return text.replace("\r\n", "\n").rstrip()


def _place(source: QdaSource, text: str) -> Callable[[int], int] | None:
    """Where a place of the project's text is in ours; None if they are not the same words."""
    theirs = source.text or ""
    if theirs == text:
        return lambda offset: offset
    if same_words(theirs) != same_words(text):
        return None
    before, after = breaks_as_one(theirs), breaks_as_one(text)
    return lambda offset: min(after.offset(before.position(offset)), len(text))
