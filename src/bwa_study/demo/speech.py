"""The hand-written sentences of the demo study: statements by code, filler, and interviewers' questions.

They were written without sight of the codebook's indicators, so that finding them says something about the indicators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bwa_study.load.yaml_strict import read_yaml

THEMES = ("oversight", "openness", "bridges", "outcomes", "context")
TRANSLATED_GROUPS = ("worker", "manager", "brand_staff")
Texts = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Speech:
    """Texts by what they are for.

    ``statements`` by (code, group, language, polarity); ``filler`` by (group, language); ``questions`` by
    (block, group, language).
    """

    statements: dict[tuple[str, str, str, str], tuple[str, ...]]
    filler: dict[tuple[str, str], tuple[str, ...]]
    questions: dict[tuple[str, str, str], tuple[str, ...]]


@cache
def load_speech() -> Speech:
    """Read the texts that are part of the package."""
    statements = {}
    for theme in THEMES:
        for item in _read(f"{theme}.yaml"):
            for language in ("en", "zh"):
                for polarity in ("present", "absent"):
                    statements[item["code"], item["group"], language, polarity] = tuple(item[language][polarity])
    filler = {(item["group"], lang): tuple(item[lang]) for item in _read("filler.yaml") for lang in ("en", "zh")}
    questions = {
        (item["block"], item["group"], lang): tuple(item[lang])
        for item in _read("questions.yaml")
        for lang in ("en", "zh")
    }
    return Speech(statements, filler, questions)


@cache
def load_open_answers() -> dict[tuple[str, str, int, str], tuple[str, ...]]:
    """Answers to the survey's open questions, by question, group, planted state (0 or 1) and language."""
    return {
        (item["question"], item["group"], item["state"], language): tuple(item[language])
        for item in _read("open_answers.yaml")
        for language in ("en", "zh")
    }


@cache
def load_translations() -> dict[str, str]:
    """English for the Chinese sentences of the interviews."""
    return {zh: en for group in TRANSLATED_GROUPS for zh, en in _read_list(f"translations_{group}.yaml")}


def _read(name: str) -> list[dict[str, Any]]:
    return _read_list(name)


def _read_list(name: str) -> list[Any]:
    text = (files("bwa_study.demo") / "texts" / name).read_text(encoding="utf-8")
    document = read_yaml(text, file=name)
    if document.problems or not isinstance(document.value, list):
        raise ValueError(f"the package's own {name} is damaged: {document.problems}")
    return document.value
