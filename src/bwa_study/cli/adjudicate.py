"""What was decided between coders."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option("--out", type=click.Path(path_type=Path), help="Table of decisions to write (.csv or .xlsx).")
@click.option("--coders", default="", help="Two or more names, with commas; all people who have coded by default.")
@click.option("--carry-agreed", is_flag=True, help="Make 'adjudicated' one coder: what is decided and what is agreed.")
@click.option("--with-single", is_flag=True, help="With --carry-agreed: also turns that only one of them has read.")
def adjudicate(study: Path, out: Path | None, coders: str, carry_agreed: bool, with_single: bool) -> None:
    """List what the coders of the folder STUDY disagree on and what was decided, by whom and why.

    Decisions are made on a page: bwa-study recode STUDY --coder NAME --adjudicate c1,c2
    """
    from bwa_study.present.adjudicate import adjudicate_study

    bar = ProgressBar()
    lines = adjudicate_study(
        study, out=out, coders=listed(coders), carry=carry_agreed, with_single=with_single, progress=bar
    )
    bar.close()
    for line in lines:
        click.echo(line)
