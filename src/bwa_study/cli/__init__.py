"""The front door: each command reads its options, makes one call of the library, and prints or writes what comes back.

Exit codes: 0 done; 1 warnings under ``check --strict``, or a fault of ours; 2 something in the input or the call is
wrong; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from bwa_study.cli.adjudicate import adjudicate
from bwa_study.cli.codebook import codebook
from bwa_study.cli.coding import code
from bwa_study.cli.comparison import compare
from bwa_study.cli.corpus import corpus
from bwa_study.cli.disagree import disagree
from bwa_study.cli.doctor import doctor
from bwa_study.cli.export import export, figures, framework, tables
from bwa_study.cli.indicators import report_indicators, test_examples, try_pattern
from bwa_study.cli.init import init
from bwa_study.cli.necessity import necessity
from bwa_study.cli.plan import plan
from bwa_study.cli.recode import recode
from bwa_study.cli.refi_qda import qdpx
from bwa_study.cli.report import report
from bwa_study.cli.results import agree
from bwa_study.cli.shared import show_problems
from bwa_study.cli.sheets import sheets
from bwa_study.cli.study import check, demo, run
from bwa_study.cli.survey import survey
from bwa_study.cli.team import assign, log


class _Commands(click.Group):
    """Commands that end quietly when whoever reads their output has seen enough."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="bwa-study", prog_name="bwa-study")
def cli() -> None:
    """Study what changed, for whom, and whether it lasted: interviews, codes, tables and figures.

    Start with a demo:  bwa-study demo my-demo  and then  bwa-study run my-demo
    """


for _command in (run, check, code, recode, tables, figures, report, export, framework, agree, demo, doctor):
    cli.add_command(_command)
export.add_command(qdpx)
cli.add_command(survey)
cli.add_command(init)
cli.add_command(necessity)
for _command in (assign, codebook, log, sheets):
    cli.add_command(_command)
cli.add_command(compare)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the lines that let SHELL complete commands and options.

    For bash, add to ~/.bashrc:  eval "$(bwa-study completion bash)"
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(cli, {}, "bwa-study", "_BWA_STUDY_COMPLETE").source())


cli.add_command(corpus)
for _command in (test_examples, report_indicators, try_pattern):
    codebook.add_command(_command)


for _command in (disagree, adjudicate, plan):
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every fault a user can meet ends in one plain message and an exit code."""
    sys.exit(_guarded(lambda: cli.main(args=arguments, prog_name="bwa-study", standalone_mode=False)))


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Each warning once, in one line without the place in our code."""
    said: set[str] = set()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in said:
            said.add(str(message))
            click.echo(f"bwa-study: {message}", err=True)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def _guarded(command: Callable[[], Any]) -> int:
    from bwa_study.model.errors import BwaError, ProblemsFound

    try:
        with _plain_warnings():
            outcome = command()
        return outcome if isinstance(outcome, int) else 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except click.ClickException as fault:
        fault.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except ProblemsFound as fault:
        show_problems(fault.problems, show_all=False)
        return 2
    except BwaError as fault:
        click.echo(f"bwa-study: {fault}", err=True)
        return 2
    except OSError as fault:
        if _stems_from_interrupt(fault):
            return _interrupted()
        if os.environ.get("BWA_STUDY_DEBUG"):
            raise
        with suppress(OSError):
            click.echo(f"bwa-study: {fault.strerror or fault} — free space, or check the place", err=True)
        return 2
    except Exception as fault:
        if _stems_from_interrupt(fault):
            return _interrupted()
        if os.environ.get("BWA_STUDY_DEBUG"):
            raise
        click.echo(
            f"bwa-study: a fault of ours ({type(fault).__name__}: {fault}) — please report it with what you did; "
            "BWA_STUDY_DEBUG=1 shows where it happened",
            err=True,
        )
        return 1


def _interrupted() -> int:
    click.echo("interrupted", err=True)
    return 130


def _stems_from_interrupt(fault: BaseException) -> bool:
    """Whether a library made an error of its own out of an interrupt."""
    while (before := fault.__cause__ or fault.__context__) is not None:
        if isinstance(before, KeyboardInterrupt):
            return True
        fault = before
    return False
