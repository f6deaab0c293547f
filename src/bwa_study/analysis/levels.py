"""Which levels of a field are compared, and which cell of a comparison each person is in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.people import People
from bwa_study.model.errors import UnknownName, WrongCall

Rows = npt.NDArray[np.intp]


def pairs_of(
    between: str, levels: Sequence[str] | None, known: Sequence[str], found: npt.NDArray[np.object_]
) -> list[tuple[str, str]]:
    """The pairs of levels to compare: the one named, or all of those found.

    Raises
    ------
    UnknownName, WrongCall
        If a level does not exist, not two are named, or fewer than two were interviewed.
    """
    if levels is not None:
        for level in levels:
            if level not in known:
                raise UnknownName(between, level, known)
        if len(levels) != 2 or levels[0] == levels[1]:
            raise WrongCall(
                f"levels names the two {between}s to compare, from and to; got {', '.join(levels) or 'none'}"
            )
        return [(levels[0], levels[1])]
    here = [level for level in known if level in set(found)]
    if len(here) < 2:
        raise WrongCall(
            f"compare needs 2 {between}s or more, found {len(here)} ({', '.join(here) or 'none'}) — "
            f"a comparison between {between}s is not defined for these data; frequency(matrix, by=...) describes them"
        )
    return list(itertools.combinations(here, 2))


def arms_of(
    across: str | None, levels: Sequence[str] | None, known: Mapping[str, Sequence[str]]
) -> tuple[str, str] | None:
    """The two levels of a second field.

    Raises
    ------
    UnknownName, WrongCall
        If a level does not exist, or there are not two.
    """
    if across is None:
        if levels is not None:
            raise WrongCall("across_levels is given without across — name the field too")
        return None
    chosen = known[across] if levels is None else levels
    for level in chosen:
        if level not in known[across]:
            raise UnknownName(across, level, known[across])
    if len(chosen) != 2:
        raise WrongCall(f"across needs two levels of {across}, found {len(chosen)} ({', '.join(chosen)}) — name two")
    return chosen[0], chosen[1]


def cells_of_rows(
    values: Mapping[str, npt.NDArray[np.object_]],
    between: str,
    pair: tuple[str, str],
    across: str | None,
    arms: tuple[str, str] | None,
) -> Rows:
    """Number of the cell of each row; -1 where it is in none."""
    cell = np.full(len(values[between]), -1, dtype=np.intp)
    for number, level in enumerate(pair):
        cell[values[between] == level] = number
    if across is None or arms is None:
        return cell
    arm = np.full(len(cell), -1, dtype=np.intp)
    for number, level in enumerate(arms):
        arm[values[across] == level] = number
    return np.where((cell >= 0) & (arm >= 0), cell + 2 * arm, -1).astype(np.intp)


def in_both(rows: People, at: Rows, cell: Rows) -> Rows:
    """Rows of people (at one site) who are in both cells of their arm."""
    keys = pd.Series(list(zip(rows.rows["participant"].iloc[at], rows.rows["site"].iloc[at], strict=True)))
    sides = pd.Series(cell[at] % 2).groupby(keys.map(str)).transform("nunique")
    return at[(sides == 2).to_numpy()]
