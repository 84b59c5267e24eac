"""A new user's whole way through the page, and each thing that a reader does on it."""

from collections.abc import Callable

from playwright.sync_api import JSHandle, Locator, Page, expect

from rag import wording
from rag.answering import Library
from rag.settings import Settings
from rag.wording.language import say
from tests.browser.driving import (
    QUOTE,
    answered,
    ask,
    cards_of,
    come_back,
    copied,
    hear,
    marked,
    open_source,
    open_tab,
    text_content,
    text_of,
    wait_for_sight,
)
from tests.making import HARBOUR, WHEN_CLOSED

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"
ABSENT = ["chess", "olympiad", "Buenos", "Aires"]

HERRING = "The herring of Lomvik was salted in barrels of spruce, a cooper remembered.\n"
WHAT_BARRELS = "In what barrels was the herring salted?"

QUESTION = "Was there ethnic cleansing?"

NewPage = Callable[..., Page]


def test_a_new_users_whole_way(own_url: str, own_harbour: Settings, new_page: NewPage) -> None:
    page = new_page(own_url)
    _read_the_answer_to_a_starter_question(page)
    _follow_a_citation(page)
    _hear_that_nothing_is_there(page)
    _hear_one_perspective(page)
    _bring_in_a_new_source(page, own_harbour)
    turn = ask(page, WHAT_BARRELS)
    assert cards_of(turn)[0] == (HERRING.strip(), "cooper.txt", 0, len(HERRING.strip()))
    expect(turn.locator(".card .badge").first).to_have_text("Unlabelled")
    _follow_a_citation_from_before(page)


def _read_the_answer_to_a_starter_question(page: Page) -> None:
    page.get_by_role("button", name="When was the harbour closed?").click()
    turn = answered(page.locator(".turn"))
    expect(turn.locator(".question")).to_have_text("When was the harbour closed?")
    assert [each.exact for each in cards_of(turn)] == [
        "The harbour of Lomvik was closed to trawlers in 1975, without asking any fisher.",
        "The town council closed the harbour of Lomvik to trawlers in 1974.",
    ]
    expect(turn.locator(".card .badge")).to_have_text(
        ["source labelled Against closing", "source labelled For closing"]
    )
    expect(turn.locator(".told")).to_have_text(
        "2 quotes from 2 sources: 1 Against closing, 1 For closing."
    )
    expect(turn.locator(".notes")).to_contain_text(
        "This library holds no source labelled Scientists."
    )
    council = turn.locator(".card").nth(1)
    for known in ("minutes", "Minutes of the council", "Ada Berg", "1976", "council.txt [0:66]"):
        expect(council.get_by_text(known, exact=True)).to_be_visible()


def _follow_a_citation(page: Page) -> None:
    card = page.locator(".card").nth(1)
    reader = open_source(card)
    assert marked(reader) == text_content(card.locator(".quote"))
    wait_for_sight(reader.locator(QUOTE))
    expect(reader.locator(".badge")).to_have_text("source labelled For closing")
    basis = reader.locator(".basis")
    expect(basis).to_contain_text("It defends the closing.")
    expect(basis.locator("q")).to_have_text("the herring would come back")
    expect(basis).to_contain_text("Assigned by a test.")
    reader.get_by_role("button", name="Close").click()
    expect(reader.get_by_role("heading")).to_have_count(0)
    expect(reader).not_to_be_visible()


def _hear_that_nothing_is_there(page: Page) -> None:
    turn = ask(page, ELSEWHERE)
    message, remedy = wording.silence.silence("nothing-near", (), (), (), absent=ABSENT)
    expect(turn.locator(".silence strong")).to_have_text(message)
    expect(turn.locator(".silence .remedy")).to_have_text(remedy)
    expect(turn.locator(".card").first).not_to_be_visible()
    turn.get_by_text("Show what is nearest").click()
    expect(turn.locator(".card").first).to_be_visible()
    expect(turn.get_by_text(say("nearest-heading"))).to_be_visible()


def _hear_one_perspective(page: Page) -> None:
    hear(page, "for-closing")
    expect(page.locator("#acting .chip")).to_have_text("For closing × remove this filter")
    turn = ask(page, WHEN_CLOSED)
    expect(turn.locator(".told")).to_have_text("1 quote from 1 source: 1 For closing.")
    expect(turn.locator(".notes")).to_contain_text(
        "Only sources labelled For closing were heard, as you asked;"
        " 1 source labelled Against closing and 1 without a label were not searched."
    )
    expect(turn.locator(".card .badge")).to_have_text(["source labelled For closing"])
    page.locator("#acting .chip").click()
    expect(page.locator("#acting .chip")).to_have_count(0)


def _bring_in_a_new_source(page: Page, settings: Settings) -> None:
    status = page.locator("#status")
    expect(status).to_contain_text("3 sources · built")
    (settings.seeds / "cooper.txt").write_text(HERRING, "utf-8")
    come_back(page)
    expect(status).to_contain_text("1 seed changed since this build")
    status.get_by_role("button", name="rebuild").click()
    expect(page.locator("#changed")).to_contain_text("1 seed changed since this build")
    expect(page.locator("#changed dd")).to_have_text("cooper.txt")
    seen = _watch_for(page.locator("#progress"), "progress")
    page.get_by_role("button", name="Rebuild index").click()
    report = page.locator("#progress .report")
    expect(report).to_contain_text("4 sources, 4 passages")
    expect(report.locator("dt")).to_have_text("added")
    expect(report.locator("dd")).to_have_text("cooper.txt")
    assert seen.evaluate("seen => seen.count") > 0
    expect(page.locator("#progress progress")).to_have_count(0)
    expect(page.locator("#changed")).to_contain_text(say("up-to-date"))
    expect(status).to_contain_text("4 sources · built")
    expect(status).not_to_contain_text("changed since")
    expect(page.locator("#sources .entry")).to_have_count(4)
    expect(page.get_by_role("button", name="Rebuild index")).to_be_enabled()
    open_tab(page, "Ask")


def _follow_a_citation_from_before(page: Page) -> None:
    card = page.locator(".turn").first.locator(".card").first
    assert marked(open_source(card)) == text_content(card.locator(".quote"))


def _watch_for(inside: Locator, selector: str) -> JSHandle:
    """Counts the moments at which there is such an element, be they ever so short."""
    return inside.evaluate_handle(
        """(inside, selector) => {
          const seen = { count: 0 };
          new MutationObserver(() => (seen.count += inside.querySelectorAll(selector).length))
            .observe(inside, { childList: true, subtree: true });
          return seen;
        }""",
        selector,
    )


def test_every_citation_leads_to_its_words_in_sight(
    seeds_url: str, library: Library, new_page: NewPage
) -> None:
    page = new_page(seeds_url)
    turn = ask(page, QUESTION)
    cards = cards_of(turn)
    assert len({card.document for card in cards}) > 2
    for number, card in enumerate(cards):
        reader = open_source(turn.locator(".card").nth(number))
        text = library.documents[card.document].text
        assert marked(reader) == card.exact == text[card.start : card.end]
        assert text_of(reader) == text
        wait_for_sight(reader.locator(QUOTE))
        expect(turn.locator(".card").nth(number)).to_contain_class("open")
        expect(turn.locator(".card.open")).to_have_count(1)


def test_a_click_anywhere_on_a_card_opens_its_source(seeds_url: str, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    card = ask(page, QUESTION).locator(".card").nth(1)
    card.locator(".number").click()
    expect(page.locator(f"#reader {QUOTE}").first).to_be_visible()
    assert marked(page.locator("#reader")) == text_content(card.locator(".quote"))


def test_an_answer_from_before_a_rebuild_keeps_its_source(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    turn = ask(page, WHEN_CLOSED)
    (own_harbour.seeds / "fishers.txt").unlink()
    (own_harbour.seeds / "council.txt").write_text("Nobody remembers this council.", "utf-8")
    _rebuild(page)
    open_tab(page, "Ask")
    cards = cards_of(turn)
    assert {card.document for card in cards} == {"fishers.txt", "council.txt"}
    for number, card in enumerate(cards):
        reader = open_source(turn.locator(".card").nth(number))
        assert text_of(reader) == HARBOUR[card.document]
        assert marked(reader) == card.exact


def _rebuild(page: Page) -> None:
    open_tab(page, "Library")
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator("#progress .report")).to_have_count(1)


def test_the_library_tab_tells_what_changed_by_itself(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    (own_harbour.seeds / "cooper.txt").write_text(HERRING, "utf-8")
    (own_harbour.seeds / "visitor.md").unlink()
    (own_harbour.seeds / "fishers.txt").write_text("Forty boats were sold.", "utf-8")
    open_tab(page, "Library")
    expect(page.locator("#changed p").first).to_have_text("3 seeds changed since this build.")
    expect(page.locator("#changed dt")).to_have_text(["added", "changed", "removed"])
    expect(page.locator("#changed dd")).to_have_text(["cooper.txt", "fishers.txt", "visitor.md"])
    expect(page.locator("#status")).to_contain_text("3 seeds changed since this build")


def test_a_rebuild_that_fails_says_why_and_leaves_the_library(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    catalogue = own_harbour.seeds / "sources.toml"
    catalogue.write_text("[perspectives", "utf-8")
    open_tab(page, "Library")
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator("#progress .failure")).to_contain_text("sources.toml: cannot be read")
    expect(page.get_by_role("button", name="Rebuild index")).to_be_enabled()
    open_tab(page, "Ask")
    expect(ask(page, WHEN_CLOSED).locator(".card")).to_have_count(3)


def test_a_rebuild_tells_what_could_not_be_read(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    (own_harbour.seeds / "noise.txt").write_bytes(b"\x00\x01")
    (own_harbour.seeds / "chart.png").write_bytes(b"\x89PNG")
    _rebuild(page)
    report = page.locator("#progress .report")
    expect(report.locator("dt")).to_have_text(["failed", "to note"])
    expect(report.locator("dd").first).to_contain_text("noise.txt: holds NUL characters")
    expect(report.locator("dd").last).to_contain_text("chart.png: not read")


def test_a_source_opens_from_the_library(
    seeds_url: str, library: Library, new_page: NewPage
) -> None:
    page = new_page(seeds_url)
    open_tab(page, "Library")
    documents = list(library.documents.values())
    entries = page.locator("#sources .entry")
    expect(entries).to_have_count(len(documents))
    for entry, document in zip(entries.all(), documents, strict=True):
        entry.locator(".name button").click()
        reader = page.locator("#reader")
        expect(reader.locator("h2")).to_have_text(document.display_title)
        assert text_of(reader) == document.text
        assert reader.locator(QUOTE).count() == 0
        expect(reader.locator(".left-out")).not_to_have_count(0)
        entry.get_by_role("button", name="Details").click()
        details = page.locator("#sources .details")
        expect(details).to_have_attribute("data-of", document.id)
        left_out = [document.text[f.start : f.end] for f in document.furniture]
        words = "".join(details.locator(".words").all_text_contents())
        assert "".join(words.split()) == "".join("".join(left_out).split())


def test_a_copied_quote_carries_its_source(
    harbour_url: str, harbour: Library, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    cards = ask(page, WHEN_CLOSED).locator(".card").all()
    citations = harbour.ask(WHEN_CLOSED).citations
    for card, citation in zip(cards, citations, strict=True):
        card.get_by_role("button", name="Copy", exact=True).click()
        expect(card.get_by_role("button", name="Copied")).to_be_visible()
        assert copied(page) == wording.answers.reference(
            citation, harbour.documents[citation.document]
        )
    expect(page.locator("#reader .bar")).to_have_count(0)


def test_how_labels_work(seeds_url: str, library: Library, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    open_tab(page, "How labels work")
    labels = page.locator("#labels")
    expect(labels.get_by_role("heading", name="How labels work")).to_be_visible()
    expect(labels.locator(".holdings .badge")).to_have_text(
        ["Pro-Azerbaijan", "Pro-Armenia", "Neither side"]
    )
    expect(labels.locator(".holdings li")).to_contain_text(["3 sources", "0 sources", "2 sources"])
    for perspective in library.perspectives:
        expect(labels).to_contain_text(perspective.description)


def test_an_empty_question_does_nothing(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    box = page.get_by_label("Your question")
    for nothing in ("", "   ", " \n "):
        box.fill(nothing)
        box.press("Enter")
        page.get_by_role("button", name="Ask", exact=True).click()
    box.fill(WHEN_CLOSED)
    box.press("Enter")
    # Whatever those had asked would stand before this one.
    expect(answered(page.locator(".turn"))).to_have_attribute("aria-label", "Question 1")


def test_a_conversation(harbour_url: str, new_page: NewPage) -> None:
    """By the button; with a question half typed; with a follow-up; too long; and on."""
    page = new_page(harbour_url)
    box = page.get_by_label("Your question")
    box.fill(WHEN_CLOSED)
    page.get_by_role("button", name="Ask", exact=True).click()
    turns = page.locator(".turn")
    expect(box).to_have_value("")
    box.fill("And when")
    expect(answered(turns).locator(".card")).to_have_count(3)
    # What was typed meanwhile is there still.
    expect(box).to_have_value("And when")
    turn = ask(page, "And when was it?")
    expect(turn.locator(".asked-as")).to_contain_text("Asked as: ")
    told = text_content(turn.locator(".asked-as bdi"))
    assert "harbour of Lomvik" in told
    turn.get_by_role("button", name="Change").click()
    expect(box).to_have_value(told)
    expect(box).to_be_focused()
    box.fill("")
    expect(turn.locator(".card")).to_have_count(3)
    turn = ask(page, "a b c d e " * 150)
    expect(turn.locator(".failure")).to_contain_text("the question is longer than the 256 tokens")
    expect(turn.locator(".silence, .card")).to_have_count(0)
    expect(ask(page, WHEN_CLOSED).locator(".card")).to_have_count(3)
    expect(turns).to_have_count(4)
