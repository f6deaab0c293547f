"""A survey: its items and constructs, and the answers of one wave, with four kinds of silence kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import UnknownName
from bwa_study.model.labels import Label

ItemKind = Literal["scale", "choice", "number", "open"]
ITEM_KINDS: tuple[ItemKind, ...] = ("scale", "choice", "number", "open")
ANSWER_STATES = ("answered", "don't know", "refused", "missing", "not asked")
"""What a respondent did with an item. Only *not asked* leaves the denominator of those who were asked."""

KEYS = ("respondent", "person", "site", "brand", "group", "round", "weight", "language", "interview", "consent_quotes")
"""Columns every wave has before the further columns of its file; empty where the file does not say."""


@dataclass(frozen=True, slots=True)
class Level:
    """One answer of a closed item: the value in the file, what people read, and the number it counts as.

    `score` is already turned round for a reversed item, so that more is always more of the construct; NaN for an
    item without order.
    """

    value: str
    label: Label
    score: float


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """A question of a survey.

    Parameters
    ----------
    construct
        Id of what it measures; items of one construct make a scale. Empty for an item that stands alone.
    wording
        The question by language.
    kind
        ``scale`` (ordered levels), ``choice`` (levels without order), ``number``, ``open`` (words).
    levels
        In their order, lowest first; none for ``number`` and ``open``.
    reversed
        Whether agreement counts against the construct. The scores of `levels` hold that already.
    dont_know, refused, missing
        Values of the file that are no answer, and what they mean. An empty cell is ``missing`` too.
    groups
        Who is asked; empty for everybody.
    rounds
        In which rounds it is asked; empty for all.
    rewordings
        Pairs of round and wording where a round asked in other words.
    """

    id: str
    construct: str = ""
    wording: Label = field(default_factory=lambda: Label(()))
    kind: ItemKind = "scale"
    levels: tuple[Level, ...] = ()
    reversed: bool = False
    dont_know: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    rewordings: tuple[tuple[str, Label], ...] = ()

    def is_asked(self, group: str, round: str) -> bool:
        """Whether people of `group` are asked in `round`."""
        return (not self.groups or group in self.groups) and (not self.rounds or round in self.rounds)

    def wording_in(self, round: str) -> Label:
        """The question as `round` asked it."""
        return dict(self.rewordings).get(round, self.wording)

    @property
    def has_mean(self) -> bool:
        """Whether its answers are numbers that can be averaged."""
        return self.kind in ("scale", "number")

    @property
    def top(self) -> tuple[float, ...]:
        """Scores of the two best levels of a scale of four or more (of the best one where there are fewer)."""
        scores = sorted({level.score for level in self.levels}) if self.kind == "scale" else []
        return tuple(scores[-2:] if len(scores) >= 4 else scores[-1:])


@dataclass(frozen=True, slots=True)
class Construct:
    """What several items measure together; `codes` are the codes or themes of the codebook that speak of the same."""

    id: str
    label: Label
    items: tuple[str, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SurveyWave:
    """The answers of one file of a survey in one round.

    Parameters
    ----------
    round
        Id of the round.
    respondents
        A row a respondent: the columns `KEYS`, then every further column of the file as text. ``respondent`` is
        distinct in a wave; ``person`` is the same in every round, or empty where a person cannot be linked; ``weight``
        is a number above 0 (1 where the survey has no weights); ``interview`` is the id of the person's interview,
        and empty unless the respondent agreed to the link.
    items
        In the order of the survey file.
    states
        Respondent × item: one of `ANSWER_STATES`.
    values
        Respondent × item: the score of an answer, reversed where the item is; NaN where there is none.
    texts
        Respondent × item: the level's value or the words of an answer; empty where there is none.
    constructs
        In declared order.
    weighted
        Whether the file has weights.
    file
        Name of the file, and its sheet, for messages.
    """

    round: str
    respondents: pd.DataFrame
    items: tuple[SurveyItem, ...]
    states: pd.DataFrame = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    texts: pd.DataFrame = field(repr=False)
    constructs: tuple[Construct, ...] = ()
    weighted: bool = False
    synthetic: bool = False
    file: str = ""

    def __len__(self) -> int:
        return len(self.respondents)

    def __getitem__(self, item: str) -> SurveyItem:
        for one in self.items:
            if one.id == item:
                return one
        raise UnknownName("item", item, [i.id for i in self.items])

    def item_frame(self, item: str) -> pd.DataFrame:
        """The respondents with their answer to one item: the columns of `respondents`, then state, value, text.

        Raises
        ------
        UnknownName
            If there is no such item.
        """
        self[item]
        return self.respondents.assign(
            state=self.states[item].to_numpy(), value=self.values[item].to_numpy(), text=self.texts[item].to_numpy()
        )

    @property
    def answers(self) -> pd.DataFrame:
        """The long form, a row a respondent and item: the columns `KEYS`, then item, state, value, text."""
        parts = [self.item_frame(i.id)[[*KEYS, "state", "value", "text"]].assign(item=i.id) for i in self.items]
        columns = [*KEYS, "item", "state", "value", "text"]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


@dataclass(frozen=True, slots=True)
class OpenAnswers:
    """Answers to open questions as transcripts, a respondent each, with what was coded in them.

    They stand beside the interviews, not among them: whoever counts both says so, see
    `bwa_study.analysis.open_answers.open_answers`.
    """

    corpus: Corpus = field(default_factory=lambda: Corpus(()))
    codings: Codings = field(default_factory=Codings.empty)
    examined: Examined = field(default_factory=Examined)


def survey_items_of(waves: Sequence[SurveyWave]) -> tuple[SurveyItem, ...]:
    """The items of several waves, each once, in the order of the survey file."""
    return tuple({item.id: item for wave in waves for item in wave.items}.values())


def constructs_of(waves: Sequence[SurveyWave]) -> tuple[Construct, ...]:
    """The constructs of several waves, each once, in declared order."""
    return tuple({one.id: one for wave in waves for one in wave.constructs}.values())
