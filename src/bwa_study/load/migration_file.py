"""The migration map: a YAML file that says where codings go when the codebook changes."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bwa_study.load.forms import Form, check_form
from bwa_study.load.gate import Rejected, decode, read_source
from bwa_study.load.yaml_strict import read_yaml
from bwa_study.model.codebook_changes import MigrationMap
from bwa_study.model.errors import CodebookError, Problem, shown


class MigrationForm(Form):
    """The fields of the file."""

    carry: dict[str, str] = Field({}, description="new id by old id, for codes that are renamed or merged")
    split: dict[str, list[str]] = Field({}, description="by old id the new codes to choose from")
    retire: list[str] = Field([], description="old ids whose codings are taken out of the counts on purpose")
    reread: list[str] = Field([], description="further codes whose codings must be read again")
    keep: list[str] = Field([], description="codes of which only the wording changed")


def load_migration_map(path: str | Path) -> MigrationMap:
    """Read a migration map.

    Raises
    ------
    CodebookError
        With every problem of the file.
    """
    try:
        source = read_source(Path(path))
        document = read_yaml(decode(source, state=None), file=source.name)
    except Rejected as fault:
        raise CodebookError([fault.problem]) from None
    if not document.complete:
        raise CodebookError(document.problems)
    form, problems = check_form(MigrationForm, document, file=source.name, kind="migration map")
    problems = [*document.problems, *problems]
    if form is not None:
        places = [*form.carry, *form.split, *form.retire]
        for id in dict.fromkeys(i for i in places if places.count(i) > 1):
            what = f"'{shown(id)}' is given two places"
            problems.append(Problem(source.name, 0, 0, what, "carry, split or retire it, one of the three"))
        for id, to in form.split.items():
            if len(set(to)) < 2:
                line, column = document.place(("split", id))
                what = f"'{shown(id)}' is split into fewer than two codes"
                problems.append(Problem(source.name, line, column, what, "name two codes, or carry it to one"))
    if form is None or problems:
        raise CodebookError(problems)
    split = {id: tuple(to) for id, to in form.split.items()}
    return MigrationMap(form.carry, split, tuple(form.retire), tuple(form.reread), tuple(form.keep))
