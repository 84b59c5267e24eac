"""The map of a library as HTML: two plots to be drawn, and the same as a list. Pure.

plotly reads some markup in the text that it draws (`<b>`, `<a>`, entities), so of all that is told
of sources it is given the labels alone, escaped (`plots.plain`). What stands beside the pointer is
put there by `assets/map.js` as plain text.
"""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from rag.answering import Library
from rag.hashing import sha256_of
from rag.heads import heads_of
from rag.records import UNLABELLED
from rag.web.badges import shapes_of
from rag.web.listing import Listing, rows_of, shown
from rag.web.markup import render
from rag.web.plots import Map, Spot, plane, seen, timeline
from rag.wording.language import say
from rag.wording.plain import shown_label

PLOTLY = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
"""plotly's own script, in the package that is installed with Parallax."""


def map_html(library: Library) -> str:
    """The two plots, for `assets/map.js` to draw, with what they show in words."""
    drawn = Map.of(library)
    by_time = timeline(drawn).to_json() if drawn.dated else ""
    by_nearness = plane(drawn).to_json() if len(drawn.near) > 1 else ""
    return render(
        "map.html",
        map=drawn,
        script=_script(),
        sources=json.dumps([_told(spot) for spot in drawn.spots], ensure_ascii=False),
        by_time=by_time,
        numbered=drawn.numbered,
        by_nearness=by_nearness,
    )


@cache
def _script() -> str:
    """Where plotly's script is; its hash makes browsers fetch that of a new version."""
    return f"parallax/plotly.js?{sha256_of(PLOTLY)[:12]}"


def nearest_html(library: Library, listing: Listing) -> str:
    """A page of the sources, each with its label, its date and its nearest ones."""
    rows = [row for row in rows_of(library) if row.document]
    page = shown(rows, listing)
    return render(
        "nearest.html",
        page=page,
        of=len(rows),
        listing=listing,
        placed=library.nearness.sources,
        documents=heads_of(library.documents),
        shapes=shapes_of(each.id for each in library.perspectives),
        cosine=cosine,
    )


def cosine(value: float) -> str:
    """A cosine in two decimals: .83, −.05, 1.00."""
    return f"{value:.2f}".replace("-", "−").replace("0.", ".", 1)


def _told(spot: Spot) -> list[str]:
    """What stands beside the pointer, after the document that a click opens."""
    source = spot.document.source
    label = shown_label(source.perspective.label)
    if spot.label != UNLABELLED:
        label = say("source-labelled", label=label)
    title = seen(" ".join(spot.document.display_title.split()))
    return [spot.document.id, title, seen(label), seen(source.published or say("map-no-date"))]
