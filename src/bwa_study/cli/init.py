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
    help="A folder of transcripts and survey tables, copied into FOLDER; or a project of NVivo, MAXQDA, ATLAS.ti … in "
    "REFI-QDA (.qdpx, .qde, .qdc). Without it, FOLDER's own files are taken.",
)
@click.option(
    "--coder-names", is_flag=True, help="Keep the names of a project's users; by default they are c1, c2 and so on."
)
def init(folder: Path, pile: Path | None, coder_names: bool) -> None:
    """Make a study folder: FOLDER gets study.yaml, a manifest, and a codebook to start from.

    Of a project in REFI-QDA it gets the codes, the texts and the codings, and what does not come over is counted.

    Round, group, factory, date and language are proposed where names and first lines of the files tell them. Consent is
    never guessed. Nothing that is there is written over.
    """
    from bwa_study.load.refi_qda import PROJECT_KINDS
    from bwa_study.present.new_study import init_study
    from bwa_study.present.project_study import init_from_project

    if pile is not None and pile.suffix.lower() in PROJECT_KINDS:
        made = init_from_project(folder, pile, coder_names=coder_names)
    else:
        if coder_names:
            raise click.UsageError("--coder-names is for a project in REFI-QDA — leave it out")
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
