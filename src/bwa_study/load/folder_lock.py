"""Programs that work on a study folder say so in a small file in it: which machine, which process, what for.

SQLite itself lets many programs of one machine write to a log, and needs no lock of ours. Ours is for what it cannot
know: a codebook that changes while people code by the old one, and a folder on a network drive that two machines share,
where SQLite's write-ahead log is not safe.
"""

from __future__ import annotations

import json
import os
import socket
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from bwa_study.load.gate import Rejected
from bwa_study.load.json_strict import read_json
from bwa_study.model.errors import BwaError, shown

_PATTERN = ".bwa-study-*.lock"
of_this_process: set[Path] = set()
"""Files of the locks that this process has or is about to have; a program that ends at once takes them away."""


class FolderHeld(BwaError):
    """Another program works on the study folder, and the two would get in each other's way."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on a folder.

    Parameters
    ----------
    what
        The command.
    host, process, started
        Machine, number of the process, and when it was started as the system counts it; empty where it does not say.
    since
        UTC time.
    alone
        Whether nobody else may work on the folder meanwhile.
    local
        Whether the coding log is a file in the folder, so that only one machine may write to it.
    """

    what: str
    host: str
    process: int
    started: str
    since: str
    alone: bool
    local: bool

    def __str__(self) -> str:
        return f"'{shown(self.what)}' on {shown(self.host)} (process {self.process}) since {shown(self.since)}"

    @property
    def has_ended(self) -> bool:
        """Whether its program is known to be gone; of another machine's program that cannot be known."""
        return self.host == socket.gethostname() and not is_running(self.process, self.started)

    def bars(self, other: Holder) -> bool:
        """Whether the two may not work at the same time."""
        apart = (self.local or other.local) and self.host != other.host
        return self.alone or other.alone or apart


def is_running(process: int, started: str = "") -> bool:
    """Whether a process of this machine runs, and is the one that was started then (numbers are used again)."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    state, now = _of_process(process)
    return state not in ("Z", "X") and (not started or not now or started == now)


def _of_process(process: int) -> tuple[str, str]:
    """State of a process, and when it was started in the system's own count; empty where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
            values = file.read().rpartition(")")[2].split()
        return values[0], values[19]
    except (OSError, IndexError):
        return "", ""


def partial_name(path: Path) -> Path:
    """Where a file is written before it takes its place: beside it, under a name that says whose it is."""
    return path.with_name(f".{path.name[:60]}.{_machine()}-{os.getpid()}.partial")


def is_left_partial(name: str) -> bool:
    """Whether a file's name says that a program of this machine was writing it when it was killed."""
    if not (name.startswith(".") and name.endswith(".partial")):
        return False
    machine, _, process = name.removesuffix(".partial").rpartition(".")[2].partition("-")
    return machine == _machine() and process.isdecimal() and not is_running(int(process))


def _machine() -> str:
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


@contextmanager
def held(folder: Path, what: str, *, alone: bool = False, local: bool = True) -> Iterator[tuple[str, ...]]:
    """Work on a folder: others are told, and refused if they would get in the way.

    Parameters
    ----------
    folder
        Of the study.
    what
        The command, as others will read it.
    alone
        Refuse everybody else meanwhile.
    local
        Whether the coding log is a file in the folder; programs of other machines are refused then.

    Yields
    ------
    tuple of str
        What was found and cleared away: locks of programs that were killed.

    Raises
    ------
    FolderHeld
        Naming machine and process of who is there.
    """
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    me = Holder(what, socket.gethostname(), os.getpid(), _of_process(os.getpid())[1], since, alone, local)
    mine = folder / f".bwa-study-{uuid.uuid4().hex[:12]}.lock"
    partial = partial_name(mine)
    of_this_process.update((partial, mine))
    try:
        try:
            partial.write_text(json.dumps(asdict(me)), encoding="utf-8")
            os.replace(partial, mine)
        except OSError:  # a folder that may only be read: nothing in it can be changed, by us or anybody like us
            yield ()
            return
        yield _others_cleared(folder, mine, me)
    finally:
        for path in (partial, mine):
            with suppress(OSError):
                path.unlink(missing_ok=True)
            of_this_process.discard(path)


def _others_cleared(folder: Path, mine: Path, me: Holder) -> tuple[str, ...]:
    """Refuse to go on beside who is there; clear away the locks of those that have ended, and say so."""
    notes = []
    for path in sorted(folder.glob(_PATTERN)):
        if path == mine:
            continue
        other = read_holder(path)
        if other is not None and other.has_ended:
            path.unlink(missing_ok=True)
            notes.append(f"{other} was killed and had left its lock {path.name}; it was taken over")
        elif other is None and path.exists():
            raise FolderHeld(f"{path}: this lock cannot be read — if no program works on the folder, delete it")
        elif other is not None and me.bars(other):
            raise FolderHeld(f"{folder}: {other} works on this study — {_way_out(me, other, path)}")
    return tuple(notes)


def _way_out(me: Holder, other: Holder, path: Path) -> str:
    if me.host == other.host:
        return "end it, or wait until it is done"
    why = "" if me.alone or other.alone else "two machines cannot share a coding log that is a file: "
    return f"{why}end it there; if it no longer runs, delete {path}"


def read_holder(path: Path) -> Holder | None:
    """What a lock says; None if it is gone or says nothing."""
    try:
        values = read_json(path.read_text(encoding="utf-8"), file=path.name)
    except (OSError, ValueError, Rejected):
        return None
    kinds = {f.name: {"str": str, "int": int, "bool": bool}[str(f.type)] for f in fields(Holder)}
    if not isinstance(values, dict) or {k: type(v) for k, v in values.items()} != kinds:
        return None
    return Holder(**values)
