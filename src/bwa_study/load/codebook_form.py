"""The form of `codebook.yaml`: its fields, and what each may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from bwa_study.load.forms import Form, LabelForm
from bwa_study.load.spacy_rules import PipelineForm, SpacyForm

Version = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
CUE_PATTERNS = ("negate", "no_cue", "wish", "before", "now", "future")
PolarityName = Literal["present", "absent"]


class PatternsForm(Form):
    present: list[str] = []
    absent: list[str] = []


class PolarityForm(Form):
    present: LabelForm = {}
    absent: LabelForm = {}


class ExclusionForm(Form):
    rule: LabelForm
    see: str


class ConditionForm(Form):
    name: str
    weight: float = 1


class ExampleForm(Form):
    text: str
    polarity: PolarityName = "present"
    group: str = ""
    lang: str = ""


class NearMissForm(Form):
    text: str
    code: str


class ThemeForm(Form):
    id: str
    label: LabelForm = {}
    definition: LabelForm = {}


class CodeForm(Form):
    id: str = Field(description="ASCII letters, digits, '_', '-' and '.'")
    theme: str = Field("", description="id of a theme; a code with a parent takes its parent's")
    parent: str = Field("", description="id of the code this one is a part of")
    label: LabelForm = {}
    definition: LabelForm = Field({}, description="what a coder must find to give the code, in one language or several")
    include: list[LabelForm] = []
    exclude: list[ExclusionForm] = Field([], description="tell-apart rules: when the rule holds, see the other code")
    polarity: PolarityForm = PolarityForm()
    valence: Literal[-1, 0, 1] = Field(1, description="how presence counts for the theme")
    condition: ConditionForm | None = None
    block: str = Field("", description="block of the interview guide that asks about it; the theme's id by default")
    groups: list[str] = Field([], description="groups that can speak of it; all by default")
    indicators: dict[str, PatternsForm] = Field({}, description="patterns by language and polarity")
    patterns: list[str] = Field([], description="short form of indicators: patterns of presence, language by script")
    spacy: list[SpacyForm] = Field([], description="patterns on tokens and grammar, in spaCy's notation")
    auto_negation: bool = True
    examples: list[ExampleForm] = []
    near_miss: NearMissForm | None = None
    since: Version = ""
    changed: Version = ""
    merged_from: list[str] = Field([], description="former ids whose codings count as this code's")


class CuesForm(Form):
    negate: list[str] = []
    window: int = Field(3, ge=1, le=30, description="how near before a match a negator must end: words, or characters")
    no_cue: list[str] = Field([], description="phrases in which a negator does not negate")
    breaks: list[str] = Field([], description="words that end a clause, as punctuation does")
    wish: list[str] = Field([], description="words that make what follows a wish or a plan")
    before: list[str] = []
    now: list[str] = []
    future: list[str] = []


class CodebookForm(Form):
    id: str = "codebook"
    version: Version
    languages: list[str] = ["en"]
    unit: str = ""
    polarity_values: list[PolarityName] = ["present", "absent"]
    general_rules: list[LabelForm] = []
    negators: dict[str, list[str]] = Field({}, description="words that negate what follows, by language")
    cues: dict[str, CuesForm] = Field({}, description="negators, clause ends, wishes and times, by language")
    traditional_and_simplified: bool = Field(False, description="a character of a pattern stands for both scripts")
    spacy: dict[str, PipelineForm] = Field({}, description="installed spaCy pipelines by language; blank by default")
    themes: list[ThemeForm] = []
    codes: list[CodeForm]
