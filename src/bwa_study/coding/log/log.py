"""The append-only coding log: what is acknowledged lies on the disk, and nothing is ever changed or deleted."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bwa_study.load.log_store import (
    BUSY_SECONDS,
    EVENTS,
    INFO,
    SCHEMA_VERSION,
    as_row,
    create_tables,
    is_url,
    log_engine,
    refuse_newer,
    refused,
    select_events,
    tool_of,
    transaction,
    upgrade_tables,
    version_of,
)
from bwa_study.load.study_file import LOG_FILE, STUDY_FILE, load_study_file
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.errors import BwaError, WrongCall, shown
from bwa_study.model.events import Event, Standing, fold

Clock = Callable[[], datetime]
_AT_ONCE = 500


class StaleCoding(BwaError):
    """A coding was changed, or removed, by somebody else in the meantime.

    Attributes
    ----------
    yours
        The event that was refused.
    stored
        The last event of the coding; its operation is ``remove`` where the coding is gone. None if there never was one.
    """

    def __init__(self, yours: Event, stored: Event | None) -> None:
        self.yours, self.stored = yours, stored
        if stored is None:
            what = "there is no such coding"
        else:
            what = f"{_past(stored)} by {shown(stored.coder)} at {stored.time} (event {stored.sequence})"
        mine, theirs = _said(yours), _said(stored) if stored else "nothing"
        super().__init__(
            f"coding {yours.coding}: {what}; yours: {mine}; stored: {theirs} — look at both, and save yours again if "
            "it shall count"
        )


class EventClash(BwaError):
    """Two different events have one id."""

    def __init__(self, event: Event, stored: Event) -> None:
        self.event, self.stored = event, stored
        super().__init__(
            f"event {event.id}: the log has another event of this id (number {stored.sequence}, by "
            f"{shown(stored.coder)}) — give every event an id of its own, such as a new uuid"
        )


def _past(event: Event) -> str:
    return {"add": "added", "change": "changed", "remove": "removed"}[event.operation]


def _said(event: Event) -> str:
    if event.operation == "remove":
        return "removed"
    return f"{shown(event.code)} {event.polarity} at {event.start}–{event.end}"


def new_id() -> str:
    """A new uuid for an event or a coding."""
    return str(uuid.uuid4())


def utc_now() -> datetime:
    """The time of day in UTC."""
    return datetime.now(UTC)


@cache
def tool_version() -> str:
    """Version of this program, as events keep it."""
    return metadata.version("bwa-study")


def utc_text(moment: datetime) -> str:
    """A moment as events keep it.

    Raises
    ------
    WrongCall
        If it does not say its zone of time.

    Examples
    --------
    >>> from datetime import timedelta, timezone
    >>> utc_text(datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2))))
    '2026-03-29T00:30:00.000Z'
    """
    if moment.tzinfo is None:
        raise WrongCall(f"the time {moment} does not say its zone — use datetime.now(UTC)")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def log_place(study: str | Path) -> str | Path:
    """Where the log of a study folder is: ``codings.sqlite`` in it, or what ``log`` in its study.yaml names."""
    if is_url(study):
        return study
    path = Path(study)
    if os.path.isdir(path) or path.name == STUDY_FILE:
        file = load_study_file(path)
        name = file.form.log
        return name if is_url(name) else file.folder / (name or LOG_FILE)
    return path


def open_log(study: str | Path, *, clock: Clock = utc_now) -> CodingLog:
    """Open the coding log of a study, and make it if there is none.

    Parameters
    ----------
    study
        A study folder, the URL of a PostgreSQL database (``postgresql://user@host/database``; the password is best
        given as PGPASSWORD), or a file.
    clock
        Gives the time of events; it must say its zone.

    Raises
    ------
    LogUnavailable
        If it cannot be opened or made.
    NewerLog
        If a newer program made it.
    StudyFileError
        If the folder's study.yaml cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_log(f"{folder}/codings.sqlite") as log:
    ...     read = Event(id=new_id(), coder="c1", operation="examine", transcript="t-1", turns=(2,))
    ...     log.append(read).sequence, log.append(read).sequence, log.fold()[1].read("c1", "t-1", 2)
    (1, 1, True)
    """
    return CodingLog(log_place(study), clock=clock)


class CodingLog:
    """An open coding log. It may be used by several threads; other processes may write to it at the same time.

    A log of an older version is copied and brought to the present one when it is opened; `notes` say where the copy is.
    """

    def __init__(self, place: str | Path, *, clock: Clock = utc_now) -> None:
        self.place = place
        self.notes: tuple[str, ...] = ()
        self._clock = clock
        self._lock = threading.Lock()
        self._engine = log_engine(place)
        try:
            self._make()
        except BaseException:
            self._engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _make(self) -> None:
        if self._engine.dialect.name == "sqlite":
            self._write_ahead()
        with transaction(self._engine, self.place) as connection:
            version = version_of(connection)
            refuse_newer(version, self.place, tool_of(connection) if version else "")
        if version == SCHEMA_VERSION:
            return
        with transaction(self._engine, self.place, writes=True) as connection:
            version = version_of(connection)
            if version and version < SCHEMA_VERSION:
                self.notes = (upgrade_tables(connection, self.place, version, tool_version()),)
            if version:
                return
            create_tables(connection)
            rows = {"schema": str(SCHEMA_VERSION), "tool": tool_version(), "log": new_id()}
            connection.execute(INFO.insert(), [{"name": n, "value": v} for n, v in rows.items()])

    def _write_ahead(self) -> None:
        """Let readers go on while somebody writes. SQLite does not wait by itself here, so we do."""
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self._engine.connect() as connection:
                    raw = connection.connection.dbapi_connection
                    assert raw is not None
                    cursor = raw.cursor()
                    with suppress(Exception):
                        cursor.execute("PRAGMA journal_mode=WAL")
                    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
                return
            except DBAPIError as fault:
                if "locked" not in str(fault.orig) or time.monotonic() > until:
                    raise refused(self.place, fault) from None
                time.sleep(0.02)

    def append(self, event: Event, *, expects: int | None = None) -> Event:
        """Keep an event; when this returns, it lies on the disk.

        Parameters
        ----------
        event
            Its `sequence` and `time` are given here.
        expects
            Version (the last event's `sequence`) of the coding that is changed or removed, as the coder saw it.

        Returns
        -------
        Event
            As it was kept. An event that was kept before is returned as it was kept then.

        Raises
        ------
        StaleCoding
            If the coding has another version, is gone, or (for ``add``) stands already. Nothing is kept.
        EventClash
            If another event has this id.
        WrongCall
            If the coding is another coder's, or a change or removal does not say which version it is of.
        LogUnavailable
            If it cannot be written.
        """
        return self.extend([event], expects=[expects])[0]

    def extend(
        self,
        events: Sequence[Event],
        *,
        expects: Sequence[int | None] | None = None,
        before_commit: Callable[[], object] | None = None,
    ) -> tuple[Event, ...]:
        """Keep several events, all or none; see `append`. If `before_commit` fails, none is kept."""
        wanted = list(expects) if expects is not None else [None] * len(events)
        kept = []
        with self._lock, transaction(self._engine, self.place, writes=True) as connection:
            sequence = _last(connection)
            for event, version in zip(events, wanted, strict=True):
                stored = _stored(connection, event)
                if stored is None:
                    _refuse_stale(connection, event, version)
                    sequence += 1
                    now = utc_text(self._clock())
                    stored = replace(event, sequence=sequence, time=now, tool_version=tool_version())
                    connection.execute(EVENTS.insert(), as_row(stored))
                kept.append(stored)
            if before_commit is not None:
                before_commit()
        return tuple(kept)

    def merge(self, events: Iterable[Event]) -> int:
        """Take over events of another copy of the log, with their numbers and times; returns how many were new.

        Numbers say what came after what in the log that made the event. Events of two logs with one number are taken in
        the order of their ids, so that merging in any order, and again, gives the same.

        Raises
        ------
        EventClash
            If two events have one id. Nothing is merged then.
        WrongCall
            If an event has no number or time yet.
        """
        new = list(events)
        for event in new:
            if event.sequence < 1 or not event.time:
                raise WrongCall(f"event {event.id} was never kept in a log — use append")
        added = 0
        with self._lock, transaction(self._engine, self.place, writes=True) as connection:
            for begin in range(0, len(new), _AT_ONCE):
                part = new[begin : begin + _AT_ONCE]
                there = {e.id: e for e in select_events(connection, EVENTS.c.id.in_([e.id for e in part]))}
                rows = []
                for event in part:
                    stored = there.setdefault(event.id, event)
                    if stored is event:
                        rows.append(as_row(event))
                    elif stored != event:
                        raise EventClash(event, stored)
                if rows:
                    connection.execute(EVENTS.insert(), rows)
                added += len(rows)
        return added

    def events(
        self, *, coder: str | None = None, transcript: str | None = None, since: int = 0, at: int | None = None
    ) -> tuple[Event, ...]:
        """Events in order.

        Parameters
        ----------
        coder, transcript
            Only those of one coder, in one transcript.
        since
            Only those with a higher number.
        at
            Only those up to this number.
        """
        conditions = [EVENTS.c.sequence > since]
        if coder is not None:
            conditions.append(EVENTS.c.coder == coder)
        if transcript is not None:
            conditions.append(EVENTS.c.transcript == transcript)
        if at is not None:
            conditions.append(EVENTS.c.sequence <= at)
        with transaction(self._engine, self.place) as connection:
            return select_events(connection, *conditions)

    def standing(self, *, coder: str | None = None, transcript: str | None = None, at: int | None = None) -> Standing:
        """The codings that stand, each with its version, and what was examined; see `events` for the options."""
        return fold(self.events(coder=coder, transcript=transcript, at=at))

    def fold(self, at: int | None = None, *, coder: str | None = None) -> tuple[Codings, Examined]:
        """The codings and what was examined, now or as they were after event number `at`.

        Offsets are not checked against the texts here; `load_study` does that.
        """
        return self.standing(at=at, coder=coder).tables()

    def versions(self, codings: Iterable[str]) -> dict[str, int]:
        """Number of the last event of each coding that stands."""
        standing = self.standing().codings
        return {id: standing[id].sequence for id in codings if id in standing}


def _last(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.max(EVENTS.c.sequence))).scalar() or 0)


def _stored(connection: Connection, event: Event) -> Event | None:
    """The event of that id, if the log has it."""
    found = select_events(connection, EVENTS.c.id == event.id)
    if found and not found[0].same_as(event):
        raise EventClash(event, found[0])
    return found[0] if found else None


def _refuse_stale(connection: Connection, event: Event, expects: int | None) -> None:
    if event.about_turns:
        return
    before = select_events(connection, EVENTS.c.coding == event.coding)
    last = before[-1] if before else None
    if last is not None and last.coder != event.coder:
        raise WrongCall(
            f"coding {event.coding} is {shown(last.coder)}'s, not {shown(event.coder)}'s — nobody changes another's "
            "coding; add one of your own"
        )
    stands = last is not None and last.operation != "remove"
    if event.operation == "add":
        if stands:
            raise StaleCoding(event, last)
        return
    if expects is None:
        raise WrongCall(f"to {event.operation} coding {event.coding} say which version you saw — expects=…")
    if not stands or last is None or last.sequence != expects:
        raise StaleCoding(event, last)
