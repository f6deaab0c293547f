"""The same page in JupyterLab: a real server, a real kernel and a real browser."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

import bwa_study as bwa

FIRST = """import bwa_study as bwa
study = bwa.load_study({study!r})
page = bwa.recode(study, "s-w-1", coder="c1")
page"""
SECOND = """page.codings.to_json({out!r}, orient="records", force_ascii=False)"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def lab(tmp_path):
    """Address of a running JupyterLab in a folder of its own, and its token."""
    port, token = free_port(), secrets.token_hex(16)
    home = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    source = str(Path(bwa.__file__).parent.parent)
    options = {
        "ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False, "ServerApp.allow_root": True, "IdentityProvider.token": token,
        "ServerApp.root_dir": str(tmp_path), "LabApp.news_url": "",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    environment = {**os.environ, **home, "PYTHONPATH": source}
    with (tmp_path / "log.txt").open("wb") as said:
        running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=said, stderr=said)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", running, tmp_path / "log.txt")
        yield f"http://127.0.0.1:{port}", token
    finally:
        running.terminate()
        running.wait(20)


def wait_for(address, running, log):
    for _ in range(300):
        assert running.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start in 30 s: {log.read_text()}")


@pytest.mark.slow
def test_in_jupyterlab_the_codings_come_back_as_the_selected_words(
    browser, proxy, lab, tmp_path, bilingual_folder, bilingual
):
    address, token = lab
    out = tmp_path / "codings.json"
    cells = [FIRST.format(study=str(bilingual_folder)), SECOND.format(out=str(out))]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=kernel)
    nbformat.write(book, tmp_path / "recode.ipynb")
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(30_000)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/lab/tree/recode.ipynb?token={token}")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".bwa-inside[data-ready]")
    page.locator(".bwa-text").focus()
    seen = []
    for keys in ((".", "1"), (".", ".", "Shift+Digit2")):
        for key in keys[:-1]:
            page.keyboard.press(key)
        seen.append("".join(page.locator(".bwa-selected").all_text_contents()))
        page.keyboard.press(keys[-1])
    page.wait_for_selector(".bwa-saving[data-state=saved]")
    page.locator(".jp-CodeCell .cm-content").nth(1).click()
    page.keyboard.press("Shift+Enter")
    for _ in range(100):
        if out.exists() and out.stat().st_size:
            break
        page.wait_for_timeout(100)
    rows = json.loads(out.read_text(encoding="utf-8"))
    page.context.close()

    text = bilingual.corpus["s-w-1"].text
    assert [row["quote"] for row in rows] == seen
    assert [text[row["start"] : row["end"]] for row in rows] == seen
    assert seen[0] == "品牌每个月跟进一次，𠮷田先生😊亲自打电话。"
    assert seen[1].startswith("We can speak in the committee now 👩‍👩‍👧")
    assert [(row["code"], row["polarity"]) for row in rows] == [("listening", "present"), ("fear", "absent")]
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {address.split("/")[2]}
    assert proxy.seen == []
