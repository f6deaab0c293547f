"""One comparison of one code: counts, shares, the estimate, and the rule that chooses how it is made."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.clustered import Estimate
from bwa_study.analysis.contrasts import METHODS, Cells, cr2, permutation_p, ratio
from bwa_study.analysis.people import People

MINIMUM_CLUSTERS = 4
MINIMUM_DF = 2.0
BY_RULE = "rule"
RULE = (
    f"Rule: fewer than {MINIMUM_CLUSTERS} clusters in a cell, or fewer than {MINIMUM_DF:.0f} degrees of freedom, is "
    "too few to say; else CR2 errors with Satterthwaite's degrees of freedom; where no cluster differs from another, p "
    "is by exchanging labels of clusters and there is no interval."
)
"""Which method is used when; docs/comparing.md says why."""
Rows = npt.NDArray[np.intp]
NUMBERS = (
    "difference", "low", "high", "error", "df", "p", "p_adjusted", "ratio", "ratio_low", "ratio_high",
    "odds_ratio", "odds_low", "odds_high", "clusters", "people", "method", "status", "reason",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Part:
    """People of one comparison: rows of the table of people, cell and cluster of each, and how many cells."""

    people: People
    at: Rows
    cell: Rows
    cluster: Rows
    cells: int

    def of_code(self, said: npt.NDArray[np.bool_], code: int) -> Cells:
        """Those who were asked about a code (its number), as cells."""
        asked = self.people.counted[self.at, code]
        _, cluster = np.unique(self.cluster[asked], return_inverse=True)
        weights = np.array([-1.0, 1.0] if self.cells == 2 else [1.0, -1.0, -1.0, 1.0])
        return Cells(said[self.at[asked], code].astype(np.float64), self.cell[asked], cluster.astype(np.intp), weights)


def numbers(part: Part, said: npt.NDArray[np.bool_], code: int, method: str) -> dict[str, object]:
    """What a table of comparisons says of one code (number `code`): see `bwa_study.analysis.compare.Comparison`."""
    cells = part.of_code(said, code)
    n, of, share = cells.sums.sum(axis=0), cells.sizes.sum(axis=0), cells.shares
    if not len(cells.y):
        n = of = np.zeros(part.cells)
        share = np.full(part.cells, math.nan)
    out: dict[str, object] = {}
    sides = ("base_from", "base_to", "from", "to") if part.cells == 4 else ("from", "to")
    for number, side in enumerate(sides):
        prefix, name = ("base_", side[5:]) if side.startswith("base_") else ("", side)
        out |= {f"{prefix}n_{name}": int(n[number]), f"{prefix}of_{name}": int(of[number])}
        out[f"{prefix}share_{name}"] = float(share[number])
    asked = part.people.counted[part.at, code]
    persons = part.people.rows["participant"].iloc[part.at[asked]].nunique()
    out |= {"clusters": cells.fewest_clusters if (of > 0).all() else 0, "people": int(persons)}
    if not (of > 0).all():
        visited = len(set(part.cell)) == part.cells
        status = "not asked" if visited else "not visited"
        return {**out, **_undefined(status, f"a cell has no interview that was {'asked' if visited else 'made'}")}
    estimate, used, status, reason = estimated(cells, method)
    ok = status == "ok" and not math.isnan(estimate.low)
    ratios = [ratio(cells, odds=odds) if ok else (math.nan,) * 3 for odds in (False, True)]
    names = ("ratio", "ratio_low", "ratio_high", "odds_ratio", "odds_low", "odds_high")
    out |= dict(zip(names, (*ratios[0], *ratios[1]), strict=True))
    most = part.cells / 2
    low, high = (float(np.clip(end, -most, most)) for end in (estimate.low, estimate.high))
    return {
        **out, "difference": estimate.value, "low": low, "high": high, "error": estimate.error,
        "df": estimate.df, "p": estimate.p, "method": used, "status": status, "reason": reason,
    }  # fmt: skip


def estimated(cells: Cells, method: str) -> tuple[Estimate, str, str, str]:
    """The estimate, the method that was used, status and reason."""
    value = float(cells.weights @ cells.shares)
    nothing = Estimate(value, math.nan, math.nan, math.nan, math.nan, math.nan)
    fewest = cells.fewest_clusters
    if fewest < MINIMUM_CLUSTERS:
        reason = f"{fewest} clusters in a cell; at least {MINIMUM_CLUSTERS} are needed"
        return nothing, "", "too few to say", reason
    if cells.y.min() == cells.y.max():
        return nothing, "", "ok", f"{'everybody' if cells.y.max() else 'nobody'} said it in any cell: no test"
    if method != BY_RULE:
        found = METHODS[method](cells)
        return found, method, "ok", "" if not math.isnan(found.p) else f"{method} is not defined for these counts"
    found = cr2(cells)
    if not math.isnan(found.p):
        if found.df < MINIMUM_DF:
            reason = f"{found.df:.1f} degrees of freedom; at least {MINIMUM_DF:.0f} are needed"
            return nothing, "", "too few to say", reason
        return found, "CR2", "ok", ""
    p = permutation_p(cells)
    reason = "clusters do not differ from one another: no interval, p by exchanging labels"
    return Estimate(value, found.error, math.nan, p, math.nan, math.nan), "permutation", "ok", reason


def _undefined(status: str, reason: str) -> dict[str, object]:
    numbers = [
        name for name in NUMBERS if name not in ("clusters", "people", "method", "status", "reason", "p_adjusted")
    ]
    return {**dict.fromkeys(numbers, math.nan), "method": "", "status": status, "reason": reason}
