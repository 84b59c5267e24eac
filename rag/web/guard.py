"""What the server lets in and what it tells browsers: an ASGI middleware around the whole app.

The page has no password: it is open to whoever can reach 127.0.0.1. So it must be the page itself
that asks, not a foreign site in the same browser. A name that leads here by a foreign DNS server
shows in `Host`; a form or script of a foreign page shows in `Origin` and `Sec-Fetch-Site`
(https://owasp.org/www-community/attacks/csrf). Gradio has many more routes than this page needs:
those that its client may ask for are named, and the rest are not there.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

READING = frozenset({"GET", "HEAD"})

READ = frozenset(
    {
        "/",
        "/config",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/theme.css",
        "/gradio_api/app_id",
        "/gradio_api/info",
        "/gradio_api/queue/data",
        "/gradio_api/startup-events",
        "/gradio_api/theme.css",
    }
)
READ_BELOW = ("/assets/", "/static/", "/svelte/", "/parallax/", "/gradio_api/heartbeat/")
CHANGE = frozenset(
    {
        "/gradio_api/queue/join",
        "/gradio_api/run/predict",
        "/gradio_api/cancel",
        "/gradio_api/reset",
    }
)

LONGEST = 64 * 1024
"""Bytes of the longest request that the page may send."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            # Gradio starts from a script inside its page and compiles its templates.
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "script-src-attr 'none'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'none'",
            "object-src 'none'",
            "frame-src 'none'",
            "worker-src 'none'",
            "form-action 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """Refuses what the page would not have asked for, and sends `HEADERS` with everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the reason why not (403, 404, 411, 413)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # the page uses none
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = _refusal(scope)
        await (refusal or self._app)(scope, receive, send_guarded)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or _name(hosts[0]) not in HOSTS:
        return PlainTextResponse("This page answers only to the host it was opened on.", 403)
    if not _is_own(headers.getlist("origin"), hosts[0]):
        return PlainTextResponse("Only this page itself may ask for that.", 403)
    if not (_is_near(headers) or _is_link(scope, headers)):
        return PlainTextResponse("Only this page itself may ask for that.", 403)
    if scope["method"] in READING:
        known = scope["path"] in READ or scope["path"].startswith(READ_BELOW)
        return None if known else PlainTextResponse("Not Found", 404)
    if scope["path"] not in CHANGE:
        return PlainTextResponse("Not Found", 404)
    return _too_long(headers)


def _name(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() else host


def _is_own(origins: Iterable[str], host: str) -> bool:
    """Whether a browser's request comes from a page of this server; other programs send none."""
    return all(origin == f"http://{host}" for origin in origins)


def _is_near(headers: Headers) -> bool:
    """Whether no other site makes the browser ask (https://www.w3.org/TR/fetch-metadata/)."""
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Whether somebody followed a link to the page."""
    opened = scope["method"] in READING and scope["path"] == "/"
    return opened and headers.get("sec-fetch-mode") == "navigate"


def _too_long(headers: Headers) -> PlainTextResponse | None:
    length = headers.get("content-length", "")
    if not length.isdecimal() or "transfer-encoding" in headers:
        return PlainTextResponse("Length Required", 411)
    if len(length) > len(str(LONGEST)) or int(length) > LONGEST:
        return PlainTextResponse("That is longer than any question can be.", 413)
    return None
