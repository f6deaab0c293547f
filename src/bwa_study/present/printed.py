"""A result as a table that people read: heads that span columns, rows of text, notes. Document writers start here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from bwa_study.analysis.framework import FrameworkMatrix
from bwa_study.analysis.frequency import Frequency
from bwa_study.analysis.prevalence import shown_change
from bwa_study.model.results import Result
from bwa_study.present.read_frame import read_frame
from bwa_study.present.tables import is_missing
from bwa_study.present.wide_layout import CHANGE, wide_layout
from bwa_study.present.wording import words

_MOST_COLUMNS, _MOST_NARROW, _CHUNK = 16, 20, 7
"""A table with more columns than can be read side by side (narrow ones: more) is cut into several of so many."""
_NARROW = 4
NOTHING = "–"
"""What stands in a cell without a value."""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row: a text a column. A `strong` row heads those below it, such as a theme its codes."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as it is read.

    Parameters
    ----------
    title
        The caption.
    heads
        Rows of heads from the top down; each is pairs of text and the number of columns it stands over, and the widths
        of a row add up to the number of columns.
    rows
        The body.
    notes
        Lines under the table: synthetic or not, method with denominator, source, provenance.
    numeric
        By column, whether it holds numbers (set to the right).
    """

    title: str
    heads: tuple[tuple[tuple[str, int], ...], ...]
    rows: tuple[PrintedRow, ...]
    notes: tuple[str, ...]
    numeric: tuple[bool, ...]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.numeric)

    @property
    def texts(self) -> Iterable[str]:
        """Every text of the table, so that a writer can choose a font that has them all."""
        yield self.title
        yield from (text for head in self.heads for text, _ in head)
        yield from (text for row in self.rows for text in row.cells)
        yield from self.notes


def printed(result: Result, language: str = "") -> tuple[Printed, ...]:
    """The tables of a result as people read them.

    A frequency has one a polarity, a framework matrix one a round and theme, every other result one; a result with many
    columns is cut into several.

    Parameters
    ----------
    result
        Of any analysis. Its `compact` says what is shown of a result that has no layout of its own.
    language
        Of the labels of a frequency; the study's by default.

    Returns
    -------
    tuple of Printed
        At least one.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> table = bwa.frequency(bwa.matrix(study, coders=["simulated-human-A"]), by=("group",), polarity=("absent",))
    >>> one, = printed(table, "zh")
    >>> one.heads[0]
    (('', 1), ('信度', 1), ('品牌方人员', 1), ('管理人员', 1), ('工人', 1))
    """
    if isinstance(result, Frequency) and result.matrix is not None:
        language = language or result.matrix.study.language
        return tuple(_frequency(result, polarity, language) for polarity in dict.fromkeys(result.table["polarity"]))
    if isinstance(result, FrameworkMatrix):
        return tuple(_framework(result))
    frame = read_frame(result, language)
    if len(frame.columns) <= (_MOST_NARROW if _is_narrow(frame) else _MOST_COLUMNS):
        return (from_frame(frame, title=result.title, notes=result.notes()),)
    starts = range(0, len(frame.columns), _CHUNK)
    return tuple(
        from_frame(
            frame.iloc[:, at : at + _CHUNK],
            title=f"{result.title} ({n} of {len(starts)})",
            notes=result.notes(),
        )
        for n, at in enumerate(starts, start=1)
    )


def _is_narrow(frame: pd.DataFrame) -> bool:
    """Whether every cell is a few characters, such as a count."""
    return all(len(shown_value(value)) <= _NARROW for value in frame.to_numpy(object).flat)


def from_frame(frame: pd.DataFrame, *, title: str, notes: Sequence[str] = ()) -> Printed:
    """A frame with its index, as it is; columns of numbers are set to the right, a missing value is a dash.

    A running number as index is left out. Numbers that are whole are shown without a point, others as the frame has
    them: rounding is for `compact` to decide.
    """
    indexed = frame.index.nlevels > 1 or frame.index.name is not None or not isinstance(frame.index, pd.RangeIndex)
    names = [str(name or "").replace("_", " ") for name in frame.index.names] if indexed else []
    columns = [tuple(map(str, c)) if isinstance(c, tuple) else (str(c),) for c in frame.columns]
    depth = max((len(c) for c in columns), default=1)
    heads = []
    for level in range(depth):
        head = [(name if level == depth - 1 else "", 1) for name in names]
        for _, run in itertools.groupby(columns, key=lambda c: c[: level + 1] if level < depth - 1 else (id(c),)):
            members = list(run)
            head.append((members[0][level].replace("_", " "), len(members)))
        heads.append(tuple(head))
    rows = []
    for key, values in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
        keys = (key if isinstance(key, tuple) else (key,)) if indexed else ()
        rows.append(PrintedRow(tuple(shown_value(v) for v in (*keys, *values))))
    numeric = [False] * len(names)
    numeric += [pd.api.types.is_numeric_dtype(t) and not pd.api.types.is_bool_dtype(t) for t in frame.dtypes]
    return Printed(title, tuple(heads), tuple(rows), tuple(notes), tuple(numeric))


def shown_value(value: object) -> str:
    """A value as text: a dash where there is none, whole numbers without a point.

    Examples
    --------
    >>> [shown_value(v) for v in (None, float("nan"), 3.0, 0.125, "x", "")]
    ['–', '–', '3', '0.125', 'x', '']
    """
    if is_missing(value):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    return str(value)


def _frequency(result: Frequency, polarity: str, language: str) -> Printed:
    say = words(language)
    columns, lines = wide_layout(result, polarity, language)
    depth = max(1, len(result.by))
    over = []
    for level in range(depth):
        head = [("", 1), (say["reliability"] if level == depth - 1 else "", 1)]
        for prefix, run in itertools.groupby(columns, key=lambda one: one.head[: level + 1]):
            head.append((prefix[level] if prefix else "", len(list(run))))
        over.append(tuple(head))
    rows = []
    for line in lines:
        texts = [
            _change(*cell, say) if column.holds == CHANGE else _share(*cell, say)
            for column, cell in zip(columns, line.cells, strict=True)
        ]
        name = line.name if line.is_theme else f"\u2003{line.name}"
        rows.append(PrintedRow((name, say[line.reliability], *texts), strong=line.is_theme))
    title = f"{say[f'share {result.count}']}: {say[polarity]}"
    return Printed(title, tuple(over), tuple(rows), tuple(result.notes()), (False, False, *[True] * len(columns)))


def _change(change: object, low: object, high: object, say: dict[str, str]) -> str:
    if isinstance(change, str):
        return say.get(change, change)
    ends = [x if isinstance(x, float) else math.nan for x in (low, high)]
    return shown_change(float(str(change)), ends[0], ends[1], say.get(low, low) if isinstance(low, str) else "ok")


def _share(share: object, n: object, of: object, say: dict[str, str]) -> str:
    if isinstance(share, str):
        return say.get(share, share)
    return f"{100 * share:.0f}% ({n}/{of})"  # type: ignore[operator]


def _framework(result: FrameworkMatrix) -> Iterable[Printed]:
    wide = result.compact().reset_index()
    for round in dict.fromkeys(wide["round"]):
        here = wide[wide["round"] == round].drop(columns="round").set_index("row")
        here.index.name = result.rows
        for theme, codes in result.themes:
            title = f"{result.title} · {round}" + (f" · {theme}" if theme else "")
            yield from_frame(here[list(codes)], title=title, notes=result.notes())
