"""Work of several coders: who codes what, and the coding log as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option("--coders", required=True, help="Names, with commas.")
@click.option("--share-double", type=float, required=True, help="Share of the transcripts coded twice, such as 0.2.")
@click.option("--seed", type=int, required=True, help="Any whole number; the same one draws the same.")
@click.option("--by", default="group,round,language", show_default=True, help="Fields that make the strata.")
@click.option(
    "--proposals",
    type=click.Choice(["none", "single", "all"]),
    default="none",
    show_default=True,
    help="Where coders see what the indicators propose: nowhere, in transcripts coded once, or everywhere.",
)
def assign(study: Path, coders: str, share_double: float, seed: int, by: str, proposals: Any) -> None:
    """Draw who codes which transcripts of the folder STUDY, and write it there as assignment.csv.

    It is drawn once. The chances it was drawn by are written beside each row.
    """
    from bwa_study.present.keep_coding import write_assignment

    bar = ProgressBar()
    line = write_assignment(
        study,
        coders=listed(coders),
        share_double=share_double,
        seed=seed,
        by=listed(by),
        proposals=proposals,
        progress=bar,
    )
    bar.close()
    click.echo(line)


@click.group()
def log() -> None:
    """Pass the coding log on as files, and take files in."""


@log.command("export")
@STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="Events, a file a coder; or codings tables.",
)
@click.option("--at", type=int, help="Only what was kept up to this event.")
def export_log(study: Path, out: Path, kind: str, at: int | None) -> None:
    """Write the coding log of the folder STUDY as files that can live in git."""
    from bwa_study.present import keep_coding

    click.echo(keep_coding.export_log(study, out, kind=kind, at=at))


@log.command("import")
@STUDY
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_log(study: Path, files: tuple[Path, ...]) -> None:
    """Take FILES (events as .jsonl, codings as .csv, projects as .qdpx) into the coding log of the folder STUDY.

    All of them, or none if one has a fault. Doing it again changes nothing.
    """
    from bwa_study.present import keep_coding

    bar = ProgressBar()
    line = keep_coding.import_log(study, files, progress=bar)
    bar.close()
    click.echo(line)
