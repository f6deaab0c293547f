"""How well the twelve cases of the demo study are recovered: by coders' quality and by who is asked.

Two parts. *At code level*: statements are drawn with the planted chances, coders miss and invent, and the declared
rules score the cases, as in the design of the study, whose numbers stand beside. The design does not state its
weights; its numbers are met when statements of fear and of staged compliance count twice; when every code counts the
same, as in the `study.yaml` of the demo, they are met but for openness told by all groups. *From the codings*:
interviews of many seeds are written and coded by the simulated coder who codes every planted statement.

    python benchmarks/necessity.py --seeds 200
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import bwa_study as bwa
from bwa_study.analysis.necessity.cases import score_frame, with_informants
from bwa_study.analysis.necessity.fit import necessity_fit
from bwa_study.analysis.necessity.interviews import Interviews
from bwa_study.demo import plan
from bwa_study.demo.interviews import interview
from bwa_study.demo.roster import visits
from bwa_study.demo.speech import load_speech
from bwa_study.model.case_rules import CaseRules, Measure

ROUNDS = [r for r, _, _ in plan.ROUNDS]
PLANTED = pd.DataFrame(
    {
        f.id: {"oversight": f.oversight[2], "openness": f.openness[1], "endures": float(f.endures)}
        for f in plan.FACTORIES
    }
).T
MEASURES = tuple(PLANTED.columns)


@dataclass(frozen=True)
class Setting:
    """A row of the table: who is asked about openness, coders' quality, interviews a factory, and the design's numbers
    (right in oversight, openness, endures; whole table exact; necessity holds)."""

    name: str
    informants: tuple[str, ...]
    sensitivity: float
    specificity: float
    size: tuple[int, int, int]
    design: tuple[float, float, float, float, float]


WOMEN, MEMBERS = 0.7, 0.2
"""Shares of workers, as in `bwa_study.demo.roster`."""
FULL, LITE = (2, 3, 6), (2, 2, 4)
WORKERS, EVERYBODY = ("worker",), plan.GROUPS
SETTINGS = (
    Setting("perfect", WORKERS, 1.0, 1.0, FULL, (1.000, 0.999, 0.999, 0.98, 0.99)),
    Setting(".8 / .97", WORKERS, 0.8, 0.97, FULL, (0.999, 0.998, 0.989, 0.835, 0.91)),
    Setting(".6 / .95", WORKERS, 0.6, 0.95, FULL, (0.993, 0.979, 0.950, 0.355, 0.74)),
    Setting(".3 / .99", WORKERS, 0.3, 0.99, FULL, (0.972, 0.940, 0.811, 0.00, 0.69)),
    Setting(".2 / 1.0", WORKERS, 0.2, 1.0, FULL, (0.960, 0.917, 0.729, 0.00, 0.46)),
    Setting("openness: managers", ("manager",), 1.0, 1.0, FULL, (1.000, 0.586, 0.999, 0.00, 1.00)),
    Setting("openness: all groups", EVERYBODY, 1.0, 1.0, FULL, (1.000, 0.959, 0.999, 0.61, 0.995)),
    Setting("2/2/4, perfect", WORKERS, 1.0, 1.0, LITE, (1.000, 0.996, 0.997, 0.92, 0.95)),
    Setting("2/2/4, .8 / .97", WORKERS, 0.8, 0.97, LITE, (0.995, 0.986, 0.977, 0.595, 0.86)),
    Setting("1/1/2, perfect", WORKERS, 1.0, 1.0, (1, 1, 2), (0.995, 0.975, 0.899, 0.205, 0.93)),
)


def weighted(measure: Measure, closed: float) -> tuple[tuple[str, float], ...]:
    """Codes and weights of a measure, those of a closed factory (weight below 0) times `closed`."""
    return tuple((code, w * closed if w < 0 else w) for code, w in measure.codes)


class World:
    """The demo study without its texts: chances, rules, and the shape of its interviews."""

    def __init__(self, closed: float = 1.0) -> None:
        self.study = bwa.demo_study(seed=1, size="lite")
        self.study = replace(self.study, corpus=bwa.Corpus(()), codings=bwa.Codings.empty())
        rules = self.study.necessity
        assert rules is not None
        measures = tuple(
            replace(rules.measure(m), codes=weighted(rules.measure(m), closed), fewest_interviews=1, fewest_groups=1,
                    silence="out")
            for m in MEASURES
        )  # fmt: skip
        self.rules = CaseRules(measures, "endures", 1.0)
        self.codes = self.study.codebook.ids
        self.chances: dict[tuple[str, int, str], np.ndarray] = {}

    def logits(self, factory: plan.Factory, round: int, group: str) -> np.ndarray:
        """Log odds of a present and an absent statement, code by code; minus infinity where it is never made."""
        key = (factory.id, round, group)
        if key not in self.chances:
            used = {code for m in self.rules.measures for code, _ in m.codes}
            rows = []
            for polarity in ("present", "absent"):
                found = [plan.chance(c, polarity, group, round, factory) if c in used else None for c in self.codes]
                rows.append([-math.inf if p is None else plan.logit(p) for p in found])
            self.chances[key] = np.array(rows)
        return self.chances[key]

    def of_person(self, group: str, dice: np.random.Generator) -> np.ndarray:
        """What being a woman or a member of the committee adds to the log odds of a worker's statements."""
        added = np.zeros((2, len(self.codes)))
        if group == "worker":
            woman, member = dice.random(2) < (WOMEN, MEMBERS)
            added[0, self.codes.index("fear_retaliation")] = 0.5 * woman
            added[0, self.codes.index("worker_involvement")] = 0.7 * member
        return added

    def asked(self, group: str, round: int) -> np.ndarray:
        """Which codes the guide of the round asks about and the group can speak of."""
        blocks = plan.BLOCKS_ASKED[ROUNDS[round]]
        return np.array(
            [(not c.groups or group in c.groups) and (not c.block or c.block in blocks) for c in self.study.codebook]
        )

    def drawn(self, size: tuple[int, int, int], dice: np.random.Generator) -> Interviews:
        """Interviews of rounds R2 and R3 by the planted chances."""
        facts, logits, asked = [], [], []
        for round in (1, 2):
            for group, n in zip(plan.GROUPS, size, strict=True):
                of_brand = {b: dice.normal(0, 0.5, n) for b in plan.BRANDS}
                for f in plan.FACTORIES:
                    talk = of_brand[f.brand] if group == "brand_staff" else dice.normal(0, 0.5, n)
                    for k in range(n):
                        facts.append((f"{f.id}-{group}-{k}-{round}", f.id, group, ROUNDS[round]))
                        logits.append(self.logits(f, round, group) + talk[k] + self.of_person(group, dice))
                        asked.append(self.asked(group, round))
        chance = 1 / (1 + np.exp(-np.array(logits)))
        said = dice.random(chance.shape) < chance
        return self.interviews(facts, said[:, 0], said[:, 1], np.array(asked))

    def interviews(self, facts: list[tuple[str, str, str, str]], present: np.ndarray, absent: np.ndarray,
                   asked: np.ndarray) -> Interviews:  # fmt: skip
        """Interviews laid out for scoring, each read in whole."""
        table = pd.DataFrame(facts, columns=["transcript", "site", "group", "round"])
        n = len(facts)
        return Interviews(table, present, absent, asked, np.ones(n, dtype=bool), present.astype(np.int64),
                          absent.astype(np.int64), np.ones(n, dtype=np.int64))  # fmt: skip


def coded(one: Interviews, setting: Setting, dice: np.random.Generator) -> Interviews:
    """What a coder of that quality makes of it, interview by interview."""

    def again(flags: np.ndarray) -> np.ndarray:
        chance = np.where(flags, setting.sensitivity, 1 - setting.specificity)
        return dice.random(flags.shape) < chance

    return replace(one, present=again(one.present), absent=again(one.absent))


def outcome(scores: pd.DataFrame) -> tuple[np.ndarray, bool, bool]:
    """Share right by measure, whether all is, and whether both conditions are necessary."""
    right = (scores[list(MEASURES)] == PLANTED).mean()
    y = scores["endures"].to_numpy(dtype=float)
    fits = [necessity_fit(scores[c].to_numpy(dtype=float), y).consistency for c in ("oversight", "openness")]
    return right.to_numpy(), bool((right == 1).all()), all(f == 1 for f in fits)


def at_code_level(world: World, setting: Setting, seeds: int) -> np.ndarray:
    """Means over seeds: three shares right, whole table exact, necessity holds."""
    rules = with_informants(world.rules, openness=setting.informants)
    rows = []
    for seed in range(seeds):
        dice = np.random.default_rng([seed, 46])
        found = coded(world.drawn(setting.size, dice), setting, dice)
        right, exact, holds = outcome(score_frame(found, rules, world.study))
        rows.append([*right, exact, holds])
    return np.array(rows, dtype=float).mean(axis=0)


def from_codings(world: World, seeds: int) -> tuple[int, int]:
    """Seeds of which the whole table is recovered, and seeds in which both conditions are necessary."""
    speech, codebook = load_speech(), world.study.codebook
    rules = world.study.necessity
    assert rules is not None
    rules = CaseRules(tuple(rules.measure(m) for m in MEASURES), "endures", 1.0)
    exact = holds = 0
    for seed in range(1, seeds + 1):
        facts: dict[tuple[str, str], tuple[str, str, str, str]] = {}
        said: list[tuple[tuple[str, str], str, str]] = []
        for visit in visits(seed, "full", stress=False):
            if visit.withdrawn or visit.round == 0:
                continue
            for factory in visit.factories:
                facts[visit.id, factory.id] = (visit.id, factory.id, visit.group, ROUNDS[visit.round])
            for s in interview(visit, speech, codebook, seed).statements:
                site = s.about or (visit.factories[0].id if len(visit.factories) == 1 else "")
                if site:
                    said.append(((visit.id, site), s.code, s.polarity))
        at = {key: n for n, key in enumerate(facts)}
        layers = {p: np.zeros((len(at), len(world.codes)), dtype=bool) for p in ("present", "absent")}
        for key, code, polarity in said:
            layers[polarity][at[key], world.codes.index(code)] = True
        asked = np.array([world.asked(group, ROUNDS.index(round)) for _, _, group, round in facts.values()])
        found = world.interviews(list(facts.values()), layers["present"], layers["absent"], asked)
        _, whole, necessary = outcome(score_frame(found, rules, world.study))
        exact, holds = exact + whole, holds + necessary
    return exact, holds


def compare(world: World, closed: float, seeds: int) -> None:
    """Print the table of one weighting beside the design's numbers, and how many cells are apart."""
    print(f"At code level, {seeds} seeds, fear_retaliation and staged_compliance with weight -{closed:g}; the design's "
          "numbers (200 seeds) in brackets; * further apart than 3 standard errors of the difference")  # fmt: skip
    print(f"{'':22} oversight        openness         endures          table exact      necessity holds")
    apart = 0
    for setting in SETTINGS:
        found = at_code_level(world, setting, seeds)
        cells = []
        for k, (value, design) in enumerate(zip(found, setting.design, strict=True)):
            draws = 12 if k < 3 else 1
            p = (value + design) / 2
            error = math.sqrt(max(p * (1 - p), 0.0025) / draws * (1 / seeds + 1 / 200))
            far = abs(value - design) > 3 * error + 0.0051
            apart += far
            cells.append(f"{value:.3f} ({design:.3f}){'*' if far else ' '}")
        print(f"{setting.name:22} " + "  ".join(cells), flush=True)
    print(f"{apart} of {5 * len(SETTINGS)} cells further apart than 3 standard errors")


def main() -> None:
    """Print both parts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--from-codings", type=int, default=200, help="seeds of the second part; 0 leaves it out")
    given = parser.parse_args()
    for closed in (2.0, 1.0):
        compare(World(closed), closed, given.seeds)
    world = World()
    if given.from_codings:
        began = time.perf_counter()
        exact, holds = from_codings(world, given.from_codings)
        n = given.from_codings
        print(f"From the codings of the demo study, seeds 1 to {n}: whole 12 x 3 table recovered in {exact / n:.1%}, "
              f"both necessary in {holds / n:.1%}; {time.perf_counter() - began:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
