"""The pictures of README.md and docs/tour.md, made from the seeds by the real program.

python benchmarks/screenshots.py docs/images
"""

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from browsing import ask, chromium, opened, running
from playwright.sync_api import Page

SIZES = {"wide": (1440, 960), "tablet": (768, 1024), "phone": (390, 844)}

NOTE = """Minutes of a school board

The board met on 12 March 1931. It resolved that the ferry to the islands should sail twice a day.
Mr Lund held that one crossing was enough, and that the pupils could wait.
"""
"""A document of our own, to be added on the way."""


def main(folder: Path) -> None:
    """Write the pictures of each size in light and in dark, then those of the tour."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tour").mkdir(exist_ok=True)
    with Path("seeds/sources.toml").open("rb") as stream:
        questions = tomllib.load(stream)["questions"]["ask"]
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        shutil.copytree("seeds", Path(place) / "seeds")
        with running(folder=Path(place)) as url:
            for size, (width, height) in SIZES.items():
                for dark in (False, True):
                    page = opened(browser, url, width=width, height=height, dark=dark)
                    take(page, folder, f"{size}-{'dark' if dark else 'light'}", questions[0])
                    page.context.close()
            page = opened(browser, url, dark=False)
            tour(page, Camera(page, folder / "tour"), questions, Path(place))
            page.context.close()
            page = opened(browser, url, dark=False, locale="ru-RU")
            ask(page, questions[0])
            Camera(page, folder / "tour")("russian")


def take(page: Page, folder: Path, name: str, question: str) -> None:
    """The answer with the source beside it (below it on a small screen), then the library."""
    shoot = Camera(page, folder)
    ask(page, question)
    if not name.startswith("wide"):
        shoot(f"answer-{name}")
    page.get_by_role("button", name="Read in source").first.click()
    page.locator("#reader mark").first.wait_for()
    shoot(f"{'answer' if name.startswith('wide') else 'source'}-{name}")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("tab", name="Library").click()
    shoot(f"library-{name}")


class Camera:
    """Takes pictures of a page into a folder."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page, self._folder = page, folder

    def __call__(self, name: str) -> None:
        """Take one, once fonts are there and nothing scrolls any more."""
        self._page.evaluate("document.fonts.ready")
        self._page.mouse.move(0, 0)
        self._page.wait_for_timeout(900)
        self._page.screenshot(path=self._folder / f"{name}.png")


def tour(page: Page, shoot: Callable[[str], None], questions: list[str], place: Path) -> None:
    """The whole way of somebody new."""
    shoot("welcome")
    ask(page, questions[0])
    shoot("answer")
    page.get_by_role("button", name="Read in source").first.click()
    page.locator("#reader mark").first.wait_for()
    shoot("source")
    page.get_by_role("button", name="Copy link").first.click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Close").click()
    page.locator("details.filters summary").click()
    page.locator("#heard input").first.check()
    page.locator(".chip").first.wait_for()
    shoot("filters")
    ask(page, questions[1])
    page.get_by_role("button", name="Clear filters").click()
    page.locator("details.filters summary").click()
    page.locator("details.kept summary").click()
    shoot("conversations")
    page.locator("details.kept summary").click()
    keep(page, shoot, place)
    page.get_by_role("tab", name="Ask").click()
    ask(page, "How often should the ferry sail?")
    shoot("new-source")
    page.goto(link)
    page.locator("#reader mark").first.wait_for()
    shoot("link")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("tab", name="Map").click()
    page.locator("#map .main-svg").first.wait_for()
    shoot("map")


def keep(page: Page, shoot: Callable[[str], None], place: Path) -> None:
    """A document is added, labelled with its basis, and brought into the index."""
    page.get_by_role("tab", name="Library").click()
    shoot("library")
    (place / "minutes.txt").write_text(NOTE, "utf-8")
    page.locator("input[type=file]").set_input_files(place / "minutes.txt")
    page.locator("#changed").get_by_text("minutes.txt").wait_for()
    rebuild(page)
    page.locator(".entry", has_text="minutes.txt").get_by_role("button", name="Details").click()
    form = page.locator(".labelling")
    form.locator("[data-name=perspective]").select_option("+")
    form.locator("[data-name=label]").fill("For more crossings")
    form.locator("[data-name=basis]").fill("It resolves that the ferry should sail twice a day.")
    form.locator("[data-name=by]").fill("A reader")
    form.scroll_into_view_if_needed()
    shoot("label")
    form.get_by_role("button", name="Label it", exact=True).click()
    page.locator(".pending").wait_for()
    rebuild(page)
    shoot("rebuilt")


def rebuild(page: Page) -> None:
    """Rebuild the index, and wait for the report."""
    page.evaluate("scrollTo(0, 0)")
    page.locator("#progress").evaluate("each => each.querySelector('.report')?.remove()")
    page.get_by_role("button", name="Rebuild index").click()
    page.locator("#progress .report").wait_for()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
