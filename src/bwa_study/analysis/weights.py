"""How much two different values agree: weights for the chance-corrected coefficients."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from bwa_study.analysis.ratings import Floats, Ratings
from bwa_study.model.errors import UnknownName, shown

WeightName = Literal["identity", "linear", "quadratic", "ordinal"]
WEIGHTS: tuple[WeightName, ...] = ("identity", "linear", "quadratic", "ordinal")
Weights = WeightName | Any
"""A name, or a square table of agreement weights in the order of the categories, 1 on the diagonal."""


def weights_from_disagreement(disagreement: Any) -> Floats:
    """Agreement weights out of a table of how bad each confusion is.

    Parameters
    ----------
    disagreement
        Square table, categories × categories, 0 on the diagonal, nothing negative, any unit.

    Returns
    -------
    array
        ``1 - v / max(v)``, between 0 and 1. Coefficients do not change with the unit of `disagreement`.

    Raises
    ------
    ValueError
        If the table is not square, its diagonal not 0, a weight negative, or all of them 0.

    References
    ----------
    Cohen, J. (1968). Weighted kappa. *Psychological Bulletin* 70, 213-220.

    Examples
    --------
    >>> weights_from_disagreement([[0, 1, 3], [1, 0, 6], [3, 6, 0]])[0]
    array([1.        , 0.83333333, 0.5       ])
    """
    v = np.asarray(disagreement, dtype=np.float64)
    if v.ndim != 2 or v.shape[0] != v.shape[1] or np.diag(v).any() or not (v >= 0).all() or not v.any():
        raise ValueError("disagreement weights are a square table, 0 on the diagonal and nowhere negative")
    return np.asarray(1 - v / v.max(), dtype=np.float64)


def agreement_weights(ratings: Ratings, weights: Weights) -> Floats:
    r"""The table of weights, categories × categories.

    Parameters
    ----------
    ratings
        Whose categories are weighed.
    weights
        ``identity``: only equal values agree; ``linear`` and ``quadratic``: by the distance of numbers, or of places in
        the stated order where categories are not numbers; ``ordinal``: by the number of pairs of categories between
        them; or a table in the order of the stated categories.

    Raises
    ------
    UnknownName
        If there are no such weights.
    ValueError
        If the weights need an order of categories that the caller did not state, or the table does not fit.

    Notes
    -----
    .. math:: w = 1 - |x_k - x_l| / \max, \quad 1 - (x_k - x_l)^2 / \max, \quad
              1 - \binom{|k-l|+1}{2} / \binom{q}{2}

    References
    ----------
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., chapter 3.
    """
    q = len(ratings.values)
    if not isinstance(weights, str):
        return _given(ratings, np.asarray(weights, dtype=np.float64))
    if weights not in WEIGHTS:
        raise UnknownName("weights", weights, WEIGHTS)
    if weights == "identity":
        return np.eye(q)
    numbers = all(isinstance(v, int | float) for v in ratings.values)
    if not ratings.stated and (weights == "ordinal" or not numbers):
        raise ValueError(
            f"{weights} weights need all categories in their order — name them, or say categories='observed' if "
            f"those that occur, sorted, are all there are"
        )
    x = np.array(ratings.values if numbers and weights != "ordinal" else range(q), dtype=np.float64)
    far = np.abs(x[:, None] - x)
    loss = {"linear": far, "quadratic": far**2, "ordinal": far * (far + 1) / 2}[weights]
    return np.asarray(1 - loss / (loss.max(initial=0) or 1.0), dtype=np.float64)


def _given(ratings: Ratings, table: Floats) -> Floats:
    q = len(ratings.values)
    if not ratings.stated:
        raise ValueError("a table of weights needs the categories, in its order")
    if table.shape != (q, q):
        raise ValueError(f"weights are a table of {q} × {q} for the categories {shown(list(ratings.values))}")
    if not (np.diag(table) == 1).all() or not (table <= 1).all():
        raise ValueError("agreement weights are 1 on the diagonal and nowhere above — see weights_from_disagreement")
    return table
