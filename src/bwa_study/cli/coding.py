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
def code(study: Path, out: Path, codebook: Path | None, answers: bool) -> None:
    """Let the codebook's indicators propose codings for the folder STUDY.

    Each row is a sentence with a code, its polarity, and the pattern that found it. They are proposals for people to
    accept or reject.
    """
    from bwa_study.present.propose import propose_codings

    bar = ProgressBar()
    line = propose_codings(study, out, codebook=codebook, answers=answers, progress=bar)
    bar.close()
    click.echo(line)
