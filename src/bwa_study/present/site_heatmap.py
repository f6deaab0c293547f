"""Figure F2: sites down, conditions and rounds across; purple is said to be there, orange said not to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bwa_study.analysis.condition_scores import ConditionScores
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@in_language
def plot_sites(result: ConditionScores, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """A cell a site, condition and round: the score, and its colour from orange (-1) over white to purple (+1).

    What cannot be said is hatched.

    Parameters
    ----------
    result
        Of `condition_scores`.
    language
        Of title, axes, legend and caption; the study's by default.
    ax
        Axes to draw into, without the caption; a new figure by default.
    """
    texts = [*result.sites, *(label for _, label in (*result.measures, *result.rounds)), *result.notes()]
    columns = [(measure, round) for measure, _ in result.measures for round, _ in result.rounds]
    with figure_style(texts):
        import matplotlib

        from bwa_study.present.canvas import figure_and_axes

        figure, axes = figure_and_axes(ax, (1.4 + 0.62 * len(columns), 1.6 + 0.3 * len(result.sites)))
        colours = matplotlib.colormaps["PuOr"]
        scores = {(m, r, s): score for s, m, r, score in result.table[["site", "measure", "round", "score"]].values}
        for x, (measure, round) in enumerate(columns):
            for y, site in enumerate(result.sites):
                _cell(axes, x, y, float(scores[measure, round, site]), colours)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(result.sites) - 0.5, -0.5)
        axes.set_yticks(range(len(result.sites)), list(result.sites))
        axes.set_xticks(range(len(columns)), [round for _, round in columns])
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        for n, (_, label) in enumerate(result.measures):
            middle = n * len(result.rounds) + (len(result.rounds) - 1) / 2
            axes.annotate(
                label, (middle, -0.5), xytext=(0, 20), textcoords="offset points", ha="center", fontweight="bold",
                fontsize=8,
            )  # fmt: skip
            if n:
                axes.axvline(n * len(result.rounds) - 0.5, color="white", linewidth=4)
        title = titled(result)
        axes.set_title(title, loc="left", pad=36)
        if ax is None:
            add_caption(axes, result.notes(), below=8)
    return figure


def _cell(axes: Axes, x: int, y: int, score: float, colours: Any) -> None:
    from matplotlib.patches import Rectangle

    if score != score:
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="#f2f2f2", edgecolor="white", hatch="////"))
        return
    shade = 0.5 + 0.5 * max(-1.0, min(1.0, score))
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colours(shade), edgecolor="white"))
    dark = abs(score) > 0.65
    axes.text(x, y, f"{score:+.2f}", ha="center", va="center", fontsize=6.5, color="white" if dark else "#222222")
