"""The tab with the map of the library: its components, and what happens to them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import Dependency
from pydantic import ValidationError

from rag.web.listing import Listing
from rag.web.map import map_html, nearest_html
from rag.web.shelf import Shelf
from rag.web.wiring import in_turn, on, panel

WAITS = "waits"
"""Stands for a generation while the library is still being opened, or cannot be shown."""


class MapTab:
    """Two plots and a list, made when somebody first turns to them.

    Of a session only the generation that it sees is kept.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.shown = gr.State("")
        self.plots = panel("map", script="map.js")
        self.sources = panel("nearest", script="turns.js nearest.js")
        each = partial(self.sources.input, trigger_mode="multiple")
        in_turn([on(each, self._look, None, [self.shown, self.sources], _not_found)], "found")

    def show_on(self, listener: Callable[..., Dependency]) -> None:
        """Show the map whenever that happens, if it is not shown yet."""
        on(listener, self._show, self.shown, self._all, _failed)

    def renew_on(self, listener: Callable[..., Dependency]) -> None:
        """Show the map anew whenever that happens, on pages where it was asked for."""
        on(listener, self._renew, self.shown, self._all, _failed)

    @property
    def _all(self) -> list[Any]:
        return [self.shown, self.plots, self.sources]

    def _renew(self, shown: str) -> list[Any]:
        return self._show(shown) if shown else [gr.skip()] * 3

    def _show(self, shown: str) -> list[Any]:
        if not self._shelf.is_open:
            return [WAITS, gr.skip(), gr.skip()]
        library = self._shelf.library()
        if library.generation.id == shown:
            return [gr.skip()] * 3
        return [library.generation.id, map_html(library), nearest_html(library, Listing())]

    def _look(self, event: gr.EventData) -> list[Any]:
        """Find sources in the list, or turn its page."""
        try:
            listing = Listing.model_validate(event._data)
        except ValidationError:
            return [gr.skip(), gr.skip()]
        return [gr.skip(), nearest_html(self._shelf.library(), listing)]


def _failed(failure: str) -> list[str]:
    return [WAITS, failure, ""]


def _not_found(failure: str) -> list[str]:
    return [WAITS, failure]
