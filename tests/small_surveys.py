"""A small study with one survey file, for the tests of surveys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

STUDY = """\
id: small
title: Small study
sites: raw/factories.csv
surveys: raw/survey.yaml
groups: [{id: brand_staff}, {id: manager}, {id: worker}]
rounds: [{id: R1}, {id: R2}]
"""
SURVEY = """\
keys: {respondent: id, site: site, group: group, weight: w}
waves: [{file: survey.csv, round: R1}]
scale: {levels: [1, 2, 3, 4], dont_know: 8, refused: 9}
items:
  - {id: q1, construct: talk, wording: {en: They ask us., zh: 他们问我们。}}
  - {id: q2, construct: talk, reversed: true}
  - {id: num, kind: number, groups: [worker]}
  - {id: o, kind: open, wording: "What changed?"}
"""
CODEBOOK = 'id: book\nversion: "1.0"\ncodes: [{id: follow_up, label: Follow-up}, {id: fear, label: Fear}]\n'
MANIFEST = (
    "interview_id,participant_id,group,round,factory_ids,language,consent,blocks_asked,transcript_file\n"
    "R1-F01-W-01,P-1,worker,R1,F01,en,oral,talk,w1.txt\n"
)


def write_survey_study(folder: Path, survey: str | bytes, yaml: str, more: Mapping[str, str | bytes]) -> Path:
    """A study with one interview and the files of a survey."""
    files: dict[str, str | bytes] = {
        "study.yaml": STUDY,
        "codebook.yaml": CODEBOOK,
        "raw/factories.csv": "factory_id\nF01\nF02\n",
        "raw/interviews.csv": MANIFEST,
        "raw/w1.txt": "I: What has changed?\nR1: They come back every month.\n",
        "raw/survey.yaml": yaml,
        "raw/survey.csv": survey,
    }
    for name, content in {**files, **more}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
