"""Everything about necessity of a study folder: tables, figures and the claims in words."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bwa_study.analysis.necessity.cases import StudyCases, cases
from bwa_study.analysis.necessity.ceilings import Kind
from bwa_study.analysis.necessity.deviant import deviant_cases
from bwa_study.analysis.necessity.nca import UNITS, Nca, nca
from bwa_study.analysis.necessity.necessity import Necessity
from bwa_study.analysis.necessity.robustness import Robustness
from bwa_study.analysis.necessity.solutions import minimise
from bwa_study.analysis.necessity.study_table import study_necessity, study_truth_table
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import BwaError, UnknownName
from bwa_study.model.results import Result
from bwa_study.present.ceiling_plot import plot_ceilings
from bwa_study.present.necessity_words import claims
from bwa_study.present.robustness_strip import plot_robustness
from bwa_study.present.run import coded_matrix
from bwa_study.present.style import save
from bwa_study.present.tables import KINDS, csv_bytes, table_bytes, write_files
from bwa_study.present.truth_heatmap import plot_truth_table
from bwa_study.present.two_by_two import plot_two_by_two

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BOTTLENECK: Kind = "cr_fdh"


def write_necessity(
    path: str | Path,
    out: str | Path,
    *,
    coder: str = "",
    language: str = "",
    kinds: Sequence[str] = (".csv", ".xlsx"),
    draws: int = 200,
    permutations: int = 10_000,
    seed: int = 1,
    progress: Progress | None = None,
) -> list[str]:
    """Write what is necessary and sufficient in a study, and how firm that is.

    Parameters
    ----------
    path
        The study folder; its `study.yaml` has the block ``necessity``.
    out
        A folder: ``cases``, ``necessity`` (T10), ``robustness``, ``truth_table`` (T9) and ``solutions`` with their
        ``_negated`` twins, ``nca`` in every kind of file; ``bottleneck.csv``; four figures; ``claims.md``.
    coder, language
        As in `bwa_study.present.run.run_study`.
    kinds
        Of `bwa_study.present.tables.KINDS`.
    draws, permutations, seed
        Rounds of coding error, permutations, and the seed of all that is drawn.
    progress
        Told of every step.

    Returns
    -------
    list of str
        The claims in words, what could not be made and why, and how much was written.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    WrongCall
        If it does not declare how cases are scored.
    TooFewCases, OutcomeConstant
        If its cases cannot carry a claim.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownName("kind of table", kind, KINDS)
    study = load_study(path, progress=progress)
    language = language or study.language
    scored = cases(coded_matrix(study, coder=coder, progress=progress))
    if progress:
        progress("judging conditions", 0, 1)
    table, settings = study_necessity(scored, draws=draws, permutations=permutations, seed=seed)
    results: dict[str, Result] = {"cases": scored, "necessity": table, "robustness": settings}
    results["deviant_cases"] = deviant_cases(scored)
    not_made = _sufficiency(scored, results) + _in_degree(scored, results, permutations, seed)
    told = claims(table, language)
    files = {
        f"{name}{kind}": table_bytes(one, kind, language=language) for name, one in results.items() for kind in kinds
    }
    if isinstance(found := results.get("nca"), Nca):
        files["bottleneck.csv"] = csv_bytes(_bottleneck(found))
    files |= _figures(scored, settings, results, language)
    files["claims.md"] = _page(table, settings, not_made).encode("utf-8")
    out = Path(out)
    refuse_inputs(study, path, [out / name for name in files])
    write_files({out / name: data for name, data in files.items()})
    unclassified = [f"{name}: {', '.join(ids)} cannot be classified." for name, ids in scored.unclassified.items()]
    return [*told, *unclassified, *not_made, f"{len(files)} files in {out}"]


def _bottleneck(found: Nca) -> pd.DataFrame:
    """What each level of the outcome needs, in three units: NN not necessary, NA no observed level will do."""
    parts = []
    for unit in UNITS:
        table = found.bottleneck(_BOTTLENECK, unit=unit)
        needed = table[list(found.conditions)].replace({-math.inf: "NN", math.inf: "NA"})
        parts.append(pd.concat([table[[found.outcome]], needed], axis=1).assign(ceiling=_BOTTLENECK, unit=unit))
    return pd.concat(parts, ignore_index=True)


def _sufficiency(scored: StudyCases, results: dict[str, Result]) -> list[str]:
    """Truth tables and solutions, of the outcome and of its absence."""
    assert scored.rules is not None
    not_made = []
    for negated, suffix in ((False, ""), (True, "_negated")):
        try:
            table = results[f"truth_table{suffix}"] = study_truth_table(scored, negated=negated)
            kept = {name: level for name, level in scored.rules.expectations if name in table.conditions}
            expected = {name: (1 - level if negated and level in (0, 1) else level) for name, level in kept.items()}
            results[f"solutions{suffix}"] = minimise(table, expectations=expected)
        except BwaError as fault:
            not_made.append(f"not made: {fault}")
    return not_made


def _in_degree(scored: StudyCases, results: dict[str, Result], permutations: int, seed: int) -> list[str]:
    raw = scored.raw
    varied = [name for name in raw.columns if name != scored.outcome and raw[name].nunique() > 2]
    if not varied or scored.outcome not in raw:
        return ["not made: necessary condition analysis (no condition and outcome are known in degree)"]
    try:
        found = nca(raw, outcome=scored.outcome, conditions=varied, permutations=permutations, seed=seed)
    except BwaError as fault:
        return [f"not made: {fault}"]
    results["nca"] = replace(found, synthetic=scored.synthetic, provenance=scored.provenance)
    return []


def _figures(scored: StudyCases, settings: Robustness, results: dict[str, Result], language: str) -> dict[str, bytes]:
    from bwa_study.analysis.necessity.truth_table import TruthTable

    drawn: dict[str, Figure] = (
        {"F4_two_by_two": plot_two_by_two(scored, language=language)} if len(scored.conditions) > 1 else {}
    )
    drawn["robustness"] = plot_robustness(settings)
    if isinstance(table := results.get("truth_table"), TruthTable):
        drawn["truth_table"] = plot_truth_table(table, language=language)
    if isinstance(found := results.get("nca"), Nca):
        drawn["ceilings"] = plot_ceilings(found)
    out = {}
    for name, figure in drawn.items():
        data = io.BytesIO()
        told = ("SYNTHETIC DATA. " if scored.synthetic else "") + name.replace("_", " ")
        save(figure, data, kind="png", title=name, description=told)
        out[f"{name}.png"] = data.getvalue()
    return out


def _page(table: Necessity, settings: Robustness, not_made: list[str]) -> str:
    lines = [f"# {table.title}", ""]
    if table.synthetic:
        lines += [f"**{table.notes()[0]}**", ""]
    for language in ("en", "zh"):
        lines += [f"- {text}" for text in claims(table, language)] + [""]
    lines += [f"- {text}" for text in not_made]
    lines += ["", "How the numbers were made: " + " ".join([table.method, f"Source: {table.source}."]), ""]
    return "\n".join(lines)
