from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.analysis.necessity.cases import with_informants
from bwa_study.analysis.necessity.interviews import interviews_of
from bwa_study.demo import plan
from bwa_study.model.case_rules import Calibration, CaseRules, Measure
from bwa_study.model.codebook import Code
from bwa_study.model.errors import SeveralCoders, UnknownName, WrongCall
from bwa_study.model.labels import Label
from bwa_study.model.study import Site

NO_LABEL = Label(())
CODES = (Code("good", "t", NO_LABEL), Code("bad", "t", NO_LABEL), Code("asked_late", "t", NO_LABEL, block="late"))
OPEN = Measure(
    "open", NO_LABEL, codes=(("good", 1.0), ("bad", -1.0)), informants=("worker",), rounds=("before",),
    calibration=Calibration("crisp", (0.0,), strict=True),
)  # fmt: skip
LASTS = replace(OPEN, id="lasts", rounds=("after",))


def tiny(make_study, make_interview, said, *, round="before", measure=OPEN, groups=("worker",), **changes):
    """Interviews at S1 as group and codes with polarity, such as ``("worker", "good+ bad-")``; S2 has none."""
    interviews, codings = [], []
    for n, (group, text) in enumerate(said):
        words = [f"Words {k} here." for k in range(len(text.split()))] or ["Nothing of note."]
        interviews.append(make_interview(f"i{n}", group, round, "S1", words, blocks=["none"]))
        for k, one in enumerate(text.split()):
            polarity = "present" if one[-1] == "+" else "absent"
            codings.append((f"i{n}", f"Words {k} here.", one[:-1], polarity, "x"))
    study = make_study(interviews, codings, examined={"x": {f"i{n}": None for n in range(len(said))}}, codes=CODES)
    changed = replace(measure, informants=groups, **changes)
    rules = CaseRules((changed, replace(LASTS, id="y")), "y", 1.0)
    return bwa.cases(bwa.matrix(study, coders=["x"]), rules=rules)


def line(found, case="S1"):
    return found.frame.query("case == @case and measure == 'open'").iloc[0]


def test_an_interviews_score_is_its_balance_over_what_it_was_asked(make_study, make_interview):
    found = line(tiny(make_study, make_interview, [("worker", "good+"), ("worker", "bad+"), ("worker", "good+ bad-")]))
    assert found["raw"] == pytest.approx((0.5 - 0.5 + 1.0) / 3)
    assert found[["evidence", "groups", "said", "denied"]].tolist() == [3, 1, 2, 1]
    assert found["score"] == 1


def test_a_group_with_many_interviews_does_not_outvote_the_other(make_study, make_interview):
    said = [("worker", "good-"), ("manager", "good+"), ("manager", "good+"), ("manager", "good+")]
    found = line(tiny(make_study, make_interview, said, groups=("worker", "manager")))
    assert found["raw"] == 0
    assert found["score"] == 0
    assert found["remark"] == "exactly at the threshold: out"


def test_a_score_on_the_threshold_is_a_warning(make_study, make_interview):
    found = tiny(make_study, make_interview, [("worker", "good+"), ("worker", "good-")])
    assert "Warning: S1: open is exactly at the threshold: out; move the threshold, or look again" in found.notes()


def test_a_condition_read_in_the_outcomes_round_is_told(lite_study):
    notes = bwa.cases(bwa.matrix(lite_study, coders=["simulated-human-A"])).notes()
    assert "Read in the outcome's own round R3, not before it: oversight." in notes


def test_silence_is_neither_presence_nor_absence(make_study, make_interview):
    found = line(tiny(make_study, make_interview, [("worker", "good+"), ("worker", ""), ("worker", "")]))
    assert found["raw"] == pytest.approx(1 / 6)
    assert (found["evidence"], found["said"]) == (3, 1)


def test_where_nobody_says_anything_the_case_cannot_be_classified_unless_the_rule_says_so(make_study, make_interview):
    found = line(tiny(make_study, make_interview, [("worker", ""), ("worker", "")]))
    assert math.isnan(found["score"])
    assert found["reason"] == "nobody of 2 interviews (worker, before) said anything for or against"
    assert line(tiny(make_study, make_interview, [("worker", "")], silence="out"))["score"] == 0


def test_a_place_nobody_was_interviewed_at_is_not_0(make_study, make_interview):
    found = tiny(make_study, make_interview, [("worker", "good+")])
    assert math.isnan(found.scores.loc["S2", "open"])
    assert line(found, "S2")["reason"] == "no interview of worker in before was asked about it and read by the coder"
    assert found.unclassified["open"] == ("S2",)


def test_too_little_evidence_is_said_with_the_numbers(make_study, make_interview):
    found = line(tiny(make_study, make_interview, [("worker", "good+")], fewest_interviews=3, fewest_groups=1))
    assert math.isnan(found["score"])
    assert found["reason"] == "1 interviews of 1 groups (worker, before), 3 of 1 are the fewest"


def test_what_was_not_asked_counts_neither_way(make_study, make_interview):
    weights = (("good", 1.0), ("asked_late", 3.0))
    found = line(tiny(make_study, make_interview, [("worker", "good+ asked_late-")], codes=weights))
    assert found["raw"] == 1


def test_a_case_that_too_few_confirm_counts_as_out_and_says_so(make_study, make_interview):
    said = [("worker", "good+"), ("worker", "good+"), ("manager", "")]
    options = {"confirmed_interviews": 3, "confirmed_groups": 2, "groups": ("worker", "manager")}
    found = line(tiny(make_study, make_interview, said, **options))
    assert found["raw"] > 0
    assert found["score"] == 0
    assert found["remark"] == "counts as out: not confirmed by 3 interviews of 2 groups (2 say so)"


def test_the_sentences_for_and_against_are_kept(make_study, make_interview):
    found = tiny(make_study, make_interview, [("worker", "good+ bad+"), ("worker", "good-")])
    assert found.evidence("open", "S1")["side"].tolist() == ["for", "against", "against"]
    quotes = found.quotes("open", "S1", side="against")
    assert list(zip(quotes["transcript"], quotes["quote"], quotes["side"], strict=True)) == [
        ("i0", "Words 1 here.", "against"),
        ("i1", "Words 0 here.", "against"),
    ]
    assert set(found.evidence("open", "S1")["id"]) <= set(found.matrix.codings.table["id"])
    assert found.quotes("open", "S2").empty


def test_facts_of_the_sites_are_scores_and_a_value_without_one_is_not(make_study, make_interview):
    study = make_study([make_interview("i", "worker", "before", "S1", ["Words."])], examined={"x": {"i": None}})
    study = replace(study, sites=(Site("S1", (), (("shock", "yes"),)), Site("S2", (), (("shock", "maybe"),))))
    shock = Measure(
        "shock", NO_LABEL, attribute="shock", values=(("yes", 1.0),), calibration=Calibration("crisp", (0.5,))
    )
    rules = CaseRules((shock, replace(LASTS, codes=(("a", 1.0),))), "lasts", 1.0)
    found = bwa.cases(bwa.matrix(study, coders=["x"]), rules=rules)
    assert found.scores.loc["S1", "shock"] == 1
    assert math.isnan(found.scores.loc["S2", "shock"])
    assert found.frame.query("case == 'S2' and measure == 'shock'")["reason"].iloc[0] == "shock: 'maybe' has no score"


def test_interviews_hold_what_frequency_counts(lite_study):
    matrix = bwa.matrix(lite_study, coders=["simulated-human-A"])
    laid = interviews_of(matrix)
    counted = bwa.frequency(matrix, by=("site", "group", "round"), themes=False, polarity=["present"])
    at = matrix.codes.index("follow_up")
    table = laid.table.assign(said=laid.present[:, at] & laid.asked[:, at], asked=laid.asked[:, at] & laid.read)
    for (site, group, round), part in table.groupby(["site", "group", "round"]):
        cell = counted.cell("follow_up", site=site, group=group, round=round)
        assert (part["said"].sum(), part["asked"].sum()) == (cell["n"], cell["denominator"])


def test_the_planted_table_is_recovered_from_the_codings(full_study):
    found = bwa.cases(bwa.matrix(full_study, coders=["simulated-human-A"])).scores
    planted = pd.DataFrame(
        {f.id: {"oversight": f.oversight[2], "openness": f.openness[1], "shock": float(f.shock), "trained": 1.0,
                "endures": float(f.endures)} for f in plan.FACTORIES}
    ).T  # fmt: skip
    assert (found == planted).all(axis=None)


def test_managers_as_informants_make_openness_trivial(full_study):
    matrix = bwa.matrix(full_study, coders=["simulated-human-A"])
    rules = with_informants(full_study.necessity, openness=["manager"])
    found = bwa.necessity(bwa.cases(matrix, rules=rules), consistency=1, bootstrap=0)
    row = found.row("openness")
    assert row["holds"]
    assert row["relevance"] == 0
    assert row["warning"] == "trivial: 1 in all 12 cases, so it cannot tell them apart"


def test_what_is_not_declared_or_does_not_exist_is_said(lite_study):
    matrix = bwa.matrix(lite_study, coders=["simulated-human-A"])
    with pytest.raises(WrongCall, match="does not say how its cases are scored — add the block 'necessity'"):
        bwa.cases(replace(matrix, study=replace(lite_study, necessity=None)))
    with pytest.raises(UnknownName, match="unknown group 'cleaner'"):
        bwa.cases(matrix, rules=with_informants(lite_study.necessity, openness=["cleaner"]))
    with pytest.raises(SeveralCoders, match="scoring cases needs one coder"):
        bwa.cases(bwa.matrix(lite_study))
    with pytest.raises(UnknownName, match="unknown measure 'opennes', did you mean 'openness'"):
        bwa.cases(matrix).evidence("opennes")


def test_a_survey_scale_is_a_measure_like_codes(lite_study):
    rules = lite_study.necessity
    scale = replace(
        rules.measure("openness"), codes=(), items=("op1", "op2", "fe1"), informants=("worker", "manager"),
        calibration=Calibration("direct", (2.0, 3.0, 4.0)),
    )  # fmt: skip
    changed = replace(rules, measures=tuple(scale if m.id == "openness" else m for m in rules.measures))
    found = bwa.cases(bwa.matrix(lite_study, coders=["simulated-human-A"]), rules=changed)
    wave = next(w for w in lite_study.surveys if w.round == "R2")
    means = wave.values[["op1", "op2", "fe1"]].mean(axis=1)
    facts = wave.respondents.assign(value=means.to_numpy()).query("site == 'F01'").dropna(subset=["value"])
    groups = [
        (part["value"] * part["weight"]).sum() / part["weight"].sum()
        for group, part in facts.groupby("group")
        if group in ("worker", "manager")
    ]
    row = found.frame.query("case == 'F01' and measure == 'openness'").iloc[0]
    assert row["raw"] == pytest.approx(sum(groups) / 2)
    assert 0 < row["score"] < 1
    assert found.evidence("openness").empty
    assert "openness: survey (op1, op2, fe1), worker, manager, R2, direct (2, 3, 4)" in found.method


def test_where_nobody_answered_the_survey_the_case_cannot_be_classified(lite_study):
    rules = lite_study.necessity
    scale = replace(rules.measure("openness"), codes=(), items=("op1",))
    changed = replace(rules, measures=tuple(scale if m.id == "openness" else m for m in rules.measures))
    study = replace(lite_study, surveys=())
    found = bwa.cases(bwa.matrix(study, coders=["simulated-human-A"]), rules=changed)
    assert set(found.frame.query("measure == 'openness'")["reason"]) == {"no answer of worker in R2 to op1"}
