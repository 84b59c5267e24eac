"""What the elements of a page tell of its lines: links, tags, names of classes, containers.

Link density and the share of a page's text in a container are old signs of what its document is
(Kohlschütter et al. 2010; readability's scoring of containers).
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from lxml.html import HtmlElement

from rag.furniture.features import Columns, LineFeatures, around, shifted
from rag.furniture.trees import Floats
from rag.readers.blocks import BLOCKS, HEADINGS, Block

TAGS = (
    "p", "li", "td", "h1", "h2", "h3", "h4", "div", "a", "pre", "option", "body", "tr", "center",
    "blockquote", "font", "span", "dd", "dt", "b", "form", "th",
)  # fmt: skip
AROUND = ("form", "table", "ul", "blockquote", "select", "a", "b", "font", "center", "dl", "pre")
BOLD = frozenset(["b", "strong", "em", "i"])
LEVELS = 5
"""So many containers, one in the other, are looked at around a line."""

_DOCUMENT_NAME = re.compile(r"article|body|content|entry|main|page|post|text|blog|story", re.I)
_OTHER_NAME = re.compile(
    r"comment|foot|header|menu|nav|related|remark|share|shout|sidebar|sponsor|ad-|\bads?\b|agegate"
    r"|pagination|pager|popup|promo|social|tool|widget|crumb|masthead|banner|copyright|login|search"
    r"|meta|byline|caption|button|link",
    re.I,
)


class _Sum(NamedTuple):
    """What stands in one element: how many words, words in links, words of prose, and lines."""

    words: float
    linked: float
    prose: float
    lines: int


class _Page(NamedTuple):
    """The sums of all elements that hold text, and of the page."""

    sums: dict[HtmlElement, _Sum]
    whole: _Sum


def block_features(blocks: Sequence[Block], lines: LineFeatures) -> Columns:
    """The features that the elements around each line give, by name.

    Args:
        blocks: the lines of a page, at least one.
        lines: the features that their texts give.
    """
    page = _sums(blocks, lines)
    siblings = Counter((block.element.getparent(), block.element.tag) for block in blocks)
    rows = [_row(block, page) for block in blocks]
    columns = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}
    linked = np.array([block.linked for block in blocks])
    alike = [siblings[block.element.getparent(), block.element.tag] for block in blocks]
    columns |= {
        "siblings alike": np.log1p(np.array(alike, dtype=np.float64)),
        "linked words": linked * lines.words,
        "linked +1": shifted(linked, 1, -1.0),
        "linked -1": shifted(linked, -1, -1.0),
        "linked within 3": around(linked * lines.words, 3) / np.maximum(around(lines.words, 3), 1),
    }
    return columns


def _sums(blocks: Sequence[Block], lines: LineFeatures) -> _Page:
    sums: dict[HtmlElement, list[float]] = {}
    for block, words, prose in zip(blocks, lines.words, lines.prose, strict=True):
        add = (words, words * block.linked, words * prose, 1)
        for element in (block.element, *block.element.iterancestors()):
            known = sums.setdefault(element, [0, 0, 0, 0])
            for place, value in enumerate(add):
                known[place] += value
    of = {element: _Sum(a, b, c, int(d)) for element, (a, b, c, d) in sums.items()}
    return _Page(of, max(of.values(), key=lambda each: each.lines))


def _row(block: Block, page: _Page) -> dict[str, float]:
    chain = (block.element, *block.element.iterancestors())
    tags = [element.tag for element in chain]
    names = [f"{element.get('class', '')} {element.get('id', '')}" for element in chain]
    own = {
        "linked": block.linked,
        "heading": not HEADINGS.isdisjoint(tags),
        "bold": not BOLD.isdisjoint(tags[:4]),
        "depth": len(chain),
        "tables": tags.count("table"),
        "lists": tags.count("ul") + tags.count("ol"),
        "document names": sum(bool(_DOCUMENT_NAME.search(name)) for name in names),
        "other names": sum(bool(_OTHER_NAME.search(name)) for name in names),
        "document name near": bool(_DOCUMENT_NAME.search(" ".join(names[:2]))),
        "other name near": bool(_OTHER_NAME.search(" ".join(names[:2]))),
        "page: linked": page.whole.linked / max(page.whole.words, 1),
    }
    own |= {f"is {tag}": tags[0] == tag for tag in TAGS}
    own |= {f"in {tag}": tag in tags[1:] for tag in AROUND}
    return own | _containers(chain, page)


def _containers(chain: Sequence[HtmlElement], page: _Page) -> dict[str, float]:
    """What stands in the blocks around a line: each level holds more lines than the one below."""
    levels: list[_Sum] = []
    for element in chain:
        sums = page.sums[element]
        if element.tag in BLOCKS and (not levels or sums.lines > levels[-1].lines):
            levels.append(sums)
    levels = levels or [page.whole]
    found: dict[str, float] = {}
    for level in range(LEVELS):
        found |= _told(f"container {level}", levels[min(level, len(levels) - 1)], page.whole)
    for name, tags in (("cell", ("td", "div", "body")), ("table", ("table",))):
        nearest = next((element for element in chain if element.tag in tags), chain[-1])
        found |= _told(name, page.sums[nearest], page.whole)
    half = (n for n, sums in enumerate(levels) if 2 * sums.prose >= page.whole.prose)
    found["levels to half the prose"] = next(half, len(levels))
    return found


def _told(name: str, sums: _Sum, whole: _Sum) -> dict[str, float]:
    return {
        f"{name}: lines": float(np.log1p(sums.lines)),
        f"{name}: words": float(np.log1p(sums.words)),
        f"{name}: share of words": sums.words / max(whole.words, 1),
        f"{name}: share of prose": sums.prose / max(whole.prose, 1),
        f"{name}: linked": sums.linked / max(sums.words, 1),
        f"{name}: prose": sums.prose / max(sums.words, 1),
    }


def matrix_of(blocks: Sequence[Block], lines: LineFeatures) -> tuple[Floats, tuple[str, ...]]:
    """All features of a page's lines, (lines, features), and their names."""
    columns = lines.columns | block_features(blocks, lines)
    return np.column_stack(list(columns.values())), tuple(columns)
