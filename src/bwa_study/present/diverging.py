"""Figure F5: for every code, how many say it is there against how many say it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bwa_study.analysis.frequency import Frequency
from bwa_study.model.study import Study
from bwa_study.present.figures import CannotDraw
from bwa_study.present.style import add_caption, figure_style, group_colour, readable_language, titled
from bwa_study.present.translated import in_language
from bwa_study.present.wording import level_label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ABSENT, _PRESENT = "#B35806", "#2166AC"


@in_language
def plot_diverging(result: Frequency, *, language: str | None = None) -> Figure:
    """Codes down; to the right the share that says present, to the left the share that says absent; a panel a cell.

    Parameters
    ----------
    result
        Of ``frequency(..., by=(one field,), polarity=("present", "absent"))``.
    language
        Of the labels; the study's by default.

    Returns
    -------
    matplotlib.figure.Figure
        What lies between the bars is silence: asked, and neither said. A cell without a number says why.

    Raises
    ------
    CannotDraw
        If the result is by more or less than one field, or lacks a polarity.
    """
    if result.matrix is None or len(result.by) != 1:
        raise CannotDraw(f"a chart of both polarities needs one field to compare, this result is by {result.by}")
    rows = result.select(level="code")
    if not {"present", "absent"} <= set(rows["polarity"]):
        raise CannotDraw(
            'both polarities are needed — ask for them with frequency(..., polarity=("present", "absent"))'
        )
    study, (field,) = result.matrix.study, result.by
    codes, levels = list(dict.fromkeys(rows["code"])), list(dict.fromkeys(rows[field]))
    wanted = language or study.language
    texts = [study.label("code", c, wanted) for c in codes] + [level_label(study, field, v, wanted) for v in levels]
    language = readable_language(study, wanted, texts)
    with figure_style([*texts, *result.notes(), *words(language).values()]):
        from bwa_study.present.canvas import StudyFigure

        figure = StudyFigure(figsize=(2.4 + 2.1 * len(levels), 1.4 + 0.27 * len(codes)))
        panels = figure.subplots(1, len(levels), sharey=True, squeeze=False)[0]
        for panel, level in zip(panels, levels, strict=True):
            of = rows[rows[field] == level]
            _panel(panel, of[of["polarity"] == "present"], of[of["polarity"] == "absent"], codes, words(language))
            colour = group_colour(study, level) if field == "group" else "#222222"
            n = int(of["denominator"].max())
            panel.set_title(f"{level_label(study, field, level, language)} (n={n})", color=colour, fontsize=9)
        _frame(panels, study, codes, language)
        said = words(language)
        title = f"← {said['absent']} · {said['present']} →"
        title = titled(result, title, language=language)
        figure.subplots_adjust(wspace=0.08, top=0.9)
        figure.suptitle(title, x=0.125, ha="left", fontsize=10, fontweight="bold")
        add_caption(panels[0], result.notes(), below=28, width=2.1 * len(levels))
    return figure


def _panel(panel: Axes, present: Any, absent: Any, codes: list[str], said: dict[str, str]) -> None:
    for rows, sign, colour in ((present, 1, _PRESENT), (absent, -1, _ABSENT)):
        for row in rows.to_dict("records"):
            y = codes.index(row["code"])
            if row["status"] != "ok":
                if sign > 0:
                    reason = said.get(row["status"], row["status"])
                    panel.text(0, y, reason, ha="center", va="center", fontsize=6, color="#777777")
                continue
            panel.barh(y, sign * row["share"], color=colour, height=0.72)
            if row["n"]:
                panel.text(
                    sign * (row["share"] + 0.02), y, f"{100 * row['share']:.0f}", fontsize=6, va="center",
                    ha="left" if sign > 0 else "right", color="#444444",
                )  # fmt: skip


def _frame(panels: Any, study: Study, codes: list[str], language: str) -> None:
    for panel in panels:
        panel.axvline(0, color="#222222", linewidth=0.8)
        panel.set_xlim(-1.12, 1.12)
        panel.set_xticks([-1, -0.5, 0, 0.5, 1], ["100%", "50", "0", "50", "100%"], fontsize=7)
        panel.grid(axis="x", color="#eeeeee", linewidth=0.6)
        panel.set_axisbelow(True)
        panel.tick_params(axis="y", length=0)
        for y in range(1, len(codes)):
            if study.codebook[codes[y]].theme != study.codebook[codes[y - 1]].theme:
                panel.axhline(y - 0.5, color="#999999", linewidth=0.6)
    panels[0].set_yticks(range(len(codes)), [study.label("code", c, language) for c in codes])
    panels[0].set_ylim(len(codes) - 0.5, -0.5)
