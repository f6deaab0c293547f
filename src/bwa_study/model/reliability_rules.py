"""From which agreement a code may be used: the published rules, and what a study chose of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Rule = Literal["krippendorff2004", "landis_koch1977", "fleiss1981", "cicchetti1994", "koo_li2016"]
IntervalBy = Literal["jackknife", "bootstrap"]
INTERVALS: tuple[IntervalBy, ...] = ("jackknife", "bootstrap")


class Limits(NamedTuple):
    """The value from which a code may be used, from which only with a note, and where that is published."""

    use: float
    tentative: float
    paper: str


RULES: dict[Rule, Limits] = {
    "krippendorff2004": Limits(0.800, 0.667, "Krippendorff (2004), Content Analysis, p. 241: .800 and .667"),
    "landis_koch1977": Limits(
        0.61, 0.41, "Landis & Koch (1977), Biometrics 33, p. 165: substantial .61, moderate .41; made for kappa"
    ),
    "fleiss1981": Limits(
        0.75, 0.40, "Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd ed.: excellent above .75, "
        "fair to good from .40; made for kappa"
    ),
    "cicchetti1994": Limits(
        0.60, 0.40, "Cicchetti (1994), Psychological Assessment 6, 284-290: good .60, fair .40; made for kappa and the "
        "intraclass correlation"
    ),
    "koo_li2016": Limits(
        0.75, 0.50, "Koo & Li (2016), Journal of Chiropractic Medicine 15, 155-163: good .75, moderate .50; made for "
        "the interval of an intraclass correlation, which alpha of coded or not equals but for the small-sample term"
    ),
}  # fmt: skip
"""By rule. What each paper calls its second step is read as *tentative*: that reading is ours."""


@dataclass(frozen=True, slots=True)
class ReliabilityRules:
    """How a study decides which codes may be used (`reliability:` in study.yaml).

    Parameters
    ----------
    rule
        One of `RULES`.
    coders
        Whose agreement counts; empty for all people who coded.
    unit
        ``turn`` or ``interview``: what the coders are compared on.
    interval
        ``jackknife`` or ``bootstrap``, both by transcript: whose lower end decides.
    """

    rule: Rule = "krippendorff2004"
    coders: tuple[str, ...] = ()
    unit: Literal["turn", "interview"] = "turn"
    interval: IntervalBy = "jackknife"
