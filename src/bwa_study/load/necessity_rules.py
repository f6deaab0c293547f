"""The block ``necessity`` of `study.yaml`: conditions, outcome and cut-offs, strictly read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from bwa_study.load.forms import Form, LabelForm, as_label, id_fault
from bwa_study.model.case_rules import CALIBRATIONS, SILENCE, Calibration, CaseRules, Measure, Variations
from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import Problem, did_you_mean, shown
from bwa_study.model.labels import Label
from bwa_study.model.study import Site

if TYPE_CHECKING:
    from bwa_study.load.study_file import StudyFile

Add = Callable[[tuple[str | int, ...], str, str], None]
"""Takes the path of a fault inside the block, what is wrong, and the way out."""


class CalibrationForm(Form):
    kind: str = "crisp"
    above: float | None = Field(None, description="crisp: only scores above this are in")
    reach: float | None = Field(None, description="crisp: scores from this on are in")
    anchors: list[float] = Field([], description="of the other kinds, see docs/necessity.md")
    shape: str = "logistic"
    degree: float = 0.95


class MinimumForm(Form):
    interviews: int = 1
    groups: int = 1


class ConfirmedForm(Form):
    interviews: int = 0
    groups: int = 0


class MeasureForm(Form):
    id: str
    label: LabelForm = {}
    codes: dict[str, float] = Field({}, description="code: weight; negative where the code counts against it")
    survey: list[str] = Field([], description="ids of survey items, in place of codes")
    attribute: str = Field("", description="column of the table of sites, in place of codes")
    values: dict[str, float] = Field({}, description="score of each value of the attribute")
    informants: list[str] = []
    rounds: list[str] = []
    minimum: MinimumForm = MinimumForm()
    confirmed: ConfirmedForm = ConfirmedForm()
    silence: str = Field("cannot classify", description="or: out")
    calibration: CalibrationForm | None = None


class TruthTableForm(Form):
    conditions: list[str] = []
    consistency: float
    cases: int = 1


class VaryForm(Form):
    thresholds: list[float] = []
    interviews: list[int] = []
    informants: bool = True


class NecessityForm(Form):
    outcome: str
    consistency: float
    measures: list[MeasureForm]
    profile: list[MeasureForm] = Field([], description="further measures that the profile of a site shows (T8)")
    combinations: list[str] = []
    truth_table: TruthTableForm | None = None
    expectations: dict[str, int] = {}
    vary: VaryForm = VaryForm()


def case_rules(form: NecessityForm) -> CaseRules:
    """The rules of a block that has no fault."""
    table = form.truth_table
    conditions = tuple(m.id for m in form.measures if m.id != form.outcome)
    return CaseRules(
        measures=tuple(_measure(m) for m in form.measures),
        outcome=form.outcome,
        consistency=form.consistency,
        combinations=tuple(form.combinations),
        table_conditions=tuple(table.conditions) if table and table.conditions else conditions,
        table_consistency=table.consistency if table else 1.0,
        table_cases=table.cases if table else 1,
        expectations=tuple(form.expectations.items()),
        variations=Variations(tuple(form.vary.thresholds), tuple(form.vary.interviews), form.vary.informants),
        profile=tuple(_measure(m) for m in form.profile),
    )


def _measure(form: MeasureForm) -> Measure:
    return Measure(
        id=form.id,
        label=as_label(form.label) if form.label else Label((("en", form.id),)),
        codes=tuple(form.codes.items()),
        items=tuple(form.survey),
        attribute=form.attribute,
        values=tuple(form.values.items()),
        informants=tuple(form.informants),
        rounds=tuple(form.rounds),
        fewest_interviews=form.minimum.interviews,
        fewest_groups=form.minimum.groups,
        confirmed_interviews=form.confirmed.interviews,
        confirmed_groups=form.confirmed.groups,
        silence="out" if form.silence == "out" else "cannot classify",
        calibration=_calibration(form),
    )


def _calibration(form: MeasureForm) -> Calibration:
    one = form.calibration
    if one is None:  # an attribute's values are memberships already
        return Calibration("crisp", (0.5,))
    if one.kind == "crisp":
        strict = one.above is not None
        threshold = one.above if one.above is not None else one.reach
        return Calibration("crisp", (threshold if threshold is not None else 0.0,), strict)
    kind = next(known for known in CALIBRATIONS if known == one.kind)
    return Calibration(kind, tuple(one.anchors), False, one.shape, one.degree)


def rule_faults(form: NecessityForm, groups: list[str], rounds: list[str], add: Add) -> None:
    """Report every fault of the block that the form itself does not see."""
    ids = [m.id for m in form.measures]
    seen: list[str] = []
    for block, n, m in _all_measures(form):
        if fault := id_fault(m.id):
            add((block, n, "id"), f"id {fault}", "use ASCII letters, digits, '_', '-' and '.' only")
        elif m.id in seen:
            add((block, n, "id"), f"condition '{shown(m.id)}' is named twice", "give each its own id")
        seen.append(m.id)
        _measure_faults(m, (block, n), groups, rounds, add)
    if form.outcome not in ids:
        what = f"the outcome '{shown(form.outcome)}' is no measure{did_you_mean(form.outcome, ids)}"
        add(("outcome",), what, f"use one of {', '.join(map(shown, ids))}")
    elif len(ids) < 2:
        add(("measures",), "there is an outcome and no condition", "declare the conditions beside it")
    _cut_faults(form, add)
    conditions = [id for id in ids if id != form.outcome]
    _known(form.expectations, conditions, "condition", ("expectations",), add)
    if form.truth_table:
        named = form.truth_table.conditions
        _known(named, conditions, "condition", ("truth_table", "conditions"), add)
        for n, name in enumerate(named):
            if name in named[:n]:
                where = ("truth_table", "conditions", n)
                add(where, f"condition '{shown(name)}' is named twice", "leave one out")
    _order_faults(form, rounds, add)


def _cut_faults(form: NecessityForm, add: Add) -> None:
    cuts: list[tuple[tuple[str | int, ...], float]] = [(("consistency",), form.consistency)]
    if form.truth_table:
        cuts.append((("truth_table", "consistency"), form.truth_table.consistency))
        if form.truth_table.cases < 1:
            add(("truth_table", "cases"), f"'cases' is {form.truth_table.cases}", "write 1 or more")
    for path, value in cuts:
        if not 0 < value <= 1:
            add(path, f"a consistency of {value:g} is none", "write a number above 0 and at most 1")


def _all_measures(form: NecessityForm) -> list[tuple[str, int, MeasureForm]]:
    """Every measure with the list it stands in and its number there."""
    lists = (("measures", form.measures), ("profile", form.profile))
    return [(block, n, m) for block, measures in lists for n, m in enumerate(measures)]


def _measure_faults(m: MeasureForm, at: tuple[str | int, ...], groups: list[str], rounds: list[str], add: Add) -> None:
    sources = [name for name in ("codes", "survey", "attribute") if getattr(m, name)]
    if len(sources) != 1:
        found = " and ".join(sources) or "nothing"
        add(at, f"measure '{shown(m.id)}' is read from {found}", "give it one of codes, survey, attribute")
    if m.attribute and not m.values:
        add(
            (*at, "values"),
            f"attribute '{shown(m.attribute)}' has no values",
            'write them, such as {"yes": 1, "no": 0}',
        )
    for value, score in m.values.items():
        if not 0 <= score <= 1:
            add((*at, "values", value), f"score {score:g} of '{shown(value)}' is no membership", "write 0 to 1")
    for code, weight in m.codes.items():
        if not weight:
            add((*at, "codes", code), f"code '{shown(code)}' has weight 0", "give it a weight, or leave it out")
    if not m.attribute:
        for name, given, known in (("informants", m.informants, groups), ("rounds", m.rounds, rounds)):
            if not given:
                add((*at, name), f"measure '{shown(m.id)}' names no {name}", f"write some of {', '.join(known)}")
            _known(given, known, name[:-1], (*at, name), add)
        if m.calibration is None:
            what = f"measure '{shown(m.id)}' has no calibration"
            add(at, what, "state it, such as calibration: {kind: crisp, above: 0}")
    for name, fewest in (("interviews", m.minimum.interviews), ("groups", m.minimum.groups)):
        if fewest < 1:
            add((*at, "minimum", name), f"minimum of {name} is {fewest}", "write 1 or more")
    if m.silence not in SILENCE:
        add((*at, "silence"), f"'{shown(m.silence)}' is no meaning of silence", "write: cannot classify, or: out")
    if m.calibration is not None:
        _calibration_faults(m.calibration, (*at, "calibration"), add)


def _calibration_faults(one: CalibrationForm, at: tuple[str | int, ...], add: Add) -> None:
    if one.kind not in CALIBRATIONS:
        what = f"unknown calibration '{shown(one.kind)}'{did_you_mean(one.kind, CALIBRATIONS)}"
        add((*at, "kind"), what, f"use {', '.join(CALIBRATIONS)}")
        return
    if one.kind == "crisp":
        if (one.above is None) == (one.reach is None):
            add(at, "a crisp calibration needs a threshold", "write either 'above: …' or 'reach: …'")
        return
    need = next(n for kind, n in CALIBRATIONS.items() if kind == one.kind)
    open_ended = one.kind in ("indirect", "multi_value")
    if len(one.anchors) < need or (len(one.anchors) > need and not open_ended):
        what = f"{one.kind} has {len(one.anchors)} anchors"
        add((*at, "anchors"), what, f"it needs {'at least ' if open_ended else ''}{need}")
    if one.shape not in ("logistic", "linear"):
        add((*at, "shape"), f"unknown shape '{shown(one.shape)}'", "use logistic or linear")


def _known(names: Iterable[str], known: list[str], kind: str, at: tuple[str | int, ...], add: Add) -> None:
    for n, name in enumerate(names):
        if name not in known:
            what = f"unknown {kind} '{shown(name)}'{did_you_mean(name, known)}"
            add((*at, n), what, f"use {', '.join(map(shown, known))}")


def _order_faults(form: NecessityForm, rounds: list[str], add: Add) -> None:
    """A condition must not be read after the outcome."""
    read = {m.id: [rounds.index(r) for r in m.rounds if r in rounds] for m in form.measures}
    last = max(read.get(form.outcome, []), default=None)
    for n, m in enumerate(form.measures):
        if last is not None and m.id != form.outcome and read[m.id] and max(read[m.id]) > last:
            what = f"condition '{shown(m.id)}' is read in {rounds[max(read[m.id])]}, after the outcome"
            add(("measures", n, "rounds"), what, "read conditions before the outcome, or in its round at the latest")


def name_faults(file: StudyFile, codebook: Codebook, sites: Sequence[Site]) -> list[Problem]:
    """Codes and columns of the table of sites that the block names and the study does not have."""
    out = []
    columns = list(dict.fromkeys(name for site in sites for name, _ in site.attributes))
    form = file.form.necessity

    def add(path: tuple[str | int, ...], what: str, mend: str) -> None:
        line, column = file.document.place(("necessity", *path))
        out.append(Problem(file.source.name, line, column, what, mend))

    for block, n, m in _all_measures(form) if form else []:
        for code in m.codes:
            if code not in codebook:
                what = f"unknown code '{shown(code)}'{did_you_mean(code, codebook.ids)}"
                add((block, n, "codes", code), what, "use a code of the codebook")
        if m.attribute and m.attribute not in columns:
            what = f"unknown column '{shown(m.attribute)}'{did_you_mean(m.attribute, columns)}"
            add(
                (block, n, "attribute"),
                what,
                f"the table of sites has {', '.join(map(shown, columns)) or 'no such columns'}",
            )
    if form and not sites:
        line, column = file.document.key_place(("necessity",))
        what = "cases are sites, and this study has no table of sites"
        out.append(Problem(file.source.name, line, column, what, "name it as 'sites', or leave 'necessity' out"))
    return out
