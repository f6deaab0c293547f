"""A study folder made of another program's project."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bwa_study.coding.log.log import open_log, utc_now
from bwa_study.coding.log.projects import Names, project_events
from bwa_study.coding.rows import INDICATORS
from bwa_study.load.documents import KINDS
from bwa_study.load.file_clues import plain_id
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.manifest import INTERVIEWS
from bwa_study.load.pile import FoundTranscript, Pile, found_transcript
from bwa_study.load.refi_qda import read_refi_qda
from bwa_study.load.study_file import LOG_FILE, STUDY_FILE
from bwa_study.model.codings import ADJUDICATED
from bwa_study.model.errors import Problem, shown
from bwa_study.model.events import Event
from bwa_study.model.qda_project import QdaProject, QdaSource
from bwa_study.present.new_study import (
    COLUMNS,
    STARTER_CODEBOOK,
    FolderTaken,
    NewStudy,
    csv_text,
    left_to_fill,
    manifest_rows,
    study_yaml,
)
from bwa_study.present.project_codebook import LONGEST, OURS, DraftCodebook, draft_codebook, unused
from bwa_study.present.project_names import MADE_UP, NAMES_FILE, UNKNOWN, VARIABLES, names_csv
from bwa_study.present.tables import write_files

_TEXT_ENDINGS = (*KINDS, ".doc", ".pages", ".wav", ".mp3", ".m4a", ".mp4")


def init_from_project(folder: str | Path, project: str | Path, *, coder_names: bool = False) -> NewStudy:
    """Make a study folder of a project in REFI-QDA: transcripts, a draft of the codebook, and the codings in the log.

    Parameters
    ----------
    folder
        The study folder.
    project
        A ``.qdpx``, ``.qde`` or ``.qdc`` file.
    coder_names
        Whether coders keep the names that the project gives its users. By default they are c1, c2 … in its order.

    Returns
    -------
    NewStudy
        Its `lines` count what came over and what did not; `left` says so one by one. Consent is left to fill.

    Raises
    ------
    FolderTaken
        If `folder` has a `study.yaml`, or a file that would be written over.
    ProjectError
        With everything that is wrong with the project; nothing is written then.
    CannotWrite
        With the path; nothing is left behind then.
    """
    folder, file = Path(folder), str(project)
    if (folder / STUDY_FILE).exists():
        raise FolderTaken(
            f"{folder}: there is a '{STUDY_FILE}' already — more codings of a project are taken into it with: "
            f"bwa-study log import {folder} {project}"
        )
    read = read_refi_qda(project)
    book = draft_codebook(read) if read.codes else DraftCodebook(STARTER_CODEBOOK)
    found, ids, left = _transcripts(read, file)
    names = Names(book.codes, ids, _coders(read, coder_names))
    texts = {ids[source.guid]: source.text or "" for source in read.texts if source.guid in ids}
    events, problems = project_events(read, texts, names, file=file, now=utc_now())
    rows = _rows(found, read, ids)
    files = _files(folder, found, rows, book, names, texts, synthetic=_is_made_up(read))
    for name in files:
        if (folder / name).exists():
            raise FolderTaken(f"{folder / name}: this file is there already — move it, or give another folder")
    if events:
        files[LOG_FILE] = _log(events)
    write_files({folder / name: data for name, data in files.items()})
    lines = (*_told(folder, read, names, len(events)), *book.notes)
    return NewStudy(folder, lines, _to_fill(found, rows, read, names), (*left, *read.problems, *problems))


def _transcripts(project: QdaProject, file: str) -> tuple[Pile, dict[str, str], list[Problem]]:
    """The texts as transcripts, the id of each by its source's uuid, and why other sources are none."""
    pile = Pile()
    ids: dict[str, str] = {}
    left: list[Problem] = []
    for source in project.sources:
        what = f"source {source.guid} ('{shown(source.name)}')"
        if source.text is None:
            mend = "export the project with it, or leave it" if source.kind in ("text", "pdf") else "it stays there"
            n = f", with {source.unplaced} codings" if source.unplaced else ""
            left.append(Problem(file, 0, 0, f"{what}: {source.why}{n}", mend, "warning"))
            continue
        name = _bare(source)
        try:
            told = found_transcript(Source(f"{name}.txt", _bytes(source.text), "", "utf-8"), f"{name}.txt")
        except Rejected as fault:
            left.append(Problem(file, 0, 0, f"{what}: {fault.problem.what}", fault.problem.mend, "warning"))
            continue
        id = ids[source.guid] = plain_id(plain_id(name, [])[:LONGEST], ids.values())
        fields = {"encoding": "utf-8", **told.fields, "language": told.fields["language"] or "und"}
        pile.transcripts.append(FoundTranscript(f"interviews/{id}.txt", "", fields, told.asks, told.unlabelled))
    return pile, ids, left


def _bare(source: QdaSource) -> str:
    """The name of a source without the ending of a file."""
    name = source.name.strip() or "interview"
    return next((name[: -len(end)] for end in _TEXT_ENDINGS if name.lower().endswith(end)), name)


def _bytes(text: str) -> bytes:
    """A text as the file that reads as that text."""
    return (codecs.BOM_UTF8 if text.startswith("\ufeff") else b"") + text.encode("utf-8")


def _coders(project: QdaProject, keep: bool) -> dict[str, str]:
    """The coder that each user is; also users who are in no list, and the empty uuid for codings that name nobody."""
    coders: dict[str, str] = {}
    ours = project.origin.startswith(OURS)
    for number, user in enumerate(project.users, start=1):
        if ours and user.name == ADJUDICATED:
            coders[user.guid] = ADJUDICATED
            continue
        name = (user.name.strip()[:LONGEST] if keep else "") or f"c{number}"
        coders[user.guid] = unused(name, {ADJUDICATED, INDICATORS.name, *coders.values()})
    for guid in [user for user in project.coding_users if user not in coders]:
        alone = not guid and len(project.users) == 1
        coders[guid] = next(iter(coders.values())) if alone else unused(UNKNOWN, coders.values())
    return coders


def _rows(found: Pile, project: QdaProject, ids: dict[str, str]) -> list[dict[str, str]]:
    """The manifest's rows, with the variables of sources and cases; sources of one case have one participant."""
    rows = {row["interview_id"]: row for row in manifest_rows(found.transcripts, pair=False)}
    ours = project.origin.startswith(OURS)
    of_case: dict[str, list[int]] = {}
    for number, case in enumerate(project.cases):
        for guid in case.sources:
            of_case.setdefault(guid, []).append(number)
    for source in project.texts:
        if source.guid not in ids:
            continue
        row, cases = rows[ids[source.guid]], of_case.get(source.guid, [])
        values = [pair for number in cases for pair in project.cases[number].variables]
        row |= {_column(name, ours): value for name, value in (*values, *source.variables)}
        if len(cases) == 1:
            row["participant_id"] = project.cases[cases[0]].name if ours else f"P{cases[0] + 1}"
    return list(rows.values())


def _column(name: str, ours: bool) -> str:
    """The column for a variable. What only sounds like one of ours has other values, so it gets a name of its own."""
    name = " ".join(name.split())
    known = {column.name for column in INTERVIEWS.columns}
    return f"qda_{name}" if name.casefold() in known and not (ours and name in VARIABLES) else name


def _files(
    folder: Path,
    found: Pile,
    rows: list[dict[str, str]],
    book: DraftCodebook,
    names: Names,
    texts: dict[str, str],
    *,
    synthetic: bool,
) -> dict[str, bytes]:
    others = dict.fromkeys(column for row in rows for column in row if column not in COLUMNS)
    files = {
        STUDY_FILE: study_yaml(folder, found, rows, "raw/", synthetic=synthetic),
        "codebook.yaml": book.text,
        "raw/interviews.csv": csv_text((*COLUMNS, *others), rows),
        NAMES_FILE: names_csv(names),
    }
    if sites := sorted({one for row in rows for one in row.get("factory_ids", "").split(";") if one}):
        files["raw/factories.csv"] = csv_text(("factory_id", "brand_ids"), [{"factory_id": one} for one in sites])
    data = {name: text.encode() for name, text in files.items()}
    return data | {f"raw/interviews/{id}.txt": _bytes(text) for id, text in texts.items()}


def _log(events: list[Event]) -> bytes:
    """The coding log that holds these events, as a file."""
    with tempfile.TemporaryDirectory(prefix="bwa-study-") as place:
        path = Path(place) / LOG_FILE
        with open_log(path) as log:
            log.merge(events)
        return path.read_bytes()


def _told(folder: Path, project: QdaProject, names: Names, codings: int) -> Iterable[str]:
    used = project.coding_users
    who = ", ".join(dict.fromkeys(shown(coder) for guid, coder in names.coders.items() if guid in used))
    yield f"{folder}: a study folder was written from the project '{shown(project.name)}' {_by(project)}"
    kinds = ", ".join(f"{n} {kind}" for kind, n in project.kinds.items())
    yield f"the project has {len(project.users)} users, {len(project.codes)} codes, sources: {kinds or 'none'}"
    by = f" by {who}" if who else ""
    yield f"came over: {len(project.codes)} codes, {len(names.interviews)} transcripts, {codings} codings{by}"
    gone = list(project.left)
    if project.description and not _is_made_up(project):
        gone.append(("descriptions of the project", 1))
    if colours := sum(bool(code.color) for code in project.codes):
        gone.append(("colours of codes", colours))
    if unplaced := sum(source.unplaced for source in project.sources):
        gone.append(("codings in texts that are missing", unplaced))
    yield f"did not come over: {'; '.join(f'{n} {kind}' for kind, n in gone) or 'nothing'}"


def _is_made_up(project: QdaProject) -> bool:
    """Whether it is a project of ours that says so; then the study made of it must say so, too."""
    return project.origin.startswith(OURS) and project.description.lstrip().startswith(MADE_UP)


def _by(project: QdaProject) -> str:
    return f"of {shown(project.origin)}" if project.origin else "(of which program it does not say)"


def _to_fill(found: Pile, rows: list[dict[str, str]], project: QdaProject, names: Names) -> tuple[str, ...]:
    codes = "what each code includes and excludes, and indicators" if project.codes else "your codes"
    out = list(left_to_fill(found, rows, "raw/", codes=codes))
    others = dict.fromkeys(column for row in rows for column in row if column not in COLUMNS)
    if others:
        listed = ", ".join(map(shown, list(others)[:8]))
        out.append(f"raw/interviews.csv: {listed} are the project's variables — take out what tells who somebody is")
    if rows:
        out.append(
            "interviews are called by the names of their documents: if these name people, rename them there first"
        )
    if project.codings:
        coder = shown(names.coders[project.coding_users[0]])
        out.append(
            "codings/examined.csv: what each coder has read, which the project does not say (coder, transcript, turns: "
            f"{coder},{next(iter(names.interviews.values()))},all); until then only turns with a coding count"
        )
    return tuple(out)
