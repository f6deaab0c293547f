"""Figure F9: change in the survey against change in what is said, a dot a site, a panel a construct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bwa_study.analysis.joint_display import JointDisplay
from bwa_study.present.figures import CannotDraw
from bwa_study.present.style import GROUP_COLOURS, MARKERS, add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ACROSS = 4
_LETTERS = 25
"""A longer title of a panel is set smaller, so that it does not reach into the next."""


@in_language
def plot_joint(result: JointDisplay, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """A panel a construct: to the right the survey rose, upwards the interviews did; the verdict of each group below.

    Dots in the corners up right and down left tell the same story, those in the others do not.

    Parameters
    ----------
    result
        Of `joint_display`.
    language
        Of title, axes, legend and caption; the study's by default.
    ax
        Not taken: the figure has a panel a construct.

    Raises
    ------
    CannotDraw
        If no site has both changes, or `ax` is given: there is a panel a construct.
    """
    if ax is not None:
        raise CannotDraw("the figure has a panel a construct, which do not fit into one axes — leave out ax")
    sites = result.sites.dropna(subset=["survey_change", "coded_change"]) if len(result.sites) else result.sites
    if sites.empty:
        raise CannotDraw("no site has a change in both the survey and the interviews")
    constructs = [c for c in dict.fromkeys(result.table["construct"]) if c in set(sites["construct"])]
    groups = [g for g in dict.fromkeys(result.table["group"]) if g in set(sites["group"])]
    down = -(-len(constructs) // _ACROSS)
    with figure_style([*result.labels.values(), *result.notes()]):
        from bwa_study.present.canvas import StudyFigure

        across = min(_ACROSS, len(constructs))
        figure = StudyFigure(figsize=(2.5 * across, 2.9 * down + 0.6))
        panels = list(figure.subplots(down, across, squeeze=False, sharey=True).flat)
        for panel, construct in zip(panels, constructs, strict=False):
            _panel(panel, construct, sites[sites["construct"] == construct], result, groups)
        for empty in panels[len(constructs) :]:
            empty.remove()
        figure.subplots_adjust(hspace=0.6, wspace=0.12)
        for panel in panels[: len(constructs) : across]:
            panel.set_ylabel("change in what is said", fontsize=7.5)
        panels[0].legend(loc="lower left", bbox_to_anchor=(0, 1.22), ncols=len(groups), frameon=False, fontsize=8)
        title = titled(result)
        figure.suptitle(title, x=0.125, y=1.0, ha="left", fontsize=10, fontweight="bold")
        add_caption(panels[_ACROSS * (down - 1)], result.notes(), below=40, width=2.3 * across)
    return figure


def _panel(panel: Axes, construct: str, sites: Any, result: JointDisplay, groups: list[str]) -> None:
    panel.axhline(0, color="#999999", linewidth=0.7)
    panel.axvline(0, color="#999999", linewidth=0.7)
    known = list(dict.fromkeys(result.table["group"]))
    for group in groups:
        n = known.index(group)
        of = sites[sites["group"] == group]
        look: Any = {"color": GROUP_COLOURS[n % len(GROUP_COLOURS)], "marker": MARKERS[n % len(MARKERS)]}
        panel.scatter(of["survey_change"], of["coded_change"], s=20, alpha=0.75, label=result.labels[group], **look)
    rows = result.table[result.table["construct"] == construct]
    told = [f"{result.labels[g]}: {v}" for g, v in zip(rows["group"], rows["verdict"], strict=True)]
    title = result.labels[construct]
    panel.set_title(title, fontsize=8.5 * min(1.0, _LETTERS / max(1, len(title))), loc="left")
    panel.set_xlabel("\n".join(["change in the survey", *told]), fontsize=6.5)
    panel.tick_params(labelsize=6.5)
