"""What the words around a match do to it: negation within the clause, wishes and plans, and the time spoken of.

The rules are stated once, here, for one sentence as tokens; the reference coder asks them of every match, the fast one
only of those that have a cue near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bwa_study.coding.variants import ready_pattern
from bwa_study.model.codebook import Codebook, Cues
from bwa_study.model.patterns import Pattern, fold, is_by_character

NEGATORS: dict[str, tuple[str, ...]] = {
    "en": ("no", "not", "never", "nobody", "hardly", "*n't"),
    "zh": ("不", "没", "没有"),
}
"""Words that negate what follows, where the codebook states none of its own."""

WINDOW = {"en": 3, "zh": 1}
"""How near before a match a negator must end, in words or characters, where the codebook does not say."""

TIMES = ("before", "now", "future")
KINDS = ("negate", "no_cue", "wish", *TIMES)
_MARKS = r"[,;:，；：、—–()（）]"

Place = tuple[int, int]
"""Tokens from start to before end."""

Between = Callable[[int, int], str]
"""The text from the end of the token before the first number to the start of the token at the second."""


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """The cues of all languages that are read the same way.

    Parameters
    ----------
    window
        How near before a match a negator must end: 1 is right before it.
    patterns
        By kind of cue: its patterns.
    """

    window: int
    patterns: dict[str, tuple[Pattern, ...]]
    _clause_end: re.Pattern[str] = field(repr=False)

    def negators(self, cues: Iterable[Place], spared: Iterable[Place], start: int, between: Between) -> list[Place]:
        """The negators that reach a match which begins at `start`, or a negator that reaches it.

        Parameters
        ----------
        cues, spared
            Matches of ``negate`` and of ``no_cue`` in the sentence; a cue inside of a spared phrase is none, and of
            cues that share a token the first and longest counts.
        """
        out: list[Place] = []
        for begin, end in reversed(apart(cues, spared)):
            near = end <= start and start - end < self.window
            if near and not self._clause_end.search(between(end, start)):
                out.insert(0, (begin, end))
                start = begin
        return out

    def wishes(self, cues: Iterable[Place], start: int, between: Between) -> list[Place]:
        """The cues of wishes and plans before a match in its clause."""
        return [(a, b) for a, b in cues if b <= start and not self._clause_end.search(between(b, start))]


def apart(cues: Iterable[Place], spared: Iterable[Place]) -> list[Place]:
    """Cues in order that share no token, without those inside of a spared phrase.

    Examples
    --------
    >>> apart([(0, 1), (0, 2), (4, 5)], [(3, 6)])
    [(0, 2)]
    """
    phrases = list(spared)
    out: list[Place] = []
    for begin, end in sorted(set(cues), key=lambda place: (place[0], -place[1])):
        inside = any(a <= begin and end <= b for a, b in phrases)
        if not inside and (not out or begin >= out[-1][1]):
            out.append((begin, end))
    return out


def negates(reaching: Sequence[Place]) -> bool:
    """Whether negators turn what they reach: one does, two cancel each other out."""
    return len(reaching) % 2 == 1


def time_of(said: Iterable[str]) -> str:
    """The time a sentence speaks of: the one it has cues of; empty where it has none or several."""
    times = set(said)
    return times.pop() if len(times) == 1 else ""


def scope_rules(codebook: Codebook, *, by_character: bool) -> ScopeRules:
    """The rules of the languages that are read by characters, or of all others."""
    stated = {
        language: Cues(language, negate=words, window=WINDOW.get(language, 3)) for language, words in NEGATORS.items()
    }
    for language, words in codebook.negators:
        window = WINDOW["zh" if is_by_character(language) else "en"]
        stated[language] = Cues(language, negate=words, window=window)
    stated |= {cues.language: cues for cues in codebook.cues}
    listed = [cues for language, cues in stated.items() if is_by_character(language) is by_character]
    patterns = {
        kind: tuple(ready_pattern(text, cues.language, codebook) for cues in listed for text in getattr(cues, kind))
        for kind in KINDS
    }
    breaks = [re.escape(fold(word)) for cues in listed for word in cues.breaks]
    ends = "|".join([_MARKS, *(breaks if by_character else [rf"(?<!\w){word}(?!\w)" for word in breaks])])
    window = max((cues.window for cues in listed), default=1)
    return ScopeRules(window, patterns, re.compile(ends, re.IGNORECASE))
