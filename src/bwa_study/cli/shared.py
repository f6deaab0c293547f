"""What several commands share: their arguments, the bar of progress, lists with commas, and how problems are shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bwa_study.model.errors import Problem

_MOST_PROBLEMS = 40
STUDY = click.argument("study", type=click.Path(path_type=Path))
CODERS = click.option(
    "--coders", default="", help="Two or more names, with commas; those of study.yaml by default, else all people."
)
CODER = click.option("--coder", default="", help="Whose codings to count; 'indicators' for the automatic proposals.")
LEAVE_OUT = click.option(
    "--leave-out-bad-indicators", is_flag=True, help="Name the indicators that cannot be used, and code with the rest."
)
COUNT = click.option(
    "--count",
    type=click.Choice(["interviews", "turns", "segments", "words"]),
    default="interviews",
    show_default=True,
    help="What is counted.",
)


class ProgressBar:
    """A bar on the terminal, shown only for steps that take more than two seconds."""

    def __init__(self) -> None:
        self.step, self.began = "", 0.0
        self.bar: Any = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if step != self.step:
            self.close()
            self.step, self.began = step, time.monotonic()
        if self.bar is None and sys.stderr.isatty() and time.monotonic() - self.began > 2 and done < total:
            self.bar = click.progressbar(length=total, label=step, file=sys.stderr)
            self.bar.__enter__()
            self.bar.update(done)
        elif self.bar is not None:
            self.bar.update(done - self.bar.pos)

    def close(self) -> None:
        """End the bar, if there is one."""
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None


def listed(text: str) -> tuple[str, ...]:
    """The parts of a text with commas, without blanks."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@contextmanager
def told_of_leaving_out() -> Iterator[None]:
    """Where nothing but indicators of a codebook is wrong, also say that the rest can be coded."""
    from bwa_study.model.errors import ProblemsFound

    try:
        yield
    except ProblemsFound as fault:
        if all(problem.about == "indicator" for problem in fault.problems):
            click.echo("only indicators are wrong: --leave-out-bad-indicators codes with the others", err=True)
        raise


def show_problems(problems: tuple[Problem, ...], *, show_all: bool) -> None:
    """Print problems to the error stream, the first 40 or all."""
    most = len(problems) if show_all else _MOST_PROBLEMS
    for problem in problems[:most]:
        click.echo(str(problem), err=True)
    if len(problems) > most:
        click.echo(f"… and {len(problems) - most} more; 'bwa-study check --all' shows them", err=True)
