"""What a team writes for its report: items of reporting checklists, answers to evaluation criteria, limitations."""

from __future__ import annotations

from dataclasses import dataclass

CRITERIA = ("relevance", "coherence", "effectiveness", "efficiency", "impact", "sustainability")
"""The evaluation criteria of the OECD's Development Assistance Committee, in its order (OECD/DAC 2019)."""


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """What an evaluation found by one criterion: the question asked, the finding, how strong, and where it stands."""

    criterion: str
    question: str = ""
    finding: str = ""
    strength: str = ""
    references: str = ""


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """Texts of a team for the report of its study.

    Parameters
    ----------
    summary, limitations
        Paragraphs; limitations come after those that follow from the data.
    coreq, srqr
        Pairs of item and text: COREQ items are numbered 1 to 32, SRQR's S1 to S21.
    criteria
        By criterion of `CRITERIA`, at most one each.
    pages
        Pairs of item (of either checklist) and the page of the report that answers it.
    """

    summary: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    coreq: tuple[tuple[str, str], ...] = ()
    srqr: tuple[tuple[str, str], ...] = ()
    criteria: tuple[CriterionFinding, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
