"""The map: what plotly draws of the sources, and what a click on it opens."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Request, Route, expect

from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import build
from rag.settings import Settings
from tests.browser.conftest import served
from tests.browser.driving import open_tab, text_content
from tests.browser.test_keyboard import walk_to
from tests.browser.test_look import NARROW, PALE
from tests.making import opened, settings_for

NewPage = Callable[..., Page]

PLACES = """plot => Object.fromEntries(plot.data.flatMap((trace, at) => {
  if (trace.mode === "lines") return [];
  const { xaxis, yaxis } = plot._fullLayout._plots[trace.xaxis ? `${trace.xaxis}y` : "xy"];
  const box = plot.getBoundingClientRect();
  const x = trace._input?.x ?? trace.x;
  return trace.customdata.map((source, k) => [source, [
    box.x + xaxis._offset + xaxis.d2p(x[k]),
    box.y + yaxis._offset + yaxis.d2p(trace.y[k]),
  ]]);
}))"""
"""Where on the screen each source is drawn, by its place in the library from 0."""

COLOURS = """plot => plot.data.filter(trace => trace.mode !== "lines").map(
  (trace) => [trace.meta.shape, trace.marker.color])"""


def open_map(page: Page) -> Locator:
    """Turn to the map, and wait until both plots are drawn: these."""
    open_tab(page, "Map")
    plots = page.locator("#map .plot")
    expect(plots).to_have_count(2)
    for plot in plots.all():
        expect(plot.locator(".points > *").first).to_be_attached()
    return plots


def place_of(plot: Locator, source: int) -> tuple[float, float]:
    plot.scroll_into_view_if_needed()
    x, y = plot.evaluate(PLACES)[str(source)]
    return x, y


def test_what_stands_below_the_plots_stays_where_it_is_when_they_appear(
    seeds_url: str, new_page: NewPage
) -> None:
    page = new_page(seeds_url)
    held: list[Route] = []
    page.route("**/*plotly*", lambda route: held.append(route))
    open_tab(page, "Map")
    first = page.locator("#near-1 [data-document]").first
    expect(first).to_be_visible()
    page.wait_for_timeout(200)
    before = first.bounding_box()
    assert page.locator("#map .main-svg").count() == 0
    held[0].continue_()
    open_map(page)
    assert first.bounding_box() == before


def test_a_click_on_a_mark_opens_its_source(
    library: Library, seeds_url: str, new_page: NewPage
) -> None:
    page = new_page(seeds_url)
    plots = open_map(page)
    names = list(library.documents)
    for plot in plots.all():
        for source in (3, 0):
            x, y = place_of(plot, source)
            page.mouse.move(x, y)
            beside = page.locator(".beside-pointer")
            expect(beside.locator("strong")).to_have_text(
                library.documents[names[source]].display_title
            )
            page.mouse.click(x, y)
            expect(page.locator("#reader .place")).to_contain_text(names[source])
            expect(beside).to_be_hidden()
            page.wait_for_timeout(400)  # the plot is drawn anew, as narrow as it is now
    page.keyboard.press("Escape")
    expect(page.locator("#reader .place")).to_have_count(0)


def test_the_plot_is_fetched_from_here_once_and_only_when_it_is_wanted(
    seeds_url: str, new_page: NewPage
) -> None:
    page = new_page(seeds_url)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "plotly" in request.url:
            asked.append(request.url)

    page.on("request", note)
    open_tab(page, "Library")
    assert page.evaluate("typeof Plotly") == "undefined"
    open_map(page)
    open_tab(page, "Ask")
    open_map(page)
    assert len(asked) == 1
    assert asked[0].startswith(f"{seeds_url}parallax/plotly.js?")
    expect(page.locator("#map .modebar-btn, #map .plotlyjsicon")).to_have_count(0)


def test_the_list_does_all_of_it_by_keyboard(
    library: Library, seeds_url: str, new_page: NewPage
) -> None:
    page = new_page(seeds_url)
    open_map(page)
    names = list(library.documents)
    first = page.locator("#near-1")
    page.get_by_role("tab", name="Map", exact=True).focus()
    walk_to(first.locator("[data-document]").first)
    page.keyboard.press("Tab")
    near = library.nearness.sources[names[0]].nearest[0].document
    page.keyboard.press("Enter")
    expect(page.locator("#reader .place")).to_contain_text(near)
    page.keyboard.press("Escape")
    expect(first.locator("[data-document]").first).to_be_focused()
    for plot in page.locator("#map [role=img]").all():
        assert "The list below" in (plot.get_attribute("aria-label") or "")
    assert page.locator("#map .plot [tabindex], #map .plot button, #map .plot a").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768, NARROW])
def test_it_fits_and_has_the_colours_of_the_badges(
    seeds_url: str, new_page: NewPage, width: int, dark: bool
) -> None:
    page = new_page(seeds_url, width=width, height=844, dark=dark)
    plots = open_map(page)
    assert page.locator("html").evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    assert page.evaluate(PALE, 4.5) == []
    badges = set()
    for plot in plots.all():
        for shape, colour in plot.evaluate(COLOURS):
            badge = page.locator(f"#map .badge.{shape or 'unlabelled'}").first
            assert _rgb(page, colour) == badge.evaluate("each => getComputedStyle(each).color")
            badges.add(shape)
        box = plot.bounding_box()
        assert box is not None
        drawn = plot.locator(".main-svg").first.bounding_box()
        assert drawn is not None
        assert drawn["width"] <= box["width"] <= width
    assert badges


def _rgb(page: Page, colour: str) -> str:
    computed: str = page.evaluate(
        "colour => { const probe = document.createElement('i'); probe.style.color = colour;"
        " document.body.append(probe); const { color } = getComputedStyle(probe);"
        " probe.remove(); return color; }",
        colour,
    )
    return computed


def test_it_is_drawn_anew_when_the_dark_comes(seeds_url: str, new_page: NewPage) -> None:
    page = new_page(seeds_url)
    plot = open_map(page).first
    before = plot.evaluate(COLOURS)
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function(
        "([before, colours]) => JSON.stringify(eval(colours)(document.querySelector('#map .plot')))"
        " !== JSON.stringify(before)",
        arg=[before, COLOURS],
    )


def test_after_a_rebuild_the_map_is_of_the_new_library(
    own_url: str, own_harbour: Settings, new_page: NewPage
) -> None:
    page = new_page(own_url)
    open_map(page)
    heading = page.locator("#map h1")
    expect(heading).to_have_text("Map of 3 sources")
    (own_harbour.seeds / "new.txt").write_text("A new boat lies in Lomvik.\n", "utf-8")
    open_tab(page, "Library")
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator("#progress .report")).to_be_visible()
    plots = open_map(page)
    expect(heading).to_have_text("Map of 4 sources")
    expect(plots.last.locator(".points > *")).to_have_count(4)
    x, y = place_of(plots.last, 2)  # by its name it stands before visitor.md
    page.mouse.click(x, y)
    expect(page.locator("#reader .place")).to_contain_text("new.txt")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(seeds_url: str, new_page: NewPage, dark: bool) -> None:
    page = new_page(seeds_url, dark=dark)
    open_map(page)
    found = Axe().run(page, context="#main").response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


HOSTILE = (
    "<b>bold</b>",
    '<a href="https://evil.example/">link</a>',
    "<a href='javascript:window.pwned=1'>link</a>",
    "one<br>two<sup>3</sup>",
    "&lt;b&gt; &amp;amp; &#60;b&#62;",
    "<img src=x onerror=window.pwned=1>",
    "%{customdata} %{x} ${window.pwned=1} {{1}} $x^2$",
    "<span style='color:red'>red</span>",
)


@pytest.fixture
def hostile_url(tmp_path: Path, quick_encoder: Encoder) -> Iterator[tuple[str, Library]]:
    """A library whose titles and labels are what plotly could take for its markup, served."""
    entries = (
        f"[perspectives.p{number}]\nlabel = {json.dumps(text[:40])}\n"
        f'[[sources]]\nfile = "{number}.txt"\nperspective = "p{number}"\nbasis = "It says so."\n'
        f'title = {json.dumps(text)}\npublished = "{2000 + number}"\n'
        for number, text in enumerate(HOSTILE)
    )
    files = {f"{n}.txt": f"The Gribble stands at place {n}.\n" for n in range(len(HOSTILE))}
    settings: Settings = settings_for(tmp_path, files | {"sources.toml": "".join(entries)})
    build(settings, quick_encoder)
    library = opened(settings, quick_encoder)
    with served(library, settings) as url:
        yield url, library


def test_hostile_titles_and_labels_are_shown_as_plain_text(
    hostile_url: tuple[str, Library], new_page: NewPage
) -> None:
    url, _ = hostile_url
    page = new_page(url)
    plot = open_map(page).first
    labels = plot.locator(".annotation-text").all()
    assert [text_content(label) for label in labels] == [text[:40] for text in HOSTILE]
    markup: list[Any] = plot.evaluate(
        "plot => [...plot.querySelectorAll('a, [style*=bold], [style*=red], tspan')]"
        ".map(each => each.outerHTML)"
    )
    assert markup == []
    for source, text in enumerate(HOSTILE):
        page.mouse.move(*place_of(plot, source))
        beside = page.locator(".beside-pointer")
        expect(beside.locator("strong")).to_have_text(text)
        assert text_content(beside.locator("strong")) == text
        assert text_content(beside.locator("span").first) == f"source labelled {text[:40]}"
        assert beside.locator("*").count() == 3
    assert page.evaluate("window.pwned") is None
    assert page.locator("#nearest .name button").all_text_contents() == list(HOSTILE)
