"""Putting an interview of the demo study into words, with the place of every planted statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from bwa_study.demo import plan
from bwa_study.demo.dice import Dice
from bwa_study.demo.plan import Factory
from bwa_study.demo.roster import Visit
from bwa_study.demo.speech import Speech
from bwa_study.model.codebook import Codebook

NOTICE = {
    "en": "[SYNTHETIC INTERVIEW. It was made for demonstration; nobody said this.]",
    "zh": "[SYNTHETIC 合成访谈。为演示而编写，没有人说过这些话。]",
}
_LABELS = {"en": ("I", "R"), "zh": ("访谈员", "受访者")}
_BLOCKS = ("oversight", "attention", "openness", "bridges", "outcomes", "productivity", "endurance", "context")


@dataclass(frozen=True, slots=True)
class Statement:
    """A planted statement: what it says, of which factory (empty: of none), and where it stands in the text."""

    code: str
    polarity: str
    about: str
    start: int
    end: int
    turn: int
    turn_start: int
    turn_end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as it was put together: its sentences as the texts have them, and the site its question names.

    `speaker` is 0 for the interviewer, else which respondent; `about` is set where the line opens a part on that site.
    """

    speaker: int
    sentences: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """A finished transcript; ``respondent_turns`` are number, start and end of each."""

    visit: Visit
    file: str
    text: str
    statements: tuple[Statement, ...]
    respondent_turns: tuple[tuple[int, int, int], ...]
    lines: tuple[Line, ...]


@dataclass(slots=True)
class _Exchange:
    question: str
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    filler: str = ""


def interview(visit: Visit, speech: Speech, codebook: Codebook, seed: int) -> Interview:
    """Draw the statements of an interview and write it down."""
    dice = Dice(seed, f"interview {visit.id}")
    talkative = dice.normal(0.0, 0.5)
    sections = _sections(visit)
    scribe = _Scribe(visit, dice)
    for factory, codes in sections:
        drawn = [
            (code, polarity)
            for code in codes
            for polarity in ("present", "absent")
            if _is_said(dice, visit, factory, code, polarity, talkative)
        ]
        exchanges = _exchanges(visit, speech, codebook, dice, factory, drawn)
        if visit.group == "brand_staff" and factory is not None:
            about = dice.pick(speech.questions["about_site", "brand_staff", visit.person.language])
            scribe.about(factory.id, about)
        for exchange in exchanges:
            scribe.write(exchange, factory.id if factory and visit.group == "brand_staff" else "")
    return scribe.finished()


def _sections(visit: Visit) -> list[tuple[Factory | None, list[str]]]:
    of_factory = [code for _, _, codes in plan.FAMILIES.values() for code in codes]
    of_factory += ["change_endures", "productivity_improved", "retention_improved", "order_volume", "key_staff_change"]
    if visit.group == "brand_staff":
        return [(None, list(plan.GENERAL_CODES)), *((f, of_factory) for f in visit.factories)]
    return [(visit.factories[0], [*of_factory, *plan.GENERAL_CODES])]


def _is_said(dice: Dice, visit: Visit, factory: Factory | None, code: str, polarity: str, talkative: float) -> bool:
    p = plan.chance(code, polarity, visit.group, visit.round, factory)
    if p is None:
        return False
    shift = talkative
    if code == "fear_retaliation" and polarity == "present" and visit.group == "worker" and visit.person.gender == "f":
        shift += 0.5
    if code == "worker_involvement" and polarity == "present" and visit.person.committee:
        shift += 0.7
    return dice.chance(plan.expit(plan.logit(p) + shift))


def _exchanges(
    visit: Visit, speech: Speech, codebook: Codebook, dice: Dice, factory: Factory | None, drawn: list[tuple[str, str]]
) -> list[_Exchange]:
    group, language = visit.group, visit.person.language
    by_block: dict[str, list[tuple[str, str]]] = {}
    for code, polarity in drawn:
        block = plan.BLOCK_OF.get(code, codebook[code].theme)
        by_block.setdefault(block, []).append((code, polarity))
    told: list[_Exchange] = []
    for block in _BLOCKS:
        joined = False
        for code, polarity in dice.shuffled(by_block.get(block, [])):
            text = dice.pick(speech.statements[code, group, language, polarity])
            if joined and dice.chance(0.2):
                told[-1].answers.append((code, polarity, text))
            else:
                told.append(_Exchange(dice.pick(speech.questions[block, group, language]), [(code, polarity, text)]))
            joined = True
    fillers = [
        _Exchange(
            dice.pick(speech.questions["filler", group, language]), filler=dice.pick(speech.filler[group, language])
        )
        for _ in range(max(2, round(1.5 * len(told))))
    ]
    for filler in fillers:
        told.insert(dice.below(len(told) + 1), filler)
    if factory is None or group != "brand_staff":
        opening = dice.pick(speech.questions["opening", group, language])
        told.insert(0, _Exchange(opening, filler=dice.pick(speech.filler[group, language])))
    return told


class _Scribe:
    """Writes lines and remembers where things stand."""

    def __init__(self, visit: Visit, dice: Dice) -> None:
        self.visit, self.dice = visit, dice
        self.language = visit.person.language
        self.style = _style(visit)
        self.text = NOTICE[self.language] + "\n\n"
        self.turn = 0
        self.clock = 5
        self.statements: list[Statement] = []
        self.turns: list[tuple[int, int, int]] = []
        self.lines: list[Line] = []

    def about(self, site: str, question: str) -> None:
        self.text += f"\n[about: {site}]\n"
        if not self.visit.notes_only:
            self.line(0, [question], site)

    def write(self, exchange: _Exchange, about: str) -> None:
        if not self.visit.notes_only:
            self.line(0, [exchange.question])
        parts = [exchange.filler] if exchange.filler else [text for _, _, text in exchange.answers]
        gap = " " if self.language == "en" else ""
        start = self.line(1, parts)
        end = start + len(gap.join(parts))
        self.turns.append((self.turn, start, end))
        at = start
        for code, polarity, text in exchange.answers:
            self.statements.append(Statement(code, polarity, about, at, at + len(text), self.turn, start, end))
            at += len(text) + len(gap)

    def line(self, who: int, sentences: list[str], about: str = "") -> int:
        """Write one turn and give the place its words begin at."""
        self.turn += 1
        label = _LABELS[self.language][who]
        words = (" " if self.language == "en" else "").join(sentences).replace("{site}", about)
        speaker = 1 + self.dice.below(4) if who == 1 and self.visit.focus_group else who
        if who == 1:
            label += str(speaker) if self.visit.focus_group else "1" if self.language == "en" else ""
        self.lines.append(Line(speaker, tuple(sentences), about))
        colon = "：" if self.language == "zh" else ": "
        head = {
            "plain": f"{label}{colon}",
            "stamped": f"[00:{self.clock // 60:02d}:{self.clock % 60:02d}] {label}{colon}",
            "markdown": f"**{label}{colon.strip()}** ",
            "word": f"{label}{colon}",
        }[self.style]
        self.clock += 4 + len(words) // (4 if self.language == "zh" else 12)
        self.text += head
        start = len(self.text)
        self.text += words + ("\n\n" if self.style == "markdown" else "\n")
        return start

    def finished(self) -> Interview:
        ending = {"markdown": "md", "word": "docx"}.get(self.style, "txt")
        text = self.text.rstrip("\n") if self.style == "word" else self.text
        file = f"interviews/{self.visit.id}.{ending}"
        return Interview(self.visit, file, text, tuple(self.statements), tuple(self.turns), tuple(self.lines))


def _style(visit: Visit) -> str:
    last = int(visit.id[-2:]) + visit.round
    if visit.group == "manager" and visit.factories[0].id == "F01":
        return "word"
    return {1: "stamped", 2: "markdown"}.get(last % 6, "plain")
