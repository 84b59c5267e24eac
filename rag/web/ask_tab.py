"""The tab with the conversation: its components, and what happens to them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from math import inf
from threading import Event
from typing import Any, NamedTuple

import gradio as gr
from gradio.events import Dependency

from rag.errors import LibraryIndexError
from rag.web.conversations import (
    LONGEST_QUESTION,
    MOST_BYTES,
    NOTHING,
    conversations_html,
    is_kept,
    kept_of,
)
from rag.web.deeds import Deed, Session, done, until_stopped
from rag.web.door import is_owner
from rag.web.failures import failure_html, for_readers
from rag.web.filters import Chosen, acting_html
from rag.web.shelf import Shelf
from rag.web.thread import said_html, thread_html, welcome_html
from rag.web.wiring import button, on, panel, words

# Gradio encrypts with it. It keeps nobody out: who reads the browser's storage reads this page too.
# It only has to be the same after the server was started anew.
SECRET = "parallax"  # noqa: S105

BETWEEN = 0.5
"""Seconds between two looks at many answers that come one by one."""

IDLE = "() => parallax.idle()"
FAILED = "() => parallax.failed()"

# More than a page ever keeps was not kept by one, and would not fit into a request.
FITTING = f"(kept) => JSON.stringify(kept ?? null).length > {2 * MOST_BYTES} ? null : kept"


class Update(NamedTuple):
    """New values of the components of the tab; without any, they stay as they are."""

    go: Any = gr.skip()
    thread: Any = gr.skip()
    said: Any = gr.skip()
    session: Any = gr.skip()
    kept: Any = gr.skip()
    conversations: Any = gr.skip()
    exported: Any = gr.skip()


class AskTab:
    """The conversation and the question box. Nothing of a session is kept in here."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.session = gr.State(Session())
        self.kept = gr.BrowserState(storage_key="parallax", secret=SECRET)
        self.conversations = panel("conversations", script="conversations.js")
        self.thread = panel("thread", script="thread.js")
        self.said = panel("said", '<p role="status"></p>')
        self.exported = panel("exported", script="exported.js")
        with gr.Column(elem_id="asking"):
            self.acting = panel("acting", script="acting.js editing.js")
            with gr.Row(elem_id="box"):
                self.question = gr.Textbox(
                    placeholder=words("ask-placeholder"),
                    label=words("ask-label"),
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=5,
                    max_length=LONGEST_QUESTION,
                    autofocus=True,
                    elem_id="question",
                    scale=1,
                )
                self.go = gr.Button(
                    words("ask-button"), variant="primary", elem_id="go", scale=0, min_width=72
                )
            self.filters = panel("filters", script="filters.js")
        self._wire()

    def _wire(self) -> None:
        outputs = [self.go, self.thread, self.said, self.session, self.kept]
        outputs += [self.conversations, self.exported]
        # thread.js calls for one thing after the other, and for the next when it hears of the end.
        acted = on(self.thread.submit, self._act, [self.session, self.kept], outputs)
        acted.success(None, js=IDLE)
        acted.failure(None, js=FAILED)
        on(acted.failure, partial(button, "ask-button"), None, self.go)
        on(self.thread.stop, self._stop, self.session, None)
        each = partial(self.filters.input, trigger_mode="multiple")
        on(each, self._choose, None, self.acting, str)

    def begin_after(self, begun: Dependency) -> None:
        """Show the conversations that the browser keeps, once the page has begun."""
        kept = [self.kept, self.conversations]
        on(partial(begun.then, js=FITTING), self._begin, self.kept, kept, _not_kept)

    def _begin(self, stored: object) -> list[Any]:
        kept = kept_of(stored)
        told = kept.to_browser()
        written = gr.skip() if stored in (None, told) else told
        return [written, conversations_html(kept, "")]

    def _act(
        self, session: Session, stored: object, event: gr.EventData, request: gr.Request
    ) -> Iterator[Update]:
        stop, owner = Event(), is_owner(request)
        session = replace(session, kept=kept_of(stored), stop=stop)
        steps = done(self._shelf, Deed.model_validate(event._data), session)
        shown = -inf
        for told in until_stopped(steps, stop):
            after = told if owner else _for_readers(told)
            waits = any(turn.waits for turn in after.turns)
            fails = _errors(after) > _errors(session)
            if waits and not fails and time.monotonic() - shown < BETWEEN:
                continue
            shown = time.monotonic()
            yield self._shown(session, after, owner=owner)
            session = after

    def _stop(self, session: Session) -> None:
        if session.stop:
            session.stop.set()

    def _shown(self, before: Session, after: Session, *, owner: bool) -> Update:
        waits = any(turn.waits for turn in after.turns)
        shown = Update(go=button("ask-stop" if waits else "ask-button"), session=after)
        if after.turns != before.turns:
            shown = shown._replace(thread=self._thread(after, owner=owner))
            news = [turn for turn in after.turns if turn not in before.turns and not turn.waits]
            shown = shown._replace(said=said_html(news[-1])) if news else shown
        if after.kept != before.kept:
            shown = shown._replace(kept=after.kept.to_browser())
        if _bar(after) != _bar(before):
            shown = shown._replace(conversations=_bar(after))
        return shown._replace(exported=after.exported) if after.exported else shown

    def _thread(self, session: Session, *, owner: bool) -> str:
        if session.turns:
            return thread_html(session.turns)
        try:
            return welcome_html(self._shelf.library())
        except LibraryIndexError as error:
            return failure_html(error, owner=owner)

    def _choose(self, event: gr.EventData) -> str:
        chosen = Chosen.model_validate(event._data)
        return acting_html(self._shelf.library(), chosen, kept=is_kept(chosen.only))


def _for_readers(session: Session) -> Session:
    turns = (
        replace(each, error=for_readers(each.error)) if each.error else each
        for each in session.turns
    )
    return replace(session, turns=tuple(turns))


def _errors(session: Session) -> int:
    return sum(turn.error is not None for turn in session.turns)


def _not_kept(failure: str) -> list[Any]:
    return [gr.skip(), conversations_html(NOTHING, "") + failure]


def _bar(session: Session) -> str:
    return conversations_html(session.kept, session.current, undo=session.undo)
