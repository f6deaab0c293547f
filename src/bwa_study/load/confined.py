"""Readers of complex formats run in a child process with little memory, little time and no way to write a file.

One child reads many files, one after the other; it is replaced when a file breaks it, and from time to time. Where a
system has no such limits (Windows), the reader is called as it is, behind the same checks of size.
"""

from __future__ import annotations

import atexit
import builtins
import dataclasses
import enum
import importlib
import io
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, TypeVar, cast

from bwa_study.load.gate import Rejected, Source
from bwa_study.model import errors
from bwa_study.model.errors import Problem, ProblemsFound, shown

MAX_MEMORY = 480_000_000
"""Bytes of address space the child may take; a child that has large libraries loaded may always take 300 MB more."""
SECONDS = 4
"""Seconds of processor time for a file, and one more for each megabyte of it."""

FILES = 200
"""How many files a child reads before a fresh one takes its place, so that memory does not grow with their number."""

PATIENCE = 5
"""How many times its processor time a reader may take by the clock, on a busy machine."""

_MORE = 300_000_000
_LENGTH = struct.Struct("!Q")
_DATES = {("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")}
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from bwa_study.load.confined import serve; serve()"
_Plain = TypeVar("_Plain")


def confined(reader: Callable[..., _Plain], source: Source, **options: Any) -> _Plain:
    """What ``reader(source, **options)`` returns, read in the limited child process.

    Parameters
    ----------
    reader
        A function of a module in `bwa_study.load`. It returns plain data: dataclasses and enums of this package, str,
        bytes, numbers, bool, None, dates, and tuples, lists, sets and dicts of these. A table goes as a dict of lists.
    source
        The bytes, from `read_source`.
    options
        Plain data too.

    Raises
    ------
    Rejected
        What the reader raises; or that it took too long, needed too much memory, or broke off.
    ProblemsFound
        What the reader raises.

    Notes
    -----
    4 seconds of processor time (and one for each megabyte), 480 MB of memory, no byte written to a file.
    """
    if not _can_confine():
        return cast(_Plain, _directly(reader, source, options))
    seconds = SECONDS + len(source.data) // 1_000_000
    task = pickle.dumps((reader.__module__, reader.__qualname__, source, options, seconds), protocol=5)
    with _LOCK:
        child = _Child.current()
        was_used = child.files > 0
        status, value = child.ask(task, seconds)
        if status == "memory" and was_used:  # what earlier files left behind is not this file's fault
            status, value = _Child.current().ask(task, seconds)
    return cast(_Plain, _outcome(status, value, source, seconds))


def _can_confine() -> bool:
    return os.name == "posix" and bool(sys.executable)


def _outcome(status: str, value: Any, source: Source, seconds: int) -> Any:
    if status == "done":
        return value
    if status == "rejected":
        raise Rejected(value)
    if status == "problems":
        kind, problems = value
        found = getattr(errors, kind, ProblemsFound)
        raise found(problems) if isinstance(found, type) and issubclass(found, ProblemsFound) else Rejected(problems[0])
    reasons = {
        "time": (
            f"it takes more than {seconds} second{'s' if seconds > 1 else ''} to read",
            "save it anew in its program, or split it",
        ),
        "memory": (
            f"it needs more than {MAX_MEMORY // 1_000_000} MB of memory to read",
            "save it anew in its program, or split it",
        ),
        "fault": (f"it cannot be read ({shown(value)})", "save it anew in the program it comes from, or as text"),
    }
    what, mend = reasons[status]
    raise Rejected(Problem(source.name, 0, 0, what, mend))


def _directly(reader: Callable[..., Any], source: Source, options: dict[str, Any]) -> Any:
    status, value = _attempt(reader, source, options)
    return _outcome(status, value, source, SECONDS)


def _attempt(reader: Callable[..., Any], source: Source, options: dict[str, Any]) -> tuple[str, Any]:
    """A reader's result, or what went wrong: a damaged file may raise anything in a library."""
    try:
        return "done", reader(source, **options)
    except Rejected as fault:
        return "rejected", fault.problem
    except ProblemsFound as fault:
        return "problems", (type(fault).__name__, fault.problems)
    except MemoryError:
        return "memory", None
    except RecursionError:
        return "fault", "nested too deep"
    except BaseException as fault:
        if isinstance(fault, KeyboardInterrupt | SystemExit):
            raise
        return "fault", f"{type(fault).__name__}: {shown(fault)}" if str(fault) else type(fault).__name__


class _PlainData(pickle.Unpickler):
    """Knows only this package's dataclasses and enums, and dates: what comes from the child cannot call anything."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _DATES:
            return getattr(importlib.import_module(module), name)
        if module.startswith("bwa_study."):
            found = getattr(importlib.import_module(module), name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        if module == "builtins" and name in ("complex", "frozenset", "set", "bytearray", "slice"):
            return getattr(builtins, name)
        raise pickle.UnpicklingError(f"a reader returned {module}.{name}, which is no plain data")


class _Ended(Exception):
    """The child has ended or is too late."""


_LOCK = threading.Lock()


class _Child:
    _one: _Child | None = None

    def __init__(self) -> None:
        import json

        path = json.dumps([entry or os.getcwd() for entry in sys.path])
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        self.pid, self.files = os.getpid(), 0
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-c", _START, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )

    @classmethod
    def current(cls) -> _Child:
        """The running child; a fresh one where there is none, or where it is that of the process we are a copy of."""
        one = cls._one
        if one is None or one.pid != os.getpid() or one.files >= FILES or one.process.poll() is not None:
            if one is not None and one.pid == os.getpid():
                one.end()
            cls._one = one = cls()
        return one

    def ask(self, task: bytes, seconds: int) -> tuple[str, Any]:
        """Send a task and wait for its answer; a child that does not give one is ended."""
        self.files += 1
        late = False
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(_LENGTH.pack(len(task)) + task)
            self.process.stdin.flush()
            deadline = time.monotonic() + PATIENCE * seconds
            (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
            status, value = _PlainData(io.BytesIO(self._read(length, deadline))).load()
            if status == "memory":
                self.end()
            return status, value
        except TimeoutError:
            late = True
        except (_Ended, BrokenPipeError, ConnectionError):
            pass
        except BaseException:
            self.end()
            raise
        code = self.end()
        if late or code == -signal.SIGXCPU:
            return "time", None
        if code in (-signal.SIGKILL, 1):
            return "memory", None
        if code == -signal.SIGABRT:  # how compiled readers end when an allocation fails
            return "fault", f"damaged, or it needs more than {MAX_MEMORY // 1_000_000} MB of memory"
        named = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return "fault", f"the reader broke off with {named}"

    def _read(self, length: int, deadline: float) -> bytes:
        assert self.process.stdout is not None
        handle = self.process.stdout.fileno()
        parts: list[bytes] = []
        while length:
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(handle, min(length, 1 << 20))
            if not part:
                raise _Ended
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def end(self) -> int:
        """Stop the child, if it still runs, and give its exit code."""
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        try:
            code = self.process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        if _Child._one is self:
            _Child._one = None
        return code


def _end_child() -> None:
    if _Child._one is not None and _Child._one.pid == os.getpid():
        _Child._one.process.kill()
        _Child._one.end()


atexit.register(_end_child)


def serve() -> None:
    """The child's side: read tasks until the parent goes away."""
    import resource
    import warnings

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nothing, handle)
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))
    while (task := _received(inbox)) is not None:
        module, name, source, options, seconds = pickle.loads(task)
        if not module.startswith("bwa_study.load."):
            raise ValueError(f"{module} is no reader")
        _limit(seconds)
        reader = getattr(importlib.import_module(module), name)
        answer = _answer(_attempt(reader, source, options))
        outbox.write(_LENGTH.pack(len(answer)) + answer)
        outbox.flush()


def _answer(outcome: tuple[str, Any]) -> bytes:
    try:
        return pickle.dumps(outcome, protocol=5)
    except MemoryError:
        return pickle.dumps(("memory", None), protocol=5)


def _received(inbox: BinaryIO) -> bytes | None:
    head = inbox.read(_LENGTH.size)
    return inbox.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


def _limit(seconds: int) -> None:
    """Time and memory for the next file, counted from what the child has used so far; as far as the system can."""
    import resource

    used = int(time.process_time()) + 1
    for limit, value in ((resource.RLIMIT_CPU, used + seconds), (resource.RLIMIT_AS, _most_memory())):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))


def _most_memory() -> int:
    try:
        with open("/proc/self/statm", "rb") as file:
            return max(MAX_MEMORY, int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + _MORE)
    except (OSError, ValueError):
        return MAX_MEMORY + _MORE
