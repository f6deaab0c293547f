from __future__ import annotations

import numpy as np
import pytest

from bwa_study.analysis.necessity.expressions import Expression
from bwa_study.model.errors import UnknownName, WrongCall

NAMES = ["a", "b", "c d"]


@pytest.mark.parametrize("text", ["a", "~a", "a*b", "a*~b + c d", "a{2}", "~a{0} + b"])
def test_what_is_read_is_written_the_same(text):
    assert str(Expression.parse(text, NAMES)) == text


@pytest.mark.parametrize(
    ("text", "kind"), [("a", "single"), ("~a", "negated"), ("a*b", "and"), ("a + b", "or"), ("a*b + c d", "mixed")]
)
def test_the_kind_is_told(text, kind):
    assert Expression.parse(text, NAMES).kind == kind


def test_and_is_the_smallest_or_the_largest_not_the_rest():
    scores = {"a": np.array([0.2, 1.0]), "b": np.array([0.7, 0.4]), "c d": np.array([0.9, 0.0])}
    assert Expression.parse("a*b", NAMES).membership(scores).tolist() == [0.2, 0.4]
    assert Expression.parse("a + b", NAMES).membership(scores).tolist() == [0.7, 1.0]
    assert Expression.parse("~a*b + c d", NAMES).membership(scores).tolist() == [0.9, 0.0]


def test_a_level_is_a_set_of_its_own():
    scores = {"a": np.array([0.0, 2.0, np.nan])}
    assert Expression.parse("a{2}", NAMES).membership(scores)[:2].tolist() == [0.0, 1.0]
    assert np.isnan(Expression.parse("~a{2}", NAMES).membership(scores)[2])


def test_what_cannot_be_classified_in_a_part_cannot_be_in_the_whole():
    scores = {"a": np.array([np.nan, np.nan]), "b": np.array([0.0, 1.0])}
    assert np.isnan(Expression.parse("a*b", NAMES).membership(scores)).all()
    assert np.isnan(Expression.parse("a + b", NAMES).membership(scores)).all()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("e", UnknownName, "unknown condition 'e'"),
        ("a*", WrongCall, "expression 'a\\*': '' is no condition — write conditions with \\* \\(and\\)"),
        ("a**b", WrongCall, "is no condition"),
        ("a*a", WrongCall, "names 'a' twice — leave one out"),
        ("a*~a", WrongCall, "holds 'a' and its negation, which is never true of a crisp case"),
        ("~b + b", WrongCall, "holds 'b' and its negation, which is always true"),
    ],
)
def test_what_makes_no_sense_is_refused(text, error, message):
    with pytest.raises(error, match=message):
        Expression.parse(text, NAMES)
