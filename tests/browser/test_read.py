"""Reading a source: by a permanent link, with what is found in it, and on to its original."""

import re
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from rag import wording
from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from rag.web import handlers
from rag.web.handlers import Opening, Turns
from rag.web.shelf import Shelf
from rag.wording.language import say
from tests.browser.conftest import served
from tests.browser.driving import (
    QUOTE,
    ask,
    cards_of,
    copied,
    marked,
    open_source,
    text_content,
    text_of,
    wait_for_sight,
)
from tests.making import HARBOUR, WHEN_CLOSED, opened, settings_for

NewPage = Callable[..., Page]

BOATS = """<!doctype html><html lang="en"><head><title>The boats</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/boats">All BOATS</a></li></ul></nav>
<main><h1>The boats of Lomvik</h1>
<p>Forty boats 🚤 were sold in Lomvik after the harbour was closed. Their crews left the coast for
good, and few of them ever came back to it.</p>
<p>The Cafe\u0301 by the quay 👩\u200d🚀🚤 was where boat owners met. Nobody asked them what a BOAT
was worth, and nobody paid for one.</p>
<h2>What became of the boats</h2>
<p>Twenty boats were broken up for their timber. The others were sold abroad, to owners who never
saw Lomvik and who painted them anew.</p>
</main><footer><p>Copyright. All rights reserved. Cookie settings</p></footer></body></html>"""

FILES = dict(HARBOUR) | {
    "boats.html": BOATS,
    "sources.toml": str(HARBOUR["sources.toml"])
    + """
[[sources]]
file = "boats.html"
title = "The boats"
url = "https://boats.example/lomvik?a=1#top"
""",
}

WHAT_BECAME = "What became of the boats of Lomvik?"

MARKED = """name => [...(CSS.highlights.get(name) ?? [])].map((found) => {
  const text = document.querySelector("#reader .text");
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(found.startContainer, found.startOffset);
  const held = before.cloneContents();
  held.querySelectorAll("summary").forEach((each) => each.remove());
  return [[...held.textContent].length, range.toString()];
})"""
"""Each place that is painted: its offset in the document's text, in code points, and its words."""


class Served(NamedTuple):
    url: str
    library: Library

    @property
    def text(self) -> str:
        return self.library.documents["boats.html"].text


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Iterator[Served]:
    """The library on a harbour with a saved page in it. Read-only."""
    settings = settings_for(tmp_path_factory.mktemp("boats"), FILES)
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    with served(library, settings) as url:
        yield Served(url, library)


def card_of(turn: Locator, document: str) -> Locator:
    """The first card of a turn whose quote is of a document."""
    place = turn.page.locator(".place", has_text=re.compile(rf"^{re.escape(document)}"))
    return turn.locator(".card").filter(has=place).first


def link_of(card: Locator) -> str:
    """The permanent link that a card copies."""
    card.get_by_role("button", name="Copy link").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    return copied(card.page)


def search_of(url: str, link: str) -> str:
    assert link.startswith(f"{url}?cite=")
    return link.removeprefix(url)


# Permanent links


@pytest.mark.parametrize("width", [1440, 390])
def test_a_link_opens_its_source_at_the_quote(boats: Served, new_page: NewPage, width: int) -> None:
    page = new_page(boats.url)
    turn = ask(page, WHAT_BECAME)
    card = card_of(turn, "boats.html")
    link = link_of(card)
    exact = text_content(card.locator(".quote"))
    other = new_page(boats.url, search=search_of(boats.url, link), width=width)
    reader = other.locator("#reader")
    expect(reader.locator(".note")).to_have_text(say("link-intact"))
    assert marked(reader) == exact
    assert text_of(reader) == boats.text
    expect(reader.locator(QUOTE)).to_be_focused()
    expect(reader.locator(QUOTE)).to_have_accessible_description(say("link-intact"))
    wait_for_sight(reader.locator(QUOTE))
    expect(other).to_have_url(link)
    way = reader.get_by_role("link", name="Link to this quote")
    way.click()
    expect(reader.get_by_role("link", name="Copied")).to_be_visible()
    assert copied(other) == link
    expect(way).to_be_visible()
    other.keyboard.press("Escape")
    expect(reader.locator(".bar")).to_have_count(0)
    expect(other.get_by_role("tab", name="Ask")).to_be_focused()
    expect(other).to_have_url(boats.url)


def test_a_link_is_followed_from_another_site(boats: Served, new_page: NewPage) -> None:
    page = new_page(boats.url)
    link = link_of(card_of(ask(page, WHAT_BECAME), "boats.html"))
    page.goto("about:blank")
    page.set_content(f"<a href='{link}'>Look here</a>")
    page.get_by_role("link").click()
    expect(page.locator("#reader .note")).to_have_text(say("link-intact"))


def test_a_conversation_that_comes_back_leaves_the_quote_in_sight(
    boats: Served, new_page: NewPage
) -> None:
    page = new_page(boats.url, width=390, height=844)
    link = link_of(card_of(ask(page, WHAT_BECAME), "boats.html"))
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator(".turn .card")).not_to_have_count(0)
    expect(page.locator("#reader .note")).to_have_text(say("link-intact"))
    page.wait_for_timeout(500)  # nothing that comes late scrolls it away
    wait_for_sight(page.locator(f"#reader {QUOTE}"))


def test_a_damaged_link_is_said_to_be_so(boats: Served, new_page: NewPage) -> None:
    page = new_page(boats.url, search="?cite=<b>no</b>")
    expect(page.locator("#reader .failure")).to_contain_text("This link to a quote is damaged")
    page.locator("#reader").get_by_role("button", name="Close").click()
    expect(page).to_have_url(boats.url)


def test_after_a_rebuild_a_link_says_what_has_become_of_its_quote(
    own_url: str, own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    page = new_page(own_url)
    turn = ask(page, WHEN_CLOSED)
    links = {
        name: (link_of(card_of(turn, name)), text_content(card_of(turn, name).locator(".quote")))
        for name in ("council.txt", "fishers.txt")
    }
    council, fishers = (str(HARBOUR[name]) for name in links)
    exact, other = (words for _, words in links.values())
    seeds = own_harbour.seeds
    for name, text, note, words in (
        ("visitor.md", "The lighthouse is blue.", say("link-intact"), exact),
        ("council.txt", f"The clerk 🚤 wrote it.\r\n{council}", say("link-moved"), exact),
        (
            "council.txt",
            council.replace(exact, "It was closed."),
            say("link-changed"),
            "It was closed.",
        ),
        ("council.txt", "The council met.", say("link-removed-here"), ""),
    ):
        (seeds / name).write_bytes(text.encode())
        build(own_harbour, quick_encoder)
        page.goto(links["council.txt"][0])
        reader = page.locator("#reader")
        expect(reader.locator(".note")).to_have_text(note)
        assert marked(reader) == words
        now = (seeds / "council.txt").read_bytes().decode()
        assert text_of(reader) == now
    (seeds / "minutes.txt").write_text(fishers, "utf-8")
    (seeds / "fishers.txt").unlink()
    build(own_harbour, quick_encoder)
    page.goto(links["fishers.txt"][0])
    expect(page.locator("#reader .note")).to_have_text(say("link-moved-with-its-file"))
    assert marked(page.locator("#reader")) == other
    (seeds / "minutes.txt").unlink()
    build(own_harbour, quick_encoder)
    page.goto(links["fishers.txt"][0])
    expect(page.locator("#reader .failure")).to_contain_text(say("link-removed"))


# The source


def test_headings_and_the_other_quotes_of_the_answer_stand_in_the_text(
    boats: Served, new_page: NewPage
) -> None:
    page = new_page(boats.url)
    turn = ask(page, WHAT_BECAME)
    cards = [card for card in cards_of(turn) if card.document == "boats.html"]
    assert len(cards) > 1
    reader = open_source(card_of(turn, "boats.html"))
    assert text_of(reader) == boats.text
    headings = reader.locator(".text").get_by_role("heading", level=3)
    expect(headings).to_have_text(["The boats of Lomvik", "What became of the boats"])
    others = reader.locator("mark.other").all_text_contents()
    assert sorted(others) == sorted(card.exact for card in cards[1:])
    assert marked(reader) == cards[0].exact


def test_the_original_is_a_link_that_leaves_the_library(boats: Served, new_page: NewPage) -> None:
    page = new_page(boats.url)
    reader = open_source(card_of(ask(page, WHAT_BECAME), "boats.html"))
    way = reader.get_by_role("link", name="Open the original at this quote")
    words = marked(reader).replace(" ", "%20").replace(",", "%2C")
    expect(way).to_have_attribute("href", f"https://boats.example/lomvik?a=1#top:~:text={words}")
    expect(way).to_have_attribute("target", "_blank")
    expect(way).to_have_attribute("rel", "noopener noreferrer")
    expect(reader.locator(".ways")).to_contain_text("leaves this library, for boats.example")


# Find


def box_of(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Find in this source")


def open_boats(page: Page) -> Locator:
    reader = open_source(card_of(ask(page, WHAT_BECAME), "boats.html"))
    expect(box_of(page)).to_be_visible()
    return reader


def found(page: Page, name: str = "found") -> list[tuple[int, str]]:
    places: list[tuple[int, str]] = [tuple(each) for each in page.evaluate(MARKED, name)]
    return sorted(places)


def test_words_are_found_whatever_their_case_and_reached_in_turn(
    boats: Served, new_page: NewPage
) -> None:
    page = new_page(boats.url)
    reader = open_boats(page)
    box_of(page).fill("bOaT")
    places = [(each.start(), each[0]) for each in re.finditer("boat", boats.text, re.IGNORECASE)]
    assert len(places) == 7
    hits = reader.locator(".hits")
    expect(hits).to_have_text("1 of 7")
    assert found(page) == places
    for number in [*range(7), 0]:
        expect(hits).to_have_text(f"{number + 1} of 7")
        assert found(page, "found-here") == [places[number]]
        box_of(page).press("Enter")
    box_of(page).press("Shift+Enter")
    reader.get_by_role("button", name="Previous place").click()
    expect(hits).to_have_text("7 of 7")
    reader.get_by_role("button", name="Next place").click()
    expect(hits).to_have_text("1 of 7")
    assert text_of(reader) == boats.text


def test_what_is_left_out_unfolds_when_it_is_reached(boats: Served, new_page: NewPage) -> None:
    page = new_page(boats.url)
    reader = open_boats(page)
    folds = reader.locator(".left-out")
    expect(folds.last).not_to_have_attribute("open", "")
    box_of(page).fill("cookie settings")
    expect(reader.locator(".hits")).to_have_text("1 of 1")
    expect(folds.last).to_have_attribute("open", "")
    expect(folds.first).not_to_have_attribute("open", "")
    expect(folds.last.get_by_text("Cookie settings")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("caf\u00e9 BY", ["Cafe\u0301 by"]),
        ("cafe", ["Cafe\u0301"]),
        ("🚤", ["🚤", "🚤"]),
        ("👩\u200d🚀", ["👩\u200d🚀"]),
        ("  quay 👩", ["quay 👩\u200d"]),
        ("closed.  Their", ["closed. Their"]),
        ("lomvik forty", ["Lomvik\n\nForty"]),
        (".*", []),
        ("2 lines left out", []),
    ],
)
def test_places_have_the_right_offsets_whatever_they_are_made_of(
    boats: Served, new_page: NewPage, words: str, exact: list[str]
) -> None:
    page = new_page(boats.url)
    reader = open_boats(page)
    box_of(page).fill(words)
    said = f"1 of {len(exact)}" if exact else "not found"
    expect(reader.locator(".hits")).to_have_text(said)
    places = found(page)
    assert [words for _, words in places] == exact
    for start, held in places:
        assert boats.text[start : start + len(held)] == held


def test_by_keyboard_alone_words_are_found_and_the_way_leads_back(
    boats: Served, new_page: NewPage
) -> None:
    page = new_page(boats.url)
    turn = ask(page, WHAT_BECAME)
    button = card_of(turn, "boats.html").get_by_role("button", name="Read in source")
    button.focus()
    page.keyboard.press("Enter")
    reader = page.locator("#reader")
    expect(reader.locator(QUOTE)).to_be_focused()
    for _ in range(12):
        if box_of(page).evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("boat")
    expect(reader.locator(".hits")).to_have_text("1 of 7")
    page.keyboard.press("Escape")
    expect(box_of(page)).to_have_value("")
    expect(reader.locator(".hits")).to_be_empty()
    assert found(page) == []
    expect(box_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(reader.locator(".bar")).to_have_count(0)
    expect(button).to_be_focused()


def test_another_source_is_searched_anew(boats: Served, new_page: NewPage) -> None:
    page = new_page(boats.url)
    reader = open_boats(page)
    box_of(page).fill("boat")
    expect(reader.locator(".hits")).to_have_text("1 of 7")
    open_source(card_of(page.locator(".turn"), "fishers.txt"))
    expect(box_of(page)).to_have_value("")
    expect(reader.locator(".hits")).to_be_empty()
    assert found(page) == []
    box_of(page).fill("trawlers")
    expect(reader.locator(".hits")).to_have_text("1 of 1")


def test_of_two_clicks_the_second_is_what_is_read(
    new_page: NewPage, harbour_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_replied = Event()
    really = handlers.opened

    def slow(shelf: Shelf, opening: Opening, turns: Turns, *, owner: bool) -> str:
        if opening.citation == 1:
            assert second_replied.wait(20)
            time.sleep(0.3)
        shown = really(shelf, opening, turns, owner=owner)
        second_replied.set()
        return shown

    monkeypatch.setattr(handlers, "opened", slow)
    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    cards = turn.locator(".card")
    for number in range(2):
        cards.nth(number).get_by_role("button", name="Read in source").click()
    second = cards_of(turn)[1]
    reader = page.locator("#reader")
    place = f"{second.document} · characters {second.start} to {second.end}"
    expect(reader.locator(".place")).to_contain_text(place)
    page.wait_for_timeout(1500)
    expect(reader.locator(".place")).to_contain_text(place)


def test_a_source_that_cannot_be_shown_says_so(
    new_page: NewPage, harbour_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("nobody foresaw this")

    page = new_page(harbour_url)
    turn = ask(page, WHEN_CLOSED)
    monkeypatch.setattr(handlers, "opened", fail)
    turn.locator(".card").first.get_by_role("button", name="Read in source").click()
    expect(page.locator("#reader .failure")).to_contain_text(wording.plain.defect()[0])
