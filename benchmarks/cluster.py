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

ROOT = Path(__file__).resolve().parent.parent


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
        subprocess.run([sys.executable, __file__, "--stream", base / "corpus.parquet", base / "here"], check=True)
        times = {}
        for workers in (1, 2):
            start = time.perf_counter()
            out = base / f"workers{workers}"
            bwa.code_parquet(base / "corpus.parquet", study.codebook, out, engine="dask", workers=workers)
            times[workers] = time.perf_counter() - start
            print(f"{workers} Dask workers: {times[workers]:.1f} s, same bytes: {same(base / 'here', out)}", flush=True)
        print(f"two workers against one, cluster start included: {times[1] / times[2]:.2f}")
        threading.Thread(target=kill_one, args=(base / "killed",), daemon=True).start()
        bwa.code_parquet(base / "corpus.parquet", study.codebook, base / "killed", engine="dask", workers=2)
        print(f"with a worker killed: same bytes: {same(base / 'here', base / 'killed')}")


if __name__ == "__main__":
    main()
