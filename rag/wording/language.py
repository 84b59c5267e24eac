"""What the program says, in the language of whoever reads it.

Each language has one file of messages beside this module, in the form of Project Fluent
(https://projectfluent.org/fluent/guide/), which knows how a language counts. English is the
language that others are translated from, and the one that is spoken where nobody chose.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

LANGUAGES = ("en", "ru")
"""ISO 639-1 codes; a file of messages for each."""

_FIRST_PLACE = 0xE000
"""Of the characters for private use, which no message holds; each keeps the place of a text."""

_PLACE = re.compile("[\ue000-\uf8ff]")

_spoken: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speak one of `LANGUAGES` within a `with` block, in this thread or task alone."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def current() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def say(message: str, **values: str | int) -> str:
    """A message with its values put in, in the language that is spoken.

    Numbers choose among forms and stand without separators; texts stand as they are, whatever they
    hold and however long they are, and choose nothing.

    Raises:
        LookupError: there is no such message, or a value of it is missing.
    """
    from fluent.runtime.types import fluent_number

    bundle = _bundle(current())
    pattern = bundle.get_message(message).value
    if pattern is None:
        raise LookupError(message)
    # Fluent refuses values of more than 2,500 characters, so a text is put in afterwards.
    texts = [each for each in values.values() if isinstance(each, str)]
    places = (chr(_FIRST_PLACE + number) for number in range(len(texts)))
    given = {
        name: next(places) if isinstance(each, str) else fluent_number(each, useGrouping=False)
        for name, each in values.items()
    }
    said, errors = bundle.format_pattern(pattern, given)
    if errors:
        raise LookupError(f"{message}: {errors[0]}")
    return _PLACE.sub(lambda place: texts[ord(place[0]) - _FIRST_PLACE], str(said))


def preferred(accepted: str) -> str:
    """The language to speak to a browser that sends this `Accept-Language` (RFC 9110, 12.5.4)."""
    from babel import negotiate_locale

    weighed = [each.strip().partition(";q=") for each in accepted.split(",")]
    ranked = sorted(weighed, key=lambda each: -_weight(each[2]))
    wanted = [tag.strip().split("-")[0] for tag, _, _ in ranked]
    return negotiate_locale(wanted, LANGUAGES) or LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0


def fixed(language: str) -> Mapping[str, str]:
    """The messages that hold no value, by name."""
    from fluent.syntax import ast
    from fluent.syntax.parser import FluentParser

    messages = {}
    for each in FluentParser().parse(_text(language)).body:
        if isinstance(each, ast.Message) and each.value:
            parts = [
                part.value for part in each.value.elements if isinstance(part, ast.TextElement)
            ]
            if len(parts) == len(each.value.elements):
                messages[each.id.name] = "".join(parts)
    return messages


@cache
def _bundle(language: str) -> "FluentBundle":
    from fluent.runtime import FluentBundle, FluentResource

    # The marks that isolate a value are left out: the page isolates with elements, and a terminal
    # shows them.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(_text(language)))
    return bundle


def _text(language: str) -> str:
    return (files(__package__) / f"{language}.ftl").read_text("utf-8")
