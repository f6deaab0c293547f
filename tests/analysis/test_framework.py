from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.errors import UnknownName
from bwa_study.present.run import coded_matrix
from small_study import write_study


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    return coded_matrix(bwa.load_study(write_study(tmp_path_factory.mktemp("framework") / "study")))


def cell(result, *key):
    table = result.frame.set_index(["row", "round", "code"])
    return table.loc[key]


def test_every_row_round_and_code_has_a_cell(matrix):
    table = bwa.framework_matrix(matrix, rows="site").frame
    assert list(dict.fromkeys(table["row"])) == ["F01", "F02"]
    assert len(table) == 2 * 2 * 3


def test_a_cell_counts_interviews_by_what_they_say(matrix):
    result = bwa.framework_matrix(matrix, rows="site")
    found = cell(result, "F01", "start", "listening")
    assert found[["present", "absent", "both", "silent", "status"]].tolist() == [0, 1, 0, 1, "ok"]
    assert cell(result, "F01", "start", "visits")["status"] == "not asked"
    assert cell(result, "F02", "start", "listening")["status"] == "not visited"


def test_a_cell_points_to_its_sentences(matrix):
    result = bwa.framework_matrix(matrix, rows="site")
    numbers = cell(result, "F01", "end", "listening")["segments"].split(";")
    rows = result.segments.set_index("number").loc[list(map(int, numbers))]
    assert rows["transcript"].tolist() == ["e-w-1", "e-w-2"]
    assert set(rows["code"]) == {"listening"}


def test_people_can_be_the_rows(matrix):
    result = bwa.framework_matrix(matrix, rows="participant")
    assert list(dict.fromkeys(result.frame["row"])) == ["P1", "P2", "P3", "P4", "P5"]
    assert cell(result, "P1", "end", "listening")["present"] == 1


def test_summaries_stand_in_their_cells_and_nowhere_else(matrix):
    key = ("F02", "end", "fear")
    result = bwa.framework_matrix(matrix, rows="site", summaries={key: "Nobody spoke of it."})
    assert cell(result, *key)["summary"] == "Nobody spoke of it."
    assert (result.frame["summary"] != "").sum() == 1
    assert result.compact().loc[("F02", "end"), "Fear"] == "Nobody spoke of it."


def test_a_summary_of_nothing_that_exists_is_an_error(matrix):
    with pytest.raises(UnknownName, match="unknown cell of the framework matrix 'F01, end, faer', did you mean"):
        bwa.framework_matrix(matrix, rows="site", summaries={("F01", "end", "faer"): "x"})


def test_another_kind_of_row_is_unknown(matrix):
    with pytest.raises(UnknownName, match="unknown kind of row 'brand' — known: site, participant"):
        bwa.framework_matrix(matrix, rows="brand")
