"""Which shape a perspective's badge has, so that labels are told apart without any colour."""

from collections.abc import Iterable, Mapping

from rag.records import UNLABELLED

SHAPES = ("diamond", "disc", "triangle", "square", "hexagon", "cross")
"""The symbols drawn in `templates/badge.html`; a seventh perspective has the first one again."""

Shapes = Mapping[str, str]
"""Id of a perspective -> its symbol. Unlabelled sources have none."""


def shapes_of(perspectives: Iterable[str]) -> Shapes:
    """The symbols of these perspectives, by the order in which the catalogue declares them."""
    declared = [each for each in perspectives if each != UNLABELLED]
    return {each: SHAPES[number % len(SHAPES)] for number, each in enumerate(declared)}
