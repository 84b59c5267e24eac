"""The page as a person meets it: `app.py` in a process of its own, and a real Chromium."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


APP = Path(__file__).parent.parent / "app.py"


@contextmanager
def running(*arguments: str | Path, folder: Path | None = None) -> Iterator[str]:
    """The address of the page of `python app.py`, as soon as the program tells it.

    It runs in this folder, with its `seeds/` and `index/`; None for the current one.
    """
    command = [sys.executable, str(APP), "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    said = []
    for line in process.stderr or ():
        if found := re.search(r"http://[\d.]+:\d+", line):
            return found[0]
        said.append(line)
    raise SystemExit("app.py ended: " + "".join(said))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


def opened(
    browser: Browser,
    url: str,
    *,
    width: int = 1440,
    height: int = 960,
    dark: bool,
    locale: str = "en-GB",
) -> Page:
    """A page in a session of its own, ready to be asked."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=locale,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.goto(url)
    page.locator(".starter").first.wait_for(timeout=120_000)
    return page


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is shown."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn", has_text=question).last.locator(".card, .silence").first.wait_for()
