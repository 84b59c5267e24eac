"""The browser's history: each tab and an open source is a place of it; what outlives a reload."""

import re
from collections.abc import Callable
from threading import Event

import pytest
from playwright.sync_api import Locator, Page, expect

from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from rag.web import handlers
from rag.web.handlers import Opening, Turns
from rag.web.shelf import Shelf
from rag.wording.language import say
from tests.browser.conftest import served, shelved
from tests.browser.driving import (
    QUOTE,
    answered,
    ask,
    begin,
    cards_of,
    come_back,
    copied,
    hear,
    marked,
    open_source,
    open_tab,
)
from tests.browser.hostile import assert_inert
from tests.browser.payloads import PAYLOADS
from tests.browser.test_filters import chips, form
from tests.browser.test_sessions import GatedEncoder
from tests.making import WHEN_CLOSED, opened, write_files
from tests.test_web_shelf import Gate, gate

__all__ = ["gate"]

NewPage = Callable[..., Page]

NAMES = {"": "Ask", "#library": "Library", "#map": "Map", "#labels": "How labels work"}


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def expect_place(page: Page, url: str, fragment: str = "") -> None:
    """The tab that an address names is shown, and the address is that."""
    for each, name in NAMES.items():
        expect(tab(page, name)).to_have_attribute("aria-selected", str(each == fragment).lower())
    expect(page).to_have_url(url + fragment)


def settled(page: Page) -> Page:
    """The page, once it has begun and nothing is under way."""
    page.wait_for_function("globalThis.parallax?.isBusy?.() === false")
    page.wait_for_timeout(300)  # what the list and the map are told meanwhile
    return page


def expect_closed(page: Page) -> None:
    expect(page.locator("#reader [data-close]")).to_have_count(0)
    expect(page.locator(".card.open, .entry.open")).to_have_count(0)


# Tabs


def test_each_tab_has_an_address_and_back_leads_to_the_one_before(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    way = ["", "#library", "#map", "#labels", ""]
    expect_place(page, harbour_url)
    for fragment in way[1:]:
        open_tab(page, NAMES[fragment])
        expect_place(page, harbour_url, fragment)
    for fragment in reversed(way[:-1]):
        page.go_back()
        expect_place(page, harbour_url, fragment)
        expect(tab(page, NAMES[fragment])).to_be_focused()
    for fragment in way[1:]:
        page.go_forward()
        expect_place(page, harbour_url, fragment)
        expect(tab(page, NAMES[fragment])).to_be_focused()


@pytest.mark.parametrize(
    ("steps", "fragment"),
    [((-1, -1), "#library"), ((-1, -1, -1), ""), ((-1, 1), "#labels"), ((-1, -1, 1), "#map")],
)
def test_of_several_steps_at_once_the_last_is_where_one_is(
    harbour_url: str, new_page: NewPage, steps: tuple[int, ...], fragment: str
) -> None:
    page = new_page(harbour_url)
    way = ["", "#library", "#map", "#labels"]
    for each in way[1:]:
        open_tab(page, NAMES[each])
        expect_place(page, harbour_url, each)
    length = page.evaluate("history.length")
    page.evaluate(
        """async (steps) => {
          for (const step of steps) {
            const there = new Promise((done) => addEventListener("popstate", done, { once: true }));
            history.go(step);
            await there;
          }
        }""",
        list(steps),
    )
    expect_place(page, harbour_url, fragment)
    page.wait_for_timeout(500)  # nothing that comes late leads elsewhere
    expect_place(page, harbour_url, fragment)
    assert page.evaluate("history.length") == length
    for each in way[way.index(fragment) + 1 :]:
        page.go_forward()
        expect_place(page, harbour_url, each)


def test_of_tabs_that_are_turned_to_at_once_the_last_is_where_one_is(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    for name in ("Library", "Ask", "Map", "Library"):
        tab(page, name).evaluate("button => setTimeout(() => button.click())")
    expect_place(page, harbour_url, "#library")
    page.wait_for_timeout(500)  # nothing that comes late leads elsewhere
    expect_place(page, harbour_url, "#library")
    assert page.evaluate("history.state.tab") == "library"
    open_tab(page, "Ask")
    expect_place(page, harbour_url)
    page.go_back()
    expect_place(page, harbour_url, "#library")


@pytest.mark.parametrize("fragment", list(NAMES))
def test_a_page_that_is_opened_at_an_address_shows_that_tab(
    harbour_url: str, new_page: NewPage, fragment: str
) -> None:
    page = settled(new_page(harbour_url))
    page.goto("about:blank")
    page.goto(harbour_url + fragment)
    expect_place(page, harbour_url, fragment)
    settled(page).reload()
    expect_place(page, harbour_url, fragment)
    settled(page).go_back()
    expect(page).to_have_url("about:blank")


def test_what_the_library_tab_is_opened_by_is_a_place_too(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    write_files(own_harbour.seeds, {"gull.txt": "A gull was seen."})
    page = new_page(own_url)
    page.locator("#status").get_by_role("button", name="rebuild").click()
    expect_place(page, own_url, "#library")
    page.go_back()
    expect_place(page, own_url)


@pytest.mark.parametrize("fragment", ["#<b>no</b>", "#tabs", "#library2", "#ask", "#%00"])
def test_what_else_stands_in_an_address_is_nothing_to_the_page(
    harbour_url: str, new_page: NewPage, fragment: str
) -> None:
    page = settled(new_page(harbour_url))
    open_tab(page, "Map")
    expect_place(page, harbour_url, "#map")
    page.evaluate("fragment => { location.hash = fragment; }", fragment)
    expect(tab(page, "Ask")).to_have_attribute("aria-selected", "true")
    assert "no</b>" not in page.inner_text("body")
    page.go_back()
    expect_place(page, harbour_url, "#map")


# A source


def test_back_closes_a_source_and_forward_opens_it_again(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    cards = cards_of(turn)
    button = turn.locator(".card").nth(1).get_by_role("button", name="Read in source")
    reader = open_source(turn.locator(".card").nth(1))
    expect_place(page, harbour_url)
    for _ in range(2):
        page.go_back()
        expect_closed(page)
        expect(button).to_be_focused()
        page.go_forward()
        expect(reader.locator(QUOTE)).to_be_focused()
        assert marked(reader) == cards[1].exact
        expect(turn.locator(".card").nth(1)).to_have_class(re.compile("open"))
    page.go_back()
    expect_closed(page)
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("way", ["Escape", "Close"])
def test_a_source_that_was_closed_is_not_what_back_leads_to(
    harbour_url: str, new_page: NewPage, way: str
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    for fragment in ("#library", ""):
        open_tab(page, NAMES[fragment])
        expect_place(page, harbour_url, fragment)
    for number in range(2):
        card = turn.locator(".card").nth(number)
        reader = open_source(card)
        if way == "Close":
            reader.get_by_role("button", name="Close").click()
        else:
            page.keyboard.press("Escape")
        expect_closed(page)
        expect(card.get_by_role("button", name="Read in source")).to_be_focused()
    page.wait_for_function("!history.state.source")
    page.go_back()
    expect_place(page, harbour_url, "#library")
    expect_closed(page)


def test_a_source_that_is_opened_as_soon_as_another_is_closed_stays(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    reader = open_source(turn.locator(".card").first)
    page.evaluate(
        """() => {
          document.querySelector("#reader [data-close]").click();
          document.querySelectorAll(".card [data-citation]")[1].click();
        }"""
    )
    second = cards_of(turn)[1]
    place = f"{second.document} · characters {second.start} to {second.end}"
    expect(reader.locator(".place")).to_contain_text(place)
    page.wait_for_function("history.state.source?.cite")
    expect(reader.locator(".place")).to_contain_text(place)
    page.go_back()
    expect_closed(page)


def test_of_one_source_after_another_back_closes_the_last(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    for fragment in ("#library", ""):
        open_tab(page, NAMES[fragment])
        expect_place(page, harbour_url, fragment)
    for card in turn.locator(".card").all():
        open_source(card)
    page.go_back()
    expect_closed(page)
    page.go_back()
    expect_place(page, harbour_url, "#library")


def test_a_source_that_is_opened_stays_open_on_another_tab(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    open_tab(page, "Library")
    page.get_by_role("button", name="Minutes of the council").click()
    heading = page.locator("#reader").get_by_role("heading", level=2)
    expect(heading).to_have_text("Minutes of the council")
    open_tab(page, "Map")
    expect_place(page, harbour_url, "#map")
    page.go_back()
    expect_place(page, harbour_url, "#library")
    expect(heading).to_have_text("Minutes of the council")
    page.go_back()
    expect_closed(page)
    expect(page.get_by_role("button", name="Minutes of the council")).to_be_focused()
    expect_place(page, harbour_url, "#library")


def test_back_before_a_source_is_there_leaves_it_closed(
    harbour_url: str, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    gone_back = Event()
    really = handlers.opened

    def slow(shelf: Shelf, opening: Opening, turns: Turns, *, owner: bool) -> str:
        assert gone_back.wait(30)
        return really(shelf, opening, turns, owner=owner)

    monkeypatch.setattr(handlers, "opened", slow)
    turn.locator(".card").first.get_by_role("button", name="Read in source").click()
    with page.expect_response(re.compile("run/predict")):
        page.go_back()
        gone_back.set()
    page.wait_for_timeout(500)  # nothing that comes late opens it
    expect_closed(page)


def test_a_permanent_link_is_a_place_and_leaves_the_address_once_closed(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    first, second = turn.locator(".card").nth(0), turn.locator(".card").nth(1)
    first.get_by_role("button", name="Copy link").click()
    expect(first.get_by_role("button", name="Copied")).to_be_visible()
    link = copied(page)
    exact = cards_of(turn)[0].exact
    settled(page).goto(link)
    reader = page.locator("#reader")
    expect(reader.locator(".note")).to_have_text(say("link-intact"))
    settled(page)
    open_tab(page, "Library")
    expect(page).to_have_url(f"{link}#library")
    settled(page).reload()
    expect(reader.locator(".note")).to_have_text(say("link-intact"))
    expect_place(page, link, "#library")
    assert marked(reader) == exact
    settled(page).go_back()
    expect_place(page, link)
    expect(reader.locator(QUOTE)).to_have_text(exact)
    open_source(second)
    expect(page).to_have_url(harbour_url)
    page.keyboard.press("Escape")
    expect_closed(page)
    expect(page).to_have_url(harbour_url)
    page.go_forward()
    expect_place(page, link, "#library")
    expect(reader.locator(QUOTE)).to_have_text(exact)


def test_a_source_is_open_still_when_the_page_is_loaded_again(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    exact = cards_of(turn)[1].exact
    reader = open_source(turn.locator(".card").nth(1))
    settled(page).reload()
    expect(reader.locator(QUOTE)).to_have_text(exact)
    expect(turn.locator(".card")).to_have_count(3)
    settled(page).go_back()
    expect_closed(page)
    expect(tab(page, "Ask")).to_be_focused()
    page.go_forward()
    expect(reader.locator(QUOTE)).to_have_text(exact)
    page.keyboard.press("Escape")
    expect(
        turn.locator(".card").nth(1).get_by_role("button", name="Read in source")
    ).to_be_focused()


# What outlives a reload


def test_what_is_typed_and_chosen_outlives_a_reload(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    box = page.get_by_label("Your question")
    hear(page, "for-closing")
    form(page).locator("[value='council.txt']").check()
    form(page).locator("[value='minutes']").check()
    page.get_by_label("from").fill("1970")
    page.get_by_label("until").fill("last year")
    acting = ["For closing", "Minutes of the council", "minutes", "1970"]
    expect(chips(page)).to_have_text(acting)
    box.fill("half a\nquest")
    for _ in range(2):
        settled(page).reload()
        expect(box).to_have_value("half a\nquest")
        expect(chips(page)).to_have_text(acting)
    expect(page.locator("#heard input[name='for-closing']")).to_be_checked()
    expect(page.locator("#filters input:checked")).to_have_count(3)
    expect(page.locator("#filters [data-of=until]")).to_have_value("last year")
    expect(page.locator("#acting .wrong")).to_contain_text("last year")
    box.fill("")
    page.get_by_role("button", name="Clear filters").click()
    expect(chips(page)).to_have_count(0)
    settled(page).reload()
    settled(page)
    expect(box).to_have_value("")
    expect(page.locator("#filters input:checked")).to_have_count(0)
    expect(chips(page)).to_have_count(0)


def test_a_question_is_asked_with_the_filters_that_outlived_a_reload(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    hear(page, "for-closing")
    expect(chips(page)).to_have_count(1)
    settled(page).reload()
    page.locator(".starter").first.click()
    turn = answered(page.locator(".turn"))
    expect(turn.locator(".notes")).to_contain_text("For closing")


def test_what_the_library_holds_no_more_is_not_chosen_after_a_reload(
    own_url: str, own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    page = new_page(own_url)
    for name in ("visitor.md", "fishers.txt"):
        form(page).locator(f"[value='{name}']").check()
    expect(chips(page)).to_have_count(2)
    (own_harbour.seeds / "visitor.md").unlink()
    build(own_harbour, quick_encoder)
    settled(page).reload()
    expect(chips(page)).to_have_count(1)
    expect(page.locator("#filters input:checked")).to_have_count(1)
    assert {each.document for each in cards_of(ask(page, WHEN_CLOSED))} == {"fishers.txt"}


def test_another_page_of_the_browser_knows_nothing_of_it(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url, windows=2)
    hear(page, "for-closing")
    page.get_by_label("Your question").fill("half a quest")
    other = page.context.new_page()
    other.goto(harbour_url)
    settled(other)
    expect(other.get_by_label("Your question")).to_have_value("")
    expect(chips(other)).to_have_count(0)


def test_hostile_words_that_were_typed_are_only_text_after_a_reload(
    harbour_url: str, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    typed = " ".join(PAYLOADS).replace("\r", " ")[:1900]
    box = page.get_by_label("Your question")
    box.fill(typed)
    page.evaluate("page => history.replaceState(page, '')", {"tab": typed, "source": typed})
    settled(page).reload()
    expect(box).to_have_value(typed)
    assert_inert(page)
    expect_place(page, harbour_url)
    expect_closed(page)


@pytest.mark.parametrize("before", [0, 1])
def test_a_question_that_is_asked_when_the_page_is_loaded_again_is_answered_once(
    own_harbour: Settings,
    quick_encoder: Encoder,
    new_page: NewPage,
    before: int,
) -> None:
    encoder = GatedEncoder(quick_encoder)
    with served(opened(own_harbour, encoder), own_harbour) as url:
        page = new_page(url)
        for _ in range(before):
            ask(page, "Who sold forty boats?")
        hear(page, "for-closing")
        expect(chips(page)).to_have_count(1)
        encoder.questions.clear()
        begin(page, WHEN_CLOSED)
        page.get_by_label("Your question").fill("And by")
        encoder.questions.set() if before else None
        page.reload()
        encoder.questions.set()
        turns = page.locator(".turn")
        expect(turns).to_have_count(before + 1)
        turn = answered(turns.last)
        expect(turn.locator(".question")).to_have_text(WHEN_CLOSED)
        expect(turn.locator(".notes")).to_contain_text("Only sources labelled For closing")
        expect(page.get_by_label("Your question")).to_have_value("And by")
        settled(page).reload()
        settled(page)
        expect(turns).to_have_count(before + 1)
        page.close()  # before its server is


def test_a_page_that_is_loaded_during_a_rebuild_tells_of_it(
    own_harbour: Settings, quick_encoder: Encoder, gate: Gate, new_page: NewPage
) -> None:
    shelf = Shelf(own_harbour, opened(own_harbour, quick_encoder))
    write_files(own_harbour.seeds, {"gull.txt": "A gull was seen."})
    with shelved(shelf) as url:
        page = new_page(url)
        open_tab(page, "Library")
        try:
            page.get_by_role("button", name="Rebuild index").click()
            expect(page.locator("#progress .progress")).to_be_visible()
            page.reload()
            status = page.locator("#status")
            expect(status).to_contain_text("The index is being rebuilt · Reading seeds")
            expect(status).not_to_contain_text("changed since")
            expect(page.get_by_role("button", name="Rebuilding…")).to_be_disabled()
        finally:
            gate.go_on.set()
        assert gate.ended.wait(30)
        come_back(page)
        expect(status).to_contain_text("4 sources")
        expect(status).not_to_contain_text("rebuilt")
        expect(page.get_by_role("button", name="Rebuild index")).to_be_enabled()
        page.close()  # before its server is
