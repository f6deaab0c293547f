"""`study.yaml`: what the study is called, its groups and rounds in order, and where its files are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from bwa_study.load.forms import Form, LabelForm, as_label, check_form, id_fault
from bwa_study.load.gate import ENCODINGS, Rejected, Source, decode, read_source
from bwa_study.load.necessity_rules import NecessityForm, rule_faults
from bwa_study.load.theory_rules import ContributionForm, theory_faults
from bwa_study.load.yaml_strict import Document, read_yaml
from bwa_study.model.errors import Problem, StudyFileError, did_you_mean, shown
from bwa_study.model.labels import Label
from bwa_study.model.matrix import UNITS
from bwa_study.model.reliability_rules import INTERVALS, RULES, ReliabilityRules
from bwa_study.model.schema import is_date
from bwa_study.model.study import Group, Round

STUDY_FILE = "study.yaml"
LOG_FILE = "codings.sqlite"
"""Name of the coding log in a study folder, unless study.yaml names another."""


class GroupForm(Form):
    id: str
    label: LabelForm = {}


class RoundForm(Form):
    id: str
    label: LabelForm = {}
    start: str = Field("", description="first day of fieldwork, YYYY-MM-DD")
    end: str = Field("", description="last day of fieldwork, YYYY-MM-DD")


class SpeakersForm(Form):
    interviewer: list[str] = []
    respondent: list[str] = []


class ReliabilityForm(Form):
    rule: str = Field("krippendorff2004", description="from which agreement a code may be used, by the paper's name")
    coders: list[str] = Field([], description="whose agreement counts; all people who coded by default")
    unit: str = Field("turn", description="what they are compared on: turn or interview")
    interval: str = Field("jackknife", description="whose lower end decides: jackknife or bootstrap, by transcript")


class StudyForm(Form):
    id: str
    title: LabelForm
    synthetic: bool = Field(False, description="true where the data are made up; every output then says so")
    language: str = Field("en", description="language of tables and figures: en or zh")
    codebook: str = Field("codebook.yaml", description="themes and codes; may be empty where there is only a survey")
    interviews: str = Field(
        "raw/interviews.csv", description="the manifest, a row an interview; empty where there is only a survey"
    )
    sites: str = Field("", description="the table of factories; empty for a study without sites")
    events: str = Field("", description="the table of events at the factories, for the timeline")
    surveys: str = Field("", description="survey.yaml: the files, items and scales of a survey; empty for none")
    codings: str = Field("codings", description="folder with a csv file of codings per coder")
    log: str = Field(
        "", description="the coding log: a file, codings.sqlite by default, or postgresql://user@host/database"
    )
    encoding: str = Field("", description="encoding of the study's text files that are not UTF-8, such as gb18030")
    main_coder: str = Field("indicators", description="whose codings the tables count")
    reliability: ReliabilityForm = ReliabilityForm()
    groups: list[GroupForm]
    rounds: list[RoundForm]
    speakers: SpeakersForm = SpeakersForm()
    contribution: ContributionForm | None = Field(None, description="the theory of change, see docs/necessity.md")
    necessity: NecessityForm | None = Field(None, description="what the cases are scored by, see docs/necessity.md")


@dataclass(frozen=True, slots=True)
class StudyFile:
    """The content of `study.yaml`, its source and where its folder is."""

    folder: Path
    source: Source
    form: StudyForm
    groups: tuple[Group, ...]
    rounds: tuple[Round, ...]
    title: Label
    document: Document

    @property
    def reliability(self) -> ReliabilityRules:
        """Which codes may be used."""
        form = self.form.reliability
        return ReliabilityRules(form.rule, tuple(form.coders), form.unit, form.interval)  # type: ignore[arg-type]


def load_study_file(path: str | Path) -> StudyFile:
    """Read `study.yaml` of a study folder, or the file itself.

    Raises
    ------
    StudyFileError
        With every problem of the file.
    """
    path = Path(path)
    file = path / STUDY_FILE if path.is_dir() else path
    if not file.exists():
        what = f"there is no '{STUDY_FILE}' here"
        mend = "give the folder of a study, or make a demo study with 'bwa-study demo DIR'"
        raise StudyFileError([Problem(str(path), 0, 0, what, mend)])
    try:
        source = read_source(file)
        text = decode(source, state=None)
    except Rejected as fault:
        raise StudyFileError([fault.problem]) from None
    document = read_yaml(text, file=source.name)
    if not document.complete:
        raise StudyFileError(document.problems)
    form, found = check_form(StudyForm, document, file=source.name, kind="study file")
    problems = [*document.problems, *found]
    if form is None:
        raise StudyFileError(problems)
    problems += _level_problems(form, document, source.name)
    if problems:
        raise StudyFileError(sorted(problems, key=lambda p: (p.line, p.column)))
    return StudyFile(
        folder=file.parent,
        source=source,
        form=form,
        groups=tuple(Group(g.id, as_label(g.label or {"en": g.id})) for g in form.groups),
        rounds=tuple(Round(r.id, as_label(r.label or {"en": r.id}), r.start, r.end) for r in form.rounds),
        title=as_label(form.title),
        document=document,
    )


def _level_problems(form: StudyForm, document: Document, file: str) -> list[Problem]:
    out = []

    def add(path: tuple[str | int, ...], what: str, mend: str) -> None:
        line, column = document.place(path)
        out.append(Problem(file, line, column, what, mend))

    for section, ids in (("groups", [g.id for g in form.groups]), ("rounds", [r.id for r in form.rounds])):
        if not ids:
            add((section,), f"'{section}' is empty", f"declare the {section}, in the order tables shall have")
        for i, id in enumerate(ids):
            if fault := id_fault(id):
                add((section, i, "id"), f"id {fault}", "use ASCII letters, digits, '_', '-' and '.' only")
            elif id in ids[:i]:
                add((section, i, "id"), f"id '{shown(id)}' is given twice in {section}", "give each its own id")
    if not (form.interviews or form.surveys):
        add(("interviews",), "neither interviews nor a survey", "name the manifest of interviews, or 'surveys'")
    if form.interviews and not form.codebook:
        add(("codebook",), "interviews, but no codebook", "name it; only a study that is a survey alone does without")
    if form.encoding.lower() not in ("", *ENCODINGS):
        add(("encoding",), f"unknown encoding '{shown(form.encoding)}'", f"use one of {', '.join(ENCODINGS)}")
    groups, rounds = [g.id for g in form.groups], [r.id for r in form.rounds]
    if form.contribution:
        theory_faults(form.contribution, groups, rounds, lambda path, *told: add(("contribution", *path), *told))
    if form.necessity:
        rule_faults(form.necessity, groups, rounds, lambda path, *told: add(("necessity", *path), *told))
    for path, *told in _reliability_faults(form.reliability):
        add(("reliability", path), *told)
    previous = ""
    for i, one in enumerate(form.rounds):
        for name, day in (("start", one.start), ("end", one.end)):
            if day and not is_date(day):
                add(("rounds", i, name), f"'{shown(day)}' is not a date", "write it as YYYY-MM-DD, such as 2020-09-14")
        if one.start and one.end and one.end < one.start:
            add(
                ("rounds", i, "end"),
                f"round '{shown(one.id)}' ends ({one.end}) before it starts ({one.start})",
                "swap the two",
            )
        if one.start and previous and one.start < previous:
            add(
                ("rounds", i, "start"),
                f"round '{shown(one.id)}' starts before the round above it",
                "list the rounds in time order",
            )
        previous = one.start or previous
    return out


def _reliability_faults(stated: ReliabilityForm) -> Iterator[tuple[str, str, str]]:
    """Field, what is wrong with it, and the way out."""
    for name, value, known in (
        ("rule", stated.rule, tuple(RULES)),
        ("unit", stated.unit, UNITS),
        ("interval", stated.interval, INTERVALS),
    ):
        if value not in known:
            what = f"reliability: unknown {name} '{shown(value)}'{did_you_mean(value, known)}"
            yield name, what, f"use one of {', '.join(known)}"
    if len(set(stated.coders)) == 1:
        yield "coders", "reliability: one coder is named, agreement needs two", "name another"
