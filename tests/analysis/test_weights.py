from __future__ import annotations

import numpy as np
import pytest

from bwa_study.analysis.ratings import read_ratings
from bwa_study.analysis.weights import agreement_weights, weights_from_disagreement
from bwa_study.model.errors import UnknownName

FOUR = read_ratings([[1, 2], [3, 4]], categories="observed")


def test_the_weights_of_four_categories():
    # Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, chapter 3, four categories.
    third = 1 / 3
    assert agreement_weights(FOUR, "linear")[0] == pytest.approx([1, 2 * third, third, 0])
    assert agreement_weights(FOUR, "quadratic")[0] == pytest.approx([1, 8 / 9, 5 / 9, 0])
    assert agreement_weights(FOUR, "ordinal")[0] == pytest.approx([1, 5 / 6, 1 / 2, 0])
    assert agreement_weights(FOUR, "identity").tolist() == np.eye(4).tolist()


def test_linear_weights_go_by_the_numbers_and_ordinal_ones_by_their_order():
    read = read_ratings([[1, 2], [10, 10]], categories="observed")
    assert agreement_weights(read, "linear")[0, 1] == pytest.approx(8 / 9)
    assert agreement_weights(read, "ordinal")[0, 1] == pytest.approx(2 / 3)


def test_texts_are_weighed_by_their_stated_order():
    read = read_ratings([["low", "high"]], categories=("low", "middle", "high"))
    assert agreement_weights(read, "linear")[0].tolist() == [1, 0.5, 0]


@pytest.mark.parametrize("name", ["linear", "quadratic", "ordinal"])
def test_texts_in_no_stated_order_are_refused(name):
    with pytest.raises(ValueError, match="need all categories in their order"):
        agreement_weights(read_ratings([["low", "high"]]), name)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (np.eye(3), "table of 4 × 4"),
        (np.zeros((4, 4)), "1 on the diagonal"),
        (np.eye(4) + 2 * (1 - np.eye(4)), "nowhere above"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        agreement_weights(FOUR, table)


def test_a_table_needs_stated_categories_and_a_name_must_exist():
    with pytest.raises(ValueError, match="needs the categories"):
        agreement_weights(read_ratings([[1, 2]]), np.eye(2))
    with pytest.raises(UnknownName, match="quadratic"):
        agreement_weights(FOUR, "quadratc")


@pytest.mark.parametrize("table", [[[0, -1], [1, 0]], [[1, 0], [0, 1]], [[0, 0], [0, 0]], [[0, 1, 2], [1, 0, 2]]])
def test_disagreements_that_are_none_are_refused(table):
    with pytest.raises(ValueError, match="disagreement weights"):
        weights_from_disagreement(table)
