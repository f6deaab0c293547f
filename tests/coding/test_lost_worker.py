"""A worker of a Dask cluster is killed while it codes: the result is the same, byte by byte."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import bwa_study as bwa

# A program of its own: workers are started by spawning, which imports the program that starts them once more.
PROGRAM = '''
import os, signal, sys, threading, time
from pathlib import Path
import psutil
import bwa_study as bwa

def kill_one(out):
    """Kill a worker once the first partition is written."""
    while not any(out.rglob("part-*.parquet")):
        time.sleep(0.01)
    workers = [c for c in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(c.cmdline())]
    os.kill(workers[-1].pid, signal.SIGKILL)
    print("killed with", len(list(out.rglob("part-*.parquet"))), "partitions written", flush=True)

if __name__ == "__main__":
    source, book, out = map(Path, sys.argv[1:])
    threading.Thread(target=kill_one, args=(out,), daemon=True).start()
    bwa.code_parquet(source, bwa.load_codebook(book), out, engine="dask", workers=2)
'''


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(lite_study, tmp_path):
    some = tuple(lite_study.corpus)[::4]
    bwa.write_corpus(
        (replace(t, id=f"{t.id}-{n}") for n in range(12) for t in some), tmp_path / "corpus.parquet", row_group=120_000
    )
    here = bwa.code_parquet(tmp_path / "corpus.parquet", lite_study.codebook, tmp_path / "here")
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    arguments = [tmp_path / "corpus.parquet", bwa.demo_codebook_path(), tmp_path / "killed"]
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", *arguments], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    written = int(done.stdout.split("killed with ")[1].split()[0])
    assert 0 < written < len(_files(here.path))
    assert _files(tmp_path / "killed") == _files(here.path)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
