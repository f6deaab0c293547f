"""What several coders said about the same units, read into distinct patterns and how often each occurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.model.errors import shown

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Categories = Sequence[Any] | Literal["observed"] | None

MISSING = -1


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings of units by coders, without units that nobody rated.

    Units that every coder rated alike have the same pattern; a coefficient needs the patterns and their counts only,
    so that resampling units or clusters is drawing new counts.

    Parameters
    ----------
    values
        The categories, in order.
    patterns
        Distinct rows (patterns × coders) of indices into `values`; -1 where a coder did not rate.
    counts
        How often each pattern occurs in each cluster (clusters × patterns); one row where no clusters are told apart.
    clustered
        Whether the rows of `counts` are clusters.
    stated
        Whether the caller named the categories, and so their number and order.
    """

    values: tuple[Any, ...]
    patterns: Ints
    counts: Floats
    clustered: bool
    stated: bool

    @cached_property
    def totals(self) -> Floats:
        """How many units have each pattern."""
        return np.asarray(self.counts.sum(axis=0))

    @cached_property
    def votes(self) -> Floats:
        """How many coders chose each category (patterns × categories)."""
        picks = self.patterns[:, :, None] == np.arange(len(self.values))
        return np.asarray(picks.sum(axis=1), dtype=np.float64)

    @cached_property
    def sizes(self) -> Floats:
        """How many coders rated a unit of each pattern."""
        return np.asarray((self.patterns != MISSING).sum(axis=1), dtype=np.float64)

    @property
    def shared(self) -> npt.NDArray[np.bool_]:
        """Patterns with at least two ratings, on which agreement can be seen."""
        return self.sizes >= 2

    @property
    def n_rated(self) -> int:
        """Units with at least one rating."""
        return int(self.totals.sum())

    @property
    def n_units(self) -> int:
        """Units with at least two ratings."""
        return int(self.totals[self.shared].sum())

    @property
    def n_pairable(self) -> int:
        """Ratings of units with at least two of them."""
        return int((self.totals * self.sizes)[self.shared].sum())

    @property
    def n_coders(self) -> int:
        """Coders with at least one rating."""
        return int((self.patterns != MISSING).any(axis=0).sum())

    @property
    def n_clusters(self) -> int:
        """Clusters with at least one unit of two ratings; 0 where no clusters are told apart."""
        return int((self.counts[:, self.shared].sum(axis=1) > 0).sum()) if self.clustered else 0

    def used(self) -> list[Any]:
        """The categories that occur."""
        return [v for v, n in zip(self.values, self.totals @ self.votes, strict=True) if n]

    def only(self, keep: npt.NDArray[np.bool_]) -> Ratings:
        """The same for some patterns; clusters that have none of them are dropped."""
        counts = self.counts[:, keep]
        if self.clustered:
            counts = counts[counts.sum(axis=1) > 0]
        return Ratings(self.values, self.patterns[keep], counts, self.clustered, self.stated)

    def lacking(self) -> str:
        """Why no agreement can be measured, in plain words; empty if it can."""
        if not self.n_rated:
            return "no coder rated any unit"
        if self.n_coders < 2:
            return "only one coder rated; agreement needs two"
        if not self.n_units:
            return "no unit was rated by two coders"
        return ""


def read_ratings(ratings: Any, *, categories: Categories = None, clusters: Any = None) -> Ratings:
    """Read an array of ratings.

    Parameters
    ----------
    ratings
        Units × coders: an array, a DataFrame or a list of rows. A value is a number, a text, a truth value, or a set
        of codes for units that carry several (the empty set: examined, nothing coded). None, NaN and NA: this coder
        did not rate this unit.
    categories
        All values that a coder could have chosen, in order; None or ``observed``: those that occur, sorted.
    clusters
        The cluster of each unit, such as its transcript; None if units are independent of each other.

    Returns
    -------
    Ratings

    Raises
    ------
    ValueError
        If the array is not two-dimensional, a value is not among `categories`, a category is named twice, or
        `clusters` has another length or a missing value.

    Examples
    --------
    >>> r = read_ratings([["a", "a"], ["b", None], ["a", "b"], ["a", "a"]])
    >>> r.values, r.n_rated, r.n_units, r.n_pairable
    (('a', 'b'), 4, 3, 6)
    """
    table = _array(ratings)
    codes, found = _factorized(table)
    stated = categories is not None and not isinstance(categories, str)
    if isinstance(categories, str) and categories != "observed":
        raise ValueError(f"categories are a list of values, or 'observed'; not '{shown(categories)}'")
    values = _values(categories) if stated else _sorted(found)
    at = {value: i for i, value in enumerate(values)}
    unknown = [v for v in found if v not in at]
    if unknown:
        raise ValueError(f"the value {shown(unknown[0])} is not among the categories {shown(list(values))}")
    index = np.array([*(at[v] for v in found), MISSING], dtype=np.int64)
    cluster = _clusters(clusters, len(table))
    rated = (codes != MISSING).any(axis=1)
    patterns, which = _distinct(index[codes[rated]], len(values))
    groups, within = np.unique(cluster[rated], return_inverse=True)
    cells = np.bincount(within * len(patterns) + which, minlength=len(groups) * len(patterns))
    counts = cells.astype(np.float64).reshape(len(groups), len(patterns))
    if not len(groups):
        counts = np.zeros((1, 0))
    return Ratings(values, patterns, counts, clusters is not None, categories is not None)


def _array(ratings: Any) -> npt.NDArray[Any]:
    if isinstance(ratings, pd.DataFrame):
        ratings = ratings.to_numpy()
    if isinstance(ratings, np.ndarray):
        table: npt.NDArray[Any] = ratings
    else:
        table = np.array(ratings if len(ratings) else np.empty((0, 0)), dtype=object)
    if table.ndim != 2:
        raise ValueError(
            f"ratings are units × coders, not an array of {table.ndim} dimensions — several codes of one unit are "
            f"written as a frozenset"
        )
    return table


def _factorized(table: npt.NDArray[Any]) -> tuple[Ints, list[Any]]:
    flat = table.ravel()
    if flat.dtype == object:
        hashable = [frozenset(v) if isinstance(v, set) else v for v in flat]
        flat = np.empty(len(hashable), dtype=object)
        flat[:] = hashable
    codes, found = pd.factorize(flat)
    plain = found.tolist() if isinstance(found, np.ndarray) else list(found)
    return np.asarray(codes, dtype=np.int64).reshape(table.shape), plain


def _values(categories: Any) -> tuple[Any, ...]:
    values = tuple(frozenset(v) if isinstance(v, set) else v for v in categories)
    for i, value in enumerate(values):
        if value in values[:i]:
            raise ValueError(f"the category {shown(value)} is named twice")
    return values


def _sorted(found: list[Any]) -> tuple[Any, ...]:
    if any(isinstance(v, frozenset) for v in found):
        return tuple(sorted(found, key=lambda v: sorted(map(str, v)) if isinstance(v, frozenset) else [str(v)]))
    try:
        return tuple(sorted(found))
    except TypeError:
        return tuple(sorted(found, key=lambda v: (type(v).__name__, str(v))))


def _clusters(clusters: Any, n: int) -> Ints:
    if clusters is None:
        return np.zeros(n, dtype=np.int64)
    labels = np.asarray(clusters, dtype=object)
    if labels.shape != (n,):
        raise ValueError(f"clusters name one cluster a unit: {n} units, {len(labels)} clusters named")
    codes, _ = pd.factorize(labels)
    if (codes < 0).any():
        raise ValueError(f"unit {int(np.argmin(codes)) + 1} has no cluster")
    return np.asarray(codes, dtype=np.int64)


def _distinct(rows: Ints, n_values: int) -> tuple[Ints, Ints]:
    """Distinct rows, and which of them each row is."""
    coders = rows.shape[1]
    if coders * np.log2(n_values + 1) < 62:
        keys = (rows + 1) @ (n_values + 1) ** np.arange(coders, dtype=np.int64)
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        return rows[first], which
    patterns, which = np.unique(rows, axis=0, return_inverse=True)
    return patterns, which.ravel()
