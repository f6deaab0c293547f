"""Where coders disagree, place by place: what each gave, to which words, and which rule of the codebook decides."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bwa_study.analysis.reliability import chosen_coders
from bwa_study.analysis.tallies import turn_of
from bwa_study.analysis.unit_agreement import tell_apart
from bwa_study.model.codings import Placed
from bwa_study.model.errors import WrongUnit
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.transcripts import Role, Transcript, Turn

KINDS = ("confused", "polarity", "missed")
_COLUMNS = (
    "place", "transcript", "turn", "group", "round", "language", "kind", "coder_a", "coder_b", "code_a", "code_b",
    "polarity_a", "polarity_b", "words_a", "words_b", "all_a", "all_b", "asked", "said", "rule", "link",
    "consent_quotes",
)  # fmt: skip
_Key = tuple[str, int]
_Given = dict[str, list[Placed]]


@dataclass(frozen=True, eq=False, repr=False)
class Disagreements(Result):
    """A row a disagreement of two coders, in the order of the corpus and of the text.

    ``table`` has the columns ``place`` (``<transcript>-turn-<number>``), ``transcript``, ``turn``, ``group``,
    ``round``, ``language`` (of the turn), ``kind`` (see `disagreements`), ``coder_a``, ``coder_b``, ``code_a``,
    ``code_b`` (what is disagreed on; empty where a coder gave nothing for it), ``polarity_a``, ``polarity_b``
    (``present``, ``absent``, or both with ``;``), ``words_a``, ``words_b`` (coded by each; several with `` … ``),
    ``all_a``, ``all_b`` (every code each gave in the turn), ``asked`` (the interviewer's turn before), ``said`` (the
    whole turn), ``rule`` (of the codebook: what tells the pair apart or ``no rule``; for a missed code its
    definition), ``link`` (where the re-coding page shows the turn) and ``consent_quotes``.

    It is a working paper of the team: it holds the words of people who did not agree to be quoted.
    """

    coders: tuple[str, ...] = ()
    matrix: CodingMatrix | None = None

    def compact(self) -> pd.DataFrame:
        """Place, kind, and what each coder gave."""
        shown = self.table.set_index("place")[["kind", "code_a", "polarity_a", "code_b", "polarity_b"]]
        return shown if len(self.coders) == 2 else shown.assign(coders=_named(self.table))

    def pairs(self) -> pd.DataFrame:
        """How often each pair of codes was confused: columns code, other, times, rule; the most frequent first."""
        rows = self.table[self.table["kind"] == "confused"]
        rules: dict[tuple[str, ...], str] = {}
        times: Counter[tuple[str, ...]] = Counter()
        for a, b, rule in rows[["code_a", "code_b", "rule"]].itertuples(index=False):
            pair = tuple(sorted((a, b)))
            times[pair] += 1
            rules.setdefault(pair, rule)
        found = [(*pair, n, rules[pair]) for pair, n in times.most_common()]
        return pd.DataFrame(found, columns=["code", "other", "times", "rule"])


def _named(table: pd.DataFrame) -> list[str]:
    return [f"{a} and {b}" for a, b in zip(table["coder_a"], table["coder_b"], strict=True)]


def disagreements(matrix: CodingMatrix, *, coders: Sequence[str] | None = None) -> Disagreements:
    """List every disagreement of two coders on the turns that both examined.

    ======== =====================================================================================
    confused one gave one code, the other another, on words that overlap, and neither gave both
    polarity both gave the code, with different polarity
    missed   one gave the code and the other did not, nor another one on those words
    ======== =====================================================================================

    The table of `reliability` also counts two codes as confused where the words in the turn do not overlap; here those
    are two rows of ``missed``.

    Parameters
    ----------
    matrix
        Of turns, with two or more coders.
    coders
        Which of them, and in which order; all by default. Three or more are compared pair by pair.

    Raises
    ------
    TooFewCoders
        If fewer than two coders are chosen.
    UnknownName
        If there is no such coder.
    WrongUnit
        If the unit of the matrix is the interview, in which no words lie side by side.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> m = bwa.matrix(study, coders=["simulated-human-A", "simulated-human-B"])
    >>> found = bwa.disagreements(m)
    >>> found.pairs()[["code", "other"]].iloc[0].tolist()
    ['client_influence', 'commercial_incentive']
    """
    if matrix.unit != "turn":
        raise WrongUnit('disagreements need a matrix of turns — make it with matrix(study, unit="turn")')
    names = chosen_coders(matrix, coders, "disagreements")
    study = matrix.study
    given = _given(matrix)
    rows = []
    for key, read in _read(matrix, names).items():
        t = study.corpus[key[0]]
        turn = next(one for one in t.turns if one.number == key[1])
        for a, b in itertools.combinations(read, 2):
            two = given.get((a, key), {}), given.get((b, key), {})
            rows += [{**_place(t, turn), "coder_a": a, "coder_b": b, **row} for row in _of_turn(matrix, *two)]
    return Disagreements(
        table=pd.DataFrame(rows, columns=list(_COLUMNS)),
        title=f"Where {', '.join(names)} disagree",
        method="A row a disagreement, on the turns that both coders examined. confused: different codes on overlapping "
        "words; polarity: the same code, present for one and absent for the other; missed: one gave a code, the other "
        "did not. A working paper of the coding team, not for publication: it holds words of people who did not agree "
        "to be quoted.",
        provenance={**matrix.provenance, "coder": ", ".join(names)},
        synthetic=study.synthetic,
        coders=names,
        matrix=matrix,
    )


def _given(matrix: CodingMatrix) -> dict[tuple[str, _Key], _Given]:
    """By coder and turn: the codings of each code."""
    out: dict[tuple[str, _Key], _Given] = {}
    corpus = matrix.study.corpus
    for coding in matrix.codings:
        turn = turn_of(corpus[coding.transcript], coding)
        of_turn = out.setdefault((coding.coder, (coding.transcript, turn.number)), {})
        of_turn.setdefault(coding.code, []).append(coding)
    return out


def _read(matrix: CodingMatrix, names: Sequence[str]) -> dict[_Key, list[str]]:
    """Turns that at least two of the coders examined, with those who did."""
    keys = list(zip(matrix.units["transcript"], matrix.units["turn"], strict=True))
    out: dict[_Key, list[str]] = {}
    for name in names:
        for at in matrix.examined[matrix.coders.index(name)].nonzero()[0]:
            read = out.setdefault(keys[at], [])
            if name not in read:
                read.append(name)
    return {key: out[key] for key in dict.fromkeys(keys) if len(out.get(key, ())) > 1}


def _place(t: Transcript, turn: Turn) -> dict[str, object]:
    before = [one for one in t.turns if one.number < turn.number]
    asked = t.quote(before[-1].span) if before and before[-1].role is Role.INTERVIEWER else ""
    return {
        "place": f"{t.id}-turn-{turn.number}",
        "transcript": t.id,
        "turn": turn.number,
        "group": t.group,
        "round": t.round,
        "language": turn.language,
        "asked": asked,
        "said": t.quote(turn.span),
        "link": f"/t/{t.id}#turn-{turn.number}",
        "consent_quotes": t.consent_quotes,
    }


def _of_turn(matrix: CodingMatrix, a: _Given, b: _Given) -> Iterator[dict[str, object]]:
    """What two coders disagree on in one turn: confused pairs first, then polarity, then what one missed."""
    book = matrix.study.codebook
    ids = [code for code in book.ids if code in a or code in b]
    every = {"all_a": "; ".join(c for c in ids if c in a), "all_b": "; ".join(c for c in ids if c in b)}
    taken: set[str] = set()
    for one, other in _overlapping(a, b):
        if one not in taken and other not in taken:
            taken |= {one, other}
            yield {**every, **_sides("confused", a, b, one, other), "rule": tell_apart(book, one, other)}
    for code in ids:
        if code in a and code in b and _polarity(a[code]) != _polarity(b[code]):
            yield {**every, **_sides("polarity", a, b, code, code), "rule": _definition(book[code])}
    for code in ids:
        if (code in a) != (code in b) and code not in taken:
            sides = (code, "") if code in a else ("", code)
            yield {**every, **_sides("missed", a, b, *sides), "rule": book[code].definition}


def _definition(code: object) -> str:
    """What presence and absence of a code mean, where the codebook says."""
    said = [f"{name}: {text}" for name in ("present", "absent") if (text := getattr(code, name))]
    return "; ".join(said) or str(getattr(code, "definition", ""))


def _overlapping(a: _Given, b: _Given) -> list[tuple[str, str]]:
    """Codes that only the first and only the second gave, on overlapping words; most overlap first."""
    found = []
    for one, other in itertools.product((c for c in a if c not in b), (c for c in b if c not in a)):
        shared = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a[one] for y in b[other])
        if shared:
            found.append((-shared, one, other))
    return [(one, other) for _, one, other in sorted(found)]


def _sides(kind: str, a: _Given, b: _Given, one: str, other: str) -> dict[str, object]:
    return {
        "kind": kind,
        "code_a": one,
        "code_b": other,
        "polarity_a": _polarity(a.get(one, [])),
        "polarity_b": _polarity(b.get(other, [])),
        "words_a": _words(a.get(one, [])),
        "words_b": _words(b.get(other, [])),
    }


def _polarity(codings: Sequence[Placed]) -> str:
    return ";".join(sorted({c.polarity for c in codings}, reverse=True))


def _words(codings: Sequence[Placed]) -> str:
    return " … ".join(dict.fromkeys(c.quote for c in sorted(codings, key=lambda c: c.start)))
