"""What each interview says of each site, code by code: the evidence that scores of cases are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.model.errors import SeveralCoders
from bwa_study.model.matrix import CodingMatrix

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Interviews:
    """A row an interview and site it is about.

    Parameters
    ----------
    table
        Columns transcript, site, group, round.
    present, absent
        Arrays row x code: whether the interview says so of the site.
    asked
        Array row x code.
    read
        Array row: whether the coder examined the whole interview.
    present_turns, absent_turns, turns
        Arrays row x code: turns (or, for a matrix of interviews, interviews) that say so; array row: turns about the
        site.
    """

    table: pd.DataFrame
    present: Flags
    absent: Flags
    asked: Flags
    read: Flags
    present_turns: Ints
    absent_turns: Ints
    turns: Ints


def interviews_of(matrix: CodingMatrix) -> Interviews:
    """Lay a one-coder matrix out by interview and site; a site an interview is about and silent on has its row too.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("scoring cases", matrix.coders)
    units, corpus = matrix.units, matrix.study.corpus
    keys: dict[tuple[str, str], int] = {}
    of_row = np.full(len(units), -1, dtype=np.int64)
    for n, (transcript, site) in enumerate(zip(units["transcript"], units["site"], strict=True)):
        if site:
            of_row[n] = keys.setdefault((transcript, site), len(keys))
    for t in corpus:
        for site in t.sites:
            keys.setdefault((t.id, site), len(keys))
    first = {t: n for n, t in reversed(list(enumerate(units["transcript"])))}
    unread = set(units["transcript"][~matrix.examined[0]])
    shape = (len(keys), len(matrix.codes))
    known = of_row >= 0

    def turns(flags: Flags) -> Ints:
        out = np.zeros(shape, dtype=np.int64)
        np.add.at(out, of_row[known], flags[known])
        return out

    present, absent = turns(matrix.present[0]), turns(matrix.absent[0])
    facts = [(t, s, corpus[t].group, corpus[t].round) for t, s in keys]
    asked = np.array([matrix.asked[first[t]] if t in first else np.zeros(shape[1], dtype=bool) for t, _ in keys])
    return Interviews(
        table=pd.DataFrame(facts, columns=["transcript", "site", "group", "round"]),
        present=present > 0,
        absent=absent > 0,
        asked=asked.reshape(shape),
        read=np.array([t in first and t not in unread for t, _ in keys], dtype=bool),
        present_turns=present,
        absent_turns=absent,
        turns=np.bincount(of_row[known], minlength=len(keys)).astype(np.int64),
    )
