"""spaCy's matchers on single sentences: patterns on tokens and on grammar, as a codebook states them.

Both coders ask this module, with the same text for the same sentence, so what spaCy finds is the same in both. Nothing
is ever downloaded: a pipeline is one that is installed, or ``spacy.blank`` of the language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bwa_study.model.codebook import Codebook, SpacyIndicator
from bwa_study.model.errors import WrongCall
from bwa_study.model.patterns import plain_width

LONGEST = 200
"""Tokens that a matcher is shown at a time; a longer sentence is shown in pieces, so that no pattern can hang it."""

GIVEN_BY = {
    "TAG": "a tagger",
    "POS": "a tagger",
    "MORPH": "a morphologizer",
    "LEMMA": "a lemmatizer",
    "DEP": "a parser",
    "ENT_TYPE": "an entity recognizer",
    "ENT_IOB": "an entity recognizer",
    "ENT_ID": "an entity linker",
    "ENT_KB_ID": "an entity linker",
}
"""Attributes that ``spacy.blank`` does not give, and the part of a pipeline that does."""

Piece = tuple[int, int, str]
"""Start and end in the sentence, and what stands there for the pattern."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match in a sentence, by characters from its start, and its tokens with what each met."""

    start: int
    end: int
    parts: tuple[Piece, ...]


class SpacyPatterns:
    """The spaCy patterns of a codebook, ready to be asked.

    Parameters
    ----------
    codebook
        Its codes' `spacy` indicators, in order, are numbered from 0.

    Raises
    ------
    WrongCall
        If a pipeline is not installed, or does not give what a pattern asks for.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.indicators = [(n, one) for n, code in enumerate(codebook.codes) for one in code.spacy]
        named = dict(codebook.pipelines)
        self._pipelines = {i.language: named.get(i.language, "") for _, i in self.indicators}
        self._matchers = [
            _matcher(i, self._pipelines[i.language], codebook.codes[n].id) for n, i in self.indicators
        ]  # fmt: skip

    def key(self, number: int) -> tuple[SpacyIndicator, str]:
        """What a match of a pattern depends on beside the sentence: the pattern and the pipeline."""
        indicator = self.indicators[number][1]
        return indicator, self._pipelines[indicator.language]

    def found(self, text: str, numbers: Iterable[int]) -> Iterator[tuple[int, Found]]:
        """Matches of some patterns in one sentence, by pattern, then by start; of one start the longest."""
        shown = plain_width(text)
        docs: dict[str, Any] = {}
        for number in numbers:
            _, indicator = self.indicators[number]
            if indicator.language not in docs:
                docs[indicator.language] = _pipeline(self._pipelines[indicator.language], indicator.language)(shown)
            for one in _matches(self._matchers[number], indicator, docs[indicator.language]):
                yield number, one


def asked_attributes(rules: list[dict[str, Any]], kind: str) -> set[str]:
    """Attributes a pattern asks for, in capitals."""
    entries = [rule.get("RIGHT_ATTRS", {}) if kind == "dependency" else rule for rule in rules]
    asked = {str(name).upper() for entry in entries if isinstance(entry, dict) for name in entry}
    return asked | ({"DEP"} if kind == "dependency" else set())


@cache
def _pipeline(name: str, language: str) -> Any:
    import spacy

    if not name:
        return spacy.blank(language.split("-")[0])
    installed = spacy.util.get_installed_models()
    if name not in installed:
        there = f"installed are {', '.join(sorted(installed))}" if installed else "none is installed"
        raise WrongCall(
            f"the codebook names spaCy's pipeline '{name}' for '{language}', which is not installed ({there}) — "
            "install it beside bwa-study, or take it out; nothing is downloaded while coding"
        )
    return spacy.load(name)


@cache
def _matcher(indicator: SpacyIndicator, pipeline: str, code: str) -> Any:
    from spacy.matcher import DependencyMatcher, Matcher

    nlp = _pipeline(pipeline, indicator.language)
    rules = json.loads(indicator.rules)
    given = nlp("They came. 他们来了。")
    for attribute in sorted(asked_attributes(rules, indicator.kind) & set(GIVEN_BY)):
        entity = attribute.startswith("ENT_")
        if not given.has_annotation("ENT_IOB" if entity else attribute):
            has = f"pipeline '{pipeline}' (it has {', '.join(nlp.pipe_names) or 'no parts'})"
            raise WrongCall(
                f"code '{code}', spacy indicator '{indicator.name}' needs {GIVEN_BY[attribute]} ({attribute}), which "
                f"{has if pipeline else 'spacy.blank'} does not give — name one that does under 'spacy'"
            )
    if indicator.kind == "dependency":
        grammar = DependencyMatcher(nlp.vocab, validate=False)
        grammar.add("rule", [rules])
        return grammar
    matcher = Matcher(nlp.vocab, validate=False)
    matcher.add("rule", [rules])
    return matcher


def _matches(matcher: Any, indicator: SpacyIndicator, doc: Any) -> Iterator[Found]:
    pieces = [doc] if len(doc) <= LONGEST else [doc[n : n + LONGEST].as_doc() for n in range(0, len(doc), LONGEST)]
    shift = 0
    for n, piece in enumerate(pieces):
        if n:
            shift = doc[n * LONGEST].idx
        found = _by_grammar if indicator.kind == "dependency" else _by_tokens
        yield from (one for _, one in sorted(found(matcher, indicator, piece, shift)))


Placed = tuple[tuple[int, int], Found]


def _by_tokens(matcher: Any, indicator: SpacyIndicator, doc: Any, shift: int) -> Iterator[Placed]:
    longest: dict[int, int] = {}
    for _, start, end in matcher(doc):
        longest[start] = max(end, longest.get(start, 0))
    if not longest:
        return
    rules = [_shown(rule) for rule in json.loads(indicator.rules)]
    met: dict[tuple[int, int], list[int]] = {}
    for _, start, end, alignment in matcher(doc, with_alignments=True):
        met.setdefault((start, end), alignment)
    for start, end in longest.items():
        meets = [rules[n] for n in met.get((start, end), [])]
        tokens = [doc[n] for n in range(start, end)]
        yield (start, end), _found(list(zip(tokens, meets, strict=False)), tokens, shift)


def _by_grammar(matcher: Any, indicator: SpacyIndicator, doc: Any, shift: int) -> Iterator[Placed]:
    names = [rule["RIGHT_ID"] for rule in json.loads(indicator.rules)]
    longest: dict[int, tuple[int, list[int]]] = {}
    for _, tokens in matcher(doc):
        start, end = min(tokens), max(tokens) + 1
        if end > longest.get(start, (0, []))[0]:
            longest[start] = (end, tokens)
    for start, (end, tokens) in longest.items():
        met = [(doc[n], name) for n, name in zip(tokens, names, strict=True)]
        yield (start, end), _found(met, [doc[n] for n in tokens], shift)


def _found(met: list[tuple[Any, str]], tokens: list[Any], shift: int) -> Found:
    parts = sorted((shift + t.idx, shift + t.idx + len(t), meets) for t, meets in met)
    return Found(
        shift + min(t.idx for t in tokens), shift + max(t.idx + len(t) for t in tokens), tuple(dict.fromkeys(parts))
    )


def _shown(rule: dict[str, Any]) -> str:
    return json.dumps(rule, ensure_ascii=False) if rule else "any token"
