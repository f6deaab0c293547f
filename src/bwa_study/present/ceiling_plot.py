"""XY plots with ceilings: how much of a condition the outcome needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bwa_study.analysis.necessity.nca import Nca
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS: dict[str, dict[str, Any]] = {
    "ce_fdh": {"color": "#0072B2", "linestyle": "--"},
    "cr_fdh": {"color": "#D55E00", "linestyle": "-"},
    "ce_vrs": {"color": "#56B4E9", "linestyle": "--"},
    "cr_vrs": {"color": "#E69F00", "linestyle": "-"},
    "c_lp": {"color": "#CC79A7", "linestyle": "-."},
    "qr": {"color": "#009E73", "linestyle": "-."},
    "cols": {"color": "#444444", "linestyle": ":"},
    "ols": {"color": "#999999", "linestyle": ":"},
}


@in_language
def plot_ceilings(
    result: Nca, *, conditions: list[str] | None = None, language: str | None = None, ax: Axes | None = None
) -> Figure:
    """Condition across, outcome up, a panel a condition; the ceilings, and the effect size of each.

    The cases on the corners of the free disposal hull are named.

    Parameters
    ----------
    result
        Of `nca`.
    conditions
        Those to draw, in this order; all by default.
    language
        Of title, axes, legend and caption; the study's by default.
    ax
        Axes to draw one condition into; a new figure by default.

    Raises
    ------
    UnknownName
        If there is no such condition.
    WrongCall
        If `ax` is given for several conditions.
    """
    names = conditions or list(result.conditions)
    for name in names:
        if name not in result.conditions:
            raise UnknownName("condition", name, result.conditions)
    if ax is not None and len(names) > 1:
        raise WrongCall(f"plot_ceilings draws {len(names)} panels, which do not fit into one axes — leave out ax")
    with figure_style([*names, result.title, *result.notes(), *map(str, result.data.index)]):
        panels = [ax] if ax is not None else _panels(len(names))
        for axes, name in zip(panels, names, strict=True):
            _draw(axes, result, name)
        title = titled(result)
        panels[0].annotate(title, (0, 1), xycoords="axes fraction", xytext=(0, 40), textcoords="offset points",
                           fontsize=10, fontweight="bold", annotation_clip=False)  # fmt: skip
        figure = panels[0].get_figure()
        assert figure is not None
        lowest = panels[-(((len(names) - 1) % 2) + 1)]
        wide = 3.4 * min(2, len(names))
        add_caption(lowest, result.notes()[1 if result.synthetic else 0 :], below=40, width=wide)
        return figure  # type: ignore[return-value]


def _panels(n: int) -> list[Axes]:
    from bwa_study.present.canvas import StudyFigure

    across = min(n, 2)
    down = -(-n // across)
    figure = StudyFigure(figsize=(3.9 * across + 0.3, 3.7 * down + 0.5))
    grid = figure.subplots(down, across, squeeze=False, gridspec_kw={"hspace": 0.55, "wspace": 0.28})
    panels = list(grid.flat)
    for empty in panels[n:]:
        empty.remove()
    return panels[:n]


def _draw(axes: Axes, result: Nca, name: str) -> None:
    flip_x, flip_y = result.corner in (2, 4), result.corner in (3, 4)
    sx, sy = (-1.0 if flip_x else 1.0), (-1.0 if flip_y else 1.0)
    rows = result.table[result.table["condition"] == name]
    legend = []
    for kind, effect, p in zip(rows["ceiling"], rows["effect"], rows["p"], strict=True):
        ceiling, scope, _ = result.ceiling(name, kind)
        if ceiling.reason:
            continue
        x = np.linspace(scope.x_low, scope.x_high, 400)
        if kind == "ce_fdh":
            at, heights = np.array([*ceiling.points, (scope.x_high, ceiling.points[-1][1])]).T
            (line,) = axes.step(sx * at, sy * heights, where="post", linewidth=1.4, **LOOKS[kind])
        else:
            heights = np.where(ceiling.height(x) <= scope.y_high * (1 + 1e-9), ceiling.height(x), np.nan)
            heights = np.where(heights >= scope.y_low, heights, np.nan)
            (line,) = axes.plot(sx * x, sy * heights, linewidth=1.4, **LOOKS[kind])
        tested = f", p {p:.3f}" if p == p else ""
        line.set_label(f"{kind.upper().replace('_', '-')}: d {effect:.2f}{tested}")
        legend.append(line)
    known = result.data[[name, result.outcome]].dropna()
    axes.plot(known[name], known[result.outcome], "o", color="#222222", markersize=4, alpha=0.75)
    for id, row in result.peers(name).iterrows():
        axes.annotate(str(id), (row.iloc[0], row.iloc[1]), xytext=(4, 4), textcoords="offset points", fontsize=7)
    axes.set_xlabel(name)
    axes.set_ylabel(result.outcome)
    axes.margins(0.08)
    axes.legend(
        handles=legend, loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=7.5, borderaxespad=0.2
    )
