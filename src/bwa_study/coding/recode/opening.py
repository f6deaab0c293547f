"""From a study folder to the page's server: the study is loaded, its log opened, and every coder given a desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bwa_study.coding.indicators import apply_codebook
from bwa_study.coding.log.log import CodingLog, open_log
from bwa_study.coding.recode.adjudication import Adjudication
from bwa_study.coding.recode.desk import Desk, desk_order
from bwa_study.coding.recode.log_keeping import LogKeeping
from bwa_study.coding.recode.serve import RecodeServer
from bwa_study.coding.recode.sessions import hashed_password, is_stored_password
from bwa_study.load.assignment_file import ASSIGNMENT_FILE, load_assignment
from bwa_study.load.folder_lock import partial_name
from bwa_study.load.gate import Rejected, decode, read_source
from bwa_study.load.study import load_study
from bwa_study.load.study_file import load_study_file
from bwa_study.model.assignment import Assignment
from bwa_study.model.errors import NoCodebook, Problem, ProblemsFound, UnknownName, WrongCall, shown
from bwa_study.model.study import Study


def recode_server(
    path: str | Path,
    *,
    coder: str = "",
    transcripts: Sequence[str] | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    passwords: str | Path | None = None,
    names: Sequence[str] = (),
    log: str | Path | None = None,
    adjudicate: Sequence[str] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[RecodeServer, CodingLog]:
    """A server of the re-coding page for a study folder, ready to run.

    Parameters
    ----------
    path
        The study folder.
    coder
        Who codes; may be left out where `passwords` names the coders.
    transcripts
        Ids of the transcripts to code, in order; by default those assigned to the coder, or all of a study without
        an assignment.
    host, port, names
        See `RecodeServer`.
    passwords
        File of coders and their passwords, made by `set_password`.
    log
        File or URL of the coding log; the study's own by default.
    adjudicate
        Coders whose disagreements `coder` decides; she then does not code.
    progress
        Told of every transcript read.

    Returns
    -------
    tuple
        The server, whose `notes` the coder should read first, and the open log, to be closed after the server has
        stopped.

    Raises
    ------
    ProblemsFound
        If the study or the file of passwords has errors.
    WrongCall
        If nobody is named.
    NoCodebook
        If the study has none.
    UnknownName
        If the study has no such transcript, or it or the coder is not in the assignment.
    """
    stored = read_passwords(passwords) if passwords is not None else {}
    coders = tuple(dict.fromkeys([*([coder.strip()] if coder.strip() else []), *stored]))
    if not coders or (adjudicate and not coder.strip()):
        raise WrongCall("nobody is named who codes — say who with --coder c1")
    study = load_study(path, progress=progress)
    if not len(study.codebook):
        raise NoCodebook(study.id)
    drawn = _assignment(path, study)
    orders = {name: _order(study, drawn, name, transcripts) for name in coders if not (adjudicate and name == coder)}
    opened = open_log(log if log is not None else path)
    notes = [*opened.notes]
    try:
        for name in orders:
            if unseen := len(table_codings(study, opened, name)):
                notes.append(
                    f"{unseen} codings of {shown(name)} are in tables and not on the page — take them into the log "
                    f"with: bwa-study log import {path} TABLE.csv"
                )
        deciding = {coder.strip(): Adjudication(study, opened, adjudicate, author=coder.strip())} if adjudicate else {}
        desks = {name: desk_of(study, opened, name, order, drawn) for name, order in orders.items()}
        server = RecodeServer(desks, host=host, port=port, passwords=stored, names=names, adjudications=deciding)
        server.notes = tuple(notes)
        return server, opened
    except BaseException:
        opened.close()
        raise


def table_codings(study: Study, log: CodingLog, coder: str) -> frozenset[str]:
    """Ids of a coder's codings that the study has from its tables and the log has never heard of."""
    table = study.codings.table
    return frozenset(table.loc[table["coder"] == coder, "id"]) - log.standing(coder=coder).known


def desk_of(
    study: Study, log: CodingLog, coder: str, transcripts: tuple[str, ...], drawn: Assignment | None = None
) -> Desk:
    """A coder's desk on a log; what the indicators propose is shown where the assignment says so, and nowhere else."""
    shown_in = drawn.shows_proposals(coder) & set(transcripts) if drawn is not None else frozenset()
    proposals = apply_codebook(study.corpus.select(ids=shown_in), study.codebook) if shown_in else None
    return Desk(study, LogKeeping(log, study.codebook.digest), coder, transcripts, proposals, frozenset(shown_in))


def _assignment(path: str | Path, study: Study) -> Assignment | None:
    """The study's assignment, if it was drawn."""
    folder = load_study_file(path).folder
    return load_assignment(folder, study.corpus) if (folder / ASSIGNMENT_FILE).exists() else None


def _order(study: Study, drawn: Assignment | None, coder: str, transcripts: Sequence[str] | None) -> tuple[str, ...]:
    """What a coder codes: of those named, only what is hers."""
    if drawn is None:
        return desk_order(study, transcripts)
    own = drawn.transcripts(coder)
    if transcripts is None:
        return own
    for id in transcripts:
        if id not in own:
            raise UnknownName(f"transcript of coder {shown(coder)}", id, own)
    return tuple(transcripts)


def read_passwords(path: str | Path) -> Mapping[str, str]:
    """Stored passwords by coder; the file has a line a coder: name, tab, stored password.

    Raises
    ------
    ProblemsFound
        With every line that is none.
    """
    name, problems, out = str(path), [], {}
    try:
        text = decode(read_source(Path(path), name=name), state=None)
    except Rejected as fault:
        raise ProblemsFound([fault.problem]) from None
    for line, row in enumerate(text.splitlines(), start=1):
        coder, _, stored = row.partition("\t")
        if not row.strip():
            continue
        if not coder.strip() or not is_stored_password(stored.strip()):
            what = f"'{shown(coder)}' has no stored password after a tab"
            problems.append(Problem(name, line, 0, what, "set it with: bwa-study recode --set-password"))
        out[coder.strip()] = stored.strip()
    if problems:
        raise ProblemsFound(problems)
    return out


def set_password(path: str | Path, coder: str, password: str) -> None:
    """Store a coder's password in a file that only its owner may read; the others' lines stay.

    Raises
    ------
    WrongCall
        If the name is empty or the password shorter than 10 characters.
    """
    place = Path(path)
    if not coder.strip() or "\t" in coder or "\n" in coder:
        raise WrongCall("name the coder whose password is set — --coder c1")
    try:
        stored = {**(read_passwords(place) if place.exists() else {}), coder.strip(): hashed_password(password)}
    except ValueError as fault:
        raise WrongCall(f"{fault} — choose a longer one") from None
    partial = partial_name(place)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.writelines(f"{name}\t{kept}\n" for name, kept in stored.items())
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(partial, place)
