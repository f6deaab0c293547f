"""What a command that was killed left in a study folder is settled when the study is opened next, and said.

A migration of the codebook replaces several files and extends the coding log. Before it does, it leaves a mark that
says what it is about to replace; a mark that is still there is of a migration that did not come to its end.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bwa_study.load.folder_lock import FolderHeld, held, is_left_partial, partial_name
from bwa_study.load.gate import Rejected
from bwa_study.load.json_strict import read_json
from bwa_study.load.study_file import LOG_FILE, STUDY_FILE, StudyFile, load_study_file
from bwa_study.model.errors import Problem, ProblemsFound

VERSIONS = "codebook_versions"
"""Folder of a study with what every migration replaced."""

MARK = "unfinished"
"""Name of the mark in it."""


class NotSettled(ProblemsFound):
    """A migration was interrupted, and it cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a migration is about to do.

    Parameters
    ----------
    old, new
        Versions of the codebook.
    replaced
        Files that are replaced, from the study folder; the old ones lie in ``codebook_versions/OLD``.
    made
        Files that are new.
    event
        Id of the first event it adds to the coding log; empty if it adds none.
    """

    old: str
    new: str
    replaced: tuple[str, ...]
    made: tuple[str, ...]
    event: str

    def write(self) -> bytes:
        """As it lies in its file."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8")


@contextmanager
def at_work(study: str | Path, what: str, *, alone: bool = False, log: str = "") -> Iterator[tuple[str, ...]]:
    """Work on a study for a while: what killed commands left is settled first, and others are told; see `held`.

    Parameters
    ----------
    study
        A study folder or its study.yaml. A database or a file of events is no folder, and nobody is told.
    what
        The command.
    alone
        Refuse everybody else meanwhile.
    log
        The coding log, where it is not the study's own.

    Yields
    ------
    tuple of str
        What was settled or cleared away, to be shown.

    Raises
    ------
    FolderHeld
        If somebody works on the study who would get in the way.
    NotSettled
        If a migration was interrupted and cannot be taken back.
    StudyFileError
        If study.yaml cannot be used.
    """
    if not (os.path.isdir(study) or Path(study).name == STUDY_FILE):
        yield ()
        return
    file = load_study_file(study)
    settled = tuple(str(note) for note in settle(file))
    with held(file.folder, what, alone=alone, local="://" not in (log or file.form.log)) as found:
        yield (*settled, *found)


def settle(file: StudyFile) -> list[Problem]:
    """Settle what killed commands left in a study folder, and say it in notes.

    A migration that was interrupted is taken back; if it had come to its last step, it stands. Half-written files are
    deleted. Where the folder may only be read, half-written files stay, which nothing reads.

    Raises
    ------
    NotSettled
        If a migration was interrupted and cannot be taken back here, or runs now.
    """
    notes = [*_migration(file), *_partials(file.folder)]
    return [Problem(str(path), 0, 0, what, mend, "note") for path, what, mend in notes]


def _partials(folder: Path) -> Iterator[tuple[Path, str, str]]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place) / name for name in sorted(names) if is_left_partial(name)):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue
            yield path, "a program was killed while it wrote this file; it was deleted", "do again what was killed"


def _migration(file: StudyFile) -> Iterator[tuple[Path, str, str]]:
    path = file.folder / VERSIONS / MARK
    if not path.exists():
        return
    local = "://" not in file.form.log
    try:
        with held(file.folder, "take back a migration", alone=True, local=local):
            mark = read_mark(path)
            if mark is None:  # somebody else has settled it in the meantime
                return
            what = f"the change to codebook {mark.new} was interrupted; "
            if mark.event and _reached(file, mark.event):
                path.unlink(missing_ok=True)
                yield path, f"{what}everything had been written, so it stands", "go on"
                return
            _take_back(file.folder, mark)
            path.unlink(missing_ok=True)
            yield path, f"{what}it was taken back, codebook {mark.old} holds", "do it again: bwa-study codebook migrate"
    except FolderHeld as fault:
        raise NotSettled([Problem(str(path), 0, 0, "a change of the codebook is not done yet", str(fault))]) from None
    except OSError as fault:
        what = f"a change of the codebook was interrupted and cannot be taken back ({fault.strerror or fault})"
        raise NotSettled([Problem(str(path), 0, 0, what, "give yourself the right to write in the folder")]) from None


def read_mark(path: Path) -> Mark | None:
    """The mark in a file; None if there is none.

    Raises
    ------
    NotSettled
        If it cannot be read.
    """
    try:
        values = read_json(path.read_text(encoding="utf-8"), file=str(path))
        return Mark(**{**values, "replaced": tuple(values["replaced"]), "made": tuple(values["made"])})
    except FileNotFoundError:
        return None
    except (Rejected, TypeError, KeyError, ValueError):
        what = "the mark of a change of the codebook is damaged"
        mend = f"compare the files with those in {path.parent}, restore what is needed, and delete it"
        raise NotSettled([Problem(str(path), 0, 0, what, mend)]) from None


def _reached(file: StudyFile, event: str) -> bool:
    """Whether the log has the events of the migration: they are the last thing that is written."""
    from bwa_study.load.log_store import is_url, read_log

    name = file.form.log or LOG_FILE
    return any(one.id == event for one in read_log(name if is_url(name) else file.folder / name))


def _take_back(folder: Path, mark: Mark) -> None:
    """Old files back in their places, each whole or not at all; doing it again does no harm."""
    for name in mark.replaced:
        target = folder / name
        partial = partial_name(target)
        shutil.copyfile(folder / VERSIONS / mark.old / name, partial)
        os.replace(partial, target)
    for name in mark.made:
        (folder / name).unlink(missing_ok=True)
