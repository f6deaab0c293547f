"""Telling survey files from other tables, and a first draft of `survey.yaml` for them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.survey_file import plain_value
from bwa_study.load.survey_tables import TABLE_KINDS, SurveyTable, read_survey_table
from bwa_study.model.errors import ProblemsFound

_KEYS = {
    "respondent": ("respondent_id", "respondent", "responseid", "_uuid", "_id", "id", "participant", "participant_id",
                   "编号", "问卷编号", "序号"),
    "person": ("person_id", "panel_id"),
    "site": ("factory_id", "factory", "site", "工厂"),
    "brand": ("brand_id", "brand"),
    "group": ("group", "组别", "身份"),
    "round": ("round", "wave", "轮次"),
    "weight": ("weight", "weights", "wt", "pw", "权重"),
    "language": ("language", "lang", "userlanguage", "语言"),
    "interview": ("interview_id",),
    "link_consent": ("link_consent",),
    "consent_quotes": ("consent_quotes",),
    "withdrawn": ("withdrawn",),
}  # fmt: skip
_NO_SURVEY = frozenset(
    {"transcript_file", "transcript", "transcript_id", "speaker", "turn", "utterance", "quote", "code", "list_name"}
    | {"brand_ids", "event"}
)
_ABOUT_THE_FORM = re.compile(
    r"start|end|today|status|progress|duration.*|recorded.*|startdate|enddate|timestamp|synthetic|ipaddress|location.*"
    r"|finished|distributionchannel|_.*|deviceid|gender|sex|age.*|mode|line|tenure.*|committee.*|attended.*",
    re.I,
)
_ID = re.compile(r"[^A-Za-z0-9]+")
_MOST_LEVELS = 11
_WORDY = 25
_WHOLE = re.compile(r"-?[0-9]{1,3}\Z")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A column that looks like an item: its number from 1, kind, and the values found in it (none for words)."""

    number: int
    header: str
    kind: Literal["scale", "choice", "number", "open"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyGuess:
    """A file that looks like a wave of a survey: number of rows, columns that look like keys, and items."""

    file: str
    rows: int
    keys: tuple[tuple[str, str], ...]
    items: tuple[ColumnGuess, ...]


def recognise_survey(source: Source) -> SurveyGuess | None:
    """What a file holds if it looks like a wave of a survey, else None.

    A survey has a row a respondent: three rows or more, no column of transcripts, codings or sites, and two columns or
    more whose values repeat, are numbers, or are words of respondents.

    Parameters
    ----------
    source
        The bytes of any file, with the encoding settled where it is text.
    """
    ending = "." + source.name.rsplit(".", 1)[-1].lower()
    if ending not in TABLE_KINDS:
        return None
    try:
        table = read_survey_table(source)
    except (Rejected, ProblemsFound):
        return None
    names = [name.lower() for name in table.header]
    if len(table.rows) < 3 or _NO_SURVEY & set(names):
        return None
    keys = _keys(names, table)
    taken = {column for _, column in keys}
    items = tuple(
        found
        for n, name in enumerate(table.header)
        if name not in taken and not _ABOUT_THE_FORM.fullmatch(name) and (found := _column(table, n))
    )
    return SurveyGuess(source.name, len(table.rows), keys, items) if len(items) >= 2 else None


def _keys(names: list[str], table: SurveyTable) -> tuple[tuple[str, str], ...]:
    out = []
    for key, likely in _KEYS.items():
        at = next((names.index(name) for name in likely if names.count(name) == 1), None)
        if at is not None and (key != "respondent" or _distinct(table, at)):
            out.append((key, table.header[at]))
    if "link_consent" not in dict(out):
        out = [(key, column) for key, column in out if key != "interview"]
    return tuple(out)


def _distinct(table: SurveyTable, at: int) -> bool:
    values = [row[at].strip() for row in table.rows]
    return len(set(values)) == len(values) and all(values)


def _column(table: SurveyTable, n: int) -> ColumnGuess | None:
    values = [plain_value(row[n]) for row in table.rows if row[n].strip()]
    if not values:
        return None
    levels = tuple(dict.fromkeys(values))
    header = table.header[n]
    if all(map(_WHOLE.match, values)) and len(levels) <= _MOST_LEVELS:
        return ColumnGuess(n + 1, header, "scale", tuple(sorted(levels, key=int)))
    if all(map(_NUMBER.match, values)):
        return ColumnGuess(n + 1, header, "number")
    repeats = len(levels) <= _MOST_LEVELS and len(values) >= 2 * len(levels)
    if repeats:
        return ColumnGuess(n + 1, header, "choice", levels)
    return ColumnGuess(n + 1, header, "open") if sum(map(len, levels)) / len(levels) >= _WORDY else None


def proposed_survey_file(
    guesses: Sequence[tuple[str, SurveyGuess]], *, groups: Sequence[str], rounds: Sequence[str]
) -> str:
    """A first draft of `survey.yaml` for files that look alike: what could be seen is filled in, the rest is marked.

    Parameters
    ----------
    guesses
        Pairs of the file's path from `survey.yaml`, and what `recognise_survey` found in it. Items are those of all
        files, by header.
    groups, rounds
        Ids of the study, for the lines that are left to fill.
    """
    keys: dict[str, str] = {}
    items: dict[str, ColumnGuess] = {}
    for _, guess in guesses:
        keys |= {key: column for key, column in guess.keys if key not in keys}
        items |= {one.header or f"#{one.number}": one for one in guess.items if one.header not in items}
    lines = [
        "# A first draft, made from the files' headers and values. Look at every line; 'bwa-study check' helps.",
        f"keys: {{{', '.join(f'{key}: {_quoted(column)}' for key, column in keys.items())}}}",
        "waves:",
    ]
    for path, _ in guesses:
        more = "" if "round" in keys else f", round: {rounds[0] if len(rounds) == 1 else 'FILL_IN'}"
        more += "" if "group" in keys else f", group: {groups[0] if len(groups) == 1 else 'FILL_IN'}"
        lines.append(f"  - {{file: {_quoted(path)}{more}}}")
    scales = {one.values: "" for one in items.values() if one.values}
    names = {values: f"scale_{n}" for n, values in enumerate(scales, start=1)}
    if names:
        lines.append(
            "scales:   # put levels in order, lowest first; move what is no answer to dont_know, refused or missing"
        )
    for values, name in names.items():
        lines.append(f"  {name}: {{levels: [{', '.join(v if _WHOLE.match(v) else _quoted(v) for v in values)}]}}")
    lines.append("items:    # reversed: true where agreement is bad news; construct: for items that make a scale")
    seen: set[str] = set()
    for header, one in items.items():
        id = _item_id(header, one.number, seen)
        column = header if header != id else ""
        parts = [f"id: {id}", *([f"column: {_quoted(column)}"] if column else []), f"kind: {one.kind}",
                 *([f"scale: {names[one.values]}"] if one.values else [])]  # fmt: skip
        lines.append(f"  - {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Text as YAML reads it back, whatever stands in it."""
    return (
        text
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_./-]*", text) and text.lower() not in _WORDS
        else json.dumps(text, ensure_ascii=False)
    )


_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def _item_id(header: str, number: int, seen: set[str]) -> str:
    name = _ID.sub("_", header.rsplit("/", 1)[-1]).strip("_").lower()
    id = name if name and len(name) <= 24 and name not in _WORDS and name[0].isalpha() else f"item_{number}"
    while id in seen:
        id += "_"
    seen.add(id)
    return id
