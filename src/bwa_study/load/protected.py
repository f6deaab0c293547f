"""A study's own files are never written over by what is made from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bwa_study.load.study_file import load_study_file
from bwa_study.model.errors import BwaError
from bwa_study.model.study import Study


class WouldOverwriteInput(BwaError):
    """An output has the place of a file of the study."""


def refuse_inputs(study: Study, folder: str | Path, outputs: Iterable[str | Path]) -> None:
    """Refuse outputs that would take the place of a file the study was read from.

    Parameters
    ----------
    study
        Its `inputs` are protected, and `study.yaml` with them.
    folder
        The study folder, or its `study.yaml`.
    outputs
        Files that are about to be written.

    Raises
    ------
    WouldOverwriteInput
        Naming the first such file.
    """
    base = load_study_file(folder).folder
    inputs = {(base / name).resolve() for name, _ in study.inputs}
    for output in outputs:
        if Path(output).resolve() in inputs:
            raise WouldOverwriteInput(f"{output}: this is a file of the study — give another name for the output")
