"""What stands in a coding sheet becomes events of the log: new codings, changed ones, and those taken out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from bwa_study.coding.log.log import CodingLog, new_id
from bwa_study.model.coding_sheet import CodingSheet, SheetCoding, ShownText
from bwa_study.model.codings import POLARITIES, TIME_REFS
from bwa_study.model.errors import Problem, TableError, did_you_mean, shown
from bwa_study.model.events import Event, Standing
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript, Turn

Key = tuple[int, int, str, str]


def turn_of(transcript: Transcript, event: Event) -> Turn | None:
    """The answer a coding stands in, if it stands on the present text and does not leave it: else no sheet shows it."""
    if event.text_digest not in ("", transcript.digest) or event.start is None or event.end is None:
        return None
    turns = transcript.respondent_turns
    return next((t for t in turns if t.span.start <= event.start and event.end <= t.span.end), None)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many codings a sheet added, changed and took out, and how many turns it marked as read."""

    added: int
    changed: int
    removed: int
    examined: int

    def __str__(self) -> str:
        return (
            f"{self.added} codings added, {self.changed} changed, {self.removed} taken out, "
            f"{self.examined} turns marked as read"
        )


def take_sheet(log: CodingLog, study: Study, sheet: CodingSheet) -> Taken:
    """Take a sheet into the log, all or nothing. A sheet that nobody touched changes nothing.

    A coding is the same if its words, its code and its polarity are; what else the sheet says of it is a change.

    Raises
    ------
    TableError
        With every row or comment that is no coding: unknown code, words that are not in the turn, words that come
        several times, another text than the study has, or a coding that somebody changed after the sheet was made.
    """
    reader = _Reader(study, sheet, log.standing(coder=sheet.coder))
    events, expects = reader.events()
    if reader.problems:
        raise TableError(reader.problems)
    log.extend(events, expects=expects)
    counts = Counter(event.operation for event in events)
    marked = sum(len(event.turns) for event in events if event.operation == "examine")
    return Taken(counts["add"], counts["change"], counts["remove"], marked)


class _Reader:
    def __init__(self, study: Study, sheet: CodingSheet, standing: Standing) -> None:
        self.study, self.sheet, self.standing = study, sheet, standing
        self.problems: list[Problem] = []
        self.shown: dict[tuple[str, int], tuple[Turn, ShownText]] = {}
        self.used: dict[str, Any] = {
            "codebook_version": study.codebook.version,
            "codebook_digest": study.codebook.digest,
        }

    def add(self, place: tuple[int, int], what: str, mend: str) -> None:
        self.problems.append(Problem(self.sheet.file, *place, what, mend))

    def events(self) -> tuple[list[Event], list[int | None]]:
        """Events, and the version each expects."""
        for id, digest in self.sheet.digests.items():
            if id not in self.study.corpus:
                self.add((0, 0), f"transcript '{shown(id)}' is not in the study", "take in a sheet of this study")
            elif self.study.corpus[id].digest != digest:
                self.add((0, 0), f"transcript '{shown(id)}' has another text now", "make a new sheet and code in it")
        for (id, number), text in self.sheet.texts.items():
            there = self.turn(id, number) if id in self.study.corpus else None
            if there is not None and there[1].text != text:
                self.add((0, 0), f"the text of turn {number} was changed", "make a new sheet; only comment in it")
        if self.problems:
            return [], []
        events: list[Event] = []
        expects: list[int | None] = []
        standing, later = self.by_place()
        seen = set()
        for row in self.sheet.codings:
            found = self.found(row)
            if found is None:
                continue
            if (row.transcript, found) in seen:
                self.add(row.place, f"'{shown(row.values['code'])}' is given to these words twice", "leave it once")
                continue
            seen.add((row.transcript, found))
            if (since := later.get((row.transcript, found))) is not None:
                if self.change(row, found, since) is not None:
                    what = f"'{shown(since.code)}' on '{shown(since.quote)}' was changed after the sheet was made"
                    self.add(row.place, f"{what} (event {since.sequence})", "look at it, and make a new sheet")
                continue
            old = standing.pop((row.transcript, found), None)
            event = self.change(row, found, old)
            if event is not None:
                events.append(event)
                expects.append(old.sequence if old else None)
        for old in standing.values():
            base: dict[str, Any] = {
                "coder": old.coder,
                "transcript": old.transcript,
                "text_digest": old.text_digest,
                **self.used,
            }
            events.append(Event(id=new_id(), operation="remove", coding=old.coding, **base))
            expects.append(old.sequence)
        marks = self.examined()
        return [*events, *marks], [*expects, *(None for _ in marks)]

    def by_place(self) -> tuple[dict[tuple[str, Key], Event], dict[tuple[str, Key], Event]]:
        """The coder's codings by place and code: those as they were when the sheet was made, and later ones."""
        before: dict[tuple[str, Key], Event] = {}
        later: dict[tuple[str, Key], Event] = {}
        for e in self.standing.codings.values():
            if e.transcript in self.sheet.digests and turn_of(self.study.corpus[e.transcript], e) is not None:
                part = before if e.sequence <= self.sheet.seen else later
                part[e.transcript, (e.start or 0, e.end or 0, e.code, e.polarity)] = e
        return before, later

    def change(self, row: SheetCoding, found: Key, old: Event | None) -> Event | None:
        """The event that makes the coding what the row says; None if it is so already."""
        start, end, code, polarity = found
        own: dict[str, Any] = {name: row.values[name] for name in ("evidence", "time_ref", "about", "memo")}
        own["certainty"] = int(row.values["certainty"]) if row.values["certainty"] else None
        if old is not None:
            same = all(_flat(getattr(old, name)) == _flat(value) for name, value in own.items())
            if same:
                return None
            kept = {**old.values, "turns": (), "sequence": 0, "time": "", "undo": False, **own, **self.used}
            return Event(**{**kept, "id": new_id(), "operation": "change"})
        transcript = self.study.corpus[row.transcript]
        return Event(
            id=new_id(), coding=new_id(), coder=self.sheet.coder, operation="add", transcript=row.transcript,
            text_digest=transcript.digest, start=start, end=end, quote=transcript.text[start:end], code=code,
            polarity=polarity, status="accepted", **own, **self.used,
        )  # fmt: skip

    def found(self, row: SheetCoding) -> Key | None:
        """Where a row's words stand, its code and polarity; None with a problem if something does not fit."""
        before = len(self.problems)
        place = self.words(row)
        self.check(row)
        if place is None or len(self.problems) > before:
            return None
        return *place, row.values["code"], row.values["polarity"]

    def check(self, row: SheetCoding) -> None:
        codes, sites = self.study.codebook.ids, [site.id for site in self.study.sites]
        allowed = {
            "code": codes,
            "polarity": POLARITIES,
            "certainty": ("", "1", "2", "3"),
            "evidence": ("", "own", "hearsay"),
            "time_ref": ("", *TIME_REFS),
            "about": ("", *sites),
        }
        for name, levels in allowed.items():
            value = row.values[name]
            if value not in levels:
                what = f"{name} '{shown(value)}' is not known{did_you_mean(value, levels)}"
                self.add(row.place, what, f"use one of {', '.join(filter(None, levels[:20]))}")

    def turn(self, transcript: str, number: int) -> tuple[Turn, ShownText] | None:
        key = (transcript, number)
        if key not in self.shown:
            text = self.study.corpus[transcript]
            turn = next((t for t in text.respondent_turns if t.number == number), None)
            if turn is None:
                return None
            self.shown[key] = turn, ShownText.of(text.quote(turn.span))
        return self.shown[key]

    def words(self, row: SheetCoding) -> tuple[int, int] | None:
        """Start and end of a row's words in the transcript."""
        if row.transcript not in self.sheet.digests or (there := self.turn(row.transcript, row.turn)) is None:
            what = f"transcript '{shown(row.transcript)}' has no answer {row.turn} in this sheet"
            self.add(row.place, what, "leave the columns transcript and turn as they were")
            return None
        turn, text = there
        if row.start is not None and row.end is not None:
            start, end = text.original(row.start, row.end)
            return turn.span.start + start, turn.span.start + end
        quote = row.quote.replace("\r\n", "\n").replace("\r", "\n")
        if not quote:
            return turn.span.start, turn.span.end
        places = [at for at in range(len(text.text)) if text.text.startswith(quote, at)]
        if not places:
            mend = "copy them from the text, letter by letter"
            self.add(row.place, f"the words '{shown(quote)}' are not in turn {row.turn}", mend)
        elif row.nth > len(places) or (row.nth == 0 and len(places) > 1):
            what = f"the words '{shown(quote)}' come {len(places)} times in turn {row.turn}"
            self.add(row.place, what, "say which, 1 for the first, in the column 'which'")
        else:
            at = places[max(row.nth, 1) - 1]
            start, end = text.original(at, at + len(quote))
            return turn.span.start + start, turn.span.start + end
        return None

    def examined(self) -> list[Event]:
        """Marks of turns that are read, or no longer are; where words are coded, no mark is needed."""
        events = []
        before = self.standing.examined.get(self.sheet.coder, {})
        coded = {(row.transcript, row.turn) for row in self.sheet.codings}
        for id, turns in self.sheet.examined.items():
            had = before.get(id, frozenset())
            digest = self.study.corpus[id].digest
            for operation, numbers in (("examine", turns - had), ("unexamine", had - turns)):
                numbers = frozenset(n for n in numbers if (id, n) not in coded)
                if numbers:
                    events.append(
                        Event(
                            id=new_id(), coder=self.sheet.coder, operation=operation, transcript=id,
                            turns=tuple(sorted(numbers)), text_digest=digest, **self.used,
                        )
                    )  # fmt: skip
        return events


def _flat(value: object) -> str:
    """A value as a sheet can hold it, to compare."""
    return "" if value is None else ShownText.of(str(value)).text.strip()
