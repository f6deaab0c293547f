"""`survey.yaml`: which columns of the survey's files are which items, keys and scales."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bwa_study.load.forms import Form, LabelForm, as_label, check_form, id_fault
from bwa_study.load.gate import ENCODINGS, Source, decode
from bwa_study.load.study_file import StudyFile
from bwa_study.load.yaml_strict import Document, read_yaml
from bwa_study.model.errors import Problem, StudyFileError, did_you_mean, shown
from bwa_study.model.labels import Label
from bwa_study.model.survey import ITEM_KINDS, Construct, Level, SurveyItem

Scalar = str | int | float
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")
_WHOLE = re.compile(r"(-?[0-9]+)\.0+\Z")


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [] if value is None else [value]


Values = Annotated[list[Scalar], BeforeValidator(_as_list)]


class LevelForm(Form):
    value: Scalar
    label: LabelForm = {}
    score: int | float | None = Field(None, description="what the level counts as; its own number or place by default")


class ScaleForm(Form):
    levels: list[Scalar | LevelForm] = Field([], description="lowest first")
    low: LabelForm = Field({}, description="what the lowest level means")
    high: LabelForm = Field({}, description="what the highest level means")
    dont_know: Values = []
    refused: Values = []
    missing: Values = Field([], description="values that mean no answer; an empty cell always does")


class ItemForm(Form):
    id: str
    column: str = Field("", description="its column in the files; the id by default; '#7' is the seventh column")
    columns: dict[str, str] = Field({}, description="by round: its column in a file of that round, if named otherwise")
    measures: str = Field("", alias="construct", description="the construct it measures")
    kind: Literal["scale", "choice", "number", "open"] = "scale"
    wording: LabelForm = {}
    reworded: dict[str, LabelForm] = Field({}, description="by round: the question where it was asked in other words")
    reversed: bool = False
    groups: list[str] = Field([], description="who is asked; everybody by default")
    rounds: list[str] = Field([], description="in which rounds; all by default")
    scale: str = Field("", description="name of one of 'scales'; 'scale' by default")


class ConstructForm(Form):
    id: str
    label: LabelForm = {}
    codes: list[str] = Field([], description="codes or themes of the codebook that speak of the same")


class KeysForm(Form):
    respondent: str = Field("#row", description="column of the respondent's id; '#row' makes one of the row")
    person: str = Field("", description="column of an id that stays over rounds; the respondent's by default")
    site: str = ""
    brand: str = ""
    group: str = ""
    round: str = ""
    weight: str = ""
    language: str = ""
    interview: str = Field("", description="column with the id of the person's interview")
    link_consent: str = Field("", description="column that says yes where the person agreed to that link")
    consent_quotes: str = ""
    withdrawn: str = Field("", description="column that is filled where consent was withdrawn: such rows are not read")


class WaveForm(Form):
    file: str
    round: str = Field("", description="the round, where no column says it")
    group: str = Field("", description="the group, where no column says it")
    keys: dict[str, str] = Field({}, description="what this file calls key columns; empty text where it has none")
    sheet: str = Field("", description="of a workbook; the first by default")
    form: str = Field("", description="the XLSForm of a KoboToolbox or ODK export")
    separator: str = Field(
        "", description="of a text file: ',', ';', '|' or a tab; seen from its first line by default"
    )
    encoding: str = ""


class SurveyForm(Form):
    synthetic: bool = False
    keys: KeysForm = KeysForm()
    waves: list[WaveForm]
    recode: dict[str, dict[str, str]] = Field({}, description="by key: values of the file and the ids they stand for")
    scale: ScaleForm | None = None
    scales: dict[str, ScaleForm] = {}
    constructs: list[ConstructForm] = []
    items: list[ItemForm]


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """The content of `survey.yaml`; `items` beside the column each is read from, `constructs` with their items."""

    name: str
    form: SurveyForm
    items: tuple[tuple[SurveyItem, str], ...]
    constructs: tuple[Construct, ...]

    def keys_of(self, wave: WaveForm) -> dict[str, str]:
        """What the file of a wave calls the column of each key; empty where it has none."""
        return {**self.form.keys.model_dump(), **wave.keys}

    def column_of(self, item: str, round: str) -> str:
        """What a file of a round calls the column of an item."""
        one = next(one for one in self.form.items if one.id == item)
        return one.columns.get(round, one.column or one.id)


def plain_value(value: object) -> str:
    """A value as files and `survey.yaml` compare it: trimmed, whole numbers without decimals.

    Examples
    --------
    >>> plain_value(4.0), plain_value(" 4.0 "), plain_value("4,5")
    ('4', '4', '4,5')
    """
    text = str(value).strip()
    whole = _WHOLE.match(text)
    return whole[1] if whole else text


def parse_survey_file(source: Source, study: StudyFile, codes: tuple[str, ...]) -> SurveyFile:
    """The content of `survey.yaml`, checked against the study's groups and rounds and its codebook.

    Parameters
    ----------
    source
        The bytes; UTF-8.
    study
        Its groups and rounds are the ones allowed.
    codes
        Ids of the codes and themes that constructs may name.

    Raises
    ------
    StudyFileError
        With every problem of the file.
    """
    document = read_yaml(decode(source, state=None), file=source.name)
    if not document.complete:
        raise StudyFileError(document.problems)
    form, found = check_form(SurveyForm, document, file=source.name, kind="survey file")
    if form is None:
        raise StudyFileError([*document.problems, *found])
    problems = [*document.problems, *_Checks(source.name, document, form, study, codes).all()]
    if problems:
        raise StudyFileError(sorted(problems, key=lambda p: (p.line, p.column)))
    items = tuple((_item(one, form, study), one.column or one.id) for one in form.items)
    return SurveyFile(source.name, form, items, _constructs(form))


def scale_levels(values: list[Scalar | LevelForm], *, reverse: bool, ordered: bool) -> tuple[Level, ...]:
    """Levels with their scores: a number counts as itself, a word as its place; turned round where `reverse`.

    Examples
    --------
    >>> [level.score for level in scale_levels(["never", "often"], reverse=True, ordered=True)]
    [2.0, 1.0]
    """
    forms = [one if isinstance(one, LevelForm) else LevelForm(value=one) for one in values]
    texts = [plain_value(one.value) for one in forms]
    numeric = all(_NUMBER.match(text) for text in texts)
    scores = [
        float(one.score) if one.score is not None else float(text) if numeric else float(place)
        for place, (one, text) in enumerate(zip(forms, texts, strict=True), start=1)
    ]
    if not ordered:
        scores = [math.nan] * len(scores)
    elif reverse and scores:
        scores = [min(scores) + max(scores) - score for score in scores]
    return tuple(Level(text, as_label(one.label), score) for one, text, score in zip(forms, texts, scores, strict=True))


def _item(one: ItemForm, form: SurveyForm, study: StudyFile) -> SurveyItem:
    scale = form.scales[one.scale] if one.scale else form.scale or ScaleForm()
    closed = one.kind in ("scale", "choice")
    if one.kind == "number" and not one.scale:
        scale = _words_only(scale)
    levels = scale_levels(scale.levels, reverse=one.reversed, ordered=one.kind == "scale") if closed else ()
    return SurveyItem(
        id=one.id,
        construct=one.measures,
        wording=as_label(one.wording),
        kind=one.kind,
        levels=_with_ends(levels, scale),
        reversed=one.reversed,
        dont_know=tuple(map(plain_value, scale.dont_know)) if one.kind != "open" else (),
        refused=tuple(map(plain_value, scale.refused)) if one.kind != "open" else (),
        missing=tuple(map(plain_value, scale.missing)),
        groups=tuple(one.groups),
        rounds=tuple(r.id for r in study.rounds if not one.rounds or r.id in one.rounds) if one.rounds else (),
        rewordings=tuple((round, as_label(text)) for round, text in one.reworded.items()),
    )


def _words_only(scale: ScaleForm) -> ScaleForm:
    """The usual scale as far as it can hold for numbers: 8 visits are no "don't know"."""
    words = {
        name: [value for value in getattr(scale, name) if not _NUMBER.match(plain_value(value))]
        for name in ("dont_know", "refused", "missing")
    }
    return scale.model_copy(update=words)


def _with_ends(levels: tuple[Level, ...], scale: ScaleForm) -> tuple[Level, ...]:
    """The levels with the labels `low` and `high` at their ends, where they have none of their own."""
    ends = {0: as_label(scale.low), len(levels) - 1: as_label(scale.high)}
    return tuple(
        Level(one.value, one.label if one.label.texts else ends.get(at, Label(())), one.score)
        for at, one in enumerate(levels)
    )


def _constructs(form: SurveyForm) -> tuple[Construct, ...]:
    declared = {one.id: one for one in form.constructs}
    ids = dict.fromkeys([*declared, *(item.measures for item in form.items if item.measures)])
    out = []
    for id in ids:
        one = declared.get(id, ConstructForm(id=id))
        members = tuple(item.id for item in form.items if item.measures == id)
        out.append(Construct(id, as_label(one.label or {"en": id}), members, tuple(one.codes)))
    return tuple(out)


class _Checks:
    """Every fault of a filled form, with its place."""

    def __init__(
        self, file: str, document: Document, form: SurveyForm, study: StudyFile, codes: tuple[str, ...]
    ) -> None:
        self.file, self.document, self.form, self.codes = file, document, form, codes
        self.groups = tuple(g.id for g in study.groups)
        self.rounds = tuple(r.id for r in study.rounds)
        self.synthetic_study = study.form.synthetic
        self.problems: list[Problem] = []

    def add(self, path: tuple[str | int, ...], what: str, mend: str) -> None:
        line, column = self.document.place(path)
        self.problems.append(Problem(self.file, line, column, what, mend))

    def known(self, path: tuple[str | int, ...], kind: str, name: str, names: tuple[str, ...]) -> None:
        if name not in names:
            what = f"'{shown(name)}' is no {kind}{did_you_mean(name, names)}"
            self.add(path, what, f"use {', '.join(names)}" if names else f"declare the {kind}")

    def all(self) -> list[Problem]:
        self.ids("items", [one.id for one in self.form.items])
        self.ids("constructs", [one.id for one in self.form.constructs])
        self.keys()
        for n, wave in enumerate(self.form.waves):
            self.wave(n, wave)
        for n, item in enumerate(self.form.items):
            self.item(n, item)
        for n, construct in enumerate(self.form.constructs):
            for code in construct.codes:
                self.known(("constructs", n, "codes"), "code or theme of the codebook", code, self.codes)
        if self.form.scale:
            self.scale(("scale",), self.form.scale)
        for name, scale in self.form.scales.items():
            self.scale(("scales", name), scale)
        if self.form.synthetic and not self.synthetic_study:
            what = "a synthetic survey in a study that does not say so"
            self.add(("synthetic",), what, "write 'synthetic: true' into study.yaml")
        return self.problems

    def ids(self, section: str, ids: list[str]) -> None:
        for n, id in enumerate(ids):
            if fault := id_fault(id):
                self.add((section, n, "id"), f"id {fault}", "use ASCII letters, digits, '_', '-' and '.' only")
            elif id in ids[:n]:
                self.add((section, n, "id"), f"id '{shown(id)}' is given twice in {section}", "give each its own id")

    def keys(self) -> None:
        keys = self.form.keys
        if keys.interview and not keys.link_consent:
            what = "'interview' links answers to a person's interview, and nothing says who agreed to that"
            self.add(("keys", "interview"), what, "name the column under 'link_consent', or leave 'interview' out")
        for key, values in self.form.recode.items():
            self.known(("recode", key), "key to recode", key, ("group", "round", "site", "brand", "language"))
            names = {"group": self.groups, "round": self.rounds}.get(key, ())
            for value, id in values.items():
                if names:
                    self.known(("recode", key, value), f"{key} of this study", id, names)

    def wave(self, n: int, wave: WaveForm) -> None:
        keys = self.form.keys.model_dump()
        for key in wave.keys:
            self.known(("waves", n, "keys", key), "key", key, tuple(keys))
        keys |= wave.keys
        if keys["interview"] and not keys["link_consent"] and wave.keys:
            what = "'interview' links answers to a person's interview, and nothing says who agreed to that"
            self.add(("waves", n, "keys"), what, "name the column under 'link_consent', or say interview: \"\"")
        if not wave.round and not keys["round"]:
            self.add(("waves", n), "nothing says the round", "add 'round: …', or name its column under 'keys'")
        if not wave.group and not keys["group"]:
            self.add(("waves", n), "nothing says the group", "add 'group: …', or name its column under 'keys'")
        for name, value, names in (("round", wave.round, self.rounds), ("group", wave.group, self.groups)):
            if value:
                self.known(("waves", n, name), f"{name} of this study", value, names)
        if wave.encoding.lower() not in ("", *ENCODINGS):
            self.known(("waves", n, "encoding"), "encoding", wave.encoding, ENCODINGS)
        if wave.separator not in ("", ",", ";", "|", "\t"):
            self.add(
                ("waves", n, "separator"), f"'{shown(wave.separator)}' is no separator", 'use ",", ";", "|" or "\\t"'
            )

    def item(self, n: int, item: ItemForm) -> None:
        assert item.kind in ITEM_KINDS
        for name, values in (("rounds", item.rounds), ("reworded", item.reworded), ("columns", item.columns)):
            for value in values:
                self.known(("items", n, name), "round of this study", value, self.rounds)
        for value in item.groups:
            self.known(("items", n, "groups"), "group of this study", value, self.groups)
        if item.scale:
            self.known(("items", n, "scale"), "one of 'scales'", item.scale, tuple(self.form.scales))
        declared = tuple(one.id for one in self.form.constructs)
        if item.measures and declared:
            self.known(("items", n, "construct"), "one of 'constructs'", item.measures, declared)
        if item.measures and item.kind in ("choice", "open"):
            what = f"an item of kind '{item.kind}' has no number, so it cannot measure '{shown(item.measures)}'"
            self.add(("items", n, "construct"), what, "leave 'construct' out, or say kind: scale")
        if item.reversed and item.kind != "scale":
            self.add(("items", n, "reversed"), f"an item of kind '{item.kind}' cannot be reversed", "say kind: scale")

    def scale(self, path: tuple[str | int, ...], scale: ScaleForm) -> None:
        levels = [plain_value(one.value if isinstance(one, LevelForm) else one) for one in scale.levels]
        values = [*levels, *(plain_value(v) for part in (scale.dont_know, scale.refused, scale.missing) for v in part)]
        for value in dict.fromkeys(v for v in values if values.count(v) > 1):
            self.add(path, f"value '{shown(value)}' is given twice in the scale", "give each value one meaning")
