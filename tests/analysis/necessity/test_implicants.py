from __future__ import annotations

import itertools
import random

import pytest

from bwa_study.analysis.necessity.implicants import covers, primes_avoiding, primes_within


def by_hand(rows, forbidden, levels):
    """Prime implicants by trying every implicant there is."""
    every = itertools.product(*[[None, *range(n)] for n in levels])
    valid = [i for i in every if not any(covers(i, row) for row in forbidden)]
    shorter = {i: [(*i[:c], None, *i[c + 1 :]) for c in range(len(i)) if i[c] is not None] for i in valid}
    prime = [i for i in valid if not any(s in shorter for s in shorter[i])]
    return {i for i in prime if any(covers(i, row) for row in rows)}


@pytest.mark.parametrize("levels", [(2, 2, 2, 2), (2, 3, 2)])
@pytest.mark.parametrize("seed", range(12))
def test_all_prime_implicants_are_found_and_nothing_else(levels, seed):
    rows = list(itertools.product(*map(range, levels)))
    random.Random(seed).shuffle(rows)
    on, off, rest = rows[:4], rows[4:8], rows[8:]
    assert set(primes_avoiding(on, off)) == by_hand(on, off, levels)
    assert set(primes_within(on, rest[:2], levels)) == by_hand(on, [*off, *rest[2:]], levels)


def test_a_row_that_must_be_avoided_has_none():
    assert primes_avoiding([(1, 1)], [(1, 1)]) == []
