from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.errors import UnknownName, WrongCall


@pytest.fixture(scope="module")
def found(full_study):
    return bwa.quotes(full_study, code="freedom_of_expression", n=10)


def test_one_a_person_and_both_sides(found):
    assert len(found.frame) == 10
    assert found.sources["participant"].is_unique
    assert set(found.frame["polarity"]) == {"present", "absent"}
    assert found.frame["counter"].sum() == 3


def test_they_are_varied(found):
    assert set(found.frame["group"]) == {"brand_staff", "manager", "worker"}
    assert set(found.frame["round"]) == {"R1", "R2", "R3"}
    assert set(found.frame["language"]) == {"en", "zh"}


def test_nobody_is_quoted_who_did_not_allow_it(full_study):
    for code in ("fear_retaliation", "follow_up", "audit_mode"):
        everything = bwa.quotes(full_study, code=code, n=500)
        assert "none" not in set(everything.frame["release"])
        for transcript in everything.sources["transcript"]:
            assert full_study.corpus[transcript].consent_quotes != "none"


def test_every_attribution_fits_at_least_k_people(full_study):
    regions = {s.id: dict(s.attributes)["region"] for s in full_study.sites}
    for k in (5, 12):
        quotes = bwa.quotes(full_study, code="worker_involvement", n=40, k=k)
        assert quotes.frame["people"].min() >= k
        assert f"at least {k} people" in quotes.method
        for row in quotes.frame.query("site_type != ''").to_dict("records"):
            fits = {
                t.participant
                for t in full_study.corpus
                if t.group == row["group"]
                and t.round == row["round"]
                and {regions[s] for s in t.sites} == {row["site_type"]}
            }
            assert len(fits) >= row["people"]


def test_no_id_of_a_site_or_person_is_in_the_table(found, full_study):
    text = found.frame.to_csv()
    assert not any(id in text for id in [*full_study.levels("site"), *(t.participant for t in full_study.corpus)])


def test_the_question_stands_before_the_words(found, full_study):
    for row, source in zip(found.frame.to_dict("records"), found.sources.to_dict("records"), strict=True):
        text = full_study.corpus[source["transcript"]].text
        assert text.index(row["question"]) < text.index(row["quote"])


def test_only_a_group_and_round(full_study):
    table = bwa.quotes(full_study, code="follow_up", group="worker", round="R2", n=5).frame
    assert set(table["group"]) == {"worker"}
    assert set(table["round"]) == {"R2"}


def test_the_same_call_gives_the_same_quotes(full_study, found):
    again = bwa.quotes(full_study, code="freedom_of_expression", n=10)
    assert again.frame.equals(found.frame)


def test_a_code_nobody_may_be_quoted_on_has_an_empty_table(full_study):
    table = bwa.quotes(full_study, code="covid", round="R1", n=5).frame
    assert len(table) == 0
    assert list(table.columns)[:2] == ["code", "reliability"]


def test_the_table_of_all_codes_is_theirs_one_after_the_other(full_study):
    table = bwa.quote_table(full_study, n=3, codes=["follow_up", "fear_retaliation"])
    one = bwa.quotes(full_study, code="follow_up", n=3)
    assert table.frame.head(3).equals(one.frame)
    assert set(table.frame["code"]) == {"follow_up", "fear_retaliation"}
    assert len(table.sources) == len(table.frame)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"code": "folow_up", "n": 3}, UnknownName, "did you mean 'follow_up'"),
        ({"code": "follow_up", "n": 3, "group": "boss"}, UnknownName, "unknown group 'boss'"),
        ({"code": "follow_up", "n": 3, "coder": "nobody"}, UnknownName, "unknown coder 'nobody'"),
        ({"code": "follow_up", "n": 0}, WrongCall, "quotes: n = 0 and k = 5"),
    ],
)
def test_what_does_not_exist_is_named(full_study, options, error, message):
    with pytest.raises(error, match=message):
        bwa.quotes(full_study, **options)


def test_words_come_with_their_translation_where_there_is_one(full_study):
    found = bwa.quotes(full_study, code="freedom_of_expression", n=500)
    for row, source in zip(found.frame.to_dict("records"), found.sources.to_dict("records"), strict=True):
        t = full_study.corpus[source["transcript"]]
        assert row["translation"] == t.in_other_language(source["turn"])
    translated = found.frame.query("translation != ''")
    assert set(translated["language"]) == {"zh"}
    assert "translation" in found.compact().columns
