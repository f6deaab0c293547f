"""The server of the re-coding page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bwa_study.coding.recode.adjudication import Adjudication
from bwa_study.coding.recode.desk import Answer, Desk
from bwa_study.coding.recode.guard import Guard
from bwa_study.coding.recode.sessions import Doorkeeper
from bwa_study.load.gate import Rejected
from bwa_study.load.json_strict import read_json
from bwa_study.model.errors import BwaError

_SHELL = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Re-coding</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/recode.css">
<script type="module" src="/static/recode.js"></script>
</head>
<body><main id="bwa-recode"></main><noscript>This page needs JavaScript.</noscript></body>
</html>
"""
_KINDS = {"recode.js": "text/javascript; charset=utf-8", "recode.css": "text/css; charset=utf-8"}


def recode_app(
    desks: Mapping[str, Desk],
    doorkeeper: Doorkeeper,
    *,
    hosts: tuple[str, ...],
    port: int,
    adjudications: Mapping[str, Adjudication] | None = None,
) -> Starlette:
    """The page's server as an ASGI application.

    Parameters
    ----------
    desks
        A desk for every coder that may come in.
    doorkeeper
        Who tells coders by their cookies.
    hosts
        Host names and ports the server answers to, such as ``127.0.0.1:8765``.
    port
        Part of the cookie's name: a browser sends the cookies of one port to every port of a machine.
    adjudications
        Desks of adjudicators, who see the codings of those whose disagreements they decide.
    """
    pages = _Pages(desks, doorkeeper, f"bwa_study_{port}", adjudications or {})
    return Starlette(
        routes=[
            Route("/", pages.shell),
            Route("/t/{transcript:path}", pages.shell),
            Route("/adjudicate", pages.shell),
            Route("/enter", pages.enter),
            Route("/static/{name}", pages.static),
            Route("/api/login", pages.login, methods=["POST"]),
            Route("/api/work", pages.for_coder(lambda desk, _: desk.work())),
            Route("/api/transcript/{transcript:path}", pages.for_coder(_transcript)),
            Route("/api/events", pages.events, methods=["POST"]),
            Route("/api/cases", pages.cases),
            Route("/api/decisions", pages.decisions, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={404: _not_found, 405: _not_allowed},
    )


class _Pages:
    def __init__(
        self,
        desks: Mapping[str, Desk],
        doorkeeper: Doorkeeper,
        cookie: str,
        adjudications: Mapping[str, Adjudication],
    ) -> None:
        self.desks, self.doorkeeper, self.cookie, self.adjudications = desks, doorkeeper, cookie, adjudications
        folder = files("bwa_study.coding.recode") / "static"
        self.files = {name: (folder / name).read_bytes() for name in _KINDS}

    def shell(self, request: Request) -> Response:
        return Response(_SHELL, media_type="text/html; charset=utf-8")

    def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.files:
            return JSONResponse({"what": "there is no such file"}, 404)
        return Response(self.files[name], headers={"content-type": _KINDS[name]})

    def enter(self, request: Request) -> Response:
        """The link that works once: its token becomes a cookie and leaves the address."""
        cookie = self.doorkeeper.use_link(request.query_params.get("token", "")) if request.method == "GET" else None
        decides = cookie is not None and self.doorkeeper.coder(cookie) in self.adjudications
        answer = RedirectResponse("/adjudicate" if decides else "/", 303)
        if cookie is not None:
            self.give(answer, cookie, request)
        return answer

    async def login(self, request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        body, wrong = _json(await request.body())
        coder, password = (body.get("coder"), body.get("password")) if isinstance(body, dict) else (None, None)
        if wrong or not isinstance(coder, str) or not isinstance(password, str) or len(password) > 1000:
            return JSONResponse({"what": wrong or "a name and a password are needed"}, 400)
        cookie = await run_in_threadpool(self.doorkeeper.sign_in, coder, password)
        if cookie is None:
            what = "name or password is wrong; after five wrong tries wait half a minute"
            return JSONResponse({"what": what}, 403)
        answer = JSONResponse({"coder": coder})
        self.give(answer, cookie, request)
        return answer

    def give(self, answer: Response, cookie: str, request: Request) -> None:
        """Set the cookie; one that was got over HTTPS is never sent in the clear."""
        secure = request.headers.get("origin", "").startswith("https://")
        answer.set_cookie(self.cookie, cookie, path="/", httponly=True, samesite="strict", secure=secure)

    def asking(self, request: Request) -> str:
        """Name of who is signed in, or nothing."""
        return self.doorkeeper.coder(request.cookies.get(self.cookie, "")) or ""

    def for_coder(self, look: Callable[[Desk, Request], Answer]) -> Callable[[Request], Response]:
        """An endpoint for who is signed in."""

        def endpoint(request: Request) -> Response:
            desk = self.desks.get(self.asking(request))
            return self.signed_out() if desk is None else _answered(lambda: look(desk, request))

        return endpoint

    def signed_out(self) -> Response:
        return JSONResponse({"what": "sign in first", "passwords": bool(self.doorkeeper.passwords)}, 401)

    def cases(self, request: Request) -> Response:
        desk = self.adjudications.get(self.asking(request))
        return self.signed_out() if desk is None else _answered(desk.page)

    async def events(self, request: Request) -> Response:
        return await self.recorded(request, self.desks.get(self.asking(request)))

    async def decisions(self, request: Request) -> Response:
        return await self.recorded(request, self.adjudications.get(self.asking(request)))

    async def recorded(self, request: Request, desk: Desk | Adjudication | None) -> Response:
        from starlette.concurrency import run_in_threadpool

        if desk is None:
            return self.signed_out()
        body, wrong = _json(await request.body())
        if wrong:
            return JSONResponse({"what": wrong, "kind": "form"}, 400)
        return await run_in_threadpool(_answered, lambda: desk.record(body))


def _transcript(desk: Desk, request: Request) -> Answer:
    return desk.page(request.path_params["transcript"])


def _answered(act: Callable[[], Answer]) -> Response:
    """The answer of a desk; what cannot be kept now is 503, and the page tries again."""
    try:
        answer = act()
    except (BwaError, OSError) as fault:
        return JSONResponse({"what": str(fault)}, 503)
    return JSONResponse(dict(answer.body), answer.status)


def _json(body: bytes) -> tuple[Any, str]:
    try:
        return read_json(body.decode("utf-8"), file="the message"), ""
    except UnicodeDecodeError:
        return None, "the message is not UTF-8"
    except Rejected as fault:
        return None, fault.problem.what


def _not_found(request: Request, fault: Exception) -> Response:
    return JSONResponse({"what": "there is no such page"}, 404)


def _not_allowed(request: Request, fault: Exception) -> Response:
    return JSONResponse({"what": "this address does not take that method"}, 405)
