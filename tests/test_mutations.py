"""The short form of `tools/mutations.py`: the first mutations of each kind, and some through the command line."""

from __future__ import annotations

import mutations
import pytest


@pytest.mark.parametrize("kind", list(mutations.GOOD))
def test_a_damaged_file_is_read_or_refused_in_plain_words(tmp_path, kind):
    counts, bad = mutations.run(kind, each=40, seed=2, folder=tmp_path)
    assert bad == []
    assert counts["read"] + counts["refused"] == 40


@pytest.mark.parametrize("kind", ["docx", "yaml", "qdpx"])
def test_the_command_line_ends_with_0_or_2(tmp_path, kind):
    target = mutations.write_study(tmp_path, kind)
    target.write_bytes(mutations.Case(kind, 1, 1).data(target.read_bytes()))
    what, said = mutations.by_command(tmp_path)
    assert what in ("read", "refused"), said


def test_a_case_is_the_same_every_time_and_no_two_are_alike():
    good = mutations.GOOD["csv"]()
    made = [mutations.Case("csv", 1, n).data(good) for n in range(30)]
    assert made == [mutations.Case("csv", 1, n).data(good) for n in range(30)]
    assert len(set(made)) > 25


def test_the_good_files_are_good(tmp_path):
    for kind in mutations.GOOD:
        mutations.write_study(tmp_path / kind, kind)
        assert mutations.outcome(tmp_path / kind) == ("read", "")
