from __future__ import annotations

from datetime import UTC, datetime

from bwa_study.coding.log.projects import Names, project_events
from bwa_study.model.events import Event, fold
from bwa_study.model.qda_project import QdaCode, QdaCoding, QdaProject, QdaSelection, QdaSource
from refi_projects import guid

TEXT = "I: So?\r\nR1: 好 😀 yes\r\nno"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
NAMES = Names({"f": ("fear", "present"), "g": ("fear", "absent")}, {"t": "a"}, {"u": "c1", "": "unknown"})


def project(*codings: QdaCoding, start: int = 12, end: int = 15, text: str = TEXT) -> QdaProject:
    source = QdaSource("t", "T.docx", "text", text, selections=(QdaSelection(guid(1), start, end, codings),))
    return QdaProject("P", "", codes=(QdaCode("h", "Hope"),), sources=(source,))


def events(found: QdaProject, text: str = TEXT) -> tuple[list[Event], list[str]]:
    made, problems = project_events(found, {"a": text}, NAMES, file="p.qdpx", now=NOW)
    return made, [problem.what for problem in problems]


def test_a_coding_keeps_its_guid_time_coder_and_words():
    coding = QdaCoding(guid(5), "g", "u", "2020-03-04T05:06:07+08:00", "a memo")
    (event,), problems = events(project(coding))

    assert (event.coding, event.coder, event.time, event.sequence) == (guid(5), "c1", "2020-03-03T21:06:07.000Z", 1)
    assert (event.code, event.polarity, event.quote, event.memo) == ("fear", "absent", "好 😀", "a memo")
    assert problems == []


def test_codings_are_in_the_order_in_which_they_were_made_and_one_without_a_time_is_made_now():
    codings = [
        QdaCoding(guid(5), "f", "u"),
        QdaCoding(guid(6), "f", "", "2021-01-01T00:00:00"),
        QdaCoding(guid(7), "f", "u", "2020-01-01T00:00:00.5Z"),
    ]
    made, _ = events(project(*codings))
    assert [(e.coding, e.coder, e.time) for e in made] == [
        (guid(7), "c1", "2020-01-01T00:00:00.500Z"),
        (guid(6), "unknown", "2021-01-01T00:00:00.000Z"),
        (guid(5), "c1", "2026-01-02T00:00:00.000Z"),
    ]


def test_the_same_project_gives_the_same_events_and_its_codings_once():
    coding = QdaCoding(guid(5), "f", "u", "2020-03-04T05:06:07Z")
    once, again = events(project(coding))[0], events(project(coding))[0]
    assert once == again
    assert list(fold([*once, *again]).codings) == [guid(5)]


def test_line_ends_may_differ_and_the_words_stay():
    ours = TEXT.replace("\r\n", "\n")
    (event,), problems = events(project(QdaCoding(guid(5), "f", "u"), start=18, end=23), text=ours)
    assert (event.quote, problems) == ("s\nno", [])


def test_another_text_takes_no_coding_and_says_so():
    made, problems = events(project(QdaCoding(guid(5), "f", "u")), text=TEXT.replace("好", "坏"))
    assert made == []
    assert problems == ["source t ('T.docx') is no interview of the study, or its text differs: 1 codings"]


def test_a_code_that_the_study_does_not_have_is_named_once():
    made, problems = events(project(QdaCoding(guid(5), "h", "u"), QdaCoding(guid(6), "h", "u")))
    assert made == []
    assert problems == ["code h ('Hope') is none of the codebook's: 2 codings"]
