"""The conversations that a browser keeps: what was asked, never what was answered.

They come from the browser, and nobody vouches for that: what is malformed is dropped, and nothing
of it is ever shown as the words of a source. On coming back the questions are asked again.
"""

import json
from collections.abc import Iterable, Sequence
from secrets import token_hex
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator

from rag.errors import ParallaxError
from rag.records import EVERYTHING, Filter, Record
from rag.web.markup import render
from rag.web.thread import Turn

MOST = 50
"""Conversations that are kept; of more, the one that was asked in longest ago goes."""

MOST_QUESTIONS = 100
"""Questions of a conversation that are kept, the newest."""

LONGEST_QUESTION = 2000
LONGEST_TITLE = 200
"""Code points."""

MOST_BYTES = 384 * 1024
"""Of all that is kept, as JSON: it travels with every question, and a request has its limits."""

MOST_BYTES_OF_ONE = MOST_BYTES // 4
"""Of one conversation; of a longer one, the questions asked first go."""

MOST_BYTES_OF_A_FILTER = 16 * 1024
"""A question with a longer filter, of hundreds of sources, is not kept."""


class Asked(Record):
    """A question, of whom it was asked, and the generation that answered it."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    only: Filter = EVERYTHING
    generation: str = Field(default="", max_length=100)

    @field_validator("only")
    @classmethod
    def _is_short(cls, only: Filter) -> Filter:
        if _size(only.model_dump(mode="json")) > MOST_BYTES_OF_A_FILTER:
            raise ValueError("a filter longer than is kept")
        return only


class Conversation(Record):
    """Questions in their order, under the title that a person gave them."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    title: str = Field(default="", max_length=LONGEST_TITLE)
    asked: tuple[Asked, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)

    @property
    def shown_title(self) -> str:
        """What it is called: its title, or its first question."""
        return self.title or self.asked[0].question


class Kept(Record):
    """The conversations of one browser, the one that was asked in last at the end.

    Attributes:
        revision: counts the changes, so that one page notices what another one wrote.
    """

    revision: int = Field(default=0, ge=0, le=2**53)
    conversations: tuple[Conversation, ...] = ()

    def get(self, name: str) -> Conversation | None:
        """The conversation with this id."""
        return next((each for each in self.conversations if each.id == name), None)

    def holding(self, conversation: Conversation) -> Self:
        """The same with a conversation as it is now; the oldest go where there is no room."""
        others = [each for each in self.conversations if each.id != conversation.id]
        return self._of([*others, conversation])

    def without(self, name: str) -> Self:
        """The same without a conversation."""
        return self._of([each for each in self.conversations if each.id != name])

    def renamed(self, name: str, title: str) -> Self:
        """The same with another title for a conversation; an empty one gives it up again."""
        title = " ".join(title.split())[:LONGEST_TITLE]
        return self._of(
            each.model_copy(update={"title": title}) if each.id == name else each
            for each in self.conversations
        )

    def emptied(self) -> Self:
        """The same without any conversation."""
        return self._of([])

    def restored(self, before: "Kept") -> Self:
        """The same with all that there were before, in their order, then what is new since."""
        there = {each.id: each for each in self.conversations}
        known = {each.id: each for each in before.conversations} | there
        return self._of(known.values())

    @property
    def leaving(self) -> Conversation | None:
        """The conversation that goes when another one begins; None while there is room."""
        full = len(self.conversations) >= MOST or _size(self.to_browser()) > MOST_BYTES * 0.8
        return self.conversations[0] if full and self.conversations else None

    def to_browser(self) -> dict[str, Any]:
        """What the browser keeps."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"revision": self.revision}

    def _of(self, conversations: Iterable[Conversation]) -> Self:
        newest = tuple(map(_fitting, conversations))[-MOST:]
        kept = self.model_copy(update={"revision": self.revision + 1, "conversations": newest})
        while _size(kept.to_browser()) > MOST_BYTES:
            kept = kept.model_copy(update={"conversations": kept.conversations[1:]})
        return kept


NOTHING = Kept()
"""What a browser keeps that was never here."""


def _fitting(conversation: Conversation) -> Conversation:
    while _size(conversation.model_dump(mode="json")) > MOST_BYTES_OF_ONE:
        conversation = conversation.model_copy(update={"asked": conversation.asked[1:]})
    return conversation


def _size(told: object) -> int:
    """Bytes of the JSON.

    Raises:
        UnicodeEncodeError: half of a surrogate pair stands in it, which is no text.
    """
    return len(json.dumps(told, ensure_ascii=False).encode())


def kept_of(stored: object) -> Kept:
    """What a browser has kept; of what is malformed, the rest."""
    if not isinstance(stored, dict):
        return Kept()
    told = stored.get("conversations")
    parts = [_conversation_of(each) for each in told] if isinstance(told, list) else []
    ids: dict[str, Conversation] = {each.id: each for each in parts if each}
    try:
        revision = Kept(revision=stored.get("revision", 0)).revision
    except ValidationError:
        revision = 0
    return Kept(revision=revision)._of(ids.values()).model_copy(update={"revision": revision})


def _conversation_of(told: object) -> Conversation | None:
    if not isinstance(told, dict) or not isinstance(told.get("asked"), list):
        return None
    asked = [each for each in map(_asked_of, told["asked"][-MOST_QUESTIONS:]) if each]
    try:
        _size(told | {"asked": []})
        return Conversation.model_validate(told | {"asked": tuple(asked)})
    except (ValidationError, UnicodeError):
        return None


def _asked_of(told: object) -> Asked | None:
    try:
        _size(told)
        return Asked.model_validate(told)
    except (ValidationError, ParallaxError, UnicodeError):
        return None


def asked_in(turns: Sequence[Turn]) -> tuple[Asked, ...]:
    """What is kept of turns: the questions that have an answer, or have had one."""
    told = (
        {
            "question": turn.instead or turn.question,
            "only": turn.heard.model_dump(),
            "generation": turn.generation,
        }
        for turn in turns[-MOST_QUESTIONS:]
        if turn.generation
    )
    return tuple(filter(None, map(_asked_of, told)))


def is_kept(only: Filter) -> bool:
    """Whether a question is kept that is asked with a filter."""
    return _asked_of({"question": "?", "only": only.model_dump()}) is not None


def new_id() -> str:
    """An id that no other conversation has."""
    return token_hex(8)


def conversations_html(kept: Kept, current: str, *, undo: str = "") -> str:
    """The bar above the conversation: its title, the others, and what is kept where.

    Args:
        kept: all conversations of the browser.
        current: id of the conversation that is open; empty for one that nobody has begun.
        undo: what was just deleted, and can be brought back.
    """
    return render("conversations.html", kept=kept, current=current, undo=undo, most=MOST)


def exported_html(name: str, text: str) -> str:
    """A file that the browser is to save."""
    return render("exported.html", name=name, text=text)
