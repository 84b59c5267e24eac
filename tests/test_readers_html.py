import codecs
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers import MODULES
from rag.readers.html import decode, read
from rag.records import Furniture, Metadata

BOARD = "The harbour board met on Monday to decide on the new cranes. It voted for two of them."
QUAY = "The cranes will stand on the eastern quay, where the old warehouse was pulled down."
COST = "Their cost is to be borne by the users of the harbour over the next twelve years."
LOCKS = "The engineer, who had built the locks, said that she would not sign the plan in May."

HEAD = (
    '<html lang="en-GB"><head><title>New cranes - The Valley Post</title>'
    '<meta property="og:title" content="The new cranes of the harbour">'
    '<meta property="og:site_name" content="The Valley Post">'
    '<meta name="author" content="Ana Ruiz">'
    '<meta property="article:published_time" content="2021-05-04T09:00:00Z">'
    '<link rel="canonical" href="https://valley.example/cranes"></head>'
)
ARTICLE = f"<h1>The new cranes</h1><p>{BOARD}</p><p>{QUAY}</p><p>{COST}</p><p>{LOCKS}</p>"
SENTENCES = [BOARD, QUAY, COST, LOCKS]


def page(body: str, head: str = HEAD) -> bytes:
    return f"{head}<body>{body}</body></html>".encode()


def marked(body: str) -> dict[str, str]:
    """What is left out of a page, and why."""
    reading = read(page(body), "a.html")
    return {reading.text[f.start : f.end]: f.reason for f in reading.furniture}


def test_pages_have_this_reader() -> None:
    assert MODULES[".html"] == MODULES[".htm"] == MODULES[".xhtml"] == "html"


def test_a_page_with_nothing_around_it_is_read_whole() -> None:
    reading = read(page(ARTICLE), "a.html")
    assert reading.text == "\n\n".join(["The new cranes", *SENTENCES])
    assert [reading.text[h.start : h.end] for h in reading.headings] == ["The new cranes"]
    assert reading.furniture == ()
    assert reading.notices == ()
    assert reading.encoding == "utf_8"


def test_what_the_page_says_of_itself() -> None:
    assert read(page(ARTICLE), "a.html").metadata == Metadata(
        title="The new cranes of the harbour",
        author="Ana Ruiz",
        publisher="The Valley Post",
        published="2021-05-04",
        url="https://valley.example/cranes",
        language="en-GB",
    )


def test_nothing_is_made_up_for_a_page_that_says_nothing_of_itself() -> None:
    bare = "".join(f"<p>{each}</p>" for each in SENTENCES)
    assert read(page(bare, head="<html>"), "a.html").metadata == Metadata()


def said(head: str, body: str = ARTICLE) -> Metadata:
    return read(page(body, f"<html><head>{head}</head>"), "a.html").metadata


@pytest.mark.parametrize("name", ["iNews", "taz", "eBay magazine", "The Valley Post", "www.taz"])
def test_a_publisher_is_told_as_the_page_writes_it(name: str) -> None:
    in_meta = f'<meta property="og:site_name" content=" {name}">'
    in_json = f"""<script type="application/ld+json">{{"@context": "https://schema.org",
        "@type": "NewsArticle", "publisher": {{"@type": "Organization", "name": "{name}"}}}}
        </script>"""
    assert said(in_meta, f"<p>{name.upper()}</p>{ARTICLE}").publisher == name
    assert said(in_json).publisher == name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("dR. ivan van der Berg", "dR. ivan van der Berg"),
        ("bell hooks", "bell hooks"),
        ("J. R. Ruiz", "J. R. Ruiz"),
        ("Ana Ruiz", "Ana Ruiz"),
        ("admin", None),
        ("Microsoft Office User", None),
    ],
)
def test_an_author_is_told_as_the_page_writes_it(written: str, told: str | None) -> None:
    assert said(f'<meta name="author" content="{written}">').author == told
    assert said("", f'<p class="author">{written}</p>{ARTICLE}').author == told


def test_each_of_several_authors_is_told_as_the_page_writes_them() -> None:
    names = ["bell hooks", "Ana Ruiz", "Microsoft Office User"]
    heads = "".join(f'<meta name="author" content="{name}">' for name in names)
    assert said(heads).author == "bell hooks; Ana Ruiz"


def test_an_author_that_stands_alone_nowhere_is_told_as_it_was_found() -> None:
    body = f'<p class="author">By ana ruiz</p>{ARTICLE}'
    assert said("", body).author == "Ana Ruiz"


@pytest.mark.parametrize("title", ["untitled", "Untitled Document", "report.docx", "index.html"])
def test_a_title_that_says_nothing_is_none(title: str) -> None:
    assert said(f'<meta property="og:title" content="{title}">').title is None


def test_a_title_is_told_with_the_white_space_of_the_page() -> None:
    body = f"<h2>Of <i>s</i>hips\n and quays</h2><p>{BOARD}</p>"
    assert said("<title>of ships and quays</title>", body).title == "of ships and quays"
    assert said("", body).title == "Of ships and quays"


def test_without_a_publisher_the_host_is_told() -> None:
    assert said('<link rel="canonical" href="https://valley.example/a">').publisher == (
        "valley.example"
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_an_address_that_is_not_of_the_web_is_no_address(address: str) -> None:
    head = f'<html><head><link rel="canonical" href="{address}"></head>'
    assert read(page(ARTICLE, head), "a.html").metadata.url is None


@pytest.mark.parametrize(
    ("language", "told"),
    [("fr", "fr"), ("pt_BR", "pt-BR"), ("", None), ("<b>", None), ("english language", None)],
)
def test_only_a_language_tag_is_a_language(language: str, told: str | None) -> None:
    head = f'<html lang="{language}">'
    assert read(page(ARTICLE, head), "a.html").metadata.language == told


MENU = (
    "<ul>"
    + "".join(
        f'<li><a href="/{n}">{name}</a></li>'
        for n, name in enumerate(["Home", "News", "Sport", "Weather", "Contact us", "Search"])
    )
    + "</ul>"
)


def test_a_menu_of_links_is_left_out_and_the_document_is_not() -> None:
    found = marked(f"<div class=top>{MENU}</div><div>{ARTICLE}</div>")
    assert set(found) == {"Home", "News", "Sport", "Weather", "Contact us", "Search"}


@pytest.mark.parametrize(
    ("opening", "closing", "reason"),
    [
        ("<nav>", "</nav>", "navigation"),
        ('<div role="navigation">', "</div>", "navigation"),
        ("<footer>", "</footer>", "foot of the page"),
        ("<aside>", "</aside>", "beside the document"),
        ('<div style="color: red; display:none">', "</div>", "not shown by a browser"),
        ("<div hidden>", "</div>", "not shown by a browser"),
    ],
)
def test_what_stands_in_an_element_for_something_else_is_left_out(
    opening: str, closing: str, reason: str
) -> None:
    other = "A bakery in the hills has won the prize for its rye bread for the third time."
    assert marked(f"{ARTICLE}{opening}<p>{other}</p>{closing}") == {other: reason}


@pytest.mark.parametrize("element", ["aside", "footer", "div hidden", 'div role="navigation"'])
def test_a_document_that_stands_in_such_an_element_does_not_vanish(element: str) -> None:
    found = marked(f"<{element}>{ARTICLE}</{element.split()[0]}>")
    assert not set(SENTENCES) & set(found)


def test_the_foot_of_an_article_is_its_own() -> None:
    assert (
        marked(f"<article>{ARTICLE}<footer><p>{LOCKS[:40]}, he said.</p></footer></article>") == {}
    )


def test_a_wrapper_that_is_no_html_changes_nothing() -> None:
    data = b'<text id="http://a.example/" title="T" encoding="utf-8">' + page(ARTICLE) + b"</text>"
    assert read(data, "a.html").text == read(page(ARTICLE), "a.html").text


def test_a_page_in_a_language_that_is_not_known_well_is_left_alone() -> None:
    lines = ["ზღვისპირა ქალაქი", "ნავსადგური და ამწეები", "გემი", "ხიდი", "წყალი"]
    assert marked("".join(f"<p>{line}</p>" for line in lines)) == {}


WORDS = "Der Müller von Köln sagte: „Die Brücke über den Fluß ist schön.“"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (codecs.BOM_UTF8 + WORDS.encode(), "utf_8_sig"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf_16"),
        (b'<meta charset="utf-8">' + WORDS.encode(), "utf-8"),
        (b"<meta charset=iso-8859-1>" + WORDS.encode("cp1252"), "cp1252"),
        (b'<META content="text/html; charset=windows-1252">' + WORDS.encode("cp1252"), "cp1252"),
        (b'<?xml version="1.0" encoding="windows-1250"?>' + WORDS.encode("cp1250"), "cp1250"),
        (b'<meta charset="utf-16">' + WORDS.encode(), "utf-8"),
        (b'<meta charset="no-such">' + WORDS.encode(), "utf_8"),
        (WORDS.encode(), "utf_8"),
    ],
)
def test_the_encoding_is_the_one_that_a_browser_takes(data: bytes, encoding: str) -> None:
    text, found, notices = decode(data, "a.html")
    assert (text[-len(WORDS) :], found, notices) == (WORDS, encoding, ())


def test_an_encoding_named_outside_goes_before_the_one_of_the_page() -> None:
    data = b'<meta charset="utf-8">' + WORDS.encode("cp1250")
    assert decode(data, "a.html", declared="windows-1250")[0].endswith(WORDS)


def test_an_encoding_that_is_a_guess_is_told() -> None:
    text, encoding, (notice,) = decode(("<p>" + WORDS * 3).encode("cp1252"), "a.html")
    assert (text, encoding) == ("<p>" + WORDS * 3, "cp1252")
    assert str(notice).startswith("a.html: not UTF-8: read as cp1252, the likeliest encoding")


def test_a_wrong_declaration_is_not_believed() -> None:
    data = b'<meta charset="utf-8">' + (WORDS * 3).encode("cp1252")
    text, encoding, notices = decode(data, "a.html")
    assert text.endswith(WORDS * 3)
    assert encoding == "cp1252"
    assert len(notices) == 1


def test_a_stray_byte_is_shown_as_such_and_told() -> None:
    data = b'<meta charset="utf-8">' + (WORDS * 5).encode() + b"\xff"
    text, encoding, (notice,) = decode(data, "a.html")
    assert (text[-1], encoding) == ("�", "utf-8")
    assert notice.message == "1 characters are not utf-8, as which it was read: shown as �"


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, bytes(range(256)) * 4]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable):
        read(data, "a.html")


def test_a_page_that_only_a_script_would_fill_is_refused() -> None:
    with pytest.raises(SeedUnreadable, match=r"a\.html: a page without text"):
        read(page("<div id=root></div><script>draw('a page of text')</script>"), "a.html")


PARTS = st.lists(
    st.sampled_from([MENU, ARTICLE, "<p>12 views</p>", "<hr>", f"<p>{QUAY}</p>", "<div>", "</td>"])
    | st.text(max_size=9),
    min_size=1,
    max_size=9,
)


@settings(deadline=None, max_examples=100)
@given(parts=PARTS)
def test_furniture_and_headings_are_spans_of_the_text_in_order(parts: list[str]) -> None:
    reading = read(page(f"<p>{BOARD}</p>" + "".join(parts)), "a.html")
    for spans in (reading.furniture, reading.headings):
        before = 0
        for span in spans:
            assert before <= span.start < span.end <= len(reading.text)
            assert not re.search(r"^\s|\s$", reading.text[span.start : span.end])
            before = span.end
    assert all(isinstance(each, Furniture) and each.reason for each in reading.furniture)
