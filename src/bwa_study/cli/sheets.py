"""Coding in Excel or Word."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import STUDY, ProgressBar, listed


@click.group()
def sheets() -> None:
    """Code in Excel or Word: write coding sheets, and take them back when they are filled in."""


@sheets.command("out")
@STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (.xlsx, or .docx).")
@click.option("--coder", required=True, help="Who will code; only her own codings are in it.")
@click.option("--transcripts", default="", help="Ids, with commas; all by default. A .docx holds one.")
def sheets_out(study: Path, out: Path, coder: str, transcripts: str) -> None:
    """Write a coding sheet for CODER: .xlsx with lists to choose from, .docx with codes as comments."""
    from bwa_study.present.coding_sheets import write_sheets

    bar = ProgressBar()
    line = write_sheets(study, out, coder=coder, transcripts=listed(transcripts), progress=bar)
    bar.close()
    click.echo(line)


@sheets.command("in")
@STUDY
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def sheets_in(study: Path, files: tuple[Path, ...]) -> None:
    """Take filled-in coding sheets FILES into the coding log of the folder STUDY.

    A sheet is taken whole or not at all. What was deleted in it is taken out; one that nobody touched changes nothing.
    """
    from bwa_study.present.coding_sheets import take_sheets

    bar = ProgressBar()
    lines = take_sheets(study, files, progress=bar)
    bar.close()
    for line in lines:
        click.echo(line)
