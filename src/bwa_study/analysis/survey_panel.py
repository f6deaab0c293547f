"""Who stayed, left and joined between the rounds of a survey, and where survey and interviews meet."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bwa_study.analysis.survey_cells import SurveyCells, survey_cells
from bwa_study.model.errors import UnknownName
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import SurveyWave

_BALANCE = ("group", "from", "to", "variable", "level", "stayed", "left", "difference", "n_stayed", "n_left")
_MOST_LEVELS = 12


@dataclass(frozen=True, eq=False, repr=False)
class Panel(Result):
    """Respondents linked over rounds.

    ``table`` has a row a group (and one for all, ``group`` empty) and pair of rounds that follow each other: ``from``,
    ``to``, ``before`` and ``after`` (respondents with an id that stays), ``stayed``, ``left``, ``joined``,
    ``stayed_share`` (stayed / before; NaN where nobody was there before), ``unlinked_before``, ``unlinked_after``
    (respondents without such an id). A person's group is that of the earlier round, of a newcomer that of the later.

    ``people`` has a row a person: ``person``, ``group`` (when first met), ``rounds`` (how many), and a column a round
    with true where the person answered.

    ``balance`` compares those who stayed with those who left, as they were in the round before: ``variable`` (an item
    or a field), ``level`` (of a field; empty for the mean of an item), ``stayed``, ``left`` (mean or share),
    ``difference`` (standardised; NaN where nothing varies), ``n_stayed``, ``n_left``.
    """

    people: pd.DataFrame = field(default_factory=pd.DataFrame)
    balance: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def linked(self) -> int:
        """Persons met in two rounds or more."""
        return int((self.people["rounds"] > 1).sum())


def panel(source: Study | SurveyWave | Sequence[SurveyWave], *, compare: Sequence[str] = ()) -> Panel:
    r"""Link respondents over rounds by the id that stays, and compare those who left with those who stayed.

    Parameters
    ----------
    source
        A study, or several of its waves.
    compare
        Fields to compare, such as gender or tenure_band, beside all items with a mean; by default every field of the
        survey with two to twelve values.

    Returns
    -------
    Panel
        Who has no id that stays is counted apart, not as having left.

    Raises
    ------
    NoSurvey
        If the study has no survey.
    UnknownName
        If a field to compare does not exist.

    Notes
    -----
    .. math:: d = \frac{m_{stayed} - m_{left}}{\sqrt{(s_{stayed}^2 + s_{left}^2) / 2}}

    with p(1 - p) for the variance of a share.

    References
    ----------
    Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates. *Statistics in
    Medicine* 28, 3083-3107, equations 1 and 2.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> found = bwa.panel(bwa.demo_study(seed=1, size="lite"))
    >>> found.frame.query("group == 'worker'")[["before", "unlinked_before"]].values.tolist()
    [[0, 144], [0, 144]]
    """
    data = survey_cells(source)
    fields = [
        c for c in data.people.columns if c not in ("respondent", "person", "weight", "interview", "round", "group")
    ]
    for name in compare:
        if name not in fields:
            raise UnknownName("field to compare", name, fields)
    chosen = tuple(compare) or tuple(f for f in fields if 2 <= data.people[f].nunique() <= _MOST_LEVELS)
    rounds, groups = data.levels("round"), data.levels("group")
    rows, balance = [], []
    for first, last in itertools.pairwise(rounds):
        for group in (*groups, ""):
            rows.append(_moves(data, group, first, last))
            balance += _balance(data, group, first, last, chosen)
    people = _people(data, rounds)
    linked = int((people["rounds"] > 1).sum())
    return Panel(
        table=pd.DataFrame(rows),
        title=f"Panel: {linked} of {len(people)} persons met in two rounds or more",
        method=(
            "Respondents are linked by the id that stays over rounds; who has none is counted as not linked, neither "
            "as staying nor as leaving. Differences are standardised (Austin 2009); beyond 0.1 they are worth a look. "
            "Unweighted."
        ),
        source="Austin (2009)",
        provenance={"respondents": str(len(data.people)), "rounds": ", ".join(rounds)},
        synthetic=data.synthetic,
        people=people,
        balance=pd.DataFrame(balance, columns=list(_BALANCE)),
    )  # fmt: skip


def _met(data: SurveyCells, round: str, group: str) -> tuple[set[str], int]:
    """Persons of a round and group (all groups if empty), and how many respondents cannot be linked."""
    here = data.people[data.people["round"] == round]
    here = here[here["group"] == group] if group else here
    return set(here["person"]) - {""}, int((here["person"] == "").sum())


def _moves(data: SurveyCells, group: str, first: str, last: str) -> dict[str, Any]:
    (before, unlinked_before), (after, unlinked_after) = _met(data, first, group), _met(data, last, group)
    all_before, all_after = _met(data, first, "")[0], _met(data, last, "")[0]
    stayed = before & all_after
    return {
        "group": group, "from": first, "to": last, "before": len(before), "after": len(after), "stayed": len(stayed),
        "left": len(before - all_after), "joined": len(after - all_before),
        "stayed_share": len(stayed) / len(before) if before else math.nan,
        "unlinked_before": unlinked_before, "unlinked_after": unlinked_after,
    }  # fmt: skip


def _people(data: SurveyCells, rounds: tuple[str, ...]) -> pd.DataFrame:
    known = data.people[data.people["person"] != ""]
    order = {round: n for n, round in enumerate(rounds)}
    known = known.assign(at=known["round"].map(order)).sort_values("at", kind="stable")
    first = known.drop_duplicates("person").sort_index()
    out = pd.DataFrame({"person": first["person"].to_numpy(), "group": first["group"].to_numpy()})
    met = {round: set(known.loc[known["round"] == round, "person"]) for round in rounds}
    flags = {round: out["person"].isin(met[round]).to_numpy() for round in rounds}
    out["rounds"] = np.sum(list(flags.values()), axis=0) if flags else 0
    return out.assign(**flags)


def _balance(data: SurveyCells, group: str, first: str, last: str, fields: Iterable[str]) -> list[dict[str, Any]]:
    after = _met(data, last, "")[0]
    here = (data.people["round"] == first) & (data.people["person"] != "")
    here &= (data.people["group"] == group) if group else True
    stayed = (here & data.people["person"].isin(after)).to_numpy()
    left = (here & ~data.people["person"].isin(after)).to_numpy()
    if not stayed.any() or not left.any():
        return []
    where = {"group": group, "from": first, "to": last}
    out = []
    for item in data.items:
        if item.has_mean:
            values = data.values[item.id].to_numpy(dtype=float)
            one, two = (values[side & ~np.isnan(values)] for side in (stayed, left))
            if len(one) and len(two):
                out.append(where | {"variable": item.id, "level": "", **_difference(one, two)})
    for name in fields:
        values = data.people[name].to_numpy()
        levels = sorted(set(values[stayed | left]))
        if 2 <= len(levels) <= _MOST_LEVELS:
            for level in levels:
                one, two = ((values[side] == level).astype(float) for side in (stayed, left))
                out.append(where | {"variable": name, "level": level, **_difference(one, two, of_share=True)})
    return out


def _difference(one: np.ndarray[Any, Any], two: np.ndarray[Any, Any], *, of_share: bool = False) -> dict[str, Any]:
    spread = 0.0
    for side in (one, two):
        mean = float(side.mean())
        spread += (mean * (1 - mean) if of_share else float(side.var(ddof=1)) if len(side) > 1 else math.nan) / 2
    gap = float(one.mean() - two.mean())
    return {
        "stayed": float(one.mean()), "left": float(two.mean()),
        "difference": gap / math.sqrt(spread) if spread > 0 else math.nan,
        "n_stayed": len(one), "n_left": len(two),
    }  # fmt: skip


def survey_interviews(study: Study) -> Result:
    """Where survey and interviews meet: site by round by group, and persons where they agreed to be linked.

    Returns
    -------
    Result
        A row a site, round and group: ``site`` (empty for people of none), ``round``, ``group``, ``respondents``,
        ``interviews``, ``linked`` (respondents linked to their own interview, with their consent) and ``both``
        (``both``, ``survey only``, ``interviews only``, ``neither``). An interview about several sites counts at each.

    Raises
    ------
    NoSurvey
        If the study has no survey.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.survey_interviews(bwa.demo_study(seed=1, size="lite")).frame
    >>> table.query("site == 'F06' and round == 'R1' and group == 'worker'")["both"].tolist()
    ['survey only']
    """
    data = survey_cells(study)
    keys = list(zip(data.people["site"], data.people["round"], data.people["group"], strict=True))
    people = Counter(keys)
    linked = Counter(key for key, id in zip(keys, data.people["interview"], strict=True) if id)
    talks = Counter((site, t.round, t.group) for t in study.corpus for site in t.sites or ("",))
    sites = [
        *(s.id for s in study.sites),
        *([""] if any(not k[0] for k in (*people, *talks)) or not study.sites else []),
    ]
    rows = []
    for key in itertools.product(sites, study.levels("round"), study.levels("group")):
        n, m = people[key], talks[key]
        both = "both" if n and m else "survey only" if n else "interviews only" if m else "neither"
        rows.append((*key, n, m, linked[key], both))
    return Result(
        table=pd.DataFrame(rows, columns=["site", "round", "group", "respondents", "interviews", "linked", "both"]),
        title="Survey and interviews by site, round and group",
        method=(
            "Survey and interviews are linked by site, round and group; by person only where the respondent agreed. "
            "Brand staff answer the survey for no site; their interviews count at every site they speak about."
        ),
        provenance={"respondents": str(len(data.people)), "interviews": str(len(study.corpus))},
        synthetic=data.synthetic,
    )
