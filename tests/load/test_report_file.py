from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.load.gate import read_source
from bwa_study.load.report_file import parse_report_texts
from bwa_study.model.errors import ProblemsFound, StudyFileError
from bwa_study.model.reporting import CriterionFinding
from small_study import write_study

GOOD = """\
summary: [Two paragraphs., 两段。]
limitations: [One region only.]
coreq: {"9": Framework analysis., "2": Two evaluators.}
srqr: {S20: None declared.}
criteria:
  impact: {finding: It lasted., question: "Did it last?"}
  relevance: {finding: It fitted.}
"""


def test_texts_come_in_the_order_of_the_checklists(tmp_path):
    (tmp_path / "report.yaml").write_text(GOOD, encoding="utf-8")
    texts = parse_report_texts(read_source(tmp_path / "report.yaml"))
    assert texts.summary == ("Two paragraphs.", "两段。")
    assert texts.coreq == (("2", "Two evaluators."), ("9", "Framework analysis."))
    assert texts.criteria == (
        CriterionFinding("relevance", finding="It fitted."),
        CriterionFinding("impact", "Did it last?", "It lasted."),
    )


def test_pages_of_items_are_read_and_an_unknown_item_is_named(tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text('pages: {"9": "12", S4: "3-4"}\n', encoding="utf-8")
    assert parse_report_texts(read_source(path)).pages == (("9", "12"), ("S4", "3-4"))
    path.write_text('pages: {"99": "12"}\n', encoding="utf-8")
    with pytest.raises(StudyFileError, match="'99' is no item of pages"):
        parse_report_texts(read_source(path))


def test_every_problem_has_its_place(tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text(
        'coreq: {"33": x}\ncriteria:\n  impakt: {finding: it lasted}\nsrqr: {S1: ok, T2: none}\n', encoding="utf-8"
    )
    with pytest.raises(StudyFileError) as fault:
        parse_report_texts(read_source(path))
    first, second, third = str(fault.value).splitlines()
    assert first.startswith(f"{path}:1:9: '33' is no item of coreq")
    assert first.endswith(" — known: 1 to 32")
    assert second.startswith(f"{path}:3:3: 'impakt' is no item of criteria, did you mean 'impact'? — known: relevance,")
    assert third == f"{path}:4:16: 'T2' is no item of srqr — known: S1 to S21"


def test_the_study_carries_what_the_team_wrote(tmp_path):
    folder = write_study(tmp_path / "study")
    assert bwa.load_study(folder).report.summary == ()
    (folder / "report.yaml").write_text(GOOD, encoding="utf-8")
    study = bwa.load_study(folder)
    assert study.report.limitations == ("One region only.",)
    assert "report.yaml" in dict(study.inputs)


def test_a_bad_report_file_stops_the_study_with_its_place(tmp_path):
    folder = write_study(tmp_path / "study")
    (folder / "report.yaml").write_text("sumary: [x]\n", encoding="utf-8")
    with pytest.raises(ProblemsFound, match=r"report.yaml:1:1: unknown field 'sumary', did you mean 'summary'"):
        bwa.load_study(folder)
