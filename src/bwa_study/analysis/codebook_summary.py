"""The codebook at a glance (T2): what each code means, how often it was given, and whether it may be reported."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.analysis.tallies import read_whole
from bwa_study.model.codebook import Code
from bwa_study.model.errors import SeveralCoders, UnknownName
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result


@dataclass(frozen=True, eq=False, repr=False)
class CodebookSummary(Result):
    """A row a code, in the order of the codebook.

    ``table`` has the columns ``theme``, ``code``, ``label`` and ``theme_label`` (in the study's language),
    ``definition``, ``example`` (the first of the codebook in that language, else the first), ``segments`` (codings of
    the coder), ``present``, ``absent`` (of these, by polarity), ``interviews`` (that hold at least one), ``of``
    (interviews the coder examined whole), ``valence``, ``alpha``, ``low``, ``high`` and ``reliability`` (agreement of
    the study's coders, its 95% interval and what the code may be used for, see
    `bwa_study.analysis.gate.reliability_gate`; NaN where nothing is double-coded or alpha is not defined).
    """

    labels: tuple[str, ...] = field(default=("label", "theme_label"))
    matrix: CodingMatrix | None = field(default=None, repr=False)

    def quotes(self, code: str, column: str = "segments") -> pd.DataFrame:
        """The words behind a count, a row a coding: ``segments``, ``present`` or ``absent`` rows, or as many interviews
        as ``interviews``.

        Raises
        ------
        UnknownName
            If there is no such code or column of counts.
        """
        assert self.matrix is not None
        self.matrix.study.codebook[code]
        known = ("segments", "present", "absent", "interviews")
        if column not in known:
            raise UnknownName("column of counts", column, known)
        polarity = column if column in ("present", "absent") else None
        return coded_quotes(self.matrix.codings.select(code=code, polarity=polarity), self.matrix.study.corpus)

    def compact(self) -> pd.DataFrame:
        """Label, definition, example, segments, interviews, alpha with its interval, and reliability."""
        shown = self.table.assign(interviews=[f"{n} of {of}" for n, of in zip(*self._counts(), strict=True)])
        shown["alpha"] = [_shown_alpha(*row) for row in self.table[["alpha", "low", "high"]].itertuples(index=False)]
        columns = ["theme_label", "definition", "example", "segments", "interviews", "alpha", "reliability"]
        shown = shown.set_index("label")[columns]
        shown.index.name = "code"
        return shown.rename(columns={"theme_label": "theme"})

    def _counts(self) -> tuple[pd.Series, pd.Series]:
        return self.table["interviews"], self.table["of"]


def codebook_summary(matrix: CodingMatrix) -> CodebookSummary:
    """Say of every code what it means and how often it was given.

    Parameters
    ----------
    matrix
        Of one coder.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> row = bwa.codebook_summary(m).frame.set_index("code").loc["audit_mode"]
    >>> int(row["present"] + row["absent"] - row["segments"]), int(row["of"])
    (0, 233)
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("codebook_summary", matrix.coders)
    study, codings = matrix.study, matrix.codings.table
    whole = set(matrix.units.loc[read_whole(matrix), "transcript"])
    gate = reliability_gate(study)
    rows = []
    for code in study.codebook:
        measured = gate.row(code.id)
        mine = codings[codings["code"] == code.id]
        rows.append(
            {
                "theme": code.theme,
                "code": code.id,
                "label": study.label("code", code.id),
                "theme_label": study.label("theme", code.theme) if code.theme else "",
                "definition": code.definition,
                "example": _example(code, study.language),
                "segments": len(mine),
                "present": int((mine["polarity"] == "present").sum()),
                "absent": int((mine["polarity"] == "absent").sum()),
                "interviews": mine["transcript"].nunique(),
                "of": len(whole),
                "valence": code.valence,
                **{name: measured[name] for name in ("alpha", "low", "high")},
                "reliability": measured["status"],
            }
        )
    return CodebookSummary(
        table=pd.DataFrame(rows),
        title="Codebook",
        method="Segments: codings of the coder, in both polarities. Interviews: those with at least one, of all that "
        f"the coder examined whole. {gate.note(matrix.coders)}",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        matrix=matrix,
    )


def _shown_alpha(alpha: float, low: float, high: float) -> str:
    if math.isnan(alpha):
        return ""
    return f"{alpha:.2f}" + ("" if math.isnan(low) else f" [{low:.2f}, {high:.2f}]")


def _example(code: Code, language: str) -> str:
    own = [e.text for e in code.examples if e.language == language] or [e.text for e in code.examples]
    return own[0] if own else ""
