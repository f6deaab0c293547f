"""Every public name says what it takes and gives, what it raises, where its formula is published, with an example."""

from __future__ import annotations

import inspect
import re

import pytest

import bwa_study as bwa
from bwa_study.model.results import Result
from bwa_study.present.study_tables import TABLES

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


SHAPE = r"``table`` has|Columns:? \S|[Cc]olumns of|A row an? [^.]+: ``"


def own_doc(kind: type) -> str:
    """What a class and those of ours it is made from say of themselves."""
    ours = (c for c in kind.__mro__ if c.__module__.startswith("bwa_study") and c is not Result)
    return "\n".join(inspect.getdoc(c) or "" for c in ours)


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if not n.startswith("plot_")])
def test_what_it_gives_is_described(name):
    gives = inspect.signature(getattr(bwa, name), eval_str=True).return_annotation
    if gives is None or "Returns" in doc(name) or re.search(r"as in `|as of `", doc(name)):
        return
    assert inspect.isclass(gives) or gives.__module__ == "builtins", (
        f"{name} gives {gives} and does not say what is in it"
    )
    if inspect.isclass(gives) and issubclass(gives, Result):
        assert re.search(SHAPE, own_doc(gives)), f"{gives.__name__} does not say its columns"


@pytest.mark.parametrize("name", [n for n in CLASSES if issubclass(getattr(bwa, n), Result) and n != "Result"])
def test_a_result_says_its_columns(name):
    assert re.search(SHAPE, own_doc(getattr(bwa, name)))


@pytest.fixture(scope="module")
def all_tables(lite_study):
    matrix = bwa.matrix(lite_study, unit="turn", coders=["simulated-human-A"])
    return [kind.make(matrix) for kind in TABLES]


def test_every_column_of_every_table_is_described_where_its_class_is(all_tables, lite_study):
    """Names of levels, codes and conditions may stand for ``<group>``, ``<round>``, ``<code>`` and the like."""
    study = lite_study
    of_study = [g.id for g in study.groups] + [r.id for r in study.rounds] + list(study.codebook.ids) + ["en", "zh"]
    of_study += (
        [measure.id for measure in study.necessity.measures] + ["improved"] + ["informants", "threshold", "interviews"]
    )
    level = "|".join(map(re.escape, sorted(of_study, key=len, reverse=True)))
    undescribed = {}
    for result in all_tables:
        text = own_doc(type(result))
        rests = {re.sub(r"^(<[^>]+>[_ ]?)+", "", name) for name in re.findall(r"``([^`]+)``", text)}
        for column in map(str, result.table.columns):
            rest = re.sub(rf"^(?:(?:{level})(?:[_ ]|$))+", "", column)
            if column not in rests and rest not in rests and rest and column not in ("group", "round"):
                undescribed.setdefault(type(result).__name__, []).append(column)
    assert undescribed == {}


def test_a_table_with_gaps_says_what_they_mean(all_tables):
    silent = []
    for result in all_tables:
        if result.table.isna().any().any() and not re.search(r"NaN|[Mm]issing|[Ee]mpty", own_doc(type(result))):
            silent.append(type(result).__name__)
    assert silent == []
