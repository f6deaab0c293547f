from __future__ import annotations

from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.demo.dice import Dice


def test_the_same_seed_and_purpose_give_the_same_draws():
    one, two = Dice(3, "visits"), Dice(3, "visits")
    assert [one.below(1000) for _ in range(20)] == [two.below(1000) for _ in range(20)]


@pytest.mark.parametrize("other", [Dice(4, "visits"), Dice(3, "people")])
def test_another_seed_or_purpose_gives_other_draws(other):
    mine = Dice(3, "visits")
    assert [mine.below(1000) for _ in range(20)] != [other.below(1000) for _ in range(20)]


def test_draws_are_pinned_so_that_the_demo_study_never_changes_unseen():
    dice = Dice(1, "pinned")
    assert [dice.below(100) for _ in range(6)] == [25, 0, 62, 96, 41, 18]


def test_chance_comes_true_as_often_as_it_says():
    dice = Dice(1, "chance")
    assert sum(dice.chance(0.3) for _ in range(10_000)) / 10_000 == pytest.approx(0.3, abs=0.015)


def test_chance_of_nothing_and_of_certainty():
    dice = Dice(1, "edges")
    assert not any(dice.chance(0.0) for _ in range(200))
    assert all(dice.chance(1.0) for _ in range(200))


def test_normal_has_its_mean_and_spread():
    dice = Dice(1, "normal")
    draws = [dice.normal(2.0, 0.5) for _ in range(10_000)]
    assert fmean(draws) == pytest.approx(2.0, abs=0.02)
    assert pstdev(draws) == pytest.approx(0.5, abs=0.02)


@given(st.integers(), st.lists(st.integers(), max_size=30))
def test_shuffling_keeps_every_item_and_leaves_the_list_alone(seed, items):
    before = list(items)
    out = Dice(seed, "shuffle").shuffled(items)
    assert sorted(out) == sorted(items)
    assert items == before


@given(st.integers(), st.integers(min_value=1, max_value=10**6))
def test_below_stays_below(seed, n):
    assert 0 <= Dice(seed, "below").below(n) < n
