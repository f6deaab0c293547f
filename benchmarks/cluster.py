"""A corpus of 200 MB streamed from Parquet: memory, one worker against two, and a worker that is killed on the way.

    python benchmarks/cluster.py --mb 200

The text is the example's interviews, repeated; the codebook is the example's. Everything is written below a temporary
folder and removed.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bwa_study as bwa
from bwa_study.coding.cluster import local_environment

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
"""One worker and two in turn: a machine's speed wanders by a tenth within a minute."""


def repeated(corpus: bwa.Corpus, megabytes: float) -> Iterator[bwa.Transcript]:
    """The transcripts again and again under new ids, up to so many MB of UTF-8."""
    size, n = 0, 0
    while size < megabytes * 1e6:
        for t in corpus:
            yield replace(t, id=f"{t.id}-{n}")
            size += len(t.text.encode())
        n += 1


def resident() -> float:
    """Most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def kill_one(out: Path) -> None:
    """Kill a worker once the first partition is written."""
    while not any(out.rglob("part-*.parquet")):
        time.sleep(0.05)
    import psutil

    children = psutil.Process().children(recursive=True)
    workers = [c for c in children if "spawn_main" in " ".join(c.cmdline())]
    os.kill(workers[-1].pid, signal.SIGKILL)
    print(f"killed worker {workers[-1].pid}", flush=True)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes."""
    names = [sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) for folder in (one, other)]
    return names[0] == names[1] and not any(filecmp.cmpfiles(one, other, names[0], shallow=False)[1:])


def stream(source: Path, out: Path) -> None:
    """Code in this process and print how much its memory grew."""
    book = bwa.load_codebook(ROOT / "examples" / "ai-work" / "codebook.yaml")
    bwa.code_parquet  # noqa: B018 - imported before memory is measured
    before = resident()
    start = time.perf_counter()
    bwa.code_parquet(source, book, out)
    took = time.perf_counter() - start
    print(f"one process: {took:.1f} s; resident before {before:.0f} MB, at most {resident():.0f} MB", flush=True)


def on_workers(workers: int, turn: int, base: Path, book: bwa.Codebook) -> tuple[float, float]:
    """Seconds, and those the busiest worker had a processor, on a cluster whose workers have coded a little before."""
    from distributed import LocalCluster

    out = base / f"workers{workers}-{turn}"
    with local_environment(), LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        given = {"engine": "dask", "address": cluster.scheduler_address}
        bwa.code_parquet(base / "little.parquet", book, base / f"little{workers}-{turn}", **given)
        start, busy = time.perf_counter(), processor_seconds()
        bwa.code_parquet(base / "corpus.parquet", book, out, **given)
        took = time.perf_counter() - start
        of_workers = sorted(n - busy.get(pid, 0.0) for pid, n in processor_seconds().items())[-workers:]
    told = f"same bytes: {same(base / 'here', out)}; the busiest worked {of_workers[-1]:.1f} s of processor time"
    print(f"{workers} Dask workers: {took:.1f} s, {told}", flush=True)
    return took, of_workers[-1]


def processor_seconds() -> dict[int, float]:
    """Processor time of every process below this one."""
    import psutil

    return {c.pid: sum(c.cpu_times()[:2]) for c in psutil.Process().children(recursive=True)}


def main() -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=float, default=200)
    parser.add_argument("--stream", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stream:
        stream(*given.stream)
        return
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        study = bwa.load_study(ROOT / "examples" / "ai-work")
        bwa.write_corpus(repeated(study.corpus, given.mb), base / "corpus.parquet")
        bwa.write_corpus(repeated(study.corpus, 4), base / "little.parquet", row_group=1 << 20)
        subprocess.run([sys.executable, __file__, "--stream", base / "corpus.parquet", base / "here"], check=True)
        ratios = []
        for turn in range(ROUNDS):
            one, two = (on_workers(workers, turn, base, study.codebook) for workers in (1, 2))
            ratios.append((one[0] / two[0], one[1] / two[1]))
        by_clock, by_processor = ([f"{ratio:.2f}" for ratio in sorted(kind)] for kind in zip(*ratios, strict=True))
        print(f"two workers against one, {ROUNDS} times: {', '.join(by_clock)}; median {by_clock[ROUNDS // 2]}")
        print(f"by processor time of the busiest: {', '.join(by_processor)}")
        threading.Thread(target=kill_one, args=(base / "killed",), daemon=True).start()
        bwa.code_parquet(base / "corpus.parquet", study.codebook, base / "killed", engine="dask", workers=2)
        print(f"with a worker killed: same bytes: {same(base / 'here', base / 'killed')}")


if __name__ == "__main__":
    main()
