"""The codebook at a glance (T2): what each code means, how often it was given, and whether it may be reported."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bwa_study.analysis.tallies import read_whole
from bwa_study.model.codebook import Code
from bwa_study.model.errors import SeveralCoders
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result


@dataclass(frozen=True, eq=False, repr=False)
class CodebookSummary(Result):
    """A row a code, in the order of the codebook.

    ``table`` has the columns ``theme``, ``code``, ``label`` and ``theme_label`` (in the study's language),
    ``definition``, ``example`` (the first of the codebook in that language, else the first), ``segments`` (codings of
    the coder), ``present``, ``absent`` (of these, by polarity), ``interviews`` (that hold at least one), ``of``
    (interviews the coder examined whole), and ``valence``.
    """

    labels: tuple[str, ...] = field(default=("label", "theme_label"))

    def compact(self) -> pd.DataFrame:
        """Label, definition, example, segments and interviews."""
        shown = self.table.assign(interviews=[f"{n} of {of}" for n, of in zip(*self._counts(), strict=True)])
        shown = shown.set_index("label")[["theme_label", "definition", "example", "segments", "interviews"]]
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
    rows = []
    for code in study.codebook:
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
            }
        )
    return CodebookSummary(
        table=pd.DataFrame(rows),
        title="Codebook",
        method="Segments: codings of the coder, in both polarities. Interviews: those with at least one, of all that "
        "the coder examined whole.",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
    )


def _example(code: Code, language: str) -> str:
    own = [e.text for e in code.examples if e.language == language] or [e.text for e in code.examples]
    return own[0] if own else ""
