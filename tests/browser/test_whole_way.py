"""A new user's whole way through the page, and what a reader does with a keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"


def ask(page: Page, question: str) -> Locator:
    """Ask, and wait for what comes of it."""
    turns = page.locator(".turn")
    count = turns.count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(count + 1)
    expect(page.locator(".searching")).to_have_count(0)
    return turns.last


def test_a_new_users_whole_way(own_url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(own_url)
    page.get_by_role("button", name="When was the harbour closed?").click()
    cards = page.locator(".turn").last.locator(".card")
    expect(cards).to_have_count(2)
