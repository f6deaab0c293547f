from __future__ import annotations

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.model.errors import SeveralCoders
from bwa_study.present.run import coded_matrix
from small_study import write_study


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    study = bwa.load_study(write_study(tmp_path_factory.mktemp("wide") / "study"))
    counted = coded_matrix(study)
    return bwa.matrix(counted.study, unit="interview", coders=counted.coders)


def test_one_is_said_zero_is_silence_and_missing_is_not_asked(matrix):
    table = bwa.wide_codes(matrix).frame.set_index("transcript")
    assert table["listening"].tolist() == [0, 0, 1, 1, 1, 0]
    assert table["listening_no"].tolist() == [1, 0, 0, 0, 0, 1]
    assert table["visits"].isna().tolist() == [True, True, False, False, False, False]


def test_the_ones_of_a_code_are_the_numerators_of_its_frequency(lite_study):
    m = bwa.matrix(lite_study, unit="interview", coders=["simulated-human-A"])
    wide = bwa.wide_codes(m).frame.groupby("transcript")[list(m.codes)].max()
    for code, n in bwa.frequency(m, by=(), polarity=("present",), themes=False).frame[["code", "n"]].values:
        assert int(wide[code].sum()) == n


def test_every_column_of_a_code_says_what_it_means(matrix):
    result = bwa.wide_codes(matrix)
    assert result.labels[:2] == (
        ("listening", "Listening: said to be present"),
        ("listening_no", "Listening: said to be absent"),
    )
    assert [name for name, _ in result.labels] == list(result.frame.columns[-6:])


def test_the_numbers_are_whole_with_room_for_missing(matrix):
    table = bwa.wide_codes(matrix).frame
    assert {str(table[name].dtype) for name, _ in bwa.wide_codes(matrix).labels} == {"Int64"}
    assert pd.api.types.is_integer_dtype(table["visits"])


def test_several_coders_are_refused(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])
    with pytest.raises(SeveralCoders, match="wide_codes needs one coder, this matrix has 2"):
        bwa.wide_codes(m)
