"""`codebook.yaml` becomes a `Codebook`, or every one of its problems is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from bwa_study.load.codebook_build import codebook_of
from bwa_study.load.codebook_form import CUE_PATTERNS, CodebookForm
from bwa_study.load.forms import check_parts, id_fault
from bwa_study.load.gate import Rejected, decode, read_source, refuse_kind
from bwa_study.load.spacy_rules import SpacyChecker
from bwa_study.load.yaml_strict import Document, read_yaml
from bwa_study.load.yaml_strict import Path as Place
from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import CodebookError, Problem, UnknownName, did_you_mean, shown
from bwa_study.model.patterns import PatternError, parse_pattern
from bwa_study.model.words import has_han

BadIndicators = Literal["refuse", "leave out"]
"""What is done where nothing but indicators is wrong with a codebook."""


def load_codebook(path: str | Path, *, encoding: str = "", bad_indicators: BadIndicators = "refuse") -> Codebook:
    """Read a codebook file.

    Parameters
    ----------
    path
        A YAML file; its fields are described by `codebook_schema`.
    encoding
        Only needed where the file is not UTF-8, such as ``gb18030``.
    bad_indicators
        ``leave out`` reads the codebook without the indicators that cannot be used (a pattern not in the notation, one
        that matches everything, one still half typed); `Codebook.left_out` names each. Other faults are errors always,
        also those of negators and other cues: without them the rest would mean something else.

    Raises
    ------
    CodebookError
        With every problem of the file, each as ``file:line:column: what — how to mend it``.
    UnknownName
        If there is no such way with bad indicators.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> book = bwa.load_codebook(bwa.demo_codebook_path())
    >>> book["follow_up"].theme
    'oversight'
    """
    path = Path(path)
    try:
        refuse_kind(str(path), instead="give a codebook as YAML")
        text = decode(read_source(path), encoding=encoding, state="with --encoding")
    except Rejected as fault:
        raise CodebookError([fault.problem]) from None
    return parse_codebook(text, file=str(path), bad_indicators=bad_indicators)


def parse_codebook(text: str, *, file: str, bad_indicators: BadIndicators = "refuse") -> Codebook:
    """As `load_codebook`, from the decoded text of a file."""
    if bad_indicators not in get_args(BadIndicators):
        raise UnknownName("way with bad indicators", bad_indicators, get_args(BadIndicators))
    document = read_yaml(text, file=file)
    if not document.complete:
        raise CodebookError(document.problems)
    form, faults = check_parts(CodebookForm, document, file=file, kind="codebook")
    faults += _Checker(document, file).faults()
    if not faults and not document.problems and form is not None:
        return codebook_of(form)
    refused: dict[Place, Problem] = {}
    problems = list(document.problems)
    for place, problem in faults:
        indicator = _indicator_of(place)
        refused.setdefault(indicator, problem)
        problems.append(replace(problem, about="indicator") if indicator else problem)
    if bad_indicators == "leave out" and () not in refused and not document.problems:
        form = CodebookForm.model_validate(_without(document.value, refused))
        warnings = sorted((replace(p, severity="warning") for p in refused.values()), key=_by_place)
        return replace(codebook_of(form), left_out=tuple(warnings))
    raise CodebookError(sorted(problems, key=_by_place))


def _by_place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def _indicator_of(place: Place) -> Place:
    """The indicator that a part of the file belongs to; empty where it is part of something else."""
    match place[2:3]:
        case ("indicators",):
            length = 6
        case ("patterns" | "spacy",):
            length = 4
        case _:
            return ()
    return place[:length] if place[0] == "codes" and len(place) >= length else ()


def _without(value: Any, places: Iterable[Place]) -> Any:
    """The document without the entries of lists that stand at `places`."""
    left = copy.deepcopy(value)
    for place in sorted(places, key=lambda one: one[-1], reverse=True):  # from the end, so that no entry moves
        entries = left
        for step in place[:-1]:
            entries = entries[step]
        del entries[place[-1]]
    return left


def codebook_schema() -> str:
    """The JSON Schema of a codebook file, which lets editors complete and check it.

    Examples
    --------
    >>> json.loads(codebook_schema())["required"]
    ['version', 'codes']
    """
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **CodebookForm.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class _Checker:
    """What a form cannot say: ids, references, cycles and patterns. Works on files that have other faults too."""

    def __init__(self, document: Document, file: str) -> None:
        self.document, self.file = document, file
        top = document.value if isinstance(document.value, dict) else {}
        self.themes = _rows(top.get("themes"))
        self.codes = _rows(top.get("codes"))
        self.negators, self.cues = top.get("negators"), top.get("cues")
        self.languages = top.get("languages", ["en"])
        self.found: list[tuple[Place, Problem]] = []

    def faults(self) -> list[tuple[Place, Problem]]:
        theme_ids = self.check_ids("themes", self.themes, "theme")
        code_ids = self.check_ids("codes", self.codes, "code")
        spacy = SpacyChecker(self.add, self.document.value if isinstance(self.document.value, dict) else {})
        for at, code in self.codes:
            spacy.check(("codes", at), code)
            self.check_references(("codes", at), code, theme_ids, code_ids)
            self.check_patterns(("codes", at), code)
        self.check_cues()
        self.check_cycles()
        self.check_merges(code_ids)
        if isinstance(self.document.value, dict) and self.document.value.get("codes") == []:
            self.add(("codes",), "the codebook has no code", "add at least one code under 'codes'")
        return self.found

    def add(self, place: Place, what: str, mend: str, *, at_key: bool = False) -> None:
        line, column = self.document.key_place(place) if at_key else self.document.place(place)
        self.found.append((place, Problem(self.file, line, column, what, mend)))

    def check_ids(self, section: str, rows: list[tuple[int, dict[str, object]]], kind: str) -> set[str]:
        first: dict[str, int] = {}
        for at, row in rows:
            id, place = row.get("id"), (section, at, "id")
            if not isinstance(id, str):
                continue
            if fault := id_fault(id):
                self.add(place, f"{kind} id {fault}", "use ASCII letters, digits, '_', '-' and '.' only")
            elif id in first:
                line = first[id]
                self.add(
                    place,
                    f"{kind} id '{id}' is given twice, first in line {line}",
                    "give each its own id, or merge the two",
                )
            first.setdefault(id, self.document.place(place)[0])
        return set(first)

    def check_references(self, place: Place, code: dict[str, object], themes: set[str], codes: set[str]) -> None:
        me = shown(code.get("id"))
        self.refer((*place, "theme"), code.get("theme"), themes, f"code '{me}' names theme")
        self.refer((*place, "parent"), code.get("parent"), codes, f"code '{me}' names parent")
        for at, rule in _rows(code.get("exclude")):
            self.refer((*place, "exclude", at, "see"), rule.get("see"), codes, f"an exclude rule of '{me}' names code")
        near = code.get("near_miss")
        if isinstance(near, dict):
            self.refer((*place, "near_miss", "code"), near.get("code"), codes, f"the near miss of '{me}' names code")

    def refer(self, place: Place, name: object, known: set[str], who: str) -> None:
        if isinstance(name, str) and name and name not in known:
            hint = did_you_mean(name, [one for one in known if not id_fault(one)])
            self.add(
                place, f"{who} '{shown(name)}', which does not exist{hint}", "correct the name, or add what it names"
            )

    def check_patterns(self, place: Place, code: dict[str, object]) -> None:
        me = f"code '{shown(code.get('id'))}'"
        for at, pattern in _texts(code.get("patterns")):
            self.check_pattern((*place, "patterns", at), me, pattern, "zh" if has_han(pattern) else "en")
        indicators = code.get("indicators")
        for language, by_polarity in indicators.items() if isinstance(indicators, dict) else ():
            if isinstance(self.languages, list) and language not in self.languages:
                what = f"indicators in '{shown(language)}', which is not one of the codebook's languages"
                mend = f"add '{shown(language)}' to 'languages' at the top"
                self.add((*place, "indicators", language), what, mend, at_key=True)
            for polarity, patterns in by_polarity.items() if isinstance(by_polarity, dict) else ():
                for at, pattern in _texts(patterns):
                    self.check_pattern((*place, "indicators", language, polarity, at), me, pattern, language)

    def check_pattern(self, place: Place, where: str, pattern: str, language: str) -> None:
        try:
            parse_pattern(pattern, language)
        except PatternError as fault:
            what = f"{where}, pattern '{shown(fault.pattern)}': {shown(fault.what, limit=400)}"
            self.add(place, what, fault.mend)

    def check_cues(self) -> None:
        negators = self.negators if isinstance(self.negators, dict) else {}
        for language, words in negators.items():
            for at, word in _texts(words):
                self.check_pattern(("negators", language, at), "the negators", word, language)
        for language, by_kind in self.cues.items() if isinstance(self.cues, dict) else ():
            if language in negators:
                what = f"negators of '{shown(language)}' are given twice, under 'negators' and under 'cues'"
                self.add(("cues", language), what, "keep those under 'cues', as 'negate'", at_key=True)
            for kind in CUE_PATTERNS:
                for at, word in _texts(by_kind.get(kind)) if isinstance(by_kind, dict) else ():
                    self.check_pattern(("cues", language, kind, at), f"the cues '{kind}'", word, language)

    def check_cycles(self) -> None:
        links = [(at, c.get("id"), c.get("parent")) for at, c in self.codes]
        named = [(at, id, up) for at, id, up in links if isinstance(id, str) and isinstance(up, str) and up]
        parent = {id: up for _, id, up in named}
        reported: set[str] = set()
        for at, id, up in named:
            chain, here = [id], up
            while here in parent and here not in chain:
                chain.append(here)
                here = parent[here]
            if here == id and here not in reported:
                reported |= set(chain)
                names = " → ".join(shown(c) for c in [*chain, here])
                self.add(
                    ("codes", at, "parent"), f"the parents go round in a circle: {names}", "remove one of these parents"
                )

    def check_merges(self, codes: set[str]) -> None:
        taken: dict[str, str] = {}
        for at, code in self.codes:
            for n, former in _texts(code.get("merged_from")):
                place = ("codes", at, "merged_from", n)
                if former in codes:
                    self.add(
                        place,
                        f"'{shown(former)}' is merged into '{shown(code.get('id'))}' but is still a code",
                        "retire one of the two",
                    )
                elif former in taken:
                    self.add(place, f"'{shown(former)}' is already merged into '{taken[former]}'", "name it once")
                taken.setdefault(former, shown(code.get("id")))


def _rows(value: object) -> list[tuple[int, dict[str, object]]]:
    return [(i, row) for i, row in enumerate(value) if isinstance(row, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[tuple[int, str]]:
    return [(i, text) for i, text in enumerate(value) if isinstance(text, str)] if isinstance(value, list) else []
