"""The manifest (a row an interview) and the table of factories, checked against the study file."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

import pandas as pd

from bwa_study.load.csv_tables import read_csv_table
from bwa_study.load.gate import ENCODINGS, Rejected, Source
from bwa_study.load.study_file import StudyFile
from bwa_study.model.errors import Problem, TableError, did_you_mean, shown
from bwa_study.model.schema import Column, Schema
from bwa_study.model.study import Event, Site
from bwa_study.protect.consent import QUOTE_LEVELS

INTERVIEWS = Schema(
    "manifest of interviews",
    (
        Column("interview_id", "id", required=True, filled=True),
        Column("study_id"),
        Column("round", required=True, filled=True),
        Column("date", "date"),
        Column("group", required=True, filled=True),
        Column("participant_id", "id", required=True, filled=True),
        Column("panel"),
        Column("factory_ids"),
        Column("brand_id"),
        Column("role"),
        Column("committee_member", "boolean"),
        Column("gender", levels=("f", "m", "other", "na")),
        Column("age_band"),
        Column("tenure_band"),
        Column("migrant", "boolean"),
        Column("language", required=True, filled=True),
        Column("dialect"),
        Column("interviewer_id"),
        Column("mode", levels=("in_person", "phone", "video", "wechat", "online")),
        Column("place", levels=("onsite", "offsite", "remote")),
        Column("third_party_present"),
        Column("selected_by", levels=("evaluator", "factory", "random_list")),
        Column("format", levels=("individual", "focus_group")),
        Column("n_participants", "integer"),
        Column("guide_version"),
        Column("blocks_asked"),
        Column("duration_min", "integer"),
        Column("recorded", "boolean"),
        Column("consent", required=True, filled=True, levels=("written", "oral", "refused_recording")),
        Column("consent_quotes", levels=QUOTE_LEVELS),
        Column("withdrawn", "date"),
        Column("transcript_file", required=True),
        Column("transcript_type", levels=("verbatim", "notes")),
        Column("encoding", levels=ENCODINGS),
        Column("translation", levels=("none", "full", "quotes", "summary")),
        Column("translator_id"),
        Column("translation_check", levels=("none", "reviewed", "back")),
        Column("source_lang_file"),
        Column("sha256"),
        Column("synthetic", "boolean"),
    ),
    extra=True,
)
"""Columns of the manifest; see the documentation for each. Other columns are kept as attributes."""

SITES = Schema(
    "table of factories",
    (Column("factory_id", "id", required=True, filled=True), Column("brand_ids")),
    extra=True,
)


EVENTS = Schema(
    "table of events",
    (
        Column("factory_id", "id", required=True, filled=True),
        Column("date", "date", required=True, filled=True),
        Column("kind", required=True, filled=True),
        Column("note"),
    ),
    extra=True,
)
"""Columns of the table of events: where, on which day, what kind (any word), and a note."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


def split_ids(text: str) -> tuple[str, ...]:
    """Ids joined with ``;``, without blanks.

    Examples
    --------
    >>> split_ids("F01; F02;")
    ('F01', 'F02')
    """
    return tuple(part.strip() for part in text.split(";") if part.strip())


def load_sites(source: Source) -> tuple[Site, ...]:
    """The factories in the order of their table.

    Raises
    ------
    TableError
        With every bad row.
    """
    frame, problems = _examined(source, SITES)
    problems += _duplicates(frame, "factory_id", source.name)
    if problems:
        raise TableError(problems)
    others = [c for c in frame.columns if c not in ("factory_id", "brand_ids")]
    return tuple(
        Site(row["factory_id"], split_ids(row["brand_ids"]), tuple((c, str(row[c])) for c in others))
        for row in frame.to_dict("records")
    )


def load_events(source: Source, sites: tuple[Site, ...]) -> tuple[Event, ...]:
    """The events, by site in declared order and then by day.

    Raises
    ------
    TableError
        With every bad row, and every site that does not exist.
    """
    frame, problems = _examined(source, EVENTS)
    ids = [site.id for site in sites]
    for line, id in frame.get("factory_id", pd.Series(dtype=object)).items():
        if id and id not in ids:
            what = f"column 'factory_id', value '{shown(id)}': there is no such factory{did_you_mean(id, ids)}"
            problems.append(Problem(source.name, int(str(line)), 0, what, "correct it, or add it to the factories"))
    if problems:
        raise TableError(sorted(problems, key=lambda p: p.line))
    events = [Event(*row) for row in frame[["factory_id", "date", "kind", "note"]].itertuples(index=False)]
    return tuple(sorted(events, key=lambda event: (ids.index(event.site), event.date)))


def load_manifest(source: Source, study: StudyFile, sites: tuple[Site, ...]) -> tuple[pd.DataFrame, list[Problem]]:
    """The manifest as a table with the columns of `INTERVIEWS`, and warnings.

    Parameters
    ----------
    source
        Bytes of the manifest.
    study
        Its groups and rounds are the ones allowed.
    sites
        The factories allowed; empty for a study without.

    Raises
    ------
    TableError
        With every problem: unknown round, group or factory, ids or files twice, a date outside its round, brand staff
        without brand, others without factory, missing consent, one participant with two genders.
    """
    frame, problems = _examined(source, INTERVIEWS)
    if any(c.required and c.name not in frame.columns for c in INTERVIEWS.columns) or problems_in_header(problems):
        raise TableError(problems)
    problems += _duplicates(frame, "interview_id", source.name)
    problems += _duplicates(frame, "transcript_file", source.name)
    for check in (_check_levels, _check_dates, _check_places, _check_synthetic, _check_values):
        problems += check(frame, study, sites, source.name)
    problems += _check_people(frame, source.name)
    if problems:
        raise TableError(sorted(problems, key=lambda p: p.line))
    return frame, _warnings(frame, source.name)


def problems_in_header(problems: list[Problem]) -> bool:
    """Whether a column is missing, so that rows cannot be judged."""
    return any(p.line == 1 for p in problems)


def _examined(source: Source, schema: Schema) -> tuple[pd.DataFrame, list[Problem]]:
    try:
        table = read_csv_table(source)
    except Rejected as fault:
        raise TableError([fault.problem]) from None
    return schema.examine(table, file=source.name)


def _at(frame: pd.DataFrame, file: str) -> Callable[[Hashable, str, str, str, str], Problem]:
    def problem(row: Hashable, column: str, value: str, what: str, mend: str) -> Problem:
        line = row if isinstance(row, int) else 0
        return Problem(file, line, 0, f"column '{column}', value '{shown(value)}': {what}", mend)

    return problem


def _duplicates(frame: pd.DataFrame, column: str, file: str) -> list[Problem]:
    first: dict[str, Hashable] = {}
    out, problem = [], _at(frame, file)
    for row, id in frame[column].items():
        if id and id in first:
            kind = "file" if column == "transcript_file" else "id"
            out.append(
                problem(row, column, id, f"the {kind} is taken by line {first[id]}", f"give each its own {kind}")
            )
        first.setdefault(id, row)
    return out


def _check_levels(frame: pd.DataFrame, study: StudyFile, sites: tuple[Site, ...], file: str) -> list[Problem]:
    out, problem = [], _at(frame, file)
    allowed = {"round": [r.id for r in study.rounds], "group": [g.id for g in study.groups]}
    for column, levels in allowed.items():
        for row, value in frame[column].items():
            if value and value not in levels:
                what = f"not a {column} of this study{did_you_mean(value, levels)}"
                out.append(problem(row, column, value, what, f"use {', '.join(levels)}, or add it to study.yaml"))
    known = [s.id for s in sites]
    for row, value in frame["factory_ids"].items():
        for id in split_ids(value):
            if id not in known:
                what = f"'{shown(id)}' is not a factory of this study{did_you_mean(id, known)}"
                out.append(problem(row, "factory_ids", value, what, "correct it, or add the factory to its table"))
    return out


def _check_dates(frame: pd.DataFrame, study: StudyFile, sites: tuple[Site, ...], file: str) -> list[Problem]:
    out, problem = [], _at(frame, file)
    windows = {r.id: (r.start, r.end) for r in study.rounds}
    for row, (day, round) in frame[["date", "round"]].iterrows():
        start, end = windows.get(round, ("", ""))
        if day and ((start and day < start) or (end and day > end)):
            what = f"outside of round {round} ({start or '…'} to {end or '…'})"
            out.append(
                problem(row, "date", day, what, "correct the date or the round, or the round's days in study.yaml")
            )
    return out


def _check_places(frame: pd.DataFrame, study: StudyFile, sites: tuple[Site, ...], file: str) -> list[Problem]:
    if not sites:
        return []
    out, problem = [], _at(frame, file)
    for row, values in frame[["group", "factory_ids", "brand_id"]].iterrows():
        group, places, brand = values
        if group == "brand_staff" and not brand:
            out.append(problem(row, "brand_id", "", "brand staff without a brand", "fill in the brand"))
        if group not in ("", "brand_staff") and not split_ids(places):
            out.append(problem(row, "factory_ids", "", f"a {group} without a factory", "fill in the factory"))
    return out


def _check_people(frame: pd.DataFrame, file: str) -> list[Problem]:
    out, problem = [], _at(frame, file)
    first: dict[tuple[str, str], tuple[str, Hashable]] = {}
    for column in ("gender", "group"):
        for row, (person, value) in frame[["participant_id", column]].iterrows():
            if not person or value in ("", "na"):
                continue
            before, line = first.setdefault((person, column), (value, row))
            if before != value:
                what = f"participant {person} has {column} '{shown(before)}' in line {line}"
                out.append(
                    problem(row, column, value, what, "correct one of the two, or give the second person an own id")
                )
    return out


def _check_synthetic(frame: pd.DataFrame, study: StudyFile, sites: tuple[Site, ...], file: str) -> list[Problem]:
    if study.form.synthetic:
        return []
    out, problem = [], _at(frame, file)
    for row, value in frame["synthetic"].items():
        if value is True:
            what = "a synthetic interview in a study that does not say so"
            out.append(problem(row, "synthetic", "true", what, "write 'synthetic: true' into study.yaml"))
    return out


def _check_values(frame: pd.DataFrame, study: StudyFile, sites: tuple[Site, ...], file: str) -> list[Problem]:
    out, problem = [], _at(frame, file)
    for row, value in frame["language"].items():
        if value and not _LANGUAGE.match(value):
            out.append(
                problem(row, "language", value, "not a language tag", "use a tag such as en, zh, yue or zh-Hant")
            )
    for column in ("n_participants", "duration_min"):
        for row, number in frame[column].items():
            if number is not pd.NA and number < 1:
                out.append(problem(row, column, str(number), "not a number of anything", "use 1 or more"))
    brands = {brand for site in sites for brand in site.brands}
    for row, value in frame["brand_id"].items():
        if value and brands and value not in brands:
            what = f"no factory has this brand{did_you_mean(value, brands)}"
            out.append(problem(row, "brand_id", value, what, "correct it, or add the brand to the table of factories"))
    return out


def _warnings(frame: pd.DataFrame, file: str) -> list[Problem]:
    out = []
    known = [c.name for c in INTERVIEWS.columns]
    for name in frame.columns:
        if name not in known and (hint := did_you_mean(str(name), known)):
            what = f"column '{shown(name)}' is not one of the manifest's{hint}"
            out.append(Problem(file, 1, 0, what, "it is kept as an attribute; rename it if it was meant", "warning"))
    silent = int((frame["blocks_asked"] == "").sum())
    if silent and "blocks_asked" in frame.columns:
        what = f"{silent} of {len(frame)} interviews do not say which blocks of the guide were asked"
        mend = "they are taken as asked about everything; fill in 'blocks_asked' to tell silence from 'not asked'"
        out.append(Problem(file, 0, 0, what, mend, "warning"))
    return out
