"""A study out as a project of other programs."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import STUDY, ProgressBar


@click.command()
@STUDY
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write: .qdpx for the whole project, .qdc for the codebook alone.",
)
def qdpx(study: Path, out: Path) -> None:
    """Write the folder STUDY as a project for NVivo, MAXQDA, ATLAS.ti, QualCoder and others (REFI-QDA).

    It has the codebook, the transcripts, the participants and the codings of people. What is coded there comes back
    with 'log import'.
    """
    from bwa_study.present.project_file import write_refi_qda

    bar = ProgressBar()
    line = write_refi_qda(study, out, progress=bar)
    bar.close()
    click.echo(line)
