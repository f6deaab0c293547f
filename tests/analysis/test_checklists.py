from __future__ import annotations

from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.analysis.checklists import COREQ, SRQR
from bwa_study.analysis.study_facts import facts
from bwa_study.model.errors import UnknownName
from bwa_study.model.reporting import CriterionFinding, ReportTexts


def test_the_checklists_have_all_items_in_their_order():
    assert [item for item, *_ in COREQ] == [str(n) for n in range(1, 33)]
    assert [item for item, *_ in SRQR] == [f"S{n}" for n in range(1, 22)]


def test_every_fact_an_item_asks_for_is_one_that_can_be_known(full_study):
    known = set(facts(full_study)) | {"third_parties", "duration"}
    assert {fact for *_, fact in (*COREQ, *SRQR)} - {""} <= known


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("1", "4 interviewers (E1, E2, E3, E4)."),
        ("12", "339 interviews with 229 participants."),
        ("13", "3 withdrew their consent later and are left out."),
        ("18", "56 of 229 participants were interviewed in more than one round."),
        ("19", "Recorded yes: 328; recorded no: 11."),
        (
            "24",
            "4 coders (simulated-human-A, simulated-human-B-check, simulated-human-B-second-pass, simulated-human-B).",
        ),
    ],
)
def test_what_the_manifest_knows_is_filled_in(full_study, item, text):
    row = bwa.reporting_checklist(full_study).frame.set_index("item").loc[item]
    assert (row["from_data"], row["status"]) == (text, "from data")


def test_what_nobody_can_count_is_left_to_the_team(full_study):
    table = bwa.reporting_checklist(full_study).frame.set_index("item")
    assert table.loc[["2", "9", "22", "28"], "status"].tolist() == ["text needed"] * 4
    assert bwa.reporting_checklist(full_study).compact().loc["9", "reported"] == "text needed"


def test_what_the_team_wrote_stands_before_what_was_counted(lite_study):
    study = replace(lite_study, report=ReportTexts(coreq=(("12", "As planned."),), srqr=(("S20", "None."),)))
    coreq, srqr = (bwa.reporting_checklist(study, checklist=c) for c in ("coreq", "srqr"))
    assert coreq.compact().loc["12", "reported"] == "As planned. 233 interviews with 147 participants."
    assert coreq.frame.set_index("item").loc["12", "status"] == "filled"
    assert srqr.compact().loc["S20", "reported"] == "None."


def test_pages_stand_beside_the_items_they_answer(full_study):
    study = replace(full_study, report=ReportTexts(pages=(("9", "12"), ("S4", "3"))))
    assert bwa.reporting_checklist(study).compact().loc["9", "page"] == "12"
    assert bwa.reporting_checklist(study, checklist="srqr").frame.set_index("item").loc["S4", "page"] == "3"


def test_people_who_withdrew_are_named_nowhere(full_study):
    texts = " ".join(bwa.reporting_checklist(full_study).frame["from_data"])
    assert "withdrew" in texts
    assert "P-" not in texts


def test_another_checklist_is_unknown(lite_study):
    with pytest.raises(UnknownName, match="unknown checklist 'prisma' — known: coreq, srqr"):
        bwa.reporting_checklist(lite_study, checklist="prisma")


def test_criteria_keep_the_order_of_the_committee_and_say_what_is_missing(lite_study):
    found = CriterionFinding("impact", "Did it last?", "Where both held.", "moderate", "T10")
    result = bwa.criteria_summary(replace(lite_study, report=ReportTexts(criteria=(found,))))
    assert result.frame["criterion"].tolist() == [
        "relevance", "coherence", "effectiveness", "efficiency", "impact", "sustainability",
    ]  # fmt: skip
    assert result.frame.set_index("criterion")["status"].to_dict()["impact"] == "filled"
    assert result.compact().loc["impact", "finding"] == "Where both held."
    assert result.compact().loc["relevance", "finding"] == "text needed"


def test_a_manifest_that_says_little_leaves_items_empty(tmp_path):
    from small_study import write_study

    said = facts(bwa.load_study(write_study(tmp_path / "study")))
    assert said["sample_size"] == "6 interviews with 5 participants."
    assert "selection" not in said
    assert "duration" not in said
