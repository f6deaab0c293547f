"""Commands on the indicators of a codebook, below `bwa-study codebook`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bwa_study.cli.shared import STUDY


@click.command("test")
@click.argument("path", type=click.Path(path_type=Path))
def test_examples(path: Path) -> None:
    """Try the indicators of PATH (a codebook file or a study folder) on the codebook's own sentences.

    Every example must be proposed for its code and polarity; every near miss for the other code only. Exit code 2 if
    one fails, each named with its line.
    """
    from bwa_study.coding.examples import check_examples
    from bwa_study.model.errors import CodebookError

    done = check_examples(path)
    if done.failures:
        raise CodebookError(list(done.failures))
    counted = f"{done.examples} examples and {done.near_misses} near misses"
    click.echo(f"{done.codebook.id} {done.codebook.version}: {counted}, all as they should be")


@click.command("report")
@STUDY
@click.option("--reference", required=True, help="The coder whose codings are taken as right.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table to write (.csv, .xlsx, ...).")
def report_indicators(study: Path, reference: str, out: Path) -> None:
    """Hold every indicator of STUDY against a person's codings: hits, precision, recall, what it alone finds."""
    from bwa_study.coding.indicator_report import indicator_report
    from bwa_study.load.protected import refuse_inputs
    from bwa_study.load.study import load_study
    from bwa_study.present.tables import write_table

    loaded = load_study(study)
    refuse_inputs(loaded, study, [out])
    report = indicator_report(loaded, reference=reference)
    write_table(report, out)
    click.echo(f"{out}: {len(report.frame)} indicators, {len(report.never_fired)} of them never fired")


@click.command("try")
@STUDY
@click.argument("pattern")
@click.option("--language", default="", help="Language of the pattern; told by its script if not given.")
@click.option("--near", default="", help="For a pattern of spaCy's: look only at sentences with this pattern.")
@click.option("--most", type=int, default=20, show_default=True, help="Hits to show.")
def try_pattern(study: Path, pattern: str, language: str, near: str, most: int) -> None:
    """Show where PATTERN would fire in STUDY, in context, before it goes into the codebook.

    PATTERN is written as in a codebook: '(came|come) back', '~complain', or for spaCy '[{LOWER: come}, {LOWER: back}]'.
    """
    from bwa_study.coding.try_indicator import try_indicator
    from bwa_study.load.study import load_study
    from bwa_study.load.yaml_strict import read_yaml
    from bwa_study.model.errors import ProblemsFound, shown
    from bwa_study.model.patterns import PatternError

    rules: Any = pattern
    if pattern.lstrip().startswith("["):
        written = read_yaml(pattern, file="PATTERN")
        if written.problems:
            raise ProblemsFound(written.problems)
        rules = written.value
    try:
        trial = try_indicator(load_study(study), rules, language=language, near=near)
    except PatternError as fault:
        raise click.UsageError(str(fault)) from None
    for group, hits, interviews in trial.by_group.itertuples(index=False):
        click.echo(f"{group}: {hits} sentences in {interviews} interviews")
    for row in trial.compact().head(most).itertuples(index=False):
        click.echo(shown(f"  {row.transcript}: {row.before}[{row.match}]{row.after}", limit=400))
    click.echo(trial.method)
