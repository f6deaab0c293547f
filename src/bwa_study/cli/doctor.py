"""What this installation can do."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out", type=click.Path(path_type=Path), default="outputs", show_default=True, help="Where outputs would go."
)
def doctor(study: Path | None, out: Path) -> None:
    """Say what this installation can do: versions, fonts, extras that are missing, and the health of STUDY if named.

    Exits with 2 if something keeps the program from working.
    """
    from bwa_study.present.doctor import examine_installation, verdict

    findings = examine_installation(study or "", out=out)
    for finding in findings:
        click.echo(str(finding))
    click.echo(verdict(findings))
    if any(finding.state == "problem" for finding in findings):
        sys.exit(2)
