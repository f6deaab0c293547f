"""Scales of a survey: the score of each respondent, means by group and round, and whether the items hang together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.internal_consistency import internal_consistency
from bwa_study.analysis.linearised import Estimate, mean_difference
from bwa_study.analysis.survey_cells import Cluster, Flags, SurveyCells, survey_cells
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import KEYS, Construct, SurveyWave

HALF = 0.5
"""Share of a scale's items that a respondent must have answered to get a score, where nothing else is said."""

_UNDEFINED = Estimate(math.nan, math.nan, math.nan, math.nan, 0, 0)
_DROPPED = ("item", "alpha_if_dropped", "item_rest", "loading")
Waves = Study | SurveyWave | Sequence[SurveyWave]


@dataclass(frozen=True, eq=False, repr=False)
class SurveyScales(Result):
    """Scales by cell: how people score, and how well the items of each hang together.

    ``table`` has a row a construct and cell: ``scale``, the columns of `by`, ``items`` (asked in that cell), ``asked``
    (people asked at least one), ``scored`` (with a score), the ``mean`` score with ``se``, ``low``, ``high``, ``sd``
    and ``clusters``; then, unweighted and of those who answered every item (``complete``), Cronbach's ``alpha`` with
    Feldt's ``alpha_low`` and ``alpha_high``, ``alpha_standardised``, ``omega``; ``reason`` where one is missing.

    ``dropped`` has a row an item of each: ``scale``, the columns of `by`, ``item``, ``alpha_if_dropped``, ``item_rest``
    (correlation with the sum of the other items) and ``loading`` (on the one factor behind omega).
    """

    by: tuple[str, ...] = ()
    dropped: pd.DataFrame = field(default_factory=pd.DataFrame)

    def compact(self) -> pd.DataFrame:
        """Mean, alpha and omega for reading."""
        shown = self.table[self.table["scored"] > 0]
        return shown[["scale", *self.by, "items", "scored", "mean", "alpha", "omega"]].round(2).reset_index(drop=True)


def scale_scores(source: Waves, *, answered_at_least: float = HALF) -> pd.DataFrame:
    """The score of every respondent on every scale: the mean of the items answered.

    Parameters
    ----------
    source
        A study, or one or several of its waves.
    answered_at_least
        Share of the items asked that must have been answered, above 0 and up to 1; 1 asks for all.

    Returns
    -------
    pandas.DataFrame
        Columns respondent, person, site, brand, group, round, weight, language, interview, consent_quotes, scale, items
        (asked), answered, score (NaN where too few were answered). Who was asked no item of a scale has no row.

    Raises
    ------
    WrongCall
        If `answered_at_least` is not above 0 and up to 1.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> scores = bwa.scale_scores(bwa.demo_study(seed=1, size="lite"))
    >>> bool(scores["score"].between(1, 5).mean() > 0.9)
    True
    """
    data = survey_cells(source)
    parts = []
    for construct in data.constructs:
        score, items, answered = _scores(data, construct, answered_at_least)
        kept = items > 0
        parts.append(
            data.people.loc[kept, list(KEYS)].assign(
                scale=construct.id, items=items[kept], answered=answered[kept], score=score[kept]
            )
        )
    columns = [*KEYS, "scale", "items", "answered", "score"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def survey_scales(
    source: Waves,
    *,
    by: Sequence[str] = ("group", "round"),
    cluster: Cluster = "site",
    answered_at_least: float = HALF,
) -> SurveyScales:
    """Means of the scales by cell, with alpha, omega and alpha if an item is dropped.

    Parameters
    ----------
    source
        A study, or one or several of its waves.
    by, cluster
        As in `survey_items`.
    answered_at_least
        As in `scale_scores`.

    Returns
    -------
    SurveyScales
        Nothing is rounded.

    Raises
    ------
    NoSurvey, UnknownName, WrongCall
        As `survey_items` and `scale_scores`.

    References
    ----------
    Feldt (1965), McDonald (1999): see `bwa_study.analysis.internal_consistency.internal_consistency`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.survey_scales(bwa.demo_study(seed=1, size="lite"), by=("group",)).frame
    >>> row = table.query("scale == 'openness' and group == 'worker'").iloc[0]
    >>> int(row["items"]), bool(row["alpha_low"] < row["alpha"] < row["alpha_high"])
    (6, True)
    """
    data = survey_cells(source, by=by, cluster=cluster)
    by = tuple(by)
    rows: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    cells = list(data.cells(by))
    for construct in data.constructs:
        score, items, _ = _scores(data, construct, answered_at_least)
        for cell, inside in cells:
            where = {"scale": construct.id, **dict(zip(by, cell, strict=True))}
            row, more = _row(data, construct, inside, score, items)
            rows.append(where | row)
            dropped += [where | one for one in more]
    return SurveyScales(
        table=pd.DataFrame(rows),
        title=f"Survey scales by {' and '.join(by) or 'the whole survey'}",
        method=(
            f"A score is the mean of the items answered, by who answered {100 * answered_at_least:g}% of those asked "
            f"or more; reversed items are turned round. {data.how()} Alpha and omega are unweighted, of who answered "
            "every item."
        ),
        source="Feldt (1965); McDonald (1999); Lumley (2010)",
        provenance=data.provenance(),
        synthetic=data.synthetic,
        by=by,
        dropped=pd.DataFrame(dropped, columns=["scale", *by, *_DROPPED]),
    )  # fmt: skip


def survey_change(
    source: Waves, *, between: tuple[str, str], by: Sequence[str] = ("group",), cluster: Cluster = "site"
) -> Result:
    """How scales and items changed from one round to another, with intervals that know that sites come back.

    Parameters
    ----------
    between
        Two rounds, the earlier first.
    by, cluster
        As in `survey_items`; `by` without round.

    Returns
    -------
    Result
        A row a scale or item and cell: ``measure`` (scale, item), ``id``, the columns of `by`, ``before``, ``after``,
        ``change`` with ``se``, ``low``, ``high``, ``n_before``, ``n_after``, ``clusters``, ``reason``. A scale compares
        the items asked in both rounds only.

    Raises
    ------
    UnknownName, WrongCall
        If a round or a field does not exist, or `by` names round.

    References
    ----------
    Lumley (2010), see `bwa_study.analysis.linearised.mean_difference`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.survey_change(bwa.demo_study(seed=1, size="lite"), between=("R1", "R3")).frame
    >>> row = table.query("id == 'pr1' and group == 'worker'").iloc[0]
    >>> bool(row["low"] < 0.8 < row["high"])  # 0.4 a round was planted
    True
    """
    if "round" in by:
        raise WrongCall("survey_change compares rounds, so it cannot be by round — leave it out of 'by'")
    data = survey_cells(source, by=by, cluster=cluster)
    for round in between:
        if round not in data.levels("round"):
            raise UnknownName("round", round, data.levels("round"))
    when = data.people["round"].to_numpy()
    rows: list[dict[str, Any]] = []
    for measure, id, values in _measures(data, between):
        for cell, inside in data.cells(by):
            sides = [inside & (when == round) & ~np.isnan(values) for round in between]
            rows.append(
                {"measure": measure, "id": id, **dict(zip(by, cell, strict=True)), **_change(data, values, sides)}
            )
    return Result(
        table=pd.DataFrame(rows),
        title=f"Survey: change from {between[0]} to {between[1]}",
        method=f"Difference of means, items asked in both rounds only; reversed items are turned round. {data.how()}",
        source="Lumley (2010), Complex Surveys",
        provenance=data.provenance(),
        synthetic=data.synthetic,
    )  # fmt: skip


def _measures(data: SurveyCells, between: tuple[str, str]) -> list[tuple[str, str, npt.NDArray[np.float64]]]:
    when = data.people["round"].to_numpy()
    asked = {item.id: {r for r in between if (data.states[item.id].to_numpy()[when == r] != "not asked").any()}
             for item in data.items}  # fmt: skip
    shared = [item for item in data.items if item.has_mean and len(asked[item.id]) == 2]
    out: list[tuple[str, str, npt.NDArray[np.float64]]] = []
    for construct in data.constructs:
        members = tuple(item.id for item in shared if item.id in construct.items)
        if members:
            one = Construct(construct.id, construct.label, members)
            out.append(("scale", construct.id, _scores(data, one, HALF)[0]))
    return out + [("item", item.id, data.values[item.id].to_numpy(dtype=float)) for item in shared]


def _change(data: SurveyCells, values: npt.NDArray[np.float64], sides: list[Flags]) -> dict[str, Any]:
    weights = [data.people["weight"].to_numpy()[side] for side in sides] if data.weighted else None
    before, after = (values[side] for side in sides)
    found = mean_difference(before, after, weights=weights, clusters=[data.clusters[side] for side in sides])
    first, last = (data.mean(values[side], side) if side.any() else _UNDEFINED for side in sides)
    return {
        "before": first.value, "after": last.value, "change": found.value, "se": found.se, "low": found.low,
        "high": found.high, "n_before": len(before), "n_after": len(after), "clusters": found.clusters,
        "reason": found.reason,
    }  # fmt: skip


def _scores(
    data: SurveyCells, construct: Construct, answered_at_least: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Score, items asked and items answered of every respondent."""
    if not 0 < answered_at_least <= 1:
        raise WrongCall(f"answered_at_least is {answered_at_least} — give a share above 0 and up to 1")
    members = [item.id for item in data.items if item.id in construct.items and item.has_mean]
    values = data.values[members].to_numpy(dtype=float)
    asked = (data.states[members].to_numpy() != "not asked").sum(axis=1)
    answered = (~np.isnan(values)).sum(axis=1)
    enough = (answered > 0) & (answered >= answered_at_least * asked)
    score = np.full(len(values), math.nan)
    score[enough] = np.nansum(values[enough], axis=1) / answered[enough]
    return score, asked, answered


def _row(
    data: SurveyCells,
    construct: Construct,
    inside: Flags,
    score: npt.NDArray[np.float64],
    items: npt.NDArray[np.int64],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    scored = inside & ~np.isnan(score)
    asked = inside & (items > 0)
    members = [i for i in construct.items if (data.states.loc[asked, i] != "not asked").any()]
    mean = data.mean(score[scored], scored) if scored.any() else _UNDEFINED
    found = internal_consistency(data.values.loc[asked, members].to_numpy(dtype=float))
    row = {
        "items": len(members), "asked": int(asked.sum()), "scored": int(scored.sum()),
        "mean": mean.value, "se": mean.se, "low": mean.low, "high": mean.high,
        "sd": float(np.std(score[scored], ddof=1)) if scored.sum() > 1 else math.nan, "clusters": mean.clusters,
        "complete": found.n, "alpha": found.alpha, "alpha_low": found.low, "alpha_high": found.high,
        "alpha_standardised": found.standardised, "omega": found.omega,
        "reason": found.reason if asked.any() else "not asked" if inside.any() else "nobody surveyed",
    }  # fmt: skip
    more = [
        {"item": id, "alpha_if_dropped": a, "item_rest": r, "loading": x}
        for id, a, r, x in zip(members, found.if_dropped, found.item_rest, found.loadings, strict=True)
        if len(members) > 1
    ]
    return row, more
