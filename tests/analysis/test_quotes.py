from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.analysis.quotes import COLUMNS, coded_quotes
from bwa_study.model.codings import Codings
from bwa_study.model.errors import UnknownName

A_HUMAN = "simulated-human-A"


def test_quotes_carry_the_facts_of_their_interview_in_the_order_of_the_text(tiny):
    table = coded_quotes(tiny.codings, tiny.corpus)
    assert table.columns.tolist() == COLUMNS
    assert table["transcript"].tolist() == ["w1", "w1", "w2", "w3", "w3", "w3", "m1", "m1"]
    first = table.iloc[0]
    assert (first["participant"], first["group"], first["round"], first["sites"]) == ("P-w1", "worker", "before", "S1")
    assert (first["turn"], first["quote"], first["polarity"]) == (2, "They came back today.", "present")
    assert table["sites"].tolist()[-1] == "S1"
    assert table["consent_quotes"].unique().tolist() == ["full"]


def test_quotes_come_in_the_order_of_the_corpus_whatever_the_order_of_the_codings(tiny):
    backwards = Codings(tiny.codings.frame.iloc[::-1].reset_index(drop=True))
    table = coded_quotes(backwards, tiny.corpus)
    assert table["transcript"].tolist() == ["w1", "w1", "w2", "w3", "w3", "w3", "m1", "m1"]
    assert table["quote"].tolist()[:2] == ["They came back today.", "Nobody asked us anything."]


def test_no_codings_give_an_empty_table_with_its_columns(tiny):
    assert coded_quotes(Codings.empty(), tiny.corpus).columns.tolist() == COLUMNS


def test_the_quotes_of_a_cell_are_its_sentences(tiny):
    table = bwa.frequency(bwa.matrix(tiny))
    assert table.quotes("a", group="worker", round="after")["quote"].tolist() == [
        "They came back",
        "came back and stayed",
    ]
    assert table.quotes("a", polarity="absent", group="worker", round="after")["quote"].tolist() == ["Then they left."]
    assert len(table.quotes("a", polarity="mentioned", group="worker")) == 5


def test_a_cell_without_quotes_gives_an_empty_table_with_its_columns(tiny):
    for by, where in ((("group", "round"), {"group": "manager", "round": "after"}), (("site",), {"site": "S2"})):
        found = bwa.frequency(bwa.matrix(tiny), by=by).quotes("b", polarity="present", **where)
        assert found.empty
        assert found.columns.tolist() == COLUMNS
    assert bwa.frequency(bwa.matrix(tiny), by=("shift",)).quotes("c", shift="day").columns.tolist() == COLUMNS


def test_quotes_by_site_are_those_about_it(tiny):
    table = bwa.frequency(bwa.matrix(tiny), by=("site",))
    assert set(table.quotes("a", site="S1")["transcript"]) == {"w1", "w3", "m1"}
    assert table.quotes("a", polarity="absent", site="S2")["quote"].tolist() == ["他们没有回来。"]


def test_quotes_by_another_field_of_the_manifest(tiny):
    table = bwa.frequency(bwa.matrix(tiny), by=("shift",))
    assert set(table.quotes("a", shift="night")["transcript"]) == {"w1", "w3"}
    assert set(table.quotes("a", shift="")["transcript"]) == {"m1"}


def test_quotes_by_language_go_by_the_interviews_language_as_the_cell_does(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["他们来了。", "<en> They came."], language="zh")],
        [("w1", "They came.", "a", "present", "x")],
        examined={"x": {"w1": None}},
    )
    table = bwa.frequency(bwa.matrix(study), by=("language",))
    assert table.cell("a", language="zh")["n"] == 1
    quotes = table.quotes("a", language="zh")
    assert (quotes["quote"].tolist(), quotes["language"].tolist()) == (["They came."], ["en"])


def test_rejected_codings_and_other_times_are_not_quoted(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "after", "S1", ["They came.", "They had come.", "They will come."])],
        [
            ("w1", "They came.", "a", "present", "x"),
            ("w1", "They had come.", "a", "present", "x", {"time_ref": "before"}),
            ("w1", "They will come.", "a", "present", "x", {"status": "rejected"}),
        ],
        examined={"x": {"w1": None}},
    )
    assert bwa.frequency(bwa.matrix(study)).quotes("a")["quote"].tolist() == ["They came."]


def test_an_interview_read_in_part_is_quoted_for_turns_and_not_for_interviews(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["They came.", "They left."])],
        [("w1", "They came.", "a", "present", "x")],
        examined={"x": {"w1": [1]}},
    )
    m = bwa.matrix(study)
    assert bwa.frequency(m, by=(), count="turns").quotes("a")["quote"].tolist() == ["They came."]
    assert bwa.frequency(m, by=(), count="interviews").quotes("a").empty


def test_a_consensus_quotes_only_units_that_were_agreed_on(make_study, make_interview):
    study = make_study(
        [make_interview("w1", "worker", "before", "S1", ["They came.", "They left."])],
        [
            ("w1", "They came.", "a", "present", "x"),
            ("w1", "came", "a", "present", "y"),
            ("w1", "They left.", "a", "present", "y"),
        ],
        examined={"x": {"w1": None}, "y": {"w1": None}},
    )
    both = bwa.consensus(bwa.matrix(study), rule="all")
    quotes = bwa.frequency(both, count="turns").quotes("a")
    assert list(zip(quotes["quote"], quotes["coder"], strict=True)) == [("They came.", "x"), ("came", "y")]


def test_words_that_begin_in_a_question_are_quoted_with_the_answer_they_reach(make_study, make_interview):
    study = make_study(
        [make_interview("m1", "manager", "before", "S1;S2", ["[S2] We met.", "I: And here?", "[S1] They came."])],
        [
            ("m1", "And here?\nThey came.", "a", "present", "x"),
            ("m1", "We met.", "a", "present", "x", {"about": "S1; S2"}),
        ],
        examined={"x": {"m1": None}},
    )
    m = bwa.matrix(study)
    quotes = bwa.frequency(m, by=("site",), count="turns").quotes("a", site="S1")
    assert list(zip(quotes["turn"], quotes["sites"], strict=True)) == [(1, "S1;S2"), (3, "S1")]


@pytest.mark.parametrize(
    ("code", "options", "message"),
    [
        ("aa", {}, "unknown code 'aa'.* — known: a, b, c"),
        ("a", {"polarity": "presnt"}, "unknown polarity 'presnt', did you mean 'present'"),
        ("a", {"group": "workers"}, "unknown group 'workers', did you mean 'worker'"),
        ("a", {"shft": "night"}, "unknown shft 'night'"),
    ],
)
def test_quotes_of_a_name_that_does_not_exist_are_an_error(tiny, code, options, message):
    with pytest.raises(UnknownName, match=message):
        bwa.frequency(bwa.matrix(tiny)).quotes(code, **options)


@pytest.mark.parametrize("unit", ["turn", "interview"])
def test_the_quotes_of_every_cell_come_from_exactly_n_interviews(lite_study, unit):
    table = bwa.frequency(bwa.matrix(lite_study, unit=unit, coders=[A_HUMAN]), by=("group", "round"), themes=False)
    rows = table.frame.to_dict("records")
    for row in rows if unit == "turn" else rows[::7]:
        quotes = table.quotes(row["code"], polarity=row["polarity"], group=row["group"], round=row["round"])
        assert quotes["transcript"].nunique() == row["n"]
    assert sum(row["n"] for row in rows) > 500


@pytest.mark.parametrize("by", ["site", "language", "mode"])
def test_the_quotes_of_cells_by_other_fields_come_from_exactly_n_interviews(lite_study, by):
    table = bwa.frequency(bwa.matrix(lite_study, coders=[A_HUMAN]), by=(by,), themes=False)
    for row in table.frame.to_dict("records")[::5]:
        quotes = table.quotes(row["code"], polarity=row["polarity"], **{by: row[by]})
        assert quotes["transcript"].nunique() == row["n"]


@pytest.mark.parametrize("rule", ["any", "all"])
def test_the_quotes_of_a_consensus_come_from_exactly_n_interviews(lite_study, rule):
    m = bwa.consensus(bwa.matrix(lite_study, coders=[A_HUMAN, "simulated-human-B"]), rule=rule)
    table = bwa.frequency(m, themes=False)
    rows = table.frame.to_dict("records")[::9]
    for row in rows:
        quotes = table.quotes(row["code"], polarity=row["polarity"], group=row["group"], round=row["round"])
        assert quotes["transcript"].nunique() == row["n"]
    assert sum(row["n"] for row in rows) > 0
