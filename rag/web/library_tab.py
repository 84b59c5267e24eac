"""The tab with the sources: its components, and what happens to them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any

import gradio as gr
from gradio.events import Dependency
from pydantic import Field, TypeAdapter, ValidationError

from rag.errors import LibraryIndexError
from rag.index.pointer import pointed_id
from rag.web.details import beside
from rag.web.door import is_owner, require_owner, standing_html
from rag.web.failures import failure_html, reported
from rag.web.listing import LONGEST_NAME, Listing
from rag.web.owning import Desk, Wish, done
from rag.web.shelf import Shelf, Step
from rag.web.sources import adding_html, library_html, progress_html, report_html
from rag.web.wiring import button, in_turn, on, panel, words
from rag.wording.plain import on_page

REBUILD = "library-rebuild"

_name = TypeAdapter(Annotated[str, Field(max_length=LONGEST_NAME)]).validate_python
"""Reads what the browser tells as the name of a row."""


class LibraryTab:
    """The list of sources, what the owner does to it, and the button that rebuilds.

    What a session has before it is its `Desk`; nothing else of a session is kept in here.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.desk = gr.State(Desk())
        with gr.Row(elem_id="rebuilding"):
            self.changed = panel("changed")
            self.rebuild = gr.Button(words(REBUILD), elem_id="rebuild", scale=0, min_width=140)
        self.progress = panel("progress")
        self.adding = panel("adding", script="adding.js")
        self.sources = panel("sources", script="turns.js library.js")
        shown = [self.desk, self.sources]
        self.rebuilt = on(
            self.rebuild.click, self._rebuild, None, [self.progress, self.rebuild], _not_rebuilt
        )
        each = partial(self.sources.input, trigger_mode="multiple")
        looked = on(each, self._look, self.desk, shown, _not_listed)
        self.acted = on(self.sources.submit, self._act, self.desk, shown, _not_listed)
        in_turn((looked, self.acted), "listed")

    def renew_on(self, listener: Callable[..., Dependency]) -> None:
        """Whenever that happens, show the list anew if it is of another generation by now."""
        renewed = [self.desk, self.rebuild, self.adding, self.sources]
        on(listener, self._renew, self.desk, renewed, _not_renewed)

    def _renew(self, desk: Desk, request: gr.Request) -> list[Any]:
        if not self._shelf.is_open or pointed_id(self._shelf.index) == desk.generation:
            return [gr.skip()] * 4
        owner = is_owner(request)
        try:
            now = self._shelf.library().generation.id
        except LibraryIndexError:
            now = ""
        desk = desk.model_copy(update={"generation": now, "said": "", "problems": {}})
        may = gr.update(visible=owner)
        adding = adding_html(owner=owner, most_bytes=self._shelf.most_bytes) + standing_html(
            request
        )
        return [desk, may, adding, self._html(desk, owner=owner)]

    def _look(self, desk: Desk, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Sort, find, turn the page, unfold a row."""
        told_of: dict[str, Any] = event._data if isinstance(event._data, dict) else {}
        try:
            listing = Listing.model_validate(desk.listing.model_dump() | told_of.get("listing", {}))
            opened = _name(told_of.get("opened", desk.opened))
            if "sort" in told_of:
                listing = listing.sorted_by(told_of["sort"])
        except (ValidationError, TypeError):
            return [gr.skip(), gr.skip()]
        calm = {"removing": False, "problems": {}, "said": ""}
        desk = desk.model_copy(update=calm | {"listing": listing, "opened": opened})
        return [desk, self._html(desk, owner=is_owner(request))]

    def _act(self, desk: Desk, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Carry out what the owner wishes."""
        try:
            require_owner(request)
            desk = done(
                Wish.model_validate(event._data), desk, self._shelf.library(), self._shelf.seeds
            )
        except ValidationError:
            return [gr.skip(), gr.skip()]
        except Exception as error:
            why = reported(error)
            desk = desk.model_copy(update={"problems": {"": f"{why.message} {on_page(why)}"}})
        return [desk, self._html(desk, owner=is_owner(request))]

    def _html(self, desk: Desk, *, owner: bool) -> str:
        try:
            library = self._shelf.library()
        except LibraryIndexError as error:
            return failure_html(error, owner=owner)
        shown = beside(library, self._shelf, desk.opened, owner=owner)
        return library_html(library, desk, shown)

    def _rebuild(self, request: gr.Request) -> Iterator[list[Any]]:
        require_owner(request)
        yield ["", button("library-rebuilding", idle=False)]
        for step in self._shelf.rebuild():
            if isinstance(step, Step):
                yield [progress_html(step), gr.skip()]
            else:
                yield [report_html(step), button(REBUILD)]


def _not_rebuilt(failure: str) -> list[Any]:
    return [failure, button(REBUILD)]


def _not_listed(failure: str) -> list[Any]:
    return [Desk(), failure]


def _not_renewed(failure: str) -> list[Any]:
    return [Desk(), gr.skip(), gr.skip(), failure]
