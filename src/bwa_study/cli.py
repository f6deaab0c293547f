"""The front door: each command reads its options, makes one call of the library, and prints or writes what comes back.

Exit codes: 0 done; 1 warnings under ``check --strict``, or a fault of ours; 2 something in the input or the call is
wrong; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bwa_study.model.errors import Problem

_MOST_PROBLEMS = 40
_STUDY = click.argument("study", type=click.Path(path_type=Path))
_CODER = click.option("--coder", default="", help="Whose codings to count; 'indicators' for the automatic proposals.")
_COUNT = click.option(
    "--count",
    type=click.Choice(["interviews", "turns", "segments", "words"]),
    default="interviews",
    show_default=True,
    help="What is counted.",
)


class _ProgressBar:
    """A bar on the terminal, shown only for steps that take more than two seconds."""

    def __init__(self) -> None:
        self.step, self.began = "", 0.0
        self.bar: Any = None

    def __call__(self, step: str, done: int, total: int) -> None:
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


@cli.command()
@_STUDY
@click.option(
    "--out", type=click.Path(path_type=Path), default="outputs", show_default=True, help="Folder to write into."
)
@_CODER
@_COUNT
@click.option("--lang", default="", help="Language of the labels, en or zh; the study's own by default.")
def run(study: Path, out: Path, coder: str, count: Any, lang: str) -> None:
    """Read the folder STUDY and write theme tables, figures and a page that shows them.

    Open the file index.html in the output folder when it is done.
    """
    from bwa_study.present.run import run_study

    bar = _ProgressBar()
    report = run_study(study, out, coder=coder, count=count, language=lang, progress=bar)
    bar.close()
    for line in report.lines:
        click.echo(line)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--encoding", default="", help="Encoding of a codebook file that is not UTF-8, such as gb18030.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there are warnings.")
@click.option(
    "--schema",
    is_flag=True,
    help="Also write codebook.schema.json beside the codebook (if there is no error), for editors.",
)
@click.option("--all", "show_all", is_flag=True, help="Show every problem, not only the first 40.")
def check(path: Path, encoding: str, strict: bool, schema: bool, show_all: bool) -> None:
    """Say everything that is wrong with the study folder, or the codebook file, PATH.

    Every line names the file and the place, what is wrong, and how to mend it. Your files are not changed.
    """
    from bwa_study.load.check import check_path

    bar = _ProgressBar()
    report = check_path(path, encoding=encoding, progress=bar)
    bar.close()
    _show(report.problems, show_all=show_all)
    click.echo(report.summary)
    severities = {p.severity for p in report.problems}
    if "error" in severities:
        sys.exit(2)
    if schema:
        from bwa_study.present.schema_file import write_schema

        click.echo(write_schema(path))
    if strict and "warning" in severities:
        sys.exit(1)


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table of codings to write (.csv).")
@click.option("--codebook", type=click.Path(path_type=Path), help="Another codebook than the study's.")
def code(study: Path, out: Path, codebook: Path | None) -> None:
    """Let the codebook's indicators propose codings for the folder STUDY.

    Each row is a sentence with a code, its polarity, and the pattern that found it. They are proposals for people to
    accept or reject.
    """
    from bwa_study.present.propose import propose_codings

    bar = _ProgressBar()
    line = propose_codings(study, out, codebook=codebook, progress=bar)
    bar.close()
    click.echo(line)


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table to write (.csv or .xlsx).")
@click.option(
    "--by",
    default="group,round",
    show_default=True,
    help="Fields to compare, with commas: group, round, site, language …",
)
@click.option(
    "--polarity", default="present,absent", show_default=True, help="present, absent, mentioned; with commas."
)
@_CODER
@_COUNT
def tables(study: Path, out: Path, by: str, polarity: str, coder: str, count: Any) -> None:
    """Write how often each theme is spoken of in the folder STUDY, as one table."""
    from bwa_study.present.theme_table import write_theme_table

    bar = _ProgressBar()
    line = write_theme_table(
        study, out, by=_listed(by), polarity=_listed(polarity), coder=coder, count=count, progress=bar
    )
    bar.close()
    click.echo(line)


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Table to write (.csv or .xlsx).")
@click.option("--coders", default="", help="Two or more names, with commas; all people who have coded by default.")
@click.option(
    "--unit", type=click.Choice(["turn", "interview"]), default="turn", show_default=True, help="What is compared."
)
@click.option(
    "--rule",
    type=click.Choice(["krippendorff2004", "landis_koch1977"]),
    default="krippendorff2004",
    show_default=True,
    help="From which value a code may be used; the lower end of the interval decides.",
)
def agree(study: Path, out: Path, coders: str, unit: Any, rule: Any) -> None:
    """Say how far the coders of the folder STUDY agree, code by code, and which codes may be used.

    Writes a table, and beside it a figure with the interval of every code.
    """
    from bwa_study.present.agree import write_agreement

    bar = _ProgressBar()
    line = write_agreement(study, out, coders=_listed(coders), unit=unit, rule=rule, progress=bar)
    bar.close()
    click.echo(line)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same study.")
@click.option(
    "--size",
    type=click.Choice(["full", "lite"]),
    default="full",
    show_default=True,
    help="342 or 236 interviews, consent withdrawn in 3.",
)
@click.option("--stress", is_flag=True, help="Leave out the workers of one factory in one round.")
def demo(folder: Path, seed: int, size: Any, stress: bool) -> None:
    """Write a synthetic study into the new folder FOLDER, to learn and to try things on.

    Nobody said any of it. The file truth.json tells what was planted in it.
    """
    from bwa_study.demo.write import write_demo

    write_demo(folder, seed=seed, size=size, stress=stress)
    click.echo(f"{folder}: a synthetic study was written — look at it with: bwa-study run {folder}")


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


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _show(problems: tuple[Problem, ...], *, show_all: bool) -> None:
    most = len(problems) if show_all else _MOST_PROBLEMS
    for problem in problems[:most]:
        click.echo(str(problem), err=True)
    if len(problems) > most:
        click.echo(f"… and {len(problems) - most} more; 'bwa-study check --all' shows them", err=True)


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
        click.echo("interrupted", err=True)
        return 130
    except ProblemsFound as fault:
        _show(fault.problems, show_all=False)
        return 2
    except BwaError as fault:
        click.echo(f"bwa-study: {fault}", err=True)
        return 2
    except OSError as fault:
        if os.environ.get("BWA_STUDY_DEBUG"):
            raise
        with suppress(OSError):
            click.echo(f"bwa-study: {fault.strerror or fault} — free space, or check the place", err=True)
        return 2
    except Exception as fault:
        if os.environ.get("BWA_STUDY_DEBUG"):
            raise
        click.echo(
            f"bwa-study: a fault of ours ({type(fault).__name__}: {fault}) — please report it with what you did; "
            "BWA_STUDY_DEBUG=1 shows where it happened",
            err=True,
        )
        return 1
