"""Figure F4: two conditions crossed, cases as dots; a necessary pair reads off as empty cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bwa_study.analysis.necessity.cases import StudyCases
from bwa_study.analysis.necessity.scores import Cases
from bwa_study.model.errors import UnknownName
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

IN, OUT = "#0072B2", "#D55E00"
_WORDS = {
    "en": {"with": "with", "without": "without", "yes": "yes", "no": "no", "of": "of", "here": "with {} here",
           "unclassified": "Not shown, could not be classified", "endured": "endured", "faded": "faded",
           "never": "never improved", "late": "came late", "cannot say": "cannot say"},
    "zh": {"with": "有", "without": "没有", "yes": "是", "no": "否", "of": "/", "here": "“{}”在此",
           "unclassified": "未显示（无法归类）",
           "endured": "持续", "faded": "消退", "never": "从未改进", "late": "后来才有",
           "cannot say": "无法判断"},
}  # fmt: skip


_COURSES: dict[str, dict[str, Any]] = {
    "endured": {"marker": "o", "color": IN, "markerfacecolor": IN},
    "faded": {"marker": "s", "color": OUT, "markerfacecolor": "white"},
    "never": {"marker": "X", "color": "#555555", "markerfacecolor": "#555555"},
    "late": {"marker": "^", "color": IN, "markerfacecolor": "white"},
    "cannot say": {"marker": "d", "color": "#999999", "markerfacecolor": "white"},
}
_LOOK: dict[str, Any] = {"linestyle": "none", "markersize": 8, "markeredgewidth": 1.5}


@in_language
def plot_two_by_two(
    cases: Cases,
    *,
    x: str = "",
    y: str = "",
    courses: Mapping[str, str] | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Figure:
    """Cases by two conditions, filled where they have the outcome.

    Parameters
    ----------
    cases
        Scores. A score above .5 counts as in; cases of fuzzy scores stand where their scores are.
    x, y
        Conditions across and up; the first two by default.
    courses
        By case how it went, as `bwa_study.analysis.site_profile.COURSES` has it; then the marker tells that.
    language
        Of the labels.
    ax
        Axes to draw into; a new figure by default.

    Raises
    ------
    UnknownName
        If there is no such condition.
    """
    across, up = x or cases.conditions[0], y or cases.conditions[1]
    for name in (across, up):
        if name not in cases.conditions:
            raise UnknownName("condition", name, cases.conditions)
    say = _WORDS.get(language, _WORDS["en"])
    labels = {name: _label(cases, name, language) for name in (across, up, cases.outcome)}
    title = _title(cases, labels, across, up)
    known = cases.scores[[across, up, cases.outcome]].dropna()
    left_out = [id for id in cases.ids if id not in known.index]
    notes = [f"{say['unclassified']}: {', '.join(left_out)}."] if left_out else []
    with figure_style([title, *labels.values(), *say.values(), *notes]):
        if ax is None:
            from bwa_study.present.canvas import StudyFigure

            ax = StudyFigure(figsize=(5.2, 4.9)).subplots()
        points = known.to_numpy(dtype=np.float64)
        crisp = bool(np.isin(points[:, :2], (0.0, 1.0)).all())
        places = _in_cells(points) if crisp else points[:, :2]
        _cells(ax, points, labels[cases.outcome], say)
        for (px, py), (_, _, outcome), id in zip(places, points, known.index, strict=True):
            course = courses[str(id)] if courses else "endured" if outcome > 0.5 else "faded"
            ax.plot(px, py, **{**_LOOK, **_COURSES[course]})
            ax.annotate(str(id), (px, py), xytext=(0, -13), textcoords="offset points", ha="center", fontsize=7)
        _axes(ax, labels[across], labels[up], say, title)
        if courses:
            seen = [course for course in _COURSES if course in set(courses.values())]
            _legend(ax, {course: say[course] for course in seen})
        else:
            of = labels[cases.outcome]
            _legend(ax, {"endured": f"{say['with']}: {of}", "faded": f"{say['without']}: {of}"})
        add_caption(ax, [*notes, *_short(cases)], below=44)
        return ax.get_figure()  # type: ignore[return-value]


def _label(cases: Cases, name: str, language: str) -> str:
    return cases.label(name, language) if isinstance(cases, StudyCases) else name


def _title(cases: Cases, labels: dict[str, str], across: str, up: str) -> str:
    title = f"{labels[across]} × {labels[up]}"
    return titled(cases, title)


def _short(cases: Cases) -> list[str]:
    return [cases.method] if len(cases.method) < 700 else []


def _in_cells(points: np.ndarray) -> np.ndarray:
    """A grid of places in each cell of the square, those with the outcome first."""
    places = np.zeros((len(points), 2))
    for a in (0.0, 1.0):
        for b in (0.0, 1.0):
            inside = np.flatnonzero((points[:, 0] == a) & (points[:, 1] == b))
            order = inside[np.argsort(-points[inside, 2], kind="stable")]
            wide = max(1, int(np.ceil(np.sqrt(len(order)))))
            for n, at in enumerate(order):
                row, column = divmod(n, wide)
                rows = -(-len(order) // wide)
                places[at] = (
                    0.5 * a + 0.25 + (column - (min(wide, len(order)) - 1) / 2) * 0.125,
                    0.5 * b + 0.235 - (row - (rows - 1) / 2) * 0.125,
                )
    return places


def _cells(ax: Axes, points: np.ndarray, outcome: str, say: dict[str, str]) -> None:
    total = int((points[:, 2] > 0.5).sum())
    for a in (0, 1):
        for b in (0, 1):
            inside = ((points[:, 0] > 0.5) == bool(a)) & ((points[:, 1] > 0.5) == bool(b))
            n = int((points[inside, 2] > 0.5).sum())
            ax.axhspan(0.5 * b, 0.5 * b + 0.5, 0.5 * a, 0.5 * a + 0.5, color="#eaf3fa" if n else "#fafafa", zorder=0)
            text = f"{n} {say['of']} {total}\n{say['here'].format(outcome)}"
            ax.text(0.5 * a + 0.015, 0.5 * b + 0.475, text, fontsize=7, color="#444444", va="top")


def _axes(ax: Axes, across: str, up: str, say: dict[str, str], title: str) -> None:
    ax.axhline(0.5, color="#888888", linewidth=0.8)
    ax.axvline(0.5, color="#888888", linewidth=0.8)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_xticks([0.25, 0.75], [say["no"], say["yes"]])
    ax.set_yticks([0.25, 0.75], [say["no"], say["yes"]])
    ax.tick_params(length=0)
    ax.set_xlabel(across)
    ax.set_ylabel(up)
    ax.set_title(title, loc="left", pad=24)


def _legend(ax: Axes, told: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    signs = [Line2D([], [], label=text, **{**_LOOK, **_COURSES[course]}) for course, text in told.items()]
    ax.legend(handles=signs, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(told), frameon=False, fontsize=8,
              borderaxespad=0.4)  # fmt: skip
