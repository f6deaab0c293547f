"""Where coders disagree."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import CODERS, STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option("--out", type=click.Path(path_type=Path), help="Table to write (.csv or .xlsx).")
@click.option("--html", "page", type=click.Path(path_type=Path), help="Page to write (.html): the words in context.")
@CODERS
@click.option("--lang", default="", help="Language of the page, en or zh; the study's own by default.")
def disagree(study: Path, out: Path | None, page: Path | None, coders: str, lang: str) -> None:
    """List every disagreement of the coders of the folder STUDY: who gave which code to which words.

    A working paper of the coding team: it holds words of people who did not agree to be quoted.
    """
    from bwa_study.present.disagree import write_disagreements

    bar = ProgressBar()
    line = write_disagreements(study, out=out, page=page, coders=listed(coders), language=lang, progress=bar)
    bar.close()
    click.echo(line)
