"""Codings: who gave which code to which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import pandas as pd

from bwa_study.model.codebook import Polarity
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import UnknownName
from bwa_study.model.schema import Column, Schema
from bwa_study.model.spans import Span

CoderKind = Literal["human", "indicator", "model", "llm", "import"]
CODER_KINDS: tuple[CoderKind, ...] = ("human", "indicator", "model", "llm", "import")
ADJUDICATED = "adjudicated"
"""The coder under whose name stands what was decided between coders; no person who coded."""
STATUSES = ("proposed", "accepted", "rejected", "adjudicated")
POLARITIES = tuple(p.value for p in Polarity)
TIME_REFS = ("before", "now", "future")

CODINGS = Schema(
    "codings table",
    (
        Column("id", "id", required=True, filled=True),
        Column("transcript", required=True, filled=True),
        Column("start", "integer", required=True, filled=True),
        Column("end", "integer", required=True, filled=True),
        Column("quote", "verbatim", required=True, filled=True),
        Column("code", required=True, filled=True),
        Column("polarity", required=True, filled=True, levels=POLARITIES),
        Column("coder", required=True, filled=True),
        Column("coder_kind", required=True, filled=True, levels=CODER_KINDS),
        Column("status", required=True, filled=True, levels=STATUSES),
        Column("evidence", levels=("own", "hearsay")),
        Column("time_ref", levels=TIME_REFS),
        Column("about"),
        Column("certainty", "integer"),
        Column("indicator"),
        Column("match_start", "integer"),
        Column("match_end", "integer"),
        Column("memo", "verbatim"),
        Column("date", "date"),
        Column("codebook_version"),
        Column("text_digest"),
        Column("text"),
        Column("other_quote", "verbatim"),
    ),
)
"""Columns of a codings table.

``id`` a uuid; ``transcript`` id of the interview; ``start``/``end`` half-open, in code points of the transcript's
text; ``quote`` those words; ``polarity`` present or absent; ``coder`` name, ``coder_kind`` what it is; ``status``
proposed (by a machine), accepted, rejected, adjudicated; ``evidence`` own or hearsay; ``time_ref`` the time spoken
about where it is not the interview's; ``about`` a site id where the words name one; ``certainty`` 1-3; ``indicator``
the pattern that proposed it and ``match_start``/``match_end`` the words it matched; ``date`` the day a person coded
it; ``codebook_version`` and
``text_digest`` what was read when it was made. Text that is missing is empty, a missing number is ``<NA>``.

Where an interview has a second language, ``text`` says of which text ``start``, ``end``, ``quote`` and ``text_digest``
are: a language tag, or empty for the transcript. A study that is loaded has no codings on the other text: they stand on
the whole turn of the transcript, and ``other_quote`` holds the words of the other language that were coded.
"""


@dataclass(frozen=True, slots=True)
class Coder:
    """Who codes. A machine's version is part of its name's meaning, so it is kept."""

    name: str
    kind: CoderKind = "human"
    version: str = ""


class Placed(NamedTuple):
    """One coding, as far as it says what stands where."""

    transcript: str
    start: int
    end: int
    quote: str
    code: str
    polarity: str
    coder: str
    about: str
    indicator: str
    text_digest: str
    text: str = ""
    other_quote: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Codings:
    """A table of codings with its columns checked.

    Parameters
    ----------
    table
        Columns of `CODINGS`; missing optional ones are added empty.

    Raises
    ------
    TableError
        With every bad row.
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", CODINGS.conform(self.table, file="codings"))

    @classmethod
    def _checked(cls, table: pd.DataFrame) -> Codings:
        """Codings of a table whose columns were checked before."""
        new = object.__new__(cls)
        object.__setattr__(new, "table", table.reset_index(drop=True))
        return new

    @classmethod
    def empty(cls) -> Codings:
        """No codings at all."""
        return cls(pd.DataFrame({c.name: [] for c in CODINGS.columns}))

    @classmethod
    def joined(cls, parts: Iterable[Codings]) -> Codings:
        """The codings of several tables, in order; a uuid that comes twice is kept once."""
        tables = [p.table for p in parts if len(p)]
        if not tables:
            return cls.empty()
        return cls._checked(pd.concat(tables, ignore_index=True).drop_duplicates("id"))

    def __len__(self) -> int:
        return len(self.table)

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the table; see `CODINGS` for the columns."""
        return self.table.copy()

    def __iter__(self) -> Iterator[Placed]:
        columns = [self.table[name].tolist() for name in Placed._fields]
        return map(Placed._make, zip(*columns, strict=True))

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of the coders, in order of first appearance."""
        return tuple(self.table["coder"].drop_duplicates())

    @property
    def people(self) -> tuple[str, ...]:
        """Names of the people who coded, in order of first appearance; what was adjudicated is nobody's own."""
        own = self.table[(self.table["coder_kind"] == "human") & (self.table["coder"] != ADJUDICATED)]
        return tuple(own["coder"].drop_duplicates())

    def select(self, *, coder: str | None = None, code: str | None = None, polarity: str | None = None) -> Codings:
        """The codings that meet every condition given.

        Raises
        ------
        UnknownName
            If no coding has that coder, or there is no such polarity.
        """
        if polarity is not None and polarity not in POLARITIES:
            raise UnknownName("polarity", polarity, POLARITIES)
        keep = pd.Series(True, index=self.table.index)
        if coder is not None:
            if coder not in self.coders:
                raise UnknownName("coder", coder, self.coders)
            keep &= self.table["coder"] == coder
        if code is not None:
            keep &= self.table["code"] == code
        if polarity is not None:
            keep &= self.table["polarity"] == polarity
        return self._checked(self.table[keep])

    def counted(self, *, coders: Iterable[str], time_refs: Iterable[str]) -> Codings:
        """The codings of some coders that are not rejected and speak of one of these times."""
        table = self.table
        keep = (
            table["coder"].isin(list(coders))
            & table["time_ref"].isin(list(time_refs))
            & (table["status"] != "rejected")
        )
        return self._checked(table[keep])

    def where(self, keep: Callable[[Placed], bool]) -> Codings:
        """The codings of which `keep` is true."""
        return self._checked(self.table[pd.Series([keep(c) for c in self], index=self.table.index, dtype=bool)])

    def attached(self, corpus: Corpus) -> tuple[Codings, Codings]:
        """Codings whose words still stand where they say, and the detached ones.

        A coding is attached when its transcript is in `corpus`, the digest it holds (if any) is the text's, and
        the words at its place are its quote. One that was put on the other language is attached when those words, too,
        are still in the same turns. A changed source detaches; it never shifts a coding.
        """
        texts = {t.id: (t.text, t.digest) for t in corpus}
        keep = []
        for coding in self:
            text, digest = texts.get(coding.transcript, ("", None))
            same_text = digest is not None and coding.text_digest in ("", digest) and not coding.text
            stands = same_text and coding.start >= 0 and text[coding.start : coding.end] == coding.quote
            keep.append(stands and (not coding.other_quote or _is_said(coding, corpus)))
        mask = pd.Series(keep, index=self.table.index, dtype=bool)
        return self._checked(self.table[mask]), self._checked(self.table[~mask])


def _is_said(coding: Placed, corpus: Corpus) -> bool:
    """Whether the other language has the words that were coded in the turns on which the coding stands."""
    return coding.other_quote in corpus[coding.transcript].other_words(Span(coding.start, coding.end))


@dataclass(frozen=True, slots=True)
class Examined:
    """What each coder has read, whether or not she coded anything there.

    A unit that was examined and got no code is evidence of "not mentioned"; one that was not examined is nothing.

    Parameters
    ----------
    turns
        By coder, then transcript: the numbers of the turns read, or None for the whole transcript.
    dates
        By coder, then transcript: the first day she read in it, as YYYY-MM-DD; what is not known is left out.
    """

    turns: Mapping[str, Mapping[str, frozenset[int] | None]] = field(default_factory=dict)
    dates: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of the coders with a record."""
        return tuple(self.turns)

    def read(self, coder: str, transcript: str, turn: int) -> bool:
        """Whether `coder` read that turn."""
        of_coder = self.turns.get(coder, {})
        if transcript not in of_coder:
            return False
        numbers = of_coder[transcript]
        return numbers is None or turn in numbers

    def within(self, corpus: Corpus) -> Examined:
        """What was read of the transcripts of `corpus`."""
        turns = {c: {t: numbers for t, numbers in read.items() if t in corpus} for c, read in self.turns.items()}
        return replace(self, turns={c: read for c, read in turns.items() if read})

    def whole(self, coder: str, corpus: Corpus) -> Examined:
        """A record to which `coder`'s reading of every transcript of `corpus` is added."""
        return replace(self, turns={**self.turns, coder: {t.id: None for t in corpus}})
