"""Item tables of a survey: who was asked, who did not know, and what the others answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bwa_study.analysis.linearised import Estimate
from bwa_study.analysis.survey_cells import Cluster, Flags, SurveyCells, survey_cells
from bwa_study.model.errors import UnknownName
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import ANSWER_STATES, SurveyItem, SurveyWave

_COUNTS = ("answered", "dont_know", "refused", "missing", "not_asked")
_SOURCE = "Lumley (2010), Complex Surveys"
_UNDEFINED = Estimate(math.nan, math.nan, math.nan, math.nan, 0, 0)


@dataclass(frozen=True, eq=False, repr=False)
class SurveyItems(Result):
    """Answers item by item.

    ``table`` has a row an item and cell: ``construct``, ``item``, ``kind``, the columns of `by`, then the numbers of
    people ``asked`` (the next four together), ``answered``, ``dont_know``, ``refused``, ``missing``, and ``not_asked``;
    the share of those asked who do not know (``dont_know_share``, ``dont_know_low``, ``dont_know_high``); of those who
    answered the ``mean`` (reversed items turned round: more is more of the construct) with ``se``, ``low``, ``high``,
    ``sd``, and ``top2``, the share in the two best levels (in the best one of a scale of three or fewer), with
    ``top2_se``, ``top2_low``, ``top2_high``; ``clusters``; and ``status``: ``ok``, ``nobody surveyed``, ``not asked``,
    ``nobody answered``. Shares are from 0 to 1. NaN where there is no number: means of words, spreads of one cluster.

    ``spread`` has a row a level of a closed item and cell: ``item``, the columns of `by`, ``level``, ``score``, ``n``,
    and its ``share`` of the answers with ``se``, ``low`` and ``high``.
    """

    by: tuple[str, ...] = ()
    spread: pd.DataFrame = field(default_factory=pd.DataFrame)

    def cell(self, item: str, **where: str) -> pd.Series:
        """One row, such as ``cell("op1", group="worker", round="R1")``.

        Raises
        ------
        UnknownName
            If the item or a value does not exist.
        """
        rows = self.table[self.table["item"] == item]
        if rows.empty:
            raise UnknownName("item", item, list(dict.fromkeys(self.table["item"])))
        for name in self.by:
            value = where.get(name, "")
            if value not in set(rows[name]):
                raise UnknownName(name, value, list(dict.fromkeys(rows[name])))
            rows = rows[rows[name] == value]
        return rows.iloc[0]

    def compact(self) -> pd.DataFrame:
        """Means with their numbers, ``3.42 (n 380)``, items down and cells across."""
        shown = self.table[self.table["kind"].isin(["scale", "number"])]
        shown = shown.assign(cell=[shown_mean(row) for row in shown.to_dict("records")])
        if not self.by:
            return shown.set_index("item")[["cell"]]
        return shown.pivot_table(index="item", columns=list(self.by), values="cell", aggfunc="first", sort=False)


def shown_mean(row: dict[Any, Any]) -> str:
    """A mean for reading, or why there is none."""
    return f"{row['mean']:.2f} (n {row['answered']})" if row["status"] == "ok" else str(row["status"])


def survey_items(
    source: Study | SurveyWave | Sequence[SurveyWave],
    *,
    by: Sequence[str] = ("group", "round"),
    cluster: Cluster = "site",
) -> SurveyItems:
    """Item tables: n asked, don't know, refused, missing; mean, top-2-box; weighted where weights are given.

    Parameters
    ----------
    source
        A study, or one or several of its waves.
    by
        Any columns of the survey: group, round, site, brand, language, gender ...; cells are all their combinations.
    cluster
        What is taken as drawn: ``site`` (people of one site are not independent) or ``respondent``.

    Returns
    -------
    SurveyItems
        Nothing is rounded.

    Raises
    ------
    NoSurvey
        If the study has no survey.
    UnknownName
        If `by` or `cluster` is unknown.

    Notes
    -----
    The denominator of ``dont_know_share`` is everybody asked; that of mean and top-2-box is those who answered. See
    `bwa_study.analysis.linearised` for the formulas.

    References
    ----------
    Lumley, T. (2010). *Complex Surveys*. Wiley.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.survey_items(bwa.demo_study(seed=1, size="lite"))
    >>> row = table.cell("ov1", group="worker", round="R1")
    >>> int(row["asked"]), int(row["answered"] + row["dont_know"] + row["refused"] + row["missing"])
    (144, 144)
    """
    data = survey_cells(source, by=by, cluster=cluster)
    by = tuple(by)
    rows: list[dict[str, Any]] = []
    spread: list[dict[str, Any]] = []
    cells = list(data.cells(by))
    for item in data.items:
        for cell, inside in cells:
            where = dict(zip(by, cell, strict=True))
            rows.append(_row(data, item, where, inside))
            spread += _spread(data, item, where, inside)
    table = pd.DataFrame(rows)
    heads = ["item", *by, "level", "score", "n", "share", "se", "low", "high"]
    return SurveyItems(
        table=table,
        title=f"Survey items by {' and '.join(by) or 'the whole survey'}",
        method=(
            "Don't know is a share of everybody asked; mean and top-2-box are of those who answered. Reversed items "
            f"are turned round. {data.how()}"
        ),
        source=_SOURCE,
        provenance=data.provenance(),
        synthetic=data.synthetic,
        by=by,
        spread=pd.DataFrame(spread, columns=heads),
    )  # fmt: skip


def _row(data: SurveyCells, item: SurveyItem, where: dict[str, str], inside: Flags) -> dict[str, Any]:
    states = data.states[item.id].to_numpy()
    counts = {n: int(((states == s) & inside).sum()) for n, s in zip(_COUNTS, ANSWER_STATES, strict=True)}
    asked = inside & (states != "not asked")
    answered = inside & (states == "answered")
    values = data.values[item.id].to_numpy(dtype=float)
    n_asked = int(asked.sum())
    unsure = data.share(states == "don't know", asked) if n_asked else _UNDEFINED
    mean = data.mean(values[answered], answered) if item.has_mean and answered.any() else _UNDEFINED
    top = data.share(np.isin(values, item.top), answered) if item.top and answered.any() else _UNDEFINED
    status = (
        "ok" if answered.any() else "nobody answered" if n_asked else "not asked" if inside.any() else "nobody surveyed"
    )
    return {
        "construct": item.construct, "item": item.id, "kind": item.kind, **where,
        "asked": n_asked, **counts,
        "dont_know_share": unsure.value, "dont_know_low": unsure.low, "dont_know_high": unsure.high,
        "mean": mean.value, "se": mean.se, "low": mean.low, "high": mean.high, "sd": _sd(data, values, answered, item),
        "top2": top.value, "top2_se": top.se, "top2_low": top.low, "top2_high": top.high,
        "clusters": len(set(data.clusters[answered])), "status": status,
    }  # fmt: skip


def _sd(data: SurveyCells, values: np.ndarray[Any, Any], answered: Flags, item: SurveyItem) -> float:
    """Standard deviation of the answers, weighted where there are weights; n - 1 in the denominator."""
    n = int(answered.sum())
    if not item.has_mean or n < 2:
        return math.nan
    y, w = values[answered], data.people["weight"].to_numpy()[answered] if data.weighted else np.ones(n)
    mean = float(w @ y / w.sum())
    return math.sqrt(float(w @ (y - mean) ** 2 / w.sum()) * n / (n - 1))


def _spread(data: SurveyCells, item: SurveyItem, where: dict[str, str], inside: Flags) -> list[dict[str, Any]]:
    answered = inside & (data.states[item.id].to_numpy() == "answered")
    texts = data.texts[item.id].to_numpy()
    out = []
    for level in item.levels:
        chosen = answered & (texts == level.value)
        share = data.share(texts == level.value, answered) if answered.any() else _UNDEFINED
        out.append(
            {"item": item.id, **where, "level": level.value, "score": level.score, "n": int(chosen.sum()),
             "share": share.value, "se": share.se, "low": share.low, "high": share.high}
        )  # fmt: skip
    return out
