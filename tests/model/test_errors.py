from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.model.errors import (
    BwaError,
    CodebookError,
    NoCodings,
    Problem,
    ProblemsFound,
    SeveralCoders,
    StudyFileError,
    TableError,
    UnknownName,
    WrongUnit,
    did_you_mean,
    shown,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain text", "plain text"),
        ("工人", "工人"),
        ("wor\u200bker", "wor\\u200bker"),
        ("\u202eabc", "\\u202eabc"),
        ("a\tb\nc\rd", "a\\u0009b\\u000ac\\u000dd"),
        ("\x1b[31mred", "\\u001b[31mred"),
        ("\x9b31m", "\\u009b31m"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("a\u00a0b\u3000c", "a\\u00a0b\\u3000c"),
        ("\ud83d", "\\ud83d"),
        ("\U000e0041", "\\U000e0041"),
        (12, "12"),
        (None, "None"),
    ],
)
def test_shown_escapes_what_cannot_be_seen_and_nothing_else(value, expected):
    assert shown(value) == expected


def test_shown_keeps_a_text_as_long_as_the_limit():
    assert shown("abcde", limit=5) == "abcde"


def test_shown_cuts_a_longer_text_and_marks_the_cut():
    assert shown("abcdef", limit=5) == "abcd…"
    assert len(shown("x" * 500)) == 80


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_shown_never_lets_a_control_format_or_surrogate_character_through(text):
    assert shown(text).isprintable()


def test_did_you_mean_names_the_nearest_known_name():
    assert did_you_mean("lable", ["theme", "label", "parent"]) == ", did you mean 'label'?"


def test_did_you_mean_is_silent_where_nothing_is_near():
    assert did_you_mean("zzz", ["theme", "label"]) == ""
    assert did_you_mean("lable", []) == ""


def test_did_you_mean_escapes_the_name_it_offers():
    assert did_you_mean("worker", ["wor\u200bker"]) == ", did you mean 'wor\\u200bker'?"


@pytest.mark.parametrize(
    ("line", "column", "severity", "expected"),
    [
        (3, 7, "error", "codebook.yaml:3:7: no label — add one"),
        (3, 0, "error", "codebook.yaml:3: no label — add one"),
        (0, 0, "error", "codebook.yaml: no label — add one"),
        (0, 7, "error", "codebook.yaml: no label — add one"),
        (3, 7, "warning", "codebook.yaml:3:7: warning: no label — add one"),
        (0, 0, "note", "codebook.yaml: note: no label — add one"),
    ],
)
def test_a_problem_is_one_line_with_its_place_what_is_wrong_and_how_to_mend_it(line, column, severity, expected):
    assert str(Problem("codebook.yaml", line, column, "no label", "add one", severity)) == expected


def test_a_problem_escapes_the_name_of_its_file():
    assert str(Problem("a\nb.yaml", 1, 0, "w", "m")) == "a\\u000ab.yaml:1: w — m"


def test_problems_found_keeps_all_problems_and_prints_a_line_for_each():
    problems = [Problem("t.csv", 2, 0, "first", "mend it"), Problem("t.csv", 5, 0, "second", "mend it too")]
    fault = TableError(problems)
    assert fault.problems == tuple(problems)
    assert str(fault) == "t.csv:2: first — mend it\nt.csv:5: second — mend it too"


@pytest.mark.parametrize("kind", [CodebookError, StudyFileError, TableError])
def test_every_error_of_a_file_is_a_problems_found_and_a_bwa_error(kind):
    with pytest.raises(ProblemsFound) as caught:
        raise kind([Problem("f", 0, 0, "w", "m")])
    assert isinstance(caught.value, BwaError)


@pytest.mark.parametrize("kind", [UnknownName, SeveralCoders, NoCodings, WrongUnit])
def test_every_error_of_an_argument_is_a_bwa_error(kind):
    assert issubclass(kind, BwaError)


def test_unknown_name_says_kind_value_nearest_and_known_names():
    fault = UnknownName("group", "wroker", ["brand_staff", "manager", "worker"])
    assert str(fault) == "unknown group 'wroker', did you mean 'worker'? — known: brand_staff, manager, worker"


def test_unknown_name_has_no_guess_where_nothing_is_near():
    assert str(UnknownName("code", "zzz", ["fear", "visits"])) == "unknown code 'zzz' — known: fear, visits"


def test_unknown_name_says_so_where_nothing_is_known():
    assert str(UnknownName("coder", "A", [])) == "unknown coder 'A' — known: none"


def test_unknown_name_lists_thirty_names_at_most():
    thirty = [f"c{i:02d}" for i in range(30)]
    assert str(UnknownName("code", "zzz", thirty)).endswith("c28, c29")
    assert str(UnknownName("code", "zzz", [*thirty, "c30"])).endswith("c28, c29 …")


def test_unknown_name_escapes_the_asked_and_the_known_names():
    text = str(UnknownName("coder", "A\x1b[2J", ["B\u202e", "C"]))
    assert text == "unknown coder 'A\\u001b[2J' — known: B\\u202e, C"


def test_unknown_name_takes_a_name_that_is_no_text():
    assert str(UnknownName("code", 7, ["fear"])) == "unknown code '7' — known: fear"


def test_several_coders_names_them_and_both_ways_out():
    assert str(SeveralCoders("frequency", ["A", "B"])) == (
        'frequency needs one coder, this matrix has 2 (A, B) — choose one with matrix.select(coder="A") '
        'or merge them with consensus(matrix, rule="majority")'
    )


def test_several_coders_escapes_their_names():
    assert "(A\\u200b, B)" in str(SeveralCoders("frequency", ["A\u200b", "B"]))
