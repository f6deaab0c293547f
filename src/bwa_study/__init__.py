"""Qualitative impact studies: what changed, for whom, and did it last.

Transcripts come in, codings are put on them, analyses read the codings, tables and figures go out; every number can be
walked back to the sentences that made it.

    study = load_study("data")                       # groups, rounds, sites, corpus, codebook, codings
    proposals = apply_codebook(study.corpus, study.codebook)
    study = study.with_codings(proposals, examined_whole="indicators")
    m = matrix(study, coders=["indicators"])         # unit x code x coder, silent units included
    table = frequency(m, by=("group", "round"))      # shares with n, denominator and interval
    table.quotes("follow_up", group="worker", round="R1")
    table.plot()
    write_table(table, "themes.xlsx")

Silence is not absence: a unit can say that a thing is present, absent, both, nothing, or was not asked. A coding has an
author and a codebook version. One analysis counts one coder. Offsets are Unicode code points and checked by the quote.
The unit of inference is the person in a site.

Names are imported when they are first used, so that importing the package is cheap.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # of `typing`, which takes longer to load than the rest of this module
if TYPE_CHECKING:
    from bwa_study.analysis.alpha import krippendorff_alpha as krippendorff_alpha
    from bwa_study.analysis.checklists import criteria_summary as criteria_summary
    from bwa_study.analysis.checklists import reporting_checklist as reporting_checklist
    from bwa_study.analysis.codebook_summary import codebook_summary as codebook_summary
    from bwa_study.analysis.coefficients import brennan_prediger as brennan_prediger
    from bwa_study.analysis.coefficients import cohen_kappa as cohen_kappa
    from bwa_study.analysis.coefficients import conger_kappa as conger_kappa
    from bwa_study.analysis.coefficients import fleiss_by_category as fleiss_by_category
    from bwa_study.analysis.coefficients import fleiss_kappa as fleiss_kappa
    from bwa_study.analysis.coefficients import gwet_ac1 as gwet_ac1
    from bwa_study.analysis.coefficients import gwet_ac2 as gwet_ac2
    from bwa_study.analysis.coefficients import holsti as holsti
    from bwa_study.analysis.coefficients import light_kappa as light_kappa
    from bwa_study.analysis.coefficients import percent_agreement as percent_agreement
    from bwa_study.analysis.coefficients import scott_pi as scott_pi
    from bwa_study.analysis.compare import Comparison as Comparison
    from bwa_study.analysis.compare import compare as compare
    from bwa_study.analysis.condition_scores import condition_scores as condition_scores
    from bwa_study.analysis.consensus import consensus as consensus
    from bwa_study.analysis.contribution import Contribution as Contribution
    from bwa_study.analysis.contribution import contribution as contribution
    from bwa_study.analysis.cooccurrence import cooccurrence as cooccurrence
    from bwa_study.analysis.disagreements import Disagreements as Disagreements
    from bwa_study.analysis.disagreements import disagreements as disagreements
    from bwa_study.analysis.divergence import Divergence as Divergence
    from bwa_study.analysis.divergence import divergence as divergence
    from bwa_study.analysis.drift import Drift as Drift
    from bwa_study.analysis.drift import drift as drift
    from bwa_study.analysis.durability import Durability as Durability
    from bwa_study.analysis.durability import durability as durability
    from bwa_study.analysis.following import followed_by as followed_by
    from bwa_study.analysis.framework import framework_matrix as framework_matrix
    from bwa_study.analysis.frequency import Frequency as Frequency
    from bwa_study.analysis.frequency import frequency as frequency
    from bwa_study.analysis.gamma import gamma as gamma
    from bwa_study.analysis.gate import ReliabilityGate as ReliabilityGate
    from bwa_study.analysis.gate import reliability_gate as reliability_gate
    from bwa_study.analysis.interaction import interaction_modes as interaction_modes
    from bwa_study.analysis.internal_consistency import internal_consistency as internal_consistency
    from bwa_study.analysis.intervals import newcombe_difference as newcombe_difference
    from bwa_study.analysis.intervals import wilson as wilson
    from bwa_study.analysis.joint_display import joint_display as joint_display
    from bwa_study.analysis.keyness import keyness as keyness
    from bwa_study.analysis.necessity.cases import StudyCases as StudyCases
    from bwa_study.analysis.necessity.cases import cases as cases
    from bwa_study.analysis.necessity.deviant import deviant_cases as deviant_cases
    from bwa_study.analysis.necessity.nca import nca as nca
    from bwa_study.analysis.necessity.necessity import Necessity as Necessity
    from bwa_study.analysis.necessity.necessity import necessity as necessity
    from bwa_study.analysis.necessity.robustness import Robustness as Robustness
    from bwa_study.analysis.necessity.robustness import robustness as robustness
    from bwa_study.analysis.necessity.scores import Cases as Cases
    from bwa_study.analysis.necessity.scores import cases_from_scores as cases_from_scores
    from bwa_study.analysis.necessity.solutions import Solutions as Solutions
    from bwa_study.analysis.necessity.solutions import minimise as minimise
    from bwa_study.analysis.necessity.study_table import study_necessity as study_necessity
    from bwa_study.analysis.necessity.study_table import study_truth_table as study_truth_table
    from bwa_study.analysis.necessity.truth_table import TruthTable as TruthTable
    from bwa_study.analysis.necessity.truth_table import truth_table as truth_table
    from bwa_study.analysis.open_answers import open_answers as open_answers
    from bwa_study.analysis.planning import DoubleCodingPlan as DoubleCodingPlan
    from bwa_study.analysis.planning import plan_double_coding as plan_double_coding
    from bwa_study.analysis.planning import units_needed as units_needed
    from bwa_study.analysis.prevalence import Prevalence as Prevalence
    from bwa_study.analysis.prevalence import prevalence as prevalence
    from bwa_study.analysis.quotable import quote_table as quote_table
    from bwa_study.analysis.quotable import quotes as quotes
    from bwa_study.analysis.recoding import recoding_queue as recoding_queue
    from bwa_study.analysis.recoding import version_effect as version_effect
    from bwa_study.analysis.recovery import recovery as recovery
    from bwa_study.analysis.reliability import Reliability as Reliability
    from bwa_study.analysis.reliability import reliability as reliability
    from bwa_study.analysis.sample import sample_table as sample_table
    from bwa_study.analysis.saturation import saturation as saturation
    from bwa_study.analysis.self_agreement import self_agreement as self_agreement
    from bwa_study.analysis.site_profile import SiteProfile as SiteProfile
    from bwa_study.analysis.site_profile import site_profile as site_profile
    from bwa_study.analysis.span_interval import span_interval as span_interval
    from bwa_study.analysis.survey_items import SurveyItems as SurveyItems
    from bwa_study.analysis.survey_items import survey_items as survey_items
    from bwa_study.analysis.survey_panel import panel as panel
    from bwa_study.analysis.survey_panel import survey_interviews as survey_interviews
    from bwa_study.analysis.survey_scales import SurveyScales as SurveyScales
    from bwa_study.analysis.survey_scales import scale_scores as scale_scores
    from bwa_study.analysis.survey_scales import survey_change as survey_change
    from bwa_study.analysis.survey_scales import survey_scales as survey_scales
    from bwa_study.analysis.timeline import timeline as timeline
    from bwa_study.analysis.trajectories import trajectories as trajectories
    from bwa_study.analysis.triangulation import Triangulation as Triangulation
    from bwa_study.analysis.triangulation import triangulate as triangulate
    from bwa_study.analysis.unitized import Unitized as Unitized
    from bwa_study.analysis.unitized import spans_of as spans_of
    from bwa_study.analysis.unitizing import binary_u_alpha as binary_u_alpha
    from bwa_study.analysis.unitizing import cu_alpha as cu_alpha
    from bwa_study.analysis.unitizing import ku_alpha as ku_alpha
    from bwa_study.analysis.unitizing import u_alpha as u_alpha
    from bwa_study.analysis.unitizing import u_alpha_by_code as u_alpha_by_code
    from bwa_study.analysis.unitizing_alpha_u import alpha_u as alpha_u
    from bwa_study.analysis.unitizing_alpha_u import alpha_u_by_code as alpha_u_by_code
    from bwa_study.analysis.wide import wide_codes as wide_codes
    from bwa_study.coding.assignment import assign as assign
    from bwa_study.coding.decisions import Decisions as Decisions
    from bwa_study.coding.decisions import carry_agreed as carry_agreed
    from bwa_study.coding.decisions import decisions as decisions
    from bwa_study.coding.examples import check_examples as check_examples
    from bwa_study.coding.explain import explain as explain
    from bwa_study.coding.indicator_report import IndicatorReport as IndicatorReport
    from bwa_study.coding.indicator_report import indicator_report as indicator_report
    from bwa_study.coding.indicators import ReadCorpus as ReadCorpus
    from bwa_study.coding.indicators import apply_codebook as apply_codebook
    from bwa_study.coding.log.log import CodingLog as CodingLog
    from bwa_study.coding.log.log import StaleCoding as StaleCoding
    from bwa_study.coding.log.log import open_log as open_log
    from bwa_study.coding.parquet_corpus import write_corpus as write_corpus
    from bwa_study.coding.recode.widget import recode as recode
    from bwa_study.coding.stored_matrix import stored_matrix as stored_matrix
    from bwa_study.coding.streaming import CodingsStore as CodingsStore
    from bwa_study.coding.streaming import code_parquet as code_parquet
    from bwa_study.coding.suggestions import suggest_phrases as suggest_phrases
    from bwa_study.coding.try_indicator import try_indicator as try_indicator
    from bwa_study.demo.write import demo_codebook_path as demo_codebook_path
    from bwa_study.demo.write import demo_study as demo_study
    from bwa_study.demo.write import write_demo as write_demo
    from bwa_study.load.assignment_file import load_assignment as load_assignment
    from bwa_study.load.codebook import codebook_schema as codebook_schema
    from bwa_study.load.codebook import load_codebook as load_codebook
    from bwa_study.load.codings_files import load_codings as load_codings
    from bwa_study.load.refi_qda import read_refi_qda as read_refi_qda
    from bwa_study.load.study import check_study as check_study
    from bwa_study.load.study import load_study as load_study
    from bwa_study.model.assignment import Assignment as Assignment
    from bwa_study.model.codebook import Code as Code
    from bwa_study.model.codebook import Codebook as Codebook
    from bwa_study.model.codebook_changes import MigrationMap as MigrationMap
    from bwa_study.model.codebook_changes import codebook_changes as codebook_changes
    from bwa_study.model.codings import Coder as Coder
    from bwa_study.model.codings import Codings as Codings
    from bwa_study.model.corpus import Corpus as Corpus
    from bwa_study.model.errors import BwaError as BwaError
    from bwa_study.model.errors import ProblemsFound as ProblemsFound
    from bwa_study.model.events import Event as Event
    from bwa_study.model.matrix import CodingMatrix as CodingMatrix
    from bwa_study.model.matrix import matrix as matrix
    from bwa_study.model.qda_project import QdaProject as QdaProject
    from bwa_study.model.results import Result as Result
    from bwa_study.model.spans import Span as Span
    from bwa_study.model.study import Study as Study
    from bwa_study.model.survey import SurveyItem as SurveyItem
    from bwa_study.model.survey import SurveyWave as SurveyWave
    from bwa_study.model.transcripts import Transcript as Transcript
    from bwa_study.model.transcripts import Turn as Turn
    from bwa_study.present.ceiling_plot import plot_ceilings as plot_ceilings
    from bwa_study.present.diverging import plot_diverging as plot_diverging
    from bwa_study.present.figures import plot_dots as plot_dots
    from bwa_study.present.figures import plot_heatmap as plot_heatmap
    from bwa_study.present.figures import plot_slope as plot_slope
    from bwa_study.present.forest import plot_forest as plot_forest
    from bwa_study.present.necessity_words import claims as claims
    from bwa_study.present.project_file import write_refi_qda as write_refi_qda
    from bwa_study.present.robustness_strip import plot_robustness as plot_robustness
    from bwa_study.present.run import run_study as run_study
    from bwa_study.present.tables import write_table as write_table
    from bwa_study.present.timeline import plot_timeline as plot_timeline
    from bwa_study.present.truth_heatmap import plot_truth_table as plot_truth_table
    from bwa_study.present.two_by_two import plot_two_by_two as plot_two_by_two

_HOME = {
    "QdaProject": "model.qda_project",
    "alpha_u": "analysis.unitizing_alpha_u",
    "alpha_u_by_code": "analysis.unitizing_alpha_u",
    "apply_codebook": "coding.indicators",
    "assign": "coding.assignment",
    "Assignment": "model.assignment",
    "binary_u_alpha": "analysis.unitizing",
    "brennan_prediger": "analysis.coefficients",
    "BwaError": "model.errors",
    "carry_agreed": "coding.decisions",
    "cases": "analysis.necessity.cases",
    "decisions": "coding.decisions",
    "Decisions": "coding.decisions",
    "Cases": "analysis.necessity.scores",
    "cases_from_scores": "analysis.necessity.scores",
    "check_examples": "coding.examples",
    "check_study": "load.study",
    "claims": "present.necessity_words",
    "Code": "model.codebook",
    "code_parquet": "coding.streaming",
    "Codebook": "model.codebook",
    "codebook_changes": "model.codebook_changes",
    "codebook_schema": "load.codebook",
    "Coder": "model.codings",
    "CodingLog": "coding.log.log",
    "CodingMatrix": "model.matrix",
    "Codings": "model.codings",
    "CodingsStore": "coding.streaming",
    "cohen_kappa": "analysis.coefficients",
    "conger_kappa": "analysis.coefficients",
    "compare": "analysis.compare",
    "Comparison": "analysis.compare",
    "consensus": "analysis.consensus",
    "contribution": "analysis.contribution",
    "Contribution": "analysis.contribution",
    "Corpus": "model.corpus",
    "cu_alpha": "analysis.unitizing",
    "demo_codebook_path": "demo.write",
    "demo_study": "demo.write",
    "cooccurrence": "analysis.cooccurrence",
    "followed_by": "analysis.following",
    "joint_display": "analysis.joint_display",
    "keyness": "analysis.keyness",
    "quote_table": "analysis.quotable",
    "quotes": "analysis.quotable",
    "read_refi_qda": "load.refi_qda",
    "write_refi_qda": "present.project_file",
    "saturation": "analysis.saturation",
    "divergence": "analysis.divergence",
    "Divergence": "analysis.divergence",
    "deviant_cases": "analysis.necessity.deviant",
    "drift": "analysis.drift",
    "Drift": "analysis.drift",
    "Event": "model.events",
    "durability": "analysis.durability",
    "Durability": "analysis.durability",
    "explain": "coding.explain",
    "fleiss_by_category": "analysis.coefficients",
    "fleiss_kappa": "analysis.coefficients",
    "Frequency": "analysis.frequency",
    "framework_matrix": "analysis.framework",
    "frequency": "analysis.frequency",
    "gamma": "analysis.gamma",
    "gwet_ac1": "analysis.coefficients",
    "gwet_ac2": "analysis.coefficients",
    "holsti": "analysis.coefficients",
    "indicator_report": "coding.indicator_report",
    "IndicatorReport": "coding.indicator_report",
    "krippendorff_alpha": "analysis.alpha",
    "ku_alpha": "analysis.unitizing",
    "light_kappa": "analysis.coefficients",
    "load_assignment": "load.assignment_file",
    "load_codebook": "load.codebook",
    "load_codings": "load.codings_files",
    "load_study": "load.study",
    "matrix": "model.matrix",
    "minimise": "analysis.necessity.solutions",
    "nca": "analysis.necessity.nca",
    "necessity": "analysis.necessity.necessity",
    "Necessity": "analysis.necessity.necessity",
    "MigrationMap": "model.codebook_changes",
    "newcombe_difference": "analysis.intervals",
    "open_log": "coding.log.log",
    "percent_agreement": "analysis.coefficients",
    "plot_ceilings": "present.ceiling_plot",
    "plot_dots": "present.figures",
    "plot_forest": "present.forest",
    "plot_heatmap": "present.figures",
    "plot_robustness": "present.robustness_strip",
    "plot_slope": "present.figures",
    "plot_truth_table": "present.truth_heatmap",
    "plot_two_by_two": "present.two_by_two",
    "ProblemsFound": "model.errors",
    "recode": "coding.recode.widget",
    "ReadCorpus": "coding.indicators",
    "recoding_queue": "analysis.recoding",
    "recovery": "analysis.recovery",
    "reliability": "analysis.reliability",
    "Reliability": "analysis.reliability",
    "disagreements": "analysis.disagreements",
    "Disagreements": "analysis.disagreements",
    "SiteProfile": "analysis.site_profile",
    "site_profile": "analysis.site_profile",
    "Prevalence": "analysis.prevalence",
    "prevalence": "analysis.prevalence",
    "DoubleCodingPlan": "analysis.planning",
    "plan_double_coding": "analysis.planning",
    "units_needed": "analysis.planning",
    "reliability_gate": "analysis.gate",
    "ReliabilityGate": "analysis.gate",
    "Result": "model.results",
    "robustness": "analysis.necessity.robustness",
    "Robustness": "analysis.necessity.robustness",
    "run_study": "present.run",
    "sample_table": "analysis.sample",
    "scott_pi": "analysis.coefficients",
    "self_agreement": "analysis.self_agreement",
    "Solutions": "analysis.necessity.solutions",
    "Span": "model.spans",
    "span_interval": "analysis.span_interval",
    "spans_of": "analysis.unitized",
    "StaleCoding": "coding.log.log",
    "stored_matrix": "coding.stored_matrix",
    "study_necessity": "analysis.necessity.study_table",
    "study_truth_table": "analysis.necessity.study_table",
    "StudyCases": "analysis.necessity.cases",
    "Study": "model.study",
    "internal_consistency": "analysis.internal_consistency",
    "SurveyItems": "analysis.survey_items",
    "survey_items": "analysis.survey_items",
    "scale_scores": "analysis.survey_scales",
    "survey_change": "analysis.survey_scales",
    "survey_scales": "analysis.survey_scales",
    "SurveyScales": "analysis.survey_scales",
    "open_answers": "analysis.open_answers",
    "panel": "analysis.survey_panel",
    "survey_interviews": "analysis.survey_panel",
    "suggest_phrases": "coding.suggestions",
    "SurveyItem": "model.survey",
    "SurveyWave": "model.survey",
    "Transcript": "model.transcripts",
    "truth_table": "analysis.necessity.truth_table",
    "TruthTable": "analysis.necessity.truth_table",
    "Turn": "model.transcripts",
    "trajectories": "analysis.trajectories",
    "triangulate": "analysis.triangulation",
    "Triangulation": "analysis.triangulation",
    "try_indicator": "coding.try_indicator",
    "u_alpha": "analysis.unitizing",
    "u_alpha_by_code": "analysis.unitizing",
    "Unitized": "analysis.unitized",
    "version_effect": "analysis.recoding",
    "wilson": "analysis.intervals",
    "codebook_summary": "analysis.codebook_summary",
    "interaction_modes": "analysis.interaction",
    "wide_codes": "analysis.wide",
    "timeline": "analysis.timeline",
    "plot_timeline": "present.timeline",
    "plot_diverging": "present.diverging",
    "reporting_checklist": "analysis.checklists",
    "criteria_summary": "analysis.checklists",
    "condition_scores": "analysis.condition_scores",
    "write_corpus": "coding.parquet_corpus",
    "write_demo": "demo.write",
    "write_table": "present.tables",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'bwa_study' has no attribute '{name}'")
    value = getattr(import_module(f"bwa_study.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
