"""How long the page takes, in a real browser: from its start to usable, from Enter to the answer.

python benchmarks/page.py
"""

import statistics
import time
import tomllib
from pathlib import Path

from browsing import ask, chromium, opened, running
from playwright.sync_api import Page

from rag import Library

RUNS = 5

WATCH = """() => {
  window.seen = {};
  const note = (what) => (window.seen[what] ??= performance.now());
  addEventListener("keydown", (event) => event.key === "Enter" && note("enter"), true);
  new MutationObserver(() => {
    const turn = [...document.querySelectorAll(".turn")].pop();
    if (turn?.querySelector(".searching")) note("searching");
    else if (turn && window.seen.searching) requestAnimationFrame(() => note("shown"));
  }).observe(document.body, { subtree: true, childList: true });
}"""


def main() -> None:
    """Measure and print a table of medians."""
    with Path("seeds/sources.toml").open("rb") as stream:
        questions = tomllib.load(stream)["questions"]["ask"]
    with chromium() as browser:
        starts, usable, parts = [], [], []
        for _ in range(RUNS):
            begun = time.perf_counter()
            with running() as url:
                starts.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                page = opened(browser, url, dark=False)
                usable.append(time.perf_counter() - begun)
                ask(page, questions[0])  # the first answer warms the model
                parts += [shown(page, question) for question in questions]
                page.context.close()
    tell("start of the program to its address", starts)
    tell("address to usable page", usable)
    library = Library.open()
    answering = [seconds(library, question) for question in questions for _ in range(2)]
    tell("Enter to “Searching” shown (queue)", [first for first, _ in parts])
    tell("Enter to answer shown", [whole for _, whole in parts])
    tell("of which answering (Library.ask alone)", answering)


def shown(page: Page, question: str) -> tuple[float, float]:
    """Seconds from Enter until the page says that it searches, and until the answer stands."""
    page.reload()
    page.locator(".starter").first.wait_for()
    page.evaluate(WATCH)
    ask(page, question)
    page.wait_for_function("window.seen.shown")
    seen = page.evaluate("window.seen")
    return (
        (seen["searching"] - seen["enter"]) / 1000,
        (seen["shown"] - seen["enter"]) / 1000,
    )


def seconds(library: Library, question: str) -> float:
    """How long one answer takes without any page."""
    begun = time.perf_counter()
    library.ask(question)
    return time.perf_counter() - begun


def tell(what: str, measured: list[float]) -> None:
    """A line of the table."""
    low, high = min(measured), max(measured)
    print(f"{what:40} {statistics.median(measured):6.2f} s ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
