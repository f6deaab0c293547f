"""Level and power of the test of drift: `python benchmarks/drift_test.py`.

Two coders; the second finds what the first gives with a chance that may fall from the first to the last third, and now
and then gives a code by mistake (not where the code gets rarer, for then alpha itself would change). Transcripts differ
in how often the code is there and in how well it is found. Under "steady" the share of runs with p below .05 should be
.05; under "falls" it is the power.
"""

from __future__ import annotations

import argparse

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.drift import compare_thirds, random_orders
from bwa_study.analysis.unit_agreement import Compared

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
        out.append(compare_thirds(compared, [0], thirds, random_orders(thirds, DRAWS, run))["p"])
    return np.array(out, dtype=np.float64)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    runs = parser.parse_args().runs
    print(f"share of {runs} runs with p below .05, and below .05/26 (26 codes, Holm's first step)")
    for number, (name, *_) in enumerate(CASES):
        p = p_values(runs, number)
        print(
            f"  {name:40s} {np.mean(p < 0.05):.3f}  {np.mean(p < 0.05 / 26):.3f}   no test {np.mean(np.isnan(p)):.3f}"
        )
