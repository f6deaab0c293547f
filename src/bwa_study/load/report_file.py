"""``report.yaml`` of a study folder: what the team writes for its report."""

from __future__ import annotations

from bwa_study.load.forms import Form, check_form
from bwa_study.load.gate import Source, decode
from bwa_study.load.yaml_strict import read_yaml
from bwa_study.model.errors import Problem, StudyFileError, did_you_mean, shown
from bwa_study.model.reporting import CRITERIA, CriterionFinding, ReportTexts

REPORT_FILE = "report.yaml"
_COREQ = tuple(str(n) for n in range(1, 33))
_SRQR = tuple(f"S{n}" for n in range(1, 22))


class CriterionForm(Form):
    question: str = ""
    finding: str = ""
    strength: str = ""
    references: str = ""


class ReportForm(Form):
    summary: list[str] = []
    limitations: list[str] = []
    coreq: dict[str, str] = {}
    srqr: dict[str, str] = {}
    criteria: dict[str, CriterionForm] = {}
    pages: dict[str, str] = {}


def parse_report_texts(source: Source) -> ReportTexts:
    """The texts of a ``report.yaml``.

    Raises
    ------
    StudyFileError
        With every problem of the file, such as an item that no checklist has.
    """
    document = read_yaml(decode(source, state=None), file=source.name)
    if not document.complete:
        raise StudyFileError(document.problems)
    form, found = check_form(ReportForm, document, file=source.name, kind="report file")
    problems = [*document.problems, *found]
    if form is None:
        raise StudyFileError(problems)
    sections = (("coreq", list(form.coreq), _COREQ), ("srqr", list(form.srqr), _SRQR),
                ("criteria", list(form.criteria), CRITERIA),
                ("pages", list(form.pages), (*_COREQ, *_SRQR)))  # fmt: skip
    for section, written, names in sections:
        for name in written:
            if name not in names:
                line, column = document.key_place((section, name))
                what = f"'{shown(name)}' is no item of {section}{did_you_mean(name, names)}"
                mend = f"known: {names[0]} to {names[-1]}" if section != "criteria" else f"known: {', '.join(names)}"
                problems.append(Problem(source.name, line, column, what, mend))
    if problems:
        raise StudyFileError(sorted(problems, key=lambda p: (p.line, p.column)))
    return ReportTexts(
        summary=tuple(form.summary),
        limitations=tuple(form.limitations),
        coreq=tuple((n, form.coreq[n]) for n in _COREQ if n in form.coreq),
        srqr=tuple((n, form.srqr[n]) for n in _SRQR if n in form.srqr),
        criteria=tuple(
            CriterionFinding(c, f.question, f.finding, f.strength, f.references)
            for c in CRITERIA
            if (f := form.criteria.get(c)) is not None
        ),
        pages=tuple(form.pages.items()),
    )
