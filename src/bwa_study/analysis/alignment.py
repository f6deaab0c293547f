"""The alignment of several coders' units that costs least: what gamma measures disorder by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NOBODY = -1
"""In an alignment: this coder has no unit there."""


@dataclass(frozen=True, eq=False)
class Marks:
    """What one coder marked on a continuum.

    Parameters
    ----------
    start, end
        Places, any unit; an end lies after its start.
    code
        Numbers of codes.
    text
        Number of the text each unit lies in; units of different texts are never aligned.
    """

    start: Floats
    end: Floats
    code: Ints
    text: Ints

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    r"""How far two units are apart, in the cost of a unit that nobody else has.

    Notes
    -----
    .. math:: d_{pos} = \left( \frac{|s_u - s_v| + |e_u - e_v|}{(e_u - s_u) + (e_v - s_v)} \right)^2, \quad
              d = \alpha\, d_{pos} + \beta\, [c_u \ne c_v]

    and 1 to an empty unit. (The cost of an empty unit, :math:`\Delta_\emptyset`, multiplies everything and so changes
    no gamma.)

    References
    ----------
    Mathet, Widlöcher & Métivier (2015), see `bwa_study.analysis.gamma.gamma`, section 4.2, equations 3 and 5.
    """

    position: float = 1.0
    category: float = 1.0

    def between(self, one: Marks, other: Marks) -> Floats:
        """Units of one coder × units of another; infinite between texts."""
        apart = np.abs(one.start[:, None] - other.start) + np.abs(one.end[:, None] - other.end)
        lengths = (one.end - one.start)[:, None] + (other.end - other.start)
        d_pos = (apart / lengths) ** 2
        d_cat = (one.code[:, None] != other.code).astype(np.float64)
        d = self.position * d_pos + self.category * d_cat
        return np.asarray(np.where(one.text[:, None] == other.text, d, np.inf))


def best_alignment(coders: Sequence[Marks], dissimilarity: Dissimilarity) -> tuple[float, Ints]:
    r"""The partition of all units into rows, at most one unit of each coder in a row, with the least disorder.

    Parameters
    ----------
    coders
        Two or more.
    dissimilarity
        Between two units.

    Returns
    -------
    tuple
        The disorder (NaN where no coder has a unit), and rows × coders of numbers of units, `NOBODY` where a coder has
        none.

    Notes
    -----
    .. math:: \delta(a) = \frac{1}{\bar x} \sum_{\breve a \in a} \binom{n}{2}^{-1} \sum_{i<j} d(u_i, u_j)

    with :math:`\bar x` units a coder on average. Two coders are an assignment problem, more a set partition, solved
    exactly by HiGHS. A row is not tried if taking one unit out of it would cost less.

    References
    ----------
    Mathet, Widlöcher & Métivier (2015), sections 4.3 and 5.1.
    """
    total = sum(map(len, coders))
    if not total:
        return float("nan"), np.zeros((0, len(coders)), dtype=np.int64)
    rows = _pairs(coders, dissimilarity) if len(coders) == 2 else _partition(coders, dissimilarity)
    n = len(coders)
    cost = _pair_sums(rows, coders, dissimilarity) / (n * (n - 1) / 2)
    return float(cost.sum() / (total / n)), rows


def _pairs(coders: Sequence[Marks], dissimilarity: Dissimilarity) -> Ints:
    from scipy.optimize import linear_sum_assignment

    one, other = coders
    saved = np.maximum(2 - dissimilarity.between(one, other), 0.0)
    mine, theirs = linear_sum_assignment(saved, maximize=True)
    worth = saved[mine, theirs] > 0
    mine, theirs = mine[worth], theirs[worth]
    return np.concatenate([np.column_stack([mine, theirs]), *_alone(coders, [mine, theirs])])


def _alone(coders: Sequence[Marks], taken: Sequence[Ints]) -> list[Ints]:
    """Rows of one unit each, for the units not taken."""
    out = []
    for at, (marks, used) in enumerate(zip(coders, taken, strict=True)):
        left = np.setdiff1d(np.arange(len(marks)), used)
        rows = np.full((len(left), len(coders)), NOBODY, dtype=np.int64)
        rows[:, at] = left
        out.append(rows)
    return out


def _partition(coders: Sequence[Marks], dissimilarity: Dissimilarity) -> Ints:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows = np.concatenate([_candidates(coders, dissimilarity), *_alone(coders, [np.zeros(0, np.int64)] * len(coders))])
    cost = _pair_sums(rows, coders, dissimilarity)
    first = np.cumsum([0, *map(len, coders)])
    row, coder = np.nonzero(rows != NOBODY)
    unit = first[coder] + rows[row, coder]
    each_once: Any = csr_array((np.ones(len(unit)), (unit, row)), shape=(first[-1], len(rows)))
    found = milp(
        cost, integrality=np.ones(len(rows)), bounds=Bounds(0, 1), constraints=LinearConstraint(each_once, 1, 1)
    )
    if found.x is None:
        raise RuntimeError(f"the best alignment was not found: {found.message}")
    chosen: Ints = rows[found.x > 0.5]
    return chosen


def _candidates(coders: Sequence[Marks], dissimilarity: Dissimilarity) -> Ints:
    """Rows of two or more units from which taking any unit out would not cost less, coder by coder."""
    n = len(coders)
    limit = (n - 1) + n * (n - 1) / 2
    between = {
        (i, j): _with_nobody(dissimilarity.between(coders[i], coders[j])) for i in range(n) for j in range(i + 1, n)
    }
    rows = np.arange(NOBODY, len(coders[0]), dtype=np.int64)[:, None]
    sums = np.zeros((len(rows), 1))
    for j in range(1, n):
        choices = np.arange(NOBODY, len(coders[j]), dtype=np.int64)
        kept_rows, kept_sums = [], []
        for row, own in zip(rows, sums, strict=True):
            with_new = np.stack([between[i, j][row[i]] for i in range(j)], axis=1)
            totals = np.column_stack([own + with_new, with_new.sum(axis=1)])
            real = np.column_stack([np.broadcast_to(row != NOBODY, (len(choices), j)), choices != NOBODY])
            order = np.roll(np.arange(len(choices)), 1)
            totals = totals[order]
            good = (~real | (totals < limit)).all(axis=1)
            kept_rows.append(np.column_stack([np.broadcast_to(row, (int(good.sum()), j)), choices[good]]))
            kept_sums.append(totals[good])
        rows, sums = np.concatenate(kept_rows), np.concatenate(kept_sums)
    several: Ints = rows[(rows != NOBODY).sum(axis=1) >= 2]
    return several


def _with_nobody(between: Floats) -> Floats:
    """The table with a last row and column, which index -1 reads: 1 to nobody."""
    return np.pad(between, ((0, 1), (0, 1)), constant_values=1.0)


def _pair_sums(rows: Ints, coders: Sequence[Marks], dissimilarity: Dissimilarity) -> Floats:
    """Sum over all pairs of coders of the dissimilarity in each row."""
    total = np.zeros(len(rows))
    for i in range(len(coders)):
        for j in range(i + 1, len(coders)):
            total += _with_nobody(dissimilarity.between(coders[i], coders[j]))[rows[:, i], rows[:, j]]
    return total
