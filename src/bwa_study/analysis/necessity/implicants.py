"""Prime implicants: the shortest combinations that hold only of rows that may have the outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Row = tuple[int, ...]
Implicant = tuple[int | None, ...]
"""For each condition the level it must have, or None where it does not matter."""

MOST_CONDITIONS = 16
Flags = npt.NDArray[np.bool_]


def primes_avoiding(rows: Sequence[Row], avoided: Sequence[Row]) -> list[Implicant]:
    """Prime implicants of some rows when every row may be covered except the avoided ones.

    For a row, the sets of conditions that tell it from every avoided row are the hitting sets of the differences; the
    minimal ones are its prime implicants. All 2^k sets are tried, so that none is missed.

    Parameters
    ----------
    rows
        Configurations with the outcome, as levels of the conditions.
    avoided
        Configurations without it.

    Returns
    -------
    list
        Each once, in order of the rows; empty if there are no rows. A row that is also avoided has none.

    References
    ----------
    Quine (1952), Amer. Math. Monthly 59, 521-531; Dusa & Thiem (2015), J. Math. Sociology 39, 92-108 (avoiding the
    negative rows instead of listing the logical remainders).

    Examples
    --------
    >>> primes_avoiding([(1, 1, 0)], [(0, 1, 0), (1, 0, 0)])
    [(1, 1, None)]
    """
    off = np.array(avoided, dtype=np.int64).reshape(len(avoided), -1)
    found: dict[Implicant, None] = {}
    for row in rows:
        k = len(row)
        differs = _masks(off != np.array(row)) if len(avoided) else np.zeros(0, dtype=np.int64)
        sets = np.arange(2**k, dtype=np.int64)
        valid = np.ones(2**k, dtype=bool)
        for mask in np.unique(differs):
            valid &= (sets & mask) != 0
        found |= dict.fromkeys(_implicants(row, _minimal(valid, k)))
    return list(found)


def primes_within(rows: Sequence[Row], also: Sequence[Row], levels: Sequence[int]) -> list[Implicant]:
    """Prime implicants of some rows when only these and some others may be covered.

    Parameters
    ----------
    rows
        Configurations with the outcome.
    also
        Configurations that may be covered, such as easy counterfactuals.
    levels
        Number of levels of each condition.

    Examples
    --------
    >>> primes_within([(1, 0), (1, 1)], [], levels=(2, 2))
    [(1, None)]
    """
    allowed = np.array(list(dict.fromkeys([*rows, *also])), dtype=np.int64)
    found: dict[Implicant, None] = {}
    for row in rows:
        k = len(row)
        differs = _masks(allowed != np.array(row))
        sets = np.arange(2**k, dtype=np.int64)
        covered = np.zeros(2**k, dtype=np.int64)
        for mask in differs:
            covered += (sets & mask) == 0
        size = np.ones(2**k, dtype=np.int64)
        for c, n in enumerate(levels):
            size *= np.where(sets & (1 << c), 1, n)
        found |= dict.fromkeys(_implicants(row, _minimal(covered == size, k)))
    return list(found)


def covers(implicant: Implicant, row: Row) -> bool:
    """Whether a row has all levels that an implicant asks for.

    Examples
    --------
    >>> covers((1, None), (1, 0)), covers((1, None), (0, 0))
    (True, False)
    """
    return all(level is None or level == value for level, value in zip(implicant, row, strict=True))


def _masks(flags: Flags) -> npt.NDArray[np.int64]:
    out: npt.NDArray[np.int64] = flags @ (1 << np.arange(flags.shape[1], dtype=np.int64))
    return out


def _minimal(valid: Flags, k: int) -> npt.NDArray[np.int64]:
    """The valid sets of which no set with one condition less is valid (validity is kept by adding conditions)."""
    sets = np.arange(2**k, dtype=np.int64)
    keep = valid.copy()
    for c in range(k):
        inside = (sets >> c) & 1 == 1
        keep[inside] &= ~valid[sets[inside] ^ (1 << c)]
    return sets[keep]


def _implicants(row: Row, sets: npt.NDArray[np.int64]) -> list[Implicant]:
    return [tuple(level if int(s) >> c & 1 else None for c, level in enumerate(row)) for s in sets]
