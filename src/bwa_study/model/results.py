"""What every result has in common."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

import pandas as pd

from bwa_study.model.errors import shown as printable

_SHOWN_ROWS = 30


@dataclass(frozen=True, eq=False)
class Result:
    """Numbers, unrounded, with what is needed to trust them.

    Parameters
    ----------
    table
        The numbers, a row a cell; each result documents its columns.
    title
        One line that names the result.
    method
        How the numbers were made, in sentences, with the denominator in plain words.
    source
        Where the formula is published.
    provenance
        Codebook version, coder, unit and whatever else the numbers hang on.
    synthetic
        Whether the data are made up; shown wherever the result is shown.
    """

    picture: ClassVar[str] = ""
    """Where the figure of this result is drawn, as ``module:function``. It is named, not imported, so that analysis
    needs no drawing library; `plot` finds it when it is asked for."""

    table: pd.DataFrame = field(repr=False)
    title: str
    method: str
    source: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict)
    synthetic: bool = False

    words: ClassVar[str] = "bwa_study.present.notebook:folded_words"
    """Where the quotes that a notebook folds under the table are picked; named, not imported, as `picture` is."""

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.table.copy()

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the result and return the figure; `ax` draws into an existing matplotlib axes.

        Raises
        ------
        NotImplementedError
            If this kind of result has no figure.
        """
        if not self.picture:
            raise NotImplementedError(f"{type(self).__name__} has no figure; read its .frame")
        draw = pkgutil.resolve_name(self.picture)
        return draw(self, ax=ax, **options)

    def compact(self) -> pd.DataFrame:
        """The table as people read it: rounded, few columns. Only for showing."""
        return self.frame

    def notes(self) -> list[str]:
        """The lines that belong under the table: synthetic or not, method, source, provenance."""
        lines = ["SYNTHETIC DATA, made for demonstration; not findings of any study."] if self.synthetic else []
        lines.append(self.method)
        if self.source:
            lines.append(f"Source: {self.source}")
        if self.provenance:
            lines.append("; ".join(f"{name}: {value}" for name, value in self.provenance.items()))
        return lines

    def __repr__(self) -> str:
        shown = self.compact()
        more = f"\n… {len(shown) - _SHOWN_ROWS} more rows in .frame" if len(shown) > _SHOWN_ROWS else ""
        body = shown.head(_SHOWN_ROWS).to_string()
        lines = f"{self.title}\n{body}{more}\n" + "\n".join(self.notes())
        return "\n".join(printable(line, limit=len(line) + 1) for line in lines.split("\n"))

    def _repr_html_(self) -> str:
        shown = self.compact()
        more = (
            f"<p>… {len(shown) - _SHOWN_ROWS} more rows in <code>.frame</code></p>" if len(shown) > _SHOWN_ROWS else ""
        )
        notes = "".join(f"<li>{escape(line)}</li>" for line in self.notes())
        body = shown.head(_SHOWN_ROWS).to_html(escape=True, border=0)
        words = pkgutil.resolve_name(self.words)(self)
        return f"<div><strong>{escape(self.title)}</strong>{body}{more}{words}<ul>{notes}</ul></div>"
