"""How components are made and bound to what they do, the same way everywhere on the page."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from gradio.events import Dependency

from rag.web.door import is_owner
from rag.web.failures import failure_html, reported
from rag.wording.language import LANGUAGES, fixed, preferred, spoken

ASSETS = Path(__file__).parent / "assets"

Failing = Callable[[str], object]
"""From a failure, as HTML, to the outputs that show it in their part of the page."""

OF_COMPONENTS = ("ask-", "library-rebuild", "tab-")
"""How the messages begin that components of Gradio show; every page that is loaded carries them."""


def _of_components(language: str) -> dict[str, str]:
    messages = fixed(language).items()
    return {name: text for name, text in messages if name.startswith(OF_COMPONENTS)}


words = gr.I18n(**{language: _of_components(language) for language in LANGUAGES})
"""Names a message for a component of Gradio, which the browser shows in its own language."""


def panel(name: str, value: str = "", script: str = "") -> gr.HTML:
    """A part of the page that shows finished HTML, with a script of `assets/` for its clicks.

    Several scripts, with a space between them, run one after the other in one scope.
    """
    return gr.HTML(
        value,
        elem_id=name,
        elem_classes="panel",
        apply_default_css=False,
        js_on_load="\n".join((ASSETS / each).read_text("utf-8") for each in script.split()) or None,
    )


def on(
    listener: Callable[..., Dependency],
    act: Callable[..., object],
    inputs: object,
    outputs: object,
    failing: Failing | None = None,
) -> Dependency:
    """Act on an event: for this page alone, not as an endpoint that others may call.

    Only what tells of its progress goes through the queue. Gradio's client closes the queue's
    stream when nothing is under way, and what is sent in that moment is lost for good: a click
    that brings the window to the front would be.

    If anything is raised, the outputs are what `failing` makes of it. Without that, a script of the
    page has to tell of it (`Dependency.failure`): Gradio tells nobody.
    """
    waits = isgeneratorfunction(act)
    return listener(
        _stepping(act, failing) if waits else _speaking(act, failing),
        inputs,
        outputs,
        queue=waits,
        api_visibility="private",
        show_progress="hidden",
    )


def in_turn(replies: Iterable[Dependency], name: str) -> None:
    """Tell a script with `turns.js` that a reply is there, whatever came of it."""
    for reply in replies:
        reply.success(None, js=f"() => parallax.{name}()")
        reply.failure(None, js=f"() => parallax.{name}()")


def _speaking(act: Callable[..., object], failing: Failing | None) -> Callable[..., object]:
    """What is done, in the language of whoever asks for it."""

    @wraps(act)
    def speaking(*values: object) -> object:
        with spoken(_language()):
            return _tried(partial(act, *values), failing)

    return speaking


def _stepping(act: Callable[..., Any], failing: Failing | None) -> Callable[..., Iterator[object]]:
    """The same for what tells of its progress: Gradio may take each step in another thread."""

    @wraps(act)
    def stepping(*values: object) -> Iterator[object]:
        steps: Iterator[object] = act(*values)
        following = partial(next, steps, None)
        with spoken(_language()):
            step = _tried(following, failing)
        while step is not None:
            yield step
            with spoken(_language()):
                step = _tried(following, failing)

    return stepping


def _tried(act: Callable[[], object], failing: Failing | None) -> object:
    """What an act gives, or what is shown if it fails: the last resort of each part of the page."""
    try:
        return act()
    except Exception as error:
        if failing is None:
            raise
        request = LocalContext.request.get()
        owner = request is not None and is_owner(request)
        return failing(failure_html(reported(error), owner=owner))


def _language() -> str:
    request = LocalContext.request.get()
    return preferred(request.headers.get("accept-language", "") if request else "")


def button(message: str, *, idle: bool = True) -> dict[str, Any]:
    """What a button says from now on. Made anew each time: Gradio takes it apart."""
    return gr.update(value=words(message), interactive=idle)
