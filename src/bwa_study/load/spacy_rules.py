"""The `spacy` entries of a codebook file: their form, and every fault that spaCy would meet later, or never tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from pydantic import Field

from bwa_study.load.forms import Form, id_fault
from bwa_study.load.yaml_strict import Path as Place
from bwa_study.model.codebook import Codebook, Polarity, SpacyIndicator
from bwa_study.model.errors import did_you_mean, shown
from bwa_study.model.patterns import MAX_GAP, PatternError, parse_pattern

MAX_REPEATS = 2
MAX_NODES = 6
NODE_FIELDS = ("LEFT_ID", "REL_OP", "RIGHT_ID", "RIGHT_ATTRS")
RELATIONS: tuple[str, ...] = (
    "<",
    ">",
    "<<",
    ">>",
    ".",
    ".*",
    ";",
    ";*",
    "$+",
    "$-",
    "$++",
    "$--",
    ">+",
    ">-",
    ">++",
    ">--",
)
RELATIONS += ("<+", "<-", "<++", "<--")
OF_PIPELINES = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID")
_BOUNDED = re.compile(r"\{(\d*),?(\d*)\}\Z")
Add = Callable[..., None]


class PipelineForm(Form):
    pipeline: str = Field(description="name of an installed spaCy pipeline, such as en_core_web_sm")


class SpacyForm(Form):
    name: str = Field(description="what tables call it; distinct within the code")
    lang: str
    polarity: Literal["present", "absent"] = "present"
    tokens: list[dict[str, Any]] = Field([], description="a pattern of spaCy's Matcher: an entry a token")
    dependency: list[dict[str, Any]] = Field([], description="a pattern of spaCy's DependencyMatcher")
    near: str = Field("", description="indicator pattern: only sentences it matches are looked at")
    everywhere: bool = Field(False, description="look at every sentence, not only where another indicator fires")


def spacy_indicators(forms: list[SpacyForm]) -> tuple[SpacyIndicator, ...]:
    """The entries of a code that has no fault."""
    return tuple(
        SpacyIndicator(
            f.name,
            f.lang,
            Polarity(f.polarity),
            "tokens" if f.tokens else "dependency",
            json.dumps(f.tokens or f.dependency, ensure_ascii=False),
            f.near,
            f.everywhere,
        )
        for f in forms
    )


def spacy_trial(rules: Any, *, language: str, near: str, codebook: Codebook) -> SpacyIndicator:
    """A pattern of spaCy's that is not in a file, checked as one of the codebook would be.

    Parameters
    ----------
    rules
        A list of tokens, or of nodes of a dependency pattern (with ``RIGHT_ID``).
    near
        Only sentences with this pattern are looked at; all where it is empty.

    Raises
    ------
    PatternError
        With everything that is wrong with it.
    """
    written = json.dumps(rules, ensure_ascii=False, default=str)
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        raise PatternError(shown(written), "this is no list of tokens", "write it so: [{LOWER: come}, {LOWER: back}]")
    kind = "dependency" if any("RIGHT_ID" in rule for rule in rules) else "tokens"
    entry = {"name": "trial", "lang": language, kind: rules, "near": near, "everywhere": not near}
    faults: list[tuple[str, str]] = []
    pipelines = {tag: {"pipeline": name} for tag, name in codebook.pipelines}
    top = {"languages": [*codebook.languages, language], "spacy": pipelines}
    SpacyChecker(lambda _, what, mend, **__: faults.append((what, mend)), top).check((), {"spacy": [entry]})
    if faults:
        whats, mends = ("; ".join(dict.fromkeys(texts)) for texts in zip(*faults, strict=True))
        raise PatternError(shown(written), whats, mends)
    return SpacyIndicator(
        "trial", language, Polarity.PRESENT, kind, json.dumps(rules, ensure_ascii=False), near, not near
    )


class SpacyChecker:
    """What the form of the `spacy` entries cannot say. `add` takes a place, what is wrong and what to do."""

    def __init__(self, add: Add, top: dict[str, Any]) -> None:
        self.add = add
        pipelines, languages = top.get("spacy"), top.get("languages", ["en"])
        self.pipelines = pipelines if isinstance(pipelines, dict) else {}
        self.languages = languages if isinstance(languages, list) else []

    def check(self, place: Place, code: dict[str, Any]) -> None:
        """Every entry of a code."""
        entries = code.get("spacy")
        names: set[str] = set()
        for at, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict):
                here = (*place, "spacy", at)
                self._name(here, entry.get("name"), names)
                self._language(here, entry.get("lang"))
                self._where(here, entry, code)
                self._rules(here, entry)

    def _name(self, place: Place, name: Any, names: set[str]) -> None:
        if not isinstance(name, str):
            return
        if fault := id_fault(name):
            self.add((*place, "name"), f"spacy name {fault}", "use ASCII letters, digits, '_', '-' and '.' only")
        elif name in names:
            self.add((*place, "name"), f"spacy name '{name}' is given twice in this code", "give each its own")
        names.add(name)

    def _language(self, place: Place, language: Any) -> None:
        if not isinstance(language, str):
            return
        if language not in self.languages:
            what = f"a spacy indicator in '{shown(language)}', which is not one of the codebook's languages"
            self.add((*place, "lang"), what, f"add '{shown(language)}' to 'languages' at the top")
        elif language not in self.pipelines:
            import spacy

            try:
                spacy.util.get_lang_class(language.split("-")[0])
            except ImportError:
                what = f"spaCy has no language '{shown(language)}'"
                self.add((*place, "lang"), what, "name an installed pipeline for it under 'spacy' at the top")

    def _where(self, place: Place, entry: dict[str, Any], code: dict[str, Any]) -> None:
        near, everywhere = entry.get("near"), entry.get("everywhere") is True
        if near and everywhere:
            self.add((*place, "near"), "'near' and 'everywhere' exclude each other", "keep one of them")
        if isinstance(near, str) and near:
            try:
                parse_pattern(near, str(entry.get("lang")))
            except PatternError as fault:
                what = f"pattern '{shown(fault.pattern)}': {shown(fault.what, limit=400)}"
                self.add((*place, "near"), what, fault.mend)
        elif not everywhere and not code.get("patterns") and not code.get("indicators"):
            what = "this spacy indicator would never be asked: its code has no plain indicator that could fire"
            self.add(place, what, "add 'near: a pattern' or 'everywhere: true'")

    def _rules(self, place: Place, entry: dict[str, Any]) -> None:
        kinds = [kind for kind in ("tokens", "dependency") if isinstance(entry.get(kind), list) and entry[kind]]
        if len(kinds) != 1:
            what = "'tokens' and 'dependency' exclude each other" if kinds else "neither 'tokens' nor 'dependency'"
            self.add(place, what, "give one pattern; write two as two entries")
            return
        blank = isinstance(entry.get("lang"), str) and entry["lang"] not in self.pipelines
        rules = entry[kinds[0]]
        here = (*place, kinds[0])
        if kinds[0] == "dependency":
            self._grammar(here, rules, blank)
        else:
            self._tokens(here, rules, blank)

    def _tokens(self, place: Place, rules: list[Any], blank: bool) -> None:
        tokens = [rule if isinstance(rule, dict) else {} for rule in rules]
        for at, token in enumerate(tokens):
            self._token((*place, at), token, blank)
        if not any(_must_be_there(token) for token in tokens):
            self.add(place, "the pattern matches anything, or nothing at all", "give one token that must be there")
        repeats = [at for at, token in enumerate(tokens) if _repeats(token)]
        if len(repeats) > MAX_REPEATS:
            what = f"{len(repeats)} tokens that may be repeated"
            mend = f"use at most {MAX_REPEATS} of '*', '+' and '{{n,m}}' in a pattern: more can take forever"
            self.add((*place, repeats[MAX_REPEATS], _key(tokens[repeats[MAX_REPEATS]], "OP")), what, mend)

    def _token(self, place: Place, token: dict[str, Any], blank: bool) -> None:
        """One token's attributes, by spaCy's own schema and what it lets through."""
        from spacy.schemas import TokenPattern, validate_token_pattern

        known = [name.upper() for name in TokenPattern.model_fields if name != "underscore"]
        for key, value in token.items():
            here = (*place, key)
            if str(key).upper() not in known:
                what = f"unknown attribute '{shown(key)}'{did_you_mean(str(key).upper(), known)}"
                self.add(here, what, "spaCy's documentation of Matcher lists the attributes", at_key=True)
            elif regular := next((name for name in _names(value) if name.upper() == "REGEX"), ""):
                mend = "list the words with IN, or use the notation of 'indicators', where * stands for letters"
                self.add(here, f"'{regular}' is a regular expression, which can take forever", mend)
            elif faults := validate_token_pattern([{key: value}]):
                told = "; ".join(dict.fromkeys(fault.split("] ", 1)[-1].lower() for fault in faults))
                self.add(here, f"attribute '{key}', value '{shown(value)}': {told}", "correct the value")
            else:
                self._value(here, str(key).upper(), value, blank)

    def _value(self, place: Place, key: str, value: Any, blank: bool) -> None:
        if key in OF_PIPELINES and blank:
            self.add(place, f"{key} needs a trained pipeline; spacy.blank does not know it", _NAME_ONE, at_key=True)
        elif key in ("LOWER", "NORM") and (capital := next((w for w in _words(value) if w != w.lower()), "")):
            self.add(place, f"{key} is never '{shown(capital)}'", f"write it in lower case: {capital.lower()}")
        elif key == "OP" and (most := _BOUNDED.match(str(value))) and max(_numbers(most)) > MAX_GAP:
            self.add(place, f"a token repeated '{shown(value)}'", f"use at most {MAX_GAP}")

    def _grammar(self, place: Place, rules: list[Any], blank: bool) -> None:
        if blank:
            self.add(place, "a dependency pattern needs a parser; spacy.blank has none", _NAME_ONE, at_key=True)
        if len(rules) > MAX_NODES:
            self.add(place, f"{len(rules)} nodes in a dependency pattern", f"use at most {MAX_NODES}")
        ids: list[str] = []
        for at, rule in enumerate(rules):
            self._node((*place, at), rule if isinstance(rule, dict) else {}, ids, blank)

    def _node(self, place: Place, node: dict[str, Any], ids: list[str], blank: bool) -> None:
        wanted = NODE_FIELDS if ids else NODE_FIELDS[2:]
        for key in node:
            if key not in wanted:
                what = f"unknown field '{shown(key)}'{did_you_mean(str(key), list(wanted))}"
                self.add((*place, key), what, f"a node here has {', '.join(wanted)}", at_key=True)
        for key in wanted:
            if key not in node:
                self.add(place, f"field '{key}' is missing", f"a node here has {', '.join(wanted)}")
        left, relation, id = node.get("LEFT_ID"), node.get("REL_OP"), node.get("RIGHT_ID")
        if ids and left is not None and left not in ids:
            self.add(
                (*place, "LEFT_ID"), f"LEFT_ID '{shown(left)}' is no node before this one", f"use {', '.join(ids)}"
            )
        if ids and relation is not None and relation not in RELATIONS:
            self.add((*place, "REL_OP"), f"relation '{shown(relation)}' is not known", f"use {' '.join(RELATIONS)}")
        if id is not None and (not isinstance(id, str) or id in ids):
            self.add((*place, "RIGHT_ID"), f"RIGHT_ID '{shown(id)}' is no name, or given twice", "name each node once")
        ids.append(str(id))
        attributes = node.get("RIGHT_ATTRS", {})
        if not isinstance(attributes, dict) or ("RIGHT_ATTRS" in node and not attributes):
            self.add((*place, "RIGHT_ATTRS"), "a node that is any word", "say what it is, such as {LOWER: came}")
        elif operator := _key(attributes, "OP") if "OP" in map(str.upper, map(str, attributes)) else "":
            self.add((*place, "RIGHT_ATTRS", operator), "OP has no meaning in a dependency pattern", "take it out")
        else:
            self._token((*place, "RIGHT_ATTRS"), attributes, blank)


_NAME_ONE = "name an installed one at the top: spacy: {en: {pipeline: en_core_web_sm}}"


def _key(token: dict[str, Any], name: str) -> str:
    return next((str(key) for key in token if str(key).upper() == name), name)


def _operator(token: dict[str, Any]) -> str:
    return str(token.get(_key(token, "OP"), ""))


def _must_be_there(token: dict[str, Any]) -> bool:
    operator = _operator(token)
    said = any(str(key).upper() != "OP" for key in token)
    bounded = _BOUNDED.match(operator)
    least = _numbers(bounded)[0] if bounded else 1
    return said and operator not in ("*", "?", "!") and least > 0


def _repeats(token: dict[str, Any]) -> bool:
    return _operator(token) not in ("", "?", "!")


def _numbers(bounds: re.Match[str]) -> tuple[int, int]:
    """Least and most; no upper end is one past what is allowed."""
    low, high = bounds.groups()
    least = int(low[:6] or 0)
    if "," not in bounds.string:
        return least, least
    return least, int(high[:6]) if high else MAX_GAP + 1


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _names(inner)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
