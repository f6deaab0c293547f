"""Telling survey files from other tables, and a first draft of `survey.yaml` for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bwa_study.load.answer_words import Silence, in_order, silence
from bwa_study.load.file_clues import clues_of_name
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.survey_file import plain_value
from bwa_study.load.survey_tables import TABLE_KINDS, SurveyTable, read_survey_table
from bwa_study.load.yaml_text import NO_TEXT, yaml_text
from bwa_study.model.errors import ProblemsFound

_KEYS = {
    "respondent": ("respondent_id", "respondent", "responseid", "_uuid", "_id", "id", "participant", "participant_id",
                   "编号", "问卷编号", "序号"),
    "person": ("person_id", "panel_id"),
    "site": ("factory_id", "factory", "site", "工厂"),
    "brand": ("brand_id", "brand"),
    "group": ("group", "组别", "身份"),
    "round": ("round", "wave", "轮次"),
    "weight": ("weight", "weights", "wt", "wgt", "pw", "pweight", "权重"),
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
_MOST_IDS = {"group": 12, "round": 12, "site": 200}
_WORD_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,30}\Z")
_DATE = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_CODES = frozenset({-9, -8, -7, -1, 7, 8, 9, 77, 88, 97, 98, 99, 777, 888, 999})
"""Numbers that codebooks use for answers that are none."""
_WORDY = 25
_WHOLE = re.compile(r"-?[0-9]{1,3}\Z")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A column that looks like an item: its number from 1, kind, and the values found in it (none for words).

    `silent` are the values that are no answer, each with what it seems to be; `apart` numbers that stand far from the
    others, as 8 and 98 do where they mean "don't know".
    """

    number: int
    header: str
    kind: Literal["scale", "choice", "number", "open"]
    values: tuple[str, ...] = ()
    silent: tuple[tuple[str, Silence], ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyGuess:
    """A file that looks like a wave of a survey: number of rows, columns that look like keys, and items.

    `ids` are pairs of a key (group, round, site) and the ids its column holds, where these are words.
    """

    file: str
    rows: int
    keys: tuple[tuple[str, str], ...]
    items: tuple[ColumnGuess, ...]
    ids: tuple[tuple[str, tuple[str, ...]], ...] = ()


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
    return SurveyGuess(source.name, len(table.rows), keys, items, _ids(keys, table)) if len(items) >= 2 else None


def _keys(names: list[str], table: SurveyTable) -> tuple[tuple[str, str], ...]:
    out = []
    round_at = next((names.index(name) for name in _KEYS["round"] if names.count(name) == 1), None)
    for key, likely in _KEYS.items():
        at = next((names.index(name) for name in likely if names.count(name) == 1), None)
        if at is not None and (key != "respondent" or _distinct(table, at, round_at)):
            out.append((key, table.header[at]))
    if "link_consent" not in dict(out):
        out = [(key, column) for key, column in out if key != "interview"]
    return tuple(out)


def _distinct(table: SurveyTable, at: int, within: int | None) -> bool:
    """Whether a column is an id of respondents: in the whole table, or in each round of it."""
    values = [(row[at].strip(), row[within] if within is not None else "") for row in table.rows]
    return len(set(values)) == len(values) and all(value for value, _ in values)


def _ids(keys: tuple[tuple[str, str], ...], table: SurveyTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    out = []
    for key, column in keys:
        if key in _MOST_IDS:
            at = table.header.index(column)
            values = sorted({row[at].strip() for row in table.rows} - {""})
            if len(values) <= _MOST_IDS[key] and all(map(_WORD_ID.match, values)):
                out.append((key, tuple(values)))
    return tuple(out)


def _column(table: SurveyTable, n: int) -> ColumnGuess | None:
    header = table.header[n]
    found = [plain_value(row[n]) for row in table.rows if row[n].strip()]
    silent = _silent(table, header, found)
    values = [one for one in found if one not in silent]
    if not values or all(map(_DATE.match, values)):
        return None
    levels = tuple(dict.fromkeys(values))
    no_answer = tuple(silent.items())
    if all(map(_WHOLE.match, values)) and len(levels) <= _MOST_LEVELS:
        ordered = sorted(levels, key=int)
        near = _together(ordered)
        apart = tuple(one for one in ordered if one not in near)
        return ColumnGuess(n + 1, header, "scale", near, no_answer, apart)
    if all(map(_NUMBER.match, values)):
        return ColumnGuess(n + 1, header, "number", (), no_answer)
    if len(levels) <= _MOST_LEVELS and len(found) >= 2 * len(levels):
        steps = in_order(levels) if len(levels) > 2 else None
        return ColumnGuess(n + 1, header, "scale" if steps else "choice", steps or levels, no_answer)
    return ColumnGuess(n + 1, header, "open") if sum(map(len, levels)) / len(levels) >= _WORDY else None


def _silent(table: SurveyTable, header: str, found: list[str]) -> dict[str, Silence]:
    """Values that are no answer: by their own words, their label, or because the file declares them as missing."""
    labels = {plain_value(value): label for value, label in table.labels.get(header, ())}
    declared = table.missing.get(header, ())
    out: dict[str, Silence] = {}
    for value in dict.fromkeys(found):
        if kind := silence(labels.get(value, value)):
            out[value] = kind
        elif value in declared:
            out[value] = "missing"
    return out


def _together(ordered: list[str]) -> tuple[str, ...]:
    """The numbers that follow one another, without those that codebooks use for no answer and that stand apart."""
    kept = [one for one in ordered if int(one) not in _CODES]
    apart = {
        one for one in ordered
        if int(one) in _CODES and (not kept or min(abs(int(one) - int(other)) for other in kept) > 1)
    }  # fmt: skip
    while kept and (nearer := [one for one in apart if any(abs(int(one) - int(k)) <= 1 for k in kept)]):
        kept += nearer
        apart -= set(nearer)
    return tuple(one for one in ordered if one not in apart) if kept else tuple(ordered)


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
    keys = {
        key: column
        for _, guess in guesses
        for key, column in guess.keys
        if all((key, column) in other.keys for _, other in guesses)
    }
    items: dict[str, ColumnGuess] = {}
    for _, guess in guesses:
        items |= {one.header or f"#{one.number}": one for one in guess.items if one.header not in items}
    lines = [
        "# A first draft, made from the files' headers and values. Look at every line; 'bwa-study check' helps.",
        f"keys: {{{', '.join(f'{key}: {yaml_text(column)}' for key, column in keys.items())}}}",
        *_only_in_some(guesses, keys),
        "waves:",
    ]
    for path, _ in guesses:
        told = clues_of_name(path)
        more = "" if "round" in keys else f", round: {_or_fill_in(told.get('round', ''), rounds)}"
        more += "" if "group" in keys else f", group: {_or_fill_in(told.get('group', ''), groups)}"
        lines.append(f"  - {{file: {yaml_text(path)}{more}}}")
    names = _scale_names(list(items.values()))
    if names:
        lines.append("scales:   # lowest level first; what is no answer stands under dont_know, refused or missing")
    lines += [_scale_line(name, one) for name, one in names.values()]
    lines.append("items:    # reversed: true where agreement is bad news; construct: for items that make a scale")
    seen: set[str] = set()
    for header, one in items.items():
        id = _item_id(header, one.number, seen)
        column = header if header != id else ""
        parts = [f"id: {id}", *([f"column: {yaml_text(column)}"] if column else []), f"kind: {one.kind}",
                 *([f"scale: {names[_scale_key(one)][0]}"] if _scale_key(one) in names else [])]  # fmt: skip
        lines.append(f"  - {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


def _or_fill_in(told: str, ids: Sequence[str]) -> str:
    return told if told in ids else ids[0] if len(ids) == 1 else "FILL_IN"


def _only_in_some(guesses: Sequence[tuple[str, SurveyGuess]], keys: dict[str, str]) -> Iterator[str]:
    for path, guess in guesses:
        own = [f"{key}: {yaml_text(column)}" for key, column in guess.keys if keys.get(key) != column]
        if own and len(guesses) > 1:
            yield f"# not in every file, in {path}: {', '.join(own)}"


_ScaleKey = tuple[frozenset[str], frozenset[tuple[str, Silence]]]


def _scale_key(one: ColumnGuess) -> _ScaleKey:
    """Columns with the same levels have one scale, in whatever order their levels were met."""
    return frozenset(one.values), frozenset(one.silent)


def _scale_names(items: list[ColumnGuess]) -> dict[_ScaleKey, tuple[str, ColumnGuess]]:
    """By its key, the name of each scale and a column of it; of those the one with most that stands apart."""
    found: dict[_ScaleKey, ColumnGuess] = {}
    for one in items:
        if one.values or one.silent:
            before = found.setdefault(_scale_key(one), one)
            if len(one.apart) > len(before.apart):
                found[_scale_key(one)] = one
    return {key: (f"scale_{n}", one) for n, (key, one) in enumerate(found.items(), start=1)}


def _scale_line(name: str, one: ColumnGuess) -> str:
    parts = [f"levels: [{_listed(one.values)}]"] if one.values else []
    for kind in ("dont_know", "refused", "missing"):
        values = [value for value, of in one.silent if of == kind]
        parts += [f"{kind}: [{_listed(values)}]"] if values else []
    ask = f"   # {', '.join(one.apart)}: say under dont_know, refused or missing what it is, or make it a level"
    return f"  {name}: {{{', '.join(parts)}}}" + (ask if one.apart else "")


def _listed(values: Sequence[str]) -> str:
    return ", ".join(value if _WHOLE.match(value) else yaml_text(value) for value in values)


def _item_id(header: str, number: int, seen: set[str]) -> str:
    name = _ID.sub("_", header.rsplit("/", 1)[-1]).strip("_").lower()
    id = name if name and len(name) <= 24 and name not in NO_TEXT and name[0].isalpha() else f"item_{number}"
    while id in seen:
        id += "_"
    seen.add(id)
    return id
