"""The frame of the page: the bar, the tabs, the source beside them, and what keeps them current."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import Dependency

from rag.hashing import sha256_of
from rag.web import handlers
from rag.web.about import About, about, unusable
from rag.web.ask_tab import AskTab
from rag.web.deeds import Session
from rag.web.door import is_owner
from rag.web.failures import failure_html, reported
from rag.web.handlers import Opening
from rag.web.library_tab import LibraryTab
from rag.web.map_tab import MapTab
from rag.web.reader import gone_html, reply_html
from rag.web.shelf import Shelf
from rag.web.sources import opening_html
from rag.web.thread import welcome_html
from rag.web.wiring import ASSETS, on, panel, words

STYLES = ("page.css", "ask.css", "reader.css", "library.css", "map.css")

# The hash makes browsers fetch the style sheet of a new version.
HEAD = "\n".join(
    [
        *(
            f'<link rel="stylesheet" href="parallax/{name}?{sha256_of(ASSETS / name)[:12]}">'
            for name in STYLES
        ),
        '<link rel="icon" href="parallax/icon.svg" type="image/svg+xml">',
        '<meta name="color-scheme" content="light dark">',
    ]
)

SESSIONS = 500
"""So many open pages are remembered; Gradio would keep the last page of ten thousand."""

BRAND = '<span class="brand">para<i>ll</i>ax</span>'


class Page:
    """The components of the page, wired to a shelf. Nothing of a session is kept in here."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        with gr.Blocks(title="Parallax", analytics_enabled=False, fill_width=True) as self.blocks:
            self._lay_out()
            self._wire()
        self.blocks.state_session_capacity = SESSIONS
        self.blocks.queue(default_concurrency_limit=8, api_open=False)

    def _lay_out(self) -> None:
        self.shown = gr.State("")
        panel("brand", BRAND)
        self.status = panel("status", script="status.js")
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="main"), gr.Tabs(elem_id="tabs", selected="ask") as self.tabs:
                with gr.Tab(words("tab-ask"), id="ask"):
                    self.ask = AskTab(self._shelf)
                with gr.Tab(words("tab-library"), id="library") as self.library_tab:
                    self.library = LibraryTab(self._shelf)
                with gr.Tab(words("tab-map"), id="map") as self.map_tab:
                    self.map = MapTab(self._shelf)
                with gr.Tab(words("tab-labels"), id="labels"):
                    self.labels = panel("labels")
            with gr.Column(elem_id="beside"):
                self.reader = panel("reader", script="reader.js places.js")

    def _wire(self) -> None:
        state = [self.shown, self.status, self.library.changed, self.library.rebuild]
        state += [self.ask.filters, self.labels]
        all_of_it = [self.ask.thread, *state]
        begun = on(self.blocks.load, self._begin, self.shown, all_of_it, _not_begun)
        self.ask.begin_after(begun)
        news: list[Callable[..., Dependency]] = [self.status.focus, self.library_tab.select]
        news += [self.library.rebuilt.then, self.library.acted.then]
        told = [on(listener, self._about, self.shown, state, unusable) for listener in news]
        # Gradio's client is told of a changed `State` by handlers in the queue alone.
        for each in (begun, *told):
            self.library.renew_on(each.then)
            self.map.renew_on(each.then)
        self.map.show_on(self.map_tab.select)
        # Of clicks that come quickly, “always_last” would send the first one again.
        clicked = partial(self.reader.select, trigger_mode="multiple")
        on(clicked, self._open, self.ask.session, self.reader)
        on(self.status.select, partial(gr.Tabs, selected="library"), None, self.tabs)
        self.blocks.load(None, js="() => parallax.begin()")

    def _begin(self, shown: str, request: gr.Request) -> Iterator[list[Any]]:
        for step in self._shelf.opening():
            yield [opening_html(step), *About()]
        yield [welcome_html(self._shelf.library()), *About()]
        # Looking through the seeds takes its time where they are large.
        yield [gr.skip(), *self._about(shown, request)]

    def _about(self, shown: str, request: gr.Request) -> About:
        return about(self._shelf, shown, owner=is_owner(request))

    def _open(self, session: Session, event: gr.EventData, request: gr.Request) -> str:
        opening, owner = Opening.model_validate(event._data), is_owner(request)
        try:
            shown = handlers.opened(self._shelf, opening, session.turns, owner=owner)
        except Exception as error:
            shown = gone_html(failure_html(reported(error), owner=owner))
        return reply_html(opening.at, shown)


def _not_begun(failure: str) -> list[Any]:
    return [failure, *unusable(failure)]
