"""The codes of another program's project as a draft of `codebook.yaml`, and which code and polarity each of them is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bwa_study.load.yaml_text import quoted
from bwa_study.model.errors import shown
from bwa_study.model.qda_project import QdaCode, QdaProject
from bwa_study.model.words import has_han

ABSENT = " (absent)"
"""How the name of a code ends that stands under (or beside) another one and says that it is not so."""
OURS = "bwa_study"
"""How `QdaProject.origin` begins where this program wrote the file."""
LONGEST = 80
"""Characters of an id that is made of a name; also those of a file that is called by it."""
_ID = re.compile(r"\s*\[id: ([A-Za-z0-9._-]+)\]\s*\Z")
_HEAD = """\
# Made of the codes of a project in REFI-QDA by 'bwa-study init': names, definitions and their order are from there.
# Left to write for each code: what to include, what to exclude and where that goes, and indicators (docs/codebook.md).
"""


@dataclass(slots=True)
class DraftCodebook:
    """A codebook file, for each code of the project its id and polarity, and what was done to some of them."""

    text: str
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    id: str
    code: QdaCode
    theme: str = ""
    parent: str = ""


def id_line(id: str) -> str:
    """The last line of a description in our exports: it brings the id back.

    Examples
    --------
    >>> _ID.search("They come back." + id_line("follow_up"))[1]
    'follow_up'
    """
    return f"\n[id: {id}]"


def draft_codebook(project: QdaProject) -> DraftCodebook:
    """Codes as they stand in the project; a folder of codes at the top becomes a theme.

    Parameters
    ----------
    project
        As `read_refi_qda` gives it; it needs one code at least.

    Notes
    -----
    At the top, a code with others under it that no passage has (or can have) is a theme; one that passages have is a
    theme and a code. A code ``X (absent)`` under or beside ``X`` is `X` with polarity absent. If there are themes, the
    codes outside of them are under ``other``.
    """
    coded = {one.code for source in project.sources for s in source.selections for one in s.codings}
    absent = _absent_codes(project.codes)
    below = {code.parent for code in project.codes if code.guid not in absent}
    ours = project.origin.startswith(OURS)
    themes: dict[str, _Row] = {}
    rows: dict[str, _Row] = {}
    out = DraftCodebook("")
    for code in project.codes:
        if code.guid in absent:
            continue
        up = themes.get(code.parent)
        if not code.parent and (code.guid in below or not code.is_codable):
            themes[code.guid] = up = _Row(_id(code, ours, (row.id for row in themes.values()), "theme"), code)
            if code.guid not in coded:
                continue
            out.notes.append(
                f"'{shown(code.name)}' is a theme, and a code of that name for what was coded with it itself"
            )
        parent = rows.get(code.parent)
        taken = [row.id for row in (*themes.values(), *rows.values())]
        id = _id(code, ours, taken, "code")
        rows[code.guid] = _Row(id, code, up.id if up else "", parent.id if parent and not up else "")
    _with_themes(rows, themes)
    out.codes = {guid: (row.id, "present") for guid, row in rows.items()}
    out.codes |= {guid: (out.codes[of][0], "absent") for guid, of in absent.items() if of in out.codes}
    names = [row.code.name for row in rows.values()]
    if same := sum(names.count(name) > 1 for name in set(names)):
        out.notes.append(
            f"{same} names are those of several codes, whose ids have numbers: say in their labels what differs"
        )
    if folders := sum(not row.code.is_codable for row in rows.values()):
        out.notes.append(f"{folders} folders of codes that are not at the top are codes here")
    if absent:
        out.notes.append(f"{len(absent)} codes whose names end in '{ABSENT.strip()}' are polarity absent of their code")
    out.text = _yaml(project.name, themes.values(), rows.values(), ours)
    return out


def _absent_codes(codes: Iterable[QdaCode]) -> dict[str, str]:
    """For each code ``X (absent)`` the code ``X`` that it stands under or beside."""
    codes = list(codes)
    named = {(code.parent, code.name): code.guid for code in codes}
    names = {code.guid: code.name for code in codes}
    parents = {code.parent for code in codes}
    out = {}
    for code in codes:
        if not code.name.endswith(ABSENT) or code.guid in parents:
            continue
        bare = code.name.removesuffix(ABSENT)
        of = code.parent if names.get(code.parent) == bare else named.get((code.parent, bare), "")
        if of:
            out[code.guid] = of
    return out


def _with_themes(rows: dict[str, _Row], themes: dict[str, _Row]) -> None:
    """Where some codes have a theme, the others get one, too."""
    alone = [row for row in rows.values() if not (row.theme or row.parent)]
    if not themes or not alone:
        return
    id = unused("other", {row.id for row in (*themes.values(), *rows.values())})
    themes[""] = _Row(id, QdaCode("", "Other", "Codes that stand in no folder."))
    for row in alone:
        row.theme = id


def unused(id: str, taken: Collection[str]) -> str:
    """The id, with a number behind it if it is taken.

    Examples
    --------
    >>> unused("trust", []), unused("trust", ["trust", "trust_2"])
    ('trust', 'trust_3')
    """
    number, one = 1, id
    while one in taken:
        number += 1
        one = f"{id}_{number}"
    return one


def _id(code: QdaCode, ours: bool, taken: Iterable[str], otherwise: str) -> str:
    there = set(taken)
    stated = _ID.search(code.description) if ours else None
    if stated and stated[1] not in there:
        return stated[1]
    plain = unicodedata.normalize("NFKD", code.name).encode("ascii", "ignore").decode().lower()
    return unused(re.sub(r"[^a-z0-9]+", "_", plain)[:LONGEST].strip("_") or otherwise, there)


def _yaml(name: str, themes: Iterable[_Row], rows: Iterable[_Row], ours: bool) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name.encode("ascii", "ignore").decode()).strip("-._")
    lines = [_HEAD.rstrip("\n"), f"id: {quoted(plain or 'codebook')}", 'version: "0.1.0"', "languages: [en, zh]"]
    themes, rows = list(themes), list(rows)
    for head, part in (("themes:", themes), ("codes:", rows)):
        lines += [head] if part else []
        for row in part:
            lines += [f"  - id: {quoted(row.id)}"]
            up = (("theme", row.theme), ("parent", row.parent))
            lines += [f"    {key}: {quoted(value)}" for key, value in up if value]
            lines.append(f"    label: {{{'zh' if has_han(row.code.name) else 'en'}: {quoted(row.code.name)}}}")
            definition = _ID.sub("", row.code.description) if ours else row.code.description
            lines += [f"    definition: {quoted(definition)}"] if definition else []
    return "\n".join(lines) + "\n"
