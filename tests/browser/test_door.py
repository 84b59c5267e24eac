"""A shared page in a real browser: the door, a reader, and the owner."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from rag.encoder import Encoder
from rag.settings import Settings
from rag.web import entrance
from rag.web.sharing import Sharing
from rag.wording.language import say
from tests.browser.conftest import fresh_context, served
from tests.browser.driving import ask, open_tab
from tests.browser.test_look import LEAST_CONTRAST, PALE
from tests.making import WHEN_CLOSED, opened

PASSWORD = "open sesame"  # noqa: S105
TOKEN = "the token of the owner"  # noqa: S105

FIELD = "Password, or the owner's token"

PUT = """async () => {
  const reply = await fetch("parallax/seeds/new.txt", { method: "PUT", body: "The ferry sails." });
  return [reply.status, (await reply.json()).message];
}"""

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def url(
    own_harbour: Settings, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setattr(entrance, "DELAY", 0.05)
    sharing = Sharing(token=TOKEN, password=PASSWORD)
    with served(opened(own_harbour, quick_encoder), own_harbour, sharing) as url:
        yield url


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """Makes contexts whose pages may ask nobody but this machine."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:")):
            elsewhere.append(request.url)

    def make(**how: object) -> BrowserContext:
        context = fresh_context(chromium, **how)
        context.on("request", note)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert elsewhere == []


def sign_in(page: Page, secret: str) -> None:
    page.get_by_label(FIELD).fill(secret)
    page.keyboard.press("Enter")


def test_a_reader_comes_in_and_asks_and_changes_nothing_and_the_owner_does(
    url: str, new_context: NewContext, own_harbour: Settings
) -> None:
    page = new_context().new_page()
    page.goto(f"{url}?from=here&to=%D1%82%D0%B0%D0%BC")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.url == f"{url}parallax/door?from=here&to=%D1%82%D0%B0%D0%BC"
    expect(page.get_by_label(FIELD)).to_be_focused()

    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text(say("door-wrong"))
    sign_in(page, PASSWORD)
    page.locator(".welcome").wait_for()
    assert page.url == f"{url}?from=here&to=%D1%82%D0%B0%D0%BC"
    expect(ask(page, WHEN_CLOSED).locator(".card").first).to_be_visible()

    open_tab(page, "Library")
    expect(page.locator("#adding")).to_contain_text("need the owner's token")
    expect(page.locator("#rebuild")).not_to_be_visible()
    told = [403, "Only the owner of this library may do that."]
    assert page.evaluate(PUT) == told
    assert not (own_harbour.seeds / "new.txt").exists()

    page.get_by_role("link", name="Sign in as the owner").click()
    expect(page.locator(".standing")).to_contain_text("You may read and ask.")
    sign_in(page, TOKEN)
    page.locator(".welcome").wait_for()
    open_tab(page, "Library")
    assert page.evaluate(PUT) == [201, "added to the folder of seeds."]
    assert (own_harbour.seeds / "new.txt").read_text("utf-8") == "The ferry sails."
    page.locator("#rebuild").click()
    expect(page.locator("#progress .report")).to_be_visible()

    page.get_by_role("link", name="Sign out").click()
    expect(page.locator(".standing")).to_contain_text("as the owner")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".standing")).to_have_count(0)
    page.goto(url)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_browser_learns_that_a_file_is_too_large(
    own_harbour: Settings, quick_encoder: Encoder, new_context: NewContext
) -> None:
    """Though it goes on sending long after that is known."""
    settings = own_harbour.model_copy(update={"max_file_megabytes": 1})
    with served(opened(settings, quick_encoder), settings) as local:
        page = new_context(base_url=local).new_page()
        page.goto(f"{local}parallax/icon.svg")
        status = page.evaluate(
            """() => fetch("/parallax/seeds/a.txt",
                 { method: "PUT", body: new Uint8Array(40e6) }).then((reply) => reply.status)"""
        )
        assert status == 413
    assert not (own_harbour.seeds / "a.txt").exists()


def test_the_door_opens_without_any_script(url: str, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    sign_in(page, PASSWORD)
    page.wait_for_url(url)
    assert "gradio" in page.content()


def test_two_browsers_are_two_visitors(url: str, new_context: NewContext) -> None:
    one, other = new_context().new_page(), new_context().new_page()
    one.goto(url)
    sign_in(one, TOKEN)
    one.locator(".welcome").wait_for()
    other.goto(url)
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    for page, status in ((one, 200), (other, 401)):
        assert page.context.request.get(f"{url}config").status == status


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_door_is_readable(url: str, new_context: NewContext, width: int, scheme: str) -> None:
    viewport = {"width": width, "height": 700}
    page = new_context(viewport=viewport, color_scheme=scheme).new_page()
    page.goto(url)
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate(PALE, LEAST_CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.fonts.check('16px Inter')")
    field = page.get_by_label(FIELD)
    expect(field).to_have_accessible_description(
        "The password lets you read and ask. The owner's token, which the program shows where it"
        " was started, lets you add, label, remove and rebuild as well. " + say("door-wrong")
    )
