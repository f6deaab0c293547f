"""Compare rounds, groups and kinds of sites."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import CODER, STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Table to write (.csv .xlsx .docx .tex .md .html)."
)
@click.option("--between", default="round", show_default=True, help="What is compared: round, group or another field.")
@click.option("--levels", default="", metavar="FROM,TO", help="The two levels; every pair by default.")
@click.option("--within", default="", help="Fields whose every level is compared for itself, with commas.")
@click.option("--across", default="", help="A second field with two levels: the difference of the differences.")
@click.option("--across-levels", default="", metavar="BASE,OTHER", help="Its two levels, if it has more.")
@click.option("--only", multiple=True, metavar="FIELD=LEVEL", help="Only these people; may be given several times.")
@click.option("--codes", default="", help="Codes, with commas; all by default.")
@click.option(
    "--polarity",
    type=click.Choice(["present", "absent", "mentioned"]),
    default="present",
    show_default=True,
    help="What is counted.",
)
@click.option("--paired", is_flag=True, help="Only people who were interviewed at both levels.")
@click.option("--cluster", default="site", show_default=True, help="What people share: site, or another field.")
@click.option(
    "--method",
    type=click.Choice(["rule", "CR2", "GEE", "bootstrap", "permutation", "wild bootstrap"]),
    default="rule",
    show_default=True,
    help="How intervals and p are made; the rule goes by the number of clusters.",
)
@click.option(
    "--correction",
    type=click.Choice(["holm", "benjamini-hochberg", "none"]),
    default="holm",
    show_default=True,
    help="For the many tests of the table.",
)
@CODER
def compare(
    study: Path,
    out: Path,
    between: str,
    levels: str,
    within: str,
    across: str,
    across_levels: str,
    only: tuple[str, ...],
    codes: str,
    polarity: str,
    paired: bool,
    cluster: str,
    method: str,
    correction: Any,
    coder: str,
) -> None:
    """Say what differs between rounds, groups or kinds of sites of the folder STUDY, with intervals.

    People who share a site are not independent: the intervals say so, and too few sites are said to be too few.
    Change of each group:  bwa-study compare STUDY --within group --out change.xlsx
    """
    from bwa_study.model.errors import WrongCall
    from bwa_study.present.comparison import write_comparison

    conditions = {}
    for text in only:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise WrongCall(f"--only {text} — write FIELD=LEVEL, such as --only group=worker")
        conditions[name.strip()] = value.strip()
    bar = ProgressBar()
    line = write_comparison(
        study,
        out,
        between=between,
        levels=listed(levels),
        within=listed(within),
        across=across,
        across_levels=listed(across_levels),
        only=conditions,
        codes=listed(codes),
        polarity=polarity,
        paired=paired,
        cluster=cluster,
        method=method,
        correction=correction,
        coder=coder,
        progress=bar,
    )
    bar.close()
    click.echo(line)
