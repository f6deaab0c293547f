"""The disagreements of the coders of a study folder, as a table and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bwa_study.analysis.disagreements import KINDS, disagreements
from bwa_study.analysis.gate import compared_coders
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import matrix
from bwa_study.present.disagreement_page import disagreement_page
from bwa_study.present.tables import table_bytes, write_files

_KINDS_OF_TABLE = (".csv", ".xlsx")


def write_disagreements(
    path: str | Path,
    *,
    out: str | Path | None = None,
    page: str | Path | None = None,
    coders: Sequence[str] = (),
    language: str = "",
    progress: Progress | None = None,
) -> str:
    """Write every disagreement of coders, turn by turn, as a table (``.csv`` or ``.xlsx``), as a page (html), or both.

    Parameters
    ----------
    path
        The study folder.
    out, page
        What to write; at least one.
    coders
        Two or more; by default those the study names under ``reliability:``, else all people who coded.
    language
        Of the page, ``en`` or ``zh``; the study's by default.

    Returns
    -------
    str
        One line that says what was written and how many disagreements there are of each kind.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    TooFewCoders
        If fewer than two coders have coded.
    WrongCall
        If nothing is asked for.
    """
    if out is None and page is None:
        raise WrongCall("disagree: nothing to write — name a table with --out, a page with --html, or both")
    if out is not None and Path(out).suffix not in _KINDS_OF_TABLE:
        raise UnknownName("kind of table", Path(out).suffix, _KINDS_OF_TABLE)
    if page is not None and Path(page).suffix != ".html":
        raise UnknownName("kind of page", Path(page).suffix, (".html",))
    study = load_study(path, progress=progress)
    targets = [Path(one) for one in (out, page) if one is not None]
    refuse_inputs(study, path, targets)
    names = compared_coders(study, coders)
    result = disagreements(matrix(study, unit="turn", coders=names or None))
    files: dict[Path, bytes] = {}
    if out is not None:
        files[Path(out)] = table_bytes(result, Path(out).suffix)
    if page is not None:
        files[Path(page)] = disagreement_page(result, language).encode("utf-8")
    write_files(files)
    counts = result.table["kind"].value_counts()
    told = ", ".join(f"{kind} {counts.get(kind, 0)}" for kind in KINDS)
    return f"{', '.join(map(str, targets))}: {result.title}: {len(result.table)} disagreements ({told})"
