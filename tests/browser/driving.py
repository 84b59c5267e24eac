"""What a reader does with the page, and what stands there then."""

import re
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect

QUOTE = "mark:not(.other)"
"""What is marked of the quote that is read, and not of others."""

PLACE = re.compile(r"(.+) \[(\d+):(\d+)\]", re.DOTALL)


class Card(NamedTuple):
    """A card: the words on it, and where it says that they stand."""

    exact: str
    document: str
    start: int
    end: int


def begin(page: Page, question: str) -> Locator:
    """Ask, and wait until the question stands there, but not for its answer."""
    turns = page.locator(".turn")
    count = turns.count()
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    expect(turns).to_have_count(count + 1)
    return turns.nth(count)


def answered(turn: Locator) -> Locator:
    """The turn, once its answer, its abstention or its error stands there."""
    expect(turn.locator(".card, .silence, .failure")).not_to_have_count(0)
    return turn


def ask(page: Page, question: str) -> Locator:
    """Ask, and wait for what comes of it."""
    return answered(begin(page, question))


def cards_of(turn: Locator) -> list[Card]:
    """The cards of a turn, read from the page."""
    read: list[tuple[str, str]] = turn.locator(".card").evaluate_all(
        "cards => cards.map(card => [card.querySelector('.quote').textContent,"
        " card.querySelector('.place').textContent])"
    )
    return [Card(exact, *_place(place)) for exact, place in read]


def _place(line: str) -> tuple[str, int, int]:
    found = PLACE.fullmatch(line)
    assert found, line
    return found[1], int(found[2]), int(found[3])


def open_source(card: Locator) -> Locator:
    """Read a card's quote in its source: the reader, once it shows that quote."""
    document, start, end = _place(text_content(card.locator(".place")))
    card.get_by_role("button", name="Read in source").click()
    reader = card.page.locator("#reader")
    place = f"{document} · characters {start} to {end}"
    expect(reader.locator(".place")).to_contain_text(place)
    return reader


def begin_anew(page: Page) -> None:
    """Leave the conversation for a new one."""
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_have_count(1)


def hear(page: Page, *perspectives: str) -> None:
    """Tick labels among the filters, and fold these away again."""
    summary = page.locator("#filters summary")
    summary.click()
    for each in perspectives:
        page.locator(f"#heard input[name='{each}']").check()
    summary.click()


def open_tab(page: Page, name: str) -> None:
    """Turn to a tab of the page."""
    tab = page.get_by_role("tab", name=name, exact=True)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def come_back(page: Page) -> None:
    """Come back to the page from another window."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def copied(page: Page) -> str:
    """What lies on the clipboard."""
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def text_of(reader: Locator) -> str:
    """The document's text, as the reader shows and folds it."""
    text: str = reader.evaluate(
        "reader => [...reader.querySelectorAll('.text > p, .text > h3, .text > .left-out > div')]"
        ".map(each => each.textContent).join('')"
    )
    return text


def text_content(locator: Locator) -> str:
    """The text of an element, character by character."""
    return locator.text_content() or ""


def marked(reader: Locator) -> str:
    """The words of the quote that is read, as they are marked in the reader."""
    return "".join(reader.locator(QUOTE).all_text_contents())


def wait_for_sight(element: Locator) -> None:
    """Wait until the first and the last line of an element are on the screen, covered by nothing.

    A page that scrolls smoothly takes its time, so this waits and does not just look.
    """
    element.page.wait_for_function(
        """element => {
          const lines = [...element.getClientRects()];
          return [lines[0], lines[lines.length - 1]].every((line) =>
            [line.left + 1, line.right - 1].every((x) =>
              element.parentElement.contains(
                document.elementFromPoint(x, line.top + line.height / 2))));
        }""",
        arg=element.element_handle(),
    )
