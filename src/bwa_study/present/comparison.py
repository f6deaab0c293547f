"""A comparison of a study folder, written as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bwa_study.analysis.compare import Comparison, compare
from bwa_study.analysis.compared import BY_RULE
from bwa_study.analysis.families import Correction
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.present.run import coded_matrix
from bwa_study.present.tables import write_table


def write_comparison(
    path: str | Path,
    out: str | Path,
    *,
    between: str,
    levels: Sequence[str] = (),
    within: Sequence[str] = (),
    across: str = "",
    across_levels: Sequence[str] = (),
    only: Mapping[str, str] | None = None,
    codes: Sequence[str] = (),
    polarity: str = "present",
    paired: bool = False,
    cluster: str = "site",
    method: str = BY_RULE,
    correction: Correction = "holm",
    coder: str = "",
    progress: Progress | None = None,
) -> str:
    """Compare groups, rounds or kinds of sites of a study and write the table.

    Parameters
    ----------
    path
        The study folder.
    out
        The table; its ending is one of `bwa_study.present.tables.KINDS`.
    between, levels, within, across, across_levels, only, codes, polarity, paired, cluster, method, correction
        As in `bwa_study.analysis.compare.compare`; what is empty is not given.
    coder
        As in `bwa_study.present.run.run_study`.

    Returns
    -------
    str
        One line: how many comparisons, how many differ after correction, for how many it is too few to say.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    UnknownName, WrongCall
        As `compare`.
    """
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [Path(out)])
    result = compare(
        coded_matrix(study, coder=coder, progress=progress),
        between=between,
        levels=levels or None,
        within=within,
        across=across or None,
        across_levels=across_levels or None,
        only=only,
        codes=codes or None,
        polarity=polarity,
        paired=paired,
        cluster=cluster,
        method=method,
        correction=correction,
    )
    write_table(result, out)
    return f"{out}: {in_words(result)}"


def in_words(result: Comparison) -> str:
    """One line for a comparison."""
    table = result.table
    differ = int((table["p_adjusted"] < 0.05).sum())
    few = int((table["status"] == "too few to say").sum())
    line = f"{result.title}: {len(table)} comparisons, {int(table['p'].notna().sum())} tests, {differ} differ at 5%"
    return line + (f"; too few to say for {few}" if few else "")
