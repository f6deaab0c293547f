"""Results to files: csv for programs, xlsx for people."""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bwa_study.analysis.frequency import Frequency
from bwa_study.load.folder_lock import is_left_partial, partial_name
from bwa_study.model.errors import BwaError, UnknownName
from bwa_study.model.results import Result
from bwa_study.present.wording import level_label

if TYPE_CHECKING:
    from bwa_study.present.printed import Printed

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
"""Beginnings a spreadsheet program may take for a formula; those of East Asia read full-width signs so, too."""

_SHARES = ("share", "low", "high")


class CannotWrite(BwaError):
    """A file cannot be written; the message names it and the reason."""


KINDS = (".csv", ".xlsx", ".docx", ".tex", ".md", ".html")
"""Endings of the files a result can be written to."""


def write_table(result: Result, path: str | Path, *, language: str = "") -> None:
    """Write any result; the ending of `path` says how.

    ======== =====================================================================
    .csv     the long table, for programs
    .xlsx    wide and long tables, notes, codebook
    .docx    Word tables with caption and notes, Chinese in a Chinese font
    .tex     LaTeX tables with the rules of booktabs
    .md      Markdown (pipe tables)
    .html    one page that loads nothing
    ======== =====================================================================

    In csv and xlsx numbers are unrounded; the others show what people read (`Result.compact`). In csv, a text that
    begins with ``= + - @`` gets an apostrophe before it, so that no spreadsheet program takes it for a formula; in xlsx
    every text is written as text. Equal results give equal bytes.

    Parameters
    ----------
    result
        Of any analysis.
    path
        Where to write; folders that are missing are made.
    language
        Of the labels of a frequency, ``en`` or ``zh``; the study's by default.

    Raises
    ------
    UnknownName
        If the ending is none of these.
    CannotWrite
        If the file cannot be written; nothing is left of it then.
    """
    path = Path(path)
    write_bytes(path, table_bytes(result, path.suffix, language=language))


def table_bytes(result: Result, kind: str, *, language: str = "") -> bytes:
    """The bytes that `write_table` writes; `kind` is one of `KINDS`.

    Raises
    ------
    UnknownName
        If there is no such kind.
    """
    if kind not in KINDS:
        raise UnknownName("kind of table", kind, KINDS)
    if kind == ".csv":
        return csv_bytes(labelled(result))
    if kind == ".xlsx":
        from bwa_study.present.workbook import workbook_bytes

        return workbook_bytes(result, language)
    from bwa_study.present.printed import printed

    return pages_bytes(printed(result, language), kind, title=result.title, synthetic=result.synthetic)


def pages_bytes(pages: Sequence[Printed], kind: str, *, title: str, synthetic: bool) -> bytes:
    """Tables that are laid out already, one after the other, in one document: .docx, .tex, .md or .html."""
    if kind == ".docx":
        from bwa_study.present.word_document import word_bytes

        return word_bytes(pages, title=title, synthetic=synthetic)
    from bwa_study.present.markup import html, latex, markdown

    return {".tex": latex, ".md": markdown, ".html": html}[kind](pages).encode("utf-8")


def labelled(result: Result) -> pd.DataFrame:
    """The long table with the columns that make it readable on its own: coder, codebook, synthetic."""
    table = result.frame
    for name in ("coder", "codebook"):
        if name not in table:
            table[name] = result.provenance.get(name, "")
    table["synthetic"] = result.synthetic
    return table


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as UTF-8 csv (with the mark that Excel needs for Chinese), missing values empty, full precision."""
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].astype(object).map(_safe)
    safe.columns = pd.Index([_safe(name) for name in safe.columns])
    out = io.StringIO()
    safe.to_csv(out, index=False, lineterminator="\n")
    return out.getvalue().encode("utf-8-sig")


def _safe(value: object) -> object:
    """A text that no program takes for a formula, with line ends that csv writers quote; other values as they are."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    CannotWrite
        With the path and the reason.
    """
    write_files({path: data})


def write_files(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write several files; none takes its place before all of them lie whole on the disk.

    Returns
    -------
    tuple of Path
        Half-written files that a program had left in these folders when it was killed; they were deleted.

    Raises
    ------
    CannotWrite
        With the path that failed and the reason; nothing is left of the new files then.
    """
    staged: list[tuple[Path, Path]] = []
    at = Path()
    try:
        for at, data in files.items():
            at.parent.mkdir(parents=True, exist_ok=True)
            partial = partial_name(at)
            staged.append((partial, at))
            with open(partial, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        for partial, at in staged:
            os.replace(partial, at)
    except OSError as fault:
        raise cannot_write(at, fault) from None
    finally:
        for partial, _ in staged:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
    return tuple(left for folder in dict.fromkeys(at.parent for at in files) for left in _cleared(folder))


def _cleared(folder: Path) -> Iterator[Path]:
    for path in sorted(folder / name for name in os.listdir(folder) if is_left_partial(name)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            yield path


def cannot_write(path: Path, fault: OSError) -> CannotWrite:
    """The error for a path that the system refused to write."""
    return CannotWrite(f"{path}: cannot be written ({fault.strerror or fault}) — free space, or choose another folder")


def wide_shares(result: Frequency, polarity: str, language: str) -> tuple[list[tuple[str, ...]], list[list[Any]]]:
    """Codes down and cells across, as people hand it in.

    Returns
    -------
    tuple
        Column heads (a tuple of labels a cell), and rows: theme or code label, whether it is a theme, then for each
        cell share, n, denominator; where there is no share it is the reason, and n and denominator are None.
    """
    assert result.matrix is not None
    study = result.matrix.study
    rows = result.select(polarity=polarity)
    cells = list(dict.fromkeys(zip(*(rows[name] for name in result.by), strict=True))) if result.by else [()]
    heads = [tuple(level_label(study, f, v, language) for f, v in zip(result.by, c, strict=True)) for c in cells]
    out: list[list[Any]] = []
    for (theme, code), part in rows.groupby(["theme", "code"], sort=False):
        name = study.label("code", str(code), language) if code else study.label("theme", str(theme), language)
        line: list[Any] = [name, not code]
        for row in part.to_dict("records"):
            line += (
                [row["share"], row["n"], row["denominator"]] if row["status"] == "ok" else [row["status"], None, None]
            )
        out.append(line)
    return heads, out


def wide_reliability(result: Frequency, polarity: str) -> list[str]:
    """What each row of `wide_shares` may be used for, in the words of `bwa_study.analysis.gate.STATUSES`."""
    rows = result.select(polarity=polarity)
    return [str(status) for status in rows.groupby(["theme", "code"], sort=False)["reliability"].first()]


def is_missing(value: object) -> bool:
    """Whether a cell has no value."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def is_share(column: str) -> bool:
    """Whether a column holds shares, shown as per cent."""
    return column in _SHARES


def records(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Rows as plain tuples."""
    return table.itertuples(index=False, name=None)
