"""How the lower end of alpha's interval rises with the number of double-coded units, a curve a prevalence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bwa_study.analysis.planning import DoubleCodingPlan, lower_end
from bwa_study.model.reliability_rules import RULES
from bwa_study.present.style import add_caption, figure_style, titled
from bwa_study.present.translated import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PREVALENCES = (0.01, 0.02, 0.05, 0.1, 0.25)
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#444444")
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))


@in_language
def plot_plan(
    result: DoubleCodingPlan,
    *,
    alpha: float | None = None,
    design_effect: float | None = None,
    language: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the lower end to expect against the number of units that two coders both code.

    Parameters
    ----------
    result
        Of `bwa_study.analysis.planning.plan_double_coding`.
    alpha, design_effect
        What to draw the curves for; the medians over the codes of the result by default.
    language
        Of title, axes, legend and caption; English by default.
    ax
        Axes to draw into; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        A curve a prevalence, the rule's limits dashed, the units double-coded so far dotted.
    """
    codes = result.table[result.table["code"] != ""]
    alpha = float(codes["alpha"].median()) if alpha is None else alpha
    design_effect = float(codes["design_effect"].median()) if design_effect is None else design_effect
    now = int(codes["n_units"].max())
    units = np.geomspace(50, 20_000, 120)
    notes = [f"Curves: alpha {alpha:.2f}, design effect {design_effect:.2f} (medians of the codes).", *result.notes()]
    with figure_style([*notes, result.title]):
        from bwa_study.present.canvas import figure_and_axes

        figure, axes = figure_and_axes(ax, (6.8, 4.4))
        for prevalence, colour, line in zip(PREVALENCES, COLOURS, _LINES, strict=True):
            shown = [lower_end(alpha=alpha, prevalence=prevalence, design_effect=design_effect, units=n) for n in units]
            axes.plot(units, shown, color=colour, linestyle=line, label=f"{prevalence:.0%} of units")
        for limit in RULES[result.rule][:2]:
            axes.axhline(limit, color="#222222", linewidth=0.8, linestyle="--")
            axes.annotate(f"{limit:.3g}", (units[-1], limit), xytext=(3, -2), textcoords="offset points", fontsize=7)
        axes.axvline(now, color="#222222", linewidth=0.8, linestyle=":")
        axes.annotate(f"now {now}", (now, 0.02), xytext=(3, 0), textcoords="offset points", fontsize=7)
        axes.set_xscale("log")
        axes.set_xticks([50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000])
        axes.set_xticklabels(["50", "100", "200", "500", "1,000", "2,000", "5,000", "10,000", "20,000"])
        axes.minorticks_off()
        axes.set_ylim(0, 1)
        axes.set_xlim(50, 20_000)
        axes.set_xlabel("Units that two coders both code")
        axes.set_ylabel("Lower end of the 95% interval to expect")
        axes.legend(title="The code is in", frameon=False, fontsize=7.5, title_fontsize=7.5, loc="lower right")
        axes.set_title(titled(result, "How many units to double-code"), loc="left")
        if ax is None:
            add_caption(axes, notes, below=40)
    return figure
