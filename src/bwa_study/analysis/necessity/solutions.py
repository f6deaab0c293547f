"""Sufficient combinations: complex, parsimonious and intermediate solutions, with every tied model."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.covers import Covers, smallest_covers
from bwa_study.analysis.necessity.expressions import Expression, Floats, Term
from bwa_study.analysis.necessity.fit import sufficiency_fit, unique_coverage
from bwa_study.analysis.necessity.implicants import Implicant, Row, covers, primes_avoiding, primes_within
from bwa_study.analysis.necessity.truth_table import TruthTable, literal
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.results import Result

KINDS = ("complex", "intermediate", "parsimonious")
Model = tuple[Implicant, ...]
Expectations = Mapping[str, int | Sequence[int]]


@dataclass(frozen=True, eq=False, repr=False)
class Solutions(Result):
    """Models of what suffices for the outcome.

    ``table`` has a row a term and, with an empty ``term``, a row for the whole model: ``kind`` (complex, intermediate,
    parsimonious), ``model`` (1, 2 … among the tied ones of its kind), ``of`` (how many are tied), ``term``,
    ``consistency``, ``pri``, ``coverage``, ``unique`` (coverage no other term of the model gives; NaN for the whole
    model), ``essential`` (the term is in every tied model), ``typical`` (cases in term and outcome), ``deviant`` (in
    the term, not in the outcome) and ``uncovered`` (whole model only: in the outcome, not in the model); ids joined by
    ``;``.
    """

    truth: TruthTable | None = field(default=None, repr=False)
    models: Mapping[str, tuple[Model, ...]] = field(default_factory=dict, repr=False)
    primes: Mapping[str, tuple[Implicant, ...]] = field(default_factory=dict, repr=False)
    easy: tuple[Row, ...] = ()
    """Remainders counted as having the outcome because the expectations say so."""
    difficult: tuple[Row, ...] = ()
    """Remainders that only the parsimonious solution counts so."""
    stopped: Mapping[str, str] = field(default_factory=dict)
    """By kind, why some tied models may be missing."""

    def expressions(self, kind: str) -> tuple[tuple[str, ...], ...]:
        """The tied models of a kind, each as its terms, such as ``(("a*~b", "c"),)``.

        Raises
        ------
        UnknownName
            If there is no such kind.
        """
        if kind not in self.models:
            raise UnknownName("kind of solution", kind, self.models)
        assert self.truth is not None
        return tuple(tuple(_text(term, self.truth) for term in model) for model in self.models[kind])

    def chart(self, kind: str) -> pd.DataFrame:
        """The prime implicant chart: prime implicants down, rows with the outcome across (named by their cases), true
        where the row is covered.

        Raises
        ------
        UnknownName
            If there is no such kind.
        """
        if kind not in self.primes:
            raise UnknownName("kind of solution", kind, self.primes)
        assert self.truth is not None
        table = self.truth.table
        heads = table.loc[table["outcome"] == "1", "cases"].tolist()
        rows = self.truth.rows("1")
        cells = [[covers(prime, row) for row in rows] for prime in self.primes[kind]]
        return pd.DataFrame(cells, index=[_text(p, self.truth) for p in self.primes[kind]], columns=heads, dtype=bool)

    def compact(self) -> pd.DataFrame:
        """Models and terms, rounded."""
        table = self.table.copy()
        for name in ("consistency", "pri", "coverage", "unique"):
            table[name] = ["–" if v != v else f"{v:.3f}" for v in table[name]]
        table["model"] = [f"{m} of {n}" for m, n in zip(table["model"], table["of"], strict=True)]
        table["term"] = table["term"].replace("", "(whole model)")
        return table.drop(columns=["of", "essential"])


def minimise(table: TruthTable, *, expectations: Expectations | None = None) -> Solutions:
    """Find what suffices for the outcome: the shortest models that cover every consistent row.

    Parameters
    ----------
    table
        Contradictory rows count as rows without the outcome.
    expectations
        Directional expectations for the intermediate solution: by condition 1 where its presence should help the
        outcome, 0 where its absence should (for a condition of several levels, the levels that should). A condition
        that is not named is free of expectation and never dropped on that ground.

    Returns
    -------
    Solutions
        All tied models of each kind: those with the fewest terms. ``stopped`` says so if a search was ended.

    Raises
    ------
    UnknownName
        If an expectation names no condition of the table.
    WrongCall
        If an expected level does not exist, or no row or every row has the outcome.

    Notes
    -----
    *Complex*: no remainder is used. *Parsimonious*: every remainder may be used. *Intermediate*: a term of a complex
    model that a parsimonious term contains loses the conditions that contradict the expectations; remainders inside
    such terms are the easy counterfactuals, and the rows with the outcome are minimised again with these allowed.

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, chapters 8-9; Dusa (2019), QCA with R, section 8.7.

    Examples
    --------
    >>> import pandas as pd
    >>> from bwa_study.analysis.necessity.scores import cases_from_scores
    >>> from bwa_study.analysis.necessity.truth_table import truth_table
    >>> data = pd.DataFrame({"o": [1, 1, 0, 0], "p": [1, 0, 1, 0], "y": [1, 0, 0, 0]}, index=list("abcd"))
    >>> minimise(truth_table(cases_from_scores(data, outcome="y"), consistency=1)).expressions("complex")
    (('o*p',),)
    """
    expected = _checked(expectations or {}, table)
    on, off = table.rows("1"), table.rows("0", "C")
    if not on:
        raise WrongCall(
            f"no configuration goes with {table.outcome} at a consistency of {table.consistency:g}, so nothing is "
            "sufficient for it — look at the contradictions, or state a lower cut-off"
        )
    if not off:
        raise WrongCall(f"every configuration goes with {table.outcome}, so no condition makes a difference")
    primes = {"complex": primes_within(on, [], table.levels), "parsimonious": primes_avoiding(on, off)}
    found = {kind: _models(primes[kind], on) for kind in ("complex", "parsimonious")}
    models = {kind: _chosen(primes[kind], found[kind]) for kind in found}
    stopped = {kind: one.stopped for kind, one in found.items() if one.stopped}
    easy_of = [()] if not expected else _easy(table, expected, models, [*on, *off])
    middle: dict[Model, None] = {}
    middle_primes: dict[Implicant, None] = {}
    for easy in easy_of:
        own = primes_within(on, easy, table.levels)
        covered = _models(own, on)
        middle |= dict.fromkeys(_chosen(own, covered))
        middle_primes |= dict.fromkeys(own)
        if covered.stopped:
            stopped["intermediate"] = covered.stopped
    fewest = min((len(model) for model in middle), default=0)
    models["intermediate"] = tuple(model for model in middle if len(model) == fewest)
    primes["intermediate"] = list(middle_primes)
    return _result(table, models, primes, stopped, expected, tuple(sorted({r for e in easy_of for r in e})))


def _checked(expectations: Expectations, table: TruthTable) -> dict[str, tuple[int, ...]]:
    out = {}
    for name, value in expectations.items():
        if name not in table.conditions:
            raise UnknownName("condition", name, table.conditions)
        levels = (value,) if isinstance(value, int) else tuple(value)
        most = table.levels[table.conditions.index(name)]
        for level in levels:
            if level not in range(most):
                raise WrongCall(f"expectation of '{name}': there is no level {level} — use 0 to {most - 1}")
        out[name] = levels
    return out


def _models(primes: Sequence[Implicant], on: Sequence[Row]) -> Covers:
    sets = [frozenset(n for n, row in enumerate(on) if covers(prime, row)) for prime in primes]
    return smallest_covers(sets, len(on))


def _chosen(primes: Sequence[Implicant], found: Covers) -> tuple[Model, ...]:
    return tuple(tuple(primes[n] for n in model) for model in found.found)


def _easy(
    table: TruthTable, expected: Mapping[str, tuple[int, ...]], models: dict[str, tuple[Model, ...]], known: list[Row]
) -> list[tuple[Row, ...]]:
    """The easy counterfactuals of every pair of a complex and a parsimonious model, each set once."""
    found = _Counterfactuals(table, expected, known)
    pairs = itertools.product(models["complex"], models["parsimonious"])
    return list(dict.fromkeys(found.of_models(long, short) for long, short in pairs))


class _Counterfactuals:
    """Remainders inside the complex terms from which what contradicts the expectations was dropped."""

    def __init__(self, table: TruthTable, expected: Mapping[str, tuple[int, ...]], known: Sequence[Row]) -> None:
        self.table, self.expected, self.known = table, expected, frozenset(known)
        self.of_terms: dict[tuple[Implicant, Implicant], frozenset[Row]] = {}

    def of_models(self, complex_model: Model, parsimonious: Model) -> tuple[Row, ...]:
        pairs = itertools.product(complex_model, parsimonious)
        return tuple(sorted(frozenset[Row]().union(*(self.of_pair(long, short) for long, short in pairs))))

    def of_pair(self, long: Implicant, short: Implicant) -> frozenset[Row]:
        if (long, short) not in self.of_terms:
            inside = all(s is None or s == c for s, c in zip(short, long, strict=True))
            rows = _inside(self.between(long, short), self.table.levels) if inside else []
            self.of_terms[long, short] = frozenset(rows) - self.known
        return self.of_terms[long, short]

    def between(self, long: Implicant, short: Implicant) -> Implicant:
        parts = zip(self.table.conditions, long, short, strict=True)
        return tuple(
            c if s is not None or c is None or c in self.expected.get(name, (c,)) else None for name, c, s in parts
        )


def _inside(term: Implicant, levels: Sequence[int]) -> list[Row]:
    """Every configuration that a term covers."""
    axes = [range(n) if level is None else (level,) for level, n in zip(term, levels, strict=True)]
    return list(itertools.product(*axes))


def _text(implicant: Implicant, table: TruthTable) -> str:
    return "*".join(map(str, _term(implicant, table)))


def _term(implicant: Implicant, table: TruthTable) -> Term:
    assert table.cases is not None
    pairs = zip(table.conditions, implicant, strict=True)
    return tuple(literal(name, level, table.cases) for name, level in pairs if level is not None)


def _result(
    table: TruthTable,
    models: dict[str, tuple[Model, ...]],
    primes: dict[str, list[Implicant]],
    stopped: dict[str, str],
    expected: dict[str, tuple[int, ...]],
    easy: tuple[Row, ...],
) -> Solutions:
    rows, fitted = [], _Fitted(table)
    for kind in KINDS:
        shared = set.intersection(*(set(model) for model in models[kind])) if models[kind] else set()
        for n, model in enumerate(models[kind], start=1):
            head = {"kind": kind, "model": n, "of": len(models[kind])}
            rows += [{**head, **line} for line in fitted.of_model(model, shared)]
    known = set(table.rows("1", "0", "C"))
    used = {term for model in models["parsimonious"] for term in model}
    assumed = {row for term in used for row in _inside(term, table.levels)} - known
    said = ", ".join(f"{name}: {'/'.join(map(str, levels))}" for name, levels in expected.items()) or "none"
    return Solutions(
        table=pd.DataFrame(rows),
        title=f"What suffices for {table.outcome}",
        method=f"Models with the fewest terms, all that are tied. {table.method} Directional expectations: {said}."
        + "".join(f" {kind}: {why}." for kind, why in stopped.items()),
        source="Ragin (2008), chapters 8-9",
        provenance=table.provenance,
        synthetic=table.synthetic,
        truth=table,
        models={kind: models[kind] for kind in KINDS},
        primes={kind: tuple(primes[kind]) for kind in KINDS},
        easy=easy,
        difficult=tuple(sorted(assumed - set(easy))),
        stopped=stopped,
    )


class _Fitted:
    """Fits of terms and models, each term looked at once."""

    def __init__(self, table: TruthTable) -> None:
        assert table.cases is not None
        self.table, self.ids = table, table.cases.ids
        self.scores = table.cases.columns()
        outcome = self.scores[table.cases.outcome]
        self.y = 1 - outcome if table.outcome.startswith("~") else outcome
        self.known: dict[Implicant, tuple[Floats, dict[str, object]]] = {}

    def of_term(self, term: Implicant) -> tuple[Floats, dict[str, object]]:
        if term not in self.known:
            member = Expression((_term(term, self.table),)).membership(self.scores)
            self.known[term] = member, self.row(_text(term, self.table), member)
        return self.known[term]

    def row(self, text: str, member: Floats) -> dict[str, object]:
        fit = sufficiency_fit(member, self.y)
        inside, has = member > 0.5, self.y > 0.5
        return {
            "term": text,
            "consistency": fit.consistency,
            "pri": fit.pri,
            "coverage": fit.coverage,
            "unique": float("nan"),
            "essential": False,
            "typical": _ids(self.ids, inside & has),
            "deviant": _ids(self.ids, inside & (self.y < 0.5)),
            "uncovered": "" if text else _ids(self.ids, has & ~inside),
        }

    def of_model(self, model: Model, shared: set[Implicant]) -> list[dict[str, object]]:
        members = [self.of_term(term)[0] for term in model]
        alone = unique_coverage(members, self.y)
        rows = [
            {**self.of_term(term)[1], "unique": unique, "essential": term in shared}
            for term, unique in zip(model, alone, strict=True)
        ]
        return [*rows, self.row("", np.maximum.reduce(members))]


def _ids(ids: Sequence[str], keep: np.ndarray) -> str:
    return ";".join(id for id, kept in zip(ids, keep, strict=True) if kept)
