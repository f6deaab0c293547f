"""The files of a survey become waves: every row checked, no bad value averaged."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.survey_columns import ROW, Columns, settled_items, written_as
from bwa_study.load.survey_file import SurveyFile, WaveForm, plain_value
from bwa_study.load.survey_tables import SurveyTable, read_survey_table
from bwa_study.load.xlsform import FormQuestion, read_xlsform
from bwa_study.model.errors import Problem, ProblemsFound, did_you_mean, shown
from bwa_study.model.survey import ANSWER_STATES, SurveyItem, SurveyWave
from bwa_study.protect.consent import QUOTE_LEVELS

OF_WAVE = "as 'encoding: {0}' of its wave in survey.yaml, or for all files as 'encoding: {0}' in study.yaml"
"""Where the encoding of a survey's file can be stated."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-:]*\Z")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
_NO_RESPONDENTS = frozenset({"Survey Preview", "Survey Test", "Imported Spam", "Spam", "1", "2", "8"})
"""Values of Qualtrics' column Status."""
_YES = frozenset({"yes", "y", "true", "1"})
_ANSWERED, _DONT_KNOW, _REFUSED, _MISSING, _NOT_ASKED = ANSWER_STATES
_Cell = tuple[str, float, str]


@dataclass(frozen=True, slots=True)
class Allowed:
    """The ids a survey may name: of groups, rounds and sites, and of interviews (None for one that was withdrawn)."""

    groups: tuple[str, ...]
    rounds: tuple[str, ...]
    sites: tuple[str, ...]
    interviews: Mapping[str, bool] = field(default_factory=dict)


def load_waves(
    file: SurveyFile, open_source: Callable[[str, str], Source], allowed: Allowed
) -> tuple[tuple[SurveyWave, ...], list[Problem]]:
    """All waves of a survey by round in declared order, and every problem of every file.

    Parameters
    ----------
    file
        From `parse_survey_file`.
    open_source
        Gives the source of a file and a stated encoding, its own encoding settled.
    allowed
        What rows may name.
    """
    waves: list[SurveyWave] = []
    problems: list[Problem] = []
    for number, wave in enumerate(file.form.waves, start=1):
        try:
            form = read_xlsform(open_source(wave.form, "")) if wave.form else {}
            table = read_survey_table(open_source(wave.file, wave.encoding), sheet=wave.sheet, separator=wave.separator)
        except Rejected as fault:
            problems.append(fault.problem)
            continue
        except ProblemsFound as fault:
            problems += fault.problems
            continue
        if table.other_sheets and not wave.sheet:
            others = ", ".join(f"'{shown(name)}'" for name in table.other_sheets)
            what, mend = f"other sheets are not read: {others}", "name one as 'sheet' of a wave of its own to read it"
            problems.append(Problem(table.name, 0, 0, what, mend, "note"))
        prefix = "row-" if len(file.form.waves) == 1 else f"wave{number}-row-"
        reader = _WaveReader(file, wave, table, form, allowed, prefix)
        waves += reader.read()
        problems += sorted(reader.problems, key=lambda p: p.line)
    problems += _twice(waves)
    return tuple(sorted(waves, key=lambda wave: allowed.rounds.index(wave.round))), problems


def _twice(waves: list[SurveyWave]) -> list[Problem]:
    first: dict[tuple[str, str], str] = {}
    out = []
    for wave in waves:
        for id in wave.respondents["respondent"]:
            before = first.setdefault((wave.round, id.replace(":", "-")), wave.file)
            if before != wave.file:
                what = f"respondent '{shown(id)}' of round {wave.round} stands in {before} too"
                mend = 'give each its own id, or number the rows of one file: keys: {respondent: ""} of its wave'
                out.append(Problem(wave.file, 0, 0, what, mend))
    return out


class _WaveReader:
    def __init__(
        self,
        file: SurveyFile,
        wave: WaveForm,
        table: SurveyTable,
        form: Mapping[str, FormQuestion],
        allowed: Allowed,
        prefix: str,
    ) -> None:
        self.file, self.wave, self.table, self.form, self.allowed = file, wave, table, form, allowed
        self.prefix = prefix
        self.columns = Columns(table, form)
        self.problems = self.columns.problems
        self.kept: list[int] = []
        self.cells: dict[str, list[str]] = {}

    def read(self) -> list[SurveyWave]:
        keys = self.file.keys_of(self.wave)
        wanted = {key: name for key, name in keys.items() if name and (key, name) != ("respondent", ROW)}
        found = {key: self.columns.find(name, of=f"key '{key}'") for key, name in wanted.items()}
        items = settled_items(self.file, self.table, self.form, self.columns, self.wave.round)
        if any(problem.severity == "error" for problem in self.problems):
            return []
        at = {key: n for key, n in found.items() if n is not None}
        self.check_tests()
        self.kept = [
            n for n, row in enumerate(self.table.rows) if "withdrawn" not in at or not row[at["withdrawn"]].strip()
        ]
        people = self.people(at)
        self.check_absent(people, {item.id for item, _, _ in items})
        taken = {*at.values(), *(n for _, n, _ in items)}
        for n, name in enumerate(self.table.header):
            if n not in taken and name and name not in people.columns:
                people[name] = [self.table.rows[row][n].strip() for row in self.kept]
        answers = {item.id: self.answers(item, n, question, people) for item, n, question in items}
        return self.by_round(people, tuple(item for item, _, _ in items), answers)

    def check_tests(self) -> None:
        """Qualtrics keeps answers to the preview of a survey among the others."""
        if self.table.origin != "qualtrics" or "Status" not in self.table.header:
            return
        at = self.table.header.index("Status")
        tests = [n for n, row in enumerate(self.table.rows) if row[at].strip() in _NO_RESPONDENTS]
        if tests:
            what = f"column 'Status': {len(tests)} rows are previews, tests or spam ('{self.table.rows[tests[0]][at]}')"
            mend = "take them out of the file, or name a column that is filled for them as 'withdrawn' under 'keys'"
            self.problems.append(Problem(self.table.name, self.table.places[tests[0]], 0, what, mend, "warning"))

    def check_absent(self, people: pd.DataFrame, there: set[str]) -> None:
        """An item that has no column here must not be asked of anybody here."""
        who = list(zip(people["group"], people["round"], strict=True))
        for item, _ in self.file.items:
            if item.id not in there and any(item.is_asked(group, round) for group, round in who):
                self.columns.find(self.file.column_of(item.id, self.wave.round), of=f"item '{item.id}'")

    def column(self, at: Mapping[str, int], key: str, otherwise: str = "") -> list[str]:
        if key not in at:
            return [otherwise] * len(self.kept)
        renamed = self.file.form.recode.get(key, {})
        values = [plain_value(self.table.rows[row][at[key]]) for row in self.kept]
        return [renamed.get(value, value) for value in values]

    def people(self, at: Mapping[str, int]) -> pd.DataFrame:
        """The columns `KEYS`, checked."""
        places = [self.table.places[row] for row in self.kept]
        rows = [f"{self.prefix}{place}" for place in places]
        ids = self.column(at, "respondent") if "respondent" in at else rows
        frame = pd.DataFrame(
            {
                "respondent": ids,
                "person": self.column(at, "person") if "person" in at else ids if ids is not rows else "",
                "site": self.column(at, "site"),
                "brand": self.column(at, "brand"),
                "group": self.column(at, "group", self.wave.group),
                "round": self.column(at, "round", self.wave.round),
                "weight": self.weights(at),
                "language": self.column(at, "language"),
                "interview": self.interviews(at),
                "consent_quotes": [value or "none" for value in self.column(at, "consent_quotes")],
            },
            dtype=object,
        )
        frame["weight"] = frame["weight"].astype(float)
        self.check_ids(frame, at)
        self.check_levels(frame, at)
        return frame

    def bad(self, n: int, key: str, value: str, what: str, mend: str, *, column: str = "") -> None:
        """A problem of the n-th row that is kept."""
        column = column or self.file.keys_of(self.wave).get(key, "") or key
        said = f"column '{shown(column, limit=60)}', value '{shown(value)}': {what}"
        self.problems.append(Problem(self.table.name, self.table.places[self.kept[n]], 0, said, mend))

    def check_ids(self, frame: pd.DataFrame, at: Mapping[str, int]) -> None:
        first: dict[tuple[str, str], int] = {}
        told_apart = frame["respondent"].str.replace(":", "-", regex=False)  # as the ids of transcripts are
        for n, (id, round) in enumerate(zip(told_apart, frame["round"], strict=True)):
            if not _ID.match(id):
                what = "not an id" if id else "nothing is filled in"
                self.bad(n, "respondent", id, what, "use ASCII letters, digits, '.', '_', '-' and ':' only, no spaces")
            elif (round, id) in first:
                line = self.table.places[self.kept[first[round, id]]]
                self.bad(n, "respondent", id, f"the id is taken by line {line}", "give each respondent its own id")
            first.setdefault((round, id), n)
        if "person" in at:
            met: dict[tuple[str, str], int] = {}
            for n, (person, round) in enumerate(zip(frame["person"], frame["round"], strict=True)):
                before = met.setdefault((round, person), n)
                if person and before != n:
                    line = self.table.places[self.kept[before]]
                    what = f"this person answered round {round} in line {line} already"
                    self.bad(n, "person", person, what, "keep one of the two answers, or correct the id")

    def check_levels(self, frame: pd.DataFrame, at: Mapping[str, int]) -> None:
        known = {"group": self.allowed.groups, "round": self.allowed.rounds, "site": self.allowed.sites,
                 "consent_quotes": QUOTE_LEVELS}  # fmt: skip
        for key, levels in known.items():
            if not levels or (key == "site" and key not in at):
                continue
            for n, value in enumerate(frame[key]):
                if value not in levels and (value or key in ("group", "round")):
                    what = (
                        f"not a {key} of this study{did_you_mean(value, levels)}" if value else "nothing is filled in"
                    )
                    shown_levels = ", ".join(levels[:20]) + (" …" if len(levels) > 20 else "")
                    self.bad(
                        n, key, value, what, f"use {shown_levels}, or say under 'recode' what the value stands for"
                    )

    def weights(self, at: Mapping[str, int]) -> list[float]:
        out = []
        for n, text in enumerate(self.column(at, "weight", "1")):
            weight = float(text) if _NUMBER.match(text) else math.nan
            if not (math.isfinite(weight) and weight > 0):
                self.bad(n, "weight", text, "not a weight", "write a number above 0, with a decimal point")
            out.append(weight)
        return out

    def interviews(self, at: Mapping[str, int]) -> list[str]:
        """Ids of interviews, only where the respondent agreed to the link and the interview may be used."""
        agreed = [value.lower() in _YES for value in self.column(at, "link_consent")]
        out = []
        for n, (id, yes) in enumerate(zip(self.column(at, "interview"), agreed, strict=True)):
            if id and id not in self.allowed.interviews:
                hint = did_you_mean(id, self.allowed.interviews)
                self.bad(n, "interview", id, f"there is no such interview{hint}", "correct it, or leave the cell empty")
            out.append(id if yes and self.allowed.interviews.get(id, False) else "")
        return out

    def answers(
        self, item: SurveyItem, column: int, question: FormQuestion | None, people: pd.DataFrame
    ) -> list[_Cell]:
        """State, value and text of each respondent's answer."""
        known = _known_cells(item)
        labels = written_as(question)
        out, unasked = [], 0
        may_skip = question is not None and question.conditional and question.required
        for n, (group, round) in enumerate(zip(people["group"], people["round"], strict=True)):
            raw = self.table.rows[self.kept[n]][column].strip()
            value = plain_value(raw)
            cell = known.get(value, known.get(labels.get(value, value))) if item.kind != "open" else known.get(raw)
            if cell is None:
                cell = self.judged(n, item, column, raw)
            if not item.is_asked(group, round):
                unasked += cell[0] != _MISSING and group in self.allowed.groups
                cell = (_NOT_ASKED, math.nan, "")
            elif may_skip and not raw:
                cell = (_NOT_ASKED, math.nan, "")
            out.append(cell)
        if unasked:
            what = f"item '{item.id}' has {unasked} answers of people who are not asked it"
            mend = "they are not counted; correct 'groups' and 'rounds' of the item if they were asked"
            self.problems.append(Problem(self.table.name, 0, 0, what, mend, "warning"))
        return out

    def judged(self, n: int, item: SurveyItem, column: int, raw: str) -> _Cell:
        """An answer that no list of values has: words, a number, or a fault."""
        if item.kind == "open":
            return (_ANSWERED, math.nan, raw)
        if item.kind == "number":
            value = float(raw) if _NUMBER.match(raw) else math.nan
            if math.isfinite(value):
                return (_ANSWERED, value, raw)
            what, mend = (
                "not a number",
                "write digits with a decimal point, or say under 'missing' what the value means",
            )
        else:
            what = f"not on the scale of item '{item.id}'"
            levels = ", ".join(shown(level.value, limit=40) for level in item.levels[:12])
            silent = [*item.dont_know, *item.refused, *item.missing]
            also = f" (or {', '.join(map(shown, silent))})" if silent else ""
            mend = f"use {levels}{also}, or say under 'missing' that it is no answer"
        self.bad(n, item.id, raw, what, mend, column=self.table.header[column] or f"#{column + 1}")
        return (_MISSING, math.nan, "")

    def by_round(
        self, people: pd.DataFrame, items: tuple[SurveyItem, ...], answers: dict[str, list[_Cell]]
    ) -> list[SurveyWave]:
        out = []
        for round in self.allowed.rounds:
            rows = [n for n, one in enumerate(people["round"]) if one == round]
            if not rows:
                continue
            states, values, texts = (
                pd.DataFrame({id: [cells[n][part] for n in rows] for id, cells in answers.items()}) for part in range(3)
            )
            out.append(
                SurveyWave(
                    round=round,
                    respondents=people.iloc[rows].reset_index(drop=True),
                    items=items,
                    constructs=self.file.constructs,
                    weighted=bool(self.file.keys_of(self.wave)["weight"]),
                    synthetic=self.file.form.synthetic,
                    file=self.table.name,
                    states=states,
                    values=values,
                    texts=texts,
                )
            )
        return out


def _known_cells(item: SurveyItem) -> dict[str, _Cell]:
    """What each value that is listed means; the empty one is missing."""
    cells: dict[str, _Cell] = {level.value: (_ANSWERED, level.score, level.value) for level in item.levels}
    for state, values in ((_DONT_KNOW, item.dont_know), (_REFUSED, item.refused), (_MISSING, ("", *item.missing))):
        cells |= dict.fromkeys(values, (state, math.nan, ""))
    return cells
