"""All transcripts of a study, in a fixed order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from bwa_study.model.errors import UnknownName
from bwa_study.model.transcripts import Transcript
from bwa_study.model.words import count_words

_INTERVIEW_COLUMNS = (
    "transcript", "participant", "group", "round", "sites", "language", "turns", "words", "characters", "synthetic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Corpus:
    """The transcripts a study may use, in the order of the manifest.

    Interviews whose consent was withdrawn are never in it.

    Parameters
    ----------
    transcripts
        Transcripts with distinct ids.

    Raises
    ------
    ValueError
        If two transcripts have one id.
    """

    transcripts: tuple[Transcript, ...]
    _by_id: dict[str, Transcript] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {t.id: t for t in self.transcripts}
        if len(by_id) != len(self.transcripts):
            twice = sorted({t.id for t in self.transcripts if sum(u.id == t.id for u in self.transcripts) > 1})
            raise ValueError(f"transcript ids must be distinct, given twice: {', '.join(twice)}")
        object.__setattr__(self, "_by_id", by_id)

    def __len__(self) -> int:
        return len(self.transcripts)

    def __iter__(self) -> Iterator[Transcript]:
        return iter(self.transcripts)

    def __contains__(self, transcript: object) -> bool:
        return transcript in self._by_id

    def __getitem__(self, transcript: str) -> Transcript:
        try:
            return self._by_id[transcript]
        except KeyError:
            raise UnknownName("transcript", transcript, self._by_id) from None

    def select(
        self,
        *,
        group: str | None = None,
        round: str | None = None,
        site: str | None = None,
        language: str | None = None,
        ids: Iterable[str] | None = None,
    ) -> Corpus:
        """The transcripts that meet every condition given, in the same order."""
        wanted = None if ids is None else set(ids)
        return Corpus(
            tuple(
                t
                for t in self.transcripts
                if (group is None or t.group == group)
                and (round is None or t.round == round)
                and (site is None or site in t.sites)
                and (language is None or t.language == language)
                and (wanted is None or t.id in wanted)
            )
        )

    @property
    def interviews(self) -> pd.DataFrame:
        """A row an interview.

        Columns transcript, participant, group, round, sites, language, turns, words, characters, synthetic.
        ``turns`` and ``words`` are the respondents' only; see `count_words`. ``sites`` joins ids with ``;``.
        """
        rows = [
            {
                "transcript": t.id,
                "participant": t.participant,
                "group": t.group,
                "round": t.round,
                "sites": ";".join(t.sites),
                "language": t.language,
                "turns": len(t.respondent_turns),
                "words": sum(count_words(t.quote(turn.span)) for turn in t.respondent_turns),
                "characters": len(t.text),
                "synthetic": t.synthetic,
            }
            for t in self.transcripts
        ]
        columns = list(_INTERVIEW_COLUMNS)
        return pd.DataFrame(rows, columns=columns)

    @property
    def digest(self) -> str:
        """SHA-256 over the ids and text digests, in order."""
        whole = hashlib.sha256()
        for t in self.transcripts:
            whole.update(f"{t.id}\t{t.digest}\n".encode())
        return whole.hexdigest()
