"""Agreement of the coders of a study folder, as a table and a figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from bwa_study.analysis.reliability import Rule, reliability
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.model.matrix import Unit, matrix
from bwa_study.present.forest import plot_forest
from bwa_study.present.style import save
from bwa_study.present.tables import csv_bytes, labelled, write_files
from bwa_study.present.workbook import workbook_bytes


def write_agreement(
    path: str | Path,
    out: str | Path,
    *,
    coders: Sequence[str] = (),
    unit: Unit = "turn",
    rule: Rule = "krippendorff2004",
    progress: Progress | None = None,
) -> str:
    """Write the agreement of coders as a table (``.csv`` or ``.xlsx``) and beside it as a figure (png).

    Parameters
    ----------
    path
        The study folder.
    out
        The table; the figure has the same name and ends in ``.png``.
    coders
        Two or more; by default all people who have coded.
    unit, rule
        See `matrix` and `reliability`.

    Returns
    -------
    str
        One line that says how many codes may be used, and which are confused most.

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
    refuse_inputs(study, path, [out, out.with_suffix(".png")])
    people = study.codings.table.loc[study.codings.table["coder_kind"] == "human", "coder"].drop_duplicates()
    names = tuple(coders) or tuple(people)
    result = reliability(matrix(study, unit=unit, coders=names or None), rule=rule)
    png = io.BytesIO()
    save(plot_forest(result), png, kind="png", title=result.title, description="; ".join(result.notes()))
    table = csv_bytes(labelled(result)) if out.suffix == ".csv" else workbook_bytes(result)
    write_files({out: table, out.with_suffix(".png"): png.getvalue()})
    frame = result.frame
    counts = "; ".join(f"{status} {n}" for status, n in frame["status"].value_counts(sort=False).items())
    worst = frame.sort_values("confused", ascending=False, kind="stable").iloc[0]
    confused = f"; most confused: {worst['code']} with {worst['confused_with']}" if worst["confused"] else ""
    return f"{out}: {result.title}: {counts}{confused}"
