"""The Gradio page: its components, and which of them change when something happens."""

from collections.abc import Callable, Iterator
from functools import partial
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import LibraryIndexError, SourceGone
from rag.hashing import sha256_of
from rag.web import handlers
from rag.web.about import About, about
from rag.web.handlers import Opening, Turns, told
from rag.web.reader import gone_html
from rag.web.shelf import Shelf, Step
from rag.web.sources import failure_html, progress_html, report_html
from rag.web.thread import said_html, thread_html, welcome_html

ASSETS = Path(__file__).parent / "assets"

# The hash makes browsers fetch the style sheet of a new version.
HEAD = f"""
<link rel="stylesheet" href="parallax/page.css?{sha256_of(ASSETS / "page.css")[:12]}">
<link rel="icon" href="parallax/icon.svg" type="image/svg+xml">
<meta name="color-scheme" content="light dark">
"""

SCROLL = "() => requestAnimationFrame(() => scrollTo(0, {}))"


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
        self.turns = gr.State(())
        self.shown = gr.State("")
        _html("brand", BRAND)
        self.status = _html("status", script="status.js")
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="main"), gr.Tabs(elem_id="tabs", selected="ask") as self.tabs:
                with gr.Tab("Ask", id="ask") as self.ask_tab:
                    self._lay_out_chat()
                with gr.Tab("Library", id="library") as self.library_tab:
                    self._lay_out_library()
                with gr.Tab("How labels work", id="labels") as self.labels_tab:
                    self.labels = _html("labels")
            with gr.Column(elem_id="beside"):
                self.reader = _html("reader", script="reader.js")

    def _lay_out_chat(self) -> None:
        self.thread = _html("thread", script="thread.js")
        self.said = _html("said", '<p role="status"></p>')
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
        state = [self.shown, self.status, self.changed, self.rebuild, self.heard]
        state += [self.sources, self.labels]
        page = [self.shown, self.heard]
        _on(self.blocks.load, self._begin, page, [self.thread, *state])
        _on(
            partial(gr.on, [self.question.submit, self.go.click, self.thread.submit]),
            self._ask,
            [self.question, self.turns, *page],
            [self.question, self.go, self.thread, self.turns, self.said, *state],
        )
        for listener in (self.thread.select, self.sources.select):
            latest = partial(listener, trigger_mode="always_last")
            _on(latest, self._open, [self.turns, *page], [self.reader, *state])
        for listener in (self.status.focus, self.library_tab.select):
            _on(listener, self._about, page, state)
        _on(self.status.select, partial(gr.Tabs, selected="library"), None, self.tabs)
        _on(self.rebuild.click, self._rebuild, page, [self.progress, *state])
        self.ask_tab.select(None, js=SCROLL.format("globalThis.parallax?.place ?? 0"))
        for tab in (self.library_tab, self.labels_tab):
            tab.select(None, js=SCROLL.format("0"))

    def _begin(self, shown: str, heard: list[str]) -> list[Any]:
        state = about(self._shelf, shown, heard)
        try:
            return [welcome_html(self._shelf.library()), *state]
        except LibraryIndexError as error:
            return [failure_html(error), *state]

    def _about(self, shown: str, heard: list[str]) -> About:
        return about(self._shelf, shown, heard)

    def _ask(
        self, typed: str, turns: Turns, shown: str, heard: list[str], event: gr.EventData
    ) -> Iterator[list[Any]]:
        question = _starter(event) or typed
        if not question.strip():
            yield [gr.skip()] * 5 + [*About()]
            return
        conversation = handlers.ask(self._shelf, question, heard, turns)
        asked = next(conversation)
        yield ["", _button("Asking…", idle=False), thread_html(asked), asked, gr.skip(), *About()]
        for now in conversation:
            # A question that could not be asked is given back, to be mended.
            box = question if now[-1].error else gr.skip()
            answer = now[-1].answer
            moved = answer is not None and answer.generation != shown
            state = about(self._shelf, shown, heard) if moved else About()
            yield [box, _button("Ask"), thread_html(now), now, said_html(now[-1]), *state]

    def _open(self, turns: Turns, shown: str, heard: list[str], event: gr.EventData) -> list[Any]:
        try:
            opening = Opening.model_validate(event._data)
            return [handlers.opened(self._shelf, opening, turns), *About()]
        except (SourceGone, LibraryIndexError) as error:
            return [gone_html(error), *about(self._shelf, shown, heard)]

    def _rebuild(self, shown: str, heard: list[str]) -> Iterator[list[Any]]:
        yield ["", *About(rebuild=_button("Rebuilding…"))]
        try:
            for step in self._shelf.rebuild():
                if isinstance(step, Step):
                    yield [progress_html(step), *About(rebuild=_button("Rebuilding…"))]
                else:
                    yield [report_html(step), *self._rebuilt(shown, heard)]
        except Exception as error:
            yield [failure_html(told(error)), *self._rebuilt(shown, heard)]
            if told(error) is handlers.DEFECT:
                raise

    def _rebuilt(self, shown: str, heard: list[str]) -> About:
        state = about(self._shelf, shown, heard)
        return state._replace(rebuild=state.rebuild | {"value": "Rebuild index"})


def _on(
    listener: Callable[..., object], act: Callable[..., object], inputs: object, outputs: object
) -> None:
    """Act on an event: for this page alone, not as an endpoint that others may call.

    Only what tells of its progress goes through the queue. Gradio's client closes the queue's
    stream when nothing is under way, and what is sent in that moment is lost for good: a click
    that brings the window to the front would be.
    """
    waits = isgeneratorfunction(act)
    listener(act, inputs, outputs, queue=waits, api_visibility="private", show_progress="hidden")


def _button(says: str, *, idle: bool = True) -> dict[str, Any]:
    # Made anew each time: Gradio takes an update apart when it sends it.
    return gr.update(value=says, interactive=idle)


def _starter(event: gr.EventData) -> str:
    """The question to begin with that was clicked; empty if one was typed."""
    return str(event._data.get("question", "")) if isinstance(event._data, dict) else ""


def _html(name: str, value: str = "", script: str = "") -> gr.HTML:
    return gr.HTML(
        value,
        elem_id=name,
        apply_default_css=False,
        js_on_load=(ASSETS / script).read_text("utf-8") if script else None,
    )
