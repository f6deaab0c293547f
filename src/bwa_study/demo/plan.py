"""What is planted in the demo study: factories, their states, and how likely each group is to speak of each code.

All ids are fictional and nobody said any of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ROUNDS = (("R1", "2019-09-01", "2019-10-31"), ("R2", "2020-09-01", "2020-10-31"), ("R3", "2021-09-01", "2021-10-31"))
GROUPS = ("brand_staff", "manager", "worker")
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Factory:
    """A factory with its planted states: 1 yes, 0 no, between: weakened."""

    id: str
    brand: str
    oversight: tuple[float, float, float]
    openness: tuple[float, float, float]
    shock: bool
    improved: bool
    endures: bool
    story: str

    def state(self, driver: str, round: int) -> float:
        """State of a driver (``oversight``, ``openness``, ``improvement``) in round 0, 1 or 2."""
        if driver == "oversight":
            return self.oversight[round]
        if driver == "openness":
            return self.openness[round]
        return float((False, self.improved, self.endures)[round])


def _factory(id: str, brand: str, o: str, p: str, s: int, i: int, e: int, story: str) -> Factory:
    last_o, last_p = {"1": (1.0, 1.0), "0": (0.0, 0.0), "1->0": (1.0, 0.0)}[o], 1.0 if p == "1" else 0.0
    openness = (0.0, last_p, 0.5 if o == "1->0" else last_p)
    return Factory(id, brand, (0.0, *last_o), openness, bool(s), bool(i), bool(e), story)


FACTORIES = (
    _factory("F01", "B1", "1", "1", 0, 1, 1, "full pattern"),
    _factory("F02", "B1", "1", "1", 0, 1, 1, "full pattern; another client's programme is a rival explanation"),
    _factory("F03", "B2", "1", "1", 1, 1, 1, "order shock, yet it lasts"),
    _factory("F04", "B2", "1", "1", 0, 1, 1, "full pattern"),
    _factory("F05", "B3", "1", "1", 1, 1, 0, "both conditions, fades after the orders collapse"),
    _factory("F06", "B1", "1", "0", 0, 0, 0, "oversight, but management is closed"),
    _factory("F07", "B2", "1", "0", 0, 0, 0, "oversight, but staged compliance"),
    _factory("F08", "B4", "1", "0", 1, 1, 0, "quick fix on the client's order, fades"),
    _factory("F09", "B3", "1->0", "1", 0, 1, 0, "the client withdraws after R2; improvement fades"),
    _factory("F10", "B4", "1->0", "1", 1, 1, 0, "the client withdraws after R2; improvement fades"),
    _factory("F11", "B4", "0", "0", 0, 0, 0, "neither condition"),
    _factory("F12", "B3", "0", "0", 1, 0, 0, "neither condition"),
)
BRANDS = tuple(dict.fromkeys(f.brand for f in FACTORIES))

Pair = tuple[float, float]
_OVERSIGHT = {
    "brand_staff": ((0.75, 0.15), (0.06, 0.40)),
    "manager": ((0.65, 0.12), (0.06, 0.50)),
    "worker": ((0.45, 0.05), (0.06, 0.35)),
}
_OPENNESS = {
    "brand_staff": ((0.60, 0.25), (0.10, 0.40)),
    "manager": ((0.75, 0.60), (0.08, 0.12)),
    "worker": ((0.55, 0.12), (0.12, 0.50)),
}
_CLOSED = {
    "brand_staff": ((0.10, 0.30), (0.20, 0.05)),
    "manager": ((0.06, 0.10), (0.30, 0.20)),
    "worker": ((0.12, 0.50), (0.30, 0.05)),
}
_OUTCOME = {
    "brand_staff": ((0.60, 0.15), (0.08, 0.40)),
    "manager": ((0.70, 0.35), (0.05, 0.20)),
    "worker": ((0.55, 0.12), (0.12, 0.45)),
}
FAMILIES: dict[str, tuple[str, dict[str, tuple[Pair, Pair]], tuple[str, ...]]] = {
    "oversight": (
        "oversight",
        _OVERSIGHT,
        ("client_influence", "client_intervention", "follow_up", "sustained_attention", "commercial_incentive",
         "client_supplier_bridge"),
    ),
    "openness": (
        "openness",
        _OPENNESS,
        ("supplier_responsiveness", "freedom_of_expression", "worker_involvement", "management_receptiveness",
         "grievance_channel", "management_worker_bridge"),
    ),
    "closedness": ("openness", _CLOSED, ("staged_compliance", "fear_retaliation")),
    "outcome": ("improvement", _OUTCOME, ("communication_improved", "conditions_improved", "problem_solved")),
}  # fmt: skip
"""By family: the driver, by group the chance (state 1, state 0) of a present and of an absent statement, the codes."""

ENDURES = {
    "brand_staff": {"lasts": (0.75, 0.05), "faded": (0.05, 0.70), "never": (0.03, 0.03)},
    "manager": {"lasts": (0.80, 0.05), "faded": (0.15, 0.55), "never": (0.03, 0.03)},
    "worker": {"lasts": (0.70, 0.06), "faded": (0.05, 0.70), "never": (0.03, 0.03)},
}
COACHING = {"brand_staff": (0.25, 0.80, 0.70), "manager": (0.10, 0.55, 0.50), "worker": (0.02, 0.20, 0.18)}
COACHING_ABSENT = {"brand_staff": (0.15, 0.10, 0.15), "manager": (0.02,) * 3, "worker": (0.02,) * 3}
AUDIT = {"brand_staff": (0.85, 0.35, 0.45), "manager": (0.80, 0.40, 0.45), "worker": (0.40, 0.20, 0.25)}
AUDIT_ABSENT = {"brand_staff": (0.02,) * 3, "manager": (0.02, 0.30, 0.20), "worker": (0.02,) * 3}
COVID = {"brand_staff": (0.0, 0.85, 0.45), "manager": (0.0, 0.80, 0.40), "worker": (0.0, 0.70, 0.30)}
PRODUCTIVITY = {"brand_staff": 0.30, "manager": 0.45, "worker": 0.15}
ORDERS = {"brand_staff": (0.30, 0.20), "manager": (0.70, 0.25), "worker": (0.30, 0.15)}
GENERAL_CODES = ("coaching_mode", "audit_mode", "covid", "other_drivers")
"""What brand staff say of their work as a whole, not of one factory."""

WITHDRAWN = ("R1-F04-W-03", "R2-F08-W-03", "R3-F02-M-02")
NOTES_ONLY = ("R1-F07-W-02", "R1-F10-M-01", "R2-F01-W-04", "R2-F12-W-01", "R3-F06-W-02")
FOCUS_GROUP = "R2-F05-W-02"
NOT_VISITED = ("F06", "worker", "R1")
BY_PHONE = ("F12", "manager", "R2")
STRESS_DROPPED = ("F09", "worker", "R2")

BLOCKS_ASKED = {
    "R1": ("oversight", "openness", "bridges", "outcomes", "context"),
    "R2": ("oversight", "openness", "bridges", "outcomes", "context", "attention", "productivity"),
    "R3": ("oversight", "openness", "bridges", "outcomes", "context", "attention", "productivity", "endurance"),
}
BLOCK_OF = {"sustained_attention": "attention", "change_endures": "endurance", "productivity_improved": "productivity"}


def logit(p: float) -> float:
    """Log odds of a chance; minus infinity for 0."""
    return math.log(p / (1 - p)) if p > 0 else -math.inf


def expit(x: float) -> float:
    """Chance of a log odds."""
    return 0.0 if x == -math.inf else 1 / (1 + math.exp(-x))


def chance(code: str, polarity: str, group: str, round: int, factory: Factory | None) -> float | None:
    """Chance that an interview of average talkativeness holds the statement, or None if it is never made.

    `factory` is None for what brand staff say in general.
    """
    present = polarity == "present"
    if code == "change_endures":
        if round < 2 or factory is None:
            return None
        how = "lasts" if factory.endures else "faded" if factory.improved else "never"
        return ENDURES[group][how][0 if present else 1]
    if code == "sustained_attention" and round == 0:
        return None
    if code == "productivity_improved":
        return None if round == 0 else PRODUCTIVITY[group] if present else 0.10
    if code == "retention_improved":
        return 0.30
    if code == "coaching_mode":
        return (COACHING if present else COACHING_ABSENT)[group][round]
    if code == "audit_mode":
        extra = 0.25 if present and round == 2 and factory is not None and factory.id in ("F09", "F10") else 0.0
        return (AUDIT if present else AUDIT_ABSENT)[group][round] + extra
    if code in ("covid", "order_volume", "key_staff_change", "other_drivers"):
        return _context_chance(code, present, group, round, factory)
    if code == "client_supplier_bridge" and group == "worker":
        return None
    assert factory is not None
    for driver, table, codes in FAMILIES.values():
        if code in codes:
            high, low = table[group][0 if present else 1]
            state = factory.state(driver, round)
            return expit(state * logit(high) + (1 - state) * logit(low))
    raise KeyError(code)


def _context_chance(code: str, present: bool, group: str, round: int, factory: Factory | None) -> float:
    if code == "covid":
        return COVID[group][round] if present else (0.0 if round == 0 else 0.05)
    if not present:
        return 0.05 if code != "other_drivers" else 0.03
    if code == "order_volume":
        assert factory is not None
        return ORDERS[group][0 if factory.shock and round == 2 else 1]
    if code == "key_staff_change":
        assert factory is not None
        left = factory.id in ("F09", "F10") and round == 2
        return {"brand_staff": 0.70, "manager": 0.50, "worker": 0.10}[group] if left else 0.10
    rival = factory is not None and factory.id == "F02" and group == "manager" and round > 0
    return 0.60 if rival else 0.15
