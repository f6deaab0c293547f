"""The assignment of a study folder: who codes what, as it was drawn."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bwa_study.load.csv_tables import read_csv_table
from bwa_study.load.gate import Rejected, read_source
from bwa_study.model.assignment import ASSIGNMENT, Assignment
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, TableError, shown

ASSIGNMENT_FILE = "assignment.csv"


def load_assignment(path: str | Path, corpus: Corpus) -> Assignment:
    """Read ``assignment.csv`` of a study folder, or the file itself.

    Parameters
    ----------
    path
        The folder or the file.
    corpus
        The study's transcripts. One that has been withdrawn or taken out since is left out of the assignment.

    Raises
    ------
    TableError
        With every bad row.
    """
    file = Path(path) / ASSIGNMENT_FILE if Path(path).is_dir() else Path(path)
    try:
        source = read_source(file)
        frame, problems = ASSIGNMENT.examine(read_csv_table(source), file=source.name)
    except Rejected as fault:
        raise TableError([fault.problem]) from None
    problems += _twice(frame, source.name)
    if problems:
        raise TableError(sorted(problems, key=lambda p: p.line))
    return Assignment(frame[[id in corpus for id in frame["transcript"]]])


def _twice(frame: pd.DataFrame, file: str) -> list[Problem]:
    out = []
    again = frame[frame.duplicated(["transcript", "coder"])]
    for line, transcript, coder in again[["transcript", "coder"]].itertuples():
        what = f"transcript '{shown(transcript)}' is given to '{shown(coder)}' twice"
        out.append(Problem(file, line, 0, what, "delete one of the rows"))
    return out
