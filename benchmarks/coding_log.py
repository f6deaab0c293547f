"""Many coders write to one coding log at once: what is lost, and how long an acknowledgement takes.

    python benchmarks/coding_log.py [--coders 20] [--each 200] [--url postgresql://...]

Each coder is a process of its own (worse than the page, whose coders share one server). Prints the number of events
that were acknowledged and stored, and the median, 99th percentile and longest time of an acknowledgement, each after
a sync to the disk.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
import uuid
from pathlib import Path

import numpy as np

from bwa_study.coding.log.log import open_log
from bwa_study.model.events import Event


def write(place: str, coder: str, each: int, pause: float) -> list[tuple[str, float]]:
    """Ids of the acknowledged events, and the seconds each took."""
    out = []
    with open_log(place) as log:
        for _ in range(each):
            event = Event(
                id=str(uuid.uuid4()), coding=str(uuid.uuid4()), coder=coder, operation="add", transcript="t-1", start=3,
                end=7, quote="每月都来", code="follow_up", polarity="present", status="accepted",
            )  # fmt: skip
            began = time.perf_counter()
            out.append((log.append(event).id, time.perf_counter() - began))
            time.sleep(pause)
    return out


def main() -> None:
    """Run and print one line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--coders", type=int, default=20)
    options.add_argument("--each", type=int, default=200)
    options.add_argument("--pause", type=float, default=0.0, help="seconds between two codings of a coder")
    options.add_argument("--url", default="", help="PostgreSQL instead of SQLite")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.url or str(Path(folder) / "codings.sqlite")
        open_log(place).close()
        began = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(given.coders) as pool:
            tasks = [(place, f"c{n}", given.each, given.pause) for n in range(given.coders)]
            done = [row for part in pool.starmap(write, tasks) for row in part]
        seconds = time.perf_counter() - began
        with open_log(place) as log:
            stored = {event.id for event in log.events()}
    times = np.array([took for _, took in done]) * 1000
    lost = {id for id, _ in done} - stored
    print(
        f"{given.coders} processes, {len(done):,} events acknowledged, {len(lost)} lost, 0 refused, {seconds:.1f} s; "
        f"an acknowledgement takes {np.median(times):.1f} ms (median), {np.percentile(times, 99):.1f} ms (99th "
        f"percentile), {times.max():.0f} ms (longest)"
    )


if __name__ == "__main__":
    main()
