"""What this installation can do: versions, fonts, extras that are missing and what they add, and a study's health."""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

State = Literal["ok", "missing", "problem"]

_NEEDED = re.compile(r"([\w.-]+)>=([\d.]+)$")
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
        _writable("outputs", Path(out)),
        *(_study(path) if path else ()),
    )


def packages_needed() -> dict[str, str]:
    """The least version of every package that the program declares to need, by name."""
    found = (_NEEDED.match(line) for line in metadata.requires("bwa-study") or ())
    return {match[1]: match[2] for match in found if match}


def _versions() -> Iterator[Finding]:
    enough = sys.version_info >= (3, 11)
    python = f"{platform.python_version()} on {platform.system()}"
    yield Finding("bwa_study", "ok", metadata.version("bwa-study"))
    yield Finding("Python", "ok" if enough else "problem", python, "" if enough else "install Python 3.11 or newer")
    for package, least in packages_needed().items():
        mend = f"pip install '{package}>={least}'"
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            yield Finding(package, "problem", "not installed", mend)
            continue
        if _numbers(version) < _numbers(least):
            yield Finding(package, "problem", f"{version} is older than {least}", mend)
        else:
            yield Finding(package, "ok", version)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers a version begins with.

    Examples
    --------
    >>> _numbers("2.10.0rc1") > _numbers("2.9"), _numbers("1.0") < _numbers("1.0.1")
    (True, True)
    """
    return tuple(int(part) for part in re.match(r"[\d.]*", version)[0].split(".") if part)  # type: ignore[index]


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


def _writable(name: str, folder: Path) -> Finding:
    """Whether a file can be made in a folder, or where it would be made; a file is made there and is gone again."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return Finding(name, "problem", f"{folder} cannot be written", f"{place} is a file: name another folder")
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding(name, "ok", f"{folder} can be written")
    except OSError as fault:
        found = f"{folder} cannot be written ({fault.strerror})"
        return Finding(name, "problem", found, f"get the right to write into {place}, or name another folder")


def _study(path: str | Path) -> Iterator[Finding]:
    from bwa_study.load.check import check_path

    report = check_path(path)
    errors = sum(p.severity == "error" for p in report.problems)
    mend = f"bwa-study check {path} says where and how to mend it" if report.problems else ""
    yield Finding("study", "problem" if errors else "ok", report.summary, mend)
    if Path(path).is_dir():
        yield _writable("study folder", Path(path))


def verdict(findings: Iterable[Finding]) -> str:
    """What all of it comes to, in a line.

    Examples
    --------
    >>> verdict([Finding("a", "ok", ""), Finding("b", "missing", "c")])
    'nothing keeps the program from working; 1 extra is missing'
    """
    states = Counter(finding.state for finding in findings)
    problems, missing = states["problem"], states["missing"]
    said = {0: "nothing keeps the program from working", 1: "1 problem"}.get(problems, f"{problems} problems")
    more = {0: "", 1: "; 1 extra is missing"}.get(missing, f"; {missing} extras are missing")
    return said + more
