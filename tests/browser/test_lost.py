"""A page that has lost its pass or its server, and what a reader unfolded, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from rag.encoder import Encoder
from rag.settings import Settings
from rag.web import ask_tab, entrance, handlers
from rag.web.sharing import Sharing
from rag.web.thread import Turn
from rag.wording.language import say
from tests.browser.conftest import served
from tests.browser.driving import ask, begin, begin_anew
from tests.browser.test_door import PASSWORD, NewContext, new_context, sign_in
from tests.making import WHEN_CLOSED, opened

__all__ = ["new_context"]


@pytest.fixture
def url(
    own_harbour: Settings, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setattr(entrance, "DELAY", 0.05)
    sharing = Sharing(token="owner", password=PASSWORD)  # noqa: S106
    with served(opened(own_harbour, quick_encoder), own_harbour, sharing) as url:
        yield url


def test_a_question_without_a_pass_is_given_back_with_the_way_to_the_door(
    url: str, new_context: NewContext
) -> None:
    page = new_context().new_page()
    page.goto(url)
    sign_in(page, PASSWORD)
    page.locator(".welcome").wait_for()
    page.context.clear_cookies()
    box = page.get_by_label("Your question")
    box.fill(WHEN_CLOSED)
    box.press("Enter")
    note = page.locator(".broken")
    expect(note).to_have_text(f"{say('door-ended')} {say('door-sign-in')}")
    expect(box).to_have_value(WHEN_CLOSED)
    expect(page.locator(".turn")).to_have_count(0)
    note.get_by_role("link").click()
    sign_in(page, PASSWORD)
    page.locator(".welcome").wait_for()
    expect(box).to_have_value(WHEN_CLOSED)
    box.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    expect(note).to_have_count(0)


def test_a_question_to_a_server_that_is_gone_is_given_back_and_kept_until_it_answers(
    url: str, new_context: NewContext
) -> None:
    page = new_context().new_page()
    page.goto(url)
    sign_in(page, PASSWORD)
    page.locator(".welcome").wait_for()
    page.context.set_offline(True)
    box = page.get_by_label("Your question")
    box.fill(WHEN_CLOSED)
    box.press("Enter")
    expect(page.locator(".broken")).to_have_text(say("thread-broke"))
    expect(box).to_have_value(WHEN_CLOSED)
    with page.expect_navigation():
        page.context.set_offline(False)
    page.locator(".welcome").wait_for()
    expect(box).to_have_value(WHEN_CLOSED)
    box.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    page.reload()
    expect(page.locator(".card").first).to_be_visible()
    expect(box).to_have_value("")


def test_what_is_unfolded_stays_with_its_question(
    new_page: Callable[..., Page], harbour_url: str
) -> None:
    page = new_page(harbour_url)
    first = ask(page, WHEN_CLOSED)
    ask(page, WHEN_CLOSED)
    told = page.locator("details.coverage")
    expect(told).to_have_count(2)
    told.nth(0).locator("> summary").click()
    expect(told.nth(0)).to_have_attribute("open", "")
    first.get_by_role("button", name="Remove").click()
    expect(told).to_have_count(1)
    expect(told).not_to_have_attribute("open", "")
    told.locator("> summary").click()
    ask(page, WHEN_CLOSED)
    expect(told).to_have_count(2)
    expect(told.nth(0)).to_have_attribute("open", "")
    expect(told.nth(1)).not_to_have_attribute("open", "")
    begin_anew(page)
    for _ in range(3):  # the number of the one that was unfolded comes again
        ask(page, WHEN_CLOSED)
    expect(told).to_have_count(3)
    expect(page.locator(".turn details[open]")).to_have_count(0)


def test_an_answer_that_cannot_be_shown_leaves_a_page_that_can_be_asked(
    harbour_url: str, new_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Turn) -> str:
        raise RuntimeError

    page = new_page(harbour_url)
    with monkeypatch.context() as patched:
        patched.setattr(ask_tab, "said_html", broken)
        begin(page, WHEN_CLOSED)
        expect(page.locator("#thread .failure")).to_contain_text(say("thread-failed"))
        expect(page.locator("#go")).to_have_text("Ask")
    expect(ask(page, "Who sold trawlers?").locator(".card, .silence").first).to_be_attached()


def test_a_question_whose_conversation_cannot_be_opened_after_a_reload_is_given_back(
    harbour_url: str, new_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_page(harbour_url)
    ask(page, WHEN_CLOSED)
    page.evaluate(
        """() => {
          const deed = { do: "ask", question: "Who sold forty boats?", only: parallax.chosen() };
          sessionStorage.setItem("parallax.asked", JSON.stringify(deed));
        }"""
    )
    box = page.get_by_label("Your question")
    with monkeypatch.context() as patched:
        patched.setattr(handlers, "answering", None)
        page.reload()
        expect(page.locator("#thread .failure")).to_contain_text(say("thread-failed"))
        expect(box).to_have_value("Who sold forty boats?")
    page.reload()
    expect(page.locator(".card").first).to_be_visible()
    page.wait_for_function("!parallax.isBusy()")
    expect(page.locator(".turn")).to_have_count(1)
    expect(box).to_have_value("Who sold forty boats?")
