"""Raw scores of cases in one measure, before calibration, with how much evidence there is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity import calibration
from bwa_study.analysis.necessity.expressions import Floats
from bwa_study.analysis.necessity.interviews import Flags, Interviews
from bwa_study.model.case_rules import Calibration, Measure
from bwa_study.model.errors import UnknownName
from bwa_study.model.study import Study
from bwa_study.model.survey import survey_items_of


@dataclass(frozen=True, slots=True)
class RawScore:
    """A case's raw score; NaN with a reason where it cannot be classified.

    ``evidence`` is the number of interviews in which it was asked about, ``groups`` that of groups they come from;
    ``said`` and ``denied`` the numbers of interviews with a statement for and against; ``confirmed`` is false where too
    few say so for the case to count as in.
    """

    value: float
    evidence: int = 0
    groups: int = 0
    said: int = 0
    denied: int = 0
    confirmed: bool = True
    reason: str = ""


@dataclass(frozen=True, eq=False)
class _Net:
    net: Floats
    counted: Flags
    said: Flags
    denied: Flags


def raw_scores(measure: Measure, study: Study, interviews: Interviews) -> list[RawScore]:
    r"""Raw scores of the sites, in declared order.

    Raises
    ------
    UnknownName
        If a code, group, round or column does not exist.

    Notes
    -----
    An interview's score is its weighted balance over the codes it was asked about,

    .. math:: s = \frac{\sum_c w_c (present_c - absent_c)}{\sum_c |w_c|}

    from -1 to 1; a code it is silent on counts as 0, not as absence. A group's score at a site is the mean of its
    interviews, a site's the mean of its groups, so that a group with many interviews does not outvote the others.

    A survey scale's score is in the units of its items (already turned round where they are reversed): the mean of the
    items a respondent answered, then the weighted mean of a group's respondents, then the mean of the groups. Who did
    not know or did not say counts in neither.
    """
    if measure.source == "attribute":
        return [_of_attribute(measure, study, n) for n in range(len(study.sites))]
    if measure.source == "survey":
        answers = _answers(measure, study)
        return [_of_survey(measure, site, answers) for site in study.levels("site")]
    for name, given in (("group", measure.informants), ("round", measure.rounds)):
        for one in given:
            if one not in study.levels(name):
                raise UnknownName(name, one, study.levels(name))
    said = _balance(measure, study, interviews)
    table = interviews.table
    groups, sites = (table[name].to_numpy(dtype=object) for name in ("group", "site"))
    chosen = said.counted & np.isin(groups, measure.informants) & table["round"].isin(measure.rounds).to_numpy()
    rows_of = [np.flatnonzero(chosen & (sites == site)) for site in study.levels("site")]
    return [_of_site(measure, rows, groups, said) for rows in rows_of]


def _of_attribute(measure: Measure, study: Study, n: int) -> RawScore:
    attributes = dict(study.sites[n].attributes)
    if measure.attribute not in attributes and not any(measure.attribute in dict(s.attributes) for s in study.sites):
        raise UnknownName("column of the table of sites", measure.attribute, attributes)
    value = attributes.get(measure.attribute, "")
    found = dict(measure.values).get(value)
    if found is None:
        what = f"'{value}' has no score" if value else "no value is given"
        return RawScore(math.nan, reason=f"{measure.attribute}: {what}")
    return RawScore(found)


def _answers(measure: Measure, study: Study) -> pd.DataFrame:
    """A row a respondent of the chosen groups and rounds: site, group, weight, value (mean of the items answered)."""
    parts = []
    known = [item.id for item in survey_items_of(study.surveys)]
    for item in measure.items:
        if known and item not in known:
            raise UnknownName("item", item, known)
    for wave in study.surveys:
        there = [item for item in measure.items if item in wave.values.columns]
        if wave.round not in measure.rounds or not there:
            continue
        chosen = wave.respondents["group"].isin(measure.informants).to_numpy()
        facts = wave.respondents.loc[chosen, ["site", "group", "weight"]]
        values = wave.values.loc[chosen, there].mean(axis=1)
        parts.append(facts.assign(value=values.to_numpy(dtype=np.float64)))
    if not parts:
        return pd.DataFrame({"site": [], "group": [], "weight": [], "value": []})
    return pd.concat(parts, ignore_index=True).dropna(subset=["value"])


def _of_survey(measure: Measure, site: str, answers: pd.DataFrame) -> RawScore:
    own = answers[answers["site"] == site]
    heard = {g: part for g, part in own.groupby("group", sort=False) if len(part)}
    who, when = ", ".join(measure.informants), ", ".join(measure.rounds)
    base = RawScore(math.nan, len(own), len(heard))
    if not heard:
        return replace(base, reason=f"no answer of {who} in {when} to {', '.join(measure.items)}")
    if len(own) < measure.fewest_interviews or len(heard) < measure.fewest_groups:
        need = f"{measure.fewest_interviews} of {measure.fewest_groups} are the fewest"
        return replace(base, reason=f"{len(own)} answers of {len(heard)} groups ({who}, {when}), {need}")
    means = [float(np.average(part["value"], weights=part["weight"].astype(float))) for part in heard.values()]
    return replace(base, value=float(np.mean(means)))


def _balance(measure: Measure, study: Study, interviews: Interviews) -> _Net:
    ids = study.codebook.ids
    for code, _ in measure.codes:
        study.codebook[code]
    at = np.array([ids.index(code) for code, _ in measure.codes], dtype=np.int64)
    weights = np.array([weight for _, weight in measure.codes])
    asked = interviews.asked[:, at]
    present, absent = interviews.present[:, at] & asked, interviews.absent[:, at] & asked
    of = asked @ np.abs(weights)
    with np.errstate(invalid="ignore"):
        net = (present.astype(float) - absent.astype(float)) @ weights / of
    up = weights > 0
    return _Net(
        net=net,
        counted=(of > 0) & interviews.read,
        said=np.asarray((present & up).any(axis=1) | (absent & ~up).any(axis=1)),
        denied=np.asarray((absent & up).any(axis=1) | (present & ~up).any(axis=1)),
    )


def _of_site(measure: Measure, rows: np.ndarray, groups: np.ndarray, balance: _Net) -> RawScore:
    of_group = {g: rows[groups[rows] == g] for g in measure.informants}
    heard = {g: of for g, of in of_group.items() if len(of)}
    said, denied = int(balance.said[rows].sum()), int(balance.denied[rows].sum())
    who, when = ", ".join(measure.informants), ", ".join(measure.rounds)
    base = RawScore(math.nan, len(rows), len(heard), said, denied)
    if not len(rows):
        return replace(base, reason=f"no interview of {who} in {when} was asked about it and read by the coder")
    if len(rows) < measure.fewest_interviews or len(heard) < measure.fewest_groups:
        what = f"{len(rows)} interviews of {len(heard)} groups ({who}, {when})"
        need = f"{measure.fewest_interviews} of {measure.fewest_groups} are the fewest"
        return replace(base, reason=f"{what}, {need}")
    if not said and not denied and measure.silence != "out":
        return replace(base, reason=f"nobody of {len(rows)} interviews ({who}, {when}) said anything for or against")
    value = float(np.mean([balance.net[of].mean() for of in heard.values()]))
    saying = sum(bool(balance.said[of].any()) for of in heard.values())
    confirmed = said >= measure.confirmed_interviews and saying >= measure.confirmed_groups
    return replace(base, value=value, confirmed=confirmed)


def calibrated(raw: Sequence[RawScore], how: Calibration) -> Floats:
    """Memberships of raw scores; what is not confirmed is out, what cannot be classified is NaN."""
    values = np.array([one.value for one in raw], dtype=np.float64)
    a = how.anchors
    if how.kind == "crisp":
        found = calibration.crisp(values, threshold=a[0], strict=how.strict)
    elif how.kind == "direct":
        found = calibration.direct(values, out=a[0], crossover=a[1], full=a[2], shape=how.shape, degree=how.degree)
    elif how.kind == "bell":
        found = calibration.bell(values, anchors=a, shape=how.shape, degree=how.degree)
    elif how.kind == "ecdf":
        found = calibration.ecdf(values, out=a[0], crossover=a[1], full=a[2])
    elif how.kind == "indirect":
        found = calibration.indirect(values, thresholds=a)
    else:
        found = calibration.multi_value(values, thresholds=a)
    confirmed = np.array([one.confirmed for one in raw], dtype=bool)
    return np.where(np.isnan(values) | confirmed, found, 0.0)


def evidence_table(measure: Measure, matrix_codings: pd.DataFrame) -> pd.DataFrame:
    """Codings (with site, group and round) that count for or against a measure: columns of the table and ``side``."""
    weights = dict(measure.codes)
    keep = (
        matrix_codings["code"].isin(weights)
        & matrix_codings["group"].isin(measure.informants)
        & matrix_codings["round"].isin(measure.rounds)
    )
    found = matrix_codings[keep].reset_index(drop=True)
    up = found["code"].map(weights).to_numpy(dtype=np.float64) > 0
    for_it = up == (found["polarity"] == "present").to_numpy()
    return found.assign(measure=measure.id, side=np.where(for_it, "for", "against"))
