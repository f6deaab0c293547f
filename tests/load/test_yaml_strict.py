from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bwa_study.load.yaml_strict import MAX_DEPTH, Document, read_yaml


def read(text: str) -> Document:
    return read_yaml(text, file="x.yaml")


def problems(text: str) -> list[str]:
    return [str(p) for p in read(text).problems]


def test_plain_values_get_the_types_that_every_reader_gives_them():
    document = read("a: text\nb: 12\nc: -3\nd: 1.5\ne: true\nf: False\ng: null\nh: ~\ni:\nj: [1, x]\nk: {l: m}\n")
    assert document.problems == []
    assert document.complete
    assert document.value == {
        "a": "text", "b": 12, "c": -3, "d": 1.5, "e": True, "f": False, "g": None, "h": None, "i": None,
        "j": [1, "x"], "k": {"l": "m"},
    }  # fmt: skip


def test_quoted_and_block_values_are_text_whatever_they_look_like():
    document = read("a: 'no'\nb: \"010\"\nc: |\n  yes\nd: >-\n  1:20\n'off': x\n")
    assert document.problems == []
    assert document.value == {"a": "no", "b": "010", "c": "yes\n", "d": "1:20", "off": "x"}


@pytest.mark.parametrize("word", ["no", "No", "NO", "n", "N", "off", "Off"])
def test_words_that_some_read_as_false_are_refused_with_both_ways_out(word):
    assert problems(f"a: [1, {word}]") == [
        (
            f"x.yaml:1:8: '{word}' is read as false by some programs and as text by others — "
            f'write "{word}" for the text, or true / false'
        )
    ]


@pytest.mark.parametrize("word", ["yes", "Yes", "YES", "y", "Y", "on", "ON"])
def test_words_that_some_read_as_true_are_refused(word):
    assert problems(f"a: {word}")[0].startswith(f"x.yaml:1:4: '{word}' is read as true by some programs")


@pytest.mark.parametrize(
    ("number", "decimal"), [("010", "10"), ("-010", "-10"), ("+010", "10"), ("08", "8"), ("00", "0"), ("0_1", "1")]
)
def test_leading_zeros_are_refused_and_the_way_out_keeps_the_number(number, decimal):
    (problem,) = problems(f"a: {number}")
    assert problem.startswith(f"x.yaml:1:4: '{number}' is read as an octal number by some programs")
    assert problem.endswith(f'write "{number}" for the text, or {decimal} for the number')


@pytest.mark.parametrize("time", ["1:20", "12:30:45", "190:20:30.15", "-1:20"])
def test_times_that_some_read_to_base_60_are_refused(time):
    assert problems(f"a: {time}") == [
        f"x.yaml:1:4: '{time}' is read as a number to base 60 by some programs — write \"{time}\" for the text"
    ]


@pytest.mark.parametrize(
    "number",
    ["1_000", "0x1F", "0o17", "0b11", "+1", ".5", "5.", "1e5", "1E5", "2e-3", ".5e3", "5.e3", ".inf", "-.inf", ".NaN",
     "12345678901234567890", "1.0e999"],
)  # fmt: skip
def test_numbers_that_not_every_program_reads_alike_are_refused(number):
    document = read(f"a: {number}")
    assert [str(p) for p in document.problems] == [
        (
            f"x.yaml:1:4: '{number}' is read as a number by some programs — "
            f'write "{number}" for the text, or plain digits'
        )
    ]
    assert document.value == {"a": number}


def test_dates_and_ordinary_words_with_digits_are_text():
    document = read("a: 2019-09-01\nb: R1\nc: 1.2.3\nd: 1a\ne: e5\nf: 1-2\n")
    assert document.problems == []
    assert set(map(type, document.value.values())) == {str}


@pytest.mark.parametrize("key", ["1", "true", "~", "null", "1.5"])
def test_keys_that_are_not_text_to_every_program_are_refused(key):
    assert problems(f"a: {{{key}: x}}") == [
        f"x.yaml:1:5: key '{key}' is not text to every program — write it in quotes: \"{key}\""
    ]


def test_a_key_that_reads_as_false_is_refused_too():
    assert problems("no: [norsk]")[0].startswith("x.yaml:1:1: 'no' is read as false by some programs")


def test_duplicate_keys_are_refused_with_both_lines():
    assert problems("a:\n  b: 1\n  c: 2\n  b: 3\n") == [
        "x.yaml:4:3: key 'b' is given twice, first in line 2 — keep one of the two"
    ]


def test_a_key_may_come_again_in_another_mapping():
    assert problems("a: {b: 1}\nc: {b: 1}\nd: [{b: 1}, {b: 2}]\n") == []


def test_each_anchor_and_alias_kind_is_refused_once_at_its_first_place():
    assert problems("a: &x 1\nb: &y 2\nc: *x\nd: *y\n") == [
        "x.yaml:1:4: anchor '&x': anchors and aliases are not allowed — write the text out where it is needed",
        "x.yaml:3:4: alias '*x': anchors and aliases are not allowed — write the text out where it is needed",
    ]


@pytest.mark.parametrize(
    ("text", "tag"), [("a: !foo 1", "!foo"), ("a: !!str 1", "tag:yaml.org,2002:str"), ("a: !!set {b}", "yaml.org")]
)
def test_tags_are_refused(text, tag):
    (problem,) = problems(text)
    assert re.match(rf"x\.yaml:1:4: tag '.*{re.escape(tag)}.*' is not allowed — remove the tag", problem)


def test_merge_keys_are_refused():
    assert problems("a:\n  <<: {b: 1}\n") == ["x.yaml:2:3: merge keys '<<' are not allowed — write the fields out"]


@pytest.mark.parametrize("text", ["{[a]: }", "? [a]\n", "? {a: b}\n: c\n", "- ? - a"])
def test_a_list_or_mapping_as_key_is_refused_also_without_a_value(text):
    assert ["a list or mapping is used as a key — use a plain word as the key" in p for p in problems(text)] == [True]


def test_a_second_document_is_refused_where_it_begins():
    document = read("a: 1\n---\nb: 2\n")
    assert [str(p) for p in document.problems] == [
        "x.yaml:2:1: a second document begins here; one document expected — put it into a file of its own"
    ]
    assert not document.complete


def test_nesting_is_allowed_to_the_limit_and_refused_beyond():
    assert problems("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert problems("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == [
        f"x.yaml:1:{MAX_DEPTH + 1}: nesting deeper than {MAX_DEPTH} levels — flatten the file"
    ]


def test_deep_block_nesting_ends_with_a_problem_not_a_recursion_error():
    (problem,) = problems("- " * 20_000 + "x")
    assert "nesting deeper than" in problem


def test_a_tab_is_named_as_such():
    assert problems("a:\n\tb: 1\n") == [
        "x.yaml:2:1: not YAML: found character '\\t' that cannot start any token — indent with spaces, not tabs"
    ]


def test_broken_yaml_gives_its_place():
    assert problems("a: b: c") == [
        (
            "x.yaml:1:5: not YAML: mapping values are not allowed here — "
            "check indentation, quotes and brackets around this place"
        )
    ]


def test_a_control_character_gives_its_line_and_column():
    assert problems("a: x\nb: y\x1b\n") == ["x.yaml:2:5: character U+001B is not allowed in YAML — remove it"]


@pytest.mark.parametrize(("escape", "code"), [("\\e", "001B"), ("\\0", "0000"), ("\\ud83d", "D83D")])
def test_a_control_character_or_half_a_pair_written_as_escape_is_refused(escape, code):
    (problem,) = problems(f'a: "x{escape}"')
    assert problem.startswith(f"x.yaml:1:4: character U+{code} is not allowed in a text — remove it")


@pytest.mark.parametrize("text", ['a: "\\UFFFFFFFF"', "%YAML 1." + "9" * 5000 + "\n---\na: 1"])
def test_numbers_that_overflow_the_parser_are_problems(text):
    document = read(text)
    assert ["not YAML: a number here is too large" in str(p) for p in document.problems] == [True]
    assert not document.complete


def test_all_surprises_of_a_file_come_at_once_and_the_rest_is_read():
    document = read("a: no\nb: 010\nc: &x 1\nd: good\na: again\n")
    assert [(p.line, p.column) for p in document.problems] == [(1, 4), (2, 4), (3, 4), (5, 1)]
    assert document.value["d"] == "good"


def test_places_are_those_of_values_and_keys_those_of_their_names():
    document = read("a:\n  - b: x\n    c:   [y, z]\n")
    assert document.place(("a", 0, "b")) == (2, 8)
    assert document.key_place(("a", 0, "b")) == (2, 5)
    assert document.place(("a", 0, "c", 1)) == (3, 14)
    assert document.place(("a", 0, "c", 1, "no such")) == (3, 14)
    assert document.place(("nothing",)) == (1, 1)


def test_the_place_of_an_empty_value_is_its_key():
    assert read("x: 1\nempty:\nz: 2\n").place(("empty",)) == (2, 1)


def test_numbers_and_words_are_kept_as_written():
    document = read("a: 1.10\nb: True\nc: text\nd: null\n")
    assert document.written == {("a",): "1.10", ("b",): "True", ("d",): "null"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\n\n"])
def test_an_empty_file_has_no_value_and_no_problem_of_its_own(text):
    document = read(text)
    assert (document.value, document.problems, document.complete) == (None, [], True)


_YAMLISH = st.lists(
    st.sampled_from(
        ["a", "b", ": ", ":", "- ", "\n", "\n  ", "\n    ", "? ", "[", "]", "{", "}", ", ", "&x ", "*x", "!t ", "'",
         '"', "|\n", ">\n", "---\n", "...\n", "# c", "no", "010", "1:20", "<<", "\t", "\\", "\\u", "%YAML 1.1\n",
         "\x85", "\u2028", "工人", "=", "@", "`", "~"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(st.one_of(st.text(), _YAMLISH))
@example("*a : \n")
@example("\ud800")
@example("a: !<> b")
@example('"\\x')
def test_any_text_either_parses_or_gives_problems_and_never_raises(text):
    document = read(text)
    assert document.complete or document.problems
    for problem in document.problems:
        assert problem.line >= 1
        assert "\n" not in str(problem)


@given(
    st.recursive(
        st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.text(st.characters(codec="utf-8", categories=["L"]))),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text("abcd", min_size=1), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_what_json_says_is_read_as_json_says_it(value):
    document = read(json.dumps(value, ensure_ascii=False))
    assert document.problems == []
    assert document.value == value
