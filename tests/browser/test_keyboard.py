"""What a reader does without a mouse: with Tab, Enter, Space, Escape and the arrows alone."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from rag.settings import Settings
from tests.browser.driving import QUOTE, answered, cards_of, copied, marked, wait_for_sight
from tests.making import WHEN_CLOSED

NewPage = Callable[..., Page]

HERRING = "The herring of Lomvik was salted in barrels of spruce, a cooper remembered.\n"

MOST_STEPS = 80
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
        wait_for_sight(reader.locator(QUOTE))
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
    filters = page.locator("#filters summary")
    walk_to(filters)
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="For closing")
    walk_to(box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    walk_to(page.get_by_label("Your question"), "Shift+Tab")
    turn = type_question(page, WHEN_CLOSED)
    expect(turn.locator(".card .badge")).to_have_text(["source labelled For closing"])
    walk_to(page.locator("#acting .chip"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
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
    wait_for_sight(text.locator(QUOTE).first)
    before = text.evaluate("text => text.scrollTop")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "([text, before]) => text.scrollTop > before", arg=[text.element_handle(), before]
    )


FOCUS = """() => {
  const element = document.activeElement;
  if (element === document.body) return "the focus is lost";
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const around = element.closest("#box, .choose, mark, .done"); // these show it themselves
  const shows = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const inSight = element.checkVisibility() && box.bottom > 0 && box.top < innerHeight;
  return inSight && (shows || around) ? "" : element.outerHTML.slice(0, 200);
}"""
"""What is wrong with where the focus is: it is nowhere, out of sight, or does not show."""

SETTLED = 300
"""Milliseconds after which nothing takes the focus any more."""


def assert_focus_shows(page: Page) -> None:
    page.wait_for_timeout(SETTLED)
    assert page.evaluate(FOCUS) == ""


def press(goal: Locator, key: str = "Enter", way: str = "Tab") -> None:
    """Walk to something and press a key on it."""
    walk_to(goal, way)
    assert goal.page.evaluate(FOCUS) == ""
    goal.page.keyboard.press(key)


def test_every_stop_of_the_focus_is_visible(harbour_url: str, new_page: NewPage) -> None:
    """Wherever Tab leads, the element is on the screen and its focus shows."""
    page = new_page(harbour_url)
    type_question(page, WHEN_CLOSED)
    stops = 0
    for _ in range(MOST_STEPS):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(FOCUS) == ""
            stops += 1
    assert stops > MOST_STEPS / 2


def test_the_focus_stays_while_a_conversation_changes(harbour_url: str, new_page: NewPage) -> None:
    """Whatever is pressed, also what is gone once it was pressed."""
    page = new_page(harbour_url)
    bar, turns = page.locator("#conversations"), page.locator(".turn")
    type_question(page, WHEN_CLOSED)
    walk_to(page.get_by_label("Your question"))
    type_question(page, "And by whom?")
    press(turns.first.get_by_role("button", name="Ask again"), way="Shift+Tab")
    expect(page.locator(".searching")).to_have_count(0)
    assert_focus_shows(page)
    press(turns.last.get_by_role("button", name="Remove", exact=True))
    expect(turns).to_have_count(1)
    assert_focus_shows(page)
    press(bar.locator(".export summary"), way="Shift+Tab")
    with page.expect_download():
        press(bar.get_by_role("button", name="JSON"))
    assert_focus_shows(page)
    press(bar.locator(".kept > summary"))
    for back in ("Escape", "Enter"):
        press(bar.get_by_role("button", name="Rename"))
        page.keyboard.type("x")
        page.keyboard.press(back)
        assert_focus_shows(page)
    press(bar.get_by_role("button", name="Delete", exact=True))
    expect(bar.locator(".undo")).to_be_visible()
    assert_focus_shows(page)
    press(bar.locator("[data-do=undo]"))
    expect(bar.locator(".undo")).to_have_count(0)
    assert_focus_shows(page)
    if not bar.locator(".kept").evaluate("list => list.open"):
        press(bar.locator(".kept > summary"))
    press(bar.get_by_role("button", name="Delete all"))
    expect(bar.locator("li")).to_have_count(0)
    assert_focus_shows(page)


def test_the_focus_stays_while_a_library_changes(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    press(page.get_by_role("tab", name="Library"), way="Shift+Tab")
    expect(page.locator("#sources .entry")).to_have_count(3)
    (own_harbour.seeds / "gull.txt").write_text("A gull was seen.", "utf-8")
    press(page.get_by_role("button", name="Rebuild index"))
    expect(page.locator("#sources .entry")).to_have_count(4)
    assert_focus_shows(page)
    held: list[Route] = []
    page.route("**/parallax/seeds/tern.txt", lambda route: held.append(route))
    with page.expect_file_chooser() as chosen:
        press(page.locator("#adding input[type=file]"))
    tern: FilePayload = {"name": "tern.txt", "mimeType": "text/plain", "buffer": b"A tern."}
    chosen.value.set_files([tern])
    press(page.get_by_role("button", name="Cancel tern.txt"))
    expect(page.locator(".uploads .refused")).to_have_count(1)
    assert_focus_shows(page)
    for _ in range(2):
        press(page.locator("[data-open='gull.txt']"))
        assert_focus_shows(page)
    press(page.locator("[data-open='gull.txt']"), "Space")
    expect(page.locator("#sources .details")).to_be_visible()
    press(page.locator("[data-act=label]"))
    expect(page.locator("#sources [aria-invalid]")).not_to_have_count(0)
    assert_focus_shows(page)


def test_a_new_users_whole_way(own_url: str, own_harbour: Settings, new_page: NewPage) -> None:
    """Ask, read, filter, ask on, keep, add, label, rebuild, ask about it, and follow a link."""
    page = new_page(own_url)
    link = _ask_and_read(page)
    _filter_and_ask_on(page)
    _keep(page)
    _add_and_label(page)
    assert (own_harbour.seeds / "cooper.txt").read_text("utf-8") == HERRING
    _look_at_the_map(page)
    page.goto(link)
    reader = page.locator("#reader")
    expect(reader.locator(QUOTE)).to_be_focused()
    press(reader.get_by_role("button", name="Close"), way="Shift+Tab")
    expect(reader.get_by_role("heading")).to_have_count(0)
    assert_focus_shows(page)


def _ask_and_read(page: Page) -> str:
    press(page.locator(".starter"), way="Shift+Tab")
    card = answered(page.locator(".turn")).locator(".card").first
    expect(page.get_by_label("Your question")).to_be_focused()
    press(read_in_source(card), way="Shift+Tab")
    expect(page.locator("#reader :focus")).to_have_count(1)
    press(page.locator("#reader").get_by_role("searchbox"), "h", way="Shift+Tab")
    expect(page.locator("#reader .hits")).to_contain_text("1 of")
    page.keyboard.press("Enter")
    expect(page.locator("#reader .hits")).to_contain_text("2 of")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(read_in_source(card)).to_be_focused()
    press(card.get_by_role("button", name="Copy link"))
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    return copied(page)


def _filter_and_ask_on(page: Page) -> None:
    press(page.locator("#filters summary"))
    press(page.get_by_role("checkbox", name="For closing"), "Space")
    expect(page.locator("#acting .chip")).to_have_count(1)
    walk_to(page.get_by_label("Your question"), "Shift+Tab")
    turn = type_question(page, "And when?")
    expect(turn.locator(".card .badge")).to_have_text(["source labelled For closing"])
    press(page.locator("#acting .chip"), way="Shift+Tab")
    expect(page.locator("#acting .chip")).to_have_count(0)
    assert_focus_shows(page)
    press(turn.get_by_role("button", name="Edit"), way="Shift+Tab")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("Who sold forty boats?")
    page.keyboard.press("Enter")
    expect(turn.locator(".question")).to_have_text("Who sold forty boats?")
    answered(turn)
    assert_focus_shows(page)


def _keep(page: Page) -> None:
    bar = page.locator("#conversations")
    press(bar.get_by_role("button", name="New conversation"), way="Shift+Tab")
    expect(page.locator(".welcome")).to_have_count(1)
    type_question(page, WHEN_CLOSED)
    press(bar.locator(".kept > summary"), way="Shift+Tab")
    press(bar.get_by_role("button", name="Rename").first)
    page.keyboard.type("The closing")
    page.keyboard.press("Enter")
    expect(bar.get_by_role("heading")).to_have_text("The closing")
    assert_focus_shows(page)
    press(bar.locator(".export summary"), way="Shift+Tab")
    with page.expect_download() as download:
        press(bar.get_by_role("button", name="Markdown"))
    assert download.value.suggested_filename == "The-closing.md"
    assert_focus_shows(page)


def _add_and_label(page: Page) -> None:
    press(page.get_by_role("tab", name="Library"), way="Shift+Tab")
    with page.expect_file_chooser() as chosen:
        press(page.locator("#adding input[type=file]"))
    cooper: FilePayload = {
        "name": "cooper.txt",
        "mimeType": "text/plain",
        "buffer": HERRING.encode(),
    }
    chosen.value.set_files([cooper])
    expect(page.locator(".uploads .added")).to_have_count(1)
    assert_focus_shows(page)
    _rebuild(page)
    entries = page.locator("#sources .entry")
    expect(entries).to_have_count(4)
    walk_to(page.locator("#sources [data-name=find]"))
    page.keyboard.type("cooper")
    expect(entries).to_have_count(1)
    press(page.locator("#sources [data-sort=title]"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
    assert_focus_shows(page)
    press(page.locator("[data-open='cooper.txt']"))
    walk_to(page.locator("#sources [data-name=perspective]"))
    page.keyboard.type("For closing")
    for name, value in (("basis", "It says so."), ("by", "Ana")):
        walk_to(page.locator(f"#sources [data-name={name}]"))
        page.keyboard.type(value)
    press(page.locator("[data-act=label]"))
    expect(page.locator(".details .done")).to_contain_text("Labelled For closing.")
    assert_focus_shows(page)
    _rebuild(page)
    expect(entries.locator(".badge")).to_have_text("For closing")


def _rebuild(page: Page) -> None:
    before = page.locator("#status [data-generation]").get_attribute("data-generation") or ""
    press(page.get_by_role("button", name="Rebuild index"), way="Shift+Tab")
    expect(page.locator(f"#status [data-generation='{before}']")).to_have_count(0)
    expect(page.locator("#progress .report")).to_be_visible()
    assert_focus_shows(page)


def _look_at_the_map(page: Page) -> None:
    press(page.get_by_role("tab", name="Map"), way="Shift+Tab")
    button = page.locator("#near-1 [data-document]").first
    expect(button).to_be_visible()
    press(button)
    expect(page.locator("#reader :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
