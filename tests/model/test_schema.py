from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.model.errors import TableError
from bwa_study.model.schema import Column, Schema, is_date

PEOPLE = Schema(
    "table of people",
    (
        Column("who", "id", required=True, filled=True),
        Column("age", "integer"),
        Column("panel", "boolean"),
        Column("day", "date"),
        Column("mode", levels=("phone", "video")),
        Column("note"),
    ),
)


COLUMNS = "the columns of a table of people are who, age, panel, day, mode, note"
AN_ID = "use ASCII letters, digits, '.', '_' and '-' only, no spaces"


def table(*rows: dict[str, object], first: int = 2) -> pd.DataFrame:
    return pd.DataFrame(list(rows), index=range(first, first + len(rows)), dtype=object)


def complaints(schema: Schema, frame: pd.DataFrame) -> list[str]:
    with pytest.raises(TableError) as caught:
        schema.conform(frame, file="people.csv")
    return str(caught.value).split("\n")


def one(kind: str, value: object, **options: object):
    schema = Schema("t", (Column("x", kind, **options),))
    return schema.conform(pd.DataFrame({"x": pd.Series([value], dtype=object)}))["x"].iloc[0]


def fault(kind: str, value: object, **options: object) -> str:
    schema = Schema("t", (Column("x", kind, **options),))
    return complaints(schema, table({"x": value}))[0]


def test_columns_come_in_declared_order_with_their_types():
    frame = table({"day": "2020-09-14", "who": "P-1", "age": "41", "panel": "yes", "mode": "phone", "note": "n"})
    out = PEOPLE.conform(frame)
    assert list(out.columns) == ["who", "age", "panel", "day", "mode", "note"]
    assert out.loc[2].tolist() == ["P-1", 41, True, "2020-09-14", "phone", "n"]
    assert [str(t) for t in out.dtypes] == ["object", "Int64", "boolean", "object", "object", "object"]


def test_a_missing_column_that_is_not_required_is_added_empty():
    out = PEOPLE.conform(table({"who": "P-1"}))
    assert out["note"].tolist() == [""]
    assert out["age"].isna().tolist() == [True]
    assert str(out["age"].dtype) == "Int64"


@pytest.mark.parametrize("missing", ["", "  ", None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_empty_text_or_na(missing):
    out = PEOPLE.conform(table({"who": "P-1", "age": missing, "panel": missing, "day": missing, "note": missing}))
    assert out["age"].iloc[0] is pd.NA
    assert out["panel"].iloc[0] is pd.NA
    assert out["day"].iloc[0] == ""
    assert out["note"].iloc[0] == ""


def test_all_bad_values_of_all_rows_are_named_at_once_in_the_order_of_rows():
    frame = table(
        {"who": "P-1", "age": "old", "panel": "maybe", "day": "14/09/2020", "mode": "fax"},
        {"who": "P 2", "age": "3"},
        {"who": "", "age": "4.5"},
    )
    assert complaints(PEOPLE, frame) == [
        "people.csv:2: column 'age', value 'old': not a whole number — write digits only",
        "people.csv:2: column 'panel', value 'maybe': neither yes nor no — write yes or no",
        "people.csv:2: column 'day', value '14/09/2020': not a date — write it as YYYY-MM-DD, such as 2020-09-14",
        "people.csv:2: column 'mode', value 'fax': 'fax' is not one of the values — use phone, video",
        "people.csv:3: column 'who', value 'P 2': not an id — " + AN_ID,
        "people.csv:4: column 'who', value '': nothing is filled in — fill in 'who'",
        "people.csv:4: column 'age', value '4.5': not a whole number — write digits only",
    ]


def test_a_missing_required_column_names_the_columns_found():
    assert complaints(PEOPLE, table({"age": "4", "note": "n"})) == [
        "people.csv:1: column 'who' is missing; columns found: age, note — add the column 'who' to the first line"
    ]


def test_an_unknown_column_is_named_with_the_nearest():
    assert complaints(PEOPLE, table({"who": "P-1", "nots": "n"})) == [
        "people.csv:1: unknown column 'nots', did you mean 'note'? — " + COLUMNS
    ]


def test_a_column_given_twice_is_refused():
    frame = pd.DataFrame([["P-1", "a", "b"]], columns=["who", "note", "note"], index=[2], dtype=object)
    assert complaints(PEOPLE, frame) == ["people.csv:1: column 'note' is given 2 times — give each column its own name"]


def test_problems_of_the_header_come_before_those_of_rows():
    found = complaints(PEOPLE, table({"who": "P-1", "age": "x", "size": "1"}))
    assert [line.split(": ")[0] for line in found] == ["people.csv:1", "people.csv:2"]


def test_a_bad_value_is_shown_with_its_invisible_characters():
    assert "value 'P\\u200b1'" in fault("id", "P\u200b1")


def test_extra_columns_are_kept_as_text_after_the_declared_ones_where_they_are_allowed():
    schema = Schema("t", (Column("who", "id"),), extra=True)
    out = schema.conform(table({"hall": 3, "who": "P-1", "line": None}))
    assert list(out.columns) == ["who", "hall", "line"]
    assert out.loc[2].tolist() == ["P-1", "3", ""]


def test_the_table_given_is_not_changed():
    frame = table({"who": " P-1 ", "age": "3"})
    before = frame.copy()
    PEOPLE.conform(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_examine_returns_the_problems_and_leaves_the_bad_values_missing():
    out, problems = PEOPLE.examine(table({"who": "P-1", "age": "x", "mode": "fax"}), file="people.csv")
    assert [p.line for p in problems] == [2, 2]
    assert out["age"].iloc[0] is pd.NA
    assert out["mode"].iloc[0] == ""


def test_a_table_without_rows_conforms():
    out = PEOPLE.conform(pd.DataFrame({"who": []}))
    assert len(out) == 0
    assert list(out.columns) == ["who", "age", "panel", "day", "mode", "note"]


@pytest.mark.parametrize("value", ["F01", "a.b_c-d", "0", "R2-F03-W-04"])
def test_ids_of_ascii_letters_digits_and_three_signs_are_allowed(value):
    assert one("id", value) == value


@pytest.mark.parametrize("value", ["_a", "-a", ".a", "a b", "a/b", "a;b", "工人", "a\u043e", "a\u202e", "a\nb"])
def test_other_ids_are_refused(value):
    assert "not an id" in fault("id", value)


@pytest.mark.parametrize(("value", "expected"), [("0", 0), ("-12", -12), (" 7 ", 7), (7, 7), (7.0, 7), ("007", 7)])
def test_whole_numbers_are_read(value, expected):
    assert one("integer", value) == expected


@pytest.mark.parametrize("value", ["1.0", 1.5, "1e3", "+3", "１２", "1,000", "--3", "9" * 16, float("inf"), True])
def test_other_numbers_are_refused(value):
    assert "not a whole number" in fault("integer", value)


@pytest.mark.parametrize("value", ["true", "TRUE", "yes", "Y", "1", True, 1])
def test_yes_is_written_in_four_ways(value):
    assert bool(one("boolean", value)) is True


@pytest.mark.parametrize("value", ["false", "False", "no", "N", "0", False, 0])
def test_no_is_written_in_four_ways(value):
    assert bool(one("boolean", value)) is False


@pytest.mark.parametrize("value", ["maybe", "2", "ja", "t", "是"])
def test_other_answers_are_refused(value):
    assert "neither yes nor no" in fault("boolean", value)


def test_text_loses_the_white_space_at_its_ends_and_verbatim_text_does_not():
    assert one("text", " a b\n") == "a b"
    assert one("verbatim", " a b\n") == " a b\n"


def test_a_level_is_one_of_those_declared_and_case_counts():
    assert one("text", "phone", levels=("phone", "video")) == "phone"
    assert "'Phone' is not one of the values, did you mean 'phone'? — use phone, video" in fault(
        "text", "Phone", levels=("phone", "video")
    )


def test_several_levels_are_joined_with_semicolons_where_that_is_declared():
    assert one("text", "a; b", levels=("a", "b"), many=True) == "a; b"
    assert "'c' is not one of the values" in fault("text", "a;c", levels=("a", "b"), many=True)
    assert "'a;b' is not one of the values" in fault("text", "a;b", levels=("a", "b"))


def test_twenty_levels_are_listed_at_most():
    levels = tuple(f"level{i:02d}" for i in range(21))
    assert fault("text", "zzz", levels=levels).endswith("level18, level19 …")


@pytest.mark.parametrize("text", ["2020-02-29", "2019-09-01", "0001-01-01"])
def test_calendar_dates_are_dates(text):
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-29",
        "2020-13-01",
        "2020-00-10",
        "0000-01-01",
        "20200914",
        "2020-9-14",
        "2020-09-14T10:00",
        "14/09/2020",
        "2020-09-14\n",
        "２０２０-09-14",
        "",
    ],
)
def test_what_is_no_day_of_the_calendar_is_no_date(text):
    assert not is_date(text)


@given(st.dates())
def test_every_day_written_in_iso_is_a_date(day):
    assert is_date(day.isoformat())


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_text_is_kept_or_has_its_one_problem(values):
    frame = pd.DataFrame({"who": pd.Series(values, dtype=object)})
    frame.index = range(2, 2 + len(values))
    out, problems = PEOPLE.examine(frame)
    bad = [p.line for p in problems]
    assert bad == sorted(set(bad))
    for line, value in frame["who"].items():
        assert (out.loc[line, "who"] == "") == (line in bad)
        assert out.loc[line, "who"] in ("", value.strip())
