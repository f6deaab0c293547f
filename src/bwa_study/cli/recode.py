"""Open the page on which people code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bwa_study.cli.shared import STUDY, ProgressBar, listed

if TYPE_CHECKING:
    from bwa_study.coding.recode.serve import RecodeServer


@click.command()
@STUDY
@click.option("--coder", default="", help="Who codes: a name of your own, the same each time.")
@click.option("--transcripts", default="", help="Ids of the transcripts to code, with commas; those assigned, or all.")
@click.option("--adjudicate", default="", help="Two or more coders, with commas: decide where they disagree instead.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 for any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@click.option("--log", default="", help="File or URL of the coding log; the study's own by default.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; another than this machine's own needs --passwords.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Name by which other machines reach the page, also that of a proxy; may be repeated.",
)
@click.option("--passwords", type=click.Path(path_type=Path), help="File of coders and their passwords, for a team.")
@click.option("--set-password", is_flag=True, help="Ask for the password of --coder, store it in --passwords, and end.")
def recode(
    study: Path,
    coder: str,
    transcripts: str,
    adjudicate: str,
    port: int,
    no_browser: bool,
    log: str,
    host: str,
    names: tuple[str, ...],
    passwords: Path | None,
    set_password: bool,
) -> None:
    """Open a page on which CODER codes the transcripts of the folder STUDY, blind and by keyboard.

    The page is on this machine only and the link works once. Every coding is saved when it is made; end with Ctrl-C.
    """
    from bwa_study.coding.recode.opening import recode_server
    from bwa_study.load.leftovers import at_work

    if set_password:
        return _set_password(passwords, coder)
    with at_work(study, "recode", log=log) as found:
        bar = ProgressBar()
        server, opened = recode_server(
            study,
            coder=coder,
            transcripts=listed(transcripts) or None,
            host=host,
            port=port,
            passwords=passwords,
            names=names,
            log=log or None,
            adjudicate=listed(adjudicate),
            progress=bar,
        )
        bar.close()
        for note in (*found, *server.notes):
            click.echo(f"note: {note}", err=True)
        with opened:
            _serve(server, coder.strip(), by_password=passwords is not None, browser=not no_browser)
    click.echo("stopped")
    return None


def _serve(server: RecodeServer, coder: str, *, by_password: bool, browser: bool) -> None:
    address = server.url if by_password else server.link(coder)
    if by_password:
        click.echo(f"{address} — coders sign in by password; over a network put HTTPS or an SSH tunnel before it")
    else:
        click.echo(f"{address} — this link works once; Ctrl-C ends, and what the page calls saved is saved")
    server.run(ready=(lambda: _launch(address)) if browser else None)


def _launch(address: str) -> None:
    click.launch(address)


def _set_password(passwords: Path | None, coder: str) -> None:
    from bwa_study.coding.recode.opening import set_password
    from bwa_study.model.errors import WrongCall

    if passwords is None:
        raise WrongCall("say where the password is stored — --passwords FILE")
    set_password(passwords, coder, click.prompt("Password", hide_input=True, confirmation_prompt=True))
    click.echo(f"{passwords}: the password of {coder.strip()} is stored")
