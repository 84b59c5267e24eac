"""How the page looks, wide and narrow, light and dark: what can be measured of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from tests.browser.conftest import served
from tests.browser.driving import QUOTE, ask, come_back, open_source, open_tab, wait_for_sight
from tests.making import WHEN_CLOSED, opened, settings_for

NewPage = Callable[..., Page]

QUESTION = "Was there ethnic cleansing?"
ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"

WIDE, NARROW = 1440, 390

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3: of text that is not large."""

PALE = """(least) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const parts = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a], [x, y, z]) =>
    [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const behind = (element) => {
    if (!element) return [255, 255, 255, 1];
    const color = parts(getComputedStyle(element).backgroundColor);
    return color[3] === 1 ? color : over(color, behind(element.parentElement));
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const says = (element) => [...element.childNodes].some(
    (each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
  const pale = [];
  for (const element of document.querySelectorAll("main *")) {
    if (!says(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const back = behind(element);
    const ink = over(parts(getComputedStyle(element).color), back);
    const [high, low] = [light(ink), light(back)].sort((one, other) => other - one);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < least) pale.push(`${contrast.toFixed(2)} of ${element.outerHTML.slice(0, 90)}`);
  }
  return pale;
}"""


def assert_in_shape(page: Page) -> None:
    """Nothing reaches beyond the side of the window, and every text stands out."""
    page.wait_for_function("document.getAnimations().every((each) => each.playState !== 'running')")
    wide = "({ scrollWidth, clientWidth }) => scrollWidth - clientWidth"
    assert page.locator("html").evaluate(wide) <= 0
    assert page.locator("#reader").evaluate(wide) <= 0
    assert page.evaluate(PALE, LEAST_CONTRAST) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_view_keeps_its_shape(
    seeds_url: str, new_page: NewPage, width: int, dark: bool
) -> None:
    page = new_page(seeds_url, width=width, height=844, dark=dark)
    assert_in_shape(page)
    silence = ask(page, ELSEWHERE)
    silence.locator("summary").click()
    turn = ask(page, QUESTION)
    assert_in_shape(page)
    reader = open_source(turn.locator(".card").first)
    wait_for_sight(reader.locator(QUOTE))
    reader.locator(".left-out summary").first.click()
    assert_in_shape(page)
    _assert_arranged(page, width)
    open_tab(page, "Library")
    page.locator("#sources [data-open]").first.click()
    expect(page.locator("#sources .details")).to_be_visible()
    assert_in_shape(page)
    open_tab(page, "How labels work")
    page.get_by_role("heading", name="How labels work").wait_for()
    assert_in_shape(page)
    assert _lightness(page) < 0.2 if dark else _lightness(page) > 0.8


def _assert_arranged(page: Page, width: int) -> None:
    """Wide: the source beside the conversation. Narrow: below it."""
    chat, source = (page.locator(each).bounding_box() for each in ("#main", "#reader"))
    assert chat is not None
    assert source is not None
    if width == WIDE:
        assert source["x"] >= chat["x"] + chat["width"] - 1
        assert source["width"] >= 360
    else:
        assert source["y"] >= chat["y"] + chat["height"] - 1
        assert source["width"] >= width - 2


@pytest.mark.parametrize("width", [WIDE, 768, NARROW])
def test_the_head_of_a_source_leaves_room_for_its_text(
    seeds_url: str, new_page: NewPage, width: int
) -> None:
    page = new_page(seeds_url, width=width, height=844)
    reader = open_source(ask(page, QUESTION).locator(".card").first)
    wait_for_sight(reader.locator(QUOTE))
    bar, text = (reader.locator(each).bounding_box() for each in (".bar", ".text"))
    assert bar is not None
    assert text is not None
    if width == WIDE:  # the text scrolls alone, below all that is said of the source
        assert text["height"] >= 0.4 * (844 - bar["y"])
    else:  # the bar stays where it is, all else scrolls
        assert bar["y"] + bar["height"] <= 0.2 * 844
    assert reader.locator(".bar").evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    expect(reader.get_by_role("button", name="Close")).to_be_in_viewport()
    expect(page.get_by_role("tab", name="Map")).to_be_in_viewport()


def _lightness(page: Page) -> float:
    """Of the paper, 0 to 1."""
    color: str = page.locator(".gradio-container").first.evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    parts = [int(part) for part in color.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts) / len(parts) / 255


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_amiss_stands_out_too(
    own_url: str, own_harbour: Settings, new_page: NewPage, dark: bool
) -> None:
    page = new_page(own_url, width=NARROW, height=844, dark=dark)
    (own_harbour.seeds / "new.txt").write_text("A new one stands here.", "utf-8")
    expect(ask(page, "a b c d e " * 150).locator(".failure")).to_be_visible()
    come_back(page)
    expect(page.locator("#status .changed")).to_be_visible()
    open_source(ask(page, WHEN_CLOSED).locator(".card").first)
    assert_in_shape(page)
    open_tab(page, "Library")
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator("#progress .report")).to_be_visible()
    assert_in_shape(page)


def test_the_fonts_are_those_that_come_along(seeds_url: str, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    turn = ask(page, QUESTION)
    page.wait_for_function("document.fonts.status === 'loaded'")
    loaded = page.evaluate(
        "[...document.fonts].filter(({ status }) => status === 'loaded')"
        ".map(({ family }) => family.replaceAll('\"', ''))"
    )
    assert {"Inter", "Literata"} <= set(loaded)
    expect(turn.locator(".quote").first).to_be_visible()
    assert _drawn_with(page, ".quote") == {"Literata"}
    assert _drawn_with(page, ".told") == {"Inter"}
    assert _drawn_with(page, "#go") == {"Inter"}


def _drawn_with(page: Page, selector: str) -> set[str]:
    """The fonts with which the browser draws an element, each fetched from this server."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": selector}
    node = devtools.send("DOM.querySelector", query)["nodeId"]
    fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert all(font["isCustomFont"] for font in fonts)
    return {font["familyName"] for font in fonts}


LABELS = [
    f"Those who for reasons of their own would rather not be named here, group {number}"
    for number in range(1, 12)
] + ["Unaufgefordertzurückgekehrtenverbandsvertreterversammlungsmitglieder"]


@pytest.fixture
def many_labels_url(tmp_path: Path, quick_encoder: Encoder) -> Iterator[str]:
    """A library with many labels that are long, served."""
    entries = (
        f"[perspectives.p{number}]\nlabel = {json.dumps(label)}\n"
        f'[[sources]]\nfile = "{number}.txt"\nperspective = "p{number}"\nbasis = "It says so."\n'
        for number, label in enumerate(LABELS)
    )
    files = {f"{number}.txt": "The Gribble stands here.\n" for number in range(len(LABELS))}
    settings = settings_for(tmp_path, files | {"sources.toml": "".join(entries)})
    build(settings, quick_encoder)
    with served(opened(settings, quick_encoder), settings) as url:
        yield url


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_many_long_labels_leave_room_for_the_answer(
    many_labels_url: str, new_page: NewPage, width: int
) -> None:
    page = new_page(many_labels_url, width=width, height=844)
    expect(page.locator("#heard label")).to_have_count(len(LABELS))
    ask(page, "Where does the Gribble stand?")
    assert_in_shape(page)
    asking = page.locator("#asking").bounding_box()
    assert asking is not None
    assert asking["height"] <= 844 / 2
    open_source(page.locator(".card").first)
    assert_in_shape(page)
    for tab in ("Library", "How labels work"):
        open_tab(page, tab)
        expect(page.locator(".holdings:visible li")).to_have_count(len(LABELS))
        assert_in_shape(page)
