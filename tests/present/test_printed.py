from __future__ import annotations

import math

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.model.results import Result
from bwa_study.present.printed import from_frame, printed, shown_value
from bwa_study.present.run import coded_matrix
from small_study import write_study


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    return coded_matrix(bwa.load_study(write_study(tmp_path_factory.mktemp("printed") / "study")))


def test_a_frequency_has_a_table_a_polarity_with_heads_over_its_cells(matrix):
    present, absent = printed(bwa.frequency(matrix, by=("group", "round")))
    assert present.title == "Share of interviews: said to be present"
    assert absent.title == "Share of interviews: said to be absent"
    assert present.heads == (
        (("", 1), ("", 1), ("Workers", 2), ("Managers", 2)),
        (("", 1), ("Reliability", 1), ("Start", 1), ("End", 1), ("Start", 1), ("End", 1)),
    )
    assert present.numeric == (False, False, True, True, True, True)


def test_a_cell_shows_share_and_denominator_or_why_there_is_none(matrix):
    present, _ = printed(bwa.frequency(matrix, by=("group", "round")))
    rows = {row.cells[0].strip(): row for row in present.rows}
    assert rows["Listening"].cells[1:] == ("not double-coded", "0% (0/2)", "100% (3/3)", "not visited", "0% (0/1)")
    assert rows["Visits"].cells[2] == "not asked"
    assert [name for name, row in rows.items() if row.strong] == ["Talk", "Care"]


def test_labels_come_in_the_language_asked_for(matrix):
    present, *_ = printed(bwa.frequency(matrix, by=("group",)), "zh")
    assert present.heads[0] == (("", 1), ("信度", 1), ("工人", 1), ("管理人员", 1))
    assert present.rows[0].cells[0] == "交流"


def test_any_other_result_shows_its_compact_form():
    result = Result(pd.DataFrame({"code": ["a"], "n": [3]}), "Title", "Method.", synthetic=True)
    (one,) = printed(result)
    assert one.title == "Title"
    assert one.notes == ("SYNTHETIC DATA, made for demonstration; not findings of any study.", "Method.")
    assert [row.cells for row in one.rows] == [("a", "3")]


def test_heads_of_several_levels_span_their_columns():
    columns = pd.MultiIndex.from_tuples([("worker", "R1"), ("worker", "R2"), ("manager", "R2")])
    frame = pd.DataFrame([[1, 2, 3]], index=pd.Index(["F01"], name="site"), columns=columns)
    one = from_frame(frame, title="t")
    assert one.heads == ((("", 1), ("worker", 2), ("manager", 1)), (("site", 1), ("R1", 1), ("R2", 1), ("R2", 1)))
    assert one.numeric == (False, True, True, True)


def test_equal_heads_that_do_not_stand_together_are_not_joined():
    frame = pd.DataFrame([[1, 2]], columns=["n", "n"])
    assert from_frame(frame, title="t").heads == ((("n", 1), ("n", 1)),)


def test_the_framework_matrix_has_a_table_a_round_and_theme(matrix):
    tables = printed(bwa.framework_matrix(matrix, rows="site"))
    assert [t.title.split(" · ", 1)[1] for t in tables] == ["start · Talk", "start · Care", "end · Talk", "end · Care"]
    assert tables[0].heads == ((("site", 1), ("Listening", 1), ("Fear", 1)),)


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "–"), (pd.NA, "–"), (True, "yes"), (2.0, "2"), (1 / 3, "0.3333333333"), (-4, "-4"), ("", "")],
)
def test_values_are_shown_plainly(value, text):
    assert shown_value(value) == text


def test_a_result_with_too_many_columns_to_read_is_cut_into_several():
    result = Result(
        pd.DataFrame([range(20)], columns=[f"c{n}" for n in range(20)]).astype(str) + " of 20", "Wide", "Method."
    )
    tables = printed(result)
    assert [t.title for t in tables] == ["Wide (1 of 3)", "Wide (2 of 3)", "Wide (3 of 3)"]
    assert [t.columns for t in tables] == [7, 7, 6]
    assert sum((t.rows[0].cells for t in tables), ()) == tuple(f"{n} of 20" for n in range(20))
