"""Make a study folder from a pile of files."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import show_problems


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "pile",
    type=click.Path(path_type=Path),
    help="A folder of transcripts and survey tables, copied into FOLDER; without it, FOLDER's own files are taken.",
)
def init(folder: Path, pile: Path | None) -> None:
    """Make a study folder: FOLDER gets study.yaml, a manifest, and a codebook to start from.

    Round, group, factory, date and language are proposed where names and first lines of the files tell them. Consent is
    never guessed. Nothing that is there is written over.
    """
    from bwa_study.present.new_study import init_study

    made = init_study(folder, pile=pile or "")
    for line in made.lines:
        click.echo(line)
    if made.left:
        click.echo("not taken:")
        show_problems(made.left, show_all=False)
    click.echo("left to fill:")
    for line in made.to_fill:
        click.echo(f"  {line}")
    click.echo(f"then: bwa-study check {folder}")
