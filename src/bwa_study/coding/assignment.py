"""Draw who codes what, blind: strata, a share coded twice, and the same work for everybody."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from bwa_study.model.assignment import Assignment
from bwa_study.model.errors import WrongCall, shown
from bwa_study.model.study import Study

Proposals = Literal["none", "single", "all"]
PROPOSALS: tuple[Proposals, ...] = ("none", "single", "all")
DRAWN_BY = ("group", "round", "language")
"""What strata are made of, unless the caller says otherwise."""


def assign(
    study: Study,
    *,
    coders: Sequence[str],
    share_double: float,
    seed: int,
    by: Sequence[str] = DRAWN_BY,
    proposals: Proposals = "none",
) -> Assignment:
    """Draw which coder codes which transcripts.

    Parameters
    ----------
    study
        Every transcript of it is coded at least once.
    coders
        Their names, each once.
    share_double
        Share of the transcripts that a second coder codes too, from 0 to 1, in every stratum as nearly as whole
        transcripts allow.
    seed
        The same seed draws the same.
    by
        Fields that make the strata: group, round, site, language, or another field of the manifest.
    proposals
        Where coders may see what the indicators propose: ``none``; ``single``, only in transcripts that are coded once,
        so that agreement is of people who saw none; ``all``.

    Returns
    -------
    Assignment
        With the chance every transcript and coder had.

    Raises
    ------
    WrongCall
        If a name is empty or given twice, the share is no share, or there are fewer coders than a share needs.
    UnknownName
        If there is no such field.

    Notes
    -----
    Transcripts are put in random order within each stratum, and the strata one after another; walking along, every
    transcript adds ``share_double``, and one is drawn whenever the sum passes a whole number, from a random start. So
    each transcript's chance is exactly ``share_double``, and a stratum of n holds n times that, rounded down or up
    (systematic sampling). First coders take turns in a random order, so that their work differs by one transcript at
    most in number; the second coder is one of the others who has the fewest second codings. By symmetry each coder's
    chance for a transcript is ``(1 + share_double) / coders``. Each coder's queue is in random order, so that practice
    and tiredness fall on all groups and rounds alike.

    References
    ----------
    Madow, W. G. (1949). On the theory of systematic sampling, II. Annals of Mathematical Statistics 20, 333-354.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> drawn = bwa.assign(study, coders=["c1", "c2", "c3"], share_double=0.2, seed=7)
    >>> [len(drawn.transcripts(coder)) for coder in drawn.coders]
    [93, 94, 93]
    """
    names = _checked(coders, share_double, proposals)
    chance = np.random.default_rng(seed)
    strata = _strata(study, by)
    line = [id for part in strata.values() for id in chance.permutation(part)]
    sums = np.floor(np.arange(len(line) + 1) * share_double + chance.random() + 1e-12)
    double = {id for id, a, b in zip(line, sums[:-1], sums[1:], strict=True) if b > a}
    turn = [str(name) for name in chance.permutation(names)]
    first = {id: turn[n % len(turn)] for n, id in enumerate(line)}
    second = _second_coders([id for id in line if id in double], first, turn, chance)
    stratum = {id: " / ".join(levels) for levels, part in strata.items() for id in part}
    rows = [(id, coder, place) for who, place in ((first, "first"), (second, "second")) for id, coder in who.items()]
    queue = {key: n for n, key in enumerate(chance.permutation(len(rows)))}
    table = pd.DataFrame(rows, columns=["transcript", "coder", "place"])
    table["queue"] = [queue[n] for n in range(len(rows))]
    table["order"] = table.groupby("coder")["queue"].rank().astype(int)
    table["stratum"] = table["transcript"].map(stratum)
    table["double_coded"] = table["transcript"].isin(double)
    table["double_probability"] = repr(float(share_double))
    table["coder_probability"] = repr((1 + share_double) / len(names))
    table["proposals_shown"] = {"none": False, "all": True}.get(proposals, ~table["double_coded"])
    table["seed"] = seed
    places = {name: n for n, name in enumerate(names)}
    table = table.sort_values(["coder", "order"], key=lambda s: s.map(places) if s.name == "coder" else s)
    return Assignment(table.drop(columns="queue"))


def _checked(coders: Sequence[str], share_double: float, proposals: str) -> list[str]:
    names = [name.strip() for name in coders]
    twice = [name for name, n in Counter(names).items() if n > 1]
    if not names or not all(names) or twice:
        named = f"'{shown(twice[0])}' is given twice" if twice else "a name is empty"
        raise WrongCall(f"coders: {named if names else 'nobody is named'} — name each coder once")
    if not (math.isfinite(share_double) and 0 <= share_double <= 1):
        raise WrongCall(f"share_double is {share_double} — give a share from 0 to 1, such as 0.2")
    if share_double > 0 and len(names) < 2:
        raise WrongCall("to code twice takes two coders or more — name another, or give share_double=0")
    if proposals not in PROPOSALS:
        raise WrongCall(f"proposals '{shown(proposals)}' is not one of {', '.join(PROPOSALS)}")
    return names


def _strata(study: Study, by: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
    """Ids of the transcripts by their levels of the fields, strata in declared order."""
    levels = [study.levels(name) for name in by]
    parts: dict[tuple[str, ...], list[str]] = {}
    for transcript in study.corpus:
        own = {"group": transcript.group, "round": transcript.round, "language": transcript.language}
        own["site"] = ";".join(transcript.sites)
        parts.setdefault(tuple(own.get(name, transcript.attribute(name)) for name in by), []).append(transcript.id)
    known = [{value: n for n, value in enumerate(one)} for one in levels]

    def declared(key: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
        return tuple((places.get(value, len(places)), value) for places, value in zip(known, key, strict=True))

    return {key: parts[key] for key in sorted(parts, key=declared)}


def _second_coders(
    ids: Sequence[str], first: dict[str, str], coders: Sequence[str], chance: np.random.Generator
) -> dict[str, str]:
    """For each transcript another coder than the first: one who has the fewest, by lot where several have."""
    have = Counter(dict.fromkeys(coders, 0))
    out = {}
    for id in ids:
        others = [coder for coder in coders if coder != first[id]]
        fewest = min(have[coder] for coder in others)
        out[id] = str(chance.choice([coder for coder in others if have[coder] == fewest]))
        have[out[id]] += 1
    return out
