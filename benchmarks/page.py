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

RUNS = 3

WATCH = """() => {
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


def main() -> None:
    """Measure and print a table of medians."""
    with Path("seeds/sources.toml").open("rb") as stream:
        questions = tomllib.load(stream)["questions"]["ask"]
    starts, usable, parts = [], [], []
    with chromium() as browser:
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
    library = Library.open()
    library.ask(questions[0])
    answering = statistics.median([seconds(library, question) for question in questions * RUNS])
    tell("start of the program to its address", starts)
    tell("address to usable page", usable)
    tell("Enter to “Searching” shown", [part["searching"] for part in parts])
    tell("Enter to answer shown", whole := [part["painted"] for part in parts])
    painting = [part["painted"] - part["there"] for part in parts]
    rest = statistics.median(whole) - answering - statistics.median(painting)
    print(f"  of which answering (Library.ask by itself) {answering:.2f} s")
    tell("  of which rendering in the browser", painting)
    print(f"  the rest: queue, transport, HTML, state of the library {rest:.2f} s")


def shown(page: Page, question: str) -> dict[str, float]:
    """Seconds from Enter until each thing that the page then shows."""
    page.reload()
    page.locator(".starter").first.wait_for()
    page.evaluate(WATCH)
    ask(page, question)
    page.wait_for_function("window.seen.painted")
    seen: dict[str, float] = page.evaluate("window.seen")
    return {what: (at - seen["enter"]) / 1000 for what, at in seen.items()}


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
