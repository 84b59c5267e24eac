"""A real page in a real browser."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import browsing
import pytest
import uvicorn
from browsing import CHROMIUM
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from rag.web.listening import listening
from rag.web.server import server
from rag.web.sharing import Sharing
from rag.web.shelf import Shelf
from tests.browser.hostile import FILES, Served
from tests.browser.watching import Watch
from tests.making import opened, settings_for

# Others may be using the machine: a wait that ends well is short anyway.
LONG = 90_000
expect.set_options(timeout=LONG)


# Of the package: Playwright keeps an event loop running, in which no other test could run its own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        reason = f"{CHROMIUM} is not there; on Debian: apt-get install chromium"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with browsing.chromium() as browser:
        yield browser


def fresh_context(chromium: Browser, **how: object) -> BrowserContext:
    """A browser that remembers nothing, and waits as long as a slow machine needs."""
    context = chromium.new_context(**how)  # type: ignore[arg-type]
    context.set_default_timeout(LONG)
    return context


@contextmanager
def served(library: Library, settings: Settings, sharing: Sharing | None = None) -> Iterator[str]:
    """The address of the page, while it is served in this process, shared with others or not."""
    with shelved(Shelf(settings, library), sharing) as url:
        yield url


@contextmanager
def shelved(shelf: Shelf, sharing: Sharing | None = None) -> Iterator[str]:
    """The same, of a shelf whose library may still be opened."""
    listener = listening(0)
    made: Future[uvicorn.Server] = Future()

    async def serve() -> None:
        # Where no event loop runs, Gradio opens one for each of its locks and closes none.
        made.set_result(server(shelf, sharing))
        await made.result().serve(sockets=[listener])

    with listener, ThreadPoolExecutor(1) as thread:
        serving = thread.submit(asyncio.run, serve())
        serving.add_done_callback(lambda _: made.cancel())
        page = made.result()
        try:
            while not page.started:
                assert not serving.done()
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            page.should_exit = True
            serving.result()


@pytest.fixture(scope="session")
def seeds_url(library: Library, seeds_settings: Settings) -> Iterator[str]:
    """The five seeds, served. Read-only: tests that write take `own_url`."""
    with served(library, seeds_settings) as url:
        yield url


@pytest.fixture(scope="session")
def harbour_url(harbour: Library, harbour_built: Settings) -> Iterator[str]:
    """The library on a harbour, served. Read-only."""
    with served(harbour, harbour_built) as url:
        yield url


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Iterator[Served]:
    """A library in which every text and everything that is known of it is hostile. Read-only."""
    settings = settings_for(tmp_path_factory.mktemp("hostile"), FILES)
    settings = settings.model_copy(update={"max_citations": 200})
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    with served(library, settings) as url:
        yield Served(url, library, settings.seeds)


@pytest.fixture
def own_url(own_harbour: Settings, quick_encoder: Encoder) -> Iterator[str]:
    """A copy of the library on a harbour, served, for a test that changes it."""
    with served(opened(own_harbour, quick_encoder), own_harbour) as url:
        yield url


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each with a session of its own; what no page may do fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        url: str,
        *,
        width: int = 1440,
        height: int = 960,
        dark: bool = False,
        search: str = "",
        windows: int = 1,
    ) -> Page:
        context = fresh_context(
            chromium,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        Watch(url, faults, windows).over(context)
        page = context.new_page()
        # Asked for only with the key that opens one, the catching of choosers may come too late.
        page.on("filechooser", lambda _: None)
        page.goto(url + search)
        page.locator(".welcome").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
