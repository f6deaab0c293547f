"""How many interviews say a thing is there and how many that it is not: by site, group and round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.people import People, people
from bwa_study.model.matrix import CodingMatrix

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Said:
    """Interviews of one cell: how many were made, asked, say it is there, and say it is not (both counts in both)."""

    made: int
    asked: int
    present: int
    absent: int

    @property
    def net(self) -> float:
        """Mean of present less absent over those asked; NaN where nobody was."""
        return (self.present - self.absent) / self.asked if self.asked else float("nan")


@dataclass(frozen=True, eq=False)
class Evidence:
    """Counts of every site, group and round; a study without sites has one site, the empty one."""

    people: People = field(repr=False)
    rows_of: Mapping[tuple[str, str, str], Ints]
    sites: tuple[str, ...]

    def said(self, site: str, group: str, round: str, code: int) -> Said:
        """What a cell says of a code (its number)."""
        rows = self.rows_of.get((site, group, round))
        if rows is None:
            return Said(0, 0, 0, 0)
        asked = rows[self.people.counted[rows, code]]
        present, absent = (int(layer[asked, code].sum()) for layer in (self.people.present, self.people.absent))
        return Said(len(rows), len(asked), present, absent)

    def quotes(self, code: str, *, site: str, group: str = "", round: str = "", polarity: str) -> pd.DataFrame:
        """The words behind the cells of a site, in one group and round or in all."""
        parts = [
            rows
            for (at, of, when), rows in self.rows_of.items()
            if at == site and group in ("", of) and round in ("", when)
        ]
        rows = np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.intp)
        return self.people.quotes(code, rows, polarity)


def evidence(matrix: CodingMatrix, codes: Sequence[str] | None = None) -> Evidence:
    """Count a one-coder matrix by site, group and round.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a code does not exist.
    """
    sites = matrix.study.levels("site")
    rows = people(matrix, by_site=bool(sites), codes=codes)
    found: dict[tuple[str, str, str], list[int]] = {}
    for n, key in enumerate(zip(rows.rows["site"], rows.rows["group"], rows.rows["round"], strict=True)):
        found.setdefault(key, []).append(n)
    return Evidence(rows, {key: np.array(at, dtype=np.intp) for key, at in found.items()}, sites or ("",))
