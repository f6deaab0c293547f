from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

STUDY = """\
id: small
title: Small study
sites: raw/factories.csv
groups: [{id: brand_staff}, {id: manager}, {id: worker}]
rounds:
  - {id: R1, start: 2019-09-01, end: 2019-10-31}
  - {id: R2, start: 2020-09-01, end: 2020-10-31}
"""
CODEBOOK = """\
id: small-book
version: "1.0"
codes:
  - {id: follow_up, label: Follow-up, merged_from: [checking]}
  - {id: fear, label: Fear}
"""
FACTORIES = "factory_id,brand_ids,region\nF01,B1,north\nF02,B1;B2,south\n"
TALK = "I: What has changed?\nR1: They come back every month.\nI: And then?\nR1: They ask us.\n"
ROW = {
    "interview_id": "R1-F01-W-01",
    "participant_id": "P-1",
    "group": "worker",
    "round": "R1",
    "date": "2019-09-10",
    "factory_ids": "F01",
    "brand_id": "",
    "gender": "f",
    "language": "en",
    "consent": "oral",
    "withdrawn": "",
    "blocks_asked": "oversight",
    "transcript_file": "interviews/w1.txt",
}


def csv_text(rows: list[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def row() -> Callable[..., dict[str, str]]:
    """A good row of the manifest, with the fields that a test changes."""
    return lambda **fields: {**ROW, **fields}


@pytest.fixture
def manifest_text() -> Callable[..., str]:
    return lambda *rows: csv_text(list(rows))


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., Path]:
    """Write a small good study; `files` (by path in the folder) replace or add to its files."""

    def write(files: Mapping[str, str | bytes] | None = None, *, folder: Path = tmp_path / "study") -> Path:
        good: dict[str, str | bytes] = {
            "study.yaml": STUDY,
            "codebook.yaml": CODEBOOK,
            "raw/factories.csv": FACTORIES,
            "raw/interviews.csv": csv_text([ROW]),
            "raw/interviews/w1.txt": TALK,
        }
        for name, content in {**good, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture(scope="session")
def bad_inputs() -> Path:
    return Path(__file__).parents[1] / "badinputs"
