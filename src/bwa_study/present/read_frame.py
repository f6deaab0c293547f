"""The compact form of a result with labels in place of ids, as it is read in documents and workbooks."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study

_CODES = ("code", "other", "next")


def read_frame(result: Result, language: str = "") -> pd.DataFrame:
    """The result's `compact` form; codes and groups by their labels in `language`, the study's by default.

    A result that does not know its study stays as it is.
    """
    frame = result.compact()
    study = study_of(result)
    if study is None:
        return frame
    tongue = language or study.language
    codes = {code: study.label("code", code, tongue) for code in study.codebook.ids}
    groups = {group: study.label("group", group, tongue) for group in study.levels("group")}
    by_name: dict[str, Mapping[str, str]] = {**dict.fromkeys(_CODES, codes), "group": groups}
    frame = frame.copy()
    for name in frame.columns:
        if name in by_name:
            frame[name] = [by_name[name].get(value, value) for value in frame[name]]
    frame.index = _named(frame.index, by_name)
    columns = _named(frame.columns, by_name)
    if columns.nlevels == 1 and columns.name is None:
        columns = pd.Index([groups.get(name, name) for name in columns])
    frame.columns = columns
    return frame


def study_of(result: Result) -> Study | None:
    """The study of a result that keeps its codings, or the study itself."""
    matrix = getattr(result, "matrix", None)
    study = matrix.study if isinstance(matrix, CodingMatrix) else getattr(result, "study", None)
    return study if isinstance(study, Study) else None


def _named(index: pd.Index, by_name: Mapping[str, Mapping[str, str]]) -> pd.Index:
    """An index whose levels of codes and groups hold labels."""
    if isinstance(index, pd.MultiIndex):
        levels = [
            [by_name[str(name)].get(value, value) for value in index.get_level_values(n)]
            if name in by_name
            else index.get_level_values(n)
            for n, name in enumerate(index.names)
        ]
        return pd.MultiIndex.from_arrays(levels, names=index.names)
    if index.name in by_name:
        labels = [by_name[str(index.name)].get(value, value) for value in index]
        named: pd.Index = pd.Index(labels, name=index.name)
        return named
    return index
