"""A coder against herself at two dates: how far the same words get the same codes when they are read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from bwa_study.analysis.reliability import Reliability, reliability
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.errors import NoCodings, UnknownName, WrongCall
from bwa_study.model.matrix import Unit, matrix
from bwa_study.model.reliability_rules import Rule
from bwa_study.model.schema import is_date
from bwa_study.model.study import Study


def self_agreement(
    study: Study,
    *,
    coder: str,
    since: str,
    transcripts: Iterable[str] | None = None,
    unit: Unit = "turn",
    by: Sequence[str] = (),
    rule: Rule = "krippendorff2004",
) -> Reliability:
    """Agreement of a coder's codings before a day with those of the same transcripts from that day on.

    Parameters
    ----------
    study
        Whose codings have dates.
    coder
        One name. (Where the second pass was given under another name, compare the two names with `reliability`.)
    since
        The first day of the second pass, YYYY-MM-DD.
    transcripts
        Those that were coded twice. By default the ones with a coding on both sides of `since`; name them if some got
        no code in one pass, for such a transcript looks as if it had been read once, and leaving it out flatters.
    unit, by, rule
        As for `matrix` and `reliability`.

    Returns
    -------
    Reliability
        Of two passes, named ``<coder> before <since>`` and ``<coder> since <since>``.

    Raises
    ------
    UnknownName
        If the coder or a transcript does not exist.
    WrongCall
        If `since` is not a date, or codings of the coder have no date.
    NoCodings
        If no transcript was coded on both sides of `since`.

    References
    ----------
    Krippendorff, K. (2004). *Content Analysis*, 2nd ed., chapter 11: stability, the weakest kind of reliability, for a
    coder can be wrong in the same way twice.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> table = study.codings.table
    >>> named = bwa.Codings(table.assign(coder=table["coder"].str.removesuffix("-second-pass")))
    >>> twice = replace(study, codings=named)
    >>> found = self_agreement(twice, coder="simulated-human-B", since="2022-02-01").frame
    >>> found.loc[found["code"] == "covid", "alpha"].round(2).tolist()
    [0.86]
    """
    both = matrix(two_passes(study, coder=coder, since=since, transcripts=transcripts), unit=unit, coders=None)
    names = _names(coder, since)
    result = reliability(both, coders=names, by=by, rule=rule)
    return replace(result, title=f"{coder} before and since {since}, {unit} by {unit}")


def two_passes(study: Study, *, coder: str, since: str, transcripts: Iterable[str] | None = None) -> Study:
    """The study with one coder's codings only, split into two coders by date; for any analysis of two coders.

    Both passes count as having examined, of the transcripts coded twice, what the record says the coder examined.
    Parameters and errors as for `self_agreement`.
    """
    if not is_date(since):
        raise WrongCall(f"self_agreement: since is '{since}', not a date — write it as YYYY-MM-DD, such as 2022-02-01")
    known = tuple(dict.fromkeys([*study.codings.coders, *study.examined.coders]))
    if coder not in known:
        raise UnknownName("coder", coder, known)
    table = study.codings.table
    mine = table[table["coder"] == coder]
    undated = int((mine["date"] == "").sum())
    if undated:
        raise WrongCall(
            f"self_agreement: {undated} of {len(mine)} codings of {coder} have no date, so it is not known which pass "
            "they belong to — fill the column 'date'"
        )
    later = mine["date"] >= since
    twice = _coded_twice(study, mine, later, transcripts)
    if not twice:
        raise NoCodings(
            f"{coder} coded no transcript both before and since {since} — choose a day between the two passes, or name "
            "the transcripts that were coded twice"
        )
    here = mine["transcript"].isin(twice)
    first, second = _names(coder, since)
    parts = [
        Codings(mine[here & side].assign(coder=name).reset_index(drop=True))
        for name, side in ((first, ~later), (second, later))
    ]
    read = study.examined.turns.get(coder)
    turns = {t: None if read is None else read.get(t, frozenset()) for t in twice}
    return replace(study, codings=Codings.joined(parts), examined=Examined({first: turns, second: turns}))


def _coded_twice(
    study: Study, mine: pd.DataFrame, later: pd.Series, transcripts: Iterable[str] | None
) -> tuple[str, ...]:
    ids = [t.id for t in study.corpus]
    if transcripts is None:
        both = set(mine.loc[~later, "transcript"]) & set(mine.loc[later, "transcript"])
        return tuple(id for id in ids if id in both)
    named = tuple(dict.fromkeys(transcripts))
    for id in named:
        if id not in ids:
            raise UnknownName("transcript", id, ids)
    return named


def _names(coder: str, since: str) -> tuple[str, str]:
    return f"{coder} before {since}", f"{coder} since {since}"
