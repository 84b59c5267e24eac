import asyncio
import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPMessage
from threading import Thread
from typing import Any, NamedTuple

import pytest
import uvicorn

from rag.answering import Library
from rag.settings import Settings
from rag.web.listening import listening
from rag.web.map import PLOTLY
from rag.web.server import server
from rag.web.shelf import Shelf
from rag.web.theme import FONTS
from rag.web.wiring import ASSETS
from tests.making import WHEN_CLOSED

ADDRESS_ELSEWHERE = re.compile(r"""(?:url\(\s*["']?|@import\s+["']?)(?:https?:)?//""")
NAMED = re.compile(r'<(?!meta\b|base\b)\w+[^>]*?\s(?:src|srcset|href|action|data)="([^"]*)"')


class Reply(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """The page, served on a socket; a request goes out as it is, with nothing made tidy."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"

    def __call__(self, method: str, path: str, body: str | None = None, **headers: str) -> Reply:
        connection = HTTPConnection(self.host, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        connection.close()
        return reply

    def get(self, path: str) -> Reply:
        return self("GET", path)

    def config(self) -> dict[str, Any]:
        config: dict[str, Any] = json.loads(self.get("/config").body)
        return config

    def run(
        self, act: str, data: list[Any], session: str, event: dict[str, Any] | None = None
    ) -> list[Any]:
        """What a function of the page gives, step by step, asked for as the page does.

        `event` is what the browser tells of it.
        """
        (number,) = {
            each["id"] for each in self.config()["dependencies"] if each["api_name"] == act
        }
        asked = {"fn_index": number, "data": data, "session_hash": session, "event_data": event}
        joined = self(
            "POST",
            "/gradio_api/queue/join",
            json.dumps(asked),
            Content_Type="application/json",
            Origin=f"http://{self.host}",
            Sec_Fetch_Site="same-origin",
        )
        assert joined.status == 200
        events = self.get(f"/gradio_api/queue/data?session_hash={session}").text
        told = [json.loads(line.removeprefix("data: ")) for line in events.splitlines() if line]
        (last,) = (each for each in told if each["msg"] == "process_completed")
        assert last["success"]
        return [each["output"]["data"] for each in told if "data" in each.get("output", {})]


@pytest.fixture(scope="module")
def site(harbour: Library, harbour_built: Settings) -> Iterator[Site]:
    made: list[uvicorn.Server] = []

    # Within a loop: Gradio makes some, and closes none, where no loop runs.
    async def serve() -> None:
        made.append(server(Shelf(harbour_built, harbour)))
        await made[0].serve(sockets=[listener])

    with listening(0) as listener:
        thread = Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        # It listens already: what is asked before it is ready waits.
        yield Site(listener.getsockname()[1])
        made[0].should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    return site.get("/").text


def test_the_page_loads_nothing_from_elsewhere(site: Site, page: str) -> None:
    named = NAMED.findall(page) + NAMED.findall(str(site.config()["head"]))
    assert any(each.endswith(".js") for each in named)
    assert any(each.startswith("parallax/page.css") for each in named)
    for each in named:
        assert re.match(r"(?:\./|/)?\w", each), each
        assert ":" not in each
        assert site.get("/" + each.removeprefix(".").removeprefix("/")).status == 200
    assert site.config()["stylesheets"] == []
    for text in (page, site.get("/theme.css").text, site.get("/parallax/page.css").text):
        assert "{" in text
        assert not ADDRESS_ELSEWHERE.search(text)


def test_the_page_tells_nobody_and_keeps_no_history(site: Site, page: str) -> None:
    inside = re.search(r"window\.gradio_config = (\{.*?\});</script>", page)
    assert inside
    for config in (site.config(), json.loads(inside[1])):
        assert config["analytics_enabled"] is False
        assert config["run_history"] is False
        assert config["show_error"] is False
        assert config["mcp_server"] is False
        assert config["footer_links"] == []
        assert config["space_id"] is None


def test_nothing_of_the_page_is_an_endpoint_for_others(site: Site) -> None:
    dependencies = site.config()["dependencies"]
    assert {"_begin", "_act", "_open", "_rebuild"} <= {each["api_name"] for each in dependencies}
    assert {each["api_visibility"] for each in dependencies} == {"private"}
    described = json.loads(site.get("/gradio_api/info").body)
    assert described == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_what_a_session_asks_shows_to_that_session_alone(
    site: Site, page: str, harbour: Library
) -> None:
    begun = json.dumps(site.run("_begin", [None, []], "first"), ensure_ascii=False)
    assert "When was the harbour closed?" in begun
    answer = json.dumps(
        site.run("_act", [None, None], "first", {"do": "ask", "question": WHEN_CLOSED})
    )
    assert "1974" in answer
    assert "1975" in answer
    for text in (page, site.get("/").text, site.get("/config").text):
        assert "gradio_api" in text
        for document in harbour.documents.values():
            assert document.id not in text
            assert document.display_title not in text
            assert all(each not in text for each in document.text.splitlines())
        assert WHEN_CLOSED not in text


def test_a_question_from_a_foreign_page_is_not_asked(site: Site) -> None:
    asked = '{"fn_index": 0, "data": [], "session_hash": "foreign"}'
    refused = site("POST", "/gradio_api/queue/join", asked, Origin="https://evil.example")
    assert refused.status == 403
    assert refused.headers["X-Frame-Options"] == "DENY"
    assert "foreign" not in refused.text


@pytest.mark.parametrize("name", FONTS)
def test_a_font_is_served_as_it_is_in_its_package(site: Site, name: str) -> None:
    reply = site.get(f"/parallax/fonts/{name}")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "font/ttf")
    assert reply.headers["Cache-Control"] == "max-age=86400"
    assert reply.body == FONTS[name].read_bytes()


def test_what_draws_the_map_is_served_from_its_package(site: Site) -> None:
    reply = site.get("/parallax/plotly.js")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert reply.headers["Cache-Control"] == "max-age=31536000, immutable"
    assert reply.body == PLOTLY.read_bytes()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("page.css", "text/css; charset=utf-8"), ("icon.svg", "image/svg+xml")],
)
def test_looks_and_icon_are_served(site: Site, name: str, kind: str) -> None:
    reply = site.get(f"/parallax/{name}")
    assert (reply.status, reply.headers["Content-Type"]) == (200, kind)
    assert reply.body == (ASSETS / name).read_bytes()
    # Encoded, it is the same path: what stands for dots below is read as dots.
    assert site.get(f"/parallax/%{ord(name[0]):x}{name[1:]}").body == reply.body


@pytest.mark.parametrize(
    "path",
    [
        "/parallax/fonts/none.ttf",
        "/parallax/fonts/../../server.py",
        "/parallax/fonts/..%2f..%2fserver.py",
        "/parallax/../server.py",
        "/parallax/%2e%2e/server.py",
        "/parallax/%2E%2E%2Fserver.py",
        "/parallax/..%2fserver.py",
        "/parallax/..%5cserver.py",
        "/parallax/%252e%252e/server.py",
        "/parallax/....//server.py",
        "/parallax//etc/passwd",
        "/parallax/%00",
        "/parallax/../config",
        "/parallax/",
        "/parallax/" + "a" * 5000,
        "/assets/../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2froutes.py",
        "/assets/../../../routes.py",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/assets/../gradio_api/file=/etc/passwd",
        "/assets/%00",
        "/static/../../../routes.py",
        "/static/%2e%2e/%2e%2e/%2e%2e/routes.py",
        "/static//etc/passwd",
        "/svelte/../../../routes.py",
        "/svelte/%2e%2e/%2e%2e/%2e%2e/routes.py",
        "/svelte//etc/passwd",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api%2ffile=/etc/passwd",
        "/gradio_api/heartbeat/../file=/etc/passwd",
        "/gradio_api/heartbeat/1/../../runs",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/runs",
        "/gradio_api/openapi.json",
        "/openapi.json",
        "/docs",
        "/monitoring",
    ],
)
def test_no_path_leads_to_another_file(site: Site, path: str) -> None:
    reply = site.get(path)
    assert reply.status in (403, 404)
    # Gradio says Forbidden, and Starlette Not Found, of a path that leads out of a folder.
    assert reply.body in (b'{"detail":"Forbidden"}', b'{"detail":"Not Found"}', b"Not Found")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_the_server_does_not_tell_what_it_is(site: Site) -> None:
    for path in ("/", "/none"):
        assert "Server" not in site.get(path).headers
