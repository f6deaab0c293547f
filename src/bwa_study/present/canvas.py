"""The figure class of all plots: it shows itself in a notebook, with its caption, whatever backend is set."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bwa_study.present.style import figure_style


class StudyFigure(Figure):
    """A matplotlib figure that belongs to no window and is shown as a picture by notebooks."""

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        with figure_style(()):
            self.savefig(out, format="png", dpi=90, bbox_inches="tight", pad_inches=0.15, facecolor="white")
        return out.getvalue()


def figure_and_axes(ax: Axes | None, size: tuple[float, float]) -> tuple[Figure, Axes]:
    """The axes to draw into and their figure: those given, or the only ones of a new figure of `size` inches."""
    if ax is not None:
        return ax.get_figure(), ax  # type: ignore[return-value]
    figure = StudyFigure(figsize=size)
    return figure, figure.add_subplot()
