"""The Gradio page: its components, and which of them change when something happens."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from rag.answering import Library
from rag.errors import ParallaxError
from rag.hashing import sha256_of
from rag.viewpoints import coverage_of
from rag.web import handlers
from rag.web.handlers import Opening, Turns
from rag.web.shelf import Shelf, Step
from rag.web.sources import (
    changed_html,
    failure_html,
    labels_html,
    library_html,
    progress_html,
    report_html,
    status_html,
)
from rag.web.thread import thread_html, welcome_html

ASSETS = Path(__file__).parent / "assets"

# The hash makes browsers fetch the style sheet of a new version.
HEAD = f"""
<link rel="stylesheet" href="parallax/page.css?{sha256_of(ASSETS / "page.css")[:12]}">
<link rel="icon" href="parallax/icon.svg" type="image/svg+xml">
<meta name="color-scheme" content="light dark">
"""

BRAND = '<span class="brand" role="banner">para<i>ll</i>ax</span>'


class Page:
    """The components of the page, wired to a shelf. Nothing of a session is kept in here."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        with gr.Blocks(title="Parallax", analytics_enabled=False, fill_width=True) as self.blocks:
            self._lay_out()
            self._wire()
        self.blocks.queue(default_concurrency_limit=8, api_open=False)

    def _lay_out(self) -> None:
        self.turns = gr.State(())
        self.shown = gr.State("")
        _html("brand", BRAND)
        self.status = _html("status", script="status.js")
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="main"), gr.Tabs(elem_id="tabs", selected="ask") as self.tabs:
                with gr.Tab("Ask", id="ask"):
                    self._lay_out_chat()
                with gr.Tab("Library", id="library") as self.library_tab:
                    self._lay_out_library()
                with gr.Tab("How labels work", id="labels") as self.labels_tab:
                    self.labels = _html("labels")
            with gr.Column(elem_id="beside"):
                self.reader = _html("reader", script="reader.js")

    def _lay_out_chat(self) -> None:
        self.thread = _html("thread", script="thread.js")
        with gr.Column(elem_id="asking"):
            with gr.Row(elem_id="box"):
                self.question = gr.Textbox(
                    placeholder="Ask the library…",
                    label="Your question",
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=5,
                    max_length=2000,
                    autofocus=True,
                    elem_id="question",
                    scale=1,
                )
                self.go = gr.Button("Ask", variant="primary", elem_id="go", scale=0, min_width=72)
            self.heard = gr.CheckboxGroup(
                label="Hear only sources labelled", elem_id="heard", show_label=True
            )

    def _lay_out_library(self) -> None:
        with gr.Row(elem_id="rebuilding"):
            self.changed = _html("changed")
            self.rebuild = gr.Button("Rebuild index", elem_id="rebuild", scale=0, min_width=140)
        self.progress = _html("progress")
        self.sources = _html("sources", script="library.js")

    def _wire(self) -> None:
        about = [self.shown, self.status, self.changed, self.heard, self.sources, self.labels]
        asked = [self.question, self.heard, self.turns, self.shown]
        answered = [self.question, self.thread, self.turns, *about]
        opened = self.turns, self.reader
        _on(self.blocks.load, self._begin, None, [self.thread, *about])
        for listener in (
            partial(gr.on, [self.question.submit, self.go.click]),
            _on(self.thread.submit, _picked, None, self.question).then,
        ):
            _on(listener, self._ask, asked, answered)
        for listener in (self.thread.select, self.sources.select):
            _on(listener, self._open, *opened)
        for listener in (self.status.focus, self.library_tab.select):
            _on(listener, self._about, self.shown, about)
        for tab in (self.library_tab, self.labels_tab):
            tab.select(None, js="() => scrollTo(0, 0)")
        _on(self.status.select, partial(gr.Tabs, selected="library"), None, self.tabs)
        built = [self.progress, self.rebuild, *about]
        _on(self.rebuild.click, self._rebuild, self.shown, built)

    def _begin(self) -> list[Any]:
        try:
            thread = welcome_html(self._shelf.library())
        except ParallaxError as error:
            thread = failure_html(error)
        return [thread, *self._about("")]

    def _ask(
        self, question: str, heard: list[str], turns: Turns, shown: str
    ) -> Iterator[list[Any]]:
        if not question.strip():
            return
        about = self._about(shown)
        for now in handlers.ask(self._shelf, question, heard, turns):
            begun = now[-1].answer is None and now[-1].error is None
            yield ["" if begun else gr.skip(), thread_html(now), now, *about]
            about = _unchanged()

    def _open(self, turns: Turns, event: gr.EventData) -> str:
        try:
            return handlers.opened(self._shelf, Opening.model_validate(event._data), turns)
        except ParallaxError as error:
            return failure_html(error)

    def _rebuild(self, shown: str) -> Iterator[list[Any]]:
        waiting = gr.Button("Rebuilding…", interactive=False)
        ready = gr.Button("Rebuild index", interactive=True)
        yield [progress_html(Step("starting", 0, 1)), waiting, *_unchanged()]
        try:
            for told in self._shelf.rebuild():
                if isinstance(told, Step):
                    yield [progress_html(told), waiting, *_unchanged()]
                else:
                    yield [report_html(told), ready, *self._about(shown)]
        except ParallaxError as error:
            yield [failure_html(error), ready, *_unchanged()]

    def _about(self, shown: str) -> list[Any]:
        """What the page says of the library, for a page that shows the generation `shown`."""
        try:
            library = self._shelf.library()
            stale = self._shelf.staleness()
        except ParallaxError as error:
            return [shown, failure_html(error), failure_html(error), *[gr.skip()] * 3]
        state = [library.generation.id, status_html(library, stale), changed_html(stale)]
        if library.generation.id == shown:
            return [*state, *[gr.skip()] * 3]
        return [*state, _filter(library), library_html(library), labels_html(library)]


def _filter(library: Library) -> gr.CheckboxGroup:
    rows = coverage_of(library.perspectives, library.documents, ())
    choices = [(row.label, row.perspective) for row in rows]
    return gr.CheckboxGroup(choices=choices, visible=len(choices) > 1)


def _unchanged() -> list[Any]:
    return [gr.skip()] * 6


def _on(listener: Callable[..., Any], act: Callable[..., Any], inputs: Any, outputs: Any) -> Any:  # noqa: ANN401
    """Act on an event: for this page alone, not as an endpoint that others may call."""
    return listener(act, inputs, outputs, api_visibility="private", show_progress="hidden")


def _picked(event: gr.EventData) -> str:
    return str(event._data["question"])


def _html(name: str, value: str = "", script: str = "") -> gr.HTML:
    return gr.HTML(
        value,
        elem_id=name,
        apply_default_css=False,
        js_on_load=(ASSETS / script).read_text("utf-8") if script else None,
    )
