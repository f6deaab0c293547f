"""Why kappa can be low although coders agree on nearly everything, in plain words.

Feinstein and Cicchetti's first paradox: where a code is rare (or nearly always given), most agreement is expected by
chance, and a few disagreements weigh heavily. Byrt, Bishop and Carlin split kappa into the agreement itself, a
prevalence effect that lowers it and a bias effect that raises it; so the value that kappa would have without either
can be computed, and is what these sentences quote.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

HIGH_AGREEMENT = 0.8
"""From this share of agreement on, a kappa below the limit is called a paradox. A convention of this program."""


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Units by what two coders said: both coded, only the first, only the second, neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def n(self) -> int:
        """All units."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def agreement(self) -> float:
        """Share of units on which both say the same."""
        return (self.both + self.neither) / self.n if self.n else math.nan

    @property
    def prevalence_index(self) -> float:
        """Share of units both coded less share neither coded, -1 to 1."""
        return (self.both - self.neither) / self.n if self.n else math.nan

    @property
    def bias_index(self) -> float:
        """How far the shares coded by the two lie apart, first less second, -1 to 1."""
        return (self.only_first - self.only_second) / self.n if self.n else math.nan

    @property
    def positive_agreement(self) -> float:
        """Of what either coded, counted once a coder, the share on which the other agrees."""
        given = 2 * self.both + self.only_first + self.only_second
        return 2 * self.both / given if given else math.nan


def kappa_given(agreement: float, prevalence_index: float, bias_index: float) -> float:
    r"""Cohen's kappa of two coders and two values, out of its three parts.

    Returns
    -------
    float
        At most 1; NaN where all is one value.

    Notes
    -----
    .. math:: \kappa = \frac{PABAK - PI^2 + BI^2}{1 - PI^2 + BI^2}, \quad PABAK = 2 p_o - 1

    References
    ----------
    Byrt, T., Bishop, J. & Carlin, J. B. (1993). Bias, prevalence and kappa. *Journal of Clinical Epidemiology* 46,
    423-429.

    Examples
    --------
    >>> round(kappa_given(0.85, 0.75, 0.05), 2), round(kappa_given(0.85, 0.0, 0.0), 2)
    (0.32, 0.7)
    """
    apart = bias_index**2 - prevalence_index**2
    return (2 * agreement - 1 + apart) / (1 + apart) if 1 + apart > 1e-12 else math.nan


def paradox(table: TwoByTwo, *, limit: float) -> str:
    """One or two sentences where prevalence explains a kappa below `limit`, or bias one above it; else empty.

    Parameters
    ----------
    table
        Of two coders.
    limit
        The value that decides, such as .667.

    Returns
    -------
    str
        Prevalence explains it if coders agree on 80% or more and kappa would reach `limit` with the same agreement and
        bias and a code in half of the units. Bias explains it if kappa reaches `limit` and would not without bias.

    References
    ----------
    Feinstein, A. R. & Cicchetti, D. V. (1990). High agreement but low kappa: I. *Journal of Clinical Epidemiology* 43,
    543-549. Cicchetti, D. V. & Feinstein, A. R. (1990). II. Resolving the paradoxes. *Ibid.*, 551-558 (agreement on
    the positive ones). Byrt, Bishop & Carlin (1993), see `kappa_given`.

    Examples
    --------
    >>> print(paradox(TwoByTwo(both=80, only_first=10, only_second=5, neither=5), limit=0.667))
    kappa is 0.32 although coders agree on 85% of units, because the code is in nearly all of them; with the code in
    half of the units the same agreement would give 0.70. Of what either coded, they agree on 91%.
    """
    agreement, pi, bi = table.agreement, table.prevalence_index, table.bias_index
    kappa = kappa_given(agreement, pi, bi)
    if math.isnan(kappa):
        return ""
    balanced, unbiased = kappa_given(agreement, 0.0, bi), kappa_given(agreement, pi, 0.0)
    if kappa < limit <= balanced and agreement >= HIGH_AGREEMENT:
        why = "the code is rare" if pi < 0 else "the code is in nearly all of them"
        return (
            f"kappa is {kappa:.2f} although coders agree on {_percent(agreement)} of units, because {why}; with the "
            f"code in half of the units the same agreement would give {balanced:.2f}. Of what either coded, they agree "
            f"on {_percent(table.positive_agreement)}."
        )
    if kappa >= limit > unbiased:
        more = "first" if bi > 0 else "second"
        return (
            f"kappa is {kappa:.2f} only because the {more} coder gives the code more often; with equal shares the "
            f"same agreement would give {unbiased:.2f}."
        )
    return ""


def _percent(share: float) -> str:
    """Whole per cent, never rounded up to 100."""
    return f"{min(99.0, 100 * share) if share < 1 else 100.0:.0f}%"
