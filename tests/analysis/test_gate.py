from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.analysis.gate import STATUSES, compared_coders
from bwa_study.model.errors import UnknownName
from bwa_study.model.reliability_rules import RULES, ReliabilityRules

A, B, LATER = "simulated-human-A", "simulated-human-B", "simulated-human-B-second-pass"


@pytest.fixture(scope="module")
def gate(full_study):
    return bwa.reliability_gate(full_study)


def test_the_gate_is_the_status_of_the_reliability_of_the_coders_named(gate, full_study):
    expected = bwa.reliability(bwa.matrix(full_study, coders=[A, B])).frame

    for column in ("theme", "code", "status", "alpha", "low", "high", "n_units", "n_coded"):
        assert gate.frame[column].equals(expected[column])


def test_only_the_lower_end_decides(gate):
    codes = gate.frame[gate.frame["code"] != ""].dropna(subset="low")
    use, tentative, _ = RULES["krippendorff2004"]

    assert (codes.loc[codes["status"] == "use", "low"] >= use).all()
    assert codes.loc[codes["status"] == "tentative", "low"].between(tentative, use, inclusive="left").all()
    assert (codes.loc[codes["status"] == "qualitative", "low"] < tentative).all()
    assert (codes.loc[codes["status"] == "qualitative", "alpha"] >= use).any(), "a high alpha on few uses is no pass"


def test_the_swapped_pair_may_be_reported_in_words_only(gate):
    assert gate.status("client_influence") == gate.status("commercial_incentive") == "qualitative"
    assert gate.row("client_influence")["low"] < gate.row("client_influence")["alpha"] < 0.667
    assert gate.row("commercial_incentive")["low"] < gate.row("commercial_incentive")["alpha"] < 0.667


def test_the_swapped_pair_recovers_after_the_rule_of_the_codebook(full_study):
    again = bwa.reliability_gate(replace(full_study, reliability=ReliabilityRules(coders=(A, LATER))))

    assert again.row("client_influence")["alpha"] > 0.8
    assert again.row("commercial_incentive")["alpha"] > 0.8
    assert again.status("client_influence") == again.status("commercial_incentive") == "tentative"


def test_the_demo_goes_by_the_two_first_passes(full_study):
    assert bwa.reliability_gate(full_study).coders == (A, B)


def test_by_default_all_people_who_coded_count(lite_study):
    gate = bwa.reliability_gate(replace(lite_study, reliability=ReliabilityRules()))

    assert set(gate.coders) == {A, B, f"{B}-check", LATER} == set(lite_study.codings.people)


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("krippendorff2004", "qualitative"),
        ("koo_li2016", "tentative"),
        ("fleiss1981", "tentative"),
        ("cicchetti1994", "use"),
        ("landis_koch1977", "use"),
    ],
)
def test_each_rule_has_the_limits_of_its_paper(full_study, rule, status):
    low = bwa.reliability_gate(full_study).row("productivity_improved")["low"]
    chosen = replace(full_study, reliability=ReliabilityRules(rule=rule, coders=(A, B)))
    found = bwa.reliability_gate(chosen)

    assert 0.61 <= low < 0.667
    assert found.status("productivity_improved") == status
    assert RULES[rule].paper in found.note()


def test_the_bootstrap_can_decide_in_place_of_the_jackknife(lite_study):
    rules = ReliabilityRules(coders=(A, B), interval="bootstrap")
    found = bwa.reliability_gate(replace(lite_study, reliability=rules)).row("audit_mode")
    m = bwa.matrix(lite_study, coders=[A, B])
    at = m.codes.index("audit_mode")
    ratings = np.where(m.examined, (m.present | m.absent)[:, :, at], np.nan).T
    one_a_turn = ~m.units.duplicated(["transcript", "turn"]).to_numpy()
    merged = np.array([np.nanmax(ratings[m.units["transcript"].eq(t) & m.units["turn"].eq(n)], axis=0)
                       if m.examined[:, i].all() else [np.nan, np.nan]
                       for i, (t, n) in enumerate(zip(m.units["transcript"], m.units["turn"], strict=True))
                       if one_a_turn[i]])  # fmt: skip
    clusters = m.units["transcript"].to_numpy(dtype=object)[one_a_turn]
    keep = ~np.isnan(merged).any(axis=1)
    alpha = bwa.krippendorff_alpha(merged[keep], level="nominal", clusters=clusters[keep])
    expected = alpha.bootstrap(by="cluster")

    assert (found["low"], found["high"]) == (expected.low, expected.high)
    assert found["low"] != alpha.interval.low


def test_one_coder_is_not_double_coded_and_says_who(tiny):
    gate = bwa.reliability_gate(tiny)

    assert set(gate.frame["status"]) == {"not double-coded"}
    assert set(gate.frame["reason"]) == {"only x has coded; agreement needs two"}
    assert gate.note() == (
        "Reliability: not double-coded. Agreement of coders was not measured: only x has coded; agreement needs two."
    )


def test_two_coders_without_a_common_unit_are_not_double_coded(make_study, make_interview):
    interviews = [make_interview(id, "worker", "before", "S1", ["It is fine."]) for id in ("i", "j")]
    codings = [("i", "It is fine.", "a", "present", "x"), ("j", "It is fine.", "a", "present", "y")]
    study = make_study(interviews, codings, examined={"x": {"i": None}, "y": {"j": None}})

    assert set(bwa.reliability_gate(study).frame["reason"]) == {"no turn was examined by two of x, y"}


def test_a_code_that_nobody_gave_cannot_be_said(make_study, make_interview):
    interviews = [make_interview(id, "worker", "before", "S1", ["It is fine.", "It is not."]) for id in ("i", "j")]
    codings = [(i, "It is fine.", "a", "present", c) for i in ("i", "j") for c in ("x", "y")]
    study = make_study(interviews, codings, examined={c: {"i": None, "j": None} for c in ("x", "y")})
    row = bwa.reliability_gate(study).row("b")

    assert row["status"] == "cannot say"
    assert row["reason"] == "nobody gave it in these 4 units, so nothing could have disagreed"


def test_the_answer_is_kept_with_the_study_and_forgotten_when_the_codings_change(lite_study):
    first = bwa.reliability_gate(lite_study)

    assert bwa.reliability_gate(lite_study) is first
    changed = lite_study.with_codings(bwa.Codings.empty())
    assert bwa.reliability_gate(changed) is not first


def test_every_row_of_a_frequency_table_has_its_status(full_study, gate):
    table = bwa.frequency(bwa.matrix(full_study, coders=[A]), by=("group",)).frame

    assert set(table["reliability"]) <= set(STATUSES)
    for theme, code, status in table[["theme", "code", "reliability"]].drop_duplicates().itertuples(index=False):
        assert status == gate.status(code or theme)


def test_a_table_that_counts_somebody_else_says_what_the_status_is_not(full_study):
    counted_a = bwa.frequency(bwa.matrix(full_study, coders=[A]), by=("group",))
    merged = bwa.consensus(bwa.matrix(full_study, coders=[A, B]), rule="any")
    counted_both = bwa.frequency(merged, by=("group",))

    assert counted_a.notes()[-1].endswith("'qualitative': report in words, not in numbers.")
    assert counted_both.notes()[-1].endswith(
        "It says how far these coders agree, not whether the codings of consensus (any) are right."
    )


def test_an_unknown_code_or_theme_is_refused(gate):
    with pytest.raises(UnknownName, match="unknown code or theme 'fear_retaliations', did you mean 'fear_retaliation'"):
        gate.status("fear_retaliations")


def test_alpha_of_coded_or_not_is_the_one_way_intraclass_correlation_but_for_the_small_sample_term():
    rng = np.random.default_rng(3)
    x = (rng.random((4000, 1)) < 0.3) ^ (rng.random((4000, 2)) < 0.1)
    between, within = 2 * x.mean(axis=1).var(ddof=1), x.var(axis=1, ddof=1).mean()
    alpha = bwa.krippendorff_alpha(x.astype(float), level="nominal").value

    assert (between - within) / (between + within) == pytest.approx(alpha, abs=2 / 4000)


def test_the_gate_and_tables_say_how_many_codings_are_of_another_version_of_the_codebook(lite_study):
    told = "codings by another version of the codebook: 616 of 4,163 (1.1.0: 3,547, 1.0.0: 616)"
    assert any(told in line for line in bwa.reliability_gate(lite_study).notes())
    table = bwa.frequency(bwa.matrix(lite_study, coders=["simulated-human-B"]), by=("round",))
    assert any("another version of the codebook: 616 of 616 (1.0.0: 616)" in line for line in table.notes())
    own = bwa.frequency(bwa.matrix(lite_study, coders=["simulated-human-A"]), by=("round",))
    assert not any("another version" in line for line in own.notes())


def test_where_none_of_the_coders_named_has_coded_nothing_is_double_coded(lite_study):
    open_answers = bwa.open_answers(lite_study)
    proposals = bwa.apply_codebook(open_answers.corpus, open_answers.codebook)
    gate = bwa.reliability_gate(open_answers.with_codings(proposals, examined_whole="indicators"))

    assert set(gate.frame["status"]) == {"not double-coded"}
    assert "none of simulated-human-A, simulated-human-B, named in study.yaml, has codings here" in gate.method


def test_one_coder_of_several_who_does_not_exist_is_a_mistake(lite_study):
    with pytest.raises(UnknownName, match="unknown coder 'nobody'"):
        bwa.reliability_gate(replace(lite_study, reliability=ReliabilityRules(coders=(A, "nobody"))))


def test_coders_asked_for_come_before_those_of_the_study_and_these_before_everybody(lite_study):
    unnamed = replace(lite_study, reliability=ReliabilityRules())

    assert compared_coders(lite_study, [LATER, A]) == (LATER, A)
    assert compared_coders(lite_study) == (A, B)
    assert compared_coders(unnamed) == lite_study.codings.people
