"""The survey waves of the demo study: answers driven by the same planted states as the interviews.

Workers are drawn anew in each round. Managers and brand staff are a panel: some leave and are replaced. A manager who
was interviewed and agreed to it is linked to her interview.
"""

from __future__ import annotations

from dataclasses import dataclass

from bwa_study.demo import plan
from bwa_study.demo.dice import Dice
from bwa_study.demo.plan import Factory
from bwa_study.demo.speech import load_open_answers

DONT_KNOW, REFUSED = 8, 9


@dataclass(frozen=True, slots=True)
class Item:
    """A question: what drives its answers, who is asked, whether agreement is bad news, from which round on.

    `driver` is what was planted; the constructs that analysts see are in `CONSTRUCTS`.
    """

    id: str
    driver: str
    groups: str
    en: str
    zh: str
    reversed: bool = False
    first_round: int = 0


ITEMS = (
    Item("ov1", "oversight", "BMW", "After a visit, the client checks whether promised changes were made.",
         "客户来访之后，会检查答应的改进有没有做到。"),
    Item("ov2", "oversight", "MW", "When the client raises a labour issue, our management acts on it.",
         "客户提出劳工方面的问题，管理层会去处理。"),
    Item("ov3", "oversight", "BMW", "The client's attention to our workplace has lasted.", "客户对我们工作场所的关注一直没有断。"),
    Item("ov4", "oversight", "BM", "Good relations with workers help this factory to win orders.", "劳资关系好，工厂更容易拿到订单。"),
    Item("md1", "mode", "MW", "Client staff ask for our view before they suggest a solution.", "客户的人会先问我们的看法，再提办法。"),
    Item("md2", "mode", "MW", "Client visits are mainly about finding faults.", "客户来主要是挑毛病。", True),
    Item("op1", "openness", "MW", "I can say what I think at work.", "在厂里我能说出自己的想法。"),
    Item("op2", "openness", "MW", "Workers are asked for ideas when a problem has to be solved.", "有问题要解决时，会问工人的意见。"),
    Item("op3", "openness", "MW", "When I raise a problem, my supervisor takes it seriously.", "我反映问题，主管会认真对待。"),
    Item("op4", "openness", "MW", "I know a way to complain that I would use.", "我知道一个我愿意用的投诉渠道。"),
    Item("fe1", "openness", "W", "People who complain get into trouble later.", "提意见的人以后会有麻烦。", True),
    Item("fe2", "openness", "W", "We are told how to answer when visitors come.", "有人来参观时，厂里会教我们怎么回答。", True),
    Item("cm1", "improvement", "MW", "Managers tell us in time about changes that concern us.", "与我们有关的变动，管理人员会及时告诉我们。"),
    Item("br1", "openness", "MW", "Worker representatives pass on what we say.", "员工代表会转达我们的意见。"),
    Item("wc1", "improvement", "MW", "Conditions here are better than a year ago.", "这里的工作条件比一年前好。"),
    Item("wc2", "improvement", "MW", "The last problem I know of was solved.", "我知道的最近一个问题已经解决了。"),
    Item("en1", "improvement", "BMW", "Improvements made here have lasted.", "这里做出的改进保持下来了。", False, 1),
    Item("pr1", "rises", "MW", "Our line works more smoothly than a year ago.", "我们的生产线比一年前顺。"),
    Item("tu1", "none", "W", "I plan to leave within six months.", "我打算半年内离开。", True),
)  # fmt: skip
OPEN_ITEMS = (
    ("oe1", "What has changed here since last year, and why?", "跟去年相比，这里有什么变化？为什么？"),
    ("oe2", "What would you do if you had a problem at work?", "如果工作上有问题，您会怎么做？"),
    ("oe3", "Which change mattered most to you?", "对您来说，哪个变化最重要？"),
)
CONSTRUCTS = (
    ("oversight", "Oversight by the client", "客户的监督", ("ov1", "ov2", "ov3", "ov4"), ("oversight",)),
    ("openness", "Openness at work", "工作中的开放", ("op1", "op2", "op3", "op4", "fe1", "fe2"), ("openness",)),
    ("mode", "Coaching rather than fault-finding", "辅导而非挑毛病", ("md1", "md2"), ("coaching_mode",)),
    ("communication", "Communication", "沟通", ("cm1",), ("communication_improved",)),
    (
        "bridge",
        "Bridge between managers and workers",
        "管理层与工人之间的桥梁",
        ("br1",),
        ("management_worker_bridge",),
    ),
    ("conditions", "Working conditions", "工作条件", ("wc1",), ("conditions_improved",)),
    ("problem_solved", "Problem solved", "问题得到解决", ("wc2",), ("problem_solved",)),
    ("endurance", "Change endures", "变化得以保持", ("en1",), ("change_endures",)),
    ("productivity", "Productivity", "生产效率", ("pr1",), ("productivity_improved",)),
    ("staying", "Intention to stay", "留任意愿", ("tu1",), ("retention_improved",)),
)
"""Id, label in English and Chinese, items, and the codes or themes of the codebook that speak of the same."""
_LETTER = {"brand_staff": "B", "manager": "M", "worker": "W"}
_PEOPLE = {"full": (40, 4, 2), "lite": (12, 2, 2)}


def survey_rows(seed: int, round: int, size: str) -> list[dict[str, str]]:
    """A row a respondent of one wave; 1-5, 8 don't know, 9 refused, empty where not asked."""
    workers, managers, staff = _PEOPLE[size]
    out = []
    for factory in plan.FACTORIES:
        level = {item.driver: Dice(seed, f"site {factory.id} {item.driver}").normal(0, 0.25) for item in ITEMS}
        people = [("worker", n) for n in range(1, workers + 1)] + [("manager", n) for n in range(1, managers + 1)]
        for group, n in people:
            id = f"S-{plan.ROUNDS[round][0]}-{factory.id}-{_LETTER[group]}{n:02d}"
            out.append(_row(seed, id, group, round, factory, factory.brand, level, n))
    for brand in plan.BRANDS:
        first = next(f for f in plan.FACTORIES if f.brand == brand)
        for n in range(1, staff + 1):
            id = f"S-{plan.ROUNDS[round][0]}-{brand}-B{n:02d}"
            out.append(_row(seed, id, "brand_staff", round, first, brand, {}, n))
    return out


def _row(
    seed: int, id: str, group: str, round: int, factory: Factory, brand: str, level: dict[str, float], n: int
) -> dict[str, str]:
    dice = Dice(seed, f"survey {id}")
    person = dice.normal(0, 0.8)
    row = {
        "respondent_id": id,
        "round": plan.ROUNDS[round][0],
        "factory_id": factory.id if group != "brand_staff" else "",
        "brand_id": brand,
        "group": group,
        "gender": "f" if dice.chance(0.7 if group == "worker" else 0.4) else "m",
        "tenure_band": dice.pick(("<1y", "1-3y", "4-9y", "10y+")),
        "line": str(1 + (n - 1) // 10) if group == "worker" else "",
        "language": "zh" if dice.chance(0.95) else "en",
        "mode": ("in_person", "phone", "in_person")[round],
        "weight": f"{0.6 + 0.8 * dice.below(1000) / 1000:.3f}",
        "committee_member": "yes" if group == "worker" and dice.chance(0.1) else "no",
        "attended_training": "yes" if round and dice.chance(0.5) else "no",
    }
    for item in ITEMS:
        row[item.id] = _answer(dice, item, group, round, factory, level, person)
    for name, _, _ in OPEN_ITEMS:
        row[name] = _open_answer(seed, id, name, group, round, factory, row["language"])
    row |= _panel_fields(seed, id, group, round, factory, brand, n)
    row["synthetic"] = "true"
    return row


def _open_answer(seed: int, id: str, question: str, group: str, round: int, factory: Factory, language: str) -> str:
    """Words of a third of the respondents: of openness where they were asked what they would do, else of change."""
    dice = Dice(seed, f"open answer {id} {question}")
    if not dice.chance(0.35):
        return ""
    state = factory.state("openness" if question == "oe2" else "improvement", round)
    return dice.pick(load_open_answers()[question, group, int(dice.chance(0.15 + 0.7 * state)), language])


def _panel_fields(seed: int, id: str, group: str, round: int, factory: Factory, brand: str, n: int) -> dict[str, str]:
    """The id that stays over rounds, and the link to a manager's interview."""
    person = f"{brand}-B{n}" if group == "brand_staff" else f"{factory.id}-M{n}"
    replaced = sum(Dice(seed, f"leaves {person} {r}").chance(0.15) for r in range(1, round + 1))
    interview = f"{plan.ROUNDS[round][0]}-{factory.id}-M-{n:02d}" if group == "manager" and n <= 2 else ""
    agrees = Dice(seed, f"link {id}").chance(0.7) and not replaced
    return {
        "person_id": "" if group == "worker" else f"Q-{person}" + (f"-{replaced + 1}" if replaced else ""),
        "interview_id": interview if not replaced else "",
        "link_consent": "yes" if interview and agrees else "no",
        "consent_quotes": "anonymous" if Dice(seed, f"quote {id}").chance(0.8) else "none",
    }


def _answer(
    dice: Dice, item: Item, group: str, round: int, factory: Factory, level: dict[str, float], person: float
) -> str:
    if _LETTER[group] not in item.groups or round < item.first_round:
        return ""
    unsure = 0.35 if item.id == "ov1" and group == "worker" else 0.03
    if dice.chance(unsure):
        return str(DONT_KNOW)
    if dice.chance(0.01):
        return str(REFUSED)
    state = {"none": 0.5, "rises": 0.5, "mode": (0.0, 1.0, 0.8)[round]}.get(item.driver)
    if state is None:
        state = factory.state(item.driver, round)
    latent = 3 + 0.9 * (state - 0.5) + level.get(item.driver, 0.0) + person + dice.normal(0, 0.5)
    if item.driver == "rises":
        latent += 0.4 * round
    if item.driver == "openness" and group == "manager" and factory.openness[1] == 0:
        latent += 0.6
    value = min(5, max(1, int(latent + 0.5)))
    return str(6 - value if item.reversed else value)


def survey_file() -> str:
    """`survey.yaml`: files, keys, scale, constructs, and the wording of the items."""
    lines = [
        "# SYNTHETIC survey of the demo study: wording of the items, scale and keys.",
        "synthetic: true",
        "keys:",
        "  {respondent: respondent_id, person: person_id, site: factory_id, brand: brand_id, group: group, round: round,",
        "   weight: weight, language: language, interview: interview_id, link_consent: link_consent,",
        "   consent_quotes: consent_quotes}",
        "waves:",
        *(f"  - {{file: survey_{round}.csv}}" for round, _, _ in plan.ROUNDS),
        "scale:",
        "  {levels: [1, 2, 3, 4, 5], low: {en: strongly disagree, zh: 非常不同意}, high: {en: strongly agree, zh: 非常同意},",
        "   dont_know: 8, refused: 9}",
        "constructs:",
    ]
    measured: dict[str, str] = {}
    for id, en, zh, members, codes in CONSTRUCTS:
        lines.append(f'  - {{id: {id}, label: {{en: "{en}", zh: "{zh}"}}, codes: [{", ".join(codes)}]}}')
        measured |= dict.fromkeys(members, id)
    lines.append("items:")
    for item in ITEMS:
        groups = ", ".join(g for g, letter in _LETTER.items() if letter in item.groups)
        rounds = ", ".join(round for round, _, _ in plan.ROUNDS[item.first_round :])
        lines.append(
            f"  - {{id: {item.id}, construct: {measured[item.id]}, groups: [{groups}], "
            f"reversed: {str(item.reversed).lower()}, rounds: [{rounds}],\n"
            f'     wording: {{en: "{item.en}", zh: "{item.zh}"}}}}'
        )
    lines += [f'  - {{id: {id}, kind: open, wording: {{en: "{en}", zh: "{zh}"}}}}' for id, en, zh in OPEN_ITEMS]
    return "\n".join(lines) + "\n"
