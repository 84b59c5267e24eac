"""Filters: chosen in a form, in sight while they act, and taken away one by one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.records import Filter
from rag.settings import Settings
from tests.browser.conftest import served
from tests.browser.driving import ask, cards_of, come_back, hear
from tests.browser.hostile import assert_inert
from tests.making import WHEN_CLOSED, opened, settings_for, write_files

NewPage = Callable[..., Page]


def form(page: Page) -> Locator:
    """The form, unfolded."""
    if not page.locator("#filters details").evaluate("form => form.open"):
        page.locator("#filters summary").click()
    return page.locator("#filters")


def chips(page: Page) -> Locator:
    return page.locator("#acting .chip bdi")


def test_each_kind_of_filter_acts_and_is_seen_to(
    harbour_url: str, harbour: Library, new_page: NewPage
) -> None:
    page = new_page(harbour_url)
    council = harbour.documents["council.txt"]
    choices: list[tuple[Callable[[Locator], None], str, Filter]] = [
        (
            lambda filters: filters.get_by_label("Against closing").check(),
            "Against closing",
            Filter(perspectives=("against-closing",)),
        ),
        (
            lambda filters: filters.locator("[value='council.txt']").check(),
            council.display_title,
            Filter(sources=("council.txt",)),
        ),
        (
            lambda filters: filters.locator("[value='minutes']").check(),
            "minutes",
            Filter(kinds=("minutes",)),
        ),
        (lambda filters: filters.get_by_label("from").fill("1976"), "1976", Filter(since="1976")),
        (
            lambda filters: filters.get_by_label("until").fill("1976-12"),
            "1976-12",
            Filter(until="1976-12"),
        ),
    ]
    for choose, name, only in choices:
        choose(form(page))
        expect(chips(page)).to_have_text([name])
        page.locator("#filters summary").click()
        expect(page.locator("#acting .chip")).to_be_visible()
        turn = ask(page, WHEN_CLOSED)
        answer = harbour.ask(WHEN_CLOSED, only=only)
        assert {each.document for each in cards_of(turn)} == {
            each.document for each in answer.citations
        }
        assert answer.citations
        page.locator("#acting .chip").click()
        expect(chips(page)).to_have_count(0)
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".welcome")).to_have_count(1)


def test_no_question_overtakes_a_choice(harbour_url: str, new_page: NewPage) -> None:
    """What is ticked and asked in one moment is asked with what was ticked."""
    page = new_page(harbour_url)
    form(page)
    box = page.get_by_label("Your question")
    box.fill(WHEN_CLOSED)
    page.evaluate(
        """() => {
          document.querySelector("#heard input[name='for-closing']").click();
          const enter = { key: "Enter", bubbles: true, cancelable: true };
          document.querySelector("#question textarea")
            .dispatchEvent(new KeyboardEvent("keydown", enter));
        }"""
    )
    expect(page.locator(".card .badge")).to_have_text(["source labelled For closing"])


def test_all_are_cleared_at_once(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    hear(page, "for-closing", "unlabelled")
    form(page).get_by_label("from").fill("1970")
    expect(chips(page)).to_have_text(["For closing", "Unlabelled", "1970"])
    page.get_by_role("button", name="Clear filters").click()
    expect(chips(page)).to_have_count(0)
    expect(form(page).locator("input:checked")).to_have_count(0)
    expect(page.get_by_label("from")).to_have_value("")
    expect(ask(page, WHEN_CLOSED).locator(".card")).to_have_count(3)


def test_many_quick_choices_end_as_the_form_stands(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    form(page)
    page.evaluate(
        """async () => {
          const boxes = [...document.querySelectorAll("#heard input")];
          for (let round = 0; round < 15; round += 1) {
            for (const box of boxes) box.click();
            await new Promise((done) => setTimeout(done, 7));
          }
          boxes[0].click();
        }"""
    )
    expect(chips(page)).to_have_text(["Against closing", "Scientists", "Unlabelled"])


@pytest.mark.parametrize("wrong", ["2020-13", "last year", "2021-02-29"])
def test_what_is_no_date_is_said_beside_it_and_does_not_act(
    harbour_url: str, new_page: NewPage, wrong: str
) -> None:
    page = new_page(harbour_url)
    since = form(page).get_by_label("from")
    since.fill(wrong)
    expect(since).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#wrong-since")).to_be_visible()
    expect(page.locator("#wrong-until")).not_to_be_visible()
    expect(page.locator("#acting .wrong")).to_contain_text(f"“{wrong}”: not a date")
    expect(ask(page, WHEN_CLOSED).locator(".card")).to_have_count(3)
    since.fill("1970-02")
    expect(since).to_have_attribute("aria-invalid", "false")
    expect(page.locator("#wrong-since")).not_to_be_visible()
    expect(chips(page)).to_have_text(["1970-02"])


def test_what_is_chosen_outlives_a_rebuild(
    own_url: str, own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    page = new_page(own_url)
    for name in ("visitor.md", "fishers.txt"):
        form(page).locator(f"[value='{name}']").check()
    form(page).get_by_label("from").fill("1970")
    expect(chips(page)).to_have_count(3)
    (own_harbour.seeds / "visitor.md").unlink()
    write_files(own_harbour.seeds, {"gull.txt": "A gull was seen."})
    build(own_harbour, quick_encoder)
    come_back(page)
    expect(form(page).locator("[value='gull.txt']")).to_have_count(1)
    expect(form(page).locator("[value='fishers.txt']")).to_be_checked()
    expect(page.get_by_label("from")).to_have_value("1970")
    expect(chips(page)).to_have_count(2)


def test_one_of_a_thousand_sources_is_found_and_chosen(
    tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder, new_page: NewPage
) -> None:
    files = {f"note-{number}.txt": f"Gull number {number} was seen." for number in range(1000)}
    files["letter.txt"] = "The gull of Ostby was seen by a carter in spring."
    settings = settings_for(tmp_path_factory.mktemp("many"), files)
    build(settings, quick_encoder)
    with served(opened(settings, quick_encoder), settings) as url:
        page = new_page(url)
        find = form(page).get_by_role("searchbox", name="Find a source")
        labels = page.locator("#filters .sources label:visible")
        expect(labels).to_have_count(1001)
        find.fill("LETTER")
        expect(labels).to_have_count(1)
        labels.locator("input").check()
        find.fill("note-77")
        expect(labels).to_have_count(1 + 11)  # what is chosen stays in sight
        turn = ask(page, "Who saw the gull?")
        assert {card.document for card in cards_of(turn)} == {"letter.txt"}
        assert_inert(page)
        page.close()  # before its server is


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_the_form_and_what_acts_fit(harbour_url: str, new_page: NewPage, width: int) -> None:
    page = new_page(harbour_url, width=width)
    hear(page, "for-closing", "against-closing", "unlabelled")
    form(page).get_by_label("from").fill("1970")
    expect(chips(page)).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for each in page.locator("#acting button").all():
        box = each.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    expect(page.get_by_label("Your question")).to_be_in_viewport()
