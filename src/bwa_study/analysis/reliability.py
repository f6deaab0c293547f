"""Can the coding be trusted: agreement of coders per code and theme, with its interval, the confusion and a status."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from bwa_study.analysis.unit_agreement import Compared, confusion, most_confused, numbers, side_by_side, tell_apart
from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import TooFewCoders, UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.reliability_rules import INTERVALS, RULES, IntervalBy, Rule
from bwa_study.model.results import Result

PAIR = "pair"
_COLUMNS = (
    "theme", "code", "n_units", "n_transcripts", "n_coded", "prevalence", "prevalence_a", "prevalence_b", "bias",
    "agreement", "alpha", "low", "high", "kappa", "polarity_agreement", "polarity_pairs", "confused_with", "confused",
    "told_apart_by", "status", "note", "reason",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Reliability(Result):
    """Agreement per theme and code, a row each, in the order of the codebook; a theme comes before its codes.

    ``table`` has the columns of `by`, then ``theme``, ``code`` (empty in the row of a theme, which has what any of its
    codes has), ``n_units`` (units two or more coders examined), ``n_transcripts`` (transcripts they are in),
    ``n_coded`` (units any of them coded), ``prevalence`` (mean over coders of the share of units coded),
    ``prevalence_a`` and ``prevalence_b`` (of the first and the second of two coders), ``bias`` (how far the coders'
    shares lie apart at most), ``agreement`` (share of pairs that agree), ``alpha`` (Krippendorff, nominal: coded or
    not), ``low``, ``high`` (95%, jackknife by transcript), ``kappa`` (Cohen; NaN with more than two coders),
    ``polarity_agreement`` (share of pairs that agree on present or absent where both coded; NaN where none did) and
    ``polarity_pairs``, ``confused_with`` (the code, or theme, most often given instead), ``confused`` (how often),
    ``told_apart_by`` (the rules the codebook has for that pair, or ``no rule``), ``status``, ``note`` (why kappa is
    low although agreement is high) and ``reason`` (why a number is missing).

    ``status`` is ``use``, ``tentative`` or ``qualitative`` by the *lower end* of the interval, or ``cannot say``.
    """

    picture: ClassVar[str] = "bwa_study.present.forest:plot_forest"

    by: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    rule: Rule = "krippendorff2004"
    labels: tuple[tuple[str, str], ...] = ()
    """Pairs of id and label of codes and themes, and of groups and rounds as ``group:worker``."""
    matrix: CodingMatrix | None = field(default=None, repr=False)
    """The codings of the coders that are compared."""

    def compact(self) -> pd.DataFrame:
        """Code, units, prevalence, alpha with its interval, status; codes only."""
        codes = self.table[self.table["code"] != ""]
        shown = codes.set_index([*self.by, "code"])[
            ["n_units", "prevalence", "alpha", "low", "high", "confused_with", "status"]
        ]
        return shown.round({"prevalence": 3, "alpha": 3, "low": 3, "high": 3})


def reliability(
    matrix: CodingMatrix,
    *,
    by: Sequence[str] = (),
    coders: Sequence[str] | None = None,
    rule: Rule = "krippendorff2004",
    interval: IntervalBy = "jackknife",
) -> Reliability:
    """Agreement of two or more coders, code by code and theme by theme, on the units that two of them examined.

    A unit that was examined and not coded counts: it is where coders agree that there is nothing.

    Parameters
    ----------
    matrix
        Of turns or interviews, with two or more coders.
    by
        Any of group, round, site, language, another field of the manifest, and ``pair`` (each pair of coders by
        itself); cells are all their combinations in declared order, the empty ones too. By site, a unit about several
        counts at each of them with what was said of that one.
    coders
        Which of them, and in which order (A is the first); all by default.
    rule
        From which value of alpha a code may be used; the lower end of the interval decides. See
        `bwa_study.model.reliability_rules.RULES`.
    interval
        ``jackknife`` (holds the truth in 95 of 100 cases, see docs/reliability.md) or ``bootstrap`` (1,000 resamples,
        percentiles, seed 1; too narrow with few transcripts), both by transcript.

    Raises
    ------
    TooFewCoders
        If fewer than two coders are chosen.
    UnknownName
        If a coder, the rule, the interval or a field of `by` does not exist.
    WrongCall
        If `by` names one thing twice.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. Rules: see `RULES`. Note on kappa: see
    `bwa_study.analysis.kappa_paradox.paradox`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> m = bwa.matrix(study, coders=["simulated-human-A", "simulated-human-B"])
    >>> bwa.reliability(m).frame.set_index("code").loc["client_influence", "confused_with"]
    'commercial_incentive'
    >>> groups = bwa.reliability(m, by=["group"]).frame
    >>> groups.loc[groups["code"] == "audit_mode", ["group", "n_units"]].values.tolist()
    [['brand_staff', 379], ['manager', 484], ['worker', 757]]
    """
    if rule not in RULES:
        raise UnknownName("rule", rule, RULES)
    if interval not in INTERVALS:
        raise UnknownName("interval", interval, INTERVALS)
    names = chosen_coders(matrix, coders, "reliability")
    fields = _fields(matrix, tuple(by))
    study = matrix.study
    rows: list[dict[str, object]] = []
    for cell, compared in _cells(matrix, names, fields):
        found = _rows(compared, study.codebook, rule, interval)
        rows += [dict(zip(fields, cell, strict=True)) | row for row in found]
    labels = [(c.id, study.label("code", c.id)) for c in study.codebook]
    labels += [(t.id, study.label("theme", t.id)) for t in study.codebook.themes]
    labels += [
        (f"{field}:{one}", study.label(field, one)) for field in ("group", "round") for one in study.levels(field)
    ]
    return Reliability(
        table=pd.DataFrame(rows, columns=[*fields, *_COLUMNS]),
        title=f"Agreement of {', '.join(names)}, {matrix.unit} by {matrix.unit}"
        + (f", by {' and '.join(fields)}" if fields else ""),
        method=(
            "Krippendorff's alpha (nominal: coded or not) over all units that two or more coders examined; 95% "
            f"{interval} by transcript; a theme is coded where any of its codes is. "
            f"Status by the lower end: {RULES[rule].paper}."
        ),
        source="Krippendorff (2011)",
        provenance={
            **matrix.provenance,
            "coder": ", ".join(names),
            "units": str(side_by_side(matrix, names).read.shape[1]),
        },
        synthetic=study.synthetic,
        by=fields,
        coders=names,
        rule=rule,
        labels=tuple(labels),
        matrix=matrix,
    )


def chosen_coders(matrix: CodingMatrix, coders: Sequence[str] | None, verb: str) -> tuple[str, ...]:
    """The coders to compare, each once.

    Raises
    ------
    TooFewCoders
        If they are fewer than two.
    UnknownName
        If the matrix has not all of them.
    """
    names = tuple(dict.fromkeys(coders if coders is not None else matrix.coders))
    for name in names:
        if name not in matrix.coders:
            raise UnknownName("coder", name, matrix.coders)
    if len(names) < 2:
        raise TooFewCoders(verb, names)
    return names


def _fields(matrix: CodingMatrix, by: tuple[str, ...]) -> tuple[str, ...]:
    attributes = dict.fromkeys(k for t in matrix.study.corpus for k, _ in t.attributes)
    known = ["group", "round", "site", "language", PAIR, *attributes]
    for name in by:
        if name not in known:
            raise UnknownName("field to compare by", name, known)
    if len(set(by)) < len(by):
        raise WrongCall(f"reliability: by names one thing twice ({', '.join(by)}) — name each once")
    return by


def _cells(
    matrix: CodingMatrix, names: tuple[str, ...], fields: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Compared]]:
    """Every cell with what was said in it; the pair of coders, if asked for, keeps its place among the fields."""
    of_units = [name for name in fields if name != PAIR]
    pairs = {f"{a} and {b}": (a, b) for a, b in itertools.combinations(names, 2)}
    sides = {
        pair: side_by_side(matrix, two, of_units) for pair, two in (pairs if PAIR in fields else {"": names}).items()
    }
    levels = [tuple(pairs) if name == PAIR else matrix.study.levels(name) for name in fields]
    for cell in itertools.product(*levels):
        named = dict(zip(fields, cell, strict=True))
        compared = sides[named.get(PAIR, "")]
        yield cell, compared.within(tuple(named[name] for name in of_units)) if of_units else compared


def _rows(compared: Compared, codebook: Codebook, rule: Rule, interval: IntervalBy) -> Iterator[dict[str, object]]:
    """The rows of one cell: each theme, then its codes."""
    codes = {code.id: [at] for at, code in enumerate(codebook)}
    themes: dict[str, list[int]] = {}
    for at, code in enumerate(codebook):
        themes.setdefault(code.theme, []).append(at)
    among_codes = confusion(compared, list(codes.values()))
    among_themes = confusion(compared, list(themes.values()))
    limit = RULES[rule].tentative
    for n, (theme, members) in enumerate(themes.items()):
        if theme:
            other, times = most_confused(among_themes[n], list(themes))
            found = numbers(compared, members, limit=limit, interval=interval)
            yield {"theme": theme, "code": "", **_row(found, other, times, "", rule)}
        for at in members:
            id = codebook.codes[at].id
            other, times = most_confused(among_codes[at], list(codes))
            apart = tell_apart(codebook, id, other) if other else ""
            found = numbers(compared, [at], limit=limit, interval=interval)
            yield {"theme": theme, "code": id, **_row(found, other, times, apart, rule)}


def _row(found: dict[str, object], other: str, times: int, apart: str, rule: Rule) -> dict[str, object]:
    more = {"confused_with": other, "confused": times, "told_apart_by": apart}
    return {**found, **more, "status": _status(found, rule)}


def _status(numbers: dict[str, object], rule: Rule) -> str:
    limits = RULES[rule]
    low = float(numbers["low"])  # type: ignore[arg-type]
    if math.isnan(low):
        return "cannot say"
    return "use" if low >= limits.use else "tentative" if low >= limits.tentative else "qualitative"
