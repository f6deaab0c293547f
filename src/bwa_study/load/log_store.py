"""The coding log as a database: its tables, opening it, and reading events. Only `coding.log` writes.

One description of the tables serves SQLite (a file in the study folder) and PostgreSQL (a URL).
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bwa_study.load.folder_lock import partial_name
from bwa_study.model.errors import Problem, ProblemsFound, shown
from bwa_study.model.events import FIELDS, Event

SCHEMA_VERSION = 2
"""Version of the tables this program writes."""

BUSY_SECONDS = 60.0

_META = sa.MetaData()
EVENTS = sa.Table(
    "coding_events",
    _META,
    sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("sequence", sa.BigInteger, nullable=False, index=True),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("time", "coder", "coder_kind", "operation", "transcript", "text_digest")
    ),
    sa.Column("undo", sa.Boolean, nullable=False),
    sa.Column("coding", sa.String(36), nullable=False, index=True),
    *(sa.Column(name, sa.Integer) for name in ("start", "end", "certainty", "match_start", "match_end")),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in (
            "quote", "code", "polarity", "evidence", "time_ref", "about", "status", "indicator", "memo", "turns",
            "reason", "codebook_version", "codebook_digest", "tool_version",
        )
    ),
    *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("other_quote", "author")),
    sa.Index("coding_events_place", "coder", "transcript"),
)  # fmt: skip
INFO = sa.Table(
    "coding_log", _META, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Text, nullable=False)
)

_NEW = ("other_quote", "author")
"""Columns that version 1 did not have."""

_ORDER = (EVENTS.c.sequence, EVENTS.c.id)
_COLUMNS = [EVENTS.c[name] for name in FIELDS]


class LogUnavailable(ProblemsFound):
    """The log cannot be opened, read or written; nothing of the call was kept."""


class NewerLog(LogUnavailable):
    """The log was written by a newer program and is not touched."""


def is_url(place: str | Path) -> bool:
    """Whether a place is the URL of a database server rather than a file.

    Examples
    --------
    >>> is_url("postgresql://team@host/study"), is_url("codings.sqlite")
    (True, False)
    """
    return isinstance(place, str) and "://" in place


def shown_place(place: str | Path) -> str:
    """A place as messages show it, without a password."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1@", str(place))


def log_engine(place: str | Path) -> Engine:
    """The engine for a file or a URL; the driver of PostgreSQL is pg8000.

    Raises
    ------
    LogUnavailable
        If the URL is of another database, cannot be read, or the driver is not installed.
    """
    if not is_url(place):
        url = sa.URL.create("sqlite", database=str(place))
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        url = sa.make_url(str(place))
        if url.get_backend_name() != "postgresql":
            raise _unavailable(place, f"'{shown(url.drivername)}' is not known", "use postgresql://, or a file")
        return sa.create_engine(_for_pg8000(url), pool_pre_ping=True)
    except ImportError:
        mend = "install it with: pip install 'bwa-study[team]'"
        raise _unavailable(place, "the driver of PostgreSQL (pg8000) is not installed", mend) from None
    except SQLAlchemyError as fault:
        raise _unavailable(place, shown(fault), "write it as postgresql://user@host/database") from None


def _for_pg8000(url: sa.URL) -> sa.URL:
    """The URL as its driver wants it: a socket's folder (``?host=/run/postgresql``) and PGPASSWORD are understood."""
    url = url.set(drivername="postgresql+pg8000")
    folder = url.query.get("host", "")
    if isinstance(folder, str) and folder.startswith("/"):
        socket = f"{folder}/.s.PGSQL.{url.port or 5432}"
        url = url.set(query={**{k: v for k, v in url.query.items() if k != "host"}, "unix_sock": socket})
    if not url.password and "PGPASSWORD" in os.environ:
        url = url.set(password=os.environ["PGPASSWORD"])
    return url


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, and never by the driver
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=1")
    connection.execute("PRAGMA trusted_schema=OFF")


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    raw = connection.connection.dbapi_connection
    assert raw is not None
    until = time.monotonic() + BUSY_SECONDS
    raw.execute("PRAGMA busy_timeout=0")
    try:  # SQLite would sleep longer and longer, and some writer for ever: we ask again at short, random intervals
        while time.monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as fault:
                if "locked" not in str(fault):
                    break
                time.sleep(random.uniform(0.001, 0.006))
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine, place: str | Path, *, writes: bool = False) -> Iterator[Connection]:
    """A connection in a transaction that is committed at the end, or leaves nothing.

    Writers wait for each other here, so that numbers are given in order and nobody sees a locked database.

    Raises
    ------
    LogUnavailable
        If the database refuses.
    """
    try:
        with engine.connect().execution_options(writes=writes) as connection, connection.begin():
            if writes and engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20221024)")
            yield connection
    except DBAPIError as fault:
        raise refused(place, fault) from None


def refused(place: str | Path, fault: DBAPIError) -> LogUnavailable:
    """What a database said, in the user's words."""
    said = _words(fault.orig)
    reasons = (
        (("full", "disk I/O", "53100"), "the disk is full or has failed", "free space and do it again"),
        (
            ("readonly", "unable to open", "permission", "42501"),
            "it may not be written or its folder is missing",
            "check the path, and give yourself the right to read and write the file and its folder",
        ),
        (("malformed", "not a database"), "the file is damaged or no coding log", "restore it from a backup"),
        (("locked",), f"another program has held it for {BUSY_SECONDS:.0f} seconds", "close that program"),
        (("password", "28P01", "28000"), "the server refused the user", "set PGPASSWORD, or correct the URL"),
    )
    for signs, what, mend in reasons:
        if any(sign in said for sign in signs):
            return _unavailable(place, f"{what} ({shown(said)})", mend)
    return _unavailable(place, shown(said), "check that the database can be reached")


def _words(fault: BaseException | None) -> str:
    """The message of a driver's error; pg8000 gives a mapping with the code (C) and the message (M)."""
    detail = fault.args[0] if fault is not None and fault.args else fault
    return f"{detail.get('M', '')} [{detail.get('C', '')}]" if isinstance(detail, dict) else str(detail)


def _unavailable(place: str | Path, what: str, mend: str) -> LogUnavailable:
    return LogUnavailable([Problem(shown_place(place), 0, 0, what, mend)])


def create_tables(connection: Connection) -> None:
    """Make the tables, and the triggers that refuse to change or delete an event."""
    _META.create_all(connection)
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS coding_events_no_{act.lower()} BEFORE {act} ON coding_events "
                "BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION coding_events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$"
    )
    connection.exec_driver_sql(
        "CREATE OR REPLACE TRIGGER coding_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON coding_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION coding_events_refuse()"
    )


def upgrade_tables(connection: Connection, place: str | Path, version: int, tool: str) -> str:
    """Add to the tables of version 1 what version 2 has, after a copy was made; returns where the copy is.

    Raises
    ------
    LogUnavailable
        If no copy can be made; nothing is changed then.
    """
    copy = _copied(connection, place, version)
    for name in _NEW:
        connection.exec_driver_sql(f"ALTER TABLE coding_events ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    for name, value in (("schema", str(SCHEMA_VERSION)), ("tool", tool)):
        connection.execute(INFO.update().where(INFO.c.name == name).values(value=value))
    return f"the log was of version {version} and has version {SCHEMA_VERSION} now; as it was, it is in {copy}"


def _copied(connection: Connection, place: str | Path, version: int) -> str:
    """Copy a log as it is: a file beside it, or on a server a table."""
    if connection.dialect.name != "sqlite":
        table = f"coding_events_version_{version}"
        connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM coding_events")
        return f"table {table}"
    copy = Path(f"{place}.version-{version}")
    partial = partial_name(copy)
    try:
        with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
        with open(partial, "rb") as stream:
            os.fsync(stream.fileno())
        os.replace(partial, copy)
    except (OSError, sqlite3.Error) as fault:
        what = f"it is of version {version} and cannot be copied before it is brought to version {SCHEMA_VERSION}"
        raise _unavailable(place, f"{what} ({shown(fault)}); nothing was changed", "free space beside it") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return str(copy)


def version_of(connection: Connection) -> int:
    """Version of the tables; 0 where there are none."""
    if not sa.inspect(connection).has_table("coding_log"):
        return 0
    value = connection.execute(sa.select(INFO.c.value).where(INFO.c.name == "schema")).scalar()
    return int(value or 0)


def refuse_newer(version: int, place: str | Path, tool: str) -> None:
    """Refuse a log whose tables this program does not know.

    Raises
    ------
    NewerLog
        Naming the version that is needed.
    """
    if version > SCHEMA_VERSION:
        what = f"it was written with version {version} of the log, this program knows {SCHEMA_VERSION}"
        newer = f"update bwa-study to {tool} or newer" if tool else "update bwa-study"
        raise NewerLog([Problem(shown_place(place), 0, 0, f"{what}; nothing was changed", newer)])


def select_events(
    connection: Connection, *conditions: sa.ColumnElement[bool], version: int = SCHEMA_VERSION
) -> tuple[Event, ...]:
    """Events in order; `version` is that of the tables."""
    columns = [sa.literal("") if version < 2 and c.name in _NEW else c for c in _COLUMNS]
    query = sa.select(*columns).where(*conditions).order_by(*_ORDER)
    return tuple(as_event(row) for row in connection.execute(query))


def as_event(row: Sequence[Any]) -> Event:
    """The event of a row with the columns of `FIELDS`."""
    values = dict(zip(FIELDS, row, strict=True))
    turns = tuple(int(n) for n in values["turns"].split(";") if n)
    return Event(**{**values, "turns": turns, "undo": bool(values["undo"])})


def as_row(event: Event) -> dict[str, Any]:
    """The row of an event."""
    return {**event.values, "turns": ";".join(map(str, event.turns))}


def tool_of(connection: Connection) -> str:
    """Version of the program that made the tables; empty where it is not known."""
    return str(connection.execute(sa.select(INFO.c.value).where(INFO.c.name == "tool")).scalar() or "")


def read_log(place: str | Path) -> tuple[Event, ...]:
    """All events of a log, in order, without changing it; none if it has no tables yet.

    Raises
    ------
    LogUnavailable
        If it cannot be read.
    NewerLog
        If it was written by a newer program.
    """
    if is_url(place) or _is_writable(Path(place)):
        return _read(place, place)
    with tempfile.TemporaryDirectory() as folder:  # SQLite writes beside a log to read it: not where it may not
        copy = Path(folder) / "copy.sqlite"
        try:
            for end in ("", "-wal"):
                if (original := Path(f"{place}{end}")).exists():
                    shutil.copyfile(original, f"{copy}{end}")
        except OSError as fault:
            what = f"it cannot be read ({fault.strerror or fault})"
            raise _unavailable(place, what, "give yourself the right to read it") from None
        return _read(copy, place)


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _read(source: str | Path, place: str | Path) -> tuple[Event, ...]:
    engine = log_engine(source)
    try:
        with transaction(engine, place) as connection:
            version = version_of(connection)
            refuse_newer(version, place, tool_of(connection) if version else "")
            return select_events(connection, version=version) if version else ()
    finally:
        engine.dispose()
