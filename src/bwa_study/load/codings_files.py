"""Codings tables (a csv file per coder) and the record of what each coder examined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bwa_study.load.csv_tables import read_csv_table
from bwa_study.load.gate import Rejected, Source, read_source
from bwa_study.load.manifest import problems_in_header
from bwa_study.model.codebook import Codebook
from bwa_study.model.codings import CODINGS, Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, TableError, did_you_mean, shown
from bwa_study.model.other_language import on_the_transcript, speaks
from bwa_study.model.schema import Column, Schema

EXAMINED_FILE = "examined.csv"
EXAMINED = Schema(
    "record of examined turns",
    (
        Column("coder", required=True, filled=True),
        Column("transcript", required=True, filled=True),
        Column("turns", required=True, filled=True),
        Column("date", "date"),
    ),
)
"""``turns`` is ``all`` or numbers joined with ``;``; ``date`` is the first day of reading."""

_TURNS = re.compile(r"all\Z|\d+(?:;\d+)*\Z")


def load_codings(path: str | Path) -> Codings:
    """Read one codings table (csv, columns of `bwa_study.model.codings.CODINGS`).

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    TableError
        With every bad row.
    """
    try:
        source = read_source(Path(path))
        return Codings(CODINGS.conform(read_csv_table(source), file=source.name).reset_index(drop=True))
    except Rejected as fault:
        raise TableError([fault.problem]) from None


def read_codings(
    sources: Sequence[Source], codebook: Codebook, corpus: Corpus, withdrawn: frozenset[str]
) -> tuple[Codings, list[Problem]]:
    """All codings of a study that stand on its texts and codes, and what is wrong with the others.

    Codings of a code that the codebook has merged into another get its new id. Codings of withdrawn interviews are
    left out. Detached codings (their text has changed) are left out with a warning.
    """
    parts: list[Codings] = []
    problems: list[Problem] = []
    taken: dict[str, tuple[str, tuple[object, ...]]] = {}
    for source in sources:
        try:
            frame, found = CODINGS.examine(read_csv_table(source), file=source.name)
        except Rejected as fault:
            problems.append(fault.problem)
            continue
        except TableError as fault:
            problems += fault.problems
            continue
        problems += found or _id_problems(frame, source.name, taken)
        if found:
            continue
        codings, more = codings_of_study(frame, source.name, codebook, corpus, withdrawn)
        problems += more
        parts.append(codings)
    return Codings.joined(parts), problems


def codings_of_study(
    frame: pd.DataFrame, file: str, codebook: Codebook, corpus: Corpus, withdrawn: frozenset[str]
) -> tuple[Codings, list[Problem]]:
    """The codings of a typed table that stand on the study's texts and codes, and what is wrong with the others."""
    frame, problems = _of_this_study(frame, file, codebook, corpus, withdrawn)
    attached, detached = Codings(on_the_transcript(frame, corpus)).attached(corpus)
    if len(detached):
        rows = ", ".join(dict.fromkeys(detached.table["transcript"].map(lambda t: shown(t))))
        what = f"{len(detached)} codings no longer stand on their text (transcripts {shown(rows, limit=200)})"
        mend = "the transcript was changed after coding: restore it, or code these places again; they are not counted"
        problems.append(Problem(file, 0, 0, what, mend, "warning"))
    return attached, problems


def _id_problems(frame: pd.DataFrame, file: str, taken: dict[str, tuple[str, tuple[object, ...]]]) -> list[Problem]:
    """One id for two different codings: keeping either would drop the other. The same row again is no problem."""
    out = []
    rows = frame[[c.name for c in CODINGS.columns]].astype(object).where(frame.notna(), None)
    for line, *values in rows.itertuples():
        id, content = str(values[0]), tuple(values[1:])
        place, before = taken.setdefault(id, (f"{file}:{line}", content))
        if before != content:
            what = f"column 'id', value '{shown(id)}': the id of another coding ({shown(place, limit=200)})"
            out.append(Problem(file, line, 0, what, "give each coding an id of its own, such as a uuid"))
    return out


def _of_this_study(
    frame: pd.DataFrame, file: str, codebook: Codebook, corpus: Corpus, withdrawn: frozenset[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    problems = []
    gone = frame["transcript"].isin(withdrawn)
    if gone.any():
        what = f"{int(gone.sum())} codings are of interviews whose consent was withdrawn"
        problems.append(Problem(file, 0, 0, what, "they are left out; delete these rows", "warning"))
        frame = frame[~gone]
    for line, start, end in frame[["start", "end"]].itertuples():
        if not 0 <= start < end:
            what = f"columns 'start' and 'end', values '{start}' and '{end}': no place in a text"
            problems.append(Problem(file, line, 0, what, "0 <= start < end, in characters (code points) of the text"))
    merged = {former: code.id for code in codebook for former in code.merged_from}
    frame = frame.assign(code=frame["code"].map(lambda c: merged.get(c, c)))
    orphans = frame[~frame["code"].isin(codebook.ids)]
    for code, rows in orphans.groupby("code", sort=False):
        counts = Counter(rows["coder"])
        coders = ", ".join(f"{n} by {shown(coder)}" for coder, n in counts.items())
        what = f"code '{shown(code)}' is not in the codebook{did_you_mean(str(code), codebook.ids)} ({coders})"
        mend = f"if it was renamed or merged, add 'merged_from: [{shown(code)}]' to its new code; nothing is dropped"
        problems.append(Problem(file, int(rows.index[0]), 0, what, mend))
    known = {t.id for t in corpus}
    for transcript, rows in frame[~frame["transcript"].isin(known)].groupby("transcript", sort=False):
        what = f"{len(rows)} codings of transcript '{shown(transcript)}', which the manifest does not have"
        problems.append(
            Problem(file, int(rows.index[0]), 0, what + did_you_mean(str(transcript), known), "correct the id")
        )
    for line, transcript, tag in frame.loc[frame["text"] != "", ["transcript", "text"]].itertuples():
        if transcript in known and not speaks(corpus[transcript], tag):
            what = f"column 'text', value '{shown(tag)}': interview '{shown(transcript)}' has no text in that language"
            problems.append(Problem(file, line, 0, what, "leave it empty, or enter the text as 'source_lang_file'"))
    keep = frame["code"].isin(codebook.ids) & frame["transcript"].isin(known)
    return frame[keep].reset_index(drop=True), problems


def read_examined(source: Source, corpus: Corpus, withdrawn: frozenset[str]) -> tuple[Examined, list[Problem]]:
    """The record of what each coder has read; bad rows are problems."""
    try:
        frame, problems = EXAMINED.examine(read_csv_table(source), file=source.name)
    except Rejected as fault:
        return Examined(), [fault.problem]
    except TableError as fault:
        return Examined(), list(fault.problems)
    if problems_in_header(problems):
        return Examined(), problems
    numbers = {t.id: frozenset(turn.number for turn in t.turns) for t in corpus}
    turns: dict[str, dict[str, frozenset[int] | None]] = {}
    dates: dict[str, dict[str, str]] = {}

    def add(line: int, column: str, value: str, what: str, mend: str) -> None:
        problems.append(Problem(source.name, line, 0, f"column '{column}', value '{shown(value)}': {what}", mend))

    for line, coder, transcript, read, date in frame.itertuples():
        of_coder = turns.setdefault(coder, {})
        if transcript in withdrawn or not (coder and transcript and read):
            continue
        if transcript not in numbers:
            hint = did_you_mean(transcript, numbers)
            add(line, "transcript", transcript, f"the manifest does not have it{hint}", "correct the id")
        elif not _TURNS.match(read):
            add(line, "turns", read, "neither 'all' nor numbers", "write all, or numbers joined with ';'")
        elif transcript in of_coder:
            add(line, "transcript", transcript, f"'{shown(coder)}' has a line for it above", "join the two lines")
        elif read == "all":
            of_coder[transcript] = None
        elif beyond := sorted({int(n) for n in read.split(";")} - numbers[transcript]):
            last = len(numbers[transcript])
            add(line, "turns", read, f"there is no turn {beyond[0]}", f"the turns of this transcript are 1 to {last}")
        else:
            of_coder[transcript] = frozenset(map(int, read.split(";")))
        if date and transcript in of_coder:
            dates.setdefault(coder, {}).setdefault(transcript, date)
    record = Examined({coder: of_coder for coder, of_coder in turns.items() if of_coder}, dates)
    return record, sorted(problems, key=lambda p: p.line)
