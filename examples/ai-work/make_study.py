"""Build the study folder of the AI-at-work example from its source folder.

    python make_study.py SOURCE_FOLDER OUT_FOLDER [--all]

SOURCE_FOLDER holds ``creatives_transcripts.csv`` and ``scientists_transcripts.csv``
(columns ``transcript_id,text``) and ``workforce/*.md`` (one transcript a file).

OUT_FOLDER receives ``raw/interviews.csv`` and one ``raw/interviews/<id>.md`` a transcript,
with the text exactly as in the source. When OUT_FOLDER is not the folder of this script,
the example's static files (codebook, study and licence line) are copied there too. Files
``raw/interviews/*.md`` that are already there are removed first.

Selection without ``--all``: one ``random.Random(2019)`` goes through the groups in the order
creatives, scientists, workforce and draws ``sample(sorted ids, 20)`` from each: 60 interviews.
With ``--all`` every interview is written. The same source gives the same output each time.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
from pathlib import Path

SEED = 2019
PER_GROUP = 20
STATIC_FILES = ("codebook.yaml", "study.yaml", "LICENSE-DATA.txt")
COLUMNS = (
    "interview_id", "study_id", "round", "group", "participant_id", "language", "mode", "consent",
    "consent_quotes", "transcript_file", "transcript_type", "synthetic",
)  # fmt: skip


def read_csv_group(path: Path) -> dict[str, bytes]:
    """Transcripts of one csv file: id -> the text cell as utf-8."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["transcript_id"]: row["text"].encode("utf-8") for row in csv.DictReader(handle)}


def read_md_group(folder: Path) -> dict[str, bytes]:
    """Transcripts of one folder of md files: file stem -> the bytes of the file."""
    return {path.stem: path.read_bytes() for path in folder.glob("*.md")}


def read_source(source: Path) -> dict[str, dict[str, bytes]]:
    """All transcripts of the source folder: group -> id -> text."""
    return {
        "creatives": read_csv_group(source / "creatives_transcripts.csv"),
        "scientists": read_csv_group(source / "scientists_transcripts.csv"),
        "workforce": read_md_group(source / "workforce"),
    }


def choose(groups: dict[str, dict[str, bytes]], take_all: bool) -> list[tuple[str, str]]:
    """The (group, id) pairs to write, ordered by group and id."""
    generator = random.Random(SEED)
    chosen: list[tuple[str, str]] = []
    for group, texts in groups.items():
        ids = sorted(texts)
        picked = ids if take_all else sorted(generator.sample(ids, PER_GROUP))
        chosen.extend((group, interview_id) for interview_id in picked)
    return chosen


def register_row(group: str, interview_id: str) -> dict[str, str]:
    """The line of ``interviews.csv`` for one interview."""
    return {
        "interview_id": interview_id,
        "study_id": "ai-work",
        "round": "R1",
        "group": group,
        "participant_id": f"P-{interview_id}",
        "language": "en",
        "mode": "online",
        "consent": "written",
        "consent_quotes": "anonymous",
        "transcript_file": f"interviews/{interview_id}.md",
        "transcript_type": "verbatim",
        "synthetic": "false",
    }


def write_study(source: Path, out: Path, take_all: bool) -> int:
    """Write the study folder; returns the number of interviews written."""
    groups = read_source(source)
    chosen = choose(groups, take_all)
    folder = out / "raw" / "interviews"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for group, interview_id in chosen:
        (folder / f"{interview_id}.md").write_bytes(groups[group][interview_id])
    with (out / "raw" / "interviews.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(register_row(group, interview_id) for group, interview_id in chosen)
    here = Path(__file__).resolve().parent
    if out.resolve() != here:
        for name in STATIC_FILES:
            shutil.copyfile(here / name, out / name)
    return len(chosen)


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the AI-at-work example study.")
    parser.add_argument("source", type=Path, help="folder with the two csv files and workforce/")
    parser.add_argument("out", type=Path, help="study folder to write")
    parser.add_argument("--all", action="store_true", help="write all interviews, not 20 a group")
    args = parser.parse_args(argv)
    if not (args.source / "workforce").is_dir():
        parser.error(f"{args.source} is not the source folder: no workforce/ in it")
    print(f"{write_study(args.source, args.out, args.all)} interviews written to {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
