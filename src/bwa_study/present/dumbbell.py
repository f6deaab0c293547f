"""Figure F3: for every code a line from the group that says it least to the group that says it most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bwa_study.analysis.divergence import Divergence
from bwa_study.model.study import Study
from bwa_study.present.figures import CannotDraw
from bwa_study.present.marks import mark_lines, marked_label
from bwa_study.present.style import (
    add_caption,
    figure_style,
    group_colour,
    group_marker,
    readable_language,
    titled,
)
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@in_language
def plot_dumbbell(result: Divergence, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """Codes down, the widest gap first; a dot a group, the line is the gap, a star an adjusted p below .05.

    Parameters
    ----------
    result
        Of `divergence`.
    language
        Of the labels; the study's by default.
    ax
        Axes to draw into; a new figure by default.

    Raises
    ------
    CannotDraw
        If the result has no people behind it, or no code was asked of two groups.
    """
    table = result.table[result.table["higher"] != ""].sort_values("gap", ascending=False, kind="stable")
    if result.people is None or table.empty:
        raise CannotDraw("no code was asked of two groups in this round, so there is no gap to draw")
    study = result.people.matrix.study
    wanted = language or study.language
    labels = [study.label("code", c, wanted) for c in table["code"]]
    names = [study.label("group", g, wanted) for g in result.groups]
    language = readable_language(study, wanted, [*labels, *names])
    with figure_style([*labels, *names, *result.notes()]):
        from bwa_study.present.canvas import figure_and_axes

        figure, axes = figure_and_axes(ax, (6.6, 1.4 + 0.28 * len(table)))
        for y, row in enumerate(table.to_dict("records")):
            _line(axes, y, row, study, result.groups)
        for group in result.groups:
            look: Any = {"color": group_colour(study, group), "marker": group_marker(study, group)}
            axes.plot([], [], linestyle="none", label=study.label("group", group, language), **look)
        axes.set_yticks(range(len(table)), [marked_label(study, c, language) for c in table["code"]])
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_xlim(-0.03, 1.08)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
        axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(result.groups), frameon=False, fontsize=8)
        title = titled(result, language=language)
        axes.set_title(title, loc="left", pad=28)
        if ax is None:
            star = "* p below .05, adjusted for all codes"
            add_caption(axes, [*result.notes(), star, *mark_lines(study, table["code"], language)], below=24)
    return figure


def _line(axes: Axes, y: int, row: dict[Any, Any], study: Study, groups: tuple[str, ...]) -> None:
    ends = [row[f"{row[side]}_share"] for side in ("lower", "higher")]
    axes.plot(ends, [y, y], color="#bbbbbb", linewidth=2.2, zorder=1, solid_capstyle="round")
    for group in groups:
        if row[f"{group}_of"]:
            look: Any = {"color": group_colour(study, group), "marker": group_marker(study, group)}
            axes.plot(row[f"{group}_share"], y, markersize=5.5, zorder=2, **look)
    if row["p_adjusted"] < 0.05:
        axes.text(max(ends) + 0.02, y, "*", fontsize=10, va="center")
