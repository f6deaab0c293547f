"""Reporting checklists filled from the study (T15: COREQ and SRQR) and the evaluation criteria (T16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bwa_study.analysis.study_facts import facts
from bwa_study.model.errors import UnknownName
from bwa_study.model.reporting import CRITERIA
from bwa_study.model.results import Result
from bwa_study.model.study import Study

Checklist = Literal["coreq", "srqr"]
TEXT_NEEDED = "text needed"

COREQ = (
    ("1", "Team", "Who interviewed", "interviewers"),
    ("2", "Team", "Their qualifications", ""),
    ("3", "Team", "Their occupation at the time", ""),
    ("4", "Team", "Their gender", ""),
    ("5", "Team", "Their experience and training", ""),
    ("6", "Team", "Whether they knew participants before", ""),
    ("7", "Team", "What participants knew of the interviewer", ""),
    ("8", "Team", "Interests, assumptions and reasons of the interviewer that are reported", ""),
    ("9", "Design", "Methodological orientation", ""),
    ("10", "Design", "How participants were selected", "selection"),
    ("11", "Design", "How participants were approached", "mode"),
    ("12", "Design", "How many took part", "sample_size"),
    ("13", "Design", "Who refused or dropped out, and why", "withdrawn"),
    ("14", "Design", "Where the interviews took place", "place"),
    ("15", "Design", "Who else was present", "third_parties"),
    ("16", "Design", "Characteristics of the sample", "sample"),
    ("17", "Design", "Guide, prompts, and whether it was piloted", "guide"),
    ("18", "Design", "Repeated interviews", "repeats"),
    ("19", "Design", "Recording", "recording"),
    ("20", "Design", "Field notes", "notes"),
    ("21", "Design", "Duration", "duration"),
    ("22", "Design", "Saturation", ""),
    ("23", "Design", "Whether transcripts were returned to participants", ""),
    ("24", "Analysis", "How many people coded", "coders"),
    ("25", "Analysis", "Description of the coding tree", "codebook"),
    ("26", "Analysis", "Where the themes come from", ""),
    ("27", "Analysis", "Software", "software"),
    ("28", "Analysis", "Whether participants checked findings", ""),
    ("29", "Reporting", "Quotations, each with its participant", "quotes"),
    ("30", "Reporting", "Whether data and findings are consistent", ""),
    ("31", "Reporting", "Whether major themes are clear", ""),
    ("32", "Reporting", "Whether minor themes and diverse cases are discussed", ""),
)
"""Number, domain, topic in our words, and the fact that answers it: Tong, Sainsbury & Craig (2007), table 1."""

SRQR = (
    ("S1", "Title and abstract", "Title names the study and its approach", ""),
    ("S2", "Title and abstract", "Abstract", ""),
    ("S3", "Introduction", "Problem and its significance", ""),
    ("S4", "Introduction", "Purpose or question", ""),
    ("S5", "Methods", "Approach and paradigm", ""),
    ("S6", "Methods", "Researchers' characteristics and reflexivity", ""),
    ("S7", "Methods", "Context", "context"),
    ("S8", "Methods", "Sampling, and when it was enough", "selection"),
    ("S9", "Methods", "Ethics and consent", "consent"),
    ("S10", "Methods", "How and when data were collected", "collection"),
    ("S11", "Methods", "Instruments and devices", "guide"),
    ("S12", "Methods", "Units of study", "sample_size"),
    ("S13", "Methods", "Data processing: transcription, translation, protection", "processing"),
    ("S14", "Methods", "Data analysis", "codebook"),
    ("S15", "Methods", "Trustworthiness", "coders"),
    ("S16", "Findings", "Synthesis and interpretation", ""),
    ("S17", "Findings", "Links to the data", "quotes"),
    ("S18", "Discussion", "Relation to earlier work, transferability, contribution", ""),
    ("S19", "Discussion", "Limitations", ""),
    ("S20", "Other", "Conflicts of interest", ""),
    ("S21", "Other", "Funding", ""),
)
"""Number, section, topic in our words, and the fact that answers it: O'Brien et al. (2014), table 1."""

_ITEMS = {"coreq": COREQ, "srqr": SRQR}
_SOURCES = {
    "coreq": "Tong, Sainsbury & Craig (2007), Int. J. Qual. Health Care 19, 349-357",
    "srqr": "O'Brien, Harris, Beckman, Reed & Cook (2014), Academic Medicine 89, 1245-1251",
}


@dataclass(frozen=True, eq=False, repr=False)
class ReportingChecklist(Result):
    """A row an item, in the order of the checklist.

    ``table`` has the columns ``item``, ``domain``, ``topic``, ``from_data`` (what the study's own data say; empty where
    they say nothing), ``text`` (what the team wrote), ``page`` (of the report, where the team gave it) and ``status``:
    ``filled`` (the team wrote it), ``from data``, or ``text needed``.
    """

    def compact(self) -> pd.DataFrame:
        """Item, topic, what is reported, and on which page."""
        shown = self.table.assign(
            reported=[
                " ".join(x for x in (text, data) if x) or TEXT_NEEDED
                for text, data in zip(self.table["text"], self.table["from_data"], strict=True)
            ]
        )
        return shown.set_index("item")[["topic", "reported", "page"]]


def reporting_checklist(study: Study, *, checklist: Checklist = "coreq") -> ReportingChecklist:
    """Fill a reporting checklist with what the study's data say and what the team wrote into ``report.yaml``.

    Parameters
    ----------
    study
        Any study.
    checklist
        ``coreq`` (32 items, for interviews and focus groups) or ``srqr`` (21 items, for qualitative research).

    Raises
    ------
    UnknownName
        If there is no such checklist.

    References
    ----------
    Tong, A., Sainsbury, P. & Craig, J. (2007). Consolidated criteria for reporting qualitative research (COREQ).
    *Int. J. Qual. Health Care* 19, 349-357. O'Brien, B. C. et al. (2014). Standards for reporting qualitative research.
    *Academic Medicine* 89, 1245-1251.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.reporting_checklist(bwa.demo_study(seed=1, size="lite")).frame.set_index("item")
    >>> table.loc["12", "from_data"]
    '233 interviews with 147 participants.'
    >>> table.loc["9", "status"]
    'text needed'
    """
    if checklist not in _ITEMS:
        raise UnknownName("checklist", checklist, _ITEMS)
    known = facts(study)
    written = dict(study.report.coreq if checklist == "coreq" else study.report.srqr)
    rows, pages = [], dict(study.report.pages)
    for item, domain, topic, fact in _ITEMS[checklist]:
        data, text = known.get(fact, ""), written.get(item, "")
        status = "filled" if text else "from data" if data else TEXT_NEEDED
        rows.append((item, domain, topic, data, text, pages.get(item, ""), status))
    return ReportingChecklist(
        table=pd.DataFrame(rows, columns=["item", "domain", "topic", "from_data", "text", "page", "status"]),
        title=f"Reporting checklist {checklist.upper()}",
        method="What the data say is counted from the manifest; what they cannot say is for the team to write, in "
        "report.yaml. Topics are in our words; the checklist itself is the published one.",
        source=_SOURCES[checklist],
        provenance={"study": study.id},
        synthetic=study.synthetic,
    )


@dataclass(frozen=True, eq=False, repr=False)
class CriteriaSummary(Result):
    """A row a criterion: ``criterion``, ``question``, ``finding``, ``strength``, ``references``, ``status``."""

    def compact(self) -> pd.DataFrame:
        """Criterion, question, finding, strength and references; what is not written is said to be needed."""
        shown = self.table.set_index("criterion")[["question", "finding", "strength", "references"]]
        return shown.where(shown != "", TEXT_NEEDED)


def criteria_summary(study: Study) -> CriteriaSummary:
    """The OECD-DAC evaluation criteria with what the team found by each.

    Parameters
    ----------
    study
        Whose ``report.yaml`` may have findings; a criterion without one is a place left for the text.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> bwa.criteria_summary(bwa.demo_study(seed=1, size="lite")).frame["criterion"].tolist()[:2]
    ['relevance', 'coherence']
    """
    written = {c.criterion: c for c in study.report.criteria}
    rows = []
    for criterion in CRITERIA:
        found = written.get(criterion)
        texts = (found.question, found.finding, found.strength, found.references) if found else ("", "", "", "")
        rows.append((criterion, *texts, "filled" if found and found.finding else TEXT_NEEDED))
    columns = ["criterion", "question", "finding", "strength", "references", "status"]
    return CriteriaSummary(
        table=pd.DataFrame(rows, columns=columns),
        title="Findings by evaluation criterion",
        method="Written by the team in report.yaml; nothing here is computed.",
        source="OECD/DAC Network on Development Evaluation (2019), Better Criteria for Better Evaluation",
        provenance={"study": study.id},
        synthetic=study.synthetic,
    )
