"""How firm a claim is, as strips: each dot is the claim under one other rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bwa_study.analysis.necessity.necessity import TRIVIAL_BELOW
from bwa_study.analysis.necessity.robustness import VARIED, Robustness
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIDES = (("consistency", "Consistency"), ("relevance", "Relevance (RoN)"))
_WORDS = {"informants": "other informants", "threshold": "other thresholds", "interviews": "other minimum evidence",
          "unclassified": "unclassified as in, out", "case dropped": "any one case dropped"}  # fmt: skip


@in_language
def plot_robustness(
    result: Robustness,
    *,
    expressions: list[str] | None = None,
    language: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Strips of consistency and relevance, a row a claim and kind of variation; the declared rule is the vertical mark.

    Parameters
    ----------
    result
        Of `robustness`.
    expressions
        Claims to draw; by default those that hold as declared and are not trivial there, four at most.
    language
        Of title, axes, legend and caption; the study's by default.
    ax
        Not taken: the figure has two axes.

    Raises
    ------
    UnknownName
        If there is no such claim.
    WrongCall
        If `ax` is given.
    """
    if ax is not None:
        raise WrongCall("plot_robustness draws two axes, which do not fit into one — leave out ax")
    table = result.frame
    declared = table[table["varied"] == "as declared"].set_index("expression")
    names = expressions or list(declared.index[declared["holds"] & (declared["warning"] == "")])[:4]
    for name in names:
        if name not in declared.index:
            raise UnknownName("claim", name, declared.index)
    kinds = [kind for kind in VARIED if kind in set(table["varied"])]
    title = titled(result)
    with figure_style([title, *names, *result.notes()]):
        from bwa_study.present.canvas import StudyFigure

        rows = max(1, len(names)) * (len(kinds) + 1)
        figure = StudyFigure(figsize=(7.2, 0.24 * rows + 0.9))
        left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"wspace": 0.08})
        for axes, (column, label) in zip((left, right), _SIDES, strict=True):
            _side(axes, table, declared, names, kinds, column)
            axes.set_xlabel(label)
        left.set_yticks(*_ticks(names, kinds))
        for text in left.get_yticklabels():
            text.set_fontweight("bold" if text.get_text() in names else "normal")
        left.set_ylim(rows - 0.4, -0.7)
        left.set_title(title, loc="left", pad=14)
        notes = result.notes()[1 if result.synthetic else 0 :]
        signs = (
            f"Filled: necessary. Cross: not. Vertical mark: as declared. Shaded: trivial (RoN below {TRIVIAL_BELOW:g})."
        )
        add_caption(left, [signs, *_undefined(table, names), *notes], below=38, width=6.2)
        return figure


def _ticks(names: list[str], kinds: list[str]) -> tuple[list[float], list[str]]:
    places, labels = [], []
    for n, name in enumerate(names):
        top = n * (len(kinds) + 1)
        places += [float(top), *(float(top + k) for k in range(1, len(kinds) + 1))]
        labels += [name, *(_WORDS[kind] for kind in kinds)]
    return places, labels


def _side(
    axes: Axes, table: pd.DataFrame, declared: pd.DataFrame, names: list[str], kinds: list[str], column: str
) -> None:
    for n, name in enumerate(names):
        top = n * (len(kinds) + 1)
        value = float(str(declared.loc[name, column]))
        axes.plot([value, value], [top + 0.4, top + len(kinds) + 0.45], color="#222222", linewidth=1.2, zorder=1)
        for k, kind in enumerate(kinds, start=1):
            rows = table[(table["expression"] == name) & (table["varied"] == kind)].dropna(subset=[column])
            counts = rows.groupby([column, "holds"]).size().reset_index(name="times")
            axes.plot([0, 1], [top + k] * 2, color="#dddddd", linewidth=0.6, zorder=0)
            for x, holds, times in counts.itertuples(index=False):
                size = 14 + 7 * min(times, 12)
                if holds:
                    axes.scatter(x, top + k, s=size, color="#0072B2", alpha=0.75, linewidth=0, zorder=2)
                else:
                    axes.scatter(x, top + k, s=size, color="#D55E00", marker="x", linewidth=1.3, zorder=2)
    if column == "relevance":
        axes.axvspan(-0.03, TRIVIAL_BELOW, color="#f4f0e6", zorder=-1)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.tick_params(axis="y", length=0)


def _undefined(table: pd.DataFrame, names: list[str]) -> list[str]:
    rows = table[table["expression"].isin(names) & table["consistency"].isna()]
    if rows.empty:
        return []
    told = rows.groupby("expression", sort=False).size()
    return ["Undefined settings (too little evidence or no case with the outcome): "
            + "; ".join(f"{name} {n}" for name, n in told.items()) + "."]  # fmt: skip
