"""Agreement of coders."""

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
    "--unit", type=click.Choice(["turn", "interview"]), help="What is compared; turns, if study.yaml does not say."
)
@click.option(
    "--by", default="", help="Fields to compare, with commas: group, round, site, language, pair (of coders) …"
)
@click.option(
    "--drift", "drift_of", default="", metavar="CODER", help="Also compare the first and last third of CODER's work."
)
@click.option(
    "--rule",
    type=click.Choice(["krippendorff2004", "landis_koch1977", "fleiss1981", "cicchetti1994", "koo_li2016"]),
    help="From which value a code may be used: the lower end of the interval decides; krippendorff2004, if study.yaml "
    "does not say.",
)
def agree(study: Path, out: Path, coders: str, unit: Any, by: str, drift_of: str, rule: Any) -> None:
    """Say how far the coders of the folder STUDY agree, code by code, and which codes may be used.

    Writes a table, and beside it a figure with the interval of every theme and code.
    """
    from bwa_study.present.agree import write_agreement

    bar = ProgressBar()
    line = write_agreement(
        study, out, coders=listed(coders), unit=unit, by=listed(by), rule=rule, drift_of=drift_of, progress=bar
    )
    bar.close()
    click.echo(line)
