"""The figures people hand in, F1 to F9: each is drawn where the study has what it needs, and says where it has not."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bwa_study.load.study import Progress
from bwa_study.model.matrix import CodingMatrix
from bwa_study.present.study_outputs import Made, Wanted, write_outputs
from bwa_study.present.style import save
from bwa_study.present.translated import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = (".png", ".svg", ".pdf")
MOST_ON_TIMELINE = 4
Draw = Callable[[CodingMatrix, str], "Figure"]


@dataclass(frozen=True, slots=True)
class FigureKind:
    """One of the figures: its number, the name of its files, what it shows, and how it is drawn in a language."""

    id: str
    name: str
    shows: str
    draw: Draw


def _slope(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.frequency import frequency
    from bwa_study.present.figures import plot_slope

    return plot_slope(frequency(matrix, by=("group", "round")), language=language)


def _modes(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.frequency import frequency
    from bwa_study.analysis.interaction import MODES
    from bwa_study.present.figures import plot_slope

    return plot_slope(frequency(matrix, by=("group", "round")), codes=list(MODES), language=language)


def _sites(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.condition_scores import condition_scores
    from bwa_study.present.site_heatmap import plot_sites

    return plot_sites(condition_scores(matrix), language=language)


def _dumbbell(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.present.dumbbell import plot_dumbbell
    from bwa_study.present.study_tables import last_gaps

    return plot_dumbbell(last_gaps(matrix), language=language)


def _diverging(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.frequency import frequency
    from bwa_study.present.diverging import plot_diverging

    return plot_diverging(frequency(matrix, by=("group",)), language=language)


def _forest(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.present.forest import plot_forest
    from bwa_study.present.study_tables import double_coded

    return plot_forest(double_coded(matrix), language=language)


def _pairs(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.cooccurrence import cooccurrence
    from bwa_study.present.pair_heatmap import plot_pairs

    return plot_pairs(cooccurrence(matrix, within="interview"), language=language)


def _joint(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.joint_display import joint_display
    from bwa_study.present.joint_scatter import plot_joint

    return plot_joint(joint_display(matrix), language=language)


def _timeline(matrix: CodingMatrix, language: str) -> Figure:
    """Codes that count as neither good nor bad are the context; visits of the client stand where they are known."""
    from bwa_study.analysis.timeline import timeline
    from bwa_study.present.timeline import plot_timeline

    study = matrix.study
    context = [c.id for c in study.codebook if not c.valence][:MOST_ON_TIMELINE]
    fields = {name for site in study.sites for name, _ in site.attributes}
    visits = ("client_visits",) if any(f"client_visits_{r}" in fields for r in study.levels("round")) else ()
    return plot_timeline(timeline(matrix, codes=context, counts=visits), language=language)


def _two_by_two(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.necessity.cases import cases
    from bwa_study.analysis.site_profile import site_profile
    from bwa_study.present.two_by_two import plot_two_by_two

    scored = cases(matrix)
    profile = site_profile(matrix).table if scored.rules and scored.rules.profile else None
    courses = None if profile is None else dict(zip(profile["site"], profile["course"], strict=True))
    return plot_two_by_two(scored, courses=courses, language=language)


def _robustness(matrix: CodingMatrix, language: str) -> Figure:
    from bwa_study.analysis.necessity.cases import cases
    from bwa_study.analysis.necessity.study_table import study_necessity
    from bwa_study.present.robustness_strip import plot_robustness

    return plot_robustness(study_necessity(cases(matrix), bootstrap=0)[1], language=language)


FIGURES: tuple[FigureKind, ...] = (
    FigureKind("F1", "slope", "what changed between rounds, by group", _slope),
    FigureKind("F1", "modes", "coaching and auditing by round, by group", _modes),
    FigureKind("F2", "sites", "conditions at every site, round by round", _sites),
    FigureKind("F3", "dumbbell", "where the groups disagree most, in the last round", _dumbbell),
    FigureKind("F4", "two_by_two", "two conditions crossed, sites as dots", _two_by_two),
    FigureKind("F4", "robustness", "how much the claim hangs on informants, cut-offs and single sites", _robustness),
    FigureKind("F5", "diverging", "what is said to be there against what is said not to be", _diverging),
    FigureKind("F6", "forest", "agreement of coders by code", _forest),
    FigureKind("F7", "cooccurrence", "which codes occur in the same interview", _pairs),
    FigureKind("F8", "timeline", "events and statements by site", _timeline),
    FigureKind("F9", "joint_display", "change in the survey against change in what is said, by site", _joint),
)
"""In the order of their numbers."""


def write_study_figures(
    path: str | Path,
    out: str | Path,
    *,
    only: Sequence[str] = (),
    kinds: Sequence[str] = (".png", ".svg"),
    coder: str = "",
    language: str = "",
    progress: Progress | None = None,
) -> Made:
    """Draw the figures of a study and write each, in every kind of file asked for.

    Parameters
    ----------
    path
        The study folder.
    out
        A folder; the files are called ``F1_slope.png`` and so on. png has 300 dots an inch. Each file carries what it
        shows as its description.
    only
        Ids or names of `FIGURES`; all by default. A figure that cannot be drawn is named with the reason.
    kinds
        Any of ``.png``, ``.svg`` and ``.pdf``.
    coder, language
        As in `bwa_study.present.run.run_study`.
    progress
        Told of every figure.

    Raises
    ------
    UnknownName
        If a figure, a kind or the coder does not exist.
    ProblemsFound
        If the study has errors.
    CannotWrite
        If a file cannot be written; nothing is changed then.
    """

    def draw(one: FigureKind, matrix: CodingMatrix) -> tuple[str, dict[str, bytes]]:
        study = matrix.study
        figure = drawn(one.draw, matrix, language or study.language)
        told = ("SYNTHETIC DATA. " if study.synthetic else "") + f"{one.id}: {one.shows}"
        files = {}
        for kind in kinds:
            data = io.BytesIO()
            save(figure, data, kind=kind[1:], title=f"{one.id} {one.name}", description=told)
            files[f"{one.id}_{one.name}{kind}"] = data.getvalue()
        return one.shows, files

    wanted = Wanted("figure", "drawing figures", "drawn", KINDS, FIGURES, tuple(only), tuple(kinds))
    return write_outputs(path, out, wanted, draw, coder=coder, progress=progress)
