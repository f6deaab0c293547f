"""The gate in front of every claim: may a theme or code be reported, going by how far its coders agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bwa_study.analysis.reliability import reliability
from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import UnknownName
from bwa_study.model.matrix import matrix
from bwa_study.model.reliability_rules import RULES, Rule
from bwa_study.model.results import Result
from bwa_study.model.study import Study

NOT_DOUBLE_CODED = "not double-coded"
STATUSES = ("use", "tentative", "qualitative", "cannot say", NOT_DOUBLE_CODED)
_COLUMNS = ("theme", "code", "status", "alpha", "low", "high", "n_units", "n_coded", "reason")
_KEPT = "reliability_gate"


@dataclass(frozen=True, eq=False, repr=False)
class ReliabilityGate(Result):
    """What each theme and code may be used for, a row each, a theme before its codes.

    ``table`` has the columns ``theme``, ``code`` (empty in the row of a theme), ``status`` (one of `STATUSES`),
    ``alpha``, ``low``, ``high`` (Krippendorff's alpha and its 95% interval), ``n_units`` (units that two of the coders
    examined), ``n_coded`` (of these, coded by any), and ``reason`` (why there is no number).

    ``use``, ``tentative`` and ``qualitative`` (report in words, not in numbers) go by the *lower* end of the interval;
    ``cannot say``: two coded, and there is no interval; ``not double-coded``: no two coders read the same.
    """

    coders: tuple[str, ...] = ()
    rule: Rule = "krippendorff2004"

    def status(self, name: str) -> str:
        """The status of a code or, where no code has that id, of a theme.

        Raises
        ------
        UnknownName
            If there is neither.
        """
        return str(self.row(name)["status"])

    def row(self, name: str) -> pd.Series:
        """The row of a code or, where no code has that id, of a theme.

        Raises
        ------
        UnknownName
            If there is neither.
        """
        codes = self.table["code"] == name
        found = self.table[codes if codes.any() else (self.table["theme"] == name) & (self.table["code"] == "")]
        if found.empty or not name:
            known = [*self.table["code"], *self.table["theme"]]
            raise UnknownName("code or theme", name, [one for one in dict.fromkeys(known) if one])
        return found.iloc[0]

    @property
    def of_codes(self) -> dict[str, str]:
        """The status of every code."""
        codes = self.table[self.table["code"] != ""]
        return dict(zip(codes["code"], codes["status"], strict=True))

    def column(self, themes: Sequence[str], codes: Sequence[str]) -> list[str]:
        """The status of each row of a table that names a theme and a code; a row without a code is its theme's."""
        statuses = {(t, c): s for t, c, s in self.table[["theme", "code", "status"]].itertuples(index=False)}
        return [str(statuses[theme, code]) for theme, code in zip(themes, codes, strict=True)]

    def summary(self, codes: Sequence[str]) -> str:
        """How many of some codes have which status, the best first, such as ``use 2; tentative 3``; empty for none.

        Raises
        ------
        UnknownName
            If a code does not exist.
        """
        found = [self.status(code) for code in codes]
        return "; ".join(f"{status} {found.count(status)}" for status in STATUSES if status in found)

    def note(self, counted: Sequence[str] = ()) -> str:
        """One line to print under a table whose rows have a status.

        Parameters
        ----------
        counted
            Whose codings the table counts; the line says so where they are not those whose agreement was measured.
        """
        if not self.coders:
            return f"Reliability: {NOT_DOUBLE_CODED}. {self.method}"
        line = (
            f"Reliability: by the lower end of alpha's 95% interval, of {', '.join(self.coders)} on "
            f"{self.provenance['units']} double-coded {self.provenance['unit']}s; {RULES[self.rule].paper}. "
            "'qualitative': report in words, not in numbers."
        )
        others = [one for one in counted if one not in self.coders]
        if others:
            line += f" It says how far these coders agree, not whether the codings of {', '.join(others)} are right."
        return line

    def compact(self) -> pd.DataFrame:
        """Status, alpha and its interval; codes only."""
        codes = self.table[self.table["code"] != ""].set_index("code")
        return codes[["status", "alpha", "low", "high"]].round(3)


def reliability_gate(study: Study) -> ReliabilityGate:
    """Say of every theme and code whether it may be reported, by the rules the study has chosen.

    The agreement is that of the coders named under ``reliability:`` in study.yaml, or else of all people who coded, on
    the units that two of them examined. The answer is kept with the study, so asking again costs nothing.

    Parameters
    ----------
    study
        Its `reliability` says rule, coders, unit and interval.

    Returns
    -------
    ReliabilityGate
        With fewer than two such coders, or no unit in common, every status is ``not double-coded``.

    Raises
    ------
    UnknownName
        If a coder named by the study has neither codings nor a record of what was examined.

    References
    ----------
    See `bwa_study.model.reliability_rules.RULES`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> gate = bwa.reliability_gate(bwa.demo_study(seed=1, size="lite"))
    >>> gate.status("management_receptiveness"), gate.status("client_influence")
    ('tentative', 'qualitative')
    """
    kept = study.kept.get(_KEPT)
    if not isinstance(kept, ReliabilityGate):
        kept = study.kept[_KEPT] = _measured(study)
    return kept


def compared_coders(study: Study, coders: Sequence[str] = ()) -> tuple[str, ...]:
    """Whose agreement is asked: `coders`, else those named under ``reliability:`` in study.yaml, else all people who
    coded. Names in that order; empty if nobody has coded."""
    return tuple(coders) or study.reliability.coders or study.codings.people


def _measured(study: Study) -> ReliabilityGate:
    chosen = study.reliability
    coders = compared_coders(study)
    if chosen.coders and not set(chosen.coders) & set(study.codings.coders):
        return _closed(study, f"none of {', '.join(chosen.coders)}, named in study.yaml, has codings here")
    if len(coders) < 2:
        found = f"only {coders[0]} has coded" if coders else "no person has coded"
        return _closed(study, f"{found}; agreement needs two")
    laid_out = matrix(study, unit=chosen.unit, coders=coders)
    result = reliability(laid_out, rule=chosen.rule, interval=chosen.interval)
    if not result.table["n_units"].any():
        return _closed(study, f"no {chosen.unit} was examined by two of {', '.join(coders)}")
    return ReliabilityGate(
        table=result.table[list(_COLUMNS)].copy(),
        title=f"What may be reported, by the agreement of {', '.join(coders)}",
        method=result.method,
        source=result.source,
        provenance=result.provenance,
        synthetic=study.synthetic,
        coders=coders,
        rule=chosen.rule,
    )


def _closed(study: Study, reason: str) -> ReliabilityGate:
    blank = (NOT_DOUBLE_CODED, math.nan, math.nan, math.nan, 0, 0, reason)
    return ReliabilityGate(
        table=pd.DataFrame([(*row, *blank) for row in rows_of(study.codebook)], columns=list(_COLUMNS)),
        title="What may be reported: nothing was double-coded",
        method=f"Agreement of coders was not measured: {reason}.",
        synthetic=study.synthetic,
        rule=study.reliability.rule,
    )


def rows_of(codebook: Codebook) -> list[tuple[str, str]]:
    """Theme and code of every row of a table of themes and codes: each theme (with an empty code), then its codes."""
    members: dict[str, list[str]] = {}
    for code in codebook:
        members.setdefault(code.theme, []).append(code.id)
    return [(theme, code) for theme, codes in members.items() for code in (*([""] if theme else []), *codes)]
