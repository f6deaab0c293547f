"""Finding the columns of a survey file that `survey.yaml` names, and what the file itself says of their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bwa_study.load.answer_words import silence
from bwa_study.load.survey_file import SurveyFile, plain_value, scale_levels
from bwa_study.load.survey_tables import SurveyTable
from bwa_study.load.xlsform import FormQuestion
from bwa_study.model.errors import Problem, Severity, did_you_mean, shown
from bwa_study.model.labels import Label
from bwa_study.model.survey import Level, SurveyItem

ROW = "#row"
SEVERAL = "select_multiple"
YES_NO = (("0", Label((("en", "no"), ("zh", "否")))), ("1", Label((("en", "yes"), ("zh", "是")))))
_MOST_SHOWN = 12


class Columns:
    """Looks columns up by name, by number (``#7``), or by the end of a path: ``group/name`` (KoboToolbox), with a form
    also ``group-name`` (ODK) and the label of the question."""

    def __init__(self, table: SurveyTable, form: Mapping[str, FormQuestion]) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.labels = {text: name for name, one in form.items() for _, text in one.wording.texts}

    def find(self, wanted: str, *, of: str, needed: bool = True) -> int | None:
        """Number of the column, from 0; a fault is kept in `problems`. ``of`` says what the column is for.

        That there is none is no fault where it is not `needed`.
        """
        header = self.table.header
        if wanted.startswith("#") and wanted[1:].isdigit():
            at = int(wanted[1:]) - 1
            if 0 <= at < len(header):
                return at
            self._missing(f"there is no column {wanted} for {of}, the table has {len(header)}", "")
            return None
        found = [n for n, name in enumerate(header) if name == wanted]
        ends = ("/" + wanted, "-" + wanted) if self.labels else ("/" + wanted,)
        found = found or [n for n, name in enumerate(header) if wanted and name.endswith(ends)]
        found = found or [n for n, name in enumerate(header) if wanted and self._name_of(name) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(f"#{n + 1}" for n in found)
            self._missing(f"column '{shown(wanted)}' for {of} stands {len(found)} times", f"name one: {numbers}")
        elif needed:
            self._missing(f"column '{shown(wanted)}' for {of} is missing{did_you_mean(wanted, header)}", "")
        return None

    def _name_of(self, header: str) -> str | None:
        """The name of the question whose label a header is, alone or behind those of its groups."""
        return self.labels.get(header, self.labels.get(header.rsplit("/", 1)[-1]))

    def _missing(self, what: str, mend: str) -> None:
        names = ", ".join(shown(name, limit=30) or "(no name)" for name in self.table.header[:_MOST_SHOWN])
        more = " …" if len(self.table.header) > _MOST_SHOWN else ""
        mend = mend or f"correct its name in survey.yaml (or give its number, such as '#2'); there are {names}{more}"
        self.problems.append(Problem(self.table.name, 1, 0, what, mend))


def settled_items(
    file: SurveyFile, table: SurveyTable, form: Mapping[str, FormQuestion], columns: Columns, round: str = ""
) -> list[tuple[SurveyItem, int, FormQuestion | None]]:
    """Every item with the number of its column, and wording and levels from the file where survey.yaml has none.

    ``round`` is that of the whole file, if it has one. An item that is not asked of all may have no column.
    """
    out = []
    for item, _ in file.items:
        wanted = file.column_of(item.id, round)
        at = columns.find(wanted, of=f"item '{item.id}'", needed=not (item.groups or item.rounds))
        if at is None:
            continue
        name = table.header[at]
        question = _question(form, wanted, name)
        words = _wording(table, name, wanted, question)
        if words.texts and not item.wording.texts:
            item = replace(item, wording=words)
        closed, own = item.kind in ("scale", "choice"), bool(item.levels)
        if closed and not own:
            item = replace(item, levels=_levels(item, table, name, question))
        if item.kind != "open":
            columns.problems += _level_faults(item, table, at, question, stated=file.name if own else "")
        if closed and not item.levels:
            what = f"item '{item.id}' has no levels: neither survey.yaml nor the file says its scale"
            mend = "give it a scale with levels, or say kind: number or kind: open"
            columns.problems.append(Problem(file.name, 0, 0, what, mend))
        out.append((item, at, question))
    return out


def written_as(question: FormQuestion | None) -> dict[str, str]:
    """The value that each text stands for, where a form's answers are exported as the labels of its choices."""
    if question is None:
        return {}
    texts = [(text, plain_value(value)) for value, label in question.choices for _, text in label.texts]
    return {text: value for text, value in texts if len({v for t, v in texts if t == text}) == 1}


def _question(form: Mapping[str, FormQuestion], wanted: str, header: str) -> FormQuestion | None:
    """The question of a form that a column belongs to; the column of one choice of several is a question of its own."""
    for path in (wanted, header):
        parts = path.split("/")
        if (found := form.get(path) or form.get(parts[-1]) or form.get(parts[-1].rsplit("-", 1)[-1])) is not None:
            return found
        several = form.get(parts[-2].rsplit("-", 1)[-1]) if len(parts) > 1 else None
        if several is not None and several.kind == SEVERAL:
            for value, label in several.choices:
                if value == parts[-1]:
                    return _one_choice(several, value, label)
    return None


def _one_choice(question: FormQuestion, value: str, label: Label) -> FormQuestion:
    texts = {tag: f"{text} — {label.text(tag)}" for tag, text in question.wording.texts}
    words = Label(tuple(texts.items())) if label.texts else question.wording
    return replace(question, name=f"{question.name}/{value}", kind="yes_no", wording=words, choices=YES_NO)


def _level_faults(
    item: SurveyItem, table: SurveyTable, at: int, question: FormQuestion | None, *, stated: str
) -> list[Problem]:
    """Levels that are no levels: several answers in one cell, values declared as missing, and "don't know".

    Where ``stated`` is the survey file that lists the levels, the last is only a warning: its author may mean it.
    """
    name = table.header[at]
    if question is not None and question.kind == SEVERAL:
        own = [column for column in table.header if f"{question.name}/" in column]
        what = f"column '{shown(name)}' of item '{item.id}' holds several answers at once (select_multiple)"
        mend = f"read each choice as an item of its own: {', '.join(map(shown, own[:6]))}" if own else (
            "export it with a column for each choice, and read each as an item of its own"
        )  # fmt: skip
        return [Problem(table.name, 1, 0, what, mend)]
    silent = {*item.dont_know, *item.refused, *item.missing}
    labels = dict(table.labels.get(name, ()))
    odd = [value for value in table.missing.get(name, ()) if value not in silent]
    what = f"column '{shown(name)}' of item '{item.id}': the file declares {{}} as missing"
    severity: Severity = "error"
    if not odd and item.kind != "choice":
        if item.kind == "scale":
            labels = {one.value: " ".join(text for _, text in one.label.texts) or one.value for one in item.levels}
        odd = [value for value, label in labels.items() if value not in silent and silence(label)]
        what = f"column '{shown(name)}' of item '{item.id}': {{}} would be averaged with the other answers"
        severity = "warning" if stated else "error"
    if not odd:
        return []
    listed = ", ".join(
        f"{shown(one)} ('{shown(labels[one])}')" if labels.get(one, one) != one else shown(one) for one in odd[:8]
    )
    mend = "say in survey.yaml what it is: under dont_know, refused or missing of the item's scale"
    return [Problem(stated or table.name, 0, 0, what.format(listed), mend, severity)]


def _wording(table: SurveyTable, name: str, wanted: str, question: FormQuestion | None) -> Label:
    """The question as the form or the file has it; a header that is a sentence is one."""
    if question:
        return question.wording
    text = table.questions.get(name, name if wanted.startswith("#") and " " in name else "")
    return Label((("en", text),)) if text else Label(())


def _levels(item: SurveyItem, table: SurveyTable, name: str, question: FormQuestion | None) -> tuple[Level, ...]:
    """The levels the file itself knows, without the values that are no answer."""
    pairs: list[tuple[str, Label]] = []
    declared = table.missing.get(name, ())
    if question and question.choices:
        pairs = [(plain_value(value), label) for value, label in question.choices]
    elif name in table.labels:
        pairs = [(plain_value(value), Label((("en", text),))) for value, text in table.labels[name]]
    silent = {*item.dont_know, *item.refused, *item.missing}
    kept = [(value, label) for value, label in pairs if value not in silent and value not in declared]
    scored = scale_levels([value for value, _ in kept], reverse=item.reversed, ordered=item.kind == "scale")
    return tuple(Level(one.value, label, one.score) for one, (_, label) in zip(scored, kept, strict=True))
