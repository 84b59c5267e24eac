import pytest
from hypothesis import given, settings
from jinja2 import UndefinedError

from rag.web.markup import attribute, render, verbatim
from tests.making import ANY_TEXT, TURNING, Element, parsed, settled


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT)
def test_a_text_put_out_verbatim_reads_back_character_by_character(text: str) -> None:
    page = parsed(f"<p>{verbatim(text)}</p>")
    assert settled(page) == Element("", {}, [Element("p", {}, [text])])
    assert page.texts(".turning") == [character for character in text if character in TURNING]


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT)
def test_an_attributes_value_reads_back_character_by_character(text: str) -> None:
    page = parsed(f"<p title=\"{attribute(text)}\" id='{attribute(text)}'>–</p>")
    assert page == Element("", {}, [Element("p", {"title": text, "id": text}, ["–"])])


def test_what_turns_the_direction_of_writing_stands_alone_under_its_name() -> None:
    assert verbatim("a\u202eb\u2066") == (
        'a<span class="turning" title="right-to-left override"'
        ' data-name="right-to-left override">\u202e</span>'
        'b<span class="turning" title="left-to-right isolate"'
        ' data-name="left-to-right isolate">\u2066</span>'
    )


def test_marks_of_direction_that_turn_nothing_else_are_left_as_they_are() -> None:
    assert verbatim("\u061c\u200e\u200f") == "\u061c\u200e\u200f"


def test_a_template_escapes_also_what_goes_through_no_filter() -> None:
    page = parsed(render("status.html", built="<b>&amp;</b>", changed=""))
    assert page.one("span").inside == ["<b>&amp;</b>"]


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="remedy"):
        render("failure.html", message="The mill is shut.")
