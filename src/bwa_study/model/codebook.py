"""Themes and codes: what the team looks for, how codes are told apart, and which words point to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from bwa_study.model.errors import Problem, UnknownName
from bwa_study.model.labels import Label


class Polarity(StrEnum):
    """What a statement says of the code's subject. Silence is neither."""

    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A pattern whose match in a sentence proposes a code; see `bwa_study.model.patterns` for the notation."""

    language: str
    polarity: Polarity
    pattern: str


@dataclass(frozen=True, slots=True)
class SpacyIndicator:
    """A pattern on the tokens of a sentence, or on its grammar, in the notation of spaCy's matchers.

    Parameters
    ----------
    name
        What tables call it; distinct within its code.
    kind
        ``tokens`` (spaCy's Matcher) or ``dependency`` (its DependencyMatcher).
    rules
        The pattern as JSON: a list with an entry a token.
    near
        An indicator pattern: only sentences it matches are looked at. Where it is empty, only sentences in which a
        plain indicator of the code fires.
    everywhere
        Whether every sentence is looked at.
    """

    name: str
    language: str
    polarity: Polarity
    kind: str
    rules: str
    near: str = ""
    everywhere: bool = False

    @property
    def pattern(self) -> str:
        """How tables name it: ``spacy:`` and its name."""
        return f"spacy:{self.name}"


AnyIndicator = Indicator | SpacyIndicator


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A tell-apart rule: when `rule` holds, the code is not this one but `see`."""

    rule: str
    see: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that a coder gives the code to."""

    group: str
    language: str
    polarity: Polarity
    text: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A sentence that looks like the code and belongs to another one."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of the study a code is evidence for, and how much it weighs there."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Cues:
    """Words of one language that change what a match means, each in the notation of patterns.

    Parameters
    ----------
    negate
        Before a match in its clause, they turn it; two of them cancel each other out.
    window
        How near before the match a negator must end, in words (Chinese: characters); 1 is right before it.
    no_cue
        Phrases in which a negator does not negate, such as "not only".
    breaks
        Words that end a clause as punctuation does, such as "but"; plain words, no patterns.
    wish
        Before a match in its clause, they make it a wish or a plan.
    before, now, future
        Anywhere in the sentence, they say which time it speaks of.
    """

    language: str
    negate: tuple[str, ...] = ()
    window: int = 3
    no_cue: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    wish: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    future: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeWords:
    """What a codebook says to coders about one code, in one language.

    Parameters
    ----------
    definition, present, absent
        What the code is, and what its two polarities are.
    include
        What it is given for.
    exclude
        The rules of `Code.exclude`, in their order.
    """

    definition: str = ""
    present: str = ""
    absent: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A family of codes; `translations` has its definition in further languages, as pairs."""

    id: str
    label: Label
    definition: str = ""
    translations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that can be said, in two polarities.

    Parameters
    ----------
    id
        ASCII letters, digits, ``_``, ``-`` and ``.``.
    theme
        Id of its theme; empty where the codebook has none.
    valence
        +1 where presence is good for the theme, -1 where it is bad (fear), 0 where it is neither.
    block
        Block of the interview guide that asks about it: what "not asked" is read from.
    groups
        Groups that can speak of it; empty means all. Others count as "not asked".
    parent
        Id of the code it is a part of, or empty.
    auto_negation
        Whether a negated `present` match is proposed as `absent`.
    merged_from
        Former ids whose codings count as this code's.
    spacy
        Patterns on tokens and grammar, asked after `indicators`.
    translations
        What coders read of it in further languages, by tag; the fields above are in the codebook's first language.
    """

    id: str
    theme: str
    label: Label
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    present: str = ""
    absent: str = ""
    valence: int = 1
    condition: Condition | None = None
    block: str = ""
    groups: tuple[str, ...] = ()
    parent: str = ""
    indicators: tuple[Indicator, ...] = ()
    auto_negation: bool = True
    examples: tuple[Example, ...] = ()
    near_miss: NearMiss | None = None
    since: str = ""
    changed: str = ""
    merged_from: tuple[str, ...] = ()
    spacy: tuple[SpacyIndicator, ...] = ()
    translations: tuple[tuple[str, CodeWords], ...] = ()

    def words(self, language: str) -> CodeWords:
        """What coders read of it in a language; what is not translated stands in the codebook's first language."""
        own = CodeWords(self.definition, self.present, self.absent, self.include, tuple(e.rule for e in self.exclude))
        other = dict(self.translations).get(language)
        if other is None:
            return own
        return CodeWords(
            other.definition or own.definition,
            other.present or own.present,
            other.absent or own.absent,
            tuple(new or old for new, old in zip(other.include, own.include, strict=True)),
            tuple(new or old for new, old in zip(other.exclude, own.exclude, strict=True)),
        )

    @property
    def all_indicators(self) -> tuple[AnyIndicator, ...]:
        """The plain patterns, then those of spaCy."""
        return (*self.indicators, *self.spacy)


@dataclass(frozen=True, slots=True)
class Codebook:
    """Versioned codes in the order of the file.

    Parameters
    ----------
    pipelines
        By language, the installed spaCy pipeline that its `Code.spacy` patterns are run with; ``spacy.blank`` else.
    rule_translations
        `general_rules` in further languages, by tag; an empty text where one is not translated.
    left_out
        A problem an indicator of the file that this codebook was read without, because it could not be used.

    Raises
    ------
    ValueError
        If two codes have one id.

    Examples
    --------
    >>> book = Codebook("b", "1", (Theme("t", Label((("en", "T"),))),), (Code("a", "t", Label(())),))
    >>> book["a"].theme, [c.id for c in book.under("t")]
    ('t', ['a'])
    """

    id: str
    version: str
    themes: tuple[Theme, ...]
    codes: tuple[Code, ...]
    languages: tuple[str, ...] = ("en",)
    negators: tuple[tuple[str, tuple[str, ...]], ...] = ()
    general_rules: tuple[str, ...] = ()
    cues: tuple[Cues, ...] = ()
    traditional_and_simplified: bool = False
    pipelines: tuple[tuple[str, str], ...] = ()
    left_out: tuple[Problem, ...] = field(default=(), compare=False)
    rule_translations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    _by_id: dict[str, Code] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {c.id: c for c in self.codes}
        if len(by_id) != len(self.codes):
            ids = [c.id for c in self.codes]
            twice = ", ".join(id for id in by_id if ids.count(id) > 1)
            raise ValueError(f"code ids must be distinct, given twice: {twice}")
        object.__setattr__(self, "_by_id", by_id)

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_id

    def __getitem__(self, code: str) -> Code:
        try:
            return self._by_id[code]
        except KeyError:
            raise UnknownName("code", code, self._by_id) from None

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the codes, in order."""
        return tuple(c.id for c in self.codes)

    def theme(self, theme: str) -> Theme:
        """The theme of that id.

        Raises
        ------
        UnknownName
            If there is none.
        """
        for one in self.themes:
            if one.id == theme:
                return one
        raise UnknownName("theme", theme, (t.id for t in self.themes))

    def under(self, parent: str) -> tuple[Code, ...]:
        """The codes of a theme, or a code and all codes below it, in the order of the file.

        Raises
        ------
        UnknownName
            If `parent` is neither a theme nor a code.
        """
        if any(t.id == parent for t in self.themes):
            return tuple(c for c in self.codes if c.theme == parent)
        below = {self[parent].id}
        while True:
            more = {c.id for c in self.codes if c.parent in below} - below
            if not more:
                return tuple(c for c in self.codes if c.id in below)
            below |= more

    def rules(self, language: str) -> tuple[str, ...]:
        """`general_rules` in a language; one that is not translated stands in the codebook's first language."""
        other = dict(self.rule_translations).get(language, self.general_rules)
        return tuple(new or old for new, old in zip(other, self.general_rules, strict=True))

    @property
    def digest(self) -> str:
        """SHA-256 of the content; the layout of the file does not change it."""
        content = asdict(self)
        content.pop("_by_id")
        content.pop("left_out")
        # What a codebook does not use is left out, so that a new field changes no digest that a log holds already.
        for used in (content, *content["codes"], *content["themes"]):
            for late in ("spacy", "pipelines", "translations", "rule_translations"):
                if not used.get(late):
                    used.pop(late, None)
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


NO_CODEBOOK = Codebook("", "", (), ())
"""Of a study that is a survey alone and has none; a codebook that was read has a code at least."""
