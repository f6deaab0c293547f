"""Spans that several coders put on the same texts: the input of every coefficient of agreement on spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import shown
from bwa_study.model.spans import Span, merged

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
        Everyone who read all of these texts, also who marked nothing there: her silence is a gap.
    touching
        Whether units of one coder and one code that touch without sharing a code point stay two units (``apart``,
        as in the published examples of u-alpha) or become one (``joined``). It moves what is expected by chance,
        never what is observed.
    left_out
        Ids of texts that were not taken because not every coder read all of them; see `spans_of`.

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

    def within(self, continua: Iterable[str]) -> Unitized:
        """Some of the texts only."""
        wanted = set(continua)
        return replace(
            self,
            units=[unit for unit in self.units if unit.continuum in wanted],
            lengths={id: length for id, length in self.lengths.items() if id in wanted},
        )


def spans_of(
    codings: Codings,
    corpus: Corpus,
    code: str | None = None,
    *,
    coders: Iterable[str] | None = None,
    examined: Examined | None = None,
    touching: Touching = "apart",
) -> Unitized:
    """Codings as spans on the transcripts of a corpus.

    Parameters
    ----------
    codings
        Rejected ones are not counted; those in transcripts outside `corpus` are not looked at. Polarity, time and
        evidence make no difference: choose among them beforehand.
    corpus
        The transcripts that every coder read. The whole text is the continuum, the interviewer's words too.
    code
        Only this code; None for all.
    coders
        Who is compared; by default everyone with a coding, of whatever code, in `codings`.
    examined
        Who read what. With it, transcripts that not every coder read whole are left out and named in ``left_out``;
        without it, every coder is taken to have read every transcript of `corpus`.
    touching
        See `Unitized`.

    Returns
    -------
    Unitized

    Raises
    ------
    ValueError
        If a coding lies outside the text of its transcript.
    """
    compared = codings.coders if coders is None else tuple(dict.fromkeys(coders))
    texts = {t.id: len(t.text) for t in corpus}
    if examined is not None:
        read = {id: all(examined.turns.get(c, {}).get(id, frozenset()) is None for c in compared) for id in texts}
    else:
        read = dict.fromkeys(texts, True)
    lengths = {id: length for id, length in texts.items() if read[id]}
    table = codings.table
    keep = table["transcript"].isin(list(lengths)) & table["coder"].isin(list(compared))
    keep &= table["status"] != "rejected"
    if code is not None:
        keep &= table["code"] == code
    rows = table.loc[keep, ["transcript", "coder", "code", "start", "end"]].itertuples(index=False, name=None)
    return Unitized(
        [Unit(transcript, coder, code, Span(int(start), int(end))) for transcript, coder, code, start, end in rows],
        lengths=lengths,
        coders=compared,
        touching=touching,
        left_out=tuple(id for id in texts if not read[id]),
    )


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
