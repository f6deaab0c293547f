"""What coding error does to scores of cases: coders' quality from double coding, pushed through to the claim."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bwa_study.analysis.necessity.interviews import Interviews
from bwa_study.model.matrix import CodingMatrix, matrix
from bwa_study.model.study import Study

FEWEST_STATEMENTS = 10


@dataclass(frozen=True, slots=True)
class CoderQuality:
    """How well a coder finds statements of some codes, turn by turn.

    ``sensitivity``: chance that a statement is coded; ``specificity``: chance that a turn without it is not; ``turns``:
    coded by two; ``statements``: given by either, of all codes and polarities together. NaN: too few to say.
    """

    sensitivity: float
    specificity: float
    turns: int
    statements: int


def coder_quality(study: Study, *, coder: str, codes: Sequence[str]) -> CoderQuality:
    r"""Estimate the quality of a coder from the turns that other people coded, too.

    Parameters
    ----------
    study
        With the codings of all coders.
    coder
        Whose quality; all other people are compared with her, pair by pair.
    codes
        Pooled, both polarities together.

    Returns
    -------
    CoderQuality
        NaN if fewer than 10 statements were given by either of two coders.

    Notes
    -----
    Two coders cannot say who of them is right. They are taken to be equally good, so that of *a* statements both gave
    and *b*, *c* that one gave, and *d* places where neither gave one,

    .. math:: sensitivity = \frac{2a}{2a + b + c} \qquad specificity = \frac{2d}{2d + b + c}

    which are the positive and the negative agreement. Where errors of the two hang together, both are too high.

    References
    ----------
    Cicchetti & Feinstein (1990), J. Clinical Epidemiology 43, 551-558 (positive and negative agreement).

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> found = coder_quality(study, coder="simulated-human-A", codes=["follow_up", "sustained_attention"])
    >>> 0.7 < found.sensitivity < 1, found.specificity > 0.99
    (True, True)
    """
    people = [one for one in study.codings.people if one in (study.reliability.coders or study.codings.people)]
    both = one = neither = turns = 0
    for other in people:
        if other == coder or coder not in people:
            continue
        pair = matrix(study, unit="turn", coders=[coder, other])
        shared = pair.examined.all(axis=0)
        at = [pair.codes.index(code) for code in codes]
        given = [flags[:, shared][:, :, at] for flags in (pair.present, pair.absent)]
        both += sum(int((f[0] & f[1]).sum()) for f in given)
        one += sum(int((f[0] ^ f[1]).sum()) for f in given)
        neither += sum(int((~f[0] & ~f[1]).sum()) for f in given)
        turns += int(shared.sum())
    if both + one < FEWEST_STATEMENTS:
        return CoderQuality(math.nan, math.nan, turns, both + one)
    return CoderQuality(2 * both / (2 * both + one), 2 * neither / (2 * neither + one), turns, both + one)


def miscoded(
    interviews: Interviews, matrix: CodingMatrix, quality: Sequence[tuple[Sequence[str], CoderQuality]],
    dice: np.random.Generator,
) -> Interviews:  # fmt: skip
    """What a coder of that quality would have made of the same interviews, were the codings the truth.

    Parameters
    ----------
    interviews
        Of the matrix.
    quality
        Codes with the quality they are coded with; codes that are not named stay as they are.
    dice
        Source of chance.

    Notes
    -----
    An interview with *k* turns that say so among *t* turns says so in the new coding with the chance
    :math:`1 - (1 - s)^k f^{t - k}`, *s* sensitivity and *f* specificity.
    """
    present, absent = interviews.present.copy(), interviews.absent.copy()
    for codes, of in quality:
        if math.isnan(of.sensitivity):
            continue
        at = [matrix.codes.index(code) for code in codes]
        for flags, said in ((present, interviews.present_turns), (absent, interviews.absent_turns)):
            k = said[:, at]
            silent = np.maximum(interviews.turns[:, None] - k, 0)
            missed = (1 - of.sensitivity) ** k * of.specificity**silent
            flags[:, at] = dice.random(missed.shape) >= missed
    return replace(interviews, present=present, absent=absent)
