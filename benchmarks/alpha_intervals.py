"""Coverage of the intervals of Krippendorff's alpha, and their speed: `python benchmarks/alpha_intervals.py`.

Two coders code 20 units of each transcript as present or absent. How well they code varies by transcript, and so does
how often the code is there. True alpha is that of a million such transcripts; 95% of the intervals should hold it.
`--runs` sets their number (2,000 take about two minutes).
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import numpy.typing as npt

from bwa_study.analysis.agreement import Interval
from bwa_study.analysis.alpha import krippendorff_alpha

UNITS = 20
SIZES = (12, 30, 60)
Bits = npt.NDArray[np.int64]


def coded(transcripts: int, rng: np.random.Generator) -> Bits:
    """Ratings (transcripts × units × 2): each coder sees the truth with a probability drawn for the transcript."""
    prevalence = rng.beta(3, 5, size=(transcripts, 1))
    right = rng.beta(QUALITY, 1, size=(transcripts, 1, 1))
    truth = rng.random((transcripts, UNITS)) < prevalence
    correct = rng.random((transcripts, UNITS, 2)) < right
    return np.where(correct, truth[:, :, None], ~truth[:, :, None]).astype(np.int64)


QUALITY = 11.5


def true_alpha(rng: np.random.Generator) -> float:
    """Alpha of a million transcripts."""
    parts = np.zeros(3)
    for _ in range(20):
        both = coded(50_000, rng).reshape(-1, 2)
        parts += [(both[:, 0] != both[:, 1]).sum(), both.sum(), both.size]
    disagreed, ones, n = parts
    p = ones / n
    return float(1 - (disagreed / (n / 2)) / (2 * p * (1 - p)))


def coverage(runs: int) -> None:
    """Print in how many runs each interval holds the true value."""
    rng = np.random.default_rng(1)
    truth = true_alpha(rng)
    print(f"true alpha {truth:.4f}; share of {runs} intervals of 95% that hold it, and their mean width")
    for transcripts in SIZES:
        cluster = np.repeat(np.arange(transcripts), UNITS)
        held: dict[str, list[tuple[bool, float]]] = {}
        for run in range(runs):
            alpha = krippendorff_alpha(
                coded(transcripts, rng).reshape(-1, 2), level="nominal", categories=(0, 1), clusters=cluster
            )
            ways: dict[str, Interval] = {
                "jackknife by transcript (default)": alpha.interval,
                "bootstrap by transcript": alpha.bootstrap(seed=run),
                "bootstrap by unit (naive)": alpha.bootstrap(by="unit", seed=run),
                "linearised by unit (naive)": alpha.linearised(),
            }
            for name, i in ways.items():
                held.setdefault(name, []).append((i.low <= truth <= i.high, i.high - i.low))
        for name, found in held.items():
            share, width = np.mean([h for h, _ in found]), np.nanmean([w for _, w in found])
            print(f"  {transcripts:3d} transcripts  {name:34s} {100 * share:5.1f}%  width {width:.3f}")


def speed() -> None:
    """Print the seconds of alpha with 1,000 cluster bootstraps for 10,000 units, 5 coders, 26 codes."""
    rng = np.random.default_rng(1)
    truth = rng.random((10_000, 26)) < rng.uniform(0.02, 0.3, size=26)
    wrong = rng.random((10_000, 5, 26)) < 0.05
    ratings = (truth[:, None, :] ^ wrong).astype(np.int64)
    cluster = np.repeat(np.arange(100), 100)
    start = time.perf_counter()
    for code in range(26):
        krippendorff_alpha(ratings[:, :, code], level="nominal", clusters=cluster).bootstrap(draws=1000)
    print(f"alpha of 26 codes, 10,000 units × 5 coders, 1,000 cluster bootstraps: {time.perf_counter() - start:.2f} s")
    many = rng.integers(0, 30, size=(10_000, 1)) + rng.integers(-2, 3, size=(10_000, 5))
    for level in ("interval", "ordinal"):
        start = time.perf_counter()
        krippendorff_alpha(many, level=level, clusters=cluster).bootstrap(draws=1000)
        print(f"one {level} variable of 34 values, nearly all patterns distinct: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    chosen = parser.parse_args()
    speed()
    coverage(chosen.runs)
