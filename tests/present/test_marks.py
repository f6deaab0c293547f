from __future__ import annotations

from dataclasses import replace

import bwa_study as bwa
from bwa_study.model.reliability_rules import ReliabilityRules
from bwa_study.present.figures import plot_heatmap
from bwa_study.present.marks import mark_lines, marked_label


def test_a_code_for_words_only_has_a_dagger_and_the_small_print_says_so(lite_study):
    assert marked_label(lite_study, "commercial_incentive", "zh").endswith(" †")
    assert marked_label(lite_study, "management_receptiveness", "en") == "Management receptiveness"
    assert mark_lines(lite_study, ["management_receptiveness"], "en") == []
    assert mark_lines(lite_study, ["management_receptiveness", "commercial_incentive"], "en") == [
        "† report in words, not in numbers: coders agree too little on it, or too little is coded twice."
    ]


def test_where_nothing_was_coded_twice_there_are_no_marks(lite_study):
    once = replace(lite_study, codings=lite_study.codings.select(coder="simulated-human-A"))
    once = replace(once, reliability=ReliabilityRules())

    assert marked_label(once, "commercial_incentive", "en") == "Commercial incentive"


def test_the_heat_map_marks_by_the_rule_the_study_has_chosen(lite_study):
    lenient = replace(lite_study, reliability=replace(lite_study.reliability, rule="landis_koch1977"))
    marked = {}
    for name, study in (("strict", lite_study), ("lenient", lenient)):
        assert isinstance(study.reliability, ReliabilityRules)
        figure = plot_heatmap(bwa.frequency(bwa.matrix(study, coders=["simulated-human-A"]), by=("group",)))
        marked[name] = {t.get_text() for t in figure.axes[0].get_yticklabels() if t.get_text().endswith("†")}

    assert marked["lenient"] < marked["strict"]
    assert "Commercial incentive †" in marked["lenient"] & marked["strict"]
