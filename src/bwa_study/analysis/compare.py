"""What changed, for whom: differences of shares between rounds, groups or kinds of sites, people clustered in sites."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.compared import BY_RULE, NUMBERS, RULE, Part, numbers
from bwa_study.analysis.contrasts import METHODS
from bwa_study.analysis.families import CORRECTION_SOURCES, CORRECTIONS, Correction, adjusted
from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.levels import arms_of, cells_of_rows, in_both, pairs_of
from bwa_study.analysis.people import People, SiteFields, is_of_sites, levels_of, people
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

_SOURCE = "Bell & McCaffrey (2002); Pustejovsky & Tipton (2018)"
_SOURCES = {
    "GEE": "Liang & Zeger (1986); Mancl & DeRouen (2001)",
    "bootstrap": "Field & Welsh (2007)",
    "permutation": "Phipson & Smyth (2010); intervals: " + _SOURCE,
    "wild bootstrap": "Cameron, Gelbach & Miller (2008); intervals: " + _SOURCE,
}
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Differences of shares, a row a comparison and code.

    ``table`` has the columns of `within`, then ``theme``, ``code``, ``reliability``
    (see `bwa_study.analysis.gate`), ``from``, ``to`` (the levels compared), with
    `across` also ``base`` and ``other`` (its levels); ``n_from``, ``of_from``, ``share_from``, ``n_to``, ``of_to``,
    ``share_to`` (of the other level of `across` where there is one, and then the same with ``base_`` in front);
    ``difference`` (to less from; with `across` the other's difference less the base's; -2 to 2), ``low`` and ``high``
    (95% interval, cut where the difference cannot be),
    ``error``, ``df``, ``p``, ``p_adjusted``; ``ratio`` with ``ratio_low`` and ``ratio_high``, ``odds_ratio`` with
    ``odds_low`` and ``odds_high`` (NaN where a share is 0); ``clusters`` (of the cell that has the fewest), ``people``
    (persons in the comparison), ``method``; ``status``:
    ``ok``, ``too few to say``, ``not visited``, ``not asked``; and ``reason``. What is not defined is NaN.
    """

    within: tuple[str, ...] = ()
    between: str = ""
    across: str = ""
    polarity: str = "present"
    rows: People | None = field(default=None, repr=False)

    def cell(self, code: str, **where: str) -> pd.Series:
        """One comparison, such as ``cell("follow_up", group="worker", to="R2")``.

        Raises
        ------
        UnknownName
            If a name does not exist.
        WrongCall
            If not exactly one row is meant.
        """
        found = self.table[self.table["code"] == code]
        if found.empty:
            raise UnknownName("code", code, sorted(set(self.table["code"])))
        for name, value in where.items():
            if name not in found.columns:
                raise UnknownName("column", name, found.columns)
            if value not in set(found[name]):
                raise UnknownName(name, value, list(dict.fromkeys(found[name])))
            found = found[found[name] == value]
        if len(found) != 1:
            names = [*self.within, "from", "to"]
            raise WrongCall(f"{len(found)} comparisons of {code} are meant — name one by {', '.join(names)}")
        return found.iloc[0]

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.rows.matrix if self.rows else None

    def quotes(self, code: str, level: str, *, base: str = "", **where: str) -> pd.DataFrame:
        """The coded words behind one cell: people of `level` of `between` (and `base` of `across`), in `where`.

        The number of distinct interviews (and sites, where rows are by site) is the cell's n.

        Raises
        ------
        UnknownName
            If a name does not exist.
        """
        assert self.rows is not None
        study = self.rows.matrix.study
        study.codebook[code]
        conditions = {self.between: level, **({self.across: base} if self.across and base else {}), **where}
        keep = np.ones(len(self.rows.rows), dtype=bool)
        for name, value in conditions.items():
            known = levels_of(study, name, self.rows.fields)
            if value not in known:
                raise UnknownName(name, value, known)
            keep &= self.rows.values(name) == value
        return self.rows.quotes(code, np.flatnonzero(keep), self.polarity)

    def compact(self) -> pd.DataFrame:
        """One line a comparison: both shares with their counts, the difference with its interval, p adjusted."""
        shown = self.table
        out = shown[[*self.within, "code"]].copy()
        out["comparison"] = [self._named(row) for row in shown.to_dict("records")]
        for side in ("from", "to"):
            out[side] = [_share(row, side) for row in shown.to_dict("records")]
        out["change (points)"] = [_points(row) for row in shown.to_dict("records")]
        out["p, adjusted"] = [
            "–"
            if math.isnan(row["p_adjusted"])
            else f"{row['p_adjusted']:.3f}"
            if row["p_adjusted"] >= 0.001
            else "<0.001"
            for row in shown.to_dict("records")
        ]
        out["clusters"] = shown["clusters"]
        out["status"] = shown["status"]
        out["reliability"] = shown["reliability"]
        return out.set_index([*self.within, "code"])

    def _named(self, row: Mapping[Any, Any]) -> str:
        named = f"{row['from']} → {row['to']}"
        return f"{named}, {row['other']} less {row['base']}" if self.across else named


def compare(
    matrix: CodingMatrix,
    *,
    between: str,
    levels: Sequence[str] | None = None,
    within: Sequence[str] = (),
    across: str | None = None,
    across_levels: Sequence[str] | None = None,
    only: Mapping[str, str] | None = None,
    codes: Sequence[str] | None = None,
    polarity: str = "present",
    site_fields: SiteFields | None = None,
    paired: bool = False,
    cluster: str = "site",
    method: str = BY_RULE,
    correction: Correction = "holm",
    family: Sequence[str] = (),
) -> Comparison:
    r"""Differences of shares of interviews, with errors for people who share a site.

    Parameters
    ----------
    matrix
        Of one coder.
    between
        What is compared: ``round``, ``group``, a field of the manifest, or a field of sites.
    levels
        The two levels, from and to; by default every pair in declared order.
    within
        Fields of which every level gets comparisons of its own, such as ``["group"]``.
    across
        A second field: the difference at its second level less that at its first (difference of differences).
    across_levels
        Its two levels, base and other; by default its only two.
    only
        Conditions on the people, such as ``{"group": "worker"}``.
    codes
        All by default.
    polarity
        ``present``, ``absent`` or ``mentioned``.
    site_fields
        Fields of sites beside those of the table of sites, such as ``{"arm": {"F01": "open", "F06": "closed"}}``.
        With a field of sites, what an interview says of each site is a row of its own.
    paired
        Only people who were interviewed at all levels compared.
    cluster
        What people share: ``site`` (people of several sites tie these together), or a field such as ``brand_id``.
    method
        ``rule``, or one of CR2, GEE, bootstrap, permutation, wild bootstrap.
    correction
        ``holm``, ``benjamini-hochberg`` or ``none``, over a family of tests.
    family
        Columns of `within` that split the family; by default all tests of the table are one family.

    Returns
    -------
    Comparison
        Nothing is rounded.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a field, a level, a code, the method or the correction does not exist.
    WrongCall
        If fewer than two levels were interviewed, or options contradict each other.

    Notes
    -----
    .. math:: d = \bar y_{to} - \bar y_{from}, \qquad
              dd = (\bar y_{to} - \bar y_{from})_{other} - (\bar y_{to} - \bar y_{from})_{base}

    with :math:`\bar y` the share of interviews that were asked about the code, examined in full, and said it. It is the
    linear probability model with one coefficient a cell. The rule that chooses the method is in the notes of the
    result and in docs/comparing.md.

    References
    ----------
    Bell & McCaffrey (2002) and Pustejovsky & Tipton (2018), see `bwa_study.analysis.clustered`; Holm (1979) and
    Benjamini & Hochberg (1995), see `bwa_study.analysis.families`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> change = bwa.compare(m, between="round", levels=["R1", "R2"], within=["group"])
    >>> row = change.cell("audit_mode", group="manager")
    >>> bool(row["low"] < row["difference"] < row["high"] < 0)
    True
    """
    fields = site_fields or {}
    study = matrix.study
    _check(method, correction, polarity, within, between, across, family)
    named = [between, *within, *filter(None, (across,)), *(only or {})]
    known = {name: levels_of(study, name, fields) for name in named}
    rows = people(matrix, by_site=any(is_of_sites(study, n, fields) for n in named), codes=codes, fields=fields)
    values = {name: rows.values(name) for name in named}
    chosen = _kept(only or {}, known, values)
    pairs = pairs_of(between, levels, known[between], values[between][chosen])
    arms = arms_of(across, across_levels, known)
    columns, said = rows.said(polarity), []
    for place in itertools.product(*(known[name] for name in within)):
        here = chosen & np.logical_and.reduce(
            [values[n] == v for n, v in zip(within, place, strict=True)] or [np.ones_like(chosen)]
        )
        for start, end in pairs:
            cell = cells_of_rows(values, between, (start, end), across, arms)
            at = np.flatnonzero(here & (cell >= 0))
            if paired:
                at = in_both(rows, at, cell)
            part = Part(rows, at, cell[at], rows.clusters(at, cluster), 4 if across else 2)
            for code in range(len(rows.codes)):
                head = _head(rows, code, within, place, (start, end), arms)
                said.append({**head, **numbers(part, columns, code, method)})
    return _result(
        rows, said, tuple(within), between, across or "", polarity, method, correction, family, cluster, paired
    )


def _check(
    method: str, correction: str, polarity: str, within: Sequence[str], between: str, across: str | None, family: Any
) -> None:
    if method not in (BY_RULE, *METHODS):
        raise UnknownName("method", method, [BY_RULE, *METHODS])
    if correction not in CORRECTIONS:
        raise UnknownName("correction", correction, CORRECTIONS)
    named = [between, *within, *filter(None, (across,))]
    if len(set(named)) < len(named):
        raise WrongCall(f"compare names one field twice ({', '.join(named)}) — name each once")
    for name in family:
        if name not in within:
            raise UnknownName("field of a family", name, within)


def _kept(
    only: Mapping[str, str], known: Mapping[str, Sequence[str]], values: Mapping[str, npt.NDArray[np.object_]]
) -> npt.NDArray[np.bool_]:
    keep = np.ones(len(next(iter(values.values()))), dtype=bool)
    for name, value in only.items():
        if value not in known[name]:
            raise UnknownName(name, value, known[name])
        keep &= np.asarray(values[name] == value, dtype=bool)
    return keep


def _head(
    rows: People,
    code: int,
    within: Sequence[str],
    place: tuple[str, ...],
    pair: tuple[str, str],
    arms: tuple[str, str] | None,
) -> dict[str, object]:
    id = rows.codes[code]
    head: dict[str, object] = dict(zip(within, place, strict=True))
    head |= {"theme": rows.matrix.study.codebook[id].theme, "code": id, "from": pair[0], "to": pair[1]}
    return head | ({"base": arms[0], "other": arms[1]} if arms else {})


def _result(
    rows: People,
    said: list[dict[str, object]],
    within: tuple[str, ...],
    between: str,
    across: str,
    polarity: str,
    method: str,
    correction: Correction,
    family: Sequence[str],
    cluster: str,
    paired: bool,
) -> Comparison:
    table = pd.DataFrame(said)
    families = list(table.groupby([table[name] for name in family], sort=False).indices.values()) if family else []
    families = families or [np.arange(len(table))]
    table["p_adjusted"] = np.nan
    for members in families:
        p = table["p"].to_numpy(np.float64)[members]
        table.loc[table.index[members], "p_adjusted"] = adjusted(p, correction=correction)
    gate = reliability_gate(rows.matrix.study)
    table.insert(
        list(table.columns).index("code") + 1,
        "reliability",
        gate.column(table["theme"].tolist(), table["code"].tolist()),
    )
    table = table[[*(c for c in table.columns if c not in NUMBERS), *NUMBERS]]
    tests = [int(table["p"].iloc[members].notna().sum()) for members in families]
    matrix = rows.matrix
    named = f"Change between {between}s" if between == "round" else f"Difference between {between}s"
    row = "an interview and site" if rows.by_site else "an interview"
    denominator = f"A row counts {row}; denominator: those asked about the code and examined in full by the coder."
    people_line = " Only people interviewed at both." if paired else ""
    clusters_line = f" Clusters: people who share a {cluster}; one who covers several ties them together."
    how = RULE if method == BY_RULE else f"Method by name: {method}."
    corrected = f"p adjusted by {correction}" if correction != "none" else "p not adjusted"
    of = " and ".join(family)
    splits = (
        f"{len(tests)} families, one a {of} ({', '.join(map(str, tests))} tests)" if family else f"{tests[0]} tests"
    )
    return Comparison(
        table=table,
        title=named + (f", by {' and '.join(within)}" if within else "") + (f"; across {across}" if across else ""),
        method=f"{denominator}{people_line}{clusters_line} {how} {corrected} over a named family: {splits}. "
        f"{gate.note(matrix.coders)}",
        source="; ".join(filter(None, (_SOURCES.get(method, _SOURCE), CORRECTION_SOURCES[correction]))),
        provenance={**matrix.provenance, "polarity": polarity, "cluster": cluster},
        synthetic=matrix.study.synthetic,
        within=within,
        between=between,
        across=across,
        polarity=polarity,
        rows=rows,
    )


def _share(row: Mapping[Any, Any], side: str) -> str:
    def shown(prefix: str) -> str:
        of = row[f"{prefix}of_{side}"]
        return f"{100 * row[f'{prefix}share_{side}']:.0f}% ({row[f'{prefix}n_{side}']}/{of})" if of else "–"

    return f"{shown('')}; {shown('base_')}" if f"base_of_{side}" in row else shown("")


def _points(row: Mapping[Any, Any]) -> str:
    if math.isnan(row["difference"]):
        return "–"
    shown = f"{100 * row['difference']:+.0f}"
    return shown if math.isnan(row["low"]) else f"{shown} [{100 * row['low']:+.0f}, {100 * row['high']:+.0f}]"
