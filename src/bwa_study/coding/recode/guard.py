"""What stands before every request: only this machine's own page may speak, in JSON, and not too long.

The checks hold for every path, so that a new one cannot forget them.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 256 * 1024
"""Bytes of the longest message that is read."""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""Sent with every answer."""


class _TooLong(Exception):
    pass


class Guard:
    """ASGI middleware that refuses what the page itself would never send.

    Parameters
    ----------
    app
        What is guarded.
    hosts
        Values of the Host header that are served, with the port: a foreign name that resolves to this machine is not.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.origins = frozenset(f"{scheme}://{host}" for host in self.hosts for scheme in ("http", "https"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything but HTTP is not answered at all."""
        if scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        headers = Headers(scope=scope)
        guarded = _with_headers(send)
        refusal = self.refusal(scope["method"], headers)
        if refusal is not None:
            await _refuse(*refusal, scope, receive, guarded)
            return
        try:
            body = await _whole_body(receive)
        except _TooLong:
            await _refuse(413, f"a message has {LARGEST_BODY:,} bytes at most", scope, receive, guarded)
            return
        await self.app(scope, _replayed(body, receive), guarded)

    def refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        """Status and reason, or None for a request that may pass."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return 403, "this server does not answer to that host name"
        if method not in ("GET", "HEAD", "POST"):
            return 405, "only GET and POST are answered"
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self.origins:
            return 403, "requests of other pages are refused"
        if method == "POST":
            return self.post_refusal(headers)
        site, goal = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
        if site not in (None, "same-origin", "none") and goal != "navigate":
            return 403, "requests of other pages are refused"
        return None

    def post_refusal(self, headers: Headers) -> tuple[int, str] | None:
        """The same for a message that may change something."""
        if headers.get("origin") is None or headers.get("sec-fetch-site") not in (None, "same-origin"):
            return 403, "requests of other pages are refused"
        kind = [part.strip().lower() for part in headers.get("content-type", "").split(";")]
        if kind[0] != "application/json" or any(part != "charset=utf-8" for part in kind[1:]):
            return 415, "only application/json is read"
        if "content-encoding" in headers:
            return 415, "only plain messages are read"
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400, "the length of the message is not a number"
        if int(length) > LARGEST_BODY:
            return 413, f"a message has {LARGEST_BODY:,} bytes at most"
        return None


async def _whole_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise _TooLong
        parts.append(part)
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


async def _refuse(status: int, what: str, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"connection": "close"} if status == 413 else None
    await JSONResponse({"what": what}, status, headers)(scope, receive, send)
