"""How much of one coder's work another one finds: recall and precision by code, polarity and language."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bwa_study.analysis.tallies import turn_of
from bwa_study.model.codings import TIME_REFS, Placed
from bwa_study.model.errors import NoCodings, UnknownName
from bwa_study.model.results import Result
from bwa_study.model.study import Study

FIELDS = ("code", "theme", "polarity", "language", "group", "round")


@dataclass(frozen=True, eq=False, repr=False)
class Recovery(Result):
    """Found and missed codings, a row a cell.

    ``table`` has the columns of `by`, then ``reference`` (codings of the reference coder), ``found`` (how many of them
    the other coder also has: same code and polarity, overlapping words), ``recall`` (found / reference), ``proposed``
    (codings of the other coder), ``right`` (how many of them overlap one of the reference) and ``precision``
    (right / proposed). A ratio with denominator 0 is NaN.
    """

    by: tuple[str, ...] = ()


def recovery(
    study: Study, *, reference: str, coder: str = "indicators", by: Sequence[str] = ("code", "polarity", "language")
) -> Recovery:
    r"""Hold one coder's codings against another's.

    Parameters
    ----------
    study
        With the codings of both coders; add proposals with `Study.with_codings`.
    reference
        The coder taken as right.
    coder
        The coder that is measured. Only transcripts both have examined in full are compared.
    by
        Any of code, theme, polarity, language (of the turn), group, round; empty for one row.

    Raises
    ------
    UnknownName
        If a coder has no codings, or a field is unknown.
    NoCodings
        If there is no transcript that both coders have examined in full.

    Notes
    -----
    .. math:: recall = found / reference \qquad precision = right / proposed

    Two codings match when code and polarity are the same and their spans share a code point.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> study = study.with_codings(bwa.apply_codebook(study.corpus, study.codebook), examined_whole="indicators")
    >>> bwa.recovery(study, reference="simulated-human-A", by=()).frame["recall"].between(0, 1).all()
    np.True_
    """
    by = tuple(by)
    for name in by:
        if name not in FIELDS:
            raise UnknownName("field to measure by", name, FIELDS)
    times = ("", *TIME_REFS)
    for name in (reference, coder):
        study.codings.select(coder=name)
    theirs, ours = (list(study.codings.counted(coders=[name], time_refs=times)) for name in (reference, coder))
    read = [t.id for t in study.corpus if _whole(study, reference, t.id) and _whole(study, coder, t.id)]
    if not read:
        raise NoCodings(
            f"{reference} and {coder} have no transcript that both examined in full — list what each coder read in "
            "codings/examined.csv, or add proposals with with_codings(proposals, examined_whole=...)"
        )
    known = set(read)
    theirs, ours = ([c for c in codings if c.transcript in known] for codings in (theirs, ours))
    counts: dict[str, Counter[tuple[str, ...]]] = {
        "reference": Counter(_cell(study, c, by) for c in theirs),
        "found": Counter(_cell(study, c, by) for c in _matched(theirs, ours)),
        "proposed": Counter(_cell(study, c, by) for c in ours),
        "right": Counter(_cell(study, c, by) for c in _matched(ours, theirs)),
    }
    cells = sorted({*counts["reference"], *counts["proposed"]}, key=lambda cell: _order(study, cell, by))
    rows = []
    for cell in cells:
        of, found, proposed, right = (counts[k][cell] for k in ("reference", "found", "proposed", "right"))
        recall, precision = found / of if of else math.nan, right / proposed if proposed else math.nan
        rows.append((*cell, of, found, recall, proposed, right, precision))
    names = [*by, "reference", "found", "recall", "proposed", "right", "precision"]
    return Recovery(
        table=pd.DataFrame(rows, columns=names),
        title=f"What {coder} finds of the codings of {reference}",
        method="Two codings match when code and polarity are the same and their words overlap.",
        provenance={
            "coder": coder,
            "reference": reference,
            "codebook": f"{study.codebook.id} {study.codebook.version}",
            "interviews": str(len(read)),
        },
        synthetic=study.synthetic,
        by=by,
    )


def _whole(study: Study, coder: str, transcript: str) -> bool:
    turns = study.corpus[transcript].respondent_turns
    return all(study.examined.read(coder, transcript, turn.number) for turn in turns)


def _matched(codings: list[Placed], others: list[Placed]) -> list[Placed]:
    places: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for other in others:
        places.setdefault((other.transcript, other.code, other.polarity), []).append((other.start, other.end))
    return [
        c
        for c in codings
        if any(c.start < end and start < c.end for start, end in places.get((c.transcript, c.code, c.polarity), ()))
    ]


def _cell(study: Study, coding: Placed, by: tuple[str, ...]) -> tuple[str, ...]:
    t = study.corpus[coding.transcript]
    turn = turn_of(t, coding)
    facts = {
        "code": coding.code,
        "theme": study.codebook[coding.code].theme,
        "polarity": coding.polarity,
        "language": turn.language,
        "group": t.group,
        "round": t.round,
    }
    return tuple(facts[name] for name in by)


def _order(study: Study, cell: tuple[str, ...], by: tuple[str, ...]) -> tuple[object, ...]:
    codes = list(study.codebook.ids)
    declared = {
        "code": codes,
        "theme": [t.id for t in study.codebook.themes],
        "polarity": ["present", "absent"],
        "group": list(study.levels("group")),
        "round": list(study.levels("round")),
    }
    return tuple(
        declared[name].index(value) if name in declared and value in declared[name] else value
        for name, value in zip(by, cell, strict=True)
    )
