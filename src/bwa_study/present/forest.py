"""Figure F6 of reliability: alpha of every theme and code with its interval, and the lines that decide."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from bwa_study.analysis.reliability import Reliability
from bwa_study.model.errors import WrongCall
from bwa_study.model.reliability_rules import RULES
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"use": "#009E73", "tentative": "#B07500", "qualitative": "#D55E00", "cannot say": "#777777"}
MARKERS = {"use": "o", "tentative": "s", "qualitative": "D", "cannot say": "x"}
_LEFT = 0.0
"""Where the axis begins; an interval that goes on to the left ends in an arrow there."""
_HEAD_WIDTH = 30
_WITH_CODES, _ACROSS = 4, 4
"""Up to so many panels show codes, more only themes; and how many stand side by side."""


@in_language
def plot_forest(result: Reliability, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """Themes and codes down, alpha across with 95% intervals; colour and marker show the status.

    What has no value is listed with the reason in place of a dot. A result by group, round or the like has a panel for
    each cell, and if these are more than four, themes only.

    Parameters
    ----------
    result
        Of `reliability`.
    language
        Of title, axes, legend and caption; the study's by default.
    ax
        Axes to draw into, without the caption; a new figure by default.

    Raises
    ------
    WrongCall
        If `ax` is given for a result of several cells.
    """
    table = result.frame
    cells = list(dict.fromkeys(zip(*(table[name] for name in result.by), strict=True))) if result.by else [()]
    if ax is not None and len(cells) > 1:
        raise WrongCall(f"plot_forest draws {len(cells)} panels, which do not fit into one axes — leave out ax")
    if len(cells) > _WITH_CODES and (table["code"] == "").any():
        table = table[table["code"] == ""]
    names = dict(result.labels)
    parts = [_of_cell(table, result.by, cell) for cell in cells]
    texts = [*names.values(), *result.notes(), *table["reason"]]
    with figure_style(texts):
        panels = [ax] if ax is not None else _panels(len(cells), len(parts[0]))
        lines = 0
        for n, (cell, rows, axes) in enumerate(zip(cells, parts, panels, strict=True)):
            _draw(axes, rows, names if n % _ACROSS == 0 else None, result)
            heads = [names.get(f"{field}:{value}", value) for field, value in zip(result.by, cell, strict=True)]
            wrapped = textwrap.wrap(" · ".join(heads), _HEAD_WIDTH, break_long_words=False)
            axes.set_title("\n".join(wrapped), loc="left", fontsize=8 if len(wrapped) < 2 else 7, pad=13)
            lines = max(lines, len(wrapped))
        _frame(result, panels, lift=12 * lines, alone=ax is None)
        return panels[0].get_figure()  # type: ignore[return-value]


def _of_cell(table: pd.DataFrame, by: tuple[str, ...], cell: tuple[str, ...]) -> pd.DataFrame:
    keep = pd.Series(True, index=table.index)
    for field, value in zip(by, cell, strict=True):
        keep &= table[field] == value
    return table[keep].reset_index(drop=True)


def _panels(cells: int, rows: int) -> list[Axes]:
    from bwa_study.present.canvas import StudyFigure

    across = min(cells, _ACROSS)
    down = -(-cells // across)
    high = 0.27 * rows + 0.2
    width = 6.6 if cells == 1 else 2.4 + 2.3 * across
    figure = StudyFigure(figsize=(width, 1.1 + down * (high + 0.75)))
    spaces: dict[str, Any] = {"hspace": 0.75 / high, "wspace": 0.12}
    grid = figure.subplots(down, across, squeeze=False, sharex=cells > 1, gridspec_kw=spaces)
    panels = list(grid.flat)
    for empty in panels[cells:]:
        empty.remove()
    return panels[:cells]


def _draw(axes: Axes, rows: pd.DataFrame, names: dict[str, str] | None, result: Reliability) -> None:
    """One panel; without `names` its rows are those of the panel to the left."""
    for status in COLOURS:
        of = rows[(rows["status"] == status) & rows["alpha"].notna()]
        if of.empty:
            continue
        at, low = of["alpha"].clip(lower=_LEFT), of["low"].clip(lower=_LEFT)
        bars = [(at - low).fillna(0.0), (of["high"] - at).fillna(0.0).clip(lower=0.0)]
        look: Any = {"fmt": MARKERS[status], "color": COLOURS[status], "markersize": 4.5, "elinewidth": 0.9}
        axes.errorbar(at, of.index, xerr=bars, **look)
        beyond = of.index[(of["low"] < _LEFT).to_numpy()]
        axes.plot([_LEFT] * len(beyond), beyond, "<", color=COLOURS[status], markersize=4, clip_on=False)
    for y, row in rows[rows["alpha"].isna()].iterrows():
        words = row["reason"] if not result.by else "no value"
        axes.text(0.02, float(str(y)), words, fontsize=6, va="center", color="#555555")
    for limit, side in zip(RULES[result.rule][:2], ("left", "right"), strict=True):
        axes.axvline(limit, color="#222222", linewidth=0.8, linestyle="--")
        shift = (-2 if side == "left" else 2, 2)
        axes.annotate(
            f"{limit:.3g}", (limit, 1), xycoords=("data", "axes fraction"), xytext=shift, textcoords="offset points",
            fontsize=6.5, ha=side, annotation_clip=False,
        )  # fmt: skip
    themes = rows["code"] == ""
    shown = names or {}
    labels = [
        shown.get(t, t) if is_theme else shown.get(c, c)
        for t, c, is_theme in zip(rows["theme"], rows["code"], themes, strict=True)
    ]
    axes.set_yticks(range(len(rows)), labels if names is not None else [""] * len(rows))
    for text, is_theme in zip(axes.get_yticklabels(), themes, strict=True):
        text.set_fontweight("bold" if is_theme else "normal")
    for y in rows.index[themes] if not themes.all() else []:
        axes.axhspan(y - 0.5, y + 0.5, color="#f2f2f2", zorder=0)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(_LEFT - 0.02, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0] if names is None or result.by else [0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)


def _signs(result: Reliability) -> list[str]:
    if (result.table["low"] < _LEFT).any():
        return ["Arrow: the interval goes on below 0."]
    return []


def _frame(result: Reliability, panels: list[Axes], *, lift: int, alone: bool) -> None:
    """Title, legend, caption and the name of the axis, once for all panels."""
    from matplotlib.lines import Line2D

    first, figure = panels[0], panels[0].get_figure()
    title = titled(result)
    signs = [
        Line2D([], [], color=COLOURS[s], marker=MARKERS[s], linewidth=0.9, markersize=4.5, label=s)
        for s in COLOURS
        if s in set(result.table["status"])
    ]
    single = len(panels) == 1
    first.legend(
        handles=signs, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, fontsize=8,
        borderaxespad=0.6 + lift / 8,
    )  # fmt: skip
    first.annotate(
        title, (0, 1), xycoords="axes fraction", xytext=(0, 28 + lift), textcoords="offset points", fontsize=10,
        fontweight="bold", annotation_clip=False,
    )  # fmt: skip
    lowest = panels[-1] if single else panels[((len(panels) - 1) // _ACROSS) * _ACROSS]
    lowest.set_xlabel("Krippendorff's alpha")
    if alone:
        assert figure is not None
        wide = float(figure.get_size_inches()[0]) * (0.78 if single else 0.75)  # type: ignore[union-attr]
        add_caption(lowest, [*_signs(result), *result.notes()], below=36, width=None if single else wide)
