import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.blocks import parse, visible_text


def shown(markup: str) -> str:
    return visible_text(parse(markup, "page.html")).text


def lines(markup: str) -> list[str]:
    return [line for line in shown(markup).split("\n") if line]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>The  harbour\n board</p><p>met.</p>", "The harbour board\n\nmet."),
        ("<p>One<br>two<br><br>three</p>", "One\ntwo\n\nthree"),
        ("a <b>bold</b> wor<i>d</i>", "a bold word"),
        ("<ul><li>Rye<li>Oats</ul>", "Rye\n\nOats"),
        ("<pre>first\n  second\r\nthird</pre>", "first\nsecond\nthird"),
        ("<table><tr><td>Rye<td>12 s.</table>", "Rye\t12 s."),
        ("<table><tr><th>Rye<td>12 <em>s</em>.<td></table>", "Rye\t12 s."),
        ("<table><tr><td>Rye<td><p>12</p><p>s.</p></table>", "Rye\n\n12\n\ns."),
        ("<table><tr><td>only</table>", "only"),
        ("<a href=a>Home</a><a href=b>News</a>", "Home News"),
        ("<a href=a>Home</a>, <a href=b>News</a>", "Home, News"),
        ("Rye<img src=x>oats", "Rye oats"),
        ("Tea<!-- no -->pot", "Teapot"),
        ("a&nbsp;&amp;&#8212;b", "a &—b"),
        ("<div>in <div>side</div> out</div>", "in\n\nside\n\nout"),
        ("<textarea>one\ntwo</textarea>", "one\ntwo"),
        ("lone text", "lone text"),
    ],
)
def test_the_text_is_what_a_browser_shows_a_block_a_line(markup: str, text: str) -> None:
    assert shown(markup) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a = '<p>not this</p>';</script>",
        "<style>p { color: red }</style>",
        "<template><p>not this</p></template>",
        "<noscript><p>not this</p></noscript>",
        "<iframe>not this</iframe>",
        "<svg><title>not this</title></svg>",
        "<object>not this</object>",
        "<?not this?>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out_and_what_follows_is_not(hidden: str) -> None:
    assert shown(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"
    assert shown(f"<p>be{hidden}fore</p>") == "before"


def test_the_head_is_no_part_of_the_text() -> None:
    page = "<html><head><title>Title</title><meta name=a content=b></head><body>Body</body></html>"
    assert shown(page) == "Body"


def test_an_element_that_is_not_closed_inside_noscript_hides_nothing_behind_it() -> None:
    page = "<div>one</div><noscript><div></noscript><p>two</p><NOSCRIPT><table></NOSCRIPT ><p>three"
    assert lines(page) == ["one", "two", "three"]


def test_a_noscript_that_never_ends_loses_no_text_before_it() -> None:
    assert lines("<p>one</p>" + "<noscript>" * 5 + "two")[0] == "one"


def test_a_heading_is_the_line_in_h1_to_h6() -> None:
    page = visible_text(parse("<h1>The <i>dam</i></h1><p>Text</p><h3>A<br>B</h3><h7>C</h7>", "x"))
    assert [page.text[h.start : h.end] for h in page.headings] == ["The dam", "A", "B"]


def test_a_line_knows_its_element_and_how_much_of_it_is_linked() -> None:
    page = visible_text(parse("<p>Read <a href=x>this</a></p><li><a>no</a></li><a href=y>all", "x"))
    told = [(page.text[b.start : b.end], b.element.tag, b.linked) for b in page.blocks]
    assert told == [("Read this", "p", pytest.approx(4 / 9)), ("no", "a", 0.0), ("all", "a", 1.0)]


def test_what_is_nested_too_deep_is_refused_and_not_cut_off() -> None:
    with pytest.raises(SeedUnreadable, match="nested too deep"):
        parse("<div>" * 5000 + "text", "deep.html")


@pytest.mark.parametrize("markup", ["", " \n", "\x00", "<!-- a -->"])
def test_what_holds_no_element_and_no_text_is_refused(markup: str) -> None:
    with pytest.raises(SeedUnreadable, match=r"empty\.html: no page can be made of it"):
        parse(markup, "empty.html")


@pytest.mark.parametrize("markup", ["<p></p>", "<p>&nbsp;</p>", "<script>a()</script>", "<br>"])
def test_a_page_of_nothing_has_no_text(markup: str) -> None:
    page = visible_text(parse(markup, "empty.html"))
    assert (page.text, page.blocks) == ("", ())


def test_no_entity_of_a_doctype_is_resolved() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a &x; b</p>'
    assert "&x;" in shown(page)


class _Texts(HTMLParser):
    """The text nodes that Python's own parser finds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


TAGS = st.sampled_from(["p", "div", "b", "a", "td", "li", "h2", "span", "pre", "em", "center"])
TEXT = st.text(alphabet="ab é\n\t.,—😀", max_size=8)
MARKUP = st.recursive(
    TEXT,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=200)
@given(markup=MARKUP)
def test_no_character_of_the_page_is_lost_or_added(markup: str) -> None:
    parser = _Texts()
    parser.feed(f"<div>x{markup}</div>")
    parser.close()
    expected = re.sub(r"\s", "", "".join(parser.found))
    assert re.sub(r"\s", "", shown(f"<div>x{markup}</div>")) == expected


@settings(deadline=None, max_examples=200)
@given(markup=MARKUP)
def test_the_blocks_are_the_lines_of_the_text(markup: str) -> None:
    page = visible_text(parse(f"<div>x{markup}</div>", "x"))
    assert [page.text[b.start : b.end] for b in page.blocks] == [
        line for line in page.text.split("\n") if line
    ]
    assert all(b.element.getroottree() is not None and 0 <= b.linked <= 1 for b in page.blocks)
