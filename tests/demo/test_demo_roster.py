from __future__ import annotations

from collections import Counter

import pytest

from bwa_study.demo import plan
from bwa_study.demo.roster import manifest_row, visits


def counted(planned, *fields):
    return Counter(tuple(getattr(v, f) for f in fields) for v in planned)


def test_a_full_study_has_116_interviews_a_round_less_the_six_never_made():
    planned = visits(1, "full")
    assert counted(planned, "round_id") == {("R1",): 110, ("R2",): 116, ("R3",): 116}
    assert counted(planned, "round_id", "group")["R2", "brand_staff"] == 8
    assert counted(planned, "round_id", "group")["R2", "manager"] == 36
    assert counted(planned, "round_id", "group")["R2", "worker"] == 72


def test_a_lite_study_has_80_interviews_a_round_less_the_four_never_made():
    assert counted(visits(1, "lite"), "round_id") == {("R1",): 76, ("R2",): 80, ("R3",): 80}


def test_every_factory_has_three_managers_and_six_workers_a_round_but_f06_has_no_workers_at_r1():
    planned = [v for v in visits(1, "full") if v.group != "brand_staff"]
    cells = Counter((v.factories[0].id, v.group, v.round_id) for v in planned)
    assert ("F06", "worker", "R1") not in cells
    assert set(cells.values()) == {3, 6}
    assert all(n == {"manager": 3, "worker": 6}[group] for (_, group, _), n in cells.items())
    assert len(cells) == 12 * 2 * 3 - 1


def test_stress_also_leaves_out_the_workers_of_f09_at_r2():
    whole, stressed = ({v.id for v in visits(1, "full", stress=s)} for s in (False, True))
    assert whole - stressed == {f"R2-F09-W-{k:02d}" for k in range(1, 7)}
    assert stressed < whole


def test_two_brand_staff_a_brand_speak_of_its_three_factories():
    staff = [v for v in visits(1, "full") if v.group == "brand_staff"]
    assert Counter(v.brand for v in staff if v.round == 0) == {"B1": 2, "B2": 2, "B3": 2, "B4": 2}
    assert all({f.brand for f in v.factories} == {v.brand} and len(v.factories) == 3 for v in staff)


def test_managers_and_brand_staff_are_met_again_and_most_workers_are_not():
    by_group = {
        g: [{v.person.id for v in visits(1, "full") if v.group == g and v.round == r} for r in range(3)]
        for g in plan.GROUPS
    }
    assert by_group["manager"][0] == by_group["manager"][1] == by_group["manager"][2]
    assert by_group["brand_staff"][0] == by_group["brand_staff"][2]
    assert len(by_group["worker"][1] & by_group["worker"][2]) == 12


def test_a_person_met_again_is_the_same_person():
    people: dict[str, set[object]] = {}
    for v in visits(1, "full"):
        people.setdefault(v.person.id, set()).add(v.person)
    assert all(len(facts) == 1 for facts in people.values())


@pytest.mark.parametrize("size", ["full", "lite"])
def test_three_withdraw_five_are_notes_and_one_is_a_focus_group(size):
    planned = visits(1, size)
    assert [v.id for v in planned if v.withdrawn] == ["R1-F04-W-03", "R2-F08-W-03", "R3-F02-M-02"]
    assert sorted(v.id for v in planned if v.notes_only) == sorted(plan.NOTES_ONLY)
    assert len(plan.NOTES_ONLY) == 5
    assert [v.id for v in planned if v.focus_group] == ["R2-F05-W-02"]


def test_managers_of_f12_are_met_by_phone_at_r2_and_nobody_in_person_in_the_pandemic():
    planned = visits(1, "full")
    f12 = [v for v in planned if v.group == "manager" and v.factories[0].id == "F12"]
    assert {v.mode for v in f12 if v.round == 1} == {"phone"}
    assert "in_person" not in {v.mode for v in planned if v.round == 1}
    assert {v.mode for v in planned if v.round == 0} == {"in_person"}


def test_interviews_lie_within_their_round_and_consent_is_withdrawn_later():
    for v in visits(1, "full"):
        _, start, end = plan.ROUNDS[v.round]
        assert start <= v.date <= end
        assert not v.withdrawn or v.withdrawn > v.date


def test_most_factory_people_speak_chinese_and_half_of_the_brand_staff_english():
    people = {v.person.id: v.person for seed in range(1, 6) for v in visits(seed, "full")}
    staff = [
        v.person for seed in range(1, 13) for v in visits(seed, "full") if v.round == 0 and v.group == "brand_staff"
    ]
    local = [p for p in people.values() if p.group != "brand_staff"]
    assert sum(p.language == "zh" for p in local) / len(local) == pytest.approx(0.85, abs=0.06)
    assert sum(p.language == "en" for p in staff) / len(staff) == pytest.approx(0.5, abs=0.16)


def test_a_manifest_row_says_synthetic_and_which_blocks_were_asked():
    first = visits(1, "full")[0]
    row = manifest_row(first, "interviews/x.txt", {"translation": "none"})
    assert (row["synthetic"], row["study_id"], row["factory_ids"]) == ("true", "demo-12", "F01;F02;F06")
    assert "endurance" not in row["blocks_asked"]
    last = manifest_row(visits(1, "full")[-1], "x", {})
    assert last["blocks_asked"].split(";")[-3:] == ["attention", "productivity", "endurance"]


def test_a_focus_group_has_four_participants():
    rows = [manifest_row(v, "x", {}) for v in visits(1, "full")]
    assert [r["n_participants"] for r in rows if r["format"] == "focus_group"] == ["4"]
    assert {r["n_participants"] for r in rows if r["format"] == "individual"} == {"1"}
