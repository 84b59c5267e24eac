"""What somebody does in the conversations, without the page: from one state to the next."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from threading import Event, Thread
from typing import Literal, Optional

from pydantic import Field

from rag.export import file_name, json_of, markdown
from rag.records import Record
from rag.web import handlers
from rag.web.conversations import (
    LONGEST_QUESTION,
    NOTHING,
    Conversation,
    Kept,
    asked_in,
    exported_html,
    new_id,
)
from rag.web.filters import Chosen
from rag.web.handlers import Turns
from rag.web.shelf import Shelf
from rag.web.thread import Turn
from rag.wording.language import say

LOOKING = 0.05
"""Seconds between two looks at whether somebody still waits."""

ADDRESS = r"^(https?://[^\s<>\\]+)?$"
"""What may stand between angle brackets in Markdown, and not end there."""

What = Literal[
    "ask",
    "again",
    "edit",
    "remove",
    "new",
    "open",
    "rename",
    "delete",
    "clear",
    "undo",
    "export",
]


class Deed(Record):
    """One thing that somebody does, as the browser tells it.

    Attributes:
        question: what is asked.
        only: the filters that are chosen while it is asked.
        turn: number of the turn that is asked again, edited or removed.
        instead: the question that it held before it was edited.
        id: of the conversation that is opened, renamed or deleted.
        title: its new title.
        ending: of the file that is exported: which format.
        here: the address of the page as the browser knows it, for the links in that file.
    """

    do: What
    question: str = Field(default="", max_length=2 * LONGEST_QUESTION)
    only: Chosen = Chosen()
    turn: int = 0
    instead: str = Field(default="", max_length=2 * LONGEST_QUESTION)
    id: str = ""
    title: str = Field(default="", max_length=LONGEST_QUESTION)
    ending: Literal["md", "json"] = "md"
    here: str = Field(default="", max_length=LONGEST_QUESTION, pattern=ADDRESS)


@dataclass(frozen=True)
class Session:
    """What one page holds.

    Attributes:
        turns: the conversation that is open.
        current: its id; empty until something of it is kept.
        kept: all conversations of the browser.
        undo: what was just deleted, in words; empty for nothing.
        before: how it was before that.
        exported: a file that the browser is to save, as HTML; empty for none.
        stop: set by whoever does not want to wait for the answers that are under way any more.
    """

    turns: Turns = ()
    current: str = ""
    kept: Kept = NOTHING
    undo: str = ""
    before: Optional["Session"] = None
    exported: str = ""
    stop: Event | None = None


Sessions = Iterator[Session]


def done(shelf: Shelf, deed: Deed, session: Session) -> Sessions:
    """What a session comes to, step by step, when somebody does something."""
    before = session
    session = replace(session, undo="", before=None, exported="")
    if deed.do == "undo":
        yield _undone(session, before)
    elif deed.do == "export":
        yield _export(deed, replace(before, exported=""))
    elif deed.do in _AT_ONCE:
        after = _AT_ONCE[deed.do](deed, session)
        # What changes nothing takes no Undo away: a second click on what is gone already.
        yield replace(before, exported="") if after is session else after
    else:
        yield from _ANSWERING[deed.do](shelf, deed, session)


def until_stopped(steps: Sessions, stop: Event) -> Sessions:
    """The same steps, until somebody no longer wants to wait for the next one.

    A question that is being answered then is answered still, for nobody.

    Raises:
        Exception: what a step raises.
    """
    last: Session | None = None
    while True:
        step = _begun(partial(next, steps, None))
        while not wait([step], timeout=LOOKING).done:
            if stop.is_set() and last is not None:
                yield replace(last, turns=handlers.stopped(last.turns))
                return
        last = step.result()
        if last is None:
            return
        yield last


def _begun(work: Callable[[], Session | None]) -> "Future[Session | None]":
    """Work in a thread of its own, which does not keep the program from ending.

    It speaks the language that is spoken here.
    """
    future: Future[Session | None] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    Thread(target=copy_context().run, args=[run], daemon=True).start()
    return future


def _ask(shelf: Shelf, deed: Deed, session: Session) -> Sessions:
    if not deed.question.strip():
        yield session
        return
    for turns in handlers.ask(shelf, deed.question, deed.only.only, session.turns):
        yield _keeping(replace(session, turns=turns))


def _again(shelf: Shelf, deed: Deed, session: Session) -> Sessions:
    """What is kept of the question stays as it was until it has another answer."""
    anew = deed.turn, deed.only.only, deed.question
    for turns in handlers.ask_again(shelf, *anew, session.turns):
        after = replace(session, turns=turns)
        is_answered = any(each.number == deed.turn and each.answer for each in turns)
        yield _keeping(after) if is_answered else after


def _edit(shelf: Shelf, deed: Deed, session: Session) -> Sessions:
    """Another question asked in the place of one; at the end if that is not there any more."""
    there = (deed.turn, deed.instead) in [(each.number, each.question) for each in session.turns]
    yield from (_again if there and deed.question.strip() else _ask)(shelf, deed, session)


def _open(shelf: Shelf, deed: Deed, session: Session) -> Sessions:
    """The questions of a conversation asked again; none of its answers was kept."""
    conversation = session.kept.get(deed.id)
    if conversation is None:
        yield session
        return
    waiting = tuple(
        Turn(number, asked.question, heard=asked.only, earlier=asked.generation)
        for number, asked in enumerate(conversation.asked, start=1)
    )
    for turns in handlers.answering(shelf, waiting):
        yield replace(session, turns=turns, current=conversation.id)


def _remove(deed: Deed, session: Session) -> Session:
    removed = next((each for each in session.turns if each.number == deed.turn), None)
    if removed is None:
        return session
    turns = tuple(each for each in session.turns if each is not removed)
    undo = say("conversations-one-question", question=removed.question)
    return replace(_keeping(replace(session, turns=turns)), undo=undo, before=session)


def _new(_: Deed, session: Session) -> Session:
    return replace(session, turns=(), current="")


def _rename(deed: Deed, session: Session) -> Session:
    return replace(session, kept=session.kept.renamed(deed.id, deed.title))


def _delete(deed: Deed, session: Session) -> Session:
    conversation = session.kept.get(deed.id)
    if conversation is None:
        return session
    after = replace(session, kept=session.kept.without(deed.id))
    if deed.id == session.current:
        after = replace(after, turns=(), current="")
    undo = say("conversations-one", title=conversation.shown_title)
    return replace(after, undo=undo, before=session)


def _clear(_: Deed, session: Session) -> Session:
    emptied = Session(kept=session.kept.emptied())
    return replace(
        emptied,
        undo=say("conversations-all", number=len(session.kept.conversations)),
        before=session,
    )


def _undone(session: Session, after: Session) -> Session:
    """What was before a deletion, with what other pages have kept since."""
    if after.before is None:
        return session
    before = after.before
    kept = session.kept.restored(before.kept)
    return _keeping(replace(session, turns=before.turns, current=before.current, kept=kept))


def _export(deed: Deed, session: Session) -> Session:
    told = [each.told for each in session.turns if each.told]
    if not told:
        return session
    open_now = session.kept.get(session.current)
    title = open_now.shown_title if open_now else told[0].question
    is_json = deed.ending == "json"
    text = json_of(told, deed.here) if is_json else markdown(title, told, deed.here)
    return replace(session, exported=exported_html(file_name(title, deed.ending), text))


def _keeping(session: Session) -> Session:
    """The session, with its conversation kept as it is now."""
    asked = asked_in(session.turns)
    before = session.kept.get(session.current)
    if not asked:
        kept = session.kept.without(session.current) if before else session.kept
        return replace(session, kept=kept, current="" if not session.turns else session.current)
    title = before.title if before else ""
    now = Conversation(id=session.current or new_id(), title=title, asked=asked)
    if now == before:
        return session
    return replace(session, current=now.id, kept=session.kept.holding(now))


_AT_ONCE: Mapping[str, Callable[[Deed, Session], Session]] = {
    "remove": _remove,
    "new": _new,
    "rename": _rename,
    "delete": _delete,
    "clear": _clear,
}

_ANSWERING: Mapping[str, Callable[[Shelf, Deed, Session], Sessions]] = {
    "ask": _ask,
    "again": _again,
    "edit": _edit,
    "open": _open,
}
