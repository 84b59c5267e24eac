import asyncio
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.answering import Library
from rag.settings import Settings
from rag.web.guard import Guard
from rag.web.server import application
from rag.web.shelf import Shelf

Header = tuple[str, str]
Endpoint = tuple[str, str]

HOST = "127.0.0.1:7860"

OWN: tuple[Header, ...] = (
    ("host", HOST),
    ("origin", f"http://{HOST}"),
    ("sec-fetch-site", "same-origin"),
    ("content-length", "2"),
)
"""What a browser sends for the page itself."""

NEEDED_TO_READ = {
    "/",
    "/assets/{path:path}",
    "/config",
    "/favicon.ico",
    "/gradio_api/app_id",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/info",
    "/gradio_api/queue/data",
    "/gradio_api/startup-events",
    "/gradio_api/theme.css",
    "/manifest.json",
    "/parallax/fonts/{name}",
    "/parallax/plotly.js",
    "/robots.txt",
    "/static/{path:path}",
    "/svelte/{path:path}",
    "/theme.css",
}
NEEDED_TO_CHANGE = {"/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"}
NEEDED_TO_ADD = "/parallax/seeds/{name}"

STRANGERS: list[list[Header]] = [
    [("origin", "https://evil.example")],
    [("origin", "null")],
    [("origin", "")],
    [("origin", "http://127.0.0.1:1")],
    [("origin", "http://127.0.0.1")],
    [("origin", f"https://{HOST}")],
    [("origin", "http://localhost:7860")],
    [("origin", f"http://{HOST}.evil.example")],
    [("origin", f"http://{HOST}"), ("origin", "https://evil.example")],
    [("sec-fetch-site", "cross-site")],
    [("sec-fetch-site", "same-site")],
    [("host", "evil.example")],
    # A name that a foreign DNS server leads here: page and request are of one origin.
    [("host", "evil.example:7860"), ("origin", "http://evil.example:7860")],
]

FOREIGN_HOSTS: list[list[str]] = [
    [],
    [""],
    ["evil.example"],
    ["evil.example:7860"],
    ["127.0.0.1.evil.example"],
    ["127.0.0.1:7860.evil.example"],
    ["127.0.0.1:7860:80"],
    ["localhost.evil.example:7860"],
    ["evil.example@127.0.0.1:7860"],
    ["127.0.0.1@evil.example:7860"],
    ["127.0.0.1:80@evil.example"],
    ["127.0.0.2:7860"],
    ["0.0.0.0:7860"],
    ["[::]:7860"],
    ["::1"],
    ["127.0.0.1:7860", "127.0.0.1:7860"],
    ["127.0.0.1:7860", "evil.example"],
]

HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "script-src-attr": ["'none'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "media-src": ["'none'"],
    "object-src": ["'none'"],
    "frame-src": ["'none'"],
    "worker-src": ["'none'"],
    "form-action": ["'none'"],
    "base-uri": ["'self'"],
    "frame-ancestors": ["'none'"],
}


class Reply(NamedTuple):
    status: int
    headers: Headers
    body: bytes


class Behind:
    """An app that notes what reaches it, and whose own headers are lax."""

    def __init__(self) -> None:
        self.reached: list[Endpoint] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append((scope.get("method", scope["type"]), scope.get("path", "")))
        lax = {"x-frame-options": "ALLOWALL", "content-security-policy": "default-src *"}
        if scope["type"] != "lifespan":
            await PlainTextResponse("reached", headers=lax)(scope, receive, send)


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture(scope="module")
def real(harbour: Library, harbour_built: Settings) -> ASGIApp:
    # Within a loop: Gradio makes some, and closes none, where no loop runs.
    async def made() -> ASGIApp:
        return application(Shelf(harbour_built, harbour))

    return asyncio.run(made())


@pytest.fixture(scope="module")
def endpoints(real: ASGIApp) -> set[Endpoint]:
    """The method and the path, with its parameters by name, of every route of the application."""
    assert isinstance(real, Guard)
    assert isinstance(real._app, FastAPI)
    return set(_endpoints(real._app.routes))


def _endpoints(routes: Iterable[BaseRoute], above: str = "") -> Iterator[Endpoint]:
    for route in iter_route_contexts(list(routes)):
        path = above + (route.path or "")
        yield from ((method, path) for method in route.methods or ())
        yield from _endpoints(getattr(route, "routes", None) or (), path)


@pytest.fixture(scope="module")
def changing(endpoints: set[Endpoint]) -> set[Endpoint]:
    return {each for each in endpoints if each[0] not in ("GET", "HEAD")}


def own(*instead: Header) -> tuple[Header, ...]:
    """The page's own headers, some of them replaced by others."""
    names = {name for name, _ in instead}
    return (*(each for each in OWN if each[0] not in names), *instead)


def without(*names: str) -> tuple[Header, ...]:
    return tuple(each for each in OWN if each[0] not in names)


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def sent_by(app: ASGIApp, scope: Scope) -> list[Message]:
    """What an app sends, byte for byte as a server hands it on: no client tidies the request."""
    sent: list[Message] = []
    bodies: list[Message] = [{"type": "http.request", "body": b"{}"}]

    async def receive() -> Message:
        if not bodies:
            await asyncio.Event().wait()
        return bodies.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        await app(scope, receive, send)

    asyncio.run(call())
    return sent


def scope_of(kind: str, path: str, headers: Iterable[Header]) -> dict[str, Any]:
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 7860),
    }


def ask(app: ASGIApp, method: str, path: str, headers: Iterable[Header] = OWN) -> Reply:
    start, *bodies = sent_by(app, scope_of("http", path, headers) | {"method": method})
    assert start["type"] == "http.response.start"
    body = b"".join(each.get("body", b"") for each in bodies)
    return Reply(start["status"], Headers(raw=start["headers"]), body)


def test_the_routes_of_the_whole_application_are_known(
    endpoints: set[Endpoint], changing: set[Endpoint]
) -> None:
    names = (
        *("queue/join", "upload", "cancel", "reset", "component_server", "process_recording"),
        *("run/{api_name}", "api/{api_name}", "call/{api_name}", "call/v2/{api_name}"),
        *("stream/{event_id}", "stream/{event_id}/close", "vibe-edit", "undo-vibe-edit"),
    )
    known = {("POST", f"/gradio_api/{name}") for name in names} | {("POST", "/login")}
    assert known <= changing
    assert ("GET", "/gradio_api/file={path_or_url:path}") in endpoints - changing
    assert {path for _, path in endpoints} >= NEEDED_TO_READ | NEEDED_TO_CHANGE


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_changes_nothing_by_any_route(
    real: ASGIApp, behind: Behind, changing: set[Endpoint], stranger: list[Header]
) -> None:
    others = {(method, path) for method in ("PUT", "DELETE", "OPTIONS") for _, path in changing}
    for method, path in changing | others:
        for app in (real, Guard(behind)):
            reply = ask(app, method, filled(path), own(*stranger))
            assert (reply.status, reply.headers["content-type"]) == (
                403, "text/plain; charset=utf-8",
            ), (method, path)  # fmt: skip
    assert behind.reached == []


def test_the_page_itself_reaches_what_it_needs_to_change_and_nothing_else(
    real: ASGIApp, behind: Behind, changing: set[Endpoint]
) -> None:
    for method, path in changing:
        expected = 200 if path in NEEDED_TO_CHANGE | {NEEDED_TO_ADD} else 404
        assert ask(Guard(behind), method, filled(path)).status == expected, path
        if expected == 404:
            assert ask(real, method, filled(path)).body == b"Not Found"
    posted = {("POST", path) for path in NEEDED_TO_CHANGE}
    assert set(behind.reached) == {*posted, ("PUT", filled(NEEDED_TO_ADD))}


def test_a_reader_reaches_what_the_page_needs_and_nothing_else(
    behind: Behind, endpoints: set[Endpoint]
) -> None:
    reading = {path for method, path in endpoints if method == "GET"}
    let_through = {
        path for path in reading if ask(Guard(behind), "GET", filled(path)).body == b"reached"
    }
    assert let_through == NEEDED_TO_READ
    assert {path for _, path in behind.reached} == {filled(path) for path in NEEDED_TO_READ}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "//gradio_api/file=/etc/passwd",
        "/./gradio_api/file=/etc/passwd",
        "/GRADIO_API/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://evil.example/",
        "/gradio_api/runs",
        "/gradio_api/openapi.json",
        "/gradio_api/heartbeat",
        "/gradio_api/info/",
        "/gradio_api/queue/status",
        "/gradio_api/dev/reload",
        "/gradio_api/deep_link",
        "/monitoring",
        "/monitoring/summary",
        "/openapi.json",
        "/docs",
        "/config/",
        "/logout",
        "/parallax",
        "/assets",
        "/etc/passwd",
        "*",
        "",
    ],
)
def test_what_the_page_does_not_need_is_not_there(behind: Behind, method: str, path: str) -> None:
    assert ask(Guard(behind), method, path).status == 404
    assert behind.reached == []


@pytest.mark.parametrize("hosts", FOREIGN_HOSTS)
@pytest.mark.parametrize("path", ["/", "/config", "/parallax/page.css", "/gradio_api/app_id"])
def test_a_foreign_host_reads_nothing(
    real: ASGIApp, behind: Behind, hosts: list[str], path: str
) -> None:
    headers = [*without("host", "origin"), *(("host", host) for host in hosts)]
    for app in (real, Guard(behind)):
        reply = ask(app, "GET", path, headers)
        assert reply.status == 403
        assert reply.body == b"This page answers only to the host it was opened on."
    assert behind.reached == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
@pytest.mark.parametrize("port", ["", ":80", ":7860", ":65535"])
def test_this_machine_by_any_of_its_names_is_let_in(behind: Behind, host: str, port: str) -> None:
    address = [("host", host + port), ("origin", f"http://{host}{port}")]
    for method, path in (("GET", "/"), ("POST", "/gradio_api/queue/join")):
        assert ask(Guard(behind), method, path, own(*address)).body == b"reached"


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "http://localhost:3000", "null"])
@pytest.mark.parametrize("path", ["/config", "/gradio_api/app_id", "/theme.css"])
def test_no_foreign_page_is_allowed_to_read(real: ASGIApp, path: str, origin: str) -> None:
    reply = ask(real, "GET", path, [("host", HOST), ("origin", origin)])
    assert "access-control-allow-origin" not in reply.headers


def test_a_link_from_elsewhere_opens_the_page(real: ASGIApp) -> None:
    link = [("host", HOST), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]
    reply = ask(real, "GET", "/", link)
    assert reply.status == 200
    assert b"window.gradio_config" in reply.body


@pytest.mark.parametrize(
    ("path", "mode"), [("/", "no-cors"), ("/", ""), ("/config", "navigate"), ("/theme.css", "cors")]
)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_foreign_page_asks_for_anything_else(
    real: ASGIApp, path: str, mode: str, site: str
) -> None:
    foreign = [("host", HOST), ("sec-fetch-site", site), ("sec-fetch-mode", mode)]
    assert ask(real, "GET", path, foreign).status == 403


@pytest.mark.parametrize(
    "headers", [without("origin", "sec-fetch-site"), own(("sec-fetch-site", "none"))]
)
def test_a_program_that_is_no_browser_is_let_in(
    behind: Behind, headers: tuple[Header, ...]
) -> None:
    for path in NEEDED_TO_CHANGE:
        assert ask(Guard(behind), "POST", path, headers).body == b"reached"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (without("content-length"), 411),
        (own(("content-length", "")), 411),
        (own(("content-length", "-1")), 411),
        (own(("content-length", "1e3")), 411),
        (own(("content-length", "0")), 200),
        (own(("content-length", "1048576")), 200),
        (own(("content-length", "1048577")), 413),
        (own(("content-length", "9" * 20)), 413),
    ],
)
def test_how_long_a_request_is_must_be_told_and_little(
    behind: Behind, headers: tuple[Header, ...], status: int
) -> None:
    assert ask(Guard(behind), "POST", "/gradio_api/queue/join", headers).status == status
    assert len(behind.reached) == (status == 200)


def test_a_length_that_does_not_hold_is_no_length(behind: Behind) -> None:
    """In chunks, a body may have any length whatever else is told (RFC 9112, section 6.3)."""
    chunked = own(("transfer-encoding", "chunked"))
    assert ask(Guard(behind), "POST", "/gradio_api/queue/join", chunked).status in (400, 411)
    assert behind.reached == []


@pytest.mark.parametrize("headers", [OWN, own(("host", "evil.example"))])
@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join"])
def test_a_web_socket_is_closed_before_it_opens(
    behind: Behind, path: str, headers: tuple[Header, ...]
) -> None:
    """A server that tells of no `websocket.http.response` knows no other answer.

    https://asgi.readthedocs.io/en/latest/specs/www.html#close-send-event
    """
    sent = sent_by(Guard(behind), scope_of("websocket", path, headers) | {"subprotocols": []})
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert behind.reached == []


def test_start_and_end_of_the_server_reach_the_application(behind: Behind) -> None:
    assert sent_by(Guard(behind), {"type": "lifespan"}) == []
    assert behind.reached == [("lifespan", "")]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", OWN, 200),
        ("HEAD", "/", OWN, 200),
        ("GET", "/config", OWN, 200),
        ("GET", "/gradio_api/info", OWN, 200),
        ("GET", "/parallax/page.css", OWN, 200),
        ("GET", "/parallax/fonts/inter.ttf", OWN, 200),
        ("GET", "/static/img/logo_nosize.svg", OWN, 200),
        ("GET", "/parallax/none", OWN, 404),
        ("GET", "/assets/none", OWN, 404),
        ("GET", "/gradio_api/queue/data", OWN, 422),
        ("GET", "/none", OWN, 404),
        ("POST", "/gradio_api/upload", OWN, 404),
        ("POST", "/gradio_api/queue/join", OWN, 422),
        ("POST", "/gradio_api/queue/join", own(("origin", "null")), 403),
        ("POST", "/gradio_api/queue/join", without("content-length"), 411),
        ("POST", "/gradio_api/queue/join", own(("content-length", "1100000")), 413),
        ("GET", "/", own(("host", "evil.example")), 403),
    ],
)
def test_every_response_tells_browsers_what_the_page_may_not_do(
    real: ASGIApp, method: str, path: str, headers: tuple[Header, ...], status: int
) -> None:
    reply = ask(real, method, path, headers)
    assert reply.status == status
    assert_guarded(reply.headers)


def test_headers_of_the_application_are_no_laxer(behind: Behind) -> None:
    assert_guarded(ask(Guard(behind), "GET", "/").headers)
    assert behind.reached == [("GET", "/")]


def assert_guarded(headers: Headers) -> None:
    for name, value in HEADERS.items():
        assert headers.getlist(name) == [value]
    (policy,) = headers.getlist("content-security-policy")
    directives = [directive.split() for directive in policy.split(";")]
    assert {name: sources for name, *sources in directives} == POLICY
    assert len(directives) == len(POLICY)
