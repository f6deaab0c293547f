"""How much must be double-coded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import CODERS, STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table to write (.csv or .xlsx).")
@CODERS
@click.option(
    "--rule",
    type=click.Choice(["krippendorff2004", "landis_koch1977", "fleiss1981", "cicchetti1994", "koo_li2016"]),
    help="Whose limits shall be reached; the study's own rule by default.",
)
@click.option(
    "--assurance", type=float, default=0.8, show_default=True, help="With what probability they shall be reached."
)
def plan(study: Path, out: Path, coders: str, rule: Any, assurance: float) -> None:
    """Say how many units of the folder STUDY must be double-coded, code by code, from what is double-coded so far.

    Writes a table, and beside it a figure: what lower end of the interval to expect of how many units.
    """
    from bwa_study.present.plan import write_plan

    bar = ProgressBar()
    line = write_plan(study, out, coders=listed(coders), rule=rule, assurance=assurance, progress=bar)
    bar.close()
    click.echo(line)
