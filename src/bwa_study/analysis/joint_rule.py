"""What a survey and the interviews say together: the written rule of the verdict, and the changes it goes by."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.clustered import Estimate
from bwa_study.analysis.compared import MINIMUM_CLUSTERS, MINIMUM_DF
from bwa_study.analysis.contrasts import Cells, cr2

VERDICTS = ("confirm", "expand", "discord", "silent")
RULE = (
    "Rule: a side moves where its 95% interval leaves out 0, and points where its estimate lies more than one standard "
    "error from 0. Confirm: the survey moves and the interviews point the same way; expand: only the interviews move, "
    "and the survey points the same way; discord: one moves and the other points the other way or nowhere; silent: "
    "neither moves, or one has too little to say."
)


def joint_verdict(survey: Estimate | None, coded: Estimate | None) -> tuple[str, str]:
    """Verdict and reason of two changes; None where a side has nothing. See `RULE`.

    Examples
    --------
    >>> up, flat = Estimate(1, 0.1, 9, 0.0, 0.8, 1.2), Estimate(0, 0.1, 9, 1.0, -0.2, 0.2)
    >>> joint_verdict(up, up)[0], joint_verdict(up, flat)[0], joint_verdict(flat, flat)[0]
    ('confirm', 'discord', 'silent')
    """
    for side, found in (("survey", survey), ("interviews", coded)):
        if found is None or math.isnan(found.low):
            return "silent", f"the {side} have too little to say" if side == "interviews" else "too few answers"
    assert survey is not None
    assert coded is not None
    a, b = (int(x.low > 0) - int(x.high < 0) for x in (survey, coded))
    if not a and not b:
        return "silent", "neither moves"
    points = [int(np.sign(x.value)) if abs(x.value) > x.error else 0 for x in (survey, coded)]
    if points[0] == points[1]:
        if a:
            return "confirm", "both move the same way" if b else "the survey moves, the interviews point the same way"
        return "expand", "the interviews move, the survey points the same way"
    both = "they move in opposite directions"
    one = f"the {'survey' if a else 'interviews'} move{'s' if a else ''}, the other side points elsewhere or nowhere"
    return "discord", both if a and b else one


def change_of(table: pd.DataFrame, start: str, end: str, *, unit: str) -> tuple[Estimate | None, tuple[float, float]]:
    """The change of a mean from one round to another, and both means; None where too little is there for an interval.

    Parameters
    ----------
    table
        Columns round, value, and `unit`: who shares a value of it is not independent.
    start, end
        The rounds.
    unit
        Column of the clusters.
    """
    means = [float(table.loc[table["round"] == r, "value"].mean()) for r in (start, end)]
    ends = (means[0], means[1])
    used = table[table["round"].isin([start, end])]
    if start == end or used["round"].nunique() < 2:
        return None, ends
    _, place = np.unique(used[unit].astype(str), return_inverse=True)
    cell: npt.NDArray[np.intp] = (used["round"] == end).to_numpy().astype(np.intp)
    cells = Cells(used["value"].to_numpy(np.float64), cell, place.astype(np.intp), np.array([-1.0, 1.0]))
    if cells.fewest_clusters < MINIMUM_CLUSTERS:
        return None, ends
    found = cr2(cells)
    return (found if found.df >= MINIMUM_DF else None), ends


def numbers_of(side: str, found: Estimate | None) -> dict[str, float]:
    """Columns of one side: change, low and high; NaN where there is no estimate."""
    named = (("change", "value"), ("low", "low"), ("high", "high"))
    return {f"{side}_{name}": float(getattr(found, of)) if found else math.nan for name, of in named}
