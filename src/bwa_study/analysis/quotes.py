"""The sentences behind a number."""

from __future__ import annotations

import pandas as pd

from bwa_study.model.codings import Codings
from bwa_study.model.corpus import Corpus

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
]


def coded_quotes(codings: Codings, corpus: Corpus) -> pd.DataFrame:
    """Codings with the facts of their interview, in the order of the corpus and of the text.

    Returns
    -------
    pandas.DataFrame
        Columns transcript, participant, group, round, sites (ids joined with ``;``: those the words are about),
        language, turn (number), code, polarity, quote, coder, indicator (empty for people's codings),
        consent_quotes (``none`` where the words may not be printed).
    """
    order = {t.id: n for n, t in enumerate(corpus)}
    rows = []
    for coding in codings:
        t = corpus[coding.transcript]
        turn = next((turn for turn in reversed(t.turns) if turn.span.start <= coding.start), t.turns[0])
        sites = coding.about or ";".join(t.about(turn))
        facts = (t.id, t.participant, t.group, t.round, sites, turn.language, turn.number)
        said = (coding.code, coding.polarity, coding.quote, coding.coder, coding.indicator, t.consent_quotes)
        rows.append(((order[t.id], coding.start), (*facts, *said)))
    rows.sort(key=lambda row: row[0])
    return pd.DataFrame([row for _, row in rows], columns=COLUMNS)
