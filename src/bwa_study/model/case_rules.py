"""Declared rules that turn codings, survey scales and facts of a site into scores of cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bwa_study.model.errors import UnknownName
from bwa_study.model.labels import Label

CalibrationKind = Literal["crisp", "direct", "bell", "ecdf", "indirect", "multi_value"]
Silence = Literal["cannot classify", "out"]

CALIBRATIONS: dict[CalibrationKind, int] = {
    "crisp": 1, "direct": 3, "bell": 6, "ecdf": 3, "indirect": 2, "multi_value": 1,
}  # fmt: skip
"""Kinds of calibration, and how many anchors each needs (``indirect`` and ``multi_value``: at least so many)."""
SILENCE: tuple[Silence, ...] = ("cannot classify", "out")


@dataclass(frozen=True, slots=True)
class Calibration:
    """How raw scores become memberships; see `bwa_study.analysis.necessity.calibration`.

    Parameters
    ----------
    kind
        One of `CALIBRATIONS`.
    anchors
        ``crisp``: the threshold; ``direct`` and ``ecdf``: out, crossover, full; ``bell``: six; ``indirect`` and
        ``multi_value``: rising thresholds.
    strict
        For ``crisp``: only a score above the threshold is in; else one that reaches it, too.
    shape, degree
        Of ``direct`` and ``bell``: ``logistic`` or ``linear``, and the membership at full.
    """

    kind: CalibrationKind = "crisp"
    anchors: tuple[float, ...] = (0.0,)
    strict: bool = False
    shape: str = "logistic"
    degree: float = 0.95


@dataclass(frozen=True, slots=True)
class Measure:
    """A condition or the outcome: what it is read from, of whom, when, and how.

    Parameters
    ----------
    codes
        Pairs of code and weight. A weight's sign is the code's valence: fear counts against openness, so its is
        negative.
    items
        Ids of survey items, in place of codes.
    attribute, values
        A column of the table of sites and the score each of its values has, in place of codes.
    informants, rounds
        Groups and rounds that are read.
    fewest_interviews, fewest_groups
        Evidence (interviews in which it was asked about, or answers to the survey; groups) without which a case cannot
        be classified.
    confirmed_interviews, confirmed_groups
        Interviews and groups that must say so before a case counts as in.
    silence
        What it means that it was asked about and nobody said anything for or against: by default the case cannot be
        classified.
    calibration
        How the raw score becomes a membership.
    """

    id: str
    label: Label
    codes: tuple[tuple[str, float], ...] = ()
    items: tuple[str, ...] = ()
    attribute: str = ""
    values: tuple[tuple[str, float], ...] = ()
    informants: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    fewest_interviews: int = 1
    fewest_groups: int = 1
    confirmed_interviews: int = 0
    confirmed_groups: int = 0
    silence: Silence = "cannot classify"
    calibration: Calibration = Calibration()

    @property
    def source(self) -> str:
        """``codes``, ``survey`` or ``attribute``."""
        return "codes" if self.codes else "survey" if self.items else "attribute"


@dataclass(frozen=True, slots=True)
class Variations:
    """What is varied to see how much a claim hangs on it: shifts of the crisp threshold (or of the crossover), fewest
    interviews, and whether each group alone and all groups together are tried as informants."""

    thresholds: tuple[float, ...] = ()
    interviews: tuple[int, ...] = ()
    informants: bool = True


@dataclass(frozen=True, slots=True)
class CaseRules:
    """The block ``necessity`` of `study.yaml`.

    Parameters
    ----------
    measures
        Conditions and the outcome.
    outcome
        Id of the measure that is the outcome.
    consistency
        From which consistency a condition counts as necessary.
    combinations
        Expressions that are judged in any case.
    table_conditions, table_consistency, table_cases
        Conditions of the truth table, and its cut-offs.
    expectations
        Directional expectations: pairs of condition and expected level.
    variations
        What is varied.
    profile
        Further measures that the profile of a site shows, such as whether it improved at all; neither conditions nor
        outcome.
    """

    measures: tuple[Measure, ...]
    outcome: str
    consistency: float
    combinations: tuple[str, ...] = ()
    table_conditions: tuple[str, ...] = ()
    table_consistency: float = 1.0
    table_cases: int = 1
    expectations: tuple[tuple[str, int], ...] = ()
    variations: Variations = Variations()
    profile: tuple[Measure, ...] = ()

    def measure(self, id: str) -> Measure:
        """The measure of that id.

        Raises
        ------
        UnknownName
            If there is none.
        """
        for one in self.measures:
            if one.id == id:
                return one
        raise UnknownName("measure", id, (m.id for m in self.measures))

    @property
    def conditions(self) -> tuple[Measure, ...]:
        """All measures but the outcome."""
        return tuple(m for m in self.measures if m.id != self.outcome)
