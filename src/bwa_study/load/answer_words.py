"""Words of questionnaires: which answers are none ("don't know", 拒答), and the order of the usual ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Silence = Literal["dont_know", "refused", "missing"]

_SILENT: dict[Silence, re.Pattern[str]] = {
    "dont_know": re.compile(
        r"\b(?:don['’]?t|do not|cannot|can['’]?t) (?:know|say)\b(?!\s+(?!or\b|and\b)\w)|不知道|不清楚|说不清|說不清",
        re.IGNORECASE,
    ),
    "refused": re.compile(
        r"\brefused\b(?!\s+\w)|\brefused? to (?:answer|say)\b|\bprefer not(?: to (?:answer|say|tell))?\b(?!\s+\w)"
        r"|拒答|拒绝回答|拒絕回答",
        re.IGNORECASE,
    ),
    "missing": re.compile(r"\b(?:no answer|not applicable|n/a)\b|^na$|不适用|不適用|未回答", re.IGNORECASE),
}
_LADDERS = (
    ("strongly disagree", "disagree", "somewhat disagree", "slightly disagree", "neither agree nor disagree", "neither",
     "neutral", "undecided", "slightly agree", "somewhat agree", "agree", "strongly agree"),
    ("non-existent", "never, and not open to it", "never, but open to it", "never", "almost never", "rarely", "seldom",
     "sometimes", "occasionally", "often", "usually", "very often", "almost always", "always"),
    ("never", "a few times a year", "yearly", "monthly", "weekly", "daily"),
    ("not at all", "nothing at all", "not too much", "only a little", "a little", "slightly", "some", "somewhat",
     "moderately", "quite a bit", "a lot", "very much", "extremely"),
    ("very dissatisfied", "dissatisfied", "somewhat dissatisfied", "neither satisfied nor dissatisfied", "neutral",
     "somewhat satisfied", "satisfied", "very satisfied"),
    ("very poor", "very bad", "poor", "bad", "fair", "average", "good", "very good", "excellent"),
    ("no", "partly", "yes"),
    ("非常不同意", "很不同意", "不同意", "比较不同意", "不太同意", "一般", "中立", "说不上",
     "比较同意", "同意", "很同意", "非常同意"),
    ("从不", "从来没有", "很少", "偶尔", "有时", "经常", "总是"),
    ("非常不满意", "不满意", "不太满意", "一般", "比较满意", "满意", "非常满意"),
    ("不是", "部分是", "是"),
)  # fmt: skip
"""Usual levels, lowest first; a question has some of them."""

_DEGREES = ("not at all", "not", "not too", "not very", "slightly", "a little", "somewhat", "moderately", "fairly", "",
            "quite", "very", "extremely")  # fmt: skip
"""What stands before a word that all levels of a question end in: "not very safe", "very safe"."""


def silence(answer: str) -> Silence | None:
    """What an answer is that says nothing about the question; None where it is an answer.

    Examples
    --------
    >>> silence("Don't know"), silence("拒答"), silence("N/A"), silence("No")
    ('dont_know', 'refused', 'missing', None)
    """
    return next((kind for kind, words in _SILENT.items() if words.search(answer.strip())), None)


def in_order(answers: Iterable[str]) -> tuple[str, ...] | None:
    """Answers from the lowest to the highest, where all of them are usual levels of one kind; else None.

    Examples
    --------
    >>> in_order(["Often", "Never", "Sometimes"])
    ('Never', 'Sometimes', 'Often')
    >>> in_order(["Very safe", "Not safe", "Somewhat safe"])
    ('Not safe', 'Somewhat safe', 'Very safe')
    >>> in_order(["Red", "Blue"]) is None
    True
    """
    found = list(answers)
    plain = [" ".join(one.casefold().split()) for one in found]
    for ladder in _LADDERS:
        if set(plain) <= set(ladder):
            return tuple(sorted(found, key=lambda one: ladder.index(" ".join(one.casefold().split()))))
    degrees = [one.rpartition(" ")[0] for one in plain]
    if len({one.rpartition(" ")[2] for one in plain}) == 1 and set(degrees) <= set(_DEGREES):
        return tuple(sorted(found, key=lambda one: _DEGREES.index(degrees[found.index(one)])))
    return None
