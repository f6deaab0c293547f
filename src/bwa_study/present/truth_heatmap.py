"""The truth table as a heat map: configurations down, conditions across, and what goes with them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from bwa_study.analysis.necessity.cases import StudyCases
from bwa_study.analysis.necessity.truth_table import TruthTable
from bwa_study.present.behind import behind
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILLS = {"1": "#9BD0B9", "C": "#F3D28B", "0": "#EFEFEF", "?": "#FFFFFF"}
_IN, _OUT = "#0072B2", "#FFFFFF"
_MOST_ROWS = 40
_WORDS = {
    "en": {"1": "consistent", "C": "contradiction", "0": "not consistent", "?": "no or too few cases",
           "n": "n", "cases": "cases (outcome in bold)", "share": "with outcome", "outcome": "verdict"},
    "zh": {"1": "一致", "C": "矛盾", "0": "不一致", "?": "无个案或太少", "n": "n", "cases": "个案（加粗者有结果）",
           "share": "有结果", "outcome": "判断"},
}  # fmt: skip


@in_language
def plot_truth_table(table: TruthTable, *, language: str | None = None, ax: Axes | None = None) -> Figure:
    """Filled cells are conditions that are present; beside them the cases and the verdict of the row.

    Parameters
    ----------
    table
        Of `truth_table`; the first 40 rows are drawn.
    language
        Of the labels; the study's by default.
    ax
        Axes to draw into; a new figure by default.
    """
    matrix, _ = behind(table)
    language = language or (matrix.study.language if matrix is not None else "en")
    say = _WORDS.get(language, _WORDS["en"])
    rows = table.frame.head(_MOST_ROWS)
    names = list(table.conditions)
    labels = [_label(table, name, language) for name in names]
    title = titled(table)
    notes = table.notes()[1 if table.synthetic else 0 :]
    if len(table.frame) > len(rows):
        notes.insert(0, f"The first {len(rows)} of {len(table.frame)} rows.")
    with figure_style([title, *labels, *say.values(), *notes, *rows["cases"]]):
        if ax is None:
            from bwa_study.present.canvas import StudyFigure

            ax = StudyFigure(figsize=(1.05 * len(names) + 5.2, 0.34 * len(rows) + 0.4)).subplots()
        for y, row in enumerate(rows.to_dict("records")):
            _row(ax, y, {str(k): v for k, v in row.items()}, names, table.levels, say)
        _heads(ax, labels, say, len(names))
        ax.set_xlim(-0.55, len(names) + 6.1)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.axis("off")
        ax.annotate(title, (0, 1), xycoords="axes fraction", xytext=(0, 42), textcoords="offset points", fontsize=10,
                    fontweight="bold", annotation_clip=False)  # fmt: skip
        add_caption(ax, notes, below=8)
        return ax.get_figure()  # type: ignore[return-value]


def _label(table: TruthTable, name: str, language: str) -> str:
    return table.cases.label(name, language) if isinstance(table.cases, StudyCases) else name


def _heads(ax: Axes, labels: list[str], say: dict[str, str], k: int) -> None:
    look = {"fontsize": 8, "va": "bottom", "annotation_clip": False}
    for x, label in enumerate(labels):
        wrapped = "\n".join(textwrap.wrap(label, 11) or [label])
        ax.annotate(wrapped, (x, -0.58), xytext=(0, 2), textcoords="offset points", ha="center", **look)  # type: ignore[arg-type]
    for place, name, ha in ((k - 0.1, "n", "center"), (k + 0.4, "cases", "left"), (k + 3.5, "share", "center"),
                        (k + 4.3, "outcome", "left")):  # fmt: skip
        ax.annotate(say[name], (place, -0.58), xytext=(0, 2), textcoords="offset points", ha=ha, **look)  # type: ignore[arg-type]


def _row(
    ax: Axes, y: int, row: dict[str, object], names: list[str], levels: tuple[int, ...], say: dict[str, str]
) -> None:
    from matplotlib.patches import Rectangle

    outcome = str(row["outcome"])
    ax.add_patch(Rectangle((-0.5, y - 0.46), len(names) + 6.6, 0.92, color=FILLS[outcome], linewidth=0, alpha=0.55))
    for x, (name, of) in enumerate(zip(names, levels, strict=True)):
        level = int(str(row[name]))
        face = _IN if level else _OUT
        alpha = level / (of - 1) if level else 1.0
        ax.add_patch(Rectangle((x - 0.32, y - 0.34), 0.64, 0.68, facecolor=face, alpha=alpha, edgecolor="#555555"))
        if of > 2:
            ax.text(x, y, str(level), ha="center", va="center", fontsize=8)
    k = len(names)
    ax.text(k - 0.1, y, str(row["n"]), ha="center", va="center", fontsize=8)
    at: float = k + 0.4
    ids = str(row["cases"]).split(";") if row["cases"] else []
    bold = set(str(row["with_outcome"]).split(";"))
    for id in ids[:6]:
        ax.text(at, y, id, va="center", fontsize=8, fontweight="bold" if id in bold else "normal")
        at += 0.13 * len(id) + 0.1
    if len(ids) > 6:
        ax.text(at, y, f"+{len(ids) - 6}", va="center", fontsize=8)
    positive = len(bold - {""})
    if ids:
        ax.text(k + 3.5, y, f"{positive}/{len(ids)}", ha="center", va="center", fontsize=8)
    ax.text(k + 4.3, y, say[outcome], va="center", fontsize=8)
