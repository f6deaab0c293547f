from __future__ import annotations

import pytest

import bwa_study as bwa

BOOK = """\
version: 1
codes:
  - id: follow_up
    patterns: ["follow* up"]
    examples:
      - {text: "They followed up.", polarity: present}
      - {text: "They never followed up.", polarity: absent}
    near_miss: {text: "They visit us.", code: visits}
  - id: visits
    patterns: ["visit*"]
"""
FIRST = "codebook.yaml:6:16: example of 'follow_up' (present) is not found: 'They visit.'; "
NEAR = "codebook.yaml:8:23: near miss of 'follow_up' is "


def failures(tmp_path, text):
    path = tmp_path / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    return [str(p).replace(f"{tmp_path}/", "") for p in bwa.check_examples(path).failures]


def test_a_codebook_whose_sentences_are_found_has_no_failures(tmp_path):
    assert failures(tmp_path, BOOK) == []
    run = bwa.check_examples(tmp_path)
    assert (run.examples, run.near_misses, run.codebook.version) == (2, 1, "1")


def test_an_example_that_is_not_found_is_named_with_its_line(tmp_path):
    assert failures(tmp_path, BOOK.replace("They followed up.", "They visit.")) == [
        FIRST + "found are visits (present) — add a pattern for it, or correct the example"
    ]


def test_an_example_of_the_wrong_polarity_fails(tmp_path):
    (line,) = failures(tmp_path, BOOK.replace("polarity: absent", "polarity: present"))
    assert line.startswith("codebook.yaml:7:16: example of 'follow_up' (present) is not found")
    assert "found are follow_up (absent)" in line


def test_a_near_miss_that_is_taken_for_the_code_fails_twice_where_the_other_is_silent(tmp_path):
    assert failures(tmp_path, BOOK.replace("They visit us.", "They follow up.")) == [
        NEAR + "taken for it: 'They follow up.'; found are follow_up (present) — make the pattern that fires narrower",
        NEAR + "not found for 'visits': 'They follow up.'; found are follow_up (present) — add a pattern to 'visits'",
    ]


def test_a_file_that_is_no_codebook_is_refused(tmp_path):
    with pytest.raises(bwa.ProblemsFound, match="the codebook is empty"):
        failures(tmp_path, "")
