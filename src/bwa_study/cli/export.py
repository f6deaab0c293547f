"""Tables to hand in, one table at a time, and the framework matrix out and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import CODER, COUNT, STUDY, ProgressBar, listed

_OUT_FILE = click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="File to write; its ending says how."
)
_LANG = click.option("--lang", default="", help="Language of the labels, en or zh; the study's own by default.")


@click.command()
@STUDY
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="outputs/tables",
    show_default=True,
    help="Folder to write into.",
)
@click.option("--only", default="", help="Numbers or names, with commas, such as T1,T5; all by default.")
@click.option(
    "--kinds", default="csv,xlsx,docx", show_default=True, help="csv, xlsx, docx, tex, md, html; with commas."
)
@CODER
@_LANG
def tables(study: Path, out: Path, only: str, kinds: str, coder: str, lang: str) -> None:
    """Write the tables T1 to T16 of the folder STUDY, each where the study has what it needs.

    Word, LaTeX, Markdown and HTML also get one file with all of them. For a table of your choice see 'export themes'.
    """
    from bwa_study.present.study_tables import write_study_tables

    bar = ProgressBar()
    made = write_study_tables(
        study,
        out,
        only=listed(only),
        kinds=[f".{kind.lstrip('.')}" for kind in listed(kinds)],
        coder=coder,
        language=lang,
        progress=bar,
    )
    bar.close()
    for line in made.lines:
        click.echo(line)


@click.command()
@STUDY
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="outputs/figures",
    show_default=True,
    help="Folder to write into.",
)
@click.option("--only", default="", help="Numbers or names, with commas, such as F1,F8; all by default.")
@click.option("--kinds", default="png,svg", show_default=True, help="png, svg, pdf; with commas.")
@CODER
@_LANG
def figures(study: Path, out: Path, only: str, kinds: str, coder: str, lang: str) -> None:
    """Draw the figures F1 to F9 of the folder STUDY, each where the study has what it needs."""
    from bwa_study.present.study_figures import write_study_figures

    bar = ProgressBar()
    made = write_study_figures(
        study,
        out,
        only=listed(only),
        kinds=[f".{kind.lstrip('.')}" for kind in listed(kinds)],
        coder=coder,
        language=lang,
        progress=bar,
    )
    bar.close()
    for line in made.lines:
        click.echo(line)


@click.group()
def export() -> None:
    """Write one table: theme frequencies, or the codes as 0 and 1 for R, SPSS and Stata."""


@export.command()
@STUDY
@_OUT_FILE
@click.option(
    "--by",
    default="group,round",
    show_default=True,
    help="Fields to compare, with commas: group, round, site, language …",
)
@click.option(
    "--polarity", default="present,absent", show_default=True, help="present, absent, mentioned; with commas."
)
@CODER
@COUNT
@_LANG
def themes(study: Path, out: Path, by: str, polarity: str, coder: str, count: Any, lang: str) -> None:
    """Write how often each theme is spoken of in the folder STUDY (.csv, .xlsx, .docx, .tex, .md or .html)."""
    from bwa_study.present.export import write_theme_table

    bar = ProgressBar()
    line = write_theme_table(
        study, out, by=listed(by), polarity=listed(polarity), coder=coder, count=count, language=lang, progress=bar
    )
    bar.close()
    click.echo(line)


@export.command()
@STUDY
@_OUT_FILE
@click.option(
    "--unit", type=click.Choice(["interview", "turn"]), default="interview", show_default=True, help="What a row is."
)
@CODER
def wide(study: Path, out: Path, unit: Any, coder: str) -> None:
    """Write the codes of the folder STUDY as 0 and 1, a row an interview or turn (.csv, .sav or .dta).

    Missing means not asked or not examined; 0 means asked, examined and not said.
    """
    from bwa_study.present.export import write_wide_table

    bar = ProgressBar()
    line = write_wide_table(study, out, unit=unit, coder=coder, progress=bar)
    bar.close()
    click.echo(line)


@click.group()
def framework() -> None:
    """The framework matrix: out as a workbook to fill in, and back into the study folder."""


@framework.command(name="out")
@STUDY
@_OUT_FILE
@click.option(
    "--rows", type=click.Choice(["site", "participant"]), default="site", show_default=True, help="What a row is."
)
@CODER
def framework_out(study: Path, out: Path, rows: Any, coder: str) -> None:
    """Write the framework matrix of the folder STUDY as a workbook (.xlsx) with room for summaries."""
    from bwa_study.present.export import write_framework

    bar = ProgressBar()
    line = write_framework(study, out, rows=rows, coder=coder, progress=bar)
    bar.close()
    click.echo(line)


@framework.command(name="in")
@STUDY
@click.argument("workbook", type=click.Path(path_type=Path))
def framework_in(study: Path, workbook: Path) -> None:
    """Take the summaries of the filled-in WORKBOOK into framework.csv of the folder STUDY."""
    from bwa_study.present.export import take_framework

    bar = ProgressBar()
    line = take_framework(study, workbook, progress=bar)
    bar.close()
    click.echo(line)
