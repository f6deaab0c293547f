"""Figure F8: a lane a site, with its events as marks and statements as dots in the windows of the rounds."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from bwa_study.analysis.timeline import Timeline
from bwa_study.present.figures import LINE_COLOURS, MARK
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LARGEST = 90.0


@in_language
def plot_timeline(result: Timeline, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """Sites down, time across: an event is a mark on the lane, a statement a dot as large as its share, below it.

    Windows of fieldwork are shaded. A ring without filling is a code that nobody of the round mentioned; where nobody
    was asked or visited there is no dot.

    Parameters
    ----------
    result
        Of `timeline`.
    language
        Of title, axes, legend and caption; the study's by default.
    ax
        Axes to draw into, without the caption; a new figure by default.
    """
    kinds = list(dict.fromkeys(result.table.loc[result.table["kind"] == "event", "name"]))
    texts = [*kinds, *(label for _, label in result.codes), *(label for label, _, _ in result.rounds), *result.notes()]
    with figure_style([*texts, *result.sites]):
        from bwa_study.present.canvas import figure_and_axes

        figure, axes = figure_and_axes(ax, (9.5, 1.5 + 0.42 * len(result.sites)))
        for label, start, end in result.rounds:
            left, right = _day(start), _day(end)
            axes.axvspan(left, right, color="#eef2f6", zorder=0)
            axes.annotate(
                label, (left + (right - left) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                textcoords="offset points", ha="center", fontsize=7.5,
            )  # fmt: skip
        _draw_events(axes, result, kinds)
        _draw_statements(axes, result)
        _draw_counts(axes, result)
        axes.set_yticks(range(len(result.sites)), list(result.sites))
        axes.set_ylim(len(result.sites) - 0.4, -0.6)
        axes.hlines(range(len(result.sites)), *axes.get_xlim(), color="#dddddd", linewidth=0.8, zorder=1)
        axes.margins(x=0.02)
        axes.xaxis.set_major_formatter(_dates())
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=7.5, markerscale=0.9)
        title = titled(result)
        axes.set_title(title, loc="left", pad=20)
        if ax is None:
            add_caption(axes, result.notes(), below=26)
    return figure


def _draw_events(axes: Axes, result: Timeline, kinds: list[str]) -> None:
    events = result.table[result.table["kind"] == "event"]
    for n, kind in enumerate(kinds):
        of = events[events["name"] == kind]
        axes.scatter(
            [_day(d) for d in of["start"]], [result.sites.index(s) for s in of["site"]], marker=MARK[n % len(MARK)],
            s=38, color="#333333", facecolor="white" if n % 2 else "#333333", zorder=3, label=kind.replace("_", " "),
        )  # fmt: skip


def _draw_statements(axes: Axes, result: Timeline) -> None:
    said = result.table[(result.table["kind"] == "statement") & result.table["share"].notna()]
    for n, (code, label) in enumerate(result.codes):
        of = said[said["name"] == code]
        colour = LINE_COLOURS[n % len(LINE_COLOURS)]
        place = (n + 1) / (len(result.codes) + 1)
        at = [_day(a) + place * (_day(b) - _day(a)) for a, b in zip(of["start"], of["end"], strict=True)]
        lanes = [result.sites.index(s) + 0.27 for s in of["site"]]
        axes.scatter(at, lanes, s=3, color="none", edgecolor=colour, linewidth=0.6, zorder=2)
        axes.scatter(at, lanes, s=_LARGEST * of["share"], color=colour, alpha=0.75, zorder=2, linewidth=0)
        axes.scatter([], [], s=40, color=colour, alpha=0.75, label=f"{label} (said)")


def _draw_counts(axes: Axes, result: Timeline) -> None:
    """Numbers of a round above its lane; several fields stand side by side."""
    counts = result.table[result.table["kind"] == "count"]
    for (site, start, end), of in counts.groupby(["site", "start", "end"], sort=False):
        text = " · ".join(str(n) for n in of["n"])
        middle = (_day(str(start)) + _day(str(end))) / 2
        axes.text(middle, result.sites.index(str(site)) - 0.06, text, ha="center", va="bottom", fontsize=6.5)
    names = " · ".join(str(name).replace("_", " ") for name in counts["name"].unique())
    if names:
        axes.plot([], [], linestyle="none", label=f"1, 2, 3 … : {names}")


def _day(text: str) -> float:
    from matplotlib.dates import date2num

    return float(date2num(datetime.date.fromisoformat(text)))  # type: ignore[no-untyped-call]


def _dates() -> Any:
    from matplotlib.dates import DateFormatter

    return DateFormatter("%Y-%m")  # type: ignore[no-untyped-call]
