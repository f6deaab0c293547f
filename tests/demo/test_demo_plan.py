from __future__ import annotations

import math

import pytest

from bwa_study.demo import plan
from bwa_study.demo.plan import FACTORIES, chance, expit, logit

BY_ID = {f.id: f for f in FACTORIES}


def test_twelve_factories_lie_with_four_brands_so_that_brand_is_not_condition():
    brands = {brand: [f.id for f in FACTORIES if f.brand == brand] for brand in plan.BRANDS}
    assert {b: sorted(ids) for b, ids in brands.items()} == {
        "B1": ["F01", "F02", "F06"],
        "B2": ["F03", "F04", "F07"],
        "B3": ["F05", "F09", "F12"],
        "B4": ["F08", "F10", "F11"],
    }


@pytest.mark.parametrize(
    ("factory", "oversight", "openness", "shock", "improved", "endures"),
    [
        ("F01", (0, 1, 1), (0, 1, 1), False, True, True),
        ("F03", (0, 1, 1), (0, 1, 1), True, True, True),
        ("F05", (0, 1, 1), (0, 1, 1), True, True, False),
        ("F06", (0, 1, 1), (0, 0, 0), False, False, False),
        ("F08", (0, 1, 1), (0, 0, 0), True, True, False),
        ("F09", (0, 1, 0), (0, 1, 0.5), False, True, False),
        ("F10", (0, 1, 0), (0, 1, 0.5), True, True, False),
        ("F11", (0, 0, 0), (0, 0, 0), False, False, False),
        ("F12", (0, 0, 0), (0, 0, 0), True, False, False),
    ],
)
def test_factory_states_are_those_of_the_design(factory, oversight, openness, shock, improved, endures):
    f = BY_ID[factory]
    assert (f.oversight, f.openness, f.shock, f.improved, f.endures) == (oversight, openness, shock, improved, endures)


def test_improvement_is_nothing_at_r1_then_improved_then_endures():
    assert [BY_ID["F08"].state("improvement", r) for r in range(3)] == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("code", "polarity", "group", "round", "factory", "p"),
    [
        ("follow_up", "present", "brand_staff", 1, "F01", 0.75),
        ("follow_up", "present", "brand_staff", 0, "F01", 0.15),
        ("follow_up", "absent", "worker", 0, "F01", 0.35),
        ("freedom_of_expression", "present", "worker", 1, "F01", 0.55),
        ("freedom_of_expression", "present", "worker", 1, "F07", 0.12),
        ("freedom_of_expression", "present", "manager", 1, "F07", 0.60),
        ("fear_retaliation", "present", "worker", 1, "F01", 0.12),
        ("fear_retaliation", "present", "worker", 1, "F07", 0.50),
        ("problem_solved", "absent", "worker", 2, "F08", 0.45),
        ("change_endures", "present", "manager", 2, "F01", 0.80),
        ("change_endures", "absent", "worker", 2, "F08", 0.70),
        ("change_endures", "present", "worker", 2, "F11", 0.03),
        ("productivity_improved", "present", "manager", 1, "F11", 0.45),
        ("retention_improved", "present", "worker", 0, "F11", 0.30),
        ("order_volume", "present", "manager", 2, "F03", 0.70),
        ("order_volume", "present", "manager", 1, "F03", 0.25),
        ("key_staff_change", "present", "brand_staff", 2, "F09", 0.70),
        ("key_staff_change", "present", "brand_staff", 2, "F01", 0.10),
        ("other_drivers", "present", "manager", 1, "F02", 0.60),
        ("other_drivers", "present", "manager", 1, "F01", 0.15),
        ("audit_mode", "present", "worker", 2, "F09", 0.50),
        ("audit_mode", "present", "worker", 2, "F01", 0.25),
    ],
)
def test_chance_of_a_statement_is_that_of_the_design(code, polarity, group, round, factory, p):
    assert chance(code, polarity, group, round, BY_ID[factory]) == pytest.approx(p)


@pytest.mark.parametrize(("code", "round"), [("sustained_attention", 0), ("change_endures", 0), ("change_endures", 1)])
def test_what_cannot_be_known_yet_is_never_said(code, round):
    assert chance(code, "present", "manager", round, BY_ID["F01"]) is None


def test_brand_staff_speak_of_coaching_and_audits_in_general():
    assert [chance("coaching_mode", "present", "brand_staff", r, None) for r in range(3)] == [0.25, 0.80, 0.70]
    assert [chance("audit_mode", "present", "brand_staff", r, None) for r in range(3)] == [0.85, 0.35, 0.45]


@pytest.mark.parametrize("group", plan.GROUPS)
def test_nobody_speaks_of_covid_before_there_was_any(group):
    f = None if group == "brand_staff" else BY_ID["F01"]
    assert [chance("covid", p, group, 0, f) for p in ("present", "absent")] == [0.0, 0.0]
    assert chance("covid", "present", group, 1, f) >= 0.7


def test_a_weakened_factory_lies_between_on_the_logit_scale():
    p = chance("freedom_of_expression", "present", "worker", 2, BY_ID["F09"])
    assert logit(p) == pytest.approx((logit(0.55) + logit(0.12)) / 2)


def test_an_unknown_code_has_no_chance_by_accident():
    with pytest.raises(KeyError, match="no_such_code"):
        chance("no_such_code", "present", "worker", 1, BY_ID["F01"])


def test_expit_undoes_logit_and_zero_stays_zero():
    assert [expit(logit(p)) for p in (0.02, 0.5, 0.97)] == pytest.approx([0.02, 0.5, 0.97])
    assert logit(0.0) == -math.inf
    assert expit(logit(0.0) + 0.5) == 0.0
