"""Survey and interviews side by side at every site, people being the units within it (T11, F9)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bwa_study.analysis.compared import MINIMUM_CLUSTERS
from bwa_study.analysis.joint_rule import change_of, joint_verdict, numbers_of
from bwa_study.model.results import Result

METHOD = (
    "Within a site people are the units: differences of means with HC2 errors (which are Welch's) and Satterthwaite's "
    f"degrees of freedom; no interval below {MINIMUM_CLUSTERS} people a round. An interval is of that site's people "
    "and says nothing of other sites."
)


@dataclass(frozen=True, eq=False, repr=False)
class JointSites(Result):
    """A row a construct, group and site.

    ``table`` has the columns ``construct``, ``group``, ``site``, ``from``, ``to``, ``survey_change``, ``survey_low``,
    ``survey_high`` (in the scale's units), ``respondents``, ``coded_change``, ``coded_low``, ``coded_high`` (mean of
    present less absent, -2 to 2), ``interviews``, ``verdict`` and ``reason`` by the rule of
    `bwa_study.analysis.joint_rule.RULE`, and ``reliability`` (how many of the codes have which status). A change is NaN
    where a side lacks a round, its interval where too few people spoke.
    """

    def compact(self) -> pd.DataFrame:
        """Constructs and groups down, sites across: the verdict."""
        return self.table.pivot_table(
            index=["construct", "group"], columns="site", values="verdict", aggfunc="first", sort=False
        )


def by_site(survey: pd.DataFrame, coded: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Both changes with their verdict, a row a site; tables have columns round, site, person and value."""
    sites = sorted({*survey["site"], *coded["site"]} - {""})
    return pd.DataFrame([_at(site, survey, coded, start, end) for site in sites])


def _at(site: str, survey: pd.DataFrame, coded: pd.DataFrame, start: str, end: str) -> dict[str, object]:
    row: dict[str, object] = {"site": site, "from": start, "to": end}
    estimates = []
    for side, table, count in (("survey", survey, "respondents"), ("coded", coded, "interviews")):
        own = table[(table["site"] == site) & table["round"].isin([start, end])]
        found, means = change_of(own.assign(one=np.arange(len(own))), start, end, unit="one")
        estimates.append(found)
        row |= numbers_of(side, found)
        row[f"{side}_change"] = means[1] - means[0] if start != end else math.nan
        row[count] = len(own)
    row["verdict"], row["reason"] = joint_verdict(estimates[0], estimates[1])
    return row
