"""What this installation can do: versions, fonts, extras that are missing and what they add, and a study's health."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

State = Literal["ok", "missing", "problem"]

PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn", "spacy", "matplotlib", "pydantic", "PyYAML", "python-docx",
            "XlsxWriter", "SQLAlchemy", "starlette")  # fmt: skip
EXTRAS = (
    ("zh", "pylopdf_fonts_zh_cn", "a font with Chinese characters, where the system has none"),
    ("zh", "opencc", "matching of Traditional and Simplified characters"),
    ("lemmas", "spacy_lookups_data", "patterns that match all forms of an English word (~complain)"),
    ("cluster", "distributed", "coding on several machines or processes (engine='dask')"),
    ("team", "pg8000", "one coding log for a team, in PostgreSQL"),
)
"""Name of the extra, module that it brings, and what that adds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its name, what was found, and what to do where something is missing."""

    name: str
    state: State
    found: str
    mend: str = ""

    def __str__(self) -> str:
        mark = {"ok": "ok      ", "missing": "missing ", "problem": "PROBLEM "}[self.state]
        return f"{mark}{self.name}: {self.found}" + (f" — {self.mend}" if self.mend else "")


def examine_installation(path: str | Path = "", *, out: str | Path = "outputs") -> tuple[Finding, ...]:
    """Look at the program, its fonts and extras, the place it writes to, and a study if one is named.

    Parameters
    ----------
    path
        A study folder; none by default.
    out
        The folder that outputs would go to.

    Returns
    -------
    tuple of Finding
        ``missing`` is an extra that nothing else needs; ``problem`` keeps something from working.

    Examples
    --------
    >>> examine_installation()[0].name
    'bwa_study'
    """
    return (
        *_versions(),
        _chinese(),
        *_extras(),
        _writable(Path(out)),
        *(_study(path) if path else ()),
    )


def _versions() -> Iterator[Finding]:
    enough = sys.version_info >= (3, 11)
    python = f"{platform.python_version()} on {platform.system()}"
    yield Finding("bwa_study", "ok", metadata.version("bwa-study"))
    yield Finding("Python", "ok" if enough else "problem", python, "" if enough else "install Python 3.11 or newer")
    for package in PACKAGES:
        try:
            yield Finding(package, "ok", metadata.version(package))
        except metadata.PackageNotFoundError:
            yield Finding(package, "problem", "not installed", f"pip install {package}")


def _chinese() -> Finding:
    from bwa_study.present.fonts import INSTALL_A_FONT, chinese_font

    font = chinese_font()
    if font:
        return Finding("Chinese font", "ok", font)
    return Finding(
        "Chinese font", "missing", "none, so labels of figures are in English", INSTALL_A_FONT.split(" — ")[1]
    )


def _extras() -> Iterator[Finding]:
    for extra, module, adds in EXTRAS:
        there = importlib.util.find_spec(module) is not None
        mend = "" if there else f"pip install 'bwa-study[{extra}]' adds it"
        yield Finding(f"extra {extra}", "ok" if there else "missing", adds, mend)


def _writable(out: Path) -> Finding:
    place = out.resolve()
    while not place.exists():
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK):
        return Finding("outputs", "ok", f"{out} can be written")
    return Finding("outputs", "problem", f"{out} cannot be written", f"give yourself the right to write into {place}")


def _study(path: str | Path) -> Iterator[Finding]:
    from bwa_study.load.check import check_path

    report = check_path(path)
    errors = sum(p.severity == "error" for p in report.problems)
    mend = f"bwa-study check {path} says where and how to mend it" if report.problems else ""
    yield Finding("study", "problem" if errors else "ok", report.summary, mend)
