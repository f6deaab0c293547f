"""Every block of code in docs/ runs: Python as it stands, and each line of a shell block that calls bwa-study.

Blocks of one page share their names and their folder, in the order of the page; in it are ``data`` and ``my-study``,
both the demo study, ``old.yaml`` and ``new.yaml``, two versions of its codebook, ``project.qdpx``, a project of another
program, and ``examples``. What only shows something is fenced as ``text``; a line that ends in ``# stays open`` starts
what does not end by itself and is left out.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from bwa_study.cli import main

DOCS = Path(__file__).resolve().parent.parent / "docs"
FENCE = re.compile(r"^```(python|sh)\n(.*?)^```$", re.M | re.S)
OPEN = "# stays open"


def pages() -> list[str]:
    found = [p for p in DOCS.rglob("*.md") if p.relative_to(DOCS).parts[0] not in ("_build", "api", "notebooks")]
    return sorted(str(p.relative_to(DOCS)) for p in found if FENCE.search(p.read_text(encoding="utf-8")))


def commands(block: str) -> list[list[str]]:
    lines = [line for line in block.replace("\\\n", " ").splitlines() if OPEN not in line]
    words = [shlex.split(line, comments=True) for line in lines]
    return [line[1:] for line in words if line[:1] and line[0].rsplit("/", 1)[-1] == "bwa-study"]


@pytest.mark.slow
@pytest.mark.parametrize("page", pages())
def test_the_code_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "examples").symlink_to(DOCS.parent / "examples")
    for name in ("data", "my-study"):
        shutil.copytree(DOCS.parent / "data", tmp_path / name)
    codebook = (DOCS.parent / "data" / "codebook.yaml").read_text(encoding="utf-8")
    (tmp_path / "old.yaml").write_text(codebook, encoding="utf-8")
    newer = re.sub(r"^version: .*$", 'version: "9.0.0"', codebook, flags=re.M)
    (tmp_path / "new.yaml").write_text(newer, encoding="utf-8")
    shutil.copyfile(DOCS.parent / "tests/data/refi_qda/standard_project.qdpx", tmp_path / "project.qdpx")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, block in FENCE.findall((DOCS / page).read_text(encoding="utf-8")):
        if language == "python":
            exec(compile(block, f"docs/{page}", "exec"), names)
            continue
        for arguments in commands(block):
            with pytest.raises(SystemExit) as end:
                main(arguments)
            assert end.value.code == 0, (arguments, capsys.readouterr().err)


def test_lines_that_stay_open_are_left_out_and_long_ones_joined():
    block = "bwa-study recode data --coder c1  # stays open\n.venv/bin/bwa-study run data \\\n  --out x  # why\nls\n"
    assert commands(block) == [["run", "data", "--out", "x"]]
