"""Checking a study folder or a codebook file: everything that is wrong, and one line that sums it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bwa_study.load.codebook import load_codebook
from bwa_study.load.study_file import STUDY_FILE
from bwa_study.model.errors import CodebookError, Problem
from bwa_study.model.study import Study


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every problem, a line that sums them up, and the study where it could be read."""

    problems: tuple[Problem, ...]
    summary: str
    study: Study | None = None


def check_path(
    path: str | Path, *, encoding: str = "", progress: Callable[[str, int, int], None] | None = None
) -> CheckReport:
    """Check a study folder, its `study.yaml`, or a single codebook file (any other file).

    Parameters
    ----------
    path
        A folder or a file.
    encoding
        Of a codebook file that is not UTF-8.
    """
    path = Path(path)
    if path.is_file() and path.name != STUDY_FILE:
        try:
            book = load_codebook(path, encoding=encoding)
        except CodebookError as fault:
            return CheckReport(fault.problems, f"{path}: {_counted(fault.problems)}")
        patterns = sum(len(code.all_indicators) for code in book)
        return CheckReport(
            (), f"{path}: codebook {book.id} {book.version}, {len(book)} codes, {patterns} indicators; no problem"
        )
    from bwa_study.load.study import examine_study

    study, problems = examine_study(path, progress=progress)
    what = "not loaded" if study is None else f"{len(study.corpus)} interviews, {len(study.codings):,} codings"
    if study is not None and study.surveys:
        what += f", {sum(map(len, study.surveys)):,} respondents of a survey"
    return CheckReport(tuple(problems), f"{path}: {what}; {_counted(problems)}", study)


def _counted(problems: tuple[Problem, ...] | list[Problem]) -> str:
    counts = Counter(p.severity for p in problems)
    if not counts:
        return "no problem"
    return ", ".join(
        f"{counts[s]} {s}{'s' if counts[s] > 1 else ''}" for s in ("error", "warning", "note") if counts[s]
    )
