"""The page docs/reliability.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import bwa_study as bwa

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_its_python_runs():
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S):
        exec(compile(block, "docs/reliability.md", "exec"), names)
    assert list(names["table"].frame["group"].drop_duplicates()) == ["brand_staff", "manager", "worker"]


def test_every_coefficient_it_names_is_public():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert len(named) > 15
    assert [name for name in named if not hasattr(bwa, name)] == []
