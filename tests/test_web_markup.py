import pytest
from hypothesis import given, settings
from jinja2 import UndefinedError

from rag.characters import doubtful_words, unseen_in
from rag.web.markup import attribute, render, titled, verbatim
from tests.making import ANY_TEXT, Element, parsed, settled


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT)
def test_a_text_put_out_verbatim_reads_back_character_by_character(text: str) -> None:
    page = parsed(f"<p>{verbatim(text)}</p>")
    assert settled(page) == Element("", {}, [Element("p", {}, [text])])
    assert page.texts(".turning") == [match[0] for match in unseen_in(text)]


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


def test_what_unicode_gives_no_name_stands_under_its_number() -> None:
    assert verbatim("a\u2065\U000e0041") == (
        'a<span class="turning" title="U+2065" data-name="U+2065">\u2065</span>'
        '<span class="turning" title="tag latin capital letter a"'
        ' data-name="tag latin capital letter a">\U000e0041</span>'
    )


def test_pictures_and_divided_words_are_left_as_they_are() -> None:
    assert verbatim("☺\ufe0f hy\u00adphen") == "☺\ufe0f hy\u00adphen"


def test_marks_of_direction_beside_writing_that_needs_them_are_left_as_they_are() -> None:
    assert verbatim("سمك\u200f!") == "سمك\u200f!"


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT)
def test_a_title_reads_back_character_by_character(text: str) -> None:
    page = parsed(f"<p>{titled(text)}</p>")
    assert settled(page) == Element("", {}, [Element("p", {}, [text])])
    assert [settled(each).text for each in page.every(".doubtful")] == [
        match[0] for match in doubtful_words(text)
    ]


def test_a_word_that_mixes_alphabets_is_told_in_a_title() -> None:
    why = "letters of alphabets that look alike"
    assert titled("The h\u0430rbour <b>") == (
        f'The <span class="doubtful" title="{why}" data-why="{why}">h\u0430rbour</span> &lt;b&gt;'
    )


def test_a_template_escapes_also_what_goes_through_no_filter() -> None:
    page = parsed(render("status.html", generation="g", built="<b>&amp;</b>", changed="", stage=""))
    assert page.one("span").inside == ["<b>&amp;</b>"]


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="remedy"):
        render("failure.html", message="The mill is shut.")
