"""Agreement of the coders of a study folder, as a table and a figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from bwa_study.analysis.drift import Drift, drift
from bwa_study.analysis.gate import compared_coders
from bwa_study.analysis.reliability import Reliability, reliability
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.model.matrix import Unit, matrix
from bwa_study.model.reliability_rules import Rule
from bwa_study.present.forest import plot_forest
from bwa_study.present.style import save
from bwa_study.present.tables import csv_bytes, labelled, write_files
from bwa_study.present.workbook import workbook_bytes


def write_agreement(
    path: str | Path,
    out: str | Path,
    *,
    coders: Sequence[str] = (),
    unit: Unit | None = None,
    by: Sequence[str] = (),
    rule: Rule | None = None,
    drift_of: str = "",
    progress: Progress | None = None,
) -> str:
    """Write the agreement of coders as table T13 (``.csv`` or ``.xlsx``) and beside it as a figure (png).

    Parameters
    ----------
    path
        The study folder.
    out
        The table; the figure has the same name and ends in ``.png``. A workbook has T13 for reading, all numbers as a
        long table, and notes; a csv is the long table.
    coders
        Two or more; by default those the study names under ``reliability:``, else all people who have coded.
    unit, by, rule
        See `matrix` and `reliability`; unit and rule are the study's by default.
    drift_of
        A coder whose first and last third of work are compared, see `drift`: a further sheet of the workbook, or a
        file beside the csv whose name ends in ``_drift.csv``.

    Returns
    -------
    str
        One line that says how many codes may be used, which are confused most, and whose agreement drifts.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    TooFewCoders
        If fewer than two coders have coded.
    """
    out = Path(out)
    if out.suffix not in (".csv", ".xlsx"):
        raise UnknownName("kind of table", out.suffix, (".csv", ".xlsx"))
    study = load_study(path, progress=progress)
    figure, beside = out.with_suffix(".png"), out.with_name(f"{out.stem}_drift.csv")
    in_csv = out.suffix == ".csv"
    refuse_inputs(study, path, [out, figure, *([beside] if drift_of and in_csv else [])])
    names = compared_coders(study, coders)
    chosen = study.reliability
    compared = matrix(study, unit=unit or chosen.unit, coders=names or None)
    result = reliability(compared, by=by, rule=rule or chosen.rule, interval=chosen.interval)
    changed = drift(compared, coder=drift_of) if drift_of else None
    png = io.BytesIO()
    save(plot_forest(result), png, kind="png", title=result.title, description="; ".join(result.notes()))
    files = {figure: png.getvalue()}
    if in_csv:
        files[out] = csv_bytes(labelled(result))
        if changed:
            files[beside] = csv_bytes(labelled(changed))
    else:
        files[out] = workbook_bytes(result, beside={"Drift": changed} if changed else None)
    write_files(files)
    return f"{out}: {_in_words(result)}{_drift_in_words(changed)}"


def _in_words(result: Reliability) -> str:
    codes = result.table[result.table["code"] != ""]
    found = codes["status"].value_counts()
    order = [s for s in ("use", "tentative", "qualitative", "cannot say") if s in found.index]
    counts = "; ".join(f"{status} {found[status]}" for status in order)
    line = f"{result.title}: {counts}"
    worst = codes.sort_values("confused", ascending=False, kind="stable").head(1)
    for code, other, times in worst[["code", "confused_with", "confused"]].itertuples(index=False):
        line += f"; most confused: {code} with {other}" if times else ""
    return line


def _drift_in_words(changed: Drift | None) -> str:
    if changed is None:
        return ""
    said = []
    for word, text in (("falls", "agreement falls in"), ("rises", "agreement rises in"), ("look", "worth a look:")):
        codes = changed.table.loc[changed.table["drift"] == word, "code"]
        said += [f"{text} {', '.join(codes)}"] if len(codes) else []
    return f"; drift of {changed.coder}: {'; '.join(said) or 'none seen'}"
