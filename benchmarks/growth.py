"""A picture of how cost grows with the size of a library, on logarithmic axes.

    python benchmarks/growth.py FIGURES PICTURE

FIGURES is what million.py wrote. Within a panel a line that rises as steeply as the dotted one
means a cost in proportion to the passages.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browsing import chromium
from plotly import graph_objects
from plotly.subplots import make_subplots

PANELS = {
    "A question, ms: median; 95th percentile (brown)": ("median, ms", "p95, ms"),
    "Building, s: from nothing; one document more (brown)": ("built, s", "one document more, s"),
    "Memory of its own, MiB": ("own memory, MiB",),
    "Disk, GB": ("disk, GB",),
}
WIDTH, HEIGHT = 1200, 800
COLOURS = ("#1f4e79", "#b5541c")


def main(figures: Path, picture: Path) -> None:
    """Draw it."""
    rows = json.loads(figures.read_text("utf-8"))
    figure = drawn(rows)
    with TemporaryDirectory() as folder, chromium() as browser:
        page_of = Path(folder) / "growth.html"
        figure.write_html(page_of, include_plotlyjs=True, config={"staticPlot": True})
        page = browser.new_page(viewport={"width": WIDTH + 20, "height": HEIGHT + 20})
        page.goto(page_of.as_uri())
        page.locator(".main-svg").first.wait_for()
        page.locator(".plotly-graph-div").screenshot(path=picture)


def drawn(rows: list[dict[str, Any]]) -> graph_objects.Figure:
    """A panel for each cost, with a line for each measure and a dotted one in proportion."""
    figure = make_subplots(rows=2, cols=2, subplot_titles=list(PANELS), vertical_spacing=0.14)
    sizes = [row["passages"] for row in rows]
    for place, measures in enumerate(PANELS.values()):
        where = {"row": place // 2 + 1, "col": place % 2 + 1}
        for measure, colour in zip(measures, COLOURS, strict=False):
            costs = [row[measure] for row in rows]
            figure.add_scatter(x=sizes, y=costs, name=measure, line_color=colour, **where)
        first = rows[0][measures[0]]
        straight = [first * size / sizes[0] for size in sizes]
        figure.add_scatter(
            x=sizes, y=straight, line={"dash": "dot", "color": "#999"}, mode="lines", **where
        )
    figure.update_xaxes(type="log", dtick=1, title="passages")
    figure.update_yaxes(type="log", dtick=1)
    return figure.update_layout(
        template="plotly_white", width=WIDTH, height=HEIGHT, showlegend=False
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
