"""Which spans of a text are not the document: menus, teasers, forms, appeals, counters.

Text that was scraped from a web page carries the page around it. Two judges look at the lines of a
text: precise rules, and trees that were learned on pages of which people had said what the document
is. Nothing is ever cut out of the text: its furniture is marked.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from rag.furniture.learned import judged_lines, unlikely
from rag.furniture.repeated import key_of
from rag.furniture.rules import by_rules
from rag.furniture.trees import judge
from rag.lines import lines_of
from rag.records import Furniture

DOUBTFUL = 0.65
"""A line that other documents have too is furniture if it is no likelier than this to be one."""

__all__ = ["furniture_of", "merged"]


def furniture_of(
    text: str,
    structural: Sequence[Furniture] = (),
    repeated: Collection[int] = frozenset(),
    *,
    judged: bool = False,
) -> tuple[Furniture, ...]:
    """The spans of `text` that are furniture or bare references, in order, without overlap.

    Args:
        text: a document's text.
        structural: what the format's structure shows to be furniture, in order, without overlap.
        repeated: keys of lines that stand in several documents (`rag.furniture.repeated`).
        judged: whether the structure was enough to look at every line: then it decides alone, but
            for lines that are repeated across documents.
    """
    lines = judged_lines(lines_of(text), judge("lines"))
    others = [
        line.marked("stands in other documents too")
        for line in lines
        if line.probability <= DOUBTFUL and repeated and key_of(line.text) in repeated
    ]
    if judged:
        return merged(structural, others)
    return merged(structural, by_rules(text), unlikely(lines), others)


def merged(*layers: Iterable[Furniture]) -> tuple[Furniture, ...]:
    """The spans of all layers, in order; of those that overlap, the ones of the earlier layer."""
    found: list[Furniture] = []
    for layer in layers:
        for new in layer:
            place = bisect_left(found, new.start, key=lambda span: span.start)
            before, after = found[max(0, place - 1) : place], found[place : place + 1]
            if all(old.end <= new.start for old in before) and all(
                old.start >= new.end for old in after
            ):
                found.insert(place, new)
    return tuple(found)
