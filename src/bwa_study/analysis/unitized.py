"""Spans that several coders put on the same texts: the input of every coefficient of agreement on spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import shown
from bwa_study.model.spans import Span, merged
from bwa_study.model.transcripts import Transcript

Touching = Literal["apart", "joined"]


class Unit(NamedTuple):
    """One piece of a text that one coder marked with one code.

    ``continuum`` is the id of the text, ``span`` its place there.
    """

    continuum: str
    coder: str
    code: str
    span: Span


class Clash(NamedTuple):
    """Words to which one coder gave two codes."""

    continuum: str
    coder: str
    codes: tuple[str, str]
    span: Span

    def __str__(self) -> str:
        one, two = (shown(code) for code in self.codes)
        return f"{shown(self.coder)} gave {one} and {two} in {shown(self.continuum)}, {self.span.start}-{self.span.end}"


@dataclass(frozen=True, eq=False)
class Unitized:
    """What each of several coders marked on the same texts, each text a continuum of its own.

    Texts are taken together, end to end; no unit crosses from one into the next.

    Parameters
    ----------
    units
        In any order. Units of one coder and one code that share a code point are made one, so that nothing counts
        twice; empty spans hold nothing and are dropped. Units with different codes are left as they are, see
        `clashes`.
    lengths
        By id of the continuum: its length in code points, the gaps included.
    coders
        Everyone who read all of this, also who marked nothing there: her silence is a gap.
    touching
        Whether units of one coder and one code that touch without sharing a code point stay two units (``apart``,
        as in the published examples of u-alpha) or become one (``joined``). It moves what is expected by chance,
        never what is observed.
    part_of
        By id of a continuum that is part of a text: the id of that text.
    left_out
        Ids of texts that were not taken because there is nothing in them that every coder read; see `spans_of`.

    Raises
    ------
    ValueError
        With every unit that lies outside its continuum, or names a continuum or coder that is not given; if a
        coder is named twice or a length is negative.

    Examples
    --------
    >>> two = Unitized(
    ...     [Unit("t", "ann", "x", Span(0, 5)), Unit("t", "ann", "x", Span(3, 9)), Unit("t", "bo", "x", Span(0, 9))],
    ...     lengths={"t": 20},
    ...     coders=("ann", "bo"),
    ... )
    >>> [(u.coder, u.span.start, u.span.end) for u in two.units]
    [('ann', 0, 9), ('bo', 0, 9)]
    """

    units: Sequence[Unit]
    lengths: Mapping[str, int]
    coders: tuple[str, ...]
    touching: Touching = "apart"
    part_of: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        units = [unit for unit in self.units if unit.span]
        wrong = list(_wrong(units, self.lengths, self.coders))
        if self.touching not in ("apart", "joined"):
            wrong.append(f"touching is {shown(self.touching)}; needs apart or joined")
        if wrong:
            raise ValueError("; ".join(wrong))
        object.__setattr__(self, "units", tuple(_united(units, self.touching)))
        object.__setattr__(self, "lengths", dict(self.lengths))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes that some coder gave, sorted."""
        return tuple(sorted({unit.code for unit in self.units}))

    @property
    def length(self) -> int:
        """Code points of all texts together."""
        return sum(self.lengths.values())

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """Where one coder gave two codes to the same words, in the order of the texts.

        A coefficient that asks which one value a place has is undefined there; `only` and `as_one` are the ways out.
        """
        return tuple(_clashes(self.units))

    def only(self, code: str) -> Unitized:
        """The units of one code; everything else becomes gap. Without units the coefficients say so."""
        return replace(self, units=[unit for unit in self.units if unit.code == code])

    def as_one(self, name: str = "any code") -> Unitized:
        """All units under one code, `name`: marked or not, whatever with. What overlaps counts once."""
        return replace(self, units=[unit._replace(code=name) for unit in self.units])

    def within(self, texts: Iterable[str]) -> Unitized:
        """Some of the texts only, with all their parts."""
        wanted = set(texts)
        lengths = {id: length for id, length in self.lengths.items() if self.part_of.get(id, id) in wanted}
        return replace(self, units=[unit for unit in self.units if unit.continuum in lengths], lengths=lengths)


def spans_of(
    codings: Codings,
    corpus: Corpus,
    code: str | None = None,
    *,
    coders: Iterable[str] | None = None,
    examined: Examined | None = None,
    touching: Touching = "apart",
) -> Unitized:
    """Codings as spans on the transcripts of a corpus, each transcript a continuum of its own.

    Parameters
    ----------
    codings
        Without the rejected ones and those in other transcripts. Polarity, time and evidence make no difference:
        choose among them beforehand.
    corpus
        The transcripts compared; all of their text counts, the interviewer's words too.
    code
        Only this code; None for all.
    coders
        Who is compared; by default everyone with a coding, of whatever code, in `codings`.
    examined
        Who read what. With it, a transcript that not every coder read whole gives the turns that all of them read,
        each a continuum of its own (``part_of`` says of which transcript); codings are cut to these turns, and a
        transcript without such a turn is named in ``left_out``. Without it, every coder is taken to have read all.
    touching
        See `Unitized`.

    Raises
    ------
    ValueError
        With every coding that lies outside the text of its transcript.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> few = study.corpus.select(group="manager", round="R2")
    >>> coders = ["simulated-human-A", "simulated-human-B"]
    >>> spans = spans_of(study.codings, few, "covid", coders=coders, examined=study.examined)
    >>> len(spans.lengths), len(spans.units)
    (183, 2)
    """
    compared = codings.coders if coders is None else tuple(dict.fromkeys(coders))
    pieces = {t.id: list(_read_by_all(t, compared, examined)) for t in corpus}
    cut = [piece for of_transcript in pieces.values() for piece in of_transcript if piece.whole != piece.continuum]
    return Unitized(
        [unit for coded in _counted(codings, corpus, compared, code) for unit in _on_pieces(coded, pieces)],
        lengths={piece.continuum: len(piece.span) for of_transcript in pieces.values() for piece in of_transcript},
        coders=compared,
        touching=touching,
        part_of={piece.continuum: piece.whole for piece in cut},
        left_out=tuple(id for id, of_transcript in pieces.items() if not of_transcript),
    )


class _Piece(NamedTuple):
    """What every coder read of one transcript without a break."""

    continuum: str
    whole: str
    span: Span


def _read_by_all(transcript: Transcript, coders: tuple[str, ...], examined: Examined | None) -> Iterator[_Piece]:
    """The whole transcript if every coder read it whole, else the turns that all of them read."""
    nothing: frozenset[int] = frozenset()
    read = [] if examined is None else [examined.turns.get(c, {}).get(transcript.id, nothing) for c in coders]
    if all(numbers is None for numbers in read):
        yield _Piece(transcript.id, transcript.id, Span(0, len(transcript.text)))
        return
    for turn in transcript.turns:
        if turn.span and all(numbers is None or turn.number in numbers for numbers in read):
            yield _Piece(f"{transcript.id}, turn {turn.number}", transcript.id, turn.span)


def _counted(codings: Codings, corpus: Corpus, coders: tuple[str, ...], code: str | None) -> list[Unit]:
    """The codings of these coders in these transcripts, as units of the whole transcripts."""
    table = codings.table
    keep = table["transcript"].isin([t.id for t in corpus]) & table["coder"].isin(list(coders))
    keep &= table["status"] != "rejected"
    if code is not None:
        keep &= table["code"] == code
    rows = table.loc[keep, ["transcript", "coder", "code", "start", "end"]].itertuples(index=False, name=None)
    units = [Unit(transcript, coder, code, Span(int(start), int(end))) for transcript, coder, code, start, end in rows]
    wrong = list(_wrong(units, {t.id: len(t.text) for t in corpus}, coders))
    if wrong:
        raise ValueError("; ".join(wrong))
    return units


def _on_pieces(coded: Unit, pieces: Mapping[str, list[_Piece]]) -> Iterator[Unit]:
    for continuum, _, place in pieces[coded.continuum]:
        common = coded.span & place
        if common:
            yield coded._replace(continuum=continuum, span=Span(common.start - place.start, common.end - place.start))


def _united(units: list[Unit], touching: Touching) -> Iterator[Unit]:
    """Units in the order of the texts, those of one coder and one code made one where they overlap."""
    spans: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for continuum, coder, code, span in units:
        spans[continuum, coder, code].append(span)
    for continuum, coder, code in sorted(spans):
        of_code = spans[continuum, coder, code]
        for span in merged(of_code) if touching == "joined" else _overlapping_merged(of_code):
            yield Unit(continuum, coder, code, span)


def _overlapping_merged(spans: list[Span]) -> list[Span]:
    """Like `merged`, but spans that only touch stay apart."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start < out[-1].end:
            out[-1] |= span
        else:
            out.append(span)
    return out


def _clashes(units: Sequence[Unit]) -> Iterator[Clash]:
    of_coder: dict[tuple[str, str], list[tuple[Span, str]]] = defaultdict(list)
    for continuum, coder, code, span in units:
        of_coder[continuum, coder].append((span, code))
    for (continuum, coder), marked in of_coder.items():
        still_open: list[tuple[Span, str]] = []
        for span, code in sorted(marked):
            still_open = [(earlier, other) for earlier, other in still_open if earlier.end > span.start]
            for earlier, other in still_open:
                common = Span(span.start, min(span.end, earlier.end))
                yield Clash(continuum, coder, (min(code, other), max(code, other)), common)
            still_open.append((span, code))


def _wrong(units: list[Unit], lengths: Mapping[str, int], coders: tuple[str, ...]) -> Iterator[str]:
    if len(set(coders)) < len(coders):
        yield f"a coder is named twice: {', '.join(shown(c) for c in coders)}"
    for id, length in lengths.items():
        if length < 0:
            yield f"continuum {shown(id)} has length {length}"
    known = set(coders)
    for unit in units:
        if unit.continuum not in lengths:
            yield f"{_place(unit)}: no such continuum"
        elif unit.span.end > lengths[unit.continuum]:
            yield f"{_place(unit)}: ends after the text, which has {lengths[unit.continuum]} code points"
        if unit.coder not in known:
            yield f"{_place(unit)}: no such coder"


def _place(unit: Unit) -> str:
    continuum, coder, code, span = unit
    return f"unit of {shown(coder)} with {shown(code)} in {shown(continuum)}, {span.start}-{span.end}"
