"""The profile of every site (T8): conditions and improvement round by round, what else happened, and its pattern."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from bwa_study.analysis.contribution import rivals_by_site
from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.necessity.cases import StudyCases, cases
from bwa_study.analysis.necessity.interviews import interviews_of
from bwa_study.analysis.necessity.raw_scores import calibrated, raw_scores
from bwa_study.model.case_rules import CaseRules, Measure
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study

STATES = ("yes", "no", "cannot classify")
COURSES = ("endured", "faded", "never", "late", "cannot say")
"""Improved and lasting; improved and not lasting; neither; lasting only; either cannot be classified."""


@dataclass(frozen=True, eq=False, repr=False)
class SiteProfile(Result):
    """Conditions, improvement, context and pattern, a row a site.

    ``table`` has the columns ``site``; for each of `readings` (a measure in a round) ``<measure>_<round>`` (one of
    `STATES`), ``<measure>_<round>_score`` (-1 to 1 for codes; NaN where there is none), ``<measure>_<round>_for`` and
    ``<measure>_<round>_against`` (interviews with a statement for and against it), ``<measure>_<round>_of`` (interviews
    in which it was asked about); ``context`` (what else is known of the site: attributes, events and rival
    explanations that not every site shares), ``course`` (one of `COURSES`) and ``pattern`` (conditions and course in
    words).
    """

    readings: tuple[tuple[str, str], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    reliability: Mapping[str, str] = field(default_factory=dict)
    """By measure how many of its codes may be used for what, see `bwa_study.analysis.gate`."""
    cases: StudyCases | None = field(default=None, repr=False)

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.cases.matrix if self.cases else None

    def quotes(self, site: str, measure: str, *, round: str, side: str = "") -> pd.DataFrame:
        """The words behind one state: interviews as ``_for`` and ``_against`` count them.

        Raises
        ------
        UnknownName
            If there is no such site, reading or side.
        """
        if (measure, round) not in self.readings:
            raise UnknownName("reading", f"{measure} {round}", [" ".join(one) for one in self.readings])
        assert self.cases is not None
        return _reading(self.cases, measure, round).quotes(measure, site, side=side)

    def compact(self) -> pd.DataFrame:
        """Sites down; readings across, then context and pattern."""
        out = {"site": self.table["site"]}
        for measure, round in self.readings:
            name = f"{measure}_{round}"
            scores = zip(self.table[name], self.table[f"{name}_score"], strict=True)
            head = f"{self.labels[measure]} ({round})" if round else self.labels[measure]
            out[head] = pd.Series([state if math.isnan(x) else f"{state} ({x:+.2f})" for state, x in scores])
        out |= {"context": self.table["context"], "pattern": self.table["pattern"]}
        return pd.DataFrame(out).set_index("site")


def site_profile(matrix: CodingMatrix) -> SiteProfile:
    """Lay out for each site what the conditions were, whether it improved, whether that lasted, and what else happened.

    Parameters
    ----------
    matrix
        Of one coder. Its study declares conditions and an outcome under ``necessity`` in study.yaml, and under
        ``profile`` there what else is shown, such as whether a site improved.

    Returns
    -------
    SiteProfile
        A measure read from codings is shown in its own rounds; a condition also in the earlier rounds in which a
        measure of ``profile`` is read.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongCall
        If the study declares no conditions.
    UnknownName
        If the rules name what the study does not have.

    Notes
    -----
    A state is yes where the calibrated score is above .5; see `bwa_study.analysis.necessity.raw_scores.raw_scores`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> bwa.site_profile(m).frame.set_index("site").loc["F09", ["oversight_R2", "oversight_R3", "course"]].tolist()
    ['yes', 'no', 'faded']
    """
    study, rules = matrix.study, matrix.study.necessity
    if rules is None:
        raise WrongCall("the study declares no conditions — describe them under 'necessity' in study.yaml")
    scored = cases(matrix)
    readings = _readings(rules, study)
    table = pd.DataFrame({"site": study.levels("site")})
    for id, round in readings:
        for name, values in _columns(scored, id, round).items():
            table[f"{id}_{round}{name}"] = pd.Series(values)
    context = _context(scored, study)
    table["context"] = [context[site] for site in table["site"]]
    table["course"] = _courses(table, rules, readings)
    labels = {m.id: m.label.text(study.language) or m.id for m in (*rules.measures, *rules.profile)}
    shown = [m.id for m in rules.conditions if m.source == "codes"]
    rows = table.to_dict("records")
    table["pattern"] = [_pattern(row, shown, readings) for row in rows]
    gate = reliability_gate(study)
    of = {id: gate.summary([code for code, _ in _measure(rules, id).codes]) for id, _ in readings}
    return SiteProfile(
        table=table,
        title="Profile of every site",
        method="yes and no: by the rules of study.yaml ('necessity'), with the balance of statements for and against "
        "from -1 to 1. Endured: improved and lasting; faded: improved and not lasting; never: neither. Context: what "
        f"not every site shares. {gate.note(matrix.coders)} {'; '.join(f'{id}: {text}' for id, text in of.items())}.",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        readings=readings,
        labels=labels,
        reliability=of,
        cases=scored,
    )


def course_of(improved: str, lasts: str) -> str:
    """The course of two states; without a measure of improvement `improved` is empty.

    Examples
    --------
    >>> course_of("yes", "no"), course_of("no", "no"), course_of("", "yes"), course_of("yes", "cannot classify")
    ('faded', 'never', 'endured', 'cannot say')
    """
    if STATES[2] in (improved, lasts):
        return "cannot say"
    if not improved:
        return "endured" if lasts == "yes" else "never"
    if improved == "yes":
        return "endured" if lasts == "yes" else "faded"
    return "late" if lasts == "yes" else "never"


def _measure(rules: CaseRules, id: str) -> Measure:
    return next((m for m in rules.profile if m.id == id), None) or rules.measure(id)


def _readings(rules: CaseRules, study: Study) -> tuple[tuple[str, str], ...]:
    """Conditions, then the profile's measures, then the outcome, each in order of the rounds."""
    order = study.levels("round")
    extra = [round for m in rules.profile for round in m.rounds]
    out = []
    for m in (*rules.conditions, *rules.profile, rules.measure(rules.outcome)):
        if m.source == "attribute":
            continue
        last = max(order.index(round) for round in m.rounds)
        earlier = extra if m in rules.conditions and m.source == "codes" else []
        wanted = {*m.rounds, *(round for round in earlier if order.index(round) < last)}
        out += [(m.id, round) for round in order if round in wanted]
    return tuple(out)


def _reading(scored: StudyCases, id: str, round: str) -> StudyCases:
    """The cases with one measure read in one round."""
    rules = scored.rules
    assert rules is not None
    read = replace(_measure(rules, id), rounds=(round,))
    return replace(scored, rules=replace(rules, measures=(*(m for m in rules.measures if m.id != id), read)))


def _columns(scored: StudyCases, id: str, round: str) -> dict[str, list[object]]:
    rules, matrix = scored.rules, scored.matrix
    assert rules is not None
    assert matrix is not None
    measure = replace(_measure(rules, id), rounds=(round,))
    raw = raw_scores(measure, matrix.study, interviews_of(matrix))
    scores = calibrated(raw, measure.calibration)
    return {
        "": ["cannot classify" if x != x else "yes" if x > 0.5 else "no" for x in scores],
        "_score": [one.value for one in raw],
        "_for": [one.said for one in raw],
        "_against": [one.denied for one in raw],
        "_of": [one.evidence for one in raw],
    }


def _courses(table: pd.DataFrame, rules: CaseRules, readings: Sequence[tuple[str, str]]) -> list[str]:
    of = {id: f"{id}_{round}" for id, round in readings}
    lasts = list(table[of[rules.outcome]]) if rules.outcome in of else [STATES[2]] * len(table)
    first = next((of[m.id] for m in rules.profile if m.id in of), "")
    improved = list(table[first]) if first else [""] * len(table)
    return [course_of(a, b) for a, b in zip(improved, lasts, strict=True)]


def _pattern(row: Mapping[object, object], conditions: Sequence[str], readings: Sequence[tuple[str, str]]) -> str:
    parts = []
    for id in conditions:
        states = [str(row[f"{id}_{round}"]) for one, round in readings if one == id]
        lost = states[-1] == "no" and "yes" in states[:-1]
        parts.append(
            f"{id} lost" if lost else {"yes": id, "no": f"no {id}"}.get(states[-1], f"{id} cannot be classified")
        )
    return f"{', '.join(parts)}: {row['course']}" if parts else str(row["course"])


def _context(scored: StudyCases, study: Study) -> dict[str, str]:
    """By site the attributes that count as in, events and rival explanations, of each only what not all sites share."""
    rules = scored.rules
    assert rules is not None
    sites = study.levels("site")
    found: dict[str, list[str]] = {}
    for m in rules.conditions:
        if m.source == "attribute":
            found[m.label.text(study.language) or m.id] = [
                s for s, x in zip(sites, scored.columns()[m.id], strict=True) if x > 0.5
            ]
    for event in study.events:
        found.setdefault(event.kind.replace("_", " ").capitalize(), []).append(event.site)
    if study.theory is not None and scored.matrix is not None:
        rivals = rivals_by_site(study.theory.rivals, scored.matrix)
        for code, part in rivals[rivals["stands"]].groupby("code", sort=False):
            found.setdefault(study.label("code", str(code)), []).extend(part["site"])
    shared = {name: set(at) for name, at in found.items() if set(at) < set(sites)}
    return {site: "; ".join(name for name, at in shared.items() if site in at) for site in sites}
