"""Figure of reliability: alpha of every code with its interval, and the lines that decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bwa_study.analysis.reliability import RULES, Reliability
from bwa_study.present.style import SYNTHETIC, add_caption, figure_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"use": "#009E73", "tentative": "#B07500", "qualitative": "#D55E00", "cannot say": "#777777"}
MARKERS = {"use": "o", "tentative": "s", "qualitative": "D", "cannot say": "x"}


def plot_forest(result: Reliability, *, ax: Axes | None = None) -> Figure:
    """Codes down, alpha across with 95% intervals; colour and marker show the status.

    Codes without a value are listed with their reason in place of a dot.
    """
    rows, names = result.frame, dict(result.labels)
    texts = [*names.values(), *result.notes(), *rows["reason"]]
    with figure_style(texts):
        from bwa_study.present.canvas import StudyFigure

        figure = StudyFigure(figsize=(6.6, 1.3 + 0.27 * len(rows))) if ax is None else ax.get_figure()
        axes = figure.add_subplot() if ax is None else ax  # type: ignore[union-attr]
        for status in COLOURS:
            of = rows[(rows["status"] == status) & rows["alpha"].notna()]
            if of.empty:
                continue
            bars = [(of["alpha"] - of["low"]).fillna(0.0), (of["high"] - of["alpha"]).fillna(0.0)]
            look: Any = {"fmt": MARKERS[status], "color": COLOURS[status], "markersize": 4.5, "elinewidth": 0.9}
            axes.errorbar(of["alpha"], of.index, xerr=bars, label=status, **look)
        for y, row in rows[rows["alpha"].isna()].iterrows():
            axes.text(0.02, float(str(y)), row["reason"], fontsize=6, va="center", color="#555555")
        for limit in RULES[result.rule][:2]:
            axes.axvline(limit, color="#222222", linewidth=0.8, linestyle="--")
            axes.annotate(f"{limit:.3g}", (limit, -0.8), fontsize=6.5, ha="center", annotation_clip=False)
        axes.set_yticks(range(len(rows)), [names.get(c, c) for c in rows["code"]])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        lowest = rows["low"].min() if rows["low"].notna().any() else 0.0
        axes.set_xlim(min(0.0, float(lowest) - 0.02), 1.02)
        axes.set_xlabel("Krippendorff's alpha")
        axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
        axes.set_axisbelow(True)
        title = f"{SYNTHETIC['en']} · {result.title}" if result.synthetic else result.title
        axes.set_title(title, loc="left", pad=30)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.01), ncols=4, frameon=False, fontsize=8)
        if ax is None:
            add_caption(axes, result.notes(), below=36)
    return figure  # type: ignore[return-value]
