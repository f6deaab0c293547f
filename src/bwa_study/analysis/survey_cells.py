"""The answers of all waves side by side, and the cells of a table of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.linearised import Estimate, weighted_mean, weighted_share
from bwa_study.model.errors import BwaError, UnknownName, WrongCall
from bwa_study.model.study import Study
from bwa_study.model.survey import Construct, SurveyItem, SurveyWave, constructs_of, survey_items_of

Cluster = Literal["site", "respondent"]
CLUSTERS: tuple[Cluster, ...] = ("site", "respondent")
Flags = npt.NDArray[np.bool_]
_NOT_FIELDS = ("respondent", "person", "weight", "interview")


class NoSurvey(BwaError):
    """The study has no survey."""


@dataclass(frozen=True, eq=False)
class SurveyCells:
    """All respondents of a study's waves.

    ``people`` has the columns of `SurveyWave.respondents` with a plain index; ``states``, ``values`` and ``texts`` are
    respondent × item, an item that a wave does not have being not asked there.
    """

    people: pd.DataFrame
    states: pd.DataFrame
    values: pd.DataFrame
    texts: pd.DataFrame
    items: tuple[SurveyItem, ...]
    constructs: tuple[Construct, ...]
    weighted: bool
    synthetic: bool
    order: dict[str, tuple[str, ...]]
    clusters: npt.NDArray[np.object_]
    cluster: Cluster

    def levels(self, field: str) -> tuple[str, ...]:
        """Values of a field: groups, rounds and sites in declared order, others sorted, the empty one last."""
        if field in self.order:
            found = set(self.people[field])
            return (*self.order[field], *([""] if "" in found and field == "site" else []))
        values = set(self.people[field].astype(str)) - {"nan"}
        return (*sorted(values - {""}), *([""] if "" in values else []))

    def cells(self, by: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Flags]]:
        """Every combination of the levels of `by`, with the respondents in it."""
        for cell in itertools.product(*(self.levels(name) for name in by)):
            inside = np.ones(len(self.people), dtype=bool)
            for name, value in zip(by, cell, strict=True):
                inside &= (self.people[name] == value).to_numpy()
            yield cell, inside

    def mean(self, values: npt.NDArray[np.float64], of: Flags) -> Estimate:
        """Weighted mean of some respondents' numbers."""
        weights = self.people["weight"].to_numpy()[of] if self.weighted else None
        return weighted_mean(values, weights=weights, clusters=self.clusters[of])

    def share(self, property: Flags, of: Flags) -> Estimate:
        """Weighted share of some respondents that have a property."""
        weights = self.people["weight"].to_numpy()[of] if self.weighted else None
        return weighted_share(property[of].astype(float), weights=weights, clusters=self.clusters[of])

    def how(self) -> str:
        """How standard errors were made, in a sentence."""
        weights = "Weighted with the survey's weights" if self.weighted else "Unweighted: the survey has no weights"
        drawn = (
            "clustered by site (brand staff by their brand, people of neither each on their own)"
            if self.cluster == "site"
            else "as if respondents were independent"
        )
        return (
            f"{weights}; standard errors by Taylor linearisation, {drawn}; 95% intervals with Student's t, of shares "
            "on the logit."
        )

    def provenance(self) -> dict[str, str]:
        """What the numbers hang on."""
        weighted = "yes" if self.weighted else "no"
        return {"respondents": str(len(self.people)), "weighted": weighted, "clusters": self.cluster}


def survey_cells(
    source: Study | SurveyWave | Sequence[SurveyWave], *, by: Sequence[str] = (), cluster: Cluster = "site"
) -> SurveyCells:
    """Lay the answers of a study, or of one or several waves, side by side.

    Raises
    ------
    NoSurvey
        If the study has no survey.
    UnknownName
        If `by` names no column of the survey, or `cluster` is unknown.
    WrongCall
        If `by` names one thing twice.
    """
    waves = (
        source.surveys if isinstance(source, Study) else (source,) if isinstance(source, SurveyWave) else tuple(source)
    )
    if not waves:
        raise NoSurvey("this study has no survey — name its survey.yaml under 'surveys' in study.yaml")
    if cluster not in CLUSTERS:
        raise UnknownName("cluster", cluster, CLUSTERS)
    people = pd.concat([w.respondents for w in waves], ignore_index=True)
    people = people.astype({c: object for c in people.columns if c != "weight"}).fillna(
        {c: "" for c in people.columns if c != "weight"}
    )
    fields = [c for c in people.columns if c not in _NOT_FIELDS]
    for name in by:
        if name not in fields:
            raise UnknownName("field to count by", name, fields)
    if len(set(by)) < len(by):
        raise WrongCall(f"by names one thing twice ({', '.join(by)}) — name each once")
    items = survey_items_of(waves)
    ids = [item.id for item in items]
    states = pd.concat([w.states for w in waves], ignore_index=True).reindex(columns=ids).astype(object)
    return SurveyCells(
        people=people,
        states=states.where(states.notna(), "not asked"),
        values=pd.concat([w.values for w in waves], ignore_index=True).reindex(columns=ids),
        texts=pd.concat([w.texts for w in waves], ignore_index=True).reindex(columns=ids).fillna(""),
        items=items,
        constructs=constructs_of(waves),
        weighted=any(w.weighted for w in waves),
        synthetic=any(w.synthetic for w in waves) or (isinstance(source, Study) and source.synthetic),
        order=_order(source, people),
        clusters=_clusters(people, cluster),
        cluster=cluster,
    )


def _order(source: object, people: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    if isinstance(source, Study):
        return {kind: source.levels(kind) for kind in ("group", "round", *(("site",) if source.sites else ()))}
    return {kind: tuple(people[kind].drop_duplicates()) for kind in ("group", "round")}


def _clusters(people: pd.DataFrame, cluster: Cluster) -> npt.NDArray[np.object_]:
    """The cluster of each respondent: site, else brand, else the person, else the respondent in her round."""
    alone = people["person"].where(people["person"] != "", people["round"] + " " + people["respondent"])
    found = "person " + alone
    if cluster == "site":
        found = found.where(people["brand"] == "", "brand " + people["brand"])
        found = found.where(people["site"] == "", "site " + people["site"])
    return found.to_numpy(dtype=object)
