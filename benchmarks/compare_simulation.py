"""Level and coverage of the methods of `compare`: `python benchmarks/compare_simulation.py`.

Sites with six people a round, alike within a site and round (intra-site correlation .1; a site's level in one round and
the next correlate .5), and a share of .3. "change": the second round against the first in one group. "two arms": the
change in half of the sites against the change in the other half. Rejections at 5% without any effect, and the share of
95% intervals that hold an effect of .2. Naive rows take interviews for independent.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy import stats

from bwa_study.analysis.contrasts import METHODS, Cells
from bwa_study.analysis.intervals import newcombe_difference

PEOPLE = 6
CORRELATION = 0.1
BETWEEN_ROUNDS = 0.5
SHARE = 0.3
EFFECT = 0.2
SITES = (4, 8, 12, 30)
DESIGNS = ("change", "two arms")
SLOW = ("GEE", "wild bootstrap")


def simulated(sites: int, design: str, effect: float, rng: np.random.Generator, people: int = PEOPLE) -> Cells:
    """People of so many sites in two rounds; in "two arms" the effect is in the second half of the sites only."""
    a = SHARE * (1 - CORRELATION) / CORRELATION
    b = (1 - SHARE) * (1 - CORRELATION) / CORRELATION
    lasting, passing = rng.normal(size=(sites, 1)), rng.normal(size=(sites, 2))
    levels = np.sqrt(BETWEEN_ROUNDS) * lasting + np.sqrt(1 - BETWEEN_ROUNDS) * passing
    of_site = stats.beta.ppf(stats.norm.cdf(levels), a, b)
    arm = (np.arange(sites) >= sites // 2) if design == "two arms" else np.zeros(sites, dtype=bool)
    site = np.repeat(np.arange(sites), 2 * people)
    second = np.tile(np.repeat([0, 1], people), sites)
    gains = second * (arm[site] if design == "two arms" else 1)
    own = of_site[site, second]
    shares = own + gains * effect * (1 - own) / (1 - SHARE)
    y = (rng.random(len(site)) < shares).astype(np.float64)
    cell = second + 2 * arm[site]
    weights = np.array([-1.0, 1.0]) if design == "change" else np.array([1.0, -1.0, -1.0, 1.0])
    return Cells(y, cell.astype(np.intp), site.astype(np.intp), weights)


def naive(cells: Cells) -> tuple[float, float]:
    """Interval of the difference of two shares as if interviews were independent (Newcombe)."""
    (n1, n2), (s1, s2) = cells.sizes.sum(axis=0), cells.sums.sum(axis=0)
    _, low, high = newcombe_difference(int(s1), int(n1), int(s2), int(n2))
    return low, high


def measured(sites: int, design: str, method: str, runs: int) -> tuple[float, float, float]:
    """Share of runs that reject without effect, share of intervals that cover the effect, share without a test."""
    rng = np.random.default_rng([11, sites, DESIGNS.index(design)])
    rejected, covered, untested, held = 0, 0, 0, 0
    for _ in range(runs):
        null, moved = (simulated(sites, design, effect, rng) for effect in (0.0, EFFECT))
        if method == "naive":
            low, high = naive(null)
            rejected += not low <= 0 <= high
            low, high = naive(moved)
        else:
            found = METHODS[method](null)
            untested += np.isnan(found.p)
            rejected += found.p < 0.05
            found = METHODS[method](moved)
            low, high = found.low, found.high
        held += not np.isnan(low)
        covered += low <= EFFECT <= high
    return rejected / runs, covered / max(held, 1), untested / runs


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=4000)
    parser.add_argument("--slow-runs", type=int, default=500, help="runs of the methods that take long")
    options = parser.parse_args()
    for design in DESIGNS:
        print(f"{design}: rejections without effect / coverage of an effect of {EFFECT} (runs without a test)")
        for method in (*(("naive",) if design == "change" else ()), *METHODS):
            runs = options.slow_runs if method in SLOW or method == "bootstrap" else options.runs
            cells = [measured(sites, design, method, runs) for sites in SITES]
            shown = "  ".join(f"{100 * r:5.1f} / {100 * c:5.1f} ({100 * u:.0f})" for r, c, u in cells)
            print(f"  {method:15s} {runs:5d} runs  {shown}")
