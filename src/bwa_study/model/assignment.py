"""Who codes what: drawn once, and kept with the chances it was drawn by."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bwa_study.model.errors import UnknownName
from bwa_study.model.schema import Column, Schema

ASSIGNMENT = Schema(
    "assignment table",
    (
        Column("transcript", "id", required=True, filled=True),
        Column("coder", required=True, filled=True),
        Column("place", required=True, filled=True, levels=("first", "second")),
        Column("order", "integer", required=True, filled=True),
        Column("stratum"),
        Column("double_coded", "boolean", required=True, filled=True),
        Column("double_probability", required=True, filled=True),
        Column("coder_probability", required=True, filled=True),
        Column("proposals_shown", "boolean", required=True, filled=True),
        Column("seed", "integer", required=True, filled=True),
    ),
)
"""Columns of an assignment, a row a transcript and coder.

``place`` first or second coder; ``order`` the transcript's place in the coder's own queue, from 1; ``stratum`` the
levels it was drawn within, joined with `` / ``; ``double_probability`` the chance that the transcript was drawn to be
coded twice; ``coder_probability`` the chance that this coder was drawn for it, first or second; ``proposals_shown``
whether the coder may see what the indicators propose; ``seed`` of the draw.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Which coder codes which transcripts, in which order, and whether proposals are shown.

    Parameters
    ----------
    table
        Columns of `ASSIGNMENT`.

    Raises
    ------
    TableError
        With every bad row.
    """

    table: pd.DataFrame = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", ASSIGNMENT.conform(self.table, file="assignment").reset_index(drop=True))

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the table; the two probabilities are numbers."""
        table = self.table.copy()
        for name in ("double_probability", "coder_probability"):
            table[name] = table[name].astype(float)
        return table

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of the coders."""
        return tuple(self.table["coder"].drop_duplicates())

    def transcripts(self, coder: str) -> tuple[str, ...]:
        """Ids of the transcripts `coder` is to code, in her order.

        Raises
        ------
        UnknownName
            If she has none.
        """
        return tuple(self._of(coder)["transcript"])

    def shows_proposals(self, coder: str) -> frozenset[str]:
        """Ids of the transcripts whose proposals `coder` may see.

        Raises
        ------
        UnknownName
            If she has none.
        """
        rows = self._of(coder)
        return frozenset(rows.loc[rows["proposals_shown"], "transcript"])

    def _of(self, coder: str) -> pd.DataFrame:
        if coder not in self.coders:
            raise UnknownName("coder", coder, self.coders)
        return self.table[self.table["coder"] == coder].sort_values("order")
