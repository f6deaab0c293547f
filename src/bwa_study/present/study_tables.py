"""The tables people hand in, T1 to T16: each is made where the study has what it needs, and says where it has not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bwa_study.load.study import Progress
from bwa_study.model.errors import BwaError
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.present.printed import Printed, printed
from bwa_study.present.study_outputs import Made, Wanted, write_outputs
from bwa_study.present.tables import KINDS, pages_bytes, table_bytes
from bwa_study.present.translated import translated

if TYPE_CHECKING:
    from bwa_study.analysis.divergence import Divergence
    from bwa_study.analysis.reliability import Reliability

Make = Callable[[CodingMatrix], Result]
QUOTES_A_CODE = 4
DOCUMENTS = frozenset({".docx", ".tex", ".md", ".html"})
"""Kinds of files for people, with the words of a language; csv and xlsx keep the names that programs read."""


class NotInStudy(BwaError):
    """The study lacks what a table shows; the message says what."""


@dataclass(frozen=True, slots=True)
class TableKind:
    """One of the tables: its number, the name of its files, what it shows, and how it is made of a one-coder matrix."""

    id: str
    name: str
    shows: str
    make: Make


def _sample(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.sample import sample_table

    return sample_table(matrix.study)


def _codebook(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.codebook_summary import codebook_summary

    return codebook_summary(matrix)


def _prevalence(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.frequency import frequency
    from bwa_study.analysis.prevalence import prevalence

    if len(matrix.study.levels("round")) < 2:
        return frequency(matrix, by=("group", "round"))
    return prevalence(matrix)


def _change(matrix: CodingMatrix) -> Result:
    """From the first round to the last, in every group."""
    from bwa_study.analysis.compare import compare

    rounds = matrix.study.levels("round")
    if len(rounds) < 2:
        raise NotInStudy("a change needs two rounds, this study has 1")
    return compare(matrix, between="round", levels=(rounds[0], rounds[-1]), within=["group"], family=["group"])


def _interaction_change(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.compare import compare
    from bwa_study.analysis.interaction import MODES

    return compare(matrix, between="round", within=["group"], codes=MODES)


def _interaction(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.interaction import interaction_modes

    return interaction_modes(matrix, group=matrix.study.levels("group")[0])


def _divergence(matrix: CodingMatrix) -> Result:
    return last_gaps(matrix)


def last_gaps(matrix: CodingMatrix) -> Divergence:
    """Gaps of the groups in the last round: what the study ends with."""
    from bwa_study.analysis.divergence import divergence

    return divergence(matrix, round=matrix.study.levels("round")[-1])


def _triangulation(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.triangulation import triangulate

    return triangulate(matrix)


def _durability(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.durability import durability

    return durability(matrix, min_groups=min(2, len(matrix.study.groups)))


def _profile(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.site_profile import site_profile

    return site_profile(matrix)


def _joint_display(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.joint_display import joint_display

    return joint_display(matrix)


def _joint_sites(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.joint_display import joint_display

    return joint_display(matrix).at_sites()


def _quotes(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.quotable import quote_table

    return quote_table(matrix.study, n=QUOTES_A_CODE, coder=matrix.coders[0])


def _framework(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.framework import framework_matrix

    return framework_matrix(matrix, rows="site" if matrix.study.sites else "participant")


def _contribution(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.contribution import contribution

    return contribution(matrix)


def _deviant_cases(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.necessity.cases import cases
    from bwa_study.analysis.necessity.deviant import deviant_cases

    return deviant_cases(cases(matrix))


def _truth_table(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.necessity.cases import cases
    from bwa_study.analysis.necessity.study_table import study_truth_table

    return study_truth_table(cases(matrix))


def _necessity(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.necessity.cases import cases
    from bwa_study.analysis.necessity.study_table import study_necessity

    return study_necessity(cases(matrix))[0]


def _reliability(matrix: CodingMatrix) -> Result:
    return double_coded(matrix)


def double_coded(matrix: CodingMatrix) -> Reliability:
    """Agreement of the coders the study of a matrix names under ``reliability:``, else of all people who coded, by the
    rule, unit and interval it names there.

    Raises
    ------
    TooFewCoders
        If they are fewer than two.
    """
    from bwa_study.analysis.gate import compared_coders
    from bwa_study.analysis.reliability import reliability
    from bwa_study.model.matrix import matrix as lay_out

    study = matrix.study
    chosen = study.reliability
    laid_out = lay_out(study, unit=chosen.unit, coders=compared_coders(study) or None)
    return reliability(laid_out, rule=chosen.rule, interval=chosen.interval)


def _coreq(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.checklists import reporting_checklist

    return reporting_checklist(matrix.study)


def _srqr(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.checklists import reporting_checklist

    return reporting_checklist(matrix.study, checklist="srqr")


def _criteria(matrix: CodingMatrix) -> Result:
    from bwa_study.analysis.checklists import criteria_summary

    return criteria_summary(matrix.study)


TABLES: tuple[TableKind, ...] = (
    TableKind("T1", "sample", "who was interviewed, where and when", _sample),
    TableKind("T2", "codebook", "codes, definitions and how often they were given", _codebook),
    TableKind("T3", "prevalence", "share of interviews by group and round, and its change", _prevalence),
    TableKind("T3", "change", "change from the first to the last round, with its interval", _change),
    TableKind("T4", "divergence", "where the groups disagree most", _divergence),
    TableKind("T5", "interaction", "coaching and auditing by brand", _interaction),
    TableKind("T5", "interaction_change", "change of coaching and auditing, by group", _interaction_change),
    TableKind("T6", "triangulation", "the groups of each site side by side", _triangulation),
    TableKind("T7", "framework", "site by code with room for summaries", _framework),
    TableKind("T8", "profile", "conditions, improvement, context and pattern of every site", _profile),
    TableKind("T8", "durability", "what endured, faded or never came, by site", _durability),
    TableKind("T9", "truth_table", "configurations of conditions with their cases", _truth_table),
    TableKind("T10", "necessity", "what is necessary, how relevant, and how firm", _necessity),
    TableKind("T10", "deviant_cases", "sites that contradict a claim, and their circumstances", _deviant_cases),
    TableKind("T11", "joint_display", "survey and interviews side by side", _joint_display),
    TableKind("T11", "joint_sites", "survey and interviews side by side, site by site", _joint_sites),
    TableKind(
        "T12", "contribution", "links of the theory of change, their tests and rival explanations", _contribution
    ),
    TableKind("T13", "reliability", "agreement of coders by code", _reliability),
    TableKind("T14", "quotes", "words that may be printed, from both sides", _quotes),
    TableKind("T15", "coreq", "reporting checklist COREQ", _coreq),
    TableKind("T15", "srqr", "reporting checklist SRQR", _srqr),
    TableKind("T16", "criteria", "findings by evaluation criterion", _criteria),
)
"""In the order of their numbers."""


def write_study_tables(
    path: str | Path,
    out: str | Path,
    *,
    only: Sequence[str] = (),
    kinds: Sequence[str] = (".csv", ".xlsx", ".docx"),
    coder: str = "",
    language: str = "",
    progress: Progress | None = None,
) -> Made:
    """Make the tables of a study and write each, in every kind of file asked for.

    Parameters
    ----------
    path
        The study folder.
    out
        A folder. Each table gets its files (``T01_sample.csv`` …); docx, md, tex and html also get one file with all.
    only
        Ids or names of `TABLES`; all by default. A table that cannot be made is named with the reason.
    kinds
        Of `bwa_study.present.tables.KINDS`.
    coder, language
        As in `bwa_study.present.run.run_study`.
    progress
        Told of every table.

    Raises
    ------
    UnknownName
        If a table, a kind or the coder does not exist.
    ProblemsFound
        If the study has errors.
    CannotWrite
        If a file cannot be written; nothing is changed then.
    """
    pages: list[Printed] = []

    def make(table: TableKind, matrix: CodingMatrix) -> tuple[str, dict[str, bytes]]:
        result = table.make(matrix)
        own = [translated(page, matrix.study, language or matrix.study.language) for page in printed(result, language)]
        pages.extend(replace(page, title=f"{table.id}. {page.title}") for page in own)
        stem = f"T{int(table.id[1:]):02d}_{table.name}"
        return result.title, {f"{stem}{kind}": _bytes(result, own, kind, language) for kind in kinds}

    def together(study: Study) -> dict[str, bytes]:
        title = study.title.text(language or study.language)
        ends = [kind for kind in kinds if pages and kind in DOCUMENTS]
        return {f"tables{kind}": pages_bytes(pages, kind, title=title, synthetic=study.synthetic) for kind in ends}

    wanted = Wanted("table", "making tables", "made", KINDS, TABLES, tuple(only), tuple(kinds))
    return write_outputs(path, out, wanted, make, together=together, coder=coder, progress=progress)


def _bytes(result: Result, pages: Sequence[Printed], kind: str, language: str) -> bytes:
    from bwa_study.analysis.framework import FrameworkMatrix

    if kind in DOCUMENTS:
        return pages_bytes(pages, kind, title=pages[0].title, synthetic=result.synthetic)
    if kind == ".xlsx" and isinstance(result, FrameworkMatrix):
        from bwa_study.present.framework_sheets import framework_bytes

        return framework_bytes(result)
    return table_bytes(result, kind, language=language)
