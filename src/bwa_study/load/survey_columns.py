"""Finding the columns of a survey file that `survey.yaml` names, and what the file itself says of their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bwa_study.load.survey_file import SurveyFile, plain_value, scale_levels
from bwa_study.load.survey_tables import SurveyTable
from bwa_study.load.xlsform import FormQuestion
from bwa_study.model.errors import Problem, did_you_mean, shown
from bwa_study.model.labels import Label
from bwa_study.model.survey import Level, SurveyItem

ROW = "#row"
_MOST_SHOWN = 12


class Columns:
    """Looks columns up by name, by number (``#7``), or by the last part of a KoboToolbox path (``group/name``)."""

    def __init__(self, table: SurveyTable, form: Mapping[str, FormQuestion]) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.labels = {text: name for name, one in form.items() for _, text in one.wording.texts}

    def find(self, wanted: str, *, of: str) -> int | None:
        """Number of the column, from 0; a fault is kept in `problems`. ``of`` says what the column is for."""
        header = self.table.header
        if wanted.startswith("#") and wanted[1:].isdigit():
            at = int(wanted[1:]) - 1
            if 0 <= at < len(header):
                return at
            self._missing(f"there is no column {wanted} for {of}, the table has {len(header)}", "")
            return None
        found = [n for n, name in enumerate(header) if name == wanted]
        found = found or [n for n, name in enumerate(header) if wanted and name.rsplit("/", 1)[-1] == wanted]
        found = found or [n for n, name in enumerate(header) if wanted and self.labels.get(name) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(f"#{n + 1}" for n in found)
            self._missing(f"column '{shown(wanted)}' for {of} stands {len(found)} times", f"name one: {numbers}")
        else:
            self._missing(f"column '{shown(wanted)}' for {of} is missing{did_you_mean(wanted, header)}", "")
        return None

    def _missing(self, what: str, mend: str) -> None:
        names = ", ".join(shown(name, limit=30) or "(no name)" for name in self.table.header[:_MOST_SHOWN])
        more = " …" if len(self.table.header) > _MOST_SHOWN else ""
        mend = mend or f"correct its name in survey.yaml (or give its number, such as '#2'); there are {names}{more}"
        self.problems.append(Problem(self.table.name, 1, 0, what, mend))


def settled_items(
    file: SurveyFile, table: SurveyTable, form: Mapping[str, FormQuestion], columns: Columns
) -> list[tuple[SurveyItem, int, FormQuestion | None]]:
    """Every item with the number of its column, and wording and levels from the file where survey.yaml has none."""
    out = []
    for item, wanted in file.items:
        question = form.get(wanted) or form.get(wanted.rsplit("/", 1)[-1])
        at = columns.find(wanted, of=f"item '{item.id}'")
        if at is None:
            continue
        name = table.header[at]
        words = _wording(table, name, wanted, question)
        if words.texts and not item.wording.texts:
            item = replace(item, wording=words)
        if item.kind in ("scale", "choice") and not item.levels:
            item = replace(item, levels=_levels(item, table, name, question))
            if not item.levels:
                what = f"item '{item.id}' has no levels: neither survey.yaml nor the file says its scale"
                mend = "give it a scale with levels, or say kind: number or kind: open"
                columns.problems.append(Problem(file.name, 0, 0, what, mend))
        out.append((item, at, question))
    return out


def _wording(table: SurveyTable, name: str, wanted: str, question: FormQuestion | None) -> Label:
    """The question as the form or the file has it; a header that is a sentence is one."""
    if question:
        return question.wording
    text = table.questions.get(name, name if wanted.startswith("#") and " " in name else "")
    return Label((("en", text),)) if text else Label(())


def _levels(item: SurveyItem, table: SurveyTable, name: str, question: FormQuestion | None) -> tuple[Level, ...]:
    """The levels the file itself knows, without the values that are no answer."""
    pairs: list[tuple[str, Label]] = []
    if question and question.choices:
        pairs = [(plain_value(value), label) for value, label in question.choices]
    elif name in table.labels:
        pairs = [(plain_value(value), Label((("en", text),))) for value, text in table.labels[name]]
    silent = {*item.dont_know, *item.refused, *item.missing}
    kept = [(value, label) for value, label in pairs if value not in silent]
    scored = scale_levels([value for value, _ in kept], reverse=item.reversed, ordered=item.kind == "scale")
    return tuple(Level(one.value, label, one.score) for one, (_, label) in zip(scored, kept, strict=True))
