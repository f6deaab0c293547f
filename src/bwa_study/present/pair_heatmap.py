"""Figure F7: which codes occur together, as a heat map of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bwa_study.analysis.cooccurrence import Cooccurrence
from bwa_study.present.figures import CannotDraw
from bwa_study.present.style import add_caption, figure_style, readable_language, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@in_language
def plot_pairs(result: Cooccurrence, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """Codes down and across; a cell is a pair, darker is a larger Jaccard coefficient, the number is how often.

    Parameters
    ----------
    result
        Of `cooccurrence`.
    language
        Of the labels; the study's by default.
    ax
        Axes to draw into; a new figure by default.

    Raises
    ------
    CannotDraw
        If no two codes occur together, or the result has no matrix behind it.
    """
    if result.matrix is None or not result.table["both"].sum():
        raise CannotDraw("no two codes occur together, so there is nothing to draw")
    study = result.matrix.study
    codes = [c for c in study.codebook.ids if c in {*result.table["code"], *result.table["other"]}]
    wanted = language or study.language
    language = readable_language(study, wanted, [study.label("code", c, wanted) for c in codes])
    labels = [study.label("code", c, language) for c in codes]
    with figure_style([*labels, *result.notes()]):
        import matplotlib

        from bwa_study.present.canvas import figure_and_axes

        side = 0.28 * len(codes)
        figure, axes = figure_and_axes(ax, (2.6 + side, 2.2 + side))
        top = float(result.table["jaccard"].max())
        colours = matplotlib.colormaps["Purples"]
        for code, other, both, jaccard in result.table[["code", "other", "both", "jaccard"]].values:
            x, y = codes.index(code), codes.index(other)
            _cell(axes, x, y, int(both), float(jaccard) / top if jaccard == jaccard else 0.0, colours)
        axes.set_xlim(-0.5, len(codes) - 0.5)
        axes.set_ylim(len(codes) - 0.5, -0.5)
        axes.set_yticks(range(len(codes)), labels)
        axes.set_xticks(range(len(codes)), labels, rotation=90)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        title = titled(result, language=language)
        axes.set_title(title, loc="left")
        if ax is None:
            longest = max(len(label) for label in labels)
            add_caption(axes, result.notes(), below=24 + 5.5 * longest)
    return figure


def _cell(axes: Axes, x: int, y: int, both: int, share: float, colours: Any) -> None:
    from matplotlib.patches import Rectangle

    face = colours(0.06 + 0.84 * share) if both else "#fafafa"
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=face, edgecolor="white"))
    if both:
        colour = "white" if share > 0.6 else "#222222"
        axes.text(x, y, str(both), ha="center", va="center", fontsize=5.5, color=colour)
