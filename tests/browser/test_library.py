"""What the owner of a library does on its tab: add, label, overrule, remove, rebuild."""

import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from rag.web import library_tab
from rag.web.details import Beside
from rag.web.owning import Desk
from rag.web.sources import library_html
from tests.browser.conftest import served
from tests.browser.driving import ask, cards_of, come_back, open_tab
from tests.making import opened, settings_for

NewPage = Callable[..., Page]

HERRING = "The herring of Lomvik was salted in barrels of spruce, a cooper remembered.\n"
WHAT_BARRELS = "In what barrels was the herring salted?"

MILL = (
    "Skip to main content\n"
    "\n"
    "The mill of Ostby burnt down on a night in March, and nobody was in it.\n"
    "Its miller was paid four thousand crowns before anybody asked where he had been.\n"
)

MOST_STEPS = 80


def library_of(page: Page) -> Page:
    """The page, on the tab with the sources."""
    open_tab(page, "Library")
    expect(page.locator("#sources .entry")).not_to_have_count(0)
    return page


def entry_of(page: Page, name: str) -> Locator:
    return page.locator("#sources .entry", has=page.locator(f"[data-open='{name}']"))


def unfold(page: Page, name: str) -> Locator:
    """The details of a source, unfolded."""
    entry_of(page, name).get_by_role("button", name="Details").click()
    details = page.locator("#sources .details")
    expect(details).to_have_attribute("data-of", name)
    return details


def rebuild(page: Page) -> None:
    """Rebuild, and wait until the list is that of the new generation."""
    before = page.locator("#status [data-generation]").get_attribute("data-generation") or ""
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator("#progress .report")).to_be_visible()
    expect(
        page.locator(f"#status [data-generation]:not([data-generation='{before}'])")
    ).to_be_visible()
    expect(page.locator("#changed")).to_contain_text("up to date")


def add(page: Page, *files: Path) -> Locator:
    """Choose files, and wait until something has become of each."""
    page.locator("#adding input[type=file]").set_input_files(list(files))
    places = page.locator(".uploads li")
    expect(places.locator("progress")).to_have_count(0)
    return places


def fill(details: Locator, **fields: str) -> None:
    for name, value in fields.items():
        details.locator(f"[data-name={name}]").fill(value)


def test_a_document_is_added_labelled_and_asked(
    own_url: str, own_harbour: Settings, tmp_path: Path, new_page: NewPage
) -> None:
    page = library_of(new_page(own_url))
    (tmp_path / "cooper.txt").write_text(HERRING, "utf-8")
    (tmp_path / "notes.xyz").write_text("No such format.", "utf-8")
    places = add(page, tmp_path / "cooper.txt", tmp_path / "notes.xyz")
    expect(places).to_have_count(2)
    expect(places.first).to_contain_text("added to the folder of seeds")
    expect(places.last).to_have_class("refused")
    assert (own_harbour.seeds / "cooper.txt").read_text("utf-8") == HERRING
    assert not (own_harbour.seeds / "notes.xyz").exists()
    expect(page.locator("#changed")).to_contain_text("1 seed changed since this build")
    rebuild(page)
    expect(page.locator("#sources .entry")).to_have_count(4)
    entry = entry_of(page, "cooper.txt")
    expect(entry.locator(".badge")).to_have_text("Unlabelled")
    _label(page)
    expect(page.locator("#status")).to_contain_text("sources.toml changed since this build")
    expect(page.locator(".pending")).to_have_text("From the next rebuild on: Coopers.")
    rebuild(page)
    expect(entry.locator(".badge")).to_have_text("Coopers")
    expect(page.locator(".pending")).to_have_count(0)
    open_tab(page, "Ask")
    turn = ask(page, WHAT_BARRELS)
    assert cards_of(turn)[0].exact == HERRING.strip()
    expect(turn.locator(".card .badge").first).to_have_text("source labelled Coopers")


def _label(page: Page) -> None:
    """Label the cooper's document, first without what a label needs."""
    details = unfold(page, "cooper.txt")
    details.locator("[data-name=perspective]").select_option("+")
    fill(details, label="Coopers", description="Barrels are good.", quote="in barrels of oak")
    details.get_by_role("button", name="Label it", exact=True).click()
    for name in ("basis", "quote", "by"):
        field = details.locator(f"[data-name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(details.locator(f"#problem-{name}")).to_be_visible()
    expect(details.locator("[data-name=basis]")).to_be_focused()
    # What was typed is still there, where it was typed.
    expect(details.locator("[data-name=perspective]")).to_have_value("+")
    expect(details.locator("[data-name=label]")).to_have_value("Coopers")
    expect(details.locator("[data-name=quote]")).to_have_value("in barrels of oak")
    fill(details, basis="It praises barrels.", quote="in barrels of spruce", by="Ana")
    details.get_by_role("button", name="Label it", exact=True).click()
    expect(details.locator(".done")).to_have_text(
        "Labelled Coopers. It acts from the next rebuild on."
    )
    expect(details.locator("[data-name=basis]")).to_have_value("")
    expect(details.locator("[data-name=by]")).to_have_value("Ana")


def test_a_label_half_written_outlives_what_is_done_meanwhile(
    mill_url: str, new_page: NewPage
) -> None:
    page = library_of(new_page(mill_url))
    details = unfold(page, "mill.txt")
    fill(details, basis="It says so.")
    details.get_by_role("button", name="Keep this").first.click()
    expect(details.get_by_role("button", name="Leave out again")).to_be_focused()
    details.get_by_role("button", name="Remove it…").click()
    details.get_by_role("button", name="Keep it").click()
    expect(details.get_by_role("button", name="Remove it…")).to_be_focused()
    expect(details.locator("[data-name=basis]")).to_have_value("It says so.")


def test_what_is_typed_stays_with_the_source_it_is_typed_for(
    harbour_url: str, new_page: NewPage
) -> None:
    page = library_of(new_page(harbour_url))
    fill(unfold(page, "council.txt"), basis="Of the council.")
    details = unfold(page, "fishers.txt")
    expect(details.locator("[data-name=basis]")).to_have_value("")
    fill(details, basis="Of the fishers.")
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
    expect(details.locator("[data-name=basis]")).to_have_value("Of the fishers.")
    expect(unfold(page, "council.txt").locator("[data-name=basis]")).to_have_value(
        "Of the council."
    )


@pytest.fixture
def mill(tmp_path: Path, quick_encoder: Encoder) -> Settings:
    """A page with furniture, and three rows of one file."""
    rows = "id,text\n" + "".join(
        f"{n},The boat number {n} lies in the harbour.\n" for n in (1, 2, 3)
    )
    own = settings_for(tmp_path, {"mill.txt": MILL, "boats.csv": rows})
    build(own, quick_encoder)
    return own


@pytest.fixture
def mill_url(mill: Settings, quick_encoder: Encoder) -> Iterator[str]:
    """That page, served."""
    with served(opened(mill, quick_encoder), mill) as url:
        yield url


def test_furniture_is_kept_by_one_click_and_found_after_the_rebuild(
    mill_url: str, mill: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    page = library_of(new_page(mill_url))
    passages = entry_of(page, "mill.txt").locator(".passages")
    details = unfold(page, "mill.txt")
    run = details.locator(".left li").first
    expect(run.locator(".words")).to_have_text("Skip to main content")
    run.get_by_role("button", name="Keep this").click()
    expect(run.locator(".reason")).to_contain_text("kept from the next rebuild on")
    assert tomllib.loads((mill.seeds / "sources.toml").read_text("utf-8"))["sources"][0]["keep"]
    run.get_by_role("button", name="Leave out again").click()
    expect(run.get_by_role("button", name="Keep this")).to_be_visible()
    run.get_by_role("button", name="Keep this").click()
    expect(run.locator("strong")).to_be_visible()
    rebuild(page)
    library = opened(mill, quick_encoder)
    texts = [each.text for each in library.generation.texts.passages]
    assert any("Skip to main content" in text for text in texts)
    expect(run.locator(".reason")).to_contain_text("kept by the owner of the library")
    expect(passages).to_contain_text("1")


def test_a_source_is_removed_put_back_removed_and_gone(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = library_of(new_page(own_url))
    file = own_harbour.seeds / "visitor.md"
    content = file.read_bytes()
    details = unfold(page, "visitor.md")
    details.get_by_role("button", name="Remove it…").click()
    expect(details.locator(".removing")).to_contain_text("Remove visitor.md?")
    assert file.exists()
    details.get_by_role("button", name="Keep it").click()
    details.get_by_role("button", name="Remove it…").click()
    details.get_by_role("button", name="Remove it", exact=True).click()
    expect(entry_of(page, "visitor.md")).to_contain_text("goes with the next rebuild")
    assert not file.exists()
    expect(page.locator("#changed")).to_contain_text("1 seed changed since this build")
    page.locator(".waiting").get_by_role("button", name="Put back").click()
    expect(entry_of(page, "visitor.md")).not_to_contain_text("goes with the next rebuild")
    assert file.read_bytes() == content
    expect(page.locator("#changed")).to_contain_text("up to date")
    details.get_by_role("button", name="Remove it…").click()
    details.get_by_role("button", name="Remove it", exact=True).click()
    expect(details.get_by_role("button", name="Put back")).to_be_visible()
    rebuild(page)
    expect(page.locator("#sources .entry")).to_have_count(2)
    expect(page.locator("#sources .details")).to_have_count(0)
    page.get_by_text("Earlier builds").click()
    expect(page.locator(".builds li").first).to_contain_text("removed 1: visitor.md")
    (kept,) = (own_harbour.seeds / ".removed").rglob("visitor.md")
    assert kept.read_bytes() == content


def test_the_whole_file_of_a_row_is_named_before_it_goes(mill_url: str, new_page: NewPage) -> None:
    page = library_of(new_page(mill_url))
    details = unfold(page, "boats.csv#2")
    details.get_by_role("button", name="Remove the whole file…").click()
    expect(details.locator(".removing")).to_contain_text(
        "Remove boats.csv? It holds 3 sources, which go with it:"
        " boats.csv#1, boats.csv#2, boats.csv#3."
    )
    details.get_by_role("button", name="Remove it", exact=True).click()
    expect(page.locator("#sources .entry.gone")).to_have_count(3)


def test_the_list_is_sorted_searched_and_filtered(harbour_url: str, new_page: NewPage) -> None:
    page = library_of(new_page(harbour_url))
    shown = page.locator("#sources [data-document]")
    page.get_by_role("button", name="Title", exact=True).click()
    expect(shown).to_have_text(
        [
            "Minutes of the council",
            "Untitled: “The harbour of Lomvik was closed to trawlers…”",
            "visitor.md",
        ]
    )
    page.get_by_role("button", name="Title", exact=True).click()
    expect(shown.first).to_have_text("visitor.md")
    box = page.get_by_label("Find")
    box.press_sequentially("council berg", delay=20)
    expect(shown).to_have_text(["Minutes of the council"])
    expect(box).to_be_focused()
    expect(box).to_have_value("council berg")
    expect(page.locator(".found")).to_have_text("1 of 3 rows")
    box.fill("")
    expect(shown).to_have_count(3)
    page.get_by_label("Source labelled").select_option("Against closing")
    expect(shown).to_have_count(1)
    shown.click()
    expect(page.locator("#reader h2")).to_contain_text("The harbour of Lomvik")


def test_no_reply_overtakes_what_was_asked_after_it(
    harbour_url: str, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(library: Library, desk: Desk, beside: Beside) -> str:
        if desk.listing.find == "visitor":
            time.sleep(1)
        return library_html(library, desk, beside)

    monkeypatch.setattr(library_tab, "library_html", slow)
    page = library_of(new_page(harbour_url))
    shown = page.locator("#sources [data-document]")
    box = page.get_by_label("Find")
    with page.expect_request("**/run/predict"):
        box.fill("visitor")
    box.fill("council")
    page.get_by_role("button", name="Title", exact=True).click()
    page.wait_for_timeout(2500)  # the slow reply would come last
    assert shown.all_text_contents() == ["Minutes of the council"]
    expect(page.locator("th.title[aria-sort=ascending]")).to_have_count(1)
    box.evaluate("box => box.removeAttribute('maxlength')")
    with page.expect_response("**/run/predict"):
        box.fill("x" * 201)  # refused
    box.fill("visitor.md")
    expect(shown).to_have_text(["visitor.md"])


def walk_to(goal: Locator, key: str = "Tab") -> None:
    """Press the key until the goal has the focus."""
    for _ in range(MOST_STEPS):
        goal.page.keyboard.press(key)
        if goal.evaluate("goal => goal === document.activeElement"):
            return
    raise AssertionError(f"{key} does not lead to {goal}")


def test_all_of_it_is_done_by_keyboard_alone(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    keys = page.keyboard
    tab = page.get_by_role("tab", name="Library")
    walk_to(tab, "Shift+Tab")
    keys.press("Enter")
    files = page.locator("#adding input[type=file]")
    walk_to(files)
    with page.expect_file_chooser() as chosen:
        keys.press("Space")
    payload: FilePayload = {
        "name": "cooper.txt",
        "mimeType": "text/plain",
        "buffer": HERRING.encode(),
    }
    chosen.value.set_files(payload)
    expect(page.locator(".uploads .added")).to_have_count(1)
    again = page.get_by_role("button", name="Rebuild index")
    walk_to(again, "Shift+Tab")
    keys.press("Enter")
    expect(page.locator("#sources .entry")).to_have_count(4)
    title = page.get_by_role("button", name="Title", exact=True)
    walk_to(title)
    keys.press("Space")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
    expect(title).to_be_focused()
    details = entry_of(page, "cooper.txt").get_by_role("button", name="Details")
    walk_to(details)
    keys.press("Enter")
    expect(details).to_have_attribute("aria-expanded", "true")
    expect(details).to_be_focused()
    walk_to(page.locator("[data-name=perspective]"))
    keys.type("For closing")
    expect(page.locator("[data-name=perspective]")).to_have_value("for-closing")
    for name, value in (("basis", "It says so."), ("by", "Ana")):
        walk_to(page.locator(f"[data-name={name}]"))
        keys.type(value)
    walk_to(page.locator("[data-act=label]"))
    keys.press("Enter")
    expect(page.locator(".details .done")).to_contain_text("Labelled For closing.")
    walk_to(page.locator("[data-act=remove]"))
    keys.press("Enter")
    expect(page.locator("[data-act=cancel]")).to_be_focused()
    walk_to(page.locator("[data-act=removal]"), "Shift+Tab")
    keys.press("Enter")
    expect(page.locator(".details [data-act=restore]")).to_be_focused()
    assert not (own_harbour.seeds / "cooper.txt").exists()
    keys.press("Enter")
    expect(page.locator(".details [data-act=remove]")).to_be_focused()
    assert (own_harbour.seeds / "cooper.txt").read_text("utf-8") == HERRING
    walk_to(again, "Shift+Tab")
    keys.press("Enter")
    expect(entry_of(page, "cooper.txt").locator(".badge")).to_have_text("For closing")


def test_a_file_with_the_same_name_is_not_overwritten(
    own_url: str, own_harbour: Settings, tmp_path: Path, new_page: NewPage
) -> None:
    page = library_of(new_page(own_url))
    (tmp_path / "up").mkdir()
    same, other = tmp_path / "up" / "visitor.md", tmp_path / "up" / "council.txt"
    before = (own_harbour.seeds / "council.txt").read_bytes()
    same.write_bytes((own_harbour.seeds / "visitor.md").read_bytes())
    other.write_text("Another text.", "utf-8")
    places = add(page, same, other)
    expect(places.first).to_have_class("same")
    expect(places.last).to_have_class("refused")
    assert (own_harbour.seeds / "council.txt").read_bytes() == before


def test_what_cannot_be_sent_is_told(own_url: str, tmp_path: Path, new_page: NewPage) -> None:
    page = library_of(new_page(own_url))
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "PUT" else None)
    page.locator(".drop").evaluate("drop => (drop.dataset.most = '4')")
    (tmp_path / "large.txt").write_text("12345")
    (tmp_path / "small.txt").write_text("1234")
    page.route("**/parallax/seeds/*", lambda route: route.fulfill(status=401))
    large, small = add(page, tmp_path / "large.txt", tmp_path / "small.txt").all()
    expect(large).to_contain_text("not added: larger than")
    expect(small.get_by_role("link", name="Sign in again")).to_have_attribute(
        "href", "parallax/door"
    )
    assert [url.rpartition("/")[2] for url in sent] == ["small.txt"]


def test_the_log_of_builds_stays_unfolded(own_url: str, new_page: NewPage) -> None:
    page = library_of(new_page(own_url))
    page.get_by_text("Earlier builds").click()
    expect(page.locator(".builds li")).to_have_count(1)
    rebuild(page)
    come_back(page)
    expect(page.locator(".builds li")).to_have_count(2)
    expect(page.locator(".builds li").first).to_be_visible()
