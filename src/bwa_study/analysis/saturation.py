"""Do further interviews still bring new codes: thematic saturation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.people import people
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

Flags = npt.NDArray[np.bool_]
_ORDERS = 500


@dataclass(frozen=True, eq=False, repr=False)
class Saturation(Result):
    """A row a run of interviews, group after group.

    ``table`` has the columns ``group``, ``interviews`` (those read when the run ends), ``new_codes`` (in the run),
    ``base_codes`` (in the first interviews), ``ratio`` (new over base; NaN where the base has none) and ``reached``
    (whether it is at or below the threshold). ``summary`` has a row a group: ``interviews``, ``codes``, ``base_codes``,
    ``reached_at`` (interviews read when the first run at or below the threshold ends; NaN if none does), and
    ``median_order``, ``low_order``, ``high_order`` (the same over random orders of the interviews: median and central
    90%, NaN where fewer than that share reach it).
    """

    summary: pd.DataFrame = field(default_factory=pd.DataFrame)

    def compact(self) -> pd.DataFrame:
        """A line a group."""
        return self.summary.set_index("group")


def saturation(
    matrix: CodingMatrix,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    round: str = "",
    codes: Sequence[str] | None = None,
    seed: int = 1,
) -> Saturation:
    r"""Measure how much new each run of interviews brings, by group.

    Parameters
    ----------
    matrix
        Of one coder; its interviews are taken in the order of the manifest (by ``date`` where it has one).
    base
        Interviews whose codes are the base.
    run
        Interviews in a run.
    threshold
        Share of new codes at which saturation is said to be reached; 0 is the strictest.
    round
        One round only; by default all, one after the other.
    codes
        All by default. Codes made beforehand count as new when somebody first speaks of them.
    seed
        Of the random orders.

    Returns
    -------
    Saturation

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If the round or a code does not exist.
    WrongCall
        If `base` or `run` is below 1, or no group has enough interviews.

    Notes
    -----
    .. math:: ratio = \frac{\text{codes first met in the run}}{\text{codes met in the base}}

    Runs overlap: each begins one interview after the one before. It tells that the *codes* stopped coming, not that
    their meaning is understood (Hennink, Kaiser & Marconi 2017 need about twice as many interviews for that).

    References
    ----------
    Guest, G., Namey, E. & Chen, M. (2020). A simple method to assess and report thematic saturation in qualitative
    research. *PLOS ONE* 15, e0232076. Hennink, M. M., Kaiser, B. N. & Marconi, V. C. (2017). Code saturation versus
    meaning saturation. *Qualitative Health Research* 27, 591-608.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> bwa.saturation(m, round="R1").summary["group"].tolist()
    ['brand_staff', 'manager', 'worker']
    """
    if base < 1 or run < 1:
        raise WrongCall(f"a base of {base} and runs of {run} interviews — give 1 or more of each")
    study = matrix.study
    if round and round not in study.levels("round"):
        raise UnknownName("round", round, study.levels("round"))
    rows = people(matrix, by_site=False, codes=codes)
    said = (rows.present | rows.absent) & rows.counted
    dates = [study.corpus[t].attribute("date") for t in rows.rows["transcript"]]
    parts, summary = [], []
    for group in study.levels("group"):
        chosen = (rows.rows["group"] == group).to_numpy() & (((rows.rows["round"] == round) | (not round)).to_numpy())
        at = np.flatnonzero(chosen & rows.counted.any(axis=1))
        at = at[np.argsort([dates[i] for i in at], kind="stable")]
        if len(at) < base + run:
            continue
        table = saturation_of(new_codes(said[at]), base=base, run=run, threshold=threshold)
        parts.append(table.assign(group=group))
        summary.append({"group": group, "interviews": len(at), "codes": int(said[at].any(axis=0).sum()),
                        **_reached(table), **_over_orders(said[at], base, run, threshold, seed)})  # fmt: skip
    if not parts:
        raise WrongCall(f"saturation needs {base + run} interviews or more in a group — give a smaller base or run")
    runs = pd.concat(parts, ignore_index=True)
    return Saturation(
        table=runs[["group", "interviews", "new_codes", "base_codes", "ratio", "reached"]],
        title=f"Saturation of codes{f' in {round}' if round else ''}: base {base}, runs of {run}",
        method=f"Codes first met in each run of {run} interviews, over the codes of the first {base}; runs overlap; "
        f"reached at {100 * threshold:g}% or less. Order: date of the interview; beside it {_ORDERS} random orders.",
        source="Guest, Namey & Chen (2020); Hennink, Kaiser & Marconi (2017)",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        summary=pd.DataFrame(summary),
    )


def new_codes(said: Flags) -> list[int]:
    """How many codes each interview is the first to speak of; rows are interviews in order."""
    met = np.logical_or.accumulate(said, axis=0).sum(axis=1)
    return [int(n) for n in np.diff(met, prepend=0)]


def saturation_of(new: Sequence[int], *, base: int, run: int, threshold: float) -> pd.DataFrame:
    """The runs of one list of new codes by interview; see `saturation`.

    Examples
    --------
    >>> saturation_of([10, 6, 4, 3, 2, 1, 1, 0], base=4, run=2, threshold=0.05)["interviews"].tolist()
    [6, 7, 8]
    """
    of = sum(new[:base])
    rows = []
    for end in range(base + run, len(new) + 1):
        found = sum(new[end - run : end])
        ratio = found / of if of else math.nan
        rows.append((end, found, of, ratio, ratio <= threshold))
    return pd.DataFrame(rows, columns=["interviews", "new_codes", "base_codes", "ratio", "reached"])


def _reached(table: pd.DataFrame) -> dict[str, float]:
    ends = table.loc[table["reached"], "interviews"]
    return {
        "base_codes": int(table["base_codes"].iloc[0]),
        "reached_at": float(ends.iloc[0]) if len(ends) else math.nan,
    }


def _over_orders(said: Flags, base: int, run: int, threshold: float, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    ends = np.empty(_ORDERS)
    for n in range(_ORDERS):
        new = np.array(new_codes(said[rng.permutation(len(said))]))
        met = np.cumsum(np.concatenate([[0], new]))
        found = met[base + run :] - met[base : len(met) - run]
        low = np.flatnonzero(found <= threshold * met[base]) if met[base] else np.zeros(0, dtype=np.intp)
        ends[n] = base + run + low[0] if len(low) else np.inf
    names = ("median_order", "low_order", "high_order")
    quantiles = np.quantile(ends, [0.5, 0.05, 0.95], method="higher")
    return {name: float(q) if np.isfinite(q) else math.nan for name, q in zip(names, quantiles, strict=True)}
