"""A row of the manifest, as what is known of one interview before its transcript is read."""

from __future__ import annotations

import pandas as pd

from bwa_study.load.manifest import split_ids
from bwa_study.load.transcript_files import InterviewFields

_FIELDS = {
    "interview_id", "participant_id", "group", "round", "factory_ids", "language", "blocks_asked", "consent_quotes",
    "synthetic", "transcript_file", "encoding", "withdrawn", "sha256", "study_id",
}  # fmt: skip


def interview_fields(row: pd.Series, part: str) -> InterviewFields:
    """The fields of one interview; `part` is its id in a table of many. Other columns become its attributes."""
    blocks = split_ids(row["blocks_asked"])
    return InterviewFields(
        id=row["interview_id"],
        participant=row["participant_id"],
        group=row["group"],
        round=row["round"],
        sites=split_ids(row["factory_ids"]),
        language=row["language"],
        blocks_asked=frozenset(blocks) if blocks else None,
        consent_quotes=row["consent_quotes"] or "none",
        synthetic=row["synthetic"] is True,
        attributes=tuple((str(k), _attribute(v)) for k, v in row.items() if k not in _FIELDS and not _is_missing(v)),
        encoding=row["encoding"],
        part=part,
    )


def _is_missing(value: object) -> bool:
    return value is pd.NA or value is None or value == ""


def _attribute(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
