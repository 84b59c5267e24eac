import asyncio
from typing import Any

import gradio as gr
import pytest

from rag.encoder import Encoder
from rag.errors import IndexDamaged
from rag.settings import Settings
from rag.web import ask_tab, handlers
from rag.web.ask_tab import AskTab
from rag.web.conversations import Asked, Conversation, Kept
from rag.web.deeds import Session
from rag.web.shelf import Shelf
from rag.web.thread import Turn
from rag.wording.language import say
from tests.making import opened, parsed
from tests.test_web_library_tab import request

CONVERSATION = Conversation(
    id="0" * 16,
    asked=tuple(Asked(question=each, generation="g") for each in ("One?", "Two?", "Three?")),
)


@pytest.fixture
def tab(own_harbour: Settings, quick_encoder: Encoder) -> AskTab:
    async def made() -> AskTab:
        # Where no event loop runs, Gradio opens one for each of its locks and closes none.
        with gr.Blocks():
            return AskTab(Shelf(own_harbour, opened(own_harbour, quick_encoder)))

    return asyncio.run(made())


def failures(html: Any) -> list[str]:  # noqa: ANN401
    """What came of each turn: the name of the element's class that says so."""
    return [
        "failure" if each.every("div.failure") else "searching"
        for each in parsed(html).every("section.turn")
    ]


def test_of_many_that_fail_none_is_left_searching(
    tab: AskTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Turn:
        raise RuntimeError("seen in the terminal")

    monkeypatch.setattr(handlers, "_answered", fail)
    monkeypatch.setattr(ask_tab, "BETWEEN", 1e9)
    kept = Kept(conversations=(CONVERSATION,)).to_browser()
    event = gr.EventData(None, {"do": "open", "id": CONVERSATION.id})
    shown = [
        failures(each.thread) for each in tab._act(Session(), kept, event, request(owner=True))
    ]
    assert shown == [
        ["searching"] * 3,
        ["failure", "searching", "searching"],
        ["failure", "failure", "searching"],
        ["failure"] * 3,
    ]


@pytest.mark.parametrize("owner", [True, False])
def test_only_the_owner_is_told_of_files_of_an_index_that_cannot_be_read(
    tab: AskTab, monkeypatch: pytest.MonkeyPatch, owner: bool
) -> None:
    def fail(_: Shelf) -> None:
        raise IndexDamaged("inside/texts.db: not as it was written", "Run: parallax build")

    monkeypatch.setattr(Shelf, "library", fail)
    asking = gr.EventData(None, {"do": "ask", "question": "Who?"})
    *_, shown = tab._act(Session(), None, asking, request(owner=owner))
    assert ("inside/texts.db" in str(shown)) == owner
    assert ("inside/texts.db" in shown.thread) == ("inside/texts.db" in shown.said) == owner
    assert (say("away") in shown.thread) == (say("away") in shown.said) == (not owner)
    beginning = gr.EventData(None, {"do": "remove", "turn": 1})
    (emptied,) = tab._act(shown.session, None, beginning, request(owner=owner))
    assert ("inside/texts.db" in emptied.thread) == owner
