"""How much must be double-coded: units needed for an interval of alpha, before the study and from a first sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import ClassVar

import pandas as pd

from bwa_study.analysis.reliability import chosen_coders, reliability
from bwa_study.analysis.student import t_quantile
from bwa_study.model.errors import WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.reliability_rules import RULES, Rule
from bwa_study.model.results import Result

_COLUMNS = (
    "theme", "code", "n_units", "n_transcripts", "prevalence", "alpha", "low", "design_effect", "needed_tentative",
    "needed_use", "reason",
)  # fmt: skip


def alpha_variance(*, alpha: float, prevalence: float) -> float:
    r"""Large-sample variance of agreement of two coders on coded or not, times the number of units.

    Parameters
    ----------
    alpha
        Krippendorff's alpha, 0 to 1 (in large samples the intraclass kappa, and Scott's pi).
    prevalence
        Share of units with the code, above 0 and below 1.

    Notes
    -----
    .. math:: n \operatorname{var}(\hat\alpha) =
              (1-\alpha)\left[(1-\alpha)(1-2\alpha) + \frac{\alpha(2-\alpha)}{2\pi(1-\pi)}\right]

    References
    ----------
    Bloch, D. A. & Kraemer, H. C. (1989). 2 x 2 kappa coefficients: measures of agreement or association. *Biometrics*
    45, 269-287. Donner, A. & Eliasziw, M. (1992). A goodness-of-fit approach to inference procedures for the kappa
    statistic. *Statistics in Medicine* 11, 1511-1519.

    Examples
    --------
    >>> round(alpha_variance(alpha=0.5, prevalence=0.5), 6)
    0.75
    """
    if not 0 <= alpha <= 1 or not 0 < prevalence < 1:
        raise WrongCall(
            f"alpha must be from 0 to 1 and prevalence between 0 and 1, not {alpha} and {prevalence} — give shares, "
            "such as 0.8 and 0.05"
        )
    spread = alpha * (2 - alpha) / (2 * prevalence * (1 - prevalence))
    return (1 - alpha) * ((1 - alpha) * (1 - 2 * alpha) + spread)


def units_needed(
    *,
    alpha: float,
    prevalence: float,
    design_effect: float,
    lower: float | None = None,
    width: float | None = None,
    confidence: float = 0.95,
    assurance: float = 0.8,
) -> int:
    r"""Units that two coders must both code for a wanted lower end, or a wanted width, of the interval of alpha.

    Parameters
    ----------
    alpha, prevalence
        What is expected of the code, see `alpha_variance`.
    design_effect
        How much larger the variance is because units of one transcript are alike; 1 where they are not. A study that
        has some double coding measures it, see `plan_double_coding`.
    lower
        The lower end that is wanted, such as a rule's limit; below `alpha`.
    width
        Or the width that is wanted, upper less lower end.
    confidence
        Of the interval.
    assurance
        With what probability the lower end shall be reached; at .5 half of all studies of that size miss it. Of no
        meaning for a width.

    Returns
    -------
    int
        At least 2. It is for two coders and large samples: with fewer than some 20 transcripts take more.

    Raises
    ------
    WrongCall
        If not one of `lower` and `width` is given, or a value is out of its range.

    Notes
    -----
    The interval is symmetric on :math:`\log(1-\alpha)`, as the default one of `reliability` is. With :math:`v` of
    `alpha_variance` and :math:`d` the design effect,

    .. math:: n = \frac{d\,v\,(z_{conf} + z_{assurance})^2}{(1-\alpha)^2 \log^2\frac{1-lower}{1-\alpha}}, \quad
              n = \frac{d\,v\,z_{conf}^2}{(1-\alpha)^2 \operatorname{asinh}^2\frac{width}{2(1-\alpha)}}

    References
    ----------
    Variance: see `alpha_variance`. Design effect: Kish, L. (1965). *Survey Sampling*, section 5.4. The transformation
    is ours, as in `Agreement.jackknife`; the tests hold both against simulated coders.

    Examples
    --------
    >>> [units_needed(alpha=0.85, prevalence=p, design_effect=1.0, lower=0.667) for p in (0.1, 0.02)]
    [439, 2043]
    """
    if (lower is None) == (width is None):
        raise WrongCall("units_needed: give either the lower end or the width that is wanted")
    if not design_effect > 0 or not 0 < confidence < 1 or not 0 < assurance < 1:
        raise WrongCall("units_needed: design_effect must be above 0, confidence and assurance between 0 and 1")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    variance = alpha_variance(alpha=alpha, prevalence=prevalence) * design_effect
    if alpha == 1:
        raise WrongCall("units_needed: at alpha 1 nothing varies — plan with less than perfect agreement")
    if lower is not None:
        if not lower < alpha:
            raise WrongCall(f"a lower end of {lower} is never reached where alpha is {alpha} — train, do not code more")
        half = math.log((1 - lower) / (1 - alpha)) / (z + NormalDist().inv_cdf(assurance)) * z
    else:
        assert width is not None
        if not width > 0:
            raise WrongCall(f"a width of {width} cannot be — give one above 0, such as 0.2")
        half = math.asinh(width / (2 * (1 - alpha)))
    return max(2, math.ceil(variance * (z / ((1 - alpha) * half)) ** 2))


def lower_end(
    *, alpha: float, prevalence: float, design_effect: float, units: float, confidence: float = 0.95
) -> float:
    """The lower end to expect of the interval of alpha; half of all studies of that size get a lower one.

    Parameters are those of `units_needed`; `units` is how many two coders both code.

    Examples
    --------
    >>> round(lower_end(alpha=0.85, prevalence=0.1, design_effect=1.0, units=200), 3)
    0.657
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    error = math.sqrt(alpha_variance(alpha=alpha, prevalence=prevalence) * design_effect / units)
    return 1 - (1 - alpha) * math.exp(z * error / (1 - alpha))


@dataclass(frozen=True, eq=False, repr=False)
class DoubleCodingPlan(Result):
    """Units each theme and code needs, a row each, a theme before its codes.

    ``table`` has the columns ``theme``, ``code`` (empty in the row of a theme), ``n_units`` (double-coded so far),
    ``n_transcripts``, ``prevalence``, ``alpha``, ``low`` (of these), ``design_effect`` (variance by transcript over
    that of `alpha_variance`), ``needed_tentative`` and ``needed_use`` (units to double-code in all for the lower end to
    reach the rule's limit with the assurance asked for; NaN where alpha is not above the limit), and ``reason`` (why a
    number is missing).
    """

    picture: ClassVar[str] = "bwa_study.present.plan_curve:plot_plan"

    coders: tuple[str, ...] = ()
    rule: Rule = "krippendorff2004"
    labels: tuple[tuple[str, str], ...] = ()
    matrix: CodingMatrix | None = field(default=None, repr=False)
    """The codings of the coders."""

    def compact(self) -> pd.DataFrame:
        """Code, units so far, alpha and lower end, design effect, units needed."""
        shown = self.table[self.table["code"] != ""].set_index("code")
        rounded = shown.round({"prevalence": 3, "alpha": 3, "low": 3, "design_effect": 2})
        return rounded[["n_units", "prevalence", "alpha", "low", "design_effect", "needed_tentative", "needed_use"]]


def plan_double_coding(
    matrix: CodingMatrix,
    *,
    coders: Sequence[str] | None = None,
    rule: Rule = "krippendorff2004",
    assurance: float = 0.8,
) -> DoubleCodingPlan:
    r"""From what is double-coded so far, say for every code how many units a rule's limits need.

    Parameters
    ----------
    matrix, coders, rule
        As in `reliability`.
    assurance
        See `units_needed`.

    Raises
    ------
    TooFewCoders
        If fewer than two coders are chosen.
    UnknownName
        If a coder or the rule does not exist.
    WrongCall
        If `assurance` is not between 0 and 1.

    Notes
    -----
    It scales the measured standard error :math:`s` of :math:`\log(1-\alpha)`, by transcript, with the square root of
    the number of units, alpha and the kind of transcripts staying as they are:

    .. math:: n_{needed} = n \left(\frac{s\,(z_{.975} + z_{assurance})}{\log\frac{1-limit}{1-\alpha}}\right)^2

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> m = bwa.matrix(study, coders=["simulated-human-A", "simulated-human-B"])
    >>> plan = bwa.plan_double_coding(m).frame.set_index("code")
    >>> bool(plan.loc["audit_mode", "needed_use"] > plan.loc["audit_mode", "needed_tentative"])
    True
    """
    if not 0 < assurance < 1:
        raise WrongCall(f"assurance must be between 0 and 1, not {assurance} — such as 0.8")
    names = chosen_coders(matrix, coders, "plan_double_coding")
    measured = reliability(matrix, coders=names, rule=rule)
    table = measured.frame
    wanted = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(assurance)
    rows = []
    for row in table.to_dict("records"):
        error = _log_error(row)
        kept = {name: row[name] for name in _COLUMNS[:7]}
        limits = RULES[rule]
        needed = {
            f"needed_{name}": _needed(row["alpha"], row["n_units"], error * wanted, limit)
            for name, limit in (("tentative", limits.tentative), ("use", limits.use))
        }
        reason = row["reason"] or ("" if error > 0 else "the interval does not tell how far alpha could move")
        if not reason and not row["alpha"] > limits.use:
            reason = f"alpha is not above {limits.use:.3g}: more coding does not reach it, a sharper codebook may"
        rows.append({**kept, "design_effect": _design_effect(row, error), **needed, "reason": reason})
    return DoubleCodingPlan(
        table=pd.DataFrame(rows, columns=list(_COLUMNS)),
        title=f"How much {', '.join(names)} must both code",
        method="Units needed in all for the lower end of alpha's 95% interval by transcript to reach the rule's limit "
        f"with a probability of {assurance:.0%}, if alpha and the transcripts stay as they are. {RULES[rule].paper}.",
        source="Bloch & Kraemer (1989); Donner & Eliasziw (1992); Kish (1965)",
        provenance=measured.provenance,
        synthetic=measured.synthetic,
        coders=names,
        rule=rule,
        labels=measured.labels,
        matrix=measured.matrix,
    )


def _log_error(row: dict[object, object]) -> float:
    """Standard error of log(1 - alpha) that an interval holds; NaN where it has none."""
    alpha, low, n = (float(row[name]) for name in ("alpha", "low", "n_transcripts"))  # type: ignore[arg-type]
    if math.isnan(low) or not alpha < 1 or n < 2:
        return math.nan
    return math.log((1 - low) / (1 - alpha)) / t_quantile(0.95, int(n) - 1)


def _needed(alpha: float, units: float, reach: float, limit: float) -> float:
    if math.isnan(reach) or not limit < alpha < 1:
        return math.nan
    return float(max(2, math.ceil(units * (reach / math.log((1 - limit) / (1 - alpha))) ** 2)))


def _design_effect(row: dict[object, object], error: float) -> float:
    alpha, prevalence, n = (float(row[name]) for name in ("alpha", "prevalence", "n_units"))  # type: ignore[arg-type]
    if math.isnan(error) or not 0 <= alpha < 1 or not 0 < prevalence < 1:
        return math.nan
    return (error * (1 - alpha)) ** 2 * n / alpha_variance(alpha=alpha, prevalence=prevalence)
