"""Which code, document and coder of a study is which of a project: by uuids, so that no name of a person is kept."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bwa_study.coding.log.exchange import coding_uuid
from bwa_study.coding.log.log import CodingLog, utc_now
from bwa_study.coding.log.projects import Names, project_events, same_words
from bwa_study.load.gate import Rejected, decode, read_source
from bwa_study.model.errors import Problem, ProjectError
from bwa_study.model.events import Event
from bwa_study.model.qda_project import QdaProject
from bwa_study.model.study import Study
from bwa_study.present.new_study import csv_text
from bwa_study.present.project_codebook import ABSENT, unused
from bwa_study.present.tables import write_files
from bwa_study.present.wording import REPORT_WORDS

NAMES_FILE = "refi_qda.csv"
"""What the codes, sources and users of a project are called in the study, by their uuids; no names of people."""
VARIABLES = ("group", "round", "factory_ids", "language")
"""What a document says of its interview in a project of ours, by the names of the manifest's columns."""
SYNTHETIC = REPORT_WORDS["en"]["synthetic"]
"""How the project of a made-up study describes itself."""
MADE_UP = "SYNTHETIC DATA"
"""How that begins, by which it is known again, whatever the sentence goes on with."""
UNKNOWN = "unknown"
"""Who codes where the project does not say who."""
_WHAT = ("transcript", "start", "end", "code", "polarity", "coder")
_NAME_COLUMNS = ("kind", "guid", "id", "polarity")
Name = TypeVar("Name", str, tuple[str, str])
_SPACE = uuid.UUID("d1c3a1de-51a5-5d0e-8a4b-6a2f0d6f9f5b")


def names_csv(names: Names) -> str:
    """`Names` as `NAMES_FILE` holds them."""
    rows = [("code", guid, *of) for guid, of in names.codes.items()]
    rows += [("source", guid, id, "") for guid, id in names.interviews.items()]
    rows += [("user", guid, coder, "") for guid, coder in names.coders.items()]
    return csv_text(_NAME_COLUMNS, [dict(zip(_NAME_COLUMNS, row, strict=True)) for row in rows])


def read_names(folder: Path) -> Names:
    """What `NAMES_FILE` of a study folder says; nothing where there is none.

    Raises
    ------
    ProjectError
        If it cannot be read.
    """
    path = folder / NAMES_FILE
    if not path.exists():
        return Names()
    try:
        text = decode(read_source(path, folder=folder), state=None)
    except Rejected as fault:
        raise ProjectError([fault.problem]) from None
    rows = list(csv.DictReader(io.StringIO(text)))
    if rows and not set(_NAME_COLUMNS) <= set(rows[0]):
        what = f"its columns are not {', '.join(_NAME_COLUMNS)}"
        raise ProjectError([Problem(str(path), 1, 0, what, "restore it, or take it away")])
    return Names(
        {row["guid"]: (row["id"], row["polarity"]) for row in rows if row["kind"] == "code"},
        {row["guid"]: row["id"] for row in rows if row["kind"] == "source"},
        {row["guid"]: row["id"] for row in rows if row["kind"] == "user"},
    )


def own_guid(study: Study, kind: str, id: str) -> str:
    """The uuid of a thing of a study; always the same one."""
    return str(uuid.uuid5(_SPACE, f"{study.id} {kind} {id}"))


def own_names(study: Study, stated: Names) -> Names:
    """The names by all uuids that things have: first those of the project they came from, then our own.

    Parameters
    ----------
    stated
        What `NAMES_FILE` says.
    """
    codes = {own_guid(study, "code", code.id): (code.id, "present") for code in study.codebook}
    codes |= {own_guid(study, "absent code", code.id): (code.id, "absent") for code in study.codebook}
    return Names(
        {**stated.codes, **codes},
        {**stated.interviews, **{own_guid(study, "source", t.id): t.id for t in study.corpus}},
        {**stated.coders, **{own_guid(study, "user", coder): coder for coder in people(study)}},
    )


def people(study: Study) -> tuple[str, ...]:
    """The coders who are people, and what was decided between them."""
    table = study.codings.table
    return tuple(table.loc[table["coder_kind"] == "human", "coder"].drop_duplicates())


def guids(names: Mapping[str, Name]) -> dict[Name, str]:
    """The first uuid of each thing: what an export calls it."""
    out: dict[Name, str] = {}
    for guid, name in names.items():
        if guid:
            out.setdefault(name, guid)
    return out


def take_projects(
    log: CodingLog, study: Study, projects: Sequence[tuple[str, QdaProject]], stated: Names, *, folder: Path
) -> tuple[int, list[str]]:
    """Take codings of projects that a study does not have yet into its log.

    A code, document or coder is known by its uuid: that of the project the study was made of, or that which an export
    of the study gave it. Else a code or coder is known by its name, a document by its text. A coding is new if neither
    its uuid nor its place, code and coder ever was in the study. A coder who is new gets the next name (c1, c2 …).

    Parameters
    ----------
    projects
        Each with the name of its file.
    stated
        Names that the study keeps of projects, as `read_names` gives them.
    folder
        Of the study; names of new coders are written there.

    Returns
    -------
    tuple
        How many codings are new, and a line for everything that was left out.
    """
    names = own_names(study, stated)
    here = {code.id for code in study.codebook} | {old for code in study.codebook for old in code.merged_from}
    codes_here = {guid: of for guid, of in names.codes.items() if of[0] in here}
    added: dict[str, str] = {}
    for _, project in projects:
        codes, interviews, coders = _by_name(project, study)
        names = Names({**codes, **codes_here}, {**interviews, **names.interviews}, {**coders, **names.coders})
        codes_here = dict(names.codes)
        for guid in project.coding_users:
            if guid not in names.coders:
                taken = {*names.coders.values(), *study.codings.coders}
                added[guid] = unused(f"c{len(taken) + 1}", taken) if guid else UNKNOWN
                names = replace(names, coders={**names.coders, guid: added[guid]})
    events, notes = _new_events(log, study, projects, names)
    last = max((event.sequence for event in log.events()), default=0)
    log.merge([replace(event, sequence=last + number) for number, event in enumerate(events, start=1)])
    if added:
        data = names_csv(replace(stated, coders={**stated.coders, **added})).encode()
        write_files({folder / NAMES_FILE: data})
        notes.append(f"{folder / NAMES_FILE}: new coders {', '.join(added.values())}")
    return len(events), notes


def _by_name(project: QdaProject, study: Study) -> tuple[dict[str, tuple[str, str]], dict[str, str], dict[str, str]]:
    """What can be known without a uuid: codes and coders by name, documents by their text; each if it is the only one.

    Some programs give everything new uuids each time they export.
    """
    called: dict[str, set[str]] = {}
    for code in study.codebook:
        for name in (code.id, *(text for _, text in code.label.texts)):
            called.setdefault(name, set()).add(code.id)
    texts: dict[str, set[str]] = {}
    for transcript in study.corpus:
        texts.setdefault(same_words(transcript.text), set()).add(transcript.id)
    codes = {}
    for one in project.codes:
        polarity = "absent" if one.name.endswith(ABSENT) and one.name not in called else "present"
        found = called.get(one.name.removesuffix(ABSENT) if polarity == "absent" else one.name, set())
        if len(found) == 1:
            codes[one.guid] = (next(iter(found)), polarity)
    same = {source.guid: texts.get(same_words(source.text or ""), set()) for source in project.texts}
    interviews = {guid: next(iter(found)) for guid, found in same.items() if len(found) == 1}
    return codes, interviews, {user.guid: user.name for user in project.users if user.name in people(study)}


def _new_events(
    log: CodingLog, study: Study, read: Sequence[tuple[str, QdaProject]], names: Names
) -> tuple[list[Event], list[str]]:
    """Codings that the study does not have, and never had: neither by uuid nor by place, code and coder."""
    table = study.codings.table
    kept = [event for event in log.events() if not event.about_turns and event.operation != "remove"]
    known = {event.coding for event in kept} | set(map(coding_uuid, table["id"]))
    there = {_what(event) for event in kept} | set(table[list(_WHAT)].itertuples(index=False, name=None))
    texts = {transcript.id: transcript.text for transcript in study.corpus}
    new, notes = [], []
    for file, project in read:
        events, problems = project_events(project, texts, names, file=file, now=utc_now())
        for event in events:
            if event.coding not in known and _what(event) not in there:
                new.append(event)
            known.add(event.coding)
            there.add(_what(event))
        notes += [str(problem) for problem in (*project.problems, *problems)]
    return new, notes


def _what(event: Event) -> tuple[object, ...]:
    return tuple(getattr(event, name) for name in _WHAT)
