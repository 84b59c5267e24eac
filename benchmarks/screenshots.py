"""The pictures of the README, made from the seeds by the real program in a real browser.

python benchmarks/screenshots.py docs/images
"""

import sys
import tomllib
from pathlib import Path

from browsing import ask, chromium, opened, running
from playwright.sync_api import Page

SIZES = {"wide": (1440, 960), "phone": (390, 844)}


def main(folder: Path) -> None:
    """Write `<what>-<size>-<scheme>.png` for each size in light and in dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with Path("seeds/sources.toml").open("rb") as stream:
        question = tomllib.load(stream)["questions"]["ask"][0]
    with running() as url, chromium() as browser:
        for size, (width, height) in SIZES.items():
            for dark in (False, True):
                page = opened(browser, url, width=width, height=height, dark=dark)
                take(page, folder, f"{size}-{'dark' if dark else 'light'}", question)
                page.context.close()


def take(page: Page, folder: Path, name: str, question: str) -> None:
    """The answer with the source beside it (below it on a phone), then the library."""
    ask(page, question)
    settle(page)
    if name.startswith("phone"):
        page.screenshot(path=folder / f"answer-{name}.png")
    page.get_by_role("button", name="Read in source").first.click()
    page.locator("#reader mark").first.wait_for()
    settle(page)
    what = "source" if name.startswith("phone") else "answer"
    page.screenshot(path=folder / f"{what}-{name}.png")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("tab", name="Library").click()
    settle(page)
    page.screenshot(path=folder / f"library-{name}.png")


def settle(page: Page) -> None:
    """Wait until fonts are there and nothing scrolls any more."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)
    page.mouse.move(0, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
