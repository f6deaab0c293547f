from __future__ import annotations

import io

import openpyxl
import pytest

import bwa_study as bwa
from bwa_study.present.behind import behind
from bwa_study.present.tables import table_bytes


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def test_a_table_by_code_stands_on_its_codes(matrix):
    found = bwa.divergence(matrix, round="R3", codes=["follow_up", "covid"])
    assert behind(found) == (matrix, ("follow_up", "covid"))


def test_the_modes_of_interaction_stand_on_two_codes(matrix):
    assert behind(bwa.interaction_modes(matrix, group="brand_staff"))[1] == ("coaching_mode", "audit_mode")


def test_claims_about_sites_stand_on_the_codes_that_score_them(matrix):
    cases = bwa.cases(matrix)
    found = behind(bwa.study_truth_table(cases))[1]
    assert found == behind(cases)[1]
    assert {"client_influence", "fear_retaliation", "change_endures"} <= set(found)
    assert "covid" not in found


def test_a_table_that_is_not_made_of_codings_has_nothing_behind_it(lite_study):
    assert behind(bwa.sample_table(lite_study)) == (None, ())


def test_the_workbook_of_a_truth_table_has_the_sentences_and_the_codebook(matrix):
    data = table_bytes(bwa.study_truth_table(bwa.cases(matrix)), ".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    assert book.sheetnames == ["Table", "Cells", "Notes", "Quotes", "Codebook"]
    assert {row[0] for row in book["Quotes"].iter_rows(min_row=2, values_only=True)} >= {"Change endures"}
