"""The wide table as SPSS (sav) and Stata (dta) files, with labels of variables."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pandas as pd

from bwa_study.analysis.wide import WideCodes
from bwa_study.model.errors import UnknownName, WrongCall

KINDS = (".csv", ".sav", ".dta")
_LONGEST = {".sav": 64, ".dta": 32}
_NAME = re.compile(r"[^A-Za-z0-9_]")


def statistics_bytes(result: WideCodes, kind: str) -> bytes:
    """The table for a program of statistics.

    Parameters
    ----------
    result
        Of `wide_codes`.
    kind
        ``.csv``, ``.sav`` or ``.dta``. In sav and dta a 0/1 column is a number with a missing value where nothing is
        known, and carries the code's label. Names that the program does not allow are changed: other signs than
        letters, digits and ``_`` become ``_``.

    Raises
    ------
    UnknownName
        If there is no such kind.
    WrongCall
        If two columns would get one name.
    """
    from bwa_study.present.tables import csv_bytes, labelled

    if kind not in KINDS:
        raise UnknownName("kind of table", kind, KINDS)
    if kind == ".csv":
        return csv_bytes(labelled(result))
    import pyreadstat

    table = labelled(result)
    names = _names(list(table.columns), _LONGEST[kind])
    labels = dict(result.labels)
    told: list[str | None] = [labels.get(column, "")[:80] for column in table.columns]
    table.columns = pd.Index(names)
    for name in table.columns:
        if isinstance(table[name].dtype, pd.Int64Dtype):
            table[name] = table[name].astype("float64")
        elif pd.api.types.is_bool_dtype(table[name]):
            table[name] = table[name].astype("int64")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{kind}"
        title = ("SYNTHETIC DATA: " if result.synthetic else "") + result.title
        if kind == ".sav":
            pyreadstat.write_sav(table, path, file_label=title[:64], column_labels=told)
        else:
            pyreadstat.write_dta(table, path, file_label=title[:80], column_labels=told, version=14)
        return _undated(path.read_bytes(), kind)


def _undated(data: bytes, kind: str) -> bytes:
    """The file with one fixed date in its head, so that the same table gives the same bytes."""
    if kind == ".sav":
        return data[:92] + b"01 Jan 0000:00:00" + data[109:]
    return re.sub(rb"(<timestamp>.)\d\d \w{3} \d{4} \d\d:\d\d", rb"\g<1>01 Jan 2000 00:00", data, count=1, flags=re.S)


def _names(columns: list[str], longest: int) -> list[str]:
    names = [_NAME.sub("_", column)[:longest] for column in columns]
    names = [f"v{name}"[:longest] if not name[:1].isalpha() else name for name in names]
    seen: dict[str, str] = {}
    for column, name in zip(columns, names, strict=True):
        if name.lower() in seen:
            raise WrongCall(
                f"columns '{seen[name.lower()]}' and '{column}' would both be called '{name}' in the file — rename one"
            )
        seen[name.lower()] = column
    return names
