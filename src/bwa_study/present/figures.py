"""Figures of theme frequencies: heat map, slopes over rounds, dots by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from bwa_study.analysis.frequency import Frequency
from bwa_study.model.errors import BwaError, UnknownName
from bwa_study.model.study import Study
from bwa_study.model.words import count_han
from bwa_study.present.marks import mark_lines, marked_label
from bwa_study.present.spread import spread
from bwa_study.present.style import (
    SYNTHETIC,
    add_caption,
    figure_style,
    group_colour,
    group_marker,
    readable_language,
    titled,
)
from bwa_study.present.translated import in_language
from bwa_study.present.wording import level_label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LINES = 6


class CannotDraw(BwaError):
    """The result lacks what the figure shows, such as a second round."""


def plot_frequency(result: Frequency, *, ax: Axes | None = None, **options: Any) -> Figure:
    """Draw a frequency as a heat map (two fields or more) or as dots (one field).

    Options are those of `plot_heatmap` or `plot_dots`.
    """
    return (plot_dots if len(result.by) == 1 else plot_heatmap)(result, ax=ax, **options)


@in_language
def plot_heatmap(
    result: Frequency, *, polarity: str = "present", language: str | None = None, ax: Axes | None = None
) -> Figure:
    """Codes down, cells across; darker is a larger share, the number is per cent.

    Parameters
    ----------
    result
        Of `frequency`, with at least one field in `by`.
    polarity
        ``present``, ``absent`` or ``mentioned``; the result must hold it.
    language
        Of the labels; the study's by default.
    ax
        Axes to draw into; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        Cells without a number are hatched and say why.
    """
    study, rows = _study(result), _rows(result, polarity)
    language = _language(study, language, rows)
    cells = list(dict.fromkeys(zip(*(rows[name] for name in result.by), strict=True)))
    codes = list(dict.fromkeys(rows["code"]))
    lookup = {(r["code"], *(r[n] for n in result.by)): r for r in rows.to_dict("records")}
    with figure_style(_drawn(result, study, language)):
        import matplotlib

        from bwa_study.present.canvas import figure_and_axes

        figure, axes = figure_and_axes(ax, (2.6 + 0.78 * len(cells), 1.6 + 0.27 * len(codes)))

        colours = matplotlib.colormaps["Blues"]
        for y, code in enumerate(codes):
            for x, cell in enumerate(cells):
                _heat_cell(axes, x, y, lookup[code, *cell], colours, words(language))
        axes.set_xlim(-0.5, len(cells) - 0.5)
        axes.set_ylim(len(codes) - 0.5, -0.5)
        axes.set_yticks(range(len(codes)), [marked_label(study, c, language) for c in codes])
        axes.set_xticks(
            range(len(cells)), [_cell_label(study, result, cell, lookup, codes, language) for cell in cells]
        )
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        _group_lines(axes, study, result, cells, codes, language)
        title = titled(result, f"{words(language)['heatmap']}: {words(language)[polarity]}", language=language)
        small = [*result.notes(), *mark_lines(study, codes, language)]
        _finish(axes, small, title, own=ax is None, above=54 if len(result.by) > 1 else 34, below=8)
    return figure


def _heat_cell(axes: Axes, x: int, y: int, row: dict[Any, Any], colours: Any, said: dict[str, str]) -> None:
    from matplotlib.patches import Rectangle

    if row["status"] != "ok":
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="#f2f2f2", edgecolor="white", hatch="////"))
        axes.text(x, y, said[row["status"]], ha="center", va="center", fontsize=5.5, color="#555555")
        return
    share = row["share"]
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colours(0.05 + 0.85 * share), edgecolor="white"))
    colour = "white" if share > 0.55 else "#222222"
    axes.text(x, y, f"{100 * share:.0f}", ha="center", va="center", fontsize=7.5, color=colour)


def _cell_label(
    study: Study, result: Frequency, cell: tuple[str, ...], lookup: dict[Any, Any], codes: list[str], language: str
) -> str:
    last = level_label(study, result.by[-1], cell[-1], language)
    largest = max(int(lookup[code, *cell]["denominator"]) for code in codes)
    return f"{last.replace(' ', chr(10))}\nn={largest}"


def _group_lines(
    axes: Axes, study: Study, result: Frequency, cells: list[tuple[str, ...]], codes: list[str], language: str
) -> None:
    """Names of the outer field above the columns, and lines between its levels and between themes."""
    if len(result.by) > 1:
        outer = [cell[:-1] for cell in cells]
        for level in dict.fromkeys(outer):
            at = [i for i, one in enumerate(outer) if one == level]
            name = " · ".join(level_label(study, f, v, language) for f, v in zip(result.by, level, strict=False))
            colour = group_colour(study, level[0]) if result.by[0] == "group" else "#222222"
            axes.annotate(
                name,
                ((at[0] + at[-1]) / 2, -0.5),
                xytext=(0, 40),
                textcoords="offset points",
                ha="center",
                fontweight="bold",
                color=colour,
            )
            if at[0]:
                axes.axvline(at[0] - 0.5, color="white", linewidth=4)
    for y in range(1, len(codes)):
        if study.codebook[codes[y]].theme != study.codebook[codes[y - 1]].theme:
            axes.axhline(y - 0.5, color="#222222", linewidth=0.8)


@in_language
def plot_slope(
    result: Frequency,
    *,
    codes: list[str] | None = None,
    polarity: str = "present",
    language: str | None = None,
    about: str = "",
    ax: list[Axes] | None = None,
) -> Figure:
    """Share over rounds, a panel a group, a line a code, with 95% intervals.

    Parameters
    ----------
    result
        Of ``frequency(..., by=("group", "round"))``.
    codes
        Which codes; by default the six that move most, see `most_changed`.
    polarity, language
        As in `plot_heatmap`.
    about
        What the codes have in common, such as the name of their theme; shown in the title.
    ax
        A list of axes, one a group; a new figure by default.

    Raises
    ------
    CannotDraw
        If the result is not by group and round, or has one round only.
    UnknownName
        If a code does not exist.
    """
    study, rows = _study(result), _rows(result, polarity)
    if result.by != ("group", "round"):
        raise CannotDraw(f'a slope chart needs by=("group", "round"), this result is by {result.by}')
    rounds, groups = study.levels("round"), study.levels("group")
    if len(rounds) < 2:
        raise CannotDraw("a slope chart needs at least 2 rounds, this study has 1 — plot_dots compares the groups")
    for code in codes or ():
        if code not in study.codebook:
            raise UnknownName("code", code, study.codebook.ids)
    if codes and len(codes) > len(MARK):
        raise CannotDraw(f"{len(codes)} codes are too many lines to tell apart — choose at most {len(MARK)}")
    language = _language(study, language, rows)
    chosen = list(codes) if codes else most_changed(rows, groups, rounds)
    with figure_style(_drawn(result, study, language)):
        from bwa_study.present.canvas import StudyFigure

        beside = 0.3 + 0.056 * max([_width(marked_label(study, code, language)) for code in chosen], default=0)
        panel_width = 2.5
        figure = ax[0].figure if ax else StudyFigure(figsize=((panel_width + beside) * len(groups), 4.6))
        panels = ax or list(figure.subplots(1, len(groups), sharey=True, squeeze=False)[0])
        for panel, group in zip(panels, groups, strict=True):
            _slope_panel(panel, study, rows[rows["group"] == group], group, chosen, rounds, language)
        panels[0].set_ylabel(words(language)[f"share {result.count}"])
        if ax is None:
            subject = f"{about}: " if about else ""
            title = f"{subject}{words(language)['slope']}, {words(language)[polarity]}"
            title = titled(result, title, language=language)
            figure.subplots_adjust(wspace=beside / panel_width, top=0.86, bottom=0.12)
            figure.suptitle(title, x=0.125, ha="left", fontsize=10, fontweight="bold")
            small = [*result.notes(), *mark_lines(study, chosen, language)]
            add_caption(panels[0], small, below=34, width=(panel_width + beside) * (len(groups) - 1) + panel_width)
        elif result.synthetic:
            add_caption(panels[0], [SYNTHETIC.get(language, SYNTHETIC["en"])], below=34)
    return figure  # type: ignore[return-value]


def _width(text: str) -> int:
    """Characters a text is wide, Chinese ones counted twice."""
    return len(text) + count_han(text)


LINE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#8A6D00", "#444444", "#7B5EA7")


def _slope_panel(
    panel: Axes, study: Study, rows: pd.DataFrame, group: str, codes: list[str], rounds: tuple[str, ...], language: str
) -> None:
    ends: list[tuple[float, str, str]] = []
    edge = len(rounds) - 1 + 0.06 + 0.015 * len(codes)
    for n, code in enumerate(codes):
        line = rows[rows["code"] == code].set_index("round").reindex(list(rounds))
        known = line[line["status"] == "ok"]
        if known.empty:
            continue
        colour = LINE_COLOURS[n % len(LINE_COLOURS)]
        shift = 0.03 * (n - (len(codes) - 1) / 2)
        at = [rounds.index(r) + shift for r in known.index]
        below, above = known["share"] - known["low"], known["high"] - known["share"]
        bars = None if known["low"].isna().any() else [below, above]
        panel.errorbar(
            at,
            known["share"],
            yerr=bars,
            color=colour,
            marker=MARK[n % len(MARK)],
            markersize=4.5,
            linewidth=1.6,
            elinewidth=0.6,
            capsize=1.5,
        )
        ends.append((float(known["share"].iloc[-1]), marked_label(study, code, language), colour))
    for y, (_, name, colour) in zip(spread([e[0] for e in ends]), ends, strict=True):
        panel.annotate(name, (edge + 0.04, y), fontsize=7, color=colour, va="center", annotation_clip=False)
    sizes = [int(rows[rows["round"] == r]["denominator"].max()) for r in rounds]
    names = [f"{study.label('round', r, language)}\nn={n}" for r, n in zip(rounds, sizes, strict=True)]
    panel.set_xticks(range(len(rounds)), names)
    panel.set_xlim(-0.25, edge)
    panel.set_ylim(-0.02, 1.02)
    panel.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
    panel.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    panel.set_axisbelow(True)
    panel.set_title(study.label("group", group, language), color=group_colour(study, group))


MARK = ("o", "s", "D", "^", "v", "P", "X", "*")


def most_changed(
    rows: pd.DataFrame, groups: tuple[str, ...], rounds: tuple[str, ...], most: int = MOST_LINES
) -> list[str]:
    """Codes by how much their share moves between rounds, as the mean over groups of its range; largest first."""
    table = rows.pivot_table(index="code", columns=["group", "round"], values="share", sort=False)
    by_group = [pd.DataFrame(table[g]) for g in groups if g in table]
    if not by_group:
        return []
    ranges = pd.concat([one.max(axis=1) - one.min(axis=1) for one in by_group], axis=1)
    change = ranges.fillna(0.0).mean(axis=1)
    return [str(code) for code in change.sort_values(ascending=False, kind="stable").index[:most]]


@in_language
def plot_dots(
    result: Frequency, *, polarity: str = "present", language: str | None = None, ax: Axes | None = None
) -> Figure:
    """Codes down, share across, a dot a level of the one field, with 95% intervals where they are defined.

    Parameters as in `plot_heatmap`, but ``result`` is by one field.

    Raises
    ------
    CannotDraw
        If the result is by no field or by several, or does not hold `polarity`.
    """
    study, rows = _study(result), _rows(result, polarity)
    if len(result.by) != 1:
        raise CannotDraw(f"a dot chart needs one field to compare, this result is by {result.by}")
    language = _language(study, language, rows)
    (field,) = result.by
    codes, levels = list(dict.fromkeys(rows["code"])), list(dict.fromkeys(rows[field]))
    with figure_style(_drawn(result, study, language)):
        from bwa_study.present.canvas import figure_and_axes

        figure, axes = figure_and_axes(ax, (6.4, 1.4 + 0.36 * len(codes)))
        for n, level in enumerate(levels):
            one = rows[(rows[field] == level) & (rows["status"] == "ok")]
            at = [codes.index(c) + 0.22 * (n - (len(levels) - 1) / 2) for c in one["code"]]
            bars = None if one["low"].isna().any() else [one["share"] - one["low"], one["high"] - one["share"]]
            colour = group_colour(study, level) if field == "group" else LINE_COLOURS[n % len(LINE_COLOURS)]
            marker = group_marker(study, level) if field == "group" else MARK[n % len(MARK)]
            name = level_label(study, field, level, language)
            size = int(rows[rows[field] == level]["denominator"].max())
            axes.errorbar(
                one["share"],
                at,
                xerr=bars,
                fmt=marker,
                color=colour,
                markersize=4.5,
                elinewidth=0.8,
                label=f"{name} (n={size})",
            )
        axes.set_yticks(range(len(codes)), [marked_label(study, c, language) for c in codes])
        axes.set_ylim(len(codes) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
        axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
        for y in range(1, len(codes)):
            axes.axhline(y - 0.5, color="#eeeeee", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(levels), frameon=False, fontsize=8)
        title = titled(result, f"{words(language)['dots']}: {words(language)[polarity]}", language=language)
        small = [*result.notes(), *mark_lines(study, codes, language)]
        _finish(axes, small, title, own=ax is None, above=28, below=24)
    return figure


def _study(result: Frequency) -> Study:
    if result.matrix is None or not result.by:
        raise CannotDraw("there is nothing to compare: count by at least one field, such as by=('group',)")
    return result.matrix.study


def _rows(result: Frequency, polarity: str) -> pd.DataFrame:
    rows = result.select(polarity=polarity, level="code")
    if rows.empty:
        raise CannotDraw(f"the result holds no '{polarity}' — ask for it with frequency(..., polarity=('{polarity}',))")
    return rows


def _language(study: Study, language: str | None, rows: pd.DataFrame) -> str:
    wanted = language or study.language
    return readable_language(study, wanted, _texts(study, wanted))


def _texts(study: Study, language: str) -> list[str]:
    labels = [g.label.text(language) for g in study.groups]
    labels += [r.label.text(language) for r in study.rounds] + [c.label.text(language) for c in study.codebook]
    return [*labels, *(t.label.text(language) for t in study.codebook.themes), words(language)["share interviews"]]


def _drawn(result: Frequency, study: Study, language: str) -> list[str]:
    """Every text a figure may show: labels, small print, and levels that have no label."""
    levels = (str(value) for name in result.by for value in result.table[name].unique())
    return [*_texts(study, language), *result.notes(), *levels]


def _finish(axes: Axes, small: list[str], title: str, *, own: bool, above: float, below: float) -> None:
    axes.set_title(title, pad=above, loc="left")
    if own:
        add_caption(axes, small, below=below)
