"""A corpus larger than memory: transcripts in a Parquet file, read a row group at a time."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from bwa_study.coding.reading import Spoken
from bwa_study.model.errors import WrongCall
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn, text_digest

ROW_GROUP = 1 << 23
"""Characters of text in a row group: what is in memory at a time."""

SCHEMA = pa.schema(
    [
        ("transcript", pa.string()),
        ("participant", pa.string()),
        ("group", pa.string()),
        ("round", pa.string()),
        ("sites", pa.list_(pa.string())),
        ("language", pa.string()),
        ("text", pa.large_string()),
        ("speakers", pa.list_(pa.string())),
        ("respondent", pa.list_(pa.bool_())),
        ("starts", pa.list_(pa.int64())),
        ("ends", pa.list_(pa.int64())),
        ("languages", pa.list_(pa.string())),
        ("about", pa.list_(pa.string())),
        ("blocks_asked", pa.list_(pa.string())),
        ("attributes", pa.map_(pa.string(), pa.string())),
    ]
)
"""A row a transcript.

``speakers``, ``respondent``, ``starts``, ``ends``, ``languages`` and ``about`` have an entry a turn; starts and ends
are code points of ``text``; ``about`` has ids joined with ``;`` and is missing where no turn names a site.
``blocks_asked`` is missing where the manifest does not say.
"""


def write_corpus(transcripts: Iterable[Transcript], path: str | Path, *, row_group: int = ROW_GROUP) -> None:
    """Write transcripts as a Parquet file for `code_parquet`, a row group at a time.

    Parameters
    ----------
    transcripts
        A corpus, or any iterable that makes them one by one.
    path
        The file; it appears when it is whole.
    row_group
        Characters of text in a row group.

    Examples
    --------
    >>> import tempfile
    >>> turn = Turn(1, "A", Role.RESPONDENT, Span(3, 11), "en")
    >>> said = Transcript("i1", "p1", "worker", "R1", ("F01",), "en", "A: It rose.", (turn,))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_corpus([said], Path(folder) / "corpus.parquet")
    ...     pq.read_table(Path(folder) / "corpus.parquet")["text"].to_pylist()
    ['A: It rose.']
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with pq.ParquetWriter(part, SCHEMA, compression="zstd") as writer:
            rows: list[dict[str, Any]] = []
            size = 0
            for t in transcripts:
                rows.append(_row(t))
                size += len(t.text)
                if size >= row_group:
                    writer.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
                    rows, size = [], 0
            if rows:
                writer.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _row(t: Transcript) -> dict[str, Any]:
    return {
        "transcript": t.id,
        "participant": t.participant,
        "group": t.group,
        "round": t.round,
        "sites": list(t.sites),
        "language": t.language,
        "text": t.text,
        "speakers": [turn.speaker for turn in t.turns],
        "respondent": [turn.role is Role.RESPONDENT for turn in t.turns],
        "starts": [turn.span.start for turn in t.turns],
        "ends": [turn.span.end for turn in t.turns],
        "languages": [turn.language for turn in t.turns],
        "about": [";".join(turn.about) for turn in t.turns] if any(turn.about for turn in t.turns) else None,
        "blocks_asked": None if t.blocks_asked is None else sorted(t.blocks_asked),
        "attributes": list(t.attributes),
    }


@dataclass(frozen=True, slots=True)
class StoredSpeech:
    """What respondents say in a stored transcript, with its group and round."""

    group: str
    round: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class ParquetCorpus:
    """A Parquet file of transcripts, as `write_corpus` makes it.

    Raises
    ------
    WrongCall
        If there is no such file, or it has other columns.
    """

    path: Path

    def __post_init__(self) -> None:
        mend = "write it with write_corpus(corpus, path), or 'bwa-study corpus write'"
        if not self.path.is_file():
            raise WrongCall(f"{self.path}: there is no such file — {mend}")
        try:
            found = pq.read_schema(self.path).names
        except pa.ArrowInvalid:
            raise WrongCall(f"{self.path} is no Parquet file, or not all of one — {mend}") from None
        if missing := [name for name in SCHEMA.names if name not in found]:
            raise WrongCall(f"{self.path} is no corpus: column '{missing[0]}' is missing — {mend}")

    @property
    def row_groups(self) -> int:
        """Number of the parts it is read in."""
        with pq.ParquetFile(self.path) as file:
            return int(file.metadata.num_row_groups)

    def part(self, number: int) -> tuple[Transcript, ...]:
        """The transcripts of one row group."""
        with pq.ParquetFile(self.path) as file:
            table = file.read_row_group(number, columns=SCHEMA.names, use_threads=False)
        return tuple(_transcript(row) for batch in table.to_batches(max_chunksize=64) for row in batch.to_pylist())

    def spoken(self, number: int) -> list[StoredSpeech]:
        """What respondents say in the transcripts of one row group: a fifth of the time of `part`."""
        names = ["transcript", "group", "round", "text", "respondent", "starts", "ends"]
        with pq.ParquetFile(self.path) as file:
            table = file.read_row_group(number, columns=names, use_threads=False).combine_chunks()
        facts = [table[name].to_pylist() for name in names[:3]]
        said = [_numbers(table[name]) for name in names[4:]]
        out = []
        for n, (id, group, round) in enumerate(zip(*facts, strict=True)):
            text = table["text"][n].as_py()
            respondent, starts, ends = (values[begins[n] : begins[n + 1]] for values, begins in said)
            places = starts[respondent].tolist(), ends[respondent].tolist()
            out.append(StoredSpeech(group, round, Spoken(id, text_digest(text), text, *places)))
        return out

    def facts(self) -> Iterator[Transcript]:
        """The transcripts without their text, a row group at a time.

        Where no turn names a site they have one turn, which stands for all.
        """
        names = [name for name in SCHEMA.names if name not in ("text", "speakers", "languages")]
        with pq.ParquetFile(self.path) as file:
            for number in range(file.metadata.num_row_groups):
                for row in file.read_row_group(number, columns=names, use_threads=False).to_pylist():
                    if not row["about"]:
                        row |= {"respondent": [True], "starts": [0], "ends": [max(row["ends"], default=0)]}
                    unsaid = [""] * len(row["starts"])
                    yield _transcript(row | {"speakers": unsaid, "languages": unsaid, "text": ""})

    def __iter__(self) -> Iterator[Transcript]:
        for number in range(self.row_groups):
            yield from self.part(number)


def _transcript(row: dict[str, Any]) -> Transcript:
    about = row["about"] or [""] * len(row["starts"])
    listed = zip(row["speakers"], row["respondent"], row["starts"], row["ends"], row["languages"], about, strict=True)
    turns = tuple(
        Turn(
            n,
            speaker,
            Role.RESPONDENT if respondent else Role.INTERVIEWER,
            Span(start, end),
            language,
            about=tuple(sites.split(";")) if sites else (),
        )
        for n, (speaker, respondent, start, end, language, sites) in enumerate(listed, start=1)
    )
    return Transcript(
        row["transcript"],
        row["participant"],
        row["group"],
        row["round"],
        tuple(row["sites"]),
        row["language"],
        row["text"],
        turns,
        None if row["blocks_asked"] is None else frozenset(row["blocks_asked"]),
        attributes=tuple(row["attributes"]),
    )


def _numbers(lists: pa.ChunkedArray) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """A column of lists as all its values, and where each list begins among them."""
    column = pa.concat_arrays(lists.chunks) if lists.num_chunks != 1 else lists.chunk(0)
    begins = column.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    return column.flatten().to_numpy(zero_copy_only=False), begins - begins[0]
