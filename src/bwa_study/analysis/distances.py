"""How far apart two values are, at each level of measurement: the distances of Krippendorff's alpha."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from bwa_study.analysis.ratings import Floats, Ratings
from bwa_study.model.errors import UnknownName, shown

LevelName = Literal["nominal", "ordinal", "interval", "ratio", "jaccard", "masi"]
LEVELS: tuple[LevelName, ...] = ("nominal", "ordinal", "interval", "ratio", "jaccard", "masi")
Level = LevelName | Any
"""A name, or a square table of distances in the order of the categories, 0 on the diagonal."""


def distances(ratings: Ratings, level: Level) -> Floats | None:
    r"""Distances between all categories (categories × categories); None for ``ordinal``, whose distances are counts.

    Parameters
    ----------
    ratings
        Whose categories are compared.
    level
        ``nominal``: equal or not. ``ordinal``: by the number of ratings between two ranks. ``interval``: squared
        difference. ``ratio``: squared difference by the squared sum; numbers with a true zero. ``jaccard``, ``masi``:
        sets of codes. Or a table in the order of the stated categories.

    Returns
    -------
    array or None
        Nothing negative; unit of the squared values for ``interval``, else from 0 to 1.

    Raises
    ------
    UnknownName
        If there is no such level.
    ValueError
        If the values do not have the level: no numbers, a number below 0 of a ratio, no sets, ranks in no stated order.

    Notes
    -----
    .. math:: (c-k)^2, \quad \left(\frac{c-k}{c+k}\right)^2, \quad 1 - \frac{|C \cap K|}{|C \cup K|}, \quad
              1 - M \frac{|C \cap K|}{|C \cup K|}

    with :math:`M` = 1 for equal sets, 2/3 if one holds the other, 1/3 if they overlap, 0 if they share nothing. Two
    empty sets are equal.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania, section E.
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). *LREC 2006*.
    """
    if not isinstance(level, str):
        return _given(ratings, np.asarray(level, dtype=np.float64))
    if level not in LEVELS:
        raise UnknownName("level of measurement", level, LEVELS)
    if level == "nominal":
        return np.asarray(1 - np.eye(len(ratings.values)))
    if level in ("jaccard", "masi"):
        return _set_distances(ratings, masi=level == "masi")
    numbers = all(isinstance(v, int | float) for v in ratings.values)
    if level == "ordinal":
        if not numbers and not ratings.stated:
            raise ValueError(f"ranks need an order — name the categories from lowest to highest: {_some(ratings)}")
        return None
    if not numbers or not np.isfinite(np.array(ratings.values, dtype=np.float64)).all():
        raise ValueError(f"{level} values are finite numbers; these are not all: {_some(ratings)}")
    x = np.array(ratings.values, dtype=np.float64)
    between = (x[:, None] - x) ** 2
    if level == "interval":
        return np.asarray(between)
    if (x < 0).any():
        raise ValueError(f"ratio values are numbers from 0 up; these are not all: {_some(ratings)}")
    return np.asarray(between / np.where(between == 0, 1, (x[:, None] + x) ** 2))


def _set_distances(ratings: Ratings, *, masi: bool) -> Floats:
    for value in ratings.values:
        if not isinstance(value, frozenset):
            raise ValueError(f"set distances compare sets of codes, and {shown(value)} is none — use frozenset")
    codes = sorted(frozenset().union(*ratings.values), key=str)
    held = np.array([[code in value for code in codes] for value in ratings.values], dtype=np.float64)
    held = held.reshape(len(ratings.values), len(codes))
    size = held.sum(axis=1)
    both = held @ held.T
    either = size[:, None] + size - both
    shared = np.where(either == 0, 1.0, both / np.maximum(either, 1))
    if not masi:
        return np.asarray(1 - shared)
    nested = both == np.minimum(size[:, None], size)
    m = np.select([both == either, nested, both > 0], [1, 2 / 3, 1 / 3], default=0)
    return np.asarray(1 - m * shared)


def _given(ratings: Ratings, table: Floats) -> Floats:
    q = len(ratings.values)
    if not ratings.stated:
        raise ValueError("a table of distances needs the categories, in its order")
    if table.shape != (q, q) or np.diag(table).any() or not (table >= 0).all():
        raise ValueError(f"distances are a table of {q} × {q}, 0 on the diagonal and nowhere negative")
    return np.asarray((table + table.T) / 2)


def _some(ratings: Ratings) -> str:
    return shown(", ".join(map(str, ratings.values)))
