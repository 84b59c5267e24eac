"""Files that a browser puts into the seeds, over a real connection."""

import asyncio
import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
import uvicorn

from rag.adding import Draft
from rag.answering import Library
from rag.errors import NoRoom
from rag.settings import Settings
from rag.web import entrance
from rag.web.entrance import DOOR
from rag.web.listening import listening
from rag.web.server import server
from rag.web.sharing import Sharing
from rag.web.shelf import Shelf
from tests.test_adding import files_of
from tests.tricks import NAMES, PATHS

MOST = 1_000_000
"""One megabyte, the least that the settings allow."""

PASSWORD = "open sesame"  # noqa: S105
TOKEN = "the token of the owner"  # noqa: S105

NEW = b"The ferry to Lomvik sails at noon.\n"


class Reply(NamedTuple):
    status: int
    body: bytes

    @property
    def said(self) -> dict[str, str]:
        read: dict[str, str] = json.loads(self.body)
        return read


class Site:
    """A served page, and the folder around its library, where nothing else may appear."""

    def __init__(self, port: int, folder: Path) -> None:
        self.host = f"127.0.0.1:{port}"
        self.port = port
        self.folder = folder
        self.seeds = folder / "seeds"
        self.cookie = ""

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:  # noqa: ANN401
        connection = HTTPConnection(self.host, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            named["Cookie"] = self.cookie
        connection.request(method, path, body, named)
        response = connection.getresponse()
        reply = Reply(response.status, response.read())
        self.given = response.headers.get("set-cookie", "").partition(";")[0]
        connection.close()
        return reply

    def put(self, name: str, body: Any = NEW, **headers: str) -> Reply:  # noqa: ANN401
        return self("PUT", f"/parallax/seeds/{quote(name, safe='')}", body, **headers)

    def raw(self, head: str, *parts: bytes, hang_up: bool = False) -> bytes:
        """What comes back for bytes that no client would send, until the server hangs up."""
        lines = f"{head}\nHost: {self.host}\nConnection: close\n\n".replace("\n", "\r\n")
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            with suppress(ConnectionError):  # it may have heard enough
                connection.sendall(b"".join([lines.encode("latin-1"), *parts]))
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while b"text/event-stream" not in got and (more := connection.recv(65536)):
                    got += more
        return got

    def files(self) -> dict[str, bytes]:
        return files_of(self.folder)

    def sign_in(self, secret: str) -> None:
        assert self("POST", DOOR, urlencode({"secret": secret})).status == 303
        self.cookie = self.given


@contextmanager
def serving(settings: Settings, library: Library, sharing: Sharing | None = None) -> Iterator[Site]:
    made: list[uvicorn.Server] = []

    # Within a loop: Gradio makes some, and closes none, where no loop runs.
    async def serve() -> None:
        made.append(server(Shelf(settings, library), sharing))
        await made[0].serve(sockets=[listener])

    with listening(0) as listener:
        thread = Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        try:
            yield Site(listener.getsockname()[1], settings.seeds.parent)
        finally:
            made[0].should_exit = True
            thread.join()


@pytest.fixture
def settings(own_harbour: Settings) -> Settings:
    (own_harbour.seeds.parent / "outside.txt").write_bytes(b"what lies outside")
    (own_harbour.seeds / "away.txt").symlink_to("../outside.txt")
    return own_harbour.model_copy(update={"max_file_megabytes": 1})


@pytest.fixture
def site(settings: Settings, harbour: Library) -> Iterator[Site]:
    with serving(settings, harbour) as site:
        yield site


@pytest.fixture
def shared(settings: Settings, harbour: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(entrance, "DELAY", 0.0)
    with serving(settings, harbour, Sharing(token=TOKEN, password=PASSWORD)) as site:
        yield site


def test_a_file_is_added_once_and_never_over_another(site: Site) -> None:
    before = site.files()
    name = "Расписание 2024 (1).txt"
    added = site.put(name)
    assert (added.status, added.said) == (
        201,
        {
            "message": "added to the folder of seeds.",
            "remedy": "Rebuild the index to ask it.",
        },
    )
    assert site.files() == before | {f"seeds/{name}": NEW}
    again = site.put(name)
    assert again.status == 200
    assert again.said["message"] == "was there already, with the same bytes."
    for other in (b"", b"other", NEW + b"x"):
        refused = site.put(name, other)
        assert refused.status == 409
        assert "another file of this name" in refused.said["message"]
    assert site.put("council.txt").status == 409
    assert site.put("away.txt", b"what lies outside").status == 409
    assert site.files() == before | {f"seeds/{name}": NEW}


def test_a_file_of_the_limit_is_added_and_one_byte_more_is_not(site: Site) -> None:
    before = site.files()
    whole = os.urandom(MOST)
    assert site.put("whole.txt", whole).status == 201
    assert site.files() == before | {"seeds/whole.txt": whole}
    # Of a known length; a server that has heard enough may hang up before all of it is sent.
    head = f"PUT /parallax/seeds/more.txt HTTP/1.1\nContent-Length: {MOST + 1}"
    told = site.raw(head, b"x")
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"larger than 1 MB" in told
    assert site.files() == before | {"seeds/whole.txt": whole}


def in_chunks(*parts: bytes) -> list[bytes]:
    return [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]


def test_a_length_that_is_not_told_is_measured(site: Site) -> None:
    before = site.files()
    head = "PUT /parallax/seeds/NAME HTTP/1.1\nTransfer-Encoding: chunked"
    part = b"x" * 50_000
    whole = in_chunks(*[part] * 20, b"")
    assert site.raw(head.replace("NAME", "whole.txt"), *whole).startswith(b"HTTP/1.1 201 ")
    more = in_chunks(*[part] * 20, b"y", b"")
    assert site.raw(head.replace("NAME", "more.txt"), *more).startswith(b"HTTP/1.1 413 ")
    assert site.files() == before | {"seeds/whole.txt": part * 20}


@pytest.mark.parametrize(
    "lie",
    [
        "Content-Length: 5\nTransfer-Encoding: chunked",
        "Content-Length: 5\nContent-Length: 6",
        "Content-Length: -1",
        "Content-Length: 1e3",
        "Content-Length: 99999999999999999999999999",
    ],
)
def test_a_length_that_is_a_lie_lets_in_nothing_too_large(site: Site, lie: str) -> None:
    before = site.files()
    head = f"PUT /parallax/seeds/a.txt HTTP/1.1\n{lie}"
    told = site.raw(head, *in_chunks(*[b"x" * 100_000] * 11, b""))
    assert told.split(b" ")[1] in (b"400", b"413")
    assert site.files() == before


@pytest.mark.parametrize(
    ("told_of", "parts"),
    [
        ("Content-Length: 100000", [b"half"]),
        ("Transfer-Encoding: chunked", [b"4\r\nhalf\r\n"]),
        ("Transfer-Encoding: chunked", [b"4\r\nhalf\r\n", b"zz\r\n"]),
    ],
)
def test_of_a_file_that_breaks_off_nothing_stays(
    site: Site, told_of: str, parts: list[bytes]
) -> None:
    before = site.files()
    site.raw(f"PUT /parallax/seeds/a.txt HTTP/1.1\n{told_of}", *parts, hang_up=True)
    assert site.put("b.txt").status == 201  # by now the other one is done with
    assert site.files() == before | {"seeds/b.txt": NEW}


def test_a_full_disk_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_draft: Draft, _data: bytes) -> None:
        raise NoRoom("not added: No space left on device", "Make room.")

    monkeypatch.setattr(Draft, "write", full)
    before = site.files()
    reply = site.put("a.txt")
    assert (reply.status, reply.said["remedy"]) == (507, "Make room.")
    assert site.files() == before


def test_what_nobody_foresaw_is_told_without_its_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_draft: Draft, _data: bytes) -> None:
        raise RuntimeError("of the inside")

    monkeypatch.setattr(Draft, "write", broken)
    assert site("GET", "/config").status == 200  # by now it has set up its log
    logging.getLogger("uvicorn.error").addHandler(caplog.handler)
    reply = site.put("a.txt")
    logging.getLogger("uvicorn.error").removeHandler(caplog.handler)
    assert reply.status == 500
    assert b"of the inside" not in reply.body
    assert "of the inside" in caplog.text
    assert not list(site.seeds.glob(".adding-*"))


def test_no_name_of_a_file_leads_elsewhere(site: Site) -> None:
    before = site.files()
    names = [name for name in NAMES if name.isprintable() or name < "\ud800"]
    for name in names:
        encoded = quote(name, safe="", errors="surrogateescape" if "\udc80" in name else "replace")
        reply = site("PUT", f"/parallax/seeds/{encoded}", NEW)
        assert reply.status in (400, 404, 405), (name, reply)
    assert site.files() == before
    assert len(names) > 150


ROUTES = (
    *("/", "/parallax/", "/parallax/fonts/", "/parallax/seeds/", "/parallax/door/", "/assets/"),
    *("/static/", "/svelte/", "/gradio_api/", "/gradio_api/file=", "/gradio_api/heartbeat/"),
    *("/gradio_api/upload/", "/gradio_api/proxy=", "/file=", "/config/", "/theme.css/"),
)


def inside(files: dict[str, bytes]) -> list[bytes]:
    """What must not be read: every file of the library, and what lies beside it."""
    return [each[:24] for name, each in files.items() if len(each) > 8 and "index/" not in name]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("route", ROUTES)
def test_no_path_reads_or_writes_anything(site: Site, method: str, route: str) -> None:
    before = site.files()
    secrets = [*inside(before), b"root:x:0", b"[perspectives", b"def application"]
    added = set()
    for trick in PATHS:
        path = route + "".join(
            each if "!" <= each <= "~" else quote(each, safe="") for each in trick
        )
        answer = site.raw(f"{method} {path} HTTP/1.1\nContent-Length: {len(NEW)}", NEW)
        status = int(answer.split(b" ", 2)[1]) if answer else 0
        if status == 201:
            added.add(path)
            continue
        if status == 200:  # only of the heartbeat and of the page itself
            assert (route, method) in {("/", "GET"), ("/gradio_api/heartbeat/", "GET")}, path
        assert not any(secret in answer for secret in secrets), path
    after = site.files()
    new = {name: after[name] for name in after.keys() - before.keys()}
    assert {name: after[name] for name in before} == before
    # A name may hold what only looks like a separator or is a per cent sign: it is one plain file.
    assert all(Path(name).parent == Path("seeds") for name in new)
    assert set(new.values()) <= {NEW}
    assert len(new) == len(added)
    assert not added or (route, method) == ("/parallax/seeds/", "PUT")


def test_there_are_over_300_tricks() -> None:
    assert len(PATHS) + len(NAMES) > 300
    assert len(PATHS) * len(ROUTES) > 1000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": "SELF"}, 201),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 403),
    ],
)
def test_a_foreign_page_adds_nothing(site: Site, headers: dict[str, str], status: int) -> None:
    before = site.files()
    named = {key: value.replace("SELF", f"http://{site.host}") for key, value in headers.items()}
    assert site.put("a.txt", **named).status == status
    assert site.files() == before | ({"seeds/a.txt": NEW} if status == 201 else {})


def test_only_the_owner_adds_where_others_can_reach_the_page(shared: Site) -> None:
    before = shared.files()
    assert shared.put("a.txt") == (401, b"")
    assert shared.put("a.txt", X_Forwarded_User="ada", X_Forwarded_For="127.0.0.1").status == 401
    shared.sign_in(PASSWORD)
    reply = shared.put("a.txt")
    assert (reply.status, reply.said["message"]) == (
        403, "Only the owner of this library may do that.",
    )  # fmt: skip
    assert shared.files() == before
    shared.sign_in(TOKEN)
    assert shared.put("a.txt").status == 201
    assert shared.files() == before | {"seeds/a.txt": NEW}
