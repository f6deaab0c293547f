"""Level and power of the test of drift: `python benchmarks/drift_test.py`, and `--demo 200` for the demo's check.

Two coders; the second finds what the first gives with a chance that may fall from the first to the last third, and now
and then gives a code by mistake (not where the code gets rarer, for then alpha itself would change). Transcripts differ
in how often the code is there and in how well it is found. Under "steady" the share of runs with p below .05 should be
.05; under "falls" it is the power.

With ``--demo`` the studies are demos of so many seeds, and the question is in how many the test, with its correction,
flags fear_retaliation: in the sample of a fifth of the turns, and in the check of the turns where the first coder gave
it.
"""

from __future__ import annotations

import argparse

import numpy as np
import numpy.typing as npt

import bwa_study as bwa
from bwa_study.analysis.drift import compare_thirds, random_orders
from bwa_study.analysis.families import holm
from bwa_study.analysis.unit_agreement import Compared
from bwa_study.demo import coders
from bwa_study.demo.interviews import Interview, interview
from bwa_study.demo.roster import visits
from bwa_study.demo.speech import load_speech

UNITS = 10
MISTAKES = 0.002
DRAWS = 1999
Thirds = tuple[dict[str, str], dict[str, str]]
CASES = (
    ("steady", 60, (0.3, 0.3), (0.85, 0.85)),
    ("steady, half as frequent at the end", 90, (0.06, 0.03), (0.85, 0.85)),
    ("steady, rare", 90, (0.02, 0.02), (0.85, 0.85)),
    ("falls .90 to .60, about 10 uses a third", 90, (0.012, 0.012), (0.9, 0.6)),
    ("falls .90 to .60, about 25 uses a third", 90, (0.03, 0.03), (0.9, 0.6)),
    ("falls .90 to .60, about 50 uses a third", 90, (0.06, 0.06), (0.9, 0.6)),
    ("falls .95 to .35, about 25 uses a third", 90, (0.03, 0.03), (0.95, 0.35)),
)


def work(
    transcripts: int, prevalence: tuple[float, float], found: tuple[float, float], rng: np.random.Generator
) -> tuple[Compared, Thirds]:
    """The first and the last third of a coder's work: so many transcripts each."""
    ids = np.array([f"t{n:03d}" for n in range(2 * transcripts)], dtype=object)
    last = np.repeat([0, 1], transcripts)
    mistakes = MISTAKES if prevalence[0] == prevalence[1] else 0.0
    common = np.asarray(prevalence)[last] * rng.gamma(2, 0.5, size=2 * transcripts)
    good = rng.beta(20 * np.asarray(found)[last], 20 * (1 - np.asarray(found)[last]))
    given = rng.random((2 * transcripts, UNITS)) < common[:, None]
    seen = np.where(given, rng.random(given.shape) < good[:, None], rng.random(given.shape) < mistakes)
    layers = np.stack([seen.ravel(), given.ravel()])[:, :, None]
    nothing = np.zeros_like(layers)
    read = np.ones(layers.shape[:2], dtype=bool)
    compared = Compared(layers, nothing, read, np.repeat(ids, UNITS))
    first, second = ({str(id): "2022-01-01" for id in ids[last == side]} for side in (0, 1))
    return compared, (first, second)


def p_values(runs: int, case: int) -> npt.NDArray[np.float64]:
    """p of so many runs of a case; NaN where there was no test."""
    _, transcripts, prevalence, found = CASES[case]
    rng = np.random.default_rng([7, case])
    out = []
    for run in range(runs):
        compared, thirds = work(transcripts, prevalence, found, rng)
        out.append(compare_thirds(compared, [0], thirds, random_orders(thirds, DRAWS, run), enough=0)["p"])
    return np.array(out, dtype=np.float64)


def demo_p_values(seed: int, coder: str, steady: bool) -> dict[str, float]:
    """Adjusted p by code of a demo study's coder against coder A; with `steady` she does not tire of fear."""
    codebook, speech = bwa.load_codebook(bwa.demo_codebook_path()), load_speech()
    told = [interview(v, speech, codebook, seed) for v in visits(seed, "full") if not v.withdrawn]
    sample = coders.double_coded(told, seed)
    order = coders.order_of_b(told, sample, seed)
    turns = coders.checked(order, sample, seed) if coder == coders.CODER_B_CHECK else sample
    planted = coders.FEAR_SENSITIVITY
    coders.FEAR_SENSITIVITY = (coders.SENSITIVITY,) * 3 if steady else planted
    rows = coders.codings_of_b(coder, order, turns, codebook, seed)
    coders.FEAR_SENSITIVITY = planted
    compared = side_by_side(order, turns, rows, codebook.ids)
    read = [i.visit.id for i in order if i.visit.id in turns]
    third = len(read) // 3
    thirds: Thirds = (dict.fromkeys(read[:third], ""), dict.fromkeys(read[-third:], ""))
    labels = random_orders(thirds, DRAWS, seed)
    p = [float(str(compare_thirds(compared, [at], thirds, labels)["p"])) for at in range(len(codebook.ids))]
    return dict(zip(codebook.ids, holm(np.array(p)).tolist(), strict=True))


def side_by_side(
    order: list[Interview], turns: coders.Turns, rows: list[coders.Row], codes: tuple[str, ...]
) -> Compared:
    """What B and A gave in the turns that B read."""
    units = [(i.visit.id, turn, start, end) for i in order for turn, start, end in i.respondent_turns
             if turn in turns.get(i.visit.id, ())]  # fmt: skip
    at = {(id, turn): n for n, (id, turn, _, _) in enumerate(units)}
    layers = np.zeros((2, len(units), len(codes)), dtype=bool)
    begins = {(id, place): n for n, (id, _, start, end) in enumerate(units) for place in range(start, end)}
    for row in rows:
        layers[0, begins[str(row["transcript"]), int(str(row["start"]))], codes.index(str(row["code"]))] = True
    for i in order:
        for said in i.statements:
            if (i.visit.id, said.turn) in at:
                layers[1, at[i.visit.id, said.turn], codes.index(said.code)] = True
    transcripts = np.array([id for id, *_ in units], dtype=object)
    return Compared(layers, np.zeros_like(layers), np.ones(layers.shape[:2], dtype=bool), transcripts)


def demo(seeds: int) -> None:
    """Print in how many demos of the seeds 1, 2, ... fear_retaliation is flagged, and any other code."""
    for coder in (coders.CODER_B_CHECK, coders.CODER_B):
        for steady in (False, True):
            found = [demo_p_values(seed, coder, steady) for seed in range(1, seeds + 1)]
            fear = np.mean([one.pop(coders.CHECKED) < 0.05 for one in found])
            other = np.mean([any(p < 0.05 for p in one.values()) for one in found])
            kind = "steady" if steady else "falls"
            print(f"  {coder:28s} {kind:7s} flagged {fear:.3f}   another code flagged {other:.3f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--demo", type=int, default=0, help="seeds of the demo, in place of the simulation")
    asked = parser.parse_args()
    if asked.demo:
        demo(asked.demo)
        raise SystemExit
    runs = asked.runs
    print(f"share of {runs} runs with p below .05, and below .05/26 (26 codes, Holm's first step)")
    for number, (name, *_) in enumerate(CASES):
        p = p_values(runs, number)
        print(
            f"  {name:40s} {np.mean(p < 0.05):.3f}  {np.mean(p < 0.05 / 26):.3f}   no test {np.mean(np.isnan(p)):.3f}"
        )
