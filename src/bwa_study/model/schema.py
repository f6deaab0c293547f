"""Declared columns of a table, checked once at the border with all bad rows at once."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bwa_study.model.errors import Problem, TableError, did_you_mean, shown

Kind = Literal["text", "verbatim", "id", "integer", "boolean", "date"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*\Z")
_INTEGER = re.compile(r"-?[0-9]{1,15}\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_TRUE, _FALSE = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Header of the column.
    kind
        ``text`` without white space at its ends; ``verbatim`` as it is; ``id`` ASCII letters, digits, ``. _ -``;
        ``integer``; ``boolean`` (true/false, yes/no, y/n, 1/0); ``date`` as YYYY-MM-DD, kept as text.
    required
        Whether the table must have the column.
    filled
        Whether every row must have a value.
    levels
        The allowed values, if they are few; `many` joins several with ``;``.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    filled: bool = False
    levels: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a kind of table.

    Examples
    --------
    >>> schema = Schema("pairs", (Column("who", "id", required=True, filled=True), Column("n", "integer")))
    >>> schema.conform(pd.DataFrame({"who": ["a"], "n": ["3"]}))["n"].tolist()
    [3]
    """

    name: str
    columns: tuple[Column, ...]
    extra: bool = False

    def conform(self, frame: pd.DataFrame, *, file: str = "table") -> pd.DataFrame:
        """A typed copy with the declared columns in order, extra ones (where allowed) after them.

        Parameters
        ----------
        frame
            Values as text (or typed already); the index gives the row numbers that messages show.
        file
            Name that messages show.

        Returns
        -------
        pandas.DataFrame
            Missing values are ``""`` in text columns, ``<NA>`` in integer and boolean columns.

        Raises
        ------
        TableError
            With every problem of the table.
        """
        typed, problems = self.examine(frame, file=file)
        if problems:
            raise TableError(problems)
        return typed

    def examine(self, frame: pd.DataFrame, *, file: str = "table") -> tuple[pd.DataFrame, list[Problem]]:
        """As `conform`, but the problems are returned; a bad value is missing in the typed frame."""
        problems = self._header_problems(list(map(str, frame.columns)), file)
        frame = frame.loc[:, ~frame.columns.duplicated()]
        out = {}
        for column in self.columns:
            if column.name in frame.columns:
                out[column.name] = _typed_column(column, frame[column.name], file, problems)
            else:
                out[column.name] = pd.Series(_missing(column.kind), index=frame.index, dtype=_dtype(column.kind))
        if self.extra:
            known = {c.name for c in self.columns}
            for name in frame.columns:
                if name not in known:
                    out[name] = frame[name].fillna("").astype(str)
        return pd.DataFrame(out, index=frame.index), sorted(problems, key=lambda p: p.line)

    def _header_problems(self, found: list[str], file: str) -> list[Problem]:
        known = [c.name for c in self.columns]
        problems = []
        for column in self.columns:
            if column.required and column.name not in found:
                what = f"column '{column.name}' is missing; columns found: {', '.join(map(shown, found))}"
                problems.append(Problem(file, 1, 0, what, f"add the column '{column.name}' to the first line"))
        for name in dict.fromkeys(n for n in found if found.count(n) > 1):
            what = f"column '{shown(name)}' is given {found.count(name)} times"
            problems.append(Problem(file, 1, 0, what, "give each column its own name"))
        for name in [] if self.extra else dict.fromkeys(found):
            if name not in known:
                what = f"unknown column '{shown(name)}'{did_you_mean(name, known)}"
                problems.append(Problem(file, 1, 0, what, f"the columns of a {self.name} are {', '.join(known)}"))
        return problems


def _typed_column(column: Column, values: pd.Series, file: str, problems: list[Problem]) -> pd.Series:
    out: list[Value] = []
    for row, raw in zip(values.index, values, strict=True):
        text = _as_text(raw, column.kind)
        value, fault = _parse(column, text)
        if fault:
            what = f"column '{column.name}', value '{shown(text)}': {fault[0]}"
            problems.append(Problem(file, int(row) if isinstance(row, int) else 0, 0, what, fault[1]))
        out.append(value)
    return pd.Series(out, index=values.index, dtype=_dtype(column.kind))


def _as_text(raw: object, kind: Kind) -> str:
    if raw is None or raw is pd.NA or raw != raw:
        return ""
    if kind == "integer" and isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw) if kind == "verbatim" else str(raw).strip()


def _parse(column: Column, text: str) -> tuple[Value, tuple[str, str] | None]:
    missing = _missing(column.kind)
    if not text:
        return missing, ("nothing is filled in", f"fill in '{column.name}'") if column.filled else None
    if column.levels:
        for part in (p.strip() for p in text.split(";")) if column.many else (text,):
            if part not in column.levels:
                hint = did_you_mean(part, column.levels)
                return missing, (f"'{shown(part)}' is not one of the values{hint}", f"use {_listed(column.levels)}")
    if column.kind == "id" and not _ID.match(text):
        return missing, ("not an id", "use ASCII letters, digits, '.', '_' and '-' only, no spaces")
    if column.kind == "integer":
        return (int(text), None) if _INTEGER.match(text) else (missing, ("not a whole number", "write digits only"))
    if column.kind == "boolean":
        low = text.lower()
        if low in _TRUE or low in _FALSE:
            return low in _TRUE, None
        return missing, ("neither yes nor no", "write yes or no")
    if column.kind == "date":
        return (
            (text, None) if is_date(text) else (missing, ("not a date", "write it as YYYY-MM-DD, such as 2020-09-14"))
        )
    return text, None


def is_date(text: str) -> bool:
    """Whether `text` is a calendar date written YYYY-MM-DD.

    Examples
    --------
    >>> is_date("2020-02-29"), is_date("2021-02-29"), is_date("14/09/2020")
    (True, False, False)
    """
    if not _DATE.match(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _listed(levels: tuple[str, ...]) -> str:
    return ", ".join(levels[:20]) + (" …" if len(levels) > 20 else "")


def _missing(kind: Kind) -> Value:
    return None if kind in ("integer", "boolean") else ""


def _dtype(kind: Kind) -> str:
    return {"integer": "Int64", "boolean": "boolean"}.get(kind, "object")
