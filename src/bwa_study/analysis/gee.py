"""Generalised estimating equations for a yes or no of people in clusters, fitted by statsmodels."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bwa_study.model.errors import UnknownName

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Structure = Literal["exchangeable", "independence", "ar1"]
STRUCTURES: tuple[Structure, ...] = ("exchangeable", "independence", "ar1")
Errors = Literal["bias_reduced", "robust"]


def gee_fit(
    y: Floats,
    design: Floats,
    clusters: Ints,
    *,
    errors: Errors = "bias_reduced",
    structure: Structure = "exchangeable",
) -> tuple[Floats, Floats] | None:
    r"""Logistic regression whose people of one cluster are alike.

    Parameters
    ----------
    y
        0 or 1, one a person.
    design
        Array person x coefficient.
    clusters
        Number of the cluster of each person.
    errors
        ``bias_reduced`` (Mancl and DeRouen's, for few clusters) or ``robust`` (the plain sandwich).
    structure
        How people of a cluster are alike: ``exchangeable`` (any two as much as any other two), ``independence`` (not at
        all) or ``ar1`` (less, the farther apart they stand in the order given).

    Returns
    -------
    tuple or None
        Coefficients (log odds) and their covariance; None if the fit does not settle, or the clusters do
        not differ.

    Raises
    ------
    UnknownName
        If there is no such structure.

    Notes
    -----
    With Pearson residuals r of people d places apart, the correlation of ``ar1`` solves

    .. math:: \sum_{pairs} d\,\alpha^{d-1} (r_i r_j - \alpha^d) = 0

    References
    ----------
    Liang, K.-Y. & Zeger, S. L. (1986). *Biometrika* 73, 13-22. Mancl, L. A. & DeRouen, T. A. (2001). *Biometrics* 57,
    126-134.

    Examples
    --------
    >>> y, cluster = np.array([0.0, 1, 0, 0, 1, 1, 0, 1]), np.repeat(np.arange(4), 2)
    >>> beta, _ = gee_fit(y, np.ones((8, 1)), cluster, structure="independence")
    >>> abs(round(float(beta[0]), 6))
    0.0
    """
    if structure not in STRUCTURES:
        raise UnknownName("structure", structure, STRUCTURES)
    import statsmodels.api as sm

    structures = {
        "exchangeable": sm.cov_struct.Exchangeable,
        "independence": sm.cov_struct.Independence,
        "ar1": _autoregressive,
    }
    order = np.argsort(clusters, kind="stable")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GEE(
            y[order], design[order], groups=clusters[order], family=sm.families.Binomial(),
            cov_struct=structures[structure](),
        )  # fmt: skip
        try:
            result = model.fit(cov_type=errors)
        except (ValueError, np.linalg.LinAlgError):
            return None
    covariance = np.asarray(result.cov_params(), dtype=np.float64)
    beta = np.asarray(result.params, dtype=np.float64)
    if not np.isfinite(beta).all() or not np.isfinite(covariance).all() or np.linalg.eigvalsh(covariance)[0] <= 0:
        return None
    return beta, covariance


def _autoregressive() -> Any:
    """AR(1) with the correlation that solves the equation of `gee_fit`; statsmodels estimates it otherwise."""
    import statsmodels.api as sm
    from scipy.optimize import brentq

    class Pairwise(sm.cov_struct.Autoregressive):  # type: ignore[misc]
        def update(self, params: Floats) -> None:
            model = self.model
            products: dict[int, list[float]] = {}
            for y, (mean, _) in zip(model.endog_li, model.cached_means, strict=True):
                r = (y - mean) / np.sqrt(model.family.variance(mean))
                for d in range(1, len(r)):
                    products.setdefault(d, []).extend(r[d:] * r[:-d])
            lags = np.array(sorted(products), dtype=np.float64)
            n = np.array([len(products[int(d)]) for d in lags])
            sums = np.array([sum(products[int(d)]) for d in lags])

            def pull(alpha: float) -> float:
                return float((lags * alpha ** (lags - 1) * (sums - n * alpha**lags)).sum())

            self.dep_params = brentq(pull, 0.0, 0.999) if len(lags) and pull(0.0) > 0 > pull(0.999) else 0.0

    return Pairwise(grid=True)
