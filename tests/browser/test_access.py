"""axe-core finds nothing amiss in any state of the page: wide and narrow, light and dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from playwright.sync_api import TimeoutError as TimedOut

from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from rag.web.sharing import Sharing
from rag.web.shelf import Shelf
from tests.browser.conftest import fresh_context, served, shelved
from tests.browser.driving import ask, begin_anew, copied, hear, open_source, open_tab
from tests.making import HARBOUR, WHEN_CLOSED, opened, write_files

NewPage = Callable[..., Page]

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"

VIEWS = ((1440, "light"), (1440, "dark"), (390, "dark"), (390, "light"))

SEES = """([width, dark]) => innerWidth === width
  && (document.querySelector(".gradio-container") === null
    || document.body.classList.contains("dark") === dark)
  && document.getAnimations().every((each) => each.playState !== "running")"""
"""Whether the page is as wide and as dark as it was told to be, and nothing moves any more."""

IS = """() => [innerWidth, document.body.className, ...document.getAnimations().map(
  (each) => `${each.playState} ${each.effect.target.outerHTML.slice(0, 160)}`)]"""
"""What of that the page is, for whoever waited in vain."""


def amiss(page: Page) -> list[str]:
    """What axe finds: the rule, how grave it is, and the first elements that break it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}) {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
    ]


def settle(page: Page, width: int, scheme: str) -> None:
    """Wait until the page sees its size and scheme; asked by the clock, in frames or without."""
    try:
        page.wait_for_function(SEES, arg=[width, scheme == "dark"], polling=100)
    except TimedOut as error:
        raise AssertionError(f"not {width} wide, {scheme}, still: {page.evaluate(IS)}") from error


def assert_accessible(page: Page) -> None:
    """In every view, axe finds nothing, grave or not. The page ends as it began: wide and light."""
    found = {}
    for width, scheme in (*VIEWS, VIEWS[0]):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        settle(page, width, scheme)
        found[width, scheme] = amiss(page)
    assert {view: each for view, each in found.items() if each} == {}


def test_axe_sees_what_is_wrong(harbour_url: str, new_page: NewPage) -> None:
    """Each of these faults is planted, one after the other, and told by its rule."""
    page = new_page(harbour_url)
    assert amiss(page) == []
    for rule, fault in (
        ("image-alt", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
        ("button-name", "<button type=button></button>"),
        ("color-contrast", "<p style='color:#999;background:#aaa'>Hardly to be read.</p>"),
        ("label", "<input type=text>"),
        ("aria-allowed-attr", "<p aria-checked=true>Not a box.</p>"),
    ):
        page.locator("#thread .welcome").evaluate(
            "(at, fault) => at.insertAdjacentHTML('beforeend', fault)", fault
        )
        assert [each.split(" ")[0] for each in amiss(page)] == [rule]
        page.locator("#thread .welcome > :last-child").evaluate("each => each.remove()")


def test_while_the_library_is_opened(
    own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    shelf = Shelf(own_harbour)
    shelf.told("loading the model")
    with shelved(shelf) as url:
        page = new_page(url)
        try:
            assert_accessible(page)
            shelf.told("encoding passages", 3, 9)
            expect(page.locator("progress[max]")).to_be_visible()
            assert_accessible(page)
        finally:
            shelf.put(opened(own_harbour, quick_encoder))
        expect(page.locator(".starter")).to_be_visible()


def test_asking(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    assert_accessible(page)
    turn = ask(page, WHEN_CLOSED)
    expect(turn.locator(".compared")).not_to_have_count(0)
    assert_accessible(page)
    turn.locator(".coverage summary").first.click()
    turn.locator(".order summary").click()
    silence = ask(page, ELSEWHERE)
    silence.get_by_text("Show what is nearest").click()
    expect(silence.locator(".card").first).to_be_visible()
    expect(ask(page, "a b c d e " * 150).locator(".failure")).to_be_visible()
    assert_accessible(page)


def test_filtering(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    page.locator("#filters summary").click()
    assert_accessible(page)
    page.locator("#filters summary").click()
    hear(page, "for-closing", "unlabelled")
    expect(page.locator("#acting .chip")).to_have_count(2)
    page.locator("#filters summary").click()
    page.get_by_label("from").fill("last year")
    expect(page.locator("#acting .wrong")).to_be_visible()
    assert_accessible(page)


def test_keeping_conversations(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    bar = page.locator("#conversations")
    ask(page, WHEN_CLOSED)
    begin_anew(page)
    ask(page, ELSEWHERE)
    bar.locator(".kept > summary").click()
    bar.locator(".export summary").click()
    assert_accessible(page)
    bar.get_by_role("button", name="Rename").first.click()
    expect(bar.get_by_role("textbox", name="Title")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    bar.get_by_role("button", name="Delete", exact=True).first.click()
    expect(bar.locator(".undo")).to_be_visible()
    assert_accessible(page)


def test_reading(seeds_url: str, new_page: NewPage) -> None:
    """A long source, with headings and with furniture that is unfolded, and what is found in it."""
    page = new_page(seeds_url)
    reader = open_source(ask(page, "Was there ethnic cleansing?").locator(".card").first)
    assert_accessible(page)
    reader.locator(".left-out summary").first.click()
    find = reader.get_by_role("searchbox")
    find.fill("the")
    expect(reader.locator(".hits")).to_contain_text("1 of")
    assert_accessible(page)
    find.fill("qwertz")
    expect(reader.locator(".hits")).not_to_contain_text("1 of")
    assert_accessible(page)


@pytest.mark.parametrize(
    "after",
    [
        HARBOUR["council.txt"],
        str(HARBOUR["council.txt"]).replace("in 1974", "one day"),
        "The council met.",
        None,
    ],
    ids=["intact", "changed", "removed", "gone"],
)
def test_following_a_link(
    own_url: str,
    own_harbour: Settings,
    quick_encoder: Encoder,
    new_page: NewPage,
    after: str | None,
) -> None:
    page = new_page(own_url)
    turn = ask(page, "Who says that the town council closed the harbour in 1974?")
    card = turn.locator(".card", has_text="council.txt").first
    card.get_by_role("button", name="Copy link").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    link = copied(page)
    if after is None:
        (own_harbour.seeds / "council.txt").unlink()
    else:
        write_files(own_harbour.seeds, {"council.txt": after})
    build(own_harbour, quick_encoder)
    page.goto(link)
    expect(page.locator("#reader").locator(".note, .failure")).to_be_visible()
    assert_accessible(page)


def test_keeping_a_library(own_url: str, own_harbour: Settings, new_page: NewPage) -> None:
    page = new_page(own_url)
    open_tab(page, "Library")
    page.locator(".builds summary").click()
    assert_accessible(page)
    page.locator("[data-open='visitor.md']").click()
    details = page.locator("#sources .details")
    details.locator("[data-name=perspective]").select_option("+")
    details.get_by_role("button", name="Label it", exact=True).click()
    expect(details.locator("[aria-invalid]")).not_to_have_count(0)
    assert_accessible(page)
    details.get_by_role("button", name="Remove it…").click()
    expect(details.get_by_role("button", name="Keep it")).to_be_visible()
    assert_accessible(page)
    details.get_by_role("button", name="Remove it", exact=True).click()
    expect(page.locator(".waiting [data-act=restore]")).to_be_visible()
    assert_accessible(page)
    write_files(own_harbour.seeds, {"new.txt": "A gull was seen.", "picture.png": "no picture"})
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator("#progress .report")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Find").fill("no such source")
    expect(page.locator(".nothing")).to_be_visible()
    assert_accessible(page)


def test_adding(own_url: str, new_page: NewPage) -> None:
    """Files that are refused, added, and still under way."""
    page = new_page(own_url)
    open_tab(page, "Library")
    held: list[Route] = []
    page.route("**/parallax/seeds/slow.txt", lambda route: held.append(route))
    files: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": b"A gull was seen."}
        for name in ("notes.xyz", "gull.txt", "slow.txt", "waits.txt")
    ]
    page.locator("#adding input[type=file]").set_input_files(files)
    expect(page.locator(".uploads progress")).to_have_count(2)
    expect(page.locator(".uploads .refused")).to_have_count(1)
    expect(page.locator(".uploads .added")).to_have_count(1)
    assert_accessible(page)
    for route in held:
        route.continue_()
    expect(page.locator(".uploads .added")).to_have_count(3)


def test_the_map_and_how_labels_work(seeds_url: str, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    open_tab(page, "Map")
    expect(page.locator("#map .points")).not_to_have_count(0)
    assert_accessible(page)
    open_tab(page, "How labels work")
    page.get_by_role("heading", name="How labels work").wait_for()
    assert_accessible(page)


def test_the_door(own_harbour: Settings, quick_encoder: Encoder, chromium: Browser) -> None:
    sharing = Sharing(token="the token of the owner", password="open sesame")  # noqa: S106
    library = opened(own_harbour, quick_encoder)
    with served(library, own_harbour, sharing) as url, fresh_context(chromium) as context:
        page = context.new_page()
        page.goto(url)
        assert_accessible(page)
        page.locator("#secret").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        assert_accessible(page)
        page.locator("#secret").fill("open sesame")
        page.keyboard.press("Enter")
        page.locator(".welcome").wait_for()
        open_tab(page, "Library")
        expect(page.get_by_role("link", name="Sign in as the owner")).to_be_visible()
        assert_accessible(page)
