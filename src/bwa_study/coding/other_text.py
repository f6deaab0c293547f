"""Indicators read the other language of bilingual interviews; what they find there stands on the transcript's turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.model.codings import Codings
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import UnknownName
from bwa_study.model.transcripts import PairedText, Role, Transcript

Text = Literal["own", "other", "both"]
"""Which text of a bilingual interview is read: the transcript's own, its other language, or both."""
TEXTS: tuple[Text, ...] = get_args(Text)


def check_text(text: str) -> None:
    """Refuse what is no way to read a bilingual interview."""
    if text not in TEXTS:
        raise UnknownName("text of bilingual interviews", text, TEXTS)


def other_texts(corpus: Corpus) -> Corpus:
    """The interviews that have a second language, as transcripts of that one, with the turns that were translated."""
    return Corpus(tuple(_as_other(one, one.paired) for one in corpus if one.paired))


def _as_other(one: Transcript, paired: PairedText) -> Transcript:
    said = [
        replace(turn, span=span, language=paired.language)
        for turn, span in zip(one.turns, paired.spans, strict=True)
        if turn.role is Role.RESPONDENT and span.start < span.end
    ]
    return replace(one, text=paired.text, turns=tuple(said), language=paired.language, paired=None)


def on_their_turns(found: Codings, corpus: Corpus) -> Codings:
    """Proposals on the other texts of `corpus` as codings on its own: on the whole turn, with the other words kept."""
    table = found.frame
    table["other_quote"] = table["quote"]
    for id, rows in _by_transcript(table):
        transcript = corpus[id]
        assert transcript.paired is not None
        places = [(p.start, t.span) for t, p in zip(transcript.turns, transcript.paired.spans, strict=True) if p]
        starts = np.array([start for start, _ in places])
        at = np.searchsorted(starts, table["start"].to_numpy(np.int64)[rows], side="right") - 1
        spans = [places[n][1] for n in at]
        index = table.index[rows]
        table.loc[index, "start"] = [span.start for span in spans]
        table.loc[index, "end"] = [span.end for span in spans]
        table.loc[index, "quote"] = [transcript.quote(span) for span in spans]
        table.loc[index, "text_digest"] = transcript.digest
    table["match_start"] = table["match_end"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return Codings._checked(table)


def both(own: Codings, other: Codings, corpus: Corpus) -> Codings:
    """The proposals on a corpus' own texts, and those of the other language where the own text says nothing.

    Of one code and turn, only those of one text stand, so that nothing is counted twice.
    """
    said = set(_code_of_turn(own.table, corpus))
    new = np.array([key not in said for key in _code_of_turn(other.table, corpus)], dtype=bool)
    joined = pd.concat([own.table, other.table[new]], ignore_index=True)
    number = {one.id: n for n, one in enumerate(corpus)}
    order = np.lexsort((joined["start"].to_numpy(np.int64), joined["transcript"].map(number).to_numpy(np.int64)))
    return Codings._checked(joined.iloc[order])


def _code_of_turn(table: pd.DataFrame, corpus: Corpus) -> list[tuple[str, int, str]]:
    turn = np.zeros(len(table), dtype=np.int64)
    for id, rows in _by_transcript(table):
        starts = np.array([t.span.start for t in corpus[id].turns])
        turn[rows] = np.searchsorted(starts, table["start"].to_numpy(np.int64)[rows], side="right")
    return list(zip(table["transcript"], turn.tolist(), table["code"], strict=True))


def _by_transcript(table: pd.DataFrame) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    for id, rows in table.groupby("transcript", sort=False).indices.items():
        yield str(id), np.asarray(rows, dtype=np.intp)
