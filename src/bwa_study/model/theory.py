"""A theory of change as declared links, each with the tests its evidence is put to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bwa_study.model.labels import Label

TestKind = Literal["straw in the wind", "hoop", "smoking gun", "doubly decisive"]
TEST_KINDS: tuple[TestKind, ...] = ("straw in the wind", "hoop", "smoking gun", "doubly decisive")
"""Tests of process tracing: a hoop must be passed, a smoking gun confirms if it is found, a doubly decisive test does
both, a straw in the wind does neither (Van Evera 1997; Collier 2011)."""


@dataclass(frozen=True, slots=True)
class LinkTest:
    """Evidence a link is put to: what codes say, by whom and when.

    Parameters
    ----------
    kind
        One of `TEST_KINDS`.
    codes
        Pairs of code and weight; the sign says whether presence speaks for the link. Sizes do not matter.
    informants, rounds
        Groups and rounds that are read.
    fewest
        Interviews that must speak for (or against) it before the test says anything.
    """

    kind: TestKind
    codes: tuple[tuple[str, float], ...]
    informants: tuple[str, ...]
    rounds: tuple[str, ...]
    fewest: int = 3


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the theory of change."""

    id: str
    claim: Label
    tests: tuple[LinkTest, ...]


@dataclass(frozen=True, slots=True)
class Rivals:
    """What else could explain the change: context codes, and from when on they stand at a site.

    A rival stands where at least `share` of the interviews of one group at the site, and `interviews` of them, name it.
    """

    codes: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    share: float = 0.5
    interviews: int = 3


@dataclass(frozen=True, slots=True)
class TheoryOfChange:
    """The block ``contribution`` of `study.yaml`."""

    links: tuple[Link, ...]
    rivals: Rivals = Rivals()
