"""The coding as one wide table, a row a unit and a column a code, for R, SPSS and Stata."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bwa_study.analysis.tallies import read_whole
from bwa_study.model.errors import SeveralCoders
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

ABSENT = "_no"
"""What the name of the column ends in that says whether absence was stated."""


@dataclass(frozen=True, eq=False, repr=False)
class WideCodes(Result):
    """A row a unit and site; see `wide_codes` for the columns. `labels` are pairs of column and what it means."""

    labels: tuple[tuple[str, str], ...] = ()


def wide_codes(matrix: CodingMatrix) -> WideCodes:
    """Lay a one-coder matrix out as 0 and 1.

    Returns
    -------
    WideCodes
        ``table`` has the columns transcript, turn (0 when the unit is the interview), site, participant, group,
        round, language, the other fields of the manifest, then for each code ``<code>`` (1: said to be present) and
        ``<code>_no`` (1: said to be absent). 0 is "asked and examined, and not said"; missing is "not asked or not
        examined": silence and absence of a question are never the same number.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), unit="interview", coders=["simulated-human-A"])
    >>> table = bwa.wide_codes(m).frame
    >>> sorted(table["covid"].dropna().unique().tolist()), int(table["change_endures"].isna().sum()) > 0
    ([0, 1], True)
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("wide_codes", matrix.coders)
    study = matrix.study
    units = matrix.units.reset_index(drop=True)
    corpus = {t.id: t for t in study.corpus}
    fields = list(dict.fromkeys(name for t in study.corpus for name, _ in t.attributes))
    columns: dict[str, object] = {name: units[name] for name in units.columns}
    for name in fields:
        columns.setdefault(name, [corpus[t].attribute(name) for t in units["transcript"]])
    read = matrix.examined[0] if matrix.unit == "turn" else read_whole(matrix)
    labels = []
    for at, code in enumerate(matrix.codes):
        known = read & matrix.asked[:, at]
        label = study.label("code", code)
        for name, layer, said in ((code, matrix.present, "present"), (f"{code}{ABSENT}", matrix.absent, "absent")):
            values = np.where(known, layer[0, :, at], 0)
            columns[name] = pd.arrays.IntegerArray(values.astype(np.int64), ~known)
            labels.append((name, f"{label}: said to be {said}"))
    return WideCodes(
        table=pd.DataFrame(columns),
        title=f"Codes by {matrix.unit}",
        method=f"A row a {matrix.unit} and site. 1: said; 0: asked and examined, and not said; missing: not asked or "
        "not examined.",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        labels=tuple(labels),
    )
