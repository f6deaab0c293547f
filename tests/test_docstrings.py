"""Every public name says what it takes and gives, what it raises, where its formula is published, with an example."""

from __future__ import annotations

import inspect
import re

import pytest

import bwa_study as bwa

FUNCTIONS = sorted(name for name in bwa._HOME if inspect.isfunction(getattr(bwa, name)))
CLASSES = sorted(name for name in bwa._HOME if inspect.isclass(getattr(bwa, name)))
NO_EXAMPLE = {"load_codings", "run_study", "write_report", "open_log", "load_assignment", "code_parquet", "recode"}
"""They read or write files of a study, or open a page; the pages of docs/ show them."""
COUNTS_ONLY = {
    "codebook_summary", "condition_scores", "consensus", "criteria_summary", "interaction_modes", "recovery",
    "recoding_queue", "sample_table", "scale_scores", "spans_of", "survey_interviews", "timeline", "trajectories",
    "triangulate", "version_effect", "wide_codes", "quotes", "open_answers", "panel", "reliability_gate", "durability",
    "disagreements", "cases", "cases_from_scores", "contribution", "deviant_cases", "robustness",
}  # fmt: skip
"""They count or apply a rule that their docstring gives; there is no formula to cite."""


def doc(name: str) -> str:
    return inspect.getdoc(getattr(bwa, name)) or ""


@pytest.mark.parametrize("name", [*FUNCTIONS, *CLASSES])
def test_it_says_what_it_is(name):
    assert len(doc(name).split("\n", 1)[0]) > 15


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_is_named(name):
    text = doc(name)
    if re.search(r"Parameters(,| and|.*as in `|.*as of `)|[Ss]ee `", text):
        return
    parameters = [p for p in inspect.signature(getattr(bwa, name)).parameters if p != "ax"]
    assert [p for p in parameters if not re.search(rf"\b{p}\b", text)] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_it_raises_is_said(name):
    if re.search(r"^\s+raise (?!NotImplementedError)", inspect.getsource(getattr(bwa, name)), re.M):
        assert re.search(r"Raises|errors as in|Errors as in|raises? ", doc(name))


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if not bwa._HOME[n].startswith("present")])
def test_it_has_an_example_that_runs(name):
    assert name in NO_EXAMPLE or ">>> " in doc(name)


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if bwa._HOME[n].startswith("analysis")])
def test_a_statistic_names_where_it_is_published(name):
    assert name in COUNTS_ONLY or re.search(r"References|as in `|[Ss]ee `", doc(name))
