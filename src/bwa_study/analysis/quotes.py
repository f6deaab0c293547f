"""The sentences behind a number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bwa_study.analysis.tallies import read_whole, sites_of, turn_of
from bwa_study.model.codings import Codings
from bwa_study.model.corpus import Corpus
from bwa_study.model.matrix import CodingMatrix, Flags

COLUMNS = [
    "transcript",
    "participant",
    "group",
    "round",
    "sites",
    "language",
    "turn",
    "code",
    "polarity",
    "quote",
    "coder",
    "indicator",
    "consent_quotes",
    "translation",
]


def coded_quotes(codings: Codings, corpus: Corpus) -> pd.DataFrame:
    """Codings with the facts of their interview, in the order of the corpus and of the text.

    Returns
    -------
    pandas.DataFrame
        Columns transcript, participant, group, round, sites (ids joined with ``;``: those the words are about),
        language, turn (number), code, polarity, quote, coder, indicator (empty for people's codings),
        consent_quotes (``none`` where the words may not be printed), translation (the turn in the interview's other
        language, or those words of it that were coded, where the coding was put on them; empty where there is none;
        the same consent holds).
    """
    order = {t.id: n for n, t in enumerate(corpus)}
    rows = []
    for coding in codings:
        t = corpus[coding.transcript]
        turn = turn_of(t, coding)
        sites = ";".join(sites_of(t, turn, coding))
        facts = (t.id, t.participant, t.group, t.round, sites, turn.language, turn.number)
        said = (coding.code, coding.polarity, coding.quote, coding.coder, coding.indicator, t.consent_quotes)
        other = coding.other_quote or t.in_other_language(turn.number)
        rows.append(((order[t.id], coding.start), (*facts, *said, other)))
    rows.sort(key=lambda row: row[0])
    return pd.DataFrame([row for _, row in rows], columns=COLUMNS)


def counted_rows(matrix: CodingMatrix, quotes: pd.DataFrame, codes: Sequence[str], *, whole: bool) -> Flags:
    """Which rows of a table of quotes stand in a unit to which a one-coder matrix gives one of `codes`, so.

    A unit counts where it was asked about any of them. With `whole`, only interviews that were examined in full count.
    """
    units = matrix.units
    read = read_whole(matrix) if whole else matrix.examined[0]
    at = [matrix.codes.index(code) for code in codes]
    given = set()
    for polarity, layer in (("present", matrix.present), ("absent", matrix.absent)):
        rows = units[layer[0][:, at].any(axis=1) & read & matrix.asked[:, at].any(axis=1)]
        given |= {(polarity, *key) for key in zip(rows["transcript"], rows["turn"], rows["site"], strict=True)}
    facts = zip(quotes["polarity"], quotes["transcript"], quotes["turn"], quotes["sites"], strict=True)
    found = [
        any((polarity, t, turn if matrix.unit == "turn" else 0, site) in given for site in sites.split(";"))
        for polarity, t, turn, sites in facts
    ]
    return np.array(found, dtype=bool)
