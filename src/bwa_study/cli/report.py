"""The report of a study."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import CODER, STUDY, ProgressBar


@click.command()
@STUDY
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="outputs/report.html",
    show_default=True,
    help="File to write: .html to read and print, .docx to edit.",
)
@CODER
@click.option("--lang", default="", help="Language of the report, en or zh; the study's own by default.")
def report(study: Path, out: Path, coder: str, lang: str) -> None:
    """Write the report of the folder STUDY: twelve questions with their answers, tables and figures.

    What the team wants to say itself comes from the file report.yaml of the study folder.
    """
    from bwa_study.present.report import write_report

    bar = ProgressBar()
    line = write_report(study, out, coder=coder, language=lang, progress=bar)
    bar.close()
    click.echo(line)
