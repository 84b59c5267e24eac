from typing import get_args

import pytest
from fluent.syntax import ast
from fluent.syntax.parser import FluentParser
from fluent.syntax.visitor import Visitor
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.entries import FIELDS
from rag.records import Cause
from rag.wording import language
from rag.wording.language import LANGUAGES, current, fixed, preferred, say, spoken
from rag.wording.plain import Noun


class Names(Visitor):
    """The values and the functions that a message names."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


def messages(of: str) -> dict[str, set[str]]:
    """Each message of a language, with the values that it takes."""
    read: dict[str, set[str]] = {}
    for entry in FluentParser().parse(language._text(of)).body:
        assert not isinstance(entry, ast.Junk), entry.content
        if isinstance(entry, ast.Message):
            assert entry.id.name not in read, f"{entry.id.name} twice"
            names = Names()
            names.visit(entry)
            read[entry.id.name] = names.found
    return read


@pytest.mark.parametrize("other", LANGUAGES[1:])
def test_every_language_has_the_same_messages_with_the_same_values(other: str) -> None:
    assert messages(other) == messages("en")


@pytest.mark.parametrize("each", LANGUAGES)
def test_a_message_without_values_is_fixed(each: str) -> None:
    read = messages(each)
    assert read
    assert fixed(each).keys() == {name for name, values in read.items() if not values}
    with spoken(each):
        assert all(say(name) == text for name, text in fixed(each).items())


@pytest.mark.parametrize("each", LANGUAGES)
def test_there_is_a_message_for_each_noun_field_and_cause(each: str) -> None:
    causes = {f"silence-{cause}" for cause in get_args(Cause)}
    expected = {f"counted-{noun}" for noun in get_args(Noun)} | {f"field-{name}" for name in FIELDS}
    assert expected | causes | {f"{cause}-remedy" for cause in causes} <= messages(each).keys()


def test_a_language_is_spoken_within_its_block_alone() -> None:
    assert (current(), say("ask-button")) == ("en", "Ask")
    with spoken("ru"):
        assert (current(), say("ask-button")) == ("ru", "Спросить")
        with spoken("en"):
            assert say("ask-button") == "Ask"
        assert say("ask-button") == "Спросить"
    assert current() == "en"


def test_a_message_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        say("no-such-message")


TRICKY = "\ue000 \ue001 { $named } {$more} \\1 \\g<0> <b>«»</b> ١٢"


@given(st.text() | st.just(TRICKY) | st.just("w" * 10_000), st.integers(0, 10**9))
@settings(deadline=None)
def test_a_value_stands_in_a_message_as_it_is(text: str, number: int) -> None:
    assert say("and-more", named=text, more=number) == f"{text} and {number} more"
    with spoken("ru"):
        assert say("and-more", more=number, named=text) == f"{text} и ещё {number}"


@pytest.mark.parametrize(
    ("accepted", "spoken_then"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("de-DE, ru;q=0.5, en;q=0.4", "ru"),
        ("en;q=0.2, ru;q=0.7", "ru"),
        ("hy-AM,hy", "en"),
        ("*", "en"),
        ("ru;q=many", "ru"),
        (";q=1,,-,\x00", "en"),
    ],
)
def test_the_first_language_that_is_known_is_spoken(accepted: str, spoken_then: str) -> None:
    assert preferred(accepted) == spoken_then
