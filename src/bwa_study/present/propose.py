"""The indicator coder's proposals as a table that people can go through."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bwa_study.analysis.open_answers import open_answers
from bwa_study.coding.indicators import ReadCorpus, apply_codebook
from bwa_study.coding.other_text import Text
from bwa_study.load.codebook import BadIndicators, load_codebook
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.load.study_file import load_study_file
from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import CodebookError, NoCodebook, Problem, ProblemsFound, UnknownName
from bwa_study.present.tables import write_bytes


def propose_codings(
    path: str | Path,
    out: str | Path,
    *,
    codebook: str | Path | None = None,
    answers: bool = False,
    text: Text = "own",
    bad_indicators: BadIndicators = "refuse",
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
    text
        Which text of interviews in two languages is read, as in `apply_codebook`.
    bad_indicators
        Of the codebook, as in `load_codebook`; those left out are named in lines before the one that says what was
        done, which counts them.

    Raises
    ------
    ProblemsFound
        If the study or the codebook has errors.
    NoCodebook
        If the study has none, and none is given.
    UnknownName
        If `out` does not end in ``.csv``.
    NoOpenAnswers
        If `answers` are asked for and there are none.
    """
    out = Path(out)
    if out.suffix != ".csv":
        raise UnknownName("kind of codings table", out.suffix, (".csv",))
    study = load_study(path, progress=progress, bad_indicators=bad_indicators)
    refuse_inputs(study, path, [out])
    book = load_codebook(codebook, bad_indicators=bad_indicators) if codebook else study.codebook
    if not len(book):
        raise NoCodebook(study.id)
    if answers:
        study = open_answers(study)
    proposals = apply_codebook(study.corpus, book, text=text, progress=progress)
    write_bytes(out, proposals.frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))
    told = "respondents" if answers else "interviews"
    done = f"{out}: {len(proposals):,} proposals for {len(study.corpus)} {told}, by {book.id} {book.version}"
    return _with_left_out(done, book)


def _with_left_out(done: str, book: Codebook) -> str:
    """What was done, below the indicators that it was done without."""
    if not book.left_out:
        return done
    there = sum(len(code.all_indicators) for code in book) + len(book.left_out)
    return "\n".join([*map(str, book.left_out), f"{done}; {len(book.left_out)} of {there} indicators left out"])


def watch_codebook(
    path: str | Path,
    out: str | Path,
    codebook: str | Path | None,
    say: Callable[[str], None],
    *,
    text: Text = "own",
    rounds: int = 0,
) -> None:
    """As `propose_codings`, and again whenever the codebook file is saved, until it is interrupted.

    The transcripts are read once; after a change only the patterns that are new are matched. An indicator that cannot
    be used, such as one half typed, is named and left out until it is mended, and the others are coded.

    Parameters
    ----------
    path, out
        The study folder and the ``.csv`` file to write.
    codebook
        The file to watch; the study's own where it is None.
    say
        Told after each run: what was written and which indicators were left out, or every problem of the codebook.
    text
        Which text of interviews in two languages is read, as in `apply_codebook`.
    rounds
        Stop after so many runs; 0 for never.
    """
    out = Path(out)
    if out.suffix != ".csv":
        raise UnknownName("kind of codings table", out.suffix, (".csv",))
    study = load_study(path, bad_indicators="leave out")
    refuse_inputs(study, path, [out])
    file = load_study_file(path)
    watched = Path(codebook) if codebook is not None else file.folder / file.form.codebook
    if not watched.is_file():
        raise CodebookError([Problem(str(watched), 0, 0, "there is no such file", "name the codebook to watch")])
    read, seen, done = ReadCorpus(study.corpus, text), 0, 0
    while True:
        saved = _saved(watched, seen)
        if saved == seen:
            time.sleep(0.2)
            continue
        seen = saved
        begun = time.perf_counter()
        try:
            book = load_codebook(watched, bad_indicators="leave out")
            proposals = read.code(book)
        except ProblemsFound as fault:
            say("\n".join(map(str, fault.problems)))
        else:
            write_bytes(out, proposals.frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))
            done_in = f"{out}: {len(proposals):,} proposals in {time.perf_counter() - begun:.2f} s"
            say(_with_left_out(done_in, book))
        done += 1
        if done == rounds:
            return


def _saved(file: Path, seen: int) -> int:
    """When a file was last saved; `seen` while it is away, as where an editor is putting a new one in its place."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return seen
