"""The schema file that lets editors complete a codebook."""

from __future__ import annotations

from pathlib import Path

from bwa_study.load.codebook import codebook_schema
from bwa_study.load.study_file import STUDY_FILE, load_study_file
from bwa_study.present.tables import write_bytes


def write_schema(path: str | Path) -> str:
    """Write `codebook.schema.json` beside the codebook of a study folder, or beside a codebook file; say so in a line.

    Raises
    ------
    StudyFileError
        If `path` is a folder without a readable `study.yaml`.
    CannotWrite
        If the file cannot be written.
    """
    path = Path(path)
    if path.is_dir() or path.name == STUDY_FILE:
        study = load_study_file(path)
        path = study.folder / study.form.codebook
    target = path.parent / "codebook.schema.json"
    write_bytes(target, codebook_schema().encode("utf-8"))
    return f"{target}: begin the codebook with '# yaml-language-server: $schema={target.name}' to have it completed"
