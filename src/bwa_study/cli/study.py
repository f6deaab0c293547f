"""Look at a study folder, check it, make a demo: what comes before any coding."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import CODER, COUNT, STUDY, ProgressBar, show_problems


@click.command()
@STUDY
@click.option(
    "--out", type=click.Path(path_type=Path), default="outputs", show_default=True, help="Folder to write into."
)
@CODER
@COUNT
@click.option("--lang", default="", help="Language of the labels, en or zh; the study's own by default.")
def run(study: Path, out: Path, coder: str, count: Any, lang: str) -> None:
    """Read the folder STUDY and write theme tables, figures and a page that shows them.

    Open the file index.html in the output folder when it is done.
    """
    from bwa_study.present.run import run_study

    bar = ProgressBar()
    report = run_study(study, out, coder=coder, count=count, language=lang, progress=bar)
    bar.close()
    for line in report.lines:
        click.echo(line)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--encoding", default="", help="Encoding of a codebook file that is not UTF-8, such as gb18030.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there are warnings.")
@click.option(
    "--schema",
    is_flag=True,
    help="Also write codebook.schema.json beside the codebook (if there is no error), for editors.",
)
@click.option("--html", type=click.Path(path_type=Path), help="Also write all of it as a page.")
@click.option("--all", "show_all", is_flag=True, help="Show every problem, not only the first 40.")
def check(path: Path, encoding: str, strict: bool, schema: bool, html: Path | None, show_all: bool) -> None:
    """Show the study folder PATH at a glance, or check a codebook file: who was interviewed, what is missing, and
    everything that is wrong.

    Every problem names the file and the place, what is wrong, and how to mend it. Your files are not changed.
    """
    from bwa_study.present.glance import look_at

    bar = ProgressBar()
    report = look_at(path, encoding=encoding, html=html or "", progress=bar)
    bar.close()
    for line in report.lines:
        click.echo(line)
    show_problems(report.problems, show_all=show_all)
    click.echo(report.summary)
    severities = {p.severity for p in report.problems}
    if "error" in severities:
        sys.exit(2)
    if schema:
        from bwa_study.present.schema_file import write_schema

        click.echo(write_schema(path))
    if strict and "warning" in severities:
        sys.exit(1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same study.")
@click.option(
    "--size",
    type=click.Choice(["full", "lite"]),
    default="full",
    show_default=True,
    help="342 or 236 interviews, consent withdrawn in 3.",
)
@click.option("--stress", is_flag=True, help="Leave out the workers of one factory in one round.")
def demo(folder: Path, seed: int, size: Any, stress: bool) -> None:
    """Write a synthetic study into the new folder FOLDER, to learn and to try things on.

    Nobody said any of it. The file truth.json tells what was planted in it.
    """
    from bwa_study.demo.write import write_demo

    write_demo(folder, seed=seed, size=size, stress=stress)
    click.echo(f"{folder}: a synthetic study was written — look at it with: bwa-study run {folder}")
