"""Simulated human coders: one who codes what was planted, and one who errs in known ways."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Sequence

from bwa_study.demo.dice import Dice
from bwa_study.demo.interviews import Interview, Statement
from bwa_study.model.codebook import Codebook

CODER_A = "simulated-human-A"
CODER_B = "simulated-human-B"
CODER_B_LATER = "simulated-human-B-second-pass"
CODER_B_CHECK = "simulated-human-B-check"
SHARE_DOUBLE_CODED = 0.20
SENSITIVITY = 0.85
STRAY_PER_TURN = 0.01
SWAPS = {CODER_B: 0.35, CODER_B_CHECK: 0.35, CODER_B_LATER: 0.05}
"""Alpha of the two codes is .61 and .59 on average over 40 seeds, below .667; a quarter swapped would leave .69 and .68."""
SWAPPED = {"client_influence": "commercial_incentive", "commercial_incentive": "client_influence"}
FEAR_SENSITIVITY = (0.9, 0.75, 0.6)
CHECKED = "fear_retaliation"
"""Too rare in a fifth of the turns to see whether a coder changes."""
VERSIONS = {CODER_A: "1.1.0", CODER_B: "1.0.0", CODER_B_CHECK: "1.0.0", CODER_B_LATER: "1.1.0"}

_NAMESPACE = uuid.UUID("1f1a7b5e-0b0e-5d7e-8a53-0e2d5d3c9a02")
_STARTS = {
    CODER_A: datetime.date(2021, 12, 1),
    CODER_B: datetime.date(2021, 12, 6),
    CODER_B_CHECK: datetime.date(2021, 12, 6),
    CODER_B_LATER: datetime.date(2022, 2, 1),
}

Row = dict[str, object]
Turns = dict[str, list[int]]
"""Numbers of turns by interview."""


def codings_of_a(interviews: Sequence[Interview]) -> list[Row]:
    """Coder A finds every planted statement, with its polarity and factory."""
    return [
        _row(CODER_A, i, n, len(interviews), s, s.code, s.polarity, s.start, s.end)
        for n, i in enumerate(interviews)
        for s in i.statements
    ]


def double_coded(interviews: Sequence[Interview], seed: int) -> Turns:
    """Turns that a second coder reads: a fifth of the respondents' turns of each group x round x language."""
    strata: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for i in interviews:
        key = (i.visit.group, i.visit.round_id, i.visit.person.language)
        strata.setdefault(key, []).extend((i.visit.id, turn) for turn, _, _ in i.respondent_turns)
    chosen: Turns = {}
    for key, turns in strata.items():
        dice = Dice(seed, f"double coding {'/'.join(key)}")
        for id, turn in sorted(dice.shuffled(turns)[: round(SHARE_DOUBLE_CODED * len(turns))]):
            chosen.setdefault(id, []).append(turn)
    return chosen


def order_of_b(interviews: Sequence[Interview], sample: Turns, seed: int) -> list[Interview]:
    """The interviews that coder B reads something of, in the order in which she does."""
    return Dice(seed, "order of double coding").shuffled([i for i in interviews if i.visit.id in sample])


def checked(order: Sequence[Interview], sample: Turns, seed: int) -> Turns:
    """Turns for a check of a rare code: those where coder A gave it and B has not read, among as many others.

    B cannot tell which are which. They are chosen by what A coded, so they say how much of that B finds, and nothing of
    how far the two agree in all turns.
    """
    hers: list[tuple[str, int]] = []
    others: list[tuple[str, int]] = []
    for i in order:
        given = {s.turn for s in i.statements if s.code == CHECKED}
        for turn, _, _ in i.respondent_turns:
            if turn not in sample[i.visit.id]:
                (hers if turn in given else others).append((i.visit.id, turn))
    chosen: Turns = {}
    for id, turn in sorted([*hers, *Dice(seed, "check of rare codes").shuffled(others)[: len(hers)]]):
        chosen.setdefault(id, []).append(turn)
    return chosen


def codings_of_b(coder: str, order: Sequence[Interview], examined: Turns, codebook: Codebook, seed: int) -> list[Row]:
    """Coder B misses some statements, swaps two codes, codes a stray one now and then, and tires of fear."""
    dice = Dice(seed, f"coder {coder}")
    out = []
    for n, i in enumerate(order):
        third = min(2, 3 * n // len(order))
        for turn, start, end in i.respondent_turns:
            if turn not in examined.get(i.visit.id, ()):
                continue
            for s in (s for s in i.statements if s.turn == turn):
                tires = s.code == CHECKED and coder != CODER_B_LATER
                sees = FEAR_SENSITIVITY[third] if tires else SENSITIVITY
                swaps = s.code in SWAPPED and dice.chance(SWAPS[coder])
                whole_turn = dice.chance(0.15)
                if dice.chance(sees):
                    code = SWAPPED[s.code] if swaps else s.code
                    place = (s.turn_start, s.turn_end) if whole_turn else (s.start, s.end)
                    out.append(_row(coder, i, n, len(order), s, code, s.polarity, *place))
            if dice.chance(STRAY_PER_TURN):
                stray = Statement(
                    dice.pick(codebook.ids), dice.pick(("present", "absent")), "", start, end, turn, start, end
                )
                out.append(_row(coder, i, n, len(order), stray, stray.code, stray.polarity, start, end))
    return out


def day(coder: str, n: int, of: int) -> str:
    """The day on which a coder reads the n-th of so many interviews: a month's work."""
    return (_STARTS[coder] + datetime.timedelta(days=30 * n // of)).isoformat()


def _row(
    coder: str, i: Interview, n: int, of: int, s: Statement, code: str, polarity: str, start: int, end: int
) -> Row:
    digest = hashlib.sha256(i.text.encode()).hexdigest()
    content = f"{coder}/{i.visit.id}/{start}/{end}/{code}/{polarity}/{s.start}"
    return {
        "id": str(uuid.uuid5(_NAMESPACE, content)),
        "transcript": i.visit.id,
        "start": start,
        "end": end,
        "quote": i.text[start:end],
        "code": code,
        "polarity": polarity,
        "coder": coder,
        "coder_kind": "human",
        "status": "accepted",
        "about": s.about,
        "date": day(coder, n, of),
        "codebook_version": VERSIONS[coder],
        "text_digest": digest,
    }
