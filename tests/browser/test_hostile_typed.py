"""Whatever is typed into the page, brought to it or kept by the browser is text and does nothing.

That a document and a catalogue do nothing either: see `test_hostile`.
"""

import base64
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from rag.adding import file_name
from rag.encoder import Encoder
from rag.errors import SeedRefused
from rag.index.build import build
from rag.links import HELD, Link
from rag.records import AROUND
from rag.settings import Settings
from rag.web.ask_tab import SECRET
from rag.web.conversations import LONGEST_TITLE, MOST, Asked, Conversation, Kept
from rag.web.owning import LONGEST
from tests.browser.conftest import served
from tests.browser.driving import ask, marked, open_tab, text_content
from tests.browser.hostile import BARE, DOCUMENTS, Served, assert_inert, toml
from tests.browser.payloads import PAYLOADS, SCHEMES, packed
from tests.making import WHEN_CLOSED, opened, settings_for

NewPage = Callable[..., Page]

SEAL = """async ([words, key, start]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const held = await crypto.subtle.importKey("raw", bytes(key), "AES-CBC", false, ["encrypt"]);
  const how = { name: "AES-CBC", iv: bytes(start) };
  const sealed = await crypto.subtle.encrypt(how, held, new TextEncoder().encode(words));
  return [...new Uint8Array(sealed)];
}"""


def sealed(page: Page, words: str) -> str:
    """Words as Gradio lays them into the browser: by CryptoJS, whose keys are OpenSSL's of old.

    https://docs.openssl.org/master/man3/EVP_BytesToKey/, with MD5 and one round. What stands before
    the colon is read by nobody.
    """
    salt, made = b"parallax", b""
    secret = hashlib.sha256(SECRET.encode()).hexdigest().encode()
    while len(made) < 48:
        made += hashlib.md5(made[-16:] + secret + salt).digest()  # noqa: S324
    key, start = (base64.b64encode(each).decode() for each in (made[:32], made[32:48]))
    held = b"Salted__" + salt + bytes(page.evaluate(SEAL, [words, key, start]))
    return f"{start}:{base64.b64encode(held).decode()}"


def one_line(text: str) -> str:
    """As a box of one line holds it."""
    return "".join(" " if each in "\r\n" else each for each in text)


def test_titles_and_questions_that_lie_in_the_browser(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    titles = list(packed(LONGEST_TITLE))
    for first in range(0, len(titles), MOST):
        lying = titles[first : first + MOST]
        kept = Kept(
            conversations=tuple(
                Conversation(id=f"{number:016x}", title=title, asked=(Asked(question=title),))
                for number, title in enumerate(lying)
            )
        )
        words = sealed(page, json.dumps(kept.to_browser()))
        page.evaluate("words => localStorage.setItem('parallax', words)", words)
        page.reload()
        items = page.locator("#conversations li")
        expect(items).to_have_count(len(lying))
        assert items.locator(".open").all_text_contents() == lying[::-1]
        values = items.locator("input").evaluate_all("all => all.map((each) => each.value)")
        assert values == [each.replace("\r", "").replace("\n", "") for each in lying[::-1]]
        assert_inert(page)
        page.locator("#conversations .kept > summary").click()
        items.first.locator(".open").click()
        expect(page.locator(".turn .question")).to_have_count(1)
        assert text_content(page.locator(".turn .question")) == lying[-1]
        assert text_content(page.locator("#conversations h2")) == lying[-1]
        assert_inert(page)


def test_titles_that_are_typed(harbour_url: str, new_page: NewPage) -> None:
    page = new_page(harbour_url)
    ask(page, WHEN_CLOSED)
    page.locator("#conversations .kept > summary").click()
    item = page.locator("#conversations li")
    for title in list(packed(LONGEST_TITLE))[::5]:
        item.get_by_role("button", name="Rename").click()
        box = item.get_by_role("textbox", name="Title")
        box.fill(title)
        typed = " ".join(box.input_value().split())
        box.press("Enter")
        expect(page.locator("#conversations h2")).to_have_text(typed)
        assert text_content(page.locator("#conversations h2")) == typed
    assert_inert(page)


def test_every_payload_is_found_where_it_stands(hostile: Served, new_page: NewPage) -> None:
    """By the box that finds words in a source: each of them, as it is typed into one line."""
    page = new_page(hostile.url)
    open_tab(page, "Library")
    page.locator("#sources [data-document='bare.txt']").click()
    expect(page.locator("#reader .place")).to_contain_text("bare.txt")
    found = page.locator("#reader").evaluate(
        """(reader, words) => words.map((each) => {
          const box = reader.querySelector("[data-find]");
          box.value = each;
          box.dispatchEvent(new Event("input", { bubbles: true }));
          return reader.querySelector(".hits").textContent;
        })""",
        [one_line(each) for each in PAYLOADS],
    )
    several = [payload for payload, told in zip(PAYLOADS, found, strict=True) if "1 of" not in told]
    assert several == []
    assert_inert(page)


def test_what_is_looked_for_among_the_sources(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    open_tab(page, "Library")
    entries = page.locator("#sources .entry")
    expect(entries).to_have_count(len(DOCUMENTS) + len(BARE))
    box = page.locator("#sources [data-name=find]")
    for each in DOCUMENTS[::4]:
        box.fill(one_line(each.payloads[-1])[:200])
        page.wait_for_timeout(300)  # until it is looked for
        assert_inert(page)
    box.fill(DOCUMENTS[3].word)
    expect(entries).to_have_count(1)
    assert_inert(page)


def test_whatever_is_written_as_a_date_is_shown_and_does_not_act(
    hostile_dated: str, new_page: NewPage
) -> None:
    page = new_page(hostile_dated)
    page.locator("#filters summary").click()
    wrong = page.locator("#acting .wrong")
    texts = list(packed(100))[::4]
    for since, until in zip(texts[::2], texts[1::2], strict=False):
        page.evaluate(
            """(dates) => Object.entries(dates).forEach(([of, typed]) => {
              const box = document.querySelector(`[data-of=${of}]`);
              box.value = typed;
              box.dispatchEvent(new Event("input", { bubbles: true }));
            })""",
            {"since": since, "until": until},
        )
        typed = [each.replace("\r", "").replace("\n", "").strip() for each in (since, until)]
        expect(wrong.locator("bdi").first).to_have_text(typed[0])
        assert wrong.locator("bdi").all_text_contents() == typed
        assert_inert(page)
    expect(page.locator("#acting .chip")).to_have_count(0)


@pytest.fixture
def hostile_dated(tmp_path: Path, quick_encoder: Encoder) -> Iterator[str]:
    """Sources with dates, of which every kind is hostile, served."""
    entries = "".join(
        f'[[sources]]\nfile = "{number}.txt"\npublished = "1999"\nkind = {toml(each)}\n'
        for number, each in enumerate(packed(100))
    )
    files = {f"{number}.txt": f"Gull {number}." for number, _ in enumerate(packed(100))}
    settings = settings_for(tmp_path, files | {"sources.toml": entries})
    build(settings, quick_encoder)
    with served(opened(settings, quick_encoder), settings) as url:
        yield url


def test_all_filters_act_under_their_names(hostile: Served, new_page: NewPage) -> None:
    """Every label, every source and every kind at once, each with a button of its own."""
    page = new_page(hostile.url)
    page.locator("#filters summary").click()
    names = page.locator("#filters fieldset label bdi").all_text_contents()
    assert len(names) == 3 * len(DOCUMENTS) + 1 + len(BARE)
    page.evaluate("document.querySelectorAll('#filters [type=checkbox]').forEach(b => b.click())")
    chips = page.locator("#acting .chip bdi")
    expect(chips).to_have_count(len(names))
    assert chips.all_text_contents() == names
    assert_inert(page)
    for gone in range(1, 4):
        page.locator("#acting .chip").first.click()
        expect(chips).to_have_count(len(names) - gone)
    assert chips.all_text_contents() == names[3:]


def test_a_label_says_what_was_typed(
    own_url: str, own_harbour: Settings, quick_encoder: Encoder, new_page: NewPage
) -> None:
    page = new_page(own_url)
    open_tab(page, "Library")
    page.locator("[data-open='visitor.md']").click()
    details = page.locator("#sources .details")
    expect(details).to_have_attribute("data-of", "visitor.md")
    fields = [each for each in LONGEST if each not in ("perspective", "quote")]
    told = {each: iter(list(packed(LONGEST[each]))) for each in fields}
    for count in range(6):
        typed = {name: one_line(next(texts)) for name, texts in told.items()}
        details.locator("[data-name=perspective]").select_option("+")
        for name, text in typed.items():
            details.locator(f"[data-name={name}]").fill(text)
        details.locator("[data-name=quote]").fill(typed["basis"][:99])
        details.get_by_role("button", name="Label it", exact=True).click()
        expect(details.locator("#problem-quote")).to_be_visible()
        assert_inert(page)
        details.locator("[data-name=quote]").fill("")
        details.get_by_role("button", name="Label it", exact=True).click()
        label = " ".join(typed["label"].split())
        expect(details.locator(".done")).to_contain_text("It acts from the next rebuild on")
        expect(details.locator(".pending")).to_contain_text(label)
        assert_inert(page)
        written = tomllib.loads((own_harbour.seeds / "sources.toml").read_text("utf-8"))
        entry = next(each for each in written["sources"] if each["file"] == "visitor.md")
        assert len(written["perspectives"]) == 3 + 1 + count
        assert written["perspectives"][entry["perspective"]]["label"].split() == label.split()
        for name, field in (("basis", "basis"), ("by", "assigned_by"), ("kind", "kind")):
            assert entry[field].split() == typed[name].split()
    build(own_harbour, quick_encoder)
    page.reload()
    open_tab(page, "Library")
    page.locator("[data-document='visitor.md']").click()
    expect(page.locator("#reader .former li")).to_have_count(5)
    assert text_content(page.locator("#reader .badge bdi")).split() == label.split()
    assert_inert(page)


def test_files_are_added_under_any_name(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    open_tab(page, "Library")
    before = set(own_harbour.seeds.rglob("*"))
    names = [f"{each}.txt" for each in PAYLOADS]
    files: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": b"A gull."} for name in names
    ]
    page.locator("#adding input[type=file]").set_input_files(files)
    places = page.locator(".uploads li")
    expect(places).to_have_count(len(files))
    expect(places.locator("progress")).to_have_count(0, timeout=120_000)
    told: list[tuple[str, str]] = places.evaluate_all(
        "all => all.map((each) => [each.className, each.querySelector('bdi').textContent])"
    )
    assert [name for _, name in told] == names
    kept = {path.name for path in set(own_harbour.seeds.rglob("*")) - before}
    assert kept == {file_name(name) for kind, name in told if kind == "added"}
    for kind, name in told:
        if kind == "refused":
            with pytest.raises(SeedRefused):
                file_name(name)
    assert len(kept) > 150
    assert_inert(page)


def test_links_that_others_made_up(hostile: Served, new_page: NewPage) -> None:
    """What a link says is looked for and never shown; what is found stands in the source."""
    nowhere = "It stands nowhere"
    for number, words in list(enumerate(packed(HELD - len(nowhere))))[::2]:
        link = _made_up(nowhere + words, DOCUMENTS[number].file)
        with followed(hostile.url, link, new_page) as reader:
            assert nowhere not in text_content(reader)
    for number in range(0, len(DOCUMENTS), 6):
        words = DOCUMENTS[number].payloads[-1]
        with followed(hostile.url, _made_up(words, words * 3), new_page) as reader:
            # What ends a line stands between what is marked of one line and of the next.
            assert "".join(marked(reader).split()) == "".join(words.split())


@contextmanager
def followed(url: str, link: str, new_page: NewPage) -> Iterator[Locator]:
    """The reader of a page that is opened by a link, once it says what has become of that."""
    page = new_page(url, search=f"?cite={link}")
    reader = page.locator("#reader")
    expect(reader.locator(".failure, .note")).to_have_count(1)
    yield reader
    assert_inert(page)
    page.context.close()


def _made_up(words: str, document: str) -> str:
    return Link(
        document=document,
        sha256=words[:64],
        start=0,
        end=len(words),
        exact=words,
        prefix=words[:AROUND],
        suffix=words[-AROUND:],
    ).address


def test_addresses_that_are_no_links(harbour_url: str, new_page: NewPage) -> None:
    for words in packed(2500):
        with followed(harbour_url, quote(words), new_page) as reader:
            expect(reader.locator(".failure")).to_contain_text("This link to a quote is damaged")


def test_where_a_source_is_from_leads_out_or_nowhere(
    tmp_path: Path, quick_encoder: Encoder, new_page: NewPage
) -> None:
    entries = "".join(
        f'[[sources]]\nfile = "{number}.txt"\nurl = {toml(each)}\n'
        for number, each in enumerate(SCHEMES)
    )
    files = {f"{number}.txt": f"Gull {number}." for number, _ in enumerate(SCHEMES)}
    settings = settings_for(tmp_path, files | {"sources.toml": entries})
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    with served(library, settings) as url:
        page = new_page(url)
        open_tab(page, "Library")
        reader = page.locator("#reader")
        for number, address in enumerate(SCHEMES):
            page.locator(f"#sources [data-document='{number}.txt']").click()
            expect(reader.locator(".place")).to_contain_text(f"{number}.txt")
            known = library.documents[f"{number}.txt"].source.url
            assert known in (None, address.strip())
            assert (address.strip() in text_content(reader)) is (known is not None)
            links = reader.locator("a[target=_blank]")
            leads: Sequence[str] = links.evaluate_all("all => all.map((each) => each.href)")
            for each in leads:
                assert urlsplit(each).scheme in ("http", "https")
                assert urlsplit(each).hostname == urlsplit(address).hostname
                assert text_content(reader.locator(".ways bdi")) == urlsplit(address).hostname
            assert_inert(page)
        page.close()  # before its server is


def test_the_map_shows_names_as_text(hostile: Served, new_page: NewPage) -> None:
    page = new_page(hostile.url)
    open_tab(page, "Map")
    expect(page.locator("#map .points")).not_to_have_count(0)
    listed = page.locator("#nearest .name button").all_text_contents()
    documents = hostile.library.documents.values()
    assert listed == [each.display_title for each in documents]
    assert page.locator("#map .keys .badge bdi").all_text_contents()[: len(DOCUMENTS)] == [
        each.label for each in DOCUMENTS
    ]
    assert_inert(page)


def test_what_is_strange_is_seen(harbour_url: str, new_page: NewPage) -> None:
    """Each of these, put where a text stands, is told: the other tests can fail."""
    page = new_page(harbour_url)
    for strange in (
        "<i>slanted</i>",
        "<p style='color:red'>red</p>",
        "<p contenteditable>a field</p>",
        "<form><p>asks</p></form>",
        "<a href='?q=1'>on</a>",
        "<a href='https://evil.example/' target=_blank>out</a>",
        "<span data-evil=1>of no template</span>",
        "<dialog open>over</dialog>",
    ):
        page.locator("#thread .welcome").evaluate(
            "(at, text) => at.insertAdjacentHTML('beforeend', text)", strange
        )
        with pytest.raises(AssertionError):
            assert_inert(page)
        page.locator("#thread .welcome > :last-child").evaluate("each => each.remove()")
        assert_inert(page)
