"""Every condition of a study at every site, round by round (F2): statements for it less statements against it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import pandas as pd

from bwa_study.analysis.necessity.interviews import interviews_of
from bwa_study.analysis.necessity.raw_scores import raw_scores
from bwa_study.model.errors import WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result


@dataclass(frozen=True, eq=False, repr=False)
class ConditionScores(Result):
    """A row a site, measure and round.

    ``table`` has the columns ``site``, ``measure``, ``round``, ``score`` (-1 to 1, by the rules of the measure; NaN
    where it cannot be said), ``interviews`` (in which it was asked about, of the measure's informants), ``said`` and
    ``denied`` (of these, with a statement for and against) and ``reason`` (why there is no score).
    """

    picture: ClassVar[str] = "bwa_study.present.site_heatmap:plot_sites"

    sites: tuple[str, ...] = ()
    rounds: tuple[tuple[str, str], ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    """Pairs of id and label, as of the rounds."""
    matrix: CodingMatrix | None = field(default=None, repr=False)
    """The codings behind the scores."""

    def compact(self) -> pd.DataFrame:
        """Sites down; measures and rounds across."""
        names = dict(self.measures)
        shown = self.table.assign(
            cell=[f"{s:+.2f} ({n})" if s == s else "–" for s, n in self.table[["score", "interviews"]].values],
            measure=[names[m] for m in self.table["measure"]],
        )
        return shown.pivot_table(index="site", columns=["measure", "round"], values="cell", aggfunc="first", sort=False)


def condition_scores(matrix: CodingMatrix) -> ConditionScores:
    """Score the conditions and the outcome that `study.yaml` reads from codings, at every site in every round.

    Parameters
    ----------
    matrix
        Of one coder.

    Returns
    -------
    ConditionScores
        By the rules of each measure (codes, weights, informants, fewest interviews), but in every round.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongCall
        If the study declares no rules for cases, or none of its measures is read from codings.

    Notes
    -----
    See `bwa_study.analysis.necessity.raw_scores.raw_scores` for the formula.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> table = bwa.condition_scores(m).frame
    >>> table.query("site == 'F06' and measure == 'openness' and round == 'R1'")["reason"].tolist()
    ['no interview of worker in R1 was asked about it and read by the coder']
    """
    study = matrix.study
    if study.necessity is None:
        raise WrongCall("the study declares no conditions — describe them under 'necessity' in study.yaml")
    measures = [m for m in study.necessity.measures if m.source == "codes"]
    if not measures:
        raise WrongCall("no condition of the study is read from codings — give one 'codes' in study.yaml")
    interviews = interviews_of(matrix)
    rows = []
    for measure in measures:
        for round in study.levels("round"):
            there = replace(measure, rounds=(round,), confirmed_interviews=0, confirmed_groups=0)
            scores = raw_scores(there, study, interviews)
            for site, one in zip(study.levels("site"), scores, strict=True):
                counts = (one.evidence, one.said, one.denied, one.reason)
                rows.append((site, measure.id, round, one.value, *counts))
    columns = ["site", "measure", "round", "score", "interviews", "said", "denied", "reason"]
    language = study.language
    return ConditionScores(
        table=pd.DataFrame(rows, columns=columns),
        title="Conditions at every site, round by round",
        method="Balance of statements for and against, from -1 to 1: mean over interviews of a group, then over the "
        "groups that are asked (see 'necessity' in study.yaml).",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        sites=study.levels("site"),
        rounds=tuple((r.id, r.label.text(language) or r.id) for r in study.rounds),
        measures=tuple((m.id, m.label.text(language) or m.id) for m in measures),
        matrix=matrix,
    )
