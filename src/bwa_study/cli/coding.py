"""Let the indicators propose codings."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import STUDY, ProgressBar


@click.command()
@STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table of codings to write (.csv).")
@click.option("--codebook", type=click.Path(path_type=Path), help="Another codebook than the study's.")
@click.option("--answers", is_flag=True, help="Code the survey's open answers instead of the interviews.")
@click.option("--watch", is_flag=True, help="Code again whenever the codebook is saved, until Ctrl-C.")
def code(study: Path, out: Path, codebook: Path | None, answers: bool, watch: bool) -> None:
    """Let the codebook's indicators propose codings for the folder STUDY.

    Each row is a sentence with a code, its polarity, and the pattern that found it. They are proposals for people to
    accept or reject.
    """
    from bwa_study.present.propose import propose_codings, watch_codebook

    if watch and answers:
        raise click.UsageError("--watch codes the interviews — leave out --answers")
    if watch:
        watch_codebook(study, out, codebook or study / "codebook.yaml", click.echo)
        return
    bar = ProgressBar()
    line = propose_codings(study, out, codebook=codebook, answers=answers, progress=bar)
    bar.close()
    click.echo(line)
