from __future__ import annotations

import itertools
from collections import Counter
from statistics import fmean

import pytest

from bwa_study.demo.survey import ITEMS, OPEN_ITEMS, survey_file, survey_rows
from bwa_study.load.yaml_strict import read_yaml

WAVES = [survey_rows(1, r, "full") for r in range(3)]


def mean(rows, item, **where):
    chosen = [r for r in rows if all(r[k] == v for k, v in where.items())]
    return fmean(int(r[item]) for r in chosen if r[item] in "12345" and r[item])


@pytest.mark.parametrize("wave", WAVES)
def test_a_wave_has_40_workers_and_4_managers_a_factory_and_8_brand_staff(wave):
    assert Counter(r["group"] for r in wave) == {"worker": 480, "manager": 48, "brand_staff": 8}
    assert len({r["respondent_id"] for r in wave}) == 536


def test_every_answer_is_on_the_scale_and_only_asked_items_are_answered():
    letter = {"brand_staff": "B", "manager": "M", "worker": "W"}
    for number, wave in enumerate(WAVES):
        for row in wave:
            for item in ITEMS:
                asked = letter[row["group"]] in item.groups and number >= item.first_round
                assert row[item.id] in ({"1", "2", "3", "4", "5", "8", "9"} if asked else {""})


def test_every_row_says_synthetic():
    assert {r["synthetic"] for wave in WAVES for r in wave} == {"true"}


def test_workers_often_do_not_know_whether_the_client_follows_up():
    workers = [r for r in WAVES[0] if r["group"] == "worker"]
    assert sum(r["ov1"] == "8" for r in workers) / len(workers) == pytest.approx(0.35, abs=0.07)
    assert sum(r["op1"] == "8" for r in workers) / len(workers) == pytest.approx(0.03, abs=0.025)


def test_openness_rises_where_it_was_planted_and_nowhere_else():
    assert mean(WAVES[1], "op1", group="worker", factory_id="F01") - mean(
        WAVES[0], "op1", group="worker", factory_id="F01"
    ) == pytest.approx(0.9, abs=0.45)
    assert mean(WAVES[1], "op1", group="worker", factory_id="F07") - mean(
        WAVES[0], "op1", group="worker", factory_id="F07"
    ) == pytest.approx(0.0, abs=0.45)


def test_productivity_rises_everywhere_though_interviews_do_not_say_so():
    means = [mean(wave, "pr1", group="worker") for wave in WAVES]
    assert [b - a for a, b in itertools.pairwise(means)] == pytest.approx([0.4, 0.4], abs=0.15)


def test_reversed_items_fall_where_openness_rises():
    open_factories = ("F01", "F02", "F03", "F04", "F05")
    before, after = (fmean(mean(w, "fe1", factory_id=f, group="worker") for f in open_factories) for w in WAVES[:2])
    assert after - before == pytest.approx(-0.9, abs=0.25)


def test_the_survey_file_is_yaml_with_every_item_and_says_synthetic():
    document = read_yaml(survey_file(), file="survey.yaml")
    assert list(document.problems) == []
    assert document.value["synthetic"] is True
    assert [i["id"] for i in document.value["items"]] == [i.id for i in ITEMS] + [name for name, _, _ in OPEN_ITEMS]
    assert [i["id"] for i in document.value["items"] if i.get("reversed")] == ["md2", "fe1", "fe2", "tu1"]
