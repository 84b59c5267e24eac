import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag import wording
from rag.answering import Library
from rag.export import Told, file_name, json_of, markdown, quoted, turn_markdown
from rag.links import Link, located
from rag.records import Filter
from tests.answers import ANSWER, DOCUMENTS
from tests.making import ANY_TEXT, WHEN_CLOSED

ELSEWHERE = "Who won the chess olympiad in Buenos Aires?"

UNSPEAKABLE = dict.fromkeys(map(ord, "\x0b\x1c\x1d\x1e\x1f\x85"))
"""Control characters that this parser, against CommonMark, strips as white space, and that no
character reference may name."""

HERE = "https://library.example/parallax/"
"""The address of a page."""

TEXT = {"softbreak": "\n", "hardbreak": "\n"}
"""Tokens without a content that stand for characters."""


MARKUP = st.text("[]()<>*_`~#|-+:=!&;.$^@{}/\\\"' \n\tab12", min_size=1, max_size=40)
"""Texts of little but what Markdown could take for markup."""


def tokens_of(told: str) -> list[Token]:
    """What CommonMark makes of a text, and two extensions that most programs know."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(told)


def inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def plain(tokens: list[Token]) -> str:
    """The characters that are shown; nothing but text may be there."""
    assert {each.type for each in inline(tokens)} <= {"text", "text_special", *TEXT}
    return "".join(TEXT.get(each.type, each.content) for each in inline(tokens))


def shown_text(told: str) -> str:
    """All characters of a text in Markdown, whatever they are set in."""
    return "".join(TEXT.get(each.type, each.content) for each in inline(tokens_of(told)))


def quotes_in(told: str) -> list[str]:
    """The text of each block quote."""
    found: list[list[Token]] = []
    depth = 0
    for token in tokens_of(told):
        depth += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "blockquote_open":
            found.append([])
        if depth:
            found[-1].append(token)
    return [plain(each) for each in found]


@settings(max_examples=400)
@given(ANY_TEXT.map(lambda text: text.translate(UNSPEAKABLE)).filter(bool) | MARKUP)
@example("\n\n a \n\n\n b\t\r\n")
@example("\na")
@example("1. one\n2) two\n- a\n+ b\n* c\n# d\n===\n---\n    code\n> e\n|a|b|\n|-|-|\n|1|2|")
@example("<script>alert(1)</script> <b>b</b> &amp; &#60; <https://evil.example>")
@example("[a](https://evil.example) ![b](x.png)\n\n[a]: /url\n`c` ~~d~~ __e__ *f* \\ \\\\\n``` x")
@example("a  \nb\\\nc\u2028e\xa0 f  g")
def test_a_block_quote_renders_as_the_very_characters(exact: str) -> None:
    told = quoted(exact)
    assert all(line.startswith("> ") for line in told.split("\n"))
    assert quotes_in(told) == [exact]
    kinds = {each.type for each in tokens_of(told)}
    assert kinds == {
        *("blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close")
    }


@settings(max_examples=400)
@given(MARKUP)
@example("closed #")
@example("# closed ##")
def test_a_line_renders_as_its_very_words(text: str) -> None:
    """As a heading, which has an end of its own, and after a dash as what is said of a quote."""
    told = markdown(text, [])
    assert plain(tokens_of(told)) == " ".join(text.split())
    assert {each.type for each in tokens_of(told)} == {"heading_open", "inline", "heading_close"}


@pytest.mark.parametrize(
    "exact",
    [
        "It was closed at 10:30:15 (see [1], p. 4; A. Berg & Sons, R&D): 5 * 3 = 15.",
        "[The mayor] said: “No”, and paid $5 or US$6 for ~7 kg of news_2020_a.html [12:40].",
        "-5 degrees; 1.5 million; #1 of x > y < 3 | Morning News",
        "C# and a = b; who? @ noon; well... 100% – © AT&T",
        "Было закрыто в 10:30; слово_слово, № 5 | Новости",
    ],
)
def test_what_no_reader_of_markdown_takes_for_markup_stands_as_it_is(exact: str) -> None:
    assert quoted(exact) == f"> {exact}"
    assert quotes_in(quoted(exact)) == [exact]


@pytest.mark.parametrize(
    ("exact", "told"),
    [
        ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
        ("[a](b) ![c] [d]: e [f][g]", r"\[a\](b) !\[c] \[d]: e \[f]\[g]"),
        ("<b> &lt; ==h== x^2^ {.c}", r"\<b> \&lt; \=\=h\=\= x\^2\^ \{.c}"),
        ("~~a~~ H~2~O $x$ 5$", r"\~\~a\~\~ H\~2\~O \$x\$ 5\$"),
        ("a@b.org :smile: :100: mailto:a", r"a\@b.org \:smile: \:100: mailto\:a"),
        ("- a", r"\- a"),
        ("1) a", r"1\) a"),
        ("|-|-|", r"\|-|-|"),
        (":-:", r"\:-:"),
        ("[x] done", r"\[x] done"),
        (r"C:\new", r"C:\\new"),
    ],
)
def test_what_some_reader_of_markdown_takes_for_markup_is_escaped(exact: str, told: str) -> None:
    """Also where only extensions do that this parser does not know."""
    assert quoted(exact) == f"> {told}"
    assert quotes_in(quoted(exact)) == [exact]


@given(MARKUP)
@example("<?cite=x>")
@example("\\<?cite=x>")
def test_no_text_looks_like_a_link_of_ours(text: str) -> None:
    """A browser puts its address before the unescaped ones; `thread.js` looks for this."""
    assert re.search(r"(?<!\\)<\?cite=", quoted(text)) is None


def test_a_quote_of_several_lines_shows_no_backslash_where_nothing_renders_it() -> None:
    assert quoted("one,\ntwo\n\nthree") == "> one,  \n> two  \n> \\\n> three"


def test_control_characters_inside_a_line_are_kept() -> None:
    assert quotes_in(quoted("a\x0bb\x1cc\x85d")) == ["a\x0bb\x1cc\x85d"]


@pytest.mark.parametrize("address", ["https://evil.example", "www.evil.example", "a@evil.example"])
def test_an_address_stays_text_where_addresses_become_links(address: str) -> None:
    """GitHub makes links of bare addresses; an escaped character inside prevents it."""
    told = quoted(f"See {address} there")
    assert address not in told
    assert quotes_in(told) == [f"See {address} there"]


def test_a_turn_says_what_the_page_says() -> None:
    told = turn_markdown(Told(ANSWER.question, ANSWER, DOCUMENTS))
    shown = tokens_of(told)
    assert [each.tag for each in shown if each.type == "heading_open"] == ["h2"]
    assert quotes_in(told) == [citation.exact for citation in ANSWER.citations]
    text = shown_text(told)
    for citation in ANSWER.citations:
        document = DOCUMENTS[citation.document]
        for line in (
            f"[{citation.number}] {wording.sources.source_line(document)}",
            wording.sources.label_line(citation.source),
            wording.sources.place_line(citation),
        ):
            assert line in text
    assert wording.answers.coverage_line(ANSWER) in text
    assert wording.answers.asked_as_line(ANSWER, DOCUMENTS) in text
    for heading, comparisons in wording.within.compared(ANSWER).items():
        assert heading in text
        for each in comparisons:
            assert wording.within.comparison_line(each, DOCUMENTS) in text


def test_a_speaker_is_named_before_the_quote() -> None:
    spoken = ANSWER.citations[0]
    speech = wording.within.speech_line(spoken, DOCUMENTS[spoken.document])
    told = turn_markdown(Told(ANSWER.question, ANSWER, DOCUMENTS))
    text = shown_text(told)
    assert speech
    assert text.index(speech) < text.index(spoken.exact)


def test_an_abstention_is_told_with_its_remedy_and_no_quote(harbour: Library) -> None:
    answer = harbour.ask(ELSEWHERE)
    assert answer.abstention
    assert answer.abstention.nearest
    told = turn_markdown(Told(ELSEWHERE, answer, harbour.documents))
    assert quotes_in(told) == []
    text = shown_text(told)
    assert answer.abstention.message in text
    assert answer.abstention.remedy in text


def test_a_conversation_has_its_title_and_its_questions_in_order(harbour: Library) -> None:
    questions = [WHEN_CLOSED, "# <b>Who</b>\nsold *forty* boats?"]
    told = [Told(each, harbour.ask(each), harbour.documents) for each in questions]
    tokens = tokens_of(markdown("About *the* harbour", told))
    headings = [
        (each.tag, plain([tokens[place + 1]]))
        for place, each in enumerate(tokens)
        if each.type == "heading_open"
    ]
    assert headings == [
        ("h1", "About *the* harbour"),
        ("h2", WHEN_CLOSED),
        ("h2", "# <b>Who</b> sold *forty* boats?"),
    ]
    exact = [citation.exact for each in told for citation in each.answer.citations]
    assert quotes_in(markdown("", told)) == exact


def test_json_is_the_public_shape_of_each_answer(harbour: Library) -> None:
    answers = [harbour.ask(WHEN_CLOSED), harbour.ask(ELSEWHERE)]
    told = [Told(each.question, each, harbour.documents) for each in answers]
    shapes = json.loads(json_of(told, HERE))
    links = []
    for shape, answer in zip(shapes, answers, strict=True):
        assert shape.pop("made") is None
        nearest = (shape["abstention"] or {}).get("nearest", [])
        links += [each.pop("link") for each in (*shape["citations"], *nearest)]
        assert shape == answer.to_json()
    assert answers[1].abstention
    quotes = [*answers[0].citations, *answers[1].abstention.nearest]
    assert [places_of(each, harbour) for each in links] == [
        (each.document, each.start, each.end) for each in quotes
    ]
    assert json_of([]) == "[]\n"


def places_of(link: str, library: Library) -> tuple[str | None, int, int]:
    """Where the page would open a link that begins with its address."""
    found = located(Link.read(link.removeprefix(f"{HERE}?cite=")), library.documents)
    assert found.span
    assert found.status == "intact"
    return found.document, found.span.start, found.span.end


def test_each_quote_has_its_permanent_link(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    told = Told(WHEN_CLOSED, answer, harbour.documents)
    tokens = list(inline(tokens_of(turn_markdown(told, HERE))))
    links = [str(each.attrs["href"]) for each in tokens if each.type == "link_open"]
    assert [places_of(each, harbour) for each in links] == [
        (each.document, each.start, each.end) for each in answer.citations
    ]
    without = turn_markdown(told)
    assert without.count("<?cite=") == len(answer.citations)
    assert without.replace("<?cite=", f"<{HERE}?cite=") == turn_markdown(told, HERE)


def test_an_answer_says_when_and_of_which_build_it_is(
    harbour: Library,
) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    made = datetime(2026, 3, 15, 21, 5, tzinfo=UTC)
    told = Told(WHEN_CLOSED, answer, harbour.documents, made)
    build = answer.generation
    last = f"Answered on 15 March 2026, 21:05 UTC, from the build {build} of the index."
    assert shown_text(turn_markdown(told)).endswith(last)
    unknown = shown_text(turn_markdown(told._replace(made=None)))
    assert unknown.endswith(f"Answered from the build {build} of the index.")
    (shape,) = json.loads(json_of([told]))
    assert (shape["made"], shape["generation"]) == ("2026-03-15T21:05:00+00:00", build)


def test_an_answer_says_which_filter_acted(harbour: Library) -> None:
    only = Filter(perspectives=("for-closing",))
    told = Told(WHEN_CLOSED, harbour.ask(WHEN_CLOSED, only=only), harbour.documents)
    assert "Only sources labelled For closing were heard" in shown_text(turn_markdown(told))
    (shape,) = json.loads(json_of([told]))
    assert shape["perspectives"] == ["for-closing"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("When was it closed?", "When-was-it-closed.md"),
        ("Կամուրջ, мост", "Կամուրջ-мост.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("\u202egnp.exe", "gnp-exe.md"),
        ("?", "conversation.md"),
        ("", "conversation.md"),
        ("a" * 100, f"{'a' * 60}.md"),
    ],
)
def test_a_file_is_named_by_the_letters_of_its_title(title: str, name: str) -> None:
    assert file_name(title, "md") == name
