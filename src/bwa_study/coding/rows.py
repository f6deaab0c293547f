"""Proposals become a table of codings, all rows at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.coding.reading import Spoken
from bwa_study.model.codebook import AnyIndicator
from bwa_study.model.codings import CODINGS, Coder, Codings

INDICATORS = Coder("indicators", "indicator", "1")
"""The coder every proposal of `apply_codebook` carries."""

_U64 = np.uint64
_SALT = b"bwa_study coding id\n"
Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.integer]


def indicator_text(indicator: AnyIndicator, *, negated: bool, wish: bool = False) -> str:
    """How a proposal names its indicator: language, polarity and pattern; marked if negated, and if it is a wish."""
    mark = (" [negated]" if negated else "") + (" [wish]" if wish else "")
    return f"{indicator.language}:{indicator.polarity}:{indicator.pattern}{mark}"


def coding_ids(
    transcripts: Sequence[Spoken],
    owner: Integers,
    start: Integers,
    end: Integers,
    named: Sequence[str],
    name: Integers,
) -> npt.NDArray[np.object_]:
    """A uuid a proposal, which depends on what it says alone.

    Parameters
    ----------
    transcripts, owner
        The transcripts, and which of them each row belongs to; its id and the digest of its text count.
    start, end
        Place of the sentence.
    named, name
        Texts that say code, polarity and indicator, and which of them each row has.

    Notes
    -----
    SHA-256 of the transcript and of the name, 128 bits each, are mixed with the place by the finalizer of
    splitmix64, and marked as version 8 of RFC 9562 (values of one's own making).
    """
    texts = _keys([f"{t.digest}\t{t.id}" for t in transcripts])[owner]
    names = _keys(named)[name]
    place = (start.astype(_U64) << _U64(32)) | end.astype(_U64)
    high = _mixed(texts[:, 0] + _mixed(names[:, 0] ^ _mixed(place)))
    low = _mixed(texts[:, 1] + _mixed(names[:, 1] ^ _mixed(place + _U64(0x9E3779B97F4A7C15))))
    high = (high & _U64(0xFFFFFFFFFFFF0FFF)) | _U64(0x8000)
    low = (low & _U64(0x3FFFFFFFFFFFFFFF)) | _U64(0x8000000000000000)
    return _as_text(high, low)


def _keys(texts: Sequence[str]) -> Words:
    digests = b"".join(hashlib.sha256(_SALT + t.encode("utf-8", "surrogatepass")).digest()[:16] for t in texts)
    return np.frombuffer(digests, dtype=">u8").astype(_U64).reshape(-1, 2)


def _mixed(x: Words) -> Words:
    x = (x ^ (x >> _U64(30))) * _U64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _U64(27))) * _U64(0x94D049BB133111EB)
    return x ^ (x >> _U64(31))


_HEX = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), dtype=np.uint16)


def _as_text(high: Words, low: Words) -> npt.NDArray[np.object_]:
    raw = np.stack([high, low], axis=1).astype(">u8").view(np.uint8)
    digits = _HEX.take(raw).view(np.uint8).reshape(len(raw), 32)
    out = np.full((len(raw), 36), ord("-"), dtype=np.uint32)
    begin = 0
    for at, length in ((0, 8), (9, 4), (14, 4), (19, 4), (24, 12)):
        out[:, at : at + length] = digits[:, begin : begin + length]
        begin += length
    return out.view("U36").reshape(-1).astype(object)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A column of few distinct texts: the texts, and which of them each row has."""

    texts: Sequence[str]
    which: Integers

    def rows(self) -> npt.NDArray[np.object_]:
        """The text of every row."""
        every = np.empty(len(self.texts), dtype=object)
        every[:] = self.texts
        return every[self.which]

    def of(self, rows: Integers) -> Chosen:
        """Some rows, with each of their texts once and no other."""
        which = self.which[rows]
        used = np.flatnonzero(np.bincount(which, minlength=1))
        numbers: dict[str, int] = {}
        new = np.zeros(len(self.texts) + 1, dtype=np.int32)
        new[used] = [numbers.setdefault(self.texts[n], len(numbers)) for n in used.tolist()]
        return Chosen(list(numbers), new[which])


Column = Chosen | npt.NDArray[np.object_] | Integers | str
Columns = dict[str, Column]


def joined_columns(parts: Sequence[Columns]) -> Columns:
    """The rows of several; a column that is one text is the same in all."""
    if len(parts) == 1:
        return parts[0]
    return {
        name: value if isinstance(value, str) else np.concatenate([_every_row(part[name]) for part in parts])
        for name, value in parts[0].items()
    }


def _every_row(column: Column) -> npt.NDArray[np.object_] | Integers:
    assert not isinstance(column, str)
    return column.rows() if isinstance(column, Chosen) else column


def codings_table(columns: Columns) -> Codings:
    """Codings of whole columns; a text stands for all rows, and what is not given is missing."""
    rows = len(_every_row(columns["id"]))
    out: dict[str, pd.Series] = {}
    for column in CODINGS.columns:
        value = columns.get(column.name, "")
        value = value.rows() if isinstance(value, Chosen) else value
        if column.kind == "integer":
            missing = isinstance(value, str)
            numbers = np.zeros(rows, dtype=np.int64) if isinstance(value, str) else value.astype(np.int64)
            array = pd.arrays.IntegerArray(numbers, np.full(rows, missing, dtype=bool))
            out[column.name] = pd.Series(array, copy=False)
        else:
            if isinstance(value, str):
                text, value = value, np.empty(rows, dtype=object)
                value.fill(text)
            out[column.name] = pd.Series(value, dtype=object, copy=False)
    return Codings._checked(pd.DataFrame(out, copy=False))
