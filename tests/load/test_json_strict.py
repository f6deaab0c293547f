from __future__ import annotations

import pytest

from bwa_study.load.gate import Rejected
from bwa_study.load.json_strict import read_json


def refusal(text: str) -> str:
    with pytest.raises(Rejected) as caught:
        read_json(text, file="a.json")
    return str(caught.value)


def test_plain_values_come_as_they_are():
    assert read_json('{"a": [1, -2.5, "工\\u0041", true, null, {}]}', file="a.json") == {
        "a": [1, -2.5, "工A", True, None, {}]
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"NaN": "NaN",\n "x": NaN}', "a.json:2:7: 'NaN' is no JSON — write null where there is no number"),
        ("[1, -Infinity]", "a.json:1:5: '-Infinity' is no JSON"),
        ('{"a": 1, "a": 2}', "a.json: key 'a' is given twice in one object — keep one of the two"),
        ("[1e400]", "a.json:1:2: number '1e400' is out of range — export the file again"),
        ("[" + "9" * 5000 + "]", "a.json:1:2: whole number of 5,000 digits, out of range: '99999"),
        ('["\\ud83d oops"]', "a.json: half of a surrogate pair (U+D83D) in the text '\\ud83d oops' — the program that"),
        ('{"\\udc00": 1}', "a.json: half of a surrogate pair (U+DC00)"),
        ("", "a.json:1:1: the file is empty"),
        ('{"a": }', "a.json:1:7: not JSON: expecting value — export it again; every bracket and quote must be closed"),
        ('{"a": 1} x', "a.json:1:10: not JSON: extra data"),
        ("[" * 65 + "]" * 65, "a.json: nesting deeper than 64 levels — flatten the file"),
        ("[" * 100_000, "a.json: nesting deeper than 64 levels"),
    ],
)  # fmt: skip
def test_what_two_programs_read_differently_is_refused_with_its_place(text, message):
    assert refusal(text).startswith(message)


def test_a_whole_pair_is_one_character():
    assert read_json('"\\ud83d\\ude00"', file="a.json") == "\U0001f600"
