"""The way of each person who was interviewed again, code by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.people import People, people
from bwa_study.model.errors import WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

SIGNS = {"present": "+", "absent": "-", "both": "+/-", "silent": ".", "not asked": "x", "not interviewed": ""}
"""How a state is written: what a person said in a round."""


@dataclass(frozen=True, eq=False, repr=False)
class Trajectories(Result):
    """A row a person and code.

    ``table`` has the columns ``participant``, ``group``, ``sites``, ``theme``, ``code``, ``reliability`` (see
    `bwa_study.analysis.gate`), one a round with a key of `SIGNS`, and ``pattern``: ``gained`` (absent or silent, then
    present in the last interview), ``lost`` (the other way), ``kept``, ``came and went``, ``never`` (no interview says
    it is there), ``cannot say`` (asked in fewer than two interviews).
    """

    rounds: tuple[str, ...] = ()

    def compact(self) -> pd.DataFrame:
        """Persons and codes down, rounds across as signs, and the pattern."""
        shown = self.table.set_index(["participant", "code"])[[*self.rounds, "pattern", "reliability"]].copy()
        for round in self.rounds:
            shown[round] = shown[round].map(SIGNS)
        return shown


def trajectories(matrix: CodingMatrix, *, codes: Sequence[str] | None = None) -> Trajectories:
    """Follow everybody who was interviewed in two rounds or more.

    Parameters
    ----------
    matrix
        Of one coder. How a whole site went is `durability`.
    codes
        All by default.

    Returns
    -------
    Trajectories

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongCall
        If nobody was interviewed in two rounds.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> table = bwa.trajectories(m, codes=["coaching_mode"]).frame
    >>> sorted(set(table["group"]))
    ['brand_staff', 'manager', 'worker']
    """
    study = matrix.study
    rows = people(matrix, by_site=False, codes=codes)
    rounds = study.levels("round")
    table = rows.rows
    seen = table.groupby("participant", sort=False)["round"].nunique()
    panel = [str(person) for person, times in seen.items() if times >= 2]
    if not panel:
        raise WrongCall(
            f"trajectories need people interviewed in 2 rounds or more, found none (rounds: {', '.join(rounds)}) — "
            "give the same participant_id in the manifest to a person who comes back; compare() needs no panel"
        )
    out, gate = [], reliability_gate(study)
    statuses = gate.of_codes
    for person in panel:
        at = np.flatnonzero(table["participant"] == person)
        sites = dict.fromkeys(s for t in table["transcript"].iloc[at] for s in study.corpus[t].sites)
        facts = {"participant": person, "group": table["group"].iloc[at[0]], "sites": ";".join(sites)}
        for n, code in enumerate(rows.codes):
            states = {r: _state(rows, at[(table["round"].iloc[at] == r).to_numpy()], n) for r in rounds}
            where = {**facts, "theme": study.codebook[code].theme, "code": code}
            where["reliability"] = statuses[code]
            out.append({**where, **states, "pattern": pattern(list(states.values()))})
    return Trajectories(
        table=pd.DataFrame(out),
        title=f"Trajectories of {len(panel)} people interviewed in two rounds or more",
        method="What each said of a code in each round: + it is there, - it is not, +/- both, . nothing though asked, "
        "x not asked; empty: not interviewed. Gained, lost and kept go by the first and the last interview that "
        f"asked. {gate.note(matrix.coders)}",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        rounds=rounds,
    )


def pattern(states: Sequence[str]) -> str:
    """The pattern of a person's states in order of the rounds; see `Trajectories`.

    Examples
    --------
    >>> pattern(["absent", "present", "present"]), pattern(["present", "not asked", "silent"])
    ('gained', 'lost')
    """
    asked = [s for s in states if s not in ("not asked", "not interviewed")]
    if len(asked) < 2:
        return "cannot say"
    there = [s in ("present", "both") for s in asked]
    if not any(there):
        return "never"
    if all(there) or (there[0] and there[-1]):
        return "kept"
    if there[-1]:
        return "gained"
    return "lost" if there[0] else "came and went"


def _state(rows: People, here: npt.NDArray[np.intp], code: int) -> str:
    if not len(here):
        return "not interviewed"
    asked = here[rows.counted[here, code]]
    if not len(asked):
        return "not asked"
    present, absent = rows.present[asked, code].any(), rows.absent[asked, code].any()
    if present and absent:
        return "both"
    return "present" if present else "absent" if absent else "silent"
