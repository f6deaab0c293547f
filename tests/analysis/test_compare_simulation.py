from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bwa_study.analysis.contrasts import METHODS, Cells

RUNS = 600
# Short form of benchmarks/compare_simulation.py; bounds are 5% and 95% with three standard errors of 600 runs.
MOST, LEAST = 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS), 0.95 - 3 * np.sqrt(0.05 * 0.95 / RUNS)


def simulated(sites, arms, effect, rng):
    levels = np.sqrt(0.5) * rng.normal(size=(sites, 1)) + np.sqrt(0.5) * rng.normal(size=(sites, 2))
    share = stats.beta.ppf(stats.norm.cdf(levels), 0.3 * 9, 0.7 * 9)
    site, second = np.repeat(np.arange(sites), 12), np.tile(np.repeat([0, 1], 6), sites)
    arm = (site >= sites // 2).astype(int) if arms else np.zeros(len(site), dtype=int)
    own = share[site, second]
    own = own + second * (arm if arms else 1) * effect * (1 - own) / 0.7
    weights = np.array([1.0, -1.0, -1.0, 1.0] if arms else [-1.0, 1.0])
    y = (rng.random(len(site)) < own).astype(float)
    return Cells(y, (second + 2 * arm).astype(np.intp), site.astype(np.intp), weights)


@pytest.mark.parametrize(("sites", "arms"), [(8, False), (12, True)])
def test_the_default_holds_its_level_and_its_intervals_hold_the_effect(sites, arms):
    rng = np.random.default_rng(5)
    null = [METHODS["CR2"](simulated(sites, arms, 0.0, rng)) for _ in range(RUNS)]
    assert np.mean([found.p < 0.05 for found in null]) <= MOST
    moved = [METHODS["CR2"](simulated(sites, arms, 0.2, rng)) for _ in range(RUNS)]
    assert np.mean([found.low <= 0.2 <= found.high for found in moved]) >= LEAST
