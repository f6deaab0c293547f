"""Coding a corpus larger than memory, here or on the workers of a Dask cluster: a row group in, its partitions out.

Every row group is coded on its own and written under its own name, so the files are the same bytes whoever made them
and in whatever order. A worker that is lost takes nothing with it: its row groups are coded again by another.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from bwa_study.coding.cluster import cluster, results
from bwa_study.coding.fast import FastCoder
from bwa_study.coding.indicators import columns_of
from bwa_study.coding.parquet_corpus import ParquetCorpus
from bwa_study.coding.reading import read_block
from bwa_study.coding.rows import Chosen, Columns
from bwa_study.coding.vocabulary import Vocabulary
from bwa_study.model.codebook import Codebook
from bwa_study.model.codings import CODINGS, Codings
from bwa_study.model.errors import UnknownName, WrongCall

ENGINES = ("here", "dask")
DONE = "codings.json"
COUNTS = ("group", "round", "code", "polarity")
_FIELDS = pa.schema([(c.name, pa.int64() if c.kind == "integer" else pa.string()) for c in CODINGS.columns])
_FORMAT: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": [name for name in _FIELDS.names if name != "id"],
    "store_schema": False,
}
Count = tuple[str, str, str, str, int]


def code_parquet(
    source: str | Path,
    codebook: Codebook,
    out: str | Path,
    *,
    engine: str = "here",
    address: str = "",
    workers: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> CodingsStore:
    """Propose codings for a Parquet corpus, a row group at a time.

    Parameters
    ----------
    source
        A file of `write_corpus`.
    codebook
        Its indicators; the proposals are those of `apply_codebook`.
    out
        A folder to make: ``round=R1/group=worker/part-00000.parquet`` and so on, and ``codings.json`` when all is done.
    engine
        ``here`` codes in this process; ``dask`` on the workers of a cluster (extra ``cluster``), which must see
        `source` and `out` under the same paths.
    address
        Scheduler of a running cluster, such as ``tcp://10.0.0.1:8786``; by default one is started on this machine.
    workers
        Workers of a cluster that is started; by default one a core.
    progress
        Told of every row group done.

    Returns
    -------
    CodingsStore
        The folder, read lazily.

    Raises
    ------
    UnknownName
        If there is no such engine.
    WrongCall
        If `source` is no such file, `out` exists and is not empty, the corpus has two transcripts of one id, the
        cluster does not answer, has no worker, or does not see the files, or `address` and `workers` are given
        together or without ``dask``, or `workers` is below 0.
    """
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    if engine == "here" and (address or workers):
        raise WrongCall("an address or a number of workers is for engine 'dask' — give it, or leave them out")
    if address and workers:
        raise WrongCall("workers are started here, and an address is of a cluster that runs — give one of the two")
    if workers < 0:
        raise WrongCall(f"workers is {workers} — give how many to start; 0 is one a core")
    corpus, out = ParquetCorpus(Path(source).resolve()), Path(out).resolve()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongCall(f"{out} exists already — name a new folder; codings are never mixed with older ones")
    _refuse_twice(corpus)
    out.mkdir(parents=True, exist_ok=True)
    total = corpus.row_groups
    counts: dict[tuple[str, str, str, str], int] = {}
    with _engine(engine, address, workers) as run:
        for n, part in enumerate(run(corpus.path, codebook, out, total), start=1):
            for *cell, count in part:
                key = (str(cell[0]), str(cell[1]), str(cell[2]), str(cell[3]))
                counts[key] = counts.get(key, 0) + int(count)
            if progress:
                progress("coding row groups", n, total)
    _remove_unfinished(out)
    rows = [[*cell, counts[cell]] for cell in sorted(counts)]
    content = {"codebook": codebook.id, "version": codebook.version, "digest": codebook.digest, "counts": rows}
    _write(out / DONE, lambda part: part.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8"))
    return CodingsStore(out)


def _refuse_twice(corpus: ParquetCorpus) -> None:
    ids = pq.read_table(corpus.path, columns=["transcript"]).column(0).to_pandas()
    if (twice := ids[ids.duplicated()]).any():
        raise WrongCall(f"{corpus.path} has transcript '{twice.iloc[0]}' twice — give each its own id")


def code_part(path: Path, codebook: Codebook, digest: str, out: Path, number: int) -> list[Count]:
    """Code one row group, write its partitions, and count them: group, round, code, polarity, codings."""
    speeches = ParquetCorpus(path).spoken(number)
    coder, vocabulary = _ready(digest, _Same(codebook))
    block = read_block(tuple(one.spoken for one in speeches), vocabulary)
    proposals = coder.proposals(block, vocabulary.words)
    columns = columns_of(block, proposals, coder, codebook)
    cells = sorted({(one.round, one.group) for one in speeches})
    known = {cell: n for n, cell in enumerate(cells)}
    of_row = np.array([known[one.round, one.group] for one in speeches])[block.owner[proposals.sentence]]
    counts: list[Count] = []
    for n, (of_round, of_group) in enumerate(cells):
        rows = np.flatnonzero(of_row == n)
        if not len(rows):
            continue
        folder = out / f"round={quote(of_round, safe='')}" / f"group={quote(of_group, safe='')}"
        folder.mkdir(parents=True, exist_ok=True)
        write = partial(pq.write_table, _arrow(columns, rows), **_FORMAT)
        _write(folder / f"part-{number:05d}.parquet", write)
        counts += [(of_group, of_round, *cell) for cell in _counted(columns, rows)]
    return counts


def _counted(columns: Columns, rows: npt.NDArray[np.int64]) -> list[tuple[str, str, int]]:
    """Code, polarity and number of codings of some rows."""
    code, polarity = columns["code"], columns["polarity"]
    assert isinstance(code, Chosen)
    assert isinstance(polarity, Chosen)
    codes, polarities = code.of(rows), polarity.of(rows)
    by_both = np.bincount(codes.which * len(polarities.texts) + polarities.which)
    both = [(*divmod(n, len(polarities.texts)), int(by_both[n])) for n in np.flatnonzero(by_both).tolist()]
    return sorted((codes.texts[c], polarities.texts[p], n) for c, p, n in both)


def _arrow(columns: Columns, rows: npt.NDArray[np.int64]) -> pa.Table:
    """Some rows of codings; a text that many have is in it once, and a text that none has is not."""
    arrays = []
    for field in _FIELDS:
        value = columns.get(field.name, "")
        if isinstance(value, Chosen):
            chosen = value.of(rows)
            arrays.append(pa.DictionaryArray.from_arrays(chosen.which, pa.array(chosen.texts, pa.string())))
        elif isinstance(value, str):
            missing = pa.types.is_integer(field.type)
            arrays.append(pa.nulls(len(rows), field.type) if missing else pa.repeat(value, len(rows)))
        else:
            arrays.append(pa.array(value[rows], field.type))
    return pa.Table.from_arrays(arrays, names=_FIELDS.names)


class _Same:
    """A codebook that a cache tells apart by the digest it stands beside."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=1)
def _ready(digest: str, same: _Same) -> tuple[FastCoder, Vocabulary]:
    return FastCoder(same.codebook), Vocabulary()


def _remove_unfinished(out: Path) -> None:
    """Remove what a worker was writing when it was killed; others have written it since."""
    for left in out.rglob(".part-*.parquet.*"):
        left.unlink(missing_ok=True)


def _write(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


Run = Callable[[Path, Codebook, Path, int], Iterable[list[Count]]]


def _here(path: Path, codebook: Codebook, out: Path, total: int) -> Iterator[list[Count]]:
    digest = codebook.digest
    for number in range(total):
        yield code_part(path, codebook, digest, out, number)


@contextmanager
def _engine(engine: str, address: str, workers: int) -> Iterator[Run]:
    if engine == "here":
        yield _here
        return
    with cluster(address, workers) as client:

        def over(path: Path, codebook: Codebook, out: Path, total: int) -> Iterator[list[Count]]:
            # The codebook goes with every task: what is scattered to a worker would be lost with it.
            digest = codebook.digest
            return results(client, code_part, [(path, codebook, digest, out, n) for n in range(total)])

        yield over


@dataclass(frozen=True, slots=True)
class CodingsStore:
    """Codings in Parquet partitions by round and group, read only as far as they are asked for.

    Raises
    ------
    WrongCall
        If the folder is not a finished result of `code_parquet`.
    """

    path: Path

    def __post_init__(self) -> None:
        if not (self.path / DONE).is_file():
            raise WrongCall(f"{self.path} has no {DONE} — its coding was not finished; run it again into a new folder")

    @property
    def counts(self) -> pd.DataFrame:
        """Codings by group, round, code and polarity: columns group, round, code, polarity, codings."""
        rows = json.loads((self.path / DONE).read_text("utf-8"))["counts"]
        return pd.DataFrame(rows, columns=[*COUNTS, "codings"])

    @property
    def digest(self) -> str:
        """Digest of the codebook they were made with."""
        return str(json.loads((self.path / DONE).read_text("utf-8"))["digest"])

    @property
    def partitions(self) -> list[Path]:
        """Its Parquet files, by round, group and part of the corpus."""
        return sorted(self.path.glob("round=*/group=*/part-*.parquet"))

    def codings(self, *, group: str = "", round: str = "", code: str = "", polarity: str = "") -> Codings:
        """The codings that meet every condition given, in the order of the corpus; others are not read."""
        schema = pa.schema([*_FIELDS, ("round", pa.string()), ("group", pa.string())])
        flavour = ds.partitioning(pa.schema([("round", pa.string()), ("group", pa.string())]), flavor="hive")
        parts = list(map(str, self.partitions))
        base = str(self.path)
        files = ds.dataset(parts, format="parquet", partitioning=flavour, partition_base_dir=base, schema=schema)
        wanted = {"group": group, "round": round, "code": code, "polarity": polarity}
        keep = [ds.field(name) == value for name, value in wanted.items() if value]
        condition = None
        for one in keep:
            condition = one if condition is None else condition & one
        names = ["__filename", *_FIELDS.names]
        table = files.to_table(columns=names, filter=condition).to_pandas()
        order = np.lexsort((np.arange(len(table)), table["__filename"].str[-13:]))
        return Codings(table.drop(columns="__filename").iloc[order].reset_index(drop=True))
