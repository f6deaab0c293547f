"""An interview as text: who spoke, when, and about which site."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from operator import or_

from bwa_study.model.spans import Span


class Role(StrEnum):
    """Who speaks a turn. Only respondents' turns are coded and counted."""

    INTERVIEWER = "interviewer"
    RESPONDENT = "respondent"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said before the next one spoke.

    Parameters
    ----------
    number
        From 1, in the order of the transcript.
    speaker
        The label as the transcript has it, white space trimmed.
    role
        Interviewer or respondent.
    span
        Place of the utterance in `Transcript.text`, without its label and time stamp.
    language
        Tag such as ``en`` or ``zh``: the interview's, or the turn's own script where they differ.
    about
        Ids of the sites the turn speaks of; empty where it speaks of none in particular.
    time
        Seconds from the start of the recording; None where the transcript has no stamp.
    """

    number: int
    speaker: str
    role: Role
    span: Span
    language: str
    about: tuple[str, ...] = ()
    time: float | None = None


@dataclass(frozen=True, slots=True)
class PairedText:
    """The same interview in another language, paired turn by turn: the original of a translation, or the reverse.

    Parameters
    ----------
    language
        Tag of its language; empty where it is not known.
    text
        Its decoded text, verbatim.
    spans
        Place of each turn's words in `text`, in the order of `Transcript.turns` and as many; empty where a turn was
        not translated.
    source_digest
        SHA-256 of the bytes of its file.
    """

    language: str
    text: str
    spans: tuple[Span, ...]
    source_digest: str = ""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", text_digest(self.text))

    @property
    def turns(self) -> tuple[str, ...]:
        """The words of each turn; empty where it was not translated."""
        return tuple(self.text[span.start : span.end] for span in self.spans)

    def touched(self, place: Span) -> tuple[int, ...]:
        """Numbers of the turns whose words a place in `text` shares, from 1."""
        return tuple(number for number, span in enumerate(self.spans, start=1) if span & place)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One interview with one participant (or one focus group) in one round.

    Parameters
    ----------
    id, participant, group, round
        Ids as the manifest has them; `participant` is stable over rounds.
    sites
        Ids of the sites the interview is about: one for people who work there, several for brand staff.
    language
        Language of the interview.
    text
        The decoded text, verbatim (line ends too); spans count its code points.
    turns
        In order; their spans do not overlap.
    blocks_asked
        Blocks of the guide that were asked; None where the manifest does not say (taken as all).
    consent_quotes
        ``none``, ``anonymous`` or ``full``: what the participant allowed to be printed.
    attributes
        Every other field of the manifest, as pairs.
    encoding
        What the bytes of its file were decoded with; empty for files that are no plain text, such as docx.
    source_digest
        SHA-256 of the bytes of its file.
    paired
        The interview in its other language; None where there is none. A coding that was put on it stands on the whole
        turn here, and keeps the other words (`CODINGS`, column ``other_quote``).

    Notes
    -----
    `digest` is the SHA-256 of the text in UTF-8, so a coding can tell when its text has changed.
    """

    id: str
    participant: str
    group: str
    round: str
    sites: tuple[str, ...]
    language: str
    text: str
    turns: tuple[Turn, ...]
    blocks_asked: frozenset[str] | None = None
    consent_quotes: str = "none"
    synthetic: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    encoding: str = ""
    source_digest: str = ""
    paired: PairedText | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", text_digest(self.text))

    def quote(self, span: Span) -> str:
        """The words at `span`.

        Raises
        ------
        ValueError
            If the span ends after the text.
        """
        if span.end > len(self.text):
            raise ValueError(f"{self.id}: {span} ends after the text ({len(self.text)} characters)")
        return self.text[span.start : span.end]

    def in_other_language(self, turn: int) -> str:
        """The words of a turn (by its number) in the interview's other language; empty where there is none."""
        if self.paired is None or not 0 < turn <= len(self.paired.spans):
            return ""
        span = self.paired.spans[turn - 1]
        return self.paired.text[span.start : span.end]

    def other_words(self, place: Span) -> str:
        """What the other language says in the turns that share words with a place in `text`; empty where nothing."""
        if self.paired is None:
            return ""
        turns = zip(self.turns, self.paired.spans, strict=True)
        whole = reduce(or_, (span for turn, span in turns if turn.span & place), Span(0, 0))
        return self.paired.text[whole.start : whole.end]

    def attribute(self, name: str) -> str:
        """A field of the manifest that is not one of the attributes above; empty where it is not given."""
        return dict(self.attributes).get(name, "")

    @property
    def respondent_turns(self) -> tuple[Turn, ...]:
        """The turns that can be coded."""
        return tuple(t for t in self.turns if t.role is Role.RESPONDENT)

    def about(self, turn: Turn) -> tuple[str, ...]:
        """Sites a turn is evidence for: those it names, else the interview's only site, else none."""
        if turn.about:
            return turn.about
        return self.sites if len(self.sites) == 1 else ()


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8: a coding tells by it when its text has changed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
