"""Many readers at once while the index is rebuilt: are all answers right, how long do they take?

python benchmarks/sessions.py [SESSIONS [QUESTIONS [REBUILDS]]]

Each reader has a browser context of its own and a conversation of its own. Meanwhile sources are
added and taken away, and the index is rebuilt from a page. An answer is right if its quotes are
just those that one generation gives to that question in that conversation, opened apart.
"""

import asyncio
import itertools
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from browsing import CHROMIUM, FLAGS, running
from playwright.async_api import Browser, Page, async_playwright

from rag import Library
from rag.encoder import Encoder
from rag.settings import Settings

DEFAULTS = (20, 25, 3)
"""Sessions, questions of each, rebuilds meanwhile."""

ASKED = Path(__file__).parent / "judgements" / "seeds_questions.txt"

READ = """turn => ({
  generation: turn.dataset.generation,
  cards: [...turn.querySelectorAll(".card")].map((card) => [
    card.querySelector(".quote").textContent, card.querySelector(".place").textContent]),
})"""


class Heard(NamedTuple):
    """An answer as a page shows it."""

    history: tuple[str, ...]
    question: str
    generation: str
    cards: list[list[str]]
    seconds: float


async def main(sessions: int, questions: int, rebuilds: int) -> None:
    """Ask, rebuild meanwhile, check every answer, and tell how long they took."""
    asked = ASKED.read_text("utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(seeds=Path(folder) / "seeds", index=Path(folder) / "index")
        shutil.copytree("seeds", settings.seeds)
        with running("--seeds", settings.seeds, "--index", settings.index) as url:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM, headless=True, args=FLAGS
                )
                keeper = await opened(browser, url)
                libraries = {(first := opened_apart(settings)).generation.id: first}
                readers = [
                    asyncio.create_task(
                        read(browser, url, list(itertools.islice(asked, n % 7, None, 2)), questions)
                    )
                    for n in range(sessions)
                ]
                for number in range(rebuilds):
                    await rebuild(keeper, settings, number)
                    newest = opened_apart(settings)
                    libraries[newest.generation.id] = newest
                heard = [each for reader in await asyncio.gather(*readers) for each in reader]
                await browser.close()
    tell(heard, libraries)


async def opened(browser: Browser, url: str) -> Page:
    """A page in a session of its own, ready to be asked."""
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(120_000)
    await page.goto(url)
    await page.locator(".starter").first.wait_for()
    return page


async def read(browser: Browser, url: str, asked: list[str], count: int) -> list[Heard]:
    """One reader: questions one after another, in one conversation."""
    page = await opened(browser, url)
    heard: list[Heard] = []
    for question in itertools.islice(itertools.cycle(asked), count):
        begun = time.perf_counter()
        await page.get_by_label("Your question").fill(question)
        await page.keyboard.press("Enter")
        turn = page.locator(".turn").nth(len(heard))
        await turn.locator(".card, .silence, .failure").first.wait_for(state="attached")
        seconds = time.perf_counter() - begun
        shown = await turn.evaluate(READ)
        history = tuple(each.question for each in heard)
        heard.append(Heard(history, question, shown["generation"], shown["cards"], seconds))
    await page.context.close()
    return heard


async def rebuild(keeper: Page, settings: Settings, number: int) -> None:
    """Change a source, and rebuild from the page."""
    added = settings.seeds / f"added-{number}.txt"
    added.write_text(f"A ferry sailed to the islands {number + 2} times a day in 1931.\n", "utf-8")
    if number:
        (settings.seeds / f"added-{number - 1}.txt").unlink()
    await keeper.get_by_role("tab", name="Library").click()
    await keeper.get_by_role("button", name="Rebuild index").click()
    await keeper.locator("#progress progress").first.wait_for(state="attached")
    await keeper.locator("#progress .report").wait_for()


ENCODER = Encoder.load(Settings().model)


def opened_apart(settings: Settings) -> Library:
    """The library of the generation that is current, apart from the one that serves the pages."""
    return Library.open(settings.index, settings, ENCODER)


def tell(heard: list[Heard], libraries: dict[str, Library]) -> None:
    """A table; the exit code is 1 if any answer is not right."""
    wrong = [each for each in heard if not is_right(each, libraries)]
    took = np.array([each.seconds for each in heard])
    print(f"{len(heard)} answers of {len(libraries)} generations: {len(wrong)} not right")
    print(
        "Enter to answer: "
        + ", ".join(f"p{q} {np.percentile(took, q):.2f} s" for q in (50, 95, 99))
        + f", most {took.max():.2f} s"
    )
    for each in wrong[:5]:
        print(json.dumps(each._asdict(), ensure_ascii=False))
    sys.exit(1 if wrong else 0)


def is_right(heard: Heard, libraries: dict[str, Library]) -> bool:
    """Whether one generation gives just these quotes."""
    if heard.generation not in libraries:
        return False
    answer = libraries[heard.generation].ask(heard.question, list(heard.history))
    said = answer.abstention.nearest if answer.abstention else answer.citations
    places = [f"{each.document} [{each.start}:{each.end}]" for each in said]
    return [[each.exact, place] for each, place in zip(said, places, strict=True)] == heard.cards


if __name__ == "__main__":
    sizes = [*map(int, sys.argv[1:4]), *DEFAULTS[len(sys.argv) - 1 :]]
    asyncio.run(main(*sizes))
