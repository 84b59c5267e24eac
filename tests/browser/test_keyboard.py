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
        page.keyboard.press(key)
        if element.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{key} does not lead to {element}")


def type_question(page: Page, question: str) -> Locator:
    """Type a question where the focus is, in the box, and wait for its answer."""
    turns = page.locator(".turn")
    count = turns.count()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(count + 1)
    return answered(turns.nth(count))


def begin(page: Page) -> Locator:
    """A first answer."""
    walk_to(page.get_by_label("Your question"))
    return type_question(page, WHEN_CLOSED)


def read_in_source(card: Locator) -> Locator:
    return card.get_by_role("button", name="Read in source")


def test_a_question_can_be_typed_at_once(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    type_question(page, WHEN_CLOSED)
    expect(page.locator(".card")).to_have_count(2)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_starter_question_is_asked_by_enter(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    walk_to(page.locator(".starter"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(answered(page.locator(".turn")).locator(".card")).to_have_count(2)


def test_the_ask_button_takes_space(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    page.keyboard.type(WHEN_CLOSED)
    walk_to(page.get_by_role("button", name="Ask", exact=True))
    page.keyboard.press("Space")
    expect(answered(page.locator(".turn")).locator(".card")).to_have_count(2)


def test_from_a_citation_into_its_source_and_back(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    turn = begin(page)
    reader = page.locator("#reader")
    for number, (key, back) in enumerate([("Enter", "Escape"), ("Space", "Close")]):
        button = read_in_source(turn.locator(".card").nth(number))
        walk_to(button, "Shift+Tab" if number == 0 else "Tab")
        page.keyboard.press(key)
        expect(reader.get_by_role("heading")).to_be_focused()
        assert marked(reader) == cards_of(turn)[number].exact
        wait_for_sight(reader.locator("mark"))
        if back == "Close":
            walk_to(reader.get_by_role("button", name="Close"), "Shift+Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Escape")
        expect(reader.get_by_role("heading")).to_have_count(0)
        expect(button).to_be_focused()


def test_the_way_back_is_there_after_another_question(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    turn = begin(page)
    button = read_in_source(turn.locator(".card").first)
    walk_to(button, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reader").get_by_role("heading")).to_be_focused()
    walk_to(page.get_by_label("Your question"), "Shift+Tab")
    type_question(page, "Who sold forty boats?")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_is_nearest_unfolds_and_leads_into_its_source(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    turn = type_question(page, "Who won the chess olympiad in Buenos Aires?")
    walk_to(turn.locator("summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    button = read_in_source(turn.locator(".card").first)
    expect(button).to_be_visible()
    walk_to(button)
    page.keyboard.press("Enter")
    expect(page.locator("#reader").get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_was_unfolded_stays_so_after_another_question(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    turn = type_question(page, "Who won the chess olympiad in Buenos Aires?")
    walk_to(turn.locator("summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(turn.locator(".card").first).to_be_visible()
    walk_to(page.get_by_label("Your question"))
    type_question(page, WHEN_CLOSED)
    expect(turn.locator(".card").first).to_be_visible()


def test_a_filter_is_chosen_by_space(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    box = page.get_by_role("checkbox", name="For closing")
    walk_to(box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    walk_to(page.get_by_label("Your question"), "Shift+Tab")
    turn = type_question(page, WHEN_CLOSED)
    expect(turn.locator(".badge")).to_have_text(["source labelled For closing"])
    walk_to(box)
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()


def test_the_other_tabs_open_by_enter(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    for name, shows in (("Library", "#sources .entry"), ("How labels work", "#labels h1")):
        tab = page.get_by_role("tab", name=name)
        walk_to(tab, "Shift+Tab" if name == "Library" else "Tab")
        page.keyboard.press("Enter")
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.locator(shows).first).to_be_visible()


def test_a_source_opens_from_the_library_and_leads_back(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    walk_to(page.get_by_role("tab", name="Library"), "Shift+Tab")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Minutes of the council")
    walk_to(button)
    page.keyboard.press("Enter")
    heading = page.locator("#reader").get_by_role("heading")
    expect(heading).to_be_focused()
    expect(heading).to_have_text("Minutes of the council")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_index_is_rebuilt_by_enter(own_url: str, new_page: NewPage) -> None:
    page = new_page(own_url)
    walk_to(page.get_by_role("tab", name="Library"), "Shift+Tab")
    page.keyboard.press("Enter")
    walk_to(page.get_by_role("button", name="Rebuild index"))
    page.keyboard.press("Enter")
    expect(page.locator("#progress .report")).to_be_visible()


def test_a_long_source_scrolls_by_the_arrows(seeds_url: str, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    page.keyboard.type("Was there ethnic cleansing?")
    page.keyboard.press("Enter")
    turn = answered(page.locator(".turn"))
    walk_to(read_in_source(turn.locator(".card").first), "Shift+Tab")
    page.keyboard.press("Enter")
    reader = page.locator("#reader")
    expect(reader.get_by_role("heading")).to_be_focused()
    wait_for_sight(reader.locator("mark").first)
    before = reader.evaluate("reader => reader.scrollTop")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "([reader, before]) => reader.scrollTop > before", arg=[reader.element_handle(), before]
    )


def test_every_stop_of_the_focus_is_visible(own_url: str, new_page: NewPage) -> None:
    """Wherever Tab leads, the element is on the screen and its focus shows."""
    page = new_page(own_url)
    begin(page)
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
