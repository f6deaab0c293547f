"""One table out of a study folder: themes, or codes laid out for programs of statistics; and the framework matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bwa_study.analysis.framework import Rows, framework_matrix
from bwa_study.analysis.frequency import Count, frequency
from bwa_study.analysis.wide import wide_codes
from bwa_study.load.framework_files import FRAMEWORK_FILE, framework_csv, load_framework, read_framework
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.model.matrix import Unit, matrix
from bwa_study.present.framework_sheets import framework_bytes
from bwa_study.present.run import coded_matrix
from bwa_study.present.statistics_files import KINDS as STATISTICS_KINDS
from bwa_study.present.statistics_files import statistics_bytes
from bwa_study.present.tables import KINDS, write_bytes, write_table


def write_theme_table(
    path: str | Path,
    out: str | Path,
    *,
    by: Sequence[str] = ("group", "round"),
    polarity: Sequence[str] = ("present", "absent"),
    coder: str = "",
    count: Count = "interviews",
    language: str = "",
    progress: Progress | None = None,
) -> str:
    """Count the themes of a study and write the table; see `frequency` for the options.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    UnknownName
        If the ending of `out`, or an option, is unknown.
    """
    out = Path(out)
    if out.suffix not in KINDS:
        raise UnknownName("kind of table", out.suffix, KINDS)
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [out])
    counted = coded_matrix(study, coder=coder, progress=progress)
    result = frequency(counted, by=by, count=count, polarity=polarity)
    write_table(result, out, language=language)
    return f"{out}: {len(result.table):,} cells; {result.title}; coder {counted.coders[0]}"


def write_wide_table(
    path: str | Path, out: str | Path, *, unit: Unit, coder: str = "", progress: Progress | None = None
) -> str:
    """Write the codes as 0 and 1, a row a unit, as ``.csv``, ``.sav`` or ``.dta``; see `wide_codes`.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    UnknownName
        If the ending of `out`, the unit or the coder is unknown.
    """
    out = Path(out)
    if out.suffix not in STATISTICS_KINDS:
        raise UnknownName("kind of table", out.suffix, STATISTICS_KINDS)
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [out])
    counted = coded_matrix(study, coder=coder, progress=progress)
    if unit != "turn":
        counted = matrix(counted.study, unit=unit, coders=counted.coders)
    result = wide_codes(counted)
    write_bytes(out, statistics_bytes(result, out.suffix))
    return f"{out}: {len(result.table):,} rows, {len(counted.codes)} codes; coder {counted.coders[0]}"


def write_framework(
    path: str | Path, out: str | Path, *, rows: Rows, coder: str = "", progress: Progress | None = None
) -> str:
    """Write the framework matrix as a workbook to fill in, with what was written before.

    Raises
    ------
    ProblemsFound
        If the study has errors, or ``framework.csv`` has.
    UnknownName
        If the ending of `out` is not ``.xlsx``, or a summary belongs to nothing that exists.
    """
    out = Path(out)
    if out.suffix != ".xlsx":
        raise UnknownName("kind of table", out.suffix, (".xlsx",))
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [out])
    counted = coded_matrix(study, coder=coder, progress=progress)
    written = load_framework(_folder(path)).get(rows, {})
    result = framework_matrix(counted, rows=rows, summaries=written)
    write_bytes(out, framework_bytes(result))
    return f"{out}: {result.title}; {len(written)} summaries so far; fill in the yellow cells, then 'framework in'"


def take_framework(path: str | Path, workbook: str | Path, *, progress: Progress | None = None) -> str:
    """Take the summaries of a filled-in workbook into ``framework.csv`` of the study folder.

    The workbook says all that is written for its kind of row: a summary that it has empty is taken out.

    Raises
    ------
    ProblemsFound
        If the study or the workbook has errors.
    UnknownName
        If a summary belongs to a row, round or code that does not exist; nothing is changed then.
    """
    study = load_study(path, progress=progress)
    kind, cells = read_framework(workbook)
    rows: Rows = "participant" if kind == "participant" else "site"
    framework_matrix(matrix(study, coders=[study.main_coder]) if study.codings.coders else coded_matrix(study),
                     rows=rows, summaries=cells)  # fmt: skip
    folder = _folder(path)
    before = load_framework(folder)
    old = before.get(kind, {})
    write_bytes(folder / FRAMEWORK_FILE, framework_csv({**before, kind: cells}))
    new = sum(key not in old for key in cells)
    changed = sum(key in old and old[key] != text for key, text in cells.items())
    gone = sum(key not in cells for key in old)
    return f"{folder / FRAMEWORK_FILE}: {len(cells)} summaries; {new} new, {changed} changed, {gone} taken out"


def _folder(path: str | Path) -> Path:
    path = Path(path)
    return path if path.is_dir() else path.parent
