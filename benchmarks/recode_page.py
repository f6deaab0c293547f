"""The re-coding page under load: `make bench-page`.

First the page itself: a transcript of 805 turns with 1,500 codings in a real browser. A key is pressed, and the time
from the key's own time stamp to the first moment after the frame that shows it is taken in the browser. Keys come ten a
second, as from a fast coder; without a pause they would wait for each other, and that is not what is asked.

Then the server: 20 coders at once, each from a connection of its own, 200 codings each, and what is kept is counted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import random
import shutil
import statistics
import tempfile
import threading
import time
import uuid
from typing import Any

import bwa_study as bwa
from bwa_study.coding.log.log import open_log
from bwa_study.coding.recode.desk import Desk
from bwa_study.coding.recode.keeping import Keeping, MemoryKeeping
from bwa_study.coding.recode.log_keeping import LogKeeping
from bwa_study.coding.recode.serve import RecodeServer
from bwa_study.model.codebook import Code, Codebook, Theme
from bwa_study.model.labels import Label
from bwa_study.model.spans import Span
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Role, Transcript, Turn

TURNS, CODINGS, CODES = 805, 1_500, 24
CODERS, EACH = 20, 200
PAUSE = 100  # ms between two keys
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
SENTENCES = (
    "We met with the line leaders and talked about the lamps in the stairwell.",
    "品牌每个月跟进一次，𠮷田先生😊亲自打电话。",
    "Nobody asked us before, and the box by the door stayed empty.",
    "后来组长换了人，大家说话也放开了一点。",
)


def long_study(transcripts: int = 1) -> Study:
    """A study whose transcripts have 805 turns each, in two languages."""
    themes = tuple(Theme(f"theme_{n}", Label((("en", f"Theme {n}"),))) for n in range(6))
    codes = tuple(
        Code(f"code_{n}", f"theme_{n % 6}", Label((("en", f"Code number {n}"),)), definition="Words. " * 30)
        for n in range(CODES)
    )
    group = bwa.demo_study(seed=1, size="lite")
    texts = tuple(long_transcript(f"long-{n}", n) for n in range(transcripts))
    return Study(
        id="bench",
        title=Label((("en", "Bench"),)),
        groups=group.groups,
        rounds=group.rounds,
        sites=(),
        corpus=bwa.Corpus(texts),
        codebook=Codebook("bench", "1.0.0", themes, codes),
    )


def long_transcript(id: str, seed: int) -> Transcript:
    """Question and answer in turn; every answer has three to six sentences."""
    dice = random.Random(seed)
    text, turns = "", []
    for number in range(1, TURNS + 1):
        role = Role.INTERVIEWER if number % 2 else Role.RESPONDENT
        words = " ".join(dice.choices(SENTENCES, k=1 if number % 2 else dice.randint(3, 6)))
        text += f"{role.value}: "
        turns.append(Turn(number, role.value, role, Span(len(text), len(text) + len(words)), "zh"))
        text += f"{words}\n"
    return Transcript(id, "P", "worker", "R1", (), "zh", text, tuple(turns))


def add_event(transcript: Transcript, dice: random.Random) -> dict[str, Any]:
    """A coding on some words of some answer, as the page sends it."""
    turn = dice.choice(transcript.respondent_turns)
    start = dice.randint(turn.span.start, turn.span.end - 12)
    end = start + dice.randint(2, 12)
    coding = {"id": _uuid(dice), "start": start, "end": end, "quote": transcript.text[start:end]}
    return {
        "id": _uuid(dice), "operation": "add", "transcript": transcript.id, "digest": transcript.digest,
        "codebook": "1.0.0", "coding": {**coding, "code": f"code_{dice.randrange(CODES)}", "polarity": "present"},
    }  # fmt: skip


def _uuid(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def page_latency(presses: int) -> None:
    """Key press to painted result, in the browser's own timing."""
    from playwright.sync_api import sync_playwright

    study = long_study()
    desk = Desk(study, MemoryKeeping(), "c1", ("long-0",))
    dice = random.Random(1)
    for _ in range(CODINGS):
        assert desk.record(add_event(study.corpus["long-0"], dice)).status == 200
    server = RecodeServer({"c1": desk})
    threading.Thread(target=server.run, daemon=True).start()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.link("c1"), wait_until="commit")
        began = time.perf_counter()
        page.goto(f"{server.url}/t/long-0#turn-400", wait_until="commit")
        page.wait_for_selector("[data-ready]")
        opened = time.perf_counter() - began
        page.evaluate(
            """() => { window.taken = {};
              addEventListener("keydown", (event) => requestAnimationFrame(() => {
                const after = new MessageChannel();
                after.port1.onmessage = () => (taken[event.key] ??= []).push(performance.now() - event.timeStamp);
                after.port2.postMessage(null); }), true); }"""
        )
        for n in range(presses):
            for key in (".", str(n % 9 + 1), "ArrowRight", "Shift+ArrowRight", "ArrowDown", "Control+z"):
                page.keyboard.press(key)
                page.wait_for_timeout(PAUSE)
        page.wait_for_selector("[data-state=saved]")
        taken = page.evaluate("() => taken")
        browser.close()
    server.stop()
    print(f"page: {TURNS} turns, {CODINGS:,} codings; opened in {opened:.2f} s; key press to painted result, ms")
    names = {".": "sentence", "ArrowRight": "word", "ArrowDown": "turn", "z": "undo"}
    coded = [value for key, values in taken.items() if key.isdigit() for value in values]
    for name, values in [("code (digit)", coded), *((name, taken[key]) for key, name in names.items())]:
        print(
            f"  {name:14} {len(values):5} presses   median {statistics.median(values):5.1f}   p95 {_p(values, 95):5.1f}"
        )
    every = statistics.median([v for values in taken.values() for v in values])
    print(f"  all keys: median {every:.1f} ms (wanted: < 50)")


def _p(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share / 100))]


def one_coder(number: int, port: int, cookie: str, out: Any, start: Any) -> None:
    """What one coder sends: 200 codings one after the other, over one connection."""
    dice = random.Random(1000 + number)
    transcript = long_transcript(f"long-{number}", number)
    events = [json.dumps(add_event(transcript, dice)) for _ in range(EACH)]
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json", "Cookie": cookie}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start.wait(120)
    times, statuses, said = [], [], ""
    for event in events:
        began = time.perf_counter()
        connection.request("POST", "/api/events", event, headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        times.append(1000 * (time.perf_counter() - began))
        statuses.append(answer.status)
        said += body if answer.status != 200 else ""
    out.put((times, statuses, said))


def server_load(keeping: Keeping, name: str) -> None:
    """20 coders at once over HTTP."""
    study = long_study(CODERS)
    desks = {f"c{n}": Desk(study, keeping, f"c{n}", (f"long-{n}",)) for n in range(CODERS)}
    server = RecodeServer(desks)
    threading.Thread(target=server.run, daemon=True).start()
    context = multiprocessing.get_context("spawn")
    out, start = context.Queue(), context.Barrier(CODERS + 1)
    coders = []
    for n in range(CODERS):
        cookie = f"bwa_study_{server.port}={server.doorkeeper.use_link(server.doorkeeper.link(f'c{n}'))}"
        coders.append(context.Process(target=one_coder, args=(n, server.port, cookie, out, start)))
    for coder in coders:
        coder.start()
    start.wait(120)  # until all have made their texts
    began = time.perf_counter()
    answers = [out.get(timeout=300) for _ in coders]
    took = time.perf_counter() - began
    for coder in coders:
        coder.join()
    server.stop()
    times = [t for part, _, _ in answers for t in part]
    kept = sum(len(keeping.held(f"c{n}", f"long-{n}").codings) for n in range(CODERS))
    acknowledged = sum(status == 200 for _, statuses, _ in answers for status in statuses)
    locked = sum("locked" in said for _, _, said in answers)
    rate = len(times) / took
    print(f"server, {name}: {CODERS} coders at once, {len(times):,} codings in {took:.1f} s ({rate:.0f} a second)")
    print(f"  acknowledged {acknowledged:,}, kept {kept:,}, lost {acknowledged - kept}, 'locked' {locked}")
    print(f"  answer: median {statistics.median(times):.1f} ms, p99 {_p(times, 99):.1f} ms (wanted: < 150)")


def main() -> None:
    """Run both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--presses", type=int, default=60)
    options.add_argument("--only", choices=["page", "server"])
    chosen = options.parse_args()
    if chosen.only != "server":
        page_latency(chosen.presses)
    if chosen.only != "page":
        with tempfile.TemporaryDirectory() as folder, open_log(f"{folder}/codings.sqlite") as log:
            server_load(LogKeeping(log, "0" * 64), "kept in the SQLite log")


if __name__ == "__main__":
    main()
