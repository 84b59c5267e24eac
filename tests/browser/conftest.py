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
from rag.settings import Settings
from rag.web.listening import listening
from rag.web.server import server
from tests.browser.watching import Watch
from tests.making import opened

# Others may be using the machine: a wait that ends well is short anyway.
expect.set_options(timeout=20_000)


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


@contextmanager
def served(library: Library, settings: Settings) -> Iterator[str]:
    """The address of the page, while it is served in this process."""
    listener = listening(0)
    made: Future[uvicorn.Server] = Future()

    async def serve() -> None:
        # Where no event loop runs, Gradio opens one for each of its locks and closes none.
        made.set_result(server(library, settings))
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

    def open_page(url: str, *, width: int = 1440, height: int = 960, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        Watch(url, faults).over(context)
        page = context.new_page()
        page.goto(url)
        page.locator(".welcome").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
