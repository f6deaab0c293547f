from __future__ import annotations

import io
import time

import pandas as pd
import pyreadstat
import pytest

import bwa_study as bwa
from bwa_study.analysis.wide import WideCodes
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.present.run import coded_matrix
from bwa_study.present.statistics_files import statistics_bytes
from small_study import write_study


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    counted = coded_matrix(bwa.load_study(write_study(tmp_path_factory.mktemp("stat") / "study")))
    return bwa.wide_codes(bwa.matrix(counted.study, unit="interview", coders=counted.coders))


def read_back(data, kind, folder):
    path = folder / f"t{kind}"
    path.write_bytes(data)
    return (pyreadstat.read_sav if kind == ".sav" else pyreadstat.read_dta)(path)


@pytest.mark.parametrize("kind", [".sav", ".dta"])
def test_the_file_read_back_holds_the_same_numbers_texts_and_labels(result, tmp_path, kind):
    table, meta = read_back(statistics_bytes(result, kind), kind, tmp_path)
    for name, label in result.labels:
        assert meta.column_names_to_labels[name] == label
        pd.testing.assert_series_equal(
            table[name], result.frame[name].astype("float64"), check_names=False, check_index=False
        )
    assert table["transcript"].tolist() == result.frame["transcript"].tolist()
    assert meta.file_label == "Codes by interview"


def test_csv_is_the_same_table(result):
    table = pd.read_csv(io.BytesIO(statistics_bytes(result, ".csv")), dtype={"listening": "Int64"})
    assert table["listening"].tolist() == result.frame["listening"].tolist()


@pytest.mark.parametrize("kind", [".sav", ".dta"])
def test_the_same_table_gives_the_same_bytes(result, kind):
    before = statistics_bytes(result, kind)
    time.sleep(1.1)
    assert statistics_bytes(result, kind) == before


def test_signs_a_program_does_not_allow_are_changed(result, tmp_path):
    odd = WideCodes(pd.DataFrame({"1 a-b": ["x"]}), "t", "m")
    table, _ = read_back(statistics_bytes(odd, ".sav"), ".sav", tmp_path)
    assert next(iter(table.columns)) == "v1_a_b"


def test_two_columns_of_one_name_are_an_error_not_a_loss():
    odd = WideCodes(pd.DataFrame({"a-b": ["x"], "A_b": ["y"]}), "t", "m")
    with pytest.raises(WrongCall, match="columns 'a-b' and 'A_b' would both be called 'A_b' in the file"):
        statistics_bytes(odd, ".sav")


def test_another_kind_is_unknown(result):
    with pytest.raises(UnknownName, match=r"unknown kind of table '.xls' — known: .csv, .sav, .dta"):
        statistics_bytes(result, ".xls")
