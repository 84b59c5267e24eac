"""What a reader does without a mouse: with Tab, Enter, Space, Escape and the arrows alone."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import answered, cards_of, marked, wait_for_sight
from tests.making import WHEN_CLOSED

NewPage = Callable[..., Page]

MOST_STEPS = 60
"""No element is more key presses away than this."""


def walk_to(element: Locator, key: str = "Tab") -> None:
    """Press a key until an element has the focus, as somebody does who watches where it is."""
    page = element.page
    for _ in range(MOST_STEPS):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {element}")


def type_question(page: Page, question: str) -> Locator:
    """Type a question where the focus is, in the box, and wait for what comes of it."""
    turns = page.locator(".turn")
    count = turns.count()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(count + 1)
    return answered(turns.nth(count))


def read_in_source(card: Locator) -> Locator:
    return card.get_by_role("button", name="Read in source")


def test_questions_are_asked_by_enter_and_by_space(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    box = page.get_by_label("Your question")
    expect(box).to_be_focused()
    walk_to(page.locator(".starter"), "Shift+Tab")
    page.keyboard.press("Enter")
    turns = page.locator(".turn")
    expect(answered(turns).locator(".card")).to_have_count(2)
    walk_to(box)
    type_question(page, WHEN_CLOSED)
    expect(box).to_be_focused()
    page.keyboard.type("Who sold forty boats?")
    walk_to(page.get_by_role("button", name="Ask", exact=True))
    page.keyboard.press("Space")
    expect(turns).to_have_count(3)
    answered(turns.last)


def test_from_a_citation_into_its_source_and_back(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    turn = type_question(page, WHEN_CLOSED)
    reader = page.locator("#reader")
    for number, (key, back) in enumerate([("Enter", "Escape"), ("Space", "Close")]):
        button = read_in_source(turn.locator(".card").nth(number))
        walk_to(button, "Shift+Tab" if number == 0 else "Tab")
        page.keyboard.press(key)
        expect(reader.locator(":focus")).to_have_count(1)
        assert marked(reader) == cards_of(turn)[number].exact
        wait_for_sight(reader.locator("mark"))
        if back == "Close":
            walk_to(reader.get_by_role("button", name="Close"), "Shift+Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Escape")
        expect(reader.get_by_role("heading")).to_have_count(0)
        expect(button).to_be_focused()


def test_the_way_back_is_there_after_another_question(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    turn = type_question(page, WHEN_CLOSED)
    button = read_in_source(turn.locator(".card").first)
    walk_to(button, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reader :focus")).to_have_count(1)
    walk_to(page.get_by_label("Your question"), "Shift+Tab")
    type_question(page, "Who sold forty boats?")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_is_nearest_unfolds_and_leads_into_its_source(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = type_question(page, "Who won the chess olympiad in Buenos Aires?")
    walk_to(turn.locator("summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    button = read_in_source(turn.locator(".card").first)
    expect(button).to_be_visible()
    walk_to(button)
    page.keyboard.press("Enter")
    expect(page.locator("#reader :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_was_unfolded_stays_so_after_another_question(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = type_question(page, "Who won the chess olympiad in Buenos Aires?")
    walk_to(turn.locator("summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(turn.locator(".card").first).to_be_visible()
    walk_to(page.get_by_label("Your question"))
    type_question(page, WHEN_CLOSED)
    expect(turn.locator(".card").first).to_be_visible()


def test_a_filter_is_chosen_by_space(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    box = page.get_by_role("checkbox", name="For closing")
    walk_to(box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    walk_to(page.get_by_label("Your question"), "Shift+Tab")
    turn = type_question(page, WHEN_CLOSED)
    expect(turn.locator(".card .badge")).to_have_text(["source labelled For closing"])
    walk_to(box)
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()


def test_the_library_is_read_and_built_again(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    library = page.get_by_role("tab", name="Library")
    walk_to(library, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(library).to_have_attribute("aria-selected", "true")
    button = page.get_by_role("button", name="Minutes of the council")
    walk_to(button)
    page.keyboard.press("Enter")
    heading = page.locator("#reader").get_by_role("heading")
    expect(heading).to_have_text("Minutes of the council")
    expect(page.locator("#reader :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    walk_to(page.get_by_role("button", name="Rebuild index"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#progress .report")).to_be_visible()
    labels = page.get_by_role("tab", name="How labels work")
    walk_to(labels, "Shift+Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="How labels work")).to_be_visible()


def test_a_long_source_scrolls_by_the_arrows(seeds_url: str, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    page.keyboard.type("Was there ethnic cleansing?")
    page.keyboard.press("Enter")
    turn = answered(page.locator(".turn"))
    walk_to(read_in_source(turn.locator(".card").first), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reader :focus")).to_have_count(1)
    text = page.locator("#reader .text")
    wait_for_sight(text.locator("mark").first)
    before = text.evaluate("text => text.scrollTop")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "([text, before]) => text.scrollTop > before", arg=[text.element_handle(), before]
    )


def test_every_stop_of_the_focus_is_visible(harbour_url: str, new_page: NewPage) -> None:
    """Wherever Tab leads, the element is on the screen and its focus shows."""
    page = new_page(harbour_url)
    type_question(page, WHEN_CLOSED)
    for _ in range(MOST_STEPS):
        page.keyboard.press("Shift+Tab")
        stop = page.evaluate(
            """() => {
              const element = document.activeElement;
              if (element === document.body) return "";
              const box = element.getBoundingClientRect();
              const style = getComputedStyle(element);
              const around = getComputedStyle(element.closest("#box") ?? element);
              const shows = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
              const inSight = box.width > 0 && box.top < innerHeight && box.bottom > 0;
              const bordered = around.borderStyle !== "none" && around !== style;
              return inSight && (shows || (element.closest("#box") && bordered))
                ? "" : element.outerHTML.slice(0, 200);
            }"""
        )
        assert stop == ""
