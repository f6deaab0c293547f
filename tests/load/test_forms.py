from __future__ import annotations

import pytest
from pydantic import Field

from bwa_study.load.forms import Form, LabelForm, as_label, check_form, id_fault
from bwa_study.load.yaml_strict import read_yaml


class Part(Form):
    name: str
    weight: float = 1


class Whole(Form):
    id: str
    label: LabelForm = Field(default_factory=dict)
    parts: list[Part] = Field(default_factory=list)
    by_name: dict[str, Part] = Field(default_factory=dict)
    one: Part | None = None
    flag: bool = False
    count: int = 0
    words: list[str] = Field(default_factory=list)


def check(text: str) -> tuple[Whole | None, list[str]]:
    form, problems = check_form(Whole, read_yaml(text, file="w.yaml"), file="w.yaml", kind="whole")
    return form, [str(p) for p in problems]


def test_a_good_document_fills_the_form():
    form, problems = check("id: a\nparts: [{name: n, weight: 2}]\nby_name: {x: {name: y}}\n")
    assert problems == []
    assert form == Whole(id="a", parts=[Part(name="n", weight=2)], by_name={"x": Part(name="y")})


def test_an_empty_document_says_so():
    assert check("")[1] == ["w.yaml:1:1: the whole is empty — see the example whole in the documentation"]


@pytest.mark.parametrize("text", ["- a\n", "just text", "12"])
def test_a_document_that_is_no_mapping_says_what_is_expected(text):
    assert check(text)[1] == [
        "w.yaml:1:1: a mapping (name: value) is expected at the top of a whole — begin with lines such as 'id: …'"
    ]


def test_an_unknown_field_gets_its_place_a_guess_and_the_known_fields():
    assert check("id: a\nlable: x\n")[1] == [
        (
            "w.yaml:2:1: unknown field 'lable', did you mean 'label'? — "
            "known here: id, label, parts, by_name, one, flag, count, words"
        )
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("id: a\nparts:\n  - name: n\n    wieght: 2\n", "4:5"),
        ("id: a\nby_name:\n  x: {name: n, wieght: 2}\n", "3:16"),
        ("id: a\none:\n  name: n\n  wieght: 2\n", "4:3"),
    ],
)
def test_the_fields_of_inner_forms_are_known_in_lists_mappings_and_options(text, place):
    assert check(text)[1] == [
        f"w.yaml:{place}: unknown field 'wieght', did you mean 'weight'? — known here: name, weight"
    ]


def test_no_guess_is_made_where_nothing_is_near():
    assert check("id: a\nzzzzzz: x\n")[1][0].startswith("w.yaml:2:1: unknown field 'zzzzzz' — known here")


def test_a_missing_field_is_named_with_the_place_where_it_belongs():
    assert check("parts:\n  - name: n\n  - weight: 2\n")[1] == [
        "w.yaml:1:1: field 'id' is missing — add 'id: …' here",
        "w.yaml:3:5: field 'parts.2.name' is missing — add 'name: …' here",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("id: 1.10", "1:5: field 'id', value '1.10': text is expected — write it in quotes: \"1.10\""),
        ("id: true", "1:5: field 'id', value 'true': text is expected — write it in quotes: \"true\""),
        ("id: 7", "1:5: field 'id', value '7': text is expected — write it in quotes: \"7\""),
        ("id:", "1:1: field 'id', nothing: text is expected — fill it in, or remove the field"),
        ("id: null", "1:1: field 'id', value 'null': text is expected — fill it in, or remove the field"),
        ("id: [a]", "1:5: field 'id', a list: text is expected — correct the value"),
        ("id: {a: b}", "1:5: field 'id', a mapping: text is expected — correct the value"),
    ],
)
def test_text_of_a_wrong_type_shows_what_the_file_says(line, message):
    (problem,) = check(line)[1]
    assert problem.startswith(f"w.yaml:{message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("parts: x", "2:8: field 'parts', value 'x': a list is expected"),
        ("parts: [x]", "2:9: field 'parts.1', value 'x': a mapping is expected"),
        ("by_name: [x]", "2:10: field 'by_name', a list: a mapping is expected"),
        ("flag: 1", "2:7: field 'flag', value '1': true or false is expected"),
        ("flag: 'true'", "2:7: field 'flag', value 'true': true or false is expected"),
        ("count: '3'", "2:8: field 'count', value '3': a whole number is expected"),
        ("count: true", "2:8: field 'count', value 'true': a whole number is expected"),
        ("one: {name: n, weight: heavy}", "2:24: field 'one.weight', value 'heavy': a number is expected"),
        ("words: [a, 2]", "2:12: field 'words.2', value '2': text is expected"),
        ("label: {en: 1}", "2:13: field 'label.en', value '1': text is expected"),
    ],
)
def test_nothing_is_converted_in_silence(line, message):
    (problem,) = check(f"id: a\n{line}\n")[1]
    assert problem.startswith(f"w.yaml:{message} — ")


def test_several_faults_come_at_once():
    _, problems = check("lable: x\nparts: [{nam: n}]\nflag: 2\n")
    assert [p.split(": ")[1].split(" — ")[0] for p in problems] == [
        "field 'id' is missing",
        "field 'parts.1.name' is missing",
        "unknown field 'nam', did you mean 'name'?",
        "field 'flag', value '2'",
        "unknown field 'lable', did you mean 'label'?",
    ]


def test_invisible_characters_in_names_and_values_are_shown_escaped():
    _, problems = check('id: a\n"la\u200bbel": x\nflag: "\u202ey"\n')
    assert "field 'flag', value '\\u202ey'" in problems[0]
    assert "unknown field 'la\\u200bbel'" in problems[1]


def test_a_label_is_a_text_or_a_text_by_language():
    assert as_label(check("id: a\nlabel: Workers\n")[0].label).texts == (("en", "Workers"),)
    assert as_label(check("id: a\nlabel: {zh: 工人, en: Workers}\n")[0].label).texts == (
        ("zh", "工人"),
        ("en", "Workers"),
    )
    assert as_label(None).texts == ()


@pytest.mark.parametrize("id", ["a", "R1", "follow_up.absent-2", "0"])
def test_ids_of_ascii_letters_digits_and_marks_are_fine(id):
    assert id_fault(id) == ""


@pytest.mark.parametrize(
    ("id", "named"),
    [("R 1", "U+0020 SPACE"), ("R1\u200b", "U+200B ZERO WIDTH SPACE"), ("о", "U+043E CYRILLIC SMALL LETTER O"),
     ("组", "U+7EC4 CJK UNIFIED IDEOGRAPH-7EC4"), ("１", "U+FF11 FULLWIDTH DIGIT ONE"), ("a\x1b", "U+001B CONTROL")],
)  # fmt: skip
def test_other_characters_of_an_id_are_named(id, named):
    assert id_fault(id).endswith(f"that are not allowed: {named}")
