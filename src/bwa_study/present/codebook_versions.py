"""A new version of the codebook: what changed, and the study's codings taken along, all or nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from bwa_study.analysis.recoding import RecodingQueue, recoding_queue, refuse_loss
from bwa_study.coding.log.log import log_place, new_id, open_log
from bwa_study.load.codebook import load_codebook
from bwa_study.load.codings_files import EXAMINED_FILE
from bwa_study.load.csv_tables import read_csv_table
from bwa_study.load.gate import read_source
from bwa_study.load.leftovers import MARK, VERSIONS, Mark, at_work
from bwa_study.load.log_store import is_url
from bwa_study.load.migration_file import load_migration_map
from bwa_study.load.study import Progress, check_study, load_study
from bwa_study.load.study_file import StudyFile, load_study_file
from bwa_study.model.codebook import Codebook
from bwa_study.model.codebook_changes import MigrationMap, codebook_changes, whereto
from bwa_study.model.errors import WrongCall
from bwa_study.model.events import Event, Standing
from bwa_study.model.study import Study
from bwa_study.present.tables import table_bytes, write_files

QUEUE_FILE = "recoding_queue.csv"


def changes_in_words(old: str | Path, new: str | Path, *, map: str | Path | None = None) -> list[str]:
    """What changed between two codebook files, a line a change.

    Raises
    ------
    CodebookError
        If one of the files cannot be used.
    """
    before, after = load_codebook(old), load_codebook(new)
    changes = codebook_changes(before, after, load_migration_map(map) if map else None)
    counts = Counter(change.kind for change in changes)
    summary = ", ".join(f"{n} {kind}" for kind, n in counts.items()) or "no change"
    return [f"{before.id} {before.version} to {after.version}: {summary}", *(f"  {change}" for change in changes)]


def migrate_codebook(
    path: str | Path,
    new: str | Path,
    *,
    map: str | Path | None = None,
    try_only: bool = False,
    progress: Progress | None = None,
) -> list[str]:
    """Give a study a new codebook and take its codings along.

    Renamed and merged codes keep their codings, under the new id. Codings of a code that was split, or whose definition
    changed, are listed in ``recoding_queue.csv``; the first are taken out of the counts until somebody has coded the
    place again, and its turn no longer counts as read by that coder. What is replaced is kept in the folder
    ``codebook_versions``, and every step is an event of the coding log.

    Parameters
    ----------
    path
        The study folder.
    new
        The new codebook file; it is copied into the study.
    map
        A migration map.
    try_only
        Say what would happen and change nothing.

    Raises
    ------
    CodingsWouldBeLost
        If codings would have no code; nothing is changed.
    WrongCall
        If both codebooks have the same version.
    FolderHeld
        If somebody codes, or another program works on the study.
    ProblemsFound
        If the study, the codebook or the map has errors.
    """
    with at_work(path, "codebook migrate", alone=True) as found:
        return [*found, *_migrated(load_study_file(path), path, new, map, try_only, progress)]


def _migrated(
    file: StudyFile,
    path: str | Path,
    new: str | Path,
    map: str | Path | None,
    try_only: bool,
    progress: Progress | None,
) -> list[str]:
    study, book = load_study(path, progress=progress), load_codebook(new)
    if book.version == study.codebook.version:
        raise WrongCall(f"both codebooks are version {book.version} — give the new one another 'version'")
    where = load_migration_map(map) if map else MigrationMap()
    refuse_loss(study, book, where)
    queue = recoding_queue(study, book, map=where)
    targets = whereto(study.codebook, book, where)
    lines = _summary(study, book, where, queue)
    if try_only:
        return [*lines, "nothing was changed"]
    files = _tables(file, study, book, targets)
    files[file.folder / file.form.codebook] = read_source(Path(new)).data
    files[file.folder / QUEUE_FILE] = table_bytes(queue, ".csv")
    kept = file.folder / VERSIONS / study.codebook.version
    _replace(file, kept, files, study, book, targets)
    left = [str(p) for p in check_study(path) if p.severity == "error"]
    todo = ["the study has places left that name former codes; correct them now:", *(f"  {one}" for one in left)]
    return [*lines, f"what was replaced is in {kept}", *(todo if left else [])]


def _summary(study: Study, book: Codebook, where: MigrationMap, queue: RecodingQueue) -> list[str]:
    targets = whereto(study.codebook, book, where)
    counts = Counter(study.codings.table["code"])
    carried = sum(n for code, n in counts.items() if len(targets.get(code, ())) == 1)
    out = sum(n for code, n in counts.items() if code in where.retire)
    split = sum(n for code, n in counts.items() if len(targets.get(code, ())) > 1)
    changes = codebook_changes(study.codebook, book, where)
    last = f"{len(study.codings):,} codings: {carried:,} carried to a new id, {split:,} of split codes and "
    last += f"{len(queue.table) - split:,} of changed definitions to be read again ({QUEUE_FILE}), {out:,} retired"
    return [
        f"{book.id} {study.codebook.version} to {book.version}: {len(changes)} changes",
        *(f"  {change}" for change in changes),
        last,
    ]


def _tables(file: StudyFile, study: Study, book: Codebook, targets: dict[str, tuple[str, ...]]) -> dict[Path, bytes]:
    """The codings tables as they are after the migration; only those that change."""
    out = {}
    gone = {id for id in study.codebook.ids if id not in book} | set(targets)
    for path in sorted((file.folder / file.form.codings).glob("*.csv")):
        if path.name == EXAMINED_FILE:
            continue
        table = read_csv_table(read_source(path), encoding=file.form.encoding)
        moved = table["code"].isin(gone)
        if not moved.any():
            continue
        one = {id: to[0] for id, to in targets.items() if len(to) == 1}
        stays = ~moved | table["code"].isin(one)
        if "codebook_version" in table:
            table.loc[moved, "codebook_version"] = book.version
        table["code"] = table["code"].map(lambda id, one=one: one.get(id, id))
        out[path] = table[stays].to_csv(index=False, lineterminator="\n").encode("utf-8")
    return out


def _replace(
    file: StudyFile,
    kept: Path,
    files: dict[Path, bytes],
    study: Study,
    book: Codebook,
    targets: dict[str, tuple[str, ...]],
) -> None:
    """Replace files and extend the log; a mark tells the next who opens the study if this did not come to its end."""
    old = {path: path.read_bytes() for path in files if path.exists()}
    write_files({kept / path.relative_to(file.folder): data for path, data in old.items()})
    place = log_place(file.folder)
    if not (is_url(place) or Path(place).exists()):
        _marked(file, study, book, old, files, "")
        write_files(files)
    else:
        with open_log(file.folder) as log:
            standing = log.standing()
            events = _events(standing, study, book, targets)
            expects = [None if e.about_turns else standing.codings[e.coding].sequence for e in events]
            _marked(file, study, book, old, files, events[0].id if events else "")
            log.extend(events, expects=expects, before_commit=lambda: write_files(files))
    (file.folder / VERSIONS / MARK).unlink()


def _marked(
    file: StudyFile, study: Study, book: Codebook, old: dict[Path, bytes], files: dict[Path, bytes], event: str
) -> None:
    """Leave the mark of what is about to be replaced."""
    names = {path: path.relative_to(file.folder).as_posix() for path in files}
    mark = Mark(
        old=study.codebook.version,
        new=book.version,
        replaced=tuple(names[path] for path in old),
        made=tuple(names[path] for path in files if path not in old),
        event=event,
    )
    write_files({file.folder / VERSIONS / MARK: mark.write()})


def _events(standing: Standing, study: Study, book: Codebook, targets: dict[str, tuple[str, ...]]) -> list[Event]:
    """What the migration does to the codings of the log."""
    events = []
    what = f"codebook {study.codebook.version} to {book.version}"
    used = {"codebook_version": book.version, "codebook_digest": book.digest}
    for id, event in standing.codings.items():
        to = targets.get(event.code)
        if to is None:
            continue
        values = {**event.values, "turns": (), "id": new_id(), "sequence": 0, "time": "", "undo": False, **used}
        if len(to) == 1:
            reason = f"{what}: {event.code} is now {to[0]}"
            events.append(Event(**{**values, "operation": "change", "code": to[0], "reason": reason}))
            continue
        reason = f"{what}: {event.code} is " + (f"split into {', '.join(to)}" if to else "retired")
        common: dict[str, Any] = {"coder": event.coder, "transcript": event.transcript, "reason": reason, **used}
        events.append(Event(id=new_id(), operation="remove", coding=id, **common))
        turns = _turns(study, event) if to else ()
        if turns:
            events.append(Event(id=new_id(), operation="unexamine", turns=turns, **common))
    return events


def _turns(study: Study, event: Event) -> tuple[int, ...]:
    """Numbers of the turns a coding stands in."""
    assert event.start is not None
    assert event.end is not None
    if event.transcript not in study.corpus:
        return ()
    turns = study.corpus[event.transcript].turns
    return tuple(t.number for t in turns if t.span.start < event.end and event.start < t.span.end)
