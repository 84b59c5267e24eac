"""Every act of the page that is not plainly reading refuses whoever is not the owner."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from rag.answering import Library
from rag.settings import Settings
from rag.web import entrance
from rag.web.page import Page
from rag.web.sharing import Sharing
from rag.web.shelf import Shelf
from tests.test_web_uploads import PASSWORD, TOKEN, Site, serving

READING = {
    *("Page._about", "Page._begin", "Page._open", "_speaking.<locals>.speaking"),
    *("AskTab._act", "AskTab._begin", "AskTab._choose", "AskTab._stop"),
    *("LibraryTab._look", "LibraryTab._renew"),
    *("MapTab._look", "MapTab._renew", "MapTab._show"),
}
"""Acts that change nothing of the library. One that is not named here must ask for the owner."""

REFUSED = "Only the owner of this library may do that."


@pytest.fixture(scope="module")
def names(harbour: Library, harbour_built: Settings) -> dict[int, str]:
    """The number of an act -> the function that carries it out."""

    # Within a loop: Gradio makes some, and closes none, where no loop runs.
    async def made() -> dict[int, str]:
        functions = Page(Shelf(harbour_built, harbour)).blocks.fns
        return {number: getattr(each.fn, "__qualname__", "") for number, each in functions.items()}

    return asyncio.run(made())


@pytest.fixture
def shared(
    own_harbour: Settings, harbour: Library, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    monkeypatch.setattr(entrance, "DELAY", 0.0)
    with serving(own_harbour, harbour, Sharing(token=TOKEN, password=PASSWORD)) as site:
        yield site


def acts(site: Site) -> list[dict[str, Any]]:
    """What the page can ask the server to do."""
    config = json.loads(site("GET", "/config").body)
    return [each for each in config["dependencies"] if each["backend_fn"]]


def done(site: Site, act: dict[str, Any], event: object = None, session: str = "") -> str:
    """All that an act tells, asked for as the page does, with nothing filled in."""
    session = session or f"s{act['id']}"
    asked = {
        "fn_index": act["id"],
        "data": [None] * len(act["inputs"]),
        "session_hash": session,
        "event_data": event,
    }
    path = "queue/join" if act["queue"] is not False else "run/predict"
    headers = {"Content_Type": "application/json", "Origin": f"http://{site.host}"}
    reply = site("POST", f"/gradio_api/{path}", json.dumps(asked), **headers)
    if path == "run/predict" or reply.status != 200:
        return f"{reply.status} {reply.body.decode()}"
    stream = site("GET", f"/gradio_api/queue/data?session_hash={session}")
    return f"{reply.status} {stream.body.decode()}"


def test_what_is_not_named_as_reading_is_refused_to_readers(
    shared: Site, names: dict[int, str]
) -> None:
    shared.sign_in(PASSWORD)
    before = shared.files()
    changing = [act for act in acts(shared) if names[act["id"]] not in READING]
    assert {"LibraryTab._act", "LibraryTab._rebuild"} <= {names[act["id"]] for act in changing}
    for act in changing:
        told = done(shared, act)
        assert told.startswith("200 "), (names[act["id"]], told)
        assert REFUSED in told, (names[act["id"]], told)
    assert shared.files() == before


def test_what_is_named_as_reading_changes_nothing(shared: Site, names: dict[int, str]) -> None:
    shared.sign_in(TOKEN)
    before = shared.files()
    reading = [act for act in acts(shared) if names[act["id"]] in READING]
    assert {names[act["id"]] for act in reading} == READING
    for act in reading:
        assert REFUSED not in done(shared, act)
    assert shared.files() == before


def test_the_owner_is_not_refused(shared: Site) -> None:
    (shared.seeds / "new.txt").write_text("The ferry to Lomvik sails at noon.\n", encoding="utf-8")
    before = shared.files()
    shared.sign_in(TOKEN)
    (rebuild,) = (act for act in acts(shared) if act["api_name"] == "_rebuild")
    assert REFUSED not in done(shared, rebuild)
    assert shared.files()["index/current"] != before["index/current"]


def test_nobody_without_a_pass_reaches_any_act(shared: Site) -> None:
    shared.sign_in(PASSWORD)
    all_of_them = acts(shared)
    shared.cookie = ""
    before = shared.files()
    forged = f"parallax-{shared.port}=owner.{int(time.time())}.{'0' * 64}"
    for cookie in ("", "parallax-1=owner.1.0", forged):
        shared.cookie = cookie
        for act in all_of_them:
            assert done(shared, act).startswith("401 {")
    assert shared.files() == before
