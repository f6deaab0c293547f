"""A study: its people, places and rounds in declared order, what was said, and what was coded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from bwa_study.model.case_rules import CaseRules
from bwa_study.model.codebook import Code, Codebook, Theme
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, UnknownName
from bwa_study.model.labels import Label
from bwa_study.model.reliability_rules import ReliabilityRules
from bwa_study.model.reporting import ReportTexts
from bwa_study.model.survey import OpenAnswers, SurveyWave
from bwa_study.model.theory import TheoryOfChange


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of respondent."""

    id: str
    label: Label


@dataclass(frozen=True, slots=True)
class Round:
    """A wave of fieldwork; `start` and `end` are YYYY-MM-DD or empty."""

    id: str
    label: Label
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A place the study is about, here a factory; `attributes` are the other columns of its table."""

    id: str
    brands: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a site on a day (YYYY-MM-DD), such as a training, an order stop or a closure."""

    site: str
    date: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """Everything that was loaded from a study folder.

    Parameters
    ----------
    groups, rounds, sites
        In declared order, which is the order of every table and figure.
    corpus
        Transcripts of interviews with valid consent.
    codings
        Attached codings of all coders.
    examined
        What each coder has read.
    main_coder
        Whose codings the tables count: a coder's name, or ``indicators`` for the automatic proposals.
    events
        What happened at the sites, by site in declared order and then by day.
    report
        What the team wrote for its report.
    surveys
        Waves of the survey, by round in declared order.
    answers
        Answers to the survey's open questions as transcripts; they are not in `corpus`.
    necessity
        How cases are scored, if the study declares it.
    theory
        Its theory of change, if it declares one.
    withdrawn
        Number of interviews left out because consent was withdrawn.
    problems
        Warnings and notes met while loading.
    inputs
        Pairs of file (relative to the folder) and SHA-256 of its bytes.
    reliability
        Which codes may be used: rule, coders, unit and interval.
    kept
        What was worked out of this study once and may be asked for again; a changed study begins with none.
    """

    id: str
    title: Label
    groups: tuple[Group, ...]
    rounds: tuple[Round, ...]
    sites: tuple[Site, ...]
    corpus: Corpus
    codebook: Codebook
    codings: Codings = field(default_factory=Codings.empty)
    examined: Examined = field(default_factory=Examined)
    main_coder: str = "indicators"
    language: str = "en"
    synthetic: bool = False
    events: tuple[Event, ...] = ()
    report: ReportTexts = field(default_factory=ReportTexts)
    surveys: tuple[SurveyWave, ...] = ()
    answers: OpenAnswers = field(default_factory=OpenAnswers)
    necessity: CaseRules | None = None
    theory: TheoryOfChange | None = None
    withdrawn: int = 0
    problems: tuple[Problem, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    reliability: ReliabilityRules = field(default_factory=ReliabilityRules)
    kept: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def label(self, kind: str, id: str, language: str | None = None) -> str:
        """What people read for an id: ``kind`` is group, round, site, theme or code; a site's label is its id.

        Raises
        ------
        UnknownName
            If there is no such kind.
        """
        language = language or self.language
        named: dict[str, Sequence[Group | Round | Theme | Code]] = {
            "group": self.groups,
            "round": self.rounds,
            "theme": self.codebook.themes,
            "code": self.codebook.codes,
            "site": (),
        }
        if kind not in named:
            raise UnknownName("kind of label", kind, named)
        return next((one.label.text(language) for one in named[kind] if one.id == id), "") or id

    def levels(self, kind: str) -> tuple[str, ...]:
        """Ids in declared order, for group, round, site or language; for another field of the manifest its values,
        sorted, and last ``""`` if some interviews have none."""
        declared: dict[str, Sequence[Group | Round | Site]] = {
            "group": self.groups,
            "round": self.rounds,
            "site": self.sites,
        }
        if kind in declared:
            return tuple(one.id for one in declared[kind])
        if kind == "language":
            return tuple(dict.fromkeys(t.language for t in self.corpus))
        values = {t.attribute(kind) for t in self.corpus}
        return (*sorted(values - {""}), *([""] if "" in values else []))

    def with_codings(self, codings: Codings, *, examined_whole: str = "") -> Study:
        """The same study with `codings` added to those it has.

        Parameters
        ----------
        codings
            Codings of this study's transcripts.
        examined_whole
            Name of a coder that has read every transcript, such as the indicator coder.
        """
        examined = self.examined.whole(examined_whole, self.corpus) if examined_whole else self.examined
        return replace(self, codings=Codings.joined([self.codings, codings]), examined=examined)

    @property
    def sample(self) -> pd.DataFrame:
        """Number of interviews by site, group and round: columns site, group, round, interviews; every cell kept.

        An interview about several sites counts at each of them. A cell with 0 interviews was not visited. In a
        study without sites the site column is empty; in one with sites, the interviews about no site come last, with
        an empty site, and have no cells of 0.
        """
        counts: dict[tuple[str, str, str], int] = {}
        for t in self.corpus:
            for site in t.sites or ("",):
                key = (site, t.group, t.round)
                counts[key] = counts.get(key, 0) + 1
        sites = [s.id for s in self.sites] or [""]
        rows = [
            (s, g.id, r.id, counts.get((s, g.id, r.id), 0)) for s in sites for g in self.groups for r in self.rounds
        ]
        if self.sites:
            nowhere = [("", g.id, r.id, counts.get(("", g.id, r.id), 0)) for g in self.groups for r in self.rounds]
            rows += [row for row in nowhere if row[-1]]
        return pd.DataFrame(rows, columns=["site", "group", "round", "interviews"])
