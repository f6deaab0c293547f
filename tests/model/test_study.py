from __future__ import annotations

import pandas as pd
import pytest

from bwa_study.model.codebook import Code, Codebook, Theme
from bwa_study.model.codings import Codings
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import UnknownName
from bwa_study.model.labels import Label
from bwa_study.model.spans import Span
from bwa_study.model.study import Group, Round, Site, Study
from bwa_study.model.transcripts import Role, Transcript, Turn


def both(en: str, zh: str) -> Label:
    return Label((("en", en), ("zh", zh)))


def interview(id: str, group: str, round: str, *sites: str, language: str = "en", gender: str = "") -> Transcript:
    turns = (Turn(1, "R1", Role.RESPONDENT, Span(0, 4), language),)
    fields = (("gender", gender),) if gender else ()
    return Transcript(id, f"P-{id}", group, round, sites, language, "Yes.", turns, attributes=fields)


def study(*interviews: Transcript, sites: tuple[str, ...] = ("F02", "F01")) -> Study:
    return Study(
        id="s",
        title=both("Study", "研究"),
        groups=(Group("worker", both("Workers", "工人")), Group("manager", both("Managers", "管理人员"))),
        rounds=(Round("late", both("Late", "后")), Round("early", Label(()))),
        sites=tuple(Site(s) for s in sites),
        corpus=Corpus(interviews),
        codebook=Codebook(
            "b", "1", (Theme("talk", both("Talk", "交流")),), (Code("fear", "talk", both("Fear", "害怕")),)
        ),
    )


SAMPLED = study(
    interview("a", "worker", "early", "F01", language="zh", gender="m"),
    interview("b", "worker", "early", "F01", gender="f"),
    interview("c", "manager", "late", "F02", "F01", language="yue"),
)


@pytest.mark.parametrize(
    ("kind", "id", "en", "zh"),
    [
        ("group", "worker", "Workers", "工人"),
        ("round", "late", "Late", "后"),
        ("theme", "talk", "Talk", "交流"),
        ("code", "fear", "Fear", "害怕"),
        ("site", "F01", "F01", "F01"),
        ("round", "early", "early", "early"),
        ("group", "nobody", "nobody", "nobody"),
    ],
)
def test_a_label_is_given_in_the_language_asked_for_and_is_the_id_where_there_is_none(kind, id, en, zh):
    assert SAMPLED.label(kind, id) == en
    assert SAMPLED.label(kind, id, "zh") == zh


def test_a_label_of_an_unknown_kind_is_refused():
    with pytest.raises(UnknownName) as caught:
        SAMPLED.label("groop", "worker")
    assert str(caught.value) == (
        "unknown kind of label 'groop', did you mean 'group'? — known: group, round, theme, code, site"
    )


def test_levels_come_in_declared_order_not_in_that_of_the_alphabet():
    assert SAMPLED.levels("group") == ("worker", "manager")
    assert SAMPLED.levels("round") == ("late", "early")
    assert SAMPLED.levels("site") == ("F02", "F01")


def test_declared_levels_stay_where_no_interview_has_them():
    assert study().levels("group") == ("worker", "manager")


def test_languages_come_in_the_order_of_the_interviews():
    assert SAMPLED.levels("language") == ("zh", "en", "yue")


def test_levels_of_another_field_are_sorted_and_end_with_what_is_not_given():
    assert SAMPLED.levels("gender") == ("f", "m", "")
    assert SAMPLED.levels("nothing") == ("",)


def test_the_sample_has_a_row_for_every_site_group_and_round_with_0_where_nobody_was():
    assert list(SAMPLED.sample.itertuples(index=False, name=None)) == [
        ("F02", "worker", "late", 0),
        ("F02", "worker", "early", 0),
        ("F02", "manager", "late", 1),
        ("F02", "manager", "early", 0),
        ("F01", "worker", "late", 0),
        ("F01", "worker", "early", 2),
        ("F01", "manager", "late", 1),
        ("F01", "manager", "early", 0),
    ]


def test_the_sample_of_a_study_without_sites_has_an_empty_site():
    sample = study(interview("a", "worker", "late"), sites=()).sample
    assert sample["site"].tolist() == [""] * 4
    assert sample["interviews"].tolist() == [1, 0, 0, 0]


def test_an_interview_about_no_site_is_not_lost_from_the_sample():
    sample = study(interview("a", "worker", "late", "F01"), interview("b", "manager", "early")).sample
    assert sample["interviews"].sum() == 2
    assert list(sample.itertuples(index=False, name=None))[8:] == [("", "manager", "early", 1)]


def test_the_sample_of_no_interviews_is_all_0():
    assert study().sample["interviews"].tolist() == [0] * 8


def test_the_demo_shows_the_workers_of_f06_at_r1_with_0_interviews(lite_study):
    sample = lite_study.sample.set_index(["site", "group", "round"])["interviews"]
    assert sample["F06", "worker", "R1"] == 0
    assert sample["F06", "worker", "R2"] == 4


def row(id: str, coder: str) -> dict[str, object]:
    return {
        "id": id,
        "transcript": "a",
        "start": 0,
        "end": 3,
        "quote": "Yes",
        "code": "fear",
        "polarity": "present",
        "coder": coder,
        "coder_kind": "human",
        "status": "accepted",
    }


def test_codings_are_added_to_those_there_are_and_the_study_before_is_unchanged():
    one = SAMPLED.with_codings(Codings(pd.DataFrame([row("c1", "A")])))
    two = one.with_codings(Codings(pd.DataFrame([row("c2", "B")])))
    assert (SAMPLED.codings.coders, one.codings.coders, two.codings.coders) == ((), ("A",), ("A", "B"))


def test_adding_the_same_codings_again_changes_nothing():
    added = Codings(pd.DataFrame([row("c1", "A")]))
    assert len(SAMPLED.with_codings(added).with_codings(added).codings) == 1


def test_a_coder_that_has_read_all_is_recorded_though_it_coded_nothing():
    after = SAMPLED.with_codings(Codings.empty(), examined_whole="indicators")
    assert after.examined.coders == ("indicators",)
    assert all(after.examined.read("indicators", t.id, 1) for t in after.corpus)
    assert SAMPLED.examined.coders == ()


def test_adding_codings_alone_records_no_reading():
    assert SAMPLED.with_codings(Codings(pd.DataFrame([row("c1", "A")]))).examined.coders == ()
