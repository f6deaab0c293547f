"""Open the page: find the port, make the links, run the server until it is stopped."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Callable, Mapping, Sequence

import uvicorn

from bwa_study.coding.recode.adjudication import Adjudication
from bwa_study.coding.recode.desk import Desk
from bwa_study.coding.recode.server import recode_app
from bwa_study.coding.recode.sessions import Doorkeeper
from bwa_study.model.errors import BwaError, WrongCall, shown


class CannotServe(BwaError):
    """The address of the page cannot be used."""


class RecodeServer:
    """The page's server, bound to its port but not yet running.

    Parameters
    ----------
    desks
        A desk for every coder that may come in.
    host
        Address to listen on. Another one than this machine's own demands a password for every coder.
    port
        0 for any free one.
    passwords
        Stored passwords by coder (see `hashed_password`); where there are none, each coder comes in by a link.
    names
        Further host names that people type to reach the page, such as that of a proxy with HTTPS before it: the name
        is answered to with this port, without one, or with the port that stands in it. Names demand passwords too.
    adjudications
        Desks of adjudicators.

    Raises
    ------
    WrongCall
        If other machines could reach the page and a coder has no password.
    CannotServe
        If the port is taken or the address is not this machine's.
    """

    def __init__(
        self,
        desks: Mapping[str, Desk],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        passwords: Mapping[str, str] | None = None,
        names: Sequence[str] = (),
        adjudications: Mapping[str, Adjudication] | None = None,
    ) -> None:
        without = [coder for coder in (*desks, *(adjudications or {})) if coder not in (passwords or {})]
        if without and (names or not is_loopback(host)):
            what = f"name '{shown(names[0])}'" if names else f"host '{shown(host)}'"
            raise WrongCall(
                f"{what} can be reached by other machines, and {', '.join(map(shown, without))} has no "
                "password — give every coder one, or serve on 127.0.0.1"
            )
        self.doorkeeper = Doorkeeper(passwords)
        self.notes: tuple[str, ...] = ()
        self.socket = _bound(host, port)
        self.host, self.port = host, int(self.socket.getsockname()[1])
        own = (host, *(("127.0.0.1", "localhost") if is_loopback(host) else ()))
        hosts = (*(f"{_bracketed(name)}:{self.port}" for name in dict.fromkeys(own)), *_named(names, self.port))
        app = recode_app(desks, self.doorkeeper, hosts=hosts, port=self.port, adjudications=adjudications)
        config = uvicorn.Config(
            app, log_level="error", access_log=False, server_header=False, http="h11", ws="none", lifespan="off"
        )
        self.server = uvicorn.Server(config)

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://{_bracketed(self.host)}:{self.port}"

    def link(self, coder: str) -> str:
        """An address that lets `coder` in once."""
        return f"{self.url}/enter?token={self.doorkeeper.link(coder)}"

    def run(self, *, ready: Callable[[], None] | None = None) -> None:
        """Serve until interrupted or stopped."""
        if ready is not None:
            ready()
        with self.socket, contextlib.suppress(KeyboardInterrupt):
            self.server.run(sockets=[self.socket])

    def stop(self) -> None:
        """Let `run` return."""
        self.server.should_exit = True


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _named(names: Sequence[str], port: int) -> tuple[str, ...]:
    """Host headers of a name: as it stands, for a proxy on the usual port, and with the page's own port."""
    return tuple(header for name in names for header in ((name,) if ":" in name else (name, f"{name}:{port}")))


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(128)
    except (OSError, OverflowError) as fault:
        bound.close()
        reason = getattr(fault, "strerror", None) or str(fault)
        raise CannotServe(
            f"{shown(host)}:{port}: cannot be listened on ({reason}) — choose another port, or 0 for any free one"
        ) from None
    return bound
