"""The door of a shared page: where visitors show what they know, and get a pass for it.

It is a plain page without any script, and the only one that somebody without a pass can see.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.web.markup import render
from rag.web.sharing import Sharing, cookie_name
from rag.wording.language import preferred, say, spoken

DOOR = "/parallax/door"
OUT = "/parallax/door/out"

GRADIO = "/gradio_api/"
"""Below this the page's own script asks."""

SEEN = frozenset(
    {
        "/parallax/door.css",
        "/parallax/icon.svg",
        "/parallax/fonts/inter.ttf",
        "/parallax/fonts/literata.ttf",
    }
)
"""What the door needs to look like one."""

LONGEST = 4096
"""Bytes of the longest form that anybody may send."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    # With none at all, browsers would not tell where the form comes from: Origin would be null.
    "Referrer-Policy": "same-origin",
}

DELAY = 1.0
"""Seconds after which somebody learns that an attempt has failed."""

ATTEMPTS = 10
"""So many may fail in a minute."""

MINUTE = 60.0


class Attempts:
    """How often each visitor has failed in the last minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[str, deque[float]] = {}

    def are_too_many(self, peer: str) -> bool:
        """Whether this visitor has to wait."""
        self._forget()
        return len(self._failed.get(peer, ())) >= ATTEMPTS

    def fail(self, peer: str) -> None:
        """Count an attempt of this visitor."""
        self._failed.setdefault(peer, deque()).append(self._clock())

    def _forget(self) -> None:
        since = self._clock() - MINUTE
        for peer, times in list(self._failed.items()):
            while times and times[0] <= since:
                times.popleft()
            if not times:
                del self._failed[peer]


class Entrance:
    """Answers those who have no pass, and whoever comes to the door."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._attempts = Attempts()

    def answers(self, asked: HTTPConnection) -> ASGIApp | None:
        """What answers a request; None if the page itself may."""
        method, path = asked.scope["method"], asked.scope["path"]
        reading = method in ("GET", "HEAD")
        if not self._sharing.may_knock(asked):
            return PlainTextResponse("This page can only be asked through its proxy.", 403)
        if path == DOOR and reading:
            return self._page(asked)
        if path in (DOOR, OUT) and method == "POST":
            return too_long(asked.headers, LONGEST) or (self._in if path == DOOR else self._out)
        if (reading and path in SEEN) or self._sharing.role_of(asked):
            return None
        if path == "/" and reading:
            return RedirectResponse(DOOR + _query(asked), 303)
        return _ended(asked) if path.startswith(GRADIO) else Response(status_code=401)

    async def _in(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        peer = self._sharing.peer(request)
        if self._attempts.are_too_many(peer):
            return self._page(request, Refusal(429, "door-too-many"))
        role = self._sharing.role_for(_secret(await request.body()))
        if role is None:
            self._attempts.fail(peer)
            await asyncio.sleep(DELAY)
            return self._page(request, Refusal(403, "door-wrong"))
        response = RedirectResponse("/" + _query(request), 303)
        self._give(response, request, self._sharing.pass_for(role))
        return response

    async def _out(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = RedirectResponse(DOOR, 303)
        self._give(response, request, "")
        await response(scope, receive, send)

    def _give(self, response: Response, asked: HTTPConnection, value: str) -> None:
        response.set_cookie(
            cookie_name(asked),
            value,
            max_age=None if value else 0,
            path="/",
            secure=self._sharing.is_encrypted(asked),
            httponly=True,
            samesite="lax",
        )

    def _page(self, asked: HTTPConnection, refusal: "Refusal | None" = None) -> Response:
        language = preferred(asked.headers.get("accept-language", ""))
        with spoken(language):
            page = render(
                "door.html",
                language=language,
                action=DOOR + _query(asked),
                role=self._sharing.role_of(asked),
                with_password=self._sharing.password is not None,
                refusal=refusal.why if refusal else "",
                overheard=self._sharing.may_be_overheard(asked),
            )
        return HTMLResponse(page, refusal.status if refusal else 200)


def _ended(asked: HTTPConnection) -> Response:
    """What the script of a page is told whose pass has ended.

    Gradio's client shows the “error”, as markup; so it is words of the program alone.
    """
    with spoken(preferred(asked.headers.get("accept-language", ""))):
        told = {"error": say("door-ended"), "door": DOOR, "sign": say("door-sign-in")}
    return JSONResponse(told, 401)


class Refusal(NamedTuple):
    """Why somebody is not let in: the message that says so."""

    status: int
    why: str


def too_long(headers: Headers, longest: int) -> PlainTextResponse | None:
    """The answer to a request whose length is not told, or is more than it may be."""
    length = headers.get("content-length", "")
    if not length.isdecimal() or "transfer-encoding" in headers:
        return PlainTextResponse("Length Required", 411)
    if len(length) > len(str(longest)) or int(length) > longest:
        return PlainTextResponse("That is longer than any question can be.", 413)
    return None


def _query(asked: HTTPConnection) -> str:
    """Where a visitor wanted to go: always this page, so that only what follows “?” is kept."""
    query = asked.scope["query_string"].decode("latin-1")
    return f"?{quote(query, safe='=&%+,;:@/?!$()*~-._', encoding='latin-1')}" if query else ""


def _secret(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=3, errors="strict")
    except ValueError:
        return ""
    return fields.get("secret", [""])[0]
