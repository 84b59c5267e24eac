"""The plots of the map, as plotly draws them: sources by time, and by nearness. Pure.

They have no colours yet: `assets/map.js` gives each mark the colour that its badge has on the page.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.answering import Library
from rag.characters import name_of, unseen_in
from rag.heads import Described, heads_of
from rag.holdings import holdings
from rag.intervals import interval_of
from rag.nearness import Placed
from rag.web.badges import Shapes, shapes_of
from rag.wording.language import say
from rag.wording.plain import shown_label

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SYMBOLS = {
    "diamond": "diamond",
    "disc": "circle-open",
    "triangle": "triangle-up",
    "square": "square-open",
    "hexagon": "hexagon2",
    "cross": "cross",
}
"""A badge's shape (`badges.SHAPES`) -> plotly's name of the same."""

DOT = "circle"
"""Of sources whose badge has no shape: small, and filled."""

NUMBERED = 40
"""Up to so many sources have their numbers beside them."""

APART, APART_NUMBERED = 1 / 80, 1 / 16
"""Marks lie beside each other if they are so far apart, as a share of the whole time.

With numbers beside them they need more: 1 / 16 is as wide as such a mark is on a telephone.
"""

LEVEL, MOST_LEVELS = 40, 8
"""Pixels by which a lane grows for each level from the third on, and for how many levels at most.

Beyond that, and where the lanes are low because the marks have no numbers, marks of one lane do
come to lie on each other.
"""

LONGEST = 44
"""Letters of a label in a plot; the list below has all of it."""


class When(NamedTuple):
    """When the first day of a date begins, and its last day ends."""

    first: datetime
    last: datetime

    @classmethod
    def of(cls, told: str | None) -> "When | None":
        """The time of a date of reduced precision; None if it is no such date."""
        days = interval_of(told or "")
        if days is None:
            return None
        return cls(datetime.combine(days[0], time.min), datetime.combine(days[1], time(23, 59, 59)))

    @property
    def middle(self) -> datetime:
        """Where its mark stands."""
        return self.first + (self.last - self.first) / 2


_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;"})


@dataclass(frozen=True)
class Spot:
    """A source on the map.

    Attributes:
        number: its place in the library, from 1.
        when: it was published; None if nobody knows.
        placed: None for a source of which nothing is searched.
    """

    number: int
    document: Described
    when: When | None
    placed: Placed | None

    @property
    def label(self) -> str:
        """Id of the perspective that its label names."""
        return self.document.source.perspective.id


@dataclass(frozen=True)
class Map:
    """The sources of a library, by time and by nearness.

    Attributes:
        labels: id of each perspective that a source carries -> its label, in the catalogue's order.
        kept: the share of the differences that the plane shows, 0 to 1.
    """

    spots: Sequence[Spot]
    labels: Mapping[str, str]
    shapes: Shapes
    kept: float

    @classmethod
    def of(cls, library: Library) -> "Map":
        """The map of a library."""
        placed = library.nearness
        spots = [
            Spot(
                number,
                document,
                When.of(document.source.published),
                placed.sources.get(document.id),
            )
            for number, document in enumerate(heads_of(library.documents).values(), start=1)
        ]
        held = holdings(library.perspectives, library.documents)
        return cls(
            spots=spots,
            labels={row.perspective: shown_label(row.label) for row in held if row.sources},
            shapes=shapes_of(each.id for each in library.perspectives),
            kept=placed.shown,
        )

    @cached_property
    def dated(self) -> dict[int, When]:
        """When each source was published of which somebody knows that, by its number."""
        return {spot.number: spot.when for spot in self.spots if spot.when}

    @cached_property
    def near(self) -> list[Spot]:
        """The sources that have a place on the plane."""
        return [spot for spot in self.spots if spot.placed]

    @property
    def numbered(self) -> bool:
        """Whether each source has its number beside it."""
        return len(self.spots) <= NUMBERED

    @property
    def years(self) -> tuple[int, int]:
        """The years of the earliest and the latest date."""
        dates = self.dated.values()
        return min(each.first for each in dates).year, max(each.last for each in dates).year


def plain(text: str) -> str:
    """Text that plotly draws as it stands, on one line; what cannot be seen shows its name.

    plotly fills in `%{…}`, then takes `<…>` for tags and `&…;` for entities.
    """
    return seen(" ".join(text.split())).translate(_ESCAPED)


def timeline(drawn: Map) -> "Figure":
    """The dated sources by time, a lane for each label; the others in a column without time."""
    from plotly.graph_objects import Figure, Scatter

    lanes = {label: -lane for lane, label in enumerate(drawn.labels)}
    known = [spot for spot in drawn.spots if spot.when]
    undated = [spot for spot in drawn.spots if not spot.when]
    columns = _columns(Counter(spot.label for spot in undated))
    piles = _piles(drawn) | _rows(undated, columns)
    levels = 1 + max(piles.values())
    heights = {
        spot.number: _height(lanes[spot.label], piles[spot.number], levels) for spot in drawn.spots
    }
    traces = []
    for label in drawn.labels:
        look = _look(drawn, label)
        own, rest = ([spot for spot in each if spot.label == label] for each in (known, undated))
        at: list[Any] = [drawn.dated[spot.number].middle for spot in own]
        aside: list[Any] = [place % columns for place in range(len(rest))]
        traces += [
            Scatter(**_bars(own, heights), meta=look["meta"]),
            Scatter(x=at, y=_at(own, heights), **look, **_points(drawn, own)),
            Scatter(x=aside, y=_at(rest, heights), xaxis="x2", **look, **_points(drawn, rest)),
        ]
    return Figure([each for each in traces if each.x], _by_time(drawn, lanes, levels, columns))


def plane(drawn: Map) -> "Figure":
    """The sources on the plane on which their distances are kept best."""
    from plotly.graph_objects import Figure, Scatter

    traces = []
    for label in drawn.labels:
        spots = [spot for spot in drawn.near if spot.label == label]
        places = [spot.placed for spot in spots if spot.placed]
        x, y = [round(each.x, 5) for each in places], [round(each.y, 5) for each in places]
        traces.append(Scatter(x=x, y=y, **_look(drawn, label), **_points(drawn, spots)))
    axis = {"visible": False, "showgrid": False, "zeroline": False}
    layout = _layout(440) | {
        "xaxis": axis,
        "yaxis": axis | {"scaleanchor": "x", "scaleratio": 1},
        "margin": {"l": 16, "r": 16, "t": 20, "b": 16},
    }
    return Figure([each for each in traces if each.x], layout)


def seen(text: str) -> str:
    """A text, in which what cannot be seen is replaced by its name."""
    pieces, end = [], 0
    for match in unseen_in(text):
        pieces += [text[end : match.start()], f"[{name_of(match[0])}]"]
        end = match.end()
    return "".join(pieces) + text[end:]


def _look(drawn: Map, label: str) -> dict[str, Any]:
    """How the sources of a label are drawn; their colour is the badge's, by the shape in `meta`."""
    shape = drawn.shapes.get(label, "")
    many = len(drawn.spots)
    size = 11 if many <= 100 else 8 if many <= 1000 else 6
    return {
        "meta": {"shape": shape},
        "marker": {
            "symbol": SYMBOLS[shape] if shape else DOT,
            "size": size if shape else 0.7 * size,
            "line": {"width": 2 if shape in ("disc", "square") else 0},
            "opacity": 1 if many <= 100 else 0.8,
        },
    }


def _points(drawn: Map, spots: Sequence[Spot]) -> dict[str, Any]:
    """What each point of a trace stands for: a row of what `_told` tells."""
    numbered = drawn.numbered
    return {
        "mode": "markers+text" if numbered else "markers",
        "text": [str(spot.number) for spot in spots] if numbered else None,
        "textposition": "top center",
        "customdata": [spot.number - 1 for spot in spots],
        "hoverinfo": "none",
        "cliponaxis": False,
    }


def _bars(spots: Sequence[Spot], heights: Mapping[int, float]) -> dict[str, Any]:
    """A bar over the time of each source of which no day is known, all as one broken line."""
    x: list[datetime | None] = []
    y: list[float | None] = []
    for spot in spots:
        if spot.when and spot.when.first.date() < spot.when.last.date():
            x += [*spot.when, None]
            y += [heights[spot.number], heights[spot.number], None]
    line = {"width": 2}
    return {"x": x, "y": y, "mode": "lines", "line": line, "opacity": 0.45, "hoverinfo": "skip"}


def _at(spots: Sequence[Spot], heights: Mapping[int, float]) -> list[float]:
    return [round(heights[spot.number], 4) for spot in spots]


def _piles(drawn: Map) -> dict[int, int]:
    """On which level of its lane each dated source lies, by its number.

    The fewest levels on which no mark and no bar of a lane touches another: each takes the lowest
    that is free where it begins.
    """
    levels: dict[int, int] = {}
    for label in drawn.labels:
        free: list[int] = []
        taken: list[tuple[timedelta, int]] = []
        for begins, ends, number in sorted(_extents(drawn, label)):
            while taken and taken[0][0] <= begins:
                heapq.heappush(free, heapq.heappop(taken)[1])
            levels[number] = heapq.heappop(free) if free else len(taken)
            heapq.heappush(taken, (ends, levels[number]))
    return levels


def _extents(drawn: Map, label: str) -> Iterator[tuple[timedelta, timedelta, int]]:
    """From when to when the mark and the bar of each dated source of a label reach; its number.

    Counted from the first day of all, so that no time lies before the first year or after the last.
    """
    begin = min(when.first for when in drawn.dated.values())
    whole = max(when.last for when in drawn.dated.values()) - begin
    half = whole * (APART_NUMBERED if drawn.numbered else APART) / 2
    for spot in drawn.spots:
        if spot.when and spot.label == label:
            first, middle, last = (
                each - begin for each in (spot.when.first, spot.when.middle, spot.when.last)
            )
            yield min(first, middle - half), max(last, middle + half), spot.number


def _rows(undated: Sequence[Spot], columns: int) -> dict[int, int]:
    """On which level of its lane each source without a date lies, by its number."""
    held: Counter[str] = Counter()
    levels: dict[int, int] = {}
    for spot in undated:
        levels[spot.number] = held[spot.label] // columns
        held[spot.label] += 1
    return levels


def _ends(dated: Mapping[int, When]) -> tuple[datetime, datetime]:
    middles = [when.middle for when in dated.values()]
    return min(middles), max(middles)


def _height(lane: int, level: int, levels: int) -> float:
    """Where a source stands in a lane of so many levels."""
    return lane - 0.1 + 0.68 / levels * _outwards(level)


def _outwards(level: int) -> int:
    """Of 0, 1, 2, 3, 4 in turn: 0, 1, -1, 2, -2."""
    return (level + 1) // 2 * (1 if level % 2 else -1)


def _columns(undated: Mapping[str, int]) -> int:
    """In how many columns the sources without a date stand, of which a label has so many."""
    most = max(undated.values(), default=0)
    return min(20, max(1, math.isqrt(most)))


def _by_time(drawn: Map, lanes: Mapping[str, int], levels: int, columns: int) -> dict[str, Any]:
    lane = 64 if len(lanes) <= 8 else 46
    if drawn.numbered:
        lane = 84 + LEVEL * max(0, min(levels, MOST_LEVELS) - 2)
    undated = len(drawn.dated) < len(drawn.spots)
    first, last = _ends(drawn.dated)
    steps = {"dtick": 86_400_000} if last - first < timedelta(days=8) else {}
    axis = {"zeroline": False}
    aside = axis | {"domain": [0.84, 1], "range": [-1, columns], "fixedrange": True}
    aside |= {
        "showgrid": False,
        "tickvals": [(columns - 1) / 2],
        "ticktext": [plain(say("map-no-date"))],
    }
    return _layout(lane * len(lanes) + 44) | {
        "xaxis": axis
        | steps
        | {"type": "date", "tickformatstops": _STOPS}
        | {"domain": [0, 0.8 if undated else 1], "ticklabeloverflow": "hide past domain"},
        "xaxis2": aside if undated else None,
        "yaxis": axis
        | {"range": [0.5 - len(lanes), 0.5], "fixedrange": True, "showticklabels": False}
        | {"tickvals": [0.5 - at for at in range(len(lanes) + 1)]},
        "annotations": [_lane_label(drawn, label, at) for label, at in lanes.items()],
        "margin": {"l": 4, "r": 8, "t": 4, "b": 36},
    }


def _lane_label(drawn: Map, label: str, lane: int) -> dict[str, Any]:
    """A label in the upper corner of its lane; its name is the shape, for the colour."""
    words = " ".join(drawn.labels[label].split())
    words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    return {
        "name": drawn.shapes.get(label, ""),
        "text": plain(words),
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": lane + 0.48,
        "yanchor": "top",
        "showarrow": False,
    }


_STOPS = [
    {"dtickrange": ["M12", None], "value": "%Y"},
    {"dtickrange": ["M1", "M12"], "value": "%Y-%m"},
    {"dtickrange": [None, "M1"], "value": "%Y-%m-%d"},
]
"""Dates as the catalogue writes them, in every language."""


def _layout(height: int) -> dict[str, Any]:
    return {
        "template": "none",
        "height": height,
        "autosize": True,
        "uirevision": "kept",
        "showlegend": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Inter, system-ui, sans-serif", "size": 12},
    }
