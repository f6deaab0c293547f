from __future__ import annotations

import os
import shutil
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

import bwa_study as bwa
from bwa_study.coding.recode.desk import Desk, desk_order
from bwa_study.coding.recode.keeping import MemoryKeeping
from bwa_study.coding.recode.serve import RecodeServer
from small_study import CODEBOOK, INTERVIEWS, write_study

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--component-updater=url-source=http://127.0.0.1:9/", "--variations-server-url=http://127.0.0.1:9/",
    "--gaia-url=http://127.0.0.1:9/", "--google-apis-url=http://127.0.0.1:9/", "--allow-browser-signin=false",
    "--autofill-server-url=http://127.0.0.1:9/",
)  # fmt: skip
ATTACK = (Path(__file__).parents[2] / "badinputs" / "text" / "prompt_and_html.txt").read_text(encoding="utf-8").strip()
BILINGUAL = (
    "品牌每个月跟进一次，𠮷田先生😊亲自打电话。如果没有人监督，大家很快就松懈了。"
    "We can speak in the committee now 👩‍👩‍👧, but only when the brand is watching. "
    "Before that nobody asked us anything at all, and we kept our mouths shut about the meetings. 𠀋 said so."
)


def browser_path() -> str:
    wanted = os.environ.get("BWA_STUDY_BROWSER")
    found = shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "no Chromium: tests of the page need one; install Debian's package 'chromium' (as root: tools/browser.sh), "
            "or name a program with BWA_STUDY_BROWSER"
        )
    return found


BROWSER_S_OWN = (".google.com:443", ".googleapis.com:443", ".gvt1.com:443")
"""Where Chromium itself looks for updates and dictionaries, whatever page is open and in spite of all its switches."""


class CountingProxy:
    """Takes every request that leaves the machine, whoever made it, counts it, and lets none through."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                self.asked.append(client.recv(4096).split(b"\r\n")[0].decode("latin-1"))

    @property
    def seen(self):
        """What was asked for, but for the browser's own errands."""
        return [line for line in self.asked if not line.split()[1].endswith(BROWSER_S_OWN)]


@pytest.fixture(scope="session")
def proxy():
    counting = CountingProxy()
    yield counting
    counting.socket.close()


@pytest.fixture(scope="session")
def browser(proxy):
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=browser_path(), args=[*QUIET, f"--proxy-server={proxy.address}"]
        )
        yield opened
        opened.close()


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def bilingual_folder(tmp_path_factory):
    words = {"s-w-1": BILINGUAL, "s-w-2": ATTACK}
    rows = tuple((*row[:-1], words.get(row[0], row[-1])) for row in INTERVIEWS)
    defined = CODEBOOK.replace(
        "definition: Managers listen.",
        "definition: {en: Managers listen., zh: 管理人员会听。}\n    include: [{en: they answer, zh: 有答复}]",
    )
    book = f"{defined}general_rules: [{{en: Code what is said., zh: 只编说出来的话。}}, Ask.]\n"
    return write_study(tmp_path_factory.mktemp("recode") / "study", interviews=rows, codebook=book)


@pytest.fixture(scope="session")
def bilingual(bilingual_folder):
    return bwa.load_study(bilingual_folder)


@contextmanager
def running(desks, **options):
    server = RecodeServer(desks, **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)


@pytest.fixture(scope="session")
def run_server():
    return running


@pytest.fixture(scope="session")
def server(bilingual):
    """One server with many coders, so that each test has a desk nobody has used."""
    keeping = MemoryKeeping()
    desks = {f"coder-{n}": Desk(bilingual, keeping, f"coder-{n}", desk_order(bilingual)) for n in range(100)}
    with running(desks) as server:
        server.keeping = keeping
        yield server


@dataclass(frozen=True)
class Served:
    """The server, and a coder of this test only."""

    server: RecodeServer
    coder: str

    @property
    def url(self):
        return self.server.url

    def held(self, transcript="s-w-1"):
        return self.server.keeping.held(self.coder, transcript)

    def codings(self):
        return sorted((k.coding for k in self.held().codings.values()), key=lambda coding: (coding.start, coding.end))


_number = count()


@pytest.fixture
def served(server):
    return Served(server, f"coder-{next(_number)}")


@pytest.fixture
def opened(tab, served):
    """The page of the bilingual transcript for this test's coder."""
    tab.goto(served.server.link(served.coder), wait_until="commit")
    tab.goto(f"{served.url}/t/s-w-1", wait_until="commit")
    tab.wait_for_selector("[data-ready]")
    return tab
