"""What the server lets in and what it tells browsers: an ASGI middleware around the whole app.

Where only this machine can reach the page there is no password: whoever reaches 127.0.0.1 is the
owner. Where others can, `entrance.py` asks who they are. In both cases it must be the page itself
that asks, not a foreign site in the same browser. A name that leads here by a foreign DNS server
shows in `Host`; a form or script of a foreign page shows in `Origin` and `Sec-Fetch-Site`
(https://owasp.org/www-community/attacks/csrf). Gradio has many more routes than this page needs:
those that its client may ask for are named, and the rest are not there.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web import entrance
from rag.web.door import OWNER, SHARED
from rag.web.entrance import DOOR, Entrance, too_long
from rag.web.sharing import Sharing

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
LONGEST = {
    # The conversations that a browser keeps travel with some requests.
    "/gradio_api/queue/join": 1 << 20,
    "/gradio_api/run/predict": 1 << 20,
    "/gradio_api/cancel": 1 << 16,
    "/gradio_api/reset": 1 << 16,
}
"""What may be posted -> the bytes of the longest request."""

UPLOAD = "/parallax/seeds/"
"""Below this a file may be put; how long it may be is checked while it comes (`uploads.py`)."""

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
    """Refuses what the page would not have asked for, and sends `HEADERS` with everything.

    Args:
        app: the page.
        sharing: whom it lets in; None where only this machine can reach it.
    """

    def __init__(self, app: ASGIApp, sharing: Sharing | None = None) -> None:
        self._app = app
        self._sharing = sharing
        self._entrance = Entrance(sharing) if sharing else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the reason why not (401, 403, 404, 411, 413)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # the page uses none
            await send({"type": "websocket.close", "code": 1008})
            return
        asked = HTTPConnection(scope)
        told = HEADERS | entrance.HEADERS if self._is_door(scope) else HEADERS

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in told.items():
                    headers[name] = value
            await send(message)

        scope[SHARED] = self._sharing is not None
        # Whoever reaches 127.0.0.1 is the owner.
        scope[OWNER] = self._sharing is None or self._sharing.role_of(asked) == "owner"
        await (self._instead(asked) or self._app)(scope, receive, send_guarded)

    def _is_door(self, scope: Scope) -> bool:
        path = str(scope["path"])
        return self._sharing is not None and (path == DOOR or path.startswith(f"{DOOR}/"))

    def _instead(self, asked: HTTPConnection) -> ASGIApp | None:
        """What answers instead of the page."""
        foreign = self._foreign(asked)
        if foreign or self._entrance is None:
            return foreign or _unknown(asked)
        return self._entrance.answers(asked) or _unknown(asked)

    def _foreign(self, asked: HTTPConnection) -> PlainTextResponse | None:
        """The answer to what not this page itself asks."""
        headers, sharing = asked.headers, self._sharing
        hosts = headers.getlist("host")
        is_host = sharing.is_host if sharing else HOSTS.__contains__
        if len(hosts) != 1 or not is_host(_name(hosts[0])):
            return PlainTextResponse("This page answers only to the host it was opened on.", 403)
        own = sharing.origins(asked, hosts[0]) if sharing else {f"http://{hosts[0]}"}
        # Other programs than browsers send none.
        is_own = all(origin in own for origin in headers.getlist("origin"))
        if not (is_own and (_is_near(headers) or self._is_link(asked))):
            return PlainTextResponse("Only this page itself may ask for that.", 403)
        return None

    def _is_link(self, asked: HTTPConnection) -> bool:
        """Whether somebody followed a link to the page, and was perhaps sent to its door."""
        opened = asked.scope["path"] == "/" or self._is_door(asked.scope)
        reading = asked.scope["method"] in READING
        return opened and reading and asked.headers.get("sec-fetch-mode") == "navigate"


def _unknown(asked: HTTPConnection) -> PlainTextResponse | None:
    """The answer to what the page never asks for, or not like that."""
    method, path = asked.scope["method"], asked.scope["path"]
    if method in READING and (path in READ or path.startswith(READ_BELOW)):
        return None
    if method == "POST" and path in LONGEST:
        return too_long(asked.headers, LONGEST[path])
    if method == "PUT" and path.startswith(UPLOAD):
        return None
    return PlainTextResponse("Not Found", 404)


def _name(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() else host


def _is_near(headers: Headers) -> bool:
    """Whether no other site makes the browser ask (https://www.w3.org/TR/fetch-metadata/)."""
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
