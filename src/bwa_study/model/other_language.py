"""Codings put on an interview's other language stand on the turns of the transcript that say the same."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import pandas as pd

from bwa_study.model.corpus import Corpus
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Transcript

_OF_WORDS = ("match_start", "match_end")


def on_the_transcript(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """A codings table whose rows all stand on the transcript's own text.

    Parameters
    ----------
    table
        Columns of `CODINGS`. Where ``text`` is the tag of an interview's other language, ``start``, ``end`` and
        ``quote`` are a place in that text and the words there (`PairedText.text`, in code points).
    corpus
        The study's transcripts.

    Returns
    -------
    pandas.DataFrame
        Such a row gets the place of the whole turns that say the same, their words as ``quote``, the coded words as
        ``other_quote``, the transcript's digest, and an empty ``text``. Rows whose words are not there (another text,
        another digest, no turn) are left as they are, so that `Codings.attached` counts them as detached.

    Notes
    -----
    Languages do not match word by word, but turns do. So a coding on the translation says what somebody said, and where
    to the turn: units and counts are the same whichever text was coded, and spans are as long as the turn.
    """
    rows = table.index[table["text"] != ""]
    if not len(rows):
        return table
    table = table.copy()
    for row in rows:
        id = str(table.at[row, "transcript"])
        if id in corpus:
            for name, value in _moved(table.loc[row].to_dict(), corpus[id]).items():
                table.at[row, name] = value
    return table


def speaks(transcript: Transcript, tag: str) -> bool:
    """Whether an interview has a text in a language; ``zh`` and ``zh-Hant`` are one here.

    An other text whose language is not known is in any language but the transcript's.
    """
    other = transcript.paired.language if transcript.paired else transcript.language
    return _main(tag) in (_main(transcript.language), _main(other)) or other == ""


def _moved(row: dict[Any, Any], transcript: Transcript) -> dict[str, Any]:
    """What changes in a row; nothing where its words are not in the other text."""
    if _main(row["text"]) == _main(transcript.language):
        return {"text": ""}
    other, start, end = transcript.paired, row["start"], row["end"]
    if other is None or not speaks(transcript, row["text"]) or not 0 <= start < end:
        return {}
    if row["text_digest"] not in ("", other.digest) or other.text[start:end] != row["quote"]:
        return {}
    touched = other.touched(Span(int(start), int(end)))
    if not touched:
        return {}
    place = reduce(or_, (transcript.turns[number - 1].span for number in touched))
    return {
        "start": place.start,
        "end": place.end,
        "quote": transcript.quote(place),
        "other_quote": row["quote"],
        "text": "",
        "text_digest": transcript.digest,
        **dict.fromkeys(_OF_WORDS, pd.NA),
    }


def _main(tag: str) -> str:
    return tag.split("-")[0].lower()
