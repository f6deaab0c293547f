"""Could the pattern be chance: outcomes dealt to the cases at random."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_CASES_ENUMERATED = 8
_ROUND_OFF = 1e-12


@dataclass(frozen=True, slots=True)
class ChanceOf:
    """A p value, how it was found (``exact``, ``all permutations``, ``permutation``), and its Monte Carlo standard
    error (0 where nothing was drawn)."""

    p: float
    how: str
    error: float = 0.0


def is_crisp(*memberships: Floats) -> bool:
    """Whether all memberships are 0 or 1."""
    return all(bool(np.isin(one, (0.0, 1.0)).all()) for one in memberships)


def exact_p(cases: int, in_condition: int, with_outcome: int, in_both: int) -> float:
    r"""Chance that at least so many outcome cases fall into the condition when outcomes are dealt at random.

    Notes
    -----
    The upper tail of the hypergeometric distribution. Where all outcome cases are in the condition it is

    .. math:: p = \binom{n_X}{n_Y} \bigg/ \binom{N}{n_Y}

    Cases are taken as exchangeable; brand, region and the like are not held fixed.

    References
    ----------
    Fisher (1935), The Design of Experiments, §11; Braumoeller & Goertz (2000), AJPS 44, 844-858.

    Examples
    --------
    >>> round(exact_p(12, 5, 4, 4), 4)
    0.0101
    """
    ways = math.comb(cases, with_outcome)
    most = min(in_condition, with_outcome)
    hits = sum(
        math.comb(in_condition, k) * math.comb(cases - in_condition, with_outcome - k) for k in range(in_both, most + 1)
    )
    return hits / ways


def chance_of_necessity(x: Floats, y: Floats, *, permutations: int = 10_000, seed: int = 1) -> ChanceOf:
    """Chance of a consistency of necessity this high when outcomes are dealt to the cases at random.

    Parameters
    ----------
    x, y
        Memberships in condition and outcome, 0 to 1, without missing values.
    permutations
        Draws where memberships are fuzzy and there are more than 8 cases; up to 8 all orders are gone through.
    seed
        Of the draws.

    Returns
    -------
    ChanceOf
        Exact where both are crisp. p is NaN where no case has any of the outcome. A drawn p counts the observed order
        as one of the draws, so it is never 0.

    Examples
    --------
    >>> chance_of_necessity(np.array([1.0, 1, 1, 0]), np.array([1.0, 1, 0, 0]))
    ChanceOf(p=0.5, how='exact', error=0.0)
    """
    if len(y) == 0 or not y.sum():
        return ChanceOf(math.nan, "exact")
    if is_crisp(x, y):
        return ChanceOf(exact_p(len(y), int(x.sum()), int(y.sum()), int((x * y).sum())), "exact")
    overlap = np.minimum(x[:, None], y[None, :])
    observed = float(np.trace(overlap)) - _ROUND_OFF
    at = np.arange(len(y))
    if len(y) <= MOST_CASES_ENUMERATED:
        orders = np.array(list(itertools.permutations(range(len(y)))))
        return ChanceOf(float((overlap[at, orders].sum(axis=1) >= observed).mean()), "all permutations")
    orders = np.random.default_rng(seed).permuted(np.tile(at, (permutations, 1)), axis=1)
    hits = int((overlap[at, orders].sum(axis=1) >= observed).sum())
    p = (hits + 1) / (permutations + 1)
    return ChanceOf(p, "permutation", math.sqrt(p * (1 - p) / permutations))
