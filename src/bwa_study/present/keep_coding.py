"""The files of shared coding: the assignment, and the coding log as files to pass on and take in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bwa_study.coding.assignment import Proposals, assign
from bwa_study.coding.log.exchange import file_name, import_codings, import_jsonl, jsonl_files
from bwa_study.coding.log.log import log_place, open_log
from bwa_study.coding.log.projects import Names
from bwa_study.load.assignment_file import ASSIGNMENT_FILE
from bwa_study.load.codings_files import EXAMINED_FILE, load_codings
from bwa_study.load.leftovers import at_work
from bwa_study.load.log_store import read_log
from bwa_study.load.refi_qda import read_refi_qda
from bwa_study.load.study import Progress, load_study
from bwa_study.load.study_file import load_study_file
from bwa_study.model.codings import Codings
from bwa_study.model.errors import BwaError, UnknownName
from bwa_study.model.events import fold
from bwa_study.present.project_names import read_names, take_projects
from bwa_study.present.tables import write_files

FORMATS = ("jsonl", "csv")
TAKEN = (".jsonl", ".csv", ".qdpx")


class AlreadyDrawn(BwaError):
    """The assignment was drawn before; it is drawn once."""


def write_assignment(
    path: str | Path,
    *,
    coders: Sequence[str],
    share_double: float,
    seed: int,
    by: Sequence[str],
    proposals: Proposals,
    progress: Progress | None = None,
) -> str:
    """Draw who codes what and write it into the study folder; see `assign`.

    Raises
    ------
    AlreadyDrawn
        If the folder has an assignment.
    ProblemsFound
        If the study has errors.
    """
    folder = load_study_file(path).folder
    out = folder / ASSIGNMENT_FILE
    if out.exists():
        raise AlreadyDrawn(f"{out}: it was drawn before — to draw again, move this file away first")
    study = load_study(path, progress=progress)
    drawn = assign(study, coders=coders, share_double=share_double, seed=seed, by=by, proposals=proposals)
    write_files({out: drawn.table.to_csv(index=False, lineterminator="\n").encode("utf-8")})
    each = ", ".join(f"{coder} {len(drawn.transcripts(coder))}" for coder in drawn.coders)
    double = int((drawn.table["place"] == "second").sum())
    return f"{out}: {len(study.corpus)} transcripts, {double} coded twice; {each}"


def export_log(path: str | Path, out: str | Path, *, kind: str, at: int | None = None) -> str:
    """Write a study's coding log into a folder: ``jsonl``, a file of events a coder; or ``csv``, codings tables.

    Parameters
    ----------
    at
        Only what was kept up to this event.

    Raises
    ------
    UnknownName
        If there is no such kind.
    LogUnavailable
        If the log cannot be read.
    """
    if kind not in FORMATS:
        raise UnknownName("format", kind, FORMATS)
    place, out = log_place(path), Path(out)
    if isinstance(place, Path) and not place.exists():
        raise BwaError(f"{place}: there is no coding log yet — code something first")
    events = [e for e in read_log(place) if at is None or e.sequence <= at]
    if kind == "jsonl":
        files = jsonl_files(events)
    else:
        standing = fold(events)
        codings, examined = standing.tables()
        tables = {f"{file_name(coder)}.csv": codings.select(coder=coder).frame for coder in codings.coders}
        rows = [
            (
                coder,
                transcript,
                ";".join(map(str, sorted(turns or ()))),
                examined.dates.get(coder, {}).get(transcript, ""),
            )
            for coder, read in examined.turns.items()
            for transcript, turns in read.items()
        ]
        tables[EXAMINED_FILE] = pd.DataFrame(rows, columns=["coder", "transcript", "turns", "date"])
        files = {name: table.to_csv(index=False, lineterminator="\n").encode() for name, table in tables.items()}
    left = write_files({out / name: data for name, data in files.items()})
    said = f"; deleted what a program that was killed had left: {', '.join(p.name for p in left)}" if left else ""
    return f"{out}: {len(events):,} events in {len(files)} files{said}"


def import_log(path: str | Path, files: Sequence[str | Path], *, progress: Progress | None = None) -> str:
    """Take files into a study's coding log: events (``.jsonl``), codings tables (``.csv``), projects (``.qdpx``).

    Doing it again changes nothing. Of a project the codings that the study does not have are taken; see
    `take_projects`.

    Raises
    ------
    UnknownName
        If a file ends in something else.
    TableError
        With every bad line.
    ProjectError
        With everything that is wrong with a project, or with the study's names of projects.
    FolderHeld
        If the codebook is being changed, or another machine works on the folder.
    """
    for file in files:
        if Path(file).suffix not in TAKEN:
            raise UnknownName("kind of file", Path(file).suffix, TAKEN)
    events = [f for f in files if Path(f).suffix == ".jsonl"]
    tables = [load_codings(f) for f in files if Path(f).suffix == ".csv"]
    projects = [(str(f), read_refi_qda(f)) for f in files if Path(f).suffix == ".qdpx"]
    with at_work(path, "log import") as found:
        study = load_study(path, progress=progress) if tables or projects else None
        folder = load_study_file(path).folder if projects else Path()
        stated = read_names(folder) if projects else Names()
        with open_log(path) as log:
            added = import_jsonl(log, events) if events else 0
            taken = import_codings(log, Codings.joined(tables), corpus=study.corpus) if tables and study else 0
            more, notes = take_projects(log, study, projects, stated, folder=folder) if projects and study else (0, [])
            said = f"{log.place}: {added:,} events and {taken + more:,} codings are new"
            return "\n".join([*found, *log.notes, *notes, said])
