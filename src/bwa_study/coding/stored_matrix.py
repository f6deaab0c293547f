"""The matrix of codings that are in a store: tables of a corpus larger than memory, without its text or quotes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from bwa_study.coding.parquet_corpus import ParquetCorpus
from bwa_study.coding.rows import INDICATORS, Columns, codings_table
from bwa_study.coding.streaming import CodingsStore
from bwa_study.model.codebook import Codebook
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import WrongCall
from bwa_study.model.labels import Label
from bwa_study.model.matrix import CodingMatrix, matrix
from bwa_study.model.reliability_rules import ReliabilityRules
from bwa_study.model.study import Group, Round, Site, Study

_READ = ["transcript", "start", "code", "polarity", "time_ref", "about"]


class StoredCodings(Codings):
    """Codings that stay where they are: they are counted, and their words are read from the store.

    Parameters
    ----------
    store
        Where they are.
    """

    __slots__ = ("store",)
    store: CodingsStore

    @classmethod
    def of(cls, store: CodingsStore) -> StoredCodings:
        """The codings of a store."""
        new = object.__new__(cls)
        object.__setattr__(new, "store", store)
        return new

    @property
    def table(self) -> pd.DataFrame:
        """Refused.

        Raises
        ------
        WrongCall
            Always, with the call that reads the words.
        """
        raise WrongCall(
            f"the words of these codings are in {self.store.path} — read those of a code and a group with "
            "CodingsStore(path).codings(code=..., group=..., round=...); segments and words cannot be counted there"
        )

    @property
    def coders(self) -> tuple[str, ...]:
        """The indicator coder."""
        return (INDICATORS.name,)

    def select(self, *, coder: str | None = None, code: str | None = None, polarity: str | None = None) -> Codings:
        """Itself for its only coder; else refused as `table` is."""
        if coder == INDICATORS.name and code is None and polarity is None:
            return self
        return Codings(self.table).select(coder=coder, code=code, polarity=polarity)


def stored_matrix(
    source: str | Path,
    store: CodingsStore | str | Path,
    codebook: Codebook,
    *,
    study: Study | None = None,
    time_refs: tuple[str, ...] = ("", "now"),
) -> CodingMatrix:
    """Lay the codings of a store out as interview x code, for `frequency` and `compare`.

    Partitions are read one after the other, and of them only which interview has which code; neither texts nor quotes
    are read.

    Parameters
    ----------
    source
        The Parquet file that was coded, as `write_corpus` makes it.
    store
        What `code_parquet` made of it, or its folder.
    codebook
        The one it was coded with.
    study
        Whose groups, rounds and sites are taken, in their declared order; by default those of the corpus, in order of
        appearance.
    time_refs
        Times spoken about that count, see `matrix`.

    Returns
    -------
    CodingMatrix
        Of the coder ``indicators``, unit ``interview``; every interview was examined. Its `codings` tell where their
        words are; tables made of it say ``not double-coded``, as nobody else's codings are in the store.

    Raises
    ------
    WrongCall
        If the codings were made with another codebook, or one stands in an interview that the corpus does not have.

    Examples
    --------
    >>> import tempfile
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> few = bwa.Corpus(tuple(study.corpus)[:6])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bwa.write_corpus(few, f"{folder}/corpus.parquet")
    ...     store = bwa.code_parquet(f"{folder}/corpus.parquet", study.codebook, f"{folder}/codings")
    ...     found = bwa.stored_matrix(f"{folder}/corpus.parquet", store, study.codebook, study=study)
    ...     len(bwa.frequency(found, by=("group",)).frame) == 2 * 3 * (len(found.codes) + len(study.codebook.themes))
    True
    """
    if not isinstance(store, CodingsStore):
        store = CodingsStore(Path(store))
    if store.digest != codebook.digest:
        raise WrongCall(f"{store.path} was coded with another codebook — give that one, or code again")
    shell = _shell(Corpus(tuple(ParquetCorpus(Path(source)).facts())), codebook, study)
    counted = _first_of_each(store, shell.corpus, time_refs)
    laid_out = matrix(
        shell.with_codings(counted, examined_whole=INDICATORS.name), unit="interview", time_refs=time_refs
    )
    return replace(laid_out, study=shell, codings=StoredCodings.of(store))


def _shell(corpus: Corpus, codebook: Codebook, study: Study | None) -> Study:
    """A study of interviews without words."""
    if study is not None:
        return replace(
            study,
            corpus=corpus,
            codebook=codebook,
            codings=Codings.empty(),
            examined=Examined(),
            reliability=ReliabilityRules(),
        )
    groups = tuple(Group(id, Label(())) for id in dict.fromkeys(t.group for t in corpus))
    rounds = tuple(Round(id, Label(())) for id in dict.fromkeys(t.round for t in corpus))
    sites = tuple(Site(id) for id in dict.fromkeys(site for t in corpus for site in t.sites))
    return Study("corpus", Label(()), groups, rounds, sites, corpus, codebook)


def _first_of_each(store: CodingsStore, corpus: Corpus, time_refs: tuple[str, ...]) -> Codings:
    """One coding of every interview, code and polarity (of every turn, where turns name sites)."""
    of_turns = {t.id for t in corpus if len(t.turns) > 1}
    parts = []
    for path in store.partitions:
        part = pq.ParquetFile(path).read(columns=_READ, use_threads=False).to_pandas()
        part = part[part["time_ref"].isin(time_refs)]
        place = part["start"].where(part["transcript"].isin(of_turns), -1)
        parts.append(part[~part.assign(place=place).duplicated(["transcript", "code", "polarity", "place"])])
    if not parts:
        return Codings.empty()
    table = pd.concat(parts, ignore_index=True)
    if unknown := set(table["transcript"]) - {t.id for t in corpus}:
        raise WrongCall(f"{store.path} has codings of '{sorted(unknown)[0]}', which is not in the corpus")
    columns: Columns = {name: table[name].to_numpy(dtype=object) for name in _READ if name != "start"}
    start = table["start"].to_numpy(dtype=np.int64)
    ids = np.array([str(n) for n in range(len(table))], dtype=object)
    same = {"coder": INDICATORS.name, "coder_kind": INDICATORS.kind, "status": "proposed"}
    return codings_table({**columns, **same, "id": ids, "start": start, "end": start + 1})
