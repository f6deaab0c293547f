"""Speed and memory of the cluster bootstrap of a whole table: `python benchmarks/compare_bootstrap.py`.

26 codes x 3 groups x 3 rounds over 348 interviews in 12 sites; 10,000 samples of sites. The alternative draws rows of a
frame and counts them with groupby, sample by sample; it is timed on a few samples in the same process.
"""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pandas as pd

from bwa_study.analysis.contrasts import bootstrap_shares

SITES, CELLS, CODES, INTERVIEWS = 12, 9, 26, 348
DRAWS, LOOPED = 10_000, 10


def table(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Site and cell (group x round) of each interview, and what was said."""
    rng = np.random.default_rng(seed)
    site = np.arange(INTERVIEWS) % SITES
    return site, rng.integers(CELLS, size=INTERVIEWS), rng.random((INTERVIEWS, CODES)) < 0.3


def all_at_once(site: np.ndarray, cell: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Counts by site, then one call for all cells and codes."""
    at = site * CELLS + cell
    of = np.bincount(at, minlength=SITES * CELLS).reshape(SITES, CELLS, 1)
    sums = np.zeros((SITES * CELLS, CODES))
    np.add.at(sums, at, said)
    sizes = np.broadcast_to(of, (SITES, CELLS, CODES)).reshape(SITES, -1).astype(float)
    return bootstrap_shares(sizes, sums.reshape(SITES, -1), draws=DRAWS, seed=1)


def looped(site: np.ndarray, cell: np.ndarray, said: np.ndarray) -> None:
    """A sample at a time, counted with groupby."""
    frame = pd.DataFrame(said).assign(site=site, cell=cell)
    of_site = dict(list(frame.groupby("site")))
    rng = np.random.default_rng(1)
    for _ in range(LOOPED):
        drawn = pd.concat([of_site[s] for s in rng.integers(SITES, size=SITES)])
        drawn.groupby("cell")[list(range(CODES))].mean()


if __name__ == "__main__":
    data = table()
    began = time.perf_counter()
    shares = all_at_once(*data)
    seconds = time.perf_counter() - began
    tracemalloc.start()
    all_at_once(*data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    began = time.perf_counter()
    looped(*data)
    alternative = (time.perf_counter() - began) * DRAWS / LOOPED
    print(f"{DRAWS} draws of {shares.shape[1]} shares: {seconds:.2f} s, {peak / 1e6:.0f} MB at most")
    print(f"groupby, sample by sample: {alternative:.0f} s (from {LOOPED} samples), {alternative / seconds:.0f} times")
