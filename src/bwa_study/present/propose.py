"""The indicator coder's proposals as a table that people can go through."""

from __future__ import annotations

from pathlib import Path

from bwa_study.analysis.open_answers import open_answers
from bwa_study.coding.indicators import apply_codebook
from bwa_study.load.codebook import load_codebook
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.present.tables import write_bytes


def propose_codings(
    path: str | Path,
    out: str | Path,
    *,
    codebook: str | Path | None = None,
    answers: bool = False,
    progress: Progress | None = None,
) -> str:
    """Write the proposals for a study as a csv table of codings, and say in a line what was done.

    The table is an exchange format: texts stand in it exactly as they were said, so that it can be read back.

    Parameters
    ----------
    path
        The study folder.
    out
        A ``.csv`` file.
    codebook
        Another codebook than the study's.
    answers
        Code the answers to the survey's open questions instead of the interviews.

    Raises
    ------
    ProblemsFound
        If the study or the codebook has errors.
    UnknownName
        If `out` does not end in ``.csv``.
    NoOpenAnswers
        If `answers` are asked for and there are none.
    """
    out = Path(out)
    if out.suffix != ".csv":
        raise UnknownName("kind of codings table", out.suffix, (".csv",))
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [out])
    book = load_codebook(codebook) if codebook else study.codebook
    if answers:
        study = open_answers(study)
    proposals = apply_codebook(study.corpus, book, progress=progress)
    write_bytes(out, proposals.frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))
    told = "respondents" if answers else "interviews"
    return f"{out}: {len(proposals):,} proposals for {len(study.corpus)} {told}, by {book.id} {book.version}"
