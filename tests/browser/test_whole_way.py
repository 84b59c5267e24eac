"""A new user's whole way through the page, and each thing that a reader does on it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from rag import wording
from rag.answering import Library
from rag.records import UNLABELLED
from rag.settings import Settings
from tests.browser.driving import (
    answered,
    ask,
    come_back,
    copied,
    open_source,
    open_tab,
    shown,
    text_of,
)
from tests.making import WHEN_CLOSED

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"

HERRING = "The herring of Lomvik was salted in barrels of spruce, a cooper remembered.\n"
WHAT_BARRELS = "In what barrels was the herring salted?"

NewPage = Callable[..., Page]


def test_a_new_users_whole_way(own_url: str, own_harbour: Settings, new_page: NewPage) -> None:
    page = new_page(own_url)
    _read_the_answer_to_a_starter_question(page)
    _follow_a_citation(page)
    _hear_that_nothing_is_there(page)
    _hear_one_perspective(page)
    _bring_in_a_new_source(page, own_harbour)
    turn = ask(page, WHAT_BARRELS)
    expect(turn.locator(".quote").first).to_have_text(HERRING.strip())
    expect(turn.locator(".badge").first).to_have_text("source labelled Unlabelled")
    # An answer given before the rebuild still leads into its source.
    old = page.locator(".turn").first.locator(".card").first
    expect(open_source(old).locator("mark")).to_have_text(
        old.locator(".quote").text_content() or ""
    )


def _read_the_answer_to_a_starter_question(page: Page) -> None:
    page.get_by_role("button", name="When was the harbour closed?").click()
    turn = answered(page.locator(".turn"))
    expect(turn.locator(".question")).to_have_text("When was the harbour closed?")
    assert [each.exact for each in shown(turn)] == [
        "The harbour of Lomvik was closed to trawlers in 1975, without asking any fisher.",
        "The town council closed the harbour of Lomvik to trawlers in 1974.",
    ]
    expect(turn.locator(".badge")).to_have_text(
        ["source labelled Against closing", "source labelled For closing"]
    )
    expect(turn.locator(".coverage")).to_have_text(
        [
            "2 quotes from 2 sources: 1 Against closing, 1 For closing.",
            "This library holds no source labelled Scientists.",
        ]
    )
    council = turn.locator(".card").nth(1)
    for known in ("minutes", "Minutes of the council", "Ada Berg", "1976", "council.txt [0:66]"):
        expect(council.get_by_text(known, exact=True)).to_be_visible()


def _follow_a_citation(page: Page) -> None:
    card = page.locator(".card").nth(1)
    reader = open_source(card)
    quote = card.locator(".quote").text_content() or ""
    expect(reader.locator("mark")).to_have_text(quote)
    assert _is_in_sight(reader.locator("mark"))
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
    expect(turn.locator(".silence strong")).to_have_text(wording.silence_message([]))
    expect(turn.locator(".card").first).not_to_be_visible()
    turn.get_by_text("Show what is nearest").click()
    expect(turn.locator(".card").first).to_be_visible()
    expect(turn.get_by_text(wording.NEAREST_HEADING)).to_be_visible()


def _hear_one_perspective(page: Page) -> None:
    box = page.get_by_role("checkbox", name="For closing")
    box.check()
    turn = ask(page, WHEN_CLOSED)
    expect(turn.locator(".coverage").first).to_have_text(
        "Only sources labelled For closing were heard. 1 quote from 1 source: 1 For closing."
    )
    expect(turn.locator(".badge")).to_have_text(["source labelled For closing"])
    box.uncheck()


def _bring_in_a_new_source(page: Page, settings: Settings) -> None:
    status = page.locator("#status")
    expect(status).to_contain_text("3 sources · built")
    (settings.seeds / "cooper.txt").write_text(HERRING, "utf-8")
    come_back(page)
    expect(status).to_contain_text("1 seed changed since this build")
    status.get_by_role("button", name="see the library").click()
    expect(page.locator("#changed")).to_contain_text("1 seed changed since this build")
    expect(page.locator("#changed dd")).to_have_text("cooper.txt")
    seen = _seen(page, "#progress progress")
    page.get_by_role("button", name="Rebuild index").click()
    report = page.locator("#progress .report")
    expect(report).to_contain_text("4 documents, 4 passages (1 added, 0 changed, 0 removed")
    expect(report.locator("dd").first).to_have_text("cooper.txt")
    assert seen.evaluate("seen => seen.at") > 0
    expect(page.locator("#progress progress")).to_have_count(0)
    expect(page.locator("#changed")).to_contain_text(wording.UP_TO_DATE)
    expect(status).to_contain_text("4 sources · built")
    expect(status).not_to_contain_text("changed since")
    expect(page.locator("#sources .entry")).to_have_count(4)
    expect(page.get_by_role("button", name="Rebuild index")).to_be_enabled()
    open_tab(page, "Ask")
