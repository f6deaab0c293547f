from __future__ import annotations

import pandas as pd
import pytest

from bwa_study.protect.consent import QUOTE_LEVELS, may_print, without_withdrawn


def test_rows_with_a_date_of_withdrawal_are_left_out_and_named():
    manifest = pd.DataFrame(
        {"interview_id": ["a", "b", "c"], "withdrawn": ["", "2021-03-04", ""]}, index=[2, 3, 4], dtype=object
    )
    kept, gone = without_withdrawn(manifest)
    assert kept["interview_id"].tolist() == ["a", "c"]
    assert gone == frozenset({"b"})


def test_the_rows_kept_keep_their_lines():
    manifest = pd.DataFrame({"interview_id": ["a", "b"], "withdrawn": ["2021-03-04", ""]}, index=[2, 3], dtype=object)
    assert without_withdrawn(manifest)[0].index.tolist() == [3]


def test_nobody_withdrawn_leaves_all_rows():
    manifest = pd.DataFrame({"interview_id": ["a"], "withdrawn": [""]}, dtype=object)
    kept, gone = without_withdrawn(manifest)
    assert len(kept) == 1
    assert gone == frozenset()


def test_everybody_withdrawn_leaves_none():
    manifest = pd.DataFrame({"interview_id": ["a"], "withdrawn": ["2021-03-04"]}, dtype=object)
    kept, gone = without_withdrawn(manifest)
    assert len(kept) == 0
    assert gone == frozenset({"a"})


@pytest.mark.parametrize("unclear", [None, float("nan"), " ", "yes"])
def test_what_is_not_plainly_empty_counts_as_withdrawn(unclear):
    manifest = pd.DataFrame({"interview_id": ["a"], "withdrawn": pd.Series([unclear], dtype=object)})
    assert without_withdrawn(manifest)[1] == frozenset({"a"})


def test_the_manifest_is_not_changed():
    manifest = pd.DataFrame({"interview_id": ["a", "b"], "withdrawn": ["2021-03-04", ""]}, dtype=object)
    before = manifest.copy()
    without_withdrawn(manifest)
    pd.testing.assert_frame_equal(manifest, before)


@pytest.mark.parametrize(("level", "allowed"), [("none", False), ("anonymous", True), ("full", True)])
def test_words_are_printed_only_where_that_was_allowed(level, allowed):
    assert level in QUOTE_LEVELS
    assert may_print(level) is allowed


@pytest.mark.parametrize("unclear", ["", "Full", "yes", " full", "unknown"])
def test_an_unclear_permission_is_none(unclear):
    assert may_print(unclear) is False
