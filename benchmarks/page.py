"""How long the page takes, in a real browser: from its start to usable, from Enter to the answer.

python benchmarks/page.py
"""

import statistics
import time
import tomllib
from pathlib import Path

from browsing import ask, chromium, opened, running
from playwright.sync_api import Browser, Page

from rag import Library
from rag.web.thread import Turn, thread_html

RUNS = 3

PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"

JOINED = """performance.getEntriesByType("resource")
  .filter((each) => each.name.includes("/queue/join") && each.startTime >= window.seen.enter)
  .map((each) => each.responseEnd)[0]"""

ROUND_TRIP = """async () => {
  const begun = performance.now();
  await (await fetch("parallax/icon.svg", { cache: "no-store" })).text();
  return performance.now() - begun;
}"""

WATCH = """() => {
  performance.setResourceTimingBufferSize(1000);
  const seen = (window.seen = {});
  const note = (what) => (seen[what] ??= performance.now());
  addEventListener("keydown", (event) => event.key === "Enter" && note("enter"), true);
  new MutationObserver(() => {
    const turn = [...document.querySelectorAll(".turn")].pop();
    if (turn?.querySelector(".searching")) note("searching");
    else if (seen.searching && !seen.there) {
      note("there");
      // The frame after the next one begins when this one has been painted.
      requestAnimationFrame(() => requestAnimationFrame(() => note("painted")));
    }
  }).observe(document.body, { subtree: true, childList: true });
}"""

Measured = dict[str, list[float]]


def main() -> None:
    """Measure and print a table of medians."""
    with Path("seeds/sources.toml").open("rb") as stream:
        questions = tomllib.load(stream)["questions"]["ask"]
    measured: Measured = {}
    with chromium() as browser:
        for _ in range(RUNS):
            begun = time.perf_counter()
            with running() as url:
                note(measured, "start of the program to its address", time.perf_counter() - begun)
                begin(browser, url, measured)
                answer(browser, url, questions, measured)
    alone(questions, measured)
    for what, seconds in measured.items():
        low, high = min(seconds), max(seconds)
        print(f"{what:52} {statistics.median(seconds):7.3f} s ({low:.3f} to {high:.3f})")


def note(measured: Measured, what: str, seconds: float) -> None:
    """Keep one measurement."""
    measured.setdefault(what, []).append(seconds)


def begin(browser: Browser, url: str, measured: Measured) -> None:
    """A page while the library is still opened, and one afterwards, each in an empty browser."""
    for when in ("new", "warm"):
        page = browser.new_context(viewport={"width": 1440, "height": 960}).new_page()
        begun = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.locator("#question textarea").wait_for()
        note(measured, f"address to a box to type in, {when} server", time.perf_counter() - begun)
        page.locator(".starter").first.wait_for(timeout=120_000)
        note(measured, f"address to an open library, {when} server", time.perf_counter() - begun)
        painted = page.evaluate(PAINTED) / 1000
        note(measured, f"address to the first paint, {when} server", painted)
        page.context.close()


def answer(browser: Browser, url: str, questions: list[str], measured: Measured) -> None:
    """From Enter to the answer, each question the first of a page."""
    page = opened(browser, url, dark=False)
    ask(page, questions[0])  # the first answer warms the model
    for question in questions:
        for what, seconds in shown(page, question).items():
            note(measured, what, seconds)
    page.context.close()


def shown(page: Page, question: str) -> dict[str, float]:
    """Seconds from Enter until each thing that the page then shows, and the parts of them."""
    page.reload()
    page.locator(".starter").first.wait_for()
    page.evaluate(WATCH)
    ask(page, question)
    page.wait_for_function("window.seen.painted")
    seen: dict[str, float] = page.evaluate("window.seen")
    parts = {
        "Enter to “Searching” shown": seen["searching"] - seen["enter"],
        "Enter to answer shown": seen["painted"] - seen["enter"],
        "  network: a request there and back": page.evaluate(ROUND_TRIP),
        "  queue: until Gradio has taken the question": page.evaluate(JOINED) - seen["enter"],
        "  rendering: from the answer's HTML to its picture": seen["painted"] - seen["there"],
    }
    return {what: milliseconds / 1000 for what, milliseconds in parts.items()}


def alone(questions: list[str], measured: Measured) -> None:
    """What of it is answering and making HTML, each by itself."""
    library = Library.open()
    library.ask(questions[0])
    for question in questions * RUNS:
        begun = time.perf_counter()
        given = library.ask(question)
        note(measured, "  answering: Library.ask by itself", time.perf_counter() - begun)
        turn = Turn(1, question).answered(given, library)
        begun = time.perf_counter()
        thread_html([turn])
        note(measured, "  HTML of the answer by itself", time.perf_counter() - begun)


if __name__ == "__main__":
    main()
