"""Let the indicators propose codings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bwa_study.cli.shared import LEAVE_OUT, STUDY, ProgressBar, told_of_leaving_out

if TYPE_CHECKING:
    from bwa_study.coding.other_text import Text


@click.command()
@STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table of codings to write (.csv).")
@click.option("--codebook", type=click.Path(path_type=Path), help="Another codebook than the study's.")
@click.option("--answers", is_flag=True, help="Code the survey's open answers instead of the interviews.")
@click.option(
    "--text",
    type=click.Choice(["own", "other", "both"]),
    default="own",
    show_default=True,
    help="Text of interviews in two languages that is read: the transcript's own, the other, or both.",
)
@click.option("--watch", is_flag=True, help="Code again whenever the codebook is saved, until Ctrl-C.")
@LEAVE_OUT
def code(
    study: Path,
    out: Path,
    codebook: Path | None,
    answers: bool,
    text: Text,
    watch: bool,
    leave_out_bad_indicators: bool,
) -> None:
    """Let the codebook's indicators propose codings for the folder STUDY.

    Each row is a sentence with a code, its polarity, and the pattern that found it. They are proposals for people to
    accept or reject. With --watch, an indicator that cannot be used is always named and left out until it is mended.
    """
    from bwa_study.present.propose import propose_codings, watch_codebook

    if watch and answers:
        raise click.UsageError("--watch codes the interviews — leave out --answers")
    if watch:
        watch_codebook(study, out, codebook, click.echo, text=text)
        return
    bar = ProgressBar()
    with told_of_leaving_out():
        line = propose_codings(
            study,
            out,
            codebook=codebook,
            answers=answers,
            text=text,
            bad_indicators="leave out" if leave_out_bad_indicators else "refuse",
            progress=bar,
        )
    bar.close()
    click.echo(line)
