"""Versions of a codebook."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import STUDY, ProgressBar

_MAP = click.option(
    "--map",
    "where",
    type=click.Path(path_type=Path),
    help="Migration map: where the codings of renamed, merged, split and retired codes go.",
)


@click.group()
def codebook() -> None:
    """Test a codebook, try patterns, see what each is worth; compare versions, and give a study a new one."""


@codebook.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@_MAP
def diff(old: Path, new: Path, where: Path | None) -> None:
    """Say in words what changed from the codebook OLD to NEW: renamed, split, merged, added, retired, redefined."""
    from bwa_study.present.codebook_versions import changes_in_words

    for line in changes_in_words(old, new, map=where):
        click.echo(line)


@codebook.command()
@STUDY
@click.argument("new", type=click.Path(path_type=Path))
@_MAP
@click.option("--try", "try_only", is_flag=True, help="Say what would happen and change nothing.")
def migrate(study: Path, new: Path, where: Path | None, try_only: bool) -> None:
    """Give the folder STUDY the codebook NEW and take its codings along.

    No coding is lost: if a code is gone that has codings, they are listed until a map says where they go. Codings to
    read again are listed in recoding_queue.csv.
    """
    from bwa_study.present.codebook_versions import migrate_codebook

    bar = ProgressBar()
    lines = migrate_codebook(study, new, map=where, try_only=try_only, progress=bar)
    bar.close()
    for line in lines:
        click.echo(line)
