"""Who is interviewed in the demo study: people, interviews and the fields of the manifest."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from bwa_study.demo import plan
from bwa_study.demo.dice import Dice
from bwa_study.demo.plan import Factory

Size = Literal["full", "lite"]
SIZES: dict[Size, tuple[int, int, int]] = {"full": (2, 3, 6), "lite": (2, 2, 4)}
"""People per brand (brand staff) and per factory (managers, workers) in each round."""

_ROLES = ("general_manager", "hr", "production_manager")


@dataclass(frozen=True, slots=True)
class Person:
    """A fictional participant; `panel` says whether the same id is met in every round."""

    id: str
    group: str
    role: str
    gender: str
    language: str
    committee: bool
    panel: bool
    age_band: str
    tenure_band: str
    migrant: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned interview."""

    id: str
    round: int
    person: Person
    factories: tuple[Factory, ...]
    brand: str
    date: str
    mode: str
    interviewer: str
    consent: str
    consent_quotes: str
    focus_group: bool
    notes_only: bool
    withdrawn: str

    @property
    def group(self) -> str:
        """Group of the participant."""
        return self.person.group

    @property
    def round_id(self) -> str:
        """R1, R2 or R3."""
        return plan.ROUNDS[self.round][0]


def visits(seed: int, size: Size, *, stress: bool = False) -> list[Visit]:
    """Every interview of the study in the order of the manifest, the planned gaps left out."""
    staff, managers, workers = SIZES[size]
    out = []
    for r, (round, _, _) in enumerate(plan.ROUNDS):
        for brand in plan.BRANDS:
            own = tuple(f for f in plan.FACTORIES if f.brand == brand)
            for k in range(1, staff + 1):
                out.append(_visit(seed, f"{round}-{brand}-B-{k:02d}", r, f"P-{brand}-B{k}", "brand_staff", own, k))
        for factory in plan.FACTORIES:
            for group, letter, number in (("manager", "M", managers), ("worker", "W", workers)):
                here = (factory.id, group, round)
                if here == plan.NOT_VISITED or (stress and here == plan.STRESS_DROPPED):
                    continue
                for k in range(1, number + 1):
                    panel = group == "manager" or k == 1
                    person = f"P-{factory.id}-{letter}{k}" + ("" if panel else f"-{round}")
                    visit = f"{round}-{factory.id}-{letter}-{k:02d}"
                    out.append(_visit(seed, visit, r, person, group, (factory,), k))
    return out


def _person(seed: int, id: str, group: str, k: int) -> Person:
    dice = Dice(seed, f"person {id}")
    women = {"brand_staff": 0.5, "manager": 0.4, "worker": 0.7}[group]
    role = {"brand_staff": ("csr_staff", "sourcing")[(k - 1) % 2], "manager": _ROLES[(k - 1) % 3]}.get(
        group, "operator"
    )
    return Person(
        id=id,
        group=group,
        role=role,
        gender="f" if dice.chance(women) else "m",
        language="en" if dice.chance(0.5 if group == "brand_staff" else 0.15) else "zh",
        committee=group == "worker" and dice.chance(0.2),
        panel="-R" not in id,
        age_band=dice.pick(("18-25", "26-35", "36-45", "46+")),
        tenure_band=dice.pick(("<1y", "1-3y", "4-9y", "10y+")),
        migrant=group == "worker" and dice.chance(0.6),
    )


def _visit(seed: int, id: str, round: int, person: str, group: str, factories: tuple[Factory, ...], k: int) -> Visit:
    dice = Dice(seed, f"visit {id}")
    start, end = (datetime.date.fromisoformat(day) for day in plan.ROUNDS[round][1:])
    day = start + datetime.timedelta(days=dice.below((end - start).days + 1))
    modes = (("in_person",), ("phone", "wechat", "video"), ("in_person", "in_person", "wechat"))[round]
    mode = dice.pick(modes)
    if len(factories) == 1 and (factories[0].id, group, plan.ROUNDS[round][0]) == plan.BY_PHONE:
        mode = "phone"
    consent = "refused_recording" if dice.chance(0.04) else "written" if mode == "in_person" else "oral"
    quotes = dice.pick(("anonymous",) * 8 + ("none", "full"))
    withdrawn = (day + datetime.timedelta(days=30)).isoformat() if id in plan.WITHDRAWN else ""
    return Visit(
        id=id,
        round=round,
        person=_person(seed, person, group, k),
        factories=factories,
        brand=factories[0].brand,
        date=day.isoformat(),
        mode=mode,
        interviewer=f"E{1 + dice.below(4)}",
        consent=consent,
        consent_quotes=quotes,
        focus_group=id == plan.FOCUS_GROUP,
        notes_only=id in plan.NOTES_ONLY,
        withdrawn=withdrawn,
    )


def manifest_row(visit: Visit, transcript_file: str, translation: dict[str, str]) -> dict[str, str]:
    """The fields of the manifest for one interview; `translation` are those on its translation."""
    person = visit.person
    yes = {True: "yes", False: "no"}
    return {
        "interview_id": visit.id,
        "study_id": "demo-12",
        "round": visit.round_id,
        "date": visit.date,
        "group": visit.group,
        "participant_id": person.id,
        "panel": yes[person.panel],
        "factory_ids": ";".join(f.id for f in visit.factories),
        "brand_id": visit.brand,
        "role": person.role,
        "committee_member": yes[person.committee],
        "gender": person.gender,
        "age_band": person.age_band,
        "tenure_band": person.tenure_band,
        "migrant": yes[person.migrant],
        "language": person.language,
        "interviewer_id": visit.interviewer,
        "mode": visit.mode,
        "place": "onsite" if visit.mode == "in_person" else "remote",
        "selected_by": "evaluator",
        "format": "focus_group" if visit.focus_group else "individual",
        "n_participants": "4" if visit.focus_group else "1",
        "guide_version": f"g{visit.round + 1}",
        "blocks_asked": ";".join(plan.BLOCKS_ASKED[visit.round_id]),
        "recorded": "no" if visit.consent == "refused_recording" else "yes",
        "consent": visit.consent,
        "consent_quotes": visit.consent_quotes,
        "withdrawn": visit.withdrawn,
        "transcript_file": transcript_file,
        "transcript_type": "notes" if visit.notes_only else "verbatim",
        **translation,
        "synthetic": "true",
    }
