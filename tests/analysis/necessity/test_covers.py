from __future__ import annotations

import itertools
import random

import pytest

from bwa_study.analysis.necessity.covers import smallest_covers


def by_hand(sets, size):
    for k in range(1, len(sets) + 1):
        found = [
            c for c in itertools.combinations(range(len(sets)), k) if len(set().union(*(sets[n] for n in c))) == size
        ]
        if found:
            return tuple(found)
    return ()


@pytest.mark.parametrize("seed", range(25))
def test_every_smallest_cover_is_found_once(seed):
    dice = random.Random(seed)
    size = dice.randint(1, 6)
    sets = [frozenset(dice.sample(range(size), dice.randint(1, size))) for _ in range(dice.randint(1, 9))]
    sets += [frozenset({n}) for n in range(size)]
    assert smallest_covers(sets, size).found == by_hand(sets, size)


def test_what_cannot_be_covered_is_said():
    found = smallest_covers([frozenset({0})], 2)
    assert found.found == ()
    assert found.stopped == "some rows are covered by no prime implicant"


def test_a_search_that_was_ended_says_so():
    sets = [frozenset({n}) for n in range(4) for _ in range(10)]
    found = smallest_covers(sets, 4, most=50)
    assert len(found.found) == 50
    assert found.stopped == "the search was ended after 50 tied models; there may be more"
    assert len(smallest_covers(sets, 4).found) == 10_000
    assert smallest_covers(sets, 4).stopped == ""
