"""How much a study must double-code, as a table and a figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from bwa_study.analysis.gate import compared_coders
from bwa_study.analysis.planning import plan_double_coding
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.model.matrix import matrix
from bwa_study.model.reliability_rules import Rule
from bwa_study.present.plan_curve import plot_plan
from bwa_study.present.style import save
from bwa_study.present.tables import table_bytes, write_files


def write_plan(
    path: str | Path,
    out: str | Path,
    *,
    coders: Sequence[str] = (),
    rule: Rule | None = None,
    assurance: float = 0.8,
    progress: Progress | None = None,
) -> str:
    """Write how many units each code needs (``.csv`` or ``.xlsx``), and beside it the curve (png).

    Parameters
    ----------
    path
        The study folder; some of it must be double-coded already.
    out
        The table; the figure has the same name and ends in ``.png``.
    coders, rule
        Those the study names under ``reliability:`` by default, else all people who coded and Krippendorff's rule.
    assurance
        See `bwa_study.analysis.planning.units_needed`.

    Returns
    -------
    str
        One line that says what most codes need.

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
    figure = out.with_suffix(".png")
    refuse_inputs(study, path, [out, figure])
    names = compared_coders(study, coders)
    laid_out = matrix(study, unit=study.reliability.unit, coders=names or None)
    result = plan_double_coding(laid_out, rule=rule or study.reliability.rule, assurance=assurance)
    png = io.BytesIO()
    save(plot_plan(result), png, kind="png", title=result.title, description="; ".join(result.notes()))
    write_files({out: table_bytes(result, out.suffix), figure: png.getvalue()})
    codes = result.table[result.table["code"] != ""]
    now = int(codes["n_units"].max())
    enough = {name: int((codes[f"needed_{name}"] <= now).sum()) for name in ("tentative", "use")}
    return (
        f"{out}: {now} {laid_out.unit}s double-coded; by plan enough for 'tentative' in {enough['tentative']} and for "
        f"'use' in {enough['use']} of {len(codes)} codes; half of the codes that can reach 'use' need "
        f"{codes['needed_use'].median():.0f} or fewer; in "
        f"{int(codes['needed_use'].isna().sum())} it is not reached by more coding"
    )
