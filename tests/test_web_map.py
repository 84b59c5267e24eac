import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering import Library
from rag.characters import name_of, unseen_in
from rag.encoder import Encoder
from rag.records import AssignedPerspective, Document, Source
from rag.web.badges import SHAPES
from rag.web.listing import Listing
from rag.web.map import PLOTLY, cosine, map_html, nearest_html
from rag.web.plots import SYMBOLS, Map, Spot, When, plain, plane, timeline
from tests.browser.payloads import PAYLOADS
from tests.making import Element, library_of, parsed

LABELS = ["one", "two"]


def spot(number: int, label: str = "one", published: str | None = None, **known: str) -> Spot:
    source = Source(
        title=known.get("title", f"Title {number}"),
        published=published,
        perspective=AssignedPerspective(id=label, label=known.get("label", label.title())),
    )
    document = Document(id=f"{number}.txt", text="", sha256="", encoding="utf_8", source=source)
    return Spot(number, document, When.of(published), None)


def drawn(*spots: Spot, shapes: Mapping[str, str] | None = None) -> Map:
    labels = {each.label: each.document.source.perspective.label for each in spots}
    return Map(spots, labels, {"one": "diamond", "two": "disc"} if shapes is None else shapes, 1.0)


def marks(figure: dict[str, Any]) -> dict[int, tuple[Any, float, str]]:
    """Where each source stands, by its place in the library, and on which axis."""
    return {
        at: (x, y, trace.get("xaxis", "x"))
        for trace in figure["data"]
        if trace["mode"] != "lines"
        for at, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }


def by_time(*spots: Spot) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(timeline(drawn(*spots)).to_json())
    return figure


@pytest.mark.parametrize(
    ("published", "middle", "bar"),
    [
        ("2020-10-21", "2020-10-21T11:59:59.500000", None),
        ("2020-02", "2020-02-15T11:59:59.500000", ("2020-02-01", "2020-02-29")),
        ("2019", "2019-07-02T11:59:59.500000", ("2019-01-01", "2019-12-31")),
        ("0001", "0001-07-02T11:59:59.500000", ("0001-01-01", "0001-12-31")),
        ("9999", "9999-07-02T11:59:59.500000", ("9999-01-01", "9999-12-31")),
    ],
)
def test_a_date_stands_at_its_middle_under_a_bar_over_its_days(
    published: str, middle: str, bar: tuple[str, str] | None
) -> None:
    figure = by_time(spot(1, published=published))
    assert marks(figure)[0][0] == middle
    bars = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    if bar is None:
        assert bars == []
    else:
        (line,) = bars
        assert line["x"] == [f"{bar[0]}T00:00:00", f"{bar[1]}T23:59:59", None]
        assert line["y"] == [marks(figure)[0][1]] * 2 + [None]


def test_each_label_has_a_lane_and_the_mark_of_its_badge() -> None:
    figure = by_time(
        spot(1, "one", "2001"), spot(2, "two", "2011"), spot(3, "unlabelled", "2021"), spot(4)
    )
    heights = {at: y for at, (_, y, _) in marks(figure).items()}
    assert all(-lane - 0.5 < heights[lane] < -lane + 0.5 for lane in range(3))
    assert heights[3] == heights[0]  # without a date, in the same lane
    words = [each["text"] for each in figure["layout"]["annotations"]]
    assert words == ["One", "Two", "Unlabelled"]
    assert [each["name"] for each in figure["layout"]["annotations"]] == ["diamond", "disc", ""]
    looks = {
        trace["meta"]["shape"]: trace["marker"]["symbol"]
        for trace in figure["data"]
        if trace["mode"] != "lines"
    }
    assert looks == {"diamond": "diamond", "disc": "circle-open", "": "circle"}
    assert set(SYMBOLS) == set(SHAPES)
    assert len({*SYMBOLS.values(), "circle"}) == len(SHAPES) + 1


def test_sources_without_a_date_stand_beside_the_time_and_not_in_it() -> None:
    figure = by_time(
        *(spot(number, published="2001" if number == 1 else None) for number in range(1, 11))
    )
    places = marks(figure)
    assert {axis for at, (_, _, axis) in places.items() if at} == {"x2"}
    assert places[0][2] == "x"
    assert len({place[:2] for place in places.values()}) == 10
    assert figure["layout"]["xaxis2"]["ticktext"] == ["no date"]
    assert figure["layout"]["xaxis"]["domain"][1] < figure["layout"]["xaxis2"]["domain"][0]
    dated = by_time(spot(1, published="2001"))
    assert "xaxis2" not in dated["layout"]
    assert dated["layout"]["xaxis"]["domain"] == [0, 1]


def test_sources_of_one_day_lie_above_and_below_each_other_in_their_lane() -> None:
    spots = [spot(number, "one", "2020-05-05") for number in range(1, 8)]
    places = marks(by_time(*spots, spot(8, "two", "2020-05-05"), spot(9, "two", "2021-05-05")))
    assert len({place[:2] for place in places.values()}) == 9
    assert all(-0.5 < places[at][1] < 0.45 for at in range(7))
    assert places[7][1] == places[8][1]


@given(st.lists(st.dates(), min_size=1, max_size=300), st.integers(0, 100))
def test_every_source_has_one_mark_in_its_lane(days: list[Any], undated: int) -> None:
    labels = [LABELS[number % 2] for number in range(len(days) + undated)]
    dates = [day.isoformat() for day in days] + [None] * undated
    spots = [
        spot(n, label, day) for n, (label, day) in enumerate(zip(labels, dates, strict=True), 1)
    ]
    figure = drawn(*spots)
    places = marks(json.loads(timeline(figure).to_json()))
    assert sorted(places) == list(range(len(spots)))
    lanes = list(figure.labels)
    for at, (x, y, axis) in places.items():
        assert round(-y) == lanes.index(labels[at])
        assert (axis == "x2") == (dates[at] is None)
        if dates[at]:
            assert datetime.fromisoformat(x).date() == days[at]


TOLD = st.builds(
    lambda day, letters: day.isoformat()[:letters], st.dates(), st.sampled_from([4, 7, 10])
)
"""A date of a day, a month or a year."""


@given(st.lists(TOLD, min_size=1, max_size=60))
def test_marks_and_bars_of_a_lane_lie_beside_each_other_or_on_as_few_levels_as_can_be(
    dates: list[str],
) -> None:
    spots = [spot(number, published=told) for number, told in enumerate(dates, 1)]
    places = marks(by_time(*spots))
    times = [each.when for each in spots if each.when]
    first, last = min(each.first for each in times), max(each.last for each in times)
    half = (last - first) / (32 if len(spots) <= 40 else 160)
    reach = [
        (
            min(when.first - first, when.middle - first - half),
            max(when.last - first, when.middle - first + half),
        )
        for when in times
    ]
    for at, (begins, _) in enumerate(reach):
        over = [each for each, (since, until) in enumerate(reach) if since <= begins < until]
        heights = [places[each][1] for each in over]
        assert len(set(heights)) == len(heights), at
    deepest = max(sum(since <= begins < until for since, until in reach) for begins, _ in reach)
    assert len({y for _, y, _ in places.values()}) == deepest


def test_lanes_grow_with_the_marks_above_each_other_while_these_have_numbers() -> None:
    def height(sources: int, day: str = "2020-05-05") -> float:
        spots = [spot(number, published=day) for number in range(1, sources + 1)]
        tall: float = by_time(*spots)["layout"]["height"]
        return tall

    assert height(1) == height(2) < height(3) < height(8) == height(40)
    assert height(41) < height(40)


ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "#37": "%"}


def as_plotly_reads(text: str) -> str:
    """What plotly shows: of values that it does not know nothing; then tags go, entities come."""
    untagged = re.sub(r"</?[^>]*>", "", re.sub(r"%\{[^}]*\}", "", text))
    return re.sub(r"&(#?\w+);", lambda found: ENTITIES.get(found[1], "\0"), untagged)


@pytest.mark.parametrize(
    "text", [*PAYLOADS, "a<br>b", "&lt;b&gt;", "&amp;amp;", "&#60;b>", "<b", "%{x} 5 %"]
)
def test_a_label_is_read_as_plain_text(text: str) -> None:
    assert "<" not in plain(text)
    assert ">" not in plain(text)
    words = " ".join(text.split())
    named = "".join(
        f"[{name_of(each)}]" if at in unseen else each
        for unseen in [{match.start() for match in unseen_in(words)}]
        for at, each in enumerate(words)
    )
    assert as_plotly_reads(plain(text)) == named


def test_a_label_without_anything_unseen_is_shown_letter_for_letter() -> None:
    for text in (
        '<a href="https://evil.example">x</a>',
        "<b>x</b> &amp; &#60;",
        "R&D <3",
        "Ավետիս",
    ):
        assert as_plotly_reads(plain(text)) == text
    assert plain("a\u202eb") == "a[right-to-left override]b"
    assert plain("a\n b\u00a0c") == "a b c"


def test_the_plane_is_that_of_the_library(library: Library) -> None:
    figure = json.loads(plane(Map.of(library)).to_json())
    places = marks(figure)
    for at, placed in enumerate(library.nearness.sources.values()):
        assert places[at][:2] == (round(placed.x, 5), round(placed.y, 5))
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x"
    assert sorted(text for trace in figure["data"] for text in trace["text"]) == list("12345")


def element_of(library: Library) -> Element:
    return parsed(map_html(library))


def told_of(library: Library) -> list[list[str]]:
    (told,) = element_of(library).values("data-sources")
    sources: list[list[str]] = json.loads(told)
    return sources


def test_beside_the_pointer_stand_title_label_and_date(harbour: Library) -> None:
    titles = [document.display_title for document in harbour.documents.values()]
    assert told_of(harbour) == [
        ["council.txt", titles[0], "source labelled For closing", "1976"],
        ["fishers.txt", titles[1], "source labelled Against closing", "no date"],
        ["visitor.md", titles[2], "Unlabelled", "no date"],
    ]
    assert titles[0] == "Minutes of the council"


def test_the_map_says_what_it_shows(harbour: Library) -> None:
    text = " ".join(element_of(harbour).text.split())
    assert "Map of 3 sources" in text
    assert "2 of 3 have no date and stand apart" in text
    assert "two dimensions show 100 % of the differences between these sources." in text
    figures = element_of(harbour).values("data-figure")
    assert len(figures) == 2
    for document in harbour.documents.values():
        assert all(document.display_title not in figure for figure in figures)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.txt": "The herring came back to the harbour."}, "There is one source, and so none"),
        ({"a.txt": "The herring came back."}, "No source of this library has a date"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    tmp_path: Path, quick_encoder: Encoder, files: Mapping[str, str], expected: str
) -> None:
    page = element_of(library_of(tmp_path, files, quick_encoder))
    assert expected in " ".join(page.text.split())
    assert page.values("data-figure") == []


def test_an_empty_library_is_said_to_be_empty(harbour: Library) -> None:
    class Empty:
        documents: Mapping[str, Document] = {}
        perspectives = harbour.perspectives
        nearness = harbour.nearness

    page = parsed(map_html(Empty()))  # type: ignore[arg-type]
    assert "The library holds no source yet." in page.text
    assert page.values("data-figure") == []


def test_the_list_names_the_nearest_with_their_cosines(library: Library) -> None:
    page = parsed(nearest_html(library, Listing()))
    opened = page.values("data-document")
    expected = []
    for name, placed in library.nearness.sources.items():
        expected += [name, *(near.document for near in placed.nearest)]
        for near in placed.nearest:
            assert cosine(near.cosine) in page.text
    assert opened == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.834, ".83"), (1.0, "1.00"), (0.999, "1.00"), (-0.049, "−.05"), (0.0, ".00"), (0.1, ".10")],
)
def test_a_cosine_has_two_decimals(value: float, said: str) -> None:
    assert cosine(value) == said


def test_a_long_list_is_paged_and_searched(tmp_path: Path, quick_encoder: Encoder) -> None:
    files = {f"{number:03}.txt": f"Boat {number} lay in the harbour.\n" for number in range(130)}
    many = library_of(tmp_path, files, quick_encoder)
    first = parsed(nearest_html(many, Listing()))
    assert "130 sources, page 1 of 2" in " ".join(first.text.split())
    assert first.values("data-page") == ["2"]
    assert len(first.values("id")) == 101
    last = parsed(nearest_html(many, Listing(page=2)))
    assert last.values("data-page") == ["1"]
    found = parsed(nearest_html(many, Listing(find="077.txt")))
    assert found.values("data-document")[0] == "077.txt"
    assert [each for each in found.values("id") if each != "nearest-heading"] == ["near-78"]


def test_plotly_comes_with_its_package() -> None:
    assert PLOTLY.read_bytes()[:400].count(b"plotly.js") == 1
