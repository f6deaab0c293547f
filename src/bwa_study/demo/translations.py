"""English translations beside Chinese interviews of the demo study, turn by turn: whole, of the quotable turns, or none."""

from __future__ import annotations

from bwa_study.demo.dice import Dice
from bwa_study.demo.interviews import NOTICE, Interview, Line
from bwa_study.demo.roster import Visit
from bwa_study.demo.speech import load_translations

UNTRANSLATED = "[not translated]"
FOLDER = "translations"


def translation_fields(seed: int, visits: list[Visit]) -> dict[str, dict[str, str]]:
    """The manifest's fields on translation, by interview.

    Chinese interviews of R3 with people of the panel are translated whole, those of R2 and the others of R3 in the
    turns that were coded; R1 and withdrawn ones not at all. Of one whole translation (a worker's) the file is missing.
    """
    out = {}
    whole = []
    for visit in visits:
        dice = Dice(seed, f"translation {visit.id}")
        if visit.person.language != "zh" or visit.round == 0 or visit.withdrawn:
            out[visit.id] = {
                "translation": "none",
                "translator_id": "",
                "translation_check": "",
                "source_lang_file": "",
            }
            continue
        full = visit.round == 2 and visit.person.panel
        out[visit.id] = {
            "translation": "full" if full else "quotes",
            "translator_id": f"T{1 + dice.below(2)}",
            "translation_check": dice.pick(("reviewed", "back")) if full else "none",
            "source_lang_file": f"{FOLDER}/{visit.id}.en.txt",
        }
        whole += [visit.id] if full and visit.group == "worker" else []
    if whole:
        out[Dice(seed, "translation that is missing").pick(whole)]["source_lang_file"] = ""
    return out


def translation(one: Interview, kind: str) -> str:
    """The interview in English, a turn a line; where only quotes are translated, the other turns say so."""
    text = NOTICE["en"] + f"\n[English translation of {one.visit.id}, turn by turn.]\n\n"
    coded = {s.turn for s in one.statements}
    for number, line in enumerate(one.lines, start=1):
        if line.about:
            text += f"\n[about: {line.about}]\n"
        told = kind == "full" or number in coded or (line.speaker == 0 and number + 1 in coded)
        label = f"R{line.speaker}" if line.speaker else "I"
        text += f"{label}: {_in_english(line) if told else UNTRANSLATED}\n"
    return text


def _in_english(line: Line) -> str:
    english = load_translations()
    return " ".join(english[sentence] for sentence in line.sentences).replace("{site}", line.about)
