"""Several coders' codings become one, by a rule that is stated."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from bwa_study.model.errors import NoCodings, UnknownName
from bwa_study.model.matrix import CodingMatrix, Flags

Rule = Literal["any", "majority", "all"]
RULES: tuple[Rule, ...] = ("any", "majority", "all")


def consensus(matrix: CodingMatrix, *, rule: Rule) -> CodingMatrix:
    """One coder out of several.

    Parameters
    ----------
    matrix
        Of two or more coders.
    rule
        ``any``: one coder suffices; ``majority``: more than half of those who examined the unit; ``all``: each of
        those who examined it.

    Returns
    -------
    CodingMatrix
        One coder named ``consensus (rule)``; a unit is examined where any coder examined it. `codings` keeps all
        coders' codings, so that the sentences behind a cell can be read.

    Raises
    ------
    UnknownName
        If there is no such rule.
    NoCodings
        If the matrix has no coder.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> coders = ["simulated-human-A", "simulated-human-B"]
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), unit="turn", coders=coders)
    >>> [int(consensus(m, rule=rule).present.sum()) for rule in ("any", "all")]
    [2224, 2120]
    """
    if rule not in RULES:
        raise UnknownName("consensus rule", rule, RULES)
    if not matrix.coders:
        raise NoCodings("consensus needs at least one coder — this matrix has none")
    readers = matrix.examined.sum(axis=0)[:, None]
    needed = {"any": np.ones_like(readers), "majority": readers // 2 + 1, "all": readers}[rule]

    def agreed(layers: Flags) -> Flags:
        votes = (layers & matrix.examined[:, :, None]).sum(axis=0)
        return np.asarray((votes >= needed) & (readers > 0))[None]

    name = f"consensus ({rule})"
    return replace(
        matrix,
        coders=(name,),
        present=agreed(matrix.present),
        absent=agreed(matrix.absent),
        examined=(readers > 0).T,
        provenance={**matrix.provenance, "coder": f"{name} of {', '.join(matrix.coders)}"},
    )
