from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.analysis.site_profile import course_of
from bwa_study.demo import plan
from bwa_study.model.errors import UnknownName, WrongCall

PATTERNS = {
    "F01": "oversight, openness: endured",
    "F02": "oversight, openness: endured",
    "F03": "oversight, openness: endured",
    "F04": "oversight, openness: endured",
    "F05": "oversight, openness: faded",
    "F06": "oversight, no openness: never",
    "F07": "oversight, no openness: never",
    "F08": "oversight, no openness: faded",
    "F09": "oversight lost, openness: faded",
    "F10": "oversight lost, openness: faded",
    "F11": "no oversight, no openness: never",
    "F12": "no oversight, no openness: never",
}


@pytest.fixture(scope="module")
def profile(full_study):
    return bwa.site_profile(bwa.matrix(full_study, coders=["simulated-human-A"]))


def test_every_planted_story_is_told(profile):
    assert dict(zip(profile.frame["site"], profile.frame["pattern"], strict=True)) == PATTERNS


def test_states_are_those_that_were_planted(profile):
    table = profile.frame.set_index("site")
    for factory in plan.FACTORIES:
        row = table.loc[factory.id]
        assert row["improved_R2"] == ("yes" if factory.improved else "no")
        assert row["endures_R3"] == ("yes" if factory.endures else "no")
        assert row["openness_R2"] == ("yes" if factory.openness[1] == 1 else "no")


def test_a_condition_stands_in_its_round_and_in_the_earlier_ones_of_the_profile(profile):
    assert profile.readings == (
        ("oversight", "R2"), ("oversight", "R3"), ("openness", "R2"), ("improved", "R2"), ("endures", "R3"),
    )  # fmt: skip


def test_states_in_the_round_of_a_condition_are_its_scores(profile, full_study):
    scores = bwa.cases(bwa.matrix(full_study, coders=["simulated-human-A"])).scores
    for name, column in (("oversight", "oversight_R3"), ("openness", "openness_R2"), ("endures", "endures_R3")):
        assert (profile.frame[column] == "yes").tolist() == (scores[name] > 0.5).tolist()


def test_context_is_what_not_every_site_shares(profile):
    context = profile.frame.set_index("site")["context"]
    assert "Order shock" in context["F05"]
    assert "Client withdrawal" in context["F09"]
    assert "Other drivers of change" in context["F02"]
    assert not context.str.contains("Training").any()


def test_every_state_has_as_many_interviews_behind_it_as_it_counts(profile):
    for row in profile.frame.to_dict("records"):
        for measure, round in profile.readings:
            for side in ("for", "against"):
                behind = profile.quotes(row["site"], measure, round=round, side=side)
                assert behind["transcript"].nunique() == row[f"{measure}_{round}_{side}"]


def test_a_site_without_its_informants_cannot_be_classified(full_study):
    kept = [t for t in full_study.corpus if not (t.sites == ("F09",) and t.group == "worker" and t.round == "R2")]
    study = replace(full_study, corpus=type(full_study.corpus)(tuple(kept)))
    study = replace(study, codings=study.codings.where(lambda c: c.transcript in {t.id for t in kept}))
    row = bwa.site_profile(bwa.matrix(study, coders=["simulated-human-A"])).frame.set_index("site").loc["F09"]
    assert row["openness_R2"] == "cannot classify"
    assert row["pattern"].startswith("oversight lost, openness cannot be classified")


@pytest.mark.parametrize(
    ("improved", "lasts", "expected"),
    [("yes", "yes", "endured"), ("yes", "no", "faded"), ("no", "no", "never"), ("no", "yes", "late"),
     ("", "no", "never"), ("", "yes", "endured"), ("cannot classify", "yes", "cannot say")],
)  # fmt: skip
def test_the_course_of_two_states(improved, lasts, expected):
    assert course_of(improved, lasts) == expected


def test_a_reading_that_is_not_shown_is_named(profile):
    with pytest.raises(UnknownName, match="unknown reading 'openness R3'"):
        profile.quotes("F01", "openness", round="R3")


def test_without_conditions_there_is_no_profile(full_study):
    bare = replace(full_study, necessity=None)
    with pytest.raises(WrongCall, match="the study declares no conditions"):
        bwa.site_profile(bwa.matrix(bare, coders=["simulated-human-A"]))
