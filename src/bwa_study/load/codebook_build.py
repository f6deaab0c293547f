"""The form of a codebook file that has no fault becomes a `Codebook`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bwa_study.load.codebook_form import CUE_PATTERNS, CodebookForm, CodeForm
from bwa_study.load.forms import as_label
from bwa_study.load.spacy_rules import spacy_indicators
from bwa_study.model.codebook import (
    Code,
    Codebook,
    CodeWords,
    Condition,
    Cues,
    Example,
    Exclusion,
    Indicator,
    NearMiss,
    Polarity,
    Theme,
)
from bwa_study.model.words import has_han

Texts = dict[str, str]
"""A text by language, as `LabelForm` holds it."""


def codebook_of(form: CodebookForm) -> Codebook:
    """The codebook that a form says."""
    main = form.languages[0] if form.languages else "en"
    by_id = {c.id: c for c in form.codes}

    def inherited(code: CodeForm, read: Callable[[CodeForm], str]) -> str:
        while not read(code) and code.parent:
            code = by_id[code.parent]
        return read(code)

    codes = []
    for c in form.codes:
        theme = inherited(c, lambda one: one.theme)
        codes.append(_code(c, main, theme=theme, block=inherited(c, lambda one: one.block) or theme))
    return Codebook(
        id=form.id,
        version=form.version,
        themes=tuple(
            Theme(t.id, as_label(t.label or {"en": t.id}), _main(t.definition, main), _others(t.definition, main))
            for t in form.themes
        ),
        codes=tuple(codes),
        languages=tuple(form.languages),
        negators=tuple((language, tuple(words)) for language, words in form.negators.items()),
        general_rules=tuple(_main(rule, main) for rule in form.general_rules),
        rule_translations=_translated(form.general_rules, main),
        traditional_and_simplified=form.traditional_and_simplified,
        pipelines=tuple((language, of.pipeline) for language, of in form.spacy.items()),
        cues=tuple(
            Cues(language, window=of.window, **{kind: tuple(getattr(of, kind)) for kind in (*CUE_PATTERNS, "breaks")})
            for language, of in form.cues.items()
        ),
    )


def _main(texts: Texts, language: str) -> str:
    """The text in the codebook's first language; else the first there is."""
    return texts[language] if language in texts else next(iter(texts.values()), "")


def _others(texts: Texts, language: str) -> tuple[tuple[str, str], ...]:
    main = language if language in texts else next(iter(texts), "")
    return tuple((tag, text) for tag, text in texts.items() if tag != main)


def _translated(texts: Sequence[Texts], language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A list in every further language that one of its texts has."""
    others = [dict(_others(one, language)) for one in texts]
    tags = dict.fromkeys(tag for one in others for tag in one)
    return tuple((tag, tuple(one.get(tag, "") for one in others)) for tag in tags)


def _translations(form: CodeForm, language: str) -> tuple[tuple[str, CodeWords], ...]:
    says = form.polarity
    texts = (form.definition, says.present, says.absent, *form.include, *(one.rule for one in form.exclude))
    rules = 3 + len(form.include)
    return tuple(
        (tag, CodeWords(words[0], words[1], words[2], words[3:rules], words[rules:]))
        for tag, words in _translated(texts, language)
    )


def _code(form: CodeForm, language: str, *, theme: str, block: str) -> Code:
    near = form.near_miss
    return Code(
        id=form.id,
        theme=theme,
        label=as_label(form.label or {"en": form.id}),
        definition=_main(form.definition, language),
        include=tuple(_main(one, language) for one in form.include),
        exclude=tuple(Exclusion(_main(e.rule, language), e.see) for e in form.exclude),
        present=_main(form.polarity.present, language),
        absent=_main(form.polarity.absent, language),
        valence=form.valence,
        condition=Condition(form.condition.name, float(form.condition.weight)) if form.condition else None,
        block=block,
        groups=tuple(form.groups),
        parent=form.parent,
        indicators=_indicators(form),
        spacy=spacy_indicators(form.spacy),
        auto_negation=form.auto_negation,
        examples=tuple(Example(e.group, e.lang, Polarity(e.polarity), e.text) for e in form.examples),
        near_miss=NearMiss(near.text, near.code) if near else None,
        since=form.since,
        changed=form.changed,
        merged_from=tuple(form.merged_from),
        translations=_translations(form, language),
    )


def _indicators(form: CodeForm) -> tuple[Indicator, ...]:
    out = [Indicator("zh" if has_han(p) else "en", Polarity.PRESENT, p) for p in form.patterns]
    for language, patterns in form.indicators.items():
        out += [Indicator(language, Polarity.ABSENT, p) for p in patterns.absent]
        out += [Indicator(language, Polarity.PRESENT, p) for p in patterns.present]
    return tuple(out)
