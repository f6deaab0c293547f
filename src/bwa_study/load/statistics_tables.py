"""SPSS and Stata files as rows of text, with the questions and labels they hold."""

from __future__ import annotations

import datetime
import io
import math
from dataclasses import dataclass
from typing import Any

from bwa_study.load.gate import Rejected, Source
from bwa_study.model.errors import Problem, shown

STATISTICS_KINDS = (".sav", ".zsav", ".dta")


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """Column names, cells as text, the label of each variable, and the labels of its values."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    questions: dict[str, str]
    labels: dict[str, tuple[tuple[str, str], ...]]


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
    return StatisticsTable(names, tuple(zip(*cells, strict=True)), questions, labels)


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
