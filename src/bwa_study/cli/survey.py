"""The survey's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Workbook (.xlsx), or .csv and others beside it."
)
@click.option("--by", default="group,round", show_default=True, help="Columns of the survey, with commas.")
@click.option(
    "--cluster",
    type=click.Choice(["site", "respondent"]),
    default="site",
    show_default=True,
    help="What standard errors take as drawn.",
)
def survey(study: Path, out: Path, by: str, cluster: Any) -> None:
    """Write the survey of the folder STUDY: items, scales, panel, and where it meets the interviews."""
    from bwa_study.present.survey_sheets import write_survey

    bar = ProgressBar()
    line = write_survey(study, out, by=listed(by), cluster=cluster, progress=bar)
    bar.close()
    click.echo(line)
