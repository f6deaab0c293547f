"""SPSS and Stata files as rows of text, with the questions and labels they hold."""

from __future__ import annotations

import datetime
import io
import math
from dataclasses import dataclass, field
from typing import Any

from bwa_study.load.gate import Rejected, Source
from bwa_study.model.errors import Problem, shown

STATISTICS_KINDS = (".sav", ".zsav", ".dta")


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """Column names, cells as text, the label of each variable, the labels of its values, and those of its values that
    the file declares as missing."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    questions: dict[str, str]
    labels: dict[str, tuple[tuple[str, str], ...]]
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_statistics(source: Source) -> StatisticsTable:
    """A SPSS (sav, zsav) or Stata (dta) file; call it with `confined`.

    Values stay as they are stored, codes and not labels; values the file declares as missing (SPSS 9 = refused, Stata
    ``.a``) are kept, so that the survey file can say what they mean. System missing is an empty cell.

    Raises
    ------
    Rejected
        If the file is damaged.
    """
    import pyreadstat

    is_stata = source.name.lower().endswith(".dta")
    read = pyreadstat.read_dta if is_stata else pyreadstat.read_sav
    try:
        columns, about = read(io.BytesIO(source.data), user_missing=True, output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError, ValueError) as fault:
        what = f"it cannot be read ({shown(fault)})"
        raise Rejected(Problem(source.name, 0, 0, what, "save it anew in its program, or as csv")) from None
    names = tuple(about.column_names)
    cells = [[_text(value) for value in columns[name]] for name in names]
    questions = {name: text for name, text in zip(names, about.column_labels, strict=True) if text}
    labels = {
        name: tuple((_text(value), str(label)) for value, label in sorted(found.items(), key=_order))
        for name, found in about.variable_value_labels.items()
    }
    missing = {
        name: _declared(about, name, [*columns[name], *about.variable_value_labels.get(name, {})]) for name in names
    }
    return StatisticsTable(names, tuple(zip(*cells, strict=True)), questions, labels, missing)


def _declared(about: Any, name: str, values: list[Any]) -> tuple[str, ...]:
    """Those of the values that the file declares as missing: by ranges (SPSS), or as ``.a`` to ``.z`` (Stata)."""
    ranges = [(one["lo"], one["hi"]) for one in about.missing_ranges.get(name, ())]
    letters = set(about.missing_user_values.get(name, ()))
    found: dict[str, None] = {}
    for value in (one for one in values if _text(one)):
        inside = any(isinstance(value, str) == isinstance(low, str) and low <= value <= high for low, high in ranges)
        if inside or (isinstance(value, str) and value in letters):
            found[_text(value)] = None
    return tuple(found)


def _order(pair: tuple[Any, Any]) -> tuple[bool, Any]:
    return isinstance(pair[0], str), pair[0]


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if hasattr(value, "item"):
        return _text(value.item())
    return str(value)
